"""The vocabulary of the subset: classes and attributes that a text may use, what each does."""

from __future__ import annotations

from anew.typeset.embedded import callouts, conditional

#: Classes of a div, and what each does.
DIV_CLASSES = {
    **{f"callout-{kind}": "a callout" for kind in callouts.CALLOUTS},
    conditional.VISIBLE: "content for one format",
    conditional.HIDDEN: "content for the other formats",
    "when": "content for editions in which the claim holds",
    "unless": "content for editions in which it does not",
    "computed": "the table of this id that a notebook gives; the div is empty",
}

#: Classes of a span, and what each does.
SPAN_CLASSES = {
    "claim": "a sentence and the claim that it makes",
    conditional.VISIBLE: "words for one format",
    conditional.HIDDEN: "words for the other formats",
    "when": "words for editions in which the claim holds",
    "unless": "words for editions in which it does not",
    "underline": "underlined",
    "smallcaps": "small capitals",
    "mark": "highlighted",
}

#: Attributes by element.
ATTRIBUTES = {
    "Div": ("lang", "claim", *conditional.CONDITIONS, *callouts.ATTRIBUTES),
    "Span": ("lang", "claim", "ref", *conditional.CONDITIONS),
    "Header": (),
    "Image": ("width", "height", "alt", "fig-alt"),
    "Link": ("lang",),
    "Code": (),
    "CodeBlock": conditional.CONDITIONS,
    "Table": ("tbl-colwidths",),
    "Figure": (),
}

#: Classes of other elements.
CLASSES = {
    "Header": ("unnumbered", "unlisted"),
    "CodeBlock": (conditional.VISIBLE, conditional.HIDDEN),
}
