# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Trap 3: reads of a byte and a word keep the rest of the register.
	.file	"partial.c"
	.text
	.globl	trap_run
	.type	trap_run, @function
trap_run:
	movabsq	$0x1122334455667788, %rax
	movb	b(%rip), %al
	movq	%rax, %r8
	movabsq	$0x1122334455667788, %rax
	movw	b(%rip), %ax
	rolq	$3, %r8
	xorq	%rax, %r8
	movabsq	$0x1122334455667788, %rax
	movb	b+1(%rip), %ah
	rolq	$3, %r8
	xorq	%rax, %r8
	movabsq	$0x1122334455667788, %rax
	addb	b(%rip), %ah
	rolq	$3, %r8
	xorq	%rax, %r8
	movabsq	$0x1122334455667788, %rax
	movl	b(%rip), %eax
	rolq	$3, %r8
	xorq	%rax, %r8
	call	high
	rolq	$3, %r8
	xorq	%rax, %r8
	call	word
	rolq	$3, %r8
	xorq	%rax, %r8
	call	byte
	rolq	$3, %r8
	xorq	%rax, %r8
	call	addresses
	rolq	$3, %r8
	xorq	%rax, %r8
	movq	%r8, %rax
	xorl	%ecx, %ecx
	xorl	%edx, %edx
	ret
	.size	trap_run, .-trap_run
# only %rsi, %r9 and their like are free: they cannot stand beside %ah
	.type	high, @function
high:
	movl	$0x1234, %eax
	movl	$9, %esi
	movl	$9, %r9d
	cmpb	%ah, b(%rip)
	sete	%al
	movzbl	%al, %eax
	ret
	.size	high, .-high
# the multiplication leaves bits 16 to 31 as the load wrote them
	.type	word, @function
word:
	movl	$0x1235, %edi
	movl	$-1, %eax
	movl	b(%rip), %eax
	imulw	%di, %ax
	ret
	.size	word, .-word
# so does an 8-bit addition, and the upper half was cleared by the load
	.type	byte, @function
byte:
	movq	$-1, %rdx
	movl	b(%rip), %edx
	movb	$3, %dl
	movq	%rdx, %rax
	movq	$-1, %rcx
	movzwl	b(%rip), %ecx
	addb	%cl, %al
	leaq	(%rax,%rcx), %rax
	ret
	.size	byte, .-byte
# an address of 32 bits: the sum is cut off
	.type	addresses, @function
addresses:
	movabsq	$0x7700000000, %rdi
	movzbl	b(%rip), %ecx
	leaq	(%ecx,%edi), %rax
	movzbl	b(%rip), %ecx
	leaq	8(%edi,%ecx), %rdx
	leaq	(%rax,%rdx,2), %rax
	xorl	%ecx, %ecx
	ret
	.size	addresses, .-addresses
	.section rcpp_patchable, "aw"
	.globl	b
b:	.quad	0
	.section .note.GNU-stack, "", @progbits
