--- What the build found, put where the text names it: alternative texts, claims, prepared sentences.
--
--   ![caption](../../figures/fig7.zh.svg){#fig-7}   the figure's alternative text
--   [sentence]{.claim ref="id"}                     a claim and its evidence; one that fails says so
--   ::: {#tbl-id .computed}                         a table that a notebook computed, with its caption
--   ::: {.when claim="id"} … ::: {.unless claim="id"} …   content for an edition in which it holds or not
--   [words]{lang=en}, ::: {lang=en}                 the language of a part, which Typst must be told
--
-- All of it comes from report/_built/weave.json, which the build writes. The filter verifies and
-- marks; it never rewrites a sentence. It runs first of all: in Quarto as { path: …, at: pre-ast },
-- in pandoc as the first --lua-filter.

local BUILT = "report/_built"
local WEAVE = BUILT .. "/weave.json"

local WORDS = {
  zh = {
    mark = "依据",
    fails = "本年度版的数据不支持这句话",
    would = "数据所示",
    evidence = "依据",
    open = "（",
    close = "）",
    colon = "：",
    stop = "。",
    join = "；",
    note = "注：",
  },
  en = {
    mark = "evidence",
    fails = "This edition’s data do not support this sentence",
    would = "The data show",
    evidence = "Evidence",
    open = " (",
    close = ")",
    colon = ": ",
    stop = ". ",
    join = "; ",
    note = "Note: ",
  },
  de = {
    mark = "Beleg",
    fails = "Die Daten dieser Ausgabe stützen diesen Satz nicht",
    would = "Die Daten zeigen",
    evidence = "Beleg",
    open = " (",
    close = ")",
    colon = ": ",
    stop = ". ",
    join = "; ",
    note = "Anmerkung: ",
  },
}

--- Quarto has an `error` of its own, which prints and goes on; an assertion stops in both.
local function fail(message, hint)
  assert(false, "anew: " .. message .. (hint and "\n  " .. hint or ""))
end

local function exists(path)
  local file = io.open(path, "r")
  if file then file:close() end
  return file ~= nil
end

--- The folder that holds report/: Quarto says it, ANEW_STAGE says it, or it lies above.
local function find_root()
  if quarto and quarto.project and quarto.project.directory then return quarto.project.directory end
  local named = os.getenv("ANEW_STAGE")
  if named and named ~= "" then return named end
  local folder = pandoc.system.get_working_directory()
  while true do
    if exists(pandoc.path.join({ folder, WEAVE })) then return folder end
    local above = pandoc.path.directory(folder)
    if above == folder or above == "" or above == "." then
      fail("no " .. WEAVE .. " above the document", "Run anew build first; it writes the file.")
    end
    folder = above
  end
end

local function load_weave(root)
  local path = pandoc.path.join({ root, WEAVE })
  local file = io.open(path, "r")
  if not file then fail("no " .. path, "Run anew build first; it writes the file.") end
  local content = file:read("a")
  file:close()
  return pandoc.json.decode(content, false)
end

--- Han, kana, full-width marks: what stands in a square of its own.
local function is_wide(code)
  return (code >= 0x2E80 and code <= 0xA4CF) or (code >= 0xF900 and code <= 0xFAFF)
    or (code >= 0xFE30 and code <= 0xFE4F) or (code >= 0xFF00 and code <= 0xFF60)
    or (code >= 0x20000 and code <= 0x3FFFD)
    -- the quotation marks, dash and ellipsis that Chinese shares with Western text
    or (code >= 0x2018 and code <= 0x201D) or code == 0x2014 or code == 0x2026
end

local REFERENCE = {
  fig = true, tbl = true, sec = true, eq = true, Fig = true, Tbl = true, Sec = true, Eq = true,
}

local root, weave, words, lang
local identified = {} -- the ids that this document has

local function offset()
  return pandoc.path.make_relative(root, pandoc.system.get_working_directory(), true):gsub("\\", "/")
end

local function claim_of(id, what)
  if not id or id == "" then fail("a " .. what .. " names no claim", 'Write {.' .. what .. ' … ="id"}.') end
  local claim = weave.claims[id]
  if claim == nil then
    fail("no notebook makes the claim " .. id, "Correct the id or make the claim in its notebook.")
  end
  return claim
end

--- A value of evidence: "83", a list "1, 2", a map "CHN 83, USA 758" in a fixed order.
local function shown(value)
  if type(value) == "number" then
    return math.type(value) == "integer" and tostring(value) or string.format("%.4g", value)
  elseif type(value) == "table" then
    local parts = pandoc.List()
    for _, item in ipairs(value) do parts:insert(shown(item)) end
    if #parts == 0 then
      local names = pandoc.List()
      for name in pairs(value) do names:insert(name) end
      table.sort(names)
      parts = names:map(function(name) return name .. " " .. shown(value[name]) end)
    end
    return table.concat(parts, ", ")
  end
  return tostring(value)
end

--- "China 2018 = 83; China 2023 = 170": as the build tells it, or with the notebook's own labels.
local function evidence_of(claim)
  local told = type(claim.told) == "table" and claim.told[lang]
  if told then return told end
  local names = pandoc.List()
  for name in pairs(claim.evidence or {}) do names:insert(name) end
  table.sort(names)
  local parts = names:map(function(name) return name .. " = " .. shown(claim.evidence[name]) end)
  return table.concat(parts, words.join)
end

--- What a reader is told under a sentence that the edition's data do not bear out.
local function objection(claim)
  local reason = type(claim.fails_when) == "table" and claim.fails_when[lang] or claim.fails_when
  local text = words.fails .. words.stop
  if reason and reason ~= "" then
    text = text .. words.would .. words.colon .. reason:gsub("%.$", ""):gsub("。$", "") .. words.stop
  end
  return text .. words.evidence .. words.colon .. evidence_of(claim) .. (words.stop:gsub(" $", ""))
end

local function inlines_of(text)
  return pandoc.utils.blocks_to_inlines(pandoc.read(text:gsub("([\\`*_{}%[%]<>#$|~^@'\"])", "\\%1"), "markdown").blocks)
end

local function mark_claim(span)
  local id = span.attributes.ref
  local claim = claim_of(id, "claim")
  span.attributes.ref = nil
  if FORMAT:match("html") then
    span.attributes["data-claim"] = id
    local href = claim.href or ("notebooks/" .. claim.figure .. ".html")
    local label = words.mark .. words.colon .. evidence_of(claim)
    span.content:insert(pandoc.Link({ pandoc.Str("◦") }, offset() .. "/" .. href, label, pandoc.Attr("", { "claim-mark" }, {
      ["aria-label"] = label,
    })))
    if not claim.holds then
      span.classes:insert("claim-fails")
      local note = pandoc.Inlines({ pandoc.Str(words.open) })
      note:extend(inlines_of(objection(claim)))
      note:insert(pandoc.Str(words.close))
      span.content:insert(pandoc.Span(note, pandoc.Attr("", { "claim-note" }, { role = "note" })))
    end
  elseif not claim.holds then
    span.content:insert(pandoc.Note({ pandoc.Para(inlines_of(objection(claim))) }))
  end
  return span
end

--- The content of a .when or .unless, or nothing; nil for any other element.
local function choose(element)
  local when, unless = element.classes:includes("when"), element.classes:includes("unless")
  if not when and not unless then return nil end
  local claim = claim_of(element.attributes.claim, when and "when" or "unless")
  if (claim.holds == true) == when then return element.content end
  return {}
end

--- The table that the build wrote for a .computed, read where an include would come too early:
-- Quarto takes includes in before its pre-render hook has made what they name.
local function computed(div)
  if not div.classes:includes("computed") then return nil end
  local path = pandoc.path.join({ root, BUILT, lang, div.identifier .. ".md" })
  local file = io.open(path, "r")
  if not file then
    fail("no notebook gives the table " .. div.identifier, "Correct the id, or give it with session.report_table.")
  end
  local text = file:read("a")
  file:close()
  -- Quarto takes a table's id out of its caption itself
  return pandoc.read(text, quarto and "markdown-table_attributes" or "markdown").blocks
end

local function typst(text, inline)
  return inline and pandoc.RawInline("typst", text) or pandoc.RawBlock("typst", text)
end

--- Typst's writer drops the language of a part; the template's in-language gives it back.
local function tell_language(element, inline)
  local tag = element.attributes.lang
  if not tag or not FORMAT:match("typst") then return nil end
  local short = tag:match("^%a+")
  element.content:insert(1, typst('#in-language("' .. short .. '")[', inline))
  element.content:insert(typst("]", inline))
  element.attributes.lang = nil
  return element
end

--- Elements that are seen through: what stands in them begins and ends them.
local HOLDERS = {
  Emph = true, Strong = true, Strikeout = true, Superscript = true, Subscript = true, SmallCaps = true,
  Underline = true, Quoted = true, Span = true, Link = true,
}

--- Notes, citations and comments stand beside a word and are no part of the line.
local function is_beside(inline)
  if inline.t == "Cite" then
    local first = inline.citations[1]
    return not REFERENCE[first.id:match("^(%a+)%-") or ""] and first.mode ~= "AuthorInText"
  end
  return inline.t == "Note" or (inline.t == "RawInline" and inline.text:match("^<!%-%-") ~= nil)
end

--- What a shortcode of Quarto's prints that is still to be filled in, if it prints a fact.
local function fact_of(inline)
  local raw = inline.t == "Span" and inline.attributes["data-raw"]
  local id = raw and raw:match("var%s+%a+%.([%w_]+)")
  local fact = id and weave.facts[id]
  return fact and pandoc.Str(fact[lang])
end

--- Whether the last (or first) character that `inlines` print, from `from` on, is a Chinese one.
local function is_chinese(inlines, from, step)
  local inline = inlines[from]
  while inline and is_beside(inline) do
    from = from + step
    inline = inlines[from]
  end
  if not inline then return false end
  if inline.t == "Quoted" then return true end
  inline = fact_of(inline) or inline
  if HOLDERS[inline.t] then return is_chinese(inline.content, step < 0 and #inline.content or 1, step) end
  if inline.t ~= "Str" or inline.text == "" then return false end
  return is_wide(utf8.codepoint(inline.text, step < 0 and utf8.offset(inline.text, -1) or 1))
end

--- Lines of Chinese join without a blank (Quarto's reader knows no east_asian_line_breaks), whatever
-- they end or begin with; "与 @sec-x" needs its blank to be read as a reference, and before 小节, 图
-- or 表 prints none.
local function close_up(inlines)
  for i = #inlines - 1, 2, -1 do
    local blank, after = inlines[i], inlines[i + 1]
    if (blank.t == "SoftBreak" or blank.t == "Space") and is_chinese(inlines, i - 1, -1) then
      local refers = after.t == "Cite" and not is_beside(after) and after.citations[1].mode == "AuthorInText"
        and REFERENCE[after.citations[1].id:match("^(%a+)%-") or ""]
      local joined = blank.t == "SoftBreak" and (is_beside(after) or is_chinese(inlines, i + 1, 1))
      if refers or joined then inlines:remove(i) end
    end
  end
  return inlines
end

--- The figure with an id: fig-7 is that of fig7, fig-map that of map.
local function figure_of(id)
  local name = id:gsub("^fig%-", "")
  return weave.figures[name:match("^%d+$") and "fig" .. name or name]
end

local function describe(image, id)
  local figure = figure_of(id)
  local alt = figure and figure[lang] and figure[lang].alt
  if alt and alt ~= "" then
    image.attributes["fig-alt"] = alt
  elseif not image.attributes["fig-alt"] and not image.attributes.alt then
    fail("figure " .. id .. " has no alternative text", "Its notebook gives it; or type fig-alt.")
  end
  return image
end

--- In print and in Word the words of a figure are text around it, and its picture is the bare one:
--- title and measure above, note and source below. Nil where there is no bare picture.
local function words_around(image, id)
  local figure = figure_of(id)
  local said = figure and figure[lang]
  local bare = image.src:gsub("%.svg$", ".wide.svg")
  if FORMAT:match("html") or not said or bare == image.src or not exists(bare) then return nil end
  image.src = bare
  local function part(class, style, ...)
    local paragraphs = pandoc.Blocks({})
    for _, inlines in ipairs({ ... }) do
      if #inlines > 0 then paragraphs:insert(pandoc.Para(inlines)) end
    end
    if FORMAT:match("typst") then
      paragraphs:insert(1, pandoc.RawBlock("typst", "#align(left)[#" .. class))
      paragraphs:insert(pandoc.RawBlock("typst", "]"))
      return paragraphs
    end
    return pandoc.Blocks({ pandoc.Div(paragraphs, { ["custom-style"] = style }) })
  end
  local note = said.note ~= "" and pandoc.Inlines(words.note .. said.note) or {}
  return part("set par(first-line-indent: 0em, spacing: 0.5em)", "Figure Title",
      { pandoc.Strong(pandoc.Inlines(said.title)) }, pandoc.Inlines(said.measure)),
    part("set par(first-line-indent: 0em, spacing: 0.5em); #set text(size: 8pt)", "Figure Note",
      note, pandoc.Inlines(said.source))
end

--- A Word file takes the PNG that lies beside a figure's SVG: every Word shows it.
local function depict(image)
  local png = image.src:gsub("%.svg$", ".png")
  if png ~= image.src and exists(png) then
    image.src = png
    image.attributes.width = image.attributes.width or "100%"
  end
  return image
end

--- A reference to what another document of the report numbers, in the words that the build gave.
local function refer(cite)
  local told = weave.elsewhere and weave.elsewhere[lang] or {}
  local id = cite.citations[1].id
  local there = #cite.citations == 1 and not identified[id] and told[id]
  if not there then return nil end
  if FORMAT:match("html") then return pandoc.Link(there.label, there.href) end
  return pandoc.Str(there.label)
end

local marks = {
  Cite = function(cite) return refer(cite) end,
  Figure = function(figure)
    if not figure.identifier:match("^fig%-") then return nil end
    local above, below
    figure.content = figure.content:walk({
      Image = function(image)
        image = describe(image, figure.identifier)
        above, below = words_around(image, figure.identifier)
        return FORMAT:match("docx") and depict(image) or image
      end,
    })
    if not above then return figure end
    if not quarto then
      figure.content = above .. figure.content .. below
      return figure
    end
    -- Quarto keeps but the image of a figure; all of a div with a figure's id, the last its caption
    local picture
    figure.content:walk({ Image = function(image) picture = image end })
    picture.identifier, picture.caption = "", pandoc.Inlines({})
    local caption = pandoc.Para(pandoc.utils.blocks_to_inlines(figure.caption.long))
    local content = above .. pandoc.Blocks({ pandoc.Para({ picture }) }) .. below
    content:insert(caption)
    return pandoc.Div(content, pandoc.Attr(figure.identifier, figure.classes, figure.attributes))
  end,
  Image = function(image)
    if image.identifier:match("^fig%-") then image = describe(image, image.identifier) end
    return FORMAT:match("docx") and depict(image) or image
  end,
  Span = function(span)
    if span.classes:includes("claim") then return mark_claim(span) end
    return tell_language(span, true)
  end,
  Div = function(div) return tell_language(div, false) end,
}

function Pandoc(doc)
  root = find_root()
  weave = load_weave(root)
  lang = pandoc.utils.stringify(doc.meta.lang or "en"):match("^%a%a")
  lang = WORDS[lang] and lang or "en"
  words = WORDS[lang]
  -- A date in the front matter would have to be typed: the edition knows its own.
  if not doc.meta.date and weave.date then doc.meta.date = pandoc.MetaInlines({ pandoc.Str(weave.date) }) end
  local function note(element)
    if element.identifier ~= "" then identified[element.identifier] = true end
  end
  doc:walk({ Header = note, Div = note, Figure = note, Image = note, Table = note, Span = note })
  -- First what is dropped, so that nothing in it is looked at.
  local function take(div) return choose(div) or computed(div) end
  doc = doc:walk({ Div = take, Span = choose, Inlines = lang == "zh" and close_up or nil })
  -- Metadata such as abstract-en speak their own language.
  local own = lang
  for key, value in pairs(doc.meta) do
    local named = key:match("%-(%a%a)$")
    lang = WORDS[named] and named or own
    words = WORDS[lang]
    local kind = pandoc.utils.type(value)
    if kind == "Inlines" or kind == "Blocks" then doc.meta[key] = value:walk(marks) end
  end
  lang, words = own, WORDS[own]
  doc.blocks = doc.blocks:walk(marks)
  return doc
end
