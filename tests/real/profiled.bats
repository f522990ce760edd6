#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Programs from Debian's source packages, on the way that README.md shows: a call of rcpp_patch() is put
# in, and nothing is marked. With --profile they run a benchmark and their own test suite; rcpp-report
# says which variables are settled; built with that list they do the same work, patched. At the end of
# each process that patched itself, every site holds the value of its variable. Prints the first rows of
# the report, and what the benchmark takes plain, profiled and patched.
#
# What is particular to a program is in functions with its name, which run in a copy of its source:
#
#	NAME_prepare	once: put in the call of rcpp_patch(), configure; $flags are what the call needs
#	NAME_build	build it by $driver with the compiler's $flags, linked with "${libraries[@]}"
#	NAME_suite	run its tests; fail, with their last words, if they do
#	NAME_benchmark	run its benchmark, the program itself by the command timed; to standard output
#			what it has computed, which is the same each time
#
# and these run in the copy that has been built, of which $variant says what it is.
#
# bats ends a test at the first command that fails; it calls the functions by their names.
# shellcheck disable=SC2164,SC2317

bats_require_minimum_version 1.5.0

load common

repeats=5 # of each timed run

setup_file() {
	export top work=$BATS_FILE_TMPDIR build
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	build=$(realpath "${RCPP_BUILD:-$top/build}")
	unset RCPP_FLAGS RCPP_AS RCPP_PROFILE VERIFIED
	gcc -O2 -Wall -Wextra -Werror -I"$top/runtime" -c "$BATS_TEST_DIRNAME/verify.c" -o "$work/verify.o"
}

# What the programs write, whoever runs them.
setup() {
	records=$(mktemp -d)
	chmod a+rwx "$records"
}

teardown() {
	[ ! -e "$work/server" ] || kill "$(cat "$work/server")" 2>/dev/null || true
	rm -rf "$records" "$work"/{plain,profiled,patched}
}

# built VARIANT COMPILER [OPTION]...: from a fresh copy of the source; goes there
built() {
	variant=$1
	driver=$2
	flags="-g -O2 $needed ${*:3}"
	libraries=("$build/librcpp.a")
	[ "$variant" != patched ] || libraries=("$work/verify.o" "${libraries[@]}")
	cp -a "$work/$name" "$work/$variant"
	cd "$work/$variant"
	"${name}_build"
}

# timed COMMAND...: its seconds of the processor, as user, are in ./seconds
timed() {
	local TIMEFORMAT=%U
	{ time "$@" 2>errors; } 2>seconds
}

# the_same_results: as the plain program's
the_same_results() {
	"${name}_benchmark" >results
	cmp results "$work/results"
}

# report PROGRAM: what its profile says. Its names that are settled go to $records/settled, the most
# valuable first; of a second program, only those stay that are settled in both.
report() {
	"$build/rcpp-report" "$1" "$records/profile" >report
	"$build/rcpp-report" --json "$1" "$records/profile" | jq -e '.profile.by_name | not'
	head -n 24 report | sed "1s|^|$1: |; s/^/# /" >&3
	"$build/rcpp-report" --symbols "$1" "$records/profile" | grep -v '^#' >list
	[ ! -e "$records/settled" ] ||
		awk 'NR == FNR { here[$1]; next } $1 in here' list "$records/settled" >both
	mv "$([ -e both ] && echo both || echo list)" "$records/settled"
}

# expect LEAST NAME...: so many names are settled, and of the most valuable ten these are some
expect() {
	local name first
	echo "# $(wc -l <"$records/settled") are settled:" >&3
	head -n 10 "$records/settled" | sed 's/^/# /' >&3
	[ "$(wc -l <"$records/settled")" -ge "$1" ]
	first=$(sed 's/^[^#]*# \([^ ]*\),.*/\1/' "$records/settled" | head -n 10)
	for name in "${@:2}"; do
		grep -Fx "$name" <<<"$first" || { echo "no $name among" "$first" && return 1; }
	done
}

