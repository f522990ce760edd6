#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Programs from Debian's source packages, each with its own test suite: plain, with the symbols of a
# list patchable (unpatched, then patched), and with all that is constant patchable and patched at the
# start ("torture": what never changes must not differ). The sources are as Debian has them, but for
# what call_patch puts in. A table shows what became of the references.
#
# What is particular to a program is in functions with its name, which run in a copy of its source:
#
#	NAME_build	build it by $driver (that is $compiler, through $launcher if there is one)
#			with the compiler's $flags, linked with "${libraries[@]}"
#	NAME_symbols	once that is built plain: the list of its patchables, to standard output
#	NAME_settle	see to it that rcpp_patch() is called once these are settled
#	NAME_suite	run its tests; fail, with their last words, if they do
#	NAME_probe	run it for a moment: its patched sites are counted
#
# bats ends a test at the first command that fails; it calls the functions by their names.
# shellcheck disable=SC2164,SC2317

bats_require_minimum_version 1.5.0

load common

setup_file() {
	export top=$BATS_TEST_DIRNAME/../.. work=$BATS_FILE_TMPDIR
	build=$(realpath "${RCPP_BUILD:-$top/build}")
	export build cc=$build/rcpp-cc
	unset RCPP_FLAGS RCPP_AS
}

# patch_object [OPTION]...: the object that patches before main()
patch_object() { gcc -O2 -I. -I"$top/runtime" -c "$BATS_TEST_DIRNAME/patch.c" -o patch.o "$@"; }

