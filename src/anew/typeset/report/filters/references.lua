--- The list of references, each entry in its own language, and the citations in the text.
--
-- CSL formats a whole list in one language: 等 after Chinese authors and "et al." after foreign
-- ones cannot both come out of one run. So this filter runs citeproc itself: once over the
-- document for the order, the numbers and the citations, then once per language over the entries
-- of that language; the document's list takes each entry from its own language's run.
--
-- Fields (biblatex): `langid` is chinese or english for every entry. An entry KEY-en is the
-- English version of the Chinese entry KEY: it is printed after it under the same number and is
-- never cited itself. Names of such versions are romanised Chinese names, which GB/T 7714-2025
-- does not abbreviate.
--
-- Runs where citeproc would: in Quarto as { path: …, at: post-finalize }, in pandoc last.
-- It leaves neither citations nor a bibliography behind, so a citeproc after it has nothing to do.

local PAIR = "%-en$"
local LANGS = { zh = "zh-CN", en = "en-US", de = "de-DE" }
local TAGS = { zh = "zh-Hans", en = "en", de = "de" }

--- Quarto has an `error` of its own, which prints and goes on; an assertion stops in both.
local function fail(message)
  assert(false, "references: " .. message)
end

local function text(value)
  return value and pandoc.utils.stringify(value) or ""
end

--- "zh", "en" or "de" for what citeproc knows as the entry's language.
local function language(item)
  local tag = text(item.language):lower()
  if tag == "chinese" or tag:match("^zh") then return "zh" end
  if tag == "english" or tag:match("^en") then return "en" end
  if tag:match("german$") or tag:match("^de") then return "de" end
  fail(("entry %s needs langid = {chinese}, {english} or {german}, not %q"):format(item.id, tag))
end

--- The mark between title and subtitle, and between place names and page ranges, is full-width.
local function widen(inlines, pattern, mark)
  local result = pandoc.List()
  local previous
  for _, inline in ipairs(pandoc.Inlines(inlines)) do
    if inline.t == "Space" and previous and previous.t == "Str" and previous.text:match(pattern) then
      previous.text = previous.text:gsub(pattern, mark)
    else
      result:insert(inline)
      previous = inline
    end
  end
  return pandoc.Inlines(result)
end

local function prepare(item)
  if item.title then item.title = widen(item.title, ":$", "：") end
  if item.page then item.page = text(item.page):gsub(",%s*", "，") end
  local place = item["publisher-place"]
  if place then item["publisher-place"] = text(place):gsub(",%s*", "，") end
  if item.id:match(PAIR) then
    for _, role in ipairs({ "author", "editor", "translator" }) do
      for _, name in ipairs(item[role] or {}) do
        if name.family and name.given then
          name.literal = text(name.family) .. " " .. text(name.given)
          name.family, name.given = nil, nil
        end
      end
    end
  end
  return item
end

--- Every entry of the bibliography by key.
local function entries(meta)
  local everything = pandoc.Cite({ pandoc.Str("@*") }, { pandoc.Citation("*", "NormalCitation") })
  local found = pandoc.utils.references(pandoc.Pandoc({}, {
    bibliography = meta.bibliography,
    references = meta.references,
    nocite = pandoc.MetaInlines({ everything }),
  }))
  local by_key = {}
  for _, item in ipairs(found) do by_key[item.id] = item end
  return by_key
end

--- The formatted text of `items`, all of one language, by key.
local function formatted(items, lang, csl)
  local citations = pandoc.List()
  for _, item in ipairs(items) do
    citations:insert(pandoc.Citation(item.id, "NormalCitation"))
  end
  local list = pandoc.utils.citeproc(pandoc.Pandoc({ pandoc.Div({}, pandoc.Attr("refs")) }, {
    references = items,
    csl = csl,
    lang = LANGS[lang],
    nocite = pandoc.MetaInlines({ pandoc.Cite({}, citations) }),
  }))
  local result = {}
  list:walk({
    Div = function(div)
      local key = div.identifier:match("^ref%-(.+)$")
      if not key then return nil end
      div:walk({
        Span = function(span)
          if span.classes:includes("csl-right-inline") then result[key] = span.content end
        end,
      })
      result[key] = result[key] or pandoc.utils.blocks_to_inlines(div.content)
    end,
  })
  return result
end

--- The text with its language: the Typst writer drops the attribute, so it is said in Typst.
local function tagged(inlines, lang)
  if FORMAT:match("typst") then
    local content = pandoc.Inlines({ pandoc.RawInline("typst", '#in-language("' .. lang .. '")[') })
    content:extend(inlines)
    content:insert(pandoc.RawInline("typst", "]"))
    return pandoc.Span(content)
  end
  return pandoc.Span(inlines, pandoc.Attr("", {}, { lang = TAGS[lang] }))
end

--- "[3]", what the document's own run printed before the entry.
local function number(div)
  local label
  div:walk({
    Span = function(span)
      if span.classes:includes("csl-left-margin") then label = text(span.content) end
    end,
  })
  return label and (label:gsub("%s+$", "")) or ""
end

local function typst(code)
  return pandoc.RawInline("typst", code)
end

