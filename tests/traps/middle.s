# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Trap 5: functions of a path; on path 0 the value is loaded, on the others a jump comes in between
# the load and the instruction that consumes it.
	.file	"middle.c"
	.text
	.macro	jump_to number
	jmp	.Llabel\number
	.endm
	.type	by_label, @function
by_label:
	movl	$3, %ecx
	testl	%edi, %edi
	jne	.Linto
	movl	b(%rip), %ecx
.Linto:
	movl	%esi, %eax
	shll	%cl, %eax
	xorl	%ecx, %ecx
	ret
	.size	by_label, .-by_label
	.type	by_number, @function
by_number:
	movl	$3, %ecx
	testl	%edi, %edi
	jne	1f
	movl	b(%rip), %ecx
1:	movl	%esi, %eax
	shll	%cl, %eax
	xorl	%ecx, %ecx
	ret
	.size	by_number, .-by_number
	.type	by_table, @function
by_table:
	movl	$3, %ecx
	testl	%edi, %edi
	jne	.Lby_table
	movl	b(%rip), %ecx
.Lcase:
	movl	%esi, %eax
	shll	%cl, %eax
	xorl	%ecx, %ecx
	ret
.Lby_table:
	jmp	*jump_table(%rip)
	.size	by_table, .-by_table
	.section .rodata
jump_table:
	.quad	.Lcase
	.text
	.type	by_address, @function
by_address:
	movl	$3, %ecx
	testl	%edi, %edi
	jne	.Lby_address
	movl	b(%rip), %ecx
.Laddress:
	movl	%esi, %eax
	shll	%cl, %eax
	xorl	%ecx, %ecx
	ret
.Lby_address:
	movl	$.Laddress, %eax
	jmp	*%rax
	.size	by_address, .-by_address
	.type	by_assignment, @function
by_assignment:
	movl	$3, %ecx
	testl	%edi, %edi
	jne	into
	movl	b(%rip), %ecx
into = .
	movl	%esi, %eax
	shll	%cl, %eax
	xorl	%ecx, %ecx
	ret
	.size	by_assignment, .-by_assignment
	.type	by_set, @function
by_set:
	movl	$3, %ecx
	testl	%edi, %edi
	jne	.Lset
	movl	b(%rip), %ecx
	.set	.Lset, .
	movl	%esi, %eax
	shll	%cl, %eax
	xorl	%ecx, %ecx
	ret
	.size	by_set, .-by_set
	.type	by_macro, @function
by_macro:
	movl	$3, %ecx
	testl	%edi, %edi
	jne	.Lby_macro
	movl	b(%rip), %ecx
.Llabel7:
	movl	%esi, %eax
	shll	%cl, %eax
	xorl	%ecx, %ecx
	ret
.Lby_macro:
	jump_to	7
	.size	by_macro, .-by_macro
# %rcx is needed on the way through .text 1, which stands behind the reference but does not follow it
	.type	elsewhere, @function
elsewhere:
	movq	%rsi, %rax
	movl	$9, %ecx
	testl	%edi, %edi
	jne	.Lback
	addq	b(%rip), %rax
	jmp	.Ladd
	.text	1
	xorl	%ecx, %ecx
.Lback:
	movl	$4, %ecx
	jmp	.Ladd
	.text	0
.Ladd:
	addq	%rcx, %rax
	ret
	.size	elsewhere, .-elsewhere
	.type	falls, @function
falls:
	movq	%rsi, %rax
	movl	$9, %ecx
	addq	b(%rip), %rax
	.text	1
	xorl	%ecx, %ecx
	ret
	.text	0
	addq	%rcx, %rax
	ret
	.size	falls, .-falls

	.globl	trap_run
	.type	trap_run, @function
trap_run:
	pushq	%rbx
	pushq	%r12
	xorl	%ebx, %ebx
	movl	$table, %r12d
.Leach:
	xorl	%edi, %edi
	movl	$77, %esi
	call	*(%r12)
	rolq	$7, %rbx
	xorq	%rax, %rbx
	movl	$1, %edi
	movl	$3, %esi
	call	*(%r12)
	rolq	$7, %rbx
	xorq	%rax, %rbx
	addq	$8, %r12
	cmpq	$table_end, %r12
	jne	.Leach
	movq	%rbx, %rax
	popq	%r12
	popq	%rbx
	ret
	.size	trap_run, .-trap_run
	.section .rodata
table:
	.ifdef	ONLY
	.quad	ONLY
	.else
	.quad	by_label, by_number, by_table, by_address, falls, elsewhere
	.endif
table_end:
	.section rcpp_patchable, "aw"
	.globl	b
b:	.quad	0
	.section .note.GNU-stack, "", @progbits
