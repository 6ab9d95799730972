#!/usr/bin/env bash
# contracts.sh [options of tests/contracts]: builds; judges the official test suite of JSON schemas; tries
# the matrix of turns with tools on the engine and over REST; runs random schedules of what models may
# do to an answer that demands a form; tries whether the form that a request needs is found in those of
# real clients and in none that only look like them; compares the checker of aider's edit formats with
# aider itself; then real aider edits with MoM, turn after turn. With FULL=1 100,000 schedules, 20,000
# cases and 30 turns in each format, else short forms, which are part of test.sh.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

scripts/install-packages.sh test
scripts/install-clients.sh
scripts/build.sh release contract_check contract_test schedules_test engine_test momd mom-rest \
  mom-emulator
build/bin/contract_test --gtest_filter='*JsonSchemaSuite*' --gtest_brief=1
build/bin/engine_test --gtest_filter='ToolMatrix.*' --gtest_brief=1
"$DEPS/clients/bin/python" tests/e2e --bin build/bin --only ToolMatrix
build/bin/schedules_test --gtest_brief=1
"$PYTHON" tests/contracts/detection
turns=6
if [ -n "${FULL:-}" ]; then
  set -- --cases 20000 "$@"
  turns=30
fi
"$DEPS/aider/bin/python" tests/contracts "$@"
"$DEPS/aider/bin/python" tests/contracts/turns.py --turns "$turns"
