#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Calls and jumps through patchable pointers (heading [call] of the rules): calls/sites.s has every
# form, calls/calls.c executes them all with targets near and far.
# Reads: RCPP_BUILD (the build directory, default build/ beside tests/).

setup_file() {
	export TOP SOURCE RCPP_BUILD
	TOP=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	SOURCE=$TOP/tests/calls
	RCPP_BUILD=$(cd "${RCPP_BUILD:-$TOP/build}" && pwd)
	unset RCPP_FLAGS RCPP_AS RCPP_DISABLE RCPP_VERBOSE
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	cases=(sites.s)
}

# cases FILE...: in.s is these, with the end of the list.
cases() {
	{ cat "${@/#/$SOURCE/}" && printf '\t.section .data.rel.ro, "aw"\n\t.quad 0\n'; } >in.s
}

# calls DIRECT INDIRECT FILTER-OPTION... -- COMPILER-OPTION...: builds the program and runs it; so
# many calls were direct, at least, and so many were not.
calls() {
	local filter=() count=("$1" "$2")
	shift 2
	while [ "$1" != -- ]; do
		filter+=("$1")
		shift
	done
	shift
	cases "${cases[@]}"
	rm -f explain
	"$RCPP_BUILD/rcpp" "${filter[@]}" --explain=explain in.s -o sites.s
	gcc -std=gnu11 -D_GNU_SOURCE -O1 -Wall -Wextra -Werror -I"$TOP/runtime" "$@" "$SOURCE/calls.c" sites.s \
		"$RCPP_BUILD/librcpp.a" -o calls
	run timeout 60 ./calls ${fault:+fault}
	echo "$output"
	[ "$status" -eq 0 ]
	read -r direct _ indirect _ < <(tail -n 1 <<<"$output")
	[ "$direct" -ge "${count[0]}" ]
	[ "$indirect" -ge "${count[1]}" ]
}

@test "every rule of the heading has its cases" {
	cases sites.s
	rm -f explain
	"$RCPP_BUILD/rcpp" --explain=explain in.s -o /dev/null
	[ "$(grep -c '[ *]VAR => near: call V$' explain)" -eq 3 ]
	[ "$(grep -c '[ *]VAR => near: jmp V$' explain)" -eq 2 ]
	[ "$(grep -c '; \(notrack \)\?callq\? \*%r[a1][x1] => near: call V$' explain)" -eq 2 ]
	[ "$(grep -c '; \(notrack \)\?jmpq\? \*%r[a1][x0] => near: jmp V$' explain)" -eq 2 ]
	[ "$(grep -c '; callq\? __[a-z0-9_]*_r[a1][x1] => near: call V$' explain)" -eq 2 ]
	[ "$(grep -c '; jmp __[a-z0-9_]*_r[a1][x1] => near: jmp V$' explain)" -eq 2 ]
}

# Thirteen cases, two rounds; near, and both ends of the reach.
@test "position-independent programs, by all linkers" {
	for linker in bfd gold lld mold; do
		calls 78 104 -- -fPIE -pie -fuse-ld=$linker
	done
}

@test "programs at fixed addresses" {
	cases+=(absolute.s)
	calls 44 44 -- -no-pie
}

@test "sites that trap until they are patched" {
	local fault=1
	calls 78 104 --unpatched=fault -- -fPIE -pie
}

@test "--no-call" {
	cases sites.s
	rm -f explain
	"$RCPP_BUILD/rcpp" --no-call --explain=explain in.s -o sites.s
	[ "$(grep -c 'load: left out by an option' explain)" -eq 5 ]
	[ "$(grep -c '=> u32: movl' explain)" -eq 8 ]
	[ "$(grep -c near explain)" -eq 0 ]
}

