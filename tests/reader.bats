#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# What the filter makes of assembly text of all kinds: what is no site leaves as it came, byte for
# byte, and what `as` takes before it takes after. Inputs: tests/reader, here-documents, compilers.
# shellcheck disable=SC2016,SC2258,SC1003 # patterns and inputs are meant as they stand
# Reads: RCPP_BUILD (the build directory, default build/ beside tests/).
# shellcheck disable=SC2154 # filter_setup sets rcpp and library

bats_require_minimum_version 1.5.0
load filter

setup()
{
	filter_setup
	reader=$BATS_TEST_DIRNAME/reader
}

# without_sites FILE: the text with all that rcpp adds taken out again.
without_sites()
{
	perl -0777 -pe '
		s/\t\.pushsection (rcpp_rows,|rcpp_patchable\b[^\n]*\n(\.LrcppH\d+:\n\t\.reloc [^\n]*\n)?(\t\.balign 4096 [^\n]*\n)?\t\.popsection\n).*\z//s;
		s/\.pushsection rcpp_forms,.*?\.popsection; //g;
		s/\.loc_mark_labels 1; (\.Lrcpp\d+n?: )\.loc_mark_labels 0; /$1/g;
		s/\.Lrcpp\d+n: [^;]*; //g;
		s/\.Lrcpp\d+: (\.reloc [^;]*; )?(\.nops [^;]*; )?(\.fill [^;]*; )?(\{disp32\} )?//g;
		s/; (\.byte 0xeb,[^;]*; )?\.(nops|fill) \.LrcppF\d+g(-2|,1,0x90)?//g;
		s/(; \.Lrcpp\d+e: \.nops [^;]*)?; \.Lrcpp\d+x://g;
		s/; \.Lrcpp\d+z://g' "$1"
}

# filtered [OPTION]...: in.s to out.s; nothing is lost, and it assembles if in.s does.
filtered()
{
	rm -f explain
	"$rcpp" "$@" --explain=explain in.s -o out.s
	without_sites out.s >again.s
	if [ -s in.s ] && [ "$(tail -c 1 in.s | od -An -c | tr -d ' ')" != '\n' ] && ! cmp -s in.s out.s; then
		cp in.s expected.s && echo >>expected.s
		cmp expected.s again.s
	else
		cmp in.s again.s
	fi
	# what has been through rcpp is passed on
	rm -f explained
	"$rcpp" "$@" --explain=explained out.s -o twice.s
	cmp out.s twice.s
	as_takes=
	if as --fatal-warnings in.s -o in.o 2>in.err; then
		as out.s -o out.o
	else
		as_takes=no
	fi
}

sites()
{
	grep -c ' => ' explain || true
}

# untouched [OPTION]...: no site at all.
untouched()
{
	filtered "$@"
	cmp in.s out.s
}

@test "several statements on a line, names, prefixes, no suffixes, aliases" {
	cp "$reader/statements.s" in.s
	as in.s -o in.o
	filtered
	[ "$(sites)" -ge 8 ]
	grep -qE ': g: b: .*=>' explain
	grep -qE ': f: b\+4: .*=>' explain
	[ "$(grep -c 'lock; incl b(%rip)' out.s)" -eq 1 ]
}

@test "comments" {
	cp "$reader/comments.s" in.s
	as in.s -o in.o
	filtered
	[ "$(sites)" -eq 5 ]
}

@test "strings and characters" {
	cp "$reader/strings.s" in.s
	as in.s -o in.o
	filtered
	for function in f g h i; do grep -qE ": $function: b: .*=>" explain; done
	[ "$(grep -cE ': f: b: ' explain)" -eq 8 ]
	run -1 grep -E ': i: i: ' explain
}

# asm TEXT: in.s with f() around the text, and the variable b.
asm()
{
	printf '\t.file "x.c"\n\t.text\n\t.type f, @function\nf:\n%b\n\tret\n\t.size f, .-f\n' "$1" >in.s
	printf '\t.section rcpp_patchable, "aw"\nb:\t.quad 5\n' >>in.s
	as in.s -o in.o
}

