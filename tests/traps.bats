#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Places where a naive version of rcpp is wrong, by their numbers in the design. Programs of tests/traps
# are built twice, as they are and with rcpp, and run with values of all sizes, unpatched, patched
# and reverted: all results must agree (traps/driver.c). That the situation occurs at all is checked
# in the compiler's output and with --explain.
# shellcheck disable=SC2016,SC2258,SC1003 # patterns and inputs are meant as they stand
# Reads: RCPP_BUILD (the build directory, default build/ beside tests/).

bats_require_minimum_version 1.5.0

setup()
{
	RCPP_BUILD=$(realpath -m "${RCPP_BUILD:-$BATS_TEST_DIRNAME/../build}")
	rcpp=$RCPP_BUILD/rcpp
	library=$RCPP_BUILD/librcpp.a
	traps=$BATS_TEST_DIRNAME/traps
	CPATH=$BATS_TEST_DIRNAME/../runtime
	unset RCPP_FLAGS RCPP_AS RCPP_DISABLE RCPP_VERBOSE
	export CPATH TRAP_SITES=1
	flags=
	links=
	cd "$BATS_TEST_TMPDIR" || return
}

need()
{
	command -v "$1" >/dev/null || skip "no $1"
}

# to_assembly COMPILER FILE OPTION...: FILE.c to plain.s.
to_assembly()
{
	local compiler=$1 file=$2 clang=
	shift 2
	case $compiler in clang*) clang=-fno-integrated-as ;; esac
	$compiler $clang "$@" -S "$traps/$file" -o plain.s
}

# compare [LINK-OPTION]...: plain.s with and without sites; leaves sites.s and explain.
compare()
{
	rm -f explain
	"$rcpp" ${flags:+$flags} --explain=explain plain.s -o sites.s
	gcc -c plain.s -o plain.o
	gcc -c sites.s -o sites.o
	[ -f driver.o ] || gcc -O1 -c "$traps/driver.c" -o driver.o
	# shellcheck disable=SC2086 # several options
	${linker:-gcc} "$@" plain.o driver.o "$library" $links -o plain
	# shellcheck disable=SC2086
	${linker:-gcc} "$@" sites.o driver.o "$library" $links -o sites
	TRAP_SITES='' timeout 20 ./plain >plain.out
	timeout 20 ./sites >sites.out
	cmp plain.out sites.out
}

# trap_c COMPILER FILE OPTION...
trap_c()
{
	to_assembly "$@"
	case " $* " in
	*" -fno-pic "* | *" -mcmodel="*) compare -no-pie ;;
	*) compare ;;
	esac
}

# trap_s FILE: FILE is absolute code, written by hand.
trap_s()
{
	cp "$traps/$1" plain.s
	compare -no-pie
}

# explained REGEX: some reference became, or is, this.
explained()
{
	grep -qE "$1" explain || {
		echo "nothing explained as '$1':"
		cat explain
		return 1
	}
}

not_explained()
{
	if grep -E "$1" explain; then
		return 1
	fi
}

# body FUNCTION FILE: the function's text.
body()
{
	sed -n "/^$1:/,/^\t\.size\t$1,/p" "$2"
}

@test "1: callers keep values in registers that the callee leaves alone (-fipa-ra)" {
	trap_c gcc ipa-ra.c -O2 -fno-pic
	body caller plain.s | grep -qE 'add[a-z]*[[:space:]]%rcx'
	not_explained ': other: '
	body other plain.s | grep -q '%ecx'
	explained ': leaf: b: addq VAR,%rax => s32: addq'
	not_explained ': leaf: .*%r[bcds189]'
}

@test "1: inline assembly that writes a register and brings it back" {
	to_assembly gcc ipa-ra-assembly.c -O2
	body caller plain.s | grep -qE 'add[a-z]*[[:space:]]%rcx'
	compare
	explained ': leaf: b: addq VAR,%rax => s32: addq'
}

@test "1: a function without .size in front does not lend its registers" {
	to_assembly gcc ipa-ra-open.c -O2 -fno-toplevel-reorder
	body caller plain.s | grep -qE 'add[a-z]*[[:space:]]%rcx'
	grep -n -E '^(helper|leaf):' plain.s | sort -n | head -1 | grep -q helper
	compare
	explained ': leaf: b: addq VAR,%rax => s32: addq'
}

@test "1: no .size at all (-finhibit-size-directive)" {
	to_assembly gcc ipa-ra.c -O2 -finhibit-size-directive
	run -1 grep -q '\.size' plain.s
	sed -n '/^caller:/,$p' plain.s | grep -qE 'add[a-z]*[[:space:]]%rcx'
	compare
	explained ': leaf: b: addq VAR,%rax => s32: addq'
}

