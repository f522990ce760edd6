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
	sources \( -name '*.[chlyS]' -o -name '*.s' -o -name '*.sh' -o -name '*.bats' -o -name '*.rules' \
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

@test "make install puts everything in its place, and make uninstall takes it away" {
	make -s install DESTDIR="$BATS_TEST_TMPDIR/tree" PREFIX=/usr >/dev/null
	root=$BATS_TEST_TMPDIR/tree/usr
	for file in bin/rcpp bin/rcpp-cc bin/rcpp-dump libexec/rcpp/as lib/librcpp.a lib/librcpp.so.1 \
		include/rcpp.h lib/pkgconfig/rcpp.pc share/man/man1/rcpp.1 share/man/man1/rcpp-cc.1 \
		share/man/man1/rcpp-dump.1 share/man/man3/librcpp.3; do
		[ -s "$root/$file" ]
	done
	[ "$(readlink "$root/lib/librcpp.so")" = librcpp.so.1 ]
	grep -q '^Libs: -L${libdir} -lrcpp' "$root/lib/pkgconfig/rcpp.pc"
	make -s uninstall DESTDIR="$BATS_TEST_TMPDIR/tree" PREFIX=/usr
	[ -z "$(find "$BATS_TEST_TMPDIR/tree" ! -type d)" ]
}

@test "an installed rcpp compiles, links and patches" {
	make -s install DESTDIR= PREFIX="$BATS_TEST_TMPDIR/prefix" >/dev/null
	prefix=$BATS_TEST_TMPDIR/prefix
	cat >"$BATS_TEST_TMPDIR/a.c" <<-'C'
		#include <rcpp.h>
		static __patchable int step = 3;
		__attribute__((noinline)) static int next(int a) { return a + step; }
		int main(void)
		{
			struct rcpp_stats stats;
			return rcpp_patch() || rcpp_stats(&stats) || !stats.patched || next(4) != 7;
		}
	C
	"$prefix/bin/rcpp-cc" gcc -O2 -I"$prefix/include" "$BATS_TEST_TMPDIR/a.c" \
		-L"$prefix/lib" -lrcpp -Wl,-rpath,"$prefix/lib" -o "$BATS_TEST_TMPDIR/a"
	"$BATS_TEST_TMPDIR/a"
}
