"""Figures on a page: files, data as a table, points, and links to notebook and source."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from markupsafe import escape

from anew.figures.words import LAYOUTS, NARROW, WIDE, Point, figure_id, picture_name
from anew.notebook.findings import WovenFigure
from anew.project.language import say
from anew.site.citing import cite
from anew.site.links import localised, relative
from anew.site.markup import Ready, add_class, parse, written
from anew.site.page import Page, Site
from anew.site.shell import fragment, render_page
from anew.text.numbers import Grid, read_grid

_PICTURE = re.compile(r"^(?P<address>[a-z][a-z0-9-]*)\.(?P<language>[a-z]{2})\.(?:svg|png)$")
#: Rows of data that a page shows whole; of more it shows so many from either end.
MOST_ROWS, ENDS = 500, 20

_VIEW = re.compile(r"viewBox=\"[-\d.]+ [-\d.]+ (?P<width>[\d.]+) (?P<height>[\d.]+)\"")

#: Up to this width a page shows the narrow layout: the wide one's 8 pt would be below 11 px.
_PHONE = "40rem"


@dataclass(frozen=True)
class Figure:
    """A figure in one language. `size` is width and height in any unit; `data` its CSV file.

    `wide` and `narrow` are the sizes of the bare layouts, None where there is only the picture
    with its words inside.
    """

    address: str
    number: str
    language: str
    title: str
    measure: str
    note: str
    alt: str
    source: str
    notebook: str
    size: tuple[float, float]
    data: str
    points: tuple[Point, ...] = ()
    wide: tuple[float, float] | None = None
    narrow: tuple[float, float] | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    document: str = "index"
    order: tuple[bool, int] = (False, 0)

    @property
    def id(self) -> str:
        """Its id in the text."""
        return figure_id(self.address)

    @property
    def place(self) -> str:
        """Where it stands on the site."""
        return f"report/{self.language}/{self.document}.html#{self.id}"

    @property
    def shown(self) -> tuple[str, tuple[float, float]]:
        """Where the picture that a page shows is, and its size; its points are measured on it."""
        return (
            (self.path(f"{WIDE.name}.svg"), self.wide)
            if self.wide
            else (self.path("svg"), self.size)
        )

    def path(self, kind: str) -> str:
        """Return where the figure's file of a kind (svg, png, csv, wide.svg …) is on the site."""
        if kind == "csv":
            return f"figures/{self.address}.csv"
        return f"figures/{self.address}.{self.language}.{kind}"


def gather_figures(
    woven: Mapping[str, WovenFigure],
    language: str,
    *,
    pictures: Mapping[str, str],
    data: Mapping[str, str],
) -> dict[str, Figure]:
    """Return the figures of an edition (`woven`) by address.

    `pictures` are the SVG files by address, the bare ones by address and layout (fig3.narrow), and
    `data` the CSV files by address, all as text.
    """
    found = {}
    for address, entry in woven.items():
        words = entry.words[language]
        sizes = {
            layout.name: _size(pictures.get(f"{address}.{layout.name}", ""))
            for layout in (WIDE, NARROW)
        }
        found[address] = Figure(
            address=address,
            document=entry.document,
            number=entry.told,
            order=(entry.document != "index", entry.number),
            language=language,
            title=words.title,
            measure=words.measure,
            note=words.note,
            alt=words.alt,
            source=words.source,
            notebook=entry.notebook,
            size=_size(pictures[address]) or (5.0, 4.0),
            data=data[address],
            points=tuple(entry.points.get(language, ())),
            columns=words.columns,
            **sizes,
        )
    return found


def social_picture(figures: Iterable[Figure], chosen: str | None = None) -> str | None:
    """Return the picture that stands for a page elsewhere: of a figure, or of the first one."""

    def rank(figure: Figure) -> tuple[bool, tuple[bool, int]]:
        return (figure.address != chosen, figure.order)

    first = min(figures, key=rank, default=None)
    return first.path("png") if first else None


def read_pictures(folder: Path, addresses: Iterable[str], language: str) -> dict[str, str]:
    """Return the SVG files of a folder in one language, as `gather_figures` wants them."""
    paths = {
        address if layout.framed else f"{address}.{layout.name}": folder
        / f"{address}.{picture_name(language, layout)}.svg"
        for address in addresses
        for layout in LAYOUTS
    }
    return {name: path.read_text("utf-8") for name, path in paths.items() if path.is_file()}


def _size(picture: str) -> tuple[float, float] | None:
    view = _VIEW.search(picture)
    return (float(view["width"]), float(view["height"])) if view else None


