#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# rcpp.h by itself: all of C and C++ that gcc and clang know, with and without rcpp, with RCPP_OFF,
# under warnings that programs have, in precompiled headers and header units, on other processors.

bats_require_minimum_version 1.5.0

setup()
{
	RCPP_BUILD=$(realpath -m "${RCPP_BUILD:-$BATS_TEST_DIRNAME/../build}")
	cc=$RCPP_BUILD/rcpp-cc
	library=$RCPP_BUILD/librcpp.a
	here=$BATS_TEST_DIRNAME/header
	export CPATH=$BATS_TEST_DIRNAME/../runtime
	unset RCPP_FLAGS RCPP_AS
	cd "$BATS_TEST_TMPDIR" || return
}

# sites_in PROGRAM FUNCTION: the sites that it has in the function
sites_in()
{
	"$RCPP_BUILD/rcpp-dump" "$1" | grep -c "  $2+"
}

# values COMPILER OPTION...: through rcpp, without, and without the library
values()
{
	"$cc" "$@" -w -DFILTERED -c "$here/values.c" -o filtered.o
	"$1" filtered.o "${@:2}" -x none "$library" -o filtered
	"$1" "${@:2}" -w "$here/values.c" -x none "$library" -o without
	"$1" "${@:2}" -w -DRCPP_OFF "$here/values.c" -o off
	for program in filtered without off; do
		./$program >out || { echo "$* $program" && cat out && false; }
	done
}

@test "rcpp_const() and rcpp_load(), each type: C" {
	for compiler in gcc clang; do
		values $compiler -std=gnu89 -O0
		values $compiler -std=c99 -O1
		values $compiler -std=c11 -O2
		values $compiler -std=c2x -O3
	done
	values gcc -O2 -fPIE -pie
	values clang -O2 -fno-pie -no-pie
}

@test "rcpp_const() and rcpp_load(), each type: C++" {
	for compiler in g++ clang++; do
		values $compiler -x c++ -std=c++98 -O0
		values $compiler -x c++ -std=gnu++11 -O1
		values $compiler -x c++ -std=c++17 -O2
		values $compiler -x c++ -std=c++20 -O3
	done
}

@test "rcpp_const() and rcpp_load(), each type: -flto" {
	"$cc" gcc -O3 -flto -DFILTERED "$here/values.c" "$library" -o filtered
	./filtered
}

# refused TEXT COMPILER OPTION... < SOURCE
refused()
{
	local text=$1
	cat >source.c
	shift
	if "$@" -c source.c -o source.o >messages 2>&1; then
		echo "$* takes it" && false
	fi
	grep -q "error.*$text" messages || { cat messages && false; }
	[ ! -e source.o ]
}

@test "rcpp_const() of what fits no register is an error" {
	for compiler in "gcc -std=gnu89" "gcc -std=c2x" "clang -std=c89" "clang -std=c2x" \
		"g++ -x c++ -std=c++98" "g++ -x c++ -std=c++20" "clang++ -x c++ -std=c++98" \
		"clang++ -x c++ -std=c++20"; do
		for declaration in "long double x" "__int128 x" "long x[2]" \
			"char x[8]" "char x[1]" "const int x[2]" "struct s { char a[3]; } x" \
			"struct s { long a, b; } x"; do
			# shellcheck disable=SC2086 # a compiler and its options
			refused rcpp_const $compiler -O0 <<-C
				#include <rcpp.h>
				extern __patchable $declaration;
				void f(void);
				void f(void) { rcpp_const(x); }
			C
		done
		# shellcheck disable=SC2086
		refused field $compiler <<-C
			#include <rcpp.h>
			struct fields { unsigned a : 3; };
			static __patchable struct fields x;
			unsigned f(void);
			unsigned f(void) { return rcpp_const(x.a); }
		C
	done
	refused "constructor" g++ -x c++ -std=c++11 <<-C
		#include <rcpp.h>
		struct S { S(const S &); int a; };
		extern __patchable S x;
		int f() { return rcpp_const(x).a; }
	C
}

