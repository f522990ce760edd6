#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Time and memory: an input of four times the size may not take more than five times the instructions
# (counted, not timed), and memory is bounded by a multiple of the input (ulimit -v).
# shellcheck disable=SC2016,SC2258,SC1003 # patterns and inputs are meant as they stand
# Reads: RCPP_BUILD (the build directory, default build/ beside tests/).

bats_require_minimum_version 1.5.0

setup()
{
	RCPP_BUILD=$(realpath -m "${RCPP_BUILD:-$BATS_TEST_DIRNAME/../build}")
	rcpp=$RCPP_BUILD/rcpp
	cd "$BATS_TEST_TMPDIR" || return
}

# instructions FILE: what the filter executes on it, counted by callgrind: the same on every run
instructions()
{
	valgrind --tool=callgrind --callgrind-out-file=/dev/null "$rcpp" --symbol b "$1" 2>&1 >/dev/null |
		awk '/Collected/ { print $NF }'
}

# linear GENERATOR N: GENERATOR writes a text with N of something, with sites in it. Four times as
# much may take hardly more than four times as many instructions; all of it is filtered, too.
linear()
{
	local one four
	"$1" $(($2 * 4)) >in.s
	timeout 60 "$rcpp" --symbol b --stats in.s -o out.s 2>stats
	grep -qE '[1-9][0-9]* sites' stats
	"$1" $(($2 / 10)) >one.s
	"$1" $(($2 * 4 / 10)) >four.s
	one=$(instructions one.s)
	four=$(instructions four.s)
	echo "$one instructions, four times as much: $four"
	[ "$one" -gt 0 ] && [ "$four" -lt $((one * 5)) ]
}

# head_of and tail_of: a function around something
head_of()
{
	printf '\t.file "x.c"\n\t.text\n\t.type f, @function\nf:\n'
}
tail_of()
{
	printf '\tret\n\t.size f, .-f\n'
}

one_function()
{
	head_of
	seq "$1" | awk '{ r = $1 % 7; print r == 0 ? "\taddl b(%rip), %eax" : r == 1 ? "\tmovl b(%rip), %ecx" : r == 2 ? "\tshll %cl, %eax" : "\tleal 1(%rax,%rdx), %esi" }'
	tail_of
}
labels()
{
	head_of
	seq "$1" | awk '{ print ".L" $1 ":"; if ($1 % 50 == 0) print "\taddl b(%rip), %eax"; print "\tjne .L" ($1 * 7919) % '"$1"' + 1 }'
	tail_of
}
backward_chain()
{
	head_of
	printf '.L0:\taddl b(%%rip), %%eax\n\tret\n'
	seq "$1" | awk '{ print ".L" $1 ":\n\tjmp .L" $1 - 1 }'
	tail_of
}
forward_chain()
{
	head_of
	printf '\taddl b(%%rip), %%eax\n'
	seq "$1" | awk '{ print ".L" $1 ":\n\tjmp .L" $1 + 1 }'
	tail_of
}
sections()
{
	seq "$1" | awk '{ print "\t.section .text.f" $1 ",\"ax\"\nf" $1 ":\taddl b(%rip), %eax\n\tret" }'
}
data_sections()
{
	sections 5
	seq "$1" | awk '{ print "\t.section .data.f" $1 ",\"aw\"\nd" $1 ":\t.long b" }'
}
functions()
{
	seq "$1" | awk '{ print "\t.type f" $1 ", @function\nf" $1 ":\taddl b(%rip), %eax\n\tret\n\t.size f" $1 ", .-f" $1 }'
}
# Nothing says where functions begin, and each line of data could be the end of one.
loose_code()
{
	seq "$1" | awk '{
		print "\t.text\n\taddl b(%rip), %eax"
		for (i = 0; i < 12; i++)
			print "\tnop"
		print "\t.data\n\t.type x, @object\n\t.long b"
	}'
}
one_line()
{
	head_of
	seq "$1" | awk '{ printf "addl b(%%rip), %%eax; nop; " } END { print "" }'
	tail_of
}
long_comment()
{
	head_of
	printf '\taddl b(%%rip), %%eax # '
	head -c "$1" /dev/zero | tr '\0' 'x'
	printf '\n\t.ascii "'
	head -c "$1" /dev/zero | tr '\0' '#'
	printf '"\n/*'
	head -c "$1" /dev/zero | tr '\0' '*'
	printf '*/\n'
	tail_of
}
loads()
{
	head_of
	seq "$1" | awk 'BEGIN { split("eax ecx edx esi edi r8d r9d r10d r11d", r, " ") } { print "\tmovl b(%rip), %" r[$1 % 9 + 1] }'
	tail_of
}
never_consumed()
{
	head_of
	seq "$1" | awk '{ print "\tmovl b(%rip), %ecx\n\tmovl %edx, %esi" }'
	tail_of
}
quotes()
{
	head_of
	printf '\taddl b(%%rip), %%eax\n'
	seq "$1" | awk '{ print "\"" }'
	tail_of
}

