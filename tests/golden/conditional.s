# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Heading [conditional] of the rules: conditional moves. What rcpp makes of it is in conditional.expected: its --explain
# lines, then the text, with each site in brackets.

	.file "conditional.c"
	.text
	.type cmov, @function
cmov:
	testl %edi, %edi
	cmovel i(%rip), %eax
	movl $0, %ecx
	testl %edi, %edi
	cmovsq b(%rip), %rax
	movl $0, %ecx
	ret
	.size cmov, .-cmov

	.section rcpp_patchable, "aw"
b:
	.quad 0, 0
i:
	.quad 0
w:
	.quad 0
c:
	.quad 0
