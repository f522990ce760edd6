#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# What an attacker must not find in a program that patches itself: text that is writable, tables
# that are, variables that change behind the code's back; and that the library goes along with the
# compilers' hardening. Programs of tests/security/, compiled through rcpp-cc.
# Reads: RCPP_BUILD (the build directory, default build/ beside tests/).

bats_require_minimum_version 1.5.0

setup() {
	TOP=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	build=$(cd "${RCPP_BUILD:-$TOP/build}" && pwd)
	source=$TOP/tests/security
	export RCPP_AS=
	cd "$BATS_TEST_TMPDIR" || return
}

# through_rcpp COMPILER ARGUMENT...
through_rcpp() {
	"$build/rcpp-cc" "$1" -O2 -Wall -Wextra -Werror -I"$TOP/runtime" "${@:2}"
}

@test "the tracer sees no memory writable and executable while a program patches itself" {
	local kind
	gcc -O1 -Wall -Wextra -Werror "$source/tracer.c" -o tracer
	for kind in -static -pie -no-pie; do
		through_rcpp gcc $kind -fPIE "$source/traced.c" "$build/librcpp.a" -o traced
		run ./tracer ./traced
		echo "$output"
		[ "$status" -eq 0 ]
		# three times patched and three times reverted
		[[ $output =~ " stops, "[1-9][0-9]*" mappings turned from writable to executable"$ ]]
	done
	run ./tracer ./traced open
	[ "$status" -eq 1 ]
	[[ $output == "writable and executable: "*" rwxp" ]]
	run ./tracer ./traced views
	[ "$status" -eq 1 ]
	[[ $output == "writable and executable: "*" rw-s" ]]
}

@test "patched variables are read-only, all other data is not" {
	local compiler linker kind
	for compiler in gcc clang; do
		for linker in bfd gold lld mold; do
			for kind in "-pie -fPIE" -no-pie "-flto -O2" "-no-pie -fno-pic"; do
				# clang's LTO runs no assembler, lld does not know gcc's
				case $kind:$compiler:$linker in -flto*:clang:* | -flto*:*:lld) continue ;; esac
				# shellcheck disable=SC2086 # several options
				through_rcpp $compiler -fuse-ld=$linker $kind "$source/variables.c" \
					"$build/librcpp.a" -o variables
				./variables || { echo "$compiler $linker $kind"; return 1; }
			done
		done
	done
	through_rcpp gcc -static "$source/variables.c" "$build/librcpp.a" -o variables
	./variables
}

# Objects that were not compiled through rcpp do not fill their pages.
@test "read-only pages end where other data may begin" {
	local order
	cat >more.c <<-'END'
		#include "rcpp.h"
		__patchable long more[3] = {1, 2, 3};
		long beside[3] = {1};
	END
	gcc -O2 -I"$TOP/runtime" -c more.c -o unfiltered.o
	through_rcpp gcc -c more.c -o filtered.o
	through_rcpp gcc -c "$source/variables.c" -o variables.o
	for order in "unfiltered.o variables.o" "variables.o unfiltered.o" \
		"filtered.o variables.o" "variables.o filtered.o"; do
		# shellcheck disable=SC2086 # two objects
		gcc $order "$build/librcpp.a" -o variables
		./variables || { echo "$order"; return 1; }
	done
}

@test "a file that defines patchables fills its pages of them, another one is left alone" {
	echo 'extern long a; long f(void) { return a; }' >plain.c
	printf '#include "rcpp.h"\n__patchable long b[513];\n' >defines.c
	printf '#include "rcpp.h"\nextern __patchable long b[]; long f(void) { return b[1]; }\n' >declares.c
	for name in plain defines declares; do through_rcpp gcc -c $name.c -o $name.o; done
	readelf -SW defines.o | awk '$2 == "rcpp_patchable" || $3 == "rcpp_patchable"' >section
	grep -Eq 'PROGBITS +0+ [0-9a-f]+ 002000 00 +WA +0 +0 4096$' section
	run readelf -SW plain.o
	[[ $output != *rcpp* ]]
	readelf -SW declares.o | grep -Eq 'rcpp_patchable +PROGBITS +0+ [0-9a-f]+ 000000 00 +WA +0 +0 +1$'
}

@test "the variables of a shared object are closed with it" {
	cat >library.c <<-'END'
		#include "rcpp.h"
		static __patchable long b = 5;
		long library_use(long x) { return x + b; }
		long *library_variable(void) { return &b; }
	END
	cat >program.c <<-'END'
		#include <dlfcn.h>
		#include <signal.h>
		#include <stdio.h>
		#include <unistd.h>
		#include "rcpp.h"
		static long *b;
		static void on_fault(int number, siginfo_t *info, void *context)
		{
			(void)number, (void)context;
			_exit(info->si_addr == b ? 42 : 1);
		}
		int main(void)
		{
			void *library = dlopen("./library.so", RTLD_NOW);
			long *(*variable)(void) = (long *(*)(void))dlsym(library, "library_variable");
			long (*use)(long) = (long (*)(long))dlsym(library, "library_use");
			struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
			b = variable();
			*b = 6;
			if (rcpp_patch() || use(1) != 7)
				return 2;
			sigaction(SIGSEGV, &action, NULL);
			*b = 8;
			return 3;
		}
	END
	for linker in bfd gold lld mold; do
		through_rcpp gcc -fuse-ld=$linker -shared -fPIC library.c -o library.so
		gcc -O1 -I"$TOP/runtime" program.c -L"$build" -lrcpp "-Wl,-rpath,$build" -o program
		run ./program
		[ "$status" -eq 42 ]
	done
}

