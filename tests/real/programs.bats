#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Programs from Debian's source packages, each with its own test suite: plain, with the symbols of a
# list patchable (unpatched, then patched), and with all that is constant patchable and patched at the
# start ("torture": what never changes must not differ). The sources are as Debian has them, but for
# what a test's `sed` puts in. A table shows what became of the references.
#
# bats ends a test at the first command that fails.
# shellcheck disable=SC2164

bats_require_minimum_version 1.5.0

setup_file() {
	export top=$BATS_TEST_DIRNAME/../.. work=$BATS_FILE_TMPDIR
	build=$(realpath "${RCPP_BUILD:-$top/build}")
	export build cc=$build/rcpp-cc
	unset RCPP_FLAGS RCPP_AS
}

setup() {
	export TEST_PROGRAM
}

# fetch PACKAGE: its source is in $work/PACKAGE
fetch() {
	[ -d "$work/$1" ] && return
	sh "$BATS_TEST_DIRNAME/fetch-source.sh" "$1" "$work/fetch" >"$work/fetch.log" 2>&1 ||
		{ tail -5 "$work/fetch.log" && return 1; }
	mv "$work/fetch/$1"-*/ "$work/$1"
}

# copy PACKAGE: a fresh copy, and in it the object that patches; further arguments are for that
copy() {
	rm -rf "$work/copy"
	cp -r "$work/$1" "$work/copy"
	cd "$work/copy"
	gcc -O2 -I. -I"$top/runtime" -c "$BATS_TEST_DIRNAME/patch.c" -o patch.o "${@:2}"
}

# counts TITLE LOG: a line of the table, from what --stats wrote into the log
counts() {
	awk -v title="$1" '
		/^rcpp: [0-9]+ references/ { references += $2; sites += $4; loads += $6 }
		/^rcpp: load / { reason[$3] += $4 }
		END {
			sub(/:$/, "", title)
			printf "# %-34s %6d references %6d sites %6d loads:", title, references, sites, loads
			for (r in reason) printf " %s %d,", r, reason[r]
			print ""
			exit sites == 0
		}' "$2" | sed 's/,$//' >&3
}

# patched PROGRAM...: run with all sites patched, which is counted
patched() {
	RCPP_VERBOSE=1 "$@" 2>verbose >/dev/null || true
	sed -n 's/^rcpp: /#   patched: /p' verbose | head -n 1 >&3
	grep -Eq '[1-9][0-9]* patched' verbose
}

# clang's way to variables of other files leads through the GOT, unless it is told otherwise.
direct() { [ "${1##* }" != clang ] || echo -fdirect-access-external-data; }

torture="--section=.rodata* --section=.data.rel.ro* --stats"

# --- libdeflate: the functions for this processor, which the first call of each chooses

libdeflate_suite() { ./scripts/check.sh >suite 2>&1 || { tail suite && return 1; }; }

# What chooses is called with nothing to do.
libdeflate_settle='libdeflate_crc32(0,"",1); libdeflate_adler32(0,"",1);
	{ char out[8]; size_t n; struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
	libdeflate_deflate_decompress(d,"\3\0",2,out,8,&n); libdeflate_free_decompressor(d); }'

libdeflate() { # COMPILER
	fetch libdeflate
	copy libdeflate
	make -s CC="$1" test_programs gzip gunzip >log 2>&1
	libdeflate_suite
	copy libdeflate -DDECLARE='"libdeflate.h"' -DSETTLE="$libdeflate_settle"
	RCPP_FLAGS="--symbol=crc32_impl,adler32_impl,decompress_impl --stats" make -s CC="$cc $1" \
		LDFLAGS="$PWD/patch.o $build/librcpp.a" CFLAGS="-O2 -fPIE -fvisibility=hidden" \
		test_programs gzip gunzip >log 2>&1 || { tail log && return 1; }
	counts "libdeflate, $1" log
	RCPP_DISABLE=1 libdeflate_suite
	libdeflate_suite
	patched ./test_checksums
	copy libdeflate
	RCPP_FLAGS=$torture make -s CC="$cc $1" LDFLAGS="$PWD/patch.o $build/librcpp.a" \
		test_programs gzip gunzip >log 2>&1
	counts "libdeflate, $1, torture" log || true
	libdeflate_suite
}

@test "libdeflate, gcc" { libdeflate gcc; }
@test "libdeflate, clang" { libdeflate clang; }

# --- SQLite: what sqlite3_config() sets, from the end of sqlite3_initialize() to sqlite3_shutdown()

