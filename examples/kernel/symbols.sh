#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Usage: symbols.sh LINUX >symbols
# The list for rcpp, from the objects of a kernel that was built there, with rcpp or without:
# everything that is read-only after init, and what is as good but only read-mostly. `rcpp-dump` has
# to be in PATH, or in RCPP_DUMP.
set -eu
linux=${1:?usage: symbols.sh LINUX}

# Settled by the end of init and never written again, says the code of 6.1: the hash tables of
# fs/dcache.c, fs/inode.c and fs/namespace.c.
read_mostly="dentry_hashtable d_hash_shift inode_hashtable i_hash_mask i_hash_shift mount_hashtable
	m_hash_mask m_hash_shift mountpoint_hashtable mp_hash_mask mp_hash_shift"

# vmlinux.o is all of the others once more.
objects()
{
	find "$linux/" -name '*.o' ! -name 'vmlinux*' ! -name 'built-in*' ! -path '*/tools/*' \
		! -path '*/scripts/*' ! -path '*/boot/*' ! -path '*/realmode/*' ! -path '*/vdso/*' \
		! -path '*/libstub/*' ! -path '*/purgatory/*' -print0
}

# They are static: a second variable of that name would be patched, too.
objects | xargs -0 nm 2>/dev/null | awk -v names="$read_mostly" '
	$2 ~ /^[bBdDsS]$/ { defined[$3]++ }
	END {
		for (i = split(names, name); i; i--)
			if (defined[name[i]] == 1)
				print name[i]
	}' | LC_ALL=C sort

# Paravirtualization patches the users of pv_ops itself.
objects | xargs -0 "${RCPP_DUMP:-rcpp-dump}" --global --symbols --section '.data..ro_after_init' |
	grep -vx pv_ops
