--- Numbers sections, figures, tables and equations and resolves references to them (see crossref.py).
--
-- In HTML and Word the numbers are written here; in Typst the figure, the heading and the
-- reference are given to Typst, which numbers them, as Quarto does.

local settings = pandoc.json.decode(io.open(os.getenv("ANEW_SETTINGS")):read("a"), false)
local format, words = settings.format, settings.crossref
local NBSP = "\u{a0}"
local BARE = "typst:no-figure" -- pandoc's word for it
local KINDS = { fig = true, tbl = true, sec = true, eq = true }

local numbers = {} -- id → number as printed
local counters = { fig = 0, tbl = 0, eq = 0 }

local function kind_of(id)
  local kind = id:match("^(%a+)%-")
  return KINDS[kind] and kind or nil
end

--- The id that a reference names: "Fig-7" at the start of a sentence is fig-7.
local function target_of(citation)
  return (citation.id:gsub("^%u", string.lower))
end

local function typst(code)
  return pandoc.RawBlock("typst", code)
end

-- Sections ------------------------------------------------------------------------------------

local section = {}
local top = 1

local function number_section(header)
  if header.classes:includes("unnumbered") then return nil end
  for level = header.level + 1, #section do section[level] = 0 end
  for level = 1, header.level do section[level] = section[level] or 0 end
  section[header.level] = section[header.level] + 1
  local parts = pandoc.List()
  for level = top, header.level do parts:insert(tostring(section[level])) end
  local number = table.concat(parts, ".")
  if header.identifier ~= "" then numbers[header.identifier] = number end
  if not settings.number_sections or header.level > settings.number_depth then return nil end
  if format == "html" then
    header.attributes.number = number
    header.content:insert(1, pandoc.Space())
    header.content:insert(1, pandoc.Span({ pandoc.Str(number) }, pandoc.Attr("", { "header-section-number" })))
  elseif format ~= "typst" then
    local stop = header.level == 1 and "." or ""
    header.content:insert(1, pandoc.Space())
    header.content:insert(1, pandoc.Str(number .. stop))
  end
  return header
end

-- Floats --------------------------------------------------------------------------------------

local function prefix(kind)
  return words[kind .. "-title"] .. NBSP
end

local function numbered(kind, id, caption)
  counters[kind] = counters[kind] + 1
  numbers[id] = tostring(counters[kind])
  local result = pandoc.Inlines({ pandoc.Str(prefix(kind) .. numbers[id]) })
  if #caption > 0 then
    if words["title-delim"] ~= "" then result:insert(pandoc.Str(words["title-delim"])) end
    result:insert(pandoc.Space())
    result:extend(caption)
  end
  return result
end

local function float_html(kind, id, content, caption)
  local where = kind == "tbl" and "top" or "bottom"
  local label = pandoc.Blocks({
    pandoc.RawBlock("html", ('<figcaption class="quarto-float-caption-%s quarto-float-caption quarto-float-%s" id="%s-caption">'):format(where, kind, id)),
    pandoc.Plain(caption),
    pandoc.RawBlock("html", "</figcaption>"),
  })
  local blocks = pandoc.Blocks({ pandoc.RawBlock("html", ('<figure class="quarto-float quarto-float-%s figure">'):format(kind)) })
  if where == "top" then blocks:extend(label) end
  blocks:insert(pandoc.Div(content, pandoc.Attr("", {}, { ["aria-describedby"] = id .. "-caption" })))
  if where == "bottom" then blocks:extend(label) end
  blocks:insert(pandoc.RawBlock("html", "</figure>"))
  return pandoc.Div(blocks, pandoc.Attr(id, { "quarto-float", "quarto-figure", "quarto-figure-center" }))
end

local function float_typst(kind, id, content, caption)
  local where = kind == "tbl" and "top" or "bottom"
  local blocks = pandoc.Blocks({ typst("#figure([") })
  blocks:extend(content)
  blocks:extend({ typst("], caption: figure.caption(position: " .. where .. ", ["), pandoc.Plain(caption) })
  blocks:insert(typst(('\n]), kind: "quarto-float-%s", supplement: "%s", ) <%s>'):format(kind, words[kind .. "-title"], id)))
  return blocks
end

local function float(kind, id, content, caption)
  if format == "typst" then
    numbered(kind, id, caption)
    return float_typst(kind, id, content, caption)
  end
  local text = numbered(kind, id, caption)
  if format == "html" then return float_html(kind, id, content, text) end
  if kind == "tbl" then
    local blocks = pandoc.Blocks({ pandoc.Div({ pandoc.Para(text) }, pandoc.Attr("", {}, { ["custom-style"] = "Table Caption" })) })
    blocks:extend(content)
    return pandoc.Div(blocks, pandoc.Attr(id))
  end
  return pandoc.Figure(content, { long = { pandoc.Plain(text) } }, pandoc.Attr(id))
end

local function widths(tbl, spec)
  local sum, list = 0, pandoc.List()
  for number in spec:gmatch("[%d.]+") do
    list:insert(tonumber(number))
    sum = sum + tonumber(number)
  end
  if sum == 0 then return end
  for i, column in ipairs(tbl.colspecs) do
    if list[i] then tbl.colspecs[i] = { column[1], list[i] / sum } end
  end
end

