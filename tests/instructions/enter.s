# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# processor_enter(): loads all general registers and flags, and if wanted the vector state, from
# processor_in, jumps to the sample's code at processor_slot, and stores all to processor_out where
# the code goes on, which is at processor_exit, or processor_taken_exit if it has jumped.
	.text
	.globl	processor_enter
	.type	processor_enter, @function
processor_enter:
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	movq	%rsp, stack(%rip)
	movq	$0, processor_taken(%rip)
	cmpl	$0, processor_vector_mask(%rip)
	je	1f
	movl	processor_vector_mask(%rip), %eax
	xorl	%edx, %edx
	xrstor64 processor_vector_in(%rip)
1:	pushq	processor_in+128(%rip)
	popfq
	movq	processor_in+0(%rip), %rax
	movq	processor_in+8(%rip), %rcx
	movq	processor_in+16(%rip), %rdx
	movq	processor_in+24(%rip), %rbx
	movq	processor_in+32(%rip), %rsp
	movq	processor_in+40(%rip), %rbp
	movq	processor_in+48(%rip), %rsi
	movq	processor_in+56(%rip), %rdi
	movq	processor_in+64(%rip), %r8
	movq	processor_in+72(%rip), %r9
	movq	processor_in+80(%rip), %r10
	movq	processor_in+88(%rip), %r11
	movq	processor_in+96(%rip), %r12
	movq	processor_in+104(%rip), %r13
	movq	processor_in+112(%rip), %r14
	movq	processor_in+120(%rip), %r15
	jmp	*processor_slot(%rip)

	.globl	processor_taken_exit
processor_taken_exit:
	movq	$1, processor_taken(%rip)
	.globl	processor_exit
processor_exit:
	movq	%rax, processor_out+0(%rip)
	movq	%rcx, processor_out+8(%rip)
	movq	%rdx, processor_out+16(%rip)
	movq	%rbx, processor_out+24(%rip)
	movq	%rsp, processor_out+32(%rip)
	movq	%rbp, processor_out+40(%rip)
	movq	%rsi, processor_out+48(%rip)
	movq	%rdi, processor_out+56(%rip)
	movq	%r8, processor_out+64(%rip)
	movq	%r9, processor_out+72(%rip)
	movq	%r10, processor_out+80(%rip)
	movq	%r11, processor_out+88(%rip)
	movq	%r12, processor_out+96(%rip)
	movq	%r13, processor_out+104(%rip)
	movq	%r14, processor_out+112(%rip)
	movq	%r15, processor_out+120(%rip)
	movq	stack(%rip), %rsp
	pushfq
	popq	processor_out+128(%rip)
	pushq	$0x202
	popfq
	cmpl	$0, processor_vector_mask(%rip)
	je	2f
	movl	processor_vector_mask(%rip), %eax
	xorl	%edx, %edx
	xsave64	processor_vector_out(%rip)
	xrstor64 processor_vector_in(%rip)
2:	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	ret
	.size	processor_enter, .-processor_enter

	.local	stack
	.comm	stack, 8, 8
	.section .note.GNU-stack, "", @progbits
