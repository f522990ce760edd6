# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# --calls=abi: a call leaves nothing in %r11, and what a caller saves may change; but not everything
# that is called is a function, nor is all code a compiler's.
	.file	"abi.c"
	.internal b
	.text
	.type	a_call, @function
a_call:
#= any: movabsq \$V, %r11
	addq	b(%rip), %rax
	call	g
	ret
	.size	a_call, .-a_call
	.type	through_a_register, @function
through_a_register:
#= any: movabsq \$V, %r11
	addq	b(%rip), %rdi
	call	*%rax
	ret
	.size	through_a_register, .-through_a_register
	.type	what_it_reads, @function
what_it_reads:
#! any:
	addq	b(%rip), %rdi
	call	*%r11
	ret
	.size	what_it_reads, .-what_it_reads
	.type	tail_call, @function
tail_call:
#= any: movabsq \$V, %r11
	addq	b(%rip), %rdi
	jmp	g
	.size	tail_call, .-tail_call
	.type	tail_call_if, @function
tail_call_if:
#! any:
	addq	b(%rip), %rdi
	je	g
	jmp	g
	.size	tail_call_if, .-tail_call_if
	.type	jump_through_memory, @function
jump_through_memory:
#! any:
	addq	b(%rip), %rdi
	jmp	*table(,%rax,8)
	.size	jump_through_memory, .-jump_through_memory
	.type	jump_to_a_label, @function
jump_to_a_label:
#! any: movabsq \$V, %r11
	addq	b(%rip), %rdi
	movl	$1, %edx
	jmp	.Lfar
.Lfar:
	movq	%r11, (%rdi)
	movl	$1, %edx
	ret
	.size	jump_to_a_label, .-jump_to_a_label
	.type	unknown_label, @function
unknown_label:
#! any:
	addq	b(%rip), %rdi
	jmp	.Lelsewhere
	.size	unknown_label, .-unknown_label
	.type	before_a_return, @function
before_a_return:
#= any: movabsq \$V, %rcx
	addq	b(%rip), %rax
	ret
	.size	before_a_return, .-before_a_return
# What ms_abi functions have to preserve
	.type	no_rsi, @function
no_rsi:
#! %r[sd]i
	addq	b(%rip), %rax
	movq	%rcx, (%rdx)
	movq	%r8, (%r9)
	movq	%r10, (%r11)
	ret
	.size	no_rsi, .-no_rsi
	.type	return_thunk, @function
return_thunk:
#= any: movabsq \$V, %rcx
	addq	b(%rip), %rax
	jmp	__x86_return_thunk
	.size	return_thunk, .-return_thunk
# Not functions
	.type	a_thunk, @function
a_thunk:
#! any:
	addq	b(%rip), %rax
	call	__x86_indirect_thunk_r11
	ret
	.size	a_thunk, .-a_thunk
	.type	jump_to_a_thunk, @function
jump_to_a_thunk:
#! any:
	addq	b(%rip), %rax
	jmp	__x86_indirect_thunk_r11
	.size	jump_to_a_thunk, .-jump_to_a_thunk
	.type	outlined, @function
outlined:
#! any:
	addq	b(%rip), %rax
	call	OUTLINED_FUNCTION_0
	ret
	.size	outlined, .-outlined
	.type	profiled, @function
profiled:
#! any:
	addq	b(%rip), %rax
	call	*mcount@GOTPCREL(%rip)
	ret
	.size	profiled, .-profiled
	.type	profiled_at_entry, @function
profiled_at_entry:
#! any:
	addq	b(%rip), %rax
	call	__fentry__
	ret
	.size	profiled_at_entry, .-profiled_at_entry
	.type	thread_local, @function
thread_local:
#! any:
	addq	b(%rip), %rdx
	call	*x@TLSCALL(%rax)
	ret
	.size	thread_local, .-thread_local
	.type	a_piece, @function
a_piece:
#! any:
	addq	b(%rip), %rdx
	call	.Lpiece
	ret
	.size	a_piece, .-a_piece
	.type	by_plt, @function
by_plt:
#= any: movabsq \$V, %r11
	addq	b(%rip), %rdx
	call	g@PLT
	ret
	.size	by_plt, .-by_plt
	.type	inline_assembly, @function
inline_assembly:
#! any:
	addq	b(%rip), %rdx
#APP
	call	g
#NO_APP
	ret
	.size	inline_assembly, .-inline_assembly
	.type	jump_by_hand, @function
jump_by_hand:
#! any:
	addq	b(%rip), %rdx
#APP
	jmp	g
#NO_APP
	.size	jump_by_hand, .-jump_by_hand
