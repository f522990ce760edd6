#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Input and surroundings that mean harm: text that the fuzz targets found (tests/fuzz), files that are
# cut or damaged, outputs that cannot be written, memory that runs out. No crash, no hang, never a
# part of an output, and one message that says what is wrong; and what `as` takes before the filter it
# takes after. tests/reader.bats and tests/options.bats have the milder cases.
# shellcheck disable=SC2154 # run sets stderr
# Reads: RCPP_BUILD (the build directory, default build/ beside tests/).

bats_require_minimum_version 1.5.0

setup()
{
	RCPP_BUILD=$(realpath -m "${RCPP_BUILD:-$BATS_TEST_DIRNAME/../build}")
	rcpp=$RCPP_BUILD/rcpp
	CPATH=$BATS_TEST_DIRNAME/../runtime
	export CPATH
	unset RCPP_FLAGS RCPP_AS RCPP_DISABLE RCPP_VERBOSE
	cd "$BATS_TEST_TMPDIR" || return
}

# taken COUNT TEXT [OPTION]...: as takes the text and what the filter makes of it; so many sites.
taken()
{
	local count=$1
	printf '%b' "$2" >in.s
	shift 2
	as in.s -o in.o
	timeout 20 "$rcpp" --symbol b --explain=explain "$@" in.s -o out.s
	as out.s -o out.o
	[ "$(grep -c ' => ' explain)" -eq "$count" ] || {
		cat explain
		return 1
	}
}

@test "directives without arguments, names of no length" {
	for text in '.section' '.pushsection' '.popsection' '.size' '.type' '.type ,' '.size ,' '.internal' \
		'.file' '.loc' '.set' '.macro' '.subsection' '.previous' '""="' '"":' '.section ""' \
		'.internal ,' '.cfi_offset' '.weakref'; do
		printf '\t%s\n\t%s\nf:\taddl b(%%rip), %%eax\n' "$text" "$text" >in.s
		"$rcpp" --symbol b in.s -o out.s 2>messages
		[ ! -s messages ]
	done
}

@test "a function that begins in other syntax and goes on in AT&T syntax" {
	for other in '.intel_syntax noprefix' '.code32' '.code16'; do
		taken 0 "\t.data\n\t$other\n\t.text\n\t.att_syntax\n\t.code64\nf:\taddl b(%rip), %eax\n"
		grep -q 'load: not AT&T' explain
		taken 1 "\t.text\n\t.type g, @function\ng:\tnop\n\t.data\n\t$other\n\t.text\n\tnop\n\t.att_syntax\n\t.code64\n\t.size g, .-g\n\t.type f, @function\nf:\taddl b(%rip), %eax\n\t.size f, .-f\n"
	done
}

@test "a macro that has the name of a mnemonic that stands in a form" {
	local use='\tmovl $1, %ecx\n\taddq b(%rip), %rax\n\tmovl $1, %ecx\n'
	taken 1 "\t.text\nf:$use"
	grep -q 'movabsq' explain
	taken 1 "\t.macro MOVABSQ x, y\n\t.error \"expanded\"\n\t.endm\n\t.text\nf:$use"
	run -1 grep -q 'movabsq' explain
	taken 0 '\t.macro mov x, y\n\tnop\n\t.endm\n\t.macro movl x, y\n\tnop\n\t.endm\n\t.text\nf:\tmovzbl b(%rip), %eax\n'
	grep -q 'load: .*mnemonic that is a macro' explain
}

@test "symbols that are names of registers" {
	local body='\tmovl $1, %ecx\n\taddq b(%rip), %rax\n\tmovq t, %rdx\n\tret\n'
	# a temporary is dead, and t is not a variable
	taken 1 "\t.file \"x.c\"\n\t.text\n\t.type f, @function\nf:$body\t.size f, .-f\n"
	grep -q 'movabsq $V, %rcx' explain
	for names in '.set t, %rcx' 't = %rcx' '.set r, %rcx\n\t.equ t, r' '.macro m\n\tt = %rcx\n\t.endm\n\tm' \
		'.intel_syntax noprefix\n\tt = rcx\n\t.att_syntax'; do
		taken 1 "\t.file \"x.c\"\n\t.text\n\t$names\n\t.text\n\t.type g, @function\ng:\tret\n\t.size g, .-g\n\t.type f, @function\nf:$body\t.size f, .-f\n"
		grep 'addq VAR' explain
		run -1 grep '%rcx' explain
	done
	taken 0 "\t.file \"x.c\"\n\t.macro m x\n\t.set \\\\x, %rcx\n\t.endm\n\t.text\n\tm t\n\t.type f, @function\nf:$body\t.size f, .-f\n"
	for names in '.set b, %ecx' 'b = %ecx' 'a = %ecx; .set b, a'; do
		taken 0 "\t$names\n\t.text\nf:\taddl b, %eax\n"
		grep -q 'not understood' explain
	done
}