@test "RCPP_SET() of an array is an error, whatever its size; of an atomic variable it is none" {
	local compiler declaration
	for compiler in "gcc -std=gnu89" "gcc -std=c2x" "clang -std=c89" "clang -std=c2x" \
		"g++ -x c++ -std=c++20" "clang++ -x c++ -std=c++20"; do
		for declaration in "char x[8]" "const char x[8]" "int x[2]" "long x[1]" "char x[3]"; do
			# shellcheck disable=SC2086 # a compiler and its options
			refused "no array" $compiler <<-C
				#include <rcpp.h>
				extern __patchable $declaration;
				int f(char *to);
				int f(char *to) { return RCPP_SET(x, to); }
			C
		done
	done
	for compiler in "gcc -std=gnu89" "gcc -std=c11" "clang -std=c11"; do
		# shellcheck disable=SC2086
		$compiler -Wall -Wextra -Werror -x c -c - -o atomic.o <<-C
			#include <rcpp.h>
			static __patchable _Atomic int number;
			static __patchable _Atomic(char *) name;
			int f(char *to);
			int f(char *to) { return RCPP_SET(number, 5) || RCPP_SET(name, to); }
		C
	done
}

@test "C++: references, enum classes, classes without a default constructor, templates" {
	cat >classes.cc <<-'CC'
		#include <rcpp.h>
		enum class colour : short { red = -3 };
		struct number {
			long value;
			explicit constexpr number(long v) : value(v) {}
			operator long() const { return value; }
		};
		static __patchable colour c = colour::red;
		static __patchable number n(5);
		struct shy {
			int value;
			const shy *operator&() const { return nullptr; }
		};
		static __patchable shy hidden = {6};
		static __patchable long b = 7;
		static __patchable int number_of_member = 0;
		static long &reference = b;
		static __patchable long number::*member = &number::value;
		template <typename T> __attribute__((noinline)) T both(T &x)
		{
			return T(rcpp_const(x) + rcpp_load(x));
		}
		int main()
		{
			if (rcpp_patch())
				return 1;
			auto f = [](long x) { return x + rcpp_const(b); };
			return !(rcpp_const(c) == colour::red && rcpp_load(c) == colour::red &&
				 rcpp_const(n) == 5 && rcpp_load(n) == 5 && both(b) == 14 &&
				 rcpp_const(hidden).value + rcpp_load(hidden).value == 12 &&
				 rcpp_const(reference) == 7 && f(1) == 8 &&
				 rcpp_load(n).*rcpp_const(member) == 5);
		}
	CC
	for compiler in g++ clang++; do
		for level in -O0 -O2; do
			"$cc" $compiler -std=c++11 $level -Wall -Wextra -Werror -Wno-unused-variable \
				classes.cc "$library" -o classes
			./classes
		done
	done
}

@test "rcpp_load() is no site, and reads each time" {
	cat >load.c <<-'C'
		#include <rcpp.h>
		static __patchable long b = 3;
		struct pair { int x, y; };
		static __patchable struct pair p = { 1, 2 };
		long *address(void);
		long twice(void) { return rcpp_load(b) * rcpp_load(b); }
		long field(void) { return rcpp_load(p).y; }
		long wait(void) { long n = 0; while (!rcpp_load(b)) n++; return n; }
		long *address(void) { return &b; }
		int main(void) { return 0; }
	C
	sed 's/return 0/return !(twice() == 9 \&\& field() == 2)/' load.c >load.cc
	for compiler in "gcc -O0" "gcc -O3" "gcc -O3 -flto" "gcc -O2 -fno-pie -no-pie" "clang -O0" \
		"clang -O3" "g++ -x c++ -O3" "clang++ -x c++ -O3"; do
		# shellcheck disable=SC2086
		run "$cc" $compiler -w -Wr,--stats load.c -x none "$library" -o load
		[ "$status" -eq 0 ]
		[[ $output == *": 0 references"* ]]
	done
	for compiler in "gcc" "clang -fno-integrated-as"; do
		# shellcheck disable=SC2086
		$compiler -O3 -S load.c -o load.s
		[ "$(sed -n '/^twice:/,/ret/p' load.s | grep -c 'mul.*(%r\|mov.*(%r[^i]')" -eq 2 ]
		# the loop has the read in it
		sed -n '/^wait:/,/^\t\.size/p' load.s | awk '/^\.L/ { label = 1 } /\(%r[^i]/ && label { read++ }
			/\tj/ && read { found = 1 } END { exit !found }'
	done
	for compiler in g++ clang++; do
		"$cc" $compiler -O2 load.cc "$library" -o load
		./load
	done
}

