#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The runtime at its borders: system calls that fail, limits of the process, other threads, forks
# and loads, other people's notes and tools, file systems and C libraries. Programs of
# tests/borders/, compiled through rcpp-cc.
# Reads: RCPP_BUILD (the build directory, default build/ beside tests/).

setup() {
	TOP=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	build=$(cd "${RCPP_BUILD:-$TOP/build}" && pwd)
	source=$TOP/tests/borders
	export RCPP_AS=
	cd "$BATS_TEST_TMPDIR" || return
}

# through_rcpp COMPILER ARGUMENT...
through_rcpp() {
	"$build/rcpp-cc" "$1" -O2 -Wall -Wextra -Werror -I"$TOP/runtime" -I"$source" "${@:2}"
}

# program NAME [ARGUMENT]...: NAME.c with the static library.
program() {
	through_rcpp "${compiler:-gcc}" "$source/$1.c" "$build/librcpp.a" -o "$1" "${@:2}"
}

# A program that patches itself and says how many sites hold a value, or why not.
hello() {
	cat >hello.c <<-'END'
		#include "check.h"
		__patchable long value = 5;
		__attribute__((noinline)) long use(long x) { return x + value; }
		int main(void)
		{
			struct rcpp_stats stats;
			if (rcpp_patch()) {
				puts(rcpp_error());
				return use(1) == 6 ? 2 : 3;
			}
			CHECK(!rcpp_stats(&stats) && use(1) == 6);
			printf("%lu of %lu\n", stats.patched, stats.sites);
			return 0;
		}
	END
	through_rcpp gcc hello.c "$build/librcpp.a" -o hello "$@"
}

# fails_with TEXT OTHER: ./hello goes on with its loads, and says why; so does rcpp-dump.
fails_with() {
	run ./hello
	echo "$output"
	[ "$status" -eq 2 ]
	[[ $output == "hello: "*"$1"* ]]
	run "$build/rcpp-dump" hello
	echo "$output"
	[ "$status" -eq 1 ]
	[[ $output == *"hello: error: "*"$2"* ]]
}

# A program that says which file its text is mapped from, once it is patched; with an argument it
# removes itself first.
where() {
	cat >where.c <<-'END'
		#include "check.h"
		__patchable long value = 5;
		__attribute__((noinline)) long use(long x) { return x + value; }
		int main(int count, char **arguments)
		{
			char line[4352];
			unsigned long start, stop;
			FILE *maps;
			if (count > 1)
				CHECK(!remove(arguments[0]));
			CHECK(!rcpp_patch() && use(1) == 6);
			maps = fopen("/proc/self/maps", "re");
			CHECK(maps);
			while (fgets(line, sizeof line, maps))
				if (sscanf(line, "%lx-%lx", &start, &stop) == 2 &&
				    (unsigned long)use >= start && (unsigned long)use < stop)
					fputs(line, stdout);
			return 0;
		}
	END
	through_rcpp gcc where.c "$build/librcpp.a" -o where
}

# --- system calls and limits

@test "each system call of the runtime fails, once and with all behind it: right results" {
	local compiler mode
	gcc -O1 -Wall -Wextra -Werror "$source/fail.c" -o fail
	for compiler in gcc clang; do
		program failing
		"$build/rcpp-dump" failing >sites
		grep -q '^[^ ]* *far[ +].*nothing' sites
		grep -q '^[^ ]* *far+0x[0-9a-f]\{5\} .*consumer$' sites
		for mode in once rest "once lock"; do
			case $compiler:$mode in clang:*lock) continue ;; esac
			run ./fail "${mode% *}" ./failing "${mode#once }"
			echo "$compiler $mode: $output"
			[ "$status" -eq 0 ]
			[ "${output%% *}" -gt 100 ]
		done
	done
}

@test "a variable that is written when the pages are chosen and its own is not among them" {
	program meanwhile
	./meanwhile
}

@test "near vm.max_map_count: patched, or untouched and open" {
	program crowded
	./crowded
}