@test "1: registers that are saved and brought back are the caller's" {
	trap_s restored.s
	explained ': keeps: b: addq VAR,%rax => s32: addq'
	explained ': exchanges: b: addq VAR,%rax => s32: addq'
	explained ': pushes: b: addq VAR,%rax => s32: addq'
}

@test "1: a whole file of small functions, all optimizations, both compilers" {
	local compiler level
	for compiler in gcc clang; do
		command -v $compiler >/dev/null || continue
		for level in -O0 -O1 -O2 -O3 -Os; do
			trap_c $compiler ipa-ra.c $level
			explained ': leaf: b: .*(addq|leaq)'
		done
	done
}

@test "2: flags that are read behind a reference" {
	trap_s flags.s
	explained ': live_add: b: .*=> '
	not_explained ': live_add: .*leaq'
	explained ': dead_add: b: .*leaq V'
	explained ': live_chain: b: adcq VAR,%rdx => s32: adcq'
	explained ': live_chain: b: sbbq VAR,%rax => s32: sbbq'
	explained ': live_(shift|path|loop): b: movl VAR'
	not_explained ': live_(shift|path|loop): .*(shlq|shrq|sarq) \$V'
	explained ': dead_shift: b: .*shlq \$V'
	not_explained ': live_and: .*andl'
	explained ': dead_and: b: .*u32: andl'
	explained ': live_compare: b: cmpq %rdi,VAR'
}

@test "2: flags in compiled code: carries, shlx" {
	local compiler
	for compiler in gcc clang; do
		command -v $compiler >/dev/null || continue
		trap_c $compiler flags.c -O2
		grep -q 'adcq' plain.s
		explained ': wide: b: .*(addq|adcq|sbbq)'
		if grep -q bmi2 /proc/cpuinfo; then
			trap_c $compiler flags.c -O2 -mbmi -mbmi2
			grep -qE 's[ha][lr]x' plain.s
			trap_c $compiler flags.c -O3 -mbmi2 -madx -fno-tree-vectorize
		fi
	done
}

@test "2: flags at jumps to functions, and to parts of them" {
	trap_s tailcalls.s
	explained ': calls: b: .*any: nothing; ja L after'
	explained ': blocks: b: cmp'
	explained ': places: b: cmp'
	not_explained ': (blocks|places): .*any: nothing; '
}

@test "2: flags at tail calls in compiled code" {
	local compiler options
	for compiler in gcc clang; do
		for options in -O2 "-O2 -fPIC" "-O2 -fPIC -fno-plt" "-O2 -fno-pic" -Os; do
			# shellcheck disable=SC2086 # several options
			trap_c $compiler tailcalls.c $options
			[ "$(grep -cE 'jmp.*trap_tail_(one|two)' plain.s)" -ge 6 ]
			explained ': either: flag: .*any: nothing; j'
			explained ': local: byte: testb .*any: nothing; j'
			explained ': crowded: flag: .*any: nothing; j'
			explained ': several: b: .*any: nothing;'
		done
	done
	trap_c clang tailcalls.c -O2 -fbasic-block-sections=all
	grep -q 'jmp.*__part' plain.s
	trap_c gcc tailcalls.c -O2 -mindirect-branch=thunk
	grep -q 'jmp.*__x86_indirect_thunk' plain.s
	trap_c clang tailcalls.c -O2 -mretpoline
	grep -q 'jmp.*__llvm_retpoline' plain.s
}

@test "3: parts of registers" {
	trap_s partial.s
	explained 'movb VAR,%al => any: movb \$V, %al'
	explained 'movw VAR,%ax => any: movw \$V, %ax'
	explained ': b\+1: (load: no rule|movb VAR,%ah => any: movb \$V, %ah)'
	explained 'addb VAR,%ah => any: addb \$V, %ah'
	explained ': word: b: movl VAR,%eax => any: movl'
	explained ': high: b: (cmpb %ah,VAR|load: no dead register)'
	not_explained ': high: .*%(sil|dil|r[0-9]+b)'
	not_explained ': addresses: .*V\+[0-9]+\(,?%r'
}

@test "3: the register with the value is the other operand, too" {
	cp "$traps/twice.s" plain.s
	grep -q bmi2 /proc/cpuinfo || sed -i '/# BMI2/d' plain.s
	compare -no-pie
	[ "$(grep -c ': b: mov[lq] VAR,%[er]cx => ' explain)" -eq 11 ]
	not_explained 'nothing|; '
}

