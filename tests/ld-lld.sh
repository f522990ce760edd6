#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The `ld` of `make check LINKER=lld`: lld, but for what gcc optimizes at link time. That needs a
# plugin, which lld does not load. gcc tells its options in the environment.
case $COLLECT_GCC_OPTIONS in
*"'-flto"*) exec ld.bfd "$@" ;;
esac
exec ld.lld "$@"
