# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Functions that read the carry of a compare of a patchable with a constant otherwise than by a
condition in sight, on standard output. branches.c calls them all.
"""

SUFFIX = {1: "b", 2: "w", 4: "l", 8: "q"}
CX = {1: "%cl", 2: "%cx", 4: "%ecx", 8: "%rcx"}

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
    if width < 4:
        yield [f"movs{s}l {v}, %ecx", "cmpl $-2, %ecx"]
        yield [f"movz{s}l {v}, %ecx", f"cmp{s} $127, {x}"]


def main():
    print('\t.file "carry.c"\n\t.text')
    names = []
    for width in SUFFIX:
        for compare in compares(width):
            for reader in READERS:
                name = f"f{len(names)}"
                names.append(name)
                print(f"\t.type {name}, @function\n{name}:\n\tmovq %rsi, %rax")
                for line in compare + reader + ["ret"]:
                    print("\t" + line.replace("@", name))
                print(f"\t.size {name}, .-{name}")
    print('\t.section .data.rel.ro, "aw"\n\t.globl functions, function_count\nfunctions:')
    for name in names:
        print(f"\t.quad {name}")
    print(f"function_count: .quad {len(names)}")
    print('\t.section .note.GNU-stack, "", @progbits')


main()
