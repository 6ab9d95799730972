#!/usr/bin/env bash
# contracts.sh [options of tests/contracts]: builds; tries whether the form that a request needs is
# found in those of real clients and in none that only look like them; and compares the checker of
# aider's edit formats with aider itself, with FULL=1 on 20,000 cases, else in a short form. Both are
# part of test.sh.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

scripts/install-packages.sh
scripts/install-clients.sh
scripts/build.sh release contract_check
"$PYTHON" tests/contracts/detection
[ -z "${FULL:-}" ] || set -- --cases 20000 "$@"
exec "$DEPS/aider/bin/python" tests/contracts "$@"
