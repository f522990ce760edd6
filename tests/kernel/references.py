#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""references.py: a table of what `--explain` says of a kernel, from standard input.

An element of an array, and what is read through a register, is no reference to a variable whose
value would be known. Of the others that are not in init code, 95 % have to be sites that take any value;
calls and jumps do, since all code of a kernel is in the reach of a direct one.
"""
import collections
import re
import sys

INIT = "init code runs before patching"
ELEMENT = "read through a register, an array or a structure"

sites = collections.Counter()
reasons = collections.Counter()
for line in sys.stdin:
    text = re.sub(r"^\S+:\d+: [^:]+: [^:]+: ", "", line.strip())
    if text.startswith("load: "):
        reasons[text[len("load: "):].split("; ")[0]] += 1
    elif " => " in text:
        name = text.split()[0]
        full = "any: " in text or name.rstrip("q") in ("call", "jmp")
        sites[name if full else name + ", no wide form"] += 1

loads = reasons.total() - reasons[INIT] - reasons[ELEMENT]
total = sites.total() + loads
for name, count in sites.most_common():
    print(f"# {count:6} site: {name}")
for name, count in reasons.most_common():
    print(f"# {count:6} load: {name}")
share = sites.total() / total if total else 0
full = sum(count for name, count in sites.items() if "," not in name)
print(f"# {sites.total()} of {total} references are sites, {100 * share:.1f} %; "
      f"{full} of them take any value, {100 * full / max(total, 1):.1f} %")
sys.exit(total < 1000 or full < 0.95 * total)
