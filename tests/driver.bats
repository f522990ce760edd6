#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Every mode of the compiler driver through rcpp-cc. What has no patchables must come out as without
# rcpp-cc, to the bit; what has them must have sites, and the program must be right before and after
# patching.
#
# Each test is a process of its own, and changes the environment for itself.
# shellcheck disable=SC2030,SC2031

bats_require_minimum_version 1.5.0

setup()
{
	RCPP_BUILD=$(realpath -m "${RCPP_BUILD:-$BATS_TEST_DIRNAME/../build}")
	cc=$RCPP_BUILD/rcpp-cc
	as=$RCPP_BUILD/libexec/rcpp/as
	dump=$RCPP_BUILD/rcpp-dump
	library=$RCPP_BUILD/librcpp.a
	export CPATH=$BATS_TEST_DIRNAME/../runtime
	unset RCPP_FLAGS RCPP_AS
	cd "$BATS_TEST_TMPDIR" || return
	cat >with.c <<-'EOF'
		#include "rcpp.h"
		__patchable long b = 5;
		__attribute__((noinline)) long f(long a) { return a + b; }
	EOF
	cat >main.c <<-'EOF'
		#include "rcpp.h"
		long f(long);
		int main(void)
		{
			struct rcpp_stats stats;
			if (f(37) != 42 || rcpp_patch() || f(37) != 42 || rcpp_stats(&stats))
				return 1;
			return stats.patched == 0;
		}
	EOF
	cat >plain.c <<-'EOF'
		int printf(const char *, ...);
		static int count;
		int next(int a) { return printf("%d\n", count++) + a; }
	EOF
	# with -fno-integrated-as, which rcpp-cc adds, the same compiler
	# shellcheck disable=SC2034 # they are used through references
	plain_clang=(clang -fno-integrated-as)
	# shellcheck disable=SC2034
	plain_gcc=(gcc)
}

# sites FILE: how many loads of b have one
sites()
{
	"$dump" --json "$1" | jq '[.[] | select(.symbol == "b" and (.flags | index("consumer") | not))] | length'
}

# same COMPILER ARG...: plain.c becomes the same object with rcpp-cc and without.
same()
{
	local -n plain=plain_$1
	"${plain[@]}" "${@:2}" -c plain.c -o x.o
	mv x.o expected.o
	"$cc" "$@" -c plain.c -o x.o
	cmp x.o expected.o
}

# works COMPILER ARG...: a program with sites is built in two steps and in one, runs and patches.
works()
{
	"$cc" "$@" -O2 -c with.c main.c
	"$cc" "$@" -o program with.o main.o "$library"
	./program
	"$cc" "$@" -O2 -o program with.c main.c "$library"
	./program
}

@test "names: versions, target prefixes, absolute paths, cc" {
	local name
	mkdir bin
	for name in gcc-12 clang-14 x86_64-linux-gnu-gcc x86_64-linux-gnu-gcc-12 cc /usr/bin/gcc \
		/usr/bin/cc /usr/bin/clang /usr/lib/llvm-14/bin/clang; do
		command -v $name
		works $name
	done
	ln -s "$(command -v clang)" bin/cc
	PATH=$PWD/bin:$PATH works cc
	works bin/cc
}

@test "g++ and clang++, by their names and their kin's" {
	local name
	for name in g++ g++-12 x86_64-linux-gnu-g++ clang++ clang++-14 c++; do
		command -v $name
		"$cc" $name -O2 -x c++ -c with.c -o with.o
		[ "$(sites with.o)" -gt 0 ]
	done
}

# A compiler that says where its things are, and shows how it is run.
stand_in()
{
	mkdir -p bin
	cat >"bin/$1" <<-EOF
		#!/bin/sh
		case \$* in
		*-dumpmachine) echo $2 ;;
		*-print-prog-name=as) echo ${3:-as} ;;
		*-###*) echo " \${1#-B}as -o x x.s" ;;
		*) printf '<%s>\n' "\$@" "\$RCPP_AS" ;;
		esac
	EOF
	chmod +x "bin/$1"
	PATH=$PWD/bin:$PATH
}

@test "compilers for other processors are run as they are" {
	stand_in aarch64-linux-gnu-gcc aarch64-linux-gnu
	run "$cc" aarch64-linux-gnu-gcc -Wr,--stats -c a.c
	[ "$output" = "$(printf '<-c>\n<a.c>\n<>')" ]
	stand_in musl-gcc x86_64-linux-gnu
	run "$cc" musl-gcc -c a.c
	[[ ${lines[0]} == "<-B"* ]]
	echo 'int f(void) { return 1; }' >a.c
	clang --target=aarch64-linux-gnu -O2 -c a.c -o expected.o
	for target in --target=aarch64-linux-gnu "-target aarch64-linux-gnu"; do
		# shellcheck disable=SC2086 # two words
		"$cc" clang $target -O2 -c a.c -o x.o
		cmp x.o expected.o
	done
	"$cc" clang --target=x86_64-linux-gnu -O2 -c with.c
	[ "$(sites with.o)" -gt 0 ]
}

@test "a compiler's own assembler is the one that is run" {
	local kind
	mkdir tools
	printf '#!/bin/sh\necho own >>"%s/log"\nexec as "$@"\n' "$PWD" >tools/as
	chmod +x tools/as
	stand_in x86_64-own-gcc x86_64-own "$PWD/tools/as"
	run "$cc" x86_64-own-gcc -c a.c
	[ "${lines[-1]}" = "<$PWD/tools/as>" ]
	run "$cc" bin/x86_64-own-gcc -c a.c
	[ "${lines[-1]}" = "<$PWD/tools/as>" ]
	# The user's choice is stronger.
	RCPP_AS=as run "$cc" bin/x86_64-own-gcc -c a.c
	[ "${lines[-1]}" = "<as>" ]
	# So are directories that the user names.
	for kind in "-Btools/" "-B tools/" "--prefix=tools/"; do
		for compiler in gcc clang; do
			rm -f log
			# shellcheck disable=SC2086 # two words
			"$cc" $compiler $kind -O2 -c with.c
			[ "$(sites with.o)" -gt 0 ]
			[ -s log ]
		done
	done
}

