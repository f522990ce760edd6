# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Heading [move] of the rules: loads, and values stored at once. What rcpp makes of it is in move.expected: its --explain
# lines, then the text, with each site in brackets.

	.file "move.c"
	.text
	.type load_narrow, @function
load_narrow:
	movb b(%rip), %al
	movw w(%rip), %dx
	movl i(%rip), %eax
	ret
	.size load_narrow, .-load_narrow
	.type load_wide, @function
load_wide:
	movq b(%rip), %rax
	ret
	.size load_wide, .-load_wide
	.type load_from_field, @function
load_from_field:
	movq b+8(%rip), %rax
	ret
	.size load_from_field, .-load_from_field
	.type load_byte_to_long, @function
load_byte_to_long:
	movzbl c(%rip), %eax
	movsbl c(%rip), %edx
	ret
	.size load_byte_to_long, .-load_byte_to_long
	.type load_word_to_long, @function
load_word_to_long:
	movzwl w(%rip), %eax
	movswl w(%rip), %edx
	ret
	.size load_word_to_long, .-load_word_to_long
	.type load_byte_to_word, @function
load_byte_to_word:
	movzbw c(%rip), %ax
	movsbw c(%rip), %dx
	ret
	.size load_byte_to_word, .-load_byte_to_word
	.type load_to_quad_zero, @function
load_to_quad_zero:
	movzbq c(%rip), %rax
	movzwq w(%rip), %rdx
	ret
	.size load_to_quad_zero, .-load_to_quad_zero
	.type load_to_quad_sign, @function
load_to_quad_sign:
	movsbq c(%rip), %rax
	movswq w(%rip), %rdx
	movslq i(%rip), %rcx
	ret
	.size load_to_quad_sign, .-load_to_quad_sign
	.type store_narrow, @function
store_narrow:
	movl i(%rip), %ecx
	movl %ecx, 8(%rdi)
	ret
	.size store_narrow, .-store_narrow
	.type store_wide, @function
store_wide:
	movq b(%rip), %rcx
	movq %rcx, (%rdi,%rsi,8)
	ret
	.size store_wide, .-store_wide
	.type store_to_symbol, @function
store_to_symbol:
	movq b(%rip), %rcx
	movq %rcx, other(%rip)
	ret
	.size store_to_symbol, .-store_to_symbol

	.section rcpp_patchable, "aw"
b:
	.quad 0, 0
i:
	.quad 0
w:
	.quad 0
c:
	.quad 0
