#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The `ld` of `make check LINKER=lld`: lld, but for what gcc optimizes at link time. That needs a
# plugin, which lld does not load. gcc names the plugin; that there is something to optimize its
# options say, in the environment, or the objects.
has_plugin() {
	case " $* " in
	*" -plugin "*) true ;;
	*) false ;;
	esac
}

is_lto() {
	case $COLLECT_GCC_OPTIONS in
	*"'-flto"*) return 0 ;;
	esac
	for file; do
		case $file in
		*.o | *.a) ! grep -q '\.gnu\.lto_' "$file" 2>/dev/null || return 0 ;;
		esac
	done
	return 1
}

if has_plugin "$@" && is_lto "$@"; then
	exec ld.bfd "$@"
fi
exec ld.lld "$@"
