#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Originals that are as long as their sites by prefixes: what unpatched code executes, and where its
# lines begin. That prefixes change nothing else is in instructions.bats and execute.bats.
# Reads: RCPP_BUILD (the build directory, default build/ beside tests/).

bats_require_minimum_version 1.5.0

setup() {
	TOP=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	SOURCE=$TOP/tests/prefixes
	RCPP_BUILD=$(cd "${RCPP_BUILD:-$TOP/build}" && pwd)
	unset RCPP_FLAGS RCPP_AS RCPP_DISABLE RCPP_VERBOSE
	cd "$BATS_TEST_TMPDIR" || return
}

need() {
	command -v "$1" >/dev/null || skip "no $1"
}

# sites COMPILER OPTION...: sites.s and sites.o; plain.s and plain.o without rcpp
sites() {
	"$@" -I"$TOP/runtime" -S "$SOURCE/reads.c" -o plain.s
	sed -i '/^\t\.addrsig/d' plain.s
	as plain.s -o plain.o
	"$RCPP_BUILD/rcpp" plain.s -o sites.s
	as --fatal-warnings sites.s -o sites.o
}

# Instructions of the functions, without those that nobody executes: padding behind a function.
instructions() {
	objdump -d --no-show-raw-insn -j .text "$1" | awk '
		/^[0-9a-f]+ </ { count = 0 }
		/^ / {
			sub(/^ *[0-9a-f]+:\t/, "")
			sub(/^((data16|addr32|cs|rex) )+/, "")
			if (/^(nop|xchg +%ax,%ax)/) {
				count++
				next
			}
			for (; count; count--)
				print "nop"
			print $1
		}'
}

@test "unpatched code has the instructions of the original" {
	local compiler option
	for compiler in gcc clang; do
		command -v $compiler >/dev/null || continue
		for option in -O1 -O2 -O3 -Os "-O2 -fPIE" "-O2 -g"; do
			# shellcheck disable=SC2086 # two options
			sites $compiler $option
			instructions plain.o >plain
			instructions sites.o >patchable
			diff plain patchable
			objdump -d sites.o | grep -q data16
			objdump -d sites.o | grep -q addr32
		done
	done
}

# inner_lines COUNT: how many lines begin inside of a site; there are COUNT sites at least
inner_lines() {
	ld -e 0 sites.o -o linked
	"$RCPP_BUILD/rcpp-dump" --json linked >dump
	objdump --dwarf=decodedline linked >rows
	python3 - "$1" <<-'END'
		import json, re, sys
		sites = json.load(open("dump"))
		starts = {int(m[1], 16) for m in
		          re.finditer(r"^\S+ +\d+ +0x([0-9a-f]+)", open("rows").read(), re.M)}
		ranges = [(int(s["address"], 16), s["length"]) for s in sites]
		assert len(ranges) > int(sys.argv[1]) - 1 and len(starts) > 4, (len(ranges), len(starts))
		assert any(start in starts or start - 1 in starts for start, length in ranges)
		print(sum(start + i in starts for start, length in ranges for i in range(1, length)))
	END
}

@test "-g: no line begins inside of a site" {
	local compiler option
	for compiler in gcc clang; do
		command -v $compiler >/dev/null || continue
		for option in -O0 -O1 -O2 -O3 "-O2 -fPIE" "-O2 -ffunction-sections"; do
			# shellcheck disable=SC2086 # two options
			sites $compiler $option -g
			[ "$(inner_lines 9)" -eq 0 ]
		done
	done
}

@test "-g: the lines are the original's" {
	local compiler
	for compiler in gcc clang; do
		command -v $compiler >/dev/null || continue
		sites $compiler -O2 -g
		for file in plain sites; do
			objdump --dwarf=decodedline $file.o | awk '$2 ~ /^[1-9][0-9]*$/ { print $2, $NF == "x" }' |
				uniq >$file.lines # as makes one of them twice for the label
		done
		diff plain.lines sites.lines
	done
}

@test "-g: data, repetitions and other sections between a .loc and its site" {
	local compiler level
	cat >between.c <<-'END'
		#include <rcpp.h>
		__patchable long b;
		#define READ(p) do { __asm__ volatile(".byte 0x90"); (p)[1] = b; } while (0)
		#define NONE(p) do { __asm__ volatile(".ascii \"\""); (p)[2] = b; } while (0)
		void g(long *p)
		{
			p[0] = 1;
			READ(p);
			NONE(p);
			p[3] = b;
		}
	END
	for compiler in gcc clang; do
		command -v $compiler >/dev/null || continue
		for level in -O0 -O1 -O2; do
			"$RCPP_BUILD/rcpp-cc" $compiler $level -g -I"$TOP/runtime" -c between.c -o sites.o
			[ "$(inner_lines 1)" -eq 0 ]
		done
	done
	cat >between.s <<-'END'
			.file "between.c"
			.section rcpp_patchable, "aw"
		b:	.quad 5
			.text
			.file 1 "between.c"
			.globl f
			.type f, @function
		f:
			.loc 1 1
			movq %rdi, %rsi
			.pushsection .other, "ax"
			.loc 1 2
			.popsection
			movq b(%rip), %rax
			.rept 1
			.loc 1 3
			.endr
			movq b(%rip), %rcx
			.loc 1 4
			.if 0
			nop
			.endif
			addq b(%rip), %rcx
			.loc 1 5
			.byte 0x90
			addq b(%rip), %rcx
			ret
			.size f, .-f
	END
	"$RCPP_BUILD/rcpp" between.s -o sites.s
	as sites.s -o sites.o
	[ "$(inner_lines 4)" -eq 0 ]
}

