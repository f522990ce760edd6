# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Calls and jumps through patchable pointers, in every form that has a rule, for calls.c: functions
# of one argument, and for each a struct call_case. `behind` is where the call returns to. More cases
# may follow (absolute.s); tests/calls.bats ends the list.

	.macro CASE name, variable, behind
	.section .rodata.names, "a"
.Lname_\name:
	.asciz "\name"
	.section .data.rel.ro, "aw"
	.quad .Lname_\name, \name, \variable, \behind
	.text
	.endm

	.file "sites.c"
	.section .note.GNU-stack, ""
	.section rcpp_patchable, "aw"
	.balign 8
	.globl fp, ops
fp:
	.quad 0
ops:
	.quad 0, 0, 0, 0

	.section .data.rel.ro, "aw"
	.balign 8
	.globl call_cases
call_cases:

	.text
	.type plain_call, @function
plain_call:
	subq $8, %rsp
	call *fp(%rip)
plain_call_behind:
	leaq 1000(%rax), %rax
	addq $8, %rsp
	ret
	.size plain_call, .-plain_call
	CASE plain_call, fp, plain_call_behind

	.type suffixed_call, @function
suffixed_call:
	subq $8, %rsp
	callq *ops+24(%rip)
suffixed_call_behind:
	leaq 1000(%rax), %rax
	addq $8, %rsp
	ret
	.size suffixed_call, .-suffixed_call
	CASE suffixed_call, ops+24, suffixed_call_behind

	.type notrack_call, @function
notrack_call:
	subq $8, %rsp
	notrack call *fp(%rip)
notrack_call_behind:
	leaq 1000(%rax), %rax
	addq $8, %rsp
	ret
	.size notrack_call, .-notrack_call
	CASE notrack_call, fp, notrack_call_behind

	.type value_call, @function
value_call:
	subq $8, %rsp
	movq fp(%rip), %rax
	nop
	call *%rax
value_call_behind:
	leaq 1000(%rax), %rax
	addq $8, %rsp
	ret
	.size value_call, .-value_call
	CASE value_call, fp, value_call_behind

	.type high_value_call, @function
high_value_call:
	subq $8, %rsp
	movq ops+8(%rip), %r11
	notrack callq *%r11
high_value_call_behind:
	leaq 1000(%rax), %rax
	addq $8, %rsp
	ret
	.size high_value_call, .-high_value_call
	CASE high_value_call, ops+8, high_value_call_behind

	.type plain_jump, @function
plain_jump:
	addq $1000, %rdi
	jmp *fp(%rip)
	.size plain_jump, .-plain_jump
	CASE plain_jump, fp, 0

	.type suffixed_jump, @function
suffixed_jump:
	addq $1000, %rdi
	notrack jmpq *ops+24(%rip)
	.size suffixed_jump, .-suffixed_jump
	CASE suffixed_jump, ops+24, 0

	.type value_jump, @function
value_jump:
	movq fp(%rip), %rax
	addq $1000, %rdi
	jmp *%rax
	.size value_jump, .-value_jump
	CASE value_jump, fp, 0

	.type high_value_jump, @function
high_value_jump:
	movq fp(%rip), %r10
	addq $1000, %rdi
	notrack jmpq *%r10
	.size high_value_jump, .-high_value_jump
	CASE high_value_jump, fp, 0

# Retpolines, which are jumps here: what they do about speculation does not matter.
	.hidden __x86_indirect_thunk_rax, __llvm_retpoline_r11
__x86_indirect_thunk_rax:
	jmp *%rax
__llvm_retpoline_r11:
	jmp *%r11

	.type thunk_call, @function
thunk_call:
	subq $8, %rsp
	movq fp(%rip), %rax
	call __x86_indirect_thunk_rax
thunk_call_behind:
	leaq 1000(%rax), %rax
	addq $8, %rsp
	ret
	.size thunk_call, .-thunk_call
	CASE thunk_call, fp, thunk_call_behind

	.type retpoline_call, @function
retpoline_call:
	subq $8, %rsp
	movq ops+16(%rip), %r11
	callq __llvm_retpoline_r11
retpoline_call_behind:
	leaq 1000(%rax), %rax
	addq $8, %rsp
	ret
	.size retpoline_call, .-retpoline_call
	CASE retpoline_call, ops+16, retpoline_call_behind

# The thunk stands near enough for a short jump, which would leave no room.
	.type thunk_jump, @function
thunk_jump:
	movq fp(%rip), %rax
	addq $1000, %rdi
	jmp __x86_indirect_thunk_rax
	.size thunk_jump, .-thunk_jump
	CASE thunk_jump, fp, 0

	.type retpoline_jump, @function
retpoline_jump:
	movq fp(%rip), %r11
	addq $1000, %rdi
	jmp __llvm_retpoline_r11
	.size retpoline_jump, .-retpoline_jump
	CASE retpoline_jump, fp, 0
