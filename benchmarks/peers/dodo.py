"""The same notebooks and texts with doit: a task for each notebook, one for each text."""

import json
import os
from pathlib import Path

STAGE, OUT, BIN, TYPESET = (
    os.environ[f"BENCH_{name}"] for name in ("STAGE", "OUT", "BIN", "TYPESET")
)
INPUTS = json.loads(Path(os.environ["BENCH_INPUTS"]).read_text("utf-8"))


def task_notebook():
    for name, files in INPUTS.items():
        done = f"{OUT}/{name}.ipynb"
        yield {
            "name": name,
            "file_dep": files,
            "targets": [done, f"{OUT}/{name}.html"],
            "actions": [
                f"{BIN}/papermill analysis/{name}.ipynb {done} --no-progress-bar",
                f"{BIN}/jupyter nbconvert --log-level WARN --to html {done}",
            ],
        }


def task_text():
    for language in ("zh", "en"):
        text = map(str, Path(f"{STAGE}/report/{language}").glob("*"))
        yield {
            "name": language,
            "file_dep": [*text, *(f"{OUT}/{name}.ipynb" for name in INPUTS)],
            "targets": [f"{OUT}/{language}.html", f"{OUT}/{language}.pdf"],
            "actions": [f"{BIN}/python {TYPESET} {STAGE} {OUT} {language}"],
        }
