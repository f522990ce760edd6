#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Uprobes on the entries of functions, as bpftrace and perf probe attach them. The kernel executes
# the instruction of the file and goes on behind its length, and puts the file's first byte back
# when a probe goes: so no site may begin where a symbol stands. One byte stands in front of it, a NOP
# or a prefix of an instruction that ends where the site does. That is looked at in the text, in
# programs of both compilers, and with real probes where the machine lets us.
# shellcheck disable=SC2030,SC2031 # bats runs a test and the helpers that it calls in one shell
# Reads: RCPP_BUILD (the build directory, default build/ beside tests/).

bats_require_minimum_version 1.5.0

setup()
{
	RCPP_BUILD=$(realpath -m "${RCPP_BUILD:-$BATS_TEST_DIRNAME/../build}")
	probes=$BATS_TEST_DIRNAME/probes
	CPATH=$BATS_TEST_DIRNAME/../runtime
	unset RCPP_FLAGS RCPP_AS RCPP_DISABLE RCPP_VERBOSE
	export CPATH
	tracefs=
	mounted=
	cd "$BATS_TEST_TMPDIR" || return
}

# A program that crashed leaves its probes behind.
teardown()
{
	local event
	if [ "$tracefs" ]; then
		while read -r event; do
			echo 0 >"$tracefs/events/$event/enable" || true
			echo "-:$event" >>"$tracefs/uprobe_events" || true
		done < <(sed -n "s/^p:\($group\/[^ ]*\) .*/\1/p" "$tracefs/uprobe_events")
	fi
	[ ! "$mounted" ] || umount "$mounted"
}

# entries FILE: rcpp writes a byte where a comment of FILE says ENTRY, and none where it says INSIDE.
entries()
{
	local nop='\.Lrcpp[0-9]*n: \(\.loc_mark_labels 0; \)\?\(nop\|\.byte 0x90\|\.byte \.LrcppF[0-9]*l\); \.Lrcpp[0-9]*: '
	"$RCPP_BUILD/rcpp" "$probes/$1" -o out.s
	grep -c '# \(ENTRY\|INSIDE\)' "$probes/$1" >references
	[ "$(grep -c '\.Lrcpp[0-9]*: .*# \(ENTRY\|INSIDE\)' out.s)" -eq "$(cat references)" ]
	if grep '# ENTRY' out.s | grep -v "$nop"; then return 1; fi
	if grep '# INSIDE' out.s | grep "$nop"; then return 1; fi
	as -o out.o out.s
	apart out.o
}

# apart FILE: no site of the object or program begins at a symbol, by what objdump says of symbols.
apart()
{
	"$RCPP_BUILD/rcpp-dump" --json "$1" | jq -r '.[] | "\(.address) \(.section)"' |
		sed 's/^0x//' | sort -u >sites
	objdump -t "$1" | grep -v '\*ABS\*\|\*UND\*\| d  ' |
		sed -n 's/^0*\([0-9a-f]*[0-9a-f]\) .* \([^ ]*\)\t[0-9a-f]* .*/\1 \2/p' |
		sort -u >symbols
	[ -s sites ]
	[ -s symbols ]
	# All in one section: the two must speak of the same numbers.
	[ "$(comm -12 <(cut -d ' ' -f 2 sites | sort -u) <(cut -d ' ' -f 2 symbols | sort -u) |
		wc -l)" -ge 1 ]
	if comm -12 sites symbols | grep .; then return 1; fi
}

# whole FILE: how many sites stand one byte behind a symbol. There the file has a NOP, or an
# instruction that ends where the site does.
whole()
{
	"$RCPP_BUILD/rcpp-dump" --json "$1" >sites.json
	objdump -dw --insn-width=16 -j .text "$1" >code
	python3 - <<-'END'
		import json, re
		sites = {int(s["address"], 16): s["length"] for s in json.load(open("sites.json"))
		         if s["section"] == ".text"}
		text = open("code").read()
		symbols = [int(m[1], 16) for m in re.finditer(r"^([0-9a-f]+) <[^>]*>:$", text, re.M)]
		lengths = {int(m[1], 16): len(m[2].split()) for m in
		           re.finditer(r"^ *([0-9a-f]+):\t((?:[0-9a-f]{2} )+)", text, re.M)}
		found = [symbol for symbol in symbols if symbol + 1 in sites]
		for symbol in found:
		    assert lengths[symbol] in (1, 1 + sites[symbol + 1]), hex(symbol)
		print(len(found))
	END
}

@test "entries: what stands between a symbol and a site" {
	entries entries.s
	entries macros.s
	entries subsections.s
}

