/* What the site adds where scripts run; every page is complete without it.
   theme · contents · language · claims · tables · points · search. No framework, no request elsewhere. */
(() => {
  "use strict";
  const root = document.documentElement;
  const words = JSON.parse(document.body.dataset.words || "{}");
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const make = (tag, given = {}, ...children) => {
    const node = Object.assign(document.createElement(tag), given);
    node.append(...children);
    return node;
  };
  const remember = (key, value) => {
    try { localStorage.setItem(key, value); } catch { /* a reader may forbid it */ }
  };

  /* theme: a remembered choice over what the system says ------------------------------------ */
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const themeSwitch = document.querySelector("[data-theme-switch]");
  if (themeSwitch) {
    const label = () => {
      const text = isDark() ? words.light : words.dark;
      themeSwitch.setAttribute("aria-label", text);
      themeSwitch.title = text;
    };
    themeSwitch.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      remember("anew-theme", root.dataset.theme);
      label();
    });
    system.addEventListener("change", label);
    label();
  }

  /* contents: mark the section being read ---------------------------------------------------- */
  let current = "";
  const contents = document.querySelector(".contents details");
  if (contents) {
    const narrow = matchMedia("(max-width: 64rem)");
    const settle = () => { contents.open = !narrow.matches; };
    settle();
    contents.classList.add("settled");
    narrow.addEventListener("change", settle);
    const links = new Map(
      all("a[href^='#']", contents).map((a) => [decodeURIComponent(a.hash.slice(1)), a]),
    );
    const headings = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
    const above = new Set();
    const mark = () => {
      // the last heading that has passed the upper quarter of the window
      const passed = headings.filter((heading) => above.has(heading));
      const last = passed[passed.length - 1];
      const id = last ? last.id : "";
      if (id === current) return;
      current = id;
      for (const [key, a] of links) {
        if (key === id) a.setAttribute("aria-current", "true");
        else a.removeAttribute("aria-current");
      }
      const active = links.get(id);
      const list = contents.querySelector("ol");
      if (active && !narrow.matches && list.scrollHeight > list.clientHeight) {
        list.scrollTop = active.offsetTop - list.offsetTop - list.clientHeight / 2;
      }
    };
    const observer = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        if (entry.isIntersecting) above.add(entry.target);
        else above.delete(entry.target);
      }
      mark();
    }, { rootMargin: "1000000px 0px -70% 0px" });
    headings.forEach((heading) => observer.observe(heading));
    contents.addEventListener("click", (event) => {
      if (narrow.matches && event.target.closest("a")) contents.open = false;
    });
  }

  /* language: the other language opens at the section being read ----------------------------- */
  for (const a of all("a[data-language]")) {
    const plain = a.getAttribute("href");
    a.addEventListener("click", () => {
      remember("anew-language", a.dataset.language);
      const place = current || decodeURIComponent(location.hash.slice(1));
      if (!a.dataset.fixed) a.setAttribute("href", place ? `${plain}#${place}` : plain);
    });
  }

  /* claims: the evidence beside its sentence -------------------------------------------------- */
  let pop = null;
  const shut = (back) => {
    if (!pop) return;
    const { opener } = pop;
    pop.remove();
    pop = null;
    opener.setAttribute("aria-expanded", "false");
    if (back) opener.focus({ preventScroll: true });
  };
  addEventListener("beforeprint", () => all("details.evidences").forEach((part) => { part.open = true; }));
  for (const markLink of all("a.claim-mark")) {
    const evidence = document.getElementById(decodeURIComponent(markLink.hash.slice(1)));
    if (!evidence) continue;
    markLink.setAttribute("role", "button");
    markLink.setAttribute("aria-expanded", "false");
    const toggle = (event) => {
      event.preventDefault();
      const again = pop && pop.opener === markLink;
      shut(false);
      if (again) return;
      const copy = evidence.cloneNode(true);
      copy.removeAttribute("id");
      all("[id]", copy).forEach((node) => node.removeAttribute("id"));
      const box = make("div", { className: "evidence" }, ...copy.childNodes);
      const close = make("button", { type: "button", className: "shut", textContent: "×" });
      close.setAttribute("aria-label", words.close);
      close.addEventListener("click", () => shut(true));
      pop = make("div", { className: "pop", tabIndex: -1 }, close, box);
      pop.opener = markLink;
      pop.setAttribute("role", "dialog");
      pop.setAttribute("aria-label", markLink.getAttribute("aria-label"));
      document.body.append(pop);
      const place = markLink.getBoundingClientRect();
      const width = pop.offsetWidth;
      const left = Math.min(Math.max(place.left - 24, 16), root.clientWidth - width - 16);
      pop.style.left = `${left + scrollX}px`;
      pop.style.top = `${place.bottom + scrollY + 8}px`;
      markLink.setAttribute("aria-expanded", "true");
      pop.focus({ preventScroll: true });
    };
    markLink.addEventListener("click", toggle);
    markLink.addEventListener("keydown", (event) => { if (event.key === " ") toggle(event); });
  }
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") shut(true); });
  document.addEventListener("pointerdown", (event) => {
    if (pop && !pop.contains(event.target) && !event.target.closest("a.claim-mark")) shut(false);
  });

  /* tables: long ones are sorted by a heading and filtered by words ------------------------- */
  const LONG = 12;
  for (const table of all(".behind table")) {
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const heads = table.tHead ? [...table.tHead.rows[0].cells] : [];
    if (rows.length < LONG) continue;
    const key = (row, column) => {
      const text = row.cells[column].textContent.trim();
      const number = Number(text.replaceAll(",", "").replace("−", "-"));
      if (text !== "" && !Number.isNaN(number)) return number;
      return heads[column].classList.contains("number") ? "" : text; // a gap says that it is one
    };
    const missing = (value) => value === "";
    const compare = (one, other, way) => {
      if (missing(one) || missing(other)) return missing(one) - missing(other); // last, either way
      const numbers = typeof one === "number" && typeof other === "number";
      return way * (numbers ? one - other : String(one).localeCompare(String(other), root.lang));
    };
    heads.forEach((head, column) => {
      const button = make("button", { type: "button", className: "sort" }, ...head.childNodes);
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const way = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
        heads.forEach((one) => one.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", way > 0 ? "ascending" : "descending");
        const sorted = rows.map((row) => [key(row, column), row]).sort(([a], [b]) => compare(a, b, way));
        body.append(...sorted.map(([, row]) => row));
      });
    });
    const field = make("input", { type: "search", autocomplete: "off" });
    const status = make("span", { className: "count" });
    status.setAttribute("role", "status");
    field.addEventListener("input", () => {
      const asked = field.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !asked.every((word) => text.includes(word));
        shown += !row.hidden;
      }
      status.textContent = asked.length ? words.rows.replace("{count}", shown).replace("{of}", rows.length) : "";
    });
    (table.closest(".scroll") || table).before(
      make("p", { className: "filter" }, make("label", {}, `${words.filter} `, field), " ", status));
  }

  /* embed: the code for another page has the whole address ----------------------------------- */
  for (const code of all("[data-embed]")) {
    const root = new URL(code.dataset.embed, document.baseURI);
    code.textContent = code.textContent.replace(/src="([^"]*)"/, (_, path) => `src="${new URL(path, root)}"`);
  }

  /* points: read a value off a figure -------------------------------------------------------- */
  let lists = 0;
  for (const picture of all(".picture[data-points]")) {
    const given = JSON.parse(picture.dataset.points);
    if (!given.length) continue;
    // a point has its place in the wide picture and, where the page has one, in the narrow one
    const source = picture.querySelector("source");
    const slim = source && matchMedia(source.media);
    const placed = () => given.map(([x, y, text, nx, ny]) => (slim && slim.matches ? [nx, ny, text] : [x, y, text]));
    let points = placed();
    const number = ++lists;
    const ring = make("span", { className: "ring", hidden: true });
    const reading = make("div", { className: "reading", hidden: true });
    reading.setAttribute("aria-hidden", "true");
    const area = make("div", { className: "marks", tabIndex: 0, title: "" });
    area.setAttribute("role", "listbox");
    area.setAttribute("aria-label", picture.dataset.label);
    const options = points.map(([x, y, text], index) => {
      const option = make("div", { id: `point-${number}-${index}`, textContent: text });
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.style.left = `${x * 100}%`;
      option.style.top = `${y * 100}%`;
      area.append(option);
      return option;
    });
    area.append(ring, reading);
    picture.append(area);
    let chosen = -1;
    const choose = (index) => {
      if (index === chosen) return;
      if (chosen >= 0) options[chosen].setAttribute("aria-selected", "false");
      chosen = index;
      const shown = index >= 0;
      ring.hidden = reading.hidden = !shown;
      if (!shown) { area.removeAttribute("aria-activedescendant"); return; }
      const [x, y, text] = points[index];
      options[index].setAttribute("aria-selected", "true");
      area.setAttribute("aria-activedescendant", options[index].id);
      ring.style.left = `${x * 100}%`;
      ring.style.top = `${y * 100}%`;
      reading.textContent = text;
      const { clientWidth: width, clientHeight: height } = area;
      const left = Math.min(Math.max(x * width - reading.offsetWidth / 2, 2), width - reading.offsetWidth - 2);
      const above = y * height - reading.offsetHeight - 14;
      reading.style.left = `${left}px`;
      reading.style.top = `${above < 2 ? y * height + 14 : above}px`;
    };
    if (slim) {
      slim.addEventListener("change", () => {
        choose(-1);
        points = placed();
        points.forEach(([x, y], index) => {
          options[index].style.left = `${x * 100}%`;
          options[index].style.top = `${y * 100}%`;
        });
      });
    }
    const nearest = (event, reach) => {
      const box = area.getBoundingClientRect();
      let best = -1;
      let least = reach * reach;
      points.forEach(([x, y], index) => {
        const distance = (x * box.width - (event.clientX - box.left)) ** 2
          + (y * box.height - (event.clientY - box.top)) ** 2;
        if (distance < least) { least = distance; best = index; }
      });
      return best;
    };
    area.addEventListener("pointermove", (event) => {
      if (event.pointerType === "mouse") choose(nearest(event, 28));
    });
    area.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse" && document.activeElement !== area) choose(-1);
    });
    area.addEventListener("click", (event) => choose(nearest(event, 40)));
    area.addEventListener("blur", () => choose(-1));
    area.addEventListener("focus", () => {
      if (chosen < 0 && area.matches(":focus-visible")) choose(0);
    });
    area.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (step) choose((chosen + step + points.length) % points.length);
      else if (event.key === "Home") choose(0);
      else if (event.key === "End") choose(points.length - 1);
      else if (event.key === "Escape") choose(-1);
      else return;
      event.preventDefault();
    });
  }

  /* details in the header close when the reader goes elsewhere -------------------------------- */
  document.addEventListener("click", (event) => {
    for (const details of all(".pick[open]")) if (!details.contains(event.target)) details.open = false;
  });

  /* search ------------------------------------------------------------------------------------ */
  const dialog = document.querySelector("dialog.search");
  if (!dialog) return;
  const field = dialog.querySelector("input");
  const status = dialog.querySelector(".status");
  const results = dialog.querySelector(".results");
  const base = new URL(document.body.dataset.root || ".", document.baseURI);
  if (!base.pathname.endsWith("/")) base.pathname += "/";
  // The index holds one word per Han character (see anew.site.search): a row of them is looked for
  // as an exact phrase, and joined again for the eye.
  const HAN = "[\\u3000-\\u303f\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\uff00-\\uffef“”‘’…—]";
  const isHan = new RegExp(`^${HAN}+$`);
  const join = (text) => text
    .replace(new RegExp(`(?<=${HAN})\\s+(?=${HAN})`, "g"), "")
    .replace(/(?<=[（《“，。、：；！？—])\s+|\s+(?=[）》”，。、：；！？—])/g, "");
  const terms = (query) => {
    const runs = query.match(/[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+|[^\s\u3000-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uff0f“”‘’"]+/g) || [];
    const han = runs.filter((run) => isHan.test(run));
    const other = runs.filter((run) => !han.includes(run)).join(" ");
    return [...han.map((run) => `"${[...run].join(" ")}"`), ...(other ? [other] : [])];
  };
  let engine = null;
  const load = () => {
    engine ||= import(new URL("pagefind/pagefind.js", base).href).then(async (pagefind) => {
      await pagefind.options({ baseUrl: base.pathname });
      await pagefind.init();
      return pagefind;
    });
    return engine;
  };
  const find = async (query) => {
    const pagefind = await load();
    const searches = await Promise.all(terms(query).map((term) => pagefind.search(term)));
    if (!searches.length) return [];
    const [first, ...rest] = searches.map((search) => search.results);
    const inAll = first.filter((hit) => rest.every((hits) => hits.some((h) => h.id === hit.id)));
    return Promise.all(inAll.slice(0, 10).map(async (hit) => {
      const same = [hit, ...rest.map((hits) => hits.find((h) => h.id === hit.id))];
      const pages = await Promise.all(same.map((h) => h.data()));
      return { page: pages[0], parts: sections(pages[0], terms(query), pages) };
    }));
  };
  // Where in a page the terms stand, by section: Pagefind names one place of a phrase, not each.
  const sections = (page, wanted, pages) => {
    const text = page.raw_content.split(/\s+/);
    const hits = wanted.map((term, index) => {
      if (!term.startsWith('"')) return new Set(pages[index].locations);
      const phrase = term.slice(1, -1).split(" ");
      const found = new Set();
      text.forEach((_, at) => {
        if (phrase.every((one, k) => text[at + k] === one)) phrase.forEach((__, k) => found.add(at + k));
      });
      return found;
    });
    const starts = [{ location: 0, text: page.meta.title, url: page.url }];
    for (const anchor of page.anchors) {
      if (/^h[1-6]$/.test(anchor.element)) starts.push({ ...anchor, url: `${page.url}#${anchor.id}` });
    }
    const parts = starts.map((start, index) => {
      const end = index + 1 < starts.length ? starts[index + 1].location : text.length;
      const inside = hits.map((set) => [...set].filter((at) => at >= start.location && at < end));
      return { ...start, end, inside, terms: inside.filter((found) => found.length).length };
    }).filter((part) => part.terms);
    const most = Math.max(...parts.map((part) => part.terms));
    return parts.filter((part) => part.terms === most).map((part) => {
      const marked = new Set(part.inside.flat());
      const first = Math.min(...marked);
      const heading = part.element ? part.text.split(/\s+/).length : 0;
      const begin = Math.min(part.location + heading, part.end - 1);
      const from = Math.max(begin, first - 18);
      const to = Math.min(part.end, Math.max(first, begin) + 42);
      const pieces = [];
      for (let at = from; at < to; at += 1) {
        const last = pieces[pieces.length - 1];
        if (last && last.on === marked.has(at)) last.words.push(text[at]);
        else pieces.push({ on: marked.has(at), words: [text[at]] });
      }
      const excerpt = pieces.flatMap(({ on, words: some }, index) => {
        const piece = join(some.join(" "));
        const before = index ? pieces[index - 1].words.at(-1) : "";
        const gap = index && !(isHan.test(before.slice(-1)) && isHan.test(piece[0])) ? [" "] : [];
        return [...gap, on ? make("mark", { textContent: piece }) : piece];
      });
      if (from > begin) excerpt.unshift("… ");
      if (to < part.end) excerpt.push(" …");
      return { url: part.url, title: join(part.text || page.meta.title), excerpt };
    });
  };
  let turn = 0;
  const show = async () => {
    const query = field.value.trim();
    const mine = ++turn;
    if (!query) { results.replaceChildren(); status.textContent = ""; return; }
    if (location.protocol === "file:") { status.textContent = words.file; return; }
    let found;
    try { found = await find(query); } catch (error) { status.textContent = String(error); return; }
    if (mine !== turn) return;
    status.textContent = found.length
      ? words.count.replace("{count}", found.length)
      : words.none.replace("{query}", query);
    results.replaceChildren(...found.map(({ page, parts }) => {
      const title = page.meta.title;
      const items = parts.slice(0, 6).map((part) => {
        const link = make("a", { href: part.url, textContent: part.title });
        link.addEventListener("click", () => dialog.close());
        return make("div", {}, link, make("p", {}, ...part.excerpt));
      });
      return make("li", {}, make("div", { className: "page", textContent: title }), ...items);
    }));
  };
  let waiting = 0;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 150);
  });
  const open = () => {
    if (dialog.open) return;
    dialog.showModal();
    field.select();
    if (location.protocol === "file:") status.textContent = words.file;
    else load().catch((error) => { status.textContent = String(error); });
  };
  dialog.querySelector("form").addEventListener("submit", (event) => {
    // Enter in the field searches at once; only the button closes.
    if (event.submitter && event.submitter.matches("button") && document.activeElement !== field) return;
    event.preventDefault();
    clearTimeout(waiting);
    show();
  });
  dialog.querySelector("button").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  all("[data-search]").forEach((button) => button.addEventListener("click", open));
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) { event.preventDefault(); open(); }
  });
})();
