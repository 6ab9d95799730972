#!/usr/bin/env bash
# contracts.sh [options of tests/contracts]: builds, tries the matrix of turns with tools on the engine
# and over REST, and compares the checker of aider's edit formats with aider itself, after random
# schedules of what models may do to an answer that demands a form. With FULL=1 20,000 cases and
# 100,000 schedules, else a short form, which is part of test.sh.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

scripts/install-packages.sh
scripts/install-clients.sh
scripts/build.sh release contract_check schedules_test engine_test momd mom-rest mom-emulator
build/bin/engine_test --gtest_filter='ToolMatrix.*' --gtest_brief=1
"$DEPS/clients/bin/python" tests/e2e --bin build/bin --only ToolMatrix
build/bin/schedules_test --gtest_brief=1
[ -z "${FULL:-}" ] || set -- --cases 20000 "$@"
exec "$DEPS/aider/bin/python" tests/contracts "$@"
