# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Functions in assembly: compares with their jumps, and loads with both, that stand one behind the
other. Sites of all lengths that can be joined, and some that cannot. Each function returns what it
has come through."""

COME = ["addl ${}, %edx"] + 3 * ["leal (%rdx,%rdx,2), %edx"]  # too many to be a part of a site
LEAVE = ["addl $0, %edx", "movl %edx, %eax", "ret"]  # nobody reads the flags of before

FUNCTIONS = {
    # 7 and 2 bytes
    "near": "cmpl $3, level(%rip); jg .Lnear; come 1; .Lnear: ; leave",
    # 7 and 6
    "far": "cmpl $3, level(%rip); jg .Lfar; come 1; leave; .skip 200, 0x90; .Lfar: ; come 2; leave",
    # 6, 3 and 2
    "loaded": "movl level(%rip), %ecx; cmpl $3, %ecx; jg .Lloaded; come 1;"
              ".Lloaded: ; xorl %ecx, %ecx; leave",
    # 6, 2 and 2
    "tested": "movl level(%rip), %ecx; testl %ecx, %ecx; js .Ltested; come 1;"
              ".Ltested: ; xorl %ecx, %ecx; leave",
    # 2 and 2: the register is read behind them, so its load stays
    "kept": "movl level(%rip), %ecx; testl %ecx, %ecx; js .Lkept; come 1;"
            ".Lkept: ; addl %ecx, %edx; xorl %ecx, %ecx; leave",
    # 6, 3, 2, 3, 2, 2 and 2: three conditions on one value
    "several": "movl level(%rip), %ecx; cmpl $3, %ecx; jg .Lseveral; cmpl $1, %ecx; jl .Lmore;"
               "testl %ecx, %ecx; je .Lmore; come 1; .Lmore: ; come 2;"
               ".Lseveral: ; xorl %ecx, %ecx; leave",
    # 6, 3, 2 and 2: two jumps for one compare
    "both": "movl level(%rip), %ecx; cmpl $2, %ecx; jg .Lboth; je .Lequal; come 1;"
            ".Lequal: ; come 2; .Lboth: ; xorl %ecx, %ecx; leave",
    # 11 and 2
    "long": "cmpq $70000, wide(%rip); jge .Llong; come 1; .Llong: ; leave",
    # 7 and 5: the jump and what it skips
    "skips": "cmpl $3, level(%rip); movl $1, %esi; jg .Lskips; addl $1, %edx; .Lskips: ; leave",
    # A symbol stands between them, where a tracer may attach.
    "probed": "cmpl $3, level(%rip); inner: ; jg .Lprobed; come 1; .Lprobed: ; leave",
    # Somebody jumps between the compare and its jump.
    "entered": "cmpl $3, level(%rip); .Lentered: ; jg .Lleave; come 1; leal -1(%rsi), %esi;"
               "jmp .Lentered; .Lleave: ; leave",
}


def instructions(code):
    for text in code.split(";"):
        word, _, rest = text.strip().partition(" ")
        if word == "come":
            yield from (line.format(rest) for line in COME)
        elif word == "leave":
            yield from LEAVE
        else:
            yield text.strip()


print("\t.text")
for name, code in FUNCTIONS.items():
    # No site begins where the function does.
    print(f"\t.globl {name}\n\t.type {name}, @function\n{name}:\tmovl $0, %edx")
    for line in instructions(code):
        print(f"\t{line}")
    print(f"\t.size {name}, .-{name}")
print('\t.section .note.GNU-stack,"",@progbits')
