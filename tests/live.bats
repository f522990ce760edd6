#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Patching and reverting while other threads run the sites: tests/live/live.c.
# Reads: RCPP_BUILD (the build directory, default build/ beside tests/).

setup() {
	TOP=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	build=$(cd "${RCPP_BUILD:-$TOP/build}" && pwd)
	export RCPP_AS=
	cd "$BATS_TEST_TMPDIR" || return
}

# live COMPILER [ARGUMENT]...
live() {
	"$build/rcpp-cc" "$1" -O2 -Wall -Wextra -Werror -pthread -I"$TOP/runtime" \
		-I"$TOP/tests/borders" "$TOP/tests/live/live.c" "$build/librcpp.a" -o live "${@:2}"
	# the forms that this is about
	"$build/rcpp-dump" live >sites
	for form in 'divide.*one: nothing' 'rest+.*power' 'shifts[ +].*nothing' 'shifts.*consumer' \
		'call+.*near: call V' 'choose[ +].*nothing' 'sign+.*consumer' 'far[ +].*nothing' \
		'far+0x[0-9a-f]\{5\} .*consumer'; do
		grep -q "$form" sites || { echo "no $form"; return 1; }
	done
}

@test "old values or new ones, never a mixture: gcc" {
	live gcc
	./live values
}

@test "old values or new ones, never a mixture: clang, static" {
	live clang -static
	./live values
}

@test "a thread that blocks all signals is named, and nothing is changed" {
	live gcc
	./live blocked
}

@test "a handler that has interrupted a site is waited for, on each kind of stack" {
	live gcc
	./live outer
	./live alternate
}

@test "a handler that has interrupted a site cannot patch" {
	live gcc
	./live caller
}

@test "the signal can be chosen, if nobody uses it" {
	live gcc
	./live signal
}

# update COMPILER [ARGUMENT]...
update() {
	"$build/rcpp-cc" "$1" -O2 -Wall -Wextra -Werror -pthread -I"$TOP/runtime" \
		-I"$TOP/tests/borders" "$TOP/tests/live/update.c" "${@:2}" -o update
}

@test "rcpp_update(): all old values or all new ones, in every form" {
	update gcc "$build/librcpp.a"
	./update values
	update clang "$build/librcpp.a" -static
	./update values
	update gcc -O3 -flto -fno-pie -no-pie "$build/librcpp.so" -Wl,-rpath,"$build"
	./update values 1
}

@test "rcpp_update(): without the stop it goes wrong" {
	update gcc "$build/librcpp.a"
	run timeout 60 ./update unstopped
	[ "$status" -ne 0 ]
	[ "$status" -ne 124 ]
}

@test "rcpp_update(): threads, signals and processes come and go" {
	update clang "$build/librcpp.a"
	./update churn
}

@test "rcpp_update(): no other write comes through" {
	update gcc "$build/librcpp.a"
	./update closed
}

@test "rcpp_update(): what is refused changes nothing" {
	update gcc "$build/librcpp.a"
	./update refused
	update clang "$build/librcpp.a"
	./update refused
}

@test "rcpp_update(): fields, parts of variables, variables that overlap, other memory" {
	update gcc "$build/librcpp.a"
	./update parts
	update clang "$build/librcpp.a" -O0
	./update parts
}

@test "rcpp_update(): modules that are not patched, variables that are open" {
	update gcc "$build/librcpp.a"
	./update unpatched
	RCPP_DISABLE=1 ./update disabled
}

@test "rcpp_update(): a program and a library at one instant, or neither" {
	local compiler mode
	gcc -O1 -Wall -Wextra -Werror "$TOP/tests/borders/fail.c" -o fail
	for compiler in gcc clang; do
		set -- "$build/rcpp-cc" $compiler -O2 -Wall -Wextra -Werror -pthread -I"$TOP/runtime" \
			-I"$TOP/tests/borders" "$TOP/tests/live/together.c"
		"$@" -DLIBRARY -fPIC -shared -o libtheirs.so
		"$@" -L. -ltheirs -Wl,-rpath,. "$build/librcpp.a" -o together
		./together threads
		for mode in once rest; do
			run ./fail $mode ./together fails
			echo "$compiler $mode: $output"
			[ "$status" -eq 0 ]
			[ "${output%% *}" -gt 100 ]
		done
	done
}

# edges [ARGUMENT]...
edges() {
	"$build/rcpp-cc" gcc -O2 -Wall -Wextra -Werror -pthread -I"$TOP/runtime" \
		-I"$TOP/tests/borders" "$TOP/tests/live/edges.c" "$build/librcpp.a" -o edges "$@"
}

@test "a thread that waits for all signals gets none, and is named" {
	edges
	./edges sigwait
}

@test "exit() does not wait for threads that block all signals" {
	edges
	./edges exit
}

@test "the first thread may have ended" {
	edges
	./edges leader
}

@test "there may be room for a few signals only" {
	edges
	./edges pending
}

@test "a signal that somebody handles now is left to him" {
	edges
	./edges taken
}

@test "where all that is mapped is locked, that is little" {
	edges
	./edges future
}

@test "threads of io_uring need not be stopped" {
	edges
	run ./edges uring
	[ "$status" -eq 0 ]
	[ -z "$output" ] || skip "$output"
}

@test "what looks like half a frame is none" {
	edges
	./edges torn
}

@test "a call that gives up waits for threads that look at their frames" {
	edges
	./edges late
}

@test "threads are cancelled while the text changes" {
	edges
	./edges cancel
}

@test "without /proc a process with one thread can patch" {
	mkdir root
	edges -static
	mv edges root
	chroot root /edges alone
}

@test "a library that holds the runtime is unloaded while other threads go on" {
	cat >plugin.c <<-'END'
		#include "rcpp.h"
		__patchable long value = 5;
		__attribute__((noinline)) long use(long x) { return x + value; }
		int patch(void) { return rcpp_patch() || use(1) != 6; }
	END
	cat >host.c <<-'END'
		#include <dlfcn.h>
		#include <pthread.h>
		#include <stdio.h>
		#include <unistd.h>
		static void *nap(void *unused)
		{
			for (;;)
				usleep(100);
			return unused;
		}
		int main(void)
		{
			pthread_t thread;
			int (*patch)(void);
			for (int i = 0; i < 4; i++)
				pthread_create(&thread, NULL, nap, NULL);
			for (int i = 0; i < 100; i++) { /* more often than there are signals */
				void *plugin = dlopen("./plugin.so", RTLD_NOW);
				*(void **)&patch = dlsym(plugin, "patch");
				if (patch())
					return printf("failed at %d\n", i);
				dlclose(plugin);
			}
			return 0;
		}
	END
	"$build/rcpp-cc" gcc -O2 -fPIC -shared -I"$TOP/runtime" plugin.c "$build/librcpp.a" \
		-o plugin.so
	gcc -O2 -pthread host.c -ldl -o host
	./host
}
