# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Trap 2: jumps by name that are no tail calls, for what stands there reads the flags of a compare
# before them; and tail calls.
	.file	"tailcalls.c"
	.text
	.type	blocks, @function
blocks:
	cmpq	$5, b(%rip)
	jg	.Lblocks
	movl	$2, %eax
	jmp	blocks.__part.1
	.section .text.unlikely, "ax"
blocks.__part.1:
	adcq	%rdi, %rax
	ret
	.text
.Lblocks:
	movl	$3, %eax
	jmp	blocks.cold
	.section .text.unlikely
blocks.cold:
	setpe	%al
	ret
	.text
	.size	blocks, .-blocks
# The place is in another function, whose name a compiler would not use.
	.type	places, @function
places:
	cmpq	$77, b(%rip)
	jg	.Lplaces
	movl	$2, %eax
	ret
.Lplaces:
	movl	$3, %eax
	jmp	place
	.size	places, .-places
	.type	owner, @function
owner:
	testq	%rdi, %rdi
place:
	sbbq	%rdi, %rax
	seto	%al
	ret
	.size	owner, .-owner
	.type	calls, @function
calls:
	cmpq	$63, b(%rip)
	ja	.Lcalls
	jmp	called
.Lcalls:
	jmp	also_called
	.size	calls, .-calls
	.type	called, @function
called:
	leaq	(%rdi,%rdi,2), %rax
	ret
	.size	called, .-called
	.type	also_called, @function
also_called:
	leaq	1(%rdi), %rax
	ret
	.size	also_called, .-also_called

	.globl	trap_run
	.type	trap_run, @function
trap_run:
	movl	$12345, %edi
	call	blocks
	movq	%rax, %rsi
	call	places
	rolq	$7, %rsi
	xorq	%rax, %rsi
	call	owner
	rolq	$7, %rsi
	xorq	%rax, %rsi
	call	calls
	rolq	$7, %rsi
	xorq	%rsi, %rax
	ret
	.size	trap_run, .-trap_run
	.section rcpp_patchable, "aw"
	.globl	b
b:	.quad	0
	.section .note.GNU-stack, "", @progbits
