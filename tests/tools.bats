#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# rcpp-cc in build tools, each with the line that the README names: the program has sites and works.
# Compiler caches and distcc: an object is the one that a local compile makes, never an old one.
#
# Each test is a process of its own, and changes the environment for itself.
# shellcheck disable=SC2030,SC2031

bats_require_minimum_version 1.5.0

setup()
{
	RCPP_BUILD=$(realpath -m "${RCPP_BUILD:-$BATS_TEST_DIRNAME/../build}")
	dump=$RCPP_BUILD/rcpp-dump
	library=$RCPP_BUILD/librcpp.a
	export PATH=$RCPP_BUILD:$PATH
	export CPATH=$BATS_TEST_DIRNAME/../runtime LIBRARY_PATH=$RCPP_BUILD
	unset RCPP_FLAGS RCPP_AS CC CFLAGS CCACHE_DISABLE DISTCC_HOSTS
	mkdir "$BATS_TEST_TMPDIR/project"
	cd "$BATS_TEST_TMPDIR/project" || return
	cat >with.c <<-'EOF'
		#include "rcpp.h"
		__patchable long b = 5;
		long c = 1;
		__attribute__((noinline)) long f(long a) { return a + b; }
		__attribute__((noinline)) long g(long a) { return a - c; }
	EOF
	cat >main.c <<-'EOF'
		#include "rcpp.h"
		long f(long), g(long);
		int main(void)
		{
			struct rcpp_stats stats;
			if (rcpp_patch() || f(37) != 42 || g(4) != 3 || rcpp_stats(&stats))
				return 1;
			return stats.patched == 0;
		}
	EOF
}

# works PROGRAM: it has sites, it patches them
works()
{
	"$dump" "$1" | grep -q ' b '
	"$1"
}

@test 'make: make CC="rcpp-cc gcc"' {
	# shellcheck disable=SC2016 # make's variables
	printf 'program: with.o main.o\n\t$(CC) -o $@ $^ -l:librcpp.a\n' >Makefile
	for compiler in gcc clang; do
		make CC="rcpp-cc $compiler" CFLAGS=-O2
		works ./program
		make -B CC="rcpp-cc $compiler" CFLAGS="-O2 -Wr,--symbol=c"
		"$dump" program | grep -q ' c '
		works ./program
	done
}

@test 'autoconf: ./configure CC="rcpp-cc gcc"' {
	cat >configure.ac <<-'EOF'
		AC_INIT([program], [1])
		AC_CONFIG_SRCDIR([with.c])
		AC_PROG_CC
		AC_PROG_CXX
		AC_CHECK_HEADERS([rcpp.h])
		AC_SEARCH_LIBS([rcpp_patch], [rcpp])
		AC_CHECK_SIZEOF([long])
		AC_CONFIG_FILES([Makefile])
		AC_OUTPUT
	EOF
	cat >Makefile.in <<-'EOF'
		.RECIPEPREFIX = >
		CC = @CC@
		CFLAGS = @CFLAGS@
		program: with.o main.o
		> $(CC) -o $@ with.o main.o @LIBS@
	EOF
	autoconf
	export LD_LIBRARY_PATH=$RCPP_BUILD
	for compiler in gcc clang; do
		./configure CC="rcpp-cc $compiler" CXX="rcpp-cc ${compiler/gcc/g++}" >log
		grep -q 'accepts -g... yes' log
		grep -q 'rcpp_patch.*-lrcpp' log
		grep -q 'size of long... 8' log
		make -B
		works ./program
		# what configure finds out is what it finds out without rcpp
		sed -n 's/rcpp-cc //; /^checking/p' log | grep -v -e 'for gcc' -e 'for clang' >with.log
		./configure CC="$compiler" CXX="${compiler/gcc/g++}" | grep -E '^checking' |
			grep -v -e 'for gcc' -e 'for clang' >without.log
		diff with.log without.log
	done
}

@test "CMake: -DCMAKE_C_COMPILER_LAUNCHER=rcpp-cc, with make and ninja" {
	cat >CMakeLists.txt <<-'EOF'
		cmake_minimum_required(VERSION 3.18)
		project(program C)
		add_executable(program with.c main.c)
		target_link_libraries(program -l:librcpp.a)
	EOF
	for generator in "Unix Makefiles" Ninja; do
		for compiler in gcc clang; do
			rm -rf out
			cmake -G "$generator" -B out -DCMAKE_C_COMPILER=$compiler -DCMAKE_BUILD_TYPE=Release \
				-DCMAKE_C_COMPILER_LAUNCHER=rcpp-cc >log
			cmake --build out >>log
			works out/program
		done
	done
}

