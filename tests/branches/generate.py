# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Functions that read the flags of a compare of a patchable with a constant, on standard output.

Every condition in every spelling, every width, compares of memory and of a loaded register, with
constants at the edges, read by jumps near and far, set and cmov. branches.c calls them all.
"""

CONDITIONS = "o no b ae e ne be a s ns p np l ge le g".split()
SPELLINGS = "c nae nb nc z nz na nbe pe po nge nl ng nle".split()
SUFFIX = {1: "b", 2: "w", 4: "l", 8: "q"}
CX = {1: "%cl", 2: "%cx", 4: "%ecx", 8: "%rcx"}


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


def readers(c):
    """How the condition becomes a result in %rax, which is garbage before."""
    yield [f"j{c} .L@", "movl $1, %eax", "ret", ".L@: movl $2, %eax", "ret"]
    yield [f"j{c} .L@", "movl $1, %eax", "ret", ".section .text.unlikely", ".L@: movl $2, %eax",
           "ret", ".text"]
    yield [f"set{c} %al", "ret"]
    yield [f"set{c} 8(%rdi)", "movl 8(%rdi), %eax", "ret"]
    yield [f"cmov{c} %dx, %ax", "ret"]
    yield [f"cmov{c} %edx, %eax", "ret"]
    yield [f"cmov{c} %rdx, %rax", "ret"]
    yield [f"cmov{c}w %dx, %ax", "ret"]
    yield [f"cmov{c}l %edx, %eax", "ret"]
    yield [f"cmov{c}q %rdx, %rax", "ret"]


def function(name, lines):
    print(f"\t.type {name}, @function\n{name}:\n\tmovq %rsi, %rax")
    for line in lines:
        print("\t" + line.replace("@", name))
    print(f"\t.size {name}, .-{name}")


def main():
    print('\t.file "branches.c"\n\t.text')
    names = []
    every = [compare for width in SUFFIX for compare in compares(width)]
    for compare in every:
        for c in CONDITIONS + SPELLINGS:
            # All conditions meet all compares; another reader each time.
            kinds = list(readers(c))
            names.append(f"f{len(names)}")
            function(names[-1], compare + kinds[(len(names) + len(names) // 30) % len(kinds)])
    print("\t.section .data.rel.ro, \"aw\"\n\t.globl functions, function_count\nfunctions:")
    for name in names:
        print(f"\t.quad {name}")
    print(f"function_count: .quad {len(names)}")
    print("\t.section .note.GNU-stack, \"\", @progbits")


main()
