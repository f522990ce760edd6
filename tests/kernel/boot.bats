#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Debian's Linux 6.1, plain and through rcpp, gcc and clang, booted by QEMU's emulator: it patches
# itself, runs a workload, and every site is compared with its variable. RCPP_KERNEL=DIRECTORY keeps
# the kernels, and takes those that are there.
# bats ends a test at the first command that fails.
# shellcheck disable=SC2164,SC1091
bats_require_minimum_version 1.5.0

# through KERNEL CONFIG COMPILER [MAKE-ARGUMENT]...: a tree of its own, its list the plain kernel's;
# what is said goes to KERNEL.log
through()
{
	[ -e "$work/$1/initrd" ] || build_through "$@" >"$work/$1.log" 2>&1
}

build_through()
{
	local linux=$work/$1 config=$2 compiler=$3
	shift 3
	rm -rf "$linux"
	unpack "$linux"
	sh "$top/examples/kernel/apply.sh" "$linux"
	cp "$work/symbols" "$linux/kernel/rcpp/symbols"
	[ ! -e "$work/early" ] || cp "$work/early" "$linux/kernel/rcpp/early"
	set -- "CC=$build/rcpp-cc $compiler" KCFLAGS=-Wr,--explain "$@"
	configure "$linux" "$@"
	(
		cd "$linux"
		# shellcheck disable=SC2086 # several
		./scripts/config -e RCPP $config
		make "$@" olddefconfig
		grep -qx CONFIG_RCPP=y .config
	)
	case $config in
	*PREEMPT*)
		cp "$BATS_TEST_DIRNAME/preempted.c" "$linux/lib/rcpp_preempted.c"
		echo 'obj-y += rcpp_preempted.o' >>"$linux/lib/Makefile"
		;;
	esac
	build "$linux" "$@"
	damaged "$linux"
	initrd "$linux"
}

build_plain()
{
	rm -rf "$1"
	unpack "$1"
	configure "$1"
	build "$1"
	initrd "$1"
}

# symbol KERNEL NAME: its address without KASLR
symbol()
{
	awk -v name="$2" '$3 == name { print "0x" $1 }' "$work/$1/System.map"
}

setup_file()
{
	export top=$BATS_TEST_DIRNAME/../.. work=${RCPP_KERNEL:-$BATS_FILE_TMPDIR}
	build=$(realpath "${RCPP_BUILD:-$top/build}")
	export build
	. "$BATS_TEST_DIRNAME/kernel.sh"
	mkdir -p "$work"
	{
		gcc -O2 -static -pthread "$BATS_TEST_DIRNAME/guest/workload.c" -o "$work/workload"
		gcc -O2 -shared -fPIC "$BATS_TEST_DIRNAME/count.c" -o "$work/count.so"
		[ -e "$work/linux/initrd" ] || build_plain "$work/linux" >"$work/linux.log" 2>&1
		RCPP_DUMP=$build/rcpp-dump sh "$top/examples/kernel/symbols.sh" "$work/linux" \
			>"$work/symbols"
		through krcpp "" gcc
	} >"$work/make.log" 2>&1
	boot "$work/linux" quiet -smp 2 >"$work/plain.out"
	between "$work/plain.out" >"$work/expected"
	[ "$(wc -l <"$work/expected")" -gt 12 ]
}

setup()
{
	. "$BATS_TEST_DIRNAME/kernel.sh"
}

# same KERNEL PARAMETERS PROCESSORS [QEMU-ARGUMENT]...: the workload's output is the plain kernel's, and nothing is wrong
same()
{
	boot "$work/$1" "quiet $2" -smp "${@:3}" >"$work/$1.out"
	between "$work/$1.out" | diff "$work/expected" -
	grep -q '^==== done' "$work/$1.out"
	run ! grep -E '^log: .*(BUG|Oops|WARNING|differs from|duplicate)' "$work/$1.out"
}

# verified KERNEL: more than a thousand sites of the kernel, and the module's, hold their values
verified()
{
	grep -qE '^log: rcpp: vmlinux: [0-9]{4} sites, [0-9]{4} patched, ' "$work/$1.out"
	grep -q '^rcpp: now differing 0$' "$work/$1.out"
	grep -q '^rcpp: with the module differing 0$' "$work/$1.out"
	grep -qE '^log: rcpp: rcpp_test: [1-9][0-9]* sites, [1-9]' "$work/$1.out"
	grep -E '^log: rcpp: vmlinux: .* sites, ' "$work/$1.out" | sed 's/^log/#/' >&3
}

