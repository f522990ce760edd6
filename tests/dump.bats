#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# rcpp-dump against tables written by hand (tests/dump/): what it lists for each kind of file, every
# option, and every message for files that are damaged or not for it. Needs no filter and no runtime.

bats_require_minimum_version 1.5.0

setup()
{
	RCPP_BUILD=$(realpath -m "${RCPP_BUILD:-$BATS_TEST_DIRNAME/../build}")
	INPUT=$BATS_TEST_DIRNAME/dump
	dump=$RCPP_BUILD/rcpp-dump
	cd "$BATS_TEST_TMPDIR" || return
	assemble sites.o sites.s
	assemble far.o far.s
	# shellcheck disable=SC2016 # V is the value of the table format
	ADD='addq VAR,%rax => s32: addq $V,%rax | any: movabsq $V,%rcx; addq %rcx,%rax'
}

# assemble OUTPUT INPUT [OPTION]...
assemble()
{
	local output=$1 input=$2
	shift 2
	as -I "$INPUT" -o "$output" "$@" "$INPUT/$input"
}

# The listing with one blank between the columns.
list()
{
	"$dump" "$@" | tr -s ' '
}

# Everything but the addresses: linkers place code as they like. Of the forbidden interval its offset
# from the site and its length remain.
list_linked()
{
	local site rest interval

	while read -r site rest; do
		[[ $rest =~ \ (0x[0-9a-f]+)-(0x[0-9a-f]+)\  ]] || { echo "no interval: $rest"; return 1; }
		interval=$((BASH_REMATCH[1] - site))+$((BASH_REMATCH[2] - BASH_REMATCH[1]))
		echo "${rest/${BASH_REMATCH[0]}/ $interval }"
	done < <(list "$@")
}

same_listing()
{
	list "$1" >first
	list "$2" >second
	[ -s first ]
	diff first second
}

expected_linked()
{
	cat <<-EOF
		f+0x3 b $ADD 1+12 13 -
		g+0x3 shift+0x4 movl VAR,%ecx => any: movl \$V,%ecx 1+9 6 -
		g+0x9 shift+0x4 shlq %cl,%rax => any: shlq \$V,%rax -5+9 4 consumer
		h+0x3 far+0x8 $ADD 1+12 13 declared,fault
	EOF
}

# fails STATUS TEXT ARG...: exit status, one line on standard error that holds TEXT.
fails()
{
	local status_wanted=$1 text=$2
	shift 2
	run "$dump" "$@"
	[ "$status" -eq "$status_wanted" ]
	[[ ${lines[0]} == *"$text"* ]]
}

# Damage a table by one assembler symbol; the message names it.
damaged()
{
	assemble bad.o sites.s --defsym "$1"
	fails 1 "rcpp-dump: bad.o: error: $2" bad.o
	[ "${#lines[@]}" -eq 1 ]
	fails 1 "$2" --json bad.o
	fails 1 "$2" --summary bad.o
	ld -o bad bad.o far.o
	fails 1 "rcpp-dump: bad: error: $2" bad
}

@test "object: section and address, function, symbol, form, forbidden interval, length, flags" {
	run list sites.o
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 4 ]
	[ "${lines[0]}" = ".text+0x3 f+0x3 b $ADD 0x4-0x10 13 -" ]
	[ "${lines[1]}" = ".text+0x14 g+0x3 shift+0x4 movl VAR,%ecx => any: movl \$V,%ecx 0x15-0x1e 6 -" ]
	[ "${lines[2]}" = ".text+0x1a g+0x9 shift+0x4 shlq %cl,%rax => any: shlq \$V,%rax 0x15-0x1e 4 consumer" ]
	[ "${lines[3]}" = ".text.h+0x3 h+0x3 far+0x8 $ADD 0x4-0x10 13 declared,fault" ]
}

@test "executables of four linkers, and ld -r" {
	for linker in bfd gold lld mold; do
		"ld.$linker" -o exe sites.o far.o
		diff <(list_linked exe) <(expected_linked)
	done
	ld -r -o r.o sites.o far.o
	same_listing r.o sites.o
}

