#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# rcpp-dump --pid: what it says of the sites of running processes (tests/pid/). A process does what a
# test tells it, and is looked at in each state. What the runtime says of itself there (RCPP_VERBOSE=2,
# rcpp_verify(), rcpp_stats()) has to be the same.

bats_require_minimum_version 1.5.0

setup_file()
{
	export RCPP_BUILD SOURCE
	RCPP_BUILD=$(realpath -m "${RCPP_BUILD:-$BATS_TEST_DIRNAME/../build}")
	SOURCE=$BATS_TEST_DIRNAME
	cd "$BATS_FILE_TMPDIR" || return
	build program "$SOURCE/pid/forms.c"
}

setup()
{
	dump=$RCPP_BUILD/rcpp-dump
	cd "$BATS_TEST_TMPDIR" || return
	if [ -e "$BATS_FILE_TMPDIR/program" ]; then cp "$BATS_FILE_TMPDIR/program" .; fi
}

teardown()
{
	stop
	if [ -n "$public" ]; then rm -rf "$public"; fi
}

# build OUTPUT ARGUMENT...
build()
{
	local output=$1
	shift
	"$RCPP_BUILD/rcpp-cc" gcc -std=gnu11 -O2 -g -Wall -Wextra -Werror -I"$SOURCE/../runtime" \
		-Wr,--symbol=by_name,--symbol=shared -o "$output" "$@" "$RCPP_BUILD/librcpp.a" -ldl -pthread
}

library()
{
	local output=$1
	shift
	"$RCPP_BUILD/rcpp-cc" gcc -O2 -g -fPIC -I"$SOURCE/../runtime" -Wr,--symbol=shared -shared \
		-o "$output" "$SOURCE/pid/plugin.c" "$@"
}

stop()
{
	if [ -n "$pid" ]; then
		kill -KILL "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	fi
}

# Starts a program; say() tells it one word, and its answer is in $answer.
start()
{
	coproc PROCESS { exec "$@" 2>errors; }
	pid=$PROCESS_PID
	read -r answer <&"${PROCESS[0]}"
	[ "$answer" = ready ]
}

say()
{
	local word
	for word in "$@"; do
		echo "$word" >&"${PROCESS[1]}"
		read -r answer <&"${PROCESS[0]}"
	done
}

# One blank between the columns.
listing()
{
	local result=0
	"$dump" --pid "$pid" >listed 2>&1 || result=$?
	tr -s ' ' <listed
	return $result
}

list()
{
	run listing
}

json()
{
	"$dump" --json --pid "$pid" | jq -r "$1"
}

# poke SITE OFFSET BYTES: writes into the process, as a debugger does. The site: "FUNCTION VARIABLE".
poke()
{
	local address
	address=$(json ".[] | select(.function == \"${1% *}\" and .symbol == \"${1#* }\") | .loaded" |
		head -n 1)
	printf '%b' "$3" | dd of="/proc/$pid/mem" bs=1 seek=$((address + $2)) conv=notrunc status=none
}

# What the runtime prints with RCPP_VERBOSE=2, as columns: address, code, value, does it hold it.
runtime_report()
{
	sed -nE 's/^rcpp: [^:]*: (0x[0-9a-f]+): (.*)$/\1|\2/p' errors |
		sed -E 's/: (holds its value|disagrees with its variable|as compiled.*)$/|\1/' |
		sed -E 's/, V = (0x[0-9a-f]+)\|/|\1|/' | sort
}

dump_report()
{
	json '.[] | [.address, .holds, .value,
		if .reason == null then "holds its value"
		elif .reason == "not patched" then "as compiled, not patched"
		else "as compiled, no other code for this value" end] | join("|")' | sort
}

@test "before it is patched, every site reads memory, and none disagrees" {
	start ./program
	list
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "$PWD/program:" ]
	[[ $output == *" number movl VAR,%eax => any: movl \$V, %eax "*" - reads memory: not patched"* ]]
	[[ $output == *" consumer uses its load: not patched"* ]]
	[[ $output == *" nobody jmp "*" uses its load: its value is 0 (V = 0)"* ]]
	[[ $output != *" holds "* && $output != *DISAGREES* && $output != *UNKNOWN* ]]
	[ "$(json 'map(.agrees) | all')" = true ]
	[ "$(json 'map(.state) | unique | join(",")')" = unpatched ]
}

