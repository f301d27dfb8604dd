--- What each writer must still be told: alternative texts, paths, links between pages.

local settings = pandoc.json.decode(io.open(os.getenv("ANEW_SETTINGS")):read("a"), false)
local format = settings.format

local function quoted(text)
  return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"'):gsub("\n", " ") .. '"'
end

--- The file that a picture's address names: "a%20b.png" is "a b.png", "/x.png" one from the root.
local function path_of(src)
  local path = src:gsub("%%(%x%x)", function(code) return string.char(tonumber(code, 16)) end)
  return path
end

local function alt_of(image)
  local alt = image.attributes["fig-alt"] or image.attributes.alt
  image.attributes["fig-alt"], image.attributes.alt = nil, nil
  return alt or pandoc.utils.stringify(image.caption)
end

--- "300px", or "300", in inches at 96 to one, as pandoc has it; any other length as it is.
local function length(size)
  local pixels = size:match("^([%d.]+)px$") or size:match("^[%d.]+$")
  return pixels and ("%.4gin"):format(tonumber(pixels) / 96) or size
end

--- Typst's writer drops alternative texts, without which no accessible PDF can be made.
local function image_typst(image)
  local alt = alt_of(image)
  local arguments = pandoc.List({ quoted((image.src:sub(1, 1) == "/" and "" or settings.base .. "/") .. path_of(image.src)) })
  for _, side in ipairs({ "width", "height" }) do
    local size = image.attributes[side]
    if size then arguments:insert(side .. ": " .. length(size)) end
  end
  arguments:insert("alt: " .. quoted(alt))
  return pandoc.RawInline("typst", "#box(image(" .. table.concat(arguments, ", ") .. "))")
end

local function image_html(image)
  if image.src:sub(1, 1) == "/" then image.src = settings.root .. image.src end
  image.caption = pandoc.Inlines({ pandoc.Str(alt_of(image)) })
  image.classes:extend({ "img-fluid", "figure-img" })
  return image
end

--- "../zh/index" beside report/en/… is report/zh/index from the root.
local function from_root(path)
  local parts = pandoc.List()
  for part in (settings.folder .. "/" .. path):gmatch("[^/]+") do
    if part == ".." and #parts > 0 then parts:remove()
    elseif part ~= "." then parts:insert(part) end
  end
  return table.concat(parts, "/")
end

--- Pages are linked by their source's name, as Quarto wants it.
local function link_html(link)
  local path, rest = link.target:match("^([^#?:]+)%.qmd(.*)$")
  if path then
    link.target = settings.root .. "/" .. from_root(path) .. ".html" .. rest
  end
  return link
end

function Pandoc(doc)
  if format == "typst" then return doc:walk({ Image = image_typst }) end
  if format == "html" then return doc:walk({ Image = image_html, Link = link_html }) end
  return doc:walk({
    Image = function(image)
      if image.src:sub(1, 1) == "/" then image.src = settings.root .. image.src end
      image.caption = pandoc.Inlines({ pandoc.Str(alt_of(image)) })
      return image
    end,
  })
end
