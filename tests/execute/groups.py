#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""
Loads with several consumers: every role that a consumer can have beside every other one, with
constants at the edges of what guards and immediates promise.

In: nothing. Out, in a directory: plain.s, functions that read plain_v; sites.s, the same ones that
read b, for the filter; and for groups.c a table of both. On standard output: how many loads must be
able to vanish.

    groups.py DIRECTORY
"""

import random
import sys

MARGIN = 1 << 20  # RCPP_ADDEND_MAX
EDGES = [0, 1, -1, MARGIN, -MARGIN, MARGIN + 1, -MARGIN - 1, 2**31 - 1, -2**31]

# Text: %rcx holds the value, C is a constant. R is a register of 64 bits that belongs to this
# consumer's place in the group, E its 32 bits, W its 16, B a byte for a flag. P is what makes C(P)
# an address with the value.
VALUE = [  # nothing else is in them
    "addq %rcx, R", "subq %rcx, R", "addl %ecx, E", "xorw %cx, W", "movq %rcx, SLOT(%rdi)",
    "movl %ecx, SLOT(%rdi)", "imulq %rcx, R", "imull %ecx, E", "pushq %rcx; popq R",
    "cmpq %rcx, R; setb B", "testq %rcx, R; setne B", "cmpl %ecx, E; setg B", "shlq %cl, R",
    "rorl %cl, E", "shldq %cl, %rsi, R", "popcntl %ecx, E", "testq %rcx, %rcx; sets B"]
ADDEND = ["leaq C(%rcx), R", "leal C(%rcx), E", "leaq C(%rcx,%rcx,4), R", "leal C(,%rcx,8), E"]
ADDRESS = ["leaq C(%rcx,%rsi), R", "leal C(%rsi,%rcx), E", "leaw C(%rcx,%rsi), W",
           "leaq C(,%rcx), R", "movq C(%rcx,P), R", "movl %esi, C(%rcx,P)", "addl C(P,%rcx), E",
           "movzbl C(%rcx,P), E"]
COMPARE = ["cmpq $C, %rcx; setle B", "cmpl $C, %ecx; setb B", "testq $C, %rcx; sete B",
           "cmpq $C, %rcx; cmovgq %rsi, R"]
LAST = ["notq %rcx", "negl %ecx", "addq %rsi, %rcx", "addl %esi, %ecx", "imulq %rsi, %rcx",
        "leaq C(%rcx), %rcx", "leal C(%rcx,%rcx,2), %ecx", "andl $C, %ecx", "andq $C, %rcx",
        "leaq C(%rcx,%rsi), %rcx", "movq C(%rcx,P), %rcx"]  # they write %rcx
LOADS = ["movq VAR, %rcx", "movl VAR, %ecx", "movslq VAR, %rcx", "movzbl VAR, %ecx",
         "movswl VAR, %ecx"]

PLACES = [("rax", "eax", "ax", "r9b", "rbx"), ("rdx", "edx", "dx", "r10b", "r12"),
          ("r8", "r8d", "r8w", "r11b", "r13")]


def constants(text):
    return EDGES if "C" in text else [None]


def with_constants(texts):
    return [(text, constant) for text in texts for constant in constants(text)]


def consumes(text, constant):
    """An address has room for the margin only."""
    return text not in ADDRESS + LAST[-2:] or constant is None or abs(constant) <= MARGIN or \
        text == "leaq C(,%rcx), R"  # nothing but the value: that is an immediate


def spell(place, text, constant):
    full, half, word, byte, index = PLACES[place]
    for letter, name in zip("REWBP", [full, half, word, byte, index]):
        for before in " ,(":
            for behind in " ,);":
                text = (text + ";").replace(before + letter + behind,
                                            f"{before}%{name}{behind}")[:-1]
    text = text.replace("SLOT", str(32 + 8 * place))
    return text.replace("C(", f"{constant}(").replace("$C", f"${constant}").replace("; ", "\n\t")


def groups():
    """Each a load and two or three consumers with their constants."""
    draw = random.Random(1)
    every = VALUE + ADDEND + ADDRESS + COMPARE
    count = 0

    def some(texts, behind):
        """Each of them, and one of its constants after the other as they are asked for."""
        for text in texts:
            options = constants(text)
            yield text, options[behind % len(options)]

    for first in with_constants(every):
        for second in some(every + LAST, count):
            yield LOADS[0], [first, second]
            yield draw.choice(LOADS), [second, first] if second[0] not in LAST else \
                [first, draw.choice(with_constants(every)), second]
        count += 1
    for last in with_constants(LAST):
        for first in some(every, count):
            yield draw.choice(LOADS), [first, last]
            count += 1


def function(name, load, group, variable):
    lines = [f"\t.type {name}, @function", f"{name}:", "\t" + load.replace("VAR", f"{variable}(%rip)")]
    lines += ["\t" + spell(place, *one) for place, one in enumerate(group)]
    if group[-1][0] in LAST:
        lines.append("\tmovq %rcx, 56(%rdi)")
    return lines + ["\txorl %ecx, %ecx", "\tret", f"\t.size {name}, .-{name}"]


def main():
    files = {name: ['\t.file "groups.c"', "\t.text"] for name in ["plain", "sites"]}
    table = ["\t.section .data.rel.ro, \"aw\"", "\t.globl groups", "groups:"]
    vanishing = 0
    number = 0
    for number, (load, group) in enumerate(groups(), 1):
        files["plain"] += [f"\t.globl plain_{number}"] + \
            function(f"plain_{number}", load, group, "plain_v")
        files["sites"] += [f"\t.globl sites_{number}"] + \
            function(f"sites_{number}", load, group, "b")
        addends = [constant or 0 for _, constant in group] + [0]
        table.append(f"\t.quad plain_{number}, sites_{number}, {LOADS.index(load)}, " +
                     ", ".join(str(addend) for addend in addends[:3]))
        vanishing += all(consumes(*one) for one in group)
    table.append("\t.quad 0, 0, 0, 0, 0, 0")
    for name, lines in {**files, "table": table}.items():
        lines.append('\t.section .note.GNU-stack, "", @progbits')
        with open(f"{sys.argv[1]}/{name}.s", "w", encoding="ascii") as file:
            file.write("\n".join(lines) + "\n")
    print(vanishing)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: groups.py DIRECTORY")
    main()
