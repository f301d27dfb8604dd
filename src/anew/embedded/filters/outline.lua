--- Writes the table of contents and the metadata as JSON beside the page (see html.py).

local settings = pandoc.json.decode(io.open(os.getenv("ANEW_SETTINGS")):read("a"), false)

local function html(inlines)
  local clean = pandoc.Inlines(inlines):walk({
    Note = function() return {} end,
    Link = function(link) return link.content end,
    Span = function(span)
      if span.classes:includes("header-section-number") then return {} end
    end,
  })
  while clean[1] and clean[1].t == "Space" do clean:remove(1) end
  local options = pandoc.WriterOptions({ wrap_text = "none" })
  return pandoc.write(pandoc.Pandoc({ pandoc.Plain(clean) }), "html", options), pandoc.utils.stringify(clean)
end

local function described(value)
  local kind = pandoc.utils.type(value)
  if kind == "Inlines" then
    local markup, text = html(value)
    return { html = markup, text = text }
  elseif kind == "Blocks" then
    local options = pandoc.WriterOptions({ wrap_text = "none" })
    return { html = pandoc.write(pandoc.Pandoc(value), "html", options), text = pandoc.utils.stringify(value) }
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
      local markup, text = html(header.content)
      headings[#headings + 1] = {
        id = header.identifier,
        level = header.level,
        number = header.attributes.number or "",
        html = markup,
        text = text,
      }
    end,
  })
  local file = io.open(settings.outline, "w")
  file:write(pandoc.json.encode({ headings = headings, metadata = described(doc.meta) }))
  file:close()
  return nil
end
