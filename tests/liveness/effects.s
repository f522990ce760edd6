# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# What instructions read and write. Behind each site something looks at a register that is
# overwritten afterwards; it is no temporary, the other one (%rdx, mostly) is.
	.file	"effects.c"
	.text
	.type	base, @function
base:
#= any: movabsq \$V, %rdx
#! %rcx
	addq	b(%rip), %rax
	movq	(%rcx), %rdx
	xorl	%ecx, %ecx
	ret
	.size	base, .-base

	.type	index_register, @function
index_register:
#= any: movabsq \$V, %rdx
#! %rcx
	addq	b(%rip), %rax
	movq	8(,%rcx,8), %rdx
	xorl	%ecx, %ecx
	ret
	.size	index_register, .-index_register

	.type	address_of_store, @function
address_of_store:
#= any: movabsq \$V, %rdx
#! %rcx
	addq	b(%rip), %rax
	movq	$1, (%rcx)
	xorl	%ecx, %ecx
	xorl	%edx, %edx
	ret
	.size	address_of_store, .-address_of_store

	.type	source, @function
source:
#= any: movabsq \$V, %rdx
#! %rcx
	addq	b(%rip), %rax
	movq	%rcx, 8(%rdi)
	xorl	%ecx, %ecx
	xorl	%edx, %edx
	ret
	.size	source, .-source

	.type	low_byte, @function
low_byte:
#= any: movabsq \$V, %rdx
#! %rcx
	addq	b(%rip), %rax
	movb	$1, %cl
	movq	%rcx, %rdx
	xorl	%ecx, %ecx
	ret
	.size	low_byte, .-low_byte

	.type	low_word, @function
low_word:
#= any: movabsq \$V, %rdx
#! %rcx
	addq	b(%rip), %rax
	movw	$1, %cx
	movq	%rcx, %rdx
	xorl	%ecx, %ecx
	ret
	.size	low_word, .-low_word

	.type	low_half, @function
low_half:
#= any: movabsq \$V, %rcx
	addq	b(%rip), %rax
	movl	$1, %ecx
	movq	%rcx, %rdx
	ret
	.size	low_half, .-low_half

	.type	modified, @function
modified:
#= any: movabsq \$V, %rdx
#! %rcx
	addq	b(%rip), %rax
	addq	$1, %rcx
	movq	%rcx, %rdx
	ret
	.size	modified, .-modified

	.type	conditional, @function
conditional:
#= any: movabsq \$V, %rdx
#! %rcx
	addq	b(%rip), %rax
	cmovcq	%rdi, %rcx
	movq	%rcx, %rdx
	ret
	.size	conditional, .-conditional

# The idioms that clear a register read nothing; these are others.
	.type	idiom, @function
idiom:
#= any: movabsq \$V, %rcx
	addq	b(%rip), %rax
	subl	%ecx, %ecx
	movq	%rcx, 8(%rdi)
	ret
	.size	idiom, .-idiom
	.type	two_registers, @function
two_registers:
#= any: movabsq \$V, %rsi
#! %r[cd]x
	addq	b(%rip), %rax
	xorl	%ecx, %edx
	xorl	%ecx, %ecx
	movq	%rdx, %rsi
	ret
	.size	two_registers, .-two_registers
	.type	narrow_idiom, @function
narrow_idiom:
#= any: movabsq \$V, %rdx
#! %rcx
	addq	b(%rip), %rax
	xorw	%cx, %cx
	movq	%rcx, %rdx
	ret
	.size	narrow_idiom, .-narrow_idiom
	.type	no_idiom, @function
no_idiom:
#= any: movabsq \$V, %rdx
#! %rcx
	addq	b(%rip), %rax
	addl	%ecx, %ecx
	movq	%rcx, %rdx
	ret
	.size	no_idiom, .-no_idiom
	.type	masked, @function
masked:
#= any: movabsq \$V, %rdx
#! %rcx
	addq	b(%rip), %rax
	sbbl	%ecx, %ecx
	movq	%rcx, %rdx
	ret
	.size	masked, .-masked
	.type	clear_from_memory, @function
clear_from_memory:
#= any: movabsq \$V, %rdx
#! %rcx
	addq	b(%rip), %rax
	xorq	8(%rdi), %rcx
	movq	%rcx, %rdx
	ret
	.size	clear_from_memory, .-clear_from_memory
	.type	clear_by_number, @function
clear_by_number:
#= any: movabsq \$V, %rcx
#! %rax; addq %rax, %rdx
	addq	b(%rip), %rdx
	xorl	$5, %eax
	xorl	%ecx, %ecx
	ret
	.size	clear_by_number, .-clear_by_number

# Registers that no operand names.
	.type	implicit_write, @function