@test "CMake: link-time optimization, which needs the launcher for linking, too" {
	cat >CMakeLists.txt <<-'EOF'
		cmake_minimum_required(VERSION 3.21)
		project(program C)
		set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)
		add_executable(program with.c main.c)
		target_link_libraries(program -l:librcpp.a)
	EOF
	cmake -G Ninja -B out -DCMAKE_C_COMPILER=gcc -DCMAKE_BUILD_TYPE=Release \
		-DCMAKE_C_COMPILER_LAUNCHER=rcpp-cc -DCMAKE_C_LINKER_LAUNCHER=rcpp-cc >log
	cmake --build out >>log
	works out/program
}

@test "Meson: c = ['rcpp-cc', 'gcc'] in a native file" {
	cat >meson.build <<-'EOF'
		project('program', 'c', 'cpp', default_options: ['buildtype=release'])
		cc = meson.get_compiler('c')
		assert(cc.compiles('int x;'))
		assert(cc.sizeof('long') == 8)
		executable('program', 'with.c', 'main.c', dependencies: cc.find_library('rcpp'))
	EOF
	export LD_LIBRARY_PATH=$RCPP_BUILD
	for compiler in gcc clang; do
		printf "[binaries]\nc = ['rcpp-cc', '%s']\ncpp = ['rcpp-cc', '%s']\n" $compiler \
			${compiler/gcc/g++} >native
		rm -rf out
		meson setup --native-file native out
		grep -q "C compiler for the host machine: .*rcpp-cc $compiler" out/meson-logs/meson-log.txt
		ninja -C out
		works out/program
	done
}

# A stand-in for what Kbuild asks of CC: its functions, with their shell quoting, as make runs them.
@test "Kbuild: make CC=\"rcpp-cc gcc\", for what it asks a compiler" {
	cat >Makefile <<-'EOF'
		.RECIPEPREFIX = >
		try-run = $(shell set -e; TMP=.tmp_$$$$/tmp; mkdir -p .tmp_$$$$; trap "rm -rf .tmp_$$$$" EXIT; \
			if ($(1)) >/dev/null 2>&1; then echo "$(2)"; else echo "$(3)"; fi)
		cc-option = $(call try-run, $(CC) -Werror $(1) -c -x c /dev/null -o "$$TMP",$(1),$(2))
		as-instr = $(call try-run,printf "%b\n" "$(1)" | $(CC) -Werror -c -x assembler-with-cpp -o "$$TMP" -,$(2),$(3))
		cc-ifversion := $(shell $(CC) -dumpversion)
		flags := $(call cc-option,-fno-strict-aliasing,no) $(call cc-option,-fno-such-thing,no) \
			$(call as-instr,tpause %ecx,tpause,no) $(call as-instr,nonsense %ecx,yes,no)
		program: with.o main.o
		> $(CC) -o $@ $^ -l:librcpp.a
		%.o: %.c
		> $(CC) -Wp,-MMD,.$@.d -nostdinc -isystem $(shell $(CC) -print-file-name=include) -fno-pie \
				-mcmodel=kernel -O2 -DNULL=0 -c -o $@ $<
		show:
		> @echo '$(flags) $(cc-ifversion)'
	EOF
	for compiler in gcc clang; do
		make show CC="rcpp-cc $compiler" >out
		make show CC=$compiler >expected
		[ $compiler = clang ] || diff out expected
		grep -q -e '-fno-strict-aliasing no tpause no' out
		make with.o CC="rcpp-cc $compiler"
		grep -q rcpp.h .with.o.d
		"$dump" with.o | grep -q ' b '
	done
}

# cached EXPECTED ARG...: compile with.c through ccache, in a new process each time; EXPECTED is what
# ccache counts.
cached()
{
	ccache -z >/dev/null
	rm -f with.o
	"${@:2}" -c with.c -o with.o
	ccache --print-stats >stats
	if [ "$1" = hit ]; then
		grep -Eq '(direct|preprocessed)_cache_hit.[1-9]' stats || { cat stats && false; }
	else
		grep -Eq 'cache_miss.[1-9]' stats || { cat stats && false; }
	fi
	mv with.o cached.o
	CCACHE_DISABLE=1 "${@:2}" -c with.c -o with.o
	cmp with.o cached.o
}