@test "4: vector and x87 registers" {
	local compiler
	for compiler in gcc clang; do
		command -v $compiler >/dev/null || continue
		trap_c $compiler vector.c -O2
		explained ': moved: b: (load: .*vector|movq VAR,%r)'
		explained ': doubled: [df]: load: .*vector'
		explained ': x87: x: load: .*x87'
		explained ': compared: p: movq'
		if grep -qw avx2 /proc/cpuinfo; then
			trap_c $compiler vector.c -O2 -mavx2
		fi
	done
	"$rcpp" --stats=json plain.s -o /dev/null 2>stats
	grep -qE '"vector": [3-9]' stats
}

@test "4: a byte behind the displacement, indices that are no general registers" {
	trap_s vector.s
	explained ': trap_run: b: load: .*vector'
	[ "$(grep -c ': p: movq VAR,%r[ab]x => ' explain)" -eq 7 ]
	not_explained 'cmp(lt|unord|eq)[ps]d V'
	not_explained 'xlat'
	not_explained 'null'
}

@test "5: jumps to labels between a load and its use" {
	local name
	trap_s middle.s
	for name in by_label by_number by_table by_address; do
		explained ": $name: b: movl VAR,%ecx => any: movl"
		not_explained ": $name: .*shll"
	done
	explained ': elsewhere: b: addq VAR,%rax'
	explained ': falls: b: addq VAR,%rax'
	not_explained ': (elsewhere|falls): .*%rcx'
}

# middle ONLY: one of the functions of middle.s alone.
middle()
{
	{ echo ".set ONLY, $1" && cat "$traps/middle.s"; } >plain.s
	compare -no-pie
	explained ": $1: b: "
}

@test "5: labels that are assigned" {
	middle by_assignment
	not_explained ': by_assignment: .*shll'
	middle by_set
	not_explained ': by_set: .*shll'
}

@test "5: labels whose name a macro makes" {
	middle by_macro
	not_explained ': by_macro: .*shll'
}

@test "5: jumps by a distance" {
	TRAP_SITES='' trap_s distance.s
	explained ': by_distance: b: load: .*distance'
	explained ': by_offset: b: load: .*distance'
}

@test "5: labels that only an included file names" {
	echo '	movl $2, %ecx; jmp .Linto' >jump.inc
	trap_s included.s
	explained ': trap_run: b: movl VAR,%ecx => '
	not_explained 'shll'
}

@test "5, 14: jump tables, computed gotos, asm goto, setjmp" {
	local compiler level
	for compiler in gcc clang; do
		command -v $compiler >/dev/null || continue
		for level in -O0 -O1 -O2 -O3 -Os "-O2 -fPIC" "-O2 -mcmodel=large"; do
			# shellcheck disable=SC2086 # several options
			TRAP_SITES='' trap_c $compiler jumps.c $level
			grep -qE 'jmp(q)?[[:space:]]+\*' plain.s
		done
		trap_c $compiler jumps.c -O2
		explained ': switched: b: '
		explained ': computed: (b|shift): '
		explained ': assembled: shift: '
		explained ': patched_branch: shift: '
	done
}

@test "5, 14: exceptions through functions with sites" {
	local compiler level
	for compiler in g++ clang++; do
		command -v $compiler >/dev/null || continue
		for level in -O0 -O1 -O2 -O3 -Os "-O2 -fPIE" "-O2 -fnon-call-exceptions"; do
			[ "$compiler$level" != "clang++-O2 -fnon-call-exceptions" ] || continue
			# shellcheck disable=SC2086
			linker=$compiler trap_c $compiler throws.c -x c++ $level
			grep -q gcc_except_table plain.s
			explained ': _Z6middlelll: b: .*=> '
			explained ': _Z5outerlll: (b|shift): .*=> '
		done
	done
}

@test "6: inline assembly in all its forms" {
	local compiler level
	for compiler in gcc clang; do
		command -v $compiler >/dev/null || continue
		for level in -O0 -O1 -O2 -O3 -Os; do
			trap_c $compiler inline.c $level -fno-pic -mno-red-zone
		done
		[ "$(grep -c ': several: b: addq VAR,%r.. => ' explain)" -ge 2 ]
		explained ': labels: shift: movl VAR,%ecx => any: movl'
		explained 'b: load: .*inline assembly'
		explained ': calls: b: '
	done
}

@test "6: a register that a call in inline assembly keeps is no temporary" {
	trap_c gcc inline.c -O2 -fno-pic -mno-red-zone
	local kept
	kept=$(body calls plain.s | sed -n 's/.*\(%rcx\|%rdx\).*/\1/p' | sort -u)
	[ -n "$kept" ]
	explained ': calls: b: addq'
}

