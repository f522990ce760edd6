# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Padding of 1 byte, 2 bytes and so on, up to the longest that a site can have behind an instruction
# of 7 bytes: as the assembler pads, and as rcpp lets it pad (RCPP_NOP_MAX). For core.c, which
# compares them with the runtime's.

	.section .rodata
	.globl nops_start, nops_end, padding_start, padding_end
nops_start:
	.set length, 0
	.rept 57
	.set length, length + 1
	.nops length
	.endr
nops_end:
padding_start:
	.set length, 0
	.rept 57
	.set length, length + 1
	.if length > 11
	.byte 0xeb, length - 2
	.nops length - 2
	.else
	.nops length
	.endif
	.endr
padding_end:

	.section .note.GNU-stack,"",@progbits
