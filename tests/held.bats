#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Values that are loaded once, in front of a loop, and taken by instructions in it (rcpp/filter/held.c):
# held/held.c compares loops of patchable variables with the same loops of plain ones. What is held
# and what is not: tests/liveness/held.s; changes while a thread is in a loop: tests/live/forms.h.
# Reads: RCPP_BUILD (the build directory, default build/ beside tests/).

bats_require_minimum_version 1.5.0

setup_file() {
	export TOP SOURCE RCPP_BUILD
	TOP=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	SOURCE=$TOP/tests/held
	RCPP_BUILD=$(cd "${RCPP_BUILD:-$TOP/build}" && pwd)
	unset RCPP_FLAGS RCPP_AS RCPP_DISABLE RCPP_VERBOSE
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# held AT-LEAST COMPILER OPTION...: the program is right, and it has so many values that are held.
held() {
	local least=$1
	shift
	"$RCPP_BUILD/rcpp-cc" "$@" -Wall -Wextra -Werror -I"$TOP/runtime" -I"$TOP/tests/borders" \
		"$SOURCE/held.c" "$RCPP_BUILD/librcpp.a" -o held
	run -0 timeout 300 ./held
	[ "$output" = "11 loops, 5280 results agree" ]
	"$RCPP_BUILD/rcpp-dump" --json held |
		jq "[.[] | select(.function | startswith(\"patchable_\")) | select(.form | startswith(\"mov\")) |
			select(.reach) | .site] | length" >count
	echo "$* has $(cat count)"
	[ "$(cat count)" -ge "$least" ]
}

@test "loops: gcc, clang, at all levels" {
	for level in -O1 -O2 -O3 -Os; do
		held 8 gcc $level
		held 8 clang $level
	done
	held 0 gcc -O0
	held 0 clang -O0
}

@test "loops: position-independent and not, large code, with debug information, linked by all" {
	held 8 gcc -O2 -g -fPIE -pie -fuse-ld=gold
	held 8 gcc -O2 -fno-pie -no-pie -fuse-ld=lld
	held 8 clang -O2 -g -fPIC -fuse-ld=mold
	held 0 gcc -O2 -mcmodel=large -fno-pie -no-pie
	held 8 gcc -O2 -flto
	held 8 gcc -O2 -fcf-protection -mbranch-cost=3 -Wa,-mbranches-within-32B-boundaries
}

@test "loops: options of the filter" {
	held 8 gcc -O2 -Wr,--wide=load
	held 8 gcc -O2 -Wr,--only=divisions
	held 0 gcc -O2 -Wr,--no-div
	held 0 gcc -O2 -Wr,--no-fuse
	"$RCPP_BUILD/rcpp-dump" held >sites
	run -1 grep consumer sites
}

@test "labels whose addresses are taken: code that comes to them past the load" {
	for compiler in gcc clang; do
		for level in -O1 -O2 -O3 -Os; do
			for kind in "-fno-pie -no-pie" "-fPIE -pie"; do
				# shellcheck disable=SC2086 # two options
				"$RCPP_BUILD/rcpp-cc" "$compiler" $level $kind -Wall -Wextra -I"$TOP/runtime" \
					"$SOURCE/addresses.c" "$RCPP_BUILD/librcpp.a" -o addresses
				./addresses
			done
		done
	done
}
