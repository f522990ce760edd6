#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Patching and reverting while other threads run the sites: tests/live/live.c; new values meanwhile:
# tests/live/update.c, for few of very many sites: tests/live/many.c, at each instruction:
# tests/live/steps.c; threads that are unlike others: tests/live/edges.c.
# Reads: RCPP_BUILD (the build directory, default build/ beside tests/), RCPP_LIVE_SECONDS (how long
# values change in each of two programs, default 2).

setup_file() {
	export TOP RCPP_BUILD RCPP_AS=
	TOP=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	RCPP_BUILD=$(cd "${RCPP_BUILD:-$TOP/build}" && pwd)
	cd "$BATS_FILE_TMPDIR" || return
	program live gcc
	program edges gcc
	program update gcc
	program steps gcc -no-pie
}

setup() {
	PATH=$BATS_FILE_TMPDIR:$PATH
	cd "$BATS_TEST_TMPDIR" || return
}

# limited COMMAND...: a program that hangs may have blocked all signals but one.
limited() {
	timeout -k 9 $((120 + ${RCPP_LIVE_SECONDS:-2})) "$@"
}

# went_wrong STATUS: and not because it took too long.
went_wrong() {
	[ "$1" -ne 0 ] && [ "$1" -ne 124 ] && [ "$1" -ne 137 ]
}

# program NAME COMPILER [ARGUMENT]...
program() {
	"$RCPP_BUILD/rcpp-cc" "$2" -O2 -fwrapv -Wall -Wextra -Werror -pthread -I"$TOP/runtime" \
		-I"$TOP/tests/borders" "$TOP/tests/live/$1.c" "$RCPP_BUILD/librcpp.a" -o "$1" "${@:3}"
}

# has_forms PROGRAM [FORM]...: it has the forms that forms.h is about, and others.
has_forms() {
	local form
	"$RCPP_BUILD/rcpp-dump" "$1" >sites
	for form in 'divide.*one: nothing' 'rest+.*power' 'shifts[ +].*nothing' 'shifts.*consumer' \
		'call+.*near: call V' 'choose[ +].*nothing' 'sign+.*consumer' \
		'before+.*s32: cmpq' 'before+.*setl .*s32: setg' 'digits+.* any: movabs' \
		'digits+.*power: .* consumer' "${@:2}"; do
		grep -q "$form" sites || { echo "no $form"; return 1; }
	done
}

far=('far[ +].*nothing' 'far+0x[0-9a-f]\{5\} .*consumer')

@test "old values or new ones, never a mixture: gcc" {
	has_forms "$BATS_FILE_TMPDIR/live" "${far[@]}"
	limited live values
}

@test "old values or new ones, never a mixture: clang, static" {
	program live clang -static
	has_forms live "${far[@]}"
	limited ./live values
}

@test "a thread that blocks all signals is named, and nothing is changed" {
	limited live blocked
}

@test "a handler that has interrupted a site is waited for, on each kind of stack" {
	limited live outer
	limited live alternate
}

@test "a handler that has interrupted a site cannot patch" {
	limited live caller
}

@test "the C library's signal stops threads that block all others, and goes on to the C library" {
	limited live "library's"
	program live clang -static
	limited ./live "library's"
}

# Which functions of other libraries the runtime calls. Some need no lock, nor does a sanitizer
# replace them.
called_functions() {
	nm "$RCPP_BUILD/librcpp.a" >symbols
	awk '$1 == "U" { used[$2] } NF == 3 { ours[$3] }
		END { for (name in used) if (!(name in ours)) print name }' symbols |
		grep -vxE 'syscall|mremap|getpid|getuid|_GLOBAL_OFFSET_TABLE_|__.*|stderr|program_.*'
}

