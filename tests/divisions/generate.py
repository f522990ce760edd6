# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Functions that divide by a patchable variable, for divisions.c: assembly on standard output.

Each is function(dividend in %rdi, result at %rsi): one kind of division, what of its results is
live behind it, the divisor in memory, in a register, or in one that must be the same behind it (kept);
with a register that is dead, with one that the dividend is seen to come from, and without either.
Behind each function's address in `functions` stands what it does: width, whether it is signed,
which results it stores, whether it must become something without a division, whether it stores the
divisor's register, its bytes reversed: nothing takes the value for that.
"""

SUFFIX = {4: "l", 8: "q"}
REGISTER = {4: "%r9d", 8: "%r9"}
# Without a third register these are left to the processor, which README.md says.
NEEDS_TEMPORARY = {(8, "remainder"), (8, "both")}


def extension(width, signed):
    if not signed:
        return "xorl %edx, %edx"
    return "cltd" if width == 4 else "cqto"


def function(name, width, signed, results, source, help):
    suffix = SUFFIX[width]
    mnemonic = ("idiv" if signed else "div") + suffix
    # of which the upper half must not matter where width is 4
    lines = ["\tmovq %rdi, %rax" if help == "copy" else "\tleaq (%rdi), %rax"]
    if source != "memory":
        lines += [f"\tmov{suffix} v{width}(%rip), {REGISTER[width]}"]
    lines += [f"\t{extension(width, signed)}"]
    lines += [f"\t{mnemonic} " + (REGISTER[width] if source != "memory" else f"v{width}(%rip)")]
    if source == "kept":
        lines += ["\tbswapq %r9", "\tmovq %r9, 16(%rsi)"]
    if results != "remainder":
        lines += ["\tmovq %rax, (%rsi)"]
    if results != "quotient":
        lines += ["\tmovq %rdx, 8(%rsi)"]
    lines += ["\txorl %eax, %eax", "\txorl %edx, %edx"]
    if help == "temporary":
        lines += ["\txorl %r8d, %r8d"]
    print(f"\t.globl {name}\n\t.type {name}, @function\n{name}:")
    print("\n".join(lines) + f"\n\tret\n\t.size {name}, .-{name}")


def main():
    table = []
    print('\t.file "divisions.c"\n\t.text')
    for width in (4, 8):
        for signed in (0, 1):
            for number, results in enumerate(("quotient", "remainder", "both")):
                for source in ("memory", "register", "kept"):
                    for help in ("none", "temporary", "copy"):
                        name = f"f{len(table)}"
                        function(name, width, signed, results, source, help)
                        # The register with the divisor serves, dead behind it or not.
                        always = help != "none" or source == "register" or \
                            (source == "kept" and not (signed and results == "both")) or \
                            (width, results) not in NEEDS_TEMPORARY
                        table.append((name, width, signed, number, always, source == "kept"))
    print("\t.globl behind\nbehind:")
    print("\t.section .data.rel.ro, \"aw\"\n\t.p2align 3\n\t.globl functions, function_count")
    print("functions:")
    for name, width, signed, number, always, kept in table:
        print(f"\t.quad {name}\n\t.long {width}, {signed}, {number}, {int(always)}, {int(kept)}, 0")
    print(f"function_count:\n\t.quad {len(table)}\n\t.section .note.GNU-stack, \"\"")


main()
