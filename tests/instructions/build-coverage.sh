#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# build-coverage.sh BUILD PROGRAM: compiles coverage.c with the filter's own reading of assembly, that
# is with objects from the directory BUILD, into PROGRAM. Several tests use it. Reads CC.
set -e
source=$(dirname "$0")
build=$1
program=$2
set --
for object in function survey sections names options kinds command memory registers instructions \
	statement instruction-parser instruction-scanner; do
	set -- "$@" "$build/$object.o"
done
"${CC:-cc}" -std=gnu11 -D_GNU_SOURCE -O1 -Wall -Wextra -Werror -I"$source/../../rcpp" \
	-I"$source/../../grammar" -I"$source/../../runtime" "$source/coverage.c" "$@" -o "$program"
