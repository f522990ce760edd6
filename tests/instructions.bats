#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# In: build/generate-instructions and the committed table of instruction facts.
# Out: whether the table is what the generator makes today, and whether tricky rows are as the
# manuals have them.  Both are needed: the first keeps hands off the table, the second would
# notice an assembler or decoder that has changed its mind.  And whether they are safe: samples of
# each row in each shape, what the filter takes them to do against what Zydis says of their code, and
# against what the processor does (tests/instructions/).  And whether they are enough: what compilers
# and this machine's programs hold is known, or listed with a reason.
# Reads: RCPP_BUILD (the build directory, default build/ beside tests/), CC (default cc).
# bats ends a test at the first command that fails, and `run` sets what a function then looks at.
# shellcheck disable=SC2164,SC2030,SC2031

setup_file() {
	export root="$BATS_TEST_DIRNAME/.." build source="$BATS_TEST_DIRNAME/instructions"
	build=$(cd "${RCPP_BUILD:-$root/build}" && pwd)
	cd "$BATS_FILE_TMPDIR" || return
	compile "$source/sample.c" -o sample
	./sample "$root/grammar/x86-64/instructions.tbl" >samples.s
	# With -Z there is an object in spite of the errors, which come by the hundred thousand.
	as -Z samples.s -o samples.o 2>&1 |
		sed -n 's/^samples\.s:\([0-9]*\): Error:.*/\1/p' >refused || true
	objcopy -O binary -j .text samples.o samples.bin
	link_with_filter "$build/grammar/x86-64/instructions.o" check "$source/check.c" "$source/processor.c" \
		"$source/enter.s" -lZydis -lZycore
}

compile() {
	# shellcheck disable=SC2046 # many flags
	"${CC:-cc}" -std=gnu11 -D_GNU_SOURCE -O1 -g -Wall -Wextra -Werror \
		$(make -s --no-print-directory -C "$root" filter-flags) "$@"
}

# link_with_filter INSTRUCTIONS.o PROGRAM ARGUMENT...: with the filter's own reading of assembly.
link_with_filter() {
	local instructions=$1 program=$2 object
	shift 2
	set -- "$@" "$instructions"
	for object in $(make -s --no-print-directory -C "$root" B="$build" filter-objects); do
		[ "${object##*/}" = instructions.o ] || set -- "$@" "$object"
	done
	compile -o "$program" "$@"
}

@test "the committed instruction table is what the generator makes" {
	mkdir "$BATS_TEST_TMPDIR/scratch"
	TMPDIR="$BATS_TEST_TMPDIR/scratch" \
		"$build/generate-instructions" >"$BATS_TEST_TMPDIR/instructions.tbl"
	cmp "$BATS_TEST_TMPDIR/instructions.tbl" "$root/grammar/x86-64/instructions.tbl"
	rmdir "$BATS_TEST_TMPDIR/scratch"
}

@test "the instruction table is sorted and has no row twice" {
	sed -n 's/^INSTRUCTION("\([^"]*\)", \([0-9]\).*/\1 \2/p' "$root/grammar/x86-64/instructions.tbl" \
		>"$BATS_TEST_TMPDIR/rows"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/rows")" -gt 3000 ]
	LC_ALL=C sort -c -u -k1,1 -k2,2n "$BATS_TEST_TMPDIR/rows"
}

