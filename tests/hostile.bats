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
load filter

setup()
{
	filter_setup
}

# taken COUNT TEXT [OPTION]...: as takes the text and what the filter makes of it; so many sites.
taken()
{
	local count=$1
	printf '%b' "$2" >in.s
	shift 2
	as in.s -o in.o
	rm -f explain
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
	for names in '.set t, %rcx' 't = %rcx' '.equiv t, %rcx' '.eqv t, %rcx' '.set r, %rcx\n\t.equ t, r' '.macro m\n\tt = %rcx\n\t.endm\n\tm' \
		'.intel_syntax noprefix\n\tt = rcx\n\t.att_syntax'; do
		taken 1 "\t.file \"x.c\"\n\t.text\n\t$names\n\t.text\n\t.type g, @function\ng:\tret\n\t.size g, .-g\n\t.type f, @function\nf:$body\t.size f, .-f\n"
		grep 'addq VAR' explain
		run -1 grep '%rcx' explain
	done
	taken 0 "\t.file \"x.c\"\n\t.macro m x\n\t\\\\x = %rcx\n\t.endm\n\t.text\n\tm t\n\t.type f, @function\nf:$body\t.size f, .-f\n"
	taken 0 "\t.file \"x.c\"\n\t.macro m x\n\t.set \\\\x, %rcx\n\t.endm\n\t.text\n\tm t\n\t.type f, @function\nf:$body\t.size f, .-f\n"
	for names in '.set b, %ecx' 'b = %ecx' 'a = %ecx; .set b, a'; do
		taken 0 "\t$names\n\t.text\nf:\taddl b, %eax\n"
		grep -q 'not understood' explain
	done
}

@test "what stands behind .struct and .offset is nowhere" {
	for name in struct offset; do
		taken 0 "\t.text\n\t.$name 0\n\t.type f, @function\nf:\tmovq b(%rip), %rax\n\tret\n\t.size f, .-f\n"
		grep -q 'load: not in an executable section' explain
		taken 1 "\t.text\nf:\tmovq b(%rip), %rax\n\t.$name 0\nx:\t.long 0\n\t.previous\n\tmovl %eax, c(%rip)\n\tret\n"
		taken 1 "\t.file \"x.c\"\n\t.text\n\t.type f, @function\nf:\taddq b(%rip), %rax\n\t.$name 0\n\tmovl \$1, %ecx\n\t.text\n\tret\n\t.size f, .-f\n"
		run -1 grep '%rcx' explain
	done
}

@test "a scale that no address can have" {
	for scale in 1 2 010 3 0 16 257 0xffffffff 0xffffffffffffffff; do
		printf '\t.file "x.c"\n\t.text\n\t.type f, @function\nf:\tmovl b(%%rip), %%ecx\n\tleal 3(%%rcx,%%rcx,%s), %%eax\n\tret\n\t.size f, .-f\n' \
			$scale >in.s
		rm -f explain
		"$rcpp" --symbol b --explain=explain in.s -o out.s
		if as in.s -o in.o 2>messages; then
			grep -q '; leal .* => any: movl \$V\*[239]+3, %eax' explain
		else
			grep -q 'movl VAR,%ecx => any: movl \$V, %ecx$' explain
		fi
	done
}

