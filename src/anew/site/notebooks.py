"""Notebook pages: an executed notebook as a page of the site, for readers of each language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup

from anew.project.language import KNOWN, LANGUAGES, TAGS, say
from anew.site.figures import Figure, link_to
from anew.site.harmless import disarm, harmless
from anew.site.links import localised
from anew.site.markup import add_class, parse, repair, wrap_tables, written
from anew.site.page import Page, Site
from anew.site.shell import fragment, render_page

if TYPE_CHECKING:  # they take a third of a second
    from nbconvert import HTMLExporter
    from nbformat import NotebookNode

_NUMBER = re.compile(r"-?[\d,]*\.?\d+(?:e[+-]?\d+)?|NaN|<NA>")


@dataclass(frozen=True)
class Notebook:
    """An executed notebook: `content` is what nbformat reads, `source` its path in the project.

    `figures` is its figure by language and `pictures` the SVG text by language; both are empty for
    a notebook without a figure.
    """

    address: str
    source: str
    content: NotebookNode
    figures: Mapping[str, Figure]
    pictures: Mapping[str, str]

    @property
    def title(self) -> str:
        """The notebook's own first heading, its address where it has none."""
        for cell in self.content["cells"]:
            match = re.search(r"^# +(.+)$", _source(cell), re.MULTILINE)
            if cell["cell_type"] == "markdown" and match:
                return match[1].strip()
        return self.address


def notebook_path(address: str, language: str) -> str:
    """Return where the page of a notebook is."""
    return localised(f"notebooks/{address}.html", language)


def notebook_page(
    site: Site, notebook: Notebook, language: str, *, source_link: str | None = None
) -> str:
    """Return a notebook as a page with the interface in `language`.

    A cell tagged `zh` or `en`, and a part of a cell in `<div lang="en">`, is shown to readers of
    that language only. A figure is shown in the reader's language, from the site's own file, with
    the other language folded below it.
    """
    path = notebook_path(notebook.address, language)
    figure = notebook.figures.get(language)
    body = fragment(
        "notebook.html.j2",
        language,
        path,
        notebook=notebook,
        title=_title(notebook, language),
        figure=figure,
        body=_body(notebook, language, path),
        report=link_to(figure, path) if figure else None,
        source_link=source_link,
    )
    title = _title(notebook, language)
    lead = "notebook-lead" if figure else "notebook-lead-plain"
    page = Page(
        path=path,
        language=language,
        title=title,
        description=say(language, lead, number=figure.number if figure else ""),
        body=body,
        section="notebooks",
        alternates={other: notebook_path(notebook.address, other) for other in LANGUAGES},
        image=figure.path("png") if figure else None,
        kind="notebook",
    )
    return render_page(site, page)


def notebook_list(site: Site, notebooks: Sequence[Notebook], language: str) -> str:
    """Return the page that lists the notebooks."""
    path = localised("notebooks/index.html", language)
    items = [
        (notebook_path(n.address, language), _title(n, language), n.figures.get(language), n)
        for n in notebooks
    ]
    page = Page(
        path=path,
        language=language,
        title=say(language, "notebook-list"),
        description=say(language, "notebook-list-lead"),
        body=fragment("notebooks.html.j2", language, path, items=items),
        section="notebooks",
        alternates={other: localised("notebooks/index.html", other) for other in LANGUAGES},
        kind="list",
    )
    return render_page(site, page)


def _title(notebook: Notebook, language: str) -> str:
    figure = notebook.figures.get(language)
    if figure:
        return say(language, "notebook-of", number=figure.number)
    return in_language(notebook.title, language)


def _body(notebook: Notebook, language: str, path: str) -> str:
    """Return the cells as HTML, headings one level down, code and tables reached by keyboard."""
    from nbformat import from_dict  # heavy, and no other page needs it

    content = from_dict(deepcopy(dict(notebook.content)))  # type: ignore[no-untyped-call]
    kept = [_kept(cell) for cell in content["cells"] if _is_for(cell, language)]
    content["cells"] = [cell for cell in kept if _source(cell).strip()]
    for cell in content["cells"]:
        for output in cell.get("outputs", []):
            disarm(output)
            _link_picture(output, notebook, language, path)
        if cell.get("outputs"):  # the reader's own language before the other, folded one
            cell["outputs"] = sorted(cell["outputs"], key=lambda o: o.get("folded", False))
            for output in cell["outputs"]:
                output.pop("folded", None)
    tree = parse(convert(content))
    repair(tree)
    _one_head(tree)
    _align_numbers(tree)
    _speak(tree, language)
    _headings(tree)
    _label(tree, language)
    wrap_tables(tree, say(language, "table"))
    return written(tree)


def _kept(cell: NotebookNode) -> NotebookNode:
    """Return the cell with its first heading gone: the page has one."""
    if cell["cell_type"] == "markdown":
        cell["source"] = re.sub(r"\A\s*# +.+\n?", "", _source(cell))
    return cell


def _is_for(cell: NotebookNode, language: str) -> bool:
    tags = set(cell.get("metadata", {}).get("tags", []))
    spoken = tags & set(KNOWN)
    return not spoken or language in spoken


def _source(cell: NotebookNode) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _link_picture(output: NotebookNode, notebook: Notebook, language: str, path: str) -> None:
    """Replace a picture that the site has as a file by a link to the file."""
    data = output.get("data", {})
    svg = data.get("image/svg+xml")
    if svg is None:
        return
    svg = svg if isinstance(svg, str) else "".join(svg)
    for spoken, picture in notebook.pictures.items():
        if svg.strip() != picture.strip() or spoken not in notebook.figures:
            continue
        html = fragment(
            "notebook_picture.html.j2",
            language,
            path,
            figure=notebook.figures[spoken],
            other=spoken != language,
            tag=TAGS[spoken],
        )
        output["data"] = {"text/html": html}
        output["folded"] = spoken != language
        return


