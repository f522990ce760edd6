#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Usage: run.sh BUILD
# The benchmarks: ratios measured side by side in one run. Each part leaves its figures in
# BUILD/bench as JSON; page.py makes of them the tables on standard output and the page with plots,
# BUILD/bench/bench.html.
set -eu
build=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
top=$(dirname "$(dirname "$here")")
out=$build/bench
rm -rf "$out"
mkdir -p "$out"
say() { echo "bench: $*" >&2; }

# --- code: kernels.c in its variants, functions and loops on 64 bytes --------------------------------

flags="-std=gnu11 -O2 -g -fPIC -fno-semantic-interposition -falign-functions=64 -falign-loops=64
	-I$top/runtime -shared"
# variant NAME COMPILER...
variant()
{
	name=$1
	shift
	# The flags are words on purpose.
	# shellcheck disable=SC2086
	"$@" $flags "$here/kernels.c" -o "$out/$name.so"
}
say "compiling the kernels"
variant plain gcc &
variant macros gcc -DMACROS
wait
variant labels gcc -DLABELS &
variant constant gcc -DCONSTANT
wait
variant patched "$build/rcpp-cc" gcc
cp "$out/patched.so" "$out/unpatched.so"
cp "$out/patched.so" "$out/reverted.so"
gcc -O2 -std=gnu11 -I"$top/runtime" "$here/speed.c" "$build/librcpp.a" -ldl -o "$out/speed"
say "measuring them"
"$out/speed" time "$out" >"$out/kernels.lines"
jq -s . "$out/kernels.lines" >"$out/kernels.json"
say "measuring encodings"
gcc -O2 -std=gnu11 -I"$here" "$here/encodings.c" -o "$out/encodings"
"$out/encodings" | jq -s . >"$out/encodings.json"
say "counting their instructions"
python3 "$here/count.py" "$out" >"$out/counts.json"

# --- the filter -----------------------------------------------------------------------------------

# many FUNCTIONS: a file of so many functions, compiled
many()
{
	{
		echo '#include "rcpp.h"'
		echo 'static __patchable unsigned long *table; static __patchable unsigned shift;'
		echo 'unsigned long work(unsigned long);'
		echo 'void setup(unsigned long *t, unsigned s) { table = t; shift = s; }'
		seq "$1" | sed 's/.*/unsigned long f&(unsigned long *a, unsigned long h) { for (int i = 0; i < 8; i++) h += table[(h * &) >> shift] + work(a[i] + h); return h; }/'
	} >"$out/many.c"
	gcc -O2 -g -I"$top/runtime" -S "$out/many.c" -o "$out/many$1.s"
	"$build/rcpp" "$out/many$1.s" -o "$out/filtered$1.s"
}
say "measuring the filter"
for functions in 500 2000 8000; do
	many $functions
	hyperfine -N --warmup 2 --export-json "$out/filter$functions.json" \
		-n as "as $out/many$functions.s -o $out/many.o" \
		-n 'as, filtered' "as $out/filtered$functions.s -o $out/filtered.o" \
		-n rcpp "$build/rcpp $out/many$functions.s -o $out/again.s" \
		-n 'rcpp, nothing to do' "$build/rcpp --section none $out/many$functions.s -o $out/again.s" \
		-n cat "cat $out/many$functions.s" \
		-n sed "sed s/shlq/salq/ $out/many$functions.s" \
		-n mawk "mawk '{ n += NF } END { print n }' $out/many$functions.s" \
		>"$out/filter.log" 2>&1
	jq --argjson functions $functions --argjson bytes "$(wc -c <"$out/many$functions.s")" \
		'{functions: $functions, bytes: $bytes, times: (.results | map({(.command): .median}) | add)}' \
		"$out/filter$functions.json"
done | jq -s . >"$out/filter.json"

# --- builds without patchables --------------------------------------------------------------------

cflags="-std=c11 -D_GNU_SOURCE -O2 -g $(make -s --no-print-directory -C "$top" filter-flags) \
	-I$build/common -I$build/filter -o $out/object.o"
# Some of them have the words in strings that rcpp looks for.
sources=$(grep -L 'patchable\|rcpp_extern' "$top"/rcpp/filter/*.c)
say "measuring builds"
for compiler in gcc clang; do
	command -v $compiler >/dev/null || continue
	plain=$compiler
	[ $compiler = gcc ] || plain="clang -fno-integrated-as"
	for source in $sources; do
		without="$plain $cflags -c $source"
		with="$build/rcpp-cc $compiler $cflags -c $source"
		set --
		for _ in 1 2 3 4 5; do
			set -- "$@" "$without" "$with" "$with" "$without"
		done
		# Neighbours are a pair: what slows the machine down for a while meets both.
		hyperfine -N --runs 1 --export-json "$out/compile.json" "$@" >"$out/compile.log" 2>&1
		jq -c --arg with "$with" --arg compiler "$compiler" '.results as $all |
			range(0; $all | length; 2) | [$all[., . + 1]] | sort_by(.command == $with) |
			{compiler: $compiler, processor: (map(.user + .system) | .[1] / .[0]),
			 clock: (map(.mean) | .[1] / .[0])}' "$out/compile.json"
	done
done | jq -s . >"$out/builds.json"

# --- the runtime ----------------------------------------------------------------------------------

# changes FUNCTIONS SITES VALUES: the program for so many functions, of so many sites each
changes()
{
	awk -v functions="$1" -v sites="$2" -v values="$3" 'BEGIN {
		for (f = 0; f < functions; f++) {
			print "\t.globl f" f "\n\t.type f" f ", @function\nf" f ":\tmovl %edi, %eax"
			for (s = 0; s < sites; s++)
				print "\txorl $" s + 1 ", %eax\n\taddl values+" (f * sites + s) % values * 4 "(%rip), %eax"
			print "\tret\n\t.size f" f ", .-f" f
		}
		print "\t.section rcpp_patchable, \"aw\"\n\t.globl values\nvalues:\t.zero " values * 4
		print "\t.section .note.GNU-stack, \"\", @progbits"
	}' >"$out/sites.s"
	"$build/rcpp" "$out/sites.s" -o "$out/filtered.s"
	gcc -c "$out/filtered.s" -o "$out/sites.o"
	gcc -O2 -DVALUES="$3" -I"$top/runtime" "$here/changes.c" "$out/sites.o" "$build/librcpp.a" \
		-Wl,--wrap=syscall,--wrap=rcpp_go -pthread -ldl -o "$out/changes"
}
say "measuring the runtime"
for functions in 10 100 1000 10000; do
	changes $functions 100 $((functions * 10))
	"$out/changes" calls
done | jq -s . >"$out/calls.json"
changes 10 100 100
"$out/changes" stop | jq -s . >"$out/stops.json"
for modules in 1 10 100; do
	set --
	while [ $# -lt $modules ]; do
		set -- "$@" "$out/module$#.so"
		gcc -shared -Wl,-Bsymbolic "$out/sites.o" -o "$out/module$(($# - 1)).so"
	done
	"$out/changes" modules "$@"
done | jq -s . >"$out/modules.json"

python3 "$here/page.py" "$out" "$top"
