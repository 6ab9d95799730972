#!/usr/bin/env bash
# test.sh: installs what is missing, builds, and runs every test: lint; the release build with all
# unit and end-to-end tests; the same under the address and undefined-behaviour sanitizers (without
# the end-to-end tests that only try other programs); what links no gRPC under the thread sanitizer.
# Every stage is timed; the last line has the sum of all tests.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

out=$ROOT/build/test
rm -rf "$out"
mkdir -p "$out"
table=()
passed=0 failed=0 skipped=0

# stage NAME COMMAND...: runs and times it. The command writes "passed failed skipped" to the file
# $counts where it counts tests; where it fails without having counted a failure, that is one.
stage() {
  local name=$1 begin=$SECONDS status=0 p=0 f=0 s=0
  shift
  say "" "== $name"
  counts=$out/${name// /-}.counts
  "$@" || status=$?
  [ ! -f "$counts" ] || read -r p f s <"$counts"
  [ "$status" = 0 ] || [ "$f" != 0 ] || f=1
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  local seconds=$((SECONDS - begin))
  table+=("$(printf '%-22s %6d s %8d %8d %8d' "$name" "$seconds" "$p" "$f" "$s")")
  say "== $name: $seconds s"
  return "$status"
}

lint() { tests/lint/lint.py "$counts"; }

# unit_tests PRESET_DIR [COMMAND PREFIX...]
unit_tests() {
  local dir=$1 status=0 reports
  shift
  reports=$(mktemp -d "$out/gtest.XXXXXX")
  GTEST_OUTPUT=json:$reports/ "$@" ctest --test-dir "$dir" --output-on-failure --parallel "$(nproc)" ||
    status=$?
  "$PYTHON" tests/count_gtest.py "$reports" "$counts"
  return "$status"
}

end_to_end() { "$DEPS/clients/bin/python" tests/e2e --counts "$counts" "$@"; }

soak() { "$DEPS/clients/bin/python" tests/soak --counts "$counts" "$@"; }

detection() { "$PYTHON" tests/contracts/detection --counts "$counts" "$@"; }

# Where aider could not be installed, there is nothing to compare with.
contracts() {
  if [ ! -x "$DEPS/aider/bin/aider" ]; then
    echo "0 0 1" >"$counts"
    return
  fi
  "$DEPS/aider/bin/python" "$@" --counts "$counts"
}

lane_release() {
  stage "release build" scripts/build.sh release all || return
  stage "release unit tests" unit_tests build || true
  stage "release end to end" end_to_end --bin build/bin || true
  stage "release soak" soak --bin build/bin || true
  stage "contract detection" detection --check build/bin/contract_check --seed 1 || true
  stage "contracts" contracts tests/contracts --check build/bin/contract_check --cases 280 --seed 1 ||
    true
  stage "aider's turns" contracts tests/contracts/turns.py --bin build/bin --turns 3 --seed 1 || true
}

lane_asan() {
  export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1
  export UBSAN_OPTIONS=print_stacktrace=1
  export LSAN_OPTIONS=suppressions=$ROOT/tests/lsan.supp:print_suppressions=0
  stage "asan build" scripts/build.sh asan || return
  stage "asan unit tests" unit_tests build/asan || true
  stage "asan end to end" end_to_end --bin build/asan/bin --gateway-only || true
}

# This sanitizer wants a predictable address space.
fixed_addresses() {
  if setarch -R true 2>/dev/null; then setarch -R "$@"; else "$@"; fi
}

lane_tsan() {
  stage "tsan build" scripts/build.sh tsan || return
  stage "tsan unit tests" unit_tests build/tsan fixed_addresses || true
}

if stage "packages" scripts/install-packages.sh test; then
  stage "lint" lint || true
  stage "clients" scripts/install-clients.sh || true
  lane_release || true
  lane_asan || true
  lane_tsan || true
fi

say "" "$(printf '%-22s %8s %8s %8s %8s' stage seconds passed failed skipped)"
printf '%s\n' "${table[@]}"
say "$(printf '%-22s %6d s' 'in all' $SECONDS)" ""
if have ccache; then
  ccache --show-stats | grep -E 'Hits|Misses' | head -2 | sed 's/^ */ccache: /' || true
fi
say "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
