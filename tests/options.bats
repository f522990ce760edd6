#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The command line of rcpp: every option, every message, every exit status.
# shellcheck disable=SC2016,SC2059,SC2258,SC1003,SC2030,SC2031 # patterns and inputs are meant as they stand
# Reads: RCPP_BUILD (the build directory, default build/ beside tests/).
# shellcheck disable=SC2154 # filter_setup sets rcpp and library

bats_require_minimum_version 1.5.0
load filter

setup()
{
	filter_setup
	cat >in.s <<-'END'
			.file	"in.c"
			.text
			.type	f, @function
		f:	addl	x(%rip), %eax
			addl	y+4(%rip), %eax
			addq	y+8(%rip), %rax
			movl	z(%rip), %ecx
			shll	%cl, %eax
			divl	z(%rip)
			ret
			.size	f, .-f
			.section .rodata.torture, "aw"
		z:	.long	4
	END
}

# explained REGEX COUNT: so many lines of the explanation match.
explained()
{
	[ "$(grep -cE "$1" explain)" -eq "$2" ] || {
		cat explain
		return 1
	}
}

# filter ARGUMENT...: with an explanation of its own; rcpp appends to what is there.
filter()
{
	rm -f explain
	"$rcpp" "$@"
}

# fails STATUS MESSAGE ARGUMENT...: MESSAGE is a pattern; nothing else is said.
fails()
{
	local status_wanted=$1 message=$2
	shift 2
	run --separate-stderr "$rcpp" "$@"
	[ "$status" -eq "$status_wanted" ]
	# shellcheck disable=SC2053 # a pattern
	[[ $stderr == $message ]] || {
		echo "$stderr"
		return 1
	}
	[ -z "$output" ]
}

@test "--symbol: lists, several options, fields" {
	"$rcpp" in.s -o out.s
	cmp in.s out.s
	filter --symbol x,z --symbol y --explain=explain in.s -o out.s
	explained ' => ' 5
	filter --symbol=x in.s --explain=explain -o out.s
	explained ': x: addl VAR.* => ' 1
	explained ': [yz]' 0
	filter --symbol y+4:4 --explain=explain in.s -o out.s
	explained ' => ' 1
	explained ': y\+4: .* => ' 1
	filter --symbol y+8:4 --explain=explain in.s -o out.s # the read is wider than the field
	explained ' => ' 0
	filter --symbol y+12:4,y+8:4 --explain=explain in.s -o out.s # two neighbours at once
	explained ': y\+8: .* => ' 1
	filter --symbol y+8:4,y+13:3 --explain=explain in.s -o out.s # but for a byte
	explained ': y\+8: .* => ' 0
	filter --symbol y+6:4 --symbol y+9:7,x+10:6 --explain=explain in.s -o out.s
	explained ': y\+8: .* => ' 1
	filter --symbol y+4:12 --explain=explain in.s -o out.s
	explained ' => ' 2
	filter --symbol y+0x8:0x8,x+0:4 --explain=explain in.s -o out.s
	explained ' => ' 2
	filter --symbol y+5:12 --explain=explain in.s -o out.s
	explained ': y\+4: .* => ' 0
	explained ': y\+8: .* => ' 1
	filter --symbol y+4:4,x+8:8 --explain=explain in.s -o out.s # a field of something else
	explained ' => ' 1
	filter --symbol y+8:8,y --explain=explain in.s -o out.s # all of it, too
	explained ' => ' 2
}

@test "--symbol: what is no symbol" {
	local wrong
	for wrong in "" a,,b ,a a, +4:4 a+ a+4 a+4: a+:4 a+4:0 a+4:-1 a+-4:4 a+4:4x a+x:4 a+99999999999999999999:4; do
		fails 2 "rcpp: error: --symbol '$wrong': *" --symbol "$wrong" in.s
	done
}

@test "--symbols-from: comments, blanks, CRLF, the last line; errors have a line" {
	printf '# comment\n\n  x  # why\r\ny+4:4\r\n\t\n#z\nz' >list
	filter --symbols-from list --explain=explain in.s -o out.s
	explained ' => ' 4
	explained ': y\+8' 0
	explained ': z: .* => ' 2
	printf 'x\ny+4\n' >list
	fails 1 'list:2: error: *' --symbols-from list in.s
	printf 'x\n\n# x\ny z\n' >list
	fails 1 'list:4: error: more than one symbol*' --symbols-from list in.s
	printf 'x,y\n' >list
	fails 1 'list:1: error: more than one symbol*' --symbols-from list in.s
	fails 1 "rcpp: error: cannot read the list 'missing': No such file or directory" --symbols-from missing in.s
	mkdir directory
	fails 1 "rcpp: error: cannot read the list 'directory': Is a directory" --symbols-from directory in.s
	: >list
	"$rcpp" --symbols-from list in.s -o out.s
	cmp in.s out.s
}

@test "--section: exact, globs, torture" {
	local glob
	for glob in .rodata.torture '.rodata*' '.rodata.[st]*' '*torture' '?rodata.*' '*'; do
		filter --section "$glob" --explain=explain in.s -o out.s
		explained ': z: .* => ' 2
	done
	for glob in .rodata '.data*' .rodata.tortur 'rodata*'; do
		filter --section "$glob" --explain=explain in.s -o out.s
		explained ': z: ' 0
		cmp in.s out.s
	done
	for glob in rcpp_patchable .data..patchable; do
		sed "s/\.rodata\.torture/$glob/" in.s >other.s
		filter --explain=explain other.s -o out.s
		explained ': z: .* => ' 2
	done
}

@test "--section '.rodata*': a compiled program whose constants all become immediates" {
	cat >in.c <<-'END'
		int printf(const char *, ...);
		const volatile long a = 5;
		const volatile int array[4] = {1, 2, 3, 4};
		const volatile unsigned char byte = 200;
		int rcpp_patch(void);
		static __attribute__((noinline)) long f(long x)
		{
			switch (x) {
			case 0: return a;
			case 1: return array[2] * x;
			case 2: return x << (byte & 7);
			case 3: return x / a;
			case 4: return array[x & 3] % byte;
			case 5: printf("%s %f\n", "five", 2.5 * (double)x);
			}
			return x - byte;
		}
		int main(void)
		{
			long before = 0, after = 0;
			for (long x = 0; x < 8; x++)
				before = before * 7 + f(x);
			if (rcpp_patch())
				return 2;
			for (long x = 0; x < 8; x++)
				after = after * 7 + f(x);
			return before != after;
		}
	END
	for compiler in gcc clang; do
		command -v $compiler >/dev/null || continue
		for level in -O0 -O2 "-O2 -fno-pic -no-pie"; do
			# shellcheck disable=SC2086
			RCPP_FLAGS="--section .rodata* --section .data --explain=explain" "$RCPP_BUILD/rcpp-cc" $compiler $level in.c "$library" -o program
			grep -q ' => ' explain
			./program
		done
	done
}

@test "--init-section: left alone, like .init.text and .text.rcpp_init" {
	local section
	for section in .init.text .init.text.more .text.rcpp_init .text.rcpp_init.x; do
		sed "s/\.text/.section $section, \"ax\"/" in.s >init.s
		filter --symbol x --explain=explain init.s -o out.s
		explained ': x: load: .*init' 1
		cmp init.s out.s
	done
	sed 's/\.text/.section .text.early, "ax"/' in.s >init.s
	filter --symbol x --explain=explain init.s -o out.s
	explained ': x: .* => ' 1
	filter --symbol x --init-section '.text.e*' --explain=explain init.s -o out.s
	explained ': x: load: .*init' 1
}

