#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Value-of operands in assembly that people write: $rcpp_value(b), and RCPP_VALUE(b) in inline
# assembly. values/sites.s has the operands, values/inline.c the inline assembly, values/values.c
# executes them. What sites.s becomes is in golden.bats.
# shellcheck disable=SC2016,SC2154 # inputs and messages are meant as they stand
# Reads: RCPP_BUILD (the build directory, default build/ beside tests/).

bats_require_minimum_version 1.5.0

setup_file() {
	MANWIDTH=1000 man --nh --nj -l "$BATS_TEST_DIRNAME/../rcpp/rcpp.1" >"$BATS_FILE_TMPDIR/manual"
}

setup() {
	TOP=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	SOURCE=$TOP/tests/values
	RCPP_BUILD=$(realpath -m "${RCPP_BUILD:-$TOP/build}")
	rcpp=$RCPP_BUILD/rcpp
	library=$RCPP_BUILD/librcpp.a
	CPATH=$TOP/runtime
	export CPATH
	unset RCPP_FLAGS RCPP_AS RCPP_DISABLE RCPP_VERBOSE
	cd "$BATS_TEST_TMPDIR" || return
}

# executed COUNT COMPILER FILTER-OPTIONS OPTION...: builds sites.s and inline.c through rcpp, and
# values.c, which knows what they should return, without; and runs it. COUNT sites are patched.
executed() {
	local count=$1 compiler=$2 filter=$3
	shift 3
	# shellcheck disable=SC2086 # options, or none
	"$RCPP_BUILD/rcpp-cc" $compiler $filter -Wall -Wextra "$@" -c \
		"$SOURCE/inline.c" "$SOURCE/sites.s"
	$compiler -Wall -Wextra -Werror "$@" "$SOURCE/values.c" inline.o sites.o "$library" -o values
	run timeout 60 ./values
	echo "$compiler $filter $*: $output"
	[ "$status" -eq 0 ]
	[ "$output" = "$count patched" ]
}

