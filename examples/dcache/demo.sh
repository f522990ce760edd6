#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# demo.sh BUILD [COMPILER]: compiles the hash lookup through BUILD/rcpp-cc, runs it, and shows the
# machine code of its functions as it was in memory before and after rcpp_patch(). Needs a compiler
# (default gcc) and binutils. What it makes goes to BUILD/examples.
set -eu

build=${1:?usage: demo.sh BUILD [COMPILER]}
compiler=${2:-gcc}
here=$(dirname "$0")
top=$here/../..
program=$build/examples/dcache-$compiler
mkdir -p "$build/examples"

echo "\$ rcpp-cc $compiler -O2 -o dcache dcache.c librcpp.a"
"$build/rcpp-cc" "$compiler" -O2 -I"$top/runtime" -o "$program" "$here/dcache.c" \
	"$build/librcpp.a" -pthread
echo "\$ ./dcache"
"$program" --dump "$program"
echo

# The dumps have no addresses. With the program's own, displacements lead to its variables.
nm -S "$program" >"$program.symbols"
start=$(awk '$NF == "__start_shown" { print $1 }' "$program.symbols")
for when in before after; do
	objdump -D -b binary -m i386:x86-64 --no-show-raw-insn --adjust-vma="0x$start" \
		"$program.$when" >"$program.$when.txt"
done

# In: the symbols, then both listings. Instructions at the same address go to the same line.
awk '
function number(hex,   i, n) {
	for (i = 1; i <= length(hex); i++)
		n = n * 16 + index("0123456789abcdef", substr(hex, i, 1)) - 1
	return n
}
# objdump writes "0x22a2(%rip),%ecx  # 0x7178"; people know the variable by its name.
function readable(text,   at, address) {
	at = index(text, "# 0x")
	if (at) {
		address = number(substr(text, at + 4))
		text = substr(text, 1, at - 1)
		if (address in variable)
			sub(/-?0x[0-9a-f]+\(%rip\)/, variable[address] "(%rip)", text)
	}
	if (text ~ /^((data16|cs|rex) )*(nop|xchg +%ax,%ax)/)
		return "nop"
	sub(/^((data16|addr32|rex) )+/, "", text) # they are there for the length only
	gsub(/[ \t]+$/, "", text)
	sub(/ +/, " ", text)
	if (text ~ /^(j|call)/)
		sub(/0x/, "", text)
	return text
}
# Stacks and stores are not what this is about: a load names memory and is not lea or mov to it.
function count(text, when) {
	if (text == "nop")
		return
	instructions[when]++
	if (text ~ /\(/ && text !~ /^lea/ && text !~ /^mov.*\)$/)
		loads[when]++
}
FILENAME != file { file = FILENAME; part++ }
part == 1 && NF == 4 && $3 ~ /[Tt]/ { name[number($1)] = $4; size[$4] = number($2) }
part == 1 && NF == 4 && $3 ~ /[DdBb]/ { variable[number($1)] = $4 }
part > 1 && /^ *[0-9a-f]+:\t/ {
	address = $1
	sub(/:/, "", address)
	address = number(address)
	if (part == 2 && !first)
		first = address
	sub(/^ *[0-9a-f]+:\t/, "")
	code[part, address] = readable($0)
	last = address
}
END {
	printf "%-6s%-34s  %s\n", "", "before rcpp_patch()", "after rcpp_patch()"
	for (a = first; a <= last; a++) {
		if (a in name) {
			shown = name[a]
			end = a + size[shown]
			printf "%s:\n", shown
		}
		if (a >= end || !((2, a) in code || (3, a) in code))
			continue
		left = code[2, a]
		right = code[3, a]
		if (shown == "lookup" && left != "")
			count(left, "before")
		if (shown == "lookup" && right != "")
			count(right, "after")
		line = sprintf("%5x %-34s%s %s", a, left, left == right ? " " : "|", right)
		sub(/ +$/, "", line)
		print line
	}
	printf "\nlookup: %d instructions and %d loads before, %d and %d after" \
		" (NOPs not counted).\n" \
		"Prefixes that only make an instruction longer are not shown.\n", instructions["before"], loads["before"],
		instructions["after"], loads["after"]
}' "$program.symbols" "$program.before.txt" "$program.after.txt"