@test "--unpatched=fault: dies before the patching, works after it" {
	cat >in.c <<-'END'
		#include "rcpp.h"
		#include <stdio.h>
		__patchable long b;
		__attribute__((noinline)) long f(long x) { return x + b; }
		__attribute__((section(".text.startup.x"), noinline)) long early(long x) { return x * 3 + b; }
		__attribute__((section(".init.text"), noinline)) long init(long x) { return x * 3 + b; }
		int main(int argc, char **argv)
		{
			(void)argv;
			b = 0x123456;
			printf("%ld %ld\n", early(1), init(1));
			fflush(stdout);
			if (argc > 1 && rcpp_patch())
				return 2;
			return f(1) != 0x123457 || (rcpp_revert(), f(2) != 0x123458);
		}
	END
	gcc -O2 -S in.c
	filter --unpatched=fault --explain=explain in.s -o out.s
	grep -q ud2 out.s
	explained ': f: b: .* => ' 1
	explained ': (early|init): b: load: ' 2
	gcc out.s "$library" -o program
	./program patch
	run ./program
	[ "$status" -eq $((128 + 4)) ]
	[ "$output" = "1193049 1193049" ]
	"$rcpp" --unpatched=load in.s -o out.s
	"$rcpp" in.s -o default.s
	cmp out.s default.s
	run -1 grep -q ud2 out.s
	fails 2 'rcpp: error: --unpatched=x: write --unpatched=load or --unpatched=fault' --unpatched=x in.s
}

@test "--early-from: functions that do not trap" {
	printf '\t.text\nf:\tmovl x(%%rip), %%eax\n\tret\ng:\tmovl x(%%rip), %%eax\n\tshll x(%%rip)\n\tret\ngg:\tmovl x(%%rip), %%eax\n\tret\n' >in.s
	printf '# early\ng # because\n\nh\n' >early
	"$rcpp" --symbol x --unpatched=fault --early-from early in.s -o out.s
	as out.s -o out.o
	"$RCPP_BUILD/rcpp-dump" --json out.o >dump
	[ "$(jq -r '.[] | .function + " " + (.flags | join(","))' dump)" = $'f fault\ng \ngg fault' ]
	"$rcpp" --symbol x --early-from early in.s -o out.s
	run ! grep ud2 out.s
	fails 1 "rcpp: error: cannot read the list 'missing': No such file or directory" --early-from missing in.s
	printf 'two words\n' >early
	fails 1 'early:1: error: more than one symbol; write one a line' --early-from early in.s
}

@test "--objtool: behind each trap, and nowhere else" {
	printf '\t.text\nf:\tmovl x(%%rip), %%eax\n\taddl x(%%rip), %%eax\n\tret\n' >in.s
	"$rcpp" --symbol x --unpatched=fault --objtool in.s -o out.s
	as out.s -o out.o
	# Relative to a section, as objtool wants it, and behind the ud2 (2 bytes).
	relocations=$(readelf -rW out.o | sed -n "/'.rela.discard.reachable'/,/^$/p" |
		sed -n 's/.*R_X86_64_PC32 .* \(.text\) + \(.*\)/\1 \2/p')
	sites=$("$RCPP_BUILD/rcpp-dump" --json out.o | jq -r '.[].address' |
		while read -r address; do printf '.text %x\n' $((address + 2)); done)
	[ "$(wc -l <<<"$sites")" -eq 2 ]
	[ "$relocations" = "$sites" ]
	"$rcpp" --symbol x --objtool in.s -o out.s
	run ! grep reachable out.s
}

@test "--unpatched=fault: a load and its consumer" {
	cat >in.c <<-'END'
		#include "rcpp.h"
		__patchable unsigned shift;
		__attribute__((noinline)) unsigned long f(unsigned long x) { return x << shift; }
		int main(int argc, char **argv)
		{
			(void)argv;
			shift = 7;
			if (argc > 1 && (rcpp_patch() || f(3) != 384 || rcpp_revert()))
				return 2;
			return f(3) != 384;
		}
	END
	gcc -O2 -S in.c
	filter --unpatched=fault --explain=explain in.s -o out.s
	explained ': f: shift: .*nothing; s[ah]lq' 1
	[ "$(grep -c 'ud2; ' out.s)" -eq 1 ]
	gcc out.s "$library" -o program
	./program patch
	run ./program
	[ "$status" -eq $((128 + 4)) ]
}

# It could not become anything by itself: there is no register for the value.
@test "--unpatched=fault: a compare that vanishes, of a variable that is declared" {
	printf '\t.file "x.c"\n\t.text\n\t.internal b\n\t.type f, @function\nf:\tcmpl $5, b(%%rip)\n\tje .Lf\n\tjmp g\n.Lf:\tret\n\t.size f, .-f\n' >in.s
	filter --unpatched=fault --explain=explain in.s -o out.s
	explained ': cmpl \$5,VAR => any: nothing; je L after' 1
	as out.s -o out.o
	"$RCPP_BUILD/rcpp-dump" --json out.o >dump
	diff <(jq -c 'map(.flags)' dump) - <<<'[["declared","fault"],["declared","consumer","joined"]]'
	sed -i 's/jmp g/incl %eax/' in.s
	filter --unpatched=fault --explain=explain in.s -o out.s
	explained ': cmpl \$5,VAR; je L over B after' 1
	as out.s -o out.o
	"$RCPP_BUILD/rcpp-dump" --json out.o >dump
	diff <(jq -c 'map(.flags)' dump) - <<<'[["declared","fault"]]'
	cat >program.c <<-'END'
		#include "rcpp.h"
		__patchable int b;
		int f(int);
		int main(int argc, char **argv)
		{
			(void)argv;
			for (b = 3; b < 7; b++)
				if (argc > 1 && (rcpp_patch() || f(7) != 7 + (b != 5) || rcpp_revert()))
					return 2;
			return f(7) != 8;
		}
	END
	sed -i 's/^f:/\t.globl f\nf:\tmovl %edi, %eax\n/' in.s
	filter --unpatched=fault --explain=explain in.s -o out.s
	explained ': cmpl \$5,VAR; je L over B after' 1
	gcc -O2 program.c out.s "$library" -o program
	./program patch || [ "$?" -eq $((128 + 4)) ] # after the last revert
	run ./program
	[ "$status" -eq $((128 + 4)) ]
}

@test "--wide" {
	printf '\t.file "w.c"\n\t.text\n\t.type f, @function\nf:\tmovl $1, %%ecx\n\taddq x(%%rip), %%rax\n\tmovl $1, %%ecx\n\tret\n\t.size f, .-f\n' >in.s
	filter --symbol x --explain=explain in.s -o out.s
	explained ': x: addq .*s32: addq \$V, %rax . any: movabsq \$V, %rcx' 1
	"$rcpp" --symbol x --wide=temp in.s -o temp.s
	cmp out.s temp.s
	filter --symbol x --wide=load --explain=explain in.s -o out.s
	explained ': x: addq .*s32: addq \$V, %rax$' 1
	fails 2 'rcpp: error: --wide=: write --wide=temp or --wide=load' --wide= in.s
}

