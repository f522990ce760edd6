#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# What users see first: the examples, the demo, the tutorial of the README as it is written, and the
# man pages. Reads: RCPP_BUILD (the build directory, default build/ beside tests/).
#
# shellcheck disable=SC2016 # $ and ` in single quotes are of assembly and of Markdown
# shellcheck disable=SC2154 # run --separate-stderr sets $stderr

bats_require_minimum_version 1.5.0

setup() {
	TOP=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	BUILD=$(cd "${RCPP_BUILD:-$TOP/build}" && pwd)
	unset RCPP_FLAGS RCPP_AS RCPP_DISABLE RCPP_VERBOSE
	cd "$BATS_TEST_TMPDIR" || return
	# clang fails the link if it is told about an option of the other stage
	kinds=("-fPIE -pie" "-fno-pie -no-pie")
}

need() {
	command -v "$1" >/dev/null || skip "no $1"
}

# check_hello SITES
check_hello() {
	run --separate-stderr env RCPP_VERBOSE=1 ./hello
	[ "$status" -eq 0 ]
	[ "$output" = "Hello, world" ]
	[[ $stderr == *"rcpp: $1 sites, $1 patched, 0 left as loads,"* ]]
	[ "$(./hello "Good morning")" = "Good morning" ]
}

# check_dcache MINIMUM-OF-SITES: the answers are the same before and after, and they are right
check_dcache() {
	local answers=" etc=3 usr=15 cache=17 nothing=-1 sum=999999" counts
	./dcache >output
	[ "$(sed -n 1p output)" = "before:$answers" ]
	[ "$(sed -n 2p output)" = "after :$answers" ]
	read -r -a counts < <(tail -n 1 output) # N sites, N patched, N left as loads, ...
	[ "${counts[0]}" -ge "$1" ]
	[ "${counts[2]}" -eq "${counts[0]}" ]
	[ "${counts[4]}" -eq 0 ]
	[ "$(./dcache bin zzz | head -n 1)" = "before: bin=0 zzz=-1 sum=999999" ]
}

# through_rcpp COMPILER: all levels of optimization, both kinds of programs
through_rcpp() {
	local level kind name
	need "$1"
	for level in -O0 -O2 -O3; do
		for kind in "${kinds[@]}"; do
			for name in hello dcache shop reload; do
				# shellcheck disable=SC2086 # $kind is two options
				"$BUILD/rcpp-cc" "$1" $level $kind -Wall -Wextra -Werror \
					-I"$TOP/runtime" -o $name "$TOP/examples/$name/$name.c" \
					"$BUILD/librcpp.a" -pthread
			done
			check_hello 1
			check_dcache 4
		done
	done
}

# plainly COMPILER: the same without the filter, then without the library
plainly() {
	local level kind name
	need "$1"
	for level in -O0 -O2 -O3; do
		for kind in "${kinds[@]}"; do
			for name in hello dcache shop reload; do
				# shellcheck disable=SC2086
				"$1" $level $kind -Wall -Wextra -Werror -I"$TOP/runtime" -o $name \
					"$TOP/examples/$name/$name.c" "$BUILD/librcpp.a" -pthread
			done
			check_hello 0
			check_dcache 0
			for name in hello dcache shop reload; do
				# shellcheck disable=SC2086
				"$1" $level $kind -Wall -Wextra -Werror -I"$TOP/runtime" -DRCPP_OFF \
					-o $name "$TOP/examples/$name/$name.c"
			done
			[ "$(RCPP_VERBOSE=1 ./hello 2>&1)" = "Hello, world" ]
			check_dcache 0
		done
	done
}

@test "examples: through rcpp, gcc" { through_rcpp gcc; }
@test "examples: through rcpp, clang" { through_rcpp clang; }
@test "examples: without rcpp, gcc" { plainly gcc; }
@test "examples: without rcpp, clang" { plainly clang; }

@test "examples: linked with the shared library" {
	local name
	for name in hello dcache shop reload; do
		"$BUILD/rcpp-cc" gcc -O2 -I"$TOP/runtime" -o $name "$TOP/examples/$name/$name.c" \
			-L"$BUILD" -lrcpp
	done
	export LD_LIBRARY_PATH=$BUILD
	check_hello 1
	check_dcache 4
}