@test "variables are closed as long as a site holds a value, and open otherwise" {
	local variable site
	program variables -pthread
	for variable in value other; do # the first site, and the last one
		site=$("$build/rcpp-dump" variables | awk "/ $variable / { print \$1 }")
		./variables second "$site"
		./variables first "$site"
	done
	./variables limit
	./variables blocked
	./variables verify
}

@test "mappings, locks and other people's bytes are kept, seals are respected" {
	program kept
	./kept
}

@test "one exchange, however many places the sites are in" {
	local places
	gcc -O1 -Wall -Wextra -Werror "$source/fail.c" -o fail
	for places in 2 60; do
		{
			echo '#include "check.h"'
			echo '#include <unistd.h>'
			echo '#include "marks.h"'
			echo '__patchable long value = 5;'
			for ((i = 0; i < places; i++)); do
				echo "long f$i(long x) { return x + value; }"
				echo '__asm__(".skip 100000, 0x90");'
			done
			echo 'int main(void) { getpgid(BEGIN); CHECK(!rcpp_patch()); getpgid(END);'
			for ((i = 0; i < places; i++)); do echo "CHECK(f$i(1) == 6);"; done
			echo 'return 0; }'
		} >places.c
		through_rcpp gcc places.c "$build/librcpp.a" -D_GNU_SOURCE -o places
		./fail never ./places >count.$places
	done
	# the list of pages, and the stack, are read in pieces: their number varies
	[ "$(cut -d' ' -f1 count.60)" -lt "$(($(cut -d' ' -f1 count.2) + 50))" ]
}

# --- threads, forks, loads

@test "a child that is forked while another thread patches can patch" {
	program threads -pthread
	./threads fork
}

@test "rcpp_stats() from a callback of the dynamic linker does not hang" {
	program threads -pthread
	./threads callback
}

@test "a library that is being loaded is not patched" {
	echo '#include "rcpp.h"
		static __patchable int number = 48;
		static __patchable int *pointer = &number;
		int run(void) { return *pointer; }' >plugin.c
	through_rcpp gcc -shared -fPIC plugin.c -o plugin.so
	program threads -pthread
	./threads load ./plugin.so
}

@test "a library patches itself, and leaves the program's variables open" {
	cat >library.c <<-'END'
		#include "check.h"
		static __patchable long mine = 3;
		long library_use(long x) { return x + mine; }
		__attribute__((constructor)) static void start(void)
		{
			mine = 4;
			CHECK(!rcpp_patch_module(&mine));
		}
	END
	cat >main.c <<-'END'
		#include "check.h"
		__patchable long value = 5;
		long library_use(long);
		__attribute__((noinline)) long use(long x) { return x + value; }
		int main(void)
		{
			struct rcpp_stats stats;
			CHECK(!rcpp_stats(&stats));
			CHECK(stats.sites == 2 && stats.patched == 1);
			value = 6; /* it is open */
			CHECK(use(1) == 7 && library_use(1) == 5);
			CHECK(rcpp_patch_module((void *)8) == -1 && strstr(rcpp_error(), "no module"));
			CHECK(rcpp_patch_module(NULL) == -1);
			CHECK(!rcpp_patch_module((void *)main));
			CHECK(!rcpp_stats(&stats) && stats.patched == 2);
			CHECK(use(1) == 7);
			return 0;
		}
	END
	through_rcpp gcc -shared -fPIC library.c -L"$build" -lrcpp -o liblibrary.so
	through_rcpp gcc main.c -L. -llibrary -L"$build" -lrcpp -Wl,-rpath,"$PWD:$build" -o main
	./main
}

# --- variables

@test "a late write faults also in a module that has no site" {
	local linker
	echo '#include "check.h"
		__patchable int n;
		__attribute__((noinline)) int unused(void) { return n; }
		int main(void) { n = 1; CHECK(!rcpp_patch()); n = 2; return 0; }' >late.c
	for linker in bfd gold lld mold; do
		through_rcpp gcc -ffunction-sections -Wl,--gc-sections -fuse-ld=$linker late.c \
			"$build/librcpp.a" -o late
		run ./late
		echo "$linker: $status"
		[ "$status" -eq 139 ]
		# mold keeps all notes, and with them the function that nobody calls
		[ $linker = mold ] || [ "$("$build/rcpp-dump" late)" = "no sites" ]
	done
}

