#!/bin/sh
# Install Chromium for the browser tests where that may be done; say so where it may not.
# Playwright, which drives it, brings a program that needs a library which small systems lack.
set -eu
need=""
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 ||
  command -v google-chrome >/dev/null 2>&1 || need=chromium
if command -v ldconfig >/dev/null 2>&1; then
  ldconfig -p | grep -q libatomic.so.1 || need="$need libatomic1"
fi
test -n "$need" || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing Chromium for the browser tests …"
  # shellcheck disable=SC2086  # a list of packages
  apt-get update -qq >/dev/null && apt-get install -y -qq $need >/dev/null 2>&1 && exit 0
fi
echo "No right to install$(printf ' %s' $need) here: the browser tests will be reported as not run."
echo "To run them: sudo apt-get install $need"
