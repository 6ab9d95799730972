#!/usr/bin/env bash
# try_deb.sh [DEB]: tries the Debian package (default: the one in build/): lintian, and an installation
# in a root file system of its own, made by debootstrap from the machine's own apt sources and booted
# with systemd-nspawn, where try_services.sh runs. Leaves nothing behind. Needs root and the right to
# mount; where these are missing, it says so and exits 0.
. "$(dirname "$0")/../../scripts/lib.sh"

skip() {
  say "try_deb: skipped: $*"
  exit 0
}
[ "$(id -u)" = 0 ] || skip "debootstrap needs root"
if [ "${MOM_TRY_DEB:-}" != isolated ]; then
  unshare --mount true 2>/dev/null || skip "mounts are not allowed here"
  "$ROOT/scripts/install-packages.sh" package-test
  # Whatever is mounted from here on, by debootstrap too, ends with this process.
  MOM_TRY_DEB=isolated exec unshare --mount "$0" "$@"
fi

deb=${1:-$(ls "$ROOT"/build/mom_*.deb 2>/dev/null)} || die "no package in build/; run scripts/package.sh"
work=$(mktemp -d /var/tmp/mom-try-deb.XXXXXX)
root=$work/root
clean_up() {
  umount --recursive --quiet "$root"/{proc,sys,dev} 2>/dev/null || true
  rm -rf --one-file-system "$work"
}
trap clean_up EXIT
trap 'exit 1' INT TERM HUP

# sources FORMAT: one line for each of Debian's sources that this machine uses.
# shellcheck disable=SC2016  # apt's own variables
sources() {
  apt-get indextargets --format "$1" 'Identifier: Packages' 'Origin: Debian' | sort -u
}

make_root() {
  local codename mirror
  codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
  mirror=$(sources '$(RELEASE) $(REPO_URI)' | sed -n "s/^$codename //p" | head -1)
  [ -n "$mirror" ] || die "apt has no list of Debian's packages; run apt-get update"
  say "Making a root file system ($codename) ..."
  timeout --foreground 600 debootstrap --variant=minbase "$codename" "$root" "$mirror" >"$work/log" 2>&1 || {
    tail -n 20 "$work/log" >&2
    die "debootstrap failed"
  }
  sources 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' >"$root/etc/apt/sources.list"
  cp -r /etc/apt/apt.conf.d "$root/etc/apt/"
}

# inside [nspawn options] COMMAND...: in the root file system, in namespaces of its own.
inside() {
  timeout --foreground 300 systemd-nspawn --quiet --register=no --keep-unit --directory="$root" "$@" </dev/null
}

install_package() {
  say "Installing $(basename "$deb") ..."
  cp "$deb" "$root/mom.deb"
  cp "$ROOT/build/bin/mom-emulator" "$ROOT/tests/package/try_services.sh" "$root/opt/"
  inside --setenv=DEBIAN_FRONTEND=noninteractive sh -c '
    apt-get -qq update && apt-get -qq -o Dpkg::Use-Pty=0 install -y --no-install-recommends \
      /mom.deb curl systemd' >"$work/log" 2>&1 || {
    tail -n 20 "$work/log" >&2
    die "apt-get could not install the package"
  }
}

try_services() {
  say "Booting it ..."
  cat >"$root/etc/systemd/system/try.service" <<'UNIT'
[Unit]
After=multi-user.target
SuccessAction=poweroff-force
FailureAction=poweroff-force
[Service]
Type=oneshot
ExecStart=/opt/try_services.sh
StandardOutput=file:/opt/log
StandardError=inherit
UNIT
  mkdir -p "$root/etc/systemd/system/multi-user.target.wants"
  ln -s ../try.service "$root/etc/systemd/system/multi-user.target.wants/"
  # Its own network: nothing but loopback, with every port free.
  inside --private-network --boot >"$work/log" 2>&1 || true
  [ -f "$root/opt/log" ] || {
    tail -n 20 "$work/log" >&2
    die "it does not boot"
  }
  cat "$root/opt/log"
  [ -f "$root/opt/passed" ]
}

say "lintian:"
lintian --allow-root --fail-on error,warning "$deb"
make_root
install_package
try_services
