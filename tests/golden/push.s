# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Heading [push] of the rules: pushes. What rcpp makes of it is in push.expected: its --explain
# lines, then the text, with each site in brackets.

	.file "push.c"
	.text
	.type push_variable, @function
push_variable:
	pushq b(%rip)
	movl $0, %ecx
	call g
	popq %rcx
	ret
	.size push_variable, .-push_variable
	.type push_value, @function
push_value:
	movq b(%rip), %rcx
	pushq %rcx
	movl $0, %ecx
	call g
	popq %rcx
	ret
	.size push_value, .-push_value

	.section rcpp_patchable, "aw"
b:
	.quad 0, 0
i:
	.quad 0
w:
	.quad 0
c:
	.quad 0
