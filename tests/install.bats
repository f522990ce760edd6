#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# What users get: make install and uninstall, pkg-config, CMake's find_package, completion in bash, and
# Debian's packages.
#
# Each test is a process of its own, and changes the environment for itself.
# shellcheck disable=SC2030,SC2031

bats_require_minimum_version 1.5.0

setup()
{
	top=$BATS_TEST_DIRNAME/..
	cd "$top" || return
	unset RCPP_FLAGS RCPP_AS
	# what has a manual page of its name
	names="rcpp_patch rcpp_patch_module rcpp_revert rcpp_update rcpp_stats rcpp_verify rcpp_error"
	names="$names rcpp_configure rcpp_use_signal rcpp_set_timeout RCPP_SET rcpp_const rcpp_load __patchable"
}

# Into a directory of its own, for the tests that use it.
install_prefix()
{
	prefix=$BATS_TEST_TMPDIR/prefix
	make -s install DESTDIR= PREFIX="$prefix" B="$BATS_FILE_TMPDIR/build" >/dev/null
	cd "$BATS_TEST_TMPDIR" || return
	cat >a.c <<-'C'
		#include <rcpp.h>
		static __patchable int step = 3;
		__attribute__((noinline)) static int next(int a) { return a + step; }
		int main(void)
		{
			struct rcpp_stats stats;
			return rcpp_patch() || rcpp_stats(&stats) || !stats.patched || next(4) != 7;
		}
	C
}

@test "make install puts everything in its place, and make uninstall takes it away" {
	make -s install B="$BATS_FILE_TMPDIR/build" DESTDIR="$BATS_TEST_TMPDIR/tree" PREFIX=/usr >/dev/null
	root=$BATS_TEST_TMPDIR/tree/usr
	for file in bin/rcpp bin/rcpp-cc bin/rcpp-dump bin/rcpp-report libexec/rcpp/as lib/librcpp.a \
		lib/librcpp.so.1 include/rcpp.h lib/pkgconfig/rcpp.pc share/man/man1/rcpp.1 share/man/man1/rcpp-cc.1 \
		share/man/man1/rcpp-dump.1 share/man/man1/rcpp-report.1 share/man/man3/librcpp.3 \
		share/bash-completion/completions/rcpp share/bash-completion/completions/rcpp-cc \
		share/bash-completion/completions/rcpp-dump \
		share/bash-completion/completions/rcpp-report lib/cmake/rcpp/rcpp-config.cmake \
		lib/cmake/rcpp/rcpp-config-version.cmake; do
		[ -s "$root/$file" ]
	done
	[ "$(readlink "$root/lib/librcpp.so")" = librcpp.so.1 ]
	for file in $names; do
		[ "$(readlink "$root/share/man/man3/$file.3")" = librcpp.3 ]
	done
	grep -q '^Libs: -L${libdir} -lrcpp' "$root/lib/pkgconfig/rcpp.pc"
	run ! grep -r '@[a-z]*@' "$root/lib/cmake" "$root/lib/pkgconfig"
	run ! grep -rI "$BATS_TEST_TMPDIR" "$root"
	make -s uninstall DESTDIR="$BATS_TEST_TMPDIR/tree" PREFIX=/usr
	[ -z "$(find "$BATS_TEST_TMPDIR/tree" ! -type d)" ]
}

@test "an installed rcpp compiles, links and patches, with pkg-config" {
	install_prefix
	export PKG_CONFIG_PATH=$prefix/lib/pkgconfig
	[ "$(pkg-config --modversion rcpp)" = "$("$prefix/bin/rcpp" --version | cut -d ' ' -f 2)" ]
	# shellcheck disable=SC2046 # several options
	"$prefix/bin/rcpp-cc" gcc -O2 a.c $(pkg-config --cflags --libs rcpp) -Wl,-rpath,"$prefix/lib" -o a
	./a
	# shellcheck disable=SC2046
	"$prefix/bin/rcpp-cc" gcc -O2 a.c $(pkg-config --static --cflags --libs rcpp) -static -o a
	./a
	man --warnings -M "$prefix/share/man" rcpp-cc >/dev/null
	man --warnings -M "$prefix/share/man" rcpp-report >/dev/null
	man --warnings -M "$prefix/share/man" 3 librcpp >page
	for name in $names; do
		man --warnings -M "$prefix/share/man" "$name" | cmp - page
	done
	# and whatis finds it
	mandb -q "$prefix/share/man"
	for name in $names; do
		whatis -M "$prefix/share/man" "$name" | grep -q "^$name (3) "
	done
}

