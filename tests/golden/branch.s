# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Heading [branch] of the rules: conditions. What rcpp makes of it is in branch.expected: its --explain
# lines, then the text, with each site in brackets.

	.file "branch.c"
	.text
	.type compared, @function
compared:
	cmpl $5, i(%rip)
	jg .L1
	xorl %eax, %eax
	ret
.L1:
	movl $1, %eax
	ret
	.size compared, .-compared
	.type masked, @function
masked:
	testb $4, c(%rip)
	je .L2
	movl $1, %eax
	ret
	.section .text.unlikely,"ax",@progbits
.L2:
	xorl %eax, %eax
	ret
	.text
	.size masked, .-masked
	.type loaded, @function
loaded:
	movl i(%rip), %ecx
	testl %ecx, %ecx
	jne .L3
	movl $1, %eax
.L3:
	ret
	.size loaded, .-loaded
	.type chain, @function
chain:
	movl i(%rip), %ecx
	cmpl $2, %ecx
	je .L4
	jg .L5
	testl %ecx, %ecx
	jne .L6
	movl $1, %eax
	ret
.L4:
	movl $2, %eax
	ret
.L5:
	movl $3, %eax
	ret
.L6:
	movl $4, %eax
	ret
	.size chain, .-chain
	.type stepped, @function
stepped:
	movl i(%rip), %eax
	andl $24, %eax
	cmpl $16, %eax
	je .L17
	jmp f
.L17:
	jmp g
	.size stepped, .-stepped
	.type bit, @function
bit:
	btl $9, i(%rip)
	jc .L18
	movl $1, %eax
.L18:
	ret
	.size bit, .-bit
	.type chosen, @function
chosen:
	cmpq $100, b(%rip)
	cmovle %rsi, %rdi
	cmovel %edx, %ecx
	cmovgw %dx, %cx
	setne %al
	setb 8(%rdi)
	ret
	.size chosen, .-chosen
	.type compare_stays, @function
compare_stays:
	movl $0, %ecx
	cmpl $100, i(%rip)
	je .L7
	adcl $0, %edi
.L7:
	movl $0, %ecx
	ret
	.size compare_stays, .-compare_stays
	.type carry, @function
carry:
	cmpl $1, i(%rip)
	sbbl %eax, %eax
	movq b(%rip), %rcx
	cmpq $100, %rcx
	adcl $0, %eax
	ret
	.size carry, .-carry
	.section rcpp_patchable,"aw",@progbits
b:	.quad 0
i:	.long 0
c:	.byte 0
