# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Heading [addressing] of the rules: values that become a part of an address. What rcpp makes of it is in addressing.expected: its --explain
# lines, then the text, with each site in brackets.

	.file "addressing.c"
	.text
	.type sum_narrow, @function
sum_narrow:
	movl i(%rip), %eax
	addl %edi, %eax
	ret
	.size sum_narrow, .-sum_narrow
	.type sum_wide, @function
sum_wide:
	movq b(%rip), %rax
	addq %rdi, %rax
	ret
	.size sum_wide, .-sum_wide
	.type base, @function
base:
	movq b(%rip), %rax
	movq 8(%rax,%rdi,8), %rax
	ret
	.size base, .-base
	.type index, @function
index:
	movq b(%rip), %rcx
	addl %esi, (%rdi,%rcx)
	ret
	.size index, .-index
	.type address_of, @function
address_of:
	movq b(%rip), %rax
	leaq (%rdi,%rax), %rax
	ret
	.size address_of, .-address_of
	.type one_operand, @function
one_operand:
	movq b(%rip), %rcx
	incl (%rcx,%rdi,4)
	ret
	.size one_operand, .-one_operand
	.type extend, @function
extend:
	movq b(%rip), %rcx
	movzbl (%rcx,%rdi), %eax
	ret
	.size extend, .-extend
	.type move_if, @function
move_if:
	testl %edi, %edi
	movq b(%rip), %rcx
	cmovel (%rcx,%rdi), %eax
	ret
	.size move_if, .-move_if
	.type set_if, @function
set_if:
	testl %edi, %edi
	movq b(%rip), %rcx
	sete (%rcx,%rdi)
	ret
	.size set_if, .-set_if
	.type count, @function
count:
	movq b(%rip), %rcx
	popcntq (%rcx,%rdi), %rax
	ret
	.size count, .-count
	.type not_the_scaled_index, @function
not_the_scaled_index:
	movq b(%rip), %rcx
	movq (%rdi,%rcx,8), %rax
	ret
	.size not_the_scaled_index, .-not_the_scaled_index
	.type several_consumers, @function
several_consumers:
	movq b(%rip), %rcx
	addq %rcx, %rax
	shlq %cl, %rdx
	movq (%rcx,%rdi), %rsi
	ret
	.size several_consumers, .-several_consumers
	.type five_times, @function
five_times:
	movl i(%rip), %ecx
	leal 3(%rcx,%rcx,4), %eax
	ret
	.size five_times, .-five_times
	.type eight_times_wide, @function
eight_times_wide:
	movq b(%rip), %rax
	leaq -8(,%rax,8), %rax
	ret
	.size eight_times_wide, .-eight_times_wide
	.type and_another_register, @function
and_another_register:
	movq b(%rip), %rcx
	leaq (%rdi,%rcx,4), %rax
	ret
	.size and_another_register, .-and_another_register
	.type lea_with_a_symbol, @function
lea_with_a_symbol:
	movq b(%rip), %rcx
	leaq table(,%rcx,8), %rax
	ret
	.size lea_with_a_symbol, .-lea_with_a_symbol
	.type lea_with_a_sum, @function
lea_with_a_sum:
	movq b(%rip), %rcx
	leaq 2*3(,%rcx,8), %rax
	ret
	.size lea_with_a_sum, .-lea_with_a_sum
	.type lea_of_32_bits, @function
lea_of_32_bits:
	movq b(%rip), %rcx
	leaq 8(,%ecx,4), %rax
	ret
	.size lea_of_32_bits, .-lea_of_32_bits

	.section rcpp_patchable, "aw"
b:
	.quad 0, 0
i:
	.quad 0
w:
	.quad 0
c:
	.quad 0
