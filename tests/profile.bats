#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# --profile: counts are exact where they are known, whatever the program does and however it ends,
# and the program does what it does without. What rcpp-report makes of a profile is in report.bats.

bats_require_minimum_version 1.5.0

setup()
{
	RCPP_BUILD=$(realpath -m "${RCPP_BUILD:-$BATS_TEST_DIRNAME/../build}")
	cc=$RCPP_BUILD/rcpp-cc
	here=$BATS_TEST_DIRNAME/profile
	unset RCPP_FLAGS RCPP_AS RCPP_PROFILE
	cd "$BATS_TEST_TMPDIR" || return
}

# profile [FILE]: its lines
profile()
{
	python3 "$here/read.py" "${1:-rcpp.profile}"
}

# counted SYMBOL read|write: by all functions, at all offsets that begin so
counted()
{
	profile | awk -v symbol="$1" -v kind="$2" \
		'index($3, symbol) == 1 && $6 == kind { n += $8 } END { print n + 0 }'
}

# is SYMBOL READS WRITES
is()
{
	[ "$(counted "$1" read) $(counted "$1" write)" = "$2 $3" ] || { profile | grep -F "$1" && false; }
}

# build PROGRAM COMPILER ARGUMENT...
build()
{
	rm -f rcpp.profile "$1"
	"$cc" "${@:2}" -Wr,--profile -o "$1" 2>messages || { cat messages && false; }
}

# What is known of counts.c and shared.c.
check_counts()
{
	is byte+0:1 100 3
	is word+0:2 100 3
	is number+0:4 200 3
	is wide+0:8 110 3
	is divisor+0:8 110 1
	is real+0:8 100 3
	is counter+0:8 1001 1000
	is shared+0:8 55 2
	is shared+8:8 5 2
}

# Where the compiler splits no structure into variables of their own, and knows no function pointer.
check_statics()
{
	is shift+0:8 100 1
	is pair+8:8 100 3
	is operation+0:8 100 1
}

@test "counts are exact: gcc and clang, all levels" {
	for options in "gcc -O0" "gcc -O1" "gcc -O2 -g" "gcc -O3 -march=native" "gcc -Os" "clang -O0" "clang -O1" \
		"clang -O2" "clang -O3 -g"; do
		echo "$options"
		# Without vectors: then each half of the structure is stored by itself.
		# shellcheck disable=SC2086
		build counts $options -fno-tree-vectorize -fno-tree-slp-vectorize "$here/counts.c" "$here/shared.c"
		run ./counts
		[ "$output" = "38215 1000" ]
		check_counts
		[[ $options == clang*-O[1-3]* ]] || check_statics
		grep -q 'module counts runs 1 unread 0' <(profile)
	done
}

@test "counts are exact: position-independent, static, link-time optimization, all linkers, musl" {
	local flags="-O1 $here/counts.c $here/shared.c"
	for compiler in "gcc -fno-pie -no-pie" "gcc -fPIC" "clang -fPIC" "gcc -static" "gcc -static-pie -fuse-ld=bfd" \
		"gcc -fuse-ld=gold" "gcc -fuse-ld=lld" "gcc -fuse-ld=mold" "clang -fuse-ld=lld" "musl-gcc" \
		"gcc -ffunction-sections -Wl,--gc-sections" "gcc -fPIC -ffunction-sections -Wl,--gc-sections -fuse-ld=gold" \
		"clang -ffunction-sections -Wl,--gc-sections -fuse-ld=lld" "gcc -flto -fno-inline"; do
		echo "$compiler"
		# shellcheck disable=SC2086
		build counts $compiler $flags
		run ./counts
		[ "$output" = "38215 1000" ]
		check_counts
	done
}

