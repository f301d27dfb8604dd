--- Pictures in a Word file: pandoc's writer describes one by the words that stand for its caption.
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