@test "--calls" {
	printf '\t.file "w.c"\n\t.text\n\t.type f, @function\nf:\taddq x(%%rip), %%rax\n\tcall g\n\tret\n\t.size f, .-f\n' >in.s
	filter --symbol x --explain=explain in.s -o out.s
	explained ': x: addq .*s32: addq \$V, %rax$' 1
	"$rcpp" --symbol x --calls=any in.s -o any.s
	cmp out.s any.s
	filter --symbol x --calls=abi --explain=explain in.s -o out.s
	explained ': x: addq .*s32: addq \$V, %rax . any: movabsq \$V, %r11; addq %r11, %rax' 1
	fails 2 'rcpp: error: --calls=c: write --calls=any or --calls=abi' --calls=c in.s
}

@test "--no-fuse, --no-div, --no-branch, --no-call" {
	filter --symbol z --explain=explain in.s -o out.s
	explained ': z: movl .*; shll %cl' 1
	filter --symbol z --no-fuse --explain=explain in.s -o out.s
	explained ': z: movl .* => ' 1
	explained 'shll' 0
	sed -i 's/^f:/f:	movl $1, %esi/' in.s
	sed -i 's/\tret/\tmovl $1, %esi\n\tret/' in.s
	filter --symbol z --explain=explain in.s -o out.s
	explained ': z: divl .* => ' 1
	filter --symbol z --no-div --explain=explain in.s -o out.s
	explained ': z: load: .*option' 1
	explained ': z: .* => ' 1
	printf '\t.text\nf:\tmovl $1, %%ecx\n\tcmpl $5, z(%%rip)\n\tjne f\n\tmovl $1, %%ecx\n\tcall *z(%%rip)\n\tret\n' >in.s
	filter --symbol z --no-branch --no-call --explain=explain in.s -o out.s
	explained ': z: load: .*' 1
	explained '(jne|call).* => | => .*(jmp|call)' 0
	as out.s -o out.o
	# nobody reads the flags
	printf '\t.file "x.c"\n\t.text\n\t.type f, @function\nf:\tcmpl $5, z(%%rip)\n\tret\n\t.size f, .-f\n' >in.s
	filter --symbol z --stats --explain=explain in.s -o out.s 2>stats
	explained ': cmpl .* => any: nothing' 1
	grep -q '^rcpp: site branch: 1\b' stats
	filter --symbol z --no-branch --explain=explain in.s -o out.s
	explained ': z: load: ' 1
}

@test "--only: kinds, names that are none, and all of them are everything" {
	local kind kinds="moves arithmetic shifts branches calls divisions addresses"
	cat >in.s <<-'END'
			.file "x.c"
			.text
			.type f, @function
		f:	movl m(%rip), %esi
			addl %esi, %edi
			movl %esi, 8(%rsp)
			addl a(%rip), %edi
			movl s(%rip), %ecx
			shll %cl, %edi
			cmpl $5, b(%rip)
			jne .L1
			movq w(%rip), %rdx
			movl (%rdx,%rdi), %edi
		.L1:	xorl %edx, %edx
			movl %edi, %eax
			divl d(%rip)
			movl %eax, %edi
			movl $1, %eax
			movl $1, %ecx
			call *c(%rip)
			ret
			.size f, .-f
	END
	symbols=m,a,s,b,w,d,c
	filter --symbol $symbols --explain=explain in.s -o out.s
	explained ': [masbwdc]: load: ' 0
	explained ': [masbwdc]: ' 7
	for kind in "moves m" "arithmetic a" "shifts s" "branches b" "divisions d" "calls c" "addresses w"; do
		rm explain
		filter --symbol $symbols --only="${kind% *}" --explain=explain in.s -o one.s
		explained ": ${kind#* }: .* => " 1
		as one.s -o one.o
		case ${kind% *} in
		moves) ;; # s and w, too: loads without their consumers
		arithmetic) explained ': b: cmpl .* => any: movl \$V, %eax; cmpl' 1 ;;
		*) explained ': [masbwdc]: load: left out by an option; drop the option ' 6 ;;
		esac
	done
	rm explain
	filter --symbol $symbols --only=moves --explain=explain in.s -o one.s
	explained ': [abdc]: load: left out by an option; drop the option ' 4
	explained ': s: movl [^;]* => any: movl \$V, %ecx$' 1
	rm explain
	filter --symbol $symbols --only=shifts,calls --only=divisions --no-call --explain=explain in.s -o some.s
	explained ': [sd]: .* => ' 2
	explained ': [mabwc]: load: ' 5
	"$rcpp" --symbol $symbols --only="${kinds// /,}" in.s -o all.s
	cmp out.s all.s
	fails 2 "rcpp: error: --only=: 'x' is no kind of site; the kinds are ${kinds// /, }" --only=x in.s
	fails 2 "rcpp: error: --only=: 'move' is no kind of site; the kinds are ${kinds// /, }" --only=shifts,move in.s
	fails 2 "rcpp: error: --only=: '' is no kind of site; the kinds are ${kinds// /, }" --only= in.s
}

@test "--only: a load goes with what consumes it, but makes no room for a wide value" {
	printf '\t.file "x.c"\n\t.text\n\t.type f, @function\nf:\tmovq x(%%rip), %%rsi\n\ttestq %%rsi, %%rsi\n\tje .L1\n\tmovq %%rsi, 8(%%rdi)\n.L1:\tret\n\t.size f, .-f\n' >in.s
	filter --symbol x --explain=explain in.s -o out.s
	explained ': x: movq .*; je .* => ' 1
	rm explain
	filter --symbol x --only=branches --explain=explain in.s -o out.s
	explained ': x: movq VAR.*; je .* => ' 1
	explained 'movabsq' 0
	rm explain
	filter --symbol x --only=branches --no-fuse --explain=explain in.s -o out.s
	explained ': x: load: left out by an option; drop the option ' 1
}

@test "--explain: to a file and to standard error, with lines of the C source" {
	cat >in.c <<-'END'
		#include "rcpp.h"
		__patchable long b;
		long array[3];

		long f(long x)
		{
			array[0] = x;
			return x +
				b;
		}
	END
	for compiler in gcc clang; do
		command -v $compiler >/dev/null || continue
		rm -f explain
		"$RCPP_BUILD/rcpp-cc" $compiler -O0 -g -Wr,--explain=explain -c in.c -o in.o
		explained '(^|/)in\.c:[89]: f: b: mov.*|(^|/)in\.c:[89]: f: b: add.*' 1
	done
	gcc -O2 -S in.c
	run --separate-stderr "$rcpp" --explain in.s -o out.s
	[ "$status" -eq 0 ]
	[[ $stderr == "in.s:"*": f: b: "*" => "* ]]
	fails 1 "rcpp: error: cannot write '/nonexistent/x': No such file or directory" --explain=/nonexistent/x in.s
	fails 1 "rcpp: error: cannot write '/dev/full': No space left on device" --explain=/dev/full in.s -o out2.s
	run ! test -e out2.s
}

# advised REASON ADVICE COMPILER OPTION...: in.c stays a load for that reason, with that advice.
advised()
{
	rm -f explain
	"$RCPP_BUILD/rcpp-cc" "${@:3}" -Wr,--explain=explain -c in.c -o in.o
	explained ": load: $1; $2$" 1
}

# helped COMPILER OPTION...: all of in.c is sites.
helped()
{
	rm -f explain
	"$RCPP_BUILD/rcpp-cc" "$@" -Wr,--explain=explain -c in.c -o in.o
	explained ' => ' 1
	explained ': load: ' 0
	explained ' written ' 0
}

