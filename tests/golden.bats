#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# What rcpp makes of small functions, as text: one file a heading of the rules, golden/HEADING.s in,
# golden/HEADING.expected out. The expected files are documentation: forms, padding and rows are
# left out, a site is its instruction in brackets.
# Reads: RCPP_BUILD (the build directory, default build/ beside tests/). To write the expected files
# anew after a change on purpose, and then to read the difference: RCPP_GOLDEN=write.

bats_require_minimum_version 1.5.0

setup_file() {
	export TOP RCPP_BUILD
	TOP=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	RCPP_BUILD=$(cd "${RCPP_BUILD:-$TOP/build}" && pwd)
}

# Forms go, as do rows; labels and padding around a site become brackets.
readable() {
	sed -e 's/\.pushsection rcpp_forms.*\.popsection; //' \
		-e '/^\t\.pushsection rcpp_patchable/,$d' -e '/^\t\.pushsection rcpp_rows/,$d' \
		-e 's/\.Lrcpp[0-9]*: \(\.reloc [^;]*; \)\?\(\.nops [^;]*; \)\?\([^;]*\); \.Lrcpp[0-9]*e: .*\.Lrcpp[0-9]*x:/[\3]/' \
		-e '/^#/d' -e '/^$/d'
}

golden() {
	local name=$1 expected=$TOP/tests/golden/$1.expected
	cd "$TOP/tests/golden" || return
	"$RCPP_BUILD/rcpp" --explain="$BATS_TEST_TMPDIR/explain" -o "$BATS_TEST_TMPDIR/out.s" \
		"$name.s"
	{
		printf '# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause\n'
		sed "s|^$name\.s:[0-9]*: ||" "$BATS_TEST_TMPDIR/explain"
		printf '\n'
		readable <"$BATS_TEST_TMPDIR/out.s"
	} >"$BATS_TEST_TMPDIR/actual"
	if [ "${RCPP_GOLDEN:-}" = write ]; then cp "$BATS_TEST_TMPDIR/actual" "$expected"; fi
	diff "$expected" "$BATS_TEST_TMPDIR/actual"
	as -o "$BATS_TEST_TMPDIR/out.o" "$BATS_TEST_TMPDIR/out.s"
}

@test "every heading of the rules has a golden file" {
	grep -o '^\[[a-z]*\]' "$TOP/grammar/x86-64.rules" | tr -d '[]' | sort -u \
		>"$BATS_TEST_TMPDIR/headings"
	(cd "$TOP/tests/golden" && printf '%s\n' *.s) | sed 's/\.s$//' | sort |
		diff "$BATS_TEST_TMPDIR/headings" -
}

@test "golden: [move]" {
	golden move
}

@test "golden: [arithmetic]" {
	golden arithmetic
}

@test "golden: [compare]" {
	golden compare
}

@test "golden: [division]" {
	golden division
}

@test "golden: [call]" {
	golden call
}

@test "golden: [branch]" {
	golden branch
}

@test "golden: [push]" {
	golden push
}

@test "golden: [conditional]" {
	golden conditional
}

@test "golden: [bits]" {
	golden bits
}

@test "golden: [shift]" {
	golden shift
}

@test "golden: [addressing]" {
	golden addressing
}

@test "golden: value-of operands" {
	golden ../values/sites
}

# refused SED MESSAGE: the rules, changed so, do not compile.
refused() {
	sed "$1" "$TOP/grammar/x86-64.rules" >changed.rules
	if cmp -s changed.rules "$TOP/grammar/x86-64.rules"; then false; fi
	if "$RCPP_BUILD/compile-rules" <changed.rules 2>messages >rules.c; then false; fi
	grep -x "rules:[0-9]*: error: $2" messages
}

@test "rules that cannot be meant are refused" {
	cd "$BATS_TEST_TMPDIR"
	refused 's/, copied)/)/' 'C is for alternatives that are (copied)'
	refused 's/=> any:/=> anything:/' 'no such guard'
	refused 's/flags dead/flags gone/' 'syntax error.*'
	refused 's/^load mov/carry mov/' '.*'
}