@test "ccache: a hit on the second build; other options, another list, another rcpp are misses" {
	local compiler
	export CCACHE_DIR=$BATS_TEST_TMPDIR/cache
	for compiler in gcc clang; do
		cached miss rcpp-cc ccache $compiler -O2
		cached hit rcpp-cc ccache $compiler -O2
		# options on the command line and in the environment
		cached miss rcpp-cc ccache $compiler -O2 -Wr,--symbol=c
		"$dump" cached.o | grep -q ' c '
		cached hit rcpp-cc ccache $compiler -O2 -Wr,--symbol=c
		RCPP_FLAGS=--no-fuse cached miss rcpp-cc ccache $compiler -O2
		RCPP_FLAGS=--no-fuse cached hit rcpp-cc ccache $compiler -O2
		# what is in a list
		echo b >list
		cached miss rcpp-cc ccache $compiler -O2 -Wr,--symbols-from=list
		cached hit rcpp-cc ccache $compiler -O2 -Wr,--symbols-from=list
		echo c >>list
		cached miss rcpp-cc ccache $compiler -O2 -Wr,--symbols-from=list
		"$dump" cached.o | grep -q ' c '
		RCPP_FLAGS="--symbols-from list" cached miss rcpp-cc ccache $compiler -O3
		echo '# only b' >list
		RCPP_FLAGS="--symbols-from list" cached miss rcpp-cc ccache $compiler -O3
		cached miss rcpp-cc ccache $compiler -O2 -Wr,--unpatched=fault,--early-from=list
		cached hit rcpp-cc ccache $compiler -O2 -Wr,--unpatched=fault,--early-from=list
		echo f >>list
		cached miss rcpp-cc ccache $compiler -O2 -Wr,--unpatched=fault,--early-from=list
		# another rcpp
		make -s -C "$BATS_TEST_DIRNAME/.." VERSION=9.9.9 B="$BATS_FILE_TMPDIR/other" programs
		cached miss "$BATS_FILE_TMPDIR/other/rcpp-cc" ccache $compiler -O2
		cached hit "$BATS_FILE_TMPDIR/other/rcpp-cc" ccache $compiler -O2
		cached hit rcpp-cc ccache $compiler -O2
		# none
		cached miss ccache $compiler -O2
		[ "$("$dump" cached.o)" = "no sites" ]
	done
}

@test "ccache under the compiler's name, and reports" {
	export CCACHE_DIR=$BATS_TEST_TMPDIR/cache
	mkdir bin
	ln -s "$(command -v ccache)" bin/gcc
	ln -s "$(command -v ccache)" bin/cc
	export PATH=$PWD/bin:$PATH
	cached miss rcpp-cc gcc -O2
	cached hit rcpp-cc gcc -O2
	cached miss rcpp-cc gcc -O2 -Wr,--symbol=c
	cached miss rcpp-cc cc -O3
	cached hit rcpp-cc cc -O3
	# A report to a file is made each time, one to standard error is repeated.
	for _ in 1 2; do
		rm -f report
		rcpp-cc gcc -O2 -c with.c -Wr,--explain=report
		grep -q ': b: ' report
		rcpp-cc gcc -O2 -c with.c -Wr,--stats 2>counts
		grep -q '[0-9]' counts
	done
	rcpp-cc gcc -O2 -flto -ffat-lto-objects -c with.c
	"$dump" with.o | grep -q ' b '
}

@test "caches and other machines keep out where a report is to be written" {
	local launcher
	mkdir bin
	for launcher in ccache sccache buildcache distcc icecc; do
		# It has run, and whether it was told to do nothing.
		cat >bin/$launcher <<-'EOF'
			#!/bin/sh
			echo "$CCACHE_DISABLE $SCCACHE_RECACHE $BUILDCACHE_DISABLE $DISTCC_HOSTS $ICECC" >>"${0%/*}/log"
			[ "${0##*/}" = gcc ] && exec /usr/bin/gcc "$@"
			exec "$@"
		EOF
		chmod +x bin/$launcher
		rm -f bin/log report
		rcpp-cc bin/$launcher gcc -O2 -c with.c
		[ "$(tr -d ' ' <bin/log)" = "" ]
		rm bin/log
		for _ in 1 2; do
			rcpp-cc bin/$launcher gcc -O2 -c with.c -Wr,--explain=report
		done
		[ "$(grep -c ': b: ' report)" -eq 2 ]
		[ ! -e bin/log ]
		rcpp-cc bin/$launcher gcc -O2 -flto -ffat-lto-objects -c with.c
		rcpp-cc bin/$launcher gcc -O2 -flto -c with.c -Wr,--symbol=c
		[ ! -e bin/log ]
		# under the compiler's name
		ln -sf $launcher bin/gcc
		PATH=$PWD/bin:$PATH rcpp-cc gcc -O2 -c with.c -Wr,--expl=report
		[ "$(grep -c ': b: ' report)" -eq 3 ]
		[ "$(cat bin/log)" = "1 1 true localhost no" ]
	done
}