@test "directives and immediates that count bytes: nothing may grow" {
	local site='\tmovl $1, %ecx\n\taddq b(%rip), %rax\n\tmovl $1, %ecx\n'
	for text in '.org f+17' '.org .+4' '.if .-f > 5\n\tnop\n\t.endif' '.if 1f-f\n1:\n\t.endif' '.rept .-f\n\tnop\n\t.endr' \
		'.ifeq .-f-17\n\t.endif' '.balign 1<<(1f-f-17)' '.set n, .-f\n\t.if n > 5\n\tnop\n\t.endif' \
		'n = . - f\n\t.rept n\n\tnop\n\t.endr' '.skip 235, 0x90\n1:\t.byte 1b-f' \
		'.skip 235, 0x90\n1:\tcmpb $1b-f, %al' '.bundle_align_mode 5' '.set n, f+5' 'n = f - 5' \
		'.equ five, 5\n\tn = f+five' '.data\n\t.byte g-f\n\t.text\n\t.skip 235, 0x90\ng:\tnop'; do
		# not all are valid: a label further down is not known yet
		printf '%b' "f:$site\t$text\n1:\tnop\n" >in.s
		rm -f explain
		"$rcpp" --symbol b --explain=explain in.s -o out.s
		grep -q 'load: .*distance, or counted' explain
		if as in.s -o in.o 2>messages; then as out.s -o out.o; fi
	done
	for text in '.org f+17' '.if .-f > 5\n\tnop\n\t.endif' '.set n, .-f\n\t.if n > 5\n\tnop\n\t.endif' \
		'.skip 235, 0x90\n1:\t.byte 1b-f' '.bundle_align_mode 5' '.set n, f+5'; do
		taken 0 "f:$site\t$text\n"
	done
	for text in '.if 5 > 3\n\tnop\n\t.endif' '.set n, 5\n\t.if n > 3\n\tnop\n\t.endif' '.p2align 4,,10' '.size f, .-f' \
		'.long .-f, 1f-f' '.uleb128 1f-f' '.skip 64-(.-f)' '.data\n\t.org 16' 'movl $1f, %eax' 'movl $-1, %eax' \
		'.set n, .-f' '.set n, b+4' '.set n, f' '.set n, 5+4' '.data\n\t.byte 5, -1, 0x1f-1'; do
		taken 1 "f:$site\t$text\n1:\tnop\n"
	done
	# as Linux does it: what is counted is in the same inline assembly
	taken 1 "f:$site#APP\n771:\tnop\n772:\n\t.pushsection .altinstructions,\"a\"\n\t.byte 772b-771b\n\t.popsection\n#NO_APP\n"
}