@test "__rcpp_init: no sites, in it and in what is inlined into it, and inlined nowhere" {
	cat >init.c <<-'C'
		#include <rcpp.h>
		#include <stdio.h>
		static __patchable long b = 3;
		static inline __attribute__((always_inline)) long twice(void) { return b * 2; }
		__rcpp_init long setup(void);
		__rcpp_init long setup(void) { return twice() + b; }
		static __rcpp_init long own(void) { return b; }
		__attribute__((noinline)) long user(void);
		__attribute__((noinline)) long user(void) { return setup() + own() * 1000; }
		__attribute__((noinline)) long other(void);
		__attribute__((noinline)) long other(void) { return b; }
		int main(void)
		{
			if (rcpp_configure(RCPP_KEEP_WRITABLE) || rcpp_patch())
				return 1;
			b = 4;
			printf("%ld %ld\n", user(), other());
			return 0;
		}
	C
	for compiler in "gcc -O0" "gcc -O2" "gcc -O3 -flto" "clang -O0" "clang -O3" "g++ -x c++ -O3" \
		"clang++ -x c++ -O3"; do
		# shellcheck disable=SC2086
		"$cc" $compiler -Wall -Wextra -Werror init.c -x none "$library" -o init
		[ "$(./init)" = "4012 3" ]
		run sites_in init '.*\(setup\|own\|user\)[^ ]*'
		[ "$output" = 0 ]
		# shellcheck disable=SC2086
		$compiler -DRCPP_OFF -Wall -Wextra -Werror init.c -x none -o init
		[ "$(./init)" = "4012 4" ]
	done
}

@test "__rcpp_init in C++: members and inline functions beside others" {
	cat >init.cc <<-'CC'
		#include <rcpp.h>
		static __patchable long b = 3;
		__rcpp_init long setup() { return b; }
		inline __rcpp_init long first() { return b + 1; }
		inline __rcpp_init long second() { return b + 2; }
		struct S {
			__rcpp_init long member() { return b + 3; }
			__rcpp_init long declared();
		};
		__rcpp_init long S::declared() { return b + 4; }
		int main()
		{
			if (rcpp_configure(RCPP_KEEP_WRITABLE) || rcpp_patch())
				return 1;
			b = 10;
			return setup() + first() + second() + S().member() + S().declared() != 60;
		}
	CC
	for compiler in g++ clang++; do
		"$cc" $compiler -O2 -Wall -Wextra -Werror init.cc "$library" -o init
		./init
		[ "$("$RCPP_BUILD/rcpp-dump" --json init | jq length)" -eq 0 ]
	done
}

# clean COMPILER STANDARD OPTION...: no warning, with and without RCPP_OFF, of the header's use
clean()
{
	local more="-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wcast-qual
		-Wcast-align -Wwrite-strings -Wswitch-default -Wundef -Wredundant-decls
		-Wnull-dereference -Wdouble-promotion -Wfloat-conversion"
	for level in -O0 -O2; do
		for off in -DRCPP_ON -DRCPP_OFF; do
			# shellcheck disable=SC2086
			"$1" -std="$2" $level $off $more "${@:3}" -Werror -c "$here/uses.c" -o uses.o
		done
	done
}

@test "no warning: C" {
	for standard in c89 gnu89 c99 c11 gnu17 c2x; do
		clean gcc $standard -Wc++-compat -Wdeclaration-after-statement -Wstrict-prototypes
		clean clang $standard -Wdeclaration-after-statement -Wstrict-prototypes
	done
}

