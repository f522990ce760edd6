#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# References through the global offset table, executed: tests/pointers/use.c in programs and shared
# objects of all kinds, by gcc and clang, with the variables in the same module and in others. Each
# program computes with sites, patched, updated and reverted, what it computes without rcpp. What the
# filter makes of each instruction is in tests/liveness/pointers.s, damaged tables in
# tests/runtime/remote.c.
# shellcheck disable=SC2086 # options are several words
# Reads: RCPP_BUILD (the build directory, default build/ beside tests/).

bats_require_minimum_version 1.5.0

setup()
{
	RCPP_BUILD=$(realpath -m "${RCPP_BUILD:-$BATS_TEST_DIRNAME/../build}")
	source=$BATS_TEST_DIRNAME/pointers
	library=$RCPP_BUILD/librcpp.a
	export CPATH=$BATS_TEST_DIRNAME/../runtime
	unset RCPP_FLAGS RCPP_AS RCPP_DISABLE RCPP_VERBOSE
	cd "$BATS_TEST_TMPDIR" || return
}

symbols=on,base,divisor,mask,settings,choice,maybe,maybe_settings

# make_use COMPILER [OPTION]...: use.c to plain.o and sites.o, for shared objects too; and explain.
make_use()
{
	local compiler=$1
	shift
	[ $compiler != clang ] || set -- -fno-integrated-as "$@"
	$compiler -O2 -fPIC "$@" -S "$source/use.c" -o plain.s
	grep -q '@GOTPCREL' plain.s
	rm -f explain
	"$RCPP_BUILD/rcpp" --symbol=$symbols --explain=explain $filter plain.s -o sites.s
	gcc -c plain.s -o plain.o
	gcc -c sites.s -o sites.o
}

# same PROGRAM COUNT [VARIABLE=VALUE]...: what is printed is what plain prints; with COUNT sites.
same()
{
	local program=$1 count=$2
	shift 2
	env "$@" timeout 60 ./$program >$program.out 2>$program.err || {
		echo "status $?"
		cat $program.err
		return 1
	}
	cmp plain.out $program.out
	[ "$(sed 's/ patched//' $program.err)" -ge $count ]
}

# plain_output OBJECT...: what the program prints that has never seen rcpp.
plain_output()
{
	gcc "$@" "$library" -o plain
	timeout 60 ./plain >plain.out 2>plain.err
	grep -qx '0 patched' plain.err
}

@test "most references become sites, and what stays says why" {
	local compiler
	for compiler in gcc clang; do
		make_use $compiler
		[ "$(grep -c ' => ' explain)" -ge 30 ]
		grep ': load: ' explain | grep -v -e 'vector' -e 'writes the variable' -e 'no dead register' \
			-e 'either: .*offset table' -e 'in_a_loop: .*offset table' -e 'indexed: .*array' >loads || true
		cat loads
		[ ! -s loads ]
	done
}

@test "clang's default: programs" {
	clang -O2 -fno-integrated-as -S "$source/use.c" -o default.s
	rm -f explain
	"$RCPP_BUILD/rcpp" --symbol=$symbols --explain=explain default.s -o /dev/null
	[ "$(grep -c 'VAR(%r.*=> ' explain)" -ge 30 ]
}

@test "programs of all kinds, by each linker" {
	local compiler linker kind
	gcc -O1 -fPIC -c "$source/main.c" -o main.o
	gcc -O1 -fPIC -c "$source/variables.c" -o variables.o
	for compiler in gcc clang; do
		make_use $compiler
		plain_output main.o variables.o plain.o
		for linker in bfd gold lld mold; do
			for kind in -pie -no-pie -static "-pie -Wl,-z,now" "-pie -Wl,-z,lazy" \
				"-pie -Wl,--no-relax" "-no-pie -Wl,--gc-sections"; do
				[ "$linker $kind" != 'gold -pie -Wl,--no-relax' ] || continue # it has another meaning
				gcc -fuse-ld=$linker $kind main.o variables.o sites.o "$library" -o sites 2>warnings ||
					{ cat warnings && false; }
				same sites 30
			done
		done
	done
}