# counts TITLE LOG: a line of the table, from what --stats wrote into the log
counts() {
	awk -v title="$1" '
		/^rcpp: .*: [0-9]+ references, [0-9]+ sites, [0-9]+ loads$/ {
			references += $(NF - 5); sites += $(NF - 3); loads += $(NF - 1)
		}
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

# built PROGRAM [LAUNCHER] [LIBRARY]...: a fresh copy, built
built() {
	rm -rf "$work/copy"
	cp -r "$work/$1" "$work/copy"
	cd "$work/copy"
	patch_object
	flags=
	launcher=${2-}
	driver=${launcher:+$launcher }$compiler
	libraries=("${@:3}")
	[ "${settle-}" != yes ] || "$1_settle"
	"$1_build"
}

# in_all_variants PROGRAM COMPILER [PACKAGE]
in_all_variants() {
	local name=$1 compiler=$2 launcher driver flags settle
	local -a libraries
	fetch "${3:-$name}" "$name"
	built "$name"
	"${name}_suite"
	"${name}_symbols" >"$work/$name.symbols"

	settle=yes RCPP_FLAGS="--symbols-from=$work/$name.symbols --stats" \
		built "$name" "$cc" "$PWD/patch.o" "$build/librcpp.a"
	counts "$name, $compiler" log
	RCPP_DISABLE=1 "${name}_suite"
	"${name}_suite"
	patched "${name}_probe"

	RCPP_FLAGS="--section=.rodata* --section=.data.rel.ro* --stats" \
		built "$name" "$cc" "$PWD/patch.o" "$build/librcpp.a"
	counts "$name, $compiler, torture" log || true
	"${name}_suite"
}

# clang's way to variables of other files leads through the GOT, unless it is told otherwise.
direct() { [ "$compiler" != clang ] || echo -fdirect-access-external-data; }

# --- libdeflate: the functions for this processor, which the first call of each chooses

libdeflate_build() {
	quietly make -s CC="$driver" LDFLAGS="${libraries[*]}" CFLAGS="-O2 -fPIE -fvisibility=hidden" \
		test_programs gzip gunzip
}

libdeflate_symbols() { printf '%s\n' crc32_impl adler32_impl decompress_impl; }

# What chooses is called with nothing to do.
libdeflate_settle() {
	patch_object -DDECLARE='"libdeflate.h"' -DSETTLE='libdeflate_crc32(0,"",1); libdeflate_adler32(0,"",1);
		{ char out[8]; size_t n; struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
		libdeflate_deflate_decompress(d,"\3\0",2,out,8,&n); libdeflate_free_decompressor(d); }'
}

libdeflate_suite() { ./scripts/check.sh >suite 2>&1 || { tail suite && return 1; }; }
libdeflate_probe() { ./test_checksums; }

@test "libdeflate, gcc" { in_all_variants libdeflate gcc; }
@test "libdeflate, clang" { in_all_variants libdeflate clang; }

# --- SQLite: what sqlite3_config() sets, from the end of sqlite3_initialize() to sqlite3_shutdown()

sqlite_build() {
	quietly ./configure CC="$driver" CFLAGS="-O2 -w $flags" LIBS="${libraries[*]}"
	rm log # what configure compiles is not counted
	quietly make -s testfixture
}

sqlite_symbols() {
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
	./fields
}

sqlite_suite() {
	local tests
	sqlite_tests extraquick
	[ "$tests" -gt 200000 ]
	no_other_failures "$tests"
}

sqlite_probe() { ./testfixture test/select1.test; }

@test "SQLite, gcc" { in_all_variants sqlite gcc sqlite3; }
@test "SQLite, clang" { in_all_variants sqlite clang sqlite3; }

# --- memcached: its settings, which main() reads from the command line

memcached_build() {
	quietly ./configure CC="$compiler" CPPFLAGS="$flags" LIBS="${libraries[*]}"
	quietly make -s CC="$driver" memcached memcached-debug sizes testapp timedrun
}

memcached_symbols() {
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
	./offsets
}

# Where the settings are settled and no thread is started yet.
memcached_settle() {
	call_patch memcached.c \
		's/^    \/\* initialize main thread libevent instance \*\//    if (rcpp_patch()) abort();\n&/'
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

memcached_probe() { timeout 2 ./memcached -u nobody -p 0 -s "$PWD/socket"; }

@test "memcached, gcc" { in_all_variants memcached gcc; }
@test "memcached, clang" { in_all_variants memcached clang; }

# --- snappy (C++): the options of its tests, and its tables

snappy_build() {
	quietly cmake -B out -G "Unix Makefiles" -DCMAKE_CXX_COMPILER="$compiler" \
		-DCMAKE_CXX_COMPILER_LAUNCHER="$launcher" -DCMAKE_BUILD_TYPE=Release \
		-DSNAPPY_BUILD_BENCHMARKS=OFF -DSNAPPY_ENABLE_RTTI=ON \
		-DCMAKE_EXE_LINKER_FLAGS="${libraries[*]}"
	rm log # what CMake compiles to try is not counted
	quietly make -C out snappy_unittest
}

snappy_symbols() {
	nm out/snappy_unittest | sed -n 's/^[0-9a-f]* [bBdD] \(.*FLAGS_[a-z_]*[a-zE]*\)$/\1/p'
}

snappy_settle() { :; } # they are constant

snappy_suite() {
	out/snappy_unittest >suite 2>&1 || { tail suite && return 1; }
	grep -q 'PASSED' suite
}

snappy_probe() { out/snappy_unittest --gtest_list_tests; }

@test "snappy, g++" { in_all_variants snappy g++; }
@test "snappy, clang++" { in_all_variants snappy clang++; }

# --- mawk: what its command line and the environment set

mawk_build() {
	quietly ./configure CC="$compiler" CFLAGS="-O2 $(direct)" CPPFLAGS="$flags" LIBS="${libraries[*]}"
	quietly make -s CC="$driver"
}

mawk_symbols() {
	printf '%s\n' posix_space_flag interactive_flag dump_code_flag decimal_dot
}

# Where the program has been read, and is not yet run.
mawk_settle() {
	call_patch main.c 's/^    execute(execution_start/    if (rcpp_patch()) return 1;\n&/'
}

mawk_suite() {
	make -s check >suite 2>&1 || { tail suite && return 1; }
	grep -q 'regression tests' suite || grep -q OK suite || { cat suite && return 1; }
}

mawk_probe() { ./mawk 'BEGIN { print 1 }'; }

@test "mawk, gcc" { in_all_variants mawk gcc; }
@test "mawk, clang" { in_all_variants mawk clang; }

# --- Lua: its name, which is all that it settles; torture is what it is here for. Its suite is in no
# package; that of LPeg, by the same hands, is a program of 1,500 lines for both.

lua_build() {
	local multiarch='-DDEB_HOST_MULTIARCH="none"' source
	touch src/lua5.4-deb-multiarch.h
	rm src/luac.c # another program
	for source in src/*.c; do
		# shellcheck disable=SC2086 # several words
		quietly $driver -std=gnu99 -O2 -DLUA_COMPAT_5_3 -DLUA_USE_LINUX "$multiarch" $flags \
			-c "$source" -o "${source%c}o"
	done
	quietly "$compiler" -Wl,-E -o lua src/*.o "${libraries[@]}" -lm -ldl
	fetch lua-lpeg
	cp "$work/lua-lpeg"/{test,re}.lua .
	quietly "$compiler" -O2 -shared -fPIC "$multiarch" -Isrc "$work/lua-lpeg"/lp*.c -o lpeg.so
}

lua_symbols() { echo progname; }

# Where it is known. (Where lines are read from a terminal it changes; the tests have none.)
lua_settle() {
	call_patch src/lua.c 's/^  if (argv\[0\] && argv\[0\]\[0\]).*/&\n  if (rcpp_patch()) return 0;/'
}

lua_suite() {
	./lua test.lua >suite 2>&1 || { tail suite && return 1; }
	[ "$(tail -n 1 suite)" = OK ]
	./lua -e 'error("wrong", 0)' 2>&1 | grep -Fx './lua: wrong'
}

lua_probe() { ./lua -e 'print(1)'; }

@test "Lua, gcc" { in_all_variants lua gcc lua5.4; }
@test "Lua, clang" { in_all_variants lua clang lua5.4; }

# --- nginx: what it learns of the machine. Its suite is another project, so: it serves files, by
# several workers, whole and in parts, and logs no error.

nginx_build() {
	quietly ./configure --prefix="$PWD/root" --with-cc="$driver" --with-ld-opt="${libraries[*]}" \
		--with-cc-opt="-O2 $flags $(direct)" --without-http_rewrite_module \
		--without-http_gzip_module --with-threads
	rm log # what configure compiles is not counted
	quietly make -s
}

nginx_symbols() {
	printf '%s\n' ngx_pagesize ngx_cacheline_size ngx_pagesize_shift ngx_ncpu ngx_max_sockets
}

# Where the machine is known, before there are workers.
nginx_settle() {
	call_patch src/core/nginx.c 's/^    ngx_slab_sizes_init();/&\n    if (rcpp_patch()) return 1;/'
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

nginx_probe() { objs/nginx -t; }

@test "nginx, gcc" { in_all_variants nginx gcc; }
@test "nginx, clang" { in_all_variants nginx clang; }