@test "destructors write their objects: at exit, and when a library is unloaded" {
	local compiler option linker
	cat >object.cpp <<-'END'
		#include <rcpp.h>
		#include <cstdio>
		#include <memory>
		struct counter { int n = 1; ~counter() { n = 0; std::puts("destroyed"); } };
		static __patchable counter object;
		static __patchable std::unique_ptr<int> pointer;
		extern "C" __attribute__((noinline)) int get() { return *pointer + object.n; }
		extern "C" void set() { pointer = std::make_unique<int>(7); }
	END
	cat >main.c <<-'END'
		#include "check.h"
		int get(void);
		void set(void);
		int main(void)
		{
			set();
			CHECK(!rcpp_patch());
			return get() != 8;
		}
	END
	cat >load.c <<-'END'
		#include <dlfcn.h>
		#include "check.h"
		int main(int count, char **arguments)
		{
			(void)arguments;
			CHECK(!rcpp_patch());
			for (int i = 0; i < 3; i++) {
				void *library = dlopen("./object.so", RTLD_NOW);
				int (*get)(void);
				void (*set)(void);
				CHECK(library);
				*(void **)&get = dlsym(library, "get");
				*(void **)&set = dlsym(library, "set");
				set();
				CHECK(!rcpp_patch());
				CHECK(get() == 8);
				if (count < 2 || i < 2)
					dlclose(library);
			}
			return 0;
		}
	END
	gcc -O1 -I"$TOP/runtime" -I"$source" -c main.c
	gcc -O1 -I"$TOP/runtime" -I"$source" load.c "$build/librcpp.a" -o load
	for compiler in g++ clang++; do
		for option in -O0 -O2; do
			through_rcpp $compiler $option -c object.cpp -o object.o
			$compiler object.o main.o "$build/librcpp.a" -o main
			[ "$(./main)" = destroyed ]
		done
		for linker in bfd gold lld mold; do
			through_rcpp $compiler -fuse-ld=$linker -shared -fPIC object.cpp -o object.so
			[ "$(./load | grep -c destroyed)" -eq 3 ]
			[ "$(./load keep | grep -c destroyed)" -eq 3 ]
		done
	done
}

@test "at exit the text stays patched where no variable was closed" {
	cat >exit.c <<-'END'
		#include <stdio.h>
		#include <stdlib.h>
		#include <rcpp.h>
		long fee;
		static void show(void)
		{
			struct rcpp_stats stats;
			rcpp_stats(&stats);
			printf("%lu of %lu\n", (unsigned long)stats.patched, (unsigned long)stats.sites);
		}
		__attribute__((noinline)) long price(long a) { return a + fee; }
		int main(int count, char **arguments)
		{
			fee = count;
			atexit(show);
			if (rcpp_patch())
				return 1;
			fee = 7; /* nobody says that it is settled */
			return price(1) != 2;
		}
	END
	"$build/rcpp-cc" gcc -O2 -I"$TOP/runtime" -Wr,--symbol=fee exit.c \
		"$build/librcpp.a" -o named
	[ "$(./named)" = "1 of 1" ]
	# Where it is closed, destructors may write it: so the text is reverted before.
	sed 's/^long fee/__patchable &/; s/fee = 7;.*//' exit.c >closed.c
	"$build/rcpp-cc" gcc -O2 -I"$TOP/runtime" closed.c "$build/librcpp.a" -o closed
	[ "$(./closed)" = "0 of 1" ]
}

@test "a destructor writes its variable while another thread patches" {
	local compiler linker mode
	for compiler in gcc clang; do
		program unload -pthread
		for linker in bfd gold lld mold; do
			through_rcpp $compiler -fuse-ld=$linker -Wno-unused-function -DLIBRARY -shared -fPIC \
				"$source/unload.c" -o library.so
			case $compiler-$linker in *-bfd | gcc-*) ./unload race ;; esac
			for mode in inside wait child late exit; do
				echo "$compiler $linker $mode"
				./unload $mode
			done
		done
	done
}

