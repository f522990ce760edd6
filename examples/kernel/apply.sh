#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Usage: apply.sh LINUX
# Make a tree of Linux 6.1 one that rcpp can be switched on in: the patch, the runtime, and an empty
# list of symbols (see symbols.sh).
set -eu
here=$(dirname "$(realpath "$0")")
runtime=$here/../../runtime
linux=${1:?usage: apply.sh LINUX}

if ! patch -d "$linux" -p1 --dry-run -s <"$here/linux-6.1.patch"; then
	echo "$linux: error: the patch does not apply; give a tree of Linux 6.1 without it" >&2
	exit 1
fi
patch -d "$linux" -p1 -s <"$here/linux-6.1.patch"
mkdir -p "$linux/kernel/rcpp"
cp "$here/rcpp/Kconfig" "$here/rcpp/Makefile" "$linux/kernel/rcpp"
cp "$here/Makefile.rcpp" "$linux/scripts"
for file in kernel.c core.c core.h view.h rows.c rows.h site.c site.h joined.c joined.h forms.c forms.h values.c values.h \
	notes.c notes.h freestanding.h rcpp_tables.h \
	x86-64/encoding.c x86-64/encoding.h x86-64/flags.c x86-64/flags.h x86-64/nops.c x86-64/nops.h; do
	cp "$runtime/$file" "$linux/kernel/rcpp"
done
cp "$runtime/kernel.h" "$linux/include/linux/rcpp.h"
: >"$linux/kernel/rcpp/symbols"
: >"$linux/kernel/rcpp/early"
