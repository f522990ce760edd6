#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""
damage.py header|body DUMP FILE...: rcpp-dump over damaged copies of the files.

header: each byte of the ELF header is wrong, in three ways: a listing or a message comes out.
body: the file ends early, or one byte of it is wrong, in 60 places: it never crashes.
"""

import subprocess
import sys


def run(dump, options, content):
    with open("bad", "wb") as file:
        file.write(content)
    return subprocess.run([dump, *options, "bad"], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", check=False)


def check(good, done, what):
    if not good:
        sys.exit(f"{what}: exit status {done.returncode}: {done.stdout}")


def damage_header(dump, name, content):
    for offset in range(64):
        for byte in (0, 1, 255):
            bad = bytearray(content)
            bad[offset] = byte
            done = run(dump, [], bad)
            message = done.stdout.startswith("rcpp-dump: bad: error: ")
            check(done.returncode == 0 or done.returncode == 1 and message, done,
                  f"{name}, byte {offset} is {byte}")


def damage_body(dump, name, content):
    for at in (len(content) * part // 60 for part in range(60)):
        done = run(dump, [], content[:at])
        check(done.returncode in (0, 1), done, f"{name}, cut to {at} bytes")
        bad = bytearray(content)
        bad[at] = 255
        done = run(dump, ["--json"], bad)
        check(done.returncode in (0, 1), done, f"{name}, byte {at} is 255")


def main():
    damage = {"header": damage_header, "body": damage_body}[sys.argv[1]]
    for name in sys.argv[3:]:
        with open(name, "rb") as file:
            damage(sys.argv[2], name, file.read())


main()