# verified LEAST: so many processes patched themselves; in all, each site held its variable's value
verified() {
	awk -v least="$1" '
		$3 { print }
		$3 { wrong++ }
		$2 { processes++ }
		$2 > most { most = $2; sites = $1 }
		END {
			printf "#   patched: %d processes, up to %d of %d sites\n", processes, most, sites >"/dev/fd/3"
			exit wrong || processes < least
		}' "$records/verified"
}

# measure: the benchmark of each build in turn, with the same results; the medians of its times
measure() {
	for _ in $(seq $repeats); do
		for variant in plain profiled patched; do
			cd "$work/$variant"
			the_same_results
			cat seconds >>"$records/seconds.$variant"
		done
	done
	for variant in plain profiled patched; do
		sort -n "$records/seconds.$variant" | sed -n "$((repeats / 2 + 1))s/\$/ s $variant/p" >>medians
	done
	echo "#   $name, user time of the processor: $(paste -sd, medians | sed 's/,/, /g')" >&3
}

# from_profile_to_patched NAME PACKAGE PROCESSES PROGRAM... -- LEAST FIELD...
from_profile_to_patched() {
	local name=$1 processes=$3 programs=() program flags needed variant driver
	local -a libraries
	fetch "$2" "$1"
	shift 3
	while [ "$1" != -- ]; do
		programs+=("$1")
		shift
	done
	shift
	cd "$work/$name"
	"${name}_prepare"
	needed=$flags

	built plain gcc
	"${name}_suite"
	"${name}_benchmark" >"$work/results"
	[ -s "$work/results" ]

	built profiled "$build/rcpp-cc gcc" -Wr,--profile
	export RCPP_PROFILE=$records/profile
	touch "$RCPP_PROFILE"
	chmod a+w "$RCPP_PROFILE"
	the_same_results
	"${name}_suite"
	for program in "${programs[@]}"; do
		report "$program"
	done
	expect "$@"

	built patched "$build/rcpp-cc gcc" "-Wr,--symbols-from=$records/settled,--explain=$records/lines"
	for program in "${programs[@]}"; do
		"$build/rcpp-report" --symbols-from "$records/settled" "$program" "$records/lines" >became
		head -n 12 became | sed "1s|^|$program: |; s/^/# /" >&3
	done
	export VERIFIED=$records/verified
	touch "$VERIFIED"
	chmod a+w "$VERIFIED"
	the_same_results
	"${name}_suite"
	verified "$processes"
	measure
}

# --- SQLite: what sqlite3_config() sets, and more. It is part of two programs; what is settled in both
# is patched.

sqlite_prepare() {
	sqlite_settle
	quietly ./configure
	quietly make -s sqlite3.c
}

sqlite_build() {
	# shellcheck disable=SC2086 # several words
	quietly $driver $flags -c settled.c -o patch.o
	quietly make -s -j2 CC="$driver" CFLAGS="-w $flags" LIBTOOL='./libtool --tag=CC' \
		LIBS="$PWD/patch.o ${libraries[*]}" speedtest1 testfixture
}

# Those that call sqlite3_config(), and some of each kind.
sqlite_suite() {
	local tests
	sqlite_tests dbstatus e_uri lookaside memsubsys1 memsubsys2 mutex1 pager1 pcache2 uri tkt2565 \
		autovacuum collate1 e_expr func index insert join json101 savepoint select1 select4 \
		trigger2 update vacuum walmode where window1
	[ "$tests" -gt 30000 ]
	no_other_failures "$tests"
}

# It prints times, too.
sqlite_benchmark() {
	timed ./speedtest1 --size 25 --verify >printed
	sed 's/ *[0-9.]*s$//' printed
}

@test "SQLite, from a profile to patched" {
	from_profile_to_patched sqlite sqlite3 25 speedtest1 testfixture -- 40 sqlite3Config.bMemstat \
		sqlite3Config.mutex.xMutexEnter sqlite3Config.m.xSize sqlite3Config.pcache2.xFetch
}

