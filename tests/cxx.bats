#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# C++: patchables at namespace scope, as static members, in inline functions and templates (COMDAT
# groups), and exceptions that pass through functions with sites. What the program prints, before and
# after patching, is what it prints without rcpp.

bats_require_minimum_version 1.5.0

setup()
{
	RCPP_BUILD=$(realpath -m "${RCPP_BUILD:-$BATS_TEST_DIRNAME/../build}")
	cc=$RCPP_BUILD/rcpp-cc
	library=$RCPP_BUILD/librcpp.a
	here=$BATS_TEST_DIRNAME/cxx
	export CPATH=$BATS_TEST_DIRNAME/../runtime
	unset RCPP_FLAGS RCPP_AS
	cd "$BATS_TEST_TMPDIR" || return
}

# program COMPILER OPTION...: the same lines as without rcpp, and sites of each kind are patched
program()
{
	local file sites patched
	"$1" -DRCPP_OFF "${@:2}" -std=c++17 -Wall -Wextra -Werror "$here"/*.cc -o plain
	./plain >expected 2>/dev/null
	for file in one two; do
		"$cc" "$@" -std=c++17 -Wall -Wextra -Werror -c "$here/$file.cc"
	done
	"$cc" "$@" one.o two.o "$library" -o program
	./program >out 2>counts
	diff out expected
	# before and after patching, before and after the change
	diff <(sed -n 1,5p out) <(sed -n 6,10p out)
	diff <(sed -n 11,15p out) <(sed -n 16,20p out)
	read -r sites patched <counts
	[ "$patched" -ge 10 ]
	[ "$sites" -eq "$patched" ]
}

# variables PATTERN...: there is a site for each
variables()
{
	local pattern
	"$RCPP_BUILD/rcpp-dump" --json program >sites
	for pattern; do
		grep -q "$pattern" sites || { cat sites && echo "none for $pattern" && false; }
	done
}

kinds=(_ZN8settings4sizeE _ZN6Limits5depthE _ZN6Limits5widthE _ZN12_GLOBAL__N_16hiddenE
	_ZZ6scaledlE6factor)
of_templates=(_ZN5TableIlE5limitE _ZN5TableIsE5limitE _ZZ7steppedIlET_S0_E4step
	_ZZZ7steppedIlET_S0_ENKUllE_clElE5again)

@test "g++: all kinds of variables, and exceptions" {
	local level
	for level in -O0 -O2 "-O2 -fPIE -pie" "-O2 -fno-pie -no-pie" -O3; do
		# shellcheck disable=SC2086 # several options
		program g++ $level
		variables "${kinds[@]}"
	done
}

@test "clang++: all kinds of variables, and exceptions" {
	local level
	for level in -O0 -O2 -O3; do
		program clang++ $level
		variables "${kinds[@]}" "${of_templates[@]}"
	done
}

@test "g++: variables of templates, by --symbol" {
	local IFS=,
	export RCPP_FLAGS="--symbol=${of_templates[*]}"
	unset IFS
	program g++ -O2
	variables "${kinds[@]}" "${of_templates[@]}"
}

# Statics of function templates have not even their visibility, which is what tells of the mark.
@test "g++: --explain tells about members of templates, which lost their section" {
	local name
	"$cc" g++ -O2 -std=c++17 -c "$here/one.cc" -o one.o -Wr,--explain=explained
	grep ": _ZN5TableIlE5limitE: load: marked, but not in a patchable section" explained
	run ! grep "_ZN5TableIlE5limitE: [^l]" explained
	for name in "${kinds[@]}"; do
		run ! grep ": $name: load: marked" explained
	done
	"$cc" g++ -O2 -std=c++17 -c "$here/one.cc" -o one.o -Wr,--stats=json 2>stats
	[ "$(jq .reasons.outside stats)" -ge 1 ]
}

# What of two headers differs from file to file: which are included, in which order, what is used.
headers()
{
	cat >a.hpp <<-'CC'
		#pragma once
		#include <rcpp.h>
		inline __patchable_inline unsigned a = 1;
		inline __patchable_inline const int fixed = 100;
		inline long of_a() { static __patchable_inline long in_a = 10; return in_a; }
	CC
	cat >b.hpp <<-'CC'
		#pragma once
		#include <rcpp.h>
		inline __patchable_inline unsigned b = 2;
		struct B {
			static inline __patchable_inline short member = 1000;
			static __patchable_inline int declared;
		};
		inline __patchable_inline int B::declared = 20000;
		inline long of_b() { static __patchable_inline long in_b = 300000; return in_b + B::member; }
	CC
	printf '#include "a.hpp"
long one() { return a + of_a() + fixed; }
' >one.cpp
	printf '#include "b.hpp"
#include "a.hpp"
long two() { return a + b + of_b(); }
' >two.cpp
	printf '#include "b.hpp"
long three() { return B::declared + of_b() + b; }
' >three.cpp
	cat >main.cpp <<-'CC'
		#include "a.hpp"
		#include "b.hpp"
		#include <cstdio>
		long one(), two(), three();
		int main()
		{
			if (rcpp_configure(RCPP_KEEP_WRITABLE) || rcpp_patch())
				return 1;
			std::printf("%ld %ld %ld\n", one(), two(), three());
			a++, b++, B::declared++; /* one of each in the program, and sites keep what they had */
			std::printf("%ld %ld %ld\n", one(), two(), three());
			struct rcpp_stats stats;
			return rcpp_stats(&stats) || stats.sites != stats.patched || stats.sites < 8;
		}
	CC
}

