#!/bin/bash
#
# ./autogen.sh           makes ./configure
# ./autogen.sh TARGET    installs the packages that are missing (Debian), makes
#                        ./configure, configures in ./build, and makes TARGET:
#                        all, demo, check, bench, ...
#
# Asks nothing.  CONFIGURE_ARGS is handed to ./configure when ./build is new.

set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"

POSTGRESQL_OLDEST=15

# What the build and a running demo need.
PACKAGES=(build-essential autoconf automake pkg-config
	libfcgi-dev libpq-dev libjson-c-dev libxml2-dev libxslt1-dev libarchive-dev libxlsxwriter-dev libcsv-dev
	libssl-dev libcurl4-openssl-dev
	libsodium-dev liboath-dev libcrack2-dev cracklib-runtime librhonabwy-dev
	spawn-fcgi multiwatch python3 curl jq ca-certificates)

# What the tests and the bench need on top.
TEST_PACKAGES=(check libtap-parser-sourcehandler-pgtap-perl libxml2-utils clang libclang-rt-dev
	python3-pytest python3-psycopg2 python3-requests python3-jsonschema python3-hypothesis python3-openpyxl
	python3-cryptography)

# What the bench needs on top.
BENCH_PACKAGES=(wrk)

step() { printf '==> %s\n' "$*"; }

fail() {
	printf 'autogen.sh: %s\n' "$*" >&2
	exit 1
}

# run_logged LOG COMMAND...: the command's output goes to the log; at failure its end is shown.
run_logged() {
	local log=$1
	shift
	"$@" > "$log" 2>&1 < /dev/null && return 0
	tail -n 15 "$log" | sed 's/^/    /' >&2
	return 1
}

# ---------------------------------------------------------------- packages

# The newest installed PostgreSQL server that will do; empty without one.
installed_postgresql() {
	local version
	for version in $(printf '%s\n' /usr/lib/postgresql/*/bin/initdb | cut -d/ -f5 | sort -rn); do
		if [[ $version =~ ^[0-9]+$ && $version -ge $POSTGRESQL_OLDEST ]]; then
			printf '%s' "$version"
			return
		fi
	done
}

is_installed() {
	[[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# Sets MISSING for a target.
find_missing() {
	local package version wanted=("${PACKAGES[@]}")
	case $1 in
		all | demo | install* | clean | dist) ;;
		bench) wanted+=("${BENCH_PACKAGES[@]}") ;;
		*) wanted+=("${TEST_PACKAGES[@]}") ;;
	esac
	version=$(installed_postgresql)
	if [[ -z $version ]]; then
		version=$POSTGRESQL_OLDEST
		if [[ -z $(apt-cache madison "postgresql-$version" 2>/dev/null) ]]; then
			version=$(apt-cache depends postgresql 2>/dev/null | sed -n 's/.*Depends: postgresql-\([0-9]\+\)$/\1/p' | head -n 1) || true
			version=${version:-$POSTGRESQL_OLDEST}
		fi
		wanted+=("postgresql-$version")
	fi
	case " ${wanted[*]} " in
		*' check '*) wanted+=("postgresql-$version-pgtap") ;;
	esac
	if [[ ! -x /usr/sbin/nginx ]]; then
		wanted+=(nginx) # any flavour of it will do
	fi
	MISSING=()
	for package in "${wanted[@]}"; do
		is_installed "$package" || MISSING+=("$package")
	done
}

find_root() {
	AS_ROOT=(env)
	if [[ $EUID -ne 0 ]]; then
		command -v sudo >/dev/null ||
			fail "neither root nor sudo is at hand; let somebody who is root run: apt-get install ${MISSING[*]}"
		# Without a terminal sudo could not ask for a password either.
		sudo -n true 2>/dev/null || [[ -t 0 ]] ||
			fail "sudo asks for a password; run: sudo apt-get install ${MISSING[*]}"
		AS_ROOT=(sudo env)
	fi
	AS_ROOT+=(DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 LC_ALL=C.UTF-8)
}

apt() {
	run_logged "$LOG" "${AS_ROOT[@]}" apt-get -q -y -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 \
		-o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@"
}

apt_lists_are_empty() {
	local lists=(/var/lib/apt/lists/*Packages*)
	[[ ! -e ${lists[0]} ]]
}

install_packages() {
	local package
	find_root
	if [[ $EUID -ne 0 && -t 0 ]]; then
		sudo true || fail "sudo was refused; let somebody who is root run: apt-get install ${MISSING[*]}"
	fi
	if apt_lists_are_empty; then
		step "fetching the lists of packages"
		apt update || fail "apt-get update failed; the whole log is $LOG"
		find_missing "$1" # the lists tell which PostgreSQL there is
	fi
	step "installing ${#MISSING[@]} packages: ${MISSING[*]}"
	if ! apt --no-install-recommends install "${MISSING[@]}" 2>/dev/null; then
		step "that failed; fetching the lists of packages and trying again"
		apt update || fail "apt-get update failed; the whole log is $LOG"
		apt --no-install-recommends install "${MISSING[@]}" || true
	fi
	for package in "${MISSING[@]}"; do
		is_installed "$package" || fail "the package $package could not be installed; the whole log is $LOG"
	done
}

# ---------------------------------------------------------------- the build

make_configure() {
	if [[ -x configure && -f Makefile.in ]] &&
		[[ -z $(find . -path ./build -prune -o \( -name configure.ac -o -name Makefile.am -o -name Makefile.inc \) \
			-newer configure -print -quit) ]]; then
		return
	fi
	step "making ./configure"
	run_logged "$LOG" autoreconf -i || fail "autoreconf failed; the whole log is $LOG"
}

configure_build() {
	local unit_tests=no
	[[ ! -f config.status ]] || fail "the sources were configured in place; run make distclean first"
	! is_installed check || unit_tests=yes # ./configure looks for it, so later it counts anew
	if [[ -f build/config.status && ! configure -nt build/config.status &&
		$(cat build/unit-tests 2>/dev/null) == "$unit_tests" ]]; then
		return
	fi
	step "configuring in ./build"
	mkdir -p build
	# shellcheck disable=SC2086  # several arguments
	(cd build && run_logged "$LOG" ../configure ${CONFIGURE_ARGS:-}) ||
		fail "configure failed; the whole log is $LOG, details in build/config.log"
	printf '%s\n' "$unit_tests" > build/unit-tests
}

umask 022
if [[ $# -eq 0 ]]; then
	command -v autoreconf >/dev/null || fail "autoreconf is missing: apt-get install autoconf automake pkg-config"
	autoreconf -i
	exit
fi

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
	fail "this is not Debian or a relative of it: install what this script lists, then ./autogen.sh && ./configure && make $1"
fi
LOG=$(mktemp "${TMPDIR:-/tmp}/doorstep-autogen.XXXXXX")
find_missing "$1"
if ((${#MISSING[@]} > 0)); then
	install_packages "$1"
fi
make_configure
configure_build
rm -f -- "$LOG"

if [[ $1 == demo ]]; then
	# In place of this script, so that Ctrl-C and signals reach it alone.
	step "building"
	make -C build -j"$(nproc)" all < /dev/null
	step "starting the demo"
	export DOORSTEP_SRC=$PWD DOORSTEP_BUILD=$PWD/build
	exec tests/demo/demo < /dev/null
fi
step "make $*"
exec make -C build -j"$(nproc)" "$@" < /dev/null