@test "runs add up; what was read before a write is known" {
	build counts gcc -O1 "$here/counts.c" "$here/shared.c"
	./counts >out
	./counts >out
	grep -q 'module counts runs 2 ' <(profile)
	is byte+0:1 200 6
	is counter+0:8 2002 2000
	# All but the last five of a run's 55 reads.
	profile | awk '$3 == "shared+0:8" { print $9 }' | sort -u >before
	grep -qx 100 before
	# counter: the one read behind all writes is not among them
	profile | awk '$3 == "counter+0:8" { print $9 }' | sort -u >before
	[ "$(cat before)" = 2000 ]
	# Other units know of the write, too: shared.c reads what it writes, counts.c what shared.c writes.
	profile | awk '$3 == "shared+8:8" && $9 == 0 && $10 > 0' | grep -q "counts.c.*main read"
}

@test "a wide store is a write of every field in it" {
	cat >wide.c <<-'C'
		#include <string.h>
		struct { int a, b, c, d; } four;
		__attribute__((noipa)) int get(void) { return four.b + four.d; }
		__attribute__((noipa)) void set(const void *from) { memcpy(&four, from, 16); }
		int main(void)
		{
			int sum = 0, values[4] = {1, 2, 3, 4};
			for (int i = 0; i < 3; i++)
				sum += get();
			set(values);
			return sum + get() != 6;
		}
	C
	build wide gcc -O2 wide.c
	./wide
	is four+0:16 0 1
	is four+4:4 4 0
	# three of the four reads came before it
	profile | awk '$3 == "four+4:4" || $3 == "four+12:4" { print $9, ($10 > 0), $11 }' | sort -u >before
	[ "$(cat before)" = "3 1 0" ]
}

@test "writes through pointers are seen by the reads that follow" {
	cat >pointer.c <<-'C'
		struct { char byte; short word; int number; long wide; void (*call)(void); } s;
		int direct;
		static void nothing(void) {}
		__attribute__((noipa)) void set(void *to, long value, int size) { __builtin_memcpy(to, &value, size); }
		__attribute__((noipa)) long get(void)
		{
			s.call();
			return s.byte + s.word + s.number + s.wide + direct;
		}
		/* the flags are live at the read */
		__attribute__((noipa)) long between(long x, long y)
		{
			long a;
			__asm__("cmp %2, %1\n\tmovq %3, %0\n\tcmovl %1, %0" : "=&r"(a) : "r"(x), "r"(y), "m"(s.wide) : "cc");
			return a;
		}
		int main(void)
		{
			long sum = 0;
			s.call = nothing;
			for (int i = 0; i < 40; i++) {
				if (i == 10 || i == 20) { /* and back again before anything else is written */
					set(&s.byte, i, 1), set(&s.word, i, 2), set(&s.number, i, 4), set(&s.wide, i, 8);
					set(&direct, 0, 4); /* no change */
					sum += get();
					set(&s.byte, 0, 1), set(&s.word, 0, 2), set(&s.number, 0, 4), set(&s.wide, 0, 8);
				}
				sum += get() + between(5, 1);
			}
			direct = 1;
			return sum + get() != 10 * 4 + 20 * 4 + 1;
		}
	C
	for options in "gcc -O2" "gcc -O0" "clang -O2 -Dnoipa=noinline" "clang -O1 -fPIC -Dnoipa=noinline"; do
		# shellcheck disable=SC2086
		build pointer $options pointer.c
		./pointer
		profile >lines
		for field in s+0:1 s+2:2 s+4:4 s+8:8; do
			# twice there and twice back
			[ "$(awk -v field=$field '$3 == field && $5 == "get" { print $11; exit }' lines)" = 4 ] ||
				{ echo "$options $field" && cat lines && false; }
		done
		[ "$(awk '$3 == "direct+0:4" { print $11; exit }' lines)" = 0 ]
		[ "$(awk '$3 == "s+16:8" { n += $11 } END { print n + 0 }' lines)" = 0 ]
	done
}

