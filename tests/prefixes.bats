#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Originals that are as long as their sites by prefixes: what unpatched code executes, and where its
# lines begin. That prefixes change nothing else is in instructions.bats and execute.bats.
# Reads: RCPP_BUILD (the build directory, default build/ beside tests/).

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
			sub(/^((data16|addr32|cs) )+/, "")
			if (/^(nop|xchg +%ax,%ax)/) {
				count++
				next
			}
			for (; count; count--)
				print "nop"
			print $1
		}'
}

@test "unpatched code has the instructions of the original, and a NOP at an entry" {
	local compiler option
	for compiler in gcc clang; do
		command -v $compiler >/dev/null || continue
		for option in -O1 -O2 -O3 -Os "-O2 -fPIE" "-O2 -g"; do
			# shellcheck disable=SC2086 # two options
			sites $compiler $option
			instructions plain.o >plain
			instructions sites.o >patchable
			[ "$(grep -c nop patchable)" -eq \
				"$(($(grep -c nop plain) + $(grep -c 'n: nop; ' sites.s)))" ]
			grep -v nop plain >plain.code
			grep -v nop patchable | diff plain.code -
			objdump -d sites.o | grep -q data16
			objdump -d sites.o | grep -q addr32
		done
	done
}

# How many lines begin inside of a site?
inner_lines() {
	ld -e 0 sites.o -o linked
	"$RCPP_BUILD/rcpp-dump" --json linked >dump
	objdump --dwarf=decodedline linked >rows
	python3 - <<-'END'
		import json, re
		sites = json.load(open("dump"))
		starts = {int(m[1], 16) for m in
		          re.finditer(r"^\S+ +\d+ +0x([0-9a-f]+)", open("rows").read(), re.M)}
		ranges = [(int(s["address"], 16), s["length"]) for s in sites]
		assert len(ranges) > 8 and len(starts) > 20, (len(ranges), len(starts))
		assert any(start in starts for start, length in ranges)
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
			[ "$(inner_lines)" -eq 0 ]
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