@test "a text that ends in a string or a character: nothing can be added to it" {
	local text
	for text in '\t.section .x,"' '\t.section .x,"a' '\t.ident "a' '\t.ascii "' '\t.byte '"'" '\t.byte '"'"'\\' \
		'/* ' '# 5 "a' '\t.ident' '\t.byte '"'"'\n' '\t.ascii "a",' '\t.string\n\n'; do
		# as takes most of it, with a warning
		printf '%b' "\t.text\nf:\taddl b(%rip), %eax\n\t.section rcpp_patchable,\"aw\"\nb:\t.long 5\n$text" >in.s
		"$rcpp" in.s -o out.s
		cmp in.s out.s
	done
	for text in '\t.byte '"'"'a' '\t.byte '"'"'\n\n' '\t.byte '"'"'\\\\\n\n' '\t.byte '"'"';' '# "' '/ "\n' '# 5 "a\n"' '# 5 a "' \
		'\t.byte '"'"'\n, 5\n'; do
		taken 1 "\t.text\nf:\taddl b(%rip), %eax\n\t.section rcpp_patchable,\"aw\"\nb:\t.long 5\n$text"
	done
	# what looks like lines is a part of a file's name, and then not
	taken 1 "\t.text\nf:\tnop\n# 5 \"a\n\taddl b(%rip), %eax\n# 6 \"\n\taddl b(%rip), %eax\n"
	# a character may be the end of a line
	taken 2 "\t.text\nf:\tmovl \$1, %ecx\n\tcmpl \$'\n, b(%rip)\n\tmovl \$1, %ecx\n\taddl b(%rip), %eax\n"
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

# without_sanitizers REASON: skips where the programs are built with AddressSanitizer.
without_sanitizers()
{
	if grep -q __asan_init "$rcpp"; then
		skip "$1"
	fi
}

# out_of_memory PROGRAM [ARGUMENT]...: with each of its allocations failing, alone and with all that
# follow, the program ends with status 1, one line that says so and no output ("out", and what begins
# so), or is not troubled: then its output, or what it prints, is what is in "expected".
out_of_memory()
{
	local number status troubled=0 untroubled=0
	without_sanitizers "the sanitizers bring their own memory"
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
	rm -f explain
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
	without_sanitizers "the sanitizers need terabytes of addresses"
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

# filtered_or_refused: rcpp takes in.s, then as takes what it makes of it if it takes in.s; or it
# refuses in.s with one message, and there is no output. as is asked only where there is a change.
filtered_or_refused()
{
	local status=0
	rm -f out.s
	timeout 60 "$rcpp" --symbol b in.s -o out.s 2>messages || status=$?
	if [ $status -eq 0 ]; then
		[ ! -s messages ]
		cmp -s in.s out.s && return
		changed=$((changed + 1))
		if as in.s -o in.o 2>messages; then
			taken=$((taken + 1))
			as out.s -o out.o
		fi
	else
		[ $status -eq 1 ] && grep -q '^in\.s:[0-9]*: error: ' messages &&
			[ "$(wc -l <messages)" -eq 1 ] && [ ! -e out.s ]
	fi
}

@test "truncated: a compiler's output cut behind each line and at many bytes" {
	local changed=0 taken=0 cut lines size
	write_c
	gcc -O2 -g0 -fno-asynchronous-unwind-tables -S in.c -o whole.s
	lines=$(wc -l <whole.s)
	for ((cut = 0; cut < lines; cut++)); do
		head -n $cut whole.s >in.s
		filtered_or_refused
	done
	[ $taken -gt 50 ] # the mark of b stands before the code
	size=$(stat -c %s whole.s)
	for ((cut = size; cut > 0; cut -= cut > size - 200 ? 2 : 23)); do
		head -c $cut whole.s >in.s
		filtered_or_refused
	done
	[ $taken -gt 100 ]
}

@test "a reference behind bytes that are no text" {
	printf '\t.text\nf:\n\0\0\tmovq b(%%rip), %%rcx\n\ttestl $1, b(%%rip)\n\tsete %%al\n' >in.s
	rm -f explain
	"$rcpp" --symbol b --explain=explain in.s -o out.s
	[ "$(grep -c 'not understood' explain)" -eq 1 ]
}

@test "code that no label stands before" {
	taken 1 '\t.file "x.c"\n\t.text\n\tmovl $1, %ecx\n\taddq b(%rip), %rax\n\tret\n'
	run -1 grep -q 'movabsq $V, %rcx' explain # nobody knows what it returns
}

@test "each byte a NUL, a quote, half of a UTF-8 character, the end of a line" {
	local changed=0 taken=0 at byte text
	text='\t.text\n\t.type f, @function\nf:\tmovl b(%%rip), %%ecx\n\tshlq %%cl, %%rax; addl "b"+8(%%rip), %%eax # x\n\t.if 1\n\t.endif\n\t.size f, .-f\n\t.section .data,"aw"\nb:\t.quad 5\n\t.ascii "a;"\n'
	# shellcheck disable=SC2059 # a format
	printf "$text" >whole.s
	for byte in '\0' '"' "'" '\303' '\r' '\n' '\\\\' '(' '/*'; do
		for ((at = $((${#byte} % 3)); at < $(stat -c %s whole.s); at += 3)); do
			{ head -c $at whole.s && printf "%b" "$byte" && tail -c +$((at + 2)) whole.s; } >in.s
			filtered_or_refused
		done
	done
	echo "$taken of $changed"
	[ $taken -gt 40 ]
	sed 's/$/\r/' whole.s >in.s
	taken=0
	filtered_or_refused
	[ $taken -eq 1 ]
}

# repeated COUNT TEXT: the text so many times.
repeated()
{
	head -c "$1" /dev/zero | sed "s/\\x00/$2/g"
}

# long TEXT...: in.s is the parts and a reference; it is filtered in time, and as fits.
long()
{
	local changed=0 taken=0
	{ printf '\t.text\nf:\taddl b(%%rip), %%eax\n' && cat && printf '\n\taddl b(%%rip), %%eax\n'; } >in.s
	[ "$(stat -c %s in.s)" -gt 1000000 ]
	filtered_or_refused
}

@test "lines of megabytes" {
	{ printf '\taddl b' && repeated 500000 '+1-1' && printf '(%%rip), %%eax'; } | long
	{ printf '\taddl b' && repeated 2000000 '+' && printf '8(%%rip), %%eax'; } | long
	repeated 2000000 'b' | long
	{ repeated 4000000 'b' && printf ':'; } | long
	{ printf '\t.internal b' && repeated 500000 ',bb'; } | long
	{ printf '\taddl %%eax' && repeated 500000 ',%eax'; } | long
	repeated 400000 'lock ' | long
	repeated 400000 'lock;' | long
	{ printf '\t.section .text.x' && repeated 2000000 'x' && printf ',"ax"'; } | long
	{ printf '\tmovl $0x' && repeated 2000000 '1' && printf ', %%eax'; } | long
	repeated 500000 '1: ' | long
	{ printf '#APP\n' && repeated 400000 'nop;' && printf '\n#NO_APP'; } | long
	repeated 500000 '\/**\/' | long
	repeated 2000000 '\\' | long
	repeated 2000000 "'" | long
	repeated 2000000 '{' | long
	repeated 500000 '{a} ' | long
	{ printf '\t.loc 1 1' && repeated 2000000 '1'; } | long
	{ printf '\t.file 1 "' && repeated 2000000 'a' && printf '"\n\t.loc 1 5'; } | long
	{ printf '\t.macro ' && repeated 2000000 'a' && printf '\n\t.endm'; } | long
}

@test "deep nesting" {
	local directive
	{ printf '\taddl ' && repeated 600000 '(' && printf 'b' && repeated 600000 ')' && printf '(%%rip), %%eax'; } | long
	{ printf '\taddl b+' && repeated 1200000 '(' && printf '(%%rip), %%eax'; } | long
	{ printf '\taddl b+' && repeated 1200000 '-' && printf '8(%%rip), %%eax'; } | long
	{ printf '\t.long ' && repeated 600000 '(' && printf '1' && repeated 600000 ')'; } | long
	repeated 100000 '\t.pushsection .data\n' | long
	{ repeated 60000 '\t.pushsection .text.x,"ax"\n' && repeated 60000 '\t.popsection\n'; } | long
	for directive in '.macro m' '.rept 0' '.irp x,y' '.if 0' '.if 1' '#APP' '.type f,@function' '.intel_syntax'; do
		repeated 200000 "\\t$directive\\n" | long
	done
	{ repeated 100000 '\t.if 0\n' && repeated 100000 '\t.endif\n'; } | long
	repeated 400000 '\/*\n' | long
	repeated 200000 '.endif\n' | long
}

# Skips where nothing can be mounted.
may_mount()
{
	unshare -m sh -c 'mount -t tmpfs none "$1"' - "$PWD" 2>mount.message ||
		skip "nothing can be mounted: $(cat mount.message)"
}

@test "a disk that cannot be written: what was there stays, and nothing else" {
	printf '\t.text\nf:\taddl b(%%rip), %%eax\n' >in.s
	mkdir disk
	may_mount
	# shellcheck disable=SC2016 # for the other shell
	unshare -m sh -c '
		mount -t tmpfs -o size=16k,mode=755 none disk || exit 9
		echo precious >disk/out.s
		mount -o remount,ro disk
		"$1" --symbol b in.s -o disk/out.s 2>messages
		echo $? >status
		cat disk/out.s >out.s
		ls disk >names' - "$rcpp"
	[ "$(cat messages)" = 'rcpp: error: cannot write disk/out.s: Read-only file system' ]
	[ "$(cat status out.s names)" = $'1\nprecious\nout.s' ]
}

@test "names of outputs: too long, empty, a link" {
	printf '\t.text\nf:\taddl b(%%rip), %%eax\n' >in.s
	run "$rcpp" --symbol b in.s -o "$(repeated 250 x).s"
	[ "$status" -eq 1 ]
	[[ $output == "rcpp: error: cannot write xxx"*"xxx.s: File name too long" ]]
	run "$rcpp" --symbol b in.s -o ''
	[ "$status" -eq 1 ]
	[[ $output == 'rcpp: error: cannot write : No such file or directory' ]]
	ln -s nowhere/out.s link.s
	"$rcpp" --symbol b in.s -o link.s # a link is replaced, not followed
	[ -f link.s ] && [ ! -L link.s ]
}

@test "a disk that is full: no part of an output, and what was there stays" {
	{ printf '\t.text\nf:\n' && seq 2000 | sed 's/.*/\taddl b(%rip), %eax/'; } >in.s
	mkdir disk
	may_mount
	# shellcheck disable=SC2016 # for the other shell
	unshare -m sh -c '
		mount -t tmpfs -o size=32k,mode=755 none disk || exit 9
		echo precious >disk/out.s
		"$1" --symbol b in.s -o disk/out.s 2>messages
		echo $? >status
		"$1" --symbol b in.s >disk/standard.s 2>>messages
		echo $? >>status
		rm disk/standard.s
		rm -f disk/explain
		"$1" --symbol b --explain=disk/explain in.s -o out2.s 2>>messages
		echo $? >>status
		rm disk/explain
		"$2" --symbol b in.s -o disk/out.o 2>as.messages && exit 8
		cat disk/out.s >out.s
		ls disk >names' - "$rcpp" "$RCPP_BUILD/libexec/rcpp/as"
	[ "$(cat messages)" = "rcpp: error: cannot write disk/out.s: No space left on device
rcpp: error: cannot write the standard output: No space left on device
rcpp: error: cannot write 'disk/explain': No space left on device" ]
	[ "$(cat status out.s)" = $'1\n1\n1\nprecious' ]
	[ "$(cat names)" = out.s ]
	[ ! -e out2.s ]
}

@test "as: inputs that cannot be read, cannot be filtered, or are no text" {
	local as=$RCPP_BUILD/libexec/rcpp/as
	mkdir directory
	run "$as" directory -o x.o
	[ "$status" -eq 1 ]
	[ ! -e x.o ]
	printf '\t.section .rcpp_extern,"e"\n\t.long 1\n' >damaged.s
	echo old >x.o
	run "$as" damaged.s -o x.o
	[ "$status" -eq 1 ]
	[[ $output == 'damaged.s:2: error: this is no marker'* ]]
	[ ! -e x.o ]
	printf '\t.text\nf:\taddl b(%%rip), %%eax # \0\n' >nul.s
	RCPP_FLAGS='--symbol b' "$as" nul.s -o x.o
	"$RCPP_BUILD/rcpp-dump" x.o | grep -q ' b '
	RCPP_FLAGS='--symbol b' run "$as" nul.s -o /nonexistent/x.o
	[ "$status" -eq 1 ]
	[[ $output == *"can't create /nonexistent/x.o: No such file or directory"* ]]
	run bash -c "RCPP_FLAGS='--symbol b' '$as' nul.s -o /dev/full"
	[ "$status" -ne 0 ]
	head -c 100000 /dev/urandom >noise.s
	RCPP_FLAGS='--symbol b' run "$as" noise.s -o x.o
	[ "$status" -eq 1 ]
}

@test "as: a file that becomes shorter while it is looked at" {
	without_sanitizers "the sanitizers are to be loaded first"
	gcc -O2 -shared -fPIC "$BATS_TEST_DIRNAME/hostile/cut-off.c" -o cut-off.so
	printf '\tnop\n' >in.s
	CUT_OFF=in.s LD_PRELOAD=$PWD/cut-off.so run "$RCPP_BUILD/libexec/rcpp/as" in.s -o out.o
	[ "$status" -eq 1 ]
	[[ $output == 'rcpp as: error: the input became shorter while it was read'* ]]
	[ ! -e out.o ]
}

@test "rcpp-dump: objects cut behind each byte, and with each byte wrong" {
	printf '\t.text\n\t.type f, @function\nf:\taddl b(%%rip), %%eax\n\tmovq c@GOTPCREL(%%rip), %%rcx\n\taddl 8(%%rcx), %%eax\n\t.size f, .-f\n' >in.s
	RCPP_FLAGS='--symbol b,c' "$RCPP_BUILD/libexec/rcpp/as" in.s -o in.o
	"$RCPP_BUILD/rcpp-dump" in.o | grep -q ' b '
	"$RCPP_BUILD/rcpp-dump" in.o | grep -q ' c+0x8 .* remote'
	gcc -O2 -Wall -Wextra -Werror "$BATS_TEST_DIRNAME/hostile/damage.c" -o damage
	# LeakSanitizer would take most of the time, and has its say in tests/dump.bats.
	ASAN_OPTIONS=detect_leaks=0 ./damage in.o "$RCPP_BUILD/rcpp-dump" --json >counts || {
		cat counts
		return 1
	}
	[[ $(cat counts) =~ ^[1-9][0-9]{2,}\ fine,\ [1-9][0-9]{2,}\ refused$ ]]
}

@test "behind .end nothing is assembled: nothing is added there, and no form comes from there" {
	printf '%s\n' '	.text' 'f:' '	movl b(%rip), %eax' '	ret' '	.end' 'g:' \
		'	movl b(%rip), %r13d' '	rclw %r13b, 8(%rsp)' '	movl $0, %r13d' '	ret' >in.s
	as in.s -o /dev/null
	rm -f explain
	"$RCPP_BUILD/rcpp" --symbol b --explain=explain -o out.s in.s
	cmp in.s out.s
	[ "$(grep -c ': b: load: ' explain)" -eq 2 ]
}