# wrong MESSAGE: standard input is refused, with this one message, and nothing is written. The manual
# has what the message says, but for numbers.
wrong() {
	local says=${1##*"': "}
	[[ $says == "this reads "* ]] && says="; ${says#*; }"
	grep -qF "$says" "$BATS_FILE_TMPDIR/manual"
	cat >in.s
	rm -f out.s
	run --separate-stderr "$rcpp" in.s -o out.s
	[ "$status" -eq 1 ]
	[ ! -e out.s ]
	# shellcheck disable=SC2053 # a pattern
	[[ $stderr == in.s:$1 ]] || {
		echo "$stderr"
		return 1
	}
	run --separate-stderr "$rcpp" in.s
	[ "$status" -eq 1 ]
	[ -z "$output" ]
}

@test "programs: gcc and clang, position-independent and not, at -O0 and -O2" {
	for compiler in gcc clang; do
		executed 22 $compiler "" -O2
		executed 22 $compiler "" -O0 -no-pie -fno-pie
		executed 22 $compiler "" -O2 -g -fPIE -pie
	done
}

@test "programs: all linkers" {
	for linker in bfd gold lld mold; do
		executed 22 gcc "" -O2 -fuse-ld=$linker
	done
}

@test "programs: options of the filter" {
	executed 22 gcc "-Wr,--unpatched=fault" -O2 -DFAULT=1
	executed 22 gcc "-Wr,--no-fuse" -O2
	executed 22 gcc "-Wr,--wide=load" -O2
}

@test "variables that an option names, and variables that nothing marks" {
	executed 22 gcc "-Wr,--symbol=u8,u4,u2,u1,pair" -O2 -DOPTION_ONLY
	executed 0 gcc "" -O2 -DOPTION_ONLY
}

@test "a shared library" {
	"$RCPP_BUILD/rcpp-cc" gcc -O2 -fPIC -c "$SOURCE/inline.c" "$SOURCE/sites.s"
	gcc -O2 -fPIC -shared -Dmain=execute "$SOURCE/values.c" inline.o sites.o \
		"$RCPP_BUILD/librcpp.so" -o libvalues.so
	echo 'int execute(void); int main(void) { return execute(); }' |
		gcc -xc - -xnone ./libvalues.so "$RCPP_BUILD/librcpp.so" -o values
	run env LD_LIBRARY_PATH="$RCPP_BUILD" ./values
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$output" = '22 patched' ]
}

@test "RCPP_VALUE() without rcpp reads memory: GNU as, clang's own assembler, without the library" {
	for compiler in "gcc -O2" "clang -O2" "clang -O2 -fno-integrated-as" "gcc -O2 -no-pie -fno-pie"; do
		for with in "$library" -DRCPP_OFF; do
			# shellcheck disable=SC2086 # a command and options
			$compiler -Wall -Wextra -Werror -DWITHOUT_RCPP "$SOURCE/values.c" \
				"$SOURCE/inline.c" $with -o values
			run ./values
			echo "$compiler $with: $output"
			[ "$status" -eq 0 ]
			[ "$output" = '0 patched' ]
		done
	done
}

@test "RCPP_VALUE() marks what it reads, in C and in C++" {
	cat >user.c <<-'END'
		#include <rcpp.h>
		#ifdef __cplusplus
		extern "C" {
		#endif
		extern __patchable long b;
		long f(void)
		{
			long x;
			__asm__("movq " RCPP_VALUE(b) ", %0" : "=r"(x));
			return x;
		}
		#ifdef __cplusplus
		}
		#endif
	END
	cp user.c user.cc
	for compile in "gcc user.c" "g++ user.cc" "clang user.c" "clang++ user.cc"; do
		rm -f explain
		# shellcheck disable=SC2086 # a command and a file
		"$RCPP_BUILD/rcpp-cc" $compile -Wall -Wextra -O2 -c -o user.o -Wr,--explain=explain
		grep ': f: b: movq VAR,%r.. => ' explain
	done
}

@test "a .S file: the header's macros, and a value-of operand" {
	cat >value.S <<-'END'
		#include <rcpp.h>
		RCPP_EXTERN(c)
			.text
			.globl	f, g
			.type	f, @function
		f:	movabsq	$rcpp_value(b), %rax
			ret
			.size	f, .-f
			.type	g, @function
		g:	movq	RCPP_VALUE(c), %rax
			ret
			.size	g, .-g
			.section .note.GNU-stack, "", @progbits
	END
	cat >main.c <<-'END'
		#include <stdio.h>
		#include <rcpp.h>
		__patchable long b = 3, c = 4;
		long f(void), g(void);
		int main(void)
		{
			struct rcpp_stats stats;

			if (f() != 3 || g() != 4 || rcpp_patch() || f() != 3 || g() != 4 || rcpp_stats(&stats))
				return 1;
			return stats.patched != 2;
		}
	END
	for compiler in gcc clang; do
		"$RCPP_BUILD/rcpp-cc" $compiler main.c value.S "$library" -o program
		./program
	done
	sed 's/movabsq.*,/movq RCPP_VALUE(b),/; s/return stats.*/return 0;/' -i value.S main.c
	for compiler in gcc clang; do
		$compiler main.c value.S "$library" -o program
		./program
	done
}

@test "nothing else of the text changes, lines stay, and filtering again changes nothing" {
	printf '\t.section .text.rcpp_init,"ax"\nf:\tmovabsq\t$rcpp_value(b),\t%%rax # why\n\tret; movl $rcpp_value( b +0x8 ), %%ecx\n' >in.s
	printf '\t.section .text.rcpp_init,"ax"\nf:\tmovq\tb(%%rip),\t%%rax # why\n\tret; movl b+8(%%rip), %%ecx\n' >expected.s
	"$rcpp" in.s -o out.s
	diff expected.s out.s
	"$rcpp" out.s -o again.s
	cmp out.s again.s
	"$rcpp" "$SOURCE/sites.s" -o out.s
	"$rcpp" out.s -o again.s
	cmp out.s again.s
	"$rcpp" <in.s | cmp expected.s -
}

@test "marks that are in doubt stay" {
	printf '\tmovl /* rcpp_value */ b(%%rip), /* rcpp_value */ c(%%rip)\n\tmovl /* rcpp_value */ b(%%rdi), %%eax\n' >in.s
	printf '\t.intel_syntax\n\tmov %%rax, /* rcpp_value */ b(%%rip)\n' >>in.s
	"$rcpp" in.s | cmp in.s -
}

@test "the word in strings, comments and names is no operand" {
	cat >in.s <<-'END'
			.data
		rcpp_value:
			.quad	rcpp_value, other_rcpp_value(
			.ascii	"\"$rcpp_value(b)", "rcpp_value("
			.byte	'"', 'r	# $rcpp_value(b)
			.byte	'\", "$rcpp_value(b)"
			.byte	'a'"$rcpp_value(b)"
		/* $rcpp_value(b) */
			.text
			call	rcpp_value
			movq	$rcpp_value, %rax /* $rcpp_value(b) */
			movq	$rcpp_value_(b), %rax
			movq	rcpp_value(%rip), %rax
			movq	rcpp_value( ,%rdi,8), %rax
	END
	"$rcpp" in.s -o out.s
	cmp in.s out.s
}

@test "a field that an option names does not make its neighbours patchable" {
	printf '\t.text\nf:\tmovl $rcpp_value(b+8), %%eax\n\tmovl $rcpp_value(b), %%ecx\n' >in.s
	"$rcpp" --symbol=b+8:4 in.s | as -o out.o -
	"$RCPP_BUILD/rcpp-dump" out.o >dump
	grep 'b+0x8 .* -$' dump
	grep ' b  .* declared$' dump
}

@test "instructions that cannot read the value" {
	local register='move it to a register first (movq $rcpp_value(b), %rax)'
	while read -r line; do
		wrong "1: error: '$line': this instruction cannot read the value; $register" <<<"$line"
	done <<-'END'
		shlq $rcpp_value(b), %rax
		movl $rcpp_value(b), (%rdi)
		movl $rcpp_value(b), c(%rip)
		addl $rcpp_value(b), 8(%rsp)
		movw $rcpp_value(b), %ds
		movq $rcpp_value(b), %xmm0
		addsd $rcpp_value(b), %xmm0
		movl $rcpp_value(b), %rax
		imulq $rcpp_value(b), %rcx, %rax
		cmpq $rcpp_value(b), $rcpp_value(c)
		testl c(%rip), $rcpp_value(b)
		int $rcpp_value(b)
		enter $rcpp_value(b), $0
		ret $rcpp_value(b)
		mul $rcpp_value(b)
		test $4, $rcpp_value(b)
		call *$rcpp_value(b)
		call $rcpp_value(b)
		jmp *$rcpp_value(b)
		movq *$rcpp_value(b), %rax
		nonsense $rcpp_value(b), %rax
		lea $rcpp_value(b), %rax
	END
	# these can
	for line in 'mulq $rcpp_value(b)' 'pushq $rcpp_value(b)' 'cmpq %rax, $rcpp_value(b)' \
		'testl $4, $rcpp_value(b)' 'popcntq $rcpp_value(b), %rax'; do
		echo "$line" | "$rcpp" >out.s
		as -o out.o out.s
	done
}

@test "operands that are not understood" {
	local understood='this is not understood; a value-of operand is all of $rcpp_value(SYMBOL+NUMBER), and its instruction is spelled out, without arguments of macros; or read b(%rip)'
	local names='a value-of operand names a variable of this program or library, by SYMBOL or SYMBOL+NUMBER'
	local place='only an instruction of 64-bit code in AT&T syntax can have a value-of operand; read b(%rip) instead'
	for line in 'addq $rcpp_value(b)+1, %rax' 'addq $-rcpp_value(b), %rax' 'movq $rcpp_value(), %rax' \
		'movl rcpp_value(b)(%rdi), %eax' 'movl rcpp_value(b), %eax' 'movq $rcpp_value(b, %rax' \
		'movq $(rcpp_value(b)), %rax'; do
		wrong "1: error: '$line': $understood" <<<"$line"
	done
	wrong "2: error: 'movq \$rcpp_value(b), \\\\reg': $understood" \
		< <(printf '\t.macro value reg\n\tmovq $rcpp_value(b), \\reg\n\t.endm\n')
	for line in 'movq $rcpp_value(8), %rax' 'movq $rcpp_value(b@GOTPCREL), %rax' \
		'movq $rcpp_value(1f), %rax' 'movq $rcpp_value(b-c), %rax' \
		'movq $rcpp_value(b+0x80000000), %rax'; do
		wrong "1: error: '$line': $names" <<<"$line"
	done
	for line in '.quad rcpp_value(b)' '.set x, $rcpp_value(b)' 'x = rcpp_value(b)'; do
		wrong "1: error: '$line': $place" <<<"$line"
	done
	wrong "1: error: 'movq \$rcpp_value(b': $understood" < <(printf 'movq $rcpp_value(b /*\n*/), %%rax\n')
	printf '\t.macro none\n\t.intel_syntax\n\t.endm\n\tmovl $rcpp_value(b), %%eax\n' | "$rcpp" >/dev/null
	for syntax in '.code32' '.intel_syntax' '.intel_syntax noprefix' '.att_syntax noprefix'; do
		wrong "2: error: 'movl \$rcpp_value(b), %eax': $place" \
			< <(printf '\t%s\n\tmovl $rcpp_value(b), %%eax\n' "$syntax")
		printf '\t%s\n\t.att_syntax\n\t.code64\n\tmovl $rcpp_value(b), %%eax\n' "$syntax" | "$rcpp" >/dev/null
	done
	wrong "3: error: 'movabsq \$rcpp_value(b), %rax': the mnemonic is a macro here; read b(%rip) instead" \
		< <(printf '\t.macro movq from, to\n\t.endm\n\tmovabsq $rcpp_value(b), %%rax\n')
	wrong "3: error: 'movabsq \$rcpp_value(b), %rax': the mnemonic is a macro here; read b(%rip) instead" \
		< <(printf '\t.macro movabsq from, to\n\t.endm\n\tmovabsq $rcpp_value(b), %%rax\n')
	wrong "3: error: 'movl \$rcpp_value(b), %eax': the mnemonic is a macro here; read b(%rip) instead" \
		< <(printf '\t.macro MOVL from, to\n\t.endm\n\tmovl $rcpp_value(b), %%eax\n')
}

@test "reads of more than the variable" {
	local less='read as many as it has (movl: 4, movzwl: 2, movzbl: 1)'
	wrong "1: error: 'movq \$rcpp_value(b), %rax': this reads 8 bytes, and b has 4; $less" <<-'END'
			movq $rcpp_value(b), %rax
			movl $rcpp_value(b), %eax
			.data
			.size b, 4
		b:	.long 1
	END
	wrong "1: error: 'addq \$rcpp_value(b+4), %rax': this reads 8 bytes, and b has 8; $less" <<-'END'
			addq $rcpp_value(b+4), %rax
			addl $rcpp_value(b+4), %eax
			.comm b,8,8
	END
	wrong "1: error: 'movl \$rcpp_value(b-4), %eax': this reads 4 bytes, and b has 8; $less" <<-'END'
			movl $rcpp_value(b-4), %eax
			.comm b,8,8
	END
	# how many bytes this reads nobody knows here
	printf '\taddsd /* rcpp_value */ b+16(%%rip), %%xmm0\n\t.comm b,8,8\n' | "$rcpp" >/dev/null
}

@test "each wrong operand has a message, with the line of the source" {
	cat >wrong.S <<-'END'
		/* several
		   lines */
			shlq	$rcpp_value(b), %rax
			ret
			shrq	$rcpp_value(b), %rax
	END
	cat >wrong.c <<-'END'
		long f(long x)
		{
			__asm__("shlq $rcpp_value(b), %0" : "+r"(x));
			return x;
		}
	END
	run -1 "$RCPP_BUILD/rcpp-cc" gcc -c wrong.S -o wrong.o
	grep "^wrong.S:3: error: 'shlq" <<<"$output"
	grep "^wrong.S:5: error: 'shrq" <<<"$output"
	[ ! -e wrong.o ]
	run -1 "$RCPP_BUILD/rcpp-cc" gcc -c wrong.c -o wrong.o
	grep "^wrong.c:3: error: 'shlq" <<<"$output"
	gcc -S wrong.c
	sed -i 's/^#NO_APP/&\n\tmovl $rcpp_value(c), (%rdi)/' wrong.s
	run -1 "$rcpp" wrong.s
	grep "^wrong.c:3: error: 'shlq" <<<"$output"
	line=$(grep -n 'movl.*rcpp_value(c)' wrong.s)
	grep "^wrong.s:${line%%:*}: error: 'movl" <<<"$output"
}

@test "--explain and --stats know them" {
	printf '\t.text\nf:\tmovabsq $rcpp_value(b), %%rax\n\tlock addl $rcpp_value(c), %%eax\n' >in.s
	run --separate-stderr "$rcpp" --explain --stats in.s -o out.s
	[ "$stderr" = 'in.s:2: f: b: movq VAR,%rax => u32: movl $V, %eax | s32: movq $V, %rax | any: movabsq $V, %rax
in.s:3: f: c: load: the instruction has a prefix; move it to a register first
rcpp: in.s: 2 references, 1 sites, 1 loads
rcpp: site move: 1 (0 fused)
rcpp: load prefix: 1' ]
}