@test "tricky instructions have the right facts" {
	"${CC:-cc}" -std=c11 -Wall -Wextra -Werror -o "$BATS_TEST_TMPDIR/instruction-facts" \
		"$root/tests/instruction-facts.c" "$root/grammar/x86-64/instructions.c"
	run "$BATS_TEST_TMPDIR/instruction-facts"
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "what the filter believes of each instruction is safe by Zydis and by the processor" {
	cd "$BATS_FILE_TMPDIR"
	run ./check samples.s refused samples.bin 12
	echo "$output"
	grep '^[0-9]* samples' <<<"$output" | sed 's/^/# /' >&3
	[ "$status" -eq 0 ]
}

# damage NAME COMMAND: a table with that sed command applied to the rows of NAME, and what the check
# says of it; it must say something.
damage() {
	mkdir -p "$BATS_TEST_TMPDIR/damaged"
	cd "$BATS_TEST_TMPDIR/damaged"
	cp "$root/grammar/x86-64/instructions.c" .
	sed "/^INSTRUCTION(\"$1\"/$2" "$root/grammar/x86-64/instructions.tbl" >instructions.tbl
	if cmp -s instructions.tbl "$root/grammar/x86-64/instructions.tbl"; then return 1; fi
	compile -c instructions.c
	link_with_filter "$PWD/instructions.o" check "$source/check.c" "$source/processor.c" \
		"$source/enter.s" -lZydis -lZycore
	run ./check "$BATS_FILE_TMPDIR"/{samples.s,refused,samples.bin} 300 "$1"
	echo "$output"
	[ "$status" -eq 1 ]
}

# The processor must show it, whatever Zydis says.
damage_and_execute() {
	damage "$@"
	grep -q "^FAILED: executed: $1[ :]" <<<"$output"
}

@test "a flag that is read, but not by the table, is noticed" {
	damage_and_execute adcq 's/, C, C | P/, 0, C | P/'
	grep -q '^FAILED: adcq .*reads, but not to rcpp: carry' <<<"$output"
}

@test "an operand that may stay as it was, and the table says it is written, is noticed" {
	damage_and_execute cmovneq 's/ACCESS(R, RW/ACCESS(R, W/'
	grep -q '^FAILED: cmovneq .*does not surely write' <<<"$output"
	damage_and_execute bsfq 's/ACCESS(R, RW/ACCESS(R, W/'
}

@test "an implicit register that the table forgets is noticed" {
	damage_and_execute mulq 's/RAX | RDX, RAX | RDX/RAX, RAX/'
	grep -q '^FAILED: mulq .*may change: %rdx' <<<"$output"
	damage_and_execute stosq 's/RAX | RDI, RDI, RDI/RDI, RDI, RDI/'
}

@test "flags that a count of zero keeps, and the table says they are written, are noticed" {
	damage_and_execute shlq 's/0, C | P | A | Z | S | O, ORDINARY/C | P, C | P | A | Z | S | O, ORDINARY/'
}

@test "what goes elsewhere, and the table says it does not, is noticed" {
	damage jmp 's/JUMP/ORDINARY/'
	grep -q '^FAILED: jmp .*goes elsewhere' <<<"$output"
	damage syscall 's/BARRIER/ORDINARY/'
	grep -q '^FAILED: syscall: goes elsewhere' <<<"$output"
}

# coverage MILLIONTHS ARGUMENT...: at most so many barriers; the counts are said aloud.
coverage() {
	[ -x "$BATS_FILE_TMPDIR/coverage" ] ||
		"$source/build-coverage.sh" "$build" "$BATS_FILE_TMPDIR/coverage"
	run "$BATS_FILE_TMPDIR/coverage" "$source/barriers.txt" "$@"
	echo "$output"
	grep ' instructions: ' <<<"$output" | sed 's/^/# /' >&3
	[ "$status" -eq 0 ]
}

@test "each instruction that the compilers make of our own files is known" {
	cd "$BATS_TEST_TMPDIR"
	read -ra flags < <(make -s --no-print-directory -C "$root" filter-flags)
	flags+=(-I"$root/runtime" -I"$root/runtime/x86-64")
	number=0
	for options in "gcc -O2" "gcc -O3 -march=x86-64-v4" "gcc -Os -fcf-protection=full" \
		"gcc -O0 -mno-red-zone" "clang -O2 -march=x86-64-v3" "clang -Oz"; do
		for file in "$root"/rcpp/filter/s*.c "$root"/runtime/*.c "$root"/examples/*/*.c \
			"$root"/tests/bench/changes.c; do
			# the one needs Linux's headers, the others are made of system calls
			[[ ${file##*/} != kernel.c && ${file##*/} != profile*.c ]] || continue
			number=$((number + 1))
			# shellcheck disable=SC2086 # a compiler with its options
			$options -std=gnu11 -D_GNU_SOURCE -DVALUES=100 "${flags[@]}" \
				-S "$file" -o "$number.s"
		done
	done
	[ "$number" -gt 60 ]
	coverage 250 ./*.s # inline assembly: stop.c's switches sections, tasks.c's asks valgrind
}

@test "each instruction of this machine's libraries and programs is known" {
	cd "$BATS_TEST_TMPDIR"
	for file in /usr/lib/x86_64-linux-gnu/{libc.so.6,libm.so.6,libstdc++.so.6,libgcc_s.so.1} \
		/usr/lib/x86_64-linux-gnu/{libasan.so.8,libc.a,libmvec.a} /usr/bin/{as,ld,bash,perl} \
		/usr/libexec/valgrind/*amd64*.so "$build"/{rcpp,rcpp-dump,librcpp.so.1}; do
		[ ! -e "$file" ] || objdump -d --no-show-raw-insn "$file" >>disassembly
	done
	coverage 600 --disassembly disassembly
	[ "${output%% instructions:*}" -gt 1000000 ]
}

@test "an instruction that is not known fails if it is not listed, or if there are too many" {
	cd "$BATS_TEST_TMPDIR"
	"$source/build-coverage.sh" "$build" ./coverage
	printf '\taddl $1, %%eax\n\trep\n\tnop\n\tret\n' >listed.s
	printf '\taddl $1, %%eax\n\tfrobnicate %%eax\n\tret\n' >unknown.s
	./coverage "$source/barriers.txt" 700000 listed.s
	run ./coverage "$source/barriers.txt" 300000 listed.s
	[ "$status" -eq 1 ]
	run ./coverage "$source/barriers.txt" 700000 unknown.s
	[ "$status" -eq 1 ]
	grep -q '^unknown: frobnicate' <<<"$output"
	run ./coverage "$source/barriers.txt" 700000 --disassembly /dev/null
	[ "$status" -eq 1 ]
}

# explain INSTRUCTION: what becomes of an addition before it that wants a register for wide values.
explain() {
	printf '\t.text\nf:\n\taddq b(%%rip), %%rdx\n\t%s\n\tret\n' "$1" >"$BATS_TEST_TMPDIR/f.s"
	"$build/rcpp" --symbol=b --calls=abi --explain -o "$BATS_TEST_TMPDIR/out.s" \
		"$BATS_TEST_TMPDIR/f.s" 2>&1
}

@test "APX: what is not known frees no register" {
	local instruction
	[[ $(explain 'movq %rsi, %rcx') == *'movabsq $V, %rcx'* ]]
	[[ $(explain 'imulq $3, %rsi, %rcx') == *'movabsq $V, %rcx'* ]]
	for instruction in '{nf} addq %rsi, %rdi, %rcx' 'addq $1, %rsi, %rcx' 'notq %rsi, %rcx' \
		'imulq %rcx, %rsi, %rdi' '{nf} imulq %rcx, %rsi, %rdi' 'pop2p %rcx, %rbx' 'popp %rcx' \
		'cfcmoveq %rsi, %rcx' 'cmoveq %rsi, %rdi, %rcx' 'setzue %cl' \
		'{nf} popcntq %rsi, %rcx' 'ccmpeq {dfv=zf} %rsi, %rcx' 'ctestel {dfv=} $1, %ecx' \
		'movq %r16, %rsi' 'movq %rcx, %r16' 'addq %rcx, %r31' 'movq (%rcx,%r16), %r17'; do
		echo "$instruction"
		[[ $(explain "$instruction") == *"addq VAR"* ]]
		[[ $(explain "$instruction") != *"movabsq \$V, %rcx"* ]]
	done
}
