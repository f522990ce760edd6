#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# What functions return, by their debug information: rcpp/filter/returns.c. The functions of returns/types.h
# and classes.cc are named for the registers that they return in.
# Reads: RCPP_BUILD (the build directory, default build/ beside tests/), CC (default gcc).

bats_require_minimum_version 1.5.0

setup_file() {
	export TOP SOURCE RCPP_BUILD
	TOP=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	SOURCE=$TOP/tests/returns
	RCPP_BUILD=$(cd "${RCPP_BUILD:-$TOP/build}" && pwd)
	unset RCPP_FLAGS RCPP_AS RCPP_DISABLE RCPP_VERBOSE
	cd "$BATS_FILE_TMPDIR" || return
	# shellcheck disable=SC2046 # many flags
	"${CC:-gcc}" -std=gnu11 -D_GNU_SOURCE -O1 -g -fsanitize=address,undefined \
		-fno-sanitize-recover=all -Wall -Wextra -Werror \
		$(make -s --no-print-directory -C "$TOP" filter-flags) "$SOURCE/returns.c" "$TOP/rcpp/filter/returns.c" \
		"$TOP/rcpp/filter/debug_unit.c" "$TOP/rcpp/filter/debug_text.c" "$TOP/grammar/names.c" "$TOP/rcpp/common/command.c" "$TOP/grammar/memory.c" \
		-I"$RCPP_BUILD/common" -o returns
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# known FILE.s: NAME REGISTER..., for each function of which something is known
known() {
	"$BATS_FILE_TMPDIR/returns" "$1" >labels
	awk '
		FNR == NR { label = $1; $1 = ""; results[label] = $0; next }
		/^[A-Za-z_0-9]+:/ { name = $1; sub(/:.*/, "", name) }
		$1 in results { print name results[$1] }' labels "$1" | sort -u
}

# All that is known of named functions, and is not what their names say.
wrong() {
	sed -E 's/^(_Z[A-Z]*(N?K?[0-9]+counter)?[0-9]*)?([a-z]+_)/\3/' "$1" | awk '
		/Th[nv]|Tch/ && !/ rax/ || /^nothing_/ && !/ nothing$/ || /^rax_/ && !/ rax$/ || /^both_/ && !/ rax rdx$/ ||
		/^unknown_/ && /nothing/'
}

@test "C: each type, by compiler, level and version" {
	local compiler option version
	for compiler in gcc clang; do
		command -v $compiler >/dev/null || continue
		for option in -O0 -O1 -O2 -Os "-O2 -fPIC" "-O2 -ffunction-sections"; do
			for version in 4 5; do
				# shellcheck disable=SC2086 # two options
				$compiler $option -gdwarf-$version -w -I"$TOP/runtime" -S \
					"$SOURCE/types.c" -o types.s
				known types.s >results
				[ "$(grep -cE '^(nothing|rax|both)_' results)" -ge 20 ]
				[ "$(wrong results)" = "" ]
			done
		done
	done
}

@test "a signed LEB128 has a bit for its sign" {
	printf 'void g(char *, char *);\nint rax_f(char *p) { g(p, p + 1000); g(p + 200, p + 72); g(p, p); return 1; }\n' >signed.c
	gcc -O2 -g -S signed.c
	grep -q '\.sleb128 72$' signed.s # two bytes
	[ "$(known signed.s)" = "rax_f rax" ]
}

@test "C++: members, instances, what is not copied" {
	local compiler level
	for compiler in g++ clang++; do
		command -v $compiler >/dev/null || continue
		for level in -O0 -O2; do
			$compiler $level -g -std=c++14 -w -I"$TOP/runtime" -S "$SOURCE/classes.cc" \
				-o classes.s
			known classes.s >results
			[ "$(grep -cE '(nothing|rax|both|unknown)_' results)" -ge 9 ]
			[ "$(wrong results)" = "" ]
		done
	done
}

@test "C++: a thunk returns what its method does" {
	local compiler level
	cat >main.cc <<-'END'
		#include <cstdio>
		#include <rcpp.h>
		extern __patchable unsigned long divisor;
		struct second {
			virtual long second_method(long x, long *to, long add);
			long b;
		};
		second *new_second();
		int main()
		{
			second *s = new_second();
			long to, result;
			divisor = 0x123456789abcdefUL;
			if (rcpp_patch())
				return 1;
			result = s->second_method(77, &to, 1);
			printf("%ld %lx\n", result, to);
		}
	END
	for compiler in g++ clang++; do
		command -v $compiler >/dev/null || continue
		for level in -O0 -O1 -O2 -O3; do
			"$RCPP_BUILD/rcpp-cc" $compiler $level -g -std=c++14 -w -I"$TOP/runtime" main.cc \
				"$SOURCE/classes.cc" "$RCPP_BUILD/librcpp.a" -o thunks
			[ "$(./thunks)" = "77 123456789abcdf0" ]
		done
	done
}

@test "without types nothing is known" {
	local option
	for option in "" -g1 -gsplit-dwarf "-g -flto"; do
		# shellcheck disable=SC2086 # two options, or none
		gcc -O2 $option -w -I"$TOP/runtime" -S "$SOURCE/types.c" -o types.s
		known types.s >results
		[ ! -s results ]
	done
	command -v clang >/dev/null || return 0
	clang -O2 -gmlt -w -I"$TOP/runtime" -S "$SOURCE/types.c" -o types.s
	known types.s >results
	[ ! -s results ]
}

@test "a file in another language, or with two units" {
	gcc -O2 -g -w -I"$TOP/runtime" -S "$SOURCE/types.c" -o types.s
	sed 's/^\t\.byte\t0x1d$/\t.byte\t0x1c/' types.s >rust.s
	run -1 cmp -s types.s rust.s
	known rust.s >results
	[ ! -s results ]
	{
		cat types.s
		printf '\t.section\t.debug_info,"",@progbits\n\t.long 4\n'
	} >two.s
	known two.s >results
	[ ! -s results ]
}

@test "quotients vanish where %rdx is no result, and nothing else changes" {
	local compiler level
	for compiler in gcc clang; do
		command -v $compiler >/dev/null || continue
		for level in -O0 -O1 -O2 -O3 -Os; do
			$compiler $level -w -I"$TOP/runtime" "$SOURCE/types.c" \
				"$RCPP_BUILD/librcpp.a" -o plain
			rm -f explain
			"$RCPP_BUILD/rcpp-cc" $compiler $level -g -w -Wr,--explain=explain \
				-I"$TOP/runtime" "$SOURCE/types.c" "$RCPP_BUILD/librcpp.a" -o sites
			./plain >expected
			[ "$(wc -l <expected)" -eq 2010 ]
			./sites | diff expected -
			[ $level != -O0 ] || continue # there each operator has a division of its own
			[ "$(grep -cE ': (rax|nothing)_.*power: shrq \$log\(V\), %rax' explain)" -ge 12 ]
			run grep -E ': both_(sixteen|int128).*power: shrq \$log\(V\), %rax' explain
			[ "$status" -eq 1 ]
		done
	done
}

@test "damaged debug information: less is known, and no more" {
	gcc -O2 -g -w -I"$TOP/runtime" -S "$SOURCE/types.c" -o types.s
	python3 - <<-'END'
		import random, re
		lines = open("types.s").read().split("\n")
		first = next(i for i, line in enumerate(lines) if ".debug_info" in line)
		random.seed(1)
		for number in range(150):
		    damaged = lines[:]
		    for _ in range(random.randint(1, 3)):
		        i = random.randrange(first, len(damaged))
		        choice = random.randrange(5)
		        if choice == 0:
		            del damaged[i]
		        elif choice == 1:
		            damaged.insert(i, damaged[random.randrange(first, len(damaged))])
		        elif choice == 2:
		            damaged[i] = re.sub(r"0x[0-9a-f]+", lambda m: hex(random.getrandbits(random.choice([3, 8, 32, 64]))), damaged[i])
		        elif choice == 3:
		            damaged[i] = damaged[i][:random.randint(0, len(damaged[i]))]
		        else:
		            del damaged[i:]
		    open(f"damaged{number}.s", "w").write("\n".join(damaged))
	END
	for file in damaged*.s; do
		"$BATS_FILE_TMPDIR/returns" "$file" >/dev/null
	done
}
