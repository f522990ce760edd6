# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Heading [division] of the rules: divisions by the variable. What rcpp makes of it is in division.expected: its
# --explain lines, then the text, with each site in brackets.

	.file "division.c"
	.text
	.type unsigned_wide, @function
unsigned_wide:
	xorl %edx, %edx
	divq b(%rip)
	movl $0, %ecx
	ret
	.size unsigned_wide, .-unsigned_wide
	.type signed_narrow, @function
signed_narrow:
	cltd
	idivl i(%rip)
	movl $0, %ecx
	ret
	.size signed_narrow, .-signed_narrow
	.type no_register, @function
no_register:
	cltd
	idivl i(%rip)
	ret
	.size no_register, .-no_register
	.type not_extended, @function
not_extended:
	divl i(%rip)
	movl $0, %ecx
	ret
	.size not_extended, .-not_extended
	.type quotient_narrow, @function
quotient_narrow:
	xorl %edx, %edx
	divl i(%rip)
	xorl %edx, %edx
	ret
	.size quotient_narrow, .-quotient_narrow
	.type remainder_narrow, @function
remainder_narrow:
	xorl %edx, %edx
	divl i(%rip)
	movl %edx, %eax
	ret
	.size remainder_narrow, .-remainder_narrow
	.type quotient_wide, @function
quotient_wide:
	cqto
	idivq b(%rip)
	xorl %edx, %edx
	ret
	.size quotient_wide, .-quotient_wide
	.type remainder_wide, @function
remainder_wide:
	cqto
	movl $0, %ecx
	movl $0, %esi
	idivq b(%rip)
	movq %rdx, %rax
	ret
	.size remainder_wide, .-remainder_wide
	.type by_a_register, @function
by_a_register:
	movl i(%rip), %ecx
	cltd
	idivl %ecx
	movl %edx, %eax
	ret
	.size by_a_register, .-by_a_register
	.type by_a_register_that_lives_on, @function
by_a_register_that_lives_on:
	movl i(%rip), %ecx
	xorl %edx, %edx
	divl %ecx
	movl %ecx, %edx
	ret
	.size by_a_register_that_lives_on, .-by_a_register_that_lives_on

	.section rcpp_patchable, "aw"
b:
	.quad 0, 0
i:
	.long 0