# wrap NAME COMMAND: NAME is a script that runs the COMMAND with what it is given.
wrap()
{
	printf '#!/bin/sh\nexec %s "$@"\n' "$2" >"$1"
	chmod +x "$1"
}

# own_assembler: own/as notes in own/log that it was run.
own_assembler()
{
	mkdir -p own
	printf '#!/bin/sh\necho run >>"%s/own/log"\nexec /usr/bin/as "$@"\n' "$PWD" >own/as
	chmod +x own/as
}

@test "a compiler that runs an assembler of its own is run as it is, and that is said once" {
	local compiler
	own_assembler
	mkdir bin
	wrap wrapper-gcc "/usr/bin/gcc -B $PWD/own"
	cp wrapper-gcc bin/gcc # a usual name is no proof
	wrap wrapper-clang "clang -fno-integrated-as -B $PWD/own"
	wrap bin/mycc "/usr/bin/gcc -B $PWD/own"
	PATH=$PWD/bin:$PATH
	printf '#include "rcpp.h"\n' >indirect.h
	printf '#include "indirect.h"\nstatic __patchable int x;\nint f(void) { return x; }\nvoid g(void) { x = 1; }\n' >hidden.c
	for compiler in ./wrapper-gcc gcc mycc ./wrapper-clang; do
		# nothing to filter: nothing is said
		rm -f own/log
		run "$cc" $compiler -O2 -c plain.c -o x.o
		[ "$status" -eq 0 ]
		[ -z "$output" ]
		[ "$(wc -l <own/log)" -eq 1 ]
		# something: by the header that is included somewhere, or by options
		for options in with.c hidden.c "plain.c with.c hidden.c" "plain.c -Wr,--symbol=count" "-MD -MF deps.d with.c"; do
			# shellcheck disable=SC2086 # several words
			run "$cc" $compiler -O2 -c $options
			[ "$status" -eq 0 ]
			[ "$output" = "rcpp-cc: warning: $compiler runs an assembler of its own: references stay loads" ]
		done
		grep -q 'rcpp\.h' deps.d
		# as without rcpp-cc
		$compiler -O2 -c with.c -o expected.o
		[ $compiler = ./wrapper-clang ] || cmp with.o expected.o
		# where no assembler is run there is nothing to say
		for options in "-E with.c" "-S with.c -o -" "-fsyntax-only with.c" "-M with.c" "-shared x.o -o x.so" --version; do
			# shellcheck disable=SC2086
			run "$cc" $compiler -fPIC $options -Wr,--no-fuse
			[ "$status" -eq 0 ]
			[[ $output != *rcpp-cc* ]]
		done
		# shellcheck disable=SC2086
		run "$cc" $compiler -S with.c -o x.s -Wr,--filter-S
		[[ $output == *"an assembler of its own"* ]]
	done
	RCPP_FLAGS=--symbol=count run "$cc" ./wrapper-gcc -c plain.c
	[[ $output == *"an assembler of its own"* ]]
	# what comes from a pipe is not read twice
	run "$cc" ./wrapper-gcc -x c -c - -o x.o <with.c
	[ "$status" -eq 0 ]
	nm x.o | grep -q ' f$'
}

@test "a wrapper without an assembler of its own: sites, and the assembler that it runs" {
	own_assembler
	wrap wrapped 'gcc'
	wrap behind "gcc \"\$@\" -B $PWD/own/ #"
	wrap llvm 'clang'
	for compiler in ./wrapped ./behind ./llvm; do
		works $compiler
		[ "$(sites with.o)" -gt 0 ]
	done
	"$cc" ./behind -O2 -c with.c
	[ -s own/log ]
	# a plugin of clang's, as afl-clang-fast loads it, is for clang's own assembler
	cat >plugged-clang <<-'EOF'
		#!/bin/sh
		case $* in
		-dumpmachine) echo x86_64-pc-linux-gnu ;;
		*-###*) printf ' "clang" "-cc1" "-fpass-plugin=x.so"\n "%sas" "-o" "x"\n' "${1#-B}" ;;
		*) printf '<%s>' "$@" ;;
		esac
	EOF
	chmod +x plugged-clang
	run "$cc" ./plugged-clang -c plain.c
	[ "$output" = "<-c><plain.c>" ]
	run "$cc" ./plugged-clang -c plain.c -Wr,--stats
	[[ $output == "rcpp-cc: warning: ./plugged-clang runs an assembler of its own: "*"<-c><plain.c>" ]]
	# whatever it is that does not answer
	printf '#!/bin/sh\ncase $* in *-###*) exit 1 ;; esac\nexec gcc "$@"\n' >silent
	chmod +x silent
	"$cc" ./silent -O2 -c plain.c
}

@test "COMPILER_PATH and GCC_EXEC_PREFIX: the assembler is the one without rcpp-cc" {
	local compiler variable programs
	own_assembler
	# gcc's own programs and the assembler in one directory, as in a toolchain that was moved
	programs=$(dirname "$(gcc -print-prog-name=cc1)")
	mkdir -p "moved/gcc${programs#*/gcc}"
	ln -s "$programs"/* own/as "moved/gcc${programs#*/gcc}"
	ln -sf "$PWD/own/as" "moved/gcc${programs#*/gcc}/as"
	for compiler in gcc clang; do
		local -n plain=plain_$compiler
		for variable in COMPILER_PATH=$PWD/own GCC_EXEC_PREFIX=$PWD/moved/gcc/; do
			rm -f own/log
			touch own/log
			env "$variable" "${plain[@]}" -O2 -c plain.c -o expected.o
			mv own/log expected.log
			[ "$compiler $variable" = "clang GCC_EXEC_PREFIX=$PWD/moved/gcc/" ] || [ -s expected.log ]
			touch own/log
			env "$variable" "$cc" $compiler -O2 -c plain.c -o x.o
			cmp own/log expected.log
			cmp x.o expected.o
			env "$variable" "$cc" $compiler -O2 -c with.c
			[ "$(sites with.o)" -gt 0 ]
		done
	done
}

