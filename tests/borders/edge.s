# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Two sites of one form; the second one ends 5 bytes before a page does.
	.text
	.balign	4096
	.globl	edge
	.type	edge, @function
edge:	nop
	movl	value(%rip), %eax
	.skip	4088 - 11, 0x90
	nop
	movl	value(%rip), %eax
	ret
	.size	edge, . - edge
	.balign	4096
	.globl	given_up
given_up:
	.skip	4096, 0xcc
	.section .note.GNU-stack, "", @progbits
