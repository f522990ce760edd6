#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# What becomes of the references of programs with many settings: their sources as Debian has them, each
# file compiled to assembly and filtered. Nothing is run; programs.bats does that with other programs.

load common

setup_file() {
	export top=$BATS_TEST_DIRNAME/../.. work=$BATS_FILE_TMPDIR
	RCPP_BUILD=$(realpath "${RCPP_BUILD:-$top/build}")
	export RCPP_BUILD
	unset RCPP_FLAGS RCPP_AS
}

# explain RCPP-OPTION FILE... -- COMPILER OPTION...: what rcpp says of these files, in $work/explain
explain() {
	local option=$1 files=()
	shift
	while [ "$1" != -- ]; do
		files+=("$1")
		shift
	done
	shift
	rm -f "$work/explain"
	for file in "${files[@]}"; do
		"$@" -w -S "$file" -o "$work/out.s"
		"$RCPP_BUILD/rcpp" "$option" --explain="$work/explain" -o /dev/null "$work/out.s"
	done
}

# counted TITLE: a line for people; sets references, loads (all), and vectors (which stay loads)
counted() {
	references=$(grep -vc ': written outside of ' "$work/explain")
	loads=$(grep -c ': load: ' "$work/explain") || true
	vectors=$(grep -c ': load: read into a vector' "$work/explain") || true
	echo "# $1: $references references, $((references - loads)) sites, $loads loads, of which $vectors vectors" >&3
	grep ': load: ' "$work/explain" || true
}

# The fields of `server` that the table of settings in config.c names, but for strings and the like.
redis_fields() {
	grep -E 'create[A-Za-z]*Config\(' config.c | grep -oE 'server\.[a-z_0-9]+' | sed 's/server\.//' |
		sort -u >"$work/names"
	{
		printf '#include "server.h"\n#include <stdio.h>\nint main(void) {\n'
		sed 's/.*/printf("server+%zu:%zu\\n", offsetof(struct redisServer, &), sizeof ((struct redisServer *)0)->&);/' \
			"$work/names"
		printf 'return 0; }\n'
	} >fields.c
	gcc "${redis_flags[@]}" -w fields.c -o fields
	./fields >"$work/fields"
	[ "$(wc -l <"$work/fields")" -ge 150 ]
}

redis() {
	fetch redis
	cd "$work/redis/src" || return
	[ -s release.h ] || sh mkreleasehdr.sh
	redis_flags=(-std=c11 -O2 -DREDIS_STATIC= -I../deps/hiredis -I../deps/linenoise -I../deps/lua/src
		-I../deps/hdr_histogram)
	redis_fields
	mapfile -t files < <(grep -l 'server\.' ./*.c | grep -vE 'redis-|fields|test')
	explain "--symbols-from=$work/fields" "${files[@]}" -- "$1" "${redis_flags[@]}"
	counted "redis, $1"
	[ "$references" -ge 1200 ]
}

@test "redis, gcc: five loads at most besides vectors" {
	redis gcc
	[ $((loads - vectors)) -le 5 ]
}

@test "redis, clang's default: 95 % are sites" {
	redis clang
	[ $((loads * 20)) -le "$references" ]
}

@test "dash -fPIC: of what is read, 90 % are sites" {
	fetch dash
	cd "$work/dash"
	[ -x configure ] || autoreconf -fi >"$work/log" 2>&1
	./configure CC=gcc CFLAGS=-O2 >"$work/log" 2>&1 || { tail "$work/log" && return 1; }
	make >"$work/log" 2>&1 || { tail "$work/log" && return 1; }
	nm src/dash | awk '$2 ~ /[BD]/ && $3 !~ /^(_|optind|std|.*@)/ { print $3 }' >"$work/symbols"
	cd src
	explain "--symbols-from=$work/symbols" ./*.c bltin/test.c bltin/printf.c bltin/times.c -- \
		gcc -O2 -fPIC -include ../config.h -DBSD=1 -DSHELL -I. -I..
	counted "dash -fPIC"
	written=$(grep -c ': load: the instruction writes' "$work/explain") # they are no reads only
	[ $(((loads - vectors - written) * 10)) -le $((references - vectors - written)) ]
}

@test "OpenSSL: checks of the processor that lose their branch" {
	fetch openssl
	cd "$work/openssl"
	./Configure linux-x86_64 no-tests >"$work/log" 2>&1 && make build_generated >"$work/log" 2>&1 ||
		{ tail "$work/log" && return 1; }
	explain --symbol=OPENSSL_ia32cap_P crypto/evp/e_aes.c crypto/evp/e_aes_cbc_hmac_sha1.c \
		crypto/evp/e_aes_cbc_hmac_sha256.c crypto/evp/e_rc4_hmac_md5.c crypto/modes/gcm128.c -- \
		gcc -O3 -fPIC -DL_ENDIAN -DNDEBUG -DAES_ASM -DBSAES_ASM -DGHASH_ASM -DSHA1_ASM -DSHA256_ASM \
		-DMD5_ASM -DRC4_ASM -DVPAES_ASM -DOPENSSL_CPUID_OBJ -DOPENSSL_IA32_SSE2 -I. -Iinclude -Icrypto \
		-Iproviders/common/include -Iproviders/implementations/include
	counted "OpenSSL, OPENSSL_ia32cap_P"
	decided=$(grep -c ' after ' "$work/explain")
	echo "# decided: $decided" >&3
	[ "$decided" -ge 30 ]
}