@test "compilers for another object format are run as they are" {
	stand_in x86_64-w64-mingw32-gcc x86_64-w64-mingw32
	run "$cc" x86_64-w64-mingw32-gcc -c a.c
	[ "$output" = "$(printf '<-c>\n<a.c>\n<>')" ]
	run --separate-stderr "$cc" x86_64-w64-mingw32-gcc -c a.c -Wr,--stats
	[ "$output" = "$(printf '<-c>\n<a.c>\n<>')" ]
	# shellcheck disable=SC2154 # run sets it
	[ "$stderr" = "rcpp-cc: warning: x86_64-w64-mingw32-gcc does not make ELF objects: references stay loads" ]
	for target in x86_64-w64-mingw32 x86_64-apple-darwin20 x86_64-pc-windows-msvc; do
		clang --target=$target -O2 -c plain.c -o expected.o
		run "$cc" clang --target=$target -O2 -c plain.c -o x.o
		[ -z "$output" ]
		cmp -i 8 x.o expected.o # but for the time, which is in the first bytes
	done
}

@test "the usual compilers are asked nothing" {
	local compiler
	for compiler in gcc g++ cc c++ gcc-12 clang clang++ clang-14 x86_64-linux-gnu-gcc /usr/bin/gcc /usr/bin/clang; do
		strace -f -s 4096 -o trace -e trace=execve "$cc" $compiler -fsyntax-only -x c plain.c
		[ "$(grep -c '"-###"\|-print-prog-name\|-dumpmachine' trace)" -eq 0 ]
		grep -q "B$RCPP_BUILD" trace
	done
	wrap wrapped gcc
	strace -f -s 4096 -o trace -e trace=execve "$cc" ./wrapped -fsyntax-only plain.c
	grep -q '"-###"' trace
}

@test "one rcpp-cc that runs another, of this version or not" {
	mkdir -p other/libexec/rcpp
	for program in rcpp-cc libexec/rcpp/as; do
		sed 's/[0-9]\.[0-9]\.[0-9]-[0-9a-f]\{16\}/9.9.9-0000000000000000/g' "$RCPP_BUILD/$program" >other/$program
		chmod +x other/$program
		[ "$(stat -c %s other/$program)" -eq "$(stat -c %s "$RCPP_BUILD/$program")" ]
	done
	wrap inner "$cc gcc"
	wrap other_inner "$PWD/other/rcpp-cc gcc"
	for run in "$cc ./inner" "$cc ./other_inner" "other/rcpp-cc ./inner" "$cc $cc gcc" "$cc other/rcpp-cc gcc"; do
		for options in "" -Wr,--symbol=c; do
			# shellcheck disable=SC2086 # several words
			$run -O2 $options -c with.c
			[ "$(sites with.o)" -eq 1 ]
			# shellcheck disable=SC2086
			$run -O2 $options -c plain.c -o x.o
			gcc -O2 -c plain.c -o expected.o
			cmp x.o expected.o
		done
	done
}

# Links to rcpp-cc under the names of compilers, in the directory links, which then is the first.
links()
{
	mkdir -p links
	for name in gcc g++ cc c++ clang clang++ gcc-12 clang-14 x86_64-linux-gnu-gcc; do
		ln -sf "$cc" links/$name
	done
	plain_path=$PATH
	PATH=$PWD/links:$PATH
}

@test "under a compiler's name: the next of that name in PATH" {
	local name
	links
	for name in links/*; do
		name=${name##*/}
		$name -O2 -x c -c with.c -o with.o
		[ "$(sites with.o)" -eq 1 ]
		$name -O2 -x c -c plain.c -o plain.o -Wr,--symbol=count
		"$dump" plain.o | grep -q ' count '
		# its own options are the compiler's
		[ "$($name --version)" = "$(PATH=$plain_path $name --version)" ]
		run $name --help
		[[ $output != *RCPP_FLAGS* ]]
		run $name
		[ "$status" -ne 0 ]
		[[ $output == *"no input files"* ]]
	done
	# with its directory, and from somewhere else
	(cd / && "$OLDPWD/links/gcc" -O2 -c "$OLDPWD/with.c" -o "$OLDPWD/with.o")
	[ "$(sites with.o)" -eq 1 ]
	PATH=$plain_path links/clang -O2 -c with.c
	[ "$(sites with.o)" -eq 1 ]
	printf 'program: with.o main.o\n\t$(CC) -o $@ $^ %s\n' "$library" >Makefile
	make CC=gcc CFLAGS=-O2
	./program
	[ "$(sites program)" -eq 1 ]
}

@test "under a compiler's name: never itself, however it is linked" {
	mkdir -p tree/bin tree/links more stand
	cp "$cc" tree/bin
	cp -r "${as%/rcpp/as}" tree
	ln tree/bin/rcpp-cc tree/links/gcc # a hard link
	ln -s ../tree/links/gcc more/gcc
	ln -s "$PWD/tree/bin/rcpp-cc" more/gcc-12
	ln -s gcc-12 more/cc
	printf '#!/bin/sh\ncase $* in *-###*) echo " ${1#-B}as -o x x.s" && exit ;; -dumpmachine) exit ;; esac\nprintf "<%%s>" "$@"\n' >stand/gcc
	chmod +x stand/gcc
	cp stand/gcc stand/cc
	PATH=$PWD/tree/links:$PWD/more:$PWD/tree/links:$PWD/stand:$PATH
	for run in gcc more/gcc tree/links/gcc "tree/bin/rcpp-cc gcc" cc more/cc "tree/bin/rcpp-cc cc"; do
		# shellcheck disable=SC2086 # two words
		run timeout 20 $run -c x.c
		echo "$run: $output"
		[ "$status" -eq 0 ]
		[ "$(grep -o '<-B' <<<"$output" | wc -l)" -eq 1 ]
		[[ $output == "<-B"*"/libexec/rcpp/><-Wa,--rcpp="*"><-c><x.c>" ]]
	done
	# another rcpp's links behind
	links
	gcc-12 -O2 -c with.c
	[ "$(sites with.o)" -eq 1 ]
	# nothing else of that name
	PATH=$PWD/links:$PWD/more run -127 gcc-12 -c with.c
	[ "$output" = "rcpp-cc: error: gcc-12: No such file or directory" ]
}