--- One entry of the list, as the format wants it. `reference` is defined in the Typst template.
local function entry(div, inlines)
  if FORMAT:match("typst") then
    local content = pandoc.Inlines({ typst('#reference("' .. number(div) .. '")[') })
    content:extend(inlines)
    content:insert(typst("] <" .. div.identifier .. ">"))
    return pandoc.Para(content)
  end
  if FORMAT:match("html") then
    div.content = {
      pandoc.Para({
        pandoc.Span(number(div) .. " ", pandoc.Attr("", { "csl-left-margin" })),
        pandoc.Span(inlines, pandoc.Attr("", { "csl-right-inline" })),
      }),
    }
    return div
  end
  local content = pandoc.Inlines({ pandoc.Str(number(div)), pandoc.Space() })
  content:extend(inlines)
  div.content = { pandoc.Para(content) }
  return div
end

--- What a citation says: two that say the same are printed the same.
local function said(cite)
  local parts = pandoc.List()
  for _, citation in ipairs(cite.citations) do
    parts:extend({ citation.id, citation.mode, text(citation.prefix), text(citation.suffix) })
  end
  return table.concat(parts, "\0")
end

--- The citations and the list of the document: what citeproc makes of its citations alone, in
-- order, each that says something new once.
local function numbered(cites, items, csl, meta)
  local blocks, place = pandoc.List(), {}
  for _, cite in ipairs(cites) do
    local key = said(cite)
    if not place[key] then
      blocks:insert(pandoc.Plain({ cite }))
      place[key] = #blocks
    end
  end
  blocks:insert(pandoc.Div({}, pandoc.Attr("refs")))
  local done = pandoc.utils.citeproc(pandoc.Pandoc(blocks, {
    references = items,
    csl = csl,
    ["link-citations"] = meta["link-citations"],
  }))
  local made, printed = done.blocks, pandoc.List() -- to ask for the blocks copies them all
  for _, cite in ipairs(cites) do printed:insert(made[place[said(cite)]].content[1]:clone()) end
  return printed, made[#made]
end

--- A citation as printed. A range of numbers has a hyphen by the standard, not a dash.
local function unwrap(cite)
  local keys = pandoc.List()
  for _, citation in ipairs(cite.citations) do keys:insert(citation.id) end
  local attributes = FORMAT:match("html") and { cites = table.concat(keys, " ") } or {}
  local content = cite.content:walk({
    Str = function(str)
      str.text = str.text:gsub("–", "-")
      return str
    end,
  })
  return pandoc.Span(content, pandoc.Attr("", { "citation" }, attributes))
end

--- A citation that stands raised follows its word without a blank.
local function close_up(inlines)
  for i = #inlines - 1, 1, -1 do
    local after = inlines[i + 1]
    if inlines[i].t == "Space" and after.t == "Span" and after.classes:includes("citation")
      and after.content[1] and after.content[1].t == "Superscript" then
      inlines:remove(i)
    end
  end
  return inlines
end

local function used(cites, known)
  local items, by_language, seen = pandoc.List(), { zh = pandoc.List(), en = pandoc.List(), de = pandoc.List() }, {}
  for _, cite in ipairs(cites) do
    for _, citation in ipairs(cite.citations) do
      local key = citation.id
      local item, version = known[key], known[key .. "-en"]
      if not item then fail("unknown citation key @" .. key) end
      if key:match(PAIR) then fail("@" .. key .. " is an English version; cite @" .. key:gsub(PAIR, "")) end
      if not seen[key] then
        seen[key] = true
        items:insert(item)
        by_language[language(item)]:insert(prepare(item))
        if version then by_language[language(version)]:insert(prepare(version)) end
      end
    end
  end
  return items, by_language
end

function Pandoc(doc)
  -- Only what cites is walked again: handing every word of a text to Lua and back takes its time.
  local cites, citing = pandoc.List(), {}
  for place, block in ipairs(doc.blocks) do
    local before = #cites
    block:walk({ traverse = "topdown", Cite = function(cite) cites:insert(cite) end })
    citing[place] = #cites > before
  end
  local meta = doc.meta
  local csl = meta.csl
  if #cites > 0 then
    local items, by_language = used(cites, entries(meta))
    local texts = {}
    for lang, list in pairs(by_language) do
      if #list > 0 then
        for key, inlines in pairs(formatted(list, lang, csl)) do texts[key] = tagged(inlines, lang) end
      end
    end
    local printed, list = numbered(cites, items, csl, meta)
    list.content = list.content:map(function(div)
      local key = div.identifier:match("^ref%-(.+)$")
      local inlines = pandoc.Inlines({ texts[key] })
      local version = texts[key .. "-en"]
      if version then inlines:extend({ pandoc.LineBreak(), version }) end
      return entry(div, inlines)
    end)
    local next = 0
    local placed = false
    local function place_list(div)
      if div.identifier == "refs" then
        placed = true
        return list, false
      end
    end
    local blocks = pandoc.List()
    for place, block in ipairs(doc.blocks) do
      local found = pandoc.Blocks({ block })
      if citing[place] then
        found = found:walk({
          traverse = "topdown",
          Cite = function()
            next = next + 1
            return unwrap(printed[next]), false
          end,
          Div = place_list,
        }):walk({ Inlines = close_up })
      else
        found = found:walk({ traverse = "topdown", Div = place_list })
      end
      blocks:extend(found)
    end
    doc.blocks = blocks
    if not placed then doc.blocks:insert(list) end
  end
  meta.bibliography, meta.references = nil, nil
  return doc
end