@test "inline variables of several headers, in files that include some of them, in any order" {
	local compiler linker order
	headers
	for compiler in g++ clang++; do
		for order in "one two three main" "main three two one" "two main one three"; do
			# shellcheck disable=SC2046,SC2086 # several files
			"$cc" $compiler -std=c++17 -O2 -Wall -Wextra -Werror $(printf '%s.cpp ' $order) 				"$library" -o program
			[ "$(./program | uniq)" = "111 301003 321002" ]
		done
		for linker in gold lld; do
			"$cc" $compiler -std=c++17 -O2 -fuse-ld=$linker ./*.cpp "$library" -o program
			[ "$(./program | uniq)" = "111 301003 321002" ]
		done
	done
	for option in -O0 "-O2 -flto" "-O2 -flto -flto-partition=max" "-O2 -fPIE -pie" 		"-Os -ffunction-sections -fdata-sections -Wl,--gc-sections"; do
		# shellcheck disable=SC2086
		"$cc" g++ -std=c++17 $option ./*.cpp "$library" -o program 2>log
		[ "$(./program | head -1)" = "111 301003 321002" ]
		# without rcpp, too
		# shellcheck disable=SC2086
		g++ -std=c++17 $option ./*.cpp "$library" -o plain 2>log
		./plain | head -1 >out
		[ "$(cat out)" = "111 301003 321002" ]
	done
}

@test "g++ and clang++ share inline variables" {
	headers
	"$cc" g++ -std=c++17 -O2 -c one.cpp main.cpp
	"$cc" clang++ -std=c++17 -O2 -c two.cpp three.cpp
	for order in "one two three main" "two three main one"; do
		# shellcheck disable=SC2046,SC2086 # several files
		g++ $(printf '%s.o ' $order) "$library" -o program
		[ "$(./program | uniq)" = "111 301003 321002" ]
	done
}

@test "g++ with -flto, -fvisibility=hidden, -ffunction-sections and --gc-sections" {
	program g++ -O2 -flto
	program g++ -O2 -fvisibility=hidden -ffunction-sections -fdata-sections -Wl,--gc-sections
	program g++ -O2 -fnon-call-exceptions -fasynchronous-unwind-tables
}

@test "g++ and clang++ objects in one program" {
	"$cc" g++ -O2 -std=c++17 -c "$here/one.cc"
	"$cc" clang++ -O2 -std=c++17 -c "$here/two.cc"
	g++ one.o two.o "$library" -o program
	g++ -DRCPP_OFF -O2 -std=c++17 "$here"/*.cc -o plain
	diff <(./program 2>counts) <(./plain 2>/dev/null)
}

@test "a COMDAT function is there once, with one set of rows" {
	local compiler
	for compiler in g++ clang++; do
		program $compiler -O2 -fno-inline
		# the address of each row is another
		"$RCPP_BUILD/rcpp-dump" --json program | jq -r '.[].address' | sort | uniq -d >twice
		[ ! -s twice ]
		variables "scaled" "bounded"
	done
}

@test "unwind information is the same with sites and without" {
	local compiler
	for compiler in g++ clang++; do
		local external=
		[ $compiler = g++ ] || external=-fno-integrated-as
		"$compiler" $external -O2 -std=c++17 -c "$here/one.cc" -o plain.o
		"$cc" $compiler -O2 -std=c++17 -c "$here/one.cc" -o filtered.o
		# What happens to registers and the stack, without where
		for object in plain filtered; do
			readelf --debug-dump=frames $object.o 2>/dev/null | grep -E 'DW_CFA|FDE|CIE' |
				grep -v -e advance_loc -e nop | sed 's/^.*\(FDE\|CIE\).*/\1/' >$object.frames
		done
		diff plain.frames filtered.frames
	done
}

@test "__patchable alone does for files with one kind, and with clang++ for all" {
	cat >inline.cc <<-'CC'
		#include "rcpp.h"
		inline __patchable int first = 1;
		struct S { static inline __patchable long second = 2; };
		int main() { return rcpp_patch() || first + S::second != 3; }
	CC
	for compiler in g++ clang++; do
		"$cc" $compiler -std=c++17 -O2 inline.cc "$library" -o program
		./program
		[ "$("$RCPP_BUILD/rcpp-dump" program | grep -c -e first -e second)" -ge 2 ]
	done
	sed 's/__patchable_inline/__patchable/' "$here/limits.h" >limits.h
	cp "$here"/*.cc .
	"$cc" clang++ -O2 -std=c++17 one.cc two.cc "$library" -o program
	./program >out
	diff <(sed -n 1,5p out) <(sed -n 6,10p out)
}
