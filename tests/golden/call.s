# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Heading [call] of the rules: calls and jumps to where the variable points. What rcpp makes of it is in call.expected: its
# --explain lines, then the text, with each site in brackets.

	.file "call.c"
	.text
	.type call_variable, @function
call_variable:
	subq $8, %rsp
	call *b(%rip)
	callq *ops+24(%rip)
	notrack call *b
	addq $8, %rsp
	ret
	.size call_variable, .-call_variable
	.type jump_variable, @function
jump_variable:
	jmp *b(%rip)
	.size jump_variable, .-jump_variable
	.type jump_notrack, @function
jump_notrack:
	notrack jmpq *ops+8(%rip)
	.size jump_notrack, .-jump_notrack
	.type call_value, @function
call_value:
	subq $8, %rsp
	movq b(%rip), %rax
	movl $1, %edi
	call *%rax
	addq $8, %rsp
	ret
	.size call_value, .-call_value
	.type jump_value, @function
jump_value:
	movq b(%rip), %r11
	movl $1, %edi
	jmpq *%r11
	.size jump_value, .-jump_value
	.type call_changed, @function
call_changed:
	movq b(%rip), %rax
	incq %rax
	call *%rax
	ret
	.size call_changed, .-call_changed
	.type call_through, @function
call_through:
	movq b(%rip), %rax
	call *8(%rax)
	ret
	.size call_through, .-call_through
	.type call_label, @function
call_label:
	movq b(%rip), %rax
	.L1:
	call *%rax
	jne .L1
	ret
	.size call_label, .-call_label
	.type call_thunk, @function
call_thunk:
	subq $8, %rsp
	movq b(%rip), %rax
	call __x86_indirect_thunk_rax
	movq ops+8(%rip), %r11
	callq __llvm_retpoline_r11
	movq b(%rip), %rax
	call __x86_indirect_thunk_rdx
	movq b(%rip), %rax
	call __x86_indirect_thunk_rax@PLT
	movq b(%rip), %rax # as takes both for indirect calls, with a warning
	call __x86_indirect_thunk_rax(%rax)
	movq b(%rip), %rax
	call __x86_indirect_thunk_rax(,%rax,8)
	addq $8, %rsp
	ret
	.size call_thunk, .-call_thunk
	.type jump_thunk, @function
jump_thunk:
	movq b(%rip), %r15
	jmp __x86_indirect_thunk_r15
	.size jump_thunk, .-jump_thunk

	.section rcpp_patchable, "aw"
b:
	.quad 0, 0
ops:
	.quad 0, 0, 0, 0
