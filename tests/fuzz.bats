#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The fuzz targets (tests/fuzz/), for seconds instead of hours: they build, find their way into what
# they test, and find nothing; and they do find what is wrong when something is. `make fuzz-NAME`
# runs them for as long as wanted. Builds in build/short, and begins with fewer inputs.

setup() {
	TOP=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	cd "$TOP" || return
}

# short TARGET COVERAGE: without a finding, and so much code was reached at least. The same inputs each
# time: what is found by chance is for the long runs, and says nothing of the change that is tested.
short() {
	local reached
	RCPP_FUZZ_SEED=1 RCPP_FUZZ_CORPUS=small run make --no-print-directory B=build/short "fuzz-$1" TIME=12
	echo "$output" | tail -n 20
	[ "$status" -eq 0 ]
	reached=$(grep -o ' cov: [0-9]*' <<<"$output" | tail -n 1 | tr -dc 0-9)
	[ "$reached" -ge "$2" ]
}

@test "fuzzing the reader" {
	short reader 500
}

@test "fuzzing the filter" {
	short filter 1500
}

@test "fuzzing the tables" {
	short tables 200
}

@test "tables that are believed without their check are found out" {
	local broken=$BATS_TEST_TMPDIR/core.c
	sed 's/if (!check_fits(walk, row, form))/if (!walk)/' runtime/core.c >"$broken"
	run cmp -s runtime/core.c "$broken"
	[ "$status" -eq 1 ]
	# shellcheck disable=SC2046 # one word a file
	clang -std=c11 -D_GNU_SOURCE -O1 -g -Iruntime -Iruntime/x86-64 -fno-integrated-as -Wa,-Itests/runtime \
		-fsanitize=fuzzer,address tests/fuzz/tables.c "$broken" \
		$(make -s --no-print-directory decoder-sources | tr ' ' '\n' | grep -v '/runtime/core\.c$') \
		tests/runtime/sites.s -o "$BATS_TEST_TMPDIR/fuzz"
	cd "$BATS_TEST_TMPDIR"
	run ./fuzz -max_total_time=60 -max_len=64 -seed=1
	[ "$status" -ne 0 ]
	[[ $output == *"tables: a wrong byte was believed"* ]]
}
