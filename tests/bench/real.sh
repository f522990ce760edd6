#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Usage: real.sh BUILD [PROGRAM]...
# Programs from Debian's source packages with all their settled variables patchable: each is compiled
# by gcc -O2 plain, with a watch on its stores, which finds these variables, and through rcpp-cc. A
# wide value in 64-bit arithmetic stays in memory, since two instructions for one cost more than a
# load that hits the cache. What is measured begins where the program has read its settings, see
# real.c. real.py makes of it the table on standard output and BUILD/bench-real/real.json.
set -eu
build=$(realpath "$1")
shift
here=$(dirname "$(realpath "$0")")
top=$(dirname "$(dirname "$here")")
out=$build/bench-real
orders=5  # of the objects, when they are linked
repeats=3 # of each run that is timed
unset RCPP_FLAGS RCPP_AS
mkdir -p "$out/sources"
rm -f "$out/log"
say() { echo "bench: $*" >&2; }

# quietly COMMAND...: its output is in log, and shown if it fails
quietly() { "$@" >>"$out/log" 2>&1 || { tail "$out/log" >&2 && return 1; }; }

# fetch PACKAGE: its source becomes the current directory
fetch()
{
	if ! [ -e "$out/sources/$1" ]; then
		say "fetching $1"
		quietly sh "$top/tests/real/fetch-source.sh" "$1" "$out/fetch"
		mv "$out/fetch/$1"-*/ "$out/sources/$1"
	fi
	cd "$out/sources/$1"
}

# --- the programs: in its directory each sets
#
#	files, flags	what is compiled, and the compiler's options
#	libraries	what else it is linked with
#	entry		the function at whose first call all is settled
#	small, large	sizes of its input, for counting and for timing
#
# and NAME_run SIZE COMMAND... runs it by the command, for the outputs on standard output.

sqlite3()
{
	fetch sqlite3
	[ -e Makefile ] || quietly sh ./configure
	[ -e sqlite3.c ] || quietly make sqlite3.c
	cp test/speedtest1.c .
	files='sqlite3.c speedtest1.c'
	flags='-I.'
	libraries='-lm'
	entry=sqlite3_prepare_v2
	small=1 large=25
}

# It prints times, too.
sqlite3_run()
{
	size=$1
	shift
	"$@" --size "$size" --verify | sed 's/ *[0-9.]*s$//'
}

m4()
{
	fetch m4
	[ -e Makefile ] || quietly ./configure CC=gcc CFLAGS=-O2
	[ -e src/m4 ] || { quietly make -C lib && quietly make -C src; }
	files=$(find lib src -name '*.o' | sed 's/o$/c/' | sort)
	flags='-Ilib -Isrc'
	libraries=
	entry=expand_input
	small=50 large=400
}

m4_run()
{
	size=$1
	shift
	"$@" -DSIZE="$size" "$here/input.m4"
}

dash()
{
	fetch dash
	[ -e configure ] || quietly autoreconf -fi
	[ -e src/dash ] || { quietly ./configure CC=gcc CFLAGS=-O2 && quietly make; }
	cd src
	files=$(find . -name '*.o' | sed 's/o$/c/; s/..//' | sort)
	flags='-include ../config.h -DBSD=1 -DSHELL -I. -I..'
	libraries=
	entry=evaltree
	small=6 large=50
}

dash_run()
{
	size=$1
	shift
	"$@" "$out/input.sh" "$size"
}