@test "directives and immediates that count bytes: nothing may grow" {
	local site='\tmovl $1, %ecx\n\taddq b(%rip), %rax\n\tmovl $1, %ecx\n'
	for text in '.org f+17' '.org .+4' '.if .-f > 5\n\tnop\n\t.endif' '.if 1f-f\n1:\n\t.endif' '.rept .-f\n\tnop\n\t.endr' \
		'.ifeq .-f-17\n\t.endif' '.balign 1<<(1f-f-17)' '.set n, .-f\n\t.if n > 5\n\tnop\n\t.endif' \
		'n = . - f\n\t.rept n\n\tnop\n\t.endr' '.skip 235, 0x90\n1:\t.byte 1b-f' \
		'.skip 235, 0x90\n1:\tcmpb $1b-f, %al' '.data\n\t.byte g-f\n\t.text\n\t.skip 235, 0x90\ng:\tnop'; do
		# not all are valid: a label further down is not known yet
		printf '%b' "f:$site\t$text\n1:\tnop\n" >in.s
		"$rcpp" --symbol b --explain=explain in.s -o out.s
		grep -q 'load: .*distance, or counted' explain
		if as in.s -o in.o 2>messages; then as out.s -o out.o; fi
	done
	for text in '.org f+17' '.if .-f > 5\n\tnop\n\t.endif' '.set n, .-f\n\t.if n > 5\n\tnop\n\t.endif' \
		'.skip 235, 0x90\n1:\t.byte 1b-f'; do
		taken 0 "f:$site\t$text\n"
	done
	for text in '.if 5 > 3\n\tnop\n\t.endif' '.set n, 5\n\t.if n > 3\n\tnop\n\t.endif' '.p2align 4,,10' '.size f, .-f' \
		'.long .-f, 1f-f' '.uleb128 1f-f' '.skip 64-(.-f)' '.data\n\t.org 16' 'movl $1f, %eax' 'movl $-1, %eax' \
		'.set n, .-f' '.data\n\t.byte 5, -1, 0x1f-1'; do
		taken 1 "f:$site\t$text\n1:\tnop\n"
	done
	# as Linux does it: what is counted is in the same inline assembly
	taken 1 "f:$site#APP\n771:\tnop\n772:\n\t.pushsection .altinstructions,\"a\"\n\t.byte 772b-771b\n\t.popsection\n#NO_APP\n"
}

# write_c: a program with references of several kinds, and with tables and strings around them.
write_c()
{
	cat >in.c <<-'END'
		#include "rcpp.h"
		int puts(const char *);
		__patchable long b;
		__patchable unsigned shift;
		static const char *const names[] = {"a;b", "\"# /*", "*/ \\"};
		long f(long x) { return (x << (shift & 31)) + b; }
		int g(int x)
		{
			switch (x) {
			case 0: return (int)b;
			case 1: return x * (int)shift;
			case 2: return puts(names[shift % 3]) > (int)shift;
			case 3: return x / (int)b;
			case 4: __asm__ volatile("nop; # %0" : : "r"(b)); return 4;
			}
			return b > x;
		}
	END
}

@test "closed standard streams: messages never go into the output" {
	write_c
	gcc -O2 -S in.c
	"$rcpp" in.s -o expected.s
	for option in --explain --stats --stats=json; do
		"$rcpp" $option in.s -o out.s 2>&-
		cmp expected.s out.s
		"$rcpp" $option in.s -o out.s <&- >&- 2>&-
		cmp expected.s out.s
	done
	run --separate-stderr bash -c "'$rcpp' in.s >&-"
	[ "$status" -eq 1 ]
	[ "$stderr" = 'rcpp: error: cannot write the standard output: Bad file descriptor' ]
	"$rcpp" --symbol b <&- >out.s
	[ ! -s out.s ]
	"$RCPP_BUILD/libexec/rcpp/as" in.s -o expected.o
	for closed in '<&-' '2>&-' '<&- >&- 2>&-'; do
		rm -f in.o
		bash -c "'$RCPP_BUILD/libexec/rcpp/as' in.s -o in.o $closed"
		cmp expected.o in.o
	done
}