@test "examples: their Makefiles, in the tree and installed" {
	local name
	mkdir -p bin include
	ln -s "$BUILD/rcpp-cc" bin/
	ln -s "$TOP/runtime/rcpp.h" include/
	for name in hello dcache shop reload; do
		make -C "$TOP/examples/$name" BUILD="$BUILD" OUT="$PWD"
		rm $name
		make -C "$TOP/examples/$name" BUILD="$BUILD" OUT="$PWD" RCPP_CC=
		rm $name
		cp -r "$TOP/examples/$name" copy
		PATH="$PWD/bin:$PATH" make -C copy BUILD=/nonexistent CFLAGS="-O2 -I$PWD/include" \
			LDFLAGS="-L$BUILD -Wl,-rpath,$BUILD"
		mv copy/$name .
		rm -r copy
	done
	check_hello 1
	check_dcache 4
}

@test "dcache: what --dump writes is the code, in the same place before and after" {
	"$BUILD/rcpp-cc" gcc -O2 -I"$TOP/runtime" -o dcache "$TOP/examples/dcache/dcache.c" \
		"$BUILD/librcpp.a" -pthread
	./dcache --dump code
	objcopy -O binary -j shown dcache linked
	cmp linked code.before
	[ "$(stat -c %s code.before)" -eq "$(stat -c %s code.after)" ]
	run cmp -s code.before code.after
	[ "$status" -eq 1 ]
	RCPP_DISABLE=1 ./dcache --dump disabled
	cmp disabled.before disabled.after
}

# Instructions without the addresses that differ from build to build.
disassemble() {
	objdump -D -b binary -m i386:x86-64 --no-show-raw-insn "$1" | sed '1,7d
		s/^ *[0-9a-f]*:\t//; s/\(call *\|j[a-z]* *\)0x[0-9a-f]*$/\1ADDRESS/; s/ *$//'
}

# shop COMPILER: patched, request() asks nothing
shop() {
	need "$1"
	"$BUILD/rcpp-cc" "$1" -O2 -Wall -Wextra -Werror -I"$TOP/runtime" -o shop \
		"$TOP/examples/shop/shop.c" "$BUILD/librcpp.a"
	[ "$(./shop 5 77)" = "5 costs 111"$'\n'"77 costs 101" ]
	[ "$(RCPP_DISABLE=1 ./shop 5 77)" = "$(./shop 5 77)" ]
	[ "$(./shop --trace 5 2>&1)" = "grocery: item 5 is in bucket 386"$'\n'"5 costs 111" ]
	RCPP_DISABLE=1 ./shop --text >text
	disassemble text >before
	[ "$(grep -cE '%rip|call +\*|^j[^m]|div' before)" -ge 5 ]
	./shop --text >text
	disassemble text >after
	if [ -n "${RCPP_GOLDEN:-}" ]; then cp after "$TOP/tests/shop/$1.expected"; fi
	diff "$TOP/tests/shop/$1.expected" after
	[ "$(grep -cE '%rip|call +\*|^j[^m]|div' after)" -eq 0 ]
	./shop --text --buckets=1024 >text
	[ "$(disassemble text | grep -cE '%rip|mul +%|div')" -eq 0 ]
}

@test "shop: no load, conditional jump, indirect call or division is left, gcc" { shop gcc; }
@test "shop: no load, conditional jump, indirect call or division is left, clang" { shop clang; }

# ask PORT: one question at a time, until the settings do not change any more; prints the answers
# without those that repeat
ask() {
	local line
	exec 4<>"/dev/tcp/127.0.0.1/$1"
	while [ ! -e settled ]; do
		echo 25 >&4
		read -r line <&4
		echo "$line"
	done | uniq
	exec 4>&-
}