# --- redis: the settings of its server, and the state of what is not in use

redis_prepare() {
	call_patch src/server.c 's/^    aeMain(server.el);/    if (rcpp_patch()) abort();\n&/'
}

# The clients are the plain ones.
redis_build() {
	local clients=(redis-cli redis-benchmark) targets=(redis-server)
	[ "$variant" != plain ] || targets+=("${clients[@]}")
	quietly make -j2 -C src CC="$driver" MALLOC=libc USE_SYSTEMD=no CFLAGS="$flags" \
		FINAL_LIBS="-lm -ldl -pthread -lrt ${libraries[*]}" "${targets[@]}"
	[ "$variant" = plain ] || cp "${clients[@]/#/$work/plain/src/}" src
}

redis_suite() {
	local files=() file tests
	for file in type/{string,incr,list,set,zset,hash,stream} auth bitfield bitops dump expire \
		info keyspace multi protocol pubsub quit scan scripting sort; do
		files+=(--single "unit/$file")
	done
	timeout 900 ./runtest --clients 2 --baseport $((20000 + RANDOM % 10000)) --portcount 1000 \
		--tags -slow "${files[@]}" >suite 2>&1 || true
	grep -Eq 'All tests passed|The following tests failed' suite || { tail -n 30 suite && return 1; }
	sed -n 's/^\*\*\* \[.*err.*\]: //p' suite >failures
	tests=$(grep -cE '^\[.*ok.*\]: ' suite)
	[ "$tests" -gt 600 ]
	no_other_failures "$tests"
}

redis_benchmark() {
	local socket=$PWD/socket client=src/redis-cli
	timed src/redis-server --port 0 --unixsocket "$socket" --save '' --pidfile "$work/server" \
		--daemonize no --enable-debug-command yes >server.log 2>&1 &
	for _ in $(seq 100); do
		$client -s "$socket" ping >/dev/null 2>&1 && break
		sleep 0.1
	done
	src/redis-benchmark -s "$socket" -q -P 8 -n 100000 -t set,get,incr,lpush,rpush,lpop,rpop,sadd,hset,zadd \
		>client.log
	[ "$variant" != patched ] || "$build/rcpp-dump" --pid "$(cat "$work/server")" >sites
	$client -s "$socket" dbsize
	$client -s "$socket" debug digest
	$client -s "$socket" shutdown nosave
	wait $!
	rm -f "$work/server"
}

@test "redis, from a profile to patched" {
	from_profile_to_patched redis redis 25 src/redis-server -- 100 \
		server.cluster_enabled server.maxmemory_clients getMonotonicUs
}

# --- m4: its options; and what no macro has changed

# Where all options are known, in front of each file. Debian's patches make sources of configure newer than
# that; it is not made again.
m4_prepare() {
	touch aclocal.m4
	find . \( -name configure -o -name '*.in' -o -name '*.hin' \) -exec touch {} +
	call_patch src/m4.c 's/^  expand_input ();/  if (rcpp_patch()) abort ();\n&/'
	quietly ./configure
}

m4_build() {
	local directory
	for directory in lib src; do
		quietly make -s -j2 -C $directory CC="$driver" CFLAGS="$flags" LIBS="${libraries[*]}"
	done
}

m4_suite() {
	local checks
	make -C checks check >suite 2>&1 || true
	grep -Eq '^(All checks successful|Failed checks were)' suite || { tail suite && return 1; }
	sed -n '/^Failed checks were/{ n; p }' suite | tr -s ' ' '\n' | sed '/^$/d' >failures
	checks=$(grep -c '^Checking ' suite)
	[ "$checks" -gt 200 ]
	no_other_failures "$checks"
}

m4_benchmark() { timed src/m4 -DSIZE=400 "$top/tests/bench/input.m4"; }

@test "GNU m4, from a profile to patched" {
	from_profile_to_patched m4 m4 200 src/m4 -- 20 sync_output hash_table_size no_gnu_extensions nesting_limit
}
