#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The house rules that a program can check: formatting, licence lines, warnings of both compilers,
# clean scripts, which folders (rooms) may include from which, as README.md says, and nothing at the top
# level but what the interface names.

bats_require_minimum_version 1.5.0

setup() {
	top=$BATS_TEST_DIRNAME/..
	cd "$top" || return
}

# All files of ours, whether this is a checkout or an unpacked archive.
sources() {
	find rcpp grammar runtime examples tests -type f "$@"
}

@test "C is formatted by .clang-format" {
	sources -name '*.[ch]' -print0 | xargs -0 clang-format --dry-run -Werror
}

@test "every source file has its licence line" {
	sources \( -name '*.[chlyS]' -o -name '*.s' -o -name '*.sh' -o -name '*.bats' -o -name rules \
		-o -name '*.tbl' -o -name '*.cc' -o -name '*.inc' -o -name '*.[13]' -o -name '*.in' \
		-o -name '*.sql' -o -name '*.mk' -o -name Makefile \) -print0 |
		xargs -0 grep -L 'SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause' >"$BATS_TEST_TMPDIR/without" || true
	cat "$BATS_TEST_TMPDIR/without"
	[ ! -s "$BATS_TEST_TMPDIR/without" ]
	head -1 Makefile | grep -q SPDX
}

@test "scripts are shellcheck-clean" {
	# Dollars between single quotes belong to the assembler or to awk, as do backslashes.
	{
		sources \( -name '*.sh' -o -name '*.bats' -o -name '*.bash' \) -print0
		printf '.ci/run\0'
	} | xargs -0 shellcheck -e SC2016,SC1003
}

@test "no warnings with clang, nor in an unoptimized build with gcc" {
	make -s B="$BATS_TEST_TMPDIR/clang" CC=clang all
	make -s B="$BATS_TEST_TMPDIR/gcc" CFLAGS=-O0 all
}

# Each include of a file of ours, as a pair of names without their endings: a .c and its .h are one.
pairs() {
	local file header there
	grep -Hro '^#include "[^"]*"' --include='*.[chly]' rcpp grammar runtime |
		sed 's/:#include "\(.*\)"/ \1/' | while read -r file header; do
		there=$(dirname "$file")/$header
		# a header of another room, unless the build makes it
		[ -e "$there" ] || there=$(find rcpp grammar runtime -name "$header" ! -path 'rcpp/report/*')
		[ -z "$there" ] || echo "${file%.*} ${there%.*}"
	done | sort -u >"$BATS_TEST_TMPDIR/pairs"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/pairs")" -gt 200 ]
}

# never FROM TO: no file of FROM includes one of TO.
never() {
	if grep -E "^$1/[^ ]* $2" "$BATS_TEST_TMPDIR/pairs"; then return 1; fi
}

@test "rooms: each uses those below it only" {
	pairs
	never rcpp/launcher 'rcpp/(filter|as|dump|report)/'
	never rcpp/filter 'rcpp/(launcher|as|dump|report)/'
	never rcpp/as 'rcpp/(launcher|dump|report|filter/[^f])'
	never rcpp/common 'rcpp/(filter|launcher|as|dump|report)/'
	never rcpp/dump '(rcpp/(filter|launcher|as|report)|grammar/x86-64)/'
	never rcpp/report '(rcpp/(filter|launcher|as)|grammar)/'
	never grammar rcpp/
	if grep -E '^(grammar|rcpp/filter)/[^/ ]* [^ ]*(grammar|rcpp/filter)/x86-64/[^ ]*' "$BATS_TEST_TMPDIR/pairs" |
		grep -vE '^rcpp/filter/[^ ]* grammar/x86-64/(parsed|instruction|instructions|registers|prefix)$'; then
		false
	fi
	never runtime '(rcpp|grammar)/'
	# What writes assembly knows only the formats of the runtime.
	never '(grammar|rcpp/(filter|launcher|as|common))' 'runtime/([^r]|r[^c])'
}

@test "rooms: what is the processor's stands in its own" {
	local words='mov|lea|call|jmp|j|cmp|test|bt|i?div|push|pop|ud2|nop|ret|xor|or|and|add|sub|sh[lr]|sa[lr]|loop|lock|rep'
	words="\"($words)[bwlq]?\"|REGISTER_R[A-Z0-9]|R_X86_64|RESOURCE\([0-9]|resources\)0x"
	# where such words belong, there are some
	grep -qE "$words" rcpp/filter/x86-64/target.c
	grep -qE "$words" rcpp/filter/x86-64/effects.h
	if grep -nE "$words" rcpp/filter/*.[ch] grammar/*.[chl]; then false; fi
	# The runtime knows code by its bytes. profile*.c go into programs and are instrumented code.
	words='\\x[0-9a-f]{2}|0x[4-9a-f][0-9a-f]\b|REG_[A-Z]|%%?(r[a-z]+|[ft]s)\b|endbr'
	grep -qE "$words" runtime/x86-64/encoding.c
	grep -qE "$words" runtime/x86-64/machine.h
	if grep -nE "$words" runtime/*.[ch] | grep -vE '^runtime/(profile.*|rcpp.*|kernel)\.[ch]:'; then false; fi
}

@test "rooms: there are no circles, of files or of folders" {
	pairs
	tsort "$BATS_TEST_TMPDIR/pairs" >"$BATS_TEST_TMPDIR/order"
	# x86-64/ counts as a part of the folder that it is in, but in grammar/
	sed -E 's,/[^/ ]*( |$),\1,g; s,(filter|runtime)/x86-64,\1,g' "$BATS_TEST_TMPDIR/pairs" |
		tsort >"$BATS_TEST_TMPDIR/order"
}

@test "the top level holds what the interface names" {
	for entry in *; do
		case $entry in
		rcpp | grammar | runtime | examples | tests | build | Makefile | README.md | LICENSE) ;;
		*)
			echo "$entry"
			return 1
			;;
		esac
	done
}
