#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Usage: symbols.sh LINUX >symbols
# The list for rcpp, from the objects of a kernel that was built there, with rcpp or without: everything
# that is read-only after init and that other files may read. `rcpp-dump` has to be in PATH, or in
# RCPP_DUMP.
set -eu
linux=${1:?usage: symbols.sh LINUX}

# vmlinux.o is all of the others once more.
objects()
{
	find "$linux/" -name '*.o' ! -name 'vmlinux*' ! -name 'built-in*' ! -path '*/tools/*' \
		! -path '*/scripts/*' ! -path '*/boot/*' ! -path '*/realmode/*' ! -path '*/vdso/*' \
		! -path '*/libstub/*' ! -path '*/purgatory/*' -print0
}

# A list names no file: where a second variable has the name, or one of a module, it is not on it.
# Paravirtualization patches the users of pv_ops itself.
{
	objects | xargs -0 nm 2>/dev/null | awk '$2 ~ /^[bBdDrRsSvV]$/ { print "defined", $3 }'
	objects | xargs -0 "${RCPP_DUMP:-rcpp-dump}" --global --symbols --section '.data..ro_after_init'
} | awk '
	$1 == "defined" && NF == 2 { defined[$2]++; next }
	$1 == "pv_ops" { next }
	defined[$1] == 1 { print; next }
	{ print "symbols.sh: " $1 ": " defined[$1] " variables have this name, left out" >"/dev/stderr" }'