@test "unpatched traps" {
	local filter=--unpatched=fault
	gcc -O1 -fPIC -c "$source/main.c" -o main.o
	gcc -O1 -fPIC -c "$source/variables.c" -o variables.o
	make_use gcc
	gcc main.o variables.o sites.o "$library" -o sites
	run ./sites
	[ "$status" -eq $((128 + 4)) ] # SIGILL
	# One of them is undefined, so it must not trap for ever.
	sed 's/printf("%lx\\n", sum());//; s/before = sum();/rcpp_patch(), before = sum(), rcpp_revert();/' \
		"$source/main.c" >early.c
	gcc -O1 -fPIC -I"$source" early.c variables.o sites.o "$library" -o early
	./early >early.out
	gcc -O1 -fPIC -I"$source" early.c variables.o plain.o "$library" -o early
	./early >plain.out
	cmp plain.out early.out
}

@test "a shared object: its own variables, the program's, those of another one" {
	local compiler linker kind option
	gcc -O1 -fPIC -c "$source/main.c" -o main.o
	gcc -O1 -fno-pic -c "$source/main.c" -o main-absolute.o
	gcc -O1 -fPIC -DOPENING -c "$source/main.c" -o main-opening.o
	gcc -O1 -fPIC -c "$source/variables.c" -o variables.o
	gcc -O1 -fPIC -DOTHERS -c "$source/variables.c" -o others.o
	gcc -shared variables.o -o libvariables.so
	for compiler in gcc clang; do
		make_use $compiler
		plain_output main.o variables.o plain.o
		for linker in bfd gold lld mold; do
			for option in -Wl,-z,now -Wl,-z,lazy; do
				# of its own; main.o refers to them by its own slots
				gcc -fuse-ld=$linker $option -shared sites.o variables.o -o libuse.so
				gcc -fuse-ld=$linker $option -pie main.o libuse.so "$library" -Wl,-rpath,. -o own
				same own 30
			done
			# copies in the program, which main.o refers to directly
			gcc -fuse-ld=$linker -no-pie main-absolute.o libuse.so "$library" -Wl,-rpath,. -o copied
			readelf -rW copied | grep -q 'R_X86_64_COPY'
			same copied 30
			# the program's, in the place of its own, which have other values
			gcc -fuse-ld=$linker -shared sites.o others.o -o libuse.so
			gcc -fuse-ld=$linker -pie main.o variables.o libuse.so "$library" -Wl,-rpath,. -o interposed
			same interposed 30
			# another shared object's
			gcc -fuse-ld=$linker -shared sites.o libvariables.so -o libuse.so
			gcc -fuse-ld=$linker -pie main.o libuse.so libvariables.so "$library" -Wl,-rpath,. -o another
			same another 30
			# opened when the program is patched already
			gcc -fuse-ld=$linker -pie main-opening.o libvariables.so "$library" -Wl,-rpath,. -o opening
			same opening 30 LIBRARY=./libuse.so
		done
	done
}

@test "a shared object that binds its own symbols, and hidden and protected ones" {
	local kind
	gcc -O1 -fPIC -DOTHERS -c "$source/variables.c" -o others.o
	cat >main.c <<-'END'
		#include "rcpp.h"
		#include <stdio.h>
		long use(long);
		long base = 1; /* not what the library reads */
		int main(void)
		{
			long before = use(5);
			struct rcpp_stats stats;

			if (rcpp_patch() || rcpp_stats(&stats) || stats.patched < 30)
				return 1;
			return use(5) != before || rcpp_revert() || use(5) != before;
		}
	END
	make_use gcc
	for kind in -Wl,-Bsymbolic -Wl,--version-script=hide.map; do
		echo '{ global: use; local: *; };' >hide.map
		for linker in bfd gold lld mold; do
			gcc -fuse-ld=$linker -shared $kind sites.o others.o -o libuse.so
			gcc -fuse-ld=$linker main.c libuse.so "$library" -Wl,-rpath,. -o sites
			./sites
		done
	done
	for kind in hidden protected; do
		sed "s/^extern/__attribute__((visibility(\"$kind\"))) extern/" "$source/variables.h" >variables.h
		gcc -O1 -fPIC -I. -DOTHERS -include variables.h -c "$source/variables.c" -o others.o
		gcc -shared sites.o others.o -o libuse.so
		gcc main.c libuse.so "$library" -Wl,-rpath,. -o sites
		./sites
	done
}

