#!/bin/sh
# Build two checkouts and show what changed: sh tools/preview.sh BASE HEAD FOLDER
# HEAD/_site is the site as it would be published; FOLDER gets comparison.md (facts, claims,
# figures, sentences) and figures/changes/index.html (changed figures side by side; older editions
# below figures/editions/). ENGINE chooses the typesetter.
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
    before=$base/_site$edition
    test -f "$before/facts.json" || continue
    (
      cd "$head"
      .venv/bin/anew diff "$before" "$site" --markdown &&
        .venv/bin/anew diff "$before" "$site" --page "$folder/figures$edition" >&2
    ) || return
    echo
  done
}

build "$head"
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
if build "$base"; then
  compare >"$folder/comparison.md"
else
  echo "The base of this change does not build, so there is nothing to compare with." |
    tee "$folder/comparison.md"
fi
