#!/bin/sh
# Installs the Debian packages that are missing, and says which. Takes the name of what is to be done: deps (build and
# run), deps-test, deps-lint or deps-bench; each includes the ones before.
set -eu
packages="gcc libc6-dev pkg-config libncurses-dev libsqlite3-dev libconfig-dev libjansson-dev libsodium-dev
libfribidi-dev libunistring-dev libcsv-dev"
case "$1" in
deps) ;;
deps-test) packages="$packages libcmocka-dev libvterm-dev glpk-utils" ;;
deps-lint) packages="$packages libcmocka-dev libvterm-dev clang clang-tidy clang-format libclang-rt-dev cppcheck shellcheck git" ;;
deps-bench) packages="$packages libvterm-dev time liblemon-utils glpk-utils" ;;
*) echo "install.sh: $1: not a set of packages" >&2; exit 2 ;;
esac

command -v dpkg-query >/dev/null 2>&1 || {
    echo "jazari: this is not a Debian system: install these by hand: $packages" >&2
    exit 0
}
missing=
for package in $packages; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
echo "jazari: installing$missing"
as_root=
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null 2>&1 || {
        echo "jazari: not root, and there is no sudo: ask an administrator for: apt-get install$missing" >&2
        exit 1
    }
    as_root=sudo
fi
export DEBIAN_FRONTEND=noninteractive
install="apt-get install -y --no-install-recommends -q"
# shellcheck disable=SC2086
$as_root $install $missing >/dev/null 2>&1 || { $as_root apt-get update -q && $as_root $install $missing; }
