# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Functions that compare something with a patchable on the right side, on standard output.

Every condition in every spelling, every width, the variable and a loaded register with it, a register
and memory on the other side, read by jumps near and far, set and cmov, alone and one behind the other.
turned.c calls them all. In the comment behind a function's name stands what must become of it: "turns",
"plain" (turned, and no reader changes) or "stays".
"""

MIRRORED = "b ae be a l ge le g c nae nb nc na nbe nge nl ng nle".split()
ZERO = "e ne z nz".split()
OTHERS = "o no s ns p np pe po".split()
SUFFIX = {1: "b", 2: "w", 4: "l", 8: "q"}
REGISTER = {  # of the number that the value is compared with: %rcx; of the value: %r8
    1: ("%cl", "%r8b"), 2: ("%cx", "%r8w"), 4: ("%ecx", "%r8d"), 8: ("%rcx", "%r8")}


def compares(width):
    """Lines, and whether the function has a dead register."""
    s, (c, x), v = SUFFIX[width], REGISTER[width], f"v{width}(%rip)"
    load = f"mov{s} {v}, {x}"
    yield [f"cmp{s} {c}, {v}"], False
    yield [f"cmp {c}, {v}"], True
    yield [load, f"cmp{s} {c}, {x}"], True
    yield [f"mov{s} {c}, 8(%rdi)", load, f"cmp 8(%rdi), {x}"], True
    yield [f"movl $1, %r9d; mov{s} {c}, cell(%rip)", load, f"cmp{s} cell(%rip), {x}"], True
    yield [f"movl $1, %r9d; mov{s} {c}, 4(%rdi,%r9,4)", load, f"cmp{s} 4(%rdi,%r9,4), {x}"], True
    if width == 1:
        yield ["movb %cl, %ch", f"cmpb %ch, {v}"], False
    if width < 4:
        yield [f"mov{'sz'[width - 1]}{s}l {v}, %r8d", "cmpl %ecx, %r8d"], True
        yield [f"mov{'zs'[width - 1]}{s}l {v}, %r8d", f"cmp{s} {c}, {x}"], True
    if width == 4:
        yield [f"movl {v}, %r8d", "cmpq %rcx, %r8"], True
        yield [f"movslq {v}, %r8", "cmpq %rcx, %r8"], True


def readers(c):
    """Conditions besides c, and how they become a result in %rax, which is garbage before."""
    yield "", [f"j{c} .L@", "movl $1, %eax", "ret", ".L@: movl $2, %eax", "ret"]
    yield "", [f"set{c} %al", "ret"]
    yield "", [f"j{c} .L@", "movl $1, %eax", "ret", ".section .text.unlikely",
               ".L@: movl $2, %eax", "ret", ".text"]
    yield "", [f"set{c} 12(%rdi)", "movl 12(%rdi), %eax", "ret"]
    yield "", [f"cmov{c} %dx, %ax", "ret"]
    yield "", [f"cmov{c} %edx, %eax", "ret"]
    yield "", [f"cmov{c}q %rdx, %rax", "ret"]
    yield "", [f"cmov{c}l (%rdi), %eax", "ret"]
    yield "", [f"cmov{c} (%rdi), %rax", "ret"]
    yield "", [f"cmov{c}w 2(%rdi), %ax", "ret"]
    yield "e", ["je .L@", f"j{c} .L@b", "movl $1, %eax", "ret", ".L@: movl $2, %eax", "ret",
                ".L@b: movl $3, %eax", "ret"]
    yield "be g l", [f"set{c} %al", "setbe %ah", "cmovg %rdx, %rsi", "jl .L@", "addq %rsi, %rax",
                     "ret", ".L@: xorq %rsi, %rax", "ret"]
    yield "l", [f"j{c} .L@", "movl $1, %eax", "jl .L@b", "movl $2, %eax", ".L@b:", ".L@:", "ret"]


def function(name, what, lines):
    print(f"\t.type {name}, @function\n{name}:\t# {what}\n\tmovq %rsi, %rax")
    for line in lines:
        print("\t" + line.replace("@", name))
    print(f"\t.size {name}, .-{name}")


def main():
    print('\t.file "turned.c"\n\t.text')
    names = []
    number = 0
    for width in SUFFIX:
        for compare, free in compares(width):
            # One register that is written somewhere, and nothing else is dead.
            compare = (["movl $0, %r10d"] if free else []) + compare
            for c in MIRRORED + ZERO + OTHERS:
                number += 1
                for others, reader in list(readers(c))[number % 13::6]:
                    what = "stays" if c in OTHERS else "plain"
                    if c not in OTHERS and set([c] + others.split()) & set(MIRRORED):
                        what = "turns"
                    names.append(f"f{len(names)}")
                    function(names[-1], what, compare + reader)
    print("\t.section .data.rel.ro, \"aw\"\n\t.globl functions, function_count\nfunctions:")
    for name in names:
        print(f"\t.quad {name}")
    print(f"function_count: .quad {len(names)}")
    print("\t.local cell\n\t.comm cell, 8, 8\n\t.section .note.GNU-stack, \"\", @progbits")


main()
