# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What the generators beside it share: registers, readers of flags, and the file around functions."""

CONDITIONS = "o no b ae e ne be a s ns p np l ge le g".split()
SUFFIX = {1: "b", 2: "w", 4: "l", 8: "q"}
CX = {1: "%cl", 2: "%cx", 4: "%ecx", 8: "%rcx"}


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
    yield [f"j{c} .L@", "notq %rax", ".L@: leaq 3(%rax,%rdx), %rax", "ret"]
    yield [f"j{c} .L@", "addq $-305419896, 8(%rdi)", ".loc 1 1", "movabsq $0x123456789abcdef, %r9",
           "adcq %r9, %rax", ".LVL@:", "imulq $305419896, 8(%rdi), %r8",
           ".L@: xorq 8(%rdi), %rax", "ret"]


def write(source, bodies):
    """Functions f0, f1, ... with these lines, where @ is the name, and a table of them."""
    print(f'\t.file "{source}"\n\t.file 1 "{source}"\n\t.text')
    count = 0
    for lines in bodies:
        name = f"f{count}"
        count += 1
        print(f"\t.type {name}, @function\n{name}:\n\tmovq %rsi, %rax")
        for line in lines:
            print("\t" + line.replace("@", name))
        print(f"\t.size {name}, .-{name}")
    print('\t.section .data.rel.ro, "aw"\n\t.globl functions, function_count\nfunctions:')
    for i in range(count):
        print(f"\t.quad f{i}")
    print(f"function_count: .quad {count}")
    print('\t.section .note.GNU-stack, "", @progbits')