@test "no warning: C++" {
	local more="-x c++ -Wold-style-cast -Wignored-qualifiers -Wzero-as-null-pointer-constant
		-Woverloaded-virtual -Wextra-semi"
	for standard in c++98 c++11 gnu++17 c++20 c++2b; do
		# shellcheck disable=SC2086
		clean g++ $standard $more -Wuseless-cast -Wlogical-op -Wduplicated-branches
		# shellcheck disable=SC2086
		clean clang++ $standard $more -Weverything -Wno-padded -Wno-c++98-compat \
			-Wno-c++98-compat-pedantic -Wno-reserved-macro-identifier
	done
}

@test "no name of a program's own macros is in the way" {
	local names="T N b type number bits address array memory result check fits both"
	for name in $names; do echo "#define $name $name is mine"; done >names.c
	cat >>names.c <<-'C'
		#include <rcpp.h>
		extern __patchable long x;
		__rcpp_init long f(void);
		__rcpp_init long f(void) { return rcpp_const(x) + rcpp_load(x); }
	C
	for compiler in gcc clang "g++ -x c++" "g++ -x c++ -std=c++98" "clang++ -x c++"; do
		$compiler -c names.c
		$compiler -DRCPP_OFF -c names.c
	done
}

@test "the warning that the header needs off is on for what is not marked: clang" {
	echo 'extern __attribute__((used)) int x;' >other.c
	run clang -Wall -Werror -include rcpp.h -c other.c
	[[ $output == *ignored-attributes* ]]
}

@test "RCPP_OFF runs, with C89 and in two files of one program" {
	echo 'int other(void); int main(void) { return rcpp_patch() || rcpp_revert() || other(); }' >one.c
	echo 'int other(void); int other(void) { return rcpp_patch() || *rcpp_error(); }' >two.c
	for compiler in gcc clang; do
		for standard in c89 gnu89 c99 c11; do
			$compiler -std=$standard -pedantic-errors -Wall -Wextra -Werror -DRCPP_OFF \
				-include rcpp.h one.c two.c -o off
			./off
		done
	done
}

@test "other processors and ABIs: all is plain" {
	for compiler in "gcc -m32" "gcc -mx32" "g++ -m32 -x c++" "clang -m32" "clang -mx32" \
		"clang --target=aarch64-linux-gnu" "clang --target=riscv64-linux-gnu" \
		"clang++ --target=aarch64-linux-gnu -x c++"; do
		# shellcheck disable=SC2086
		$compiler -O2 -Wall -Wextra -Werror -S "$here/uses.c" -o uses.s
		grep -q plain uses.s
		run grep -e rcpp -e '\.internal' -e 'hidden.*\(other\|mine\|exported\)' uses.s
		[ "$status" -eq 1 ]
	done
}

@test "precompiled headers, which lose the pragmas: the file includes rcpp.h, too" {
	echo '#include <rcpp.h>' >all.h
	cat >with.c <<-'C'
		#include "all.h"
		#include <rcpp.h>
		static __patchable int b = 3;
		extern __patchable int c;
		int f(void);
		int f(void) { static __patchable int d; return b + c + d + rcpp_const(b) + rcpp_load(c); }
	C
	for compiler in "gcc -x c" "g++ -x c++"; do
		# shellcheck disable=SC2086
		$compiler-header -O2 all.h -o all.h.gch
		echo '#error not precompiled' >all.h
		$compiler -O2 -Wall -Wextra -Winvalid-pch -Werror -c with.c
		echo '#include <rcpp.h>' >all.h
		rm all.h.gch
	done
	sed -i 1,2d with.c # clang's keep them
	for compiler in "clang -x c" "clang++ -x c++"; do
		# shellcheck disable=SC2086
		$compiler-header -O2 all.h -o all.pch
		$compiler -O2 -Wall -Wextra -Werror -include-pch all.pch -c with.c
	done
}

@test "header units of g++" {
	printf '#include <rcpp.h>\nstruct S { static __patchable long b; };\n' >unit.h
	cat >with.cc <<-'CC'
		import "unit.h";
		#include <rcpp.h>
		__patchable long S::b = 3;
		static __patchable int c = 4;
		int main() { return rcpp_patch() || rcpp_const(S::b) + c + rcpp_load(c) != 11; }
	CC
	g++ -std=c++20 -fmodules-ts -x c++-header unit.h
	"$cc" g++ -std=c++20 -fmodules-ts -O2 -Wall -Wextra -Werror with.cc "$library" -o with
	./with
	"$RCPP_BUILD/rcpp-dump" --json with >sites
	grep -q _ZN1S1bE sites
	grep -q _ZL1c sites
}