@test "how long the two builds took" {
	for kernel in linux krcpp; do
		sed -n "s/^built in/# $kernel: &/p" "$work/$kernel.log" >&3
	done
	[ "$(grep -hc '^built in' "$work"/{linux,krcpp}.log | paste -sd+ | bc)" -eq 2 ]
}

@test "the patch has less than 60 lines" {
	changed=$(grep -c '^[+-][^+-]' "$top/examples/kernel/linux-6.1.patch")
	echo "# $changed lines" >&3
	[ "$changed" -lt 60 ]
}

@test "at least 95 % of the references outside of init code are sites" {
	grep -hE "^[^ ]+:[0-9]+: [^:]+: [^:]+: (load: |.* => )" "$work/krcpp.log" |
		python3 "$BATS_TEST_DIRNAME/references.py" >&3
}

@test "gcc: with and without KASLR, one processor and two" {
	for kaslr in kaslr nokaslr; do
		for processors in 1 2; do
			same krcpp "$kaslr rcpp=verify" "$processors"
			verified krcpp
			grep -q '^log: rcpp: vmlinux: verified, 0 sites differ$' "$work/krcpp.out"
		done
	done
	same krcpp rcpp=on 2
	verified krcpp
}

@test "a module whose table is damaged is loaded as it is" {
	same krcpp rcpp=on 1
	grep -q '^log: rcpp: rcpp_test: row .*; nothing in it is changed$' "$work/krcpp.out"
	grep -qx 'rcpp: damaged: loaded' "$work/krcpp.out"
}

@test "rcpp=off leaves all as it was" {
	same krcpp rcpp=off 2
	grep -q '^log: rcpp: off$' "$work/krcpp.out"
	grep -q '^rcpp: now sites 0$' "$work/krcpp.out"
}

@test "rodata=off: variables may change, so nothing is patched" {
	same krcpp rodata=off 2
	grep -q '^log: rcpp: rodata=off: variables may still change, so nothing is patched$' "$work/krcpp.out"
	grep -qx 'rcpp: now patched 0' "$work/krcpp.out"
	run ! grep -E 'rcpp: .* sites, ' "$work/krcpp.out"
}

# In assembly; and .altinstr_aux, where sync_core() asks for a feature, which has no symbol of its own.
called=(memcpy __memcpy memcpy_orig memcpy_erms _einittext)

# has_no_sites KERNEL FUNCTION: nor does it call another one than those of ${quiet[@]}
has_no_sites()
{
	[ "$(jq --arg name "$2" '[.[] | select(.function == $name)] | length' "$work/sites.json")" -eq 0 ]
	objdump -d --disassemble="$2" --no-show-raw-insn "$work/$1/vmlinux" >"$work/code"
	grep -q "<$2>:" "$work/code"
	sed -nE 's/.*\b(call|j[a-z]+) .*<([^+>]+)[+>].*/\2/p' "$work/code" | sort -u |
		grep -vxF "$(printf '%s\n' "$2" "${quiet[@]}")" >"$work/others" || true
	diff /dev/null "$work/others"
}

@test "what runs while the text changes has no sites" {
	quiet=("${called[@]}")
	"$build/rcpp-dump" --json "$work/krcpp/vmlinux" >"$work/sites.json"
	[ "$(jq length "$work/sites.json")" -gt 1000 ]
	has_no_sites krcpp write_sites
}

@test "a variable that changes is noticed" {
	boot "$work/krcpp" "quiet nokaslr flip=$(symbol krcpp d_hash_shift)" >"$work/flip.out"
	grep -qE '^rcpp: flipped differing [1-9]' "$work/flip.out"
	grep -qx 'rcpp: flipped back differing 0' "$work/flip.out"
	grep -q 'site __d_lookup_rcu+.* differs from its variable' "$work/flip.out"
}

