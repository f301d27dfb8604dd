#!/bin/sh
# Install Chromium for the browser tests, or say why that is not possible. Playwright's driver also
# needs libatomic, which minimal systems lack.
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
echo "Cannot install$(printf ' %s' $need) without root: the browser tests will be skipped."
echo "To run them: sudo apt-get install $need"
