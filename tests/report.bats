#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# rcpp-report: the sites of a program, the lines of --explain, and profiles. What a profile counts is
# described in text; tests/report/make-profile.c makes a program's tables and a profile of that.

bats_require_minimum_version 1.5.0

setup_file()
{
	export RCPP_BUILD=${RCPP_BUILD:-$BATS_TEST_DIRNAME/../build}
	RCPP_BUILD=$(realpath -m "$RCPP_BUILD")
	gcc -O -Wall -Wextra -Werror "$BATS_TEST_DIRNAME/report/make-profile.c" \
		"$BATS_TEST_DIRNAME/../rcpp/common/kinds.c" -o "$BATS_FILE_TMPDIR/make-profile"
}

setup()
{
	INPUT=$BATS_TEST_DIRNAME/report
	report=$RCPP_BUILD/rcpp-report
	make_profile=$BATS_FILE_TMPDIR/make-profile
	cd "$BATS_TEST_TMPDIR" || return
}

# The section's address and size.
section()
{
	readelf -SW "$1" | sed 's/\[ *//; s/\]//' | awk -v name="$2" '$2 == name { print $4, $6 }'
}

# program COMPILER [OPTION]...: shop, with the tables that shop.txt (and other.txt) describe.
program()
{
	local compiler=$1 other=()
	shift
	"$make_profile" table <shop.txt >table.s
	if [ -e other.txt ]; then
		"$make_profile" table <other.txt >other-table.s
		other=("-DOTHER_TABLE=\"other-table.s\"" "$INPUT/other.c")
	fi
	"$compiler" -O1 "$@" -DTABLE='"table.s"' "$INPUT/shop.c" "${other[@]}" -o shop
}

# counted FILE DESCRIPTION... [PATH=...]: what shop has counted, as the descriptions say.
counted()
{
	local file=$1 address counters size
	shift
	objcopy -O binary -j rcpp_profile shop table.bin
	read -r address _ < <(section shop rcpp_profile)
	read -r counters size < <(section shop rcpp_counters)
	cat "$@" | "$make_profile" file table.bin "${COUNTED_PATH:-/srv/shop}" "$address" "$counters" \
		"$size" >"$file"
}

# describe LINE...: the description of shop.c's unit.
describe()
{
	printf '%s\n' 'run 1 10000 10000000000' 'unit shop.c' "$@" >shop.txt
}

# What JSON says of a variable: value NAME FILTER [FILE]...
value()
{
	local name=$1 filter=$2
	shift 2
	"$report" --json shop "${@:-profile}" |
		jq -c --arg name "$name" ".profile.variables[] | select(.variable == \$name) | $filter"
}

# fails STATUS TEXT ARG...: exit status, one line on standard error that holds TEXT, and no output.
# shellcheck disable=SC2154 # run sets stderr and stderr_lines
fails()
{
	local wanted=$1 text=$2
	shift 2
	run --separate-stderr "$report" "$@"
	[ "$status" -eq "$wanted" ]
	[ -z "$output" ]
	[ "${#stderr_lines[@]}" -eq 1 ]
	[[ $stderr == *"$text"* ]]
}

# --- the program alone

patched_program()
{
	cat >a.c <<-'C'
		int limit, count, shift;
		unsigned divisor;
		int (*handler)(int);
		int compare(int a) { if (limit) return a; return count * a; }
		unsigned divide(unsigned a) { return a / divisor + (a << shift); }
		int call(int a) { return handler(a) + count; }
		int main(void) { return 0; }
	C
	"$RCPP_BUILD/rcpp-cc" gcc -O2 -Wr,--symbol=limit,--symbol=count,--symbol=shift \
		-Wr,--symbol=divisor,--symbol=handler,--explain="$PWD/lines" a.c -o a
}

@test "the program alone: sites by kind, variable and function, most first" {
	patched_program
	run "$report" a
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "6 sites in a" ]
	run bash -c '"$1" a | tr -s " "' _ "$report"
	[[ $output == *$'\n sites share variable\n 2 33.3 % count\n 1 16.7 % divisor\n 1 16.7 % handler\n'* ]]
	[[ $output == *$'\n sites share function\n 2 33.3 % call\n 2 33.3 % compare\n 2 33.3 % divide'* ]]
	for kind in arithmetic branches calls divisions shifts; do
		[[ $output == *" $kind"* ]]
	done
	[ "$("$report" --json a | jq '[.built.kinds[].sites] | add')" -eq 6 ]
	[ "$("$report" --json a | jq -c '[.built.loads, .explained, .profile, .unmatched]')" = '[0,null,null,null]' ]
}

@test "a variable of a shared library, through the global offset table" {
	cat >a.c <<-'C'
		struct limits { long low; int high; } limits = {1, 2};
		int above(int a) { return a > limits.high; }
	C
	"$RCPP_BUILD/rcpp-cc" gcc -g -O2 -fPIC -shared -Wr,--symbol=limits a.c -o a.so
	[ "$("$report" --json a.so | jq -c '.built.variables[0]')" = '{"variable":"limits.high","sites":1,"loads":0}' ]
	strip a.so
	[ "$("$report" --json a.so | jq -c '.built.variables[0]')" = '{"variable":"limits+8","sites":1,"loads":0}' ]
}

@test "a program without sites says so" {
	echo 'int main(void) { return 0; }' | gcc -xc - -o plain
	[ "$("$report" plain)" = "No sites in plain" ]
}

