--- Puts the values of var and meta in the place of their tokens (see shortcodes.py).
--
-- In text a value is read as Markdown by itself, as Quarto reads it; in attributes, link targets,
-- code and raw content it is its plain text.

local settings = pandoc.json.decode(io.open(os.getenv("ANEW_SETTINGS")):read("a"), false)
local TOKEN = "anewshortcode%d+x"
local inlines, plain = {}, {}

local function value(token)
  if not inlines[token] then
    local found = settings.tokens[token] or {}
    if found.literal then
      inlines[token] = pandoc.Inlines({ pandoc.Str(found.literal) })
    else
      local blocks = pandoc.read(found.markdown or "", settings.reader).blocks
      inlines[token] = pandoc.utils.blocks_to_inlines(blocks)
    end
    plain[token] = pandoc.utils.stringify(inlines[token])
  end
  return inlines[token]
end

local function as_text(text)
  return (text:gsub(TOKEN, function(token)
    value(token)
    return (plain[token]:gsub(TOKEN, ""))
  end))
end

local function attributes(element)
  for key, old in pairs(element.attributes) do
    if old:find(TOKEN) then element.attributes[key] = as_text(old) end
  end
  return element
end

local function as_inlines(text)
  local result, from = pandoc.Inlines({}), 1
  while true do
    local first, last = text:find(TOKEN, from)
    if not first then break end
    if first > from then result:insert(pandoc.Str(text:sub(from, first - 1))) end
    result:extend(value(text:sub(first, last)))
    from = last + 1
  end
  if from <= #text then result:insert(pandoc.Str(text:sub(from))) end
  return result
end

local function raw(element)
  if element.text:find(TOKEN) then
    element.text = as_text(element.text)
    return element
  end
end

--- A page break, as Quarto writes it.
local BREAK = {
  typst = pandoc.RawBlock("typst", "#pagebreak()"),
  html = pandoc.RawBlock("html", '<div style="page-break-after: always;"></div>'),
  docx = pandoc.RawBlock("openxml", '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'),
}

local fill = {
  Para = function(para)
    local only = #para.content == 1 and para.content[1]
    local found = only and only.t == "Str" and settings.tokens[only.text]
    if found and found.pagebreak then return BREAK[settings.format] end
  end,
  Str = function(str)
    local found = settings.tokens[str.text]
    if found and found.pagebreak then return nil end
    if str.text:find(TOKEN) then return as_inlines(str.text) end
  end,
  Code = raw,
  CodeBlock = raw,
  RawInline = raw,
  RawBlock = raw,
  Math = raw,
  Span = attributes,
  Div = attributes,
  Header = attributes,
  Link = function(link)
    link.target = as_text(link.target)
    return attributes(link)
  end,
  Image = function(image)
    image.src = as_text(image.src)
    return attributes(image)
  end,
}

--- Whether a value holds a shortcode of its own, as that of a metadata key may.
local function nested()
  for _, found in pairs(settings.tokens) do
    if (found.markdown or ""):find(TOKEN) then return true end
  end
  return false
end

function Pandoc(doc)
  doc = doc:walk(fill)
  return nested() and doc:walk(fill) or doc
end
