#!/usr/bin/env bash
# run.sh [bench.py options]: measures the gateway beside nginx, on one machine, in interleaved
# rounds. Prints figures and judges nothing: compare the ratios, absolute rates belong to a machine.
. "$(dirname "$0")/../scripts/lib.sh"
cd "$ROOT"

scripts/install-packages.sh bench
scripts/build.sh

# Debian's nginx package starts a server when it is installed; here it is only unpacked.
nginx=$(PATH=$PATH:/usr/sbin command -v nginx || true)
if [ -z "$nginx" ]; then
  nginx=$DEPS/nginx/usr/sbin/nginx
  if [ ! -x "$nginx" ]; then
    mkdir -p "$DEPS/nginx"
    (cd "$DEPS/nginx" && apt-get -qq download nginx && dpkg-deb --extract nginx_*.deb .)
  fi
fi
exec "$PYTHON" bench/bench.py --nginx "$nginx" "$@"
