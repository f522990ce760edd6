#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# build-coverage.sh BUILD PROGRAM: compiles coverage.c with the filter's own reading of assembly, that
# is with objects from the directory BUILD, into PROGRAM. Several tests use it. Reads CC.
set -e
source=$(dirname "$0")
build=$1
program=$2
of_make() { make -s --no-print-directory -C "$source/../.." B="$(realpath "$build")" "$1"; }
# shellcheck disable=SC2046 # many flags, many objects
"${CC:-cc}" -std=gnu11 -D_GNU_SOURCE -O1 -Wall -Wextra -Werror $(of_make filter-flags) \
	"$source/coverage.c" $(of_make filter-objects) -o "$program"
