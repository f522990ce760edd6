#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""
A profile (runtime/rcpp_profile.h) in, a line an access out, for the tests:

    MODULE UNIT SYMBOL+OFFSET:SIZE FLAGS FUNCTION read|write[?] USE COUNT BEFORE LAST UNSEEN LATE

and a line a module: module NAME runs N unread N. It shares no code with rcpp-report.
"""

import os
import struct
import sys

KINDS = ["moves", "arithmetic", "shifts", "branches", "calls", "divisions", "addresses"]
HEAD = struct.Struct("<16s13Q")
UNIT = struct.Struct("<IIiiIIII")
FIELD = struct.Struct("<qIiIIII")
ACCESS = struct.Struct("<IHHII")
MARK = 0x31705072


def text(data, at):
    return data[at:data.index(b"\0", at)].decode()


def unit_lines(data, at, counters, module):
    _, _, _, _, name, fields, accesses, _ = UNIT.unpack_from(data, at)
    first_access = at + UNIT.size + fields * FIELD.size
    for number in range(fields):
        offset, symbol, _, size, flags, first, count = FIELD.unpack_from(
            data, at + UNIT.size + number * FIELD.size)
        _, seen, late, apart, last, unseen = struct.unpack_from("<6Q", data, counters + 48 * number)
        for access in range(first, first + count):
            function, kind, use, _, _ = ACCESS.unpack_from(data, first_access + access * ACCESS.size)
            counted, = struct.unpack_from("<Q", data, counters + 48 * fields + 8 * access)
            yield " ".join(str(word) for word in (
                module, text(data, at + name) or "-",
                f"{text(data, at + symbol)}{offset:+d}:{size}", flags,
                text(data, at + function) or "-", ("write" if kind & 1 else "read") + "?" * (kind >> 1 & 1),
                KINDS[use.bit_length() - 1], counted, seen - apart, last, unseen, late))


def chunk_lines(data, at):
    (magic, size, _, table, table_size, table_address, counters, _, counters_address, runs, _, _, _,
     _) = HEAD.unpack_from(data, at)
    assert magic == b"rcpp profile 2\n\0", magic
    module = os.path.basename(text(data, at + HEAD.size))
    unit, unread = at + table, 0
    lines = []
    while unit < at + table + table_size:
        mark, length, to_counters = struct.unpack_from("<IIi", data, unit)
        if mark != MARK:
            unit += 8
            continue
        own = table_address + (unit - at - table) + 8 + to_counters - counters_address
        lines += unit_lines(data, unit, at + counters + own, module)
        unread += UNIT.unpack_from(data, unit)[7]
        unit += length
    return [f"module {module} runs {runs} unread {unread}"] + lines, size


def main():
    with open(sys.argv[1], "rb") as file:
        data = file.read()
    at = 0
    while at < len(data):
        lines, size = chunk_lines(data, at)
        print("\n".join(lines))
        at += size


main()