# reload PROGRAM: the settings change 50 times while three clients ask
reload() {
	local clients=() client i
	settings=("fee 5000"$'\n'"percent 50"$'\n'"dozen 7"$'\n'"round 1" "fee 100")
	rm -f settled port answers.*
	echo "${settings[1]}" >settings
	"$@" settings >port 3>&- &
	server=$!
	for ((i = 0; i < 100; i++)); do
		[ -s port ] && break
		sleep 0.05
	done
	for client in 1 2 3; do
		ask "$(cat port)" >answers.$client 3>&- &
		clients+=($!)
	done
	for ((i = 2; i < 52; i++)); do
		echo "${settings[i % 2]}" >settings.new
		mv settings.new settings
		kill -HUP $server
		sleep 0.02
	done
	touch settled
	wait "${clients[@]}"
	kill $server
	cat answers.* | sort -un >answers
	[ "$(wc -l <answers)" -gt 20 ]
	# one answer to each version, and of the one settings or the other
	awk '{ if ($1 in sums && sums[$1] != $2 || $2 != 121 && $2 != 2520) { print "wrong:", $0; bad = 1 }
		sums[$1] = $2 } END { exit bad }' answers.*
}

@test "reload: settings change while threads answer" {
	local compiler
	for compiler in gcc clang; do
		"$BUILD/rcpp-cc" $compiler -O2 -I"$TOP/runtime" -o reload \
			"$TOP/examples/reload/reload.c" "$BUILD/librcpp.a" -pthread
		reload ./reload
		$compiler -O2 -I"$TOP/runtime" -o plain "$TOP/examples/reload/reload.c" \
			"$BUILD/librcpp.a" -pthread
		reload ./plain
	done
}

# show_demo COMPILER: what the demo must show, whichever instructions the compiler chose
show_demo() {
	local figures
	need "$1"
	# The demo leaves files in the build directory.
	mkdir build
	ln -s "$BUILD/rcpp-cc" "$BUILD/librcpp.a" build/
	sh "$TOP/examples/dcache/demo.sh" build "$1" >demo
	cat demo
	run ! grep -q '.\{81\}' demo
	# The columns: address, before, after. Columns end where the widths in demo.sh say.
	sed -n '/^lookup:$/,/^add_step:$/p' demo | cut -c 7-40 >before
	sed -n '/^lookup:$/,/^add_step:$/p' demo | cut -c 43- >after
	grep -Eq 'shift\(%rip\)' before
	grep -Eq 'table\(%rip\)' before
	grep -Eq '^shr[lq]? %cl,' before
	run ! grep -q '%rip' after
	grep -Eq '^shr[lq]? +\$0x1d,' after
	run ! grep -Eq '%cl,' after
	grep -Eq '^movabs \$0x[0-9a-f]+,' after
	sed -n '/^add_step:$/,/^$/p' demo | cut -c 43- >sums
	grep -q '0xf4240' sums
	grep -Eq -- '-0x1\(|\$0xffffffff' sums
	run ! grep -q '%rip' sums
	read -r -a figures < <(sed -n '/^lookup: /s/[^0-9]/ /gp' demo)
	# instructions and loads before, then after: one instruction and two loads are gained
	[ "${figures[0]}" -eq $((figures[2] + 1)) ]
	[ "${figures[1]}" -eq $((figures[3] + 2)) ]
}

@test "demo: gcc" { show_demo gcc; }
@test "demo: clang" { show_demo clang; }

@test "README: the tutorial, as it is written" {
	# Its directory is the top of the tree.
	ln -s "$BUILD" build
	ln -s "$TOP/runtime" runtime
	# Blocks ```c are files that name themselves, ```sh is run, ```text is what that printed.
	awk '
		/^## / { inside = /^## Tutorial$/ }
		!inside { next }
		/^```./ { kind = substr($0, 4); number++; next }
		/^```$/ { kind = ""; next }
		kind { print >(sprintf("block%02d.", number) kind) }
	' "$TOP/README.md"
	local block expected commands=0
	for block in block* block*; do # who tries twice sees the same
		case $block in
		*.c) cp "$block" "$(sed -n '1s/^.. \(.*\) .*$/\1/p' "$block")" ;;
		*.sh)
			sh -eu "$block" >printed
			commands=$((commands + 1))
			;;
		*.text)
			expected=$block
			diff "$expected" printed
			;;
		*) false ;;
		esac
	done
	[ "$commands" -ge 3 ]
	[ -f price.c ]
}

@test "README: it names files and directories that are there" {
	local name
	for name in $(grep -Eo '`(rcpp|grammar|runtime|examples|tests)/[^` ]*`' "$TOP/README.md" |
		tr -d '\`' | sort -u); do
		[ -e "$TOP/$name" ] || { echo "no $name" && false; }
	done
}

