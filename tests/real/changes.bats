#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Servers from Debian's source packages, a dozen settings of each patchable: under load on loopback a
# thread of theirs changes all of these at one instant, a hundred times a second. No request fails, and
# every byte of every answer is right (tests/real/load.c). Prints how many requests a second are
# answered with plain loads, patched, and patched while the settings change.
# Reads: RCPP_LIVE_SECONDS (how long the settings change, default 60).
#
# bats ends a test at the first command that fails; it calls the functions by their names.
# shellcheck disable=SC2164,SC2317

bats_require_minimum_version 1.5.0

load common

setup_file() {
	export top work=$BATS_FILE_TMPDIR build
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	build=$(realpath "${RCPP_BUILD:-$top/build}")
	export seconds=${RCPP_LIVE_SECONDS:-60}
	unset RCPP_FLAGS RCPP_AS
	gcc -O2 -Wall -Wextra -Werror -pthread "$BATS_TEST_DIRNAME/load.c" -o "$work/load"
}

teardown() {
	[ ! -e "$work/server" ] || kill "$(cat "$work/server")" 2>/dev/null || true
}

# insert FILE SED LINE: LINE, where the sed address is
insert() {
	sed -i "$2 $3" "$1"
	grep -q -e changes "$1"
}

# measure NAME PROTOCOL CHANGES SECONDS SITES: its figure; the server says in ./changes what it changed
measure() {
	local server port=$((20000 + RANDOM % 20000)) rate=$3
	rm -f changes
	CHANGES=$rate CHANGES_LOG=$PWD/changes "$1_start" $port
	server=$(cat "$work/server")
	for _ in $(seq 100); do
		(exec 3<>/dev/tcp/127.0.0.1/$port) 2>/dev/null && break
		sleep 0.1
	done
	timeout $(($4 + 60)) "$work/load" "$2" $port "$4" 4 >load.out || { cat load.out changes; return 1; }
	kill "$server"
	while kill -0 "$server" 2>/dev/null; do sleep 0.1; done
	rm "$work/server"
	echo "#   $(cat load.out); $(head -n 1 changes)" >&3
	grep -q "^$5 sites patched" changes
	run ! grep failed changes
	[ "$rate" -ne 0 ] || return 0
	tail -n 1 changes | sed 's/^/#   /' >&3
	# The last second is not in it, and on a busy machine it falls behind.
	[ "$(tail -n 1 changes | cut -d ' ' -f 1)" -ge $((rate * ($4 - 1) * 8 / 10)) ]
}

# under_load NAME PROTOCOL
under_load() {
	local name=$1 protocol=$2 flags
	fetch "$name"
	for flags in -DRCPP_OFF ""; do
		rm -rf "$work/copy"
		cp -r "$work/$name" "$work/copy"
		cd "$work/copy"
		cp "$top/tests/real/$name-settings.h" settings-to-change.h
		"${name}_symbols" >"$work/symbols"
		[ "$(wc -l <"$work/symbols")" -ge 7 ]
		if [ -n "$flags" ]; then
			"${name}_build" "" "$flags"
			echo "# $name, plain loads:" >&3
			measure "$name" "$protocol" 0 $(((seconds + 2) / 3)) "0 of 0"
			continue
		fi
		RCPP_FLAGS="--symbols-from=$work/symbols" "${name}_build" "$build/rcpp-cc " "$flags"
		echo "# $name, patched:" >&3
		measure "$name" "$protocol" 0 $(((seconds + 2) / 3)) "[1-9][0-9]* of [1-9][0-9]*"
		echo "# $name, patched, the settings change:" >&3
		measure "$name" "$protocol" 100 "$seconds" "[1-9][0-9]* of [1-9][0-9]*"
	done
}

# --- memcached

memcached_symbols() {
	printf '%s\n' '#include "config.h"' '#include <stdbool.h>' '#include <stddef.h>' \
		'#include <stdio.h>' '#include "memcached.h"' '#define PRINT_SYMBOLS' \
		'#include "settings-to-change.h"' >symbols.c
	quietly ./configure CC=gcc
	gcc -I. symbols.c -o symbols
	./symbols
}

# Where its command line is read, and no thread is started yet.
memcached_build() {
	insert memcached.c '/^    \/\* initialize main thread libevent instance \*\//i' '    start_changes();'
	insert memcached.c '/^#include "memcached.h"/a' "#include \"$top/tests/real/changes.c\""
	quietly ./configure CC=gcc LIBS="$build/librcpp.a" \
		CPPFLAGS="-I. -I$top/runtime $2"
	quietly make -s CC="$1gcc" memcached
}

memcached_start() {
	./memcached -u root -l 127.0.0.1 -p "$1" -U 0 -m 512 -t 4 2>server.log &
	echo $! >"$work/server"
}

@test "memcached: its settings change under load" { under_load memcached memcached; }

# --- nginx

nginx_symbols() {
	printf '%s\n' ngx_ncpu ngx_tcp_nodelay_and_tcp_nopush ngx_accept_mutex_delay \
		ngx_http_top_header_filter ngx_http_top_body_filter ngx_io ngx_event_actions
}

# In each worker, when its threads are started.
nginx_build() {
	local file=src/os/unix/ngx_process_cycle.c
	insert $file '/^    ngx_setproctitle("worker process");/a' '    start_changes();'
	insert $file '/^#include <ngx_channel.h>/a' "#include \"$top/tests/real/changes.c\""
	quietly ./configure --prefix="$PWD/root" --with-cc="$1gcc" --with-ld-opt="$build/librcpp.a" \
		--with-cc-opt="-O2 -Isrc/http -Isrc/http/modules -I. -I$top/runtime $2" \
		--without-http_rewrite_module --without-http_gzip_module --with-threads
	quietly make -s
}

nginx_start() {
	rm -rf root
	mkdir -p root/conf root/logs root/html
	"$work/load" files root/html
	cat >root/conf/nginx.conf <<-CONF
		user root;
		daemon off;
		worker_processes 2;
		env CHANGES;
		env CHANGES_LOG;
		events { worker_connections 256; }
		http {
			keepalive_requests 1000000;
			sendfile on;
			tcp_nopush on;
			upstream itself { server 127.0.0.1:$1; keepalive 8; }
			server {
				listen 127.0.0.1:$1;
				location / { }
				location /threads/ { alias html/; sendfile off; aio threads; }
				location /proxy/ {
					proxy_pass http://itself/;
					proxy_http_version 1.1;
					proxy_set_header Connection "";
				}
			}
		}
	CONF
	objs/nginx 2>server.log &
	echo $! >"$work/server"
}

@test "nginx: its settings change under load" {
	under_load nginx http
	run ! grep -E 'alert|emerg|crit' root/logs/error.log
}
