#!/usr/bin/env bash
# Everything Denwaban needs on a bare Debian 12 (root, or a user with sudo): run it as often as you like.
#   ./setup.sh        system packages, .venv, Asterisk 22
#   ./setup.sh test   the same, and what only the tests need
#   ./setup.sh bench  like test, without the database server that the tests start
#   ./setup.sh venv   only .venv
#   ./setup.sh page   only the monitor's page and the tools that check it (with `venv`, enough for `make check`)
#   ./setup.sh extras    .venv with the libraries that only some commands of the simulator need
#   ./setup.sh compiled  the pure packages compiled below var/compiled/, for a faster simulator
#   ./setup.sh lock   write requirements.lock and requirements-sim.lock again from pyproject.toml
set -euo pipefail
cd "$(dirname "$0")"

readonly PYTHON=/usr/bin/python3.11
# sip-tester: the SIP callers and robots of the demo, the tests and the bench. mmdebstrap: fetches Asterisk.
# espeak-ng: the voices of all languages but Japanese. graphviz: its dot lays out `denwaban diagram`.
# util-linux: its setpriv ends the robots with the program that started them.
readonly RUN_PACKAGES=(ca-certificates espeak-ng graphviz mmdebstrap sip-tester util-linux)
# Programs only: the tests start a server of their own, in a folder of their own.
readonly TEST_PACKAGES=(postgresql)
# A real browser on the monitor's page, and letters for it.
readonly BROWSER_PACKAGES=(chromium fonts-ipafont-gothic)
# For mypyc, which compiles the pure packages for the simulator.
readonly COMPILER_PACKAGES=(gcc libc6-dev python3.11-dev)
readonly STAMPS=var/stamps
readonly PAGE=supervisor/page
readonly NODE_AT_LEAST=18

say() { printf 'setup: %s\n' "$*" >&2; }
fail() { say "error: $*"; exit 1; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"
    elif command -v sudo >/dev/null; then sudo "$@"
    else fail "root is needed for: $* -- run as root, or install sudo"
    fi
}

installed() { dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

apt_quietly() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Acquire::Retries=3 \
        -o DPkg::Lock::Timeout=300 "$@" </dev/null >>var/setup-apt.log 2>&1
}

