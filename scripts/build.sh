#!/usr/bin/env bash
# build.sh [PRESET [TARGET...]]: configures (once) and builds; the programs land in build/bin (preset
# release, the default) or build/PRESET/bin.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

preset=${1:-release}
shift || true
targets=("$@")
if [ "$preset" = release ]; then
  dir=build
  [ ${#targets[@]} -gt 0 ] || targets=(momd mom-rest mom mom-emulator)
else
  dir=build/$preset
fi

if [ ! -f "$dir/build.ninja" ]; then
  mkdir -p "$dir"
  cmake --preset "$preset" >"$dir/configure.log" 2>&1 || {
    cat "$dir/configure.log" >&2
    die "cmake failed"
  }
fi
ninja -C "$dir" "${targets[@]}"