@test "--explain: what the user can do helps, in C" {
	local compiler
	for compiler in gcc clang; do
		printf '#include <rcpp.h>\n__patchable double d;\n#ifndef C\n#define C(x) x\n#endif\ndouble f(double x) { return x * C(d); }\n' >in.c
		advised 'read into a vector .*' 'read it with rcpp_const\(\)' $compiler -O2
		helped $compiler -O2 '-DC=rcpp_const'
		printf '#include <rcpp.h>\n__patchable unsigned char c;\n#ifndef C\n#define C(x) x\n#endif\nunsigned char f(unsigned char x) { return x / C(c); }\n' >in.c
		advised 'no dead register for the value' 'read it with rcpp_const\(\)' $compiler -O2
		helped $compiler -O2 '-DC=rcpp_const'
		printf '#include <rcpp.h>\n__patchable long *p;\nextern long o;\n#ifndef C\n#define C(x) x\n#endif\nint f(void) { return C(p) == &o; }\n' >in.c
		advised 'another operand is a symbol' 'read it with rcpp_const\(\)' $compiler -O2 -fno-pie
		helped $compiler -O2 -fno-pie '-DC=rcpp_const'
		printf '#include <rcpp.h>\n__patchable int i;\nvoid a(void), b(void), c(void), d(void), e(void);\nvoid f(void) { switch (i) { case 0: a(); break; case 1: b(); break; case 2: c(); break; case 3: d(); break; case 4: e(); break; case 5: a(); b(); } }\n' >in.c
		advised 'a jump through a table.*' 'compile with -fno-jump-tables' $compiler -O2
		rm explain
		"$RCPP_BUILD/rcpp-cc" $compiler -O2 -fno-jump-tables -Wr,--explain=explain -c in.c -o in.o
		explained ': load: ' 0
		grep -q ' => ' explain
		printf '#ifdef H\n#pragma GCC visibility push(hidden)\n#endif\nextern long x;\nvoid use(long *);\nlong f(void) { use(&x); return 0; }\n' >in.c
		advised 'its address is read from the global offset table, .*' 'declare the variable with hidden visibility' $compiler -O2 -fPIC -Wr,--symbol=x
		rm explain
		"$RCPP_BUILD/rcpp-cc" $compiler -O2 -fPIC -DH -Wr,--symbol=x,--explain=explain -c in.c -o in.o
		explained . 0
		printf 'extern T long x;\nlong f(void) { return x; }\n' >in.c
		advised 'thread-local: .*' 'make it an ordinary variable if .*' $compiler -O2 -DT=__thread -Wr,--symbol=x
		helped $compiler -O2 -DT= -Wr,--symbol=x
		printf 'extern long a[9];\nlong f(long i) { return a[I]; }\n' >in.c
		advised 'read through a register, an array .*' 'nothing: only an element at a constant index .*' $compiler -O2 -fno-pie -DI=i -Wr,--symbol=a
		helped $compiler -O2 -fno-pie -DI=3 -Wr,--symbol=a
	done
	printf 'extern long x;\nlong f(void) { return x; }\n' >in.c
	rm explain
	"$RCPP_BUILD/rcpp-cc" gcc -O2 -masm=intel -Wr,--symbol=x,--explain=explain -c in.c -o in.o
	explained ': load: not AT&T syntax for 64-bit code; compile without -masm=intel$' 1
	helped gcc -O2 -Wr,--symbol=x
}

# by_hand REASON ADVICE BEFORE AFTER: text in which x is read, and the same when the advice is taken.
by_hand()
{
	printf "\t.text\nf:\n$3\n" >in.s
	filter --symbol x --explain=explain in.s -o out.s
	explained ": (x[+0-9]*|\?): load: $1; $2$" 1
	printf "\t.text\nf:\n$4\n" >in.s
	filter --symbol x --explain=explain in.s -o out.s
	as out.s -o out.o
	explained ': x[+0-9]*: .* => ' 1
	explained 'load:' 0
}

@test "--explain: what the user can do helps, in assembly" {
	by_hand 'read into a vector .*' 'move it to a register first' '\tmovss x(%%rip), %%xmm0' '\tmovl x(%%rip), %%eax\n\tmovd %%eax, %%xmm0'
	by_hand 'the instruction is not understood' 'move it to a register first' '\txgetbv2 x(%%rip)' '\tmovl x(%%rip), %%eax'
	by_hand 'in the body of a macro .*' 'write the instruction outside of macros, .*' '\t.macro m\n\tmovl x(%%rip), %%eax\n\t.endm' '\tmovl x(%%rip), %%eax'
	by_hand 'between .if and .endif' 'use #if .*' '\t.if 1\n\tmovl x(%%rip), %%eax\n\t.endif' '\tmovl x(%%rip), %%eax'
	by_hand 'behind .include, .*' 'use #include .*' '\t.include "x.i"\n\tmovl x(%%rip), %%eax' '\tmovl x(%%rip), %%eax'
	by_hand 'code here is addressed by .*' 'use labels and longer jumps, .*' '\tmovl x(%%rip), %%eax\n\tjmp .+2' '\tmovl x(%%rip), %%eax\n\tjmp 1f\n1:'
	by_hand 'code here is addressed by .*' 'use labels and longer jumps, .*' '1:\tmovl x(%%rip), %%eax\n\tloop 1b' '1:\tmovl x(%%rip), %%eax\n\tdecl %%ecx\n\tjne 1b'
	by_hand 'the address is not a symbol .*' 'write the address as SYMBOL\+NUMBER\(%rip\)' '\t.set k,16\n\tmovl x+k(%%rip), %%eax' '\tmovl x+16(%%rip), %%eax'
	by_hand 'a 64-bit address .*' 'write SYMBOL\(%rip\)' '\tmovabsq x, %%rax' '\tmovq x(%%rip), %%rax'
	by_hand 'not in an executable section' 'nothing, unless it is code: .*' '\t.section m,"a"\n\tmovl x(%%rip), %%eax' '\t.section m,"ax"\n\tmovl x(%%rip), %%eax'
	by_hand 'init code runs before patching' 'nothing, unless the code runs after rcpp_patch\(\)' '\t.section .init.text,"ax"\n\tmovl x(%%rip), %%eax' '\tmovl x(%%rip), %%eax'
	by_hand 'the instruction has a prefix' 'move it to a register first' '\trep; cmpl x(%%rip), %%eax' '\tmovl x(%%rip), %%ecx'
	by_hand 'not AT&T .*' 'write AT&T syntax' '\t.intel_syntax noprefix\n\tmov eax, DWORD PTR x[rip]' '\tmovl x(%%rip), %%eax'
}

@test "--explain: each reason has an advice, and neither has a semicolon" {
	local table=$BATS_TEST_DIRNAME/../rcpp/filter/reasons flags
	sed -n '/^enum reason {/,/^}/s/^\t\(REASON_[A-Z_]*\),.*/\1/p' "$table.h" | grep -v _COUNT | sort >all
	cat >advice.c <<-'END'
		#include <stdio.h>
		#include "reasons.h"
		int main(void)
		{
			for (int i = 1; i < REASON_COUNT; i++)
				for (int by_hand = 0; by_hand < 2; by_hand++)
					printf("%s; %s\n", reason_texts[i].sentence, reason_advice(&reason_texts[i], by_hand));
		}
	END
	read -ra flags < <(make -s --no-print-directory -C "$BATS_TEST_DIRNAME/.." filter-flags)
	gcc "${flags[@]}" advice.c "$table.c" -o advice
	./advice >lines
	[ "$(wc -l <lines)" -eq $((2 * ($(wc -l <all) - 1))) ]
	run ! grep -vE '^[^;]+; [^;]+$' lines
}

