#!/usr/bin/env bash
# install-clients.sh: installs the real clients that the end-to-end tests use into .deps/, each
# pinned. Does nothing where they are there already. Where Go or Node is missing or too old, it says
# so, and the tests that need the tool are skipped and counted.
. "$(dirname "$0")/lib.sh"

grpcurl_version=v1.9.3
buf_version=1.75.0

# newer_or_same HAVE WANT: compares dotted versions.
newer_or_same() { [ "$(printf '%s\n' "$2" "$1" | sort -V | head -1)" = "$2" ]; }

install_python_clients() {
  ensure_venv "$DEPS/clients" "$ROOT/scripts/requirements/clients.txt" ||
    die "pip could not install the Python clients"
}

install_aider() {
  ensure_venv "$DEPS/aider" "$ROOT/scripts/requirements/aider.txt" && return
  say "aider could not be installed: its tests are skipped"
}

install_buf() {
  [ "$(cat "$DEPS/node/.stamp" 2>/dev/null)" != "$buf_version" ] || return 0
  if ! have npm || ! newer_or_same "$(node --version | tr -d v)" 18; then
    say "no Node 18 with npm: the tests with buf are skipped"
    return
  fi
  npm install --prefix "$DEPS/node" --silent --no-audit --no-fund "@bufbuild/buf@$buf_version"
  echo "$buf_version" >"$DEPS/node/.stamp"
}

install_grpcurl() {
  [ "$(cat "$DEPS/go/.stamp" 2>/dev/null)" != "$grpcurl_version" ] || return 0
  if ! have go || ! newer_or_same "$(go env GOVERSION | tr -d go)" 1.21; then
    say "no Go 1.21: the tests with grpcurl are skipped"
    return
  fi
  GOBIN=$DEPS/go/bin GOTOOLCHAIN=local GOFLAGS=-mod=mod \
    go install "github.com/fullstorydev/grpcurl/cmd/grpcurl@$grpcurl_version"
  echo "$grpcurl_version" >"$DEPS/go/.stamp"
}

mkdir -p "$DEPS"
install_python_clients
install_aider
install_buf
install_grpcurl
