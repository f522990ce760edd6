# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Heading [arithmetic] of the rules: arithmetic and logic. What rcpp makes of it is in arithmetic.expected: its --explain
# lines, then the text, with each site in brackets.

	.file "arithmetic.c"
	.text
	.type add_narrow, @function
add_narrow:
	addl i(%rip), %eax
	subb c(%rip), %ah
	ret
	.size add_narrow, .-add_narrow
	.type and_wide, @function
and_wide:
	andq b(%rip), %rax
	movl $0, %ecx
	ret
	.size and_wide, .-and_wide
	.type and_wide_without_temporary, @function
and_wide_without_temporary:
	andq b(%rip), %rax
	ret
	.size and_wide_without_temporary, .-and_wide_without_temporary
	.type and_wide_flags_live, @function
and_wide_flags_live:
	andq b(%rip), %rax
	sete (%rdi)
	movl $0, %ecx
	ret
	.size and_wide_flags_live, .-and_wide_flags_live
	.type add_wide, @function
add_wide:
	addq b(%rip), %rax
	movl $0, %ecx
	ret
	.size add_wide, .-add_wide
	.type imul_narrow, @function
imul_narrow:
	imull i(%rip), %eax
	ret
	.size imul_narrow, .-imul_narrow
	.type imul_wide, @function
imul_wide:
	imulq b(%rip), %rax
	movl $0, %ecx
	ret
	.size imul_wide, .-imul_wide
	.type imul_word_constant, @function
imul_word_constant:
	imulw $7, w(%rip), %ax
	ret
	.size imul_word_constant, .-imul_word_constant
	.type imul_constant, @function
imul_constant:
	imulq $7, b(%rip), %rax
	ret
	.size imul_constant, .-imul_constant
	.type one_operand, @function
one_operand:
	mull i(%rip)
	movl $0, %ecx
	ret
	.size one_operand, .-one_operand
	.type consume_narrow, @function
consume_narrow:
	movl i(%rip), %ecx
	subl %ecx, %eax
	ret
	.size consume_narrow, .-consume_narrow
	.type consume_wide, @function
consume_wide:
	movq b(%rip), %rcx
	addq %rcx, 8(%rdi)
	ret
	.size consume_wide, .-consume_wide
	.type consume_with_others_between, @function
consume_with_others_between:
	movq b(%rip), %rcx
	movq %rsi, (%rdi)
	addl $1, %edx
	xorq %rcx, %rax
	ret
	.size consume_with_others_between, .-consume_with_others_between
	.type register_lives_on, @function
register_lives_on:
	movq b(%rip), %rcx
	addq %rcx, %rax
	movq %rcx, %xmm0
	ret
	.size register_lives_on, .-register_lives_on
	.type consume_imul_narrow, @function
consume_imul_narrow:
	movl i(%rip), %ecx
	imull %ecx, %eax
	ret
	.size consume_imul_narrow, .-consume_imul_narrow
	.type consume_imul_wide, @function
consume_imul_wide:
	movq b(%rip), %rcx
	imulq %rcx, %rax
	ret
	.size consume_imul_wide, .-consume_imul_wide
	.type multiply_the_value_narrow, @function
multiply_the_value_narrow:
	movl i(%rip), %eax
	imull %edi, %eax
	ret
	.size multiply_the_value_narrow, .-multiply_the_value_narrow
	.type multiply_the_value_wide, @function
multiply_the_value_wide:
	movq b(%rip), %rax
	imulq %rdi, %rax
	ret
	.size multiply_the_value_wide, .-multiply_the_value_wide
	.type complement, @function
complement:
	movl i(%rip), %eax
	notl %eax
	ret
	.size complement, .-complement
	.type complement_wide, @function
complement_wide:
	movq b(%rip), %rax
	notq %rax
	ret
	.size complement_wide, .-complement_wide
	.type negate, @function
negate:
	movl i(%rip), %eax
	negl %eax
	ret
	.size negate, .-negate
	.type negate_and_look, @function
negate_and_look:
	movl i(%rip), %eax
	negl %eax
	sete %cl
	ret
	.size negate_and_look, .-negate_and_look
	.type mask, @function
mask:
	movl i(%rip), %eax
	andl $-16, %eax
	ret
	.size mask, .-mask
	.type mask_wide, @function
mask_wide:
	movq b(%rip), %rax
	andq $0xfff, %rax
	ret
	.size mask_wide, .-mask_wide

	.section rcpp_patchable, "aw"
b:
	.quad 0, 0
i:
	.quad 0
w:
	.quad 0
c:
	.quad 0