@test "the tables are in read-only memory, and tables in writable memory are not believed" {
	cat >tables.c <<-'END'
		#include <stdio.h>
		#include "rcpp.h"
		__patchable long b = 5;
		__attribute__((noinline)) long use(long x) { return x + b; }
		int main(void)
		{
			struct rcpp_stats stats;
			if (rcpp_patch()) {
				puts(rcpp_error());
				return use(1) == 6 ? 2 : 1;
			}
			if (rcpp_stats(&stats) || use(1) != 6)
				return 1;
			printf("%lu\n", stats.patched);
			return 0;
		}
	END
	for linker in bfd gold lld mold; do
		through_rcpp gcc -c tables.c -o tables.o
		gcc -fuse-ld=$linker tables.o "$build/librcpp.a" -o tables
		[ "$(./tables)" -eq 1 ]
		# sections of the read-only segments: no W in their flags
		readelf -SW tables | grep -Eq 'rcpp_rows +NOTE .* +AL? '
		readelf -SW tables | grep -Eq 'rcpp_forms +PROGBITS .* +A '
	done
	objcopy --set-section-flags rcpp_rows=alloc,data tables.o writable.o
	gcc writable.o "$build/librcpp.a" -o tables
	run ./tables
	[ "$status" -eq 2 ]
	[[ $output == "tables: its section rcpp_rows lies in no segment of notes"* ]]
}

@test "hardened programs: everything the compilers offer, in the library and the program" {
	local hardening="-fcf-protection=full -fstack-protector-strong -D_FORTIFY_SOURCE=2 -Wl,-z,relro,-z,now -pie -fPIE"
	for compiler in gcc clang; do
		for library in "$build/librcpp.a" "-L$build -lrcpp -Wl,-rpath,$build"; do
			# shellcheck disable=SC2086 # several options
			through_rcpp $compiler $hardening "$source/variables.c" $library -o variables
			./variables
			readelf -dW variables | grep -q BIND_NOW
		done
	done
	# One object without the property takes it from the program: crt1.o may, ours must not.
	through_rcpp gcc -fcf-protection=full -c "$source/variables.c" -o variables.o
	ar x "$build/librcpp.a"
	for object in *.o; do readelf -nW "$object" | grep -q 'x86 feature: IBT, SHSTK'; done
	readelf -dW "$build/librcpp.so" | grep -q BIND_NOW
	readelf -lW "$build/librcpp.so" | grep -q GNU_RELRO
	readelf -sW "$build/librcpp.so" | grep -q __stack_chk_fail
	readelf -sW "$build/librcpp.so" | grep -q '__vsnprintf_chk'
}

@test "any byte of the tables wrong: an error and untouched text, or right results" {
	local linker
	through_rcpp gcc -no-pie -Wr,--symbol=remote,remotes -c "$source/damage.c" -o damage.o
	[ "$("$build/rcpp-dump" damage.o | grep -c remote)" -ge 3 ]
	for linker in bfd lld; do
		gcc -no-pie -fuse-ld=$linker damage.o "$build/librcpp.a" -o damage
		run ./damage
		echo "$linker: $output"
		[ "$status" -eq 0 ]
		[[ $output =~ ^[1-9][0-9]{3,}" wrong bytes, "[1-9][0-9]{3,}" noticed"$ ]]
	done
}

# dies HOW [own]
dies() {
	run --separate-stderr ./faults "$@"
}

# shellcheck disable=SC2031,SC2154 # run sets them
@test "a late write is named before the program dies of it, as it would have" {
	local compiler where
	for compiler in gcc clang; do
		through_rcpp $compiler -DLIBRARY -fPIC -shared "$source/faults.c" -o libtheirs.so
		through_rcpp $compiler "$source/faults.c" -L. -ltheirs -Wl,-rpath,. "$build/librcpp.a" -o faults
		for how in global:faults:global static:faults:hidden field:faults:pair+8 \
			library:libtheirs.so:theirs; do
			IFS=: read -r how module name <<<"$how"
			dies "$how"
			[ "$status" -eq 139 ]
			[[ $stderr == "rcpp: $module: $name is written at 0x"*" in faults), but it is read-only since rcpp_patch()" ]]
			where=${stderr#*(}
			[ "$(addr2line -f -e faults "${where%% *}" | head -n 1)" = late_write ]
		done
		for how in other null sent off; do
			dies $how
			[ "$status" -eq 139 ]
			[ -z "$stderr" ]
		done
		dies global own
		[ "$status" -eq 3 ]
		[ "$output" = "our own handler" ]
		[[ $stderr == *"global is written"* ]]
		for how in null sent off; do
			dies $how own
			[ "$status" -eq 3 ]
			[ -z "$stderr" ]
		done
		strip faults
		dies global
		[ "$status" -eq 139 ]
		[[ $stderr == "rcpp: faults: 0x"*" is written at 0x"*" in faults), but it is read-only since rcpp_patch()" ]]
	done
}