cat >"$out/input.sh" <<'END'
power() { result=1 n=$2; while [ $n -gt 0 ]; do result=$((result * $1 % 10007)) n=$((n - 1)); done; }
kind() {
	case $1 in
	*[02468]) kind=even ;;
	1 | 3 | 5 | 7 | 9) kind=small ;;
	*) kind=odd ;;
	esac
}
round=0 text=
while [ $round -lt "$1" ]; do
	i=0
	while [ $i -lt 150 ]; do
		power $((i % 11)) $((i % 17))
		kind $i
		set -- "$1" "$i" "$result" "$kind"
		for word in alpha beta "gamma delta" "$kind"; do
			text=${word#a}${word%a}:${#text}
			if [ "$word" = even ] && [ -n "$text" ] || [ $i -eq 7 ]; then text=${text:-none}; fi
		done
		IFS=:; for part in $text; do last=$part; done; unset IFS
		eval "v_$((i % 10))=\$result"
		i=$((i + 1))
	done
	echo "$round $text $last $v_3 $v_7 $*"
	round=$((round + 1))
done
END

redis()
{
	fetch redis
	quietly make -C deps hiredis linenoise lua hdr_histogram
	cd src
	[ -s release.h ] || quietly sh mkreleasehdr.sh
	files=$(sed -n 's/^REDIS_SERVER_OBJ=//p' Makefile | sed 's/\.o\>/.c/g')
	flags='-std=gnu11 -DREDIS_STATIC= -I../deps/hiredis -I../deps/linenoise -I../deps/lua/src
		-I../deps/hdr_histogram'
	libraries='../deps/hiredis/libhiredis.a ../deps/lua/src/liblua.a
		../deps/hdr_histogram/libhdrhistogram.a -lm -ldl -pthread -rdynamic'
	entry=aeMain
	small=300 large=1500
}

# A client writes the commands, and prints the answers.
redis_run()
{
	socket=$(mktemp -u "$out/socket.XXXXXX")
	python3 "$here/real.py" client "$socket" "$1" &
	client=$!
	shift
	"$@" --port 0 --unixsocket "$socket" --save '' --appendonly no --io-threads 1 \
		--latency-tracking no --slowlog-log-slower-than -1 --logfile /dev/null
	wait $client
}

# --- building one

# compile VARIANT COMMAND...: all files, by the command and the flags
compile()
{
	objects=$work/$1
	shift
	mkdir -p "$objects"
	# The object's name is the file's, with its directories. Flags are words on purpose.
	# shellcheck disable=SC2086
	printf '%s\n' $files | xargs -P "$(nproc)" -I FILE sh -c \
		'objects=$0 file=$1; shift; "$@" -c "$file" -o "$objects/$(echo "$file" | tr / _).o"' \
		"$objects" FILE "$@" -w $flags
}

# link_with VARIANT ORDER PROGRAM [OPTION]...: objects in an order that the number ORDER stands for.
# Under valgrind, too, addresses then have more than 32 bits.
link_with()
{
	objects=$work/$1
	seq "$2" 1000000 >"$work/seed"
	program=$3
	shift 3
	wraps=
	for function in $entry _exit srand srandom init_genrand64 getRandomBytes aeCreateTimeEvent bioInit; do
		wraps="$wraps -Wl,--wrap=$function"
	done
	gcc -O2 -I"$top/runtime" -DENTRY="$entry" -c "$@" "$here/real.c" -o "$work/real.o"
	printf '%s\n' "$objects"/*.o "$work/real.o" | shuf --random-source="$work/seed" >"$work/order"
	# shellcheck disable=SC2086
	gcc -Wl,-Ttext-segment=0x555554000 $wraps -o "$program" "@$work/order" "$build/librcpp.a" $libraries
}

# run SIZE REPORT COMMAND...
run()
{
	size=$1
	export REPORT="$work/$2"
	shift 2
	"${name}_run" "$size" "$@"
}

# check SIZE VARIANT ORDER REPORT [COMMAND]...: run it, by the command, with the output as expected
check()
{
	expected=$work/expected.$1 size=$1 report=$4.$2 PATCH=0
	case $2 in
	plain) program=$work/plain-$3 ;;
	sites) program=$work/sites-$3 ;;
	patched) program=$work/sites-$3 PATCH=1 ;;
	esac
	export PATCH
	shift 4
	run "$size" "$report" "$@" "$program" | cmp - "$expected"
}

measure()
{
	name=$1
	work=$out/$name
	rm -rf "$work"
	mkdir -p "$work"
	"$name"
	say "$name: compiling"
	compile watch gcc -O1 -fsanitize=thread -U__SANITIZE_THREAD__ &
	compile plain gcc -O2
	wait $!
	link_with watch 1 "$work/watched" -DWATCH
	say "$name: finding what is settled"
	for size in $small $large; do
		run "$size" written "$work/watched" >"$work/expected.$size"
	done
	python3 "$here/real.py" settled "$work" >"$work/settled"
	say "$name: compiling through rcpp-cc"
	compile sites "$build/rcpp-cc" gcc -O2 "-Wr,--symbols-from=$work/settled" -Wr,--wide=load \
		"-Wr,--explain=$work/explained"
	for order in $(seq $orders); do
		for variant in plain sites; do
			link_with $variant "$order" "$work/$variant-$order"
		done
	done

	say "$name: counting"
	for variant in plain sites patched; do
		check "$small" $variant 1 count valgrind --tool=callgrind --cache-sim=yes --collect-atstart=no \
			--smc-check=all-non-file --log-file="$work/log.$variant" \
			--callgrind-out-file="$work/callgrind.$variant" && echo $variant >>"$work/counted" &
	done
	wait
	[ "$(wc -l <"$work/counted")" = 3 ]

	say "$name: timing"
	for order in $(seq $orders); do
		# shellcheck disable=SC2034
		for i in $(seq $repeats); do
			for variant in plain sites patched; do
				check "$large" $variant "$order" "time.$order"
			done
		done
	done
}

[ $# -gt 0 ] || set -- sqlite3 m4 dash redis
for program in "$@"; do
	(measure "$program")
done
python3 "$here/real.py" table "$out" "$@"
