"""A stand-in for Quarto's command: what it does to files, with the embedded typesetter inside.

It looks up what to render in `_quarto.yml`, runs the hooks there, empties and fills `_site`, and
puts a text into a page like Quarto's. Tests of what is around Quarto need no more; whether the two
typesetters agree is for the tests that ask for the real one.

STAND_IN_VERSION is the version that it claims, STAND_IN_SAYS is said on stderr, and STAND_IN_FAILS
is the exit code of a rendering.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

#: What Quarto's page has around a text, as far as it matters here.
PAGE = """\
<!DOCTYPE html>
<html lang="{lang}"><head><meta charset="utf-8"><meta name="generator" content="quarto-1.10.18">
<title>{title}</title>
<script src="../../site_libs/quarto-nav/quarto-nav.js"></script>
<link href="../../site_libs/bootstrap/bootstrap.min.css" rel="stylesheet">
</head><body class="nav-fixed">
<nav id="TOC" role="doc-toc"><ul>{contents}</ul></nav>
<main class="content" id="quarto-document-content">
<header id="title-block-header" class="quarto-title-block default">
<div class="quarto-title"><h1 class="title">{title}</h1></div></header>
{body}
</main>
<script id="quarto-html-after-body" type="application/javascript">window.quarto = 1;</script>
</body></html>
"""

KINDS = {"html": ".html", "typst": ".pdf", "docx": ".docx"}


def install(folder: Path) -> Path:
    """Write an executable `quarto` into `folder`; return it."""
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "quarto"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{Path(__file__)}" "$@"\n')
    program.chmod(0o755)
    return program


def contents(headings) -> str:
    return "".join(
        f'<li><a href="#{one.id}">{one.html}</a></li>{contents(one.children)}' for one in headings
    )


def page(root: Path, document: str) -> str:
    """Return a document in a page like Quarto's."""
    from anew.typeset.embedded import render_html

    made = render_html(root, document)
    title, body = made.title, made.body
    return PAGE.format(lang=made.lang, title=title, body=body, contents=contents(made.toc))


def set_one(root: Path, document: str, kind: str) -> None:
    from anew.figures.fonts import font_folder
    from anew.project.paths import Project
    from anew.typeset import embedded

    target = (root / "_site" / document).with_suffix(KINDS[kind])
    target.parent.mkdir(parents=True, exist_ok=True)
    if kind == "html":
        target.write_text(page(root, document), "utf-8")
        libraries = {"bootstrap/bootstrap.min.css": "a{}", "quarto-nav/quarto-nav.js": ""}
        for name, text in libraries.items():
            library = root / "_site" / "site_libs" / name
            library.parent.mkdir(parents=True, exist_ok=True)
            library.write_text(text)
    elif kind == "typst":
        embedded.render_pdf(root, document, target, font_folder(Project(root)))
    else:
        embedded.render_docx(root, document, target)


def run_hook(root: Path, hook: str, config: dict, environment: dict[str, str]) -> None:
    command = config["project"].get(f"{hook}-render")
    if command:
        done = subprocess.run([sys.executable, *command.split()], cwd=root, env=environment)
        if done.returncode:
            sys.exit(1)


def render(root: Path, arguments: list[str]) -> None:
    import yaml

    config = yaml.safe_load((root / "_quarto.yml").read_text("utf-8"))
    kinds = ["html", "typst"]
    if "--to" in arguments:
        kinds = [arguments.pop(arguments.index("--to") + 1)]
        arguments.remove("--to")
    environment = {**os.environ, "QUARTO_PROJECT_OUTPUT_DIR": str(root / "_site")}
    if not arguments:
        environment["QUARTO_PROJECT_RENDER_ALL"] = "1"
        shutil.rmtree(root / "_site", ignore_errors=True)
    run_hook(root, "pre", config, environment)
    sys.stderr.write(os.environ.get("STAND_IN_SAYS", "") + "\n")
    if os.environ.get("STAND_IN_FAILS"):
        sys.exit(int(os.environ["STAND_IN_FAILS"]))
    for document in arguments or config["project"]["render"]:
        for kind in kinds:
            set_one(root, document, kind)
    pictures = root / "figures"
    if pictures.is_dir():
        shutil.copytree(pictures, root / "_site" / "figures", dirs_exist_ok=True)
    run_hook(root, "post", config, environment)
    sys.stderr.write("Output created: _site/index.html\n")


if __name__ == "__main__":
    if sys.argv[1:] == ["--version"]:
        print(os.environ.get("STAND_IN_VERSION", "1.10.18"))
    else:
        assert sys.argv[1] == "render", sys.argv
        render(Path.cwd(), sys.argv[2:])