@test "lone prefixes belong to the next statement" {
	for prefix in gs fs data16 addr32 rex64; do
		asm "\t$prefix; addl b(%rip), %eax"
		filtered
		[ "$(sites)" -eq 0 ]
	done
	asm '\tgs; nop\n\taddl b(%rip), %eax'
	filtered
	[ "$(sites)" -eq 1 ]
}

@test "macros and repetitions pass through" {
	asm '.macro m x\n\taddl b(%rip), %\\x\n.endm\n\t.rept 2\n\taddl b(%rip), %eax\n\t.endr\n\t.irp r, eax, ecx\n\taddl b(%rip), %\\r\n\t.endr\n\t.irpc c, ac\n\tmovl b(%rip), %e\\c\\()x\n\t.endr\n\tm eax\n\taddl b(%rip), %eax'
	filtered
	[ "$(sites)" -eq 1 ]
	grep -q 'load: .*macro' explain
}

@test "a macro that has a mnemonic's name" {
	for name in addl ADDL Addl; do
		asm ".macro $name x, y\n\tnop\n.endm\n\taddl b(%rip), %eax\n\tsubl b(%rip), %eax"
		filtered
		[ "$(sites)" -eq 1 ]
		grep -q ': subl' explain
	done
}

@test "a macro whose name a macro makes" {
	asm '.irp m, addl, subl\n.macro \\m x, y\n\tnop\n.endm\n.endr\n\taddl b(%rip), %eax'
	filtered
	[ "$(sites)" -eq 0 ]
	asm '.macro make name\n.macro \\name x, y\n\tnop\n.endm\n.endm\n\tmake addl\n\taddl b(%rip), %eax'
	filtered
	[ "$(sites)" -eq 0 ]
}

@test "directives in capitals" {
	printf '\t.TEXT\nf:\taddl b(%%rip), %%eax\n\tret\n\t.SECTION .data\n\t.long 0\n' >in.s
	as in.s -o in.o || skip "as does not take them"
	printf '.MACRO ADDL x, y\n\tnop\n.ENDM\nf:\taddl b(%%rip), %%eax\n\tret\n' >in.s
	filtered --symbol b
	[ "$(sites)" -eq 0 ]
	printf '\t.INTEL_SYNTAX noprefix\n\tmov eax, ecx\n\t.ATT_SYNTAX\nf:\taddl b(%%rip), %%eax\n\tret\n' >in.s
	filtered --symbol b
	# a marker is what gcc writes, to the letter, whether there is another one or not
	for marker in '' '\t.internal a\n'; do
		printf "$marker"'\t.text\nf:\tmovq b(%%rip), %%rax\n\tmovq a(%%rip), %%rcx\n\t.INTERNAL b\n' >in.s
		rm -f explain
		"$rcpp" --explain=explain in.s -o out.s
		run -1 grep ': b:' explain
	done
	[ "$(sites)" -eq 1 ]
}

@test "conditionals, .include" {
	asm '\t.if 0\n\taddl b(%rip), %eax\n\t.else\n\taddl b(%rip), %ecx\n\t.endif\n\taddl b(%rip), %edx'
	filtered
	[ "$(sites)" -eq 1 ]
	grep -q 'load: .*\.if' explain
	echo '	nop' >included.inc
	asm '\taddl b(%rip), %edx\n\t.include "included.inc"\n\taddl b(%rip), %eax'
	filtered
	grep -q 'load: .*include' explain
	printf '\t.if 0\n\t.type f, @function\n\t.endif\n\t.text\nf:\taddl b(%%rip), %%eax\n\tret\n' >in.s
	filtered --symbol b
	grep -q ': b: ' explain
}

@test "other syntax, other code sizes" {
	printf '\t.text\n\t.intel_syntax noprefix\ng:\tadd eax, b[rip]\n\tret\n\t.att_syntax\nf:\taddl b(%%rip), %%eax\n\tret\n' >in.s
	filtered --symbol b
	[ "$(sites)" -eq 1 ]
	[ -z "$as_takes" ]
	printf '\t.code32\n\t.text\ng:\taddl b, %%eax\n\tret\n\t.code64\nf:\taddq b(%%rip), %%rax\n\tmovl $1, %%ecx\n\tret\n' >in.s
	filtered --symbol b
	[ "$(sites)" -eq 1 ]
	[ -z "$as_takes" ]
	asm '\t.intel_syntax noprefix\n\tadd eax, b[rip]\n\t.att_syntax prefix\n\taddl b(%rip), %eax'
	filtered
	[ "$(sites)" -eq 1 ]
}