@test "the static library, the shared one and the header go to LIBDIR and INCLUDEDIR" {
	install_prefix
	cd "$top"
	make -s install B="$BATS_FILE_TMPDIR/build" PREFIX=/usr LIBDIR=/usr/lib/x86_64-linux-gnu \
		DESTDIR="$BATS_TEST_TMPDIR/tree" >/dev/null
	export PKG_CONFIG_PATH=$BATS_TEST_TMPDIR/tree/usr/lib/x86_64-linux-gnu/pkgconfig
	[ "$(pkg-config --variable=libdir rcpp)" = /usr/lib/x86_64-linux-gnu ]
	# of directories that are searched anyway, nothing is said
	[ "$(pkg-config --cflags --libs rcpp | tr -d ' ')" = "-lrcpp" ]
	grep -q '"${rcpp_prefix}/lib/x86_64-linux-gnu/librcpp.so.1"' \
		"$BATS_TEST_TMPDIR/tree/usr/lib/x86_64-linux-gnu/cmake/rcpp/rcpp-config.cmake"
	# directories elsewhere stay where they are
	make -s install B="$BATS_FILE_TMPDIR/build" PREFIX=/opt/rcpp LIBDIR=/srv/lib INCLUDEDIR=/srv/include \
		DESTDIR="$BATS_TEST_TMPDIR/other" >/dev/null
	[ "$(PKG_CONFIG_PATH=$BATS_TEST_TMPDIR/other/srv/lib/pkgconfig pkg-config --cflags --libs rcpp | tr -s ' ')" = \
		"-I/srv/include -L/srv/lib -lrcpp " ]
	grep -q '"/srv/include"' "$BATS_TEST_TMPDIR/other/srv/lib/cmake/rcpp/rcpp-config.cmake"
}

# cmake_project: two programs, by both ways of find_package(rcpp)
cmake_project()
{
	cat >CMakeLists.txt <<-'CMAKE'
		cmake_minimum_required(VERSION 3.18)
		project(a C)
		find_package(rcpp REQUIRED)
		add_executable(whole a.c)
		rcpp_patch_target(whole)
		add_executable(static a.c)
		set_target_properties(static PROPERTIES C_COMPILER_LAUNCHER ${RCPP_CC})
		target_link_libraries(static rcpp::rcpp_static)
	CMAKE
}

@test "an installation can be moved as a whole: CMake, pkg-config, the launcher" {
	local moved="$BATS_TEST_TMPDIR/moved to/here"
	install_prefix
	run ! grep -r "$prefix" "$prefix/lib/cmake" "$prefix/lib/pkgconfig"
	mkdir -p "${moved%/*}"
	mv "$prefix" "$moved"
	cmake_project
	cmake -B out -DCMAKE_PREFIX_PATH="$moved" -DCMAKE_BUILD_TYPE=Release >log
	cmake --build out >>log
	for program in whole static; do
		out/$program
		"$moved/bin/rcpp-dump" out/$program | grep -q step
	done
	# through a link, as /lib is one to /usr/lib
	ln -s "$moved/lib" linked
	rm -r out
	cmake -B out -Drcpp_DIR="$PWD/linked/cmake/rcpp" -DCMAKE_BUILD_TYPE=Release >log
	cmake --build out >>log
	out/whole
	# what pkg-config says has its blanks escaped
	export PKG_CONFIG_PATH=$moved/lib/pkgconfig
	eval "\"$moved/bin/rcpp-cc\" gcc -O2 a.c $(pkg-config --static --cflags --libs rcpp) -static -o a"
	./a
	"$moved/bin/rcpp-dump" a | grep -q step
}

@test "CMake: find_package(rcpp), the targets, and rcpp_patch_target()" {
	install_prefix
	cat >CMakeLists.txt <<-'CMAKE'
		cmake_minimum_required(VERSION 3.18)
		project(a C CXX)
		find_package(rcpp 0.1 REQUIRED)
		add_executable(whole a.c)
		rcpp_patch_target(whole --no-fuse)
		add_executable(static a.c)
		set_target_properties(static PROPERTIES C_COMPILER_LAUNCHER ${RCPP_CC})
		target_link_libraries(static rcpp::rcpp_static)
		configure_file(a.c b.cc COPYONLY)
		add_executable(cxx ${CMAKE_BINARY_DIR}/b.cc)
		rcpp_patch_target(cxx)
	CMAKE
	cmake -B out -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_BUILD_TYPE=Release >log
	cmake --build out >>log
	for program in whole static cxx; do
		out/$program
		"$prefix/bin/rcpp-dump" out/$program | grep -q step
	done
	sed -i 's/rcpp 0.1/rcpp 0.2/' CMakeLists.txt
	run cmake -B out2 -DCMAKE_PREFIX_PATH="$prefix"
	[ "$status" -ne 0 ]
	[[ $output == *"rcpp-config.cmake, version: 0.1"* ]]
}

