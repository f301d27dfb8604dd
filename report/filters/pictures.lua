--- Pictures in a Word file, where pandoc's writer describes one by the words that stand for its
--- caption; and tables in print, whose columns are as wide as what they hold: pandoc would take
--- the widths from the dashes in the source.
--
-- Runs at the end, when Quarto has taken the captions for its own: { path: …, at: post-finalize }.

function Image(image)
  if not FORMAT:match("docx") then return nil end
  local alt = image.attributes["fig-alt"] or image.attributes.alt
  if alt and alt ~= "" then
    image.caption = pandoc.Inlines({ pandoc.Str(alt) })
    return image
  end
end

function Table(tbl)
  if not FORMAT:match("typst") then return nil end
  tbl.colspecs = tbl.colspecs:map(function(spec) return { spec[1], nil } end)
  return tbl
end
