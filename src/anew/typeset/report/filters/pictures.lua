--- Pictures in a Word file, where pandoc's writer describes one by the words that stand for its
--- caption; and in print tables, whose columns are as wide as what they hold (pandoc would take the
--- widths from the dashes in the source), and formulae, which must say what they are.
--
-- Runs at the end, when Quarto has taken captions for its own: { path: …, at: post-finalize }.

local function described(image)
  local alt = image.attributes["fig-alt"] or image.attributes.alt
  if alt and alt ~= "" then
    image.caption = pandoc.Inlines({ pandoc.Str(alt) })
    return image
  end
end

local function unsized(tbl)
  tbl.colspecs = tbl.colspecs:map(function(spec) return { spec[1], nil } end)
  return tbl
end

-- Formulae -------------------------------------------------------------------------------------
-- What a screen reader says of one in print is its MathML on one line: (a_t)/(∑_j a_(jt)).

local ENTITIES = { lt = "<", gt = ">", amp = "&", quot = '"' }
local ATOMS = { mi = true, mn = true, mtext = true, msub = true }

--- The tree of a formula: { name, attributes, children … }, text as strings.
local function parse(xml)
  local root = { name = "" }
  local open = { root }
  for close, name, attributes, text in xml:gmatch("<(/?)(%w+)([^>]*)>([^<]*)") do
    if close == "/" then
      table.remove(open)
    else
      local node = { name = name, attributes = attributes }
      table.insert(open[#open], node)
      if attributes:sub(-1) ~= "/" then table.insert(open, node) end
    end
    text = text:gsub("&(%w+);", ENTITIES):gsub("&#(%d+);", function(code) return utf8.char(tonumber(code)) end)
    if text:match("%S") then table.insert(open[#open], text) end
  end
  return root
end

local said

--- A part that something stands above, below or beside: in brackets unless it is one sign.
local function part(node)
  local text = said(node)
  local single = type(node) == "string" or ATOMS[node.name] or utf8.len(text) == 1
    or (node.name == "mover" and node[2].name == "mo") or text:match("^%b()$")
  return single and text or "(" .. text .. ")"
end

local function joined(node, between)
  local parts = {}
  for _, child in ipairs(node) do
    if child.name ~= "annotation" then table.insert(parts, said(child)) end
  end
  return (table.concat(parts, between or ""))
end

local function operator(node)
  local text = joined(node)
  if text == "\u{2061}" or text == "\u{2062}" then return " " end
  if text == "," or text == ";" then return text .. " " end
  local apart = not node.attributes:match('form="p') and not node.attributes:match("accent")
  return apart and not text:match("^[%%!'′/|]$") and " " .. text .. " " or text
end

local SAID = {
  mo = operator,
  mspace = function() return " " end,
  mfrac = function(node) return part(node[1]) .. "/" .. part(node[2]) end,
  msup = function(node) return part(node[1]) .. "^" .. part(node[2]) end,
  msub = function(node) return part(node[1]) .. "_" .. part(node[2]) end,
  msubsup = function(node) return part(node[1]) .. "_" .. part(node[2]) .. "^" .. part(node[3]) .. " " end,
  munder = function(node) return part(node[1]) .. "_" .. part(node[2]) .. " " end,
  mover = function(node)
    local above = said(node[2])
    local accent = node[2].name == "mo"
    return accent and said(node[1]) .. above or part(node[1]) .. "^" .. part(node[2])
  end,
  munderover = function(node) return part(node[1]) .. "_" .. part(node[2]) .. "^" .. part(node[3]) .. " " end,
  msqrt = function(node) return "√(" .. joined(node) .. ")" end,
  mroot = function(node) return "√[" .. said(node[2]) .. "](" .. said(node[1]) .. ")" end,
  mtable = function(node) return joined(node, "; ") end,
  mtr = function(node) return joined(node, " ") end,
}

said = function(node)
  if type(node) == "string" then return node end
  local text = (SAID[node.name] or joined)(node)
  return node.name:match("^m[unos]") and text:gsub("^ +(%S+) *$", "%1", node.name == "mo" and 0 or 1) or text
end

--- "(a_t)/(∑_j a_(jt))"; the formula as it was typed where pandoc cannot read it.
local function in_words(math)
  local document = pandoc.Pandoc({ pandoc.Plain({ math }) })
  local xml = pandoc.write(document, "html", { html_math_method = "mathml" }):match("<math.*</math>")
  local text = xml and said(parse(xml)) or math.text
  return (text:gsub("%s+", " "):gsub("^ ", ""):gsub(" $", ""))
end

local function quoted(text)
  return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"') .. '"'
end

local function typst(code)
  return pandoc.RawInline("typst", code)
end

local NUMBERED = "^(#math%.equation%(.*), %[ $"

local function told(inlines)
  local result, found = pandoc.Inlines({}), false
  for _, inline in ipairs(inlines) do
    local before = result[#result]
    if inline.t ~= "Math" then
      result:insert(inline)
    elseif before and before.t == "RawInline" and before.text:match(NUMBERED) then
      -- Quarto's form of a numbered one; its author may have given the words
      if not before.text:match(", alt: ") then
        before.text = before.text:gsub(NUMBERED, function(start)
          return start .. ", alt: " .. quoted(in_words(inline)) .. ", [ "
        end)
      end
      result:insert(inline)
      found = true
    else
      result:insert(typst("#[#set math.equation(alt: " .. quoted(in_words(inline)) .. ");"))
      result:insert(inline)
      result:insert(typst("];"))
      found = true
    end
  end
  return found and result or nil
end

--- Of the text only blocks with a formula are looked through; the front matter is short.
local function formulae(doc)
  doc.meta = pandoc.Pandoc({}, doc.meta):walk({ Inlines = told }).meta
  doc.blocks = doc.blocks:map(function(block)
    local found = false
    block:walk({ Math = function() found = true end })
    return found and pandoc.Blocks({ block }):walk({ Inlines = told })[1] or block
  end)
  return doc
end

-- What a format does not need is not handed to Lua and back, which takes its time.
if FORMAT:match("docx") then return { { Image = described } } end
if FORMAT:match("typst") then return { { Table = unsized, Pandoc = formulae } } end
return {}
