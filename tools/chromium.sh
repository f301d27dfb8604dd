#!/bin/sh
# Install Chromium for the browser tests where that may be done; say so where it may not.
set -eu
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null 2>&1 && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing Chromium for the browser tests …"
  apt-get update -qq >/dev/null && apt-get install -y -qq chromium >/dev/null 2>&1 && exit 0
fi
echo "No Chromium here and no right to install it: the browser tests will be reported as not run."
echo "To run them: sudo apt-get install chromium"