@test "what is written behind rcpp_patch() is late" {
	cat >late.c <<-'C'
		#include <rcpp.h>
		static int early, late;
		int seen, *pointer = &seen;
		__attribute__((noipa)) int get(void) { return early + late + seen; }
		int main(void)
		{
			int sum = 0;
			for (int i = 0; i < 10; i++)
				early = late = *pointer = i, sum += get();
			if (rcpp_patch())
				return 1;
			for (int i = 0; i < 1000; i++) {
				if (i == 500)
					late = *pointer = 77;
				sum += get();
			}
			return sum != 3 * 45 + 1000 * 9 + 500 * (9 + 9) + 500 * (77 + 77);
		}
	C
	for compiler in "gcc -O1" "clang -O0 -Wno-unknown-attributes" "gcc -O2 -fPIC -fno-plt"; do
		# shellcheck disable=SC2086
		build late $compiler -I"$BATS_TEST_DIRNAME/../runtime" late.c "$RCPP_BUILD/librcpp.a"
		./late
		profile >lines
		[ "$(awk '$3 == "early+0:4" { print $12; exit }' lines)" = 0 ]
		[ "$(awk '$3 == "late+0:4" { print $12; exit }' lines)" = 1 ]
		[ "$(awk '$3 == "seen+0:4" { print $12; exit }' lines)" = 1 ]
		"$RCPP_BUILD/rcpp-report" --symbols late rcpp.profile >list
		grep -q '^early  *# early, .*: settled' list
		grep -q '^# late  *# late, .*: settled but for one write by main()' list
		run -1 grep -q '^seen' list
	done
}

@test "what is written through a pointer before rcpp_patch(), and read only behind it, is not late" {
	cat >early.c <<-'C'
		#include <rcpp.h>
		int counted; /* fields are looked at when it is written, and not soon again */
		static int early, late;
		int *pointers[] = { &early, &late };
		__attribute__((noipa)) int get(void) { return early + late; }
		__attribute__((noipa)) void set(int i, int to) { *pointers[i] = to; }
		int main(void)
		{
			int sum = 0;
			counted = 1;
			set(0, 1);
			set(1, 2);
			if (rcpp_patch())
				return 1;
			set(1, 4);
			for (int i = 0; i < 1000; i++)
				sum += get();
			return sum != 5000;
		}
	C
	for compiler in "gcc -O1" "clang -O0 -Wno-unknown-attributes" "gcc -O2 -fPIC"; do
		# shellcheck disable=SC2086
		build early $compiler -I"$BATS_TEST_DIRNAME/../runtime" early.c "$RCPP_BUILD/librcpp.a"
		./early
		profile >lines
		[ "$(awk '$3 == "early+0:4" { print $11, $12; exit }' lines)" = "1 0" ]
		[ "$(awk '$3 == "late+0:4" { print $11, $12; exit }' lines)" = "2 1" ]
		"$RCPP_BUILD/rcpp-report" --symbols early rcpp.profile >list
		grep -q '^early  *# early, 1,000 reads: settled' list
		run -1 grep -q '^late' list
	done
}

@test "what is written between rcpp_revert() and rcpp_patch() is not late; calls at a function's end" {
	cat >again.c <<-'C'
		#include <rcpp.h>
		static int between, late, counted, *pointer = &between;
		__attribute__((noipa)) int get(void) { return between + late + counted; }
		__attribute__((noipa)) void set(int to) { *pointer = to; }
		__attribute__((noipa)) int patch(void) { return PATCH; }
		__attribute__((noipa)) int revert(void) { return rcpp_revert(); }
		int main(void)
		{
			int sum = 0;
			for (int i = 0; i < 3; i++) {
				set(i);
				counted = i;
				if (patch())
					return 1;
				sum += get();
				late = i;
				sum += get();
				if (revert())
					return 1;
			}
			return sum != 2 * (0 + 1 + 2) * 2 + 0 + (0 + 1) + (1 + 2);
		}
	C
	for call in "rcpp_patch()" "rcpp_patch_module((void *)get)"; do
		for compiler in "gcc -O2" "gcc -O1" "clang -O2 -Wno-unknown-attributes" "gcc -O2 -fPIC -fno-plt"; do
			echo "$compiler $call"
			# shellcheck disable=SC2086
			build again $compiler "-DPATCH=$call" -I"$BATS_TEST_DIRNAME/../runtime" again.c \
				"$RCPP_BUILD/librcpp.a"
			./again
			profile >lines
			[ "$(awk '$3 == "between+0:4" { print $12; exit }' lines)" = 0 ]
			[ "$(awk '$3 == "counted+0:4" { print $12; exit }' lines)" = 0 ]
			[ "$(awk '$3 == "late+0:4" { print $12; exit }' lines)" = 3 ]
		done
	done
}