@test "ccache with make" {
	export CCACHE_DIR=$BATS_TEST_TMPDIR/cache
	# shellcheck disable=SC2016 # make's variables
	printf 'program: with.o main.o\n\t$(CC) -o $@ $^ -l:librcpp.a\n' >Makefile
	make CC="rcpp-cc ccache gcc" CFLAGS=-O2
	works ./program
	ccache -z >/dev/null
	make -B CC="rcpp-cc ccache gcc" CFLAGS=-O2
	works ./program
	ccache --print-stats | grep -Eq 'direct_cache_hit.2'
}

start_distccd()
{
	port=$((20000 + $$ % 20000))
	export DISTCC_HOSTS="127.0.0.1:$port" DISTCC_DIR=$BATS_TEST_TMPDIR/distcc DISTCC_FALLBACK=0
	export DISTCC_SKIP_LOCAL_RETRY=1
	mkdir -p "$DISTCC_DIR"
	# It runs as a user of its own, who must reach this rcpp, and may not enter root's home, where
	# our headers may be: the text that it gets has no need of them.
	shared=$(mktemp -d)
	chmod 755 "$shared"
	install -m 666 /dev/null "$shared/log"
	cp -r "$RCPP_BUILD/rcpp-cc" "$RCPP_BUILD/libexec" "$shared"
	cp list "$shared/" 2>/dev/null || true
	PATH=$shared:$PATH
	env -u CPATH -u LIBRARY_PATH distccd --no-detach --daemon --listen 127.0.0.1 --port "$port" --jobs 2 \
		--allow 127.0.0.1 --enable-tcp-insecure --log-file "$shared/log" \
		--user distccd --log-level info 3>&- 4>&- &
	distccd=$!
	for _ in $(seq 100); do
		(: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && return
		sleep 0.05
	done
	return 1
}

teardown()
{
	[ -z "$distccd" ] || kill "$distccd"
	[ -z "$shared" ] || rm -r "$shared"
}

@test "distcc: objects from a distccd on 127.0.0.1 are those of a local compile" {
	local compiler options
	echo c >list
	start_distccd
	for compiler in gcc clang; do
		# distcc sends text with macros expanded, so their columns are other ones for -g.
		for options in "-O2" "-O2 -g -gno-column-info" "-O2 -Wr,--symbol=c,--no-fuse" "-O2 -Wr,--symbols-from=$shared/list"; do
			# and clang's have no checksums of files
			[ "$compiler $options" != "clang -O2 -g -gno-column-info" ] || continue
			# shellcheck disable=SC2086 # several options
			rcpp-cc $compiler $options -c with.c -o local.o
			# shellcheck disable=SC2086
			rcpp-cc distcc $compiler $options -c with.c -o remote.o
			cmp local.o remote.o
			"$dump" remote.o | grep -q ' b '
		done
		RCPP_FLAGS=--symbol=c rcpp-cc distcc $compiler -O2 -c with.c -o remote.o
		"$dump" remote.o | grep -q ' c '
		rcpp-cc distcc $compiler -O2 -c main.c
		rcpp-cc distcc $compiler remote.o main.o "$library" -o program
		works ./program
	done
	# They did come from there.
	[ "$(grep -c 'COMPILE_OK' "$shared/log")" -ge 11 ]
	# through ccache, too
	export CCACHE_DIR=$BATS_TEST_TMPDIR/cache
	rcpp-cc gcc -O2 -c with.c -o local.o
	CCACHE_PREFIX=distcc rcpp-cc ccache gcc -O2 -c with.c -o remote.o
	cmp local.o remote.o
	rcpp-cc ccache distcc gcc -O2 -c with.c -o remote.o
	cmp local.o remote.o
}

@test "distcc: an error there is the error here" {
	start_distccd
	echo 'int f(void) { return g; }' >wrong.c
	run rcpp-cc distcc gcc -c wrong.c
	[ "$status" -ne 0 ]
	[[ $output == *"wrong.c:1:22: error: "* ]]
	[ ! -e wrong.o ]
}
