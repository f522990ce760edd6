# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The cases that need fixed addresses; they stand behind those of sites.s.

	.type absolute_call, @function
absolute_call:
	subq $8, %rsp
	call *fp
absolute_call_behind:
	leaq 1000(%rax), %rax
	addq $8, %rsp
	ret
	.size absolute_call, .-absolute_call
	CASE absolute_call, fp, absolute_call_behind

	.type absolute_jump, @function
absolute_jump:
	addq $1000, %rdi
	jmp *ops+16
	.size absolute_jump, .-absolute_jump
	CASE absolute_jump, ops+16, 0