@test "no site of a compiled program begins at a symbol" {
	local compiler level option count=0 seed
	for seed in 5 6; do
		mkdir $seed
		python3 "$BATS_TEST_DIRNAME/random/generate.py" $seed $seed
	done
	for compiler in gcc clang; do
		for level in -O0 -O1 -O2 -O3 -Os; do
			for option in -fPIE '-fno-pic -ffunction-sections' '-g -fcf-protection=full' \
				'-fPIE -fpatchable-function-entry=2,2' '-pg -mfentry'; do
				seed=$((5 + count++ % 2))
				# shellcheck disable=SC2086 # several options
				"$RCPP_BUILD/rcpp-cc" $compiler $level $option -w -fwrapv -c $seed/a.c -o a.o
				apart a.o
			done
			"$RCPP_BUILD/rcpp-cc" $compiler $level "$probes/compiled.c" -c -o compiled.o
			apart compiled.o
			[ $level = -O0 ] || [ "$(whole compiled.o)" -ge 1 ]
		done
	done
	[ $count -eq 50 ]
	"$RCPP_BUILD/rcpp-cc" gcc -O2 -Wr,--unpatched=fault -c "$probes/compiled.c" -o compiled.o
	apart compiled.o
	# The same of a program, where an alias, a cold part and an init function have addresses, too.
	"$RCPP_BUILD/rcpp-cc" gcc -O2 -I"$BATS_TEST_DIRNAME/../examples/shop" \
		"$BATS_TEST_DIRNAME"/../examples/shop/*.c "$RCPP_BUILD/librcpp.a" -o shop
	apart shop
}

# Skips where no uprobe can be made; sets tracefs.
need_uprobes()
{
	[ "$(id -u)" -eq 0 ] || skip "only root can make uprobes"
	for tracefs in /sys/kernel/tracing /sys/kernel/debug/tracing "$PWD/tracing"; do
		[ ! -w "$tracefs/uprobe_events" ] || return 0
	done
	tracefs=
	mkdir tracing
	mount -t tracefs tracefs tracing 2>mount.message || skip "no tracefs: $(cat mount.message)"
	mounted=$PWD/tracing
	[ -e tracing/uprobe_events ] || skip "the kernel has no uprobes"
	[ -w tracing/uprobe_events ] || skip "the kernel keeps its uprobes from us"
	tracefs=$mounted
}

# probed NAME FILTER-OPTIONS COMPILER OPTION...: the program with such functions; NAME/run.
probed()
{
	local name=$1 filter=$2
	shift 2
	mkdir "$name"
	gcc -O1 -Wall -Wextra -Werror -c "$probes/probed.c" -o "$name/probed.o"
	# shellcheck disable=SC2086 # several options
	"$RCPP_BUILD/rcpp" $filter --symbol=v,s,d,p "$probes/functions.s" -o "$name/functions.s"
	as "$name/functions.s" -o "$name/functions.o"
	# shellcheck disable=SC2086
	"$RCPP_BUILD/rcpp-cc" "$@" ${filter:+-Wr,$filter} -c "$probes/compiled.c" -o "$name/compiled.o"
	gcc "$name"/*.o "$RCPP_BUILD/librcpp.a" -o "$name/run"
	"$RCPP_BUILD/rcpp-dump" "$name/run" >"$name/dump"
	[ "$(grep -c ' first_[a-z]*+' "$name/dump")" -ge 11 ]
	apart "$name/run"
}

# run_probed NAME [fault]: skips where the machine takes no uprobe.
run_probed()
{
	group=rcpp_$$_$1
	run timeout 60 "./$1/run" "$tracefs" "$group" ${2:+"$2"}
	echo "$output"
	[ "$status" -ne 77 ] || skip "$output"
}

# trace NAME [fault]: runs it; all probes are hit as often as they should be.
trace()
{
	run_probed "$@"
	[ "$status" -eq 0 ]
	[[ $output == "20 probes, "*" hits" ]]
}

@test "uprobes on entries, attached and detached, before patching and after it" {
	need_uprobes
	probed gcc "" gcc -O2
	trace gcc
	probed clang "" clang -O0
	trace clang
}

@test "uprobes on entries of functions that trap until they are patched" {
	need_uprobes
	probed fault --unpatched=fault gcc -O2
	trace fault fault
}

@test "the probes' test notices a site at a symbol" {
	need_uprobes
	probed moved "" gcc -O2
	sed -i 's/\.Lrcpp[0-9]*n: nop; //' moved/functions.s
	as moved/functions.s -o moved/functions.o
	gcc moved/*.o "$RCPP_BUILD/librcpp.a" -o moved/run
	run ! apart moved/run
	run_probed moved
	[ "$status" -ne 0 ]
}
