#!/usr/bin/env bash
# soak.sh [options of tests/soak]: builds, and loads the gateway while things happen to it; prints a
# table and fails where a count in it is wrong. With FULL=1 as long as it takes, else a short form,
# which is part of test.sh.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

scripts/install-packages.sh
scripts/install-clients.sh
scripts/build.sh
[ -z "${FULL:-}" ] || set -- --full "$@"
exec "$DEPS/clients/bin/python" tests/soak --bin build/bin "$@"