# What compilers make of it.
@test "C: pointers, structures of operations, tail calls" {
	cat >ops.c <<-'END'
		#include <rcpp.h>
		#include <stdio.h>
		struct ops { long (*add)(long), (*sub)(long); };
		static long add1(long x) { return x + 1; }
		static long sub1(long x) { return x - 1; }
		__patchable struct ops ops = {add1, sub1};
		__patchable long (*fp)(long) = sub1;
		__attribute__((noinline)) long call_ops(long x) { return ops.add(x) * 3; }
		__attribute__((noinline)) long tail(long x) { return fp(x); }
		__attribute__((noinline)) long twice(long x) { return fp(x) + fp(x + 2); }
		int main(void)
		{
			for (int i = 0; i < 2; i++) {
				printf("%ld %ld %ld\n", call_ops(1), tail(5), twice(3));
				if (rcpp_patch())
					return 1;
			}
			return 0;
		}
	END
	for compiler in "gcc -O0" "gcc -O2 -fPIE -pie" "gcc -O2 -fno-pie -no-pie" \
		"gcc -Os -fcf-protection" "clang -O0" "clang -O2 -fPIE -pie" "clang -O2 -no-pie" \
		"gcc -O0 -mindirect-branch=thunk -fcf-protection=none" \
		"gcc -O2 -mindirect-branch=thunk -fcf-protection=none -fPIE -pie" \
		"clang -O1 -mretpoline" "clang -O2 -mretpoline -fPIE -pie"; do
		rm -f explain
		# shellcheck disable=SC2086 # a command and options
		"$RCPP_BUILD/rcpp-cc" $compiler -I"$TOP/runtime" -Wr,--explain=explain ops.c \
			"$RCPP_BUILD/librcpp.a" -o ops
		[ "$(grep -c 'near: \(call\|jmp\) V' explain)" -ge 4 ]
		[ "$(./ops)" = $'6 4 6\n6 4 6' ]
		[ "$(RCPP_DISABLE=1 ./ops)" = $'6 4 6\n6 4 6' ]
	done
}

# thunk NAME REGISTER: a function that jumps to where the register points.
thunk() {
	printf '\t.text\n\t.globl %s\n\t.type %s, @function\n%s:\tjmp *%%%s\n\t.section .note.GNU-stack,""\n' \
		"$1" "$1" "$1" "$2"
}

@test "thunks of another module are called through the PLT" {
	thunk __x86_indirect_thunk_rax rax >thunk.s
	gcc -shared -Wl,-soname,libthunk.so thunk.s -o libthunk.so
	cat >lib.c <<-'END'
		#include <rcpp.h>
		static long add1(long x) { return x + 1; }
		__patchable long (*fp)(long) = add1;
		long call(long x) { return fp(x) * 3; }
		long tail(long x) { return fp(x + 2); }
	END
	cat >main.c <<-'END'
		#include <rcpp.h>
		#include <stdio.h>
		long call(long x), tail(long x);
		int main(void)
		{
			struct rcpp_stats stats;
			for (int i = 0; i < 2; i++) {
				printf("%ld %ld\n", call(1), tail(5));
				if (rcpp_patch() || rcpp_stats(&stats) || stats.patched != 2)
					return 1;
			}
			return rcpp_revert() || call(2) != 9 || tail(2) != 5;
		}
	END
	for linker in bfd gold lld mold; do
		rm -f explain
		"$RCPP_BUILD/rcpp-cc" gcc -O2 -fPIC -shared -fcf-protection=none -mindirect-branch=thunk-extern \
			-fuse-ld=$linker -I"$TOP/runtime" -Wr,--explain=explain lib.c -L. -lthunk -o liblib.so
		[ "$(grep -c '; \(call\|jmp\) __x86_indirect_thunk_rax => near: \(call\|jmp\) V$' explain)" -eq 2 ]
		gcc -O2 -I"$TOP/runtime" main.c -L. -llib -lthunk "$RCPP_BUILD/librcpp.a" \
			-Wl,-rpath,"$PWD" -o main
		[ "$(LD_LIBRARY_PATH=$PWD ./main)" = $'6 8\n6 8' ]
	done
}