@test "hot functions as the guest has them: no loads, and the shift has its count in the code" {
	local shown=() functions=(__d_lookup_rcu __d_lookup __lookup_mnt kfree vmalloc_to_page wp_page_copy)
	for function in "${functions[@]}"; do
		shown+=("show=$(nm -S "$work/krcpp/vmlinux" |
			awk -v name="$function" '$4 == name { print "0x" $1 ",0x" $2 }')")
	done
	boot "$work/krcpp" "quiet nokaslr ${shown[*]}" | sed '/^==== begin/,$d; s/^\[[^]]*\] //' \
		>"$work/show.out"
	sed -n 's/.*rcpp_test: code //p' "$work/show.out" | tr -d '\n' | grep -qE 'c1 e[a-f] [01][0-9a-f]'
	PATH=$build:$PATH python3 "$BATS_TEST_DIRNAME/code.py" "$work/linux/vmlinux" "$work/krcpp/vmlinux" \
		"$work/show.out" "${functions[@]}" >"$work/code"
	sed 's/^/# /' "$work/code" >&3
	[ "$(grep -cE '\| [0-9]+, [1-9][0-9]*, [0-9]+ \| [0-9]+, 0, [0-9]+ \|$' "$work/code")" -eq 6 ]
}

@test "instructions and loads for each path lookup" {
	for kernel in linux krcpp; do
		for count in 20000 40000; do
			boot "$work/$kernel" "quiet nokaslr lookups=$count" -smp 1 -icount shift=0 \
				-plugin "$work/count.so,out=$work/$kernel.$count" >/dev/null
		done
		paste -d ' ' "$work/$kernel".{20000,40000} |
			awk -v kernel=$kernel '{ printf "# %s: %.1f %s\n", kernel, ($4 - $2) / 20000, $1 }' >&3
	done
	fewer=$(awk '/^loads/ { print $2 }' "$work"/{linux,krcpp}.{20000,40000} |
		awk '{ n[NR] = $1 } END { print (n[2] - n[1] > n[4] - n[3]) }')
	[ "$fewer" -eq 1 ]
}

@test "--unpatched=fault: only the functions that are listed run before patching" {
	rm -f "$work/executed"
	# An interrupt comes sooner or later: of several boots all that runs early.
	for processors in 1 2 1 2; do
		boot "$work/krcpp" "quiet nokaslr lookups=10" -smp $processors -plugin \
			"$work/count.so,out=$work/part,until=$(symbol krcpp rcpp_patch_kernel)" >/dev/null
		cat "$work/part" >>"$work/executed"
	done
	"$build/rcpp-dump" --json "$work/krcpp/vmlinux" >"$work/sites.json"
	python3 "$BATS_TEST_DIRNAME/early.py" "$work/sites.json" "$work/executed" \
		>"$work/early" 2>"$work/early.txt"
	sed 's/^/# executed before: /' "$work/early.txt" >&3
	through kfault "-e RCPP_FAULT" gcc
	rm "$work/early"
	run ! grep 'warning: objtool' "$work/kfault.log"
	for kernel in krcpp kfault; do
		objdump -d "$work/$kernel/vmlinux" | grep -c '	ud2'
	done >"$work/traps"
	paste -sd ' ' "$work/traps" | sed 's/^/# ud2: /' >&3
	[ "$(tail -n 1 "$work/traps")" -gt $(($(head -n 1 "$work/traps") + 900)) ]
	for processors in 1 2; do
		same kfault rcpp=verify "$processors"
		verified kfault
		grep -qx 'rcpp: damaged: not loaded' "$work/kfault.out"
	done
}

@test "PREEMPT: no task is left in the middle of a site" {
	through kpreempt "-d PREEMPT_NONE -e PREEMPT -e PREEMPT_DYNAMIC" gcc
	grep -qx CONFIG_PREEMPTION=y "$work/kpreempt/.config"
	for processors in 1 2; do
		same kpreempt rcpp=verify "$processors"
		verified kpreempt
	done
	# The emulator interrupts between blocks, of one instruction each. One boot of sixteen finds
	# no thread in a site.
	for _ in 1 2 3 4; do
		same kpreempt rcpp=verify 1 -singlestep
		verified kpreempt
		[ "$(grep -c '^log: rcpp preempted: 0 wrong$' "$work/kpreempt.out")" -eq 4 ]
		if grep 'times a task stood in a site$' "$work/kpreempt.out" >"$work/times"; then
			break
		fi
	done
	sed 's/^log/#/' "$work/times" >&3
	[ -s "$work/times" ]
}

