--- Takes the PNG that lies beside a figure's SVG: every Word shows it.

local function exists(path)
  local file = io.open(path, "r")
  if file then file:close() end
  return file ~= nil
end

function Image(image)
  local png = image.src:gsub("%.svg$", ".png")
  if png ~= image.src and exists(png) then
    image.src = png
    image.attributes.width = image.attributes.width or "100%"
    return image
  end
end