# out_of_memory PROGRAM [ARGUMENT]...: with each of its allocations failing, alone and with all that
# follow, the program ends with status 1, one line that says so and no output ("out", and what begins
# so), or is not troubled: then its output, or what it prints, is what is in "expected".
out_of_memory()
{
	local number status troubled=0 untroubled=0
	if ldd "$1" | grep -q libasan; then
		skip "the sanitizers bring their own memory"
	fi
	gcc -O2 -shared -fPIC "$BATS_TEST_DIRNAME/hostile/fail-malloc.c" -o fail-malloc.so
	for FAIL_ONCE in "" 1; do
		[ -z "$FAIL_ONCE" ] || export FAIL_ONCE
		for ((number = 1; untroubled < 20; number++)); do
			rm -f out out.*
			status=0
			LD_PRELOAD=$PWD/fail-malloc.so FAIL_AT=$number "$@" >printed 2>messages || status=$?
			mapfile -t lines <messages
			if [ $status -eq 0 ]; then # often enough: there are no more allocations
				untroubled=$((untroubled + 1))
				if [ -e out ]; then cmp expected out; else cmp expected printed; fi
				[ ${#lines[@]} -eq 0 ]
				continue
			fi
			untroubled=0
			troubled=$((troubled + 1))
			if [ $status -ne 1 ] || [ ${#lines[@]} -ne 1 ] || compgen -G 'out*' ||
				[[ ${lines[0]} != "rcpp"*": error: "*memory* ]]; then
				echo "allocation $number: status $status: ${lines[*]}"
				return 1
			fi
		done
		untroubled=0
	done
	unset FAIL_ONCE
	[ $troubled -gt 20 ]
}

@test "no memory: rcpp" {
	write_c
	gcc -O2 -S in.c
	printf 'x\ny # comment\n' >list
	"$rcpp" in.s -o expected
	out_of_memory "$rcpp" --symbols-from list --explain=explain in.s -o out
	rm -f out
	out_of_memory "$rcpp" --symbol x in.s
}

@test "no memory: as" {
	write_c
	gcc -O2 -S in.c
	printf '#!/bin/sh\nexec cat >out\n' >spy
	chmod +x spy
	export RCPP_AS=./spy RCPP_FLAGS='--symbol=x --section=.data*'
	"$RCPP_BUILD/libexec/rcpp/as" in.s -o in.o
	mv out expected
	grep -q rcpp_rows expected
	out_of_memory "$RCPP_BUILD/libexec/rcpp/as" in.s -o in.o
}

@test "no memory: a limit on the process" {
	local limit failed=0
	if ldd "$rcpp" | grep -q libasan; then
		skip "the sanitizers need terabytes of addresses"
	fi
	{ printf '\t.text\nf:\taddl b(%%rip), %%eax # ' && head -c 30000000 /dev/zero | tr '\0' x && echo; } >in.s
	for limit in 10000 20000 40000 60000 80000; do
		run bash -c "ulimit -v $limit; exec '$rcpp' --symbol b in.s -o out.s"
		[ "$status" -ne 0 ] || continue
		failed=$((failed + 1))
		[ "$status" -eq 1 ]
		[ "$output" = 'rcpp: error: memory exhausted; the file is too large for this machine' ]
		[ -z "$(compgen -G 'out*')" ]
	done
	[ $failed -ge 2 ] && [ -s out.s ]
}

@test "a pipe that nobody reads: the end by SIGPIPE, or one message, and no file is left" {
	{ printf '\t.text\nf:\n' && seq 20000 | sed 's/.*/\taddl b(%rip), %eax/'; } >in.s
	run bash -c "'$rcpp' --symbol b in.s | head -c 1 >first; echo \${PIPESTATUS[0]}"
	[ "$output" = 141 ]
	[ -s first ]
	run bash -c "trap '' PIPE; { '$rcpp' --symbol b in.s; echo \$? >status; } | head -c 1 >first"
	[ "$output" = 'rcpp: error: cannot write the standard output: Broken pipe' ]
	[ "$(cat status)" = 1 ]
	run bash -c "'$rcpp' --symbol b --explain in.s -o out.s 2> >(head -c 1 >first); echo \$?"
	[ "$output" = 141 ]
	[ -z "$(compgen -G 'out*')" ]
	for signal in HUP INT TERM; do
		mkfifo pipe # opening it waits for a reader
		run timeout -s $signal 1 "$rcpp" --symbol b --explain=pipe in.s -o out.s
		[ "$status" -eq 124 ]
		[ -z "$(compgen -G 'out*')" ]
		rm pipe
	done
}