sqlite_fields() {
	cat >fields.c <<-'C'
		#include "sqliteInt.h"
		#include <stdio.h>
		#define FIELD(f) printf("sqlite3Config+%zu:%zu\n", offsetof(struct Sqlite3Config, f), sizeof(sqlite3Config.f));
		struct Sqlite3Config sqlite3Config;
		int main(void)
		{
			/* those that nothing else writes */
			FIELD(bMemstat) FIELD(bCoreMutex) FIELD(bFullMutex) FIELD(bOpenUri) FIELD(bUseCis)
			FIELD(bSmallMalloc) FIELD(mxStrlen) FIELD(szLookaside) FIELD(nLookaside)
			FIELD(nStmtSpill) FIELD(m) FIELD(mutex) FIELD(pcache2) FIELD(szMmap) FIELD(mxMmap)
			FIELD(szPage) FIELD(nPage) FIELD(szPma) FIELD(xLog) FIELD(pLogArg) FIELD(mxMemdbSize)
			FIELD(szSorterRef)
			return 0;
		}
	C
	gcc -I. -Isrc -o fields fields.c
	./fields >"$work/sqlite.fields"
}

sqlite_build() { # COMPILER OPTIONS LIBRARIES...
	./configure CC="$1" CFLAGS="-O2 -w $2" LIBS="${*:3}" >log 2>&1 || { tail log && return 1; }
	make -s testfixture >log 2>&1 || { tail log && return 1; }
}

# Its tests refuse to be run by root, and some depend on the machine: those that fail plain, too, do.
sqlite_suite() {
	local user=() room
	room=$(mktemp -d)
	cp -r testfixture test "$room"
	[ "$(id -u)" -ne 0 ] || user=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
	chmod -R a+rwX "$room"
	(cd "$room" && "${user[@]}" ./testfixture test/extraquick.test >suite 2>&1) || true
	sed -n 's/^!Failures on these tests: //p' "$room/suite" >failures
	tests=$(sed -n 's/^[0-9]* errors out of \([0-9]*\) tests.*/\1/p' "$room/suite")
	[ "${tests:-0}" -gt 200000 ] || { tail "$room/suite" && return 1; }
	rm -rf "$room"
	echo "#   $tests tests, failures: $(cat failures)" >&3
	[ -e "$work/sqlite.failures" ] || cp failures "$work/sqlite.failures"
	[ "$(wc -w <failures)" -lt 5 ] && cmp failures "$work/sqlite.failures"
}

sqlite() { # COMPILER
	fetch sqlite3
	copy sqlite3
	sqlite_build "$1" ""
	sqlite_suite
	sqlite_fields
	copy sqlite3
	cat >settled.c <<-'C'
		#include "rcpp.h"
		int settled(const char *unused) { (void)unused; return rcpp_patch() ? 1 : 0; }
		void unsettled(void) { rcpp_revert(); }
	C
	gcc -O2 -I"$top/runtime" -c settled.c
	RCPP_FLAGS="--symbols-from=$work/sqlite.fields --stats" sqlite_build "$cc $1" \
		"-DSQLITE_EXTRA_INIT=settled -DSQLITE_EXTRA_SHUTDOWN=unsettled" "$PWD/settled.o" "$build/librcpp.a"
	counts "SQLite, $1" log
	RCPP_DISABLE=1 sqlite_suite
	sqlite_suite
	patched ./testfixture test/select1.test
	copy sqlite3
	RCPP_FLAGS=$torture sqlite_build "$cc $1" "" "$PWD/patch.o" "$build/librcpp.a"
	counts "SQLite, $1, torture" log || true
	sqlite_suite
}

@test "SQLite, gcc" { sqlite gcc; }
@test "SQLite, clang" { sqlite clang; }

# --- memcached: its settings, which main() reads from the command line

memcached_fields() {
	# Offsets of fields of `settings`,
	cat >offsets.c <<-'C'
		#include "config.h"
		#include <stdbool.h>
		#include <stdio.h>
		#include "memcached.h"
		#define FIELD(f) printf("settings+%zu:%zu\n", offsetof(struct settings, f), sizeof(((struct settings *)0)->f));
		int main(void)
		{
			/* those that no command changes */
			FIELD(chunk_size) FIELD(num_threads) FIELD(reqs_per_event) FIELD(use_cas)
			FIELD(item_size_max) FIELD(slab_page_size) FIELD(slab_chunk_size_max) FIELD(sasl)
			FIELD(maxconns) FIELD(maxconns_fast) FIELD(binding_protocol) FIELD(flush_enabled)
			FIELD(dump_enabled) FIELD(hashpower_init)
			return 0;
		}
	C
	gcc -I. -o offsets offsets.c
	./offsets >fields
}

