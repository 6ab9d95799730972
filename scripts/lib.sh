# What the scripts share. To be sourced; works with nothing but bash and coreutils.
# shellcheck shell=bash
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
DEPS=$ROOT/.deps                     # what the scripts install; git-ignored
PYTHON=${PYTHON:-/usr/bin/python3}   # Debian's own: the venvs must not depend on a user's shims

have() { command -v "$1" >/dev/null 2>&1; }
say() { printf '%s\n' "$@"; }
die() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# Prints a TCP port of 127.0.0.1 that is free now: the one given if possible.
free_port() {
  "$PYTHON" -c '
import socket, sys
for port in (int(sys.argv[1]), 0):
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind(("127.0.0.1", port))
        except OSError:
            continue
        print(s.getsockname()[1])
        break' "$1"
}

# ensure_venv DIR REQUIREMENTS [pip options]: makes a venv with exactly these packages, or does
# nothing where the stamp says that it is there.
ensure_venv() {
  local dir=$1 requirements=$2
  shift 2
  cmp -s "$requirements" "$dir/.stamp" && return 0
  rm -rf "$dir"
  "$PYTHON" -m venv "$dir" || die "cannot make a venv; on Debian: apt-get install python3-venv"
  "$dir/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: \
    --requirement "$requirements" "$@" || return 1
  cp "$requirements" "$dir/.stamp"
}
