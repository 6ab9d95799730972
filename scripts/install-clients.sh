#!/usr/bin/env bash
# install-clients.sh: installs the real clients that the end-to-end tests use into .deps/, each
# pinned. Does nothing where they are there already. Where Go or Node is missing or too old, it says
# so, and the tests that need the tool are skipped and counted.
. "$(dirname "$0")/lib.sh"

grpcurl=github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.9.3
node_programs=(@bufbuild/buf@1.75.0 opencode-ai@1.18.33)

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

# is_installed FOLDER PINS: whether the folder was installed with exactly these.
is_installed() { [ "$(cat "$1/.stamp" 2>/dev/null)" = "$2" ]; }

# The packages that the examples in clients/node ask for, and programs.
install_node_clients() {
  local pins
  pins=$(cat "$ROOT/clients/node/package.json" && printf '%s\n' "${node_programs[@]}")
  ! is_installed "$DEPS/node" "$pins" || return 0
  if ! have npm || ! newer_or_same "$(node --version | tr -d v)" 18; then
    say "no Node 18 with npm: the tests with Node, opencode and buf are skipped"
    return
  fi
  rm -rf "$DEPS/node"
  mkdir "$DEPS/node"
  cp "$ROOT/clients/node/package.json" "$DEPS/node"
  npm install --prefix "$DEPS/node" --silent --no-audit --no-fund "${node_programs[@]}"
  echo "$pins" >"$DEPS/node/.stamp"
}

# grpcurl, and what clients/go needs: protoc's plugins, and modules in Go's own cache.
install_go_clients() {
  local pins
  pins=$(echo "$grpcurl" && cat "$ROOT/clients/go/go.mod")
  ! is_installed "$DEPS/go" "$pins" || return 0
  if ! have go || ! newer_or_same "$(go env GOVERSION | tr -d go)" 1.24; then
    say "no Go 1.24: the tests with Go and grpcurl are skipped"
    return
  fi
  export GOBIN=$DEPS/go/bin GOTOOLCHAIN=local
  go install "$grpcurl"
  (cd "$ROOT/clients/go" && go install tool && go mod download)
  echo "$pins" >"$DEPS/go/.stamp"
}

mkdir -p "$DEPS"
install_python_clients
install_aider
install_node_clients
install_go_clients
