#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Divisions by patchable values (heading [division] of the rules): divisions/generate.py makes
# functions for every kind of division, divisions/divisions.c compares them with the processor's own
# division. What decides which of a rule's alternatives may be used is looked at by small cases.
# Reads: RCPP_BUILD (the build directory, default build/ beside tests/), RCPP_DIVIDENDS (how many
# random ones for each divisor, default 1000; a million is what make check-nightly takes; 0: nothing
# is divided, for the filter with sanitizers, whose text is the same).

setup_file() {
	export TOP SOURCE RCPP_BUILD
	TOP=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	SOURCE=$TOP/tests/divisions
	RCPP_BUILD=$(cd "${RCPP_BUILD:-$TOP/build}" && pwd)
	unset RCPP_FLAGS RCPP_AS RCPP_DISABLE RCPP_VERBOSE
	python3 "$SOURCE/generate.py" >"$BATS_FILE_TMPDIR/in.s"
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

filter() {
	rm -f explain
	"$RCPP_BUILD/rcpp" --symbol v4,v8 --explain=explain -o sites.s "$@" "$BATS_FILE_TMPDIR/in.s"
}

compile() {
	gcc -std=gnu11 -O2 -Wall -Wextra -Werror -I"$TOP/runtime" "$SOURCE/divisions.c" sites.s \
		"$RCPP_BUILD/librcpp.a" -o divisions
}

# divided DIVISOR: how many functions still divide with this divisor patched in.
divided() {
	./divisions 0 "$1" >text
	objdump -D -b binary -m i386:x86-64 text | grep -cE '\si?div[lq]? ' || true
}

@test "every kind of divisor, against the processor" {
	filter
	[ "$(wc -l <explain)" -eq 108 ]
	compile
	[ "${RCPP_DIVIDENDS:-1000}" -gt 0 ] || return 0
	run timeout 3000 ./divisions "${RCPP_DIVIDENDS:-1000}"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == "108 functions, "*" results, "*" of them traps: all agree" ]]
	echo "# $output" >&3
}

@test "no division is left, but where a register is missing" {
	filter
	compile
	# Without a third register, or one with the divisor: a quotient of 64 bits with its sign,
	# remainders, and both results; with the divisor's, both results with a sign; and with neither
	# both of 32 bits by more than 2^31.
	for divisor in 3 7 10 641 -7 -10 0x7fffffff; do
		echo "by $divisor: $(divided $divisor)"
		[ "$(divided $divisor)" -le 9 ]
	done
	for divisor in 1 2 64 0x40000000; do
		[ "$(divided $divisor)" -le 2 ]
	done
	# These must trap as the processor does, for all dividends and for one.
	[ "$(divided 0)" -eq 108 ]
	[ "$(divided -1)" -ge 54 ]
}

# In a disassembly: how many NOPs in a row are executed, at most?
nops_in_a_row() {
	awk -F '\t' '
		NF < 3 { next }
		$3 !~ /nop|xchg +%ax,%ax/ { passes = $3 !~ /^(jmp|ret)/; count = 0; next }
		passes && ++count > most { most = count }
		END { print most + 0 }'
}

@test "what a site is longer than its code is one NOP, or a jump over more" {
	filter
	as sites.s -o sites.o
	objdump -d -j .text sites.o >unpatched
	grep -q 'jmp' unpatched
	[ "$(nops_in_a_row <unpatched)" -le 1 ]
	compile
	for divisor in 1 2 7 0; do
		./divisions 0 $divisor >text
		objdump -D -b binary -m i386:x86-64 text >patched
		grep -q jmp patched
		[ "$(nops_in_a_row <patched)" -le 1 ]
	done
}

@test "--no-div leaves all of them alone" {
	filter --no-div
	[ "$(grep -c '=> .*div\|div.* =>' explain)" -eq 0 ]
	compile
	[ "$(divided 7)" -eq 108 ]
}

# left 'STATEMENTS': what stands before `divl b(%rip)`, whose %rax and flags nobody needs; the
# dividend is not seen to be extended, so the divisor only moves.
left() {
	printf '%b\n' "\t.type f, @function\nf:\n$1\n\t${2:-divl} b(%rip)\n\tmovl %edx, (%rdi)" \
		"\txorl %eax, %eax\n\txorl %edx, %edx\n\txorl %ecx, %ecx\n\tret\n\t.size f, .-f" >in.s
	rm -f explain
	"$RCPP_BUILD/rcpp" --symbol b --explain=explain -o out.s in.s
	cat explain
	grep -q 'b: i\?div. VAR => any: movl $V, %ecx; i\?divl %ecx$' explain
}