# odd_options COMPILER FLAG... -- REGEX: the regex shows that the options had an effect.
odd_options()
{
	local compiler=$1 options=() level
	shift
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	command -v "$compiler" >/dev/null || return 0
	for level in -O2 -O1 -Os; do
		trap_c "$compiler" parts.c $level "${options[@]}"
		grep -qE -e "$2" plain.s
		explained ': parts[^:]*: b: .*=> '
		explained ': table[^:]*: (b|shift): .*=> '
		[ $level != -O2 ] || cp plain.s two.s
	done
	mv two.s plain.s
}

@test "7: cold parts" {
	odd_options gcc -freorder-blocks-and-partition -- 'never'
	grep -qE '\.text\.unlikely' plain.s
	trap_c gcc parts.c -O2
	grep -qE '^parts\.cold:' plain.s
	grep -E '(^|: )parts\.cold: ' explain || grep -E ': parts: b:' explain
	[ "$(grep -cE ': parts(\.cold)?: ' explain)" -ge 4 ]
	odd_options clang -fbasic-block-sections=all -ffunction-sections -- 'text\.parts'
}

@test "7: cold parts that do not return" {
	local compiler options
	for compiler in gcc clang; do
		for options in -O1 -O2 "-O2 -g -fno-pic" -O3 -Os "-O2 -ffunction-sections" "-O2 -fPIC"; do
			# shellcheck disable=SC2086 # several options
			trap_c $compiler cold.c $options
			explained ': called: level: .*any: nothing; j'
			explained ': aborted: on: .*any: nothing; j'
			explained ': trapped: b: .*any: nothing; j'
			explained ': limited: level: .*any: nothing; j'
			not_explained ': load: '
		done
	done
	trap_c gcc cold.c -O2
	grep -q '^called\.cold:' plain.s
	grep -qE '^\s\.section\s\.text\.unlikely$' plain.s
	grep -qE '\sud2$' plain.s
}
@test "7: patchable function entries" {
	odd_options gcc -fpatchable-function-entry=5,2 -- __patchable_function_entries
	odd_options clang -fpatchable-function-entry=5,2 -- __patchable_function_entries
}

@test "7: profiling" {
	links=-pg odd_options gcc -pg -- 'call[[:space:]].*mcount'
	links=-pg odd_options gcc -pg -mfentry -- 'call[[:space:]].*__fentry__'
	links=-pg odd_options clang -pg -- 'call.*mcount'
}

@test "7: retpolines, return thunks" {
	odd_options gcc -mindirect-branch=thunk -mfunction-return=thunk -- __x86_indirect_thunk
	odd_options gcc -mindirect-branch=thunk -mindirect-branch-register -- __x86_indirect_thunk_r
	odd_options gcc -mindirect-branch=thunk-inline -- lfence
	odd_options clang -mretpoline -- __llvm_retpoline
}

@test "7: -fcf-protection, stack protection, sanitizers, other frames" {
	odd_options gcc -fcf-protection=full -- endbr64
	odd_options clang -fcf-protection=full -- endbr64
	odd_options gcc -fstack-protector-all -fstack-clash-protection -- stack_chk
	odd_options gcc -fno-omit-frame-pointer -mno-red-zone -mstackrealign -- 'rbp'
	odd_options gcc -fno-plt -fPIE -- b
	UBSAN_OPTIONS=log_path=/dev/null links="-fsanitize=undefined" odd_options gcc -fsanitize=undefined -- __ubsan
	odd_options gcc -g3 -gdwarf-5 -fverbose-asm -- '\.loc'
	odd_options gcc -ftrapv -fwrapv -fno-asynchronous-unwind-tables -- trap_run
	odd_options gcc -ffixed-r8 -ffixed-rdx -- trap_run
	odd_options gcc -fcall-saved-r10 -fcall-saved-rdi -ffixed-r11 -- trap_run
}

@test "7: as options that move instructions" {
	local option
	to_assembly gcc parts.c -O2
	compare
	for option in -mbranches-within-32B-boundaries -malign-branch=jcc+fused+jmp+call+ret+indirect \
		-mlfence-after-load=yes -O2 -Os; do
		case $option in
		-malign*) set -- $option -malign-branch-boundary=32 ;;
		*) set -- $option ;;
		esac
		as "$@" sites.s -o sites.o
		gcc sites.o driver.o "$library" -o sites
		# Bytes that as adds to a site are not what its table says: refused, and right.
		run timeout 20 ./sites
		case $status in
		0) printf '%s\n' "$output" | cmp - plain.out ;;
		*) [[ $option == -m* && $output == *'nothing in this module was changed'* ]] ;;
		esac
	done
}

