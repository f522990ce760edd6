# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Usage: real.py settled DIRECTORY | client SOCKET SIZE | table DIRECTORY PROGRAM...

What real.sh needs besides a shell: the list of settled variables of the program in DIRECTORY, a
client that sends redis so many hundred commands, and the table of all programs.
"""

import collections
import glob
import json
import random
import re
import socket
import statistics
import subprocess
import sys
import time

VARIANTS = ["plain", "sites", "patched"]
TARGETS = {"sites": 1.0005, "patched": 1.0}


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


# --- what is settled ----------------------------------------------------------------------------------


def variables(*files):
    """Name, address and size of all that lies in .data and .bss."""
    for line in output("nm", "-S", *files).split("\n"):
        if found := re.match(r"([0-9a-f]+) ([0-9a-f]+) [bBdD] (.*)", line):
            yield found[3], int(found[1], 16), int(found[2], 16)


def settled(work):
    """Variables without a byte that was written. Of others, what lies between such bytes."""
    with open(f"{work}/written", encoding="ascii") as file:
        offsets = {int(line) for line in file}
    start, = (int(line.split()[0], 16) for line in output("nm", f"{work}/watched").split("\n")
              if line.endswith(" __data_start"))
    written = {start + offset for offset in offsets}
    # A name that several files define, or that the compiler has numbered, is not certain.
    own = collections.Counter(name for name, _, _ in variables(*glob.glob(f"{work}/plain/*.o")))
    for name, address, size in variables(f"{work}/watched"):
        if own[name] != 1 or "." in name or address < start:
            continue
        kept = "".join("x" if address + i in written else "." for i in range(size))
        for part in re.finditer(r"\.+", kept):
            print(name if part[0] == kept else f"{name}+{part.start()}:{len(part[0])}")


# --- redis --------------------------------------------------------------------------------------------


def command(rand):
    key = f"{rand.randrange(500)}"
    value = f"{rand.randrange(10 ** 6)}"
    return rand.choice([
        f"SET s{key} {value}", f"GET s{key}", f"INCR n{key}", f"APPEND s{key} {value}",
        f"LPUSH l{key} {value}", f"RPOP l{key}", f"LRANGE l{key} 0 9", f"SADD m{key} {value}",
        f"SISMEMBER m{key} {value}", f"ZADD z{key} {value} a{value}", f"ZRANGE z{key} 0 5",
        f"ZRANK z{key} a{value}", f"HSET h{key} f{value} {value}", f"HGET h{key} f{value}",
        f"MGET s{key} s1 s2 s3", f"EXISTS s{key} l{key}", f"DEL l{key}", f"SINTER m{key} m1",
        f"SETRANGE s{key} 20 {value}", f"TYPE z{key}"])


def connect(connection, path):
    """The server may still be on its way to it; under valgrind that takes a while."""
    for _ in range(3000):
        try:
            connection.connect(path)
            return
        except (FileNotFoundError, ConnectionRefusedError):
            time.sleep(0.01)
    sys.exit(f"client: nobody answers at {path}")


def client(path, size):
    """Each hundred goes at once, and is answered before the next: the server always sees the same."""
    rand = random.Random(1)
    with socket.socket(socket.AF_UNIX) as connection:
        connect(connection, path)
        for i in range(int(size)):
            words = [command(rand).split() for _ in range(100)] + [["ECHO", f"end-of-{i}"]]
            connection.sendall("".join(
                f"*{len(line)}\r\n" + "".join(f"${len(word)}\r\n{word}\r\n" for word in line)
                for line in words).encode())
            answers = b""
            while not answers.endswith(f"end-of-{i}\r\n".encode()):
                answers += connection.recv(1 << 20)
            sys.stdout.write(answers.decode())
        connection.sendall(b"SHUTDOWN NOSAVE\r\n")
        connection.recv(1)


# --- the table ----------------------------------------------------------------------------------------


def counts(file):
    """Instructions and data reads: of all, and the instructions of each function."""
    names, functions, inclusive = {}, collections.Counter(), False
    with open(file, encoding="utf-8") as lines:
        for line in lines:
            if found := re.match(r"fn=(\(\d+\))(?: (.*))?$", line):
                if found[2]:
                    names[found[1]] = found[2]
                function = found[1]
            elif found := re.match(r"cfn=(\(\d+\)) (.*)$", line):
                names[found[1]] = found[2]
            elif line.startswith("calls="):
                inclusive = True
            elif re.match(r"[+*-]?\d*[ \d]+$", line):
                if not inclusive:
                    functions[function] += int(line.split()[1])
                inclusive = False
            elif line.startswith("totals:"):
                total, reads = line.split()[1:3]
    result = collections.Counter()
    for function, count in functions.items():
        # Recursion has names of its own; jumps to libraries have none.
        result[re.sub(r"'\d+$", "", re.sub("^0x.*", "(no name)", names[function]))] += count
    return int(total), int(reads), result


def times(work):
    """The median of each order's ratios, and their range."""
    ratios = {variant: [] for variant in VARIANTS[1:]}
    seconds = []
    for file in sorted(glob.glob(f"{work}/time.*.plain")):
        medians = {}
        for variant in VARIANTS:
            with open(file.replace(".plain", f".{variant}"), encoding="ascii") as lines:
                medians[variant] = statistics.median(int(line.split()[0]) for line in lines)
        seconds.append(medians["plain"] / 1e6)
        for variant, values in ratios.items():
            values.append(medians[variant] / medians["plain"])
    return statistics.median(seconds), ratios


