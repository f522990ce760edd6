#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# rcpp-cc and the `as` it makes compilers find: everything a build does with a compiler has to work
# as without them, and code with patchables has to come out with sites. Sites are seen with rcpp-dump;
# the linked programs are not patched here, so they need no runtime library.

bats_require_minimum_version 1.5.0

setup()
{
	RCPP_BUILD=$(realpath -m "${RCPP_BUILD:-$BATS_TEST_DIRNAME/../build}")
	cc=$RCPP_BUILD/rcpp-cc
	as=$RCPP_BUILD/libexec/rcpp/as
	dump=$RCPP_BUILD/rcpp-dump
	export CPATH=$BATS_TEST_DIRNAME/../runtime
	unset RCPP_FLAGS RCPP_AS
	cd "$BATS_TEST_TMPDIR" || return
	cat >with.c <<-'EOF'
		#include "rcpp.h"
		__patchable long b = 5;
		__attribute__((noinline)) long f(long a) { return a + b; }
	EOF
	cat >main.c <<-'EOF'
		long f(long);
		int main(void) { return f(37) != 42; }
	EOF
	cat >plain.c <<-'EOF'
		int printf(const char *, ...);
		static int count;
		int next(void) { return printf("%d\n", count++); }
	EOF
	cat >assembly.S <<-'EOF'
		#define NAME f
			.globl NAME, b
		NAME:	movq %rdi, %rax
			addq b(%rip), %rax
			ret
			.section rcpp_patchable, "aw"
		b:	.quad 5
			.section .note.GNU-stack, "", @progbits
	EOF
}

# has_sites FILE: f has a site for b.
has_sites()
{
	[ "$("$dump" --json "$1" | jq '[.[] | select(.function == "f" and .symbol == "b")] | length')" \
		-gt 0 ]
}

# An assembler that shows its arguments and assembles.
spy()
{
	cat >spy <<-'EOF'
		#!/bin/sh
		printf '<%s>' "$@" >>"${0%/*}/arguments"
		exec as "$@"
	EOF
	chmod +x spy
	export RCPP_AS=$PWD/spy
}

@test "gcc and clang: compile, link, run" {
	for compiler in gcc clang; do
		"$cc" $compiler -O2 -c with.c
		has_sites with.o
		"$cc" $compiler -O2 -c main.c
		"$cc" $compiler -o program main.o with.o
		has_sites program
		./program
		"$cc" $compiler -O2 -o program main.c with.c
		has_sites program
		./program
	done
}

@test "no warnings where there were none" {
	for compiler in gcc clang; do
		{
			"$cc" $compiler -Wall -Wextra -Werror -c with.c plain.c main.c
			"$cc" $compiler -Werror -o program with.o main.o
			"$cc" $compiler -Werror -fsyntax-only with.c
			"$cc" $compiler -Werror -S with.c
		} 2>messages
		[ ! -s messages ]
	done
}

@test "-pipe, -save-temps, standard input" {
	for compiler in gcc clang; do
		"$cc" $compiler -O2 -pipe -c with.c -o pipe.o
		has_sites pipe.o
		"$cc" $compiler -O2 -save-temps -c with.c -o saved.o
		has_sites saved.o
		run ! grep -q rcpp_rows with.s
		"$cc" $compiler -O2 -x c -c - -o input.o <with.c
		has_sites input.o
		"$cc" $compiler -O2 -pipe -x c -c - -o input.o <with.c
		has_sites input.o
	done
}

@test "-S and -E are the compiler's own" {
	for compiler in gcc clang; do
		external=
		[ $compiler = gcc ] || external=-fno-integrated-as
		for stage in -S -E; do
			"$cc" $compiler -O2 $stage with.c -o filtered
			$compiler $external -O2 $stage with.c -o original
			cmp filtered original
		done
	done
}

@test "assembly, preprocessed and not" {
	for compiler in gcc clang; do
		"$cc" $compiler -c assembly.S
		has_sites assembly.o
		$compiler -E assembly.S -o assembly.s
		rm assembly.o
		"$cc" $compiler -c assembly.s
		has_sites assembly.o
	done
}

