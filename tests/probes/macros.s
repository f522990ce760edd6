# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# As entries.s, for what macros and conditions leave, and what they do not.
	.macro	entry name
\name:
	.endm
	.macro	nothing
	.endm
	.macro	nop
	.byte	0x66, 0x90
	.endm
	.text
made:
	nothing
	addq	b(%rip), %rax # ENTRY
	entry	function
	addq	b(%rip), %rax # ENTRY
	addq	b(%rip), %rax # INSIDE
	.rept	0
	nop
	.endr
	addq	b(%rip), %rax # ENTRY that is a macro here
	.rept	0
	ret
	.endr
	addq	b(%rip), %rax # INSIDE
left_out:
	.if	0
	ret
	.endif
	addq	b(%rip), %rax # ENTRY
repeated:
	.rept	0
	ret
	.endr
	addq	b(%rip), %rax # ENTRY
	lock
	incl	(%rdi)
	addq	b(%rip), %rax # INSIDE
prefix:
	rep
	movsb
	addq	b(%rip), %rax # INSIDE
	ret
	.section	rcpp_patchable, "aw", @progbits
b:	.quad	0
