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

	.section rcpp_patchable, "aw"
b:
	.quad 0, 0
i:
	.long 0