@test "a thread-local variable that is marked is an error: gcc" {
	for way in "" "$cc"; do
		for storage in "static __patchable __thread" "__patchable __thread" \
			"extern __patchable __thread"; do
			# shellcheck disable=SC2086
			refused "tls_model" $way gcc <<-C
				#include <rcpp.h>
				$storage long t;
				long *f(void) { return &t; }
			C
		done
		# shellcheck disable=SC2086
		refused "tls_model" $way g++ -x c++ -std=c++17 <<-C
			#include <rcpp.h>
			inline __patchable_inline thread_local long t;
			long *f(void) { return &t; }
		C
	done
}

@test "a thread-local variable that is marked is an error: clang through rcpp" {
	for storage in "static __patchable __thread" "__patchable __thread"; do
		refused "'t' is thread-local" "$cc" clang <<-C
			#include <rcpp.h>
			$storage long t = 5;
			long *f(void) { return &t; }
		C
	done
	refused "'t' is thread-local" "$cc" clang++ -x c++ -std=c++17 <<-C
		#include <rcpp.h>
		inline __patchable_inline thread_local long t;
		long *f(void) { return &t; }
	C
	while IFS='|' read -r variable open close; do
		refused "'$variable' is thread-local" "$cc" clang++ -x c++ -std=c++17 <<-C
			#include <rcpp.h>
			$open
			__patchable thread_local long counter;
			long *f(void) { return &counter; }
			$close
		C
	done <<-'END'
		counter||
		s::counter|namespace s {|}
		s::ns::counter|namespace s { namespace ns {|}}
	END
}

@test "a thread-local variable that is marked is an error: clang alone, all that are installed" {
	# A constant, and what another file marks, are none.
	cat >fine.c <<-'C'
		#include <rcpp.h>
		static __patchable long a = 3;
		__patchable int zero;
		extern __patchable long b;
		long f(void);
		long f(void) { return a + zero + b; }
	C
	cat >constant.c <<-'C'
		#include <rcpp.h>
		static const __patchable int four = 4;
		__patchable const char *const text = "text";
		static __thread long own = 5; /* not marked */
		long b = 7, f(void);
		int main(void) { return f() + *(const volatile int *)&four + *text + own != 3 + 7 + 4 + 't' + 5; }
	C
	local count=0
	for clang in clang clang-1[4-9]; do
		command -v "$clang" >/dev/null || continue
		for options in -O0 "-O2 -fPIC" "-O2 -ffunction-sections -fdata-sections -g"; do
			for value in "" "= 5"; do
				# shellcheck disable=SC2086
				refused "invalid number of bytes" $clang $options <<-C
					#include <rcpp.h>
					static __patchable long plain = 1;
					static __patchable __thread long t $value;
					long *f(void) { return plain ? &t : 0; }
				C
				# shellcheck disable=SC2086
				refused "'t' is thread-local" "$cc" $clang $options <<-C
					#include <rcpp.h>
					static __patchable __thread long t $value;
					long *f(void) { return &t; }
				C
			done
			# shellcheck disable=SC2086
			"$clang" $options -Wall -Wextra fine.c constant.c -o fine
			./fine
			# shellcheck disable=SC2086
			"$cc" "$clang" $options fine.c constant.c "$library" -o fine
			./fine
			# A pointer that is a constant and marked lies in memory that can be relocated.
			for linker in bfd gold lld mold; do
				# shellcheck disable=SC2086
				"$cc" "$clang" $options -fPIC -shared -fuse-ld=$linker constant.c -o constant.so
				readelf -d constant.so >dynamic
				if grep TEXTREL dynamic; then false; fi
			done
		done
		count=$((count + 1))
	done
	[ "$count" -gt 0 ]
	# What clang's own assembler has written is for rcpp, too.
	clang -O2 -S fine.c
	"$RCPP_BUILD/rcpp" --stats fine.s -o out.s 2>stats
	grep -q "3 sites" stats
	sed 's/^static.*a = /static __patchable __thread long a = /' fine.c >own.c
	clang -O2 -fno-integrated-as -S own.c
	run -1 "$RCPP_BUILD/rcpp" own.s -o out.s
	[[ $output == *"'a' is thread-local"* ]]
	# Only a line of clang's own is made writable, not its picture in a comment.
	{
		printf '\t.section\trcpp_patchable,"a",@progbits\n'
		printf '#\t.section\trcpp_patchable,"a",@progbits\n'
	} >picture.s
	"$RCPP_BUILD/rcpp" picture.s -o picture.out
	[ "$(grep -c '"aw"' picture.out)" = 1 ]
	[ "$(tail -n +2 picture.out)" = "$(tail -n 1 picture.s)" ]
	# A file that includes the header and has no variable of its own gets nothing but its tables.
	grep -v "static\|zero" fine.c >uses.c
	echo 'long f(void) { return b; }' >>uses.c
	"$cc" clang -O2 -c uses.c
	run -1 grep -q rcpp_release <(nm uses.o)
	[ "$(size -A uses.o | awk '$1 == "rcpp_patchable" { n += $2 } END { print n + 0 }')" = 0 ]
}