@test "under a compiler's name: ccache's links behind it" {
	export CCACHE_DIR=$PWD/cache
	mkdir cached
	ln -s "$(command -v ccache)" cached/gcc
	PATH=$PWD/cached:$PATH
	links
	for _ in 1 2; do
		timeout 60 gcc -O2 -c with.c -o with.o
		[ "$(sites with.o)" -eq 1 ]
	done
	ccache --print-stats | grep -Eq '(direct|preprocessed)_cache_hit.1'
	# and ours behind ccache's
	PATH=$PWD/cached:$PATH
	timeout 60 gcc -O3 -c with.c -o with.o
	[ "$(sites with.o)" -eq 1 ]
}

@test "-c of several inputs of all kinds" {
	local compiler
	cp plain.c third.c
	printf '\t.globl\tfirst\nfirst:\tret\n' >first.s
	printf '#define NAME second\n\t.globl\tNAME\nNAME:\taddq b(%%rip), %%rax\n\tret\n' >second.S
	for compiler in gcc clang; do
		rm -f ./*.o
		"$cc" $compiler -O2 -c with.c first.s second.S third.c -Wr,--symbol=b
		[ "$(sites with.o)" -eq 1 ]
		[ "$(sites second.o)" -eq 1 ]
		[ "$(sites first.o)" -eq 0 ]
		"$cc" $compiler -O2 -o program main.c with.c first.s second.S third.c "$library"
		./program
	done
}

@test "-x assembler and -x assembler-with-cpp, from standard input too" {
	local compiler language
	printf '\t.globl\tf\nf:\taddq b(%%rip), %%rax\n\tret\n' >text
	for compiler in gcc clang; do
		for language in assembler assembler-with-cpp; do
			"$cc" $compiler -x $language -c text -o x.o -Wr,--symbol=b
			[ "$(sites x.o)" -eq 1 ]
			rm x.o
			"$cc" $compiler -x $language -c - -o x.o -Wr,--symbol=b <text
			[ "$(sites x.o)" -eq 1 ]
		done
	done
}

@test "-E, -S, -M, -MM, -fsyntax-only, -###, -v, --version: the compiler's own output" {
	local compiler mode
	for compiler in gcc clang; do
		local -n plain=plain_$compiler
		for mode in -E -M -MM -fsyntax-only "-S -o -" "-E -dM" "-S -g -o -" "-E -C"; do
			# shellcheck disable=SC2086 # several options
			"${plain[@]}" -Werror $mode with.c >expected 2>&1
			# shellcheck disable=SC2086
			"$cc" $compiler -Werror $mode with.c >out 2>&1
			cmp out expected
		done
		for mode in --version -dumpversion -dumpmachine -print-search-dirs -print-libgcc-file-name; do
			"$cc" $compiler $mode >out 2>&1
			$compiler $mode >expected 2>&1
			[ $mode = -print-search-dirs ] || cmp out expected
			[ -s out ]
		done
		# what is shown is what is run, with our `as` in it
		"$cc" $compiler -### -c with.c 2>out
		grep -q "${as}\|^ *\"*as\"* .*--rcpp=" out
		run "$cc" $compiler -v -c with.c
		[ "$status" -eq 0 ]
		[[ $output == *"$as"* ]]
		[ "$(sites with.o)" -gt 0 ]
	done
}

@test "-MD, -MMD, -MF, -MT, -MP: the same dependencies" {
	local compiler options
	for compiler in gcc clang; do
		for options in "-MD" "-MMD -MP" "-MD -MF deps.d" "-MMD -MT target -MF deps.d"; do
			rm -f ./*.d
			# shellcheck disable=SC2086 # several options
			$compiler $options -c with.c -o x.o
			cat ./*.d >expected
			rm -f ./*.d
			# shellcheck disable=SC2086
			"$cc" $compiler $options -c with.c -o x.o
			cat ./*.d >out
			cmp out expected
			[ "$(sites x.o)" -gt 0 ]
		done
	done
}

@test "-S writes the compiler's file, and the filtered one for -Wr,--filter-S" {
	local compiler
	cp with.c other.c
	for compiler in gcc clang; do
		local -n plain=plain_$compiler
		"${plain[@]}" -O2 -S with.c -o expected.s
		"$RCPP_BUILD/rcpp" expected.s -o filtered.s
		"$cc" $compiler -O2 -S with.c
		cmp with.s expected.s
		rm -f with.s with.o
		"$cc" $compiler -O2 -S with.c other.c -Wr,--filter-S
		cmp with.s filtered.s
		grep -q rcpp_rows other.s
		[ ! -e with.o ]
		[ ! -e other.o ]
		RCPP_FLAGS=--filter-S "$cc" $compiler -O2 -S -pipe with.c -o named.o
		cmp named.o filtered.s
		"$cc" $compiler -O2 -S with.c -o - -Wr,--filter-S >out
		cmp out filtered.s
		# what it writes, the same compiler assembles, and not a second time
		"$cc" $compiler -c filtered.s -o x.o
		"$cc" $compiler -O2 -c with.c -o y.o
		[ "$(sites x.o)" -eq "$(sites y.o)" ]
		# without patchables and in 32 bits it is the text itself
		"${plain[@]}" -O2 -S plain.c -o expected.s
		"$cc" $compiler -O2 -S plain.c -o out -Wr,--filter-S
		cmp out expected.s
		"${plain[@]}" -O2 -m32 -S plain.c -o expected.s
		"$cc" $compiler -O2 -m32 -S plain.c -o out -Wr,--filter-S
		cmp out expected.s
		# other modes do not mind it
		"$cc" $compiler -O2 -c with.c -Wr,--filter-S
		[ "$(sites with.o)" -gt 0 ]
		# -save-temps names it, too
		"$cc" $compiler -O2 -S -save-temps with.c -Wr,--filter-S
		grep -q rcpp_rows with.s
	done
}

@test "--filter-S: what it cannot do, and nothing half-written" {
	printf '\tret\n' >a.s
	run "$cc" gcc -S a.s -Wr,--filter-S
	[ "$status" -eq 1 ]
	[ "$output" = "rcpp-cc: error: a.s: --filter-S is for what the compiler writes; run rcpp on assembly" ]
	[ "$(cat a.s)" = "$(printf '\tret')" ]
	run "$cc" gcc -S -x assembler-with-cpp plain.c -Wr,--filter-S
	[ "$status" -eq 1 ]
	run "$cc" gcc -S -g -gsplit-dwarf plain.c -Wr,--filter-S
	[ "$status" -eq 1 ]
	[[ $output == "rcpp-cc: error: --filter-S and -gsplit-dwarf do not go together; "* ]]
	echo old >plain.s
	run "$cc" gcc -S plain.c -Wr,--filter-S,--nonsense
	[ "$status" -ne 0 ]
	[ ! -e plain.s ]
	mkdir closed
	run "$cc" gcc -S plain.c -o closed -Wr,--filter-S
	[ "$status" -ne 0 ]
	[ -z "$(ls closed)" ]
	[ -z "$(ls ./*.o ./*.s.* 2>/dev/null)" ]
}

@test "response files, with options for rcpp in them" {
	local compiler
	for compiler in gcc clang; do
		printf -- "-O2 -c @inner 'with.c'\n" >outer
		printf -- '-o "an object.o"\n-g\n' >inner
		"$cc" $compiler @outer
		[ "$(sites "an object.o")" -gt 0 ]
		printf -- '-Wr,--symbol=count,--no-fuse -o "x.o"' >inner
		printf -- '-O2 -c @inner plain.c' >outer
		"$cc" $compiler @outer
		[ "$("$dump" x.o | grep -c count)" -gt 0 ]
		run "$cc" $compiler -c plain.c @missing
		[ "$status" -ne 0 ]
		[[ $output == *"missing"* ]]
		echo '-O2 @loop' >loop
		run "$cc" $compiler @loop -c plain.c
		[ "$status" -eq 1 ]
		[ "$output" = "rcpp-cc: error: @loop: response files are nested too deeply" ]
		# thousands of words that need not be looked at
		seq 3000 | sed 's/^/-DX/' >many
		"$cc" $compiler @many -O2 -c with.c
		[ "$(sites with.o)" -gt 0 ]
	done
	echo '-S -o x.s with.c -O2 -Wr,--filter-S' >all
	"$cc" gcc @all
	grep -q rcpp_rows x.s
}

@test "-o - is the assembler's business" {
	run "$cc" gcc -c with.c -o -
	[ "$status" -ne 0 ]
	[[ $output == *"on stdout"* ]]
	run "$cc" clang -O2 -c with.c -o -
	[[ $output == *"on stdout"* ]]
	"$cc" gcc -E with.c -o - | grep -q 'long b'
}

@test "-pipe with several files at once, and long ones" {
	local compiler
	{
		cat with.c
		seq 3000 | sed 's/.*/long f&(long a) { return a * & + b; }/'
	} >long.c
	for compiler in gcc clang; do
		"$cc" $compiler -O1 -pipe -c long.c with.c
		[ "$(sites long.o)" -eq 3001 ]
		[ "$(sites with.o)" -eq 1 ]
	done
}

