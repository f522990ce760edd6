#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""
damage.py REPORT PROGRAM PROFILE STEP: rcpp-report over damaged copies of a profile.

The profile ends early in 64 places, and each STEP-th byte that is not in a row of zeros is wrong in
two ways. Either a report comes out or one message; nothing crashes. Prints how many of each.
"""

import subprocess
import sys


def run(report, program, content):
    with open("bad.profile", "wb") as file:
        file.write(content)
    done = subprocess.run([report, program, "bad.profile"], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, errors="replace", check=False)
    message = done.stderr.startswith("bad.profile: error: ") and done.stderr.count("\n") == 1
    if (done.returncode, done.stderr) != (0, "") and not (done.returncode == 1 and message):
        sys.exit(f"exit status {done.returncode}: {done.stderr}")
    return done.returncode


def main():
    report, program, name, step = sys.argv[1:]
    with open(name, "rb") as file:
        content = file.read()
    count = [0, 0]
    for part in range(1, 64):
        count[run(report, program, content[:len(content) * part // 64])] += 1
    if count[0]:
        sys.exit("a profile that ends early was reported")
    for at in range(0, len(content), int(step)):
        if not any(content[max(0, at - 16):at + 16]):
            continue
        for change in (0xff, 0x81):
            bad = bytearray(content)
            bad[at] ^= change
            count[run(report, program, bad)] += 1
    print(f"{count[0]} reported, {count[1]} refused")


main()