def _one_head(tree: BeautifulSoup) -> None:
    """Put the names of a frame's index beside those of its columns.

    pandas writes them in a row of their own below, and the names of the columns' levels where
    those of the index belong.
    """
    for table in tree.select("table.dataframe"):
        rows = table.select("thead tr")
        index = [cell for cell in rows[-1].find_all(["th", "td"]) if cell.get_text(strip=True)]
        rest = rows[-1].find_all(["th", "td"])[len(index) :]
        width = max((len(row.find_all("th")) for row in table.select("tbody tr")), default=0)
        if len(rows) < 2 or len(index) != width or any(c.get_text(strip=True) for c in rest):
            continue
        above = rows[-2].find_all(["th", "td"])
        if any(int(str(cell.get("colspan", "1"))) > 1 for cell in above[:width]):
            continue
        for old, new in zip(above[:width], index, strict=False):
            old.replace_with(new.extract())
        rows[-1].decompose()
        for row in rows[:-2]:
            for cell in row.find_all(["th", "td"])[:width]:
                cell.name, cell.attrs, cell.string = "td", {}, ""
            for cell in row.find_all("th", colspan=True):
                add_class(cell, "over")


def _align_numbers(tree: BeautifulSoup) -> None:
    """Set columns of numbers flush right, with what stands above them."""
    for table in tree.select("table.dataframe"):
        rows = [row.find_all("td") for row in table.select("tbody tr")]
        width = max((len(row) for row in rows), default=0)
        columns = [[row[at] for row in rows if len(row) == width] for at in range(width)]
        numeric = [all(_NUMBER.fullmatch(cell.get_text(strip=True)) for cell in column)
                   for column in columns]  # fmt: skip
        for column in (column for column, one in zip(columns, numeric, strict=True) if one):
            for cell in column:
                add_class(cell, "number")
        for row in table.select("thead tr"):
            at = width
            for cell in reversed(row.find_all(["th", "td"])):
                at -= int(str(cell.get("colspan", "1")))
                if at >= 0 and numeric[at] and "over" not in (cell.get("class") or ()):
                    add_class(cell, "number")


def _headings(tree: BeautifulSoup) -> None:
    """Put headings below the page's own, without skipping a level, each with its own id."""
    seen: dict[str, int] = {}
    level = 1
    for heading in tree.find_all(re.compile("^h[1-6]$")):
        level = max(2, min(int(heading.name[1]), level + 1))
        heading.name = f"h{level}"
        id = re.sub(r"\W+", "-", heading.get_text()).strip("-").lower() or "part"
        seen[id] = seen.get(id, 0) + 1
        heading["id"] = f"nb-{id}" + (f"-{seen[id]}" if seen[id] > 1 else "")


def _speak(tree: BeautifulSoup, language: str) -> None:
    """Show what is marked with a language to its readers only; what has no mark is for all.

    A part is marked with `<div lang="en">` and `</div>`, each between empty lines, as HTML and so
    Jupyter have it. A heading holds both languages around a middle dot.
    """
    for part in tree.select(".prose [lang]"):
        if part.decomposed:
            continue
        spoken = _language(str(part["lang"]))
        if spoken == language and part.name == "div":
            part.unwrap()
        elif spoken is not None and spoken != language:
            part.decompose()
    for cell in tree.select(".prose"):
        for heading in cell.find_all(re.compile("^h[1-6]$")):
            heading.string = in_language(heading.get_text(), language)
        if not cell.get_text(strip=True) and not cell.find("img"):
            cell.decompose()


def _language(tag: str) -> str | None:
    """Return the language of the report that a language tag names: zh for zh, zh-Hans, zh-CN."""
    return next((la for la in LANGUAGES if tag.lower().partition("-")[0] == la), None)


def in_language(heading: str, language: str) -> str:
    """Return the part of a heading that is in `language`: `数据 · Data`, in the report's order.

    A heading with another number of parts is in one language and is returned whole.
    """
    parts = heading.strip().split(" · ")
    return parts[LANGUAGES.index(language)] if len(parts) == len(LANGUAGES) else heading.strip()


def _label(tree: BeautifulSoup, language: str) -> None:
    """Name code and results, so that they can be referred to and reached by keyboard."""
    for cell in tree.find_all("div", class_="code"):
        count = cell.get("data-count")
        code = say(language, "in", number=count) if count else say(language, "code")
        out = say(language, "out", number=count) if count else say(language, "result")
        del cell["data-count"]
        label = tree.new_tag("p")
        add_class(label, "label")
        label.string = code
        cell.insert(0, label)
        for block in cell.find_all("div", class_="highlight"):
            block["tabindex"], block["role"], block["aria-label"] = "0", "group", code
        for block in cell.find_all("pre"):
            if not block.find_parent(class_="highlight"):
                block["tabindex"], block["role"], block["aria-label"] = "0", "group", out


def convert(content: NotebookNode) -> str:
    """Return a notebook as nbconvert writes it by the site's template."""
    body, _ = _exporter().from_notebook_node(content)
    return str(body)


@cache
def _exporter() -> HTMLExporter:
    """Return nbconvert's exporter with the site's template, which writes a part of a page."""
    from nbconvert import HTMLExporter

    exporter = HTMLExporter(  # type: ignore[no-untyped-call]
        template_name="notebook",
        extra_template_basedirs=[str(files("anew.site") / "templates")],
    )
    exporter.register_filter("harmless", harmless)  # type: ignore[no-untyped-call]
    exporter.exclude_anchor_links = True
    exporter.exclude_input_prompt = True
    exporter.exclude_output_prompt = True
    exporter.embed_images = False
    return exporter