@test "position-independent executable and shared library" {
	ld -pie -o pie sites.o far.o
	diff <(list_linked pie) <(expected_linked)
	ld -shared -o lib.so sites.o far.o
	diff <(list_linked lib.so) <(expected_linked)
}

@test "addresses are those of the code" {
	ld -o exe sites.o far.o
	f=$(nm exe | awk '$3 == "f" { print $1 }')
	run "$dump" exe
	[ $((${lines[0]%% *})) -eq $((0x$f + 3)) ]
}

@test "stripped: dynamic symbols and plain addresses" {
	ld -shared -o lib.so sites.o far.o
	b=$(nm lib.so | awk '$3 == "b" { print $1 }')
	strip lib.so
	run list_linked lib.so
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "f+0x3 $(printf '0x%x' "0x$b") $ADD 1+12 13 -" ]
	[[ ${lines[3]} == "- 0x"* ]]
	run "$dump" --json lib.so
	[ "$(jq -c '.[0] | [.function, .symbol, .addend]' <<<"$output")" = '["f",null,null]' ]
	[ "$(jq -c '.[3] | [.function, .offset]' <<<"$output")" = '[null,null]' ]
}

# Sets e_shoff, e_shnum and e_shstrndx to 0: a file without section headers.
@test "without section headers the notes are found through PT_NOTE" {
	ld -o exe sites.o far.o
	run list exe
	rows=$(cut -d' ' -f1,4- <<<"$output")
	for field in 40:8 60:2 62:2; do
		dd if=/dev/zero of=exe bs=1 seek="${field%:*}" count="${field#*:}" conv=notrunc \
			status=none
	done
	readelf -S exe 2>&1 | grep -q 'no sections'
	run list exe
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 4 ]
	[[ ${lines[0]} == "0x"*" - 0x"*" $ADD 0x"*" 13 -" ]]
	[ "$(cut -d' ' -f1,4- <<<"$output")" = "$rows" ]
}

# link_notes NAME: an executable with all notes in one section NAME, among those of others, which two
# program headers list.
link_notes()
{
	cat >notes.s <<-'AS'
		.section .note.front, "a", @note
		.p2align 3
		.long 4, 20, 1	# padded to 8 by those who write such, and it does not say so
		.asciz "GNU"
		.skip 20, 1
		.p2align 3
		.long -1, -1, 7	# longer than all there is
		.section .note.rear, "a", @note
		.p2align 2
		.long 5, 4096, 4
		.asciz "rcpq"
		.section .note.GNU-stack, "", @progbits
	AS
	cat >notes.ld <<-LD
		PHDRS { text PT_LOAD FLAGS(5); note PT_NOTE; again PT_NOTE; data PT_LOAD FLAGS(6); }
		SECTIONS {
			. = 0x400000 + SIZEOF_HEADERS;
			.text : { *(.text*) } :text
			$1 : { *(.note.front) *(rcpp_rows) *(.note.rear) } :text :note :again
			rcpp_forms : { *(rcpp_forms) } :text
			. = ALIGN(4096);
			.data : { *(.data*) *(.bss*) } :data
		}
	LD
	as -o notes.o notes.s
	ld.bfd -T notes.ld -o exe sites.o far.o notes.o
	[ "$(readelf -lW exe | grep -c ' NOTE ')" -eq 2 ]
}

@test "notes of others in front and behind, malformed ones too, and all of them listed twice" {
	for name in .notes rcpp_rows; do
		link_notes $name
		run list_linked exe
		diff <(echo "$output") <(expected_linked)
		strip exe # and where no section has a name
		run list_linked exe
		[ "${#lines[@]}" -eq 4 ]
		run "$dump" --json exe
		[ "$(jq length <<<"$output")" -eq 4 ]
	done
}