@test "without what each site holds, the columns are those of the file" {
	start ./program
	say patch
	[ "$answer" -eq 0 ]
	"$dump" --json program | jq 'map(del(.file))' >file
	json 'map(del(.file, .loaded, .state, .holds, .alternative, .value, .held, .reason, .agrees))' |
		diff file -
	[ "$(jq length file)" -gt 15 ]
	"$dump" --pid "$pid" | tail -n +2 | tr -s ' ' >process
	while read -r line; do
		read -r now <&3
		[[ $now == "$line "?* ]] || { echo "$line"; echo "$now"; false; }
	done < <("$dump" program | tr -s ' ') 3<process
}

@test "C++: names as people write them, but in JSON symbols" {
	objcopy --redefine-sym number=_ZN4shopL6numberE program
	start ./program
	list
	[ "$status" -eq 0 ]
	[[ $output == *" shop::number movl VAR,%eax => "* ]]
	[ "$(json 'map(select(.symbol == "_ZN4shopL6numberE")) | length > 0')" = true ]
}

@test "patched: every site as the runtime itself reports it" {
	RCPP_VERBOSE=2 start ./program
	say patch
	[ "$answer" -eq 0 ]
	runtime_report >expected
	[ "$(grep -c 'holds its value' expected)" -gt 15 ]
	dump_report | diff expected -
	list
	[ "$status" -eq 0 ]
	[[ $output == *" number "*" holds movl \$V, %eax (V = 12)"* ]]
	[[ $output == *" wide "*" uses its load: its value needs more than 32 bits (V = 0x123456789abcdef)"* ]]
	say count
	[ "$("$dump" --summary --pid "$pid" | sed -n 's/^patched: //p')" = "$answer" ]
}

@test "reverted and patched again" {
	start ./program
	say patch revert
	[ "$(json 'map(.state) | unique | join(",")')" = unpatched ]
	say patch
	[ "$(json 'map(select(.state == "patched")) | length')" -gt 15 ]
	[ "$(json 'map(.agrees) | all')" = true ]
}

@test "stopped" {
	start ./program
	say patch
	kill -STOP "$pid"
	list
	[ "$status" -eq 0 ]
	[[ $output == *" holds movl \$V, %eax (V = 12)"* ]]
	kill -CONT "$pid"
}

@test "a variable that was written behind the runtime's back" {
	start ./program
	say patch write-by-name verify
	[ "$answer" -eq 1 ]
	list
	[ "$status" -eq 1 ]
	[ "$(grep -c DISAGREES <<<"$output")" -eq 1 ]
	[[ $output == *" by_name "*" DISAGREES: holds 3, the variable is 4"* ]]
	run "$dump" --json --pid "$pid"
	[ "$status" -eq 1 ]
	[ "$(jq -c '.[] | select(.agrees | not) | [.symbol, .state, .value, .held, .reason]' <<<"$output")" = \
		'["by_name","patched","0x4","0x3","its variable has another value"]' ]
	run "$dump" --summary --pid "$pid"
	[ "$status" -eq 1 ]
	[[ $output == *"disagreeing: 1"* ]]
	say patch
	list
	[ "$status" -eq 0 ]
}

# held VARIABLE: the values that its sites hold although it has another one
held()
{
	listing | grep " $1 " | sed -n 's/.*DISAGREES: holds \(.*\)/\1/p' | sort -u
}

@test "which value a site still holds, in each form" {
	start ./program
	say keep patch write-all verify
	[ "$answer" -gt 10 ]
	[ "$(json 'map(select(.agrees | not)) | length')" -eq "$answer" ]
	[ "$(held number)" = "12, the variable is 99" ]
	[ "$(held wide)" = "0x123456789abcdef, the variable is 5" ]
	[ "$(held little)" = "-3, the variable is 4" ]
	[ "$(held shift)" = "5, the variable is 6" ]
	[ "$(held size)" = "16, the variable is 32" ]
	[ "$(held divisor)" = "7, the variable is 8" ]
	[ "$(held mask)" = "255, the variable is 4095" ]
	one=$(nm program | awk '$3 == "one" { print $1 }')
	two=$(nm program | awk '$3 == "two" { print $1 }')
	for i in "$(json '.[] | select(.symbol == "name") | .held')" \
		"$(json '.[] | select(.symbol == "name") | .value')"; do
		[ $((i & 0xfff)) -eq $((0x$one & 0xfff)) ] || [ $((i & 0xfff)) -eq $((0x$two & 0xfff)) ]
	done
	[ "$(json '.[] | select(.symbol == "name") | .held == .value')" = false ]
	list # of a condition it is not one value
	[[ $output == *"DISAGREES: holds "*" for another value, the variable is 7"* ]]
}

