--- Keeps or drops .content-visible and .content-hidden by format (see conditional.py).

local settings = pandoc.json.decode(io.open(os.getenv("ANEW_SETTINGS")):read("a"), false)

--- A condition that is given twice holds where one of them does.
local function names(attributes, key)
  local given, found = false, false
  for name, value in pairs(attributes) do
    if name == key then
      given = true
      found = found or value == settings.format or (value == "html:js" and settings.format == "html")
    end
  end
  return given, found
end

local function matches(attributes)
  local when, named = names(attributes, "when-format")
  local _, left_out = names(attributes, "unless-format")
  return (not when or named) and not left_out
end

--- True or false for conditional content, nil for any other element.
local function visible(element)
  if element.classes:includes("content-visible") then return matches(element.attributes) end
  if element.classes:includes("content-hidden") then return not matches(element.attributes) end
end

local function strip(element)
  element.classes = element.classes:filter(function(class)
    return class ~= "content-visible" and class ~= "content-hidden"
  end)
  element.attributes["when-format"], element.attributes["unless-format"] = nil, nil
  return element
end

--- A span or a code block stays itself, a div gives way to its content: as in Quarto.
local function keep(element)
  local seen = visible(element)
  if seen == nil then return nil end
  return seen and strip(element) or {}
end

function Pandoc(doc)
  return doc:walk({
    Div = function(div)
      local seen = visible(div)
      if seen == nil then return nil end
      return seen and div.content or {}
    end,
    Span = keep,
    CodeBlock = keep,
  })
end