@test "8: addresses, stores, modifications, GOT" {
	TRAP_SITES='' trap_s not-reads.s
	grep -E ': b: .*=> ' explain >sites.list
	[ "$(wc -l <sites.list)" -eq 3 ]
	grep -q 'movq VAR(%rcx),%rsi => ' sites.list # what is behind the GOT's slot, not the slot
	grep -q 'pushq VAR => ' sites.list
	grep -q 'addq VAR,%rax => ' sites.list
	explained ': b: load: .*writes'
	for line in 'leaq	b(%rip), %rdx' 'movl	$b, %ecx' 'movq	%rax, b(%rip)' 'movb	%al, b(%rip)' \
		'incq	b(%rip)' 'lock addq $4, b(%rip)' 'subq	$7, b(%rip)' 'popq	b(%rip)' \
		'prefetcht0 b(%rip)' 'movq	b@GOTPCREL(%rip), %rcx'; do
		grep -qFx "	$line" sites.s
	done
}

@test "8: addresses, stores, modifications in C" {
	local compiler
	for compiler in gcc clang; do
		command -v $compiler >/dev/null || continue
		TRAP_SITES=1 trap_c $compiler not-reads.c -O2 -fPIE
		explained ': modify: b: load: .*writes'
		not_explained ': (address|store): b: (load|.*=>)'
		explained ': store: b: written outside'
		explained ': read_it: b: .*=> '
		flags="--symbol t" TRAP_SITES=1 trap_c $compiler not-reads.c -O2 -fno-pic
		not_explained ': t: .*=> '
		explained ': read_it: b: .*=> '
	done
}

@test "9: arrays and structures" {
	local compiler
	for compiler in gcc clang; do
		command -v $compiler >/dev/null || continue
		for level in "-O2 -fno-pic" "-O2 -fPIE" -Os -O0; do
			# shellcheck disable=SC2086
			trap_c $compiler arrays.c $level
		done
		trap_c $compiler arrays.c -O2 -fno-pic
		explained ': indexed: array: load: .*array'
		explained ': indexed: structure.*: load: .*array'
		explained ': numbered: array\+16: .*=> '
		explained ': fields: structure: movs.* => '
		explained ': fields: structure\+6: mov.* => '
		explained ': fields: structure\+16: .*=> '
		not_explained ': pointed: '
	done
}

@test "10: no dead register, nothing is pushed" {
	trap_s no-register.s
	explained 'b: load: no dead register'
	explained 'addq VAR,%rax => s32: addq \$V, %rax$'
	explained 'imulq VAR,%rbx => s32: imulq \$V, %rbx, %rbx$'
	sed -i '/text\.rcpp_release/,/\.popsection/d' sites.s # which is no site
	[ "$(grep -cE 'push(q|f)?[[:space:]]|push[^s]|call' sites.s)" -eq \
		"$(grep -cE 'push(q|f)?[[:space:]]|push[^s]|call' plain.s)" ]
}

@test "10: no site of any program here pushes, spills or calls" {
	local file
	for file in arrays.c calls.c flags.c inline.c jumps.c parts.c; do
		to_assembly gcc $file -O2 -fno-pic
		"$rcpp" plain.s -o sites.s
		grep -o 'LrcppF[0-9]*_[1-9][0-9]*: [^.]*' sites.s >alternatives
		[ -s alternatives ]
		run -1 grep -E 'push[a-z]* %|pop|call|rsp' alternatives
	done
}

