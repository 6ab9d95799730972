#!/usr/bin/env bash
# contracts.sh [options of tests/contracts]: builds; judges the official test suite of JSON schemas; tries
# whether the form that a request needs is found in those of real clients and in none that only look
# like them; and compares the checker of aider's edit formats with aider itself, with FULL=1 on 20,000
# cases, else in a short form. All are part of test.sh.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

scripts/install-packages.sh test
scripts/install-clients.sh
scripts/build.sh release contract_check contract_test
build/bin/contract_test --gtest_filter='*JsonSchemaSuite*' --gtest_brief=1
"$PYTHON" tests/contracts/detection
[ -z "${FULL:-}" ] || set -- --cases 20000 "$@"
exec "$DEPS/aider/bin/python" tests/contracts "$@"
