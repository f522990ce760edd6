#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Every rewriting rule, executed: tests/execute/generate.c makes cases from the rules table, each a
# function on a plain variable and the same one passed through rcpp; tests/execute/run.c executes
# both, unpatched, patched, reverted and patched again, and compares what they leave behind.
# Reads: RCPP_BUILD (the build directory, default build/ beside tests/), CC (default gcc),
# RCPP_STATES (random states for each alternative of each rule; the variants built with other options
# get a tenth), RCPP_FAMILIES ("load|groups": no other cases are made), and RCPP_SEED (where registers drawn at random begin, default 0).

setup_file() {
	export TOP SOURCE RCPP_BUILD RCPP_CC
	TOP=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	SOURCE=$TOP/tests/execute
	RCPP_BUILD=$(cd "${RCPP_BUILD:-$TOP/build}" && pwd)
	RCPP_CC=${CC:-gcc}
	cd "$BATS_FILE_TMPDIR" || return
	compile "$SOURCE/generate.c" "$SOURCE/draft.c" "$SOURCE/special.c" \
		"$RCPP_BUILD"/grammar/x86-64/{rules,instructions,registers}.o \
		-o generate
	variant pie "" "" -fPIE -pie
}

# The tables are GNU as's, with whatever compiler.
compile() {
	local as=
	if $RCPP_CC --version | grep -q clang; then as="-fno-integrated-as -Qunused-arguments"; fi
	# shellcheck disable=SC2086 # RCPP_CC may hold options, and $as may be nothing
	$RCPP_CC $as -std=gnu11 -D_GNU_SOURCE -O1 -g -Wall -Wextra -Werror \
		-I"$TOP/grammar" -I"$TOP/grammar/x86-64" -I"$TOP/runtime" -I"$SOURCE" -Wa,--no-warn "$@"
}

# variant NAME OPTION-OF-GENERATE OPTION-OF-RCPP OPTION-OF-CC...: builds NAME/run.
variant() {
	local name=$1 generate=$2 filter=$3
	shift 3
	mkdir "$name"
	# shellcheck disable=SC2086 # either may be nothing
	./generate $generate ${RCPP_FAMILIES:+--families "$RCPP_FAMILIES"} --seed "${RCPP_SEED:-0}" \
		"$name"
	rm -f "$name/explain"
	# shellcheck disable=SC2086
	"$RCPP_BUILD/rcpp" $filter --explain="$name/explain" -o "$name/out.s" "$name/filtered.s"
	compile "$@" "$SOURCE/run.c" "$SOURCE/sites.c" "$SOURCE/values.c" "$name/cases.c" "$name/plain.s" \
		"$name/out.s" "$RCPP_BUILD/librcpp.a" -o "$name/run"
}

setup() {
	states=${RCPP_STATES:-4000}
	cd "$BATS_FILE_TMPDIR" || return
}

# family PROGRAM STATES [FAMILY]: runs it; the states are said aloud, and what the processor lacks.
family() {
	# shellcheck disable=SC2086 # no family is no argument
	run "./$1/run" ${3:+--family "$3"} "$2"
	echo "$output"
	grep -E '^(NOT EXECUTED|states of each|[0-9]* sites across)' <<<"$output" | sed 's/^/# /' >&3
	[ "$status" -eq 0 ]
	across=$(sed -n 's/ sites across the end of a page$//p' <<<"$output")
	[ "$across" -gt 0 ] # by chance, so however many
}

# The generator reads the same table as the filter, so a rule that is gone would take its cases
# along. This list stays.
@test "all rules that there should be are there" {
	./generate --rules | LC_ALL=C sort >"$BATS_TEST_TMPDIR/rules"
	grep -v '^#' "$SOURCE/expected-rules.txt" | diff - "$BATS_TEST_TMPDIR/rules"
}

@test "load: the value moves into the register" {
	family pie "$states" load
}

@test "use: instructions that read the variable take the value" {
	family pie "$states" use
}

@test "consume: instructions behind a load take the value" {
	family pie "$states" consume
}

@test "address: the value becomes a displacement" {
	family pie "$states" address
}

@test "groups: several consumers of one load, and what must stay" {
	family pie "$states" groups
}

@test "groups: every role beside every other, with constants at the edges" {
	mkdir edges
	vanishing=$(python3 "$SOURCE/groups.py" edges)
	"$RCPP_BUILD/rcpp" --symbol=b --explain=edges/explain -o edges/out.s edges/sites.s
	compile "$SOURCE/groups.c" edges/plain.s edges/table.s edges/out.s \
		"$RCPP_BUILD/librcpp.a" -o edges/run
	run ./edges/run
	echo "$output"
	echo "# $output" >&3
	[ "$status" -eq 0 ]
	# All that must be able to vanish: else this would be no test of groups.
	[ "$vanishing" -gt 10000 ]
	[ "$(grep -cE ': b: mov[a-z]* VAR,%[a-z]+ => [a-z0-9]+: nothing' edges/explain)" -eq \
		"$vanishing" ]
}

# These with the other linkers, which put tables and variables elsewhere.
@test "all cases with --wide=load" {
	variant wide --wide-load --wide=load -fPIE -pie -fuse-ld=gold
	family wide "$((states / 10))"
}

@test "all cases with --no-fuse" {
	variant nofuse --no-fuse --no-fuse -fPIE -pie -fuse-ld=mold
	family nofuse "$((states / 10))"
}

@test "all cases with absolute addresses" {
	variant absolute --absolute "" -no-pie -fuse-ld=lld
	family absolute "$((states / 10))"
}

@test "all cases where a symbol stands in front of a site" {
	variant entries --entries "" -fPIE -pie -DSOME_LEFT_OUT
	family entries "$((states / 10))"
	[ "$(grep -c '\.byte \.LrcppF[0-9]*l; ' entries/out.s)" -gt 1000 ]
}

@test "all cases with addresses from the global offset table" {
	variant remote --remote "" -fPIE -pie
	family remote "$((states / 10))"
	[ "$(grep -c 'VAR(%r.* => ' remote/explain)" -gt 10000 ]
}

# Were nothing patched, or nothing compared, everything above would be the same.
@test "a program whose sites were not patched does not pass" {
	run env RCPP_DISABLE=1 ./pie/run --family load 1
	echo "$output"
	[ "$status" -eq 1 ]
	grep -q '^FAILED: load: .*patched.*: a site holds the wrong alternative' <<<"$output"
}