@test "a kernel's rows, in a section that no program header lists" {
	ld.bfd -Ttext-segment=0xffffffff80000000 -o exe sites.o far.o
	printf '\001' >load # PT_LOAD
	for header in $(seq 0 $(($(readelf -h exe | sed -n 's/.*Number of program headers: *//p') - 1))); do
		at=$((64 + header * 56))
		[ "$(od -An -tu4 -j $at -N 4 exe | tr -d ' ')" -ne 4 ] ||
			printf '\006' | dd of=exe bs=1 seek=$at conv=notrunc status=none
	done
	[ "$(readelf -lW exe | grep -c ' NOTE ')" -eq 0 ]
	diff <(list_linked exe) <(expected_linked)
}

@test "a section rcpp_rows without one of our notes is damaged" {
	assemble bad.o sites.s
	objcopy --dump-section rcpp_rows=rows bad.o
	printf 'RCPP' | dd of=rows bs=1 seek=12 conv=notrunc status=none
	head -c 20 rows >row
	objcopy --update-section rcpp_rows=row bad.o
	fails 1 "damaged rcpp tables (no note in section rcpp_rows at rcpp_rows+0x0)" bad.o
}

@test "archive: members with sites, each under its name" {
	echo nop | as -o empty.o -
	echo text >text.txt
	ar rc lib.a empty.o text.txt sites.o far.o
	run "$dump" lib.a
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "lib.a(sites.o):" ]
	[ "${lines[5]}" = "lib.a(far.o):" ]
	[ "${#lines[@]}" -eq 7 ]
	run "$dump" --json lib.a
	[ "$(jq -r '.[].file' <<<"$output" | uniq -c | awk '{ print $1 $2 }' | xargs)" = \
		"4lib.a(sites.o) 1lib.a(far.o)" ]
}

@test "several files, each under its name" {
	run "$dump" sites.o far.o
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "sites.o:" ]
	[ "${lines[5]}" = "far.o:" ]
}

@test "more sections than a symbol has bits for" {
	awk 'BEGIN { for (i = 0; i < 66000; i++) print ".section .s" i ",\"a\"\n.byte 0" }' >many.s
	cat "$INPUT/sites.s" >>many.s
	as -I "$INPUT" -o many.o many.s
	same_listing many.o sites.o
}

@test "--json: keys and values" {
	run "$dump" --json sites.o
	[ "$status" -eq 0 ]
	[ "$(jq length <<<"$output")" -eq 4 ]
	[ "$(jq -c '.[0]' <<<"$output")" = "$(jq -c . <<-'EOF'
		{"file": "sites.o", "section": ".text", "address": "0x3", "function": "f",
		 "offset": 3, "symbol": "b", "addend": 0, "variable": null,
		 "form": "addq VAR,%rax => s32: addq $V,%rax | any: movabsq $V,%rcx; addq %rcx,%rax",
		 "alternatives": [
		  {"guard": "original", "length": 7, "text": "addq VAR,%rax", "bytes": "4803057e5a3c1b"},
		  {"guard": "s32", "length": 6, "text": "addq $V,%rax", "bytes": "480578563412"},
		  {"guard": "any", "length": 13, "text": "movabsq $V,%rcx; addq %rcx,%rax",
		   "bytes": "48b9efcdab89674523014801c8"}],
		 "forbidden": {"start": "0x4", "stop": "0x10"}, "reach": null,
		 "length": 13, "read": {"width": 8, "signed": false, "to": 8}, "flags": []}
	EOF
	)" ]
	[ "$(jq -c '.[1].read' <<<"$output")" = '{"width":4,"signed":false,"to":4}' ]
	[ "$(jq -c 'map(.flags)' <<<"$output")" = '[[],[],["consumer"],["declared","fault"]]' ]
}

@test "--json: linked files have the variable's address" {
	ld -o exe sites.o far.o
	b=$(nm exe | awk '$3 == "b" { print $1 }')
	run "$dump" --json exe
	[ "$(jq -r '.[0].variable' <<<"$output")" = "$(printf '0x%x' "0x$b")" ]
	[ "$(jq -r '.[0].section' <<<"$output")" = .text ]
}

