#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The filter under valgrind, over every piece of assembly that the tests have: no wrong access, no use
# of what was never set, nothing lost. (AddressSanitizer and UBSan: `make sanitized`.)

setup() {
	build=$(realpath -m "${RCPP_BUILD:-$BATS_TEST_DIRNAME/../build}")
}

check() {
	valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite,indirect "$@" \
		>"$BATS_TEST_TMPDIR/output" 2>"$BATS_TEST_TMPDIR/messages" || status=$?
	[ "${status:-0}" -ne 99 ] || {
		cat "$BATS_TEST_TMPDIR/messages"
		return 1
	}
}

# filter_each OPTION... -- FILE...: in one process, since valgrind takes most of a second to start.
filter_each() {
	local top=$BATS_TEST_DIRNAME/.. program=$BATS_TEST_TMPDIR/filter-each
	# shellcheck disable=SC2046 # many flags, many objects
	"${CC:-cc}" -std=gnu11 -D_GNU_SOURCE -g -Wall -Wextra -Werror \
		$(make -s --no-print-directory -C "$top" filter-flags) "$BATS_TEST_DIRNAME/memory/filter-each.c" \
		$(make -s --no-print-directory -C "$top" B="$build" filter-objects) -o "$program"
	check "$program" "$@"
}

@test "the filter over all assembly of the tests" {
	filter_each --symbol b,value,shift --explain --stats=json -- "$BATS_TEST_DIRNAME"/*/*.s
	[[ $(tail -n 1 "$BATS_TEST_TMPDIR/output") =~ ^[1-9][0-9]+" files"$ ]]
	[ "$(grep -c '"references"' "$BATS_TEST_TMPDIR/messages")" -gt 10 ]
}

@test "the filter over compiled code, with all kinds of options" {
	cd "$BATS_TEST_TMPDIR" || return
	for source in "$BATS_TEST_DIRNAME"/../examples/*/*.c; do
		gcc -O2 -g -I"$BATS_TEST_DIRNAME/../runtime" -S "$source" -o a.s
		check "$build/rcpp" --explain --stats a.s
		grep -q ': [1-9][0-9]* references, [1-9][0-9]* sites' messages
		check "$build/rcpp" --unpatched=fault --wide=load --no-fuse --section '.rodata*' a.s -o b.s
		as b.s -o b.o
		check "$build/rcpp-dump" --json b.o
	done
}

@test "the assembler's wrapper" {
	cd "$BATS_TEST_TMPDIR" || return
	gcc -O2 -I"$BATS_TEST_DIRNAME/../runtime" -S "$BATS_TEST_DIRNAME/../examples/hello/hello.c" -o a.s
	check "$build/libexec/rcpp/as" a.s -o a.o
	"$build/rcpp-dump" a.o | grep -q VAR
}