implicit_write:
#= any: movabsq \$V, %rdx
	addq	b(%rip), %rdi
	cqto
	movq	%rdx, %rax
	ret
	.size	implicit_write, .-implicit_write
	.type	implicit_read, @function
implicit_read:
#= any: movabsq \$V, %rdx
#! %rax
	addq	b(%rip), %rdi
	cqto
	xorl	%eax, %eax
	movq	8(%rdi), %rdx
	addq	%rdx, %rdx
	ret
	.size	implicit_read, .-implicit_read
	.type	implicit_count, @function
implicit_count:
#= any: movabsq \$V, %rsi
#! %rcx
	addq	b(%rip), %rax
	shlq	%cl, %rdx
	xorl	%ecx, %ecx
	xorl	%esi, %esi
	ret
	.size	implicit_count, .-implicit_count
	.type	written_implicitly, @function
written_implicitly:
#= any: movabsq \$V, %r11
	mulx	%rsi, %r11, %rdi
	addq	b(%rip), %rax
	movq	%rdi, (%rax)
	movl	$1, %edi
	ret
	.size	written_implicitly, .-written_implicitly

# String instructions that may do nothing at all, and count in %rcx.
	.type	repeated_read, @function
repeated_read:
#= any: movabsq \$V, %rdx
#! %rcx
	addq	b(%rip), %rax
	rep stosq
	xorl	%ecx, %ecx
	xorl	%edx, %edx
	ret
	.size	repeated_read, .-repeated_read
	.type	repeated_load, @function
repeated_load:
#= addq VAR,%rdx => s32: addq \$V, %rdx \| any: movabsq \$V, %r8
#! %rax
	addq	b(%rip), %rdx
	rep lodsq
	xorl	%r8d, %r8d
	ret
	.size	repeated_load, .-repeated_load
	.type	counted_down, @function
counted_down:
#= movl VAR,%ecx => any: movl
#! shlq
	movl	b(%rip), %ecx
	rep stosq
	shlq	%cl, %rdx
	ret
	.size	counted_down, .-counted_down

# What cannot be parsed, or is not in the table, or is data, may read anything.
	.type	data, @function
data:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	.byte	0x90
	xorl	%ecx, %ecx
	ret
	.size	data, .-data
	.type	unparsed, @function
unparsed:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	movb	$'a, (%rcx)
	xorl	%ecx, %ecx
	ret
	.size	unparsed, .-unparsed
	.type	unknown, @function
unknown:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	vbcstnebf162ps (%rcx), %xmm1
	xorl	%ecx, %ecx
	ret
	.size	unknown, .-unknown
	.type	data_before, @function
data_before:
#= movl VAR,%ecx => any: movl
#! shlq
	movl	b(%rip), %ecx
	.byte	0x90
	shlq	%cl, %rax
	movl	$1, %ecx
	ret
	.size	data_before, .-data_before

# Statements that stand alone and change the next one.
	.type	lone_prefix, @function
lone_prefix:
#= load: the instruction has a prefix
#= addq VAR,%rdx => s32
	cs
	addq	b(%rip), %rax
	addq	b(%rip), %rdx
	ret
	.size	lone_prefix, .-lone_prefix

# Registers that are moved to the stack and back are the caller's.
	.type	spilled, @function
spilled:
#= addq VAR,%rax => s32: addq \$V, %rax$
	movq	%rcx, -8(%rbp)
	movl	$1, %ecx
	movq	%rcx, %rdi
	movq	-8(%rbp), %rcx
	movq	%rdi, %rax
	addq	b(%rip), %rax
	movq	%rdi, -8(%rsp)
	movq	-8(%rsp), %rdi
	ret
	.size	spilled, .-spilled
	.type	stored_elsewhere, @function
stored_elsewhere:
#= any: movabsq \$V, %rcx
	movq	%rcx, (%rdx)
	movq	8(%rdx), %rcx
	addq	b(%rip), %rax
	ret
	.size	stored_elsewhere, .-stored_elsewhere
	.type	only_stored, @function
only_stored:
#= any: movabsq \$V, %rcx
	movl	$1, %ecx
	movq	%rcx, -8(%rsp)
	addq	b(%rip), %rax
	ret
	.size	only_stored, .-only_stored
	.type	only_reloaded, @function
only_reloaded:
#= any: movabsq \$V, %rcx
	movq	-8(%rsp), %rcx
	addq	b(%rip), %rax
	ret
	.size	only_reloaded, .-only_reloaded
	.type	half_spilled, @function
half_spilled:
#= any: movabsq \$V, %rcx
	movl	%ecx, -8(%rsp)
	movl	-8(%rsp), %ecx
	addq	b(%rip), %rax
	ret
	.size	half_spilled, .-half_spilled
	.type	added, @function
