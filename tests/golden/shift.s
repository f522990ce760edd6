# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Heading [shift] of the rules: shifts. What rcpp makes of it is in shift.expected: its --explain
# lines, then the text, with each site in brackets.

	.file "shift.c"
	.text
	.type shift_the_variable, @function
shift_the_variable:
	shlxq %rdi, b(%rip), %rax
	ret
	.size shift_the_variable, .-shift_the_variable
	.type rotate_the_variable, @function
rotate_the_variable:
	rorxl $3, i(%rip), %eax
	ret
	.size rotate_the_variable, .-rotate_the_variable
	.type count, @function
count:
	movl i(%rip), %ecx
	shlq %cl, %rax
	ret
	.size count, .-count
	.type count_lives_on, @function
count_lives_on:
	movl i(%rip), %ecx
	shrq %cl, %rax
	movq %rcx, %xmm0
	ret
	.size count_lives_on, .-count_lives_on
	.type count_of_two_shifts, @function
count_of_two_shifts:
	movl i(%rip), %ecx
	sarl %cl, (%rdi)
	rolw %cl, %ax
	ret
	.size count_of_two_shifts, .-count_of_two_shifts
	.type double_shift, @function
double_shift:
	movl i(%rip), %ecx
	shldq %cl, %rdx, %rax
	ret
	.size double_shift, .-double_shift
	.type shlx_in_place, @function
shlx_in_place:
	movq b(%rip), %rcx
	shlxq %rcx, %rax, %rax
	ret
	.size shlx_in_place, .-shlx_in_place
	.type shlx, @function
shlx:
	movq b(%rip), %rcx
	shlxq %rcx, (%rdi), %rax
	ret
	.size shlx, .-shlx
	.type shrx_in_place, @function
shrx_in_place:
	movq b(%rip), %rcx
	shrxq %rcx, %rax, %rax
	ret
	.size shrx_in_place, .-shrx_in_place
	.type shrx, @function
shrx:
	movq b(%rip), %rcx
	shrxq %rcx, (%rdi), %rax
	ret
	.size shrx, .-shrx
	.type sarx_in_place, @function
sarx_in_place:
	movq b(%rip), %rcx
	sarxq %rcx, %rax, %rax
	ret
	.size sarx_in_place, .-sarx_in_place
	.type sarx, @function
sarx:
	movq b(%rip), %rcx
	sarxq %rcx, (%rdi), %rax
	ret
	.size sarx, .-sarx

	.section rcpp_patchable, "aw"
b:
	.quad 0, 0
i:
	.quad 0
w:
	.quad 0
c:
	.quad 0
