#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# SQLite from Debian's source package, its configuration structure patchable: the shell runs a script
# with the same output as the plain build, unpatched and patched.
# bats ends a test at the first command that fails.
# shellcheck disable=SC2164

setup_file() {
	top=$BATS_TEST_DIRNAME/../..
	export top build=${RCPP_BUILD:-$top/build} work=$BATS_FILE_TMPDIR
	sh "$BATS_TEST_DIRNAME/fetch-source.sh" sqlite3 "$work" >"$work/fetch.log" 2>&1
	mkdir "$work/sqlite"
	cd "$work/sqlite"
	sh "$(echo "$work"/sqlite3-3*/configure)" >configure.log 2>&1
	make -s sqlite3.c shell.c >make.log 2>&1
	cp "$BATS_TEST_DIRNAME/main.c" "$BATS_TEST_DIRNAME/script.sql" .
	gcc -O2 -I. -I"$top/runtime" -c main.c
	gcc -O2 -I. -Dmain=shell_main -c shell.c
	"$top/tests/instructions/build-coverage.sh" "$build" "$work/coverage"
}

# build_with COMPILER OPTION...: sqlite3.s, and shells from it plain and filtered
build_with() {
	cd "$work/sqlite"
	"$@" -I. -S sqlite3.c -o sqlite3.s
	rm -f explained
	"$build/rcpp" --symbol sqlite3Config --stats --explain=explained sqlite3.s \
		-o filtered.s 2>stats
	"$work/coverage" "$top/tests/instructions/barriers.txt" 100 sqlite3.s >coverage
	as sqlite3.s -o plain.o
	as filtered.s -o filtered.o
	gcc shell.o main.o plain.o "$build/librcpp.a" -lm -o plain
	gcc shell.o main.o filtered.o "$build/librcpp.a" -lm -o filtered
	./plain <script.sql >expected
}

check_outputs() {
	cat stats >&3
	sed 's/^/# /' coverage >&3
	grep -q ' => ' explained
	[ -s expected ]
	./filtered <script.sql | cmp - expected
	PATCH=1 RCPP_VERBOSE=1 ./filtered <script.sql 2>patched | cmp - expected
	grep -q ' 0 left as loads' patched
	REVERT=1 ./filtered <script.sql | cmp - expected
}

@test "SQLite's shell with sqlite3Config patchable, gcc -O2" {
	build_with gcc -O2
	check_outputs
}

@test "SQLite's shell with sqlite3Config patchable, clang -O2" {
	build_with clang -O2 -fno-integrated-as -w
	check_outputs
}
