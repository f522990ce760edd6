#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""code.py PLAIN PATCHED CONSOLE FUNCTION...: functions before rcpp and after patching, a table.

PLAIN and PATCHED are vmlinux files, CONSOLE what a guest with show= has printed for the functions in
their order. Counted are instructions that are no padding, loads of a variable that is a site's, and
bytes up to the padding behind the function.
"""
import json
import re
import subprocess
import sys
import tempfile

plain, patched, console = sys.argv[1:4]
rows = json.loads(subprocess.run(["rcpp-dump", "--json", patched], check=True,
                                 stdout=subprocess.PIPE).stdout)
variables = {row["symbol"] for row in rows}


def symbols(path):
    """Name to address and size."""
    text = subprocess.run(["nm", "-S", path], check=True, stdout=subprocess.PIPE).stdout.decode()
    found = {}
    for line in text.splitlines():
        field = line.split()
        if len(field) == 4:
            found[field[3]] = (int(field[0], 16), int(field[1], 16))
    return found


def disassemble(arguments):
    """Lines of instructions."""
    text = subprocess.run(["objdump", "--no-show-raw-insn", *arguments], check=True,
                          stdout=subprocess.PIPE).stdout.decode()
    return [line.split("\t", 1)[1].strip() for line in text.splitlines()
            if re.match(r" *[0-9a-f]+:\t", line)]


def counted(lines, names):
    """Instructions, and loads of the variables whose addresses these are."""
    real = [line for line in lines if not re.match(r"(data16 |cs )*nop|xchg +%ax,%ax", line)]
    loads = [line for line in real if "(%rip)" in line and not line.startswith("lea")
             and int(line.split("#")[1].split()[0], 16) in names]
    return len(real), len(loads)


shown = {}
for line in open(console, encoding="utf-8", errors="replace"):
    match = re.search(r"rcpp_test: code ([0-9a-f]+) ?(.*)", line.strip())
    if line.startswith("==== show "):
        current = shown.setdefault(line.split()[2], bytearray())
    elif match and not line.startswith("log:"):
        current += bytes.fromhex(match[1] + match[2])

before, after = symbols(plain), symbols(patched)
for function in sys.argv[4:]:
    address, size = before[function]
    first = counted(disassemble(["-d", f"--start-address={address}",
                                 f"--stop-address={address + size}", plain]),
                    {before[name][0] for name in variables if name in before})
    new_address, new_size = after[function]
    with tempfile.NamedTemporaryFile() as file:
        file.write(shown[f"{new_address:#018x}"][:new_size])
        file.flush()
        second = counted(disassemble(["-D", "-b", "binary", "-m", "i386:x86-64",
                                      f"--adjust-vma={new_address}", file.name]),
                         {after[name][0] for name in variables if name in after})
    print(f"| `{function}` | {first[0]}, {first[1]}, {size} | {second[0]}, {second[1]}, {new_size} |")