@test "code without patchables: the same object to the bit" {
	for options in "-O2" "-O0 -g" "-O2 -pipe" "-O2 -ffunction-sections -g3" "-O2 -m32"; do
		# shellcheck disable=SC2086 # several options
		"$cc" gcc $options -c plain.c -o filtered.o
		# shellcheck disable=SC2086
		gcc $options -c plain.c -o original.o
		cmp filtered.o original.o
	done
	for options in "-O2" "-O0 -g"; do
		# shellcheck disable=SC2086
		"$cc" clang $options -c plain.c -o filtered.o
		# shellcheck disable=SC2086
		clang -fno-integrated-as $options -c plain.c -o original.o
		cmp filtered.o original.o
	done
}

@test "a compile that fails: the compiler's status and message, no object" {
	echo 'int x = ;' >wrong.c
	for compiler in gcc clang; do
		rm -f wrong.o
		run $compiler -c wrong.c
		wanted=$status
		message=$output
		run "$cc" $compiler -c wrong.c
		[ "$status" -eq "$wanted" ]
		[ "$output" = "$message" ]
		[ ! -e wrong.o ]
	done
}

@test "assembly that the assembler refuses: no object" {
	echo 'nonsense %rax' >wrong.s
	touch wrong.o
	run "$cc" gcc -c wrong.s
	[ "$status" -ne 0 ]
	[[ $output == *"no such instruction"* ]]
	[ ! -e wrong.o ]
}

@test "a filter that fails: status, no object, not even an old one" {
	for compiler in gcc clang; do
		for file in with.c plain.c; do
			touch old.o
			run "$cc" $compiler -c $file -o old.o -Wr,--nonsense
			[ "$status" -ne 0 ]
			[[ $output == *nonsense* ]]
			[ ! -e old.o ]
		done
	done
	for option in --help --version '-o x' x.s; do
		run env RCPP_FLAGS="$option" "$as" -o /dev/null /dev/null
		[ "$status" -eq 1 ]
		[[ $output == *"has no place in RCPP_FLAGS"* ]]
	done
	run env RCPP_FLAGS=--nonsense "$as" -o /dev/null /dev/null
	[ "$status" -eq 1 ]
	[ -c /dev/null ]
}

@test "gcc -flto: compile and link" {
	"$cc" gcc -O2 -flto -c with.c main.c
	"$cc" gcc -O2 -flto -o program with.o main.o
	./program
	[ "$("$dump" --json program | jq length)" -gt 0 ]
}

@test "clang -flto and -fintegrated-as: one line of warning" {
	warning="rcpp-cc: warning: clang -flto runs no assembler: references stay loads in this file"
	for option in -flto -flto=thin; do
		run "$cc" clang $option -c with.c
		[ "$status" -eq 0 ]
		[ "$output" = "$warning" ]
	done
	run "$cc" clang -flto -fno-lto -O2 -c with.c
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	has_sites with.o
	run "$cc" clang -fintegrated-as -c with.c
	[ "$status" -eq 0 ]
	[[ $output == "rcpp-cc: warning: -fintegrated-as runs no assembler: "* ]]
	[ "${#lines[@]}" -eq 1 ]
}

# A stand-in for the compiler shows what it gets. It is a script, so it is asked what it would run.
show_compiler()
{
	mkdir -p bin
	cat >"bin/$1" <<-'EOF'
		#!/bin/sh
		case $* in
		*-###*) echo " ${1#-B}as -o x x.s" && exit ;;
		-dumpmachine | *-print-prog-name=as) exit ;;
		esac
		printf '<%s>\n' "$@"
		printf 'FLAGS %s\n' "$RCPP_FLAGS"
	EOF
	chmod +x "bin/$1"
}