@test "--explain=FILE: appended to, a whole unit at once" {
	local i count
	"$rcpp" --symbol x --explain=explain in.s -o out.s
	"$rcpp" --symbol y --explain=explain in.s -o out.s
	explained ': x: addl VAR.* => ' 1
	explained ': y\+[48]: .* => ' 2
	# nothing of a unit that is refused
	cp explain before
	printf '\tcallq\t$rcpp_value(x)\n\taddl\tx(%%rip), %%eax\n' >wrong.s
	run "$rcpp" --symbol x --explain=explain wrong.s -o out.s
	[ "$status" -eq 1 ]
	cmp explain before
	# many at the same time: each unit's lines stand together
	count=3000
	for i in $(seq 8); do
		{
			printf '\t.text\nf%s:\n' "$i"
			seq $count | sed 's/.*/\taddl\tx+&(%rip), %eax/'
		} >"unit$i.s"
	done
	rm explain
	for i in $(seq 8); do
		"$rcpp" --symbol x --explain=explain "unit$i.s" -o "out$i.s" &
	done
	wait
	[ "$(wc -l <explain)" -eq $((8 * count)) ]
	[ "$(cut -d : -f 3 explain | uniq | wc -l)" -eq 8 ]
	run ! grep -vE '^unit[1-8]\.s:[0-9]+: f[1-8]: x\+[0-9]+: addl VAR,%eax => any: addl \$V, %eax$' explain
	# and to standard error they go in one write
	# (LeakSanitizer wants to trace, too)
	ASAN_OPTIONS=detect_leaks=0 strace -o trace -e trace=write "$rcpp" --symbol x --explain unit1.s -o out.s 2>/dev/null
	[ "$(grep -c 'write(2, ' trace)" -eq 1 ]
}

@test "--explain: the place in the source without -g, by line markers and gcc's comments" {
	local compiler
	printf '#define HIDDEN .hidden x\n\t.text\n\tHIDDEN\nf:\tmovl x(%%rip), %%eax\n\n\taddl x(%%rip), %%eax\n\tret\n' >'a b.S'
	cat >c.c <<-'END'
		static int x;
		void set(int a) { x = a; }
		int get(int a)
		{
			return a * 3 +
				x;
		}
		int by_hand(void)
		{
			int a;
			__asm__ volatile("movl %1, %0" : "=r"(a) : "m"(x));
			return a;
		}
	END
	for compiler in gcc clang; do
		rm -f explain
		"$RCPP_BUILD/rcpp-cc" $compiler -c 'a b.S' -o out.o -Wr,--symbol=x,--explain=explain
		explained '^a b\.S:4: f: x: movl' 1
		explained '^a b\.S:6: f: x: addl' 1
	done
	rm explain
	"$RCPP_BUILD/rcpp-cc" gcc -O2 -c c.c -o out.o -Wr,--symbol=x,--explain=explain
	explained '^c\.c:5: get: x: addl' 1
	explained '^c\.c:11: by_hand: x: movl' 1
	explained '^c\.c:2: set: x: written ' 1
	explained '.' 3
	# the comments change nothing
	"$RCPP_BUILD/rcpp-cc" gcc -O2 -c c.c -o plain.o -Wr,--symbol=x
	cmp out.o plain.o
	# .loc is more exact, and inline assembly alone has markers
	rm explain
	"$RCPP_BUILD/rcpp-cc" gcc -O2 -g -c c.c -o out.o -Wr,--symbol=x,--explain=explain
	explained 'c\.c:[56]: get: x: addl' 1
	gcc -O2 -S c.c
	filter --symbol x --explain=explain c.s -o out.s
	explained '^c\.c:11: by_hand: x: movl' 1
	explained '^c\.s:[0-9]*: get: x: addl' 1
	# clang without -g tells the file only
	rm explain
	"$RCPP_BUILD/rcpp-cc" clang -O2 -c c.c -o out.o -Wr,--symbol=x,--explain=explain
	explained '^c\.c:0: get: x: addl' 1
	explained '^c\.c:' 3
	# a comment holds for its function only
	printf '\t.text\ng:\n# c.c:5: return x;\n\tmovl\tx(%%rip), %%eax\n\tret\nh:\n\tmovl\tx(%%rip), %%eax\n\tret\n' >two.s
	filter --symbol x --explain=explain two.s -o out.s
	explained '^c\.c:5: g: x: ' 1
	explained '^two\.s:7: h: x: ' 1
}

@test "--stats: text and JSON" {
	run --separate-stderr "$rcpp" --stats --symbol x,y,z in.s -o out.s
	[[ $stderr == "rcpp: in.c: 5 references, "*" sites, "*" loads"* ]]
	run --separate-stderr "$rcpp" --stats=text --symbol x,y,z in.s -o out.s
	[[ $stderr == *"rcpp: site arithmetic: "* ]]
	run --separate-stderr "$rcpp" --no-div --stats --symbol x,y,z in.s -o out.s
	[[ $stderr == *"rcpp: load option: 1"* ]]
	"$rcpp" --stats=json --symbol x,y,z in.s -o out.s 2>stats
	grep -q '"references": 5' stats
	if command -v python3 >/dev/null; then python3 -m json.tool stats >/dev/null; fi
	"$rcpp" --stats=json in.s -o out.s 2>stats
	[ "$(jq -c . stats)" = '{"file":"in.c","references":0,"sites":0,"loads":0,"forms":{},"reasons":{},"written":0}' ]
	if command -v python3 >/dev/null; then python3 -m json.tool stats >/dev/null; fi
	fails 2 'rcpp: error: --stats=xml: write --stats=text or --stats=json' --stats=xml in.s
}

@test "--stats: the name of the source, in one write" {
	local text
	named() { "$rcpp" --stats "$@" 2>&1 >/dev/null | sed -n '1s/^rcpp: \(.*\): [0-9]* references.*/\1/p'; }
	[ "$(named in.s)" = in.c ]
	[ "$(named --symbol x <in.s)" = in.c ]
	sed '/\.file/d' in.s >plain.s
	[ "$(named plain.s)" = plain.s ]
	[ "$(named <plain.s)" = '{standard input}' ]
	for text in '# 1 "a b.S"' '# 0 "<built-in>"\n# 1 "a b.S"\n# 1 "c.h" 1' '\t.file 1 "x.h"\n# 1 "a b.S"'; do
		printf "$text\n" | cat - plain.s >marked.s
		[ "$(named marked.s)" = 'a b.S' ]
	done
	printf '\tnop\n' >'d.S'
	[ "$("$RCPP_BUILD/rcpp-cc" gcc -c d.S -Wr,--stats 2>&1)" = 'rcpp: d.S: 0 references, 0 sites, 0 loads' ]
	cp plain.s 'quoted".s'
	"$rcpp" --stats=json 'quoted".s' -o out.s 2>stats
	[ "$(jq -r .file stats)" = 'quoted".s' ]
	for text in text json; do
		ASAN_OPTIONS=detect_leaks=0 strace -o trace -e trace=write "$rcpp" --symbol x,y,z --stats=$text in.s -o out.s 2>/dev/null
		[ "$(grep -c 'write(2, ' trace)" -eq 1 ]
	done
}