added:
#= any: movabsq \$V, %rcx
	addq	%rcx, -8(%rsp)
	addq	-8(%rsp), %rcx
	addq	b(%rip), %rax
	ret
	.size	added, .-added

# Frames that unwinding finds with another register: no temporary is safe.
	.type	frame_register, @function
frame_register:
#= addq VAR,%rax => s32: addq \$V, %rax$
	.cfi_startproc
	movq	%rsp, %r10
	.cfi_def_cfa_register 10
	xorl	%ecx, %ecx
	addq	b(%rip), %rax
	ret
	.cfi_endproc
	.size	frame_register, .-frame_register
	.type	frame_elsewhere, @function
frame_elsewhere:
#= addq VAR,%rax => s32: addq \$V, %rax$
	.cfi_startproc
	movq	%rsp, %r10
	.cfi_def_cfa %r10, 8
	xorl	%ecx, %ecx
	addq	b(%rip), %rax
	ret
	.cfi_endproc
	.size	frame_elsewhere, .-frame_elsewhere
	.type	moved_to_register, @function
moved_to_register:
#= addq VAR,%rax => s32: addq \$V, %rax$
	.cfi_startproc
	movq	%rbx, %rcx
	.cfi_register %rbx, %rcx
	xorl	%edx, %edx
	addq	b(%rip), %rax
	ret
	.cfi_endproc
	.size	moved_to_register, .-moved_to_register
	.type	usual_frames, @function
usual_frames:
#= any: movabsq \$V, %rcx
	.cfi_startproc
	.cfi_def_cfa_register 6
	.cfi_def_cfa_register 7
	.cfi_def_cfa_register %rbp
	.cfi_def_cfa_register %rsp
	.cfi_def_cfa rbp, 16
	.cfi_def_cfa rsp, 16
	xorl	%ecx, %ecx
	addq	b(%rip), %rax
	ret
	.cfi_endproc
	.size	usual_frames, .-usual_frames

# Registers that unwinding restores.
	.type	unwound, @function
unwound:
#= any: movabsq \$V, %r9
	.cfi_startproc
	xorl	%ecx, %ecx
	.cfi_offset 2, -16
	xorl	%esi, %esi
	.cfi_rel_offset %rsi, 8
	xorl	%edi, %edi
	.cfi_restore 5
	xorl	%r8d, %r8d
	.cfi_restore r8
	xorl	%r9d, %r9d
	.cfi_escape 2, 2
	.cfi_adjust_cfa_offset 1
	addq	b(%rip), %rax
	ret
	.cfi_endproc
	.size	unwound, .-unwound

# Labels by another name.
	.type	set_label, @function
set_label:
#= movl VAR,%ecx => any: movl
#! shlq
	movl	b(%rip), %ecx
	.set	.Lset, .
	shlq	%cl, %rax
	movl	$1, %ecx
	jc	.Lset
	ret
	.size	set_label, .-set_label
	.type	equ_label, @function
equ_label:
#= movl VAR,%ecx => any: movl
#! shlq
	movl	b(%rip), %ecx
	.equ	.Lequ, .
	shlq	%cl, %rax
	movl	$1, %ecx
	jc	.Lequ
	ret
	.size	equ_label, .-equ_label
	.type	equiv_label, @function
equiv_label:
#= movl VAR,%ecx => any: movl
#! shlq
	movl	b(%rip), %ecx
	.equiv	.Lequiv, .
	shlq	%cl, %rax
	movl	$1, %ecx
	jc	.Lequiv
	ret
	.size	equiv_label, .-equiv_label

# %rsp and %rbp are what unwinding stands on, though this function writes them.
	.type	frame_pointer, @function
frame_pointer:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	movq	%rdi, %rbp
	movq	%rbp, 8(%rdi)
	ret
	.size	frame_pointer, .-frame_pointer
	.type	stack_pointer, @function
stack_pointer:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	movq	%rbp, %rsp
	ret
	.size	stack_pointer, .-stack_pointer
# Numbers behind other directives are no registers that unwinding restores.
	.type	alignment, @function
alignment:
#= any: movabsq \$V, %rsi
	.p2align 4
	xorl	%esi, %esi
	addq	b(%rip), %rax
	ret
	.size	alignment, .-alignment
# Statements that are not understood read everything.
	.type	not_understood, @function
not_understood:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	{VEX} vmovq %rcx, %xmm0
	xorl	%ecx, %ecx
	ret
	.size	not_understood, .-not_understood
	.type	operand_not_understood, @function
operand_not_understood:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	movq	$1<2, 8(%rcx)
	xorl	%ecx, %ecx
	ret
	.size	operand_not_understood, .-operand_not_understood
	.section rcpp_patchable,"aw",@progbits
b:	.quad	0
