# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Usage: count.py DIRECTORY

For each kernel in the libraries of run.sh: the instructions that a call executes (callgrind), the
bytes of its functions, and how many NOPs the patched one has. As JSON, to standard output.
"""

import json
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

DIRECTORY = sys.argv[1]
COUNTED = ["plain", "unpatched", "patched", "constant"]


def run(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, **options)


def executed(kernel, library):
    """Instructions of one call."""
    log = run("valgrind", "--tool=callgrind", "--smc-check=all-non-file", "--toggle-collect=measured",
              "--callgrind-out-file=/dev/null", f"{DIRECTORY}/speed", "count", DIRECTORY, kernel,
              library, text=True).stderr
    return int(re.search(r"Collected : (\d+)", log).group(1))


def write_patched_file():
    """patched.so with the executable segment that it has in memory."""
    text = run(f"{DIRECTORY}/speed", "text", DIRECTORY).stdout
    headers = run("readelf", "-lW", f"{DIRECTORY}/patched.so", text=True).stdout
    offset = int(re.search(r"LOAD +0x([0-9a-f]+) .* R E ", headers).group(1), 16)
    shutil.copy(f"{DIRECTORY}/patched.so", f"{DIRECTORY}/memory.so")
    with open(f"{DIRECTORY}/memory.so", "r+b") as file:
        file.seek(offset)
        file.write(text)


def functions(library):
    """Name to the instructions, each its length and its text."""
    found, name = {}, None
    listing = run("objdump", "-d", "--insn-width=16", f"{DIRECTORY}/{library}.so", text=True).stdout
    for line in listing.split("\n"):
        if head := re.match(r"[0-9a-f]+ <(.*)>:$", line):
            name = head.group(1)
            found[name] = []
        elif code := re.match(r" *[0-9a-f]+:\t([0-9a-f ]+?) *\t(.*)", line):
            found[name].append((len(code.group(1).split()), code.group(2)))
    return found


def with_callees(found, name, seen):
    """The function's instructions, and those of what it calls or jumps to in the same library."""
    seen.add(name)
    code = list(found[name])
    for _, text in found[name]:
        target = re.match(r"(?:call|jmp) .*<([^+>@]+)>$", text)
        if target and target.group(1) in found and target.group(1) not in seen:
            code += with_callees(found, target.group(1), seen)
    return code


def is_nop(text):
    return re.search(r"\bnop[wl]?\b|xchg +%ax,%ax", text) is not None


def main():
    with open(f"{DIRECTORY}/kernels.json", encoding="utf-8") as file:
        names = [kernel["kernel"] for kernel in json.load(file)]
    with ThreadPoolExecutor() as pool:
        jobs = {(name, library): pool.submit(executed, name, library)
                for name in names for library in COUNTED}
        counts = {name: {library: jobs[name, library].result() for library in COUNTED}
                  for name in names}
    write_patched_file()
    plain, unpatched, memory = functions("plain"), functions("unpatched"), functions("memory")
    result = {}
    for name in names:
        before, after = (with_callees(found, name, set()) for found in (plain, unpatched))
        patched = with_callees(memory, name, set())
        result[name] = {
            "instructions": counts[name],
            "bytes": {"plain": sum(length for length, _ in before),
                      "rcpp": sum(length for length, _ in after)},
            "nops": {"plain": sum(is_nop(text) for _, text in before),
                     "unpatched": sum(is_nop(text) for _, text in after),
                     "patched": sum(is_nop(text) for _, text in patched)},
        }
    json.dump(result, sys.stdout, indent=1)


main()