@test "clang -fembed-bitcode, which takes no -Wa" {
	local option
	for option in -fembed-bitcode{,=all,=bitcode,=marker,=off}; do
		"$cc" clang -O2 "$option" -c with.c -Wr,--explain=explain
		[ "$(sites with.o)" -eq 1 ]
		grep -q ': f: b: ' explain
		rm explain
		same clang -O2 "$option" -c
	done
}

@test "-save-temps: the compiler's files, and the same object" {
	local compiler
	mkdir temps
	for compiler in gcc clang; do
		"$cc" $compiler -O2 -c with.c -o expected.o
		"$cc" $compiler -O2 -save-temps=obj -c with.c -o temps/x.o
		[ "$("$dump" temps/x.o)" = "$("$dump" expected.o)" ]
		[ -s "$(echo temps/*.i)" ]
		run ! grep -q rcpp_rows temps/*.s
		rm temps/*
	done
}

@test "-Wa: options reach the assembler, lists and all" {
	local compiler
	for compiler in gcc clang; do
		"$cc" $compiler -O2 -Wa,-aln=listing,--noexecstack -Wa,--defsym,N=1 -c with.c
		grep -q rcpp_rows listing
		[ "$(sites with.o)" -gt 0 ]
		same $compiler -O2 -Wa,--noexecstack -Wa,--compress-debug-sections=zlib -g
		run "$cc" $compiler -Wa,--nonsense -c with.c
		[ "$status" -ne 0 ]
		[[ $output == *nonsense* ]]
		[[ $output != *--rcpp* ]]
	done
	"$cc" gcc -Xassembler -aln=listing -c plain.c
	grep -q printf listing
}

@test "debug information: the same, and lines where they were" {
	local compiler options
	for compiler in gcc clang; do
		for options in -g -g1 -g3 -ggdb -gdwarf-4 -gdwarf-5 "-g -gz" "-g -gsplit-dwarf" \
			"-g -fdebug-types-section" "-g -fdebug-prefix-map=$PWD=/x"; do
			# shellcheck disable=SC2086 # several options
			same $compiler -O2 $options
			# shellcheck disable=SC2086
			works $compiler $options
			objdump -d -l program >listing
			grep -A 3 '<f>:' listing | grep -q 'with.c:3'
		done
	done
}

@test "-gsplit-dwarf: the same .dwo" {
	local compiler
	for compiler in gcc clang; do
		local -n plain=plain_$compiler
		"${plain[@]}" -O2 -g -gsplit-dwarf -c plain.c
		mv plain.dwo expected.dwo
		"$cc" $compiler -O2 -g -gsplit-dwarf -c plain.c
		cmp plain.dwo expected.dwo
		"$cc" $compiler -O2 -g -gsplit-dwarf -c with.c
		[ "$(sites with.o)" -gt 0 ]
		readelf -S with.dwo | grep -q debug_info.dwo
	done
}

@test "gcc -flto in all its ways" {
	local options other=
	for options in "-flto" "-flto=auto" "-flto=2 -flto-partition=max" "-flto -ffat-lto-objects" \
		"-flto -fno-fat-lto-objects -fuse-linker-plugin" "-flto -g" "-flto -save-temps"; do
		# shellcheck disable=SC2086 # several options
		works gcc $options >messages 2>&1
		cat messages
		[ ! -s messages ]
		[ "$(sites program)" -gt 0 ]
	done
	# objects of different options, linked with or without the option, and in ld -r
	"$cc" gcc -O2 -flto -c with.c -Wr,--no-fuse
	"$cc" gcc -O2 -flto -c main.c
	for options in -flto ""; do
		# shellcheck disable=SC2086
		"$cc" gcc -O2 $options with.o main.o "$library" -o program >messages 2>&1
		[ ! -s messages ]
		./program
	done
	gcc -O2 -flto -c main.c
	"$cc" gcc -O2 -flto with.o main.o "$library" -o program >messages 2>&1
	[ ! -s messages ]
	./program
	gcc -O2 -flto -r -flinker-output=nolto-rel main.o -o both.o
	# mold 1.10 makes an empty object, with rcpp or without
	nm both.o | grep -q ' T main$' || other=-fuse-ld=bfd
	# shellcheck disable=SC2086 # $other may be nothing
	"$cc" gcc -O2 -flto -r -flinker-output=nolto-rel $other with.o main.o -o both.o
	"$cc" gcc both.o "$library" -o program
	./program
	# options for the filter count where the assembler runs
	echo 'long c; __attribute__((noinline)) long f(long a) { return a + c; } void set(long v) { c = v; }' >c.c
	echo 'long f(long); void set(long); int main(void) { set(1); return (int)f(1) - 2; }' >m.c
	"$cc" gcc -O2 -flto -c c.c m.c
	"$cc" gcc -O2 -flto c.o m.o -o program -Wr,--symbol=c
	[ "$("$dump" program | grep -c ' c ')" -gt 0 ]
}

# has_site PROGRAM SYMBOL
has_site()
{
	"$dump" "$1" | grep -q " $2 "
}

@test "gcc -flto: kinds of sites that an option names are in the objects, too" {
	echo 'extern unsigned c, d; __attribute__((noinline)) unsigned f(unsigned a) { return a / d + c; }' >c.c
	echo 'unsigned c, d; unsigned f(unsigned); int main(void) { c = 1; d = 3; return (int)f(6) - 3; }' >m.c
	"$cc" gcc -O2 -flto -c c.c m.c -Wr,--symbol=c,d,--only=divisions,calls
	"$cc" gcc -O2 -flto c.o m.o -o program
	has_site program d
	run has_site program c
	[ "$status" -ne 0 ]
	./program
	"$cc" gcc -O2 -flto c.o m.o -o program -Wr,--only=arithmetic
	has_site program c
}

@test "gcc -flto: options that name what is patchable are in the objects, for links that have none" {
	local name
	echo 'long c, d; __attribute__((noinline)) long f(long a) { return a + c - d; } void set(long v) { c = v; d = v - 1; }' >c.c
	echo 'long f(long); void set(long); int main(void) { set(1); return (int)f(1) - 2; }' >m.c
	echo '# d' >list
	echo c >>list
	for options in -Wr,--symbol=c -Wr,--symbols-from=list "-Wr,--symbol=d,c+0:8" '-Wr,--section=.b*'; do
		rm -f ./*.o ./*.a program
		case $options in *section*) sed -i 's/^long c, d;/__attribute__((section(".bc"))) long c = 2; long d;/' c.c ;; esac
		"$cc" gcc -O2 -flto -c c.c m.c "$options"
		mv list gone
		run "$cc" gcc -O2 -flto c.o m.o -o program
		mv gone list
		[ "$status" -eq 0 ]
		[ -z "$output" ]
		has_site program c
		[ "$options" != "-Wr,--symbol=d,c+0:8" ] || has_site program d
		# without -flto at the link, and in archives of both kinds
		"$cc" gcc -O2 c.o m.o -o program
		has_site program c
		gcc-ar rc lib.a c.o
		"$cc" gcc -O2 -flto m.o lib.a -o program
		has_site program c
		mkdir -p sub
		cp c.o "sub/an object with a long name.o"
		(cd sub && rm -f thin.a && gcc-ar rcT thin.a "an object with a long name.o")
		"$cc" gcc -O2 -flto m.o sub/thin.a -o program
		has_site program c
		# several partitions, an object of objects, a shared library
		# (a partition does not see the sections of another)
		"$cc" gcc -O2 -flto -flto-partition=max c.o m.o -o program
		[[ $options == *section* ]] || has_site program c
		"$cc" gcc -O2 -flto -r -flinker-output=rel c.o m.o -o both.o
		"$cc" gcc -O2 both.o -o program
		has_site program c
	done
	"$cc" gcc -O2 -flto -fPIC -fvisibility=hidden -c c.c -Wr,--symbol=c
	"$cc" gcc -O2 -flto -shared -fPIC c.o -o libc.so
	# the section is not in the program
	"$cc" gcc -O2 -flto c.o m.o -o program
	run ! grep -q rcpp_options <(readelf -SW program)
	# without options the object is the same
	gcc -O2 -flto -frandom-seed=1 -c m.c -o expected.o
	"$cc" gcc -O2 -flto -frandom-seed=1 -c m.c
	cmp m.o expected.o
}

@test "gcc -flto: what one object was compiled with is not for another's variables" {
	echo 'static long c = 1; void set(long v) { c = v; } __attribute__((noinline)) long f(long a) { return a + c; }' >c.c
	echo 'long f(long); void set(long); int main(void) { set(1); return (int)f(1) - 2; }' >m.c
	"$cc" gcc -O2 -flto -c c.c -Wr,--symbol=c,--no-fuse
	"$cc" gcc -O2 -flto -c m.c
	run "$cc" gcc -O2 -flto c.o m.o -o program
	[ "$status" -eq 0 ]
	[ "$output" = "rcpp-cc: warning: not all objects were compiled with --symbol=c, so the link ignores it; to use it for all of them, give -Wr,--symbol=c at the link" ]
	[ "$("$dump" program)" = "no sites" ]
	run "$cc" gcc -O2 -flto c.o m.o -o program -Wr,--symbol=c
	[ -z "$output" ]
	has_site program c
	# nor are those that hold for all of a program
	"$cc" gcc -O2 -flto -c c.c m.c -Wr,--symbol=c,--unpatched=fault
	"$cc" gcc -O2 -flto c.o m.o -o program
	has_site program c
	./program
	# objects that are code already have no say
	gcc -O2 -c m.c
	run "$cc" gcc -O2 -flto c.o m.o -o program
	[ -z "$output" ]
	has_site program c
}

@test "objects that are damaged in any way are the linker's to complain about" {
	local size
	echo 'static long c = 1; void set(long v) { c = v; } long f(long a) { return a + c; }' >c.c
	"$cc" gcc -O2 -flto -c c.c -Wr,--symbol=c
	gcc-ar rc lib.a c.o
	for file in c.o lib.a; do
		for size in 0 1 7 8 20 63 64 65 100 300; do
			head -c $size $file >"short.${file##*.}"
			run "$cc" gcc -flto -shared "short.${file##*.}" -o x.so
			[ "$status" -le 1 ]
			tail -c +$((size + 1)) $file >"short.${file##*.}"
			run "$cc" gcc -flto -shared "short.${file##*.}" -o x.so
			[ "$status" -le 1 ]
		done
	done
	python3 - <<-'EOF'
		import subprocess, random
		whole = bytearray(open("c.o", "rb").read())
		random.seed(1)
		# the header, and the section headers at the end
		for n in range(300):
		    damaged = bytearray(whole)
		    at = random.randrange(64) if n % 2 else random.randrange(len(whole) - 1500, len(whole))
		    damaged[at] = random.randrange(256)
		    open(f"damaged{n}.o", "wb").write(damaged)
	EOF
	printf '#!/bin/sh\n[ "$1" = -dumpmachine ] || echo " ${1#-B}as "\n' >linker
	chmod +x linker
	"$cc" ./linker damaged*.o
	# an archive that names itself, and a pipe that nobody writes to
	printf '!<thin>\n%-48s%-10s`\nown.a/\n\n%-48s%-10s`\n' // 8 /0 100 >own.a
	mkfifo pipe
	timeout 20 "$cc" ./linker own.a pipe
}

@test "clang: RCPP_EXTERN" {
	cat >user.c <<-'EOF'
		#include "rcpp.h"
		extern __patchable long b;
		RCPP_EXTERN(b);
		long f2(long a) { return a + b; }
	EOF
	for compiler in gcc clang; do
		"$cc" $compiler -O2 -c user.c
		[ "$(sites user.o)" -gt 0 ]
	done
}

@test "linkers" {
	local linker compiler
	for compiler in gcc clang; do
		for linker in bfd gold lld mold; do
			works $compiler -fuse-ld=$linker
		done
	done
}

@test "-static, -static-pie, -shared, -nostdlib -r" {
	local compiler other
	echo 'int main(void) { return 0; }' >empty.c
	for compiler in gcc clang; do
		works $compiler -static
		other=
		# gold of binutils 2.40 cannot link such a program, with rcpp or without
		$compiler -static-pie -fPIE empty.c -o empty 2>/dev/null || other=-fuse-ld=bfd
		# shellcheck disable=SC2086 # $other may be nothing
		works $compiler -static-pie -fPIE $other
		"$cc" $compiler -O2 -fPIC -shared with.c -o libwith.so
		[ "$(sites libwith.so)" -gt 0 ]
		"$cc" $compiler -O2 main.c -L. -lwith "$library" -Wl,-rpath,"$PWD" -o program
		./program
		"$cc" $compiler -O2 -nostdlib -r with.c main.c -o both.o
		"$cc" $compiler both.o "$library" -o program
		./program
	done
}

@test "sanitizers" {
	local compiler
	for compiler in gcc clang; do
		works $compiler -fsanitize=address
		works $compiler -fsanitize=undefined -fno-sanitize-recover
		# It makes an interceptor of every write to memory, so it goes without patching.
		"$cc" $compiler -O2 -fsanitize=thread -c with.c
		[ "$(sites with.o)" -gt 0 ]
		same $compiler -O2 -fsanitize=address,undefined
	done
}

@test "--coverage: the same counts" {
	local lines
	"$cc" gcc -O0 --coverage with.c main.c "$library" -o program
	./program
	gcov -t ./*with.gcda >counts
	grep -q '2: *3:.*return a + b' counts
	same gcc -O2 --coverage -frandom-seed=1
	"$cc" clang -O0 -fprofile-instr-generate -fcoverage-mapping with.c main.c "$library" -o program
	LLVM_PROFILE_FILE=raw ./program
	[ -s raw ]
}

@test "profile-guided optimization" {
	"$cc" gcc -O2 -fprofile-generate with.c main.c "$library" -o program
	./program
	works gcc -fprofile-use -Wno-missing-profile -Werror
	"$cc" clang -O2 -fprofile-instr-generate with.c main.c "$library" -o program
	LLVM_PROFILE_FILE=raw ./program
	[ -s raw ]
	# clang comes without it
	! command -v llvm-profdata-14 || {
		llvm-profdata-14 merge raw -o merged
		works clang -fprofile-instr-use=merged
	}
}

@test "diagnostics are the compiler's own: lines, colours, order, status" {
	local compiler file
	cat >warns.c <<-'EOF'
		#include "rcpp.h"
		__patchable long b;
		long f(long a) { int unused; return a + b; }
		#warning here
	EOF
	printf 'int f(void)\n{\n\treturn g;\n}\n' >error.c
	printf 'void f(void)\n{\n\t__asm__("nonsense %%rax");\n}\n' >inline.c
	cat >both.c <<-'EOF'
		#include "rcpp.h"
		__patchable long b;
		long f(long a) { return a + b; }
		void g(void)
		{
			__asm__("nonsense %rax");
		}
	EOF
	for compiler in gcc clang; do
		local -n plain=plain_$compiler
		for file in warns error inline both; do
			for options in -Wall "-Wall -pipe" "-Wall -fdiagnostics-color=always" "-Wall -g -pipe"; do
				# shellcheck disable=SC2086 # several options
				run "${plain[@]}" $options -O2 -c $file.c
				# the temporary file's name
				expected="$status $(sed -E 's,[^ ]*/[^/ ]*\.s:,TEMP:,' <<<"$output")"
				# shellcheck disable=SC2086
				run "$cc" $compiler $options -O2 -c $file.c
				diff <(echo "$status $(sed -E 's,[^ ]*/[^/ ]*\.s:,TEMP:,' <<<"$output")") \
					<(echo "$expected")
			done
		done
	done
}