extended() {
	if left "$@"; then return 1; fi
	grep -q 'one: .* | power: ' explain
}

@test "the dividend's upper half is seen to be zero" {
	for clear in 'xorl %edx, %edx' 'xor %edx, %edx' 'xorq %rdx, %rdx' 'subl %edx, %edx' \
		'subq %rdx, %rdx' 'sub %edx, %edx' 'movl $0, %edx' 'movq $0, %rdx' 'mov $0, %edx'; do
		extended "\t$clear"
	done
	extended '\txorl %edx, %edx\n\tmovl 4(%rsi), %eax\n\tjne 1f'
	extended '\txorl %edx, %edx\n.LVL7:\n\t.loc 1 2 3'
}

@test "the dividend's upper half is seen to be the sign" {
	extended '\tcltd' idivl
	extended '\tcdq' idivl
	extended '\tcqto' idivq
	extended '\tcqo' idivq
	extended '\tcltd\n\tmovl $5, %esi\n\tjs 1f' idivl
}

@test "what is not seen is not believed" {
	left ''
	left '\tmovl $1, %edx'
	left '\tmovl zero, %edx'
	left '\tmovl $zero, %edx'
	left '\txorl %edx, %eax'
	left '\txorl %ecx, %edx'
	left '\txorl %edx, %ecx\n\tmovl %ecx, %edx'
	left '\txorw %dx, %dx'
	left '\txor %dx, %dx'
	left '\tmov $0, %dx'
	left '\tmovl 0, %edx'
	left '\tmovl $2*3, %edx'
	left '\tdata16 xorl %edx, %edx'
	left '\tsbbl %edx, %edx'
	left '\tandl $0, %edx'
	left '\tcltd'
	left '\tcqto'
	left '\txorl %edx, %edx\n\tincl %edx'
	left '\txorl %edx, %edx\n\tmovb $1, %dh'
	left '\txorl %edx, %edx\n\tcall g'
	left '\txorl %edx, %edx\n\tmull %esi'
	left '\txorl %edx, %edx\n1:\n\tdecl %esi\n\tjne 1b'
	left '\txorl %edx, %edx\n\tjmp *%rsi'
	left '\txorl %edx, %edx\n\t.byte 0x90'
	left '\tmovl $1, %edx\n\t.section .text.a, "ax"\n\txorl %edx, %edx\n\t.text'
	left '\txorl %edx, %edx\n\t.section .rodata\n\t.long 1\n\t.text'
}

@test "a sign that is not the dividend's any more" {
	left '' idivl
	left '\txorl %edx, %edx' idivl
	left '\tcqto' idivl
	left '\tdata16 cltd' idivl
	left '\tcltd\n\tmovl 4(%rsi), %eax' idivl
	left '\tcltd\n\tmovb $1, %al' idivl
	left '\tcltd\n\tcltd\n\tnegl %eax' idivl
	left '\tcltd\n\tcall g' idivl
	left '\tcltd\n1:\n\tdecl %esi\n\tjne 1b' idivl
}

# wide 'STATEMENTS' REGISTER 'OTHERS' DIV: what stands before `cqto; OTHERS; idivq b(%rip)`, of which
# both results are wanted; or before `xorl; OTHERS; divq`.
wide() {
	local extend=cqto
	[ "${4:-idivq}" = idivq ] || extend='xorl %edx, %edx'
	printf '%b\n' "\t.type f, @function\nf:\n$1\n\t$extend\n${3:-}\n\t${4:-idivq} b(%rip)" \
		"\tmovq %rdx, (%r8)\n\txorl %edi, %edi\n\tret\n\t.size f, .-f" >in.s
	rm -f explain
	"$RCPP_BUILD/rcpp" --symbol b,c --explain=explain -o out.s in.s
	cat explain
}

copied() {
	wide "$@"
	grep -q "divq VAR => .* [a-z]*: .* subq $2, %rax; negq" explain
}