need_packages() {
    local missing=() package
    for package in "$@"; do installed "$package" || missing+=("$package"); done
    [ ${#missing[@]} -gt 0 ] || return 0
    command -v apt-get >/dev/null || fail "this is no Debian: install by hand: ${missing[*]}"
    say "installing system packages: ${missing[*]}"
    if ! { apt_quietly update && apt_quietly install --no-install-recommends "${missing[@]}"; }; then
        tail -n 15 var/setup-apt.log >&2
        fail "apt could not install ${missing[*]}. Check the name resolution and network of this machine" \
            "and /etc/apt/sources.list*, then run this again (whole log: var/setup-apt.log)"
    fi
}

hash_of() { cat "$@" | sha256sum | cut -c1-64; }
stamped() { [ "$(cat "$STAMPS/$1" 2>/dev/null)" = "$2" ]; }
stamp() { mkdir -p "$STAMPS" && printf '%s\n' "$2" >"$STAMPS/$1"; }

pip_quietly() {
    .venv/bin/python -m pip --disable-pip-version-check --no-input install --quiet --root-user-action=ignore "$@"
}

make_venv() {
    if .venv/bin/python -m pip --version >/dev/null 2>&1; then return 0; fi
    [ -x "$PYTHON" ] || need_packages python3.11
    # Debian ships Python without ensurepip, which `venv` needs, unless this package is there.
    "$PYTHON" -c 'import ensurepip' 2>/dev/null || need_packages python3.11-venv
    say "creating .venv"
    "$PYTHON" -m venv --clear .venv
}

set_up_venv() {
    local key
    key=$(hash_of requirements.lock pyproject.toml)
    if [ -x .venv/bin/python ] && stamped venv "$key"; then return 0; fi
    need_packages ca-certificates
    make_venv
    say "installing Python packages from requirements.lock (about 250 MB the first time)"
    pip_quietly --require-hashes -r requirements.lock ||
        fail "pip could not install requirements.lock. Check the network, then run this again"
    # After the locked packages, and built with the locked setuptools: nothing unlocked gets in.
    pip_quietly --no-deps --no-build-isolation -e .
    stamp venv "$key"
    say ".venv is ready"
}

set_up_extras() {
    local key
    set_up_venv
    key=$(hash_of requirements-sim.lock)
    if stamped extras "$key"; then return 0; fi
    say "installing the simulator's optional libraries from requirements-sim.lock (about 400 MB)"
    pip_quietly --require-hashes -r requirements-sim.lock ||
        fail "pip could not install requirements-sim.lock. Check the network, then run this again"
    stamp extras "$key"
}

set_up_compiled() {
    need_packages "${COMPILER_PACKAGES[@]}"
    set_up_venv
    # Looks by itself whether these very sources are compiled already.
    .venv/bin/python -m sim.native_build 2>>var/setup-compiled.log || {
        tail -n 15 var/setup-compiled.log >&2
        fail "the pure packages could not be compiled (whole log: var/setup-compiled.log)"
    }
}

no_postgresql_server() {
    # Debian's package would start a server of its own on this machine.
    [ -e /etc/postgresql-common/createcluster.conf ] && return 0
    as_root mkdir -p /etc/postgresql-common
    echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
}

node_is_there() {
    command -v npm >/dev/null &&
        [ "$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)" -ge "$NODE_AT_LEAST" ]
}

need_node() {
    if node_is_there; then return 0; fi
    need_packages nodejs npm
    node_is_there || fail "the monitor's page needs Node.js $NODE_AT_LEAST or newer with npm, and what is first in the" \
        "PATH is older ($(command -v node || echo 'no node')): update it, or remove it and run this again"
}

# What makes the page. With `dev` also what checks it: the type checker, the linter, axe for the browser tests.
install_page_packages() {
    local kind=$1 key npm=(npm --prefix "$PAGE" ci --ignore-scripts --no-audit --no-fund --loglevel=error)
    key=$(hash_of "$PAGE/package.json" "$PAGE/package-lock.json")
    if [ -d "$PAGE/node_modules/esbuild" ]; then
        if stamped page-packages "dev $key" || stamped page-packages "$kind $key"; then return 0; fi
    fi
    need_node
    say "installing the page's packages from $PAGE/package-lock.json"
    [ "$kind" = dev ] || npm+=(--omit=dev)
    "${npm[@]}" >var/setup-npm.log 2>&1 || {
        tail -n 15 var/setup-npm.log >&2
        fail "npm could not install $PAGE/package-lock.json. Check the network and the registry that npm is set to," \
            "then run this again (whole log: var/setup-npm.log)"
    }
    stamp page-packages "$kind $key"
}

page_sources() {
    find "$PAGE/src" "$PAGE/build.mjs" "$PAGE/package-lock.json" -type f | LC_ALL=C sort
}

set_up_page() {
    local key sources
    mapfile -t sources < <(page_sources)
    key=$(hash_of "${sources[@]}")
    if [ -f var/page/manifest.json ] && stamped page "$key"; then return 0; fi
    install_page_packages run
    need_node
    node "$PAGE/build.mjs" 2>&1 | tee var/setup-page.log | sed 's/^/setup: /' >&2 ||
        fail "the monitor's page could not be built: see above"
    stamp page "$key"
}

set_up_page_tools() {
    install_page_packages dev
    set_up_page
}

set_up_asterisk() { .venv/bin/python -m telephony.provision; }

resolve() {
    local target=$1
    shift
    var/lock-tools/bin/uv pip compile pyproject.toml "$@" --quiet \
        --generate-hashes --no-emit-index-url --no-header \
        --python-version 3.11 --python-platform x86_64-manylinux_2_28 -o "$target"
    say "$target is written"
}

lock() {
    local tools=var/lock-tools
    make_venv
    [ -x "$tools/bin/uv" ] || { .venv/bin/python -m venv "$tools" && "$tools/bin/python" -m pip install -q uv; }
    # --upgrade: newest versions that pyproject.toml allows; no index address and no command line in the file.
    resolve requirements.lock --extra dev --extra postgres --upgrade
    resolve requirements-sim.lock --extra dev --extra postgres --extra sim --extra rivals --upgrade \
        --constraint requirements.lock
}

mkdir -p var
case "${1:-all}" in
    all) need_packages "${RUN_PACKAGES[@]}"; set_up_venv; set_up_page; set_up_asterisk ;;
    test)
        no_postgresql_server
        need_packages "${RUN_PACKAGES[@]}" "${TEST_PACKAGES[@]}" "${BROWSER_PACKAGES[@]}" \
            "${COMPILER_PACKAGES[@]}"
        set_up_extras
        set_up_compiled
        set_up_page_tools
        set_up_asterisk
        ;;
    bench)
        need_packages "${RUN_PACKAGES[@]}" "${BROWSER_PACKAGES[@]}" "${COMPILER_PACKAGES[@]}"
        set_up_extras
        set_up_compiled
        set_up_page
        set_up_asterisk
        ;;
    venv) set_up_venv ;;
    page) set_up_page_tools ;;
    extras) set_up_extras ;;
    compiled) set_up_compiled ;;
    lock) lock ;;
    *) fail "unknown argument '$1': use nothing, 'test', 'bench', 'venv', 'page', 'extras', 'compiled' or 'lock'" ;;
esac