@test "what is thread-local and not marked stays a load" {
	cat >tls.s <<-'S'
			.section rcpp_patchable,"aw"
		b:	.long 0
			.section .data..patchable,"awT",@progbits
		t:	.long 0
			.text
			movl %fs:t@tpoff, %eax
			movl b(%rip), %eax
	S
	run "$RCPP_BUILD/rcpp" --stats tls.s -o out.s
	[ "$status" -eq 0 ]
	[[ $output == *"2 references, 1 sites, 1 loads"* ]]
	sed -i 's/\.data\.\.patchable/rcpp_patchable/' tls.s
	run "$RCPP_BUILD/rcpp" tls.s -o refused.s
	[ "$status" -eq 1 ]
	[[ $output == "tls.s:4: error: 't' is thread-local"* ]]
	[ ! -e refused.s ]
}

@test "clang: what another file defines needs no RCPP_EXTERN()" {
	cat >uses.c <<-'C'
		#include <rcpp.h>
		extern __patchable long b;
		extern __attribute__((visibility("hidden"))) long hidden;
		long marked(void);
		long marked(void) { return b; }
		long not_marked(void);
		long not_marked(void) { return hidden; }
	C
	cat >main.c <<-'C'
		#include <rcpp.h>
		__patchable long b = 3;
		__attribute__((visibility("hidden"))) long hidden = 4;
		long marked(void);
		long not_marked(void);
		int main(void)
		{
			if (rcpp_configure(RCPP_KEEP_WRITABLE) || rcpp_patch())
				return 1;
			b = 5;
			hidden = 6;
			return !(marked() == 3 && not_marked() == 6);
		}
	C
	for options in -O0 "-O2 -fPIE -pie" "-O2 -fno-pie -no-pie" "-O2 -g"; do
		for mode in load fault; do
			# shellcheck disable=SC2086
			"$cc" clang $options -Wr,--unpatched=$mode uses.c main.c "$library" -o program
			./program
		done
	done
	# Without the header .hidden says nothing.
	sed -i -e /include/d -e 's/__patchable/__attribute__((visibility("hidden")))/' uses.c
	run "$cc" clang -O2 -c -Wr,--stats uses.c
	[[ $output == *": 0 references"* ]]
}

@test "clang: markers in the text that it writes for its own assembler" {
	cat >uses.c <<-'C'
		#include <rcpp.h>
		extern long b, other;
		RCPP_EXTERN(b);
		RCPP_EXTERN(other);
		extern __patchable long marked;
		long f(void);
		long f(void) { return b + other + marked; }
	C
	clang -O2 -fno-pie -fno-addrsig -S uses.c -o uses.s
	run "$RCPP_BUILD/rcpp" --stats uses.s -o out.s
	[ "$status" -eq 0 ]
	[[ $output == *"3 references, 3 sites, 0 loads"* ]]
	gcc -c out.s
}