@test "--json: names with quotes, control characters and bytes that are not UTF-8" {
	objcopy --redefine-sym "shift=$(printf 's\\"\001\377\303\251')" sites.o odd.o
	run "$dump" --json odd.o
	[ "$status" -eq 0 ]
	[ "$(jq -r '.[1].symbol | @json' <<<"$output")" = '"s\\\"\u0001�é"' ]
}

@test "--summary counts a pair as one site with two rows" {
	run "$dump" --summary sites.o
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "sites: 3" ]
	[ "${lines[1]}" = "rows: 4" ]
	[ "${lines[2]}" = "forms: 3" ]
	[ "${lines[3]}" = "text bytes: 36" ]
	tables=$(size -A sites.o | awk '$1 ~ /^rcpp_(rows|forms)$/ { sum += $2 } END { print sum }')
	[ "${lines[4]}" = "table bytes: $tables" ]
	[ "${lines[5]}" = "forbidden intervals: 3" ]
	run "$dump" --json --summary sites.o far.o
	[ "$(jq -c '[.sites, .rows, .text_bytes, .forbidden]' <<<"$output")" = '[4,5,49,4]' ]
}

# Threads stand where instructions begin: in an addq that stays one and as long, nowhere else.
@test "the forbidden interval: from a load to its last consumer, or none" {
	cat >form.inc <<-'END'
		form_begin form_same
		.rept 2
		records 2
		alternative 0, 0x34, 0, 7
		.byte 0x48, 0x03, 0x0d
		.long 0x1b3c5a7e
		alternative 3, 0x14, 7, 7
		addq $0x12345678, %rcx
		.endr
		form_end "addq VAR,%rcx => s32: addq $V,%rcx"
	END
	cat >lone.s <<-'END'
		.include "tables.inc"
		.include "form.inc"
		.text
		site_begin 1	# always one instruction
		addq b(%rip), %rcx
		site_end 1, 7
		site_begin 2	# with padding
		addq b(%rip), %rcx
		site_end 2, 8
		site_begin 3	# it traps
		ud2
		addq b(%rip), %rcx
		site_end 3, 9
		site_begin 5	# the second consumer stands in front of its load
		shlq %cl, %rax
		site_end 5, 4
		site_begin 4
		movl b(%rip), %ecx
		site_end 4, 6
		nop
		site_begin 6
		shlq %cl, %rax
		site_end 6, 4
		rows_begin 1
		row 1, b, form_same
		row 2, b, form_same
		row 3, b, form_same, READ_LONG, FAULT
		row 4, b, form_load, READ_INT
		row 6, b, form_shift, READ_INT, CONSUMER
		row 5, b, form_shift, READ_INT, CONSUMER
		row 1, b, form_same
		rows_end 1
		.data
	b:	.quad 0
	END
	as -I "$INPUT" lone.s -o lone.o
	"$dump" lone.o >listed
	cat listed
	diff <(awk '{ print $(NF - 2) }' listed) - <<-'END'
		-
		0x8-0xf
		0x10-0x18
		0x19-0x27
		0x19-0x27
		0x19-0x27
		-
	END
	"$dump" --json lone.o | jq -c '.[].forbidden' >intervals
	[ "$(head -n 1 intervals)" = null ]
	[ "$(grep -c null intervals)" -eq 2 ]
	[ "$("$dump" --summary lone.o | tail -n 1)" = "forbidden intervals: 3" ]
}