@test "a comment of several lines ends its statement" {
	printf '%s\n' '	.text' 'f:' '	movl b(%rip), %ecx' '	addl %ecx, %eax' \
		'	.p2align 4 /* as goes on' ' */ movl %ecx, (%rdi)' '	movl $0, %ecx' '	ret' >in.s
	filtered --symbol b
	grep -q 'VAR,%ecx => any: nothing; .*; movl %ecx,(%rdi) => any: movl $V, (%rdi)$' explain
	printf '%s\n' '	.text' '	.p2align 4 /* in the section' '*/ .section .init.text, "ax"' 'g:' \
		'	movl b(%rip), %ecx' '	ret' >in.s
	untouched --symbol b
}

@test "CRLF" {
	asm '\taddl b(%rip), %eax # comment\n\tmovl b(%rip), %ecx'
	sed -i 's/$/\r/' in.s
	filtered
	[ "$(sites)" -eq 2 ]
	[ -z "$as_takes" ]
}

@test "no final newline, .end, empty file" {
	printf '\t.text\nf:\taddl b(%%rip), %%eax' >in.s
	filtered --symbol b
	[ "$(sites)" -eq 1 ]
	printf '\t.text\nf:\taddl b(%%rip), %%eax\n\t.end\nnonsense after it\n' >in.s
	untouched --symbol b # as would not read the tables
	printf '5 b\n\t.text\nf:\taddl b(%%rip), %%eax\n' >in.s # the byte before the first is no byte of it
	filtered --symbol b
	[ "$(sites)" -eq 1 ]
	printf '\tcall xb\n\tcall b1\n' >in.s # a part of a name is not the name
	untouched --symbol b
	: >in.s
	untouched --symbol b
	printf 'x' >in.s
	untouched --symbol x
	printf '\n' >in.s
	untouched --symbol b
}

@test "a newline at the beginning" {
	printf '\n\tmovl b(%%rip), %%eax\n\tmovl %%eax, (%%rdi)\n\t.string "a"\n' >in.s
	"$rcpp" --symbol=b --stats in.s -o out.s 2>stats
	grep -q ' 1 sites' stats
	without_sites out.s | cmp - in.s
}

@test "NUL bytes, invalid UTF-8, very long lines" {
	printf '\t.text\nf:\taddl b(%%rip), %%eax\n\t.ascii "a\0b\377\376"\n#\0\200\n\taddl b(%%rip), %%eax\n' >in.s
	filtered --symbol b
	[ "$(sites)" -ge 1 ]
	{ printf '\t.text\nf:\taddl b(%%rip), %%eax # ' && head -c 1000000 /dev/zero | tr '\0' 'x' &&
		printf '\n\t.ascii "' && head -c 1000000 /dev/zero | tr '\0' ';' &&
		printf '"; addl b(%%rip), %%eax\n'; } >in.s
	filtered --symbol b
	[ "$(sites)" -ge 1 ]
	[ -z "$as_takes" ]
	# random bytes, without those by which they are known for what they are
	head -c 300000 /dev/urandom | tr -d '\001-\010\016-\037\177' >in.s
	printf 'b(%%rip) rcpp_patchable' >>in.s
	filtered --symbol b
}

@test "unterminated strings, comments, parentheses" {
	for text in '\t.ascii "abc' '/* abc' '\taddl b(%%rip' '\taddl b(%%rip), %%eax /* x' '"' "'" '\\' '\taddl "b' '{' ':' '=' '.' 'x =' '.set x,'; do
		# shellcheck disable=SC2059 # the texts are formats
		printf "\t.text\nf:\taddl b(%%rip), %%eax\n$text\n\taddl b(%%rip), %%eax\n" >in.s
		filtered --symbol b
		grep -q ': b: ' explain
		# shellcheck disable=SC2059
		printf "\t.text\nf:\taddl b(%%rip), %%eax\n$text" >in.s
		"$rcpp" --symbol b in.s -o out.s
		[ -s out.s ]
	done
}

