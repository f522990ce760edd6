#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Compares with the value on the wrong side (heading [turned] of the rules): turned/generate.py makes
# functions with every condition, width and kind of compare, turned/turned.c executes them all and
# compares with what the processor says of them unpatched.
# Reads: RCPP_BUILD (the build directory, default build/ beside tests/).

setup_file() {
	export TOP SOURCE RCPP_BUILD
	TOP=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	SOURCE=$TOP/tests/turned
	RCPP_BUILD=$(cd "${RCPP_BUILD:-$TOP/build}" && pwd)
	unset RCPP_FLAGS RCPP_AS RCPP_DISABLE RCPP_VERBOSE
	cd "$BATS_FILE_TMPDIR" || return
	python3 "$SOURCE/generate.py" >in.s
	gcc -std=gnu11 -O1 -Wall -Wextra -Werror -I"$TOP/runtime" -fPIE -c "$SOURCE/turned.c" -o driver.o
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

filter() {
	rm -f explain
	"$RCPP_BUILD/rcpp" --symbol v1,v2,v4,v8 --explain=explain -o sites.s "$@" \
		"$BATS_FILE_TMPDIR/in.s"
	as sites.s -o sites.o
}

# turned LINKER-OPTION...: all functions agree.
turned() {
	gcc "$BATS_FILE_TMPDIR/driver.o" sites.o "$RCPP_BUILD/librcpp.a" -o turned "$@"
	run timeout 300 ./turned
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$output" = "1504 functions, 1303968 results agree" ]
}

# What became of each function: its name, whether the compare is turned, whether readers are mirrored.
became() {
	awk -F': ' '{
		turned = /=> (any|s32): cmp[bwlq]? \$V, [^|;]*( \||;|$)/
		print $2, turned ? /=> (any|s32): (j|set|cmov)/ ? "turns" : "plain" : "stays"
	}' explain
}

@test "all conditions, widths, compares and readers, by all linkers" {
	filter
	for linker in bfd gold lld mold; do
		turned -pie -fuse-ld=$linker
	done
	turned -no-pie
}

@test "what is turned, and what is not" {
	filter
	sed -n 's/^\(f[0-9]*\):\t# /\1 /p' "$BATS_FILE_TMPDIR/in.s" >expected
	became | diff expected -
	[ "$(sort -k 2 expected | awk '{ print $2 }' | uniq -c | awk '$1 > 100' | wc -l)" -eq 3 ]
}

@test "every rule of the heading has its cases" {
	filter
	for reader in 'j[a-z]+ L' 'set[a-z]+ %al' 'set[a-z]+ 12\(%rdi\)' 'cmov[a-z]+ %dx,%ax' \
		'cmov[a-z]+ %edx,%eax' 'cmov[a-z]+ %rdx,%rax' 'cmov[a-z]+ \(%rdi\),%eax' \
		'cmov[a-z]+ \(%rdi\),%rax' 'cmov[a-z]+ 2\(%rdi\),%ax'; do
		[ "$(grep -oE "; $reader => (any|s32)" explain | sort -u | wc -l)" -ge 20 ]
	done
	for compare in 'cmp[bwlq] %[a-z]*,VAR' 'cmp %[a-z]*,VAR' 'cmp[bwlq] %[a-z]*,%r8[bwd]*' \
		'cmp 8\(%rdi\),%r8[bwd]*' 'cmp[bwlq] MEM\(%rip\),%r8[bwd]*' \
		'cmp[bwlq] 4\(%rdi,%r9,4\),%r8[bwd]*' 'cmpb %ch,VAR'; do
		[ "$(grep -cE "(: |; )$compare => (any|s32): cmp" explain)" -ge 20 ]
	done
}

@test "jumps of both lengths" {
	filter
	"$RCPP_BUILD/rcpp-dump" sites.o | grep -E ' j[a-z]+ L =>' | awk '{ print $(NF - 1) }' |
		sort | uniq -c | awk '{ print $2, ($1 > 20) }' >lengths
	diff lengths - <<<$'2 1\n6 1'
}

@test "--wide=load: wide values leave all as it was" {
	filter --wide=load
	turned -pie
	[ "$(became | grep -c turns)" -gt 500 ]
}