@test "man pages render without warnings" {
	local page
	need man
	for page in "$TOP"/rcpp/*.1 "$TOP"/runtime/*.3; do
		MANWIDTH=80 LC_ALL=C.UTF-8 man --warnings -l "$page" >text 2>warnings
		cat warnings
		[ ! -s warnings ]
		[ -s text ]
		mandoc -T lint -W warning "$page"
	done
}

# same_options PROGRAM SOURCE COUNT: the table in the source, --help, and both parts of the manual that
# list options have the same, so many.
same_options() {
	local page=$TOP/rcpp/$1.1
	{
		grep -Eo '\{"[a-z-]+", (no|required|optional)_argument' "$TOP/rcpp/$2" |
			sed 's/{"\(.*\)".*/--\1/'
		sed -n 's/.*getopt_long(argc, argv, "\([a-zA-Z:]*\)".*/\1/p' "$TOP/rcpp/$2" |
			grep -o '[a-zA-Z]' | sed 's/^/-/' || true
	} | sort -u >table
	"$BUILD/$1" --help | sed -n 's/^  \(-.*\)/\1/p' | sed 's/  .*//' |
		grep -Eo -- '--?[a-zA-Z][a-z-]*' | sort -u >help
	# .Fl -symbol is --symbol; what is described is an item of the list
	sed -n '/^\.Sh DESCRIPTION/,/^\.Sh E/s/^\.It //p' "$page" |
		grep -Eo 'Fl -*[a-zA-Z][-a-z]*' | sed 's/^Fl /-/' | sort -u >described
	sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESCRIPTION/p' "$page" |
		grep -Eo 'Fl -*[a-zA-Z][-a-z]*' | sed 's/^Fl /-/' | sort -u >synopsis
	diff table help
	diff table described
	diff table synopsis
	[ "$(wc -l <table)" -eq "$3" ]
}

@test "rcpp.1, rcpp --help and the source have the same options" {
	same_options rcpp filter/options.c 23
}

@test "rcpp-dump.1, rcpp-dump --help and the source have the same options" {
	same_options rcpp-dump dump/main.c 10
}

@test "rcpp-report.1, rcpp-report --help and the source have the same options" {
	same_options rcpp-report report/main.c 12
}

@test "rcpp-cc.1, rcpp-cc --help and the source have the same options and variables" {
	{
		grep -Eo 'strcmp\([a-z.]*(word|argv)\[[1i]\], "--[a-zA-Z-]*"' "$TOP/rcpp/launcher/cc.c"
		grep -Eo 'strcmp\(argv\[1\], "-[a-zA-Z]"' "$TOP/rcpp/launcher/cc.c"
	} | sed 's/.*"\(.*\)"/\1/; s/^--filter/-Wr,&/' | sort -u >table
	[ "$(wc -l <table)" -eq 5 ]
	"$BUILD/rcpp-cc" --help >text
	sed -n 's/^  \(-[^ ]*\), \(--[^ ]*\) .*/\1\n\2/p; s/^  \(-[^ ]*[^, ]\) .*/\1/p' text |
		grep -v OPTION | sort -u >help
	sed -n 's/^\.It Fl \([a-zA-Z]\) , Fl -\([a-z]*\)$/-\1\n--\2/p; s/^\.It Fl Wr , Ns Fl \(-.*\)$/-Wr,-\1/p' \
		"$TOP/rcpp/rcpp-cc.1" | sort -u >described
	diff table help
	diff table described
	# those of rcpp itself; others are those of compilers and caches
	grep -Eho 'getenv\("RCPP_[A-Z_]*"\)' "$TOP"/rcpp/{common,launcher,as,filter}/*.c | sed 's/.*"\(.*\)".*/\1/' | sort -u >table
	sed -n 's/^  \(RCPP_[A-Z]*\) .*/\1/p' text | sort -u >help
	sed -n 's/^\.It Ev //p' "$TOP/rcpp/rcpp-cc.1" | sort -u >described
	diff table help
	diff table described
}