# with_standing NAME [ARGUMENT]...: what is called while threads stand ends the program.
with_standing() {
	called_functions >called
	sed 's/.*/WRAP(&)/' called >names.h
	mapfile -t wraps < <(sed 's/^/-Wl,--wrap=/' called)
	program "$1" gcc -I. "$TOP/tests/live/standing.c" -Wl,--wrap=syscall \
		-Wl,--wrap=rcpp_is_inside "${wraps[@]}" "${@:2}"
}

@test "rcpp_update(): while threads stand, only system calls" {
	local name
	with_standing update
	for name in memcmp memcpy clock_gettime snprintf mprotect close; do
		grep -qx $name called
	done
	limited ./update values
	limited ./update churn
	with_standing many -Wl,--wrap=mremap
	limited ./many values
	limited ./many moves
}

@test "rcpp_update(): under ThreadSanitizer, whose own thread blocks nearly all signals" {
	local compiler
	for compiler in gcc clang; do
		program update $compiler -fsanitize=thread
		TSAN_OPTIONS=exitcode=7 run limited ./update values 2 4 33
		echo "$output"
		[ "$status" -eq 0 ]
	done
}

@test "rcpp_update(): few of very many sites, in every way that values can lie" {
	program many gcc -Wl,--wrap=mremap
	limited ./many values
	program many clang -Wl,--wrap=mremap
	limited ./many values
}

