# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# What the tests of real programs share; $work is their directory.
# shellcheck shell=bash disable=SC2154

# fetch PACKAGE [NAME]: its source is in $work/NAME
fetch() {
	[ -d "$work/${2:-$1}" ] && return
	sh "$BATS_TEST_DIRNAME/fetch-source.sh" "$1" "$work/fetch" >"$work/fetch.log" 2>&1 ||
		{ tail -5 "$work/fetch.log" && return 1; }
	mv "$work/fetch/$1"-*/ "$work/${2:-$1}"
}

# quietly COMMAND...: its output is in ./log, and shown if it fails
quietly() { "$@" >>log 2>&1 || { tail log && return 1; }; }