@test "mitigations, ftrace, and a kprobe that is there before" {
	local wanted=(CPU_MITIGATIONS RETPOLINE PAGE_TABLE_ISOLATION X86_KERNEL_IBT FTRACE
		FUNCTION_TRACER KPROBES KPROBE_EVENTS DEBUG_KERNEL PERF_EVENTS HARDLOCKUP_DETECTOR
		HARDLOCKUP_DETECTOR_PERF)
	# A variable that is not settled, whatever the list says.
	cp "$work/symbols" "$work/settled"
	echo nr_threads >>"$work/symbols"
	through khard "${wanted[*]/#/-e }" gcc
	mv "$work/settled" "$work/symbols"
	for option in "${wanted[@]}"; do
		grep -qx "CONFIG_$option=y" "$work/khard/.config"
	done
	run ! grep 'warning: objtool: rcpp_rows' "$work/khard.log"
	"$build/rcpp-dump" --json "$work/khard/vmlinux" >"$work/sites.json"
	[ "$(jq '[.[] | select(.symbol == "nr_threads")] | length' "$work/sites.json")" -gt 0 ]
	quiet=(touch_softlockup_watchdog arch_touch_nmi_watchdog __x86_return_thunk "${called[@]}")
	for function in write_sites touch_softlockup_watchdog arch_touch_nmi_watchdog; do
		has_no_sites khard "$function"
	done
	same khard rcpp=verify 2
	verified khard
	site=$("$build/rcpp-dump" --json "$work/khard/vmlinux" |
		jq -r '[.[] | select(.function == "__d_lookup_rcu")][0].address')
	offset=$((site - $(symbol khard __d_lookup_rcu)))
	same khard "nokaslr rcpp=verify kprobe_event=p:early,__d_lookup_rcu+$offset" 1
	grep -q '^log: rcpp: vmlinux: site __d_lookup_rcu+.* holds other bytes than its table says .*; nothing in it is changed$' \
		"$work/khard.out"
	run ! grep -E 'rcpp: vmlinux: .* patched' "$work/khard.out"
	# One for a module comes with it, but behind its patching.
	site=$("$build/rcpp-dump" --json "$work/khard/rcpp-test/rcpp_test.ko" |
		jq -r '[.[] | select(.function == "translates")][0].address')
	offset=$((site - $(nm "$work/khard/rcpp-test/rcpp_test.ko" |
		awk '$3 == "translates" { print "0x" $1 }')))
	same khard "rcpp=verify kprobe_event=p:late,rcpp_test:translates+$offset" 1
	grep -q '^log: rcpp: rcpp_test: 3 sites, 3 patched' "$work/khard.out"
	grep -q '^log: rcpp_test: 1000 of 1000 right at exit$' "$work/khard.out"
	grep -qE '^kprobes hit: +late +[1-9]' "$work/khard.out"
}

# raise_nmis LOG: such as say nothing, a hundred a second, once the kernel has started the processors
raise_nmis()
{
	until grep -q 'smp: Brought up' "$1"; do
		sleep 0.1
	done
	while echo nmi; do
		sleep 0.01
	done >"$work/monitor.in" 2>/dev/null
}

@test "NMIs while the text changes are raised again" {
	[ -e "$work/monitor.in" ] || mkfifo "$work/monitor.in" "$work/monitor.out"
	for _ in 1 2 3 4 5 6; do
		: >"$work/nmis.out"
		cat "$work/monitor.out" >/dev/null 3>&- &
		reader=$!
		raise_nmis "$work/nmis.out" 3>&- &
		boot "$work/khard" "rcpp=verify" -smp 2 -monitor "pipe:$work/monitor" >"$work/nmis.out"
		kill "$reader" $! 2>/dev/null || true
		wait
		grep -q '^==== done' "$work/nmis.out"
		grep -q '^log: rcpp: vmlinux: verified, 0 sites differ$' "$work/nmis.out"
		if grep '^log: .*had an NMI meanwhile, which is raised again$' "$work/nmis.out" >"$work/raised"; then
			break
		fi
	done
	sed 's/^/# /' "$work/raised" >&3
	[ -s "$work/raised" ]
}

@test "clang" {
	through kclang "" clang LLVM_IAS=0
	same kclang rcpp=verify 2
	verified kclang
	grep -hE "^[^ ]+:[0-9]+: [^:]+: [^:]+: (load: |.* => )" "$work/kclang.log" |
		python3 "$BATS_TEST_DIRNAME/references.py" >&3
}