@test "conditions on what has been made of the value" {
	cat >jump.s <<-'END'
		.include "tables.inc"
		.text
		.type f, @function
	f:	site_begin 1
		movl b(%rip), %ecx
		site_end 1, 6
		site_begin 2
		.byte 0x0f, 0x84, 0, 0, 0, 0
		site_end 2, 6
		ret
		rows_begin 1
		row 1, b, form_load, READ_INT
		.ifdef SHORT
		row 2, b, form_short, READ_INT, CONSUMER
		.else
		row 2, b, form_jump, READ_INT, CONSUMER
		.endif
		rows_end 1
		default STEPS, 1
		form_begin form_jump
		.rept 2
		records 3, 0x40
		.byte	1 + STEPS * 4 + 0x40, 4
		.long	-1
		.byte	0x40
		.long	24
		alternative 0, 0x64, 6, 6
		.byte	0x0f, 0x84, 0, 0, 0, 0
		alternative 6, 0x64, 5, 5
		.byte	0xe9, 0, 0, 0, 0
		alternative 1, 0, 0, 0
		.endr
		form_end "je L after andl $24, testl $-1,V => true: jmp L | any: nothing"
		form_begin form_short
		.byte 3, 0x40
		.short FORM_CHECK
		.byte 1 + 3 * 4 + 0x40, 4
		.long -1
		.skip 14	# three steps take 15
		.popsection
		.data
	b:	.quad 0
	END
	as -I "$INPUT" jump.s -o jump.o
	list jump.o | grep 'je L after andl \$24, testl \$-1,V => true: jmp L | any: nothing .* 6 consumer'
	for steps in 0 2 3; do
		as -I "$INPUT" --defsym STEPS=$steps jump.s -o bad.o
		fails 1 "damaged rcpp tables (" bad.o
	done
	as -I "$INPUT" --defsym SHORT=1 jump.s -o bad.o
	fails 1 "damaged rcpp tables (form without an end at" bad.o
}

@test "C++: names as people write them, but in JSON symbols" {
	objcopy --redefine-sym f=_ZN4shop4sellEi --redefine-sym b=_ZN4shop5priceE \
		--redefine-sym shift=_ZN4listIlE4headE sites.o cxx.o
	run list cxx.o
	[ "${lines[0]}" = ".text+0x3 shop::sell(int)+0x3 shop::price $ADD 0x4-0x10 13 -" ]
	[[ ${lines[1]} == ".text+0x14 g+0x3 list<long>::head+0x4 movl "* ]]
	[[ ${lines[3]} == ".text.h+0x3 h+0x3 far+0x8 "* ]]
	"$dump" --json cxx.o >names
	"$dump" --json sites.o | jq 'map(.file = "cxx.o" | if .symbol == "b" then
		.function = "_ZN4shop4sellEi" | .symbol = "_ZN4shop5priceE"
		elif .symbol == "shift" then .symbol = "_ZN4listIlE4headE" else . end)' |
		diff - <(jq . names)
	# a list is for rcpp --symbols-from: the name is a comment there
	[ "$(list --symbols --section rcpp_patchable --section .data.far cxx.o far.o)" = "$(
		printf '%s\n' '_ZN4listIlE4headE # list<long>::head' '_ZN4shop5priceE # shop::price' far label)" ]
	[ "$("$dump" --json --symbols --section rcpp_patchable cxx.o | jq -c .)" = \
		'["_ZN4listIlE4headE","_ZN4shop5priceE"]' ]
	"$dump" --symbols --section rcpp_patchable cxx.o >names
	printf '\tmovl _ZN4shop5priceE(%%rip), %%eax\n\tmovl _ZN4listIlE4headE(%%rip), %%ecx\n' >in.s
	"$RCPP_BUILD/rcpp" --symbols-from names --stats in.s -o out.s 2>stats
	grep -q ': 2 references, 2 sites' stats
	# without c++filt
	mkdir bin
	[[ $(PATH=$PWD/bin "$dump" cxx.o) == *" _ZN4shop4sellEi+0x3 "* ]]
}

@test "--global: names that mean one variable in all files" {
	printf '\t.section .data.set,"aw"\n\t.globl one, two\none:\t.long 1\ntwo:\t.long 2\nthree:\t.long 3\n' |
		as - -o global.o
	printf '\t.bss\ntwo:\t.long 0\nfour:\t.long 0\n' | as - -o local.o
	run --separate-stderr "$dump" --global --symbols --section '.data.set' global.o
	[ "$output" = $'one\ntwo' ]
	[ -z "$stderr" ]
	run --separate-stderr "$dump" --global --symbols --section '.data.set' local.o global.o
	[ "$status" -eq 0 ]
	[ "$output" = one ]
	[ "$stderr" = 'rcpp-dump: note: two is left out: another file has a local symbol of that name' ]
	run "$dump" --symbols --section '.data.set' local.o global.o
	[ "$output" = $'one\nthree\ntwo' ]
	"$dump" --json --global --symbols --section '.data.set' local.o global.o 2>/dev/null >list
	[ "$(jq -c . list)" = '["one"]' ]
	fails 2 "--global needs --symbols" --global global.o
}