@test "short jumps over sites still reach" {
	asm '\tmovl $3, %ecx\n2:\t.rept 7\n\tnop\n\t.endr\n\t.skip 85, 0x90\n\tcmpq $5, b(%rip)\n\tcmpq $6, b(%rip)\n\tcmpq $7, b(%rip)\n\tmovl $1, %edx\n\tloop 2b'
	filtered
	[ -z "$as_takes" ]
}

@test "the first look sees each way to read what is marked, and nothing else" {
	# each line, as it stands, reads b; the marker is what gcc makes of RCPP_EXTERN()
	while IFS= read -r line; do
		printf '\t.text\nf:\n%b\n\tret\n\t.internal\tb\n' "$line" >in.s
		rm -f explain
		"$rcpp" --explain=explain in.s -o out.s
		[ "$(sites)" -eq 1 ] || { echo "overlooked: $line" && false; }
	done <<-'END'
		\tmovq b(%rip), %rax
		\tmovq b, %rax
		\tpushq b
		1: movq b(%rip), %rax
		f.1: movq b(%rip), %rax # what: ends so:
		\t.long 1; movq b(%rip), %rax
		\tjmp 1f; 1: movq b(%rip), %rax
		/*\n.long */ movq b(%rip), %rax
		\tcall *b(%rip)
		\tjmp *b(%rip)
		\tnotrack jmp *b(%rip)
	END
	# functions with that visibility are called, defined and described: nothing to explain
	for names in b a,b 'a, b' '"b"' 'a; .internal b'; do
		printf '\t.text\nb:\tmovq b(%%rip), %%rax\n\tcall f@PLT\n\t.internal %s\n' "$names" >in.s
		rm -f explain
		"$rcpp" --explain=explain in.s -o out.s
		[ "$(sites)" -eq 1 ]
		printf '\t.text\n\t.internal\t%s\n\t.globl b\n\t.type b, @function\nb:\n\tcall b\n\tjne b@PLT\n\tjmp\tb\n\t.size b, .-b\n\t.quad b\n\t.string "b"\n' "$names" >in.s
		rm -f explain
		"$rcpp" --explain=explain in.s -o out.s
		cmp in.s out.s
		[ ! -s explain ]
	done
}

# passed_over [OPTION]...: the second reading of in.s leaves out what mentions nothing patchable. With
# two mnemonics for patchable symbols, which nothing reads, each function mentions one: the same comes out.
passed_over()
{
	rm -f explain whole
	"$rcpp" --symbol=b --explain=explain --stats "$@" in.s -o out.s 2>stats
	"$rcpp" --symbol=b,nop,ret --explain=whole --stats "$@" in.s -o again.s 2>again.stats
	cmp out.s again.s
	cmp explain whole
	cmp stats again.stats
}

