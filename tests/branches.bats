#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Conditions on patchable values (heading [branch] of the rules): branches/generate.py makes functions
# with every condition, width and kind of compare, branches/branches.c executes them all and compares
# with what the processor says of them unpatched.
# Reads: RCPP_BUILD (the build directory, default build/ beside tests/).

bats_require_minimum_version 1.5.0

setup_file() {
	export TOP SOURCE RCPP_BUILD
	TOP=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	SOURCE=$TOP/tests/branches
	RCPP_BUILD=$(cd "${RCPP_BUILD:-$TOP/build}" && pwd)
	unset RCPP_FLAGS RCPP_AS RCPP_DISABLE RCPP_VERBOSE
	python3 "$SOURCE/generate.py" >"$BATS_FILE_TMPDIR/in.s"
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

filter() {
	rm -f explain
	"$RCPP_BUILD/rcpp" --symbol v1,v2,v4,v8 --explain=explain -o sites.s "$@" \
		"$BATS_FILE_TMPDIR/in.s"
}

# compile OPTION...
compile() {
	gcc -std=gnu11 -O1 -Wall -Wextra -Werror -I"$TOP/runtime" "$@" -c "$SOURCE/branches.c"
	as sites.s -o sites.o
}

# branches LINKER-OPTION...: all functions agree, "$agree" of them.
branches() {
	gcc branches.o sites.o "$RCPP_BUILD/librcpp.a" -o branches "$@"
	run timeout 300 ./branches
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$output" = "${agree:-3210 functions, 433350} results agree" ]
}

@test "all conditions, widths, compares and readers, by all linkers" {
	filter
	[ "$(wc -l <explain)" -eq 3210 ]
	[ "$(grep -cE '(cmp|test)[bwlq]? [^ ]*( => any: nothing)?; (j|set|cmov)' explain)" -eq 3210 ]
	compile -fPIE
	for linker in bfd gold lld mold; do
		branches -pie -fuse-ld=$linker
	done
	compile -fno-pie
	branches -no-pie
}

# others GENERATOR: as filter, with another generator's functions.
others() {
	python3 "$SOURCE/$1" >others.s
	rm -f explain
	"$RCPP_BUILD/rcpp" --symbol v1,v2,v4,v8 --explain=explain -o sites.s "${@:2}" others.s
}

@test "the carry, where adc, sbb or others elsewhere read it" {
	others carry.py
	[ "$(grep -cE '(cmp|bt)[bwlq]? \$[-0-9]+,(VAR|%[a-z]+)( after [^>]+)? => true: stc \| any: clc' explain)" -eq 2640 ]
	[ "$(grep -cE 'mov[a-z]+ VAR,%[a-z]+ => any: nothing; ' explain)" -eq 1496 ]
	[ "$(grep -cE 'bt[wlq]? \$[-0-9]+,(VAR|%[a-z]+)( after [^>]+)? => true: stc \| any: clc' explain)" -eq 792 ]
	compile -fPIE
	agree="2640 functions, 356400" branches -pie
	compile -fno-pie
	agree="2640 functions, 356400" branches -no-pie
	others carry.py --no-branch
	run -1 grep stc explain
}

# Of 2304 functions that read the register behind it, many keep a step, and the load.
@test "what is made of the value, step by step, and then compared" {
	others steps.py
	[ "$(wc -l <explain)" -eq 9216 ]
	[ "$(grep -cE '; (j|set|cmov)[a-z]+ [^;]* after ' explain)" -eq 9216 ]
	[ "$(grep -cE ' VAR,%[a-z]+ => any: nothing; ' explain)" -ge 6912 ]
	for operation in and or xor add sub shl shr sar not neg; do
		[ "$(grep -cE "after ([^;]*, )?${operation}[bwlq][, ]" explain)" -ge 900 ]
	done
	for compare in cmp test bt; do
		[ "$(grep -cE ", ${compare}[bwlq] [^ ]*,V =>" explain)" -ge 100 ]
	done
	compile -fPIE
	agree="9216 functions, 1244160" branches -pie
	compile -fno-pie
	agree="9216 functions, 1244160" branches -no-pie
	others steps.py --no-branch
	run -1 grep after explain
}

@test "every rule of the heading has its cases" {
	filter
	sed -n '/^\[branch\]/,/^$/p' "$TOP/grammar/x86-64/rules" | grep -c '^settle' >settled
	[ "$(cat settled)" -eq 4 ]
	for reader in 'j[a-z]+ L' 'j[a-z]+ L over B' 'set[a-z]+ %al' 'set[a-z]+ 8\(%rdi\)' 'cmov[a-z]+ %dx,%ax' \
		'cmov[a-z]+ %edx,%eax' 'cmov[a-z]+ %rdx,%rax'; do
		[ "$(grep -oE "; $reader after" explain | sort -u | wc -l)" -ge 30 ]
	done
	for compare in 'cmp[bwlq] \$[-0-9]+,VAR' 'test[bwlq] \$[-0-9]+,VAR' 'cmp \$[-0-9]+,%' \
		'test[bwlq] \$[-0-9]+,%' 'test[bwlq] %.*,%'; do
		[ "$(grep -cE " $compare" explain)" -ge 100 ]
	done
}

# The short jumps of the first test are long there, and stay where they are.
@test "jumps of both lengths" {
	filter
	as sites.s -o sites.o
	"$RCPP_BUILD/rcpp-dump" sites.o | grep -E ' j[a-z]+ L after' | awk '{ print $(NF - 1) }' |
		sort | uniq -c | awk '{ print $2, ($1 > 100) }' >lengths
	diff lengths - <<<$'2 1\n6 1'
}

@test "--no-branch: compares take the value, or stay" {
	filter --no-branch
	[ "$(wc -l <explain)" -eq 3210 ]
	[ "$(grep -cE 'after|nothing;' explain)" -eq 0 ]
}

# With other options as makes other bytes of the same text: of B by -msse2avx, here.
@test "what a jump skips may be other bytes in another file" {
	cat >part.c <<-'END'
		#include <rcpp.h>
		extern __patchable int v;
		double PART(double a, double b);
		double PART(double a, double b) { return v > 5 ? a : b; }
	END
	cat >whole.c <<-'END'
		#include <rcpp.h>
		#include <stdio.h>
		__patchable int v;
		double one(double a, double b), two(double a, double b);
		int main(void)
		{
			for (v = 4; v < 8; v++)
				if (rcpp_patch() || one(v, 2) != (v > 5 ? v : 2) ||
				    two(3, v) != (v > 5 ? 3 : v) || rcpp_revert())
					return puts(rcpp_error());
			return 0;
		}
	END
	for number in "one" "two -msse2avx"; do
		rm -f explain
		# shellcheck disable=SC2086 # a name and options
		"$RCPP_BUILD/rcpp-cc" gcc -O2 -I"$TOP/runtime" -Wr,--explain=explain -DPART=$number -c part.c \
			-o "${number%% *}.o"
		grep ' over B after .*mov' explain
	done
	gcc -I"$TOP/runtime" whole.c one.o two.o "$RCPP_BUILD/librcpp.a" -o whole
	./whole
	objdump -d one.o | grep -q "\bmovapd"
	objdump -d two.o | grep -q vmovapd
}

# What compilers make of it: nothing of the flags is left where the program runs.
@test "C: flags, masks, bounds and a switch" {
	cat >flags.c <<-'END'
		#include <rcpp.h>
		#include <stdbool.h>
		#include <stdio.h>
		__patchable int level = 1;
		__patchable bool on;
		__patchable unsigned char bits = 5;
		__patchable long bound = -7;
		__patchable void *hook;
		#define FUNCTION __attribute__((noinline)) long
		FUNCTION flag(long x) { return on ? x * 3 : x + 1; }
		FUNCTION mask(long x) { if (bits & 4) x = x * 5 + 1; return x - 9; }
		FUNCTION limit(long x) { return bound > 100 ? x : bound < -5 ? -x : x * x; }
		FUNCTION equal(void) { return level == 2; }
		FUNCTION null(long x) { if (hook) x += (long)hook; return x; }
		FUNCTION several(long x)
		{
			switch (level) {
			case 1: return x * 7;
			case 3: return x - 1;
			case 6: return x ^ 0x55;
			case 1000: return -x;
			}
			return 0;
		}
		static void print(void)
		{
			printf("%ld %ld %ld %ld %ld %ld\n", flag(10), mask(10), limit(10), equal(), null(10),
			       several(10));
		}
		int main(void)
		{
			static const int values[] = {0, 1, 2, 3, 6, 7, 999, 1000, 1001, -1};
			for (unsigned i = 0; i < sizeof values / sizeof *values; i++) {
				level = values[i];
				on = values[i] & 1;
				bits = (unsigned char)values[i];
				bound = values[i] * 100L;
				hook = (void *)(long)values[i];
				print();
				if (rcpp_patch())
					return 1;
				print();
				if (rcpp_revert())
					return 1;
				print();
			}
			return 0;
		}
	END
	for compiler in gcc clang; do
		for options in -O0 -O1 "-O2 -fPIE -pie" "-O2 -g -fno-pie -no-pie" -O3 -Os \
			"-O2 -fcf-protection=full"; do
			rm -f explain
			# shellcheck disable=SC2086 # options
			"$RCPP_BUILD/rcpp-cc" $compiler $options -I"$TOP/runtime" -Wr,--explain=explain \
				flags.c "$RCPP_BUILD/librcpp.a" -o flags
			[ "$(grep -c ' after .* => true: ' explain)" -ge 5 ]
			./flags >output
			[ "$(wc -l <output)" -eq 30 ]
			[ "$(uniq <output | wc -l)" -eq 10 ]
			RCPP_DISABLE=1 ./flags | diff output -
		done
	done
}

# clang writes je f where others write a jump around jmp f. The row names f as a call does.
@test "C: conditional jumps to functions, of this library and of others" {
	cat >library.c <<-'END'
		#include <rcpp.h>
		static __patchable int level;
		long outside(long);
		void set_level(int l) { level = l; }
		static __attribute__((noinline)) long inside(long x) { return x * 5; }
		long f(long x) { if (level == 3) return outside(x); return x ? inside(x + 2) : 4; }
		long g(long x) { if (level > 3) return inside(x); return outside(x + 1); }
	END
	cat >program.c <<-'END'
		#include <rcpp.h>
		#include <stdio.h>
		void set_level(int);
		long f(long), g(long);
		__attribute__((visibility("default"))) long outside(long x) { return x - 7; }
		static void print(void) { printf("%ld %ld %ld\n", f(0), f(9), g(5)); }
		int main(void)
		{
			for (int level = 2; level < 6; level++) {
				set_level(level);
				print();
				if (rcpp_patch())
					return puts(rcpp_error());
				print();
				if (rcpp_revert())
					return puts(rcpp_error());
				print();
			}
			return 0;
		}
	END
	RCPP_FLAGS=--explain=explain "$RCPP_BUILD/rcpp-cc" clang -Os -fPIC -fno-integrated-as -I"$TOP/runtime" \
		-c library.c
	[ "$(grep -cE 'level: cmpl .* => any: nothing; j[a-z]+ L after' explain)" -eq 2 ]
	[ "$(objdump -dr library.o | grep -A 1 $'\tje ' | grep -c 'R_X86_64_PLT32.*outside')" -eq 1 ]
	"$RCPP_BUILD/rcpp-dump" library.o | grep -E ' outside +je L after'
	for linker in bfd gold lld mold; do
		gcc -shared -fuse-ld=$linker library.o -o liblibrary.so
		gcc -I"$TOP/runtime" program.c -fuse-ld=$linker ./liblibrary.so "$RCPP_BUILD/librcpp.a" -o program
		./program >output
		[ "$(wc -l <output)" -eq 12 ]
		[ "$(uniq output | wc -l)" -eq 3 ]
		RCPP_DISABLE=1 ./program | diff output -
		# and in one program
		gcc -I"$TOP/runtime" program.c -fuse-ld=$linker library.o "$RCPP_BUILD/librcpp.a" -o program
		./program | diff output -
	done
}

# joined_program [SED]: of joined.py and joined.c, and its list of sites.
joined_program() {
	python3 "$SOURCE/joined.py" >functions.s
	"$RCPP_BUILD/rcpp" --symbol level,wide functions.s | sed "${1:-}" >joined.s
	as joined.s -o functions.o
	"$RCPP_BUILD/rcpp-cc" gcc -std=gnu11 -O2 -g -Wall -Wextra -Werror -I"$TOP/runtime" "$SOURCE/joined.c" \
		functions.o "$RCPP_BUILD/librcpp.a" -o joined
	"$RCPP_BUILD/rcpp-dump" --json joined >list.json
}

# code VALUE NAME: the function's instructions when it is patched, up to the first that returns.
code() {
	./joined code "$1" "$2" >bytes
	objdump -D -b binary -m i386:x86-64 --no-show-raw-insn bytes |
		sed -n 's/^ *[0-9a-f]*:\t\([a-z0-9]*\).*/\1/p' | sed '/^ret/q' | paste -sd ' '
}

@test "sites that stand together hold one instruction together" {
	joined_program
	timeout 60 ./joined
	# a compare and its jump: one NOP, or the jump
	[[ $(code 0 near) == "mov nopw add lea "* ]]
	[[ $(code 5 near) == "mov jmp "* ]]
	# with their load, too (objdump gives the prefixes of these NOPs lines of their own)
	[[ $(code 0 loaded) == "mov data16 add lea "* ]]
	[[ $(code 5 loaded) == "mov jmp "* ]]
	[[ $(code 0 tested) == "mov cs add lea "* ]]
	[[ $(code -1 tested) == "mov jmp "* ]]
	# several conditions: what comes behind the jump is dead
	[[ $(code 5 several) == "mov jmp "* ]]
	[[ $(code 0 several) == "mov jmp "* ]]
	# what is too long for one NOP is two
	[[ $(code 0 far) == "mov nopl nopw add lea "* ]]
	[[ $(code 5 far) == "mov jmp "* ]]
	# a register that lives on is set; in a NOP of 2 + 2 bytes no byte may be another one
	[[ $(code 0 kept) == "mov addr32 xchg xchg add lea "* ]]
	[[ $(code -1 kept) == "mov addr32 jmp "* ]]
	# behind a prefix, where a function begins, no jump may stand
	[ "$(code 0 led)" = "nopw xchg mov ret" ]
	[ "$(code 5 led)" = "nopw jmp mov ret" ]
	[[ $(code 0 probed) == "mov mov cmp jg "* ]]
	# something stands between, or somebody comes to the jump
	[[ $(code 0 skips) == "mov nopl mov xchg add "* ]]
	[ "$(jq '[.[] | select(.function == "entered" or .function == "skips") | .flags[] |
		select(. == "joined")] | length' list.json)" -eq 0 ]
}

@test "sites that hold one instruction together: breakpoints where each of them begins" {
	joined_program
	local addresses
	read -ra addresses < <(jq -r '[.[] | select(.flags | index("joined")) | .address] | join(" ")' list.json)
	[ "${#addresses[@]}" -ge 12 ]
	run ./joined breakpoints "0x$(nm joined | awk '$3 == "near" { print $1 }')" "${addresses[@]}"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output =~ ^$((11 * ${#addresses[@]}))\ breakpoints,\ [1-9][0-9]*\ met$ ]]
}

@test "sites that hold one instruction together: no other byte goes unnoticed" {
	joined_program
	local ranges
	read -ra ranges < <(jq -r '[.[] | select(.function == "near" or .function == "loaded") |
		"\(.address)+\(.length)"] | join(" ")' list.json)
	[ "${#ranges[@]}" -eq 5 ]
	run ./joined bytes "0x$(nm joined | awk '$3 == "near" { print $1 }')" "${ranges[@]}"
	[ "$status" -eq 0 ]
	[ "$output" = "0 unnoticed" ]
}

@test "sites that an assembler has put something between hold instructions of their own" {
	joined_program 's/^\t\(\.Lrcpp[0-9]*: jg \.Lnear\)/\tnop; \1/'
	timeout 60 ./joined
	[[ $(code 0 near) == "mov nopl nop xchg add lea "* ]]
	[[ $(code 5 near) == "mov nopl nop jmp "* ]]
}