@test "destructors of other files write variables when a library is unloaded" {
	local compiler files
	echo '#include <rcpp.h>
		__patchable long value = 5;
		long use(long x) { return x + value; }
		void set(long to) { value = to; }' >variable.c
	echo '#include <rcpp.h>
		extern __patchable long value;
		RCPP_EXTERN(value);
		__attribute__((destructor)) static void end(void) { value = 9; }' >destructor.c
	echo '#include <stdlib.h>
		void set(long to);
		static void end(void) { set(9); }
		__attribute__((constructor)) static void start(void) { atexit(end); }' >atexit.c
	echo 'void set(long to); struct object { ~object() { set(9); } }; static object object;' |
		sed 's/^void/extern "C" void/' >object.cpp
	echo '#include <dlfcn.h>
		#include "check.h"
		int main(void)
		{
			void *library = dlopen("./library.so", RTLD_NOW);
			CHECK(library && !rcpp_patch() && !dlclose(library));
			return 0;
		}' >load.c
	gcc -O1 -I"$TOP/runtime" -I"$source" load.c "$build/librcpp.a" -o load
	for compiler in gcc clang; do
		for files in destructor.c atexit.c object.cpp; do
			through_rcpp $compiler -fno-exceptions -fPIC -shared variable.c "$files" -o library.so
			./load
			through_rcpp $compiler -fno-exceptions -fPIC -shared "$files" variable.c -o library.so
			./load
			through_rcpp $compiler -fno-exceptions -masm=intel -fPIC -shared variable.c "$files" \
				-o library.so
			./load
		done
	done
}

@test "variables that fill a page to its end" {
	local linker
	echo '#include "check.h"
		__patchable long page[512] = {1};
		__attribute__((noinline)) long use(void) { return page[511]; }
		int main(void) { page[511] = 2; CHECK(!rcpp_patch()); return use() != 2; }' >full.c
	for linker in bfd gold lld mold; do
		through_rcpp gcc -fuse-ld=$linker full.c "$build/librcpp.a" -o full
		./full
	done
}

# --- linkers, and tools that come after them

@test "other people's notes are not ours to judge" {
	local linker
	for linker in bfd gold lld mold; do
		hello -fuse-ld=$linker "$source/notes.s"
		[ "$(./hello)" = "1 of 1" ]
		through_rcpp gcc -shared -fPIC -fuse-ld=$linker "$source/notes.s" -o notes.so
		hello -Wl,--no-as-needed ./notes.so
		[ "$(./hello)" = "1 of 1" ]
	done
}

@test "a library for another version of the runtime: its own variables only cannot be updated" {
	cat >old.c <<-'END'
		long theirs = 5;
		__asm__(".pushsection rcpp_rows,\"a\",@note\n\t.long 5, 24, 1\n\t.asciz \"rcpp\"\n"
			"\t.balign 4\n\t.zero 24\n\t.popsection");
	END
	cat >main.c <<-'END'
		#include "check.h"
		__patchable long value = 5;
		extern long theirs;
		long *address = &theirs;
		__attribute__((noinline)) long use(long x) { return x + value; }
		int main(void)
		{
			CHECK(rcpp_patch() && strstr(rcpp_error(), "another version") && use(1) == 6);
			CHECK(!RCPP_SET(value, 7) && use(1) == 8 && !is_open(&value));
			CHECK(RCPP_SET(*address, 6) && strstr(rcpp_error(), "another version"));
			CHECK(*address == 5);
			return 0;
		}
	END
	gcc -shared -fPIC old.c -o libold.so
	# no copy of their variable
	through_rcpp gcc -fPIC main.c "$build/librcpp.a" -L. -lold -Wl,-rpath,"$PWD" -o main
	./main
}

@test "a tool has moved the tables: an error, not a success without sites" {
	hello
	patchelf --set-rpath /opt/some/longer/place/lib hello
	fails_with "is in writable memory" "writable"
}