@test "a write that is counted is none that nobody has counted" {
	cat >twice.c <<-'C'
		#include <time.h>
		static long last;
		__attribute__((noipa)) static void set(long to) { last = to; }
		__attribute__((noipa)) static long get(void) { return last; }
		int main(void)
		{
			long sum = 0;
			/* The fields are looked at in front of a write that follows another one. */
			for (clock_t start = clock(); clock() - start < CLOCKS_PER_SEC / 2;)
				for (long i = 0; i < 1000; i++)
					set(3 * i), set(3 * i + 1), sum += get();
			return sum == 0;
		}
	C
	for compiler in "gcc -O2" "gcc -O0"; do
		# shellcheck disable=SC2086
		build twice $compiler twice.c
		./twice
		profile | awk '$3 == "last+0:8" { print $11 }' | sort -u >unseen
		[ "$(cat unseen)" = 0 ]
	done
}

# check_times: of times.c, early has been written until the first third, the others until the end
check_times()
{
	profile >lines
	awk '$3 == "late+0:8" && $10 > end { end = $10 }
		$3 == "early+0:8" { early++; wrong += $10 / end < 0.2 || $10 / end > 0.45 }
		$3 ~ /^pair/ { pair++; wrong += $10 / end < 0.95 }
		{ wrong += $11 > 0 }
		END { exit wrong || early < 3 || pair < 2 }' <(grep late+ lines) lines || { cat lines && false; }
	# What another unit reads has been written as often: once for each write behind rcpp_patch().
	awk '$3 == "early+0:8" { early[$12] } $3 == "pair+0:8" || $3 == "pair+0:16" { pair[$12] }
		END { exit length(early) != 1 || length(pair) != 1 }' lines || { cat lines && false; }
}

@test "times of last writes, with the kernel's clock and without, are known in each unit" {
	cat >times.c <<-'C'
		#include <rcpp.h>
		#include <string.h>
		#include <time.h>
		volatile long early, late;
		struct { long a, b; } pair;
		long seen(void);
		__attribute__((noipa)) static void set(const long *from) { memcpy(&pair, from, 16); }
		static double now(void)
		{
			struct timespec now;
			clock_gettime(CLOCK_MONOTONIC, &now);
			return now.tv_sec + now.tv_nsec / 1e9;
		}
		int main(void)
		{
			double start = now();
			long numbers[2] = {1, 2}, sum = 0;
			for (; now() - start < 0.1; numbers[0]++)
				early++, sum += seen();
			if (rcpp_patch())
				return 1;
			early = 5;
			for (; now() - start < 0.3; numbers[1]++)
				late++, set(numbers), sum += seen() + pair.b;
			return sum == 0;
		}
	C
	cat >seen.c <<-'C'
		extern volatile long early, late;
		extern struct { long a, b; } pair;
		long seen(void);
		long seen(void) { return early + pair.a; }
	C
	for options in "-O2" "-O0" "-O2 -fPIC"; do
		# shellcheck disable=SC2086
		build times gcc $options -I"$BATS_TEST_DIRNAME/../runtime" times.c seen.c "$RCPP_BUILD/librcpp.a"
		./times
		check_times
	done
	for unit in times seen; do
		gcc -O2 -I"$BATS_TEST_DIRNAME/../runtime" -S $unit.c
		"$RCPP_BUILD/rcpp" --profile $unit.s -o $unit.counted.s
		grep -q '"\[vvar\]"' $unit.counted.s
		sed -i 's/"\[vvar\]"/"[none]"/' $unit.counted.s
	done
	gcc times.counted.s seen.counted.s "$RCPP_BUILD/librcpp.a" -o times
	rm rcpp.profile
	./times
	check_times
}