@test "a filter that fails is one line" {
	run "$cc" gcc -c with.c -Wr,--symbols-from=missing
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == *missing* ]]
	run "$cc" gcc -c with.c -Wr,--wide=x
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 1 ]
	run "$cc" gcc -c with.c -Wr,--nonsense
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -le 2 ]
	[ ! -e with.o ]
	# clang adds what it adds for any assembler
	run "$cc" clang -c with.c -Wr,--wide=x
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 2 ]
}

@test "an as of another version is told from this one" {
	run "$as" --rcpp=0.0-1:o:0:: -o x.o /dev/null
	[ "$status" -eq 1 ]
	[[ $output == "rcpp as: error: rcpp-cc is of another version of rcpp (0.0-1) than its \`as\` ("* ]]
	[ "${#lines[@]}" -eq 1 ]
	[ ! -e x.o ]
}

@test "no process in between: the compiler is the process that was started" {
	printf '#!/bin/sh\necho $$\n' >compiler
	chmod +x compiler
	"$cc" ./compiler >pid &
	wait
	[ "$(cat pid)" -eq $! ]
}

# alive GROUP: whether there are processes of the group, but for zombies
alive()
{
	cat /proc/[0-9]*/stat 2>/dev/null | sed 's/.*) //' | grep -q "^[^ZX] [0-9]* $1 "
}

