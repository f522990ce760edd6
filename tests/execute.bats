#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Every rewriting rule, executed: tests/execute/generate.c makes cases from the rules table, each a
# function on a plain variable and the same one passed through rcpp; tests/execute/run.c executes
# both, unpatched, patched, reverted and patched again, and compares what they leave behind.
# Reads: RCPP_BUILD (the build directory, default build/ beside tests/), CC (default gcc), and
# RCPP_STATES (random states a case and value; run.c has a default).

setup_file() {
	export TOP SOURCE RCPP_BUILD RCPP_CC
	TOP=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	SOURCE=$TOP/tests/execute
	RCPP_BUILD=$(cd "${RCPP_BUILD:-$TOP/build}" && pwd)
	RCPP_CC=${CC:-gcc}
	cd "$BATS_FILE_TMPDIR" || return
	compile "$SOURCE/generate.c" "$SOURCE/draft.c" "$SOURCE/special.c" \
		"$RCPP_BUILD/rules.o" "$RCPP_BUILD/instructions.o" "$RCPP_BUILD/registers.o" \
		-o generate
	variant pie "" "" -fPIE -pie
}

# The tables are GNU as's, with whatever compiler.
compile() {
	local as=
	if $RCPP_CC --version | grep -q clang; then as="-fno-integrated-as -Qunused-arguments"; fi
	# shellcheck disable=SC2086 # RCPP_CC may hold options, and $as may be nothing
	$RCPP_CC $as -std=gnu11 -D_GNU_SOURCE -O1 -g -Wall -Wextra -Werror -I"$TOP/rcpp" \
		-I"$TOP/grammar" -I"$TOP/runtime" -I"$SOURCE" -Wa,--no-warn "$@"
}

# variant NAME OPTION-OF-GENERATE OPTION-OF-RCPP OPTION-OF-CC...: builds NAME/run.
variant() {
	local name=$1 generate=$2 filter=$3
	shift 3
	mkdir "$name"
	# shellcheck disable=SC2086 # either may be nothing
	./generate $generate "$name"
	# shellcheck disable=SC2086
	"$RCPP_BUILD/rcpp" $filter --explain="$name/explain" -o "$name/out.s" "$name/filtered.s"
	compile "$@" "$SOURCE/run.c" "$SOURCE/sites.c" "$name/cases.c" "$name/plain.s" \
		"$name/out.s" "$RCPP_BUILD/librcpp.a" -o "$name/run"
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
}

# family PROGRAM [FAMILY]: runs it; what the processor lacks is said aloud.
family() {
	# shellcheck disable=SC2086 # no state count is no argument
	run "./$1/run" ${2:+--family "$2"} ${RCPP_STATES:-}
	echo "$output"
	if grep '^NOT EXECUTED' <<<"$output"; then
		grep '^NOT EXECUTED' <<<"$output" | sed 's/^/# /' >&3
	fi
	[ "$status" -eq 0 ]
}

# The generator reads the same table as the filter, so a rule that is gone would take its cases
# along. This list stays.
@test "all rules that there should be are there" {
	./generate --rules | LC_ALL=C sort >"$BATS_TEST_TMPDIR/rules"
	grep -v '^#' "$SOURCE/expected-rules.txt" | diff - "$BATS_TEST_TMPDIR/rules"
}

@test "load: the value moves into the register" {
	family pie load
}

@test "use: instructions that read the variable take the value" {
	family pie use
}

@test "consume: instructions behind a load take the value" {
	family pie consume
}

@test "address: the value becomes a displacement" {
	family pie address
}

@test "groups: several consumers of one load, and what must stay" {
	family pie groups
}

@test "all cases with --wide=load" {
	variant wide --wide-load --wide=load -fPIE -pie
	family wide
}

@test "all cases with --no-fuse" {
	variant nofuse --no-fuse --no-fuse -fPIE -pie
	family nofuse
}

@test "all cases with absolute addresses" {
	variant absolute --absolute "" -no-pie
	family absolute
}
