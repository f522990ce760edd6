#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The house rules that a program can check: formatting, licence lines, warnings of both compilers,
# clean scripts, and nothing at the top level but what the interface names.

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
		-o -name '*.sql' -o -name Makefile \) -print0 |
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