@test "11: -flto: renamed statics, whole programs" {
	local compiler option
	gcc -O1 -c "$traps/driver.c" -o driver.o
	for option in -O2 "-O2 -fPIE -pie" "-O2 -fno-pic -no-pie" "-O3 -fwhole-program" \
		"-O2 -flto-partition=max" "-O2 -ffat-lto-objects"; do
		# shellcheck disable=SC2086
		gcc $option "$traps/lto.c" -DSECOND -c -o second.o
		# shellcheck disable=SC2086
		gcc $option "$traps/lto.c" -c -o first.o
		# shellcheck disable=SC2086
		gcc ${option/-fwhole-program/} first.o second.o driver.o "$library" -o plain 2>/dev/null ||
			[ "${option/whole-program/}" != "$option" ]
		# shellcheck disable=SC2086
		"$RCPP_BUILD/rcpp-cc" gcc -flto $option "$traps/lto.c" -DSECOND -c -o second.o
		# shellcheck disable=SC2086
		"$RCPP_BUILD/rcpp-cc" gcc -flto ${option/-fwhole-program/} "$traps/lto.c" -c -o first.o
		rm -f explain
		# shellcheck disable=SC2086
		"$RCPP_BUILD/rcpp-cc" gcc -flto -Wr,--explain=explain -save-temps \
			${option/-fwhole-program/} first.o second.o driver.o "$library" -o sites
		timeout 20 ./sites >sites.out
		[ ! -x plain ] || { TRAP_SITES='' timeout 20 ./plain >plain.out && cmp plain.out sites.out; }
		cat ./*ltrans*.s | grep -q 'same\.lto_priv'
		"$RCPP_BUILD/rcpp-dump" sites >dump
		grep -q first dump
		# A partition does not see the section of a static that another one defines: loads.
		[[ $option == *partition=max ]] || grep -q second dump
		grep -q ' b ' dump
		rm -f ./*.s plain
	done
}

@test "11: -flto with clang's compiler runs, sites or not" {
	need clang
	"$RCPP_BUILD/rcpp-cc" clang -O2 "$traps/lto.c" -DSECOND -c -o second.o
	"$RCPP_BUILD/rcpp-cc" clang -O2 "$traps/lto.c" -c -o first.o
	gcc -O1 -c "$traps/driver.c" -o driver.o
	gcc first.o second.o driver.o "$library" -o sites
	timeout 20 ./sites >sites.out
	"$RCPP_BUILD/rcpp-dump" sites | grep -q from_assembly
}

@test "12: statics that the file never writes" {
	local compiler level
	for compiler in gcc clang; do
		command -v $compiler >/dev/null || continue
		for level in -O1 -O2 -O3 -Os; do
			trap_c $compiler never-written.c $level
			explained ': shifted: shift: mov[bl] VAR,%e?cl?x? => .*sh[r]'
			explained ': added: value: .*=> '
			explained ': chosen: is_on: (.*=> |load: no dead register)'
		done
		[ $compiler = gcc ] || grep -qE 'movb[[:space:]]+shift\(%rip\), %cl' plain.s
	done
}

@test "13: a variable that another module can take over" {
	gcc -O1 -c "$traps/driver.c" -o driver.o
	for compiler in gcc clang; do
		command -v $compiler >/dev/null || continue
		to_assembly $compiler got.c -O2 -fPIC -DLIBRARY
		grep -q 'shared@GOTPCREL' plain.s
		rm -f explain
		"$rcpp" --symbol shared,reader_calls --explain=explain plain.s -o sites.s
		explained ': shared: addq VAR\(%r.*\),%r.* => '
		gcc -shared sites.s -o library.so
		to_assembly gcc got.c -O2 -fno-pic
		gcc -no-pie plain.s driver.o "$library" -Wl,--export-dynamic library.so -Wl,-rpath,. -o sites
		timeout 20 ./sites >sites.out
		grep -q '^5: 8$' sites.out
	done
}

@test "15: calls that keep registers, thunks, tail calls" {
	trap_s calls.s
	explained ': kept: b: addq VAR,%rax'
	explained ': through_thunk: b: addq VAR,%rax'
	explained ': tail: b: addq VAR,%rax'
	not_explained ': (kept|through_thunk|tail): .*%r(cx|dx|12)'
}

@test "15: callees with conventions of their own" {
	local compiler level
	for compiler in gcc clang; do
		command -v $compiler >/dev/null || continue
		for level in -O1 -O2 -O3 -Os; do
			trap_c $compiler calls.c $level -mgeneral-regs-only
			explained ': caller: b: .*=> '
			explained ': keeps: b: .*=> '
		done
	done
}

# gcc leaves out movl $1,%eax where %eax is known to be 1: the loaded value is what printf() reads.
@test "15: a loaded value is the number of a variadic call's vector arguments" {
	local level
	cat >count.c <<-'END'
		#include <rcpp.h>
		#include <stdio.h>
		static __patchable int v = 1;
		__attribute__((noipa)) static int clear(void) { return 0; }
		__attribute__((noipa)) static int print(double x)
		{
			int t = v;

			if (t == 1)
				return printf("%g\n", x);
			return t == 2 ? puts("two") : puts("other");
		}
		int main(void)
		{
			clear();
			print(1.5);
			if (rcpp_patch())
				puts(rcpp_error());
			clear();
			print(3.5);
			return 0;
		}
	END
	for level in -O1 -O2 -O3 -Os; do
		"$RCPP_BUILD/rcpp-cc" gcc $level -I"$BATS_TEST_DIRNAME/../runtime" count.c \
			"$RCPP_BUILD/librcpp.a" -o count
		[ "$(./count)" = $'1.5\n3.5' ]
	done
	# It was left out somewhere: only then does this test anything.
	gcc -O2 -I"$BATS_TEST_DIRNAME/../runtime" -S count.c -o - | grep -A 12 'movl	v(%rip)' >shape
	run -1 grep 'movl	$1, %eax' shape
}

@test "16: a pair is two sites, in the text's order" {
	trap_s order.s
	explained 'movl VAR,%ecx => any: nothing; shlq %cl,%rax => any: shlq \$V'
	sed -i 's/\.Lrcpp[0-9]*n: nop; //' sites.s # at the entry
	[ "$(grep -c '^	\.Lrcpp[0-9]*: ' sites.s)" -eq 2 ]
	grep -oE '^	(\.Lrcpp[0-9]+: (\.(reloc|fill) [^;]*; )*)?(mov|lea|shl|xor)[^;]*' sites.s |
		sed -E 's/\.Lrcpp[0-9]+: (\.(reloc|fill) [^;]*; )*//' >instructions
	grep -E '^	(mov|lea|shl|xor)' plain.s | grep -v STORE | diff - instructions
	[ "$("$RCPP_BUILD/rcpp-dump" sites.o | grep -cE 'movl VAR|shlq %cl')" -ge 2 ]
}

