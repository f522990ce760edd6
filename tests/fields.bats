#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Names of the source in --symbol: server.cluster_enabled, ns::Class::member. What they become is
# compared with what symbols and offsets, which the compiler computes, become.
# shellcheck disable=SC2059 # the formats are texts of assembly
# Reads: RCPP_BUILD (the build directory, default build/ beside tests/).
# shellcheck disable=SC2154 # filter_setup sets rcpp and library

bats_require_minimum_version 1.5.0
load filter

setup()
{
	filter_setup
}

# same NAME SYMBOL: in in.s, they are the same, something reads it, and nothing is missing.
same()
{
	rm -f explain
	"$rcpp" --symbol="$1" --explain=explain in.s -o name.s
	"$rcpp" --symbol="$2" in.s -o symbol.s
	if ! cmp name.s symbol.s || ! grep -qE ': (load: |.* => )' explain || grep -q '^rcpp: ' explain; then
		echo "$1 is not $2"
		cat explain
		return 1
	fi
}

# missing NAME WHY: it stays as it is in in.s, and one line says why.
missing()
{
	rm -f explain
	"$rcpp" --symbol="$1" --explain=explain in.s -o out.s
	cmp in.s out.s
	[ "$(cat explain)" = "rcpp: '$1' $2" ]
}

# unmentioned NAME: the text has no use for it.
unmentioned()
{
	rm -f explain
	"$rcpp" --symbol="$1" --explain=explain in.s -o out.s
	cmp in.s out.s
	[ ! -s explain ]
}

DESCRIBED="is not in the debug information: write SYMBOL+OFFSET:LENGTH"
UNDESCRIBED="needs debug information: compile with -g"
BITS="is a bit-field: write SYMBOL+OFFSET:LENGTH for its bytes"

