#!/usr/bin/env bash
# try_services.sh: tries the installed package, as root under systemd, in the throwaway system that
# try_deb.sh has booted. Writes /opt/passed at its end.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive

step() { printf 'try_deb: %s\n' "$*"; }
fail() {
  printf 'try_deb: FAILED: %s\n' "$*"
  systemctl --no-pager status momd mom-rest || true
  journalctl --no-pager -n 50 -u momd -u mom-rest || true
  exit 1
}
# is WHAT WANTED COMMAND...: what the command prints is what is wanted.
is() {
  local what=$1 wanted=$2 got
  shift 2
  got=$("$@" 2>&1) || true
  [ "$got" = "$wanted" ] || fail "$what is '$got', not '$wanted'"
}
# eventually WHAT COMMAND...: the command succeeds within 30 s.
eventually() {
  local what=$1 end=$((SECONDS + 30))
  shift
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $end ] || fail "waited in vain: $what"
    sleep 0.1
  done
}
property() { systemctl show --value --property "$2" "$1"; }
# override LINE...: adds to the unit of momd.
override() {
  mkdir -p /run/systemd/system/momd.service.d
  printf '%s\n' "$@" >>/run/systemd/system/momd.service.d/try.conf
  systemctl daemon-reload
}
get() { curl --silent --show-error --fail --max-time 20 --noproxy '*' "http://127.0.0.1:8000/$1" "${@:2}"; }
ask() { get v1/chat/completions --json '{"model": "mom", "messages": [{"role": "user", "content": "?"}]}'; }
# The names in a service's environment.
variables_of() { tr '\0' '\n' <"/proc/$(property "$1" MainPID)/environ" | cut -d= -f1; }
# The time at which momd last said that it is alive.
alive_at() { property momd WatchdogTimestampMonotonic; }
alive_after() { [ "$(alive_at)" -gt "$1" ]; }
restarted() { [ "$(property momd NRestarts)" -gt 0 ] && systemctl is-active momd; }

step "nothing runs after the installation, and systemd likes the units"
for unit in momd mom-rest; do
  is "$unit" disabled systemctl is-enabled $unit
  is "$unit" inactive systemctl is-active $unit
done
systemd-analyze verify momd.service mom-rest.service || fail "systemd finds mistakes in the units"
is "the owner of the keys" "root 600" stat -c '%U %a' /etc/mom/keys.env

step "without a key, the check names those that are wanted"
if checked=$(momd --config /etc/mom/config.yaml --check-config 2>&1); then
  fail "a config without any key is called good"
fi
[[ $checked == *OPENAI_API_KEY* ]] || fail "the check names no key: $checked"

step "with a provider, the services start and answer"
echo '{"models": {"*": [{"text": "It works."}]}}' >/opt/script.json
/opt/mom-emulator --script /opt/script.json --listen 127.0.0.1:9000 >/dev/null &
cat >/etc/mom/config.yaml <<'CONFIG'
server: {listen: ["127.0.0.1:50051", "unix:${MOM_RUNTIME_DIR}/mom.sock"], threads: 2}
rest: {listen: "127.0.0.1:8000", service: "unix:${MOM_RUNTIME_DIR}/mom.sock"}
providers:
  here: {base_url: "http://127.0.0.1:9000/v1", api_key: "${TRY_API_KEY}"}
  sealed: {base_url: "http://127.0.0.1:9000/v1", api_key_file: /run/credentials/momd.service/sealed}
models: {one: {provider: here}, two: {provider: sealed}}
mixtures: {mom: {members: [one, two], strategy: single}}
trace: {debug_requests: /var/lib/mom/debug-requests}
CONFIG
echo TRY_API_KEY=sk-canary >>/etc/mom/keys.env
echo sk-canary >/opt/sealed.key
chmod 600 /opt/sealed.key
override '[Service]' 'LoadCredential=sealed:/opt/sealed.key'
systemctl enable --now --quiet momd mom-rest || fail "the services do not start"
eventually "/readyz" get readyz
[[ $(ask) == *"It works."* ]] || fail "the answer is $(ask)"
for unit in momd mom-rest; do
  is "$unit's user" _mom stat -c %U "/proc/$(property $unit MainPID)"
done
is "the socket" "_mom 600" stat -c '%U %a' /run/mom/mom.sock
is "the requests' folder" "_mom 700" stat -c '%U %a' /var/lib/mom/debug-requests
variables_of momd | grep -qx TRY_API_KEY || fail "momd has no key"
if variables_of mom-rest | grep -qx TRY_API_KEY; then fail "mom-rest has the key"; fi
! journalctl -u momd -u mom-rest | grep sk-canary || fail "the key is in the journal"

step "a reload lets a changed config go live, and no process ends"
before=$(property momd MainPID)
sed -i 's/members: \[one, two\]/members: [two]/' /etc/mom/config.yaml
systemctl reload momd mom-rest || fail "the services do not reload"
eventually "the new config" sh -c 'journalctl -u momd | grep -q config_live'
is "momd's process" "$before" property momd MainPID
[[ $(ask) == *"It works."* ]] || fail "the answer is $(ask)"
mom health || fail "mom finds no service"

step "a hung service is noticed and started again"
override '[Service]' 'WatchdogSec=1s'
systemctl restart momd
for _ in 1 2 3; do
  eventually "a sign of life" alive_after "$(alive_at)"
done
is "momd's restarts" 0 property momd NRestarts
kill -STOP "$(property momd MainPID)"
eventually "a restart of the hung momd" restarted
eventually "/readyz after the restart" get readyz

step "an upgrade keeps the config and restarts what runs"
before=$(property mom-rest MainPID)
dpkg --install /mom.deb >/dev/null 2>&1 || fail "it cannot be installed over itself"
[ "$(property mom-rest MainPID)" != "$before" ] || fail "mom-rest was not restarted"
grep -q 127.0.0.1:9000 /etc/mom/config.yaml || fail "the config was replaced"
eventually "/readyz after the upgrade" get readyz
[[ $(ask) == *"It works."* ]] || fail "the answer is $(ask)"

step "they stop in an orderly way"
systemctl stop mom-rest momd
for unit in momd mom-rest; do
  is "$unit's end" "success 0" echo "$(property $unit Result) $(property $unit ExecMainStatus)"
done

step "a purge leaves nothing"
apt-get -qq -o Dpkg::Use-Pty=0 purge -y mom >/dev/null 2>&1 || fail "it cannot be purged"
left=$(find / -xdev \( -path /proc -o -path /sys -o -path /opt -o -path /var/lib/dpkg \
  -o -path /var/lib/systemd -o -path /var/log \) -prune -o \
  \( -name 'mom' -o -name 'momd*' -o -name 'mom-rest*' \) -print)
[ -z "$left" ] || fail "it left $left"

step "good"
touch /opt/passed