@test "16: a store between load and use, unpatched" {
	local compiler level
	sed 's/^#STORE//' "$traps/order.s" >plain.s
	rm -f explain
	"$rcpp" --explain=explain plain.s -o sites.s
	explained 'movl VAR,%ecx => '
	gcc -O1 -c "$traps/driver.c" -o driver.o
	cat >main.c <<-'END'
		#include <stdio.h>
		extern long b;
		unsigned long trap_run(void);
		int main(void)
		{
			b = 3;
			printf("%lu %ld\n", trap_run(), b);
			return 0;
		}
	END
	gcc -no-pie plain.s main.c -o plain
	gcc -no-pie sites.s main.c -o sites
	[ "$(./sites)" = "$(./plain)" ]
	[ "$(./sites)" = "48 3" ]
	for compiler in gcc clang; do
		command -v $compiler >/dev/null || continue
		for level in -O0 -O2 -O3; do
			to_assembly $compiler order.c $level
			rm -f explain
			"$rcpp" --explain=explain plain.s -o sites.s
			explained ': exchange: b: mov.*=> '
			gcc sites.s "$library" -o sites
			[ "$(./sites)" = "389 391" ] || [ "$(./sites)" = "$(gcc plain.s -o plain && ./plain)" ]
		done
	done
}

@test "15: functions written by hand may return anything in any register" {
	local name
	for name in x.S x.s x.sx x.asm; do
		# shellcheck disable=SC2059 # the name is part of the text
		printf "\t.file \"$name\"\n\t.text\n\t.type f, @function\nf:\txorl %%ecx, %%ecx\n\taddq b(%%rip), %%rax\n\tret\n\t.size f, .-f\n\t.section rcpp_patchable, \"aw\"\nb:\t.quad 0\n" >plain.s
		rm -f explain
		"$rcpp" --explain=explain plain.s -o sites.s
		explained 'addq VAR,%rax => s32: addq \$V, %rax$'
	done
	sed -i 's/x\.asm/x.c/' plain.s
	rm -f explain
	"$rcpp" --explain=explain plain.s -o sites.s
	explained 'any: movabsq \$V, %rcx'
}

# convention TEXT: functions by compilers with conventions of their own, and the variable b.
convention()
{
	printf '\t.file "x.c"\n\t.text\n%b\n\t.section rcpp_patchable, "aw"\nb:\t.quad 0\n' "$1" >plain.s
	rm -f explain
	"$rcpp" --explain=explain plain.s -o sites.s
	as sites.s -o sites.o
	explained ': b: .*=> '
}