@test "functions that mention nothing patchable are left out, and it does not show" {
	local code data line behind compiler
	code=$(seq 20 | sed 's/.*/\tnop/')
	data=$(seq 20 | sed 's/.*/\t.long 1/')
	# each line, as it stands in a function that reads nothing, with and without more of that behind
	# it, and what then becomes of one that reads
	while IFS= read -r line; do
		for behind in '' "$code"; do
			{
				printf '\t.file "x.c"\n\t.file 1 "y.c"\n\t.text\n\t.type f, @function\nf:\n%s\n' "$code"
				printf '%b\n%s\n' "${line//DATA/$data}" "$behind"
				printf '\t.size f, .-f\n\t.type g, @function\ng:\taddl b(%%rip), %%eax\n'
				printf '\tmovl b(%%rip), %%ecx\n\tshll %%cl, %%eax\n\tret\n\t.size g, .-g\n'
			} >in.s
			passed_over
			passed_over --unpatched=fault --calls=abi
		done
	done <<-'END'
		\tnop
		\t.loc 1 7
		\tlock
		\tret\n\tlock
		\t.section .text.unlikely,"ax"
		\t.section .init.text,"ax"
		\t.section .text.unlikely,"ax"\nf.cold:\tnop\n\t.text
		\t.section .text.unlikely,"ax"\n\t.type f.cold, @function\nf.cold:\tnop
		\t.section .rodata\n\t.long .L1-.L1\n\t.text
		\t.pushsection .data
		\t.pushsection .data\n\tret\n\t.popsection
		\t.data\n\t.previous
		\t.if 1
		\t.if 1\n\tret\n\t.endif
		\t.macro m
		\t.macro m\n\taddl b(%rip), %eax\n\t.endm
		\t.rept 2
		\t.intel_syntax noprefix
		\t.code32
		\t.include "x.s"
		#APP
		#APP\n\tnop\n#NO_APP
		#APP\n\t.long 1
		/* a comment\n\t.type h, @function */
		\t.string "a\\\n\t.type h, @function\n"
		\t.section rcpp_patchable,"aw"\nc:\t.long 1\n\t.text
		\t.section rcpp_patchable,"aw"\nDATA\nc:\t.long 1\nDATA\n\t.text
		\tjmp .L1\n.L1:\tmovl $2, %ecx\n\tret\n\t.section .text.unlikely,"ax"\n\t.type f.cold, @function\nf.cold:\tmovl b(%rip), %ecx\n\tshll %cl, %eax\n\tjmp .L1\n\t.text
		\tnop; .data; .text; nop
		b = 5
		\t.set b, c
		\tret\n\t.subsection 1
		\t.end
	END
	write_c
	printf 'long c, d; long f(long x) { return x / c - d; } int h(int x) { return x ? f(x) + h(x - 1) : 0; }\n' >>in.c
	for compiler in gcc clang; do
		command -v $compiler >/dev/null || continue
		for option in -O0 -O2 "-O2 -g" "-O2 -g -ffunction-sections -fPIC"; do
			# shellcheck disable=SC2086 # several options
			$compiler -fno-integrated-as $option -S in.c -o in.s 2>/dev/null || $compiler $option -S in.c -o in.s
			passed_over
			grep -q ': b: ' explain
		done
	done
}