local function table_float(tbl)
  local id = tbl.identifier
  local spec = tbl.attributes["tbl-colwidths"]
  if spec then
    widths(tbl, spec)
    tbl.attributes["tbl-colwidths"] = nil
  end
  if kind_of(id) ~= "tbl" then
    -- as Quarto: a table without a caption is a table and no figure, where it stands in the text
    if format == "typst" then tbl.classes:insert(BARE) end
    return tbl
  end
  local caption = pandoc.utils.blocks_to_inlines(tbl.caption.long)
  tbl.identifier = ""
  tbl.caption = { long = {} }
  return float("tbl", id, pandoc.Blocks({ tbl }), caption)
end

local function figure_float(figure)
  if kind_of(figure.identifier) ~= "fig" then return nil end
  local caption = pandoc.utils.blocks_to_inlines(figure.caption.long)
  figure.content = figure.content:walk({
    Image = function(image)
      image.caption = {}
      return image
    end,
  })
  return float("fig", figure.identifier, figure.content, caption)
end

--- ::: {#fig-x} … caption ::: and ::: {#tbl-x}: the last paragraph is the caption.
local function div_float(div)
  local kind = kind_of(div.identifier)
  if kind ~= "fig" and kind ~= "tbl" then return nil end
  local last = div.content[#div.content]
  local caption = pandoc.Inlines({})
  if last and last.t == "Para" and #div.content > 1 then
    caption = last.content
    div.content:remove(#div.content)
  elseif last and last.t == "Table" then
    caption = pandoc.utils.blocks_to_inlines(last.caption.long)
    last.caption = { long = {} }
    div.content[#div.content] = last
  elseif last and last.t == "Figure" then
    caption = pandoc.utils.blocks_to_inlines(last.caption.long)
    div.content = last.content
  end
  div.content = div.content:walk({
    Table = function(tbl)
      tbl.classes = tbl.classes:filter(function(name) return name ~= BARE end)
      return tbl
    end,
    Para = function(para)
      if #para.content == 1 and para.content[1].t == "Image" then return pandoc.Plain(para.content) end
    end,
  })
  return float(kind, div.identifier, div.content, caption)
end

-- Equations -----------------------------------------------------------------------------------

--- The span around a numbered formula (equations.py), as Quarto numbers one.
local function equation(span)
  if kind_of(span.identifier) ~= "eq" or span.content[1].t ~= "Math" then return nil end
  local id, alt, math = span.identifier, span.attributes.alt, span.content[1]
  counters.eq = counters.eq + 1
  numbers[id] = tostring(counters.eq)
  if format == "typst" then
    local said = alt and ', alt: "' .. alt:gsub("\\", "\\\\"):gsub('"', '\\"') .. '"' or ""
    return pandoc.Inlines({
      pandoc.RawInline("typst", "#math.equation(block: true, numbering: equation-numbering" .. said .. ", [ "),
      math,
      pandoc.RawInline("typst", " ])<" .. id .. ">"),
    })
  end
  math.text = math.text .. " \\qquad(" .. counters.eq .. ")"
  return pandoc.Span(math, pandoc.Attr(id))
end

-- References ----------------------------------------------------------------------------------

local function reference(citation)
  local id, upper = target_of(citation), citation.id:match("^%u")
  local kind = kind_of(id)
  local supplement = pandoc.Inlines({})
  if #citation.prefix > 0 then
    supplement = citation.prefix
  elseif citation.mode ~= "SuppressAuthor" then
    local word = words[kind .. "-prefix"]
    if upper then word = pandoc.text.upper(pandoc.text.sub(word, 1, 1)) .. pandoc.text.sub(word, 2) end
    supplement = pandoc.Inlines({ pandoc.Str(word) })
  end
  if format == "typst" then
    local result = pandoc.Inlines({ pandoc.RawInline("typst", "#ref(<" .. id .. ">, supplement: [") })
    result:extend(supplement)
    result:insert(pandoc.RawInline("typst", "])"))
    return result
  end
  local content = pandoc.Inlines(supplement)
  if #content > 0 then content:insert(pandoc.Str(NBSP)) end
  content:insert(pandoc.Str(numbers[id] or error("crossref: no number for @" .. id, 0)))
  return pandoc.Inlines({ pandoc.Link(content, "#" .. id, "", pandoc.Attr("", { "quarto-xref" })) })
end

local function resolve(cite)
  if not kind_of(target_of(cite.citations[1])) then return nil end
  local result = pandoc.Inlines({})
  for i, citation in ipairs(cite.citations) do
    if i > 1 then
      result:insert(pandoc.Str(words["ref-delim"]))
      result:insert(pandoc.Space())
    end
    result:extend(reference(citation))
  end
  return result
end

function Pandoc(doc)
  local highest = 6
  doc.blocks:walk({ Header = function(header) highest = math.min(highest, header.level) end })
  top = highest > 1 and 2 or 1
  -- In reading order: a div stands before the table or the figure inside it.
  doc = doc:walk({
    traverse = "topdown",
    Header = number_section,
    Figure = function(figure)
      local result = figure_float(figure)
      if result then return result, false end
    end,
    Table = function(tbl) return table_float(tbl), false end,
    Div = function(div)
      local result = div_float(div)
      if result then return result, false end
    end,
  })
  doc = doc:walk({ traverse = "topdown", Span = equation })
  return doc:walk({ Cite = resolve })
end
