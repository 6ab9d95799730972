#!/usr/bin/env bash
# contracts.sh [options of tests/contracts]: builds, and compares the checker of aider's edit formats
# with aider itself; then real aider edits with MoM, turn after turn. With FULL=1 20,000 cases and
# 30 turns in each format, else short forms; test.sh has that of the comparison.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

scripts/install-packages.sh
scripts/install-clients.sh
scripts/build.sh release contract_check momd mom-rest mom-emulator
turns=6
if [ -n "${FULL:-}" ]; then
  set -- --cases 20000 "$@"
  turns=30
fi
"$DEPS/aider/bin/python" tests/contracts "$@"
"$DEPS/aider/bin/python" tests/contracts/turns.py --turns "$turns"