not_copied() {
	wide "$@"
	[ "$(grep -c 'divq VAR => .*subq .*, %rax; negq' explain)" -eq 0 ]
}

@test "the dividend is seen to be in another register, too" {
	copied '\tmovq %rsi, %rax' %rsi
	copied '\tmov %r12, %rax\n\tincq %rsi\n\tjs 1f' %r12
	not_copied '\tleaq (%rsi), %rax'
	not_copied '\tmovl %esi, %eax'
	not_copied '\tmov %esi, %eax'
	not_copied '\tmovq %rsi, %rax\n\tincq %rax'
	not_copied '\tmovq %rsi, %rax\n\tmovb $1, %sil'
	not_copied '\tmovq %rsi, %rax\n1:\n\tdecl %ecx\n\tjne 1b'
	not_copied '\tmovq %rsi, %rax\n\tcall g'
	not_copied '\tmovq %rdx, %rax'
	not_copied '\tmovq %rax, %rax'
	not_copied '\tmovq %rsp, %rax'
	not_copied '\tmovq %xmm0, %rax'
	not_copied '\tmovq %mm0, %rax'
	not_copied '\tmovq $5, %rax'
	not_copied '\tmovq (%rsi), %rax'
	not_copied '\txchgq %rsi, %rax'
	not_copied '\tdata16 movq %rsi, %rax'
	not_copied '\tleaq 8(%rsi), %rax\n\t.section .text.a, "ax"\n\tmovq %rsi, %rax\n\t.text'
}

@test "no other site takes the dividend's copy for its temporary" {
	# %rdi is dead behind the move, and the only one that the function writes anyway.
	copied '\tmovq %rdi, %rax' %rdi '\taddq c(%rip), %rsi'
	grep -q 'c: addq VAR,%rsi => s32: addq $V, %rsi$' explain
	copied '\tmovq %rdi, %rax' %rdi '\taddq c(%rip), %rsi' divq
	grep -q 'c: addq VAR,%rsi => s32: addq $V, %rsi$' explain
	not_copied '\tleaq (%rdi), %rax' '' '\taddq c(%rip), %rsi'
	grep -q 'c: addq VAR,%rsi => s32: addq $V, %rsi | any: movabsq $V, %rdi; addq' explain
}

@test "a load into the dividend's copy does not vanish" {
	copied '\tmovq c(%rip), %rdi\n\tmovq %rdi, %rax' %rdi
	grep -q 'c: movq VAR,%rdi => u32: movl $V, %edi | s32: movq' explain
	not_copied '\tmovq c(%rip), %rdi\n\tmovq %rdi, %rax\n\tdecq %rax'
	grep -q 'c: movq VAR,%rdi => s32: nothing' explain
	# nor where the last that reads it stands behind the division and can have the value in it
	rm -f explain
	"$RCPP_BUILD/rcpp" --explain=explain -o sites.s "$TOP/tests/traps/dividend.s"
	grep -q 'dividend: movq VAR,%rcx => u32: movl $V, %ecx | s32: movq' explain
	grep -q 'divq VAR => .* subq %rcx, %rax; negq' explain
	gcc -O1 -I"$TOP/runtime" "$TOP/tests/traps/driver.c" sites.s "$RCPP_BUILD/librcpp.a" -o sites
	TRAP_SITES=1 ./sites >output
	"$RCPP_BUILD/rcpp" --no-div -o plain.s "$TOP/tests/traps/dividend.s"
	gcc -O1 -I"$TOP/runtime" "$TOP/tests/traps/driver.c" plain.s "$RCPP_BUILD/librcpp.a" -o plain
	./plain | cmp - output
}

@test "the value's register is a temporary, but not where it is the dividend" {
	wide '\tmovq c(%rip), %rcx\n\tleaq (%rdi), %rax' '' '\tidivq %rcx\n\txorl %ecx, %ecx\n\tcqto'
	grep -q 'idivq %rcx => .* proper: movq %rax, %rcx; movabsq' explain
	wide '\tmovq c(%rip), %rax' '' '\tidivq %rax\n\tmovq %rdi, %rax\n\tcqto'
	grep -q 'idivq %rax => one: nothing | power: ' explain
	[ "$(grep -c 'movq %rax, %rax' explain)" -eq 0 ]
}
