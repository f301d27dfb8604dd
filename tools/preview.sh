#!/bin/sh
# Build two checkouts and show what changed: sh tools/preview.sh BASE HEAD FOLDER
# HEAD/_site is the site as it would be published; FOLDER gets comparison.md (facts, claims,
# figures) and figures.html (changed figures side by side). ENGINE chooses the typesetter.
set -eu
base=$(cd "$1" && pwd) head=$(cd "$2" && pwd) folder=$3
engine=${ENGINE:-auto}

build() {
  make -C "$1" setup && (cd "$1" && .venv/bin/anew build --engine "$engine" --all-editions)
}

# The newest edition, then the older ones that both sites have.
compare() {
  for site in "$head/_site" "$head"/_site/editions/*/; do
    edition=${site#"$head/_site"}
    test -f "$base/_site$edition/facts.json" || continue
    (cd "$head" && .venv/bin/anew diff "$base/_site$edition" "$site" --markdown) || return
    echo
  done
}

build "$head"
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
if build "$base"; then
  compare >"$folder/comparison.md"
  "$head/.venv/bin/python" "$head/tools/side_by_side.py" "$base/_site" "$head/_site" "$folder"
else
  echo "The base of this change does not build, so there is nothing to compare with." |
    tee "$folder/comparison.md"
fi
