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
		-e 's/\.Lrcpp[0-9]*n: //' -e 's/\.byte \.LrcppF[0-9]*l; /lead; /' -e 's/\.fill \.LrcppF[0-9]*p,1,0x\([46][067]\); /\1 /' \
		-e 's/; \(\.byte 0xeb,[^;]*; \.nops\|\.fill\|\.nops\) \.LrcppF[0-9]*g[-,0-9x]*/]/' -e 's/; \.Lrcpp[0-9]*e: \.nops [^;]*; \.Lrcpp[0-9]*x:/]/' \
		-e 's/; \.Lrcpp[0-9]*z:/ <-/' -e 's/; \.Lrcpp[0-9]*x:/]/' -e 's/\.Lrcpp[0-9]*: \(\.reloc [^;]*; \)\?\(\.nops [^;]*; \)\?/[/' \
		-e 's/\[\([^]]* call[^]]*\|call[^]]*\)$/[\1]/' -e '/^#/d' -e '/^$/d'
}

golden() {
	local name=$1 expected=$TOP/tests/golden/$1.expected
	cd "$TOP/tests/golden" || return
	rm -f "$BATS_TEST_TMPDIR/explain"
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
	grep -o '^\[[a-z]*\]' "$TOP/grammar/x86-64/rules" | tr -d '[]' | sort -u \
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

@test "golden: [turned]" {
	golden turned
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
	sed "$1" "$TOP/grammar/x86-64/rules" >changed.rules
	if cmp -s changed.rules "$TOP/grammar/x86-64/rules"; then false; fi
	if "$RCPP_BUILD/compile-rules" changed.rules 2>messages >rules.c; then false; fi
	grep -x "changed.rules:[0-9]*: error: $2" messages
}

@test "rules that cannot be meant are refused" {
	cd "$BATS_TEST_TMPDIR"
	refused 's/, copied)/)/' 'COPY is for alternatives that are (copied)'
	refused 's/^\(load.*\)=> any:/\1=> anything:/' 'there is no guard anything; .*'
	refused 's/flags dead/flags gone/' 'syntax error.*'
	refused 's/^load mov/lend mov/' '.*'
	refused 's/^\(consume add.*\) => s32 /\1 => u32 /' "a consumer's guard is any, s32 or a32, not u32"
	refused 's/=> a32$/=> small/' "a consumer's guard is any, s32 or a32, not small"
	refused 's/=> near: jmp V/=> any: jmp V/' 'the guard near and .* go together'
	refused 's/=> near: call V/=> near: movq $V, %rax/' 'the guard near and .* go together'
	refused 's/^use \(push\|{push\)\(.*\) s32:/use \1\2 true:/' 'the guard true is for settle, skip and carry'
}

# The words of the processor, which stand in front of all rules.
declarations() {
	grep -E '^(suffixes|conditions|mirrored|immediates|targets|into)' "$TOP/grammar/x86-64/rules"
}

# bad LINE MESSAGE: the rules on standard input, with declarations above them, do not compile; the
# only message says so, and nothing is written.
bad() {
	{ declarations; cat; } >bad.rules
	set -- $(($1 + $(declarations | wc -l))) "$2"
	status=0
	"$RCPP_BUILD/compile-rules" bad.rules >rules.c 2>messages || status=$?
	[ "$status" -eq 1 ]
	[ ! -s rules.c ]
	[ "$(wc -l <messages)" -eq 1 ]
	grep -E -x "bad.rules:$1: error: $2" messages
}

# good: they do compile, and the compiler takes the tables.
good() {
	{ declarations; cat; } >good.rules
	"$RCPP_BUILD/compile-rules" good.rules >rules.c
	gcc -std=c11 -Wall -Wextra -Werror -I"$TOP/grammar" -I"$TOP/runtime" -c rules.c -o rules.o
}

# words N FORMAT: N words, their numbers in them.
words() {
	seq -f "$2" -s ' ' "$1"
}

# alternatives N: with N guards, all of them different.
alternatives() {
	local guards=(any u32 s32 a32 nonzero one power up down tight proper large small) text=
	local i
	for ((i = 0; i < $1; i++)); do text+="${text:+ | }${guards[i]}: nothing"; done
	echo "$text"
}

@test "the rules' compiler: what its tables have no room for" {
	cd "$BATS_TEST_TMPDIR"
	sets() { seq -f 'set S%g = a' "$1" | sed 'y/0123456789/ABCDEFGHIJ/'; }
	good < <(sets 14; printf '[k]\nload mov[q] VAR, X => any: nothing\n')
	bad 15 'more than 16 sets; .*' < <(sets 15) # with CC and MIRRORED
	bad 2 'the set A exists already; .*' < <(printf 'set A = a\nset A = b\n')
	bad 1 'the set CC exists already; .*' < <(printf 'set CC = a\n')
	bad 2 'there is no set A; .*' < <(printf '[k]\nload {A} VAR, X => any: nothing\n')
	bad 1 'more than 512 names; .*' < <(echo "set A = $(words 513 n%g)")
	bad 4 'more than 512 names; .*' < <(
		printf 'set A = %s\nset B = a b\n[k]\nload {A}{B}[q] VAR, X => any: nothing\n' \
			"$(words 257 n%g)"
	)

	printf '[k]\nuse add[q] R, SOURCE, VAR => any: nothing\n' | good
	printf '[k]\nuse add[q] R, SOURCE, DEST, VAR => any: nothing\n' | bad 2 'more than 3 operands; .*'

	# RULE_NAME_MAX, with the character that ends it
	printf '[abcdefghijklmno]\nload abcdefghijklmn[q] VAR, X => any: nothing\n' | good
	printf '[abcdefghijklmnop]\nload mov[q] VAR, X => any: nothing\n' |
		bad 2 'the name abcdefghijklmnop is too long; .*'
	printf '[k]\n\nload abcdefghijklmno[q] VAR, X => any: nothing\n' |
		bad 3 'the name abcdefghijklmnoq is too long; .*'

	# ROWS_MAX: 512 names in four widths, with and without their suffix
	rows() {
		echo '[k]'
		for name in a b c d; do
			printf 'load {%s}[bw] VAR, X => any: nothing\n' "$(seq -f "$name%g" -s , "$1")"
		done
	}
	good < <(rows 256)
	bad 5 'more than 4096 rows; .*' < <(rows 257)
}

@test "the rules' compiler: more alternatives than there is room for" {
	cd "$BATS_TEST_TMPDIR"
	# Those of one guard never hold at once.
	same=$(printf 'one (copied): nothing | one (remainder dead): nothing | %.0s' {1..8})
	printf '[k]\nuse add[q] VAR, R => %s\n' "${same% | }" | good
	printf '[k]\nuse add[q] VAR, R => %s any: nothing\n' "$same" |
		bad 2 'more than 16 alternatives; .*'
	# through adds three
	printf '[k]\nuse add[q] VAR, R => %s through T\n' "$same" |
		bad 2 'more than 16 alternatives; .*'
	# The runtime's, the original among them, and of a load that it vanishes.
	printf '[k]\nuse add[q] VAR, R => %s\n' "$(alternatives 11)" | good
	printf '[k]\nuse add[q] VAR, R => %s\n' "$(alternatives 12)" |
		bad 2 '13 alternatives can hold at once, with the original; the runtime takes 12 .*'
	printf '[k]\nload add[q] VAR, X => %s\n' "$(alternatives 10)" | good
	printf '[k]\nload add[q] VAR, X => %s\n' "$(alternatives 11)" |
		bad 2 '13 alternatives can hold at once, with the original and nothing; .*'
	printf '[k]\nuse div[q] VAR/X => %s | through T\n' "$(alternatives 12 | sed 's/[a-z0-9]*: nothing | //g')" | good
	printf '[k]\n\nconsume add[q] X, DEST => any: nothing | s32: nothing\n' |
		bad 3 'a consumer has one alternative'
	# All rows that there can be, with all alternatives that one can have.
	{
		echo '[k]'
		printf 'load {%s}[q] VAR, X => %sone: nothing\n' "$(seq -f 'a%g' -s , 512)" \
			"$(printf 'one: nothing | %.0s' {1..15})" | sed 'p;p;p'
	} | good
}

@test "the rules' compiler: what is missing or cannot be" {
	cd "$BATS_TEST_TMPDIR"
	printf '# no heading\nload mov[q] VAR, X => any: nothing\n[k]\n' |
		bad 2 'no heading stands above this rule; .*'
	printf 'address mov[q] => a32\n' | bad 1 'no heading stands above this rule; .*'
	printf '[k]\nload mov[qz] VAR, X => any: nothing\n' | bad 2 'there is no suffix z; .*'
	printf '[k]\nload mov VAR, X => any: nothing\n' | bad 2 'nothing says how wide V of mov is; .*'
	printf '[k]\nload mov VAR.q, X => any: nothing\n' |
		bad 2 'nothing says how wide X of mov is; .*'
	printf '[k]\nuse push VAR.q => any: movabsq $V, T; pushq T.q\n' |
		bad 2 'push has no suffix that T could take; .*'
	printf '[k]\nuse push VAR.q => any: push@ $V\n' | bad 2 'push has no suffix that @ could take; .*'
	printf '[k]\nuse add[q] VAR, R => s32: addq $V, DEST\n' |
		bad 2 'D in the code is not an operand of the rule'
	printf '[k]\nuse add[q] VAR, R => any: addq "$V", R\n' | bad 2 '" is not allowed in code'
	printf '[k]\nuse add[q] VAR, R\n => any: nothing\n' | bad 2 'syntax error.*'
	printf '[k]\nuse add[q] VAR, R => any: nothing\n | s32: foo $V, R\n' |
		bad 3 '`foo \$V, R. does not say how wide V is; .*'
	printf '[k]\nuse add[q] VAR, R => s32: foo $V.z, R\n' | bad 2 '.* does not say how wide V is; .*'
	printf '[k]\nuse add[q] VAR, R => s32: (V), R\n' |
		bad 2 '`\(V\), R. has no \$ before the function of V'
	printf '[k]\nuse add[q] VAR, R => s32: addq $log2(V), R\n' |
		bad 2 'there is no function log2\(V\); .*'
	printf '[k]\nuse add[q] VAR, R => any: %s\n' 'movl $V, R; movl $V, R; movl $V, R; movl $V, R' | good
	printf '[k]\nuse add[q] VAR, R => any: %s\n' \
		'movl $V, R; movl $V, R; movl $V, R; movl $V, R; movl $V, R' | bad 2 'more than 4 V in the code; .*'
	printf '[k]\nuse add[q] SOURCE, R => through T\n' | bad 2 '.* has no VAR to take the place of'
	printf '[k]\nsettle add LABEL => true: jmp LABEL | any: nothing\n' | bad 2 'add names no condition; .*'
	printf '[k]\nuse add[q] VAR, Q => any: nothing\n' | bad 2 'there is no operand Q; .*'
	run -1 "$RCPP_BUILD/compile-rules" missing.rules
	[[ $output == *missing.rules* ]]
}