@test "rcpp_update(): one library after the other, at the same address" {
	local library
	program many gcc -Wl,--wrap=mremap
	for library in one other; do
		program many gcc -DLIBRARY=${#library} -fPIC -shared -o $library.so
	done
	limited ./many libraries
}

@test "rcpp_update(): few sites are written where they are, and after a revert nothing is left" {
	program many gcc -Wl,--wrap=mremap
	limited ./many moves
	limited ./many maps
}

@test "rcpp_update(): few closed variables are written where they are, and stay closed" {
	local compiler
	for compiler in gcc clang; do
		program many $compiler -Wl,--wrap=mremap,--wrap=syscall -DOPENS
		limited ./many opens
	done
}

@test "rcpp_update(): what somebody else writes into a site meanwhile is kept" {
	program many gcc -Wl,--wrap=mremap,--wrap=open -DOVERTAKE
	limited ./many overtaken
	program many clang -Wl,--wrap=mremap,--wrap=open -DOVERTAKE
	limited ./many overtaken
}

@test "rcpp_update(): where code is translated, or its memory cannot be written, pages are exchanged" {
	program many gcc -Wl,--wrap=mremap
	valgrind -q --error-exitcode=9 ./many values
	run valgrind -q ./many moves
	[[ $output == *"moves == 1"* ]]
	program many gcc -Wl,--wrap=mremap,--wrap=syscall -DREFUSE
	limited ./many values
	run limited ./many moves
	[[ $output == *"moves == 1"* ]]
}

@test "the signal can be chosen, if nobody uses it" {
	limited live signal
}

@test "rcpp_update(): all old values or all new ones, in every form: gcc" {
	has_forms "$BATS_FILE_TMPDIR/update"
	limited update values "${RCPP_LIVE_SECONDS:-2}" 8
}

@test "rcpp_update(): all old values or all new ones, in every form: clang, static" {
	program update clang -static
	has_forms update
	limited ./update values "${RCPP_LIVE_SECONDS:-2}" 8
}

@test "rcpp_update(): all old values or all new ones, in every form: gcc -flto" {
	program update gcc -O3 -flto -fno-pie -no-pie
	limited ./update values
}

@test "rcpp_update(): without the stop it goes wrong" {
	run limited update unstopped
	went_wrong "$status"
}

# stepped PROGRAM MODE: at each instruction, with the stop; and without it something goes wrong.
stepped() {
	local failure=0
	has_forms "$1"
	limited "$1" "$2" >places
	tail -n 1 places
	[ "$(tail -n 1 places | cut -d ' ' -f 1)" -gt 1000 ]
	limited "$1" "$2" unstopped || failure=$?
	went_wrong $failure
}

@test "values change at each instruction, as an outer frame's, and rcpp-dump knows where they may not" {
	local compiler
	for compiler in gcc clang; do
		program steps $compiler -no-pie
		stepped ./steps handler
		"$RCPP_BUILD/rcpp-dump" --json ./steps >sites
		python3 - <<-'END'
			import json
			sites = json.load(open("sites"))
			def listed(places, key):
			    ranges = [(int(site[key]["start"], 16), int(site[key]["stop"], 16))
			              for site in sites if site[key]]
			    return {place for place in places
			            if any(start <= place < stop for start, stop in ranges)}
			lines = [line.split() for line in open("places") if " 0x" in line]
			places = {int(place, 16) for _, place in lines}
			inside = {int(place, 16) for what, place in lines if what == "inside"}
			assert len(inside) > 30 and len(places - inside) > 30
			# In a reach, a thread in what is as compiled lets it stay so.
			others = listed(places, "forbidden") - inside
			assert inside <= listed(places, "forbidden") and others <= listed(places, "reach")
			assert len(others) < 20
		END
	done
}

@test "values change at each instruction, where a tracer stopped the thread" {
	stepped "$BATS_FILE_TMPDIR/steps" tracer
}

@test "loops that never end, or begin again at once, hold no change up" {
	for compiler in gcc clang; do
		program busy $compiler
		"$RCPP_BUILD/rcpp-dump" --json busy | jq -e 'any(.[]; .reach)'
		limited ./busy
		limited ./busy stored
	done
}

@test "rcpp_update(): threads, signals and processes come and go" {
	limited update churn
}

@test "rcpp_update(): no other write comes through" {
	limited update closed
}

@test "rcpp_update(): what is refused changes nothing" {
	limited update refused
}

@test "rcpp_update(): fields, parts of variables, variables that overlap, other memory" {
	local compiler
	limited update parts
	for compiler in "gcc -O0" "clang -O0" "clang -O2"; do
		# shellcheck disable=SC2086 # a compiler and its option
		program update $compiler
		limited ./update parts
	done
}

@test "rcpp_update(): modules that are not patched, variables that are open" {
	limited update unpatched
	RCPP_DISABLE=1 limited update disabled
}

@test "rcpp_update(): a program and a library at one instant, or neither" {
	local compiler mode
	gcc -O1 -Wall -Wextra -Werror "$TOP/tests/borders/fail.c" -o fail
	for compiler in gcc clang; do
		set -- "$RCPP_BUILD/rcpp-cc" $compiler -O2 -Wall -Wextra -Werror -pthread -I"$TOP/runtime" \
			-I"$TOP/tests/borders" "$TOP/tests/live/together.c"
		"$@" -DLIBRARY -fPIC -shared -o libtheirs.so
		"$@" -L. -ltheirs -Wl,-rpath,. "$RCPP_BUILD/librcpp.a" -o together
		./together threads
		for mode in once rest; do
			run ./fail $mode ./together fails
			echo "$compiler $mode: $output"
			[ "$status" -eq 0 ]
			[ "${output%% *}" -gt 30 ]
		done
	done
}

# gdb hands the signal on if it is told to. A breakpoint in text that changes is stepped over.
@test "values change under gdb, which has a breakpoint" {
	gdb -batch -nx -ex 'handle SIG64 nostop noprint pass' -ex 'break two if 0' -ex run -ex 'info breakpoints' \
		--args "$(command -v update)" values 1 4 >output 2>&1 || { cat output; return 1; }
	tail output
	grep -q '^[0-9]* updates, ' output
	grep -q 'exited normally' output
	grep -q '^1 .*two' output
}

@test "a debugger sets and removes breakpoints while the text changes" {
	program debugger gcc
	limited ./debugger
}

@test "values change while gdb looks at the program, again and again" {
	local process looks=0
	update values 3 4 >output &
	process=$!
	while gdb -batch -nx -p $process -ex 'thread apply all backtrace' >seen 2>&1 && grep -q check_forms seen; do
		looks=$((looks + 1))
	done
	wait $process
	cat output
	[ $looks -ge 1 ]
}

@test "values change while perf samples, and it knows the functions" {
	perf record -o none true >/dev/null 2>&1 || skip "perf may not record here"
	perf record -F 5000 -g -o samples update values 1 4 >output 2>&1 || { cat output; return 1; }
	grep '^[0-9]* updates, ' output
	perf report -i samples --stdio --no-children -g none -F symbol 2>/dev/null >listed
	grep -q '\] divide$' listed
	grep -q '\] shifts$' listed
}

# SIGPROF, a thousand times a second, and mcount() in each function.
@test "values change while gprof samples" {
	program update gcc -pg
	limited ./update values 1 4
	gprof -b -p update gmon.out | grep -w check_forms
}

# It runs one thread at a time, with all signals blocked as far as the kernel knows, and makes frames
# of its own for handlers. A thread that makes no system call, as in `live caller`, keeps all others
# from running for so long that a stop may take minutes: that one is not for each run.
@test "values change under valgrind" {
	local program programs=("update values 0 2")
	[ "${RCPP_LIVE_SECONDS:-2}" -lt 60 ] || programs+=("live caller")
	for program in "${programs[@]}"; do
		# shellcheck disable=SC2086 # a program and its arguments
		limited valgrind -q --error-exitcode=9 --fair-sched=try "$BATS_FILE_TMPDIR"/$program
	done
}

@test "a thread that waits for all signals gets none, and is named" {
	limited edges sigwait
}

@test "exit() does not wait for threads that block all signals" {
	limited edges exit
}

@test "the first thread may have ended" {
	limited edges leader
}

@test "there may be room for a few signals only" {
	limited edges pending
}

@test "a signal that somebody handles now is left to him" {
	limited edges taken
}

@test "where all that is mapped is locked, that is little" {
	limited edges future
}

@test "threads of io_uring need not be stopped" {
	run limited edges uring
	[ "$status" -eq 0 ]
	[ -z "$output" ] || skip "$output"
}

@test "what looks like half a frame is none" {
	limited edges torn
}

@test "a call that gives up waits for threads that look at their frames" {
	limited edges late
}

@test "threads are cancelled while the text changes" {
	limited edges cancel
}

@test "a thread that calls again and again keeps no other one out" {
	limited edges turn
}

@test "without /proc a process with one thread can patch" {
	mkdir root
	program edges gcc -static
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
	"$RCPP_BUILD/rcpp-cc" gcc -O2 -fPIC -shared -I"$TOP/runtime" plugin.c "$RCPP_BUILD/librcpp.a" \
		-o plugin.so
	gcc -O2 -pthread host.c -ldl -o host
	./host
}

@test "two copies of the runtime in one process patch and revert at the same time" {
	local library
	for library in "$RCPP_BUILD/librcpp.a -Wl,--exclude-libs,ALL" "-L$RCPP_BUILD -lrcpp -Wl,-rpath,$RCPP_BUILD"; do
		# shellcheck disable=SC2086
		"$RCPP_BUILD/rcpp-cc" gcc -O2 -Wall -Wextra -Werror -DLIBRARY -fPIC -shared -I"$TOP/runtime" \
			-I"$TOP/tests/borders" "$TOP/tests/live/copies.c" $library -o libother.so
		"$RCPP_BUILD/rcpp-cc" gcc -O2 -Wall -Wextra -Werror -pthread -I"$TOP/runtime" \
			-I"$TOP/tests/borders" "$TOP/tests/live/copies.c" "$RCPP_BUILD/librcpp.a" -Wl,--exclude-libs,ALL \
			-L. -lother -Wl,-rpath,"$PWD" -o copies
		./copies modules
		./copies all
	done
}