def lines_of(file):
    with open(file, encoding="utf-8") as lines:
        return lines.read().split("\n")[:-1]


def load(work):
    counted = {variant: counts(f"{work}/callgrind.{variant}") for variant in VARIANTS}
    plain = counted["plain"]
    explained = [line for line in lines_of(f"{work}/explained") if ": written outside of " not in line]
    _, sites, patched, _ = lines_of(f"{work}/count.patched")[0].split()
    for file in glob.glob(f"{work}/count.*") + glob.glob(f"{work}/time.*"):
        if any(line.split()[3] != "0" for line in lines_of(file)):
            sys.exit(f"{file}: sites disagree with variables that were to be settled")
    seconds, ratios = times(work)
    excess = {variant: collections.Counter(counted[variant][2]) for variant in VARIANTS[1:]}
    for counter in excess.values():
        counter.subtract(plain[2])
    return {
        "settled": len(lines_of(f"{work}/settled")), "read": len({line.split(": ")[2] for line in explained}),
        "references": len(explained), "loads": sum(": load: " in line for line in explained),
        "sites": int(sites), "patched": int(patched),
        "instructions": {variant: counted[variant][0] for variant in VARIANTS},
        "reads": {variant: counted[variant][1] for variant in VARIANTS},
        "seconds": seconds, "times": ratios,
        "excess": {variant: {name: count for name, count in excess[variant].most_common(10) if count > 0}
                   for variant in VARIANTS[1:]},
    }


def main(out, *programs):
    data = {program: load(f"{out}/{program}") for program in programs}
    with open(f"{out}/real.json", "w", encoding="utf-8") as file:
        json.dump(data, file, indent=1)
    rows = [["program", "settled", "read", "references", "sites", "patched", "10^6 instructions",
             "unpatched", "patched", "10^6 reads", "unpatched", "patched", "seconds", "unpatched",
             "patched"]]
    for program, row in data.items():
        cells = [program, *(str(row[key]) for key in ("settled", "read", "references", "sites", "patched"))]
        for key in ("instructions", "reads"):
            plain = row[key]["plain"]
            cells += [f"{plain / 1e6:.1f}", *(f"{row[key][variant] / plain:.5f}" for variant in VARIANTS[1:])]
        cells += [f"{row['seconds']:.2f}"]
        for ratios in row["times"].values():
            cells.append(f"{statistics.median(ratios):.3f} ±{(max(ratios) - min(ratios)) / 2:.3f}")
        rows.append(cells)
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.rjust(width) for cell, width in zip(row, widths)))
    for program, row in data.items():
        plain = row["instructions"]["plain"]
        for variant, target in TARGETS.items():
            if row["instructions"][variant] / plain > target:
                print(f"\n{program}, {variant}: more than {target} of plain's instructions, by")
                for name, count in row["excess"][variant].items():
                    print(f"  {count / plain:8.5f}  {name}")


if __name__ == "__main__":
    {"settled": settled, "client": client, "table": main}[sys.argv[1]](*sys.argv[2:])
