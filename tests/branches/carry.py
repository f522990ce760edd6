# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Functions that read the carry of a compare of a patchable with a constant otherwise than by a
condition in sight, on standard output. branches.c calls them all.
"""

from functions import CX, SUFFIX, write

READERS = [
    ["adcq $0, %rax"], ["adcl %edx, %eax"], ["adcb $7, %al"], ["adcw %dx, %ax"], ["adcq (%rdi), %rax"],
    ["adcl %edx, 8(%rdi)", "movl 8(%rdi), %eax"], ["sbbl %eax, %eax"], ["sbbq $-1, %rax"],
    ["sbbb %dl, %al"], ["sbbq %rdx, %rax"], ["rclq $1, %rax"], ["rcrl $3, %eax"],
    ["cmc", "adcq $5, %rax"], ["incl %edx", "adcl %edx, %eax"], ["movl %edx, %eax", "adcl $0, %eax"],
    ["adcq %rdx, %rax", "adcq $0, %rax"], ["adcq %rdx, %rax", "seto %al", "sets %ah"],
    ["jmp .L@", "nop", ".L@: setc %al"],
    ["jmp .L@", ".section .text.unlikely", ".L@: setnc %al", "ret", ".text"],
    ["jc .L@", "adcq $3, %rax", "ret", ".L@: sbbq $9, %rax"],
    ["setc %dl", "adcb %dl, %al"], ["cmovcq %rdx, %rax", "sbbl $77, %eax"],
]


def compares(width):
    s, x, v = SUFFIX[width], CX[width], f"v{width}(%rip)"
    top = 1 << min(8 * width, 32) - 1
    for constant in (0, 1, -1, 5, top - 1, -top):
        yield [f"cmp{s} ${constant}, {v}"]
        yield [f"mov{s} {v}, {x}", f"cmp ${constant}, {x}"]
    for bit in (0, 3, 8 * width - 1, 8 * width + 2):
        if width > 1:
            yield [f"bt{s} ${bit}, {v}"]
            yield [f"mov{s} {v}, {x}", f"bt{s} ${bit}, {x}"]
            yield [f"mov{s} {v}, {x}", f"xor{s} $85, {x}", f"bt ${bit}, {x}"]
    # They differ in nothing but what was made of the value.
    for step in ([], [f"sub{s} $3, {x}"], [f"sub{s} $100, {x}"], [f"not{s} {x}"]):
        yield [f"mov{s} {v}, {x}", *step, f"cmp $9, {x}"]
        # The load stays, for somebody else.
        yield [f"mov{s} {v}, {x}", "movd %ecx, %xmm0", *step, f"cmp $9, {x}"]
    if width < 4:
        yield [f"movs{s}l {v}, %ecx", "cmpl $-2, %ecx"]
        yield [f"movz{s}l {v}, %ecx", f"cmp{s} $127, {x}"]


write("carry.c", (compare + reader + ["ret"]
                  for width in SUFFIX for compare in compares(width) for reader in READERS))
