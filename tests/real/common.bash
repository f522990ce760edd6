# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# What the tests of real programs share; $work is their directory.
# shellcheck shell=bash disable=SC2154,SC2034

# fetch PACKAGE [NAME]: its source is in $work/NAME
fetch() {
	[ -d "$work/${2:-$1}" ] && return
	sh "$BATS_TEST_DIRNAME/fetch-source.sh" "$1" "$work/fetch" >"$work/fetch.log" 2>&1 ||
		{ tail -5 "$work/fetch.log" && return 1; }
	mv "$work/fetch/$1"-*/ "$work/${2:-$1}"
}

# quietly COMMAND...: its output is in ./log, and shown if it fails
quietly() { "$@" >>log 2>&1 || { tail log && return 1; }; }

# no_other_failures TESTS: of so many, those that are named in ./failures, one a line. Some depend on the
# machine: a few may fail when $name is run for the first time, plain, and only these later.
no_other_failures() {
	echo "#   $1 tests, failures: $(paste -sd ' ' failures)" >&3
	[ -e "$work/$name.failures" ] || cp failures "$work/$name.failures"
	[ "$(wc -l <failures)" -lt 5 ]
	! grep -vxFf "$work/$name.failures" failures
}

# call_patch FILE SED: the program itself calls rcpp_patch(), where the sed script puts it
call_patch() {
	sed -i "$2; 1i #include \"rcpp.h\"" "$1"
	grep -q 'rcpp_patch()' "$1"
	flags="-I$top/runtime $flags"
	libraries=("$build/librcpp.a")
}

# SQLite patches at the end of sqlite3_initialize(), until sqlite3_shutdown(), when patch.o is linked to it.
sqlite_settle() {
	cat >settled.c <<-'C'
		#include "rcpp.h"
		int settled(const char *unused) { (void)unused; return rcpp_patch() ? 1 : 0; }
		void unsettled(void) { rcpp_revert(); }
	C
	gcc -O2 -I"$top/runtime" -c settled.c -o patch.o
	flags="-I$top/runtime -DSQLITE_EXTRA_INIT=settled -DSQLITE_EXTRA_SHUTDOWN=unsettled"
}

# sqlite_tests NAME...: each test/NAME.test by testfixture. They refuse to be run by root. Says how many
# $tests there were, and in ./failures which of them failed.
sqlite_tests() {
	local user=() room name ended=0
	room=$(mktemp -d)
	cp -r testfixture test "$room"
	[ "$(id -u)" -ne 0 ] || user=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
	chmod -R a+rwX "$room"
	for name; do
		(cd "$room" && "${user[@]}" ./testfixture "test/$name.test" >>suite 2>&1) || true
	done
	sed -n 's/^!Failures on these tests: //p' "$room/suite" | tr -s ' ' '\n' | sed '/^$/d' >failures
	read -r ended tests < <(awk '/^[0-9]+ errors out of [0-9]+ tests/ { ended++; tests += $5 }
		END { print ended + 0, tests + 0 }' "$room/suite")
	[ "$ended" -eq $# ] || { tail "$room/suite" && return 1; }
	rm -rf "$room"
}