@test "as -g: no line begins inside of a site" {
	local compiler
	for compiler in gcc clang; do
		command -v $compiler >/dev/null || continue
		"$RCPP_BUILD/rcpp-cc" $compiler -O2 -Wa,-g -I"$TOP/runtime" -c "$SOURCE/reads.c" -o sites.o
		[ "$(inner_lines 8)" -eq 0 ]
		"$RCPP_BUILD/rcpp-cc" $compiler -O2 -g -Wa,-g -I"$TOP/runtime" -c "$SOURCE/reads.c" \
			-o sites.o
		[ "$(inner_lines 8)" -eq 0 ]
		objdump -d sites.o | grep -q data16 # -g makes the lines, and not as
	done
	sites gcc -O2
	"$RCPP_BUILD/rcpp" --as-lines plain.s -o sites.s
	as -g sites.s -o sites.o
	[ "$(inner_lines 8)" -eq 0 ]
	"$RCPP_BUILD/rcpp" plain.s -o sites.s
	as -g sites.s -o sites.o
	[ "$(inner_lines 8)" -gt 0 ]
}

@test "a REX stands right in front of its opcode" {
	cat >narrow.c <<-'END'
		#include <rcpp.h>
		__patchable int b, c;
		unsigned char set(unsigned a, int *p)
		{
			*(int *)(unsigned long)(a + 4) += b;
			p[2] += b;
			return p[1] == c;
		}
		int entry(int x) { return b + x; }
		int other(int x) { return c > 3 ? x : 5; }
	END
	"$RCPP_BUILD/rcpp-cc" gcc -O2 -I"$TOP/runtime" -c narrow.c -o sites.o
	objdump -d sites.o | grep -q 'rex '
	run ! grep -E '\brex(\.[A-Z]*)? *$|rex (data16|addr32|cs|rex)' <(objdump -d sites.o)
	# The same of what stands behind the byte at an entry when it is patched.
	cat >main.c <<-'END'
		#include <stdio.h>
		#include <rcpp.h>
		extern __patchable int b, c;
		int entry(int), other(int);
		int main(void)
		{
			b = 7;
			c = 2;
			if (rcpp_patch())
				return 1;
			printf("%d %d\n", entry(1), other(2));
			fwrite((void *)entry, 1, 32, stderr);
			return 0;
		}
	END
	"$RCPP_BUILD/rcpp-cc" gcc -O2 -I"$TOP/runtime" main.c sites.o "$RCPP_BUILD/librcpp.a" -o main
	[ "$(./main 2>text)" = "8 5" ]
	objdump -D -b binary -m i386:x86-64 text | grep -q 'rex '
	run ! grep -E '\brex(\.[A-Z]*)? *$|rex (data16|addr32|cs|rex)' <(objdump -D -b binary -m i386:x86-64 text)
}

@test "text by people, whose lines as -g makes: NOPs" {
	cat >people.s <<-'END'
		.section rcpp_patchable, "aw"
		b:	.quad 5
			.text
		f:
			movq %rdi, %rdx
			movq b(%rip), %rax
			movq b(%rip), %rcx
			addq %rcx, %rax
			ret
	END
	"$RCPP_BUILD/rcpp" people.s -o sites.s
	as -g sites.s -o sites.o
	run objdump -d sites.o
	[[ $output == *nopl* ]]
	[[ $output != *data16* ]]
	[[ $output != *addr32* ]]
	{ printf '\t.file "people.c"\n' && cat people.s; } >compiled.s
	"$RCPP_BUILD/rcpp" compiled.s -o sites.s
	as sites.s -o sites.o
	run objdump -d sites.o
	[[ $output == *data16* ]]
}

@test "a site that is longer than an instruction can be has NOPs" {
	cat >long.s <<-'END'
			.file "long.c"
			.section rcpp_patchable, "aw"
		b:	.quad 5
			.text
			.globl f
			.type f, @function
		f:
			movq %rdi, %rsi
			leaq (%rsi,%rsi), %rax
			cmpq $0x12345678, b(%rip)
			adcq $0, %rax
			ret
	END
	"$RCPP_BUILD/rcpp" --no-branch long.s -o sites.s --explain=explain
	as sites.s -o sites.o
	"$RCPP_BUILD/rcpp-dump" --json sites.o | grep -q '"length": 1[67]'
	run objdump -d sites.o
	[[ $output != *data16* ]]
	[[ $output == *nop* ]]
}