memcached_suite() {
	# Its tests start servers by the name of the build for tests.
	timeout 300 ./testapp >suite 2>&1 || { tail -5 suite && return 1; }
	# Those that take a second or so; run by root, they are not told of a user.
	timeout 300 prove t/64bit.t t/binary-get.t t/bogus-commands.t t/cas.t t/chunked-items.t t/expirations.t \
		t/flags.t t/flush-all.t t/getandtouch.t t/getset.t t/incrdecr.t t/issue_*.t \
		t/item_size_max.t t/line-lengths.t t/metaget.t t/misbehave.t t/noreply.t t/stats.t \
		t/stats-detail.t t/touch.t t/unixsocket.t >>suite 2>&1 || { tail -30 suite && return 1; }
	tail -n 1 suite | grep -q PASS
}

memcached() { # COMPILER
	fetch memcached
	copy memcached
	./configure CC="$1" >log 2>&1
	memcached_fields
	cp fields "$work/memcached.fields"
	make -s memcached memcached-debug sizes testapp timedrun >log 2>&1 || { tail log && return 1; }
	memcached_suite
	copy memcached
	# where the settings are settled and no thread is started yet
	sed -i 's/^    \/\* initialize main thread libevent instance \*\//    if (rcpp_patch()) abort();\n&/' memcached.c
	sed -i '1i #include "rcpp.h"' memcached.c
	grep -q rcpp_patch memcached.c
	./configure CC="$1" CPPFLAGS="-I$top/runtime" LIBS="$build/librcpp.a" >log 2>&1
	RCPP_FLAGS="--symbols-from=$work/memcached.fields --stats" make -s CC="$cc $1" memcached memcached-debug \
		sizes testapp timedrun >log 2>&1 || { tail log && return 1; }
	counts "memcached, $1" log
	RCPP_DISABLE=1 memcached_suite
	memcached_suite
	patched timeout 2 ./memcached -u nobody -p 0 -s "$PWD/socket"
	copy memcached
	./configure CC="$1" LIBS="$PWD/patch.o $build/librcpp.a" >log 2>&1
	RCPP_FLAGS=$torture make -s CC="$cc $1" memcached memcached-debug sizes testapp timedrun >log 2>&1 ||
		{ tail log && return 1; }
	counts "memcached, $1, torture" log || true
	memcached_suite
}

@test "memcached, gcc" { memcached gcc; }
@test "memcached, clang" { memcached clang; }

# --- snappy (C++): the options of its tests, and its tables

snappy_build() { # COMPILER LAUNCHER FLAGS...
	cmake -B out -G "Unix Makefiles" -DCMAKE_CXX_COMPILER="$1" -DCMAKE_CXX_COMPILER_LAUNCHER="$2" \
		-DCMAKE_BUILD_TYPE=Release -DSNAPPY_BUILD_BENCHMARKS=OFF -DSNAPPY_ENABLE_RTTI=ON \
		-DCMAKE_EXE_LINKER_FLAGS="${*:3}" >log 2>&1 || { tail log && return 1; }
	make -C out snappy_unittest >log 2>&1 || { tail log && return 1; }
}

snappy_suite() {
	out/snappy_unittest >suite 2>&1 || { tail suite && return 1; }
	grep -q 'PASSED' suite
}

snappy() { # COMPILER
	fetch snappy
	copy snappy
	snappy_build "$1" ""
	snappy_suite
	nm out/snappy_unittest | sed -n 's/^[0-9a-f]* [bBdD] \(.*FLAGS_[a-z_]*[a-zE]*\)$/\1/p' >"$work/snappy.flags"
	copy snappy
	RCPP_FLAGS="--symbols-from=$work/snappy.flags --stats" snappy_build "$1" "$cc" "$PWD/patch.o" "$build/librcpp.a"
	counts "snappy, $1" log
	RCPP_DISABLE=1 snappy_suite
	snappy_suite
	patched out/snappy_unittest --gtest_list_tests
	copy snappy
	RCPP_FLAGS=$torture snappy_build "$1" "$cc" "$PWD/patch.o" "$build/librcpp.a"
	counts "snappy, $1, torture" log || true
	snappy_suite
}

@test "snappy, g++" { snappy g++; }
@test "snappy, clang++" { snappy clang++; }

# --- mawk: what its command line and the environment set

mawk_suite() {
	make -s check >suite 2>&1 || { tail suite && return 1; }
	grep -q 'regression tests' suite || grep -q OK suite || { cat suite && return 1; }
}