# written COMPILER OPTION...: --explain of in.c with x and y patchable, and which functions write them.
written()
{
	rm -f explain
	"$RCPP_BUILD/rcpp-cc" "$@" -Wr,--symbol=x,--symbol=y,--explain=explain,--stats=json -c in.c -o in.o 2>stats
	grep ': written outside of init code; mark the function __rcpp_init if it runs before rcpp_patch(), else use RCPP_SET()$' explain |
		sed 's/: written.*//; s/.*: \([a-z]*: [xy]\)/\1/' | sort | xargs
}

@test "--explain: writes outside of init code" {
	local compiler level
	cat >in.c <<-'END'
		#include <rcpp.h>
		struct { long a, b; } x;
		long y;
		#ifdef MARK
		#define INIT __rcpp_init
		#define SET(b, v) RCPP_SET(b, v)
		#else
		#define INIT
		#define SET(b, v) ((b) = (v))
		#endif
		long read(void) { return x.b + y; }
		__attribute__((noinline)) INIT void load(long v) { x.b = v; }
		void set(long v) { SET(y, v); }
		void add(long v) { SET(y, y + v); }
		__rcpp_init void init(long v) { x.b = v; }
		__attribute__((constructor)) void constructor(void) { extern char **environ; x.b = environ != 0; }
		int main(int argc, char **argv) { (void)argv; x.a = argc; y = argc; load(argc); return 0; }
	END
	for compiler in gcc clang; do
		for level in -O0 -O2 '-O2 -fPIC'; do
			# shellcheck disable=SC2086
			[ "$(written $compiler $level)" = "add: y load: x+8 set: y" ] || { cat explain && false; }
			[ "$(jq .written stats)" -eq 3 ]
			# they are no references
			[ "$(jq .references stats)" -eq "$(grep -vc ' written ' explain)" ]
			"$RCPP_BUILD/rcpp-dump" --json in.o >/dev/null
			# shellcheck disable=SC2086
			[ -z "$(written $compiler $level -DMARK)" ]
			[ "$(jq .written stats)" -eq 0 ]
		done
	done
	rm explain
	"$RCPP_BUILD/rcpp-cc" gcc -O2 -Wr,--symbol=x,--symbol=y,--stats -c in.c -o in.o 2>stats
	grep -qx 'rcpp: written outside of init code: 3' stats
	printf 'load\nset\n' >early
	[ "$(written gcc -O2 -Wr,--early-from=early)" = "add: y" ]
	[ "$(written gcc -O2 -ffunction-sections '-Wr,--init-section=.text.[sl]*')" = "add: y" ]
	# the lines are those of the source, in the order of the text
	rm explain
	"$RCPP_BUILD/rcpp-cc" gcc -O2 -g -fno-reorder-functions -Wr,--symbol=y,--explain=explain -c in.c -o in.o
	[ "$(sed -n 's/^\(.*\/\)\?in.c:\([0-9]*\): .*/\2/p' explain | uniq | xargs)" = "11 13 14" ]
}

@test "--explain: writes outside of init code, in C++ and in assembly" {
	local compiler text
	printf 'int f(void);\nlong x = f();\nnamespace { struct s { s() { x++; } } s; }\nlong g() { return x; }\n' >in.cc
	for compiler in g++ clang++; do
		for text in -O0 -O2; do
			rm -f explain
			"$RCPP_BUILD/rcpp-cc" $compiler $text -Wr,--symbol=x,--explain=explain -c in.cc -o in.o
			explained ' g\(?\)?|_Z1gv: x: .* => ' 1
		done
		run -1 grep '^[^ ]*: _GLOBAL__[^ ]*: x: written' explain
	done
	while IFS='|' read -r count text; do
		printf "\t.text\nf:\n\t$text\n" >in.s
		filter --symbol x --explain=explain in.s -o out.s
		explained ': f: x(\+4)?: written outside of init code; move the code to \.text\.rcpp_init if it runs before rcpp_patch\(\), else use rcpp_update\(\)$' "$count"
	done <<-'END'
		1|movl %%eax, x(%%rip)
		1|movl $1, x+4(%%rip)
		1|incl x(%%rip)
		1|lock; incl x(%%rip)
		1|xchgl %%eax, x(%%rip)
		1|lock cmpxchgl %%ecx, x(%%rip)
		1|popq x(%%rip)
		1|sete x(%%rip)
		1|movaps %%xmm0, x(%%rip)
		1|movl %%eax, x(,%%rdi,4)
		0|movl x(%%rip), %%eax
		0|cmpl %%eax, x(%%rip)
		0|btl %%eax, x(%%rip)
		0|leaq x(%%rip), %%rax
		0|pushq x(%%rip)
		0|movl $x, y(%%rip)
		0|.macro m\n\tmovl %%eax, x(%%rip)\n\t.endm
		0|.section .init.text,"ax"\n\tmovl %%eax, x(%%rip)
		0|.section d,"aw"\n\tmovl %%eax, x(%%rip)
		1|movq x@GOTPCREL(%%rip), %%rax\n\tmovl %%ecx, (%%rax)
		1|movq x@GOTPCREL(%%rip), %%rax\n\tincl 4(%%rax)
		0|movq x@GOTPCREL(%%rip), %%rax\n\tmovl %%ecx, %%eax\n\tmovl %%ecx, (%%rax)
	END
	# what is marked and lies elsewhere is not patched
	printf '\t.text\nf:\tmovl %%eax, x(%%rip)\n\tmovl x(%%rip), %%eax\n\t.internal x\n\t.data\nx:\t.long 0\n' >in.s
	filter --explain=explain in.s -o out.s
	explained ' written ' 0
}

@test "-o: whole or not at all" {
	echo precious >out.s
	printf '\t.section .rcpp_extern,"e"\n\t.long 1\n' >damaged.s
	fails 1 'damaged.s:2: error: this is no marker*' damaged.s -o out.s
	[ "$(cat out.s)" = precious ]
	fails 1 'rcpp: missing.s: error: cannot be read: No such file or directory' missing.s -o out.s
	[ "$(cat out.s)" = precious ]
	fails 1 'rcpp: error: cannot write /nonexistent/out.s: No such file or directory' in.s -o /nonexistent/out.s
	fails 1 'rcpp: error: cannot write in.s/out.s: Not a directory' in.s -o in.s/out.s
	fails 1 'rcpp: error: cannot write /dev/full: No space left on device' --symbol x in.s -o /dev/full
	mkdir directory
	fails 1 'rcpp: error: cannot write directory: Is a directory' in.s -o directory
	run bash -c "'$rcpp' in.s >/dev/full"
	[ "$status" -eq 1 ]
	[[ $output == "rcpp: error: cannot write the standard output: No space left on device" ]]
	run bash -c "trap '' PIPE; { '$rcpp' in.s; echo \$? >status; } | :"
	[ "$(cat status)" -eq 1 ] || [ "$(cat status)" -eq 0 ]
	[ -z "$(find . -name 'out.s?*' -o -name 'in.s?*')" ]
	"$rcpp" --symbol x in.s -o out.s
	grep -q rcpp_rows out.s
	umask 027
	"$rcpp" --symbol x in.s -o new.s
	[ "$(stat -c %a new.s)" = 640 ]
	cp in.s self.s
	"$rcpp" --symbol x self.s -o self.s
	cmp self.s new.s
}