def dress_figures(
    tree: BeautifulSoup,
    figures: Mapping[str, Figure],
    page: str,
    *,
    names: Mapping[str, str] | None = None,
    source: Callable[[str], str | None] = lambda path: None,
    site: Site | None = None,
    changed: Collection[str] = (),
) -> list[str]:
    """Give every figure of a page its files, its data and its points; return their addresses.

    Works on any page that shows `figN.<language>.svg` in a <figure>, whichever typesetter made
    it. `names` are the words for columns and codes, `source` gives the address of a source file
    or None. On the pages of a `site` a figure says how to cite and embed it, and one of those that
    `changed` since the edition before leads to the comparison.
    """
    dressed: list[str] = []
    for image in tree.find_all("img"):
        match = _PICTURE.match(posixpath.basename(str(image.get("src", ""))))
        if not match or match["address"] not in figures:
            continue
        holder = image.find_parent("figure")
        if holder is None:
            continue
        figure = figures[match["address"]]
        _dress_picture(tree, image, figure, page, first=not dressed)
        grid = read_grid(figure.data, figure.language, {**(names or {}), **figure.columns})
        count = len(grid.rows)
        behind = fragment(
            "figure.html.j2",
            figure.language,
            page,
            figure=figure,
            grid=grid if count <= MOST_ROWS else replace(grid, rows=grid.rows[:ENDS]),
            tail=replace(grid, rows=grid.rows[-ENDS:]) if count > MOST_ROWS else None,
            count=count,
            notebook=localised(f"notebooks/{figure.address}.html", figure.language),
            source=source(figure.notebook),
            cited=cite(site, figure.language, figure) if site and "cite" in site.under else None,
            under=site.under if site else ("files", "data"),
            figure_path=figure_path(figure.address, figure.language),
            embed=_embed(site, figure) if site else "",
            changes=localised("changes/index.html", figure.language)
            if figure.address in changed
            else "",
        )
        holder.insert_after(Ready(behind))
        dressed.append(figure.address)
    return dressed


def figure_page(site: Site, figure: Figure) -> str:
    """Return the page with just the figure, for other people's pages to show in a frame."""
    tree = parse(f'<figure><img src="{figure.address}.{figure.language}.svg"></figure>')
    path = figure_path(figure.address, figure.language)
    for image in tree.find_all("img"):
        _dress_picture(tree, image, figure, path, first=True)
    finding = tree.find(class_="finding")  # of a picture with its words inside it is unseen
    if finding:
        finding.name = "h1"
    else:
        tree.insert(0, Ready(f'<h1 class="unseen">{escape(figure.title)}</h1>'))
    origin = figure.place
    page = Page(
        path=path,
        language=figure.language,
        title=figure.title,
        description=figure.measure,
        body=written(tree),
        alternates={figure.language: origin},
        indexed=False,
        kind="embed",
    )
    return render_page(site, page, frame="embed.html.j2")


def figure_path(address: str, language: str) -> str:
    """Return where the page with just the figure is."""
    return localised(f"figures/{address}.html", language)


def _embed(site: Site, figure: Figure) -> str:
    """Return the HTML that shows the figure on another page.

    The script of the page completes its address where the site's is not known.
    """
    path = figure_path(figure.address, figure.language)
    width, height = figure.shown[1]
    tall = round(640 * height / width) + 220  # the words above and below it
    return (
        f'<iframe src="{escape(site.address(path) or path)}" title="{escape(figure.title)}"'
        f' width="100%" height="{tall}" loading="lazy" style="border:0"></iframe>'
    )


def table_html(grid: Grid, language: str, caption: str) -> str:
    """Return a table with its caption; numbers are right-aligned, gaps are labelled."""
    return fragment("table.html.j2", language, "", grid=grid, caption=caption)


def _dress_picture(
    tree: BeautifulSoup, image: Tag, figure: Figure, page: str, *, first: bool
) -> None:
    """Reserve the picture's room, describe it, and put it into a box that can hold points.

    A figure with a narrow layout is shown bare, with its words as text around it; the page chooses
    the layout by its width.
    """
    width, height = figure.shown[1]
    image["width"], image["height"] = "672", str(round(672 * height / width))
    image["alt"] = figure.alt
    for name in ("style", "title"):
        del image[name]
    image["decoding"] = "async"
    if not first:
        image["loading"] = "lazy"
    box = tree.new_tag("div")
    add_class(box, "picture")
    if figure.points:
        points = [(p.x, p.y, p.text, *(p.narrow or ())) for p in figure.points]
        box["data-points"] = json.dumps(points, ensure_ascii=False, separators=(",", ":"))
        box["data-label"] = say(figure.language, "points", number=figure.number)
    parent = image.parent
    if parent is not None and parent.name == "p":  # a paragraph cannot hold a box
        parent.name = "div"
    image.wrap(box)
    holder = box.find_parent("figure")
    if holder is not None:
        add_class(holder, "shown")
    if holder is not None and figure.narrow:
        _lay_out(tree, image, figure, figure.narrow, page)
        part = box  # Quarto's boxes around it included
        while part.parent is not None and part.parent is not holder:
            part = part.parent
        part.insert_before(Ready(fragment("words.html.j2", figure.language, page, figure=figure)))
        below = fragment("words_below.html.j2", figure.language, page, figure=figure)
        if below.strip():
            part.insert_after(Ready(below))


def _lay_out(
    tree: BeautifulSoup, image: Tag, figure: Figure, narrow: tuple[float, float], page: str
) -> None:
    """Let the page choose between the wide picture and the narrow one."""
    image["src"] = relative(page, figure.shown[0])
    width, height = narrow
    source = tree.new_tag("source")
    source["media"] = f"(max-width: {_PHONE})"
    source["srcset"] = relative(page, figure.path(f"{NARROW.name}.svg"))
    source["width"], source["height"] = "328", str(round(328 * height / width))
    image.wrap(tree.new_tag("picture"))
    image.insert_before(source)


def link_to(figure: Figure, page: str) -> str:
    """Return the link from a page to the figure in the report."""
    return relative(page, figure.place)