@test "-B in front, -Wr taken out and put into RCPP_FLAGS and a word for as" {
	show_compiler gcc
	run "$cc" bin/gcc -c 'a b.c' -Wr,--stats,--no-div -o x -Wr,--symbol=a,b,--explain
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "<-B$RCPP_BUILD/libexec/rcpp/>" ]
	[ "${lines[1]}" = "<-fverbose-asm>" ] # for --explain
	[[ ${lines[2]} == "<-Wa,--rcpp="*":o:0::--stats%20--no-div%20--symbol=a%2cb%20--explain>" ]]
	[ "${lines[3]}" = "<-c>" ]
	[ "${lines[4]}" = "<a b.c>" ]
	[ "${lines[5]}" = "<-o>" ]
	[ "${lines[6]}" = "<x>" ]
	[ "${lines[7]}" = "FLAGS --stats --no-div --symbol=a,b --explain" ]
	export RCPP_FLAGS='--no-fuse --symbols-from=my\ list'
	run "$cc" bin/gcc '-Wr,--explain=the file,--symbol=\x'
	[ "${lines[3]}" = 'FLAGS --no-fuse --symbols-from=my\ list --explain=the\ file --symbol=\\x' ]
	run "$cc" bin/gcc -c x.c
	[ "${lines[4]}" = 'FLAGS --no-fuse --symbols-from=my\ list' ]
	run "$cc" bin/gcc -Wr,stats
	[ "$status" -eq 2 ]
	[ "$output" = "rcpp-cc: error: -Wr,stats: an option for rcpp must start with '-': see rcpp --help" ]
}

@test "-Wr and RCPP_FLAGS reach the filter" {
	echo 'long c; long f(long a) { return a + c; }' >unmarked.c
	"$cc" gcc -O2 -c unmarked.c
	[ "$("$dump" unmarked.o)" = "no sites" ]
	"$cc" gcc -O2 -c unmarked.c -Wr,--symbol=none,c
	[ "$("$dump" --json unmarked.o | jq -r '.[].symbol' | uniq)" = c ]
	RCPP_FLAGS='--no-fuse  --symbol=c' "$cc" clang -O2 -c unmarked.c
	[ "$("$dump" --json unmarked.o | jq -r '.[].symbol' | uniq)" = c ]
	echo c >"my list"
	"$cc" gcc -O2 -c unmarked.c "-Wr,--symbols-from=my list"
	[ "$("$dump" --json unmarked.o | jq -r '.[].symbol' | uniq)" = c ]
}

@test "clang is known by its name, and behind neutral names by what they link to" {
	show_compiler clang-99
	run "$cc" bin/clang-99
	[ "${lines[1]}" = "<-fno-integrated-as>" ]
	run "$cc" bin/clang-99 -cc1 -o x
	[ "${lines[0]}" = "<-cc1>" ]
	ln -s clang-99 bin/alternative
	ln -s alternative bin/cc
	PATH=$PWD/bin:$PATH run "$cc" cc
	[ "${lines[1]}" = "<-fno-integrated-as>" ]
	show_compiler c++
	run "$cc" bin/c++
	[[ $output != *integrated* ]]
	"$cc" cc -O2 -c with.c
	has_sites with.o
}

@test "C++" {
	for compiler in g++ clang++; do
		command -v $compiler || continue
		"$cc" $compiler -O2 -x c++ -c with.c -o with.o
		[ "$("$dump" --json with.o | jq length)" -gt 0 ]
	done
}

@test 'make CC="rcpp-cc gcc"' {
	# shellcheck disable=SC2016 # make's variables
	printf 'program: with.o main.o\n\t$(CC) -o $@ $^\n' >Makefile
	make CC="'$cc' gcc" CFLAGS=-O2
	has_sites program
	./program
}

@test "paths with spaces" {
	mkdir "a dir"
	cp -r "$RCPP_BUILD/rcpp-cc" "$RCPP_BUILD/libexec" "a dir"
	cp with.c "a dir/with b.c"
	for compiler in gcc clang; do
		"a dir/rcpp-cc" $compiler -O2 -c "a dir/with b.c" -o "a dir/with b.o"
		has_sites "a dir/with b.o"
		"a dir/rcpp-cc" $compiler -O2 -o "a dir/program" "a dir/with b.c" main.c
		has_sites "a dir/program"
	done
	"a dir/rcpp-cc" gcc -O2 -flto -o "a dir/program" "a dir/with b.c" main.c
	"a dir/program"
}

@test "installed: bin/rcpp-cc finds libexec beside bin" {
	mkdir -p prefix/bin
	cp "$cc" prefix/bin
	cp -r "$RCPP_BUILD/libexec" prefix
	show_compiler gcc
	run prefix/bin/rcpp-cc bin/gcc
	[ "${lines[0]}" = "<-B$PWD/prefix/bin/../libexec/rcpp/>" ]
}

