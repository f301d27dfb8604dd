#!/bin/sh
# Install what validates research objects: sh tools/crate_validator.sh VENV LOCK
# It has an environment of its own inside VENV, because it needs other versions than the report.
# Where it may not be installed this says so and ends well; on a CI machine the test then fails.
set -eu
venv=$1 lock=$2
folder=$venv/lib/crate-validator

cmp -s "$lock" "$folder/lock" && exit 0
rm -rf "$folder"
install() {
  if command -v uv >/dev/null 2>&1; then
    uv venv --quiet --python "$venv/bin/python" "$folder" &&
      VIRTUAL_ENV=$folder uv pip install --quiet --require-hashes -r "$lock"
  else
    "$venv/bin/python" -m venv "$folder" &&
      "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes \
        -r "$lock"
  fi
}
if install; then
  cp "$lock" "$folder/lock"
else
  rm -rf "$folder"
  echo "The validator of research objects cannot be installed: its test will not run."
fi
