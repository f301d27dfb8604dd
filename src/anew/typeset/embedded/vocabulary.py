"""The vocabulary of the subset: classes and attributes that a text may use, what each does."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True)
class Refused:
    """Something that Quarto knows and the subset does not have: an example, and what to write.

    `line` is the line of the example that shows what it is.
    """

    example: str
    instead: str
    line: int = 0


#: What authors write in Quarto and the subset refuses, because a page, print or Word would lose it.
REFUSED = {
    "tabs": Refused("::: {.panel-tabset}\n## A\n:::\n", "sections, one below the other"),
    "layouts": Refused(
        "::: {layout-ncol=2}\nA\n\nB\n:::\n", "one picture, or one below the other"
    ),
    "sub-figures": Refused(
        "::: {#fig-a}\n![A](a.svg){#fig-b}\n\n![B](b.svg){#fig-c}\n\nC\n:::\n",
        "a figure for each, or one picture that holds both",
    ),
    "margin notes": Refused("A [b]{.aside}\n", "a footnote: `^[words]`"),
    "content in the margin": Refused("::: {.column-margin}\nA\n:::\n", "a callout"),
    "wide columns": Refused("::: {.column-page}\nA\n:::\n", "the text's own width"),
    "theorems and the like": Refused("::: {#thm-a}\nA\n:::\n", "a callout with a title"),
    "numbered callouts": Refused(
        "::: {#nte-a .callout-note}\nA\n:::\n", "a section, which has a number"
    ),
    "numbered listings": Refused(
        '```{#lst-a .python lst-cap="A"}\n1\n```\n', "a figure or a section"
    ),
    "names of a listing's file": Refused(
        '``` {.python filename="a.py"}\n1\n```\n', "the sentence above"
    ),
    "numbers of lines": Refused("``` {.python .numberLines}\n1\n```\n", "the text: `line 3`"),
    "annotations of code": Refused(
        "```python\nx = 1  # <1>\n```\n\n1. A\n", "a comment in the code", 1
    ),
    "code that runs": Refused("```{python}\n1\n```\n", "a notebook, and its facts and figures"),
    "diagrams": Refused("```{mermaid}\ngraph TD\n```\n", "a picture of your own"),
    "video": Refused("{{< video a.mp4 >}}\n", "a link"),
    "other shortcodes": Refused("{{< kbd Ctrl-C >}}\n", "words"),
    "lightboxes": Refused("A ![b](a.svg){.lightbox}\n", "a link to the picture"),
    "HTML tables": Refused("<table><tr><td>1</td></tr></table>\n", "a pipe table or a grid table"),
    "raw HTML and raw Typst for every format": Refused(
        "A <b>b</b>\n", 'Markdown, or `::: {.content-visible when-format="html"}` around it'
    ),
    "raw TeX": Refused("A \\textbf{b}\n", "Markdown"),
    "appendices": Refused("# A {.appendix}\n", "a section at the end"),
    "conditions on metadata and profiles": Refused(
        '::: {.content-visible when-meta="draft"}\nA\n:::\n', '`::: {.when claim="id"}`'
    ),
    "captions without an id": Refused("| a |\n|---|\n| 1 |\n\n: A\n", "`: A {#tbl-name}`", 4),
    "citations in the front matter": Refused("---\nabstract: See [@a].\n---\n", "the text", 1),
}  # fmt: skip
