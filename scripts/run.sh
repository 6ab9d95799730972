#!/usr/bin/env bash
# run.sh [momd options]: installs what is missing, builds, starts the local models and the gateway,
# asks one question, says where to connect, and stays in the foreground until Ctrl-C, which stops
# everything it started. From the environment:
#   ONCE=1               exit 0 after the answer
#   QUESTION="..."       the question
#   CONFIG=FILE          default config.yaml; one of your own decides where the gateway listens
#   BIN=FOLDER           use these programs and build nothing
#   DEBUG_REQUESTS=1     one folder a request in debug-requests/ (or in the folder named)
#   MOM_REST_PORT, MOM_GRPC_PORT   preferred ports, where config.yaml's defaults are not wanted; a
#                        free one is taken where they are in use
# With a provider's key set (see cloud_keys), or with a config that does not use them, the local
# models are not started.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

config=${CONFIG:-config.yaml}
question=${QUESTION:-What is the capital of France?}
momd_options=("$@")
case ${DEBUG_REQUESTS:-} in
  '') ;;
  1) momd_options+=(--debug-requests) ;;
  *) momd_options+=(--debug-requests "$DEBUG_REQUESTS") ;;
esac
cloud_keys=(OPENROUTER_API_KEY OPENAI_API_KEY ANTHROPIC_API_KEY GEMINI_API_KEY)

scripts/install-packages.sh
bin=${BIN:-}
if [ -z "$bin" ]; then
  scripts/build.sh release momd mom-rest mom
  bin=build/bin
fi

runtime=$(mktemp -d "${TMPDIR:-/tmp}/mom.XXXXXX") # logs and the socket, whose path must be short
export MOM_RUNTIME_DIR=$runtime
names=()
pids=()

# start NAME COMMAND...: in a session of its own, so that Ctrl-C comes to this script alone.
start() {
  local name=$1
  shift
  setsid "$@" </dev/null >"$runtime/$name.log" 2>&1 &
  names+=("$name")
  pids+=($!)
}

# The last started first: the gateway drains while its models still run.
stop_all() {
  local status=$? i
  trap - EXIT
  trap 'kill -KILL "${pids[@]}" 2>/dev/null || true' INT TERM HUP
  for ((i = ${#pids[@]} - 1; i >= 0; i--)); do
    kill -TERM "${pids[i]}" 2>/dev/null || true
    wait "${pids[i]}" 2>/dev/null || true
  done
  if [ "$status" = 0 ] || [ ${#pids[@]} = 0 ]; then
    rm -rf "$runtime"
  else
    say "The logs are in $runtime" >&2
  fi
  exit "$status"
}
trap stop_all EXIT
trap interrupted INT TERM HUP

interrupted() {
  [ ${#pids[@]} = 0 ] || say "Stopping; requests under way may end first. Ctrl-C again stops at once."
  exit 0
}

fail_if_ended() {
  local i
  for i in "${!pids[@]}"; do
    kill -0 "${pids[i]}" 2>/dev/null && continue
    tail -n 20 "$runtime/${names[i]}.log" >&2
    die "${names[i]} has ended"
  done
}

# wait_for SECONDS COMMAND...: until the command succeeds.
wait_for() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    fail_if_ended
    [ $SECONDS -lt $end ] || die "waited in vain for: $*"
    sleep 0.1
  done
}

# uses VARIABLE: whether the config does.
uses() { grep -qs "\${$1[:}]" "$config"; }

# choose_port VARIABLE: exports it where the port that it or else the config gives is in use, and
# says so.
choose_port() {
  uses "$1" || return 0
  local wanted=${!1:-} port
  [ -n "$wanted" ] || wanted=$(sed -n "s/^[^#]*\${$1:-\([0-9]*\)}.*/\1/p" "$config" | head -1)
  port=$(free_port "${wanted:-0}")
  [ "$port" != "$wanted" ] || return 0
  [ -z "$wanted" ] || say "Port $wanted is in use; taking $port"
  export "$1=$port"
}

# address_of SECTION: the first address of its `listen` in the config that is in force.
address_of() {
  "$bin/momd" --config "$config" --print-config |
    sed -n "/^$1:/,/^[a-z]/s/^  listen: [^\"]*\"\([^\"]*\)\".*/\1/p"
}

# fail_if_taken ADDRESS: whoever listens there would answer in place of our mom-rest.
fail_if_taken() {
  local status=0
  curl --silent --output /dev/null --max-time 2 --noproxy '*' "http://$1/" || status=$?
  [ "$status" = 7 ] || # nobody there
    die "rest.listen: $1 is in use by another program; stop it, or write another port into $config"
}

wants_models() {
  local key
  uses MOM_LOCAL_KEY || return 1
  for key in "${cloud_keys[@]}"; do
    if [ -n "${!key:-}" ]; then
      say "$key is set: its models are used, the local ones are not started"
      return 1
    fi
  done
}

# check_config [NAME=VALUE...]: before anything is started that takes its time; with what the local
# models will set.
check_config() {
  env "$@" "$bin/momd" --config "$config" --check-config >/dev/null
}

start_models() {
  say "Starting the local models ..."
  # In the foreground first: it says what it installs, and under which licences.
  scripts/local-models.sh --install
  start local-models scripts/local-models.sh "$runtime/models.env"
  wait_for 180 test -f "$runtime/models.env"
  set -a
  # shellcheck disable=SC1091
  . "$runtime/models.env"
  MOM_ANALYSIS=${MOM_ANALYSIS:-off}
  set +a
}

start_gateway() {
  choose_port MOM_GRPC_PORT
  choose_port MOM_REST_PORT
  start momd "$bin/momd" --config "$config" "${momd_options[@]}"
  base_url=http://$(address_of rest)/v1
  fail_if_taken "$(address_of rest)"
  start mom-rest "$bin/mom-rest" --config "$config"
  wait_for 30 curl --silent --fail --output /dev/null --noproxy '*' "${base_url%/v1}/readyz"
  say "In use:"
  sed -n 's/.*"event":"config","[a-z]*":"\(.*\)"}$/  \1/p' "$runtime/momd.log"
}

if wants_models; then
  check_config MOM_LOCAL_KEY=soon MOM_SMOLLM2_URL=http://127.0.0.1 MOM_GEMMA3_URL=http://127.0.0.1
  start_models
else
  check_config
fi
start_gateway
say "
Question: $question"
"$PYTHON" clients/python/ask.py --base-url "$base_url" "$question"
say "
Connect to
  REST   $base_url   (OpenAI-compatible; model: mom; any key)
  gRPC   $(address_of server)   (mom.v1.MomService; reflection is on)
  aider  OPENAI_API_BASE=$base_url OPENAI_API_KEY=x aider --model openai/mom
  mom    MOM_ADDRESS=$(address_of server) $bin/mom ask --watch \"Why is the sky blue?\""
[ -z "${ONCE:-}" ] || exit 0
say "Logs: $runtime/momd.log and mom-rest.log. Ctrl-C stops it."
wait -n || true
fail_if_ended
