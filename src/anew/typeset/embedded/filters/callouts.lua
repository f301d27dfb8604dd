--- Renders ::: {.callout-note} and its kin with the structure that Quarto gives them (callouts.py).

local settings = pandoc.json.decode(io.open(os.getenv("ANEW_SETTINGS")):read("a"), false)
local callouts = settings.callouts

local function kind_of(div)
  for _, class in ipairs(div.classes) do
    local kind = class:match("^callout%-(.+)$")
    if kind and callouts[kind] then return kind end
  end
end

--- The title: the attribute, else a heading that opens the callout, else the kind's own name.
local function title_of(div, kind)
  local given = div.attributes.title
  div.attributes.title = nil
  if given and given ~= "" then
    return pandoc.utils.blocks_to_inlines(pandoc.read(given, settings.reader).blocks), true
  end
  local first = div.content[1]
  if first and first.t == "Header" then
    div.content:remove(1)
    return first.content, true
  end
  return pandoc.Inlines({ pandoc.Str(callouts[kind].title) }), false
end

local function typst(code)
  return pandoc.RawBlock("typst", code)
end

local function to_typst(div, kind, title)
  local colours = callouts[kind]
  local blocks = pandoc.Blocks({ typst("#callout(\nbody:\n[") })
  blocks:extend(div.content)
  blocks:extend({ typst("],\ntitle:\n["), pandoc.Plain(title) })
  blocks:insert(typst(table.concat({
    "],",
    'background_color: rgb("#' .. colours.background .. '"),',
    'icon_color: rgb("#' .. colours.colour .. '"),',
    "icon: none,",
    "body_background_color: white",
    ")",
  }, "\n")))
  -- A div becomes a Typst block, as in Quarto: the same spacing around it.
  return pandoc.Div(blocks, pandoc.Attr(div.identifier))
end

local function to_html(div, kind, title, titled)
  local appearance = div.attributes.appearance or settings.callout_appearance
  local collapse = div.attributes.collapse
  local minimal = appearance == "minimal"
  if minimal then appearance = "simple" end
  local classes = pandoc.List({ "callout", "callout-style-" .. appearance, "callout-" .. kind })
  local no_icon = minimal or div.attributes.icon == "false"
    or (div.attributes.icon == nil and settings.callout_icon == false)
  if no_icon then classes:insert("no-icon") end
  local icon = '<i class="callout-icon' .. (no_icon and " no-icon" or "") .. '"></i>'
  local icons = pandoc.Div({ pandoc.Plain({ pandoc.RawInline("html", icon) }) }, pandoc.Attr("", { "callout-icon-container" }))
  local body = pandoc.Div(div.content, pandoc.Attr("", { "callout-body-container" }))
  if appearance == "simple" and not titled then
    local both = pandoc.Div({ icons, body }, pandoc.Attr("", { "callout-body", "d-flex" }))
    return pandoc.Div({ both }, pandoc.Attr(div.identifier, classes, { role = "note" }))
  end
  body.classes:insert("callout-body")
  local shown = pandoc.Inlines(title)
  if titled then
    -- Said aloud before a title that does not name the kind.
    local name = pandoc.Span({ pandoc.Str(callouts[kind].title) }, pandoc.Attr("", { "screen-reader-only" }))
    shown = pandoc.Inlines({ name })
    shown:extend(title)
  end
  classes:insert("callout-titled")
  local header = pandoc.Div({
    icons,
    pandoc.Div({ pandoc.Plain(shown) }, pandoc.Attr("", { "callout-title-container", "flex-fill" })),
  }, pandoc.Attr("", { "callout-header", "d-flex", "align-content-center" }))
  local attr = pandoc.Attr(div.identifier, classes, { role = "note" })
  if not collapse then return pandoc.Div({ header, body }, attr) end
  -- folds without a script: what Quarto's own page does with Bootstrap's
  return pandoc.Div({
    pandoc.RawBlock("html", collapse == "true" and "<details>" or "<details open>"),
    pandoc.RawBlock("html", "<summary>"), header, pandoc.RawBlock("html", "</summary>"),
    body, pandoc.RawBlock("html", "</details>"),
  }, attr)
end

local function to_other(div, title)
  local content = pandoc.Blocks({ pandoc.Para({ pandoc.Strong(title) }) })
  content:extend(div.content)
  return pandoc.Div({ pandoc.BlockQuote(content) }, pandoc.Attr(div.identifier))
end

function Pandoc(doc)
  return doc:walk({
    Div = function(div)
      local kind = kind_of(div)
      if not kind then return nil end
      local title, titled = title_of(div, kind)
      if settings.format == "typst" then return to_typst(div, kind, title) end
      if settings.format == "html" then return to_html(div, kind, title, titled) end
      return to_other(div, title)
    end,
  })
end
