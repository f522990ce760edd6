# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Functions that read the flags of a compare of a patchable with a constant, on standard output.

Every condition in every spelling, every width, compares of memory and of a loaded register, with
constants at the edges, read by jumps near and far, set and cmov. branches.c calls them all.
"""

from functions import CONDITIONS, CX, SUFFIX, readers, write

SPELLINGS = "c nae nb nc z nz na nbe pe po nge nl ng nle".split()


def compares(width):
    s, x, v = SUFFIX[width], CX[width], f"v{width}(%rip)"
    load = f"mov{s} {v}, {x}"
    top = 1 << min(8 * width, 32) - 1
    for constant in (0, 1, -1, 5, top - 1, -top):
        yield [f"cmp{s} ${constant}, {v}"]
        yield [f"test{s} ${constant}, {v}"]
        yield [load, f"cmp ${constant}, {x}"]
        yield [load, f"test{s} ${constant}, {x}"]
    yield [load, f"test{s} {x}, {x}"]
    if width < 4:
        yield [f"movs{s}l {v}, %ecx", "cmpl $-2, %ecx"]
        yield [f"movz{s}l {v}, %ecx", "cmpl $128, %ecx"]
    if width < 8:
        yield [f"movs{s}q {v}, %rcx", "testq %rcx, %rcx"]


def bodies():
    count = 0
    for compare in [compare for width in SUFFIX for compare in compares(width)]:
        for c in CONDITIONS + SPELLINGS:
            # All conditions meet all compares; another reader each time.
            kinds = list(readers(c))
            count += 1
            yield compare + kinds[(count + count // 30) % len(kinds)]


write("branches.c", bodies())