@test "an input without patchables comes back as it was" {
	for file in "$reader"/*.s "$BATS_TEST_DIRNAME"/traps/*.s; do
		sed 's/rcpp_patchable/.data.other/' "$file" >in.s
		untouched
	done
}

write_c()
{
	cat >in.c <<-'END'
		#include <stdio.h>
		#ifdef PATCHABLE
		#include "rcpp.h"
		#else
		#define __patchable
		static int rcpp_patch(void) { return 0; }
		#endif
		__patchable long b = 5;
		static __patchable unsigned shift = 3;
		struct list { struct list *next; long key; };
		__attribute__((noinline)) long sum(struct list *l)
		{
			long s = 0;
			for (; l; l = l->next)
				s += l->key * b + (l->key << (shift & 31));
			return s;
		}
		__attribute__((noinline)) int choose(int x)
		{
			switch (x) {
			case 0: return (int)b;
			case 1: return x << (shift & 31);
			case 2: return puts("a;b # /* \" \\") > (int)shift;
			case 3: return x / (int)b;
			case 4: return x % (int)shift;
			case 5: return -x;
			}
			return b > x;
		}
		double half(double d) { return d / 2 + (double)b; }
		int main(int argc, char **argv)
		{
			struct list n[3] = {{n + 1, 1}, {n + 2, 20}, {0, 300}};
			long before = 0, after = 0;
			(void)argv;
			b += argc * 2;
			shift += (unsigned)argc;
			for (int x = 0; x < 8; x++)
				before = before * 7 + choose(x) + sum(n) + (long)half(x);
			if (rcpp_patch())
				return 2;
			for (int x = 0; x < 8; x++)
				after = after * 7 + choose(x) + sum(n) + (long)half(x);
			printf("%ld\n", after);
			return before != after;
		}
	END
}

# round_trip COMPILER OPTION...: in.c with and without patchables.
round_trip()
{
	local compiler=$1 as=
	shift
	case $compiler in clang*) as=-fno-integrated-as ;; esac
	"$compiler" $as "$@" -S in.c -o in.s
	untouched
	"$compiler" $as "$@" -DPATCHABLE -S in.c -o in.s
	filtered
	[ -z "$as_takes" ]
	[ "$(sites)" -ge 4 ]
	# what follows the text is tables; what stands before it has as many lines as it had
	[ "$(without_sites out.s | wc -l)" -eq "$(wc -l <in.s)" ]
	diff in.s out.s | grep '^< ' | grep -vE 'b(\+[0-9]+)?(\(%rip\))?|shift|%' >changed || true
	run -1 grep -vE '\.type|\.text|\.section|\.file|\.p2align|\.globl|^< *$' changed
}

@test "compiled: all optimizations, debug information, comments" {
	local compiler option
	write_c
	for compiler in gcc clang; do
		command -v $compiler >/dev/null || continue
		for option in -O0 -O1 -O2 -O3 -Os "-O2 -g" "-O0 -g3" "-O2 -fverbose-asm" "-O1 -fverbose-asm -g"; do
			# shellcheck disable=SC2086 # several options
			round_trip $compiler $option
			gcc out.s "$library" -o program
			./program >program.out
			gcc in.s "$library" -o plain
			./plain | diff - program.out
		done
	done
}

@test "compiled: code models, PIC" {
	local compiler option
	write_c
	for compiler in gcc clang; do
		command -v $compiler >/dev/null || continue
		for option in "-fno-pic -mcmodel=kernel -mno-red-zone" "-fPIC" "-fPIE" "-fno-pic" "-fPIE -fno-plt" \
			"-fno-pic -mcmodel=medium"; do
			# clang reads all variables through 64-bit addresses there
			[ "$compiler$option" != "clang-fno-pic -mcmodel=medium" ] || continue
			# shellcheck disable=SC2086
			round_trip $compiler -O2 $option
			case $option in
			*kernel*) ;;
			*no-pic*) gcc -no-pie out.s "$library" -o program && ./program ;;
			*) gcc out.s "$library" -o program && ./program ;;
			esac
		done
		$compiler -fno-pic -mcmodel=large -O2 -DPATCHABLE -S in.c -o in.s
		filtered
		grep -q 'movabs.*b' in.s
		[ "$(sites)" -eq 0 ]
	done
}

@test "compiled: linkers" {
	local linker compiler option
	write_c
	for compiler in gcc clang; do
		command -v $compiler >/dev/null || continue
		round_trip $compiler -O2 -fPIE
		as out.s -o pie.o
		round_trip $compiler -O2 -fno-pic
		as out.s -o no-pie.o
		for linker in bfd gold lld mold; do
			for option in "-pie pie.o" "-pie -Wl,--gc-sections pie.o" "-no-pie no-pie.o"; do
				# shellcheck disable=SC2086 # options and an object
				gcc -fuse-ld=$linker $option "$library" -o program
				./program
				RCPP_VERBOSE=1 ./program 2>&1 >/dev/null | grep -q '[1-9]'
			done
		done
	done
}

@test "a string that looks like an address by a distance" {
	cat >in.s <<-'EOF'
		.section rcpp_patchable,"aw"
	b:	.quad	0
		.text
	f:	movq	b(%rip), %rax
		ret
		.section .rodata
		.string	"movl 7(%rip), %eax"
	EOF
	filtered
	[ "$(sites)" -eq 1 ]
}

@test "a hexadecimal number that ends like a local label" {
	cat >in.s <<-'EOF'
		.section rcpp_patchable,"aw"
	b:	.quad	0
		.text
	f:	movq	b(%rip), %rax
		andl	$-0x7fffffff, %ecx
		andl	$8-0xb, %ecx
		ret
	EOF
	filtered
	[ "$(sites)" -eq 1 ]
}

# distances TEXT...: with each of them, nothing in the file may grow; the site is in another function.
distances()
{
	local text
	for text; do
		echo "# $text"
		asm "1:\taddl b(%rip), %eax\n\tret\n\t.type g, @function\ng:\t$text"
		filtered
		[ "$(sites)" -eq 0 ]
		grep -q 'load: .*distance' explain
	done
}

@test "addresses by a distance, and what only looks like them" {
	local text
	distances 'leaq 7(%rip), %rcx' 'leaq -7(%rip), %rcx' 'leaq 7+8(%rip), %rcx' 'leaq 0x7(%rip), %rcx' \
		'addl %eax, 7(%rip)' 'movl $1,7(%rip)' 'jmp *7(%rip)' 'movl (%rip), %ecx' 'leaq 0+8(%rip), %rcx' \
		'jmp .+2' 'jmp .-2' 'jmp .' 'jmp . +2' 'jne f+8' 'jmp 1b+3' 'jmp 1b-1' 'call f+8' 'loop .+2' \
		'xbegin .+6' 'movl $1f-f, %ecx\n1:' 'nop\n#APP\n\t.byte g-f\n#NO_APP' \
		'nop\n\t.section .rodata\n\t.org g-f\n\t.text'
	for text in 'leaq c(%rip), %rcx' 'leaq 8+c(%rip), %rcx' 'leaq -8+c(%rip), %rcx' 'leaq c+8(%rip), %rcx' \
		'leaq 1b(%rip), %rcx' 'leaq (%rip), %rcx' 'lea 0(%rip), %rcx' 'leaq 7(%rdi), %rcx' 'jmp *c+8(%rip)' 'jmp *-8(%rdi)' 'jmp .Lg\n.Lg:' \
		'call c' 'movl $_GLOBAL_OFFSET_TABLE_-1b, %ecx' 'movl $-5, %ecx' 'subl $5-3, %ecx' \
		'jumps = 5+3' 'movl $5, -8(%rsp)' 'nop\n\t.section .debug_x,"",@progbits\n\t.byte g-f\n\t.text'; do
		echo "# $text"
		asm "1:\taddl b(%rip), %eax\n\tret\n\t.type g, @function\ng:\t$text"
		filtered
		[ "$(sites)" -eq 1 ]
	done
}

@test "the place itself is a count of bytes" {
	distances '.if . > f\n\tnop\n\t.endif' 'x = .\n\t.if x > f\n\tnop\n\t.endif'
}

@test "a pipe as input, longer than what a pipe holds" {
	{ printf '\t.text\nf:\taddl b(%%rip), %%eax\n' && head -c 300000 /dev/zero | tr '\0' '\n' &&
		printf '\taddl b(%%rip), %%ecx\n'; } >in.s
	filtered --symbol b
	[ "$(sites)" -eq 2 ]
	# shellcheck disable=SC2002 # a pipe, not a file
	cat in.s | "$rcpp" --symbol b >piped.s
	cmp out.s piped.s
}

@test "a section of the same group as the one before it" {
	printf '\t.section .text.f, "axG", @progbits, f, comdat\nf:\taddl b(%%rip), %%eax\n\t.section .text.f.cold, "ax?"\n\taddl b(%%rip), %%eax\n' >in.s
	filtered --symbol b
	[ "$(sites)" -eq 2 ]
	[ -z "$as_takes" ]
	# the rows go with their code
	[ "$(readelf -gW out.o | sed -n '/\[f\]/,$p' | grep -c ' rcpp_rows$')" -eq 2 ]
}

@test "a directive without arguments at the end, a macro without any" {
	asm '\taddl b(%rip), %eax'
	printf '\t.text\n' >>in.s
	filtered
	[ "$(sites)" -eq 1 ]
	# nothing in its body makes labels
	asm '.macro m\n\tnop\n.endm\n\tmovl b(%rip), %ecx\n.Lnobody:\tshll %cl, %eax\n\tmovl $1, %ecx'
	filtered
	grep -q 'nothing; shll' explain
}

# source LINES: what --explain says of a site in file.c or so, line 7.
source_of()
{
	printf "$1"'\n\t.text\nf:\taddl b(%%rip), %%eax\n\tret\n' >in.s
	rm -f explain
	"$rcpp" --symbol b --explain=explain in.s -o out.s
	sed 's/: f: .*//' explain
}

@test "names of source files, whole and damaged" {
	[ "$(source_of '.file 1 "a.c"\n"g": .loc 1 7')" = a.c:7 ]
	[ "$(source_of '.file 1 "/d" "a.c"\n.loc 1 7')" = a.c:7 ]
	[ "$(source_of '.file 1 "a.c" md5 0x00112233445566778899aabbccddeeff\n.loc 1 7')" = a.c:7 ]
	[ "$(source_of '.file 100 "z.c"\n.file 1 "a.c"\n.internal x, y, z\n.loc 100 7')" = z.c:7 ]
	for text in '.file 1' '.file 18446744073709551615 "a.c"' ".file 1 '\"" '.file'; do
		[ "$(source_of "$text\n.loc 1 7")" = in.s:4 ]
	done
}