@test "what nothing has read again is compared when the process exits, or the library goes" {
	cat >last.c <<-'C'
		#include <rcpp.h>
		#include <stdlib.h>
		static struct { long number, other; } last;
		__attribute__((noipa)) static void set(long *to) { *to = 10; }
		__attribute__((noipa)) static long get(void) { return last.number; }
		__attribute__((constructor)) static void work(void)
		{
			if (get() || rcpp_patch())
				abort();
			set(&last.number);
		}
		#ifdef PROGRAM
		int main(void) { exit(0); }
		#endif
	C
	printf '%s\n' '#include <dlfcn.h>' '#include <unistd.h>' 'int main(void) {' \
		'void *l = dlopen("./last.so", RTLD_NOW); if (!l || dlclose(l)) return 1; _exit(0); }' >load.c
	gcc load.c -o load
	for compiler in "gcc -O2" "clang -O0 -Wno-unknown-attributes" "gcc -O2 -static" "gcc -O1 -fuse-ld=lld" \
		"gcc -O1 -fuse-ld=gold" "gcc -O1 -fuse-ld=mold"; do
		echo "$compiler"
		# shellcheck disable=SC2086
		build last $compiler -DPROGRAM -I"$BATS_TEST_DIRNAME/../runtime" last.c "$RCPP_BUILD/librcpp.a"
		./last
		[ "$(profile | awk '$3 == "last+0:8" { print $11, $12 }')" = "1 1" ]
		[[ $compiler != *-static* ]] || continue
		# shellcheck disable=SC2086
		build last.so $compiler -fPIC -shared -I"$BATS_TEST_DIRNAME/../runtime" last.c \
			"$RCPP_BUILD/librcpp.a"
		./load
		[ "$(profile | awk '$3 == "last+0:8" { print $11, $12 }')" = "1 1" ]
	done
}

@test "registers, flags and the red zone stay as they are" {
	for compiler in "gcc -O0 -no-pie" "clang -O0 -no-pie" "clang -O1 -no-pie"; do
		# shellcheck disable=SC2086
		build state $compiler "$here/state.c"
		./state
		for function in read_it write_it change_it set_it; do
			profile | grep -q "$function [a-z]* moves 128 "
		done
	done
}

@test "however a process ends, and in what it begins, its counts are kept" {
	build processes gcc -O2 -pthread "$here/processes.c"
	for end in return exit _exit abort kill fault; do
		rm -f rcpp.profile
		run timeout 60 ./processes "$end"
		is writes+0:8 0 10
		is reads+0:8 10 0
	done
	rm rcpp.profile
	./processes exec
	is writes+0:8 0 20
	grep -q 'runs 2 ' <(profile)
	rm rcpp.profile
	./processes fork
	is writes+0:8 0 60
	grep -q 'runs 1 ' <(profile)
}

@test "no write is missed where threads write at the same time" {
	build processes gcc -O2 -pthread "$here/processes.c"
	for _ in 1 2 3; do
		rm -f rcpp.profile
		./processes threads
		is writes+0:8 0 800010
		is both+0:8 0 800000
	done
}