# interrupt SIGNAL COMMAND...: in a process group of its own, while the assembler runs
interrupt()
{
	local group signal=$1
	rm -f started
	cat >slow <<-EOF
		#!/bin/sh
		# It has begun to write, as an assembler may have.
		for word; do [ "\$last" = -o ] && echo part >"\$word"; last=\$word; done
		echo >"$PWD/started"
		exec sleep 60
	EOF
	chmod +x slow
	mkdir -p temporary
	TMPDIR=$PWD/temporary RCPP_AS=$PWD/slow \
		env --default-signal=HUP,INT,QUIT,TERM setsid "${@:2}" &
	group=$!
	for _ in $(seq 200); do [ -e started ] || sleep 0.05; done
	kill -"$signal" -- "-$group"
	wait $group && return 1
	for _ in $(seq 50); do
		alive "$group" || break
		sleep 0.05
	done
	run ! alive "$group"
	[ -z "$(ls temporary)" ]
}

@test "ctrl-C and TERM: nothing is left behind, no partial object either" {
	local compiler signal options
	for compiler in gcc clang; do
		for options in "" -pipe; do
			for signal in INT TERM HUP; do
				rm -f with.o
				interrupt $signal "$cc" $compiler $options -c with.c -o with.o
				[ ! -e with.o ]
			done
		done
	done
	[ -z "$(find . -name '*.s')" ]
}