mawk() { # COMPILER
	fetch mawk
	copy mawk
	./configure CC="$1" >log 2>&1
	make -s >log 2>&1 || { tail log && return 1; }
	mawk_suite
	copy mawk
	# where the program has been read, and is not yet run
	sed -i 's/^    execute(execution_start/    if (rcpp_patch()) return 1;\n&/; 1i #include "rcpp.h"' main.c
	grep -q rcpp_patch main.c
	./configure CC="$1" CFLAGS="-O2 $(direct "$1")" CPPFLAGS="-I$top/runtime" LIBS="$build/librcpp.a" >log 2>&1
	RCPP_FLAGS="--symbol=posix_space_flag,interactive_flag,dump_code_flag,decimal_dot --stats" \
		make -s CC="$cc $1" >log 2>&1 || { tail log && return 1; }
	counts "mawk, $1" log
	RCPP_DISABLE=1 mawk_suite
	mawk_suite
	patched ./mawk 'BEGIN { print 1 }'
	copy mawk
	./configure CC="$1" LIBS="$PWD/patch.o $build/librcpp.a" >log 2>&1
	RCPP_FLAGS=$torture make -s CC="$cc $1" >log 2>&1 || { tail log && return 1; }
	counts "mawk, $1, torture" log || true
	mawk_suite
}

@test "mawk, gcc" { mawk gcc; }
@test "mawk, clang" { mawk clang; }

# --- nginx: what it learns of the machine. Its suite is another project, so: it serves files, by
# several workers, whole and in parts, and logs no error.

nginx_build() { # COMPILER LIBRARIES...
	./configure --prefix="$PWD/root" --with-cc="$1" --with-ld-opt="${*:2}" --with-cc-opt="-O2 -I$top/runtime $(direct "$1")" \
		--without-http_rewrite_module --without-http_gzip_module --with-threads >log 2>&1 ||
		{ tail log && return 1; }
	make -s >log 2>&1 || { tail log && return 1; }
}

nginx_suite() {
	local port=$((20000 + RANDOM % 20000)) i
	rm -rf root
	mkdir -p root/conf root/logs root/html
	cat >root/conf/nginx.conf <<-CONF
		user root;
		worker_processes 2;
		events { worker_connections 64; }
		http {
			server { listen 127.0.0.1:$port; location / { autoindex on; } }
			server {
				listen 127.0.0.1:$((port + 1));
				location / { proxy_pass http://127.0.0.1:$port; proxy_buffering on; }
			}
		}
	CONF
	for i in 0 1 4095 4096 4097 300000; do
		head -c $i /dev/urandom >root/html/$i
	done
	objs/nginx -t 2>suite || { cat suite && return 1; }
	objs/nginx 2>>suite
	{
		for i in 0 1 4095 4096 4097 300000; do
			curl -sf --noproxy '*' "http://127.0.0.1:$port/$i" | cmp - root/html/$i
			curl -sf --noproxy '*' "http://127.0.0.1:$((port + 1))/$i" | cmp - root/html/$i
		done
		curl -sf --noproxy '*' -r 100-199 "http://127.0.0.1:$port/300000" |
			cmp - <(tail -c +101 root/html/300000 | head -c 100)
		curl -sf --noproxy '*' "http://127.0.0.1:$port/" | grep -q 'href="4097"' || echo "no list of files"
	} >differences 2>&1 || true
	objs/nginx -s stop
	[ ! -s differences ] || { cat differences && return 1; }
	run ! grep -E 'alert|emerg|crit' root/logs/error.log
}

nginx() { # COMPILER
	fetch nginx
	copy nginx
	nginx_build "$1"
	nginx_suite
	copy nginx
	# where the machine is known, before there are workers
	sed -i 's/^    ngx_slab_sizes_init();/&\n    if (rcpp_patch()) return 1;/; 1i #include "rcpp.h"' src/core/nginx.c
	grep -q 'rcpp_patch' src/core/nginx.c
	RCPP_FLAGS="--symbol=ngx_pagesize,ngx_cacheline_size,ngx_pagesize_shift,ngx_ncpu,ngx_max_sockets --stats" \
		nginx_build "$cc $1" "$build/librcpp.a"
	counts "nginx, $1" log
	RCPP_DISABLE=1 nginx_suite
	nginx_suite
	patched objs/nginx -t
	copy nginx
	RCPP_FLAGS=$torture nginx_build "$cc $1" "$PWD/patch.o" "$build/librcpp.a"
	counts "nginx, $1, torture" log || true
	nginx_suite
}

@test "nginx, gcc" { nginx gcc; }
@test "nginx, clang" { nginx clang; }