# complete WORD...: what bash offers for the last one
complete_words()
{
	PATH=$prefix/bin:$PATH bash -c '
		source "$0"
		COMP_WORDS=("$@")
		COMP_CWORD=$(($# - 1))
		function=$(complete -p "$1" | sed "s/.*-F \([^ ]*\) .*/\1/")
		"$function" "$1" "${@: -1}" "${@: -2:1}"
		printf "%s\n" "${COMPREPLY[@]}"
	' "$prefix/share/bash-completion/completions/rcpp" "$@"
}

@test "bash completes options, their values, files and compilers" {
	install_prefix
	[ "$(complete_words rcpp --sym)" = "$(printf '%s\n' --symbol= --symbols-from=)" ]
	[ "$(complete_words rcpp --wide = t)" = temp ]
	[ "$(complete_words rcpp --unpatched =)" = "$(printf '%s\n' load fault)" ]
	[ "$(complete_words rcpp --symbols-from = a)" = a.c ]
	[ "$(complete_words rcpp -o a)" = a.c ]
	[ "$(complete_words rcpp-dump --js)" = --json ]
	[ "$(complete_words rcpp-dump --pid $$ | head -n 1)" = $$ ]
	[ "$(complete_words rcpp-report --symbols-from a)" = a.c ]
	[ "$(complete_words rcpp-cc gcc -Wr,--no-f)" = -Wr,--no-fuse ]
	[ "$(complete_words rcpp-cc --v)" = --version ]
	[[ $(complete_words rcpp-cc rcpp-d) == *rcpp-dump* ]]
	[ "$(complete_words rcpp --early-from a)" = a.c ]
	[ -z "$(complete_words rcpp --explain = --symbol)" ]
	[ "$(complete_words rcpp --explain --symbols)" = --symbols-from= ]
	[ "$(complete_words rcpp-cc gcc -Wr,--filter)" = -Wr,--filter-S ]
	[ "$(complete_words rcpp-cc gcc -Wr,--stats,--no-f)" = -Wr,--stats,--no-fuse ]
}

@test "bash completes every option that --help names" {
	local program
	install_prefix
	for program in rcpp rcpp-dump rcpp-report; do
		"$prefix/bin/$program" --help | grep -Eo -- '--[a-z][a-zA-Z-]*' | sort -u >help
		complete_words "$program" -- | tr -d = | sort -u >offered
		diff help offered
	done
	{ "$prefix/bin/rcpp" --help && echo --filter-S; } | grep -Eo -- '--[a-z][a-zA-Z-]*' |
		grep -v -e --help -e --version | sed 's/^/-Wr,/' | sort -u >help
	complete_words rcpp-cc gcc -Wr,-- | tr -d = | sort -u >offered
	diff help offered
	[ "$(complete_words rcpp-cc --)" = "$(printf '%s\n' --help --version)" ]
}

@test "make deb: packages that lintian has no errors for, and that work" {
	make deb B="$BATS_FILE_TMPDIR/build" >"$BATS_TEST_TMPDIR/log" 2>&1 || { tail -30 "$BATS_TEST_TMPDIR/log" && false; }
	run ! grep -E '^[EW]: ' "$BATS_TEST_TMPDIR/log"
	[ -z "$(git status --porcelain debian 2>/dev/null)" ]
	[ ! -e debian ]
	cd "$BATS_FILE_TMPDIR/build/deb"
	for package in rcpp librcpp1 librcpp-dev; do
		dpkg-deb -c ${package}_*.deb >"$BATS_TEST_TMPDIR/$package.list"
		dpkg -x ${package}_*.deb "$BATS_TEST_TMPDIR/root"
	done
	cd "$BATS_TEST_TMPDIR"
	for file in bin/rcpp bin/rcpp-cc bin/rcpp-dump bin/rcpp-report libexec/rcpp/as \
		share/man/man1/rcpp-cc.1.gz share/man/man1/rcpp-report.1.gz \
		share/bash-completion/completions/rcpp-cc; do
		grep -q " ./usr/$file" rcpp.list
	done
	grep -q 'x86_64-linux-gnu/librcpp.so.1$' librcpp1.list
	for file in include/rcpp.h lib/x86_64-linux-gnu/librcpp.a lib/x86_64-linux-gnu/librcpp.so \
		lib/x86_64-linux-gnu/pkgconfig/rcpp.pc lib/x86_64-linux-gnu/cmake/rcpp/rcpp-config.cmake \
		share/man/man3/librcpp.3.gz; do
		grep -q " ./usr/$file" librcpp-dev.list
	done
	for file in $names; do
		grep -q "man3/$file.3.gz -> librcpp.3.gz\$" librcpp-dev.list
		man --warnings -M root/usr/share/man "$file" | grep -q '^NAME'
	done
	[ "$(dpkg-deb -f "$BATS_FILE_TMPDIR"/build/deb/librcpp-dev_*.deb Depends)" = \
		"librcpp1 (= $("root/usr/bin/rcpp" --version | cut -d ' ' -f 2))" ]
	cp "$top/examples/hello/hello.c" .
	root/usr/bin/rcpp-cc gcc -O2 -Iroot/usr/include hello.c -Lroot/usr/lib/x86_64-linux-gnu -lrcpp -o hello
	LD_LIBRARY_PATH=root/usr/lib/x86_64-linux-gnu RCPP_VERBOSE=1 ./hello 2>&1 | grep -q '1 patched'
}
