# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Functions that make something of a loaded patchable, and then read the flags of a compare of that,
on standard output: every operation, width, constants at the edges, one behind the other up to three.
branches.c calls them all.
"""

import random

from functions import CONDITIONS, CX, SUFFIX, readers, write

OPERATIONS = "and or xor add sub shl sal shr sar shift1 not neg".split()
draw = random.Random(1)


def constant(width):
    top = 1 << min(8 * width, 32) - 1
    return draw.choice((0, 1, -1, 5, 24, 85, top - 1, -top, draw.randrange(-top, top)))


def step(width, operation):
    s, x = SUFFIX[width], CX[width]
    if operation in ("not", "neg"):
        return f"{operation}{s} {x}"
    if operation == "shift1":
        return f"{draw.choice(('shl', 'sal', 'shr', 'sar'))}{s} {x}"
    if operation in ("shl", "sal", "shr", "sar"):
        return f"{operation}{s} ${draw.choice((1, 3, 7, 8 * width - 1, 31, 33, 63, 0))}, {x}"
    return f"{operation}{s} ${constant(width)}, {x}"


def load(width):
    s, v = SUFFIX[width], f"v{width}(%rip)"
    kinds = [(f"mov{s} {v}, {CX[width]}", width if width < 4 else 8)]
    if width < 4:
        kinds += [(f"mov{e}{s}{to} {v}, {CX[4 if to == 'l' else 8]}", 8) for e in "zs" for to in "lq"]
    if width == 4:
        kinds += [(f"movslq {v}, %rcx", 8)]
    return draw.choice(kinds)


def compare(width, last, c):
    """A compare of what the last step made; and, or and xor may be one themselves."""
    s, x = SUFFIX[width], CX[width]
    kinds = [f"cmp{s} ${constant(width)}, {x}", f"test{s} ${constant(width)}, {x}", f"test{s} {x}, {x}"]
    if c in ("b", "ae") and width > 1:
        kinds += [f"bt{s} ${draw.randrange(9 * width)}, {x}"] * 2
    if last.startswith(("and", "or", "xor")):
        kinds += [""] * 2
    chosen = draw.choice(kinds)
    return [chosen] if chosen else []


def body(operations, c, kept=False):
    """Where the value is kept, the steps stay, or become moves of what they make."""
    first, valid = load(draw.choice([w for w in SUFFIX if not kept or w <= 4]))
    lines = [first]
    for operation in operations:
        width = draw.choice([w for w in SUFFIX if w <= valid and (not kept or w <= 4)])
        valid = width if width < 4 else 8
        lines.append(step(width, operation))
    # The flags of a step are those of its own width.
    lines += compare(draw.choice([w for w in SUFFIX if w <= valid]), lines[-1], c)
    if kept:
        return lines + draw.choice(list(readers(c))[2:10])[:-1] + ["addq %rcx, %rax", "ret"]
    return lines + draw.choice(list(readers(c)))


def bodies():
    for c in CONDITIONS:
        for operation in OPERATIONS:
            for other in OPERATIONS:
                yield body([operation], c)
                yield body([operation, other], c)
                yield body([operation, other], c, kept=True)
                yield body([operation, draw.choice(OPERATIONS), other], c)


write("steps.c", bodies())