# The headings of --stats are what the rules say; the report has only the text of the forms.
@test "kinds by the text of a form are those of the rules" {
	for name in move arithmetic bits shift compare turned branch call division addressing push conditional; do
		rm -f lines
		RCPP_FLAGS='--symbol b,i,w,c,ops' "$RCPP_BUILD/rcpp" --symbol b,i,w,c,ops --explain=lines \
			--stats=json -o /dev/null "$BATS_TEST_DIRNAME/golden/$name.s" 2>stats
		echo 'int main(void) { return 0; }' | gcc -xc - -o plain
		jq -r '.forms | to_entries[] | "\(.key) \(.value.sites)"' stats | awk '
			BEGIN {
				split("move moves push moves conditional moves arithmetic arithmetic compare arithmetic", w)
				for (i = 1; i in w; i += 2) kind[w[i]] = w[i + 1]
				split("turned arithmetic bits arithmetic shift shifts branch branches call calls", w)
				for (i = 1; i in w; i += 2) kind[w[i]] = w[i + 1]
				kind["division"] = "divisions"; kind["addressing"] = "addresses"
			}
			{ n[kind[$1]] += $2 }
			END { for (k in n) print k, n[k] }' | sort >expected
		# --stats counts a site by the first of its consumers: in these, one of them is arithmetic
		case $name in
		branch) echo 'branches 10' >expected ;;
		addressing) printf '%s\n' 'addresses 13' 'moves 5' >expected ;;
		esac
		"$report" --json plain lines | jq -r '.explained.kinds[] | "\(.kind) \(.sites)"' | sort >got
		diff expected got || { echo "$name"; return 1; }
	done
}

# --- lines of --explain

@test "a build: references, sites, loads by reason with advice, by variable, by function" {
	patched_program
	cat >>lines <<-'END'
		src/b.c:7: parse: limit: load: no dead register for the value
		src/b.c:9: parse: limit: load: the flags are live; use rcpp_const(), which has a register
		with: colon/b.c:9: parse: server+8: load: the flags are live; use rcpp_const(), which has a register
		src/b.c:12: _ZN4shop4sellEi: _ZN4shop5priceE: movl VAR,%eax => any: movl $V, %eax
		src/b.c:20: ?: table-4: load: no rule for this instruction
		src/b.c:31: reload: limit: written outside of init code; call RCPP_SET() there
	END
	run bash -c '"$1" a lines | tr -s " "' _ "$report"
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "Build: 11 references, 7 sites, 4 loads" ]
	[[ $output == *$'\n 2 50.0 % the flags are live\n use rcpp_const(), which has a register\n 1 25.0 % no dead'* ]]
	[[ $output == *$'\n 3 1 2 limit no dead register for the value\n'* ]]
	[[ $output == *$'\n 1 1 0 shop::price'* ]]
	[[ $output == *$'\n 1 1 0 shop::sell(int)'* ]]
	[[ $output == *$'\n 3 0 3 parse no dead register for the value'* ]]
	[[ $output == *$'\n 1 0 1 table-4 no rule'* ]]
	[[ $output == *$'Written outside of init code:\n limit: written in reload(), src/b.c:31\n call RCPP_SET() there\n'* ]]
	"$report" --json a lines >json
	[ "$(jq -c '.explained.lines[8] | [.file, .line, .symbol, .offset, .form, .reason]' json)" = \
		'["with: colon/b.c",9,"server",8,null,"the flags are live"]' ]
	[ "$(jq -c '.explained.lines[10] | [.symbol, .offset, .advice]' json)" = '["table",-4,""]' ]
	[ "$(jq -c '.explained.lines[11] | [.written, .advice]' json)" = '[true,"call RCPP_SET() there"]' ]
	[ "$(jq -c '.explained | [.sites, .loads]' json)" = '[7,4]' ]
}

@test "several files of --explain are one build, and an empty one is none of its lines" {
	patched_program
	: >empty
	run "$report" a lines empty lines
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "Build: 12 references, 12 sites, 0 loads" ]
}

@test "tables fit 100 columns: long names lose their middle" {
	patched_program
	name=$(printf 'a%.0s' {1..70})$(printf 'z%.0s' {1..70})
	echo "b.c:7: $name: $name: load: no dead register for the value; $(printf 'word %.0s' {1..40})" >>lines
	"$report" a lines >table
	[ "$(awk '{ if (length > most) most = length } END { print most }' table)" -le 100 ]
	grep -q ' aaa*\.\.zz*z ' table
	[ "$("$report" --json a lines | jq -r '.explained.lines[-1].symbol')" = "$name" ]
}

