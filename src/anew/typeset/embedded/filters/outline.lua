--- Writes the table of contents and the metadata as JSON beside the page (see html.py).

local settings = pandoc.json.decode(io.open(os.getenv("ANEW_SETTINGS")):read("a"), false)

local options = pandoc.WriterOptions({ wrap_text = "none" })
local CUT = "<!-- anew: the next one -->"

--- What is to be written as HTML, and where its markup goes: all in one go, for each costs its time.
local waiting = pandoc.List()

--- The markup of `inlines` goes to `result.html` once everything is known; its text is there now.
local function tell(inlines, result)
  local clean = pandoc.Inlines(inlines):walk({
    Note = function() return {} end,
    Link = function(link) return link.content end,
    Span = function(span)
      if span.classes:includes("header-section-number") then return {} end
    end,
  })
  while clean[1] and clean[1].t == "Space" do clean:remove(1) end
  result.text = pandoc.utils.stringify(clean)
  waiting:insert({ result = result, block = pandoc.Plain(clean) })
  return result
end

local function write()
  local blocks = pandoc.List()
  for _, one in ipairs(waiting) do
    blocks:insert(one.block)
    blocks:insert(pandoc.RawBlock("html", CUT))
  end
  local written, from = pandoc.write(pandoc.Pandoc(blocks), "html", options), 1
  for _, one in ipairs(waiting) do
    local first, last = written:find(CUT, from, true)
    one.result.html = written:sub(from, first - 1):gsub("^\n", ""):gsub("\n$", "")
    from = last + 1
  end
end

local function described(value)
  local kind = pandoc.utils.type(value)
  if kind == "Inlines" then
    return tell(value, {})
  elseif kind == "Blocks" then
    local markup = pandoc.write(pandoc.Pandoc(value), "html", options)
    return { html = markup, text = pandoc.utils.stringify(value) }
  elseif kind == "List" then
    local result = {}
    for i, item in ipairs(value) do result[i] = described(item) end
    return { list = result }
  elseif kind == "table" or kind == "Meta" then
    local result = {}
    for key, item in pairs(value) do result[key] = described(item) end
    return { map = result }
  end
  return { value = value }
end

function Pandoc(doc)
  local headings = {}
  doc.blocks:walk({
    Header = function(header)
      if header.classes:includes("unlisted") or header.level > settings.toc_depth then return nil end
      headings[#headings + 1] = tell(header.content, {
        id = header.identifier,
        level = header.level,
        number = header.attributes.number or "",
      })
    end,
  })
  local metadata = described(doc.meta)
  write()
  local file = io.open(settings.outline, "w")
  file:write(pandoc.json.encode({ headings = headings, metadata = metadata }))
  file:close()
  return nil
end