# Each label is in a table, is jumped to from elsewhere, and jumps through the table.
pointers()
{
	head_of
	printf '\tmovq b@GOTPCREL(%%rip), %%rbx\n'
	seq "$1" | awk -v n="$1" '{
		print ".L" $1 ":\n\tmovl (%rbx), %eax\n\tmovq b@GOTPCREL(%rip), %r" 8 + $1 % 8
		print "\tcmpl %eax, %edi\n\tjne .L" $1 * 7919 % n + 1 "\n\tjmp *%rsi"
	}'
	tail_of
	printf '\t.section .rodata\n'
	seq "$1" | sed 's/.*/\t.quad .L&/'
}

@test "a function of a million instructions" { linear one_function 250000; }
@test "labels and jumps across each other" { linear labels 100000; }
@test "a million labels, each jumps to the one before" { linear backward_chain 250000; }
@test "each jumps to the next" { linear forward_chain 100000; }
@test "many sections" { linear sections 5000; }
@test "many data sections" { linear data_sections 10000; }
@test "many functions" { linear functions 25000; }
@test "code in pieces" { linear loose_code 10000; }
@test "a line of a million characters" { linear one_line 10000; }
@test "a comment, a string of a million characters" { linear long_comment 1000000; }
@test "loads that nothing consumes" { linear loads 100000; }
@test "loads whose value lives on" { linear never_consumed 100000; }
@test "a quote on each line" { linear quotes 100000; }

@test "addresses through labels and tables" { linear pointers 50000; }

@test "many symbols" {
	head_of >in.s
	seq 20000 | sed 's/.*/\taddl v&(%rip), %eax/' >>in.s
	tail_of >>in.s
	seq 20000 | sed 's/^/v/' >list
	timeout 20 "$rcpp" --symbols-from list --stats in.s -o out.s 2>stats
	grep -q ' 20000 sites' stats
}

@test "100 MB: memory is a small multiple of the input" {
	functions 20000 >piece.s
	{
		head_of
		printf '\taddl b(%%rip), %%eax\n'
		tail_of
		for i in $(seq 90); do
			sed "s/f\([0-9]\)/f${i}_\1/g; s/b(%rip)/c(%rip)/" piece.s
		done
		printf '\t.type g, @function\ng:\taddl b(%%rip), %%eax\n\tret\n\t.size g, .-g\n'
	} >in.s
	[ "$(stat -c %s in.s)" -gt 100000000 ]
	# the text itself, the names that are known, and a little
	(
		ulimit -v $((600 * 1024))
		timeout 30 "$rcpp" --symbol b --stats in.s -o out.s 2>stats
	)
	grep -q ' 2 sites' stats
	[ "$(stat -c %s out.s)" -gt 100000000 ]
}

@test "a function that mentions nothing patchable costs little, and a file without one next to nothing" {
	local none one all
	functions 2000 | sed 's/\taddl.*/&\n\tmovl %eax, %edx\n\tmovl %edx, %eax\n\tmovl %eax, %edx\n\tmovl %edx, %eax\n\tmovl %eax, %edx\n\tmovl %edx, %eax\n\tmovl %eax, %edx\n\tmovl %edx, %eax\n\tmovl %eax, %edx\n\tmovl %edx, %eax/' >all.s
	sed 's/b(%rip)/c(%rip)/' all.s >none.s
	cp none.s one.s
	functions 1 | sed s/f1/g/ >>one.s
	none=$(instructions none.s) one=$(instructions one.s) all=$(instructions all.s)
	echo "none: $none, one: $one, all: $all"
	[ "$none" -gt 0 ] && [ $((none * 4)) -lt "$one" ] && [ $((one * 2)) -lt "$all" ]
}

# as looks for the second label of a difference behind the first one, to the next text whose length is
# open, and only then in front: the wrong way round, 100,000 sites took it 14 seconds instead of one.
@test "of two labels the one that stands first is named first" {
	{
		head_of
		printf '\tmovl b(%%rip), %%eax\n\tmovl %%eax, 8(%%rdi)\n'
		printf '\tcmpl $5, b(%%rip)\n\tmovl %%eax, 8(%%rsi)\n\tmovl $0, %%eax\n'
		tail_of
	} >in.s
	"$rcpp" --symbol b in.s -o out.s
	sed -n 's/^\t\.long .*\.short ([0-9]*\([-+]\)(\.Lrcpp\([0-9]*\)-\.Lrcpp\([0-9]*\).*/\1 \2 \3/p' out.s >differences
	[ "$(wc -l <differences)" = 4 ]
	grep -q '^+' differences
	awk '$2 > $3 { exit 1 }' differences
}
