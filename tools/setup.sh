#!/bin/sh
# Make the environment: sh tools/setup.sh PYTHON VENV LOCK
# Every package comes from LOCK with its hash; the project itself is installed in place.
set -eu
python=$1 venv=$2 lock=$3

"$python" - <<'EOF' || exit 1
import sys
if sys.version_info < (3, 11):
    sys.exit("anew needs Python 3.11 or newer; this is %s.\n"
             "Install one and say which: make report PYTHON=python3.12" % sys.version.split()[0])
try:
    import ensurepip, venv
except ImportError:
    sys.exit("This Python cannot make virtual environments.\n"
             "On Debian or Ubuntu: apt-get install python3-venv")
EOF

test -x "$venv/bin/python" || "$python" -m venv "$venv"
echo "Installing the locked packages into $venv (once; about a minute) …"
if command -v uv >/dev/null 2>&1; then
  VIRTUAL_ENV=$venv uv pip install --quiet --require-hashes --compile-bytecode -r "$lock"
  VIRTUAL_ENV=$venv uv pip install --quiet --no-deps --no-build-isolation -e .
else
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps \
    --no-build-isolation -e .
fi
"$venv/bin/python" -m compileall -q "$venv/lib" src analysis >/dev/null 2>&1 || true
