#!/usr/bin/env bash
# package.sh: builds the Debian package build/mom_VERSION_ARCHITECTURE.deb.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

scripts/install-packages.sh package
scripts/build.sh

# man_page PROGRAM WHAT_IT_IS: made of what it says of itself.
man_page() {
  help2man --no-info --name="$2" "build/bin/$1" | gzip -9n >"build/man/$1.1.gz"
}
rm -rf build/man build/mom_*.deb
mkdir build/man
man_page momd "the gRPC service of a Mixture-of-Models gateway"
man_page mom-rest "the OpenAI-compatible front of a Mixture-of-Models gateway"
man_page mom "command-line client of a Mixture-of-Models gateway"

cpack --config build/CPackConfig.cmake -B build
rm -rf build/_CPack_Packages
