#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# What rcpp-report shows of a program as patched, without running it: --patched, --function, --html.
# Sites of every kind of form are linked with page/wait.c, which patches itself and waits;
# page/compare.py compares each site's bytes in that process with those in the files that rcpp-report
# writes. page/forms.c has loads that stay for different reasons.
# Reads: RCPP_BUILD (the build directory, default build/ beside tests/), RCPP_STATES (up to 100, as with
# sanitizers: not every rule).
# shellcheck disable=SC2154 # run --separate-stderr sets $stderr

bats_require_minimum_version 1.5.0

# Values for all variables: narrow, negative, wide, zero, one, a power of two, targets of calls.
VALUES=(5 -7 0x123456789abcdef0 0 1 0x40 near far)

setup_file() {
	export TOP RCPP_BUILD SOURCE
	TOP=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	SOURCE=$TOP/tests/page
	RCPP_BUILD=$(cd "${RCPP_BUILD:-$TOP/build}" && pwd)
	unset RCPP_FLAGS RCPP_AS RCPP_DISABLE RCPP_VERBOSE NO_COLOR
	cd "$BATS_FILE_TMPDIR" || return
	gcc -shared -fPIC -o libother.so "$SOURCE/other.c"
	"$RCPP_BUILD/rcpp-cc" gcc -O2 -g -fPIC -Wall -Wextra -I"$TOP/runtime" -c "$SOURCE/forms.c" \
		-o forms.o -Wr,--explain=explained,--symbol=own,foreign
	gcc -O1 -fPIC -c "$SOURCE/unmarked.c" -o unmarked.o
	waiting forms -fPIE -pie forms.o unmarked.o -L. -lother -Wl,-rpath,"$PWD"
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
	report=$RCPP_BUILD/rcpp-report
}

# waiting PROGRAM ARGUMENT...: links wait.c with sites and the library.
waiting() {
	local program=$1
	shift
	gcc -O1 -g -Wall -Wextra -Werror -I"$TOP/runtime" "$SOURCE/wait.c" "$@" "$RCPP_BUILD/librcpp.a" \
		-o "$program"
}