write_c()
{
	cat >server.h <<-'END'
		#define NULL_OF(type) ((type *)0)
		struct address { char kind; short port; int id[3]; };
		typedef const struct settings {
			long started;
			int cluster_enabled;
			unsigned reads : 3, writes : 4;
			volatile struct address bind;
			union { unsigned long number; char letter; };
			struct { struct { signed char deep; } below; } anonymous;
			const char *name;
			int (*hook)(void);
			enum { OFF, ON } mode;
			_Bool yes;
			double share;
			short table[5][7];
			char rest[];
		} settings;
	END
	cat >in.c <<-'END'
		#include "server.h"
		EXTERN struct settings server;
		void use(long, ...);
		void f(int i)
		{
			use(server.started, server.cluster_enabled, server.reads, server.bind.port, server.bind.id[1]);
			use(server.number, server.letter, server.anonymous.below.deep, server.name, server.hook);
			use(server.mode, server.yes, server.share, server.table[4][2], server.rest[3]);
			server.cluster_enabled = i;
		}
	END
	cat >offsets.c <<-'END'
		#include <stddef.h>
		#include <stdio.h>
		#include "server.h"
		#define FIELD(field) \
			printf("server." #field " server+%zu:%zu\n", offsetof(settings, field), sizeof NULL_OF(settings)->field)
		int main(void)
		{
			FIELD(started); FIELD(cluster_enabled); FIELD(bind.port); FIELD(bind.id); FIELD(bind); FIELD(number);
			FIELD(letter); FIELD(anonymous.below.deep); FIELD(anonymous.below); FIELD(name); FIELD(hook);
			FIELD(mode); FIELD(yes); FIELD(table); return 0;
		}
	END
	gcc -w offsets.c -o offsets
	./offsets >fields
}

@test "C: each kind of field, by compiler, level and version of the debug information" {
	local compiler level version storage name symbol
	write_c
	for compiler in gcc clang; do
		for level in -O0 -O2 "-O2 -fPIC"; do
			for version in 4 5; do
				for storage in "" extern; do
					# clang describes only what the unit defines
					if [ "$compiler$storage" = clangextern ]; then continue; fi
					# shellcheck disable=SC2086 # two options
					$compiler $level -gdwarf-$version -w "-DEXTERN=$storage" -S in.c -o in.s
					while read -r name symbol; do
						same "$name" "$symbol"
					done <fields
					missing server.reads "$BITS"
					missing server.nothing "$DESCRIBED"
					missing server.bind.nothing "$DESCRIBED"
					missing server.started.nothing "$DESCRIBED"
					missing server.rest "$DESCRIBED"
					unmentioned other.cluster_enabled
				done
			done
		done
	done
	same server.bind+2:2 server+18:2
	clang -O2 -g -w -DEXTERN=extern -S in.c -o in.s
	missing server.mode "$DESCRIBED"
}

@test "C: static variables, and those of functions" {
	local compiler level symbol
	cat >in.c <<-'END'
		static struct { int a, b; } file = {1, 2};
		int *address(void) { return &file.a; }
		int f(void) { static int calls = 4; return calls++ + file.b; }
		int g(void) { { static struct { char c; int d; } calls; return calls.d++; } }
	END
	for compiler in gcc clang; do
		for level in -O0 -O2; do
			$compiler $level -g -S in.c
			same file.b file+4:4
			same ::file file
			same ::file.b file+4:4
			symbol=$(sed -n 's/^\(f\.calls\|calls\.[0-9]*\):$/\1/p' in.s)
			[ "$(wc -w <<<"$symbol")" -ge 1 ]
			# gcc numbers them; the first that the text reads is f's
			same f::calls "$(grep -o '\(f\.calls\|calls\.[0-9]*\)(%rip)' in.s | head -1 | sed 's/(.*//')"
			unmentioned h.calls2
		done
	done
	# what clang cuts into pieces
	printf 'static struct { long a; int b, c; } s;\nvoid set(int x) { s.b = x; s.c = x + 1; }\nint get(void) { return s.b; }\nint other(void) { return s.c; }\n' >in.c
	clang -O2 -g -S in.c
	grep -q 's\.[0-9](%rip)' in.s
	same s.b "$(sed -n 's/.*movl\t\(s\.[0-9]\)(%rip), %eax/\1/p' in.s | head -1)+0:4"
	same s.c "$(sed -n 's/.*movl\t\(s\.[0-9]\)(%rip), %eax/\1/p' in.s | tail -1)+0:4"
}

@test "C++: namespaces, classes, base classes, templates" {
	local compiler level version
	cat >in.cc <<-'END'
		namespace ns {
			struct Class {
				static long member;
				static int other;
				int f;
				long method() { static long hits = 5; return hits++; }
			};
			long Class::member = 5;
			extern int external;
			Class object;
			static int hidden = 4;
			namespace { int unnamed = 3; }
			struct Derived : Class { int g; union { int u; float v; }; } derived;
			namespace deep { inline namespace v1 { int inl; } }
		}
		static struct { long a; int b; } file;
		template <class T> struct Table { static T limit; };
		template <class T> T Table<T>::limit = 5;
		long *address() { return &file.a; }
		long get()
		{
			return ns::Class::member + ns::Class::other + ns::external + ns::object.f + ns::hidden +
				ns::unnamed + ns::derived.f + ns::derived.g + ns::derived.u + ns::deep::inl + file.b +
				Table<long>::limit + Table<unsigned>::limit + ns::object.method();
		}
		void set(int x) { ns::hidden = x; ns::unnamed = x; file.b = x; Table<long>::limit = x; }
	END
	for compiler in g++ clang++; do
		for level in -O0 -O2; do
			for version in 4 5; do
				$compiler $level -gdwarf-$version -S in.cc
				same ns::Class::member _ZN2ns5Class6memberE
				same ns::Class::other _ZN2ns5Class5otherE
				same ns::external _ZN2ns8externalE
				same ns::object _ZN2ns6objectE
				same ns::object.f _ZN2ns6objectE+0:4
				same ns::hidden _ZN2nsL6hiddenE
				same ns::unnamed _ZN2ns12_GLOBAL__N_17unnamedE
				same ns::derived.f _ZN2ns7derivedE+0:4
				same ns::derived.g _ZN2ns7derivedE+4:4
				same ns::derived.u _ZN2ns7derivedE+8:4
				same ns::deep::v1::inl _ZN2ns4deep2v13inlE
				same file.b _ZL4file+8:4
				same ::ns::hidden _ZN2nsL6hiddenE
				if [ $version = 5 ]; then same ns::deep::inl _ZN2ns4deep2v13inlE; fi
				missing ns::Class::unnamed "$DESCRIBED"
				missing hidden.x "$DESCRIBED"
				unmentioned ns::Class::none
			done
		done
		$compiler -O0 -g -S in.cc
		same ns::Class::method::hits _ZZN2ns5Class6methodEvE4hits
	done
	same 'Table<unsigned int>::limit' _ZN5TableIjE5limitE
	$compiler -O2 -S in.cc
	missing ns::hidden "$UNDESCRIBED"
}

@test "a symbol with a dot is a symbol" {
	printf '\t.text\nf:\tmovl x.y(%%rip), %%eax\n\tmovl x(%%rip), %%ecx\n\tret\n' >in.s
	"$rcpp" --symbol=x.y --explain=explain in.s -o out.s
	[ "$(sed 's/.*: f: \([^:]*\): mov.*/\1/' explain)" = x.y ]
	# but not in a string, a comment, a directive or a branch
	for text in '.section .rodata\n\t.string "x.y"' 'nop # x.y' '.globl x.y' 'call x.y' 'jmp x.y'; do
		printf "\t.text\nf:\tmovl x(%%rip), %%ecx\n\t$text\n" >in.s
		missing x.y "$UNDESCRIBED"
	done
	# what can be nothing but a symbol needs no debug information
	printf '\t.text\nf:\tmovl x(%%rip), %%ecx\n\tmovl .Lx.y(%%rip), %%ecx\n' >in.s
	for text in x.0 .x x. .Lx.y x.1.2; do
		rm -f explain
		"$rcpp" --symbol=$text --explain=explain in.s -o out.s
		run ! grep '^rcpp: ' explain
	done
}

@test "without debug information: said once for each unit that has a use for it, and nothing is guessed" {
	local compiler
	printf 'extern struct { int a, cluster_enabled; } server;\nint f(void) { return server.cluster_enabled; }\nint g(void) { return server.a; }\n' >in.c
	printf 'int server(void), x;\nint h(void) { return server() + x; }\nconst char *name(void) { return "server.cluster_enabled"; }\n' >other.c
	for compiler in gcc clang; do
		$compiler -O2 -S in.c
		missing server.cluster_enabled "$UNDESCRIBED"
		missing ns::server.cluster_enabled "$UNDESCRIBED"
		rm -f explain
		for file in in.c other.c in.c; do
			"$RCPP_BUILD/rcpp-cc" $compiler -O2 -c $file -o out.o -Wr,--symbol=server.cluster_enabled,--explain=explain
		done
		[ "$(cat explain)" = "rcpp: 'server.cluster_enabled' $UNDESCRIBED
rcpp: 'server.cluster_enabled' $UNDESCRIBED" ]
	done
	gcc -O2 -g1 -S in.c
	missing server.cluster_enabled "$DESCRIBED"
	gcc -O2 -g -fdebug-types-section -S in.c
	missing server.cluster_enabled "$DESCRIBED"
	# gcc's comments name it, too
	gcc -O2 -fverbose-asm -S in.c
	missing server.cluster_enabled "$UNDESCRIBED"
	gcc -O2 -g -fverbose-asm -S in.c
	same server.cluster_enabled server+4:4
	gcc -O2 -g3 -dA -S in.c
	same server.cluster_enabled server+4:4
	printf '# the list\nserver.cluster_enabled # why\n' >list
	rm -f explain
	"$RCPP_BUILD/rcpp-cc" gcc -O2 -g -c in.c -o in.o -Wr,--symbols-from=list,--explain=explain
	grep -q ': f: server+4: movl' explain
	[ "$(wc -l <explain)" -eq 1 ]
}

@test "a program whose fields are patched" {
	local compiler
	cat >in.c <<-'END'
		#include <rcpp.h>
		struct { long size; int cluster_enabled; struct { short level; } log; } server = {3, 4, {5}};
		__attribute__((noinline)) static long sum(void) { return server.cluster_enabled + server.log.level + server.size; }
		int main(void)
		{
			struct rcpp_stats stats;
			return sum() != 12 || rcpp_patch() || rcpp_stats(&stats) || stats.patched != 2 || sum() != 12 ||
				(server.size = 4, sum() != 13) || (server.log.level = 6, sum() != 13);
		}
	END
	for compiler in gcc clang; do
		"$RCPP_BUILD/rcpp-cc" $compiler -O1 -g in.c -Wr,--symbol=server.cluster_enabled,--symbol=server.log.level \
			"$RCPP_BUILD/librcpp.a" -o program
		./program
	done
}

@test "damaged debug information: the name is not found, and nothing else happens" {
	local line first last
	printf 'struct { int a; struct { int b[3]; } c; } server;\nint f(void) { static int x; return server.c.b[1] + x++; }\n' >in.c
	for compiler in gcc clang; do
		$compiler -O2 -g -S in.c -o whole.s
		first=$(grep -n '\.debug_' whole.s | head -1 | cut -d : -f 1)
		last=$(wc -l <whole.s)
		# leave lines out, and change numbers
		for line in $(seq "$first" 3 "$last"); do
			sed "${line}d" whole.s >damaged.s
			"$rcpp" --symbol=server.c.b --symbol=f::x --explain=explain damaged.s -o /dev/null
			sed "${line}s/[0-9][0-9a-fx]*/$((line * 7919 % 251))/" whole.s >damaged.s
			"$rcpp" --symbol=server.c.b --symbol=f::x --explain=explain damaged.s -o /dev/null
		done
		head -n $(((first + last) / 2)) whole.s >damaged.s
		"$rcpp" --symbol=server.c.b --explain=explain damaged.s -o /dev/null
	done
}

@test "structures, scopes and types that are in themselves" {
	local outer tag
	printf 'struct { struct { int a; }; struct { int b; }; struct { int c; }; struct { int e; }; struct { int g; }; struct { int h; }; int d; } server;\nint f(void) { static int x; { static int y; y++; } return server.d + x++; }\n' >in.c
	gcc -g -dA -S in.c -o whole.s
	for tag in structure_type subprogram variable member; do
		outer=$(sed -n "s/.*(DIE (\(0x[0-9a-f]*\)) DW_TAG_$tag).*/\1/p" whole.s | head -1)
		[ "$outer" ]
		# each type is this one; then each entry is one more of it
		sed "s/0x[0-9a-f]*\(\t# DW_AT_type\)/$outer\1/" whole.s >damaged.s
		timeout 10 "$rcpp" --symbol=server.nothing --symbol=f::x --symbol=f::y.z --explain damaged.s -o /dev/null
		sed "s/0x49\(\t# (DW_AT_type)\)/0x47\1/" damaged.s >worse.s
		run ! cmp -s damaged.s worse.s
		timeout 10 "$rcpp" --symbol=server.nothing --symbol=f::x --symbol=f::y.z --explain worse.s -o /dev/null
	done
}