@test "rcpp.1 has the reasons that rcpp counts" {
	local reason
	cat >reasons.s <<-'END'
		f:	movq x@GOTPCREL(%rip), %rax
			movl x(,%rdi,4), %eax
			movss x(%rip), %xmm0
			incl x(%rip)
			movabsq x, %rax
			.macro m
			movl x(%rip), %eax
			.endm
			.section .init.text, "ax"
			movl x(%rip), %eax
	END
	"$BUILD/rcpp" --symbol x --stats=json reasons.s 2>counts >/dev/null
	sed 's/.*"reasons": {\([^}]*\)}.*/\1/' counts | grep -o '[a-z][a-z-]*' >reasons
	while read -r reason; do
		grep -q "^\.It Cm $reason\$" "$TOP/rcpp/rcpp.1" || { echo "$reason" && false; }
	done <reasons
	# All words that there are, from the table in the source.
	grep -o '\[REASON_[A-Z_]*\] = {"[a-z-]*"' "$TOP/rcpp/filter/reasons.c" | sed 's/.*{"//; s/"//' >words
	[ "$(wc -l <words)" -gt 20 ]
	while read -r reason; do
		[ "$reason" = site ] || grep -q "^\.It Cm $reason\$" "$TOP/rcpp/rcpp.1" ||
			{ echo "$reason" && false; }
	done <words
	for reason in got array vector read-modify-write far macro init; do
		grep -q "\"$reason\"" counts || { cat counts && echo "not $reason" && false; }
	done
}

@test "librcpp.3 has the functions of the header, and its variables" {
	local text
	sed -n 's/^\t\t\(rcpp_[a-z_]*\);$/\1/p' "$TOP/runtime/librcpp.map" >functions
	[ "$(wc -l <functions)" -ge 9 ]
	while read -r text; do
		grep -q "^\.Nm $text\( ,\)\?\$" "$TOP/runtime/librcpp.3" || { echo "$text" && false; }
		grep -q "^\.Fn $text " "$TOP/runtime/librcpp.3" || { echo "$text" && false; }
	done <functions
	for text in RCPP_KEEP_WRITABLE RCPP_NO_STOP RCPP_EXPLAIN_FAULTS RCPP_OFF RCPP_DISABLE RCPP_VERBOSE; do
		grep -q "$text" "$TOP/runtime/librcpp.3"
	done
}

# messages FILE.c...: the pieces of the texts in them that are for people, without what varies.
messages() {
	python3 - "$@" <<-'END'
		import re, sys
		string = r'"((?:[^"\\]|\\.)*)"'
		for name in sys.argv[1:]:
		    text = re.sub(r"/\*.*?\*/|//[^\n]*|^#include.*?$", " ", open(name).read(), flags=re.S | re.M)
		    text = re.sub(rf'__asm__(?:[^;"]|{string})*;', " ", text)
		    for literal in re.finditer(rf"{string}(?:\s*{string})*", text):
		        whole = "".join(re.findall(string, literal.group()))
		        for piece in re.split(r"(?:0x)?%\*?[a-z]+", whole):
		            piece = piece.replace("\\n", "").strip(" :;,()\n")
		            if re.search(r"[a-z]{2,}.* .*[a-z]{2,}", piece) and "%" not in piece:
		                print(piece)
	END
}

@test "librcpp.3 has every message of the library" {
	local text
	need man
	MANWIDTH=1000 LC_ALL=C.UTF-8 man --nh --nj -l "$TOP/runtime/librcpp.3" >page
	# kernel.c is for Linux, profile*.c no part of the library (rcpp.1 has its messages); the rest says
	# that all is well, or is no message
	find "$TOP/runtime" -name '*.c' ! -name kernel.c ! -name 'profile*.c' -print0 | xargs -0 cat >all.c
	messages all.c | grep -vx -e 'is fine' -e 'is as it was linked' -e 'is unknown' \
		-e 'has an unknown problem' -e 'sites' -e 'left as loads' >known
	[ "$(wc -l <known)" -ge 30 ]
	while read -r text; do
		grep -qF -- "$text" page || echo "$text"
	done <known >missing
	cat missing
	[ ! -s missing ]
}

@test "the scripts and sources of the examples are clean" {
	need shellcheck
	shellcheck "$TOP/examples/dcache/demo.sh"
	need clang-format
	clang-format --dry-run -Werror "$TOP"/examples/*/*.c
}