# compare PROGRAM MINIMUM: for all VALUES; at least so many sites are there, and change each time.
compare() {
	local counts
	run timeout 300 python3 "$SOURCE/compare.py" "$RCPP_BUILD" "./$1" "${VALUES[@]}"
	echo "$1: $output"
	[ "$status" -eq 0 ]
	read -r -a counts <<<"${output/; changed:/}" # N sites N...
	[ "${#counts[@]}" -eq $((2 + ${#VALUES[@]})) ]
	for count in "${counts[@]}"; do
		[ "$count" = sites ] || [ "$count" -ge "$2" ]
	done
}

# both_kinds NAME MINIMUM ARGUMENT...: sites.o in programs that are position-independent and not.
both_kinds() {
	local name=$1 minimum=$2
	shift 2
	waiting "$name-pie" "$@" -fPIE -pie
	compare "$name-pie" "$minimum"
	waiting "$name-fixed" "$@" -fno-pie -no-pie
	compare "$name-fixed" "$minimum"
}

# generated DIRECTORY SYMBOLS MINIMUM: sites that a generator of other tests writes.
generated() {
	python3 "$TOP/tests/$1/generate.py" >"$1.s"
	"$RCPP_BUILD/rcpp" --symbol="$2" -o "$1.out.s" "$1.s"
	as -o "$1.o" "$1.out.s"
	both_kinds "$1" "$3" -DVARIABLES "$1.o"
}

# started PROGRAM ARGUMENT...: in the background, patched; its number goes to $pid.
started() {
	mkfifo "$BATS_TEST_TMPDIR/input" "$BATS_TEST_TMPDIR/output"
	"$@" <"$BATS_TEST_TMPDIR/input" >"$BATS_TEST_TMPDIR/output" 3>&- &
	pid=$!
	exec 8>"$BATS_TEST_TMPDIR/input" 9<"$BATS_TEST_TMPDIR/output"
	read -r -t 30 line <&9
	[ "$line" = ready ]
}

ended() {
	exec 8>&- 9<&-
	wait "$pid"
}

# refused MESSAGE ARGUMENT...: exit status 1, this message (a pattern), and no file `made`.
refused() {
	local message=$1
	shift
	rm -f made
	run --separate-stderr "$report" "$@"
	echo "$stderr"
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	# shellcheck disable=SC2053 # a pattern
	[[ $stderr == $message ]]
	[ ! -e made ]
}

# lacks FILE PATTERN
lacks() {
	if grep -E -- "$2" "$1"; then return 1; fi
}

@test "every rule: the file's sites are those of a process" {
	[ "${RCPP_STATES:-4000}" -gt 100 ] || skip "not with so few states"
	gcc -std=gnu11 -D_GNU_SOURCE -O1 -I"$TOP/grammar" -I"$TOP/grammar/x86-64" -I"$TOP/runtime" \
		-I"$TOP/tests/execute" "$TOP/tests/execute/generate.c" "$TOP/tests/execute/draft.c" \
		"$TOP/tests/execute/special.c" \
		"$RCPP_BUILD"/grammar/x86-64/{rules,instructions,registers}.o -o generate
	mkdir rules
	./generate rules
	"$RCPP_BUILD/rcpp" -o rules/out.s rules/filtered.s
	as --no-warn -o rules.o rules/out.s
	both_kinds rules 15000 -DEXECUTE rules.o
}

@test "conditions: the file's sites are those of a process" {
	generated branches v1,v2,v4,v8 1000
}

@test "turned compares: the file's sites are those of a process" {
	generated turned v1,v2,v4,v8 1000
}

@test "divisions: the file's sites are those of a process" {
	generated divisions v4,v8 20
}

@test "sites that trap, and originals with absolute addresses" {
	"$RCPP_BUILD/rcpp" --unpatched=fault -o fault.s "$TOP/tests/golden/arithmetic.s"
	as -o fault.o fault.s
	both_kinds fault 20 fault.o
	sed 's/(%rip)//' "$TOP/tests/golden/arithmetic.s" >absolute.s
	"$RCPP_BUILD/rcpp" -o absolute.out.s absolute.s
	as -o absolute.o absolute.out.s
	waiting absolute absolute.o -fno-pie -no-pie
	compare absolute 20
}

@test "variables of the module itself that are read through its slots" {
	"$RCPP_BUILD/rcpp-dump" forms | grep 'through_slot.* own .*remote'
	compare forms 6
	"$report" forms --value own=77 --function through_slot | grep '| add $0x4d,%rdi'
}

@test "a library in a process" {
	gcc -shared -o libforms.so forms.o unmarked.o -L. -lother
	waiting user -Wl,--no-as-needed -L. -lforms -lother -Wl,-rpath,"$PWD"
	started ./user
	"$report" libforms.so --pid="$pid" --patched=libforms.patched
	python3 "$SOURCE/compare.py" "$RCPP_BUILD" ./libforms.patched --running "$pid" libforms.so
	ended
	refused 'user: error: process * does not run this file*' user --pid=$$ --patched=made
}

@test "pointers of a process: calls and moves of addresses" {
	"$RCPP_BUILD/rcpp-cc" gcc -O2 -g -fPIE -I"$TOP/runtime" -Dmain=unused_main -c \
		"$TOP/examples/shop/shop.c" -o shop.o
	cat >shop-main.c <<-'END'
		extern int unused_main(int argc, char **argv);
		__attribute__((constructor)) static void fill(void)
		{
			char *arguments[] = {"shop", 0};

			unused_main(1, arguments);
		}
	END
	gcc -O1 -fPIE -c shop-main.c -o shop-main.o
	waiting shop -pie shop.o shop-main.o
	started ./shop
	"$report" shop --pid="$pid" --patched=shop.patched --function=request >shown
	python3 "$SOURCE/compare.py" "$RCPP_BUILD" ./shop.patched --running "$pid" shop
	ended
	cat shown
	grep -q 'call \*store+0x8(%rip).*| call [0-9a-f]* <grocery_price>' shown
	grep -q "Values: those of process $pid" shown
}

@test "values by name, by field, by address, and of functions" {
	local address
	address=$(nm forms | sed -n 's/ [A-Za-z] small$//p')
	"$report" forms --value amount=-2 --value settings+8:4=9 --value=settings+12:1=1 \
		--value settings+0:8=twice --value "0x$address:4=77" --function=decide >shown
	cat shown
	grep -q '| jmp\|| nop' shown
	grep -qE '\| lea 0x4d\(%rdi\),%rax|\| sub \$0x4d,%rax' shown
	grep -qE 'call \*settings\(%rip\) +\| call [0-9a-f]+ <twice>' shown
	"$report" forms --value amount=-2 --function add | grep -q '| lea -0x2(%rdi),%rax'
	"$report" forms --function add | grep -q "Values: those of the file's initialized data"
	"$report" forms --function divide >shown # divisor is 7 in the file
	grep -A 4 'divl divisor(%rip)' shown | grep -q '| movabs'
	"$report" forms --value divisor=8 --function divide | grep -q 'divl divisor(%rip) *| shr $0x3,%eax'
}

@test "loads that stay say why, with the value and from the files of --explain" {
	"$report" forms explained --value amount=0x123456789a --function crowded >shown
	grep -q '! amount: load: the value does not fit 32 bits, and no scratch register is free; ' shown
	grep -q '= add amount(%rip),%rax' shown
	"$report" forms explained --value amount=5 --function crowded >shown
	grep -q '| add $0x5,%rax' shown
	"$report" forms explained --function others >shown
	grep -q '! foreign: load: the variable belongs to another module' shown
	grep -q '! unmarked: load: the variable is declared with a mark, and defined without one' shown
	"$report" forms explained --function scale >shown
	grep -qF "$(sed -n 's/.*: ratio: load: //p' explained)" shown
	grep -q '^forms.c:[0-9]*: return x \* ratio;' shown
	"$report" forms --function scale >shown
	lacks shown '! ratio'
}

@test "without debug information there are no source lines, and colours only on a terminal" {
	strip -g -o plain forms
	"$report" plain --function add >shown
	grep -q '  mov amount(%rip),%rax *| nop' shown
	lacks shown 'forms\.c'
	lacks shown $'\033'
	TERM=xterm script -qec "'$report' plain --function add" /dev/null >shown
	grep -qF $'\033[32m' shown
	TERM=xterm NO_COLOR=1 script -qec "'$report' plain --function add" /dev/null >shown
	grep -q 'add: 1 site' shown
	lacks shown $'\033'
}

@test "operands as objdump has them: with names, or where they are; a thread's own memory has none" {
	cat >places.s <<-'AS'
			.globl	main
			.type	main, @function
		main:	leaq	named(%rip), %rdi
			leaq	1f(%rip), %rsi
			leaq	main-0x1000(%rip), %rsi
			leaq	3f(%rip), %rdx
			cmpb	$3, 1f(%rip)
			movq	%fs:0x28, %rax
			movl	variable, %ecx
			movq	%fs:(%rip), %rax
			ret
			.size	main, . - main
			.type	variable, @object
			.comm	variable, 4, 4
			.section .rodata
			.type	named, @object
		named:	.asciz	"with a name"
			.size	named, . - named
		1:	.asciz	"without one"
			.section .strings, "a", @progbits
			.byte	0
		3:	.asciz	"without any in its section"
			.section .note.GNU-stack, "", @progbits
	AS
	gcc -no-pie places.s -o places
	"$report" places --function main >shown
	grep -q 'lea named(%rip),%rdi  ' shown
	grep -q 'cmpb $0x3,-\?0x.*(%rip) # [0-9a-f]* <named+0xc>' shown
	grep -q 'mov %fs:0x28,%rax  ' shown
	grep -q 'mov variable,%ecx  ' shown
	grep -q 'lea -\?0x[0-9a-f]*(%rip),%rdx # [0-9a-f]* <.strings+0x1>' shown
	# as objdump: of places without a name the displacement and the address
	objdump -d --no-show-raw-insn places | sed -n 's/.*lea  *\(-\?0x[0-9a-f]*\)(%rip),%rsi  *# \([0-9a-f]*\) .*/\1(%rip),%rsi # \2/p' >expected
	[ "$(grep -c . expected)" -eq 2 ]
	diff <(sed -n 's/.*  lea \(.*%rsi # [0-9a-f]*\) .*/\1/p' shown) expected
}

@test "tabulators in source lines lead to columns on the terminal, and stay on the page" {
	printf 'long tabbed;\nint main(void)\n{\n\treturn (int)\ttabbed\t+ 1; /*\001*/\n}\n' >tabs.c
	"$RCPP_BUILD/rcpp-cc" gcc -O1 -g -Wr,--symbol=tabbed tabs.c -o tabs
	"$report" tabs --function main >shown
	# in columns 8, 24 and 32 of the source
	grep -qF "tabs.c:4: return (int)    tabbed  + 1; /*?*/" shown
	lacks shown $'\t'
	"$report" tabs --html=page.html
	grep -qF $'return (int)\ttabbed\t+ 1; /*\357\277\275*/' page.html
	grep -q '\.text pre {.*tab-size: 8; white-space: pre-wrap' page.html
}

@test "the copy has the program's build ID and mode, and objdump reads it" {
	"$report" forms --value amount=5 --patched=copy
	[ -x copy ]
	[ "$(readelf -n copy | grep Build)" = "$(readelf -n forms | grep Build)" ]
	objdump -d --disassemble=add copy | grep -qE 'lea +0x5\(%rdi\),%rax'
	objdump -d --disassemble=add forms | grep -q 'add  *%rdi,%rax'
}

@test "what cannot be is refused, with what to do" {
	refused 'forms: error: --value nothing=1: the file has no variable*' forms --value nothing=1 --patched=made
	refused 'forms: error: --value amount: *NAME=V*' forms --value amount --patched=made
	refused 'forms: error: --value small=0x123456789: *does not fit*' forms --value small=0x123456789 --html=made
	refused 'forms: error: --value amount=x: *neither*' forms --value amount=x --patched=made
	refused 'forms: error: --value settings=1: *+8:4*' forms --value settings=1 --patched=made
	refused 'forms: error: --value amount+4:8=1: *outside*' forms --value amount+4:8=1 --patched=made
	refused 'forms: error: process 1 *' forms --pid=1 --patched=made
	refused 'forms: error: *no function nothing*' forms --function=nothing
	refused '*/made: error: *' forms --patched=/nonexistent/made
	head -c 20000 forms >short
	refused 'short: error: *' short --patched=made
	run "$report" forms --value amount=5
	[ "$status" -eq 2 ]
	run "$report" forms --json --html=made
	[ "$status" -eq 2 ]
	[ ! -e made ]
	run "$report" forms --pid=x --patched=made
	[ "$status" -eq 2 ]
}

@test "the page is whole, and has all that it says" {
	rm -f page.html
	"$report" forms explained --value amount=0x123456789a --html=page.html
	[ "$(tail -1 page.html)" = '</html>' ]
	python3 "$SOURCE/page.py" page.html
	[ "$(grep -c '<section class=function' page.html)" -ge 6 ]
	grep -q "<strong>$(grep -vc "written outside" explained)</strong> references" page.html
	lacks page.html '(src|href)="?(https?:|//)|@import|url\('
	grep -q 'class=load>.*amount.*no scratch register' page.html
	grep -q 'ratio' page.html
	"$report" forms --html=page.html
	lacks page.html 'references to patchable'
}

# The program fold: functions with a long stretch of code before a site and behind it, a short one, none.
fold() {
	{
		echo 'extern volatile int tick; volatile int tick; long last; long folded(long x) {'
		for i in $(seq 30); do echo "	tick = $i;"; done
		printf '	x += last;\n'
		for i in $(seq 30); do echo "	tick = -$i;"; done
		echo '	return x;}'
		echo 'long shown(long x) { tick = 1; x += last; tick = 2; return x; }'
		echo 'long none(void) { return tick; }'
		echo 'int main(void) { return folded(1) + shown(2) + none(); }'
	} >fold.c
	"$RCPP_BUILD/rcpp-cc" gcc -O1 -g -Wr,--symbol=last fold.c -o fold
}

# Code without a mark is in the page once, and a long stretch of it is folded, without a script.
@test "the page has code without sites once, and folds it" {
	fold
	"$report" fold --html=page.html
	python3 "$SOURCE/page.py" page.html
	"$report" fold --function folded >listed
	# every instruction and every line of the source, in the order of --function
	sed -n 's/^ *\([0-9a-f]*\)  \(mov[a-z]* $-\?0x[0-9a-f]*,tick(%rip)\) .*/\1  \2/p; s/^\(fold.c:[0-9]*: \)/\1/p' listed |
		sed 's/^\(fold.c:[0-9]*\):/\1/' >expected
	[ "$(grep -c 'tick(%rip)' expected)" -eq 60 ]
	sed -n '/<section class=function id=f0>/,/<\/section>/p' page.html |
		sed -e 's/<[^>]*>//g' | grep -E '^[0-9a-f]+  mov.*tick|^fold\.c:' | diff expected -
	# three lines around the site, and the line of the source that the first of these belongs to
	[ "$(sed -n '/id=f0>/,/<\/section>/p' page.html | grep -c '<details>')" -eq 3 ] # and that of the sites
	[ "$(sed -n '/id=f1>/,/<\/section>/p' page.html | grep -c '<details>')" -eq 1 ]
	grep -A 1 -m 1 '</details><pre>$' page.html | tail -n 1 | grep -q '^<b>fold.c:31 '
	lacks page.html '<section class=function[^>]*><h3><code>(none|main)<'
}

# A row with cells for each line of code would take 170 bytes and more.
@test "the page takes few bytes for a line of code" {
	fold
	"$report" fold --html=page.html
	count=$("$report" fold --function folded | grep -c '^ *[0-9a-f]*  ')
	[ "$count" -gt 60 ]
	bytes=$(sed -n '/id=f0>/,/<\/section>/p' page.html | wc -c)
	[ "$bytes" -lt $((count * 80)) ]
}

@test "the page renders in Chromium, without errors" {
	command -v chromium >/dev/null || skip "no chromium"
	"$report" forms explained --html=page.html
	timeout 120 chromium --headless --no-sandbox --disable-gpu --user-data-dir="$BATS_TEST_TMPDIR/profile" \
		--dump-dom "file://$PWD/page.html" >dom 2>/dev/null
	grep -q '<html[^>]* data-ready="yes"' dom
	grep -q '<button type="button">function' dom
	# the filter hides what has another name, in the list and below it
	sed 's|</html>|<script>filter.value = "CROW"; applyFilter();</script></html>|' page.html >filtered.html
	timeout 120 chromium --headless --no-sandbox --disable-gpu --user-data-dir="$BATS_TEST_TMPDIR/profile" \
		--dump-dom "file://$PWD/filtered.html" >dom 2>/dev/null
	grep -q '1 shown' dom
	[ "$(grep -c '<section class="function" id="f[0-9]*">' dom)" -eq 1 ]
	grep -q '<section class="function" id="f[0-9]*"><h3><code>crowded<' dom
	[ "$(grep -c '<tr hidden="">' dom)" -eq "$(grep -c '<section class="function" id="f[0-9]*" hidden="">' dom)" ]
	timeout 120 chromium --headless --no-sandbox --disable-gpu --user-data-dir="$BATS_TEST_TMPDIR/profile" \
		--screenshot="$PWD/page.png" --window-size=1000,1400 "file://$PWD/page.html" 2>/dev/null
	python3 "$SOURCE/page.py" --picture page.png
}
