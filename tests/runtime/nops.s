# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The assembler's padding of 1 byte, 2 bytes and so on, up to the longest that a site can have behind
# an instruction of 7 bytes. For core.c, which compares it with the runtime's.

	.section .rodata
	.globl nops_start, nops_end
nops_start:
	.set length, 0
	.rept 57
	.set length, length + 1
	.nops length
	.endr
nops_end:

	.section .note.GNU-stack,"",@progbits