@test "standard input, -, standard output" {
	"$rcpp" --symbol x in.s -o out.s
	"$rcpp" --symbol x <in.s >out2.s
	cmp out.s out2.s
	"$rcpp" --symbol x - <in.s | cmp - out.s
	"$rcpp" --symbol x in.s -o - | cmp - out.s
	[ ! -e ./- ]
	# shellcheck disable=SC2002 # a pipe is wanted
	cat in.s | filter --symbol x --explain=explain >/dev/null
	explained '^\{standard input\}:4: f: x: ' 1
}

@test "filtering twice changes nothing" {
	"$rcpp" --symbol x in.s -o once.s
	grep -q rcpp_rows once.s
	"$rcpp" --symbol x,y once.s -o twice.s
	cmp once.s twice.s
}

@test "damaged markers" {
	local text
	for text in '.long 1' '.asciz b' '.asciz ""' '.string "b"' '.asciz "b\\\\"'; do
		printf '\t.section .rcpp_extern,"e"\n\t%b\n\t.text\n' "$text" >damaged.s
		fails 1 'damaged.s:2: error: this is no marker*' damaged.s
	done
}

@test "an object file, a directory, usage" {
	as in.s -o in.o
	fails 1 'in.o:1: error: this is an object file, not assembly*' in.o
	mkdir directory
	fails 1 'rcpp: directory: error: cannot be read: Is a directory' directory
	fails 2 "rcpp: error: more than one input file ('in.s' and 'b.s')" in.s b.s
	fails 2 '*unrecognized option*--nonsense*' --nonsense in.s
	fails 2 '*requires an argument*' --symbol
	fails 2 '*requires an argument*' -o
	fails 2 '*invalid option*' -q
	run --separate-stderr "$rcpp" --help
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	for option in -o --symbol --symbols-from --section --init-section --unpatched= --early-from --objtool --as-lines --wide= --calls= --only= --no-fuse \
		--no-branch --no-call --no-div --explain --stats --profile --help --version; do
		[[ $output == *"$option"* ]]
	done
	run --separate-stderr "$rcpp" --version
	[ "$status" -eq 0 ]
	[[ $output =~ ^rcpp\ [0-9.]+$ ]]
	[ "$("$rcpp" -h)" = "$("$rcpp" --help)" ]
	[ "$("$rcpp" -V)" = "$output" ]
}

# refused NAME LINE FILE: it is told for what it is, and nothing is written; also by `as`.
refused()
{
	local message="$3:$2: error: this is $1, not assembly; run rcpp on what the compiler writes with -S"
	rm -f out.s out.o
	fails 1 "$message" --symbol x "$3" -o out.s
	[ ! -e out.s ]
	fails 1 "{standard input}${message#"$3"}" --symbol x <"$3"
	run "$RCPP_BUILD/libexec/rcpp/as" -o out.o "$3"
	[ "$status" -eq 1 ]
	[ "$output" = "$message" ]
	[ ! -e out.o ]
}

@test "what is no assembly is told for what it is" {
	local size kind
	as in.s -o in.o
	refused "an object file" 1 in.o
	ar rc in.a in.o
	ar rcT thin.a in.o
	refused "an archive" 1 in.a
	refused "an archive" 1 thin.a
	python3 - <<-'END'
		import bz2, gzip, lzma, zipfile
		text = open("in.s", "rb").read()
		for name, opened in ("gz", gzip.open), ("bz2", bz2.open), ("xz", lzma.open):
		    opened("in." + name, "wb").write(text)
		zipfile.ZipFile("in.zip", "w").write("in.s")
	END
	for kind in gz bz2 xz zip; do
		refused "a compressed file" 1 in.$kind
	done
	echo 'int x; int f(void) { return x; }' >in.c
	clang -O2 -emit-llvm -c in.c -o in.bc
	clang -O2 -emit-llvm -S in.c -o in.ll
	refused "LLVM's bitcode" 1 in.bc
	refused "LLVM's intermediate code" 1 in.ll
	tar cf in.tar in.s in.c
	refused "binary data" 1 in.tar
	iconv -t UTF-16 in.s >in.utf16
	refused "binary data" 1 in.utf16
	# of 200 random bytes one lot in eighty has so few controls that it could be text
	for size in 1000 3000 100000; do
		head -c $size /dev/urandom | sed '1s/^/x/' >noise
		refused "binary data" 1 noise
		head -c $size /dev/zero >noise
		refused "binary data" 1 noise
	done
	# and where there is nothing to filter
	fails 1 "in.a:1: error: this is an archive, *" in.a
}

@test "C is told from assembly" {
	local text
	while IFS='|' read -r line text; do
		printf '%b' "$text" >in.c
		refused C "$line" in.c
	done <<-'END'
		1|int x;
		1|int main(void) { return 0; }\n
		3|\n\nint main(void)\n{\n}\n
		2|#include "rcpp.h"\nstatic __patchable int x;\n
		4|/* .text\n.globl f */\n// .data\nvoid free(void *p)\n{\n\t__free(p);\n}\n
		4|#define A \\\n\t1\n\nenum a { x };\nextern int b;\n
		2|# 1 "a.c"\ntypedef unsigned long size_t;\n
		1|extern "C" {\n}\n
		4|\tfoo a = {\n\t\t.size = 4,\n\t\t.text = "x" };int y;\n\treturn f(a);\n
		1|struct a {\n\tint b;\n};\n
		1|const char *text[] = {\n\t".text\\n"\n\t".globl f\\n" };\n
		1|template <class T> T f(T x) { return x; }\n
		1|static const int a[] = { 1, 2 };\r\nint f(int x)\r\n{\r\n}\r\n
	END
	for compiler in gcc g++ clang; do
		printf '#include <stdio.h>\nint main(void) { return puts("x"); }\n' >in.c
		$compiler -E -x c++ in.c -o in.i
		run "$rcpp" in.i
		[ "$status" -eq 1 ]
		[[ $output == "in.i:"*": error: this is C, not assembly; "* ]]
	done
}

