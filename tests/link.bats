#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Rows live and die with their function, with every linker: COMDAT copies that are dropped, functions
# that --gc-sections removes, files that `ld -r` joins first. And there are no dynamic relocations.

setup() {
	build=$(realpath -m "${RCPP_BUILD:-$BATS_TEST_DIRNAME/../build}")
	joined=
	export CPATH=$BATS_TEST_DIRNAME/../runtime
	cd "$BATS_TEST_TMPDIR" || return
	cat >one.cc <<-'CC'
		#include "rcpp.h"
		__patchable long b;
		template <class T> __attribute__((noinline)) T shared(T a) { return a + b; }
		long one(long a) { return shared(a); }
		long dead(long a) { return a - b; }
	CC
	cat >two.cc <<-'CC'
		#include "rcpp.h"
		extern __patchable long b;
		long one(long), dead(long);
		template <class T> __attribute__((noinline)) T shared(T a) { return a + b; }
		long two(long a) { return shared(a); }
		int main()
		{
			struct rcpp_stats stats;

			static const long values[] = {7, -1, 1l << 40};

			for (long value : values) {
				rcpp_revert();
				b = value;
				if (rcpp_patch() || one(1) != 1 + value || two(2) != 2 + value)
					return 1;
			}
			return rcpp_stats(&stats) || !stats.sites || rcpp_revert() || one(1) != 1 + b;
		}
	CC
	for source in one two; do
		"$build/rcpp-cc" g++ -O2 -ffunction-sections -c $source.cc -o $source.o
	done
}

# In the program: the shared function once, and dead() only if it is there itself. `ld -r` makes one
# section of all rows, so what it has joined is kept or removed together; and mold keeps all notes.
check() {
	local sites joined=$joined
	[ "$linker" != mold ] || joined=yes
	"$build/rcpp-dump" "$1" >sites
	sites=$(grep -c 'shared' sites)
	[ "$sites" -ge 1 ]
	[ "$("$build/rcpp-dump" one.o | grep -c 'shared')" -eq "$sites" ]
	nm "$1" >symbols
	grep -q 'dead' sites || [ "$(grep -c dead symbols)" -eq 0 ]
	[ -n "$joined" ] || [ "$(grep -c 'dead' sites)" -eq 0 ]
	[ "$(readelf -rW "$1" | grep -c rcpp_)" -eq 0 ]
	"./$1"
}

linkers="bfd gold lld mold"

for_each_linker() {
	for linker in $linkers; do
		for kind in -pie -no-pie -static; do
			g++ -fuse-ld="$linker" $kind "$@" "$build/librcpp.a" -Wl,--gc-sections -o program
			check program
		done
	done
}

@test "COMDAT functions and --gc-sections: bfd, gold, lld, mold" {
	"$build/rcpp-dump" one.o | grep -q dead
	"$build/rcpp-dump" two.o | grep -q shared
	for_each_linker one.o two.o
}

@test "the same through ld -r" {
	joined=yes
	ld -r one.o two.o -o both.o
	# mold 1.10 joins sections of several groups that have one name, and others refuse that.
	! ld --version | grep -q ^mold || linkers=mold
	for_each_linker both.o
}

@test "mold: a text that ends a few bytes before a page" {
	local start size
	echo 'int main(void) { extern const char *rcpp_error(void); return !rcpp_error(); }' >main.c
	gcc -c main.c
	# The text's last section decides where it ends.
	link_with() {
		echo ".text; .skip $1, 0x90; .section .note.GNU-stack" | as -o last.o -
		gcc -fuse-ld=mold main.o "$build/librcpp.a" -lc last.o -o program
		read -r start size < <(readelf -lW program | awk '$7 $8 == "RE" { print $3, $6 }')
	}
	link_with 1
	for before in 1 3 5 7; do
		link_with $((1 + 8192 - before - (start + size) % 4096))
		[ $(((start + size) % 4096)) -eq $((4096 - before)) ]
		./program
		link_with 1
	done
}

@test "make check LINKER=NAME: what gcc and clang link by default is linked by that one" {
	local linker name compiler
	echo 'int main(void) { return 0; }' >main.c
	gcc -O2 -flto -c main.c -o lto.o
	for linker in bfd:'GNU ld' gold:'GNU gold' lld:LLD mold:mold; do
		name=${linker%%:*}
		make -s -C "$BATS_TEST_DIRNAME/.." B="$PWD/b" LINKER="$name" linker
		for compiler in gcc clang g++ clang++; do
			PATH=$PWD/b/linker/$name:$PATH $compiler -Wl,--version main.c >version
			grep -q "${linker#*:}" version
			PATH=$PWD/b/linker/$name:$PATH $compiler main.c -o program
			./program
		done
		PATH=$PWD/b/linker/$name:$PATH gcc lto.o -o program
		./program
	done
	run make -s -C "$BATS_TEST_DIRNAME/.." B="$PWD/b" LINKER=none linker
	[ "$status" -ne 0 ]
	[[ $output == *"no ld.none: LINKER is bfd, gold, lld or mold"* ]]
}

@test "two shared objects and a program, each with forms and rows of its own" {
	cat >library.c <<-'C'
		#include "rcpp.h"
		static __patchable long step;
		void NAME_set(long value) { step = value; }
		long NAME_add(long a) { return a + step; }
	C
	for name in red blue; do
		sed "s/NAME/$name/" library.c >$name.c
		"$build/rcpp-cc" gcc -O2 -fPIC -shared $name.c -o lib$name.so
		[ "$(readelf -rW lib$name.so | grep -c rcpp_)" -eq 0 ]
	done
	cat >main.c <<-'C'
		#include "rcpp.h"
		void red_set(long), blue_set(long);
		long red_add(long), blue_add(long);
		static __patchable long own;
		__attribute__((noinline)) static long own_add(long a) { return a + own; }
		int main(void)
		{
			struct rcpp_stats stats;

			red_set(3), blue_set(-4), own = 1l << 33;
			return rcpp_patch() || rcpp_stats(&stats) || stats.sites < 3 || red_add(1) != 4 ||
			       blue_add(1) != -3 || own_add(1) != own + 1;
		}
	C
	"$build/rcpp-cc" gcc -O2 main.c -L. -lred -lblue "$build/librcpp.a" -Wl,-rpath,"$PWD" -o main
	./main
}
