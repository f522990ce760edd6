#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The runtime library, without the rcpp filter: programs whose tables are written by hand
# (tests/runtime/table.s) are linked with the built librcpp.a or librcpp.so and check themselves.
# Reads: RCPP_BUILD (the build directory, default build/ beside tests/), CC (default gcc).

setup_file() {
	export TOP SOURCE RCPP_BUILD RCPP_CC
	TOP=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	SOURCE=$TOP/tests/runtime
	RCPP_BUILD=$(cd "${RCPP_BUILD:-$TOP/build}" && pwd)
	RCPP_CC=${CC:-gcc}
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# compile OUTPUT ARGUMENT...: the tables are GNU as's, with whatever compiler.
compile() {
	local output=$1 as=
	shift
	if $RCPP_CC --version | grep -q clang; then as="-fno-integrated-as -Qunused-arguments"; fi
	# shellcheck disable=SC2086 # RCPP_CC may hold options, and $as may be nothing
	$RCPP_CC $as -std=gnu11 -g -O1 -Wall -Wextra -Wshadow -Werror -I"$TOP/runtime" \
		-I"$TOP/runtime/x86-64" -I"$SOURCE" -Wa,-I"$SOURCE" -o "$output" "$@"
}

# program NAME ARGUMENT...: NAME.c with the sites, statically linked to the runtime.
program() {
	local name=$1
	shift
	compile "$name" "$SOURCE/$name.c" "$SOURCE/sites.s" "$@" "$RCPP_BUILD/librcpp.a"
}

# two_segments NAME ARGUMENT...: a program with far() in a segment of its own. mold has no option for
# that.
two_segments() {
	local name=$1
	shift
	compile far.o -c "$SOURCE/far.s"
	objcopy --rename-section .text=.far_text far.o
	program "$name" -no-pie -Wa,--defsym,SEGMENT=1 -fuse-ld=bfd \
		-Wl,--section-start=.far_text=0x7000000 far.o "$@"
}

# All kinds of programs, with sites on neighbouring pages and far apart.
values_in_programs() {
	local far
	for far in 16 200000; do
		program values "$@" -static -Wa,--defsym,FAR=$far
		./values
		program values "$@" -fPIE -pie -Wa,--defsym,FAR=$far
		./values
		program values "$@" -no-pie -DNON_PIE -Wa,--defsym,NON_PIE=1,--defsym,FAR=$far
		./values
		program values "$@" -Wl,--gc-sections -fPIE -pie -Wa,--defsym,FAR=$far
		./values
		# gcc passes options that gold does not know
		! $RCPP_CC "$@" -Wl,--version | grep 'GNU gold' || continue
		program values "$@" -static-pie -fPIE -Wa,--defsym,FAR=$far
		./values
	done
}

@test "values at the edges, in programs of all kinds" {
	values_in_programs
}

@test "values at the edges, with text in two segments" {
	two_segments values -DNON_PIE -Wa,--defsym,NON_PIE=1
	./values
}

@test "values at the edges, linked by gold" {
	values_in_programs -fuse-ld=gold
}

@test "values at the edges, linked by lld" {
	values_in_programs -fuse-ld=lld
}

@test "values at the edges, linked by mold" {
	values_in_programs -fuse-ld=mold
}

@test "shared objects: linked, opened before and after patching, closed" {
	local name linker
	for linker in bfd gold lld mold; do
		for name in linked before after; do
			compile "lib$name.so" -fuse-ld=$linker -shared "$SOURCE/library.s"
		done
		compile modules -fuse-ld=$linker "$SOURCE/modules.c" -L. -llinked -Wl,-rpath,"$PWD" \
			-L"$RCPP_BUILD" -lrcpp -Wl,-rpath,"$RCPP_BUILD" -ldl
		./modules "$PWD/libbefore.so" "$PWD/libafter.so"
	done
}

# (Not every linker lists the version itself.)
@test "librcpp.so exports the public functions only" {
	run sh -c 'nm -D --defined-only "$1" | sed "/ A RCPP_1/d; s/.* //" | sort | tr "\n" " "' - \
		"$RCPP_BUILD/librcpp.so"
	[ "$output" = "rcpp_configure@@RCPP_1 rcpp_error@@RCPP_1 rcpp_patch@@RCPP_1 rcpp_patch_module@@RCPP_1 rcpp_revert@@RCPP_1 rcpp_set_timeout@@RCPP_1 rcpp_stats@@RCPP_1 rcpp_update@@RCPP_1 rcpp_use_signal@@RCPP_1 rcpp_verify@@RCPP_1 " ]
	run readelf -d "$RCPP_BUILD/librcpp.so"
	[[ $output == *"[librcpp.so.1]"* ]]
}

@test "a foreign byte in a site: an error, and nothing is changed" {
	program damage
	run ./damage
	[ "$status" -eq 0 ]
	[[ $output == "damage: site 0x"*" holds other bytes than its table says"*"; nothing in this module was changed" ]]
}

# compile_decoder PROGRAM SOURCE... : with the part of the runtime that decodes sites.
compile_decoder() {
	local sources
	read -ra sources <<<"$(make -s --no-print-directory -C "$TOP" decoder-sources)"
	compile "$@" "${sources[@]}"
}

@test "the shorter way of a walk says what the longer one says" {
	local object
	for object in walks:"$SOURCE/walks.c" kernels:"$TOP/tests/bench/kernels.c"; do
		"$RCPP_BUILD/rcpp-cc" "$RCPP_CC" -std=gnu11 -O2 -I"$TOP/runtime" \
			-I"$TOP/runtime/x86-64" -I"$SOURCE" -c "${object#*:}" -o "${object%%:*}.o"
	done
	$RCPP_CC walks.o kernels.o "$RCPP_BUILD/librcpp.a" -o walks
	run ./walks
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "damaged tables: an error or harmless, under AddressSanitizer" {
	compile_decoder core -fsanitize=address,undefined -fno-sanitize-recover=all \
		"$SOURCE/core.c" "$SOURCE/nops.s"
	./core
}

@test "variables behind the global offset table: damaged rows, and slots that are none" {
	compile_decoder remote -fsanitize=address,undefined -fno-sanitize-recover=all \
		"$SOURCE/remote.c"
	./remote
}

@test "where no thread may stand, behind the pages that are exchanged" {
	compile forbid "$SOURCE/forbid.c" "$RCPP_BUILD/librcpp.a"
	./forbid
}

@test "refused system calls: an error, and nothing is changed" {
	local call
	two_segments refuse
	for call in mprotect mmap mremap second; do
		run ./refuse $call
		[ "$status" -eq 0 ]
		[ "$output" = "refuse: ${call/second/mremap}: Operation not permitted; the text is unchanged" ]
	done
}

@test "each system call fails once, and from there on: an error, and a program that is right" {
	local wrap=-Wl,--wrap=mmap,--wrap=mprotect,--wrap=mremap
	program nth $wrap -Wa,--defsym,FAR=200000,--defsym,PAGES=1
	./nth
	program nth $wrap -static -Wa,--defsym,FAR=200000,--defsym,PAGES=1
	./nth
	two_segments nth $wrap -Wa,--defsym,PAGES=1 -DSEGMENTS=2
	./nth
}

@test "the same values again: no mapping is made" {
	program refuse
	./refuse nothing
}

@test "other threads execute and watch: right results, never writable and executable" {
	program watch -pthread -static -Wa,--defsym,FAR=200000
	./watch
	program watch -pthread -Wa,--defsym,FAR=200000
	./watch
}

@test "RCPP_VERBOSE=1 prints one line" {
	program values
	run env RCPP_VERBOSE=1 ./values
	[ "$status" -eq 0 ]
	[[ ${lines[0]} =~ ^"rcpp: 15 sites, 14 patched, 1 left as loads, "[0-9]+" bytes, "[0-9]+" microseconds"$ ]]
	run ./values
	[ -z "$output" ]
}

@test "RCPP_DISABLE=1 leaves loads" {
	program disabled
	RCPP_DISABLE=1 ./disabled 0
	RCPP_DISABLE=0 ./disabled 1
	./disabled 1
}

@test "no descriptors or mappings are left behind" {
	program leaks -Wa,--defsym,FAR=200000
	./leaks
}

@test "under valgrind: right results, no errors" {
	command -v valgrind >/dev/null || skip "no valgrind"
	program values -no-pie -DNON_PIE -Wa,--defsym,NON_PIE=1,--defsym,FAR=200000
	valgrind -q --error-exitcode=9 --leak-check=full --track-fds=no ./values
}

@test "RCPP_VERBOSE=2: what each site holds, and why it reads memory" {
	local compiler
	cat >unmarked.c <<-'END'
		long unmarked = 7;
	END
	cat >verbose.c <<-'END'
		#include <rcpp.h>
		__patchable long narrow = 0x44, wide = 1L << 40;
		extern long unmarked __attribute__((visibility("hidden")));
		RCPP_EXTERN(unmarked);
		__attribute__((noinline)) long read_narrow(void) { return narrow; }
		__attribute__((noinline)) long add_wide(long x) { return x + wide; }
		__attribute__((noinline)) long read_unmarked(void) { return unmarked; }
		int main(int argc, char **argv)
		{
			(void)argv;
			rcpp_configure(RCPP_KEEP_WRITABLE);
			int result = rcpp_patch();
			if (argc > 1)
				*(volatile long *)&narrow = 0x45;
			if (argc > 1)
				result |= rcpp_patch_module(&result) != -1; /* no module */
			return result || read_narrow() != 0x44 || add_wide(1) != 1 + wide || read_unmarked() != 7;
		}
	END
	for compiler in gcc clang; do
		"$RCPP_BUILD/rcpp-cc" $compiler -O2 -I"$TOP/runtime" -Wr,--wide=load verbose.c unmarked.c \
			"$RCPP_BUILD/librcpp.a" -o verbose
		RCPP_VERBOSE=1 ./verbose 2>one
		[ "$(wc -l <one)" -eq 1 ]
		RCPP_VERBOSE=2 ./verbose 2>two
		cat two
		[ "$(head -n 1 two | cut -d, -f1-3)" = "$(cut -d, -f1-3 one)" ]
		[ "$(wc -l <two)" -eq "$(($("$RCPP_BUILD/rcpp-dump" verbose | wc -l) + 1))" ]
		grep -q '^rcpp: verbose: 0x[0-9a-f]*: mov. $V, %[a-z]*, V = 0x44: holds its value$' two
		grep -q ', V = 0x10000000000: as compiled, no other code for this value$' two
		grep -q ': movq VAR,%[a-z]*: as compiled, its variable is not patchable here$' two
		RCPP_VERBOSE=2 ./verbose late 2>changed
		grep -q ', V = 0x45: disagrees with its variable$' changed
		RCPP_DISABLE=1 RCPP_VERBOSE=2 ./verbose 2>none
		[ ! -s none ]
		# the addresses are those that rcpp-dump shows
		[ "$(grep -o ': 0x[0-9a-f]*:' two | tr -d ': ' | sort)" = \
			"$("$RCPP_BUILD/rcpp-dump" verbose | cut -d ' ' -f 1 | sort)" ]
	done
}

# runtime/kernel.c includes headers in which these are macros.
@test "what the kernel port shares uses no name that is a macro in Linux" {
	local source sources name poison=()
	for name in noinline noinstr likely unlikely current barrier; do
		poison+=("-D$name=@")
	done
	read -ra sources <<<"$(make -s --no-print-directory -C "$TOP" decoder-sources)"
	for source in "${sources[@]}"; do
		case $source in */modules.c) continue ;; esac # Linux has its own
		$RCPP_CC -std=gnu11 -I"$TOP/runtime" -I"$TOP/runtime/x86-64" -fsyntax-only -include stdbool.h -include stddef.h \
			-include stdint.h -include string.h "${poison[@]}" "$source"
	done
}
