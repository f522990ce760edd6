# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Heading [turned] of the rules: compares with the value on the other side. What rcpp makes of it is in
# turned.expected: its --explain lines, then the text, with each site in brackets.

	.file "turned.c"
	.text
	.type narrow, @function
narrow:
	cmpl %edi, i(%rip)
	jg .L1
	xorl %eax, %eax
	ret
.L1:
	movl $1, %eax
	ret
	.size narrow, .-narrow
	.type wide, @function
wide:
	cmpq %rdi, b(%rip)
	setae %al
	cmovll 8(%rsi), %edx
	ret
	.size wide, .-wide
	.type with_register, @function
with_register:
	movl $0, %ecx
	cmpq %rdi, b(%rip)
	setbe %al
	movl $0, %ecx
	ret
	.size with_register, .-with_register
	.type equal, @function
equal:
	cmpw %di, w(%rip)
	je .L2
	jb .L2
	movl $1, %eax
.L2:
	ret
	.size equal, .-equal
	.type loaded, @function
loaded:
	movl i(%rip), %ecx
	cmpl 8(%rdi), %ecx
	jle .L3
	movl $1, %eax
.L3:
	ret
	.size loaded, .-loaded
	.type loaded_wide, @function
loaded_wide:
	movq b(%rip), %rcx
	cmpq %rdi, %rcx
	cmovaq %rsi, %rdx
	ret
	.size loaded_wide, .-loaded_wide
	.type stays, @function
stays:
	movl $0, %ecx
	cmpl %edi, i(%rip)
	sbbl %eax, %eax
	movl $0, %ecx
	ret
	.size stays, .-stays
	.section rcpp_patchable,"aw",@progbits
b:	.quad 0
i:	.long 0
w:	.word 0
