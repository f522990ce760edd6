# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Heading [compare] of the rules: comparisons. What rcpp makes of it is in compare.expected: its --explain
# lines, then the text, with each site in brackets.

	.file "compare.c"
	.text
	.type cmp_narrow, @function
cmp_narrow:
	cmpl i(%rip), %edi
	sete %al
	ret
	.size cmp_narrow, .-cmp_narrow
	.type cmp_wide, @function
cmp_wide:
	cmpq b(%rip), %rdi
	sete %al
	movl $0, %ecx
	ret
	.size cmp_wide, .-cmp_wide
	.type cmp_with_register, @function
cmp_with_register:
	cmpq %rdi, b(%rip)
	sete %al
	movl $0, %ecx
	ret
	.size cmp_with_register, .-cmp_with_register
	.type cmp_with_constant, @function
cmp_with_constant:
	cmpl $1, i(%rip)
	sbbl %eax, %eax
	movl $0, %ecx
	ret
	.size cmp_with_constant, .-cmp_with_constant
	.type test_narrow, @function
test_narrow:
	testl %edi, i(%rip)
	sete %al
	testl i(%rip), %edi
	sete %ah
	ret
	.size test_narrow, .-test_narrow
	.type test_wide, @function
test_wide:
	testq %rdi, b(%rip)
	sete %al
	movl $0, %ecx
	testq b(%rip), %rdi
	sete %ah
	movl $0, %ecx
	ret
	.size test_wide, .-test_wide
	.type test_with_constant, @function
test_with_constant:
	testb $1, c(%rip)
	lahf
	movl $0, %ecx
	ret
	.size test_with_constant, .-test_with_constant
	.type consume_cmp_narrow, @function
consume_cmp_narrow:
	movl i(%rip), %ecx
	cmpl %ecx, (%rdi)
	sete %al
	ret
	.size consume_cmp_narrow, .-consume_cmp_narrow
	.type consume_cmp_wide, @function
consume_cmp_wide:
	movq b(%rip), %rcx
	cmpq %rcx, %rdi
	sete %al
	ret
	.size consume_cmp_wide, .-consume_cmp_wide
	.type consume_test_narrow, @function
consume_test_narrow:
	movl i(%rip), %ecx
	testl %ecx, (%rdi)
	sete %al
	movl i(%rip), %ecx
	testl %edi, %ecx
	sete %ah
	ret
	.size consume_test_narrow, .-consume_test_narrow
	.type consume_test_wide, @function
consume_test_wide:
	movq b(%rip), %rcx
	testq %rcx, (%rdi)
	sete %al
	movq b(%rip), %rcx
	testq %rdi, %rcx
	sete %ah
	ret
	.size consume_test_wide, .-consume_test_wide

	.section rcpp_patchable, "aw"
b:
	.quad 0, 0
i:
	.quad 0
w:
	.quad 0
c:
	.quad 0