@test "text that is writable: an error" {
	hello -fuse-ld=lld -static -Wl,-N
	fails_with "is in writable memory" "writable"
}

@test "a tool has moved the code: an error, not a success where nobody runs" {
	hello
	# what BOLT calls the code that it has copied
	objcopy --rename-section .text=.bolt.org.text hello
	fails_with "BOLT has moved the code" "BOLT"
}

@test "tables that no segment of notes shows: an error" {
	hello
	# the program headers' notes, one after the other, become nothing
	python3 - <<-'END'
		import struct
		data = bytearray(open("hello", "rb").read())
		start, = struct.unpack_from("<Q", data, 32)
		size, count = struct.unpack_from("<HH", data, 54)
		for i in range(count):
		    if struct.unpack_from("<I", data, start + i * size) == (4,):
		        struct.pack_into("<I", data, start + i * size, 0)
		open("hello", "wb").write(data)
	END
	fails_with "lies in no segment of notes" "segment of notes"
}

# --- files

@test "the patched text is mapped from its file, also on overlayfs and if the file is gone" {
	where
	[[ $(./where) == *"r-xp "*"/where" ]]
	mkdir lower upper merged
	cp where lower/
	[[ $(./where remove) == *"r-xp "*"/where (deleted)" ]]
	# the mounts end with the shell that makes them
	run unshare -m sh -c '
		mount -t tmpfs none upper && mkdir upper/upper upper/work &&
		mount -t overlay overlay -o lowerdir=lower,upperdir=upper/upper,workdir=upper/work merged ||
			exit 77
		exec merged/where'
	echo "$output"
	[ "$status" -ne 77 ] || skip "no overlayfs here: $output"
	[[ $output == *"r-xp "*"/merged/where" ]]
}

# --- C libraries, archives

@test "librcpp.a goes into a shared library" {
	echo '#include <rcpp.h>
		static __patchable long value = 5;
		int use(void) { return rcpp_patch() ? -1 : (int)value; }' >plugin.c
	through_rcpp gcc -shared -fPIC -Wl,-z,defs plugin.c "$build/librcpp.a" -o libplugin.so
	echo 'int use(void); int main(void) { return use() != 5; }' >main.c
	gcc main.c -L. -lplugin -Wl,-rpath,"$PWD" -o main
	./main
}

@test "musl, static and dynamic" {
	local kind
	cat >musl.c <<-'END'
		#include "check.h"
		__patchable long value = 5;
		__attribute__((noinline)) long use(long x) { return x + value; }
		int main(void)
		{
			struct rcpp_stats stats;
			CHECK(!rcpp_patch() && use(1) == 6 && !rcpp_stats(&stats));
			CHECK(stats.patched == stats.sites && !rcpp_revert() && use(2) == 7);
			printf("%lu\n", stats.patched);
			return 0;
		}
	END
	for kind in -static -no-pie -pie; do
		# a static program with musl crashes if mold 1.10 links it, with rcpp or without
		"$build/rcpp-cc" musl-gcc -fuse-ld=bfd $kind -O2 -I"$TOP/runtime" -I"$source" musl.c \
			"$build/librcpp.a" -o musl
		[ "$(./musl)" -eq 1 ]
	done
}

@test "two segments of text that have a page together are refused" {
	program shared-page -no-pie -fno-pie -fuse-ld=bfd -Wl,-T,"$source/shared-page.ld"
	[ "$(readelf -lW shared-page | grep -c 'LOAD.*R E')" -eq 2 ]
	timeout -s KILL 10 ./shared-page
}

@test "a page of the text that cannot be read, behind a site" {
	program unreadable -Wr,--symbol=value "$source/edge.s"
	"$build/rcpp-dump" unreadable | grep -q 'edge+0xff5'
	timeout -s KILL 10 ./unreadable
}

@test "one module's variables cannot be closed again: those of the others are" {
	through_rcpp gcc -fPIC -shared -DLIBRARY "$source/two-modules.c" -o libtheirs.so
	program two-modules -Wl,--wrap=syscall ./libtheirs.so
	./two-modules
}