@test "make, interrupted: the next make builds it anew" {
	# shellcheck disable=SC2016 # make's variables
	printf 'program: with.o main.o\n\t$(CC) -o $@ $^ %s\n' "$library" >Makefile
	interrupt INT make CC="'$cc' gcc" CFLAGS=-O2
	[ ! -e with.o ]
	[ ! -e program ]
	make CC="'$cc' gcc" CFLAGS=-O2
	./program
}

@test "an assembler that a signal ends leaves no object, and the compiler hears of it" {
	local compiler
	for compiler in gcc clang; do
		for signal in KILL SEGV TERM; do
			printf '#!/bin/sh\necho part >x.o\nkill -%s $$\n' $signal >killed
			chmod +x killed
			RCPP_AS=$PWD/killed run "$cc" $compiler -c with.c -o x.o
			[ "$status" -ne 0 ]
			[[ $output == *[Kk]illed* || $output == *"ignal"* ]]
			[ ! -e x.o ]
		done
	done
}

@test "a signal for the assembler only is passed on to the real one" {
	printf '#!/bin/sh\ntrap "echo caught >caught; exit 1" TERM\necho part >x.o\nsleep 60 & wait\n' >slow
	chmod +x slow
	RCPP_AS=$PWD/slow "$as" -o x.o /dev/null &
	for _ in $(seq 200); do [ -e x.o ] || sleep 0.05; done
	kill -TERM $!
	wait $! && return 1
	[ -e caught ]
	[ ! -e x.o ]
}

@test "as, killed while it filters, has not begun an object" {
	mkfifo input
	"$as" -o x.o input &
	exec 7>input
	echo '.section rcpp_patchable' >&7
	kill -KILL $!
	wait $! && return 1
	exec 7>&-
	[ ! -e x.o ]
}

@test "a whole project without patchables: every object is the same to the bit" {
	local compiler room source top=$BATS_TEST_DIRNAME/..
	local -a rooms=("$top"/rcpp/{common,filter,filter/x86-64,as,launcher,dump} "$top"/grammar{,/x86-64})
	local -a flags=(-std=c11 -D_GNU_SOURCE -O1 -g "-I$top/runtime"{,/x86-64} "-I$RCPP_BUILD"/{common,filter} -DRCPP_OFF)
	for room in "${rooms[@]}"; do
		flags+=(-iquote "$room")
	done
	for compiler in gcc clang; do
		local -n plain=plain_$compiler
		for room in "${rooms[@]}"; do
			for source in "$room"/*.c; do
				[ "${source##*/}" != generate-instructions.c ] || continue
				"${plain[@]}" "${flags[@]}" -c "$source" -o x.o
				mv x.o expected.o
				"$cc" $compiler "${flags[@]}" -c "$source" -o x.o
				cmp x.o expected.o
			done
		done
	done
}

@test "make -j: the same objects as one after the other" {
	local i
	for i in $(seq 40); do
		sed "s/long f(/long f$i(/; s/^__p/static &/" with.c >"part$i.c"
	done
	# shellcheck disable=SC2016 # make's variables
	printf 'all: $(patsubst %%.c,%%.o,$(wildcard part*.c))\n' >Makefile
	mkdir serial parallel
	make -s -j1 CC="'$cc' gcc" CFLAGS="-O2 -pipe"
	mv ./part*.o serial
	make -s -j8 CC="'$cc' gcc" CFLAGS="-O2 -pipe"
	mv ./part*.o parallel
	diff -r serial parallel
	[ "$(sites serial/part7.o)" -eq 1 ]
}