@test "rcpp-cc without its as" {
	mkdir alone
	cp "$cc" alone
	run alone/rcpp-cc gcc -c plain.c
	# What is compiled in may be installed on this machine.
	if [ "$status" -ne 0 ]; then
		[ "$status" -eq 1 ]
		[[ $output == "rcpp-cc: error: cannot run /"*"/rcpp/as: "*"install rcpp again"* ]]
	fi
}

@test "usage, --help, --version, compiler not found" {
	run "$cc"
	[ "$status" -eq 2 ]
	[[ $output == "Usage: rcpp-cc COMPILER"* ]]
	run "$cc" --help
	[ "$status" -eq 0 ]
	[[ $output == *"-Wr,OPTION"*RCPP_FLAGS*RCPP_AS* ]]
	run "$cc" --version
	[ "$status" -eq 0 ]
	[[ $output == "rcpp-cc "* ]]
	[ "$("$cc" -V)" = "$output" ]
	[ "$("$cc" -h)" = "$("$cc" --help)" ]
	run -127 "$cc" nonexistent -c x.c
	[ "$output" = "rcpp-cc: error: nonexistent: No such file or directory" ]
	run "$cc" -c x.c
	[ "$status" -eq 2 ]
	[ "$output" = "rcpp-cc: error: '-c' is not a compiler: rcpp-cc COMPILER [ARGUMENT]..." ]
	run "$cc" gcc --version
	[ "$status" -eq 0 ]
	[[ $output == *"Free Software Foundation"* ]]
}

@test "the compiler's signal is its own" {
	printf '#!/bin/sh\nkill -TERM $$\n' >killed
	chmod +x killed
	run "$cc" ./killed
	[ "$status" -eq $((128 + 15)) ]
}

@test "as: --MD lists what the assembler lists, and nothing else changes" {
	local input
	gcc -O2 -S with.c
	cp with.s 'with a blank.s'
	printf '\tnop\n' >included.s
	printf '\t.text\ng:\tmovl value(%%rip), %%eax\n\t.include "included.s"\n\tunknown\n' >wrong.s
	sed '/unknown/d' wrong.s >more.s
	echo nop >./- # not what "-" means
	for input in "with.s" "with a blank.s" "with.s more.s" "more.s with.s" "with.s -" "-"; do
		local -a words=("$input")
		[[ $input == *blank* ]] || read -ra words <<<"$input"
		as --MD expected.d -o x.o "${words[@]}" <more.s
		RCPP_FLAGS=--symbol=value "$as" -o plain.o "${words[@]}" <more.s
		RCPP_FLAGS=--symbol=value "$as" --MD x.d -o x.o "${words[@]}" <more.s
		[ "$("$dump" --json x.o | jq length)" -gt 0 ]
		# in whichever order
		cmp <(xargs -n 1 <x.d | sort) <(xargs -n 1 <expected.d | sort)
		cmp x.o plain.o
	done
	RCPP_FLAGS=--symbol=value run "$as" --MD x.d -o x.o wrong.s
	[ "$status" -eq 1 ]
	[[ $output == *"wrong.s:4: Error: no such instruction"* ]]
}

