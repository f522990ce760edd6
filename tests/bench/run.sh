#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Usage: run.sh BUILD
# The benchmarks: ratios measured side by side in one run, as tables on standard output and as plots
# in BUILD/bench. What is compared: the code plain, unpatched and patched; the filter with the
# assembler; a build through rcpp-cc with one without.
set -eu
build=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
top=$(dirname "$(dirname "$here")")
out=$build/bench
mkdir -p "$out"

echo "Time of code that reads patchables, relative to plain loads (tests/bench/kernels.c, gcc -O2):"
gcc -O2 -DRCPP_OFF -DVARIANT=plain -I"$top/runtime" -c "$here/kernels.c" -o "$out/plain.o"
"$build/rcpp-cc" gcc -O2 -DVARIANT=rcpp -I"$top/runtime" -c "$here/kernels.c" -o "$out/rcpp.o"
gcc -O2 -I"$top/runtime" "$here/speed.c" "$out/plain.o" "$out/rcpp.o" "$build/librcpp.a" -o "$out/speed"
"$out/speed" | tee "$out/code.tsv" | column -t

echo
echo "Time of the filter, relative to the assembler on the same file (2000 functions, gcc -O2 -g):"
{
	echo '#include "rcpp.h"'
	echo 'static __patchable unsigned long *table; static __patchable unsigned shift;'
	echo 'unsigned long work(unsigned long);'
	echo 'void setup(unsigned long *t, unsigned s) { table = t; shift = s; }'
	seq 2000 | sed 's/.*/unsigned long f&(unsigned long *a, unsigned long h) { for (int i = 0; i < 8; i++) h += table[(h * &) >> shift] + work(a[i] + h); return h; }/'
} >"$out/many.c"
gcc -O2 -g -I"$top/runtime" -S "$out/many.c" -o "$out/many.s"
hyperfine -N --warmup 3 --export-json "$out/filter.json" \
	"as $out/many.s -o $out/many.o" "$build/rcpp $out/many.s -o $out/filtered.s" \
	"$build/rcpp --section none $top/LICENSE -o /dev/null" >"$out/filter.log" 2>&1
jq -r '.results | .[0].median as $base |
	"as\t1.00\t\nrcpp\t\(.[1].median / $base * 100 | round / 100)\t(with sites)\nrcpp\t\(.[2].median / $base * 100 | round / 100)\t(a small file without patchables)"' \
	"$out/filter.json" | column -t -s "$(printf '\t')"

echo
echo "Time of a build without patchables through rcpp-cc, relative to one without (1.02 is 2 % more): each"
echo "of rcpp's own sources ten times in turn, the median pair, by processor time and by the clock:"
flags="-std=c11 -D_GNU_SOURCE -O2 -g -I$top/rcpp -I$top/grammar -I$top/runtime -I$build -o $out/object.o"
# Some of them have the words in strings that rcpp looks for.
sources=$(grep -L 'patchable\|rcpp_extern' "$top"/rcpp/*.c)
median()
{
	cut -f "$1" "$2" | sort -n | awk '{ ratio[NR] = $1 } END { print ratio[int((NR + 1) / 2)] }'
}
for compiler in gcc clang; do
	command -v $compiler >/dev/null || continue
	plain=$compiler
	[ $compiler = gcc ] || plain="clang -fno-integrated-as"
	: >"$out/compile.tsv"
	for source in $sources; do
		without="$plain $flags -c $source"
		with="$build/rcpp-cc $compiler $flags -c $source"
		set --
		for _ in 1 2 3 4 5; do
			set -- "$@" "$without" "$with" "$with" "$without"
		done
		# Neighbours are a pair: what slows the machine down for a while meets both.
		hyperfine -N --runs 1 --export-json "$out/compile.json" "$@" >"$out/compile.log" 2>&1
		jq -r --arg with "$with" '.results as $all | range(0; $all | length; 2) |
			[$all[., . + 1]] | sort_by(.command == $with) |
			[map(.user + .system), map(.mean) | .[1] / .[0]] | @tsv' \
			"$out/compile.json" >>"$out/compile.tsv"
	done
	printf 'rcpp-cc %s\t%.3f\t%.3f\n' $compiler "$(median 1 "$out/compile.tsv")" \
		"$(median 2 "$out/compile.tsv")"
done

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
		-pthread -o "$out/changes"
}

echo
echo "Time of calls for a million sites: relative to memcpy() of the bytes in the sites, and nanoseconds a"
echo "site. An update of ten sites is one of few: microseconds, all in all."
changes 10000 100 100000
"$out/changes" calls | column -t -s "$(printf '\t')"

echo
echo "How long rcpp_update() takes for 10 sites of 1000, and so at most how long threads stand, in"
echo "microseconds: number of threads, what they do, median, 99th percentile. (There are $(nproc)"
echo "processors.)"
changes 10 100 100
"$out/changes" stop | column -t -s "$(printf '\t')"

gnuplot <<END
set terminal pngcairo size 800,480
set output "$out/code.png"
set title "Time relative to plain loads"
set style data histogram
set style fill solid
set yrange [0:*]
set key autotitle columnhead
plot for [column=2:4] "$out/code.tsv" using column:xtic(1)
END
echo
echo "The first table as a plot: $out/code.png"
