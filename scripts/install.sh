#!/usr/bin/env bash
# install.sh: builds and installs below PREFIX (default /usr/local), for packagers into DESTDIR.
# What is in PREFIX/etc/mom already stays as it is.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

prefix=${PREFIX:-/usr/local}
[[ $prefix == /* ]] || die "PREFIX must be an absolute path, as the units name it; it is '$prefix'"
[ "$prefix" = / ] || prefix=${prefix%/}

scripts/install-packages.sh
scripts/build.sh
cmake --install build --strip --prefix "$prefix"