@test "a consumer that was not patched with its load" {
	start ./program
	say patch
	# the jump as it is in the file
	read -r address offset length < <(json '.[] |
		select(.function == "branch" and .flags == ["consumer"]) | "\(.loaded) \(.address) \(.length)"')
	objcopy -O binary --only-section=.text program text
	start=0x$(readelf -SW program | sed -nE 's/.* \.text +PROGBITS +([0-9a-f]+) .*/\1/p')
	dd if=text of="/proc/$pid/mem" bs=1 skip=$((offset - start)) seek=$((address)) count="$length" \
		conv=notrunc status=none
	list
	[ "$status" -eq 1 ]
	[ "$(grep -c DISAGREES <<<"$output")" -eq 1 ]
	[[ $output == *" consumer DISAGREES: not patched, but its load is patched and loads nothing"* ]]
}

@test "a breakpoint on a site: it cannot be told, the others can" {
	start ./program
	say patch
	before=$(json 'map(select(.agrees)) | length')
	poke "load number" 0 '\xcc'
	list
	[ "$status" -eq 1 ]
	[ "$(grep -c UNKNOWN <<<"$output")" -eq 1 ]
	[[ $output == *" number "*" UNKNOWN: it holds other bytes than its table says"* ]]
	[ "$(json 'map(select(.agrees)) | length')" -eq $((before - 1)) ]
	[ "$(json '.[] | select(.agrees | not) | [.state, .holds, .value, .held] | tostring')" = \
		'["unknown",null,null,null]' ]
}

@test "a form that is damaged in memory" {
	start ./program
	say patch
	form=$(json '[.[] | select(.symbol == "little")][0] | .form')
	offset=$(grep -obaF "$form" program | cut -d: -f1)
	bias=$(json '.[0] | .loaded')
	file=$(json '.[0] | .address')
	# in the alternative in front of the text
	printf '\xff' | dd of="/proc/$pid/mem" bs=1 seek=$((bias - file + offset - 1)) conv=notrunc status=none
	list
	[ "$status" -eq 1 ]
	[[ $output == *" little "*" UNKNOWN: it names a damaged form"* ]]
	[ "$(grep -c UNKNOWN <<<"$output")" -eq "$(json "map(select(.form == \"$form\")) | length")" ]
}

@test "sites that trap until they are patched" {
	build trapping "$SOURCE/pid/forms.c" -Wr,--unpatched=fault
	start ./trapping
	list
	[ "$status" -eq 0 ]
	[[ $output == *" fault traps: not patched"* ]]
	[ "$(json 'map(.state) | unique | join(",")')" = trap,unpatched ]
	say patch
	[[ $(json 'map(.state) | unique | join(",")') == patched,* ]]
}

@test "programs of all kinds and linkers" {
	# gold knows neither static-pie nor -z noseparate-code
	for option in -static "-static-pie -fPIE -fuse-ld=bfd" -no-pie -fuse-ld=gold -fuse-ld=lld \
		-fuse-ld=mold "-fuse-ld=bfd -Wl,-z,noseparate-code" \
		"-fuse-ld=bfd -Wl,-z,noseparate-code -no-pie" -s; do
		# shellcheck disable=SC2086 # several options
		build other "$SOURCE/pid/forms.c" $option 2>log || { cat log && false; }
		start ./other
		[ "$(json 'map(.state) | unique | join(",")')" = unpatched ]
		say patch count
		[ "$(json 'map(.agrees) | all')" = true ]
		[ "$(json 'map(select(.state == "patched" and (.flags | index("consumer") | not))) | length')" \
			-eq "$answer" ]
		say write-by-name verify
		[ "$(json 'map(select(.agrees | not)) | length')" = "$answer" ]
		stop
	done
}

@test "where all that can be read can be executed" {
	library libshared.so -DDEFINES
	library plugin.so
	build program "$SOURCE/pid/forms.c" -Wl,--no-as-needed ./libshared.so
	start ./program
	say executable load
	grep -q ' rwxp .*/plugin.so' "/proc/$pid/maps"
	say patch
	[ "$answer" -eq 0 ]
	list
	[ "$status" -eq 0 ]
	[ "$(grep -c " own .* holds .*(V = 8)" <<<"$output")" -eq 2 ]
}

@test "each module has its own list, and a variable of another module is read there" {
	library libshared.so -DDEFINES
	library plugin.so
	build program "$SOURCE/pid/forms.c" -Wl,--no-as-needed ./libshared.so
	start ./program
	[ "$("$dump" --pid "$pid" | grep ':$')" = "$PWD/program:"$'\n'"$PWD/libshared.so:" ]
	say load patch
	[ "$answer" -eq 0 ]
	list
	[ "$status" -eq 0 ]
	[ "$(grep ':$' <<<"$output" | sort)" = "$PWD/libshared.so:
$PWD/plugin.so:
$PWD/program:" ]
	[ "$(grep -c " own .* holds .*(V = 8)" <<<"$output")" -eq 2 ]
	[ "$(grep -c " shared+0x8 .* remote holds .*(V = 22)" <<<"$output")" -eq 2 ]
	[[ $("$dump" --summary --pid "$pid") == *"modules: 3"* ]]
	address=$(json '[.[] | select(.file | endswith("libshared.so"))][0] | .loaded')
	file=$(json '[.[] | select(.file | endswith("libshared.so"))][0] | .address')
	variable=0x$(nm -D libshared.so | awk '$3 == "shared" { print $1 }')
	printf '\x17' | dd of="/proc/$pid/mem" bs=1 seek=$((address - file + variable + 8)) conv=notrunc \
		status=none
	list
	[ "$status" -eq 1 ]
	[ "$(grep -c " shared+0x8 .*DISAGREES: holds 22, the variable is 23" <<<"$output")" -eq 2 ]
	say unload
	[ "$("$dump" --pid "$pid" | grep -c ':$')" -eq 2 ]
}

@test "a module whose first page lies at several addresses is one module" {
	library libshared.so -DDEFINES -fuse-ld=mold
	# all three: header, code and data
	[ "$(readelf -lW libshared.so | awk '$1 == "LOAD" && $2 < "0x001000"' | wc -l)" -ge 3 ]
	build program "$SOURCE/pid/forms.c" -Wl,--no-as-needed ./libshared.so
	start ./program
	list
	[ "$status" -eq 0 ]
	[ "$(grep ':$' <<<"$output" | sort)" = "$PWD/libshared.so:
$PWD/program:" ]
}

@test "files that were deleted or replaced" {
	library libshared.so -DDEFINES
	library plugin.so
	build program "$SOURCE/pid/forms.c" -Wl,--no-as-needed ./libshared.so
	start ./program
	say load
	rm program plugin.so
	cp libshared.so plugin.so
	say patch # of the library's text there is only an anonymous copy now
	[ "$answer" -eq 0 ]
	run ! grep -q "r-xp .*plugin.so" "/proc/$pid/maps"
	list
	[ "$status" -eq 0 ]
	[[ $output == *"$PWD/program (deleted):"* ]]
	[[ $output == *" load+"*" number "*" holds movl \$V, %eax (V = 12)"* ]]
	[[ $output == *"$PWD/plugin.so (deleted):"* ]]
	[ "$(grep -c " holds .*(V = 8)" <<<"$output")" -ge 2 ]
	[ "$(id -u)" -eq 0 ] || skip "needs root, to open a library that is deleted"
	[ "$(grep -c " own .* holds .*(V = 8)" <<<"$output")" -eq 2 ]
}

@test "a file that cannot be found: no names, but all sites" {
	[ "$(id -u)" -eq 0 ] || skip "needs root, to drop it"
	public=$(mktemp -d) # for others, too
	cd "$public" || return
	library libshared.so -DDEFINES
	library plugin.so
	build program "$SOURCE/pid/forms.c" -Wl,--no-as-needed ./libshared.so
	cp "$dump" listing
	chmod 755 . listing
	start setpriv --reuid=65534 --regid=65534 --clear-groups ./program
	say load patch
	rm plugin.so
	run --separate-stderr setpriv --reuid=65534 --regid=65534 --clear-groups ./listing --pid "$pid"
	[ "$status" -eq 0 ]
	# shellcheck disable=SC2154 # bats sets it
	echo "$stderr"
	[[ $stderr == "rcpp-dump: note: $PWD/plugin.so (deleted): no names: cannot read its file: No such file"* ]]
	tr -s ' ' <<<"$output" >listed
	output=$(<listed)
	[[ $output == *" - 0x"*" holds "*"(V = 8)"* ]]
	[[ $output == *" - - "*" remote holds "*"(V = 22)"* ]]
	[[ $output == *" load+"*" number "*" holds "* ]]
	cp libshared.so "plugin.so (deleted)"
	run setpriv --reuid=65534 --regid=65534 --clear-groups ./listing --pid "$pid"
	[[ $output == *"no names: cannot read its file: it has been replaced since"* ]]
}

@test "another root directory" {
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	mkdir -p tree/bin
	build tree/bin/inside "$SOURCE/pid/forms.c" -static
	start chroot tree /bin/inside
	say patch
	list
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "$PWD/tree/bin/inside:" ] || [ "${lines[0]}" = "/bin/inside:" ]
	[[ $output == *" load+"*" number "*" holds movl \$V, %eax (V = 12)"* ]]
}

@test "another user's process is refused, with the reason" {
	[ "$(id -u)" -eq 0 ] || skip "needs root, to drop it"
	cp "$dump" listing
	chmod 755 . listing
	start ./program
	run setpriv --reuid=65534 --regid=65534 --clear-groups ./listing --pid "$pid"
	[ "$status" -eq 1 ]
	[ "$output" = "rcpp-dump: process $pid: error: cannot read its list of mappings: Permission denied: run rcpp-dump as root or as the user whose process it is" ]
}

@test "an ELF file that is only mapped is no module, and neither is what only begins as one" {
	start ./program
	cp program other
	say map
	[ "$answer" -eq 0 ]
	rm other
	build other "$SOURCE/pid/forms.c" -fuse-ld=bfd -Wl,-z,noseparate-code
	say map
	[ "$answer" -eq 0 ]
	say map-beginnings
	[ "$answer" -eq 0 ]
	say pretend
	[ "$answer" -eq 0 ]
	list
	[ "$status" -eq 0 ]
	[ "$(grep -v ' VAR\|=>' <<<"$output")" = "$PWD/program:" ]
}

@test "while values change, none seems to disagree" {
	start ./program
	say patch update
	for i in $(seq 30); do
		run "$dump" --pid "$pid"
		if [ "$status" -ne 0 ]; then grep -E 'DISAGREES|UNKNOWN' <<<"$output" && false; fi
	done
	number=$(json '.[] | select(.function == "load") | .value')
	[ "$number" != "$(json '.[] | select(.function == "load") | .value')" ]
}

@test "the first thread has ended" {
	start ./program
	say patch leave
	until grep -q '^State:.Z' "/proc/$pid/status"; do sleep 0.1; done
	list
	[ "$status" -eq 0 ]
	[[ $output == *" holds movl \$V, %eax (V = 12)"* ]]
}

@test "a process that ends while it is looked at" {
	gcc -O2 -shared -fPIC -o ending.so "$SOURCE/pid/ending.c"
	start ./program
	say patch
	for ((ending = 0; ending < 1000; ending++)); do
		run env ASAN_OPTIONS=verify_asan_link_order=0 ENDING=$ending LD_PRELOAD=./ending.so \
			"$dump" --pid "$pid"
		[ "$status" -ne 0 ] || break
		[ "$status" -eq 1 ]
		[[ ${lines[-1]} == "rcpp-dump: "*": error: the process has ended: start it again" ]]
		[ "$(grep -c '^rcpp-dump: ' <<<"$output")" -eq 1 ]
	done
	[ "$ending" -gt 10 ]
	[ "$ending" -lt 1000 ]
	[[ $output == *" (V = 12)"* ]]
}

@test "processes without sites, without memory, and none at all" {
	sleep 100 &
	pid=$!
	run "$dump" --pid "$pid"
	[ "$status" -eq 0 ]
	[ "$output" = "no sites" ]
	[ "$("$dump" --json --pid "$pid")" = "[]" ]
	kill "$pid"
	wait "$pid" || true
	run "$dump" --pid "$pid"
	[ "$status" -eq 1 ]
	[ "$output" = "rcpp-dump: process $pid: error: no such process: give the number of one that runs" ]
	sh -c 'sleep 0.1 & exec sleep 100' &
	pid=$!
	until child=$(pgrep -P "$pid") && grep -q '^State:.Z' "/proc/$child/status"; do sleep 0.1; done
	run "$dump" --pid "$child"
	[ "$status" -eq 1 ]
	[ "$output" = "rcpp-dump: process $child: error: it has no memory: it has ended, or is a thread of the kernel" ]
}

@test "wrong usage" {
	for number in abc 0 -1 1x "" 99999999999; do
		run "$dump" --pid "$number"
		[ "$status" -eq 2 ]
		[[ $output == "rcpp-dump: error: --pid needs the number of a process"* ]]
	done
	for argument in program --symbols; do
		run "$dump" --pid 1 "$argument"
		[ "$status" -eq 2 ]
		[[ $output == "rcpp-dump: error: --pid goes with no FILE and no --symbols"* ]]
	done
	run "$dump" --pid
	[ "$status" -eq 2 ]
	"$dump" --help | grep -q -- '--pid PID'
}
