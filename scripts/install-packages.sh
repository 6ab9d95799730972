#!/usr/bin/env bash
# install-packages.sh [GROUP...]: installs the Debian packages that building and running needs, and
# those of the groups (test, package, package-test, bench). Returns at once when all are there.
. "$(dirname "$0")/lib.sh"

packages=(
  make g++ cmake ninja-build ccache pkg-config
  libgrpc++-dev protobuf-compiler-grpc protobuf-compiler libprotobuf-dev libabsl-dev
  libboost1.81-dev libsimdjson-dev rapidjson-dev libyaml-cpp-dev libcurl4-openssl-dev
  libvalijson-dev libre2-dev zlib1g-dev libssl-dev libnghttp2-dev libmimalloc-dev
  libgtest-dev libgmock-dev
  ca-certificates curl python3 python3-venv libgomp1
)
for group in "$@"; do
  case $group in
    test) packages+=(git clang-format-16 python3-yaml json-schema-test-suite) ;;
    package) packages+=(dpkg-dev file help2man) ;;
    package-test) packages+=(debootstrap systemd-container lintian) ;;
    bench) packages+=(wrk) ;;
    *) die "unknown group '$group'; there are: test, package, package-test, bench" ;;
  esac
done

missing() {
  comm -23 <(printf '%s\n' "${packages[@]}" | sort -u) \
    <(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "${packages[@]}" 2>/dev/null |
      sed -n 's/ installed$//p' | sort -u)
}

mapfile -t wanted < <(missing)
[ ${#wanted[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" != 0 ]; then
  have sudo || die "these packages are missing; run as root: apt-get install -y ${wanted[*]}"
  as_root=(sudo)
fi
apt() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=3 \
    -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
}

say "Installing ${#wanted[@]} packages: ${wanted[*]}"
apt update || say "apt-get update failed; trying with the lists that are there" >&2
apt install -y --no-install-recommends "${wanted[@]}" >/dev/null ||
  apt install -y --no-install-recommends "${wanted[@]}" ||
  die "apt-get could not install: ${wanted[*]}"