@test "a weak symbol that nothing defines, read without a pointer, stays a load" {
	local linker
	cat >weak.c <<-'END'
	#include <rcpp.h>
	extern long undefined[] __attribute__((weak));
	__patchable long x = 42;
	__attribute__((noinline)) static long f(long a) { return undefined ? undefined[3] + a : x - a; }
	int main(void)
	{
		long before = f(2), status = rcpp_patch();
		return before != 40 || status || f(2) != 40 || rcpp_verify() || rcpp_revert() || f(2) != 40;
	}
	END
	for linker in bfd gold lld mold; do
		rm -f explain
		"$RCPP_BUILD/rcpp-cc" gcc -O2 -fno-pie -no-pie -fuse-ld=$linker -I"$BATS_TEST_DIRNAME/../runtime" \
			-Wr,--symbol=undefined,--explain=explain weak.c "$library" -o weak
		grep -q 'undefined.* => ' explain
		./weak
	done
}

@test "a weak symbol that nothing defines stays a load; one that a preloaded library defines does not" {
	local linker kind
	gcc -O1 -fPIC -c "$source/main.c" -o main.o
	gcc -O1 -fPIC -c "$source/variables.c" -o variables.o
	echo 'long maybe = 3;' | gcc -shared -fPIC -xc - -o maybe.so
	make_use clang
	grep -q ': undefined: maybe: .* => ' explain
	for linker in bfd gold lld mold; do
		gcc -fuse-ld=$linker -pie main.o variables.o sites.o "$library" -o sites
		gcc -fuse-ld=$linker -pie main.o variables.o plain.o "$library" -o plain
		for preload in '' ./maybe.so; do
			LD_PRELOAD=$preload ./plain >plain.out 2>plain.err
			same sites 30 LD_PRELOAD=$preload
		done
		# Nobody defines it in these; the address is 0 when they are linked, or later.
		for kind in -no-pie -static; do
			gcc -fuse-ld=$linker $kind main.o variables.o plain.o "$library" -o plain
			./plain >plain.out 2>plain.err
			gcc -fuse-ld=$linker $kind main.o variables.o sites.o "$library" -o sites
			same sites 30
		done
	done
	RCPP_VERBOSE=2 ./sites 2>&1 >/dev/null | grep -q 'not patchable here'
}

@test "a table of slots that stays writable is an error" {
	gcc -O1 -fPIC -c "$source/main.c" -o main.o
	gcc -O1 -fPIC -c "$source/variables.c" -o variables.o
	make_use gcc
	for linker in bfd gold lld mold; do
		gcc -fuse-ld=$linker -Wl,-z,norelro main.o variables.o sites.o "$library" -o sites
		run ./sites
		[ "$status" -eq 2 ]
		[[ $output == *"finds its variable through writable memory (link without -z norelro)"* ]]
	done
}

@test "rcpp-dump names the variables behind the slots" {
	local linker kind
	make_use gcc
	gcc -O1 -fPIC -c "$source/main.c" -o main.o
	gcc -O1 -fPIC -c "$source/variables.c" -o variables.o
	"$RCPP_BUILD/rcpp-dump" --json sites.o | jq -r '.[] | "\(.symbol)+\(.addend) \(.flags)"' | sort >object
	grep -qF 'settings+8 ["remote"]' object
	for linker in bfd gold lld mold; do
		for kind in -shared "-pie main.o variables.o $library" "-no-pie main.o variables.o $library" \
			"-static main.o variables.o $library"; do
			gcc -fuse-ld=$linker sites.o $kind -o linked
			"$RCPP_BUILD/rcpp-dump" --json linked |
				jq -r '.[] | select(.function | IN("use","main") | not) | "\(.symbol)+\(.addend) \(.flags)"' |
				sort >list
			# Jumps have targets, which have other names in an object. What is 0 has no name.
			diff <(grep -v '^maybe\|\["consumer"\(,"joined"\)\?\]' object) \
				<(grep -v '^maybe\|^null\|\["consumer"\(,"joined"\)\?\]' list)
		done
	done
	ld -r sites.o -o joined.o
	"$RCPP_BUILD/rcpp-dump" --json joined.o | jq -r '.[] | "\(.symbol)+\(.addend) \(.flags)"' | sort |
		diff <(grep -v '\["consumer"\(,"joined"\)\?\]' object) <(grep -v '\["consumer"\(,"joined"\)\?\]' /dev/stdin)
}

@test "fields that an option names, and the rest of the structure" {
	make_use gcc
	rm -f explain
	"$RCPP_BUILD/rcpp" --symbol=settings+8:8 --explain=explain plain.s -o sites.s
	grep -q ': settings+8: .* => ' explain
	run -1 grep -v ': settings+8: ' explain
}
