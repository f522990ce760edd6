#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# In: build/generate-instructions and the committed table of instruction facts.
# Out: whether the table is what the generator makes today, and whether tricky rows are as the
# manuals have them.  Both are needed: the first keeps hands off the table, the second would
# notice an assembler or decoder that has changed its mind.

setup() {
	root="$BATS_TEST_DIRNAME/.."
}

@test "the committed instruction table is what the generator makes" {
	mkdir "$BATS_TEST_TMPDIR/scratch"
	TMPDIR="$BATS_TEST_TMPDIR/scratch" \
		"$root/build/generate-instructions" >"$BATS_TEST_TMPDIR/instructions.tbl"
	cmp "$BATS_TEST_TMPDIR/instructions.tbl" "$root/grammar/instructions.tbl"
	rmdir "$BATS_TEST_TMPDIR/scratch"
}

@test "the instruction table is sorted and has no row twice" {
	sed -n 's/^INSTRUCTION("\([^"]*\)", \([0-9]\).*/\1 \2/p' "$root/grammar/instructions.tbl" \
		>"$BATS_TEST_TMPDIR/rows"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/rows")" -gt 3000 ]
	LC_ALL=C sort -c -u -k1,1 -k2,2n "$BATS_TEST_TMPDIR/rows"
}

@test "tricky instructions have the right facts" {
	"${CC:-cc}" -std=c11 -Wall -Wextra -Werror -o "$BATS_TEST_TMPDIR/instruction-facts" \
		"$root/tests/instruction-facts.c" "$root/grammar/instructions.c"
	run "$BATS_TEST_TMPDIR/instruction-facts"
	echo "$output"
	[ "$status" -eq 0 ]
}