@test "--no-fuse: only the variable's own compares" {
	filter --no-fuse
	turned -pie
	[ "$(grep -c 'cmp.*VAR => .*: cmp[a-z]* \$V' explain)" -gt 100 ]
	[ "$(grep -cE ' mov[a-z]* VAR,%r8[bwd]* .*; (cmp|j|set|cmov)' explain)" -eq 0 ]
}

# In C, and with values of all sizes: C's own conditions.
@test "C: limits and bounds" {
	cat >limits.c <<-'END'
		#include <rcpp.h>
		#include <stdio.h>
		__patchable int low;
		__patchable unsigned int high;
		__patchable long far;
		__patchable unsigned char byte;
		#define FUNCTION __attribute__((noinline)) long
		FUNCTION a(int x) { return x < low ? x * 3 : x + 1; }
		FUNCTION b(unsigned int x) { if (x >= high) x = x * 5 + 1; return x - 9; }
		FUNCTION c(long x) { return x > far; }
		FUNCTION d(long x) { return x > far ? x : x * x; }
		FUNCTION e(unsigned char x) { return (x <= byte) + (x == byte) * 2; }
		FUNCTION f(int *x) { return *x > low ? *x + 2 : 7; }
		FUNCTION g(int x, int y) { return x < low && (unsigned int)y > high; }
		static const long values[] = {0, 1, -1, 127, 128, 2147483647, -2147483648, 4294967295, 1L << 40};
		static void print(void)
		{
			unsigned long sum = 0;
			for (unsigned i = 0; i < 81; i++) {
				long x = values[i / 9], y = values[i % 9];
				int z = x;
				sum = sum * 31 + a(x) + 3 * b(x) + 5 * c(x) + 7 * d(x) + 11 * e(x) + 13 * f(&z) + 17 * g(x, y);
			}
			printf("%lx\n", sum);
		}
		int main(void)
		{
			for (unsigned i = 0; i < 9; i++) {
				low = high = far = byte = values[i];
				print();
				if (rcpp_patch())
					return puts(rcpp_error());
				print();
				if (rcpp_revert())
					return puts(rcpp_error());
				print();
			}
			return 0;
		}
	END
	for compiler in gcc clang; do
		for options in -O1 "-O2 -fPIE -pie" "-O2 -g -fno-pie -no-pie" -O3 -Os; do
			rm -f explain
			# shellcheck disable=SC2086 # options
			"$RCPP_BUILD/rcpp-cc" $compiler $options -fwrapv -I"$TOP/runtime" -Wr,--explain=explain \
				limits.c "$RCPP_BUILD/librcpp.a" -o limits
			[ "$(grep -cE '=> (any|s32): (j|set|cmov)' explain)" -ge 2 ]
			[ "$(grep -c 'load: ' explain)" -eq 0 ]
			./limits >output
			[ "$(wc -l <output)" -eq 27 ]
			[ "$(uniq output | wc -l)" -eq 9 ]
			RCPP_DISABLE=1 ./limits | diff output -
		done
	done
}

# Linux writes sites one by one, so it must know which of them are right together only.
@test "forms say what must change at one instant" {
	cat >some.s <<-'END'
		.file "some.c"
		.type turned, @function
		turned: movl b(%rip), %ecx; cmpl %edi, %ecx; setl %al; ret
		.size turned, .-turned
		.type plain, @function
		plain: cmpl %edi, b(%rip); sete %al; ret
		.size plain, .-plain
		.type other, @function
		other: movl b(%rip), %ecx; addl %ecx, %eax; ret
		.size other, .-other
	END
	"$RCPP_BUILD/rcpp" --symbol b -o out.s some.s
	python3 - >together <<-'END'
		import re
		for bits, text in re.findall(r': \.byte \d+,(\d+),\d+,\d+; .*?\.asciz "(.*?)"', open("out.s").read()):
		    print(int(bits) >> 5 & 1, text)
	END
	cat >expected <<-'END'
		0 addl %ecx,%eax => any: addl $V, %eax
		0 cmpl %edi,VAR => any: cmpl $V, %edi
		0 movl VAR,%ecx => any: nothing
		1 cmpl %edi,%ecx => any: cmpl $V, %edi
		1 movl VAR,%ecx => any: nothing
		1 setl %al => any: setg %al
	END
	LC_ALL=C sort together | diff expected -
}