@test "shared libraries: loaded at start, loaded later, unloaded" {
	cat >library.c <<-'C'
		static long own;
		long both;
		long work(void);
		long work(void) { own++; return both++; }
	C
	cat >main.c <<-'C'
		#include <dlfcn.h>
		long both = 5, work(void);
		int main(void)
		{
			for (int i = 0; i < 3; i++) {
				void *library = dlopen("./later.so", RTLD_NOW);
				long (*later)(void) = library ? (long (*)(void))dlsym(library, "work") : 0;
				if (!later)
					return 2;
				for (int j = 0; j < 10; j++)
					later();
				dlclose(library);
			}
			return work() + both < 6;
		}
	C
	build library.so gcc -O2 -fPIC -shared library.c
	build later.so gcc -O2 -fPIC -shared -Wl,-Bsymbolic library.c
	build main gcc -O2 main.c ./library.so
	timeout 60 ./main
	profile | grep '^module' | sort >modules
	[ "$(cat modules)" = "module later.so runs 3 unread 0
module library.so runs 1 unread 0
module main runs 1 unread 0" ]
	[ "$(profile | awk '$1 == "later.so" && $3 == "own+0:8" && $6 == "write" { print $8, $9 }')" = "30 30" ]
	[ "$(profile | awk '$1 == "library.so" && $3 == "both+0:8" && $6 == "write" { print $8 }')" = 1 ]
	# main reads what the library has written
	[ "$(profile | awk '$1 == "main" && $3 == "both+0:8" { print $11 }')" = 1 ]
	[ "$(profile | awk '$1 != "main" && $11 > 0')" = "" ]
}

@test "RCPP_PROFILE names the file, and %p the process" {
	build counts gcc -O1 "$here/counts.c" "$here/shared.c"
	mkdir directory
	RCPP_PROFILE=directory/here ./counts
	[ ! -e rcpp.profile ]
	profile directory/here | grep -q 'counter+0:8'
	RCPP_PROFILE=own.%p.x ./counts
	RCPP_PROFILE=own.%p.x ./counts
	set -- own.*.x
	[ $# -eq 2 ]
	for file; do
		grep -q 'runs 1 ' <(profile "$file")
	done
}

@test "a profile that cannot be written is said, and the program runs" {
	build counts gcc -O1 "$here/counts.c" "$here/shared.c"
	run --separate-stderr env RCPP_PROFILE=no/directory ./counts
	[ "$status" -eq 0 ]
	[ "$output" = "38215 1000" ]
	# shellcheck disable=SC2154 # run sets it
	[[ $stderr == "rcpp: error: no/directory: nothing is kept of this run's profile: it cannot be written"* ]]
	echo "not a profile" >other
	run --separate-stderr env RCPP_PROFILE=other ./counts
	[ "$output" = "38215 1000" ]
	[[ $stderr == *"it is no profile, or a damaged one; remove it"* ]]
	[ "$(cat other)" = "not a profile" ]
	./counts >out
	truncate -s -1 rcpp.profile
	cp rcpp.profile damaged
	run --separate-stderr ./counts
	[[ $stderr == *"damaged"* ]]
	cmp damaged rcpp.profile
}

@test "what cannot be counted is said" {
	cat >hard.s <<-'S'
			.data
			.globl x, y, z
		x:	.quad 0
		y:	.quad x
		z:	.quad 0
			.macro get from
			movq \from(%rip), %rax
			.endm
			.text
			.globl f
			.type f, @function
		f:	get x
			lock
			incq z(%rip)
			leaq y(%rip), %rax
			movq x(%rip), %rax
			ret
			.size f, .-f
			.intel_syntax noprefix
			mov rax, z[rip]
			.att_syntax
			.section .note.GNU-stack,"",@progbits
	S
	echo 'void f(void); int main(void) { f(); return 0; }' >main.c
	build hard gcc -x assembler hard.s -x c main.c
	./hard
	is x+0:8 1 0
	is z+0:8 0 0
	profile >lines
	grep -q 'z+0:8 0 f read? arithmetic 0' lines
	grep -q 'z+0:8 0 f write? moves 0' lines
	grep -q 'x+0:0 8 - write? addresses 0' lines
	grep -q 'y+0:0 8 f write? addresses 0' lines
	grep -q 'module hard runs 1 unread 3' lines # the macro, its body, and what is in Intel syntax
}

@test "random programs do what they do without" {
	include=$(dirname "$(find /usr/include -name csmith.h | head -1)")
	local count=0
	for seed in $(seq 1 12); do
		csmith --seed "$seed" >random.c
		for options in "gcc -O2" "clang -O2 -fPIC" "gcc -O3 -fno-pie -no-pie -march=native" "gcc -O0"; do
			# shellcheck disable=SC2086
			$options -w -I"$include" random.c -o plain
			run timeout 5 ./plain
			[ "$status" -ne 124 ] || continue 2
			# shellcheck disable=SC2086
			build random $options -w -I"$include" random.c
			plain="$status $output"
			run timeout 60 ./random
			[ "$status $output" = "$plain" ]
			[ ! -e rcpp.profile ] || count=$((count + 1))
		done
	done
	[ "$count" -gt 20 ]
}

@test "C++, and text that has counters already" {
	cat >static.cc <<-'CC'
		#include <string>
		#include <cstdio>
		inline int shared_by_all = 3;
		template <typename T> struct Box { static T value; };
		template <typename T> T Box<T>::value = 4;
		namespace names { static std::string text = "text"; inline int in_it; }
		int main()
		{
			static std::string local = names::text + "s";
			names::in_it = shared_by_all + Box<int>::value;
			if (names::in_it != 7)
				throw names::in_it;
			std::puts(local.c_str());
			return 0;
		}
	CC
	sed 's/main/other/' static.cc >other.cc
	for compiler in "g++ -O2" "clang++ -O2" "g++ -O0"; do
		# shellcheck disable=SC2086
		build static $compiler -std=c++17 static.cc other.cc
		[ "$(./static)" = texts ]
		profile | grep -q '_ZN5names5in_itE+0:4'
		profile | grep -q '_ZN3BoxIiE5valueE+0:4'
	done
	gcc -O2 -S "$here/shared.c"
	"$RCPP_BUILD/rcpp" --profile shared.s -o counted.s
	grep -q rcpp_counters counted.s
	"$RCPP_BUILD/rcpp" --profile counted.s | cmp - counted.s
}

# on_small_disk SIZE COMMAND...: with $small on a file system of this size
on_small_disk()
{
	mkdir -p small
	# shellcheck disable=SC2016 # the inner shell expands them
	timeout 60 unshare -rm sh -c 'mount -t tmpfs -o "size=$1" none small && shift && "$@"' sh "$@"
}

@test "a full disk, a limit, a lock, and a program that ended while it began" {
	build counts gcc -O1 "$here/counts.c" "$here/shared.c"
	on_small_disk 4k true || skip "no file systems can be mounted"
	for size in 4k 8k 12k 16k; do
		run --separate-stderr on_small_disk "$size" env RCPP_PROFILE=small/profile ./counts
		[ "$status $output" = "0 38215 1000" ]
		[ -z "$stderr" ] || [[ $stderr == *"small/profile: nothing is kept"*"it cannot be written"* ]]
	done
	[ -z "$stderr" ]
	# What was copied may have holes.
	./counts >out
	run --separate-stderr on_small_disk 16k sh -c 'cp --sparse=always rcpp.profile small/profile
		head -c 20000 /dev/zero >small/fill 2>/dev/null
		RCPP_PROFILE=small/profile exec ./counts'
	[ "$status $output" = "0 38215 1000" ]
	rm rcpp.profile
	run --separate-stderr sh -c 'ulimit -f 1; exec ./counts'
	[ "$status $output" = "0 38215 1000" ]
	[[ $stderr == *"it cannot be written"* ]]
	[ ! -s rcpp.profile ]
	run --separate-stderr timeout 60 flock rcpp.profile ./counts
	[ "$status $output" = "0 38215 1000" ]
	[[ $stderr == *"another process has it locked"* ]]
	truncate -s 8192 rcpp.profile
	./counts >out
	grep -q 'module counts runs 1 ' <(profile)
	check_counts
}

@test "a program with the rights of another user keeps no profile" {
	build counts gcc -O1 "$here/counts.c" "$here/shared.c"
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_TEST_TMPDIR"
	chown nobody counts # as root, as make check runs
	chmod 4755 counts
	mkdir -m 777 open
	cd open
	run --separate-stderr setpriv --reuid=1 --clear-groups env RCPP_PROFILE=here "$PWD/../counts"
	[ "$status $output" = "0 38215 1000" ]
	[[ $stderr == *"the program has the rights of another user"* ]]
	[ ! -e here ]
}

@test "what cannot be read is not looked at, and what may not be called is not called" {
	for options in "-no-pie -fno-pie -Wl,-z,max-page-size=0x200000" "-static -Wl,-z,max-page-size=0x200000" ""; do
		# shellcheck disable=SC2086
		build gone gcc -O2 $options "$here/gone.c"
		[ "$(./gone)" = 5 ]
	done
	build sandbox gcc -O2 "$here/sandbox.c"
	run ./sandbox
	[ "$status" -ne 77 ] || skip "no filters of system calls"
	[ "$status $output" = "0 done" ]
	is count+0:8 5000000 5000000
}

@test "a large environment, and a process with many mappings" {
	build counts gcc -O1 "$here/counts.c" "$here/shared.c"
	env A="$(printf '%0100000d' 0)" B="$(printf '%060000d' 0)" RCPP_PROFILE=here ./counts
	[ ! -e rcpp.profile ]
	cat >many.c <<-'C'
		#include <dlfcn.h>
		#include <sys/mman.h>
		int main(void)
		{
			for (int i = 0; i < 4000; i++)
				mmap(0, 4096, i % 2 ? PROT_READ : PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
			return !dlopen("./late.so", RTLD_NOW);
		}
	C
	echo 'long late; __attribute__((constructor)) void f(void) { late++; }' >late.c
	build late.so gcc -O1 -fPIC -shared late.c
	gcc many.c -o many
	./many
	grep -q 'module late.so runs 1 ' <(profile)
	# Nothing is left of what is unloaded.
	cat >often.c <<-'C'
		#include <dlfcn.h>
		#include <stdio.h>
		int main(void)
		{
			for (int i = 0; i < 300; i++)
				dlclose(dlopen("./late.so", RTLD_NOW));
			FILE *maps = fopen("/proc/self/maps", "r");
			int lines = 0, byte;
			while ((byte = getc(maps)) != EOF)
				lines += byte == '\n';
			printf("%d\n", lines);
			return lines > 100;
		}
	C
	gcc often.c -o often
	./often
	grep -q 'module late.so runs 301 ' <(profile)
}

@test "a signal finds the stack as it is" {
	for options in "gcc -O2" "gcc -O2 -mno-red-zone" "clang -O2 -Dnoipa=noinline" "gcc -O0"; do
		# shellcheck disable=SC2086
		build unwind $options "$here/unwind.c"
		timeout 60 ./unwind
	done
}

@test "names with escapes, symbols that are numbers, x87" {
	echo 'long v; int main(void) { v++; return 0; }' >'\é".c'
	build named gcc -O1 '\é".c'
	./named
	grep -qF '\é".c v+0:8 ' <(profile)
	grep -q ' main write ' <(profile)
	cat >numbers.s <<-'S'
			.equ OFFSET, 8
			.set alias, number
			.bss
			.globl number
		number:	.zero 16
			.text
			.globl main
		main:	leaq number(%rip), %rdi
			movq OFFSET(%rdi), %rax
			movq %rax, alias(%rip)
			fldl number(%rip)
			fstpl number+8(%rip)
			ret
			.section .note.GNU-stack,"",@progbits
	S
	for linker in bfd gold lld mold; do
		build numbers gcc -x assembler numbers.s "-fuse-ld=$linker"
		./numbers
		is number+0:8 1 0
		is number+8:8 0 1
		is alias+0:8 0 1
	done
	# Others know of the write to the alias, for it has an address.
	profile | awk '$3 == "number+0:8" && $6 == "read" { print ($10 > 0) }' | grep -qx 1
}