@test "as: an input that is a pipe can be read only once" {
	local file
	echo "int f(void) { return 1; }" >without.c
	gcc -O2 -S without.c with.c
	for file in with.s without.s; do
		"$as" -o expected.o $file
		"$as" -o x.o <(cat $file)
		cmp expected.o x.o
		rm -f pipe
		mkfifo pipe
		timeout 20 cat $file >pipe 3>&- &
		timeout 20 "$as" -o x.o pipe
		wait $!
		cmp expected.o x.o
	done
	printf '\tnop\n' >more.s
	"$as" -o expected.o with.s more.s
	"$as" -o x.o <(cat with.s) more.s
	cmp expected.o x.o
	# there are no sites, so the options that move branches may stay
	printf '\t.rept 30\n\tnop\n\t.endr\n\tjne 1f\n\t.skip 200\n1:\n' >branch.s
	"$as" -mbranches-within-32B-boundaries -o expected.o branch.s
	"$as" -mbranches-within-32B-boundaries -o x.o <(cat branch.s)
	cmp expected.o x.o
	"$as" -o x.o <(cat branch.s)
	run ! cmp -s expected.o x.o
	run "$as" -o x.o <(printf '\tunknown\n')
	[ "$status" -eq 1 ]
	[[ $output == */dev/fd/*":1: Error: no such instruction"* ]]
}

@test "as: an object is none of its inputs, whether there is work in it or not" {
	echo "int f(void) { return 1; }" >without.c
	gcc -O2 -c without.c -o object.s
	run "$as" -o x.o object.s
	[ "$status" -eq 1 ]
	[ "$output" = "object.s:1: error: this is an object file, not assembly; run rcpp on what the compiler writes with -S" ]
	[ ! -e x.o ]
}

@test "as: every way to write options leaves the input found" {
	gcc -O2 -S with.c
	for options in "-o x.o" "-ox.o" "--defsym N=1 -o x.o" "-defsym N=1 -o x.o" "--defsym=N=1 -o x.o" \
		"-I . -o x.o" "-I. -o x.o" "--MD x.d -o x.o" "-al=x.l -o x.o" "-a -o x.o" \
		"-march=corei7 -o x.o" "-march corei7 -o x.o" "--march=corei7 -o x.o" \
		"--debug-prefix-map a=b -o x.o" "--debug-p a=b -o x.o" "-g -o x.o" "--gdwarf-5 -o x.o" \
		"--64 -o x.o" "-W --fatal-warnings -o x.o" "-Q y -o x.o" "-Qy -o x.o" "-O2 -o x.o" \
		"-D -o x.o" "--size-check error -o x.o" "--listing-lhs-width 2 -o x.o" \
		"-mmnemonic=att -msyntax att -o x.o" "--noexecstack -L -o x.o" "-v -o x.o"; do
		rm -f x.o
		# shellcheck disable=SC2086 # several options
		"$as" $options with.s
		has_sites x.o
		rm x.o
		# shellcheck disable=SC2086
		"$as" with.s $options
		has_sites x.o
		rm x.o
		# shellcheck disable=SC2086
		"$as" $options <with.s
		has_sites x.o
		rm x.o
		# shellcheck disable=SC2086
		"$as" $options - <with.s
		has_sites x.o
	done
	rm -f a.out
	"$as" with.s
	has_sites a.out
}

@test "as: the real assembler gets - for the input, and its other arguments" {
	spy
	gcc -O2 -S with.c
	"$as" -I . with.s --64 -o x.o
	[ "$(cat arguments)" = "<-I><.><-><--64><-o><x.o>" ]
	has_sites x.o
	rm arguments
	gcc -O2 -S plain.c
	"$as" -I . plain.s --64 -o x.o
	[ "$(cat arguments)" = "<-I><.><plain.s><--64><-o><x.o>" ]
	as plain.s --64 -o original.o
	cmp x.o original.o
	"$as" -o x.o <plain.s
	cmp x.o original.o
}

@test "as: listings" {
	gcc -O2 -S with.c
	"$as" -aln=listing -o x.o with.s
	grep -q 'b(%rip)' listing
	grep -q rcpp_rows listing
}

@test "as: several inputs, and -- for the end" {
	gcc -O2 -S with.c
	printf '\t.globl first\nfirst:\tnop' >first.s
	printf '\t.text\n\t.globl last\nlast:\tnop\n' >last.s
	"$as" -o x.o first.s with.s last.s
	has_sites x.o
	[ "$(nm x.o | grep -c -e ' first' -e ' last')" -eq 2 ]
	"$as" -o x.o first.s - last.s <with.s
	has_sites x.o
	[ "$(nm x.o | grep -c -e ' first' -e ' last')" -eq 2 ]
	as -o original.o first.s last.s
	"$as" -o x.o first.s last.s
	cmp x.o original.o
	as -o original.o first.s - <last.s
	"$as" -o x.o first.s - <last.s
	cmp x.o original.o
	"$as" -o x.o with.s -- last.s
	has_sites x.o
	[ "$(nm x.o | grep -c ' last')" -eq 0 ]
}

@test "as: response files" {
	gcc -O2 -S with.c
	mv with.s "with b.s"
	echo "--64 -o 'x y.o' @inner" >outer
	echo '"with b.s"' >inner
	"$as" @outer
	has_sites "x y.o"
	echo "-o x.o with\\ b.s" >outer
	"$as" @outer
	has_sites x.o
	echo @loop >loop
	run "$as" @loop
	[ "$status" -eq 1 ]
	[[ $output == "rcpp as: error: @loop: response files are nested too deeply" ]]
	run "$as" @missing
	[ "$status" -eq 1 ]
	[[ $output == *@missing* ]]
}

@test "as: what is not assembled as 64-bit AT&T text is passed on untouched" {
	for option in --version --help --target-help; do
		run "$as" $option
		[ "$status" -eq 0 ]
		[ "$output" = "$(as $option | sed "s,\(Usage: \)as,\1$(command -v as),")" ] ||
			[ "$output" = "$(as $option)" ]
	done
	gcc -O2 -m32 -fno-pic -S plain.c -o plain32.s
	"$as" --32 -o x.o plain32.s
	as --32 -o original.o plain32.s
	cmp x.o original.o
	for options in "--x32" "-msyntax=intel -mnaked-reg" "--mri"; do
		echo ' nop' >nop.s
		# shellcheck disable=SC2086 # several options
		"$as" $options -o x.o nop.s
		# shellcheck disable=SC2086
		as $options -o original.o nop.s
		cmp x.o original.o
	done
	run "$as" --nonsense -o x.o /dev/null
	[ "$status" -ne 0 ]
	[[ $output == *"unrecognized option"*nonsense* ]]
	run "$as" missing.s
	[ "$status" -ne 0 ]
	[[ $output == *"can't open missing.s"* ]]
}

@test "as: finds the real assembler, never itself" {
	gcc -O2 -S plain.c
	ln -s "$as" as
	PATH=$PWD:${as%/*}:$PATH "$as" -o x.o plain.s
	as -o original.o plain.s
	cmp x.o original.o
	run env RCPP_AS="$PWD/as" "$as" -o x.o plain.s
	[ "$status" -eq 1 ]
	[ "$output" = "rcpp as: error: RCPP_AS=$PWD/as is rcpp's own \`as\`: name the real assembler" ]
	run env RCPP_AS=no-such-as "$as" -o x.o plain.s
	[ "$status" -eq 1 ]
	[ "$output" = "rcpp as: error: no assembler 'no-such-as' in PATH: install binutils, or set RCPP_AS" ]
	run env RCPP_AS=./plain.s "$as" -o x.o plain.s
	[ "$status" -eq 1 ]
	[ "$output" = "rcpp as: error: cannot run ./plain.s: Permission denied" ]
	run env PATH=/nonexistent "$as" -o x.o plain.s
	[ "$status" -eq 1 ]
	[[ $output == "rcpp as: error: no assembler 'as' in PATH"* ]]
	RCPP_AS=as "$as" -o x.o plain.s
	cmp x.o original.o
	run "$as" -o x.o plain.s
	[ -z "$output" ]
}

@test "options by which as moves branches are left out of files with sites" {
	cat >a.c <<-'C'
		#include "rcpp.h"
		__patchable int limit = 3;
		int above(int a) { return a + limit; }
		int main(void) { return rcpp_patch() || above(4) != 7; }
	C
	run "$cc" gcc -O2 -Wa,-mbranches-within-32B-boundaries a.c "$RCPP_BUILD/librcpp.a" -o a
	[ "$status" -eq 0 ]
	[[ $output == *"-mbranches-within-32B-boundaries is left out"* ]]
	./a
}

@test "as: options that move branches, in all spellings" {
	local spelling
	gcc -O2 -S with.c
	printf '\t.rept 30\n\tnop\n\t.endr\n\tjne 1f\n\t.skip 200\n1:\n' >without.s
	"$as" -o expected.o with.s
	as -o unmoved.o without.s
	for spelling in -mbranches-within-32B-boundaries --mbranches-within-32B-boundaries -mbranches --mbra \
		"-malign-branch=jcc -malign-branch-boundary=32" "--malign-branch jcc --malign-branch-b 32" \
		"-malign-branch-boundary 64" --malign-branch-boundary=32 "--malign-branch-p 3" -malign-branch-prefix-size=5; do
		for words in "$spelling -o x.o with.s" "with.s -o x.o $spelling"; do
			rm -f x.o
			# shellcheck disable=SC2086 # several words
			run "$as" $words
			[ "$status" -eq 0 ]
			[[ $output == "rcpp as: warning: ${spelling%% *} is left out: it would change the bytes of sites"* ]]
			cmp x.o expected.o
			echo "$words" >response
			"$as" @response
			cmp x.o expected.o
		done
		# an input without sites is aligned
		# shellcheck disable=SC2086
		as $spelling -o moved.o without.s
		# shellcheck disable=SC2086
		run "$as" $spelling -o x.o without.s
		[ -z "$output" ]
		cmp x.o moved.o
	done
	as -mbranches -o moved.o without.s
	run ! cmp -s moved.o unmoved.o
	# the name of an input looks like an option's argument
	cp with.s jcc
	run "$as" -o x.o -malign-branch=jcc jcc
	cmp x.o expected.o
	for compiler in gcc clang; do
		"$cc" $compiler -O2 -c with.c -o expected.o
		for words in -Wa,--mbranches "-Wa,-malign-branch-boundary,32" "-Xassembler -malign-branch -Xassembler jcc"; do
			# shellcheck disable=SC2086
			run "$cc" $compiler -O2 $words -c with.c
			[[ $output == *"is left out"* ]]
			cmp with.o expected.o
		done
	done
}

@test "as: with options that add instructions against attacks, references stay loads" {
	local spelling
	cat >a.c <<-'C'
		#include "rcpp.h"
		__patchable int limit = 3;
		__patchable int (*next)(int);
		int above(int a) { return a + limit; }
		int other(int a) { return next(a); }
		int twice(int a) { return 2 * a; }
		int value(void) { int x; __asm__("movl $rcpp_value(limit), %0" : "=r"(x)); return x; }
		int main(void)
		{
			struct rcpp_stats stats;
			next = twice;
			return rcpp_patch() || rcpp_stats(&stats) || stats.sites || above(4) != 7 || other(4) != 8 ||
			       value() != 3;
		}
	C
	sed 's/movl $rcpp_value(limit)/movl limit(%%rip)/' a.c >b.c
	for spelling in -mlfence-after-load=yes --mlfence-after-load=yes -mlfence-a=yes -mlfence-after-load,yes \
		-mlfence-before-ret=or --mlfence-before-indirect-branch=all --mlfence-before-i,register \
		-madd-bnd-prefix --madd-bnd -mlfence-after-load=no,-mlfence-after-load=yes; do
		# as warns of calls through memory
		run "$cc" gcc -O2 -Wa,$spelling a.c "$RCPP_BUILD/librcpp.a" -o a
		[ "$status" -eq 0 ]
		[[ $output == *"adds to the code: references stay loads in this file"* ]]
		[ "$(grep -c 'rcpp as' <<<"$output")" -eq 1 ]
		./a
		# nothing is missing
		gcc -O2 -Wa,$spelling -c a.c -o x.o 2>/dev/null || gcc -O2 -Wa,$spelling -c b.c -o x.o
		"$cc" gcc -O2 -Wa,$spelling -c a.c -o y.o
		diff <(objdump -d --no-show-raw-insn x.o | tail -n +4) \
			<(objdump -d --no-show-raw-insn y.o | tail -n +4 | sed '/^Disassembly.*rcpp_release/,$d' | sed '$d')
		run "$cc" gcc -O2 -Wa,$spelling -c plain.c
		[[ $output != *rcpp* ]]
	done
	# an argument that asks for nothing, or takes back what was asked for
	for spelling in -mlfence-after-load=no -mlfence-before-ret=none -mlfence-after-load=yes,-mlfence-after-load,no; do
		run "$cc" gcc -O2 -Wa,$spelling -c with.c
		[ -z "$output" ]
		has_sites with.o
	done
	# the reports are of what was done, and once
	run "$cc" gcc -O2 -Wa,-mlfence-after-load=yes -c with.c -Wr,--explain,--stats
	[ "$(grep -c ': b: load: ' <<<"$output")" -eq 1 ]
	[ "$(grep -c ' 0 sites' <<<"$output")" -eq 1 ]
}

@test "messages of the assembler name the file, with its own line numbers" {
	printf '\t.section rcpp_patchable,"aw"\nb:\t.quad 0\n\t.text\nf:\taddq b(%%rip), %%rax\n\tret\n\tnonsense\n' >wrong.s
	run "$cc" gcc -c wrong.s
	[ "$status" -ne 0 ]
	[[ $output == *"wrong.s:6: Error: no such instruction"* ]]
}