@test "--symbols lists data symbols of sections by GLOB, sorted, once" {
	run "$dump" --symbols --section 'rcpp_patchable' sites.o
	[ "$status" -eq 0 ]
	[ "$output" = "$(printf 'b\nshift')" ]
	ar rc lib.a sites.o far.o
	run "$dump" --symbols --section 'rcpp_p*' --section '.data.*' lib.a far.o
	[ "$output" = "$(printf 'b\nfar\nlabel\nshift')" ]
	run "$dump" --json --symbols --section '.data.far' far.o
	[ "$(jq -c . <<<"$output")" = '["far","label"]' ]
	run "$dump" --symbols --section '.nothing' far.o
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "no sites" {
	echo nop | as -o empty.o -
	ld -e 0 -o empty empty.o
	ar rc empty.a
	for file in empty.o empty empty.a; do
		run "$dump" $file
		[ "$status" -eq 0 ]
		[ "$output" = "no sites" ]
		run "$dump" --json $file
		[ "$status" -eq 0 ]
		[ "$(jq -c . <<<"$output")" = "[]" ]
	done
	run "$dump" --summary empty.o
	[ "${lines[0]}" = "sites: 0" ]
}

@test "--help and --version" {
	run "$dump" --help
	[ "$status" -eq 0 ]
	for option in --json --summary --symbols --section --global --help --version; do
		[[ $output == *"$option"* ]]
	done
	run "$dump" --version
	[ "$status" -eq 0 ]
	[[ $output == "rcpp-dump "* ]]
	[ "$("$dump" -V)" = "$output" ]
	[ "$("$dump" -h)" = "$("$dump" --help)" ]
}

@test "wrong usage is exit status 2" {
	fails 2 "rcpp-dump: error: no FILE: see rcpp-dump --help"
	fails 2 "--nonsense" --nonsense sites.o
	fails 2 "--symbols and --section GLOB need each other" --symbols sites.o
	fails 2 "--symbols and --section GLOB need each other" --section x sites.o
	fails 2 "--symbols and --summary exclude each other" --symbols --summary --section x sites.o
}

@test "files that are not for it" {
	echo text >text.txt
	: >nothing
	fails 1 "rcpp-dump: missing: error: cannot read it: No such file" missing
	fails 1 "rcpp-dump: text.txt: error: not an ELF file: give" text.txt
	fails 1 "rcpp-dump: nothing: error: not an ELF file: give" nothing
	fails 1 "rcpp-dump: .: error: cannot read it: Is a directory: give" .
	fails 1 "rcpp-dump: /dev/null: error: cannot read it: Invalid argument: give" /dev/null
	ar rcT thin.a sites.o
	# shellcheck disable=SC2016 # the message has backquotes
	fails 1 'rcpp-dump: thin.a: error: thin archive: give the files that `ar t` lists' thin.a
	echo nop | as --32 -o i386.o -
	fails 1 "rcpp-dump: i386.o: error: not a 64-bit x86-64 file" i386.o
	cp sites.o core
	printf '\004' | dd of=core bs=1 seek=16 conv=notrunc status=none
	fails 1 "rcpp-dump: core: error: neither an object nor an executable" core
}

@test "an error in one file does not hide the others" {
	echo text >text.txt
	run "$dump" text.txt sites.o
	[ "$status" -eq 1 ]
	[[ $output == *"not an ELF file"* ]]
	[[ $output == *"shift+0x4"* ]]
	run bash -c '"$1" --json text.txt sites.o 2>/dev/null | jq length' _ "$dump"
	[ "$output" = 4 ]
}

@test "a full disk is an error" {
	run bash -c '"$1" sites.o >/dev/full' _ "$dump"
	[ "$status" -eq 1 ]
	[[ $output == *"rcpp-dump: error: cannot write"* ]]
}

@test "damaged tables: what, where, what to do" {
	damaged VERSION=1 "tables of version 1, but this rcpp-dump reads version 10: use the rcpp-dump"
	damaged ALTERNATIVES=1 "damaged rcpp tables (wrong number of alternatives in the form at"
	damaged ALTERNATIVES=13 "damaged rcpp tables (wrong number of alternatives in the form at"
	damaged GUARD=0 "damaged rcpp tables (wrong guard in the form at"
	damaged GUARD=16 "damaged rcpp tables (wrong guard in the form at"
	damaged CODE=255 "damaged rcpp tables (form without an end at"
	for reach in 6 -1 4096; do # the site's own length, none, beyond the code
		damaged LOAD_REACH=$reach "damaged rcpp tables (impossible reach of the form at"
	done
	damaged CONSUMER_REACH=5 "damaged rcpp tables (impossible reach of the form at"
	damaged COPY=1 "damaged rcpp tables (form whose copy differs at"
	damaged CHECK=1 "damaged rcpp tables (wrong check in the row at"
	damaged ROWS=1 "damaged rcpp tables (wrong size of the note at"
	damaged LENGTH=65 "damaged rcpp tables (impossible row at"
	damaged ROW_EXTRA=4 "damaged rcpp tables (wrong size of the note at"
	damaged DESCRIPTOR=4096 "damaged rcpp tables (note without an end at"
}

@test "damaged tables: a note without rows leads to the word of destructors" {
	cat >home.s <<-'END'
		.pushsection rcpp_patchable, "aw"
	.Lhome:
		.byte 0
		.popsection
		.pushsection rcpp_rows, "ao", @note, .Lhome
		.long 5, 2f - 1f, 10
		.asciz "rcpp"
		.p2align 2
	1:	.long 0, 0, word + WRONG - ., 0, 0, 0, 0
	2:	.popsection
		.data
	word:	.asciz "rcpp: unloading"
		.long 0, 0
	END
	as --defsym WRONG=0 home.s -o home.o
	[ "$("$dump" home.o)" = "no sites" ]
	for wrong in 1 4 -16 100000; do
		as --defsym WRONG=$wrong home.s -o home.o
		fails 1 "damaged rcpp tables (wrong anchor of the note at" home.o
		ld -shared home.o -o home
		fails 1 "damaged rcpp tables (wrong anchor of the note at" home
	done
}

@test "damaged tables: relocations" {
	objcopy --remove-relocations=rcpp_rows sites.o bad.o
	fails 1 "damaged rcpp tables (no relocation at rcpp_rows+" bad.o
}

@test "a truncated file is damaged, not without sites" {
	ld -o exe sites.o far.o
	for file in sites.o exe; do
		for cut in -1 -100 -1000 100; do
			head -c $cut $file >short
			fails 1 "rcpp-dump: short: error: damaged ELF file (" short
		done
	done
}

@test "damaged archives" {
	ar rc lib.a sites.o far.o
	for cut in -100 200; do
		head -c $cut lib.a >short.a
		run "$dump" short.a
		[ "$status" -eq 1 ]
		[[ $output == *"rcpp-dump: short.a"*": error: "* ]]
	done
	(cat lib.a && echo "this is no header of a member, and longer than one is, sixty") >long.a
	run "$dump" long.a
	[ "$status" -eq 1 ]
	[[ $output == *"rcpp-dump: long.a: error: damaged archive: make it again"* ]]
}

@test "truncated and scrambled files never crash" {
	ld -o exe sites.o far.o
	ar rc lib.a sites.o far.o
	python3 "$INPUT/damage.py" body "$dump" sites.o exe lib.a
}

@test "each byte of the ELF header wrong: a listing or a message" {
	ld -o exe sites.o far.o
	python3 "$INPUT/damage.py" header "$dump" sites.o exe
}