@test "--symbols-from: the names that match nothing" {
	patched_program
	printf '%s\n' 'limit # read' 'count+0:4' 'count+4:4' 'limti' '' '# comment' 'main' >list
	run "$report" --symbols-from list a
	[ "$status" -eq 0 ]
	[[ $output == *'Names in list that match nothing:
    count+4:4: no reference reads it
    limti: the program has no such symbol
    main: no reference reads it' ]]
	[ "$("$report" --json --symbols-from list a | jq -c .unmatched)" = \
		'[{"entry":"count+4:4","symbol_exists":true},{"entry":"limti","symbol_exists":false},{"entry":"main","symbol_exists":true}]' ]
	# what a file of --explain or a profile has matches, too
	echo 'a.c:1: f: limti: load: no dead register for the value' >lines
	run "$report" --symbols-from list a lines
	[[ $output != *limti:* ]]
	echo limit >list
	run "$report" --symbols-from list a
	[[ $output == *'All 1 names in list match something' ]]
	echo 'limit+4' >list
	fails 1 'list:1: error: no symbol: write NAME or NAME+OFF:LEN' --symbols-from list a
}

# --- profiles

@test "verdicts, sorted by the reads after the last write" {
	describe \
		'field server 0 8 10 20' 'read f divisions 2000' 'write main moves 1' \
		'field server 8 4 0 0' 'read f branches 3000' 'read g branches 1000' \
		'field server 20 2 50 9000' 'read f moves 100' 'write resize moves 1' \
		'field server 22 2 500 9900' 'read f moves 500' 'write tick moves 501' 'write tock moves 1' \
		'field server 72 4 0 20' 'read f arithmetic 70' 'write odd moves 0 uncounted' \
		'field table 0 8 0 0 indexed' 'read f moves 60' \
		'field shared 0 4 0 9999' 'write main moves 5'
	program gcc -g
	counted profile shop.txt
	[ "$("$report" --json shop profile | jq -c '[.profile.variables[] | [.variable, .verdict, .text]]')" = "$(jq -c . <<-'END'
		[["server.port", "never written", "never written"],
		 ["server.maxmemory", "settled", "settled"],
		 ["server.last", "unknown", "unknown: written by odd(), not counted"],
		 ["table[]", "array", "array"],
		 ["server.points[1].x", "one write", "settled but for one write by resize()"],
		 ["server.points[1].y", "written again", "written again 501 times by tick()"],
		 ["shared", "never read", "never read"]]
	END
	)" ]
	[ "$(value server.maxmemory '[.reads, .last_write, .after, .writes, .size]')" = '[2000,0.02,0.995,1,8]' ]
	[ "$(value server.port '[.last_write, .after]')" = '[null,1]' ]
	[ "$(value server.port '.readers | map([.name, .count])')" = '[["f",3000],["g",1000]]' ]
	[ "$(value server.maxmemory '.uses | map([.use, .count])')" = '[["divisions",2000]]' ]
	run bash -c '"$1" shop profile | tr -s " "' _ "$report"
	[ "${lines[0]}" = "Profile: 6,730 reads of 7 fields in 1 run of at least 10.000 s" ]
	[ "${lines[2]}" = " 4,000 59.4 % never 100.0 % 4 never written server.port" ]
	[ "${lines[3]}" = " read by f() 75.0 %, g() 25.0 %: branches 100.0 %" ]
	[ "${lines[4]}" = " 2,000 29.7 % 0.020 s 99.5 % 8 settled server.maxmemory" ]
	[ "${lines[7]}" = " unknown: written by odd(), not counted; read by f() 100.0 %: arithmetic 100.0 %" ]
	[ "${lines[12]}" = " 500 7.4 % 9.900 s 0.0 % 2 written again server.points[1].y" ]
	[[ $output == *'1 field was written and never read'* ]]
	[[ $output == *'indexed: counted as a whole, cannot be a patchable'* ]]
}

# Of 1000 reads 10 may come before; of 10 s the first may have the last write.
@test "the page of HTML has the profile" {
	describe 'field server 0 8 10 20' 'read f divisions 2000' 'write main moves 1' \
		'field server 8 4 0 0' 'read f branches 3000' 'read g branches 1000'
	program gcc -g
	counted profile shop.txt
	"$report" shop profile --html=page.html
	python3 "$BATS_TEST_DIRNAME/page/page.py" page.html
	grep -q 'Which variables are worth it' page.html
	grep -q '<code>server.port</code></td><td class=number>4000</td>.*>never<.*<code>f()</code> 75 %' page.html
	grep -q '<code>server.maxmemory</code></td>.*>0.020 s<.*<td>settled</td>' page.html
}

@test "the rule of settled: 99 of 100 reads, and the first tenth of the run" {
	describe \
		'field server 0 8 10 1000' 'read f moves 1000' 'write main moves 10' \
		'field server 8 4 11 1000' 'read f moves 1000' 'write main moves 1000' \
		'field server 20 2 10 1001' 'read f moves 1000' 'write main moves 1000'
	program gcc -g
	counted profile shop.txt
	[ "$(value server.maxmemory .verdict)" = '"settled"' ]
	[ "$(value server.port .text)" = '"written again 999 times by main()"' ]
	[ "$(value server.points[1].x .verdict)" = '"written again"' ]
	# nor is a field that is written more often than read
	sed 's/main moves 10$/main moves 1001/' shop.txt >often.txt
	counted profile often.txt
	[ "$(value server.maxmemory .verdict)" = '"written again"' ]
	# a run that is shorter than a second has a start-up of a tenth of one
	sed -i 's/^run .*/run 1 2000 400000000/' shop.txt # of 0.4 s
	counted profile shop.txt
	[ "$(value server.maxmemory .verdict)" = '"written again"' ]
	sed -i 's/^run .*/run 1 2000 180000000/' shop.txt
	counted profile shop.txt
	[ "$(value server.maxmemory .verdict)" = '"settled"' ]
	# a run is looked at when something is written: this one may have gone on for long
	for run in '1 1000 200000000' '1 1050 200000000' '1 0 0'; do
		sed -i "s/^run .*/run $run/" shop.txt
		counted profile shop.txt
		[ "$(value server.maxmemory .verdict)" = '"settled"' ]
		[ "$(value server.port .verdict)" = '"written again"' ]
	done
	# but not if it is written more than one time in 100 reads
	sed -i '0,/main moves 10$/s//main moves 11/' shop.txt
	counted profile shop.txt
	[ "$(value server.maxmemory .verdict)" = '"written again"' ]
}

# A program that is counted lets a write reach the states of all fields that it overlaps.
@test "a write belongs to every field that it overlaps" {
	describe \
		'field server 0 8 0 9000' 'read f moves 100' \
		'field server 8 4 90 9000' 'read f moves 100' \
		'field server 16 4 0 0' 'read f moves 100' \
		'field server 0 16 0 9000' 'write copy moves 50' \
		'field server 72 4 0 0' 'read f moves 100'
	program gcc -g
	counted profile shop.txt
	[ "$(value server.maxmemory .text)" = '"written again 49 times by copy()"' ]
	[ "$(value server.port '[.text, .after]')" = '["written again 49 times by copy()",0.1]' ]
	[ "$(value server.points[0].x... .verdict)" = '"never written"' ]
	[ "$(value server.last .verdict)" = '"never written"' ]
}

@test "a late write beside a field does not unsettle it, whatever wider access is there" {
	describe \
		'field server 0 8 0 100' 'read f moves 100' \
		'field server 8 4 90 9000' 'read f moves 100' 'write late moves 70' \
		'field server 0 16 20 9000' 'write copy moves 1' 'read save moves 20'
	program gcc -g
	counted profile shop.txt
	[ "$(value server.maxmemory '[.verdict, .last_write, .writes, .after]')" = '["settled",0.1,1,1]' ]
	[ "$(value server.port .text)" = '"written again 70 times by late()"' ]
	[ "$(value server.maxmemory... .text)" = '"written again 70 times by late()"' ]
}

# what_is_unknown: the variables with this verdict.
what_is_unknown()
{
	"$report" --json shop profile |
		jq -r '.profile.variables[] | select(.verdict == "unknown") | .variable' | xargs
}

@test "an address that goes where nothing is counted: of a member, an array, or all of the variable" {
	local fields=('field server 0 8 0 0' 'read f moves 100' 'field server 8 4 0 0' 'read f moves 100'
		'field server 18 2 0 0' 'read f moves 100' 'field server 52 4 0 0' 'read f moves 100'
		'field counter 0 4 0 0 static' 'read f moves 7')
	describe "${fields[@]}" 'field server 8 0 0 0 nowhere' 'write g addresses 0 uncounted'
	program gcc -g
	counted profile shop.txt
	[ "$(what_is_unknown)" = server.port ]
	[ "$(value server.port .text)" = '"unknown: its address is taken by g()"' ]
	"$report" --symbols shop profile | grep -q '^# server+8:4 .* unknown: its address is taken by g()$'
	describe "${fields[@]}" 'field server 52 0 0 0 nowhere' 'write g addresses 0 uncounted'
	program gcc -g
	counted profile shop.txt
	[ "$(what_is_unknown)" = 'server.grid[0][1]' ]
	describe "${fields[@]}" 'field server 16 0 0 0 nowhere' 'write g addresses 0 uncounted'
	program gcc -g
	counted profile shop.txt
	[ "$(what_is_unknown)" = 'server.points[0].y' ]
	describe "${fields[@]}" 'field server 0 0 0 0 nowhere' 'write g addresses 0 uncounted'
	program gcc -g
	counted profile shop.txt
	[ "$(what_is_unknown)" = 'server.grid[0][1] server.maxmemory server.points[0].y server.port' ]
	strip -g shop
	[ "$(what_is_unknown | wc -w)" -eq 4 ]
	# a name that two units have for variables of their own
	describe "${fields[@]}" 'field counter 0 0 0 0 nowhere' 'write g addresses 0 uncounted'
	printf '%s\n' 'unit other.c' 'field counter 0 4 0 0 static' 'read g moves 900' >other.txt
	program gcc -g
	counted profile shop.txt other.txt
	[ "$("$report" --json shop profile | jq -c '[.profile.variables[] | select(.symbol == "counter") | [.reads, .verdict]]')" = \
		'[[900,"never written"],[7,"unknown"]]' ]
	strip shop
	[ "$("$report" --json shop profile | jq -c '[.profile.variables[] | select(.symbol == "counter") | [.reads, .verdict]]')" = \
		'[[900,"never written"],[7,"unknown"]]' ]
}

@test "reads of several sizes at one place are one field, and a read over several is its own" {
	describe \
		'field server 8 4 0 0' 'read f moves 100' \
		'field server 8 1 5 20' 'read g branches 10' 'write main moves 1' \
		'field server 0 8 0 0' 'read f moves 7' \
		'field server 0 16 0 0' 'read copy moves 1000'
	program gcc -g
	counted profile shop.txt
	[ "$(value server.port '[.reads, .size, .offset, .writes]')" = '[110,4,8,1]' ]
	[ "$(value server.maxmemory '[.reads, .verdict]')" = '[7,"never written"]' ]
	[ "$(value server.maxmemory... '[.reads, .size, .writes]')" = '[1000,16,1]' ]
	[ "$("$report" --json shop profile | jq .profile.reads)" -eq 1117 ]
}

@test "a number that units read whole and by its bytes is one row" {
	local units=('unit a.c' 'field server 8 4 0 0' 'read a moves 20' 'field server 0 16 0 0' 'read copy moves 7'
		'unit b.c' 'field server 8 4 0 0' 'read b moves 30' 'field server 0 8 0 0' 'read b moves 4')
	describe 'field server 8 1 0 0' 'read f moves 100' 'field server 9 1 3 20' 'read g moves 50' 'write g moves 1' \
		"${units[@]}"
	program gcc -g
	counted profile shop.txt
	[ "$(value server.port '[.reads, .size, .offset, .writes, (.readers | length)]')" = '[200,4,8,1,4]' ]
	[ "$(value server.maxmemory... '[.reads, .size, .writes]')" = '[7,16,1]' ]
	[ "$("$report" --json shop profile | jq -c '.profile | [.reads, (.variables | length)]')" = '[211,3]' ]
	# nothing says that the bytes are one number: each has a row, and all who read it whole have one
	strip -g shop
	[ "$("$report" --json shop profile | jq -c '[.profile.variables[] | [.offset, .size, .reads]] | sort')" = \
		'[[0,8,4],[0,16,7],[8,1,100],[8,4,50],[9,1,50]]' ]
	[ "$("$report" --json shop profile | jq .profile.reads)" -eq 211 ]
	# elements of arrays, and members in them
	describe 'field server 20 1 0 0' 'read f moves 1' 'field server 21 1 0 0' 'read f moves 2' \
		'field server 20 2 0 0' 'read f moves 4' 'field server 52 1 0 0' 'read f moves 8' \
		'field server 55 1 0 0' 'read f moves 16' 'field server 52 4 0 0' 'read f moves 32'
	program gcc -g
	counted profile shop.txt
	[ "$(value 'server.points[1].x' '[.reads, .size]')" = '[7,2]' ]
	[ "$(value 'server.grid[0][1]' '[.reads, .size]')" = '[56,4]' ]
}

@test "another unit's writes count, and so do those by another name" {
	describe 'field shared 0 4 0 0' 'read f moves 1000'
	printf '%s\n' 'unit other.c' 'field shared 0 4 0 9000' 'write late moves 30' >other.txt
	program gcc -g
	counted profile shop.txt other.txt
	[ "$(value shared '[.reads, .text]')" = '[1000,"written again 29 times by late()"]' ]
	# early: the time decides
	sed -i 's/9000/90/' other.txt
	counted profile shop.txt other.txt
	[ "$(value shared '[.verdict, .after]')" = '["settled",null]' ]
	# but not against what is known: a write of its own came behind 300 of the reads
	sed -i 's/^field shared 0 4 0 0$/field shared 0 4 300 50/; s/^read f .*/&\nwrite f moves 1/' shop.txt
	program gcc -g
	counted profile shop.txt other.txt
	[ "$(value shared '[.verdict, .after]')" = '["written again",null]' ]
	rm other.txt
	describe 'field shared 0 4 0 0' 'read f moves 1000' 'field other_name 0 4 0 9000' 'write late moves 30'
	program gcc -g
	counted profile shop.txt
	[ "$(value shared .text)" = '"written again 29 times by late()"' ]
}

@test "static variables of one name are two" {
	describe 'field counter 0 4 0 0 static' 'read f moves 1000'
	printf '%s\n' 'unit other.c' 'field counter 0 4 900 9000 static' 'read g moves 900' \
		'write late moves 30' >other.txt
	program gcc -g
	counted profile shop.txt other.txt
	[ "$("$report" --json shop profile | jq -c '[.profile.variables[] | [.variable, .unit, .reads, .verdict]]')" = \
		'[["counter","shop.c",1000,"never written"],["counter","other.c",900,"written again"]]' ]
	# a list is for all units, so that one spoils the name
	[ "$("$report" --symbols shop profile | grep -c '^[^#]')" -eq 0 ]
	"$report" --symbols shop profile | grep -q '^# counter .*; other.c has another variable of this name$'
}

@test "a write by an index: to the array, as debug information has it, or to all of the variable" {
	describe \
		'field server 48 4 0 9000 indexed' 'write fill moves 500' 'read f moves 5' \
		'field server 52 4 0 0' 'read f moves 300' \
		'field server 72 4 0 0' 'read f moves 200' \
		'field server 8 4 0 0' 'read f moves 100'
	program gcc -g
	counted profile shop.txt
	[ "$(value 'server.grid[][]' '[.verdict, .size, .offset]')" = '["array",24,48]' ]
	[ "$(value 'server.grid[0][1]' .verdict)" = '"written again"' ]
	[ "$(value server.last .verdict)" = '"never written"' ]
	strip -g shop
	[ "$(value server+72 .verdict)" = '"written again"' ]
	[ "$(value server+8 .verdict)" = '"written again"' ]
}

@test "reads and writes that cannot be counted" {
	describe \
		'field server 0 8 0 0' 'read f moves 100' 'read g moves 0 uncounted' \
		'field server 8 4 0 0' 'read g moves 0 uncounted' \
		'field shared 0 0 0 0' 'write wipe moves 0 uncounted' 'read f moves 9' \
		'field table 8 8 0 0' 'read f moves 9'
	program gcc -g
	counted profile shop.txt
	[ "$(value server.maxmemory '[.reads, .reads_uncounted, .verdict]')" = '[100,true,"never written"]' ]
	[ "$(value server.port '[.reads, .verdict]')" = '[0,"never written"]' ]
	[ "$(value 'table[1]' .verdict)" = '"never written"' ]
	[[ $("$report" shop profile) == *' 100+? '* ]]
	[[ $("$report" shop profile) == *'f() 100.0 %, g() ?'* ]]
	describe 'field shared 0 4 0 0' 'read f moves 100' 'field shared 0 0 0 0' 'write wipe moves 0 uncounted'
	program gcc -g
	counted profile shop.txt
	[ "$(value shared .text)" = '"unknown: written by wipe(), not counted"' ]
	[ "$("$report" --symbols shop profile | grep -c '^[^#]')" -eq 0 ]
}

@test "a symbol through the global offset table is the same variable" {
	describe 'field shared 0 4 0 0 remote' 'read f moves 1000'
	printf '%s\n' 'unit other.c' 'field shared 0 4 0 9000' 'write late moves 30' >other.txt
	program gcc -g
	counted profile shop.txt other.txt
	[ "$(value shared '[.reads, .writes, .verdict]')" = '[1000,30,"written again"]' ]
	sed -i 's/^field.*/& remote/' other.txt
	program gcc -g -fPIC -shared
	counted profile shop.txt other.txt
	[ "$(value shared '[.reads, .writes, .verdict]')" = '[1000,30,"written again"]' ]
	# one that another module defines
	describe 'field environ 0 8 0 0 remote' 'read f moves 3'
	rm other.txt
	program gcc -g
	counted profile shop.txt
	[ "$(value environ .reads)" = 3 ]
}

@test "--symbols: settled fields, the most valuable first, for rcpp --symbols-from" {
	describe \
		'field server 0 8 10 20' 'read f divisions 2000' 'write main moves 1' \
		'field shared 0 4 0 0' 'read f branches 3000' \
		'field server 20 2 50 9000' 'read f moves 100' 'write resize moves 1' \
		'field server 22 2 500 9900' 'read f moves 500' 'write tick moves 501' \
		'field table 0 8 0 0 indexed' 'read f moves 60'
	program gcc -g
	counted profile shop.txt
	"$report" --symbols shop profile >list
	[ "$(grep -v '^#' list | awk '{ print $1 }' | xargs)" = 'shared server+0:8' ]
	grep -q '^server+0:8  *# server.maxmemory, 2,000 reads: settled$' list
	grep -q '^# server+20:2  *# server.points\[1\].x, 100 reads: settled but for one write by resize()$' list
	run ! grep -q 'server+22\|table' list
	# rcpp takes it
	printf 'f:\tmovq server(%%rip), %%rax\n\taddl shared(%%rip), %%eax\n\tmovq server+40(%%rip), %%rdx\n\tret\n' >f.s
	"$RCPP_BUILD/rcpp" --symbols-from list --stats -o /dev/null f.s 2>stats
	grep -q '2 sites, 0 loads' stats
	fails 1 'shop: error: --symbols needs a profile' --symbols shop
}

@test "a profile's table fits 100 columns, and names in it do not move the cursor" {
	name=$(printf 'a%.0s' {1..70})$(printf 'z%.0s' {1..40})
	describe 'field server 0 8 10 20' "read $name divisions 2000" "read b$name moves 20" \
		"write c$name moves 1" "read $(printf 'f\033[2Jf') moves 3" \
		"field table 0 8 0 9000" "read $name moves 9" "write $name moves 90"
	program gcc -g
	counted profile shop.txt
	"$report" shop profile >out
	[ "$(awk '{ if (length > most) most = length } END { print most }' out)" -le 100 ]
	grep -q 'f?\[2Jf() 0.1 %' out
	run ! grep -q $'\033' out
	grep -q 'aaa\.\.' out
}

@test "several profiles add up" {
	describe 'field server 0 8 10 20' 'read f divisions 2000' 'write main moves 1'
	program gcc -g
	counted profile shop.txt
	sed -i 's/^run.*/run 3 1000 2000000000/; s/2000$/500/; s/ 10 20$/ 1 30/' shop.txt
	counted second shop.txt
	cat profile second >both
	for files in 'profile second' both 'second profile'; do
		# shellcheck disable=SC2086 # several files
		[ "$(value server.maxmemory '[.reads, .writes, .last_write, .after]' $files)" = \
			'[2500,2,0.06,0.9956]' ]
		# shellcheck disable=SC2086
		[ "$("$report" --json shop $files | jq -c '.profile | [.runs, .seconds]')" = '[4,10]' ]
	done
}

@test "another build of the program: by name, and local symbols by their file" {
	describe 'field server 0 8 0 0' 'read f divisions 2000' \
		'field counter 0 4 0 0 static' 'read f moves 10'
	printf '%s\n' 'unit dir/other.c' 'field counter 0 4 9 9000 static' 'read g moves 20' \
		'write late moves 30' >other.txt
	program gcc -g
	counted profile shop.txt other.txt
	gcc -g -DPAD "$INPUT/other.c" "$INPUT/shop.c" -o shop
	[ "$(value server.maxmemory .reads)" = 2000 ]
	[ "$("$report" --json shop profile | jq -c '.profile.by_name')" = true ]
	[ "$("$report" --json shop profile | jq -c '[.profile.variables[] | [.variable, .unit, .verdict]] | .[1:]')" = \
		'[["counter","dir/other.c","written again"],["counter","shop.c","never written"]]' ]
	[[ $("$report" shop profile) == *'is another build than this one'* ]]
	# without symbols two units' static variables still are two
	strip shop
	[ "$("$report" --json shop profile | jq -c '[.profile.variables[] | [.variable, .unit, .verdict]] | .[1:]')" = \
		'[["counter","dir/other.c","written again"],["counter","shop.c","never written"]]' ]
	# the only one in the file, whatever it is called
	mv shop renamed
	"$report" renamed profile | grep -q ' server$'
}

@test "other modules and earlier builds in the file" {
	describe 'field server 0 8 0 0' 'read f divisions 2000'
	program gcc -g
	COUNTED_PATH=/lib/libx.so counted profile shop.txt
	mv profile other
	describe 'field server 0 8 0 0' 'read f divisions 2000' 'read g moves 1'
	program gcc -g
	counted profile shop.txt
	# libx.so has another table, so it is another module
	cat other profile >both
	[ "$("$report" --json shop both | jq -c '.profile | [.reads, .others]')" = '[2001,["/lib/libx.so"]]' ]
	"$report" shop both | tail -4 | grep -q '^/lib/libx.so$'
	describe 'field server 0 8 0 0' 'read f divisions 2000' 'read g moves 1' 'read h moves 1'
	cp shop old
	program gcc -g
	counted new shop.txt
	cat profile new >both
	[ "$("$report" --json shop both | jq -c '.profile | [.reads, .other_build]')" = '[2002,true]' ]
	mv shop third
	echo 'int main(void) { return 0; }' | gcc -xc - -o third
	cat other new >both
	fails 1 'both: error: nothing in it was counted in third, but in /lib/libx.so and 1 more' third both
}

@test "static variables of one name in two files of one name" {
	describe 'field counter 0 4 0 0 static' 'read f moves 1000'
	printf '%s\n' 'unit shop.c' 'field counter 0 4 900 9000 static' 'read g moves 900' \
		'write late moves 30' >other.txt
	program gcc -g
	counted profile shop.txt other.txt
	[ "$("$report" --json shop profile | jq '.profile.variables | length')" -eq 2 ]
	[ "$("$report" --symbols shop profile | grep -c '^[^#]')" -eq 0 ]
}

@test "uses that no kind of site has, and a symbol of the compiler's own" {
	printf '%s\n' 'unit shop.c' 'field .Lhidden 0 4 0 0 static' 'read f - 10' >shop.txt
	printf '\t.pushsection .data\n.Lhidden:\t.long 1\n\t.popsection\n' >hidden.s
	"$make_profile" table <shop.txt >table.s
	cat hidden.s >>table.s
	gcc -g -DTABLE='"table.s"' "$INPUT/shop.c" -o shop
	counted profile shop.txt
	[ "$("$report" --json shop profile | jq -c '.profile.variables[0] | [.reads, .uses]')" = \
		'[10,[{"use":null,"count":10,"uncounted":false}]]' ]
	"$report" shop profile | grep -q 'read by f() 100.0 %: other uses 100.0 %'
	[ "$("$report" --symbols shop profile | grep -c '^[^#]')" -eq 0 ]
}

@test "from a run to a program with sites" {
	cat >run.c <<-'C'
		#include <stdio.h>
		struct settings { long size; int port; } settings;
		static int limit = 100;
		int shared, last;
		__attribute__((noinline)) static void setup(int by) { settings.size = 7 * by; limit = 500 * by; }
		__attribute__((noinline)) static void reload(int by) { shared = by; }
		__attribute__((noinline)) static unsigned long work(unsigned long x)
		{
			last = x;
			return x % 1000 > (unsigned long)limit ? x / settings.size : x + shared;
		}
		int main(int argc, char **argv)
		{
			unsigned long sum = 0;

			(void)argv;
			setup(argc);
			for (unsigned long i = 0; i < 300000; i++) {
				sum += work(i);
				if (i == 150000)
					reload(argc);
			}
			printf("%lu\n", sum + last);
			return 0;
		}
	C
	for compiler in gcc clang; do
		rm -f rcpp.profile lines
		"$RCPP_BUILD/rcpp-cc" $compiler -g -O2 -Wr,--profile run.c -o shop
		./shop
		[ "$(value limit '[.verdict, .reads]' rcpp.profile)" = '["settled",300000]' ]
		[ "$(value settings.size .verdict rcpp.profile)" = '"settled"' ]
		[ "$(value shared .text rcpp.profile)" = '"settled but for one write by reload()"' ]
		[ "$(value last .text rcpp.profile)" = '"written again 299999 times by work()"' ]
		"$report" --symbols shop rcpp.profile >list
		[ "$(grep -v '^#' list | awk '{ print $1 }' | sort | xargs)" = 'limit settings+0:8' ]
		"$RCPP_BUILD/rcpp-cc" $compiler -g -O2 -Wr,--symbols-from=list,--explain=lines run.c -o shop
		"$report" --symbols-from list shop lines >out
		grep -q '^Build: 2 references, 2 sites, 0 loads$' out
		grep -q '^All 2 names in list match something$' out
		# the same counts, with names of the final program
		[ "$(value settings.size .reads rcpp.profile)" -gt 100000 ]
	done
}

@test "make -j2 over 200 files: one complete report, no torn line" {
	mkdir many
	for i in $(seq 200); do
		printf 'extern int limit, step, mask;\nint f%d(int x) { return x + limit; }\n' "$i" >"many/f$i.c"
		printf 'int g%d(int x) { return (x - step) & mask; }\n' "$i" >>"many/f$i.c"
	done
	printf 'int limit, step, mask;\nint main(void) { return limit; }\n' >many/main.c
	# shellcheck disable=SC2016 # for make
	printf '%s\n' 'main: main.o $(patsubst %.c,%.o,$(wildcard f*.c))' '	gcc $^ -o $@' \
		'%.o: %.c' '	$(CC) -O1 -c $< -o $@' | sed 's/^\\t/\t/' >many/Makefile
	make -s -j2 -C many CC="$RCPP_BUILD/rcpp-cc gcc -Wr,--symbol=limit,step,mask,--explain=lines"
	"$report" many/main many/lines >out
	grep -q '^Build: 601 references, ' out
	for i in $(seq 200); do
		[ "$(grep -c "^f$i\.c:[23]: [fg]$i: \(limit\|step\|mask\): .* => " many/lines)" -eq 3 ]
	done
	[ "$(wc -l <many/lines)" -eq 601 ]
}

@test "names of the source: in lists, in writes, and those that were not resolved" {
	cat >named.c <<-'C'
		struct conf { int a, b; } conf;
		int get(void) { return conf.a; }
		void set(int x) { conf.a = x; }
		int main(void) { set(2); return get() != 2; }
	C
	printf '%s\n' conf.a conf.b nothing.x >list
	rm -f lines
	"$RCPP_BUILD/rcpp-cc" gcc -O2 -g named.c -o named -Wr,--symbols-from=list,--explain=lines
	"$report" --symbols-from list named lines >out
	[ "$(sed -n '/match nothing:/,$p' out | grep -c '^    ')" -eq 2 ]
	grep -q '^    conf.b: ' out
	grep -q '^    nothing.x: ' out
	grep -q '^    conf.a: written in set(), named.c:3$' out
	# one paragraph a variable, each advice once, and what a profile knows
	cat >twice.c <<-'C'
		#include <rcpp.h>
		int early, late;
		__attribute__((noinline)) void set(int x) { early = x; }
		__attribute__((noinline)) void change(int x) { late = x; }
		__attribute__((noinline)) void change_again(int x) { late = 2 * x; }
		int main(int count, char **words)
		{
			set(count);
			if (rcpp_patch())
				return 1;
			change(count);
			if (!words)
				change_again(count);
			return early + late != 2;
		}
	C
	rm -f lines rcpp.profile
	for options in -Wr,--profile -Wr,--symbol=early,late,--explain=lines; do
		"$RCPP_BUILD/rcpp-cc" gcc -O1 -g -I"$BATS_TEST_DIRNAME/../runtime" $options twice.c \
			"$RCPP_BUILD/librcpp.a" -o twice
		[ $options != -Wr,--profile ] || ./twice
	done
	"$report" twice lines rcpp.profile >out
	sed -n '/^Written outside/,/^$/p' out | tr -s ' \n' ' ' >part
	grep -qF 'early (never after rcpp_patch() in the profile): written in set(), twice.c:3 late (written after rcpp_patch() in the profile): written in change(), twice.c:4; change_again(), twice.c:5' part
	[ "$(grep -o 'RCPP_SET()' part | wc -l)" -eq 1 ]
	rm lines
	"$RCPP_BUILD/rcpp-cc" gcc -O2 named.c -o named -Wr,--symbols-from=list,--explain=lines
	"$report" --symbols-from list named lines >out
	grep -q "^    'conf.a' needs debug information" out
	"$report" --json named lines | jq -e '.explained.notes | length == 2' >/dev/null
}

# --- names

# The names of these fields, one a line.
fields()
{
	describe \
		'field server 0 8 0 0' 'read f moves 90' \
		'field server 8 4 0 0' 'read f moves 89' \
		'field server 12 1 0 0' 'read f moves 88' \
		'field server 13 1 0 0' 'read f moves 87' \
		'field server 22 2 0 0' 'read f moves 86' \
		'field server 32 4 0 0' 'read f moves 85' \
		'field server 36 4 0 0' 'read f moves 84' \
		'field server 40 8 0 0' 'read f moves 83' \
		'field server 68 4 0 0' 'read f moves 82' \
		'field server 73 1 0 0' 'read f moves 81' \
		'field table 24 8 0 0' 'read f moves 80' \
		'field counter 0 4 0 0 static' 'read f moves 79' \
		'field shared 0 4 0 0' 'read f moves 78' \
		'field server 18 4 0 0' 'read f moves 1'
	program "$@"
	counted profile shop.txt
	"$report" --json shop profile | jq -r '.profile.variables[].variable'
}

named='server.maxmemory server.port server.low... server.wide server.points[1].y server.number
server.nested.inner server.names server.grid[1][2] server.last+1 table[3] counter shared server.points[0].y...'

@test "names of fields: both compilers, DWARF 4 and 5, link-time optimization, position-independent" {
	tr ' ' '\n' <<<"$named" >expected
	for compiler in gcc clang; do
		for option in -gdwarf-4 -gdwarf-5 '-g -pie -fPIE' '-g -no-pie' '-g -gz'; do
			echo "$compiler $option"
			# shellcheck disable=SC2086 # several options
			diff <(fields "$compiler" $option) expected
		done
	done
	diff <(fields gcc -g -flto -fno-toplevel-reorder -flto-partition=none) expected
}

@test "names of fields without debug information, and without symbols" {
	diff <(fields gcc) <(printf '%s\n' server server+8 server+12 server+13 server+22 server+32 server+36 \
		server+40 server+68 server+73 table+24 counter shared server+18)
	strip shop
	[ "$("$report" --json shop profile | jq -r '.profile.variables[0].variable')" = server ]
}

@test "C++: variables and functions as people write them; static ones in functions and classes" {
	cat >shop.cc <<-'C'
		namespace shop { int price = 3; static volatile int hidden = 4; }
		struct box { static int size; };
		int box::size = 5;
		static int next() { static volatile int calls; return ++calls + shop::hidden; }
		template <typename T> struct list { static T head; };
		template <typename T> T list<T>::head;
		template struct list<long>;
		__asm__(".include \"table.s\"");
		int main() { return next(); }
	C
	describe \
		'field _ZN4shop5priceE 0 4 0 0' 'read _ZN4shop4sellEi moves 90' \
		'field _ZN4shopL6hiddenE 0 4 0 0 static' 'read main moves 89' \
		'field _ZN3box4sizeE 0 4 0 9000' 'read main moves 88' 'write _ZN4shop4sellERKN3boxE moves 300' \
		'field _ZZL4nextvE5calls 0 4 0 0 static' 'read _ZL4nextv moves 87' \
		'field _ZN4listIlE4headE 0 8 0 0' 'read main moves 86'
	"$make_profile" table <shop.txt >table.s
	for compiler in g++ clang++; do
		for option in -g -g0; do
			$compiler $option -O1 shop.cc -o shop
			counted profile shop.txt
			[ "$("$report" --json shop profile | jq -r '.profile.variables[].variable' | xargs)" = \
				'shop::price shop::hidden box::size next()::calls list<long>::head' ]
		done
	done
	[ "$(value shop::price '.readers[0] | [.function, .name]')" = '["_ZN4shop4sellEi","shop::sell(int)"]' ]
	[ "$(value box::size .text)" = '"written again 299 times by shop::sell()"' ]
	"$report" shop profile | grep -q 'read by shop::sell() 100.0 %'
	"$report" --symbols shop profile | grep -q '^_ZN4shop5priceE  *# shop::price, 90 reads: never written$'
	# without c++filt
	mkdir bin
	[ "$(PATH=$PWD/bin "$report" --symbols shop profile | grep -c "_ZN4shop5priceE.*_ZN4shop5priceE")" -eq 1 ]
}

@test "static variables in functions of C" {
	cat >calls.c <<-'C'
		static int one(void) { static volatile int calls = 1; return ++calls; }
		static int two(void) { static volatile int calls = 1; return ++calls; }
		int main(void) { return one() + two(); }
	C
	gcc -g -O2 -S calls.c -o calls.s
	names=$(grep -o '^calls\.[0-9]*' calls.s | sort -u | xargs)
	[ "$(wc -w <<<"$names")" -eq 2 ]
	for name in $names; do
		echo "field $name 0 4 0 0 static"
		echo 'read main moves 5'
	done >fields
	mapfile -t lines <fields
	describe "${lines[@]}"
	"$make_profile" table <shop.txt >table.s
	cat table.s >>calls.s
	gcc calls.s -o shop
	counted profile shop.txt
	[ "$("$report" --json shop profile | jq -r '.profile.variables[].variable' | sort | xargs)" = \
		'one::calls two::calls' ]
}

# --- wrong inputs

@test "wrong usage and files that are not for it" {
	echo 'int main(void) { return 0; }' | gcc -xc - -o plain
	fails 2 'rcpp-report: error: no PROGRAM'
	fails 2 'exclude each other' --json --symbols plain
	run "$report" --nonsense plain
	[ "$status" -eq 2 ]
	run "$report" --help
	[ "$status" -eq 0 ]
	run "$report" -V
	[[ $output == "rcpp-report "* ]]
	fails 1 'missing: error: cannot read it: No such file' missing
	fails 1 'missing: error: cannot read it: No such file' plain missing
	fails 1 'missing: error: cannot read it: No such file' --symbols-from missing plain
	echo 'some text' >text
	fails 1 'text: error: not an ELF file: give an executable' text
	fails 1 'text: error: line 1 is no line of --explain' plain text
	echo 'a.c:1: f: x: something else' >text
	fails 1 'text: error: line 1 is no line of --explain' plain text
	printf 'a.c:1: f: x: load: y\n\0\n' >text
	fails 1 'text: error: neither lines of --explain nor a profile' plain text
	echo 'int x;' | gcc -xc -c - -o x.o
	fails 1 'x.o: error: an object that is not linked yet' x.o
	head -c 300 plain >short
	fails 1 'short: error: damaged ELF file' short
	run bash -c '"$1" plain >/dev/full' _ "$report"
	[ "$status" -eq 1 ]
}

@test "damaged profiles: one message, whatever byte is wrong" {
	describe 'field server 0 8 10 20' 'read f divisions 2000' 'write main moves 1' \
		'field table 0 8 0 0 indexed' 'read f moves 60' \
		'field shared 0 4 0 0 remote' 'read f moves 60'
	program gcc -g
	counted profile shop.txt
	[ "$(stat -c %s profile)" -eq 8192 ]
	echo 'rcpp profile 2' >short
	printf '\0' >>short
	fails 1 'short: error: damaged profile (no chunk where one should begin): remove it and run' shop short
	head -c 4096 profile >short
	fails 1 'short: error: damaged profile (a chunk that the file does not hold)' shop short
	cat profile short >long
	fails 1 'long: error: damaged profile (a chunk that' shop long
	ASAN_OPTIONS=detect_leaks=0 python3 "$INPUT/damage.py" "$report" ./shop profile "${RCPP_DAMAGE_STEP:-1}" >counts
	[[ $(cat counts) =~ ^[1-9][0-9]{2,}\ reported,\ [1-9][0-9]{2,}\ refused$ ]]
}