@test "assembly of every kind is none of that" {
	local text count=0
	while IFS= read -r text; do
		# shellcheck disable=SC2059 # formats
		printf "$text" >odd.s
		"$rcpp" odd.s -o out.s
		cmp odd.s out.s
		count=$((count + 1))
	done <<-'END'

		\n
		\n\n \t\r\n
		# int main(void) {
		/* int main(void)\n{\n\treturn 0;\n}\n*/
		/* int main(void)\n{\n}\n*/ nop /* int x;\n*/; nop // int x;\n
		nop
		int $3
		int $0x80; int $3;\n
		int3; int SYSCALL\n
		BZh: nop\n
		MZ = 5\nPK: nop\nBC: nop\n
		.text\nstatic: .long 1\nreturn: ret;\n
		#include <asm.h>\n#define f(x) { x; }\nENTRY(f)\n\tmovl $1, %%eax; ret;\nEND(f)\n
		section .text\nglobal f\nextern printf ; {\nextern puts;\nstruc point\n.x: resd 1\nendstruc\nf: mov eax, [rel x]\nret\n
		format ELF64\nextrn puts\nmacro m a { mov eax, a\n}\nif a = 1 {\nend if\nwhile x\nend while\n
		.model flat\n.code\nmain proc\nlocal x:dword\nif x {\nint 21h ; int x;\nmain endp\nend main\n
		vmovaps %%zmm0, %%zmm1{%%k1}{z}\n{vex} vaddps %%xmm0, %%xmm1, %%xmm2\n
		\303\274ber: nop # gr\303\274n\n
		f\374r: nop # \344\366\374 \223\372\226\173\214\352\n
		\357\273\277nop\n
		.ascii "a\001b\000c\177"\n#\000\200\033[0m\n\tnop\n\tnop\n\tnop\n\tnop\n\tnop\n\tnop\n\tnop\n\tnop\n\tnop\n\tnop\n\tnop\n\tnop\n
	END
	[ "$count" -ge 20 ]
	: >odd.s
	"$RCPP_BUILD/libexec/rcpp/as" -o out.o odd.s
}

@test "rcpp_const and rcpp_shift_right: all types, C and C++, with and without rcpp" {
	cat >consts.c <<-'END'
		#include <stdio.h>
		#include "rcpp.h"
		struct pair { int a; short b; };
		__patchable signed char s1 = -1;
		__patchable unsigned char u1 = 200;
		__patchable short s2 = -32768;
		__patchable unsigned short u2 = 65535;
		__patchable int s4 = -2147483647;
		__patchable unsigned u4 = 4294967295u;
		__patchable long s8 = -5;
		__patchable unsigned long u8 = 1ul << 63;
		__patchable char *p = 0;
		static __patchable struct pair pair = {7, -9};
		static __patchable unsigned char shift = 3;
		static long count(long n)
		{
			long sum = 0, i;
			for (i = 0; i < n; i++)
				sum += rcpp_const(s4) ^ i;
			return sum;
		}
		static void print(void)
		{
			printf("%d %d %d %d %d %u\n", rcpp_const(s1), rcpp_const(u1), rcpp_const(s2),
			       rcpp_const(u2), rcpp_const(s4), rcpp_const(u4));
			printf("%ld %lu %p %d %d %ld\n", rcpp_const(s8), rcpp_const(u8), (void *)rcpp_const(p),
			       rcpp_const(pair.a), rcpp_const(pair.b), count(3));
			printf("%d %u %ld %lu\n", rcpp_shift_right(-100, shift), rcpp_shift_right(u4, shift),
			       rcpp_shift_right(s8, shift), rcpp_shift_right(u8, shift));
		}
		int main(void)
		{
			print();
			if (rcpp_patch())
				return 1;
			print();
			return 0;
		}
	END
	cp consts.c consts.cc
	strict='-Wall -Wextra -Werror -pedantic'
	# shellcheck disable=SC2086 # options
	gcc $strict -std=c99 -DRCPP_OFF consts.c -o consts
	./consts >expected
	[ "$(sort -u expected | wc -l)" -eq 3 ]
	[ "$(head -n 1 expected)" = '-1 200 -32768 65535 -2147483647 4294967295' ]
	for compile in "gcc -std=c99 -O0 consts.c" "gcc -O2 consts.c" "g++ -O2 consts.cc" \
		"clang -std=c99 -O0 consts.c" "clang -O2 consts.c" "clang++ -O2 consts.cc"; do
		# shellcheck disable=SC2086 # a command and options
		$compile $strict "$library" -o consts
		./consts | diff expected -
		rm -f explain
		# shellcheck disable=SC2086 # the same
		"$RCPP_BUILD/rcpp-cc" $compile $strict "$library" -Wr,--explain=explain -o consts
		./consts | diff expected -
		[ "$(grep -c ' => ' explain)" -ge 15 ]
		run -1 grep ': load: ' explain
	done
}

@test "a field that an option names, of a variable that is declared: the rest is only declared" {
	printf '\t.text\n\t.internal b\nf:\tmovl b+8(%%rip), %%eax\n\tmovl b(%%rip), %%ecx\n' >field.s
	"$rcpp" --symbol=b+8:4 field.s | as -o field.o -
	"$RCPP_BUILD/rcpp-dump" field.o >dump
	grep ' b+0x8  .* -$' dump
	grep ' b  .* declared$' dump
}

@test "declarations: extern __patchable, RCPP_EXTERN" {
	cat >user.c <<-'END'
		#include "rcpp.h"
		extern __patchable long b;
		RCPP_EXTERN(b);
		long f(long x) { return x + b; }
	END
	cat >plain_gcc.c <<-'END'
		#include "rcpp.h"
		extern __patchable long b;
		long f(long x) { return x + b; }
	END
	cat >main.c <<-'END'
		#include "rcpp.h"
		__patchable long b;
		long f(long);
		int main(void)
		{
			struct rcpp_stats s;
			b = 41;
			if (f(1) != 42 || rcpp_patch() || f(1) != 42 || rcpp_stats(&s) || !s.patched)
				return 1;
			b = 5;
			return f(1) != 42; /* it is an immediate */
		}
	END
	gcc -O2 -c main.c
	for compiler in gcc clang; do
		command -v $compiler >/dev/null || continue
		rm -f explain
		"$RCPP_BUILD/rcpp-cc" $compiler -O2 -Wr,--explain=explain -c user.c -o user.o
		explained ': f: b: .* => ' 1
		gcc main.o user.o "$library" -o program
		./program
		run -1 grep -q rcpp_extern <(readelf -SW program)
	done
	rm -f explain
	"$RCPP_BUILD/rcpp-cc" gcc -O2 -Wr,--explain=explain -c plain_gcc.c -o user.o
	explained ': f: b: .* => ' 1
	gcc main.o user.o "$library" -o program
	./program
}

@test "an internal variable that is not patchable is read from memory" {
	cat >user.c <<-'END'
		#include "rcpp.h"
		extern long b __attribute__((visibility("internal")));
		long f(long x) { return x + b; }
	END
	cat >main.c <<-'END'
		#include "rcpp.h"
		long b __attribute__((visibility("internal")));
		OTHER
		long f(long);
		int main(void)
		{
			struct rcpp_stats s;
			b = 41;
			if (rcpp_patch() || rcpp_stats(&s) || s.sites != 1 || s.patched || f(1) != 42)
				return 1;
			b = 5;
			return f(1) != 6;
		}
	END
	rm -f explain
	"$RCPP_BUILD/rcpp-cc" gcc -O2 -Wr,--explain=explain -c user.c -o user.o
	explained ': f: b: .* => ' 1
	for other in "" "__patchable long other;"; do
		gcc -O2 -DOTHER="$other" main.c user.o "$library" -o program
		./program
	done
}

@test "an internal variable that is not patchable: a load and its consumer" {
	cat >user.c <<-'END'
		#include "rcpp.h"
		extern unsigned shift __attribute__((visibility("internal")));
		unsigned long f(unsigned long x) { return x << shift; }
	END
	cat >main.c <<-'END'
		#include "rcpp.h"
		unsigned shift __attribute__((visibility("internal")));
		__patchable long other;
		unsigned long f(unsigned long);
		int main(void)
		{
			struct rcpp_stats s;
			shift = 7;
			if (rcpp_patch() || rcpp_stats(&s) || !s.sites || s.patched || f(3) != 384)
				return 1;
			shift = 1;
			return f(3) != 6;
		}
	END
	rm -f explain
	"$RCPP_BUILD/rcpp-cc" gcc -O2 -Wr,--explain=explain -c user.c -o user.o
	explained ': f: shift: .*nothing; s[ah]lq' 1
	gcc -O2 main.c user.o "$library" -o program
	./program
}
