#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""early.py SITES.json ADDRESSES: the functions with a site that is executed before the patching.

SITES.json is what rcpp-dump --json says of vmlinux, ADDRESSES what count.so writes with `until`. For
each function, a line for --early-from, with how many of its sites that are; a summary goes to
standard error.
"""
import collections
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    rows = json.load(file)
with open(sys.argv[2], encoding="utf-8") as file:
    executed = {int(line, 16) for line in file}


def is_executed(row):
    """Where a symbol stands, the instruction begins with a prefix that is in front of the site."""
    address = int(row["address"], 16)
    return address in executed or address - 1 in executed


early = collections.Counter(row["function"] for row in rows if is_executed(row))
for function, count in sorted(early.items()):
    print(f"{function} # {count}")
print(f"{early.total()} of {len(rows)} rows, in {len(early)} functions", file=sys.stderr)