@test "15: a call may read any register: thunks inline, outlined functions, regcall" {
	convention '\t.type f, @function\nf:\tpushq %rbx\n\tmovq 8(%rdi), %rbx\n\taddq b(%rip), %rbp\n\tjmp .LIND5\n.LIND4:\tcall .LIND7\n.LIND6:\tpause\n\tjmp .LIND6\n.LIND7:\tmov %rbx, (%rsp)\n\tret\n.LIND5:\tcall .LIND4\n\tpopq %rbx\n\tret\n\t.size f, .-f'
	not_explained '%rbx'
	convention '\t.type f, @function\nf:\tmovq b(%rip), %r14\n\taddq %r14, 8(%rdi)\n\tcallq OUTLINED_FUNCTION_1\n\tpopq %r14\n\tretq\n\t.size f, .-f'
	not_explained 'nothing'
	convention '\t.type f, @function\nf:\tpushq %r13\n\tmovq b(%rip), %r13\n\taddq %r13, (%rdi)\n\tcallq sg\n\tpopq %r13\n\tretq\n\t.size f, .-f'
	not_explained 'nothing'
	# A call that is followed by nothing of the kind leaves other registers to be dead.
	convention '\t.type f, @function\nf:\tmovq b(%rip), %r13\n\taddq %r13, (%rdi)\n\txorl %r13d, %r13d\n\tcallq sg\n\tretq\n\t.size f, .-f'
	explained 'nothing'
}

@test "15: a register that is restored from the stack belongs to the caller" {
	convention '\t.type f, @function\nf:\tmovq %rsi, 8(%rsp)\n\tmovq %rdx, %rsi\n\tcall ext\n\tmovq 8(%rsp), %rsi\n\taddq b(%rip), %rax\n\tret\n\t.size f, .-f'
	not_explained '%rsi'
	convention '\t.type f, @function\nf:\ttestq %r8, %r8\n\tjle .L19\n\tcall __sse_savms64_12@PLT\n\tmovq %rdx, %rsi\n\tcall ext\n\tleaq 64(%rsp), %rsi\n\tjmp __sse_resms64x_12@PLT\n.L19:\txorl %eax, %eax\n\txorq b(%rip), %rax\n\tret\n\t.size f, .-f'
	not_explained '%rsi'
	convention '\t.type f, @function\nf:\t.cfi_startproc\n\tmovq %rdx, %rsi\n\tcall ext\n\t.cfi_restore 4\n\taddq b(%rip), %rax\n\tret\n\t.cfi_endproc\n\t.size f, .-f'
	not_explained '%rsi'
	# One that is only written is free.
	convention '\t.type f, @function\nf:\tmovq %rdx, %rsi\n\tcall ext\n\taddq b(%rip), %rax\n\tret\n\t.size f, .-f'
	explained 'movabsq \$V, %rsi'
}

@test "15: outlined and regcall functions return in any register" {
	local name
	for name in OUTLINED_FUNCTION_0 __regcall3__f; do
		convention "\t.type $name, @function\n$name:\tmovq b(%rip), %rsi\n\taddq %rsi, 8(%rbx)\n\tretq\n\t.size $name, .-$name"
		not_explained 'nothing'
		convention "\t.type $name, @function\n$name:\tmovl b(%rip), %ecx\n\tcmpq %rdi, %rsi\n\tshlxq %rcx, %rax, %rax\n\tmovl \$1, %ecx\n\tretq\n\t.size $name, .-$name"
		not_explained 'shlq'
	done
	convention "\t.type f, @function\nf:\tmovq b(%rip), %rsi\n\taddq %rsi, 8(%rbx)\n\tretq\n\t.size f, .-f"
	explained 'nothing'
}

@test "14: a landing pad is entered from an instruction that traps, too" {
	local body='\t.type f, @function\nf:\tpushq %rbx\n\tmovq %rdi, %rbx\n\taddq b(%rip), %rax\n\tmovl (%rsi), %r8d\n\txorl %ebx, %ebx\n\tpopq %rbx\n\tret\n\t.size f, .-f'
	convention "$body"
	explained 'movabsq \$V, %rbx'
	# -fnon-call-exceptions: the pad may read %rbx as it was at the movl
	convention "$body\n\t.section .gcc_except_table, \"a\"\n\t.byte 0"
	explained 'movabsq \$V, %r8'
	not_explained '%rbx'
}

@test "23: a clone in another section is no part of the function it is named after" {
	local clone size
	for clone in part.0 constprop.0 isra.0; do
		for size in '' -finhibit-size-directive; do
			to_assembly gcc ipa-ra-clone.c -O2 -fno-toplevel-reorder \
				-DCLONE="\"$clone\"" ${size:+"$size"}
			sed -n '/^caller:/,/ret$/p' plain.s | grep -qE 'add[a-z]*[[:space:]]%rcx'
			grep -A 1 -E '^[[:space:]]*\.section[[:space:]]+\.text\.unlikely' plain.s |
				grep -qE "\.(globl|type)[[:space:]]leaf\.$clone"
			compare
			explained ': leaf: b: addq VAR,%rax => s32: addq \$V, %rax$'
		done
	done
}
