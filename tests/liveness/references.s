# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# What is a reference, what is none, and why one stays a load.
	.file	"references.c"
	.text
	.type	plain, @function
plain:
#= b: addq VAR,%rax =>
#= b\+8: addq VAR,%rax =>
#= b\-8: addq VAR,%rax =>
	addq	b(%rip), %rax
	addq	b+8(%rip), %rax
	addq	b-8(%rip), %rax
	addq	b, %rax
	ret
	.size	plain, .-plain
# The register says how wide they are.
	.type	bare, @function
bare:
#= add VAR,%al => any: addb \$V, %al
#= add VAR,%ax => any: addw \$V, %ax
#= add VAR,%eax => any: addl \$V, %eax
#= add VAR,%rax => s32: addq \$V, %rax
#= add VAR,%r9d => any: addl \$V, %r9d
	add	b(%rip), %al
	add	b(%rip), %ax
	add	b(%rip), %eax
	add	b(%rip), %rax
	add	b(%rip), %r9d
	ret
	.size	bare, .-bare
	.type	none, @function
none:
#= pushq VAR =>
#! (mov|lea|j|call|set|load)
	pushq	b(%rip)
	movq	%rax, b(%rip)
	movq	$5, b(%rip)
	sete	b(%rip)
	leaq	b(%rip), %rax
	movq	$8+b, other(%rip)
	movq	$b, %rax
	movq	$other, b(%rip)
	call	b
	jmp	b
	.size	none, .-none
	.type	array, @function
array:
#= load: .*array
#! =>
	addq	b(,%rdi,8), %rax
	addq	b(%rdi), %rax
	ret
	.size	array, .-array
	.type	index_only, @function
index_only:
#= load: .*array
#! =>
	addq	b(,%rdi), %rax
	ret
	.size	index_only, .-index_only
	.type	base_only, @function
base_only:
#= load: .*array
#! =>
	addq	b(%rdi), %rax
	ret
	.size	base_only, .-base_only
	.type	table, @function
table:
#= load: .*global offset table
#! =>
	movq	b@GOTPCREL(%rip), %rax
	ret
	.size	table, .-table
	.type	segment, @function
segment:
#= load: .*segment
#! =>
	addq	%gs:b(%rip), %rax
	ret
	.size	segment, .-segment
	.type	expression, @function
expression:
#= load: the address is not a symbol plus a number
#! =>
	addq	b+eight(%rip), %rax
	ret
	.size	expression, .-expression
	.type	modified, @function
modified:
#= load: the instruction writes
#! =>
	addq	%rax, b(%rip)
	incq	b(%rip)
	xchgq	%rax, b(%rip)
	ret
	.size	modified, .-modified
	.type	prefixed, @function
prefixed:
#= load: the instruction has a prefix
#! =>
	data16 addl b(%rip), %eax
	ret
	.size	prefixed, .-prefixed
	.type	far, @function
far:
#= load: a 64-bit address
#! =>
	movabsq	b, %rax
	ret
	.size	far, .-far
	.type	indirect, @function
indirect:
#= call \*VAR => near: call V
#= jmp \*VAR => near: jmp V
	call	*b(%rip)
	jmp	*b(%rip)
	.size	indirect, .-indirect
	.type	vector, @function
vector:
#= load: read into a vector
#! =>
	movq	b(%rip), %xmm0
	addsd	b(%rip), %xmm0
	fldl	b(%rip)
	cvtsi2sdq b(%rip), %xmm1
	ret
	.size	vector, .-vector
	.type	unknown, @function
unknown:
#= load: the instruction is not understood
#! =>
	vbcstnebf162ps b(%rip), %xmm1
	ret
	.size	unknown, .-unknown
	.type	symbolic, @function
symbolic:
#= load: another operand is a symbol
#! =>
	cmpq	$other, b(%rip)
	ret
	.size	symbolic, .-symbolic
# With a register it reads another word than that of the variable.
	.type	bit_string, @function
bit_string:
#= load: no rule
#! =>
	btl	%eax, b(%rip)
	btq	%rax, b(%rip)
	ret
	.size	bit_string, .-bit_string
	.type	bit, @function
bit:
#= btl \$3,VAR => any: movl
	movl	%esi, %ecx
	btl	$3, b(%rip)
	seto	%al
	ret
	.size	bit, .-bit
# Some jumps reach 127 bytes and no more.
	.type	short_jump, @function
short_jump:
#= load: code here is addressed by its distance
#! =>
	addq	b(%rip), %rax
	jrcxz	.Lshort_jump
	incq	%rax
.Lshort_jump:
	ret
	.size	short_jump, .-short_jump
	.type	shorter_jump, @function
shorter_jump:
#= load: code here is addressed by its distance
#! =>
	addq	b(%rip), %rax
	jecxz	.Lshorter_jump
	incq	%rax
.Lshorter_jump:
	ret
	.size	shorter_jump, .-shorter_jump
	.type	counting_loop, @function
counting_loop:
#= load: code here is addressed by its distance
#! =>
	addq	b(%rip), %rax
	loop	counting_loop
	ret
	.size	counting_loop, .-counting_loop
	.type	no_rule, @function
no_rule:
#= load: no rule
#! =>
	movbel	b(%rip), %eax
	ret
	.size	no_rule, .-no_rule
# The other syntax has the operands the other way around: this writes the variable.
	.type	intel, @function
intel:
#= load: not AT&T syntax
#! =>
	.intel_syntax prefix
	add	b, %rax
	.att_syntax prefix
	ret
	.size	intel, .-intel
	.type	intel_again, @function
intel_again:
#= load: not AT&T syntax
#! =>
	.att_syntax noprefix
	addq	b, rax
	.att_syntax
	ret
	.size	intel_again, .-intel_again
	.type	other_size, @function
other_size:
#= load: not AT&T syntax
#! =>
	.code32
	addl	b, %eax
	.code64
	ret
	.size	other_size, .-other_size
	.type	usual_again, @function
usual_again:
#= addq VAR,%rax => s32
	addq	b(%rip), %rax
	ret
	.size	usual_again, .-usual_again
	.section .init.text,"ax",@progbits
	.type	early, @function
early:
#= load: init code
#! =>
	addq	b(%rip), %rax
	ret
	.size	early, .-early
	.section .altinstr_replacement,"ax",@progbits
	.type	replacement, @function
replacement:
#= load: code here is copied
#! =>
	addq	b(%rip), %rax
	ret
	.size	replacement, .-replacement
# Labels of data are no functions.
	.text
	.type	named_around_data, @function
named_around_data:
#= addq VAR,%rax =>
	.section .rodata
data_inside:
	.byte	0
	.text
.Lnamed_around_data:
	addq	b(%rip), %rax
	ret
	.size	named_around_data, .-named_around_data
	.type	prefix_before, @function
prefix_before:
	ret
	rep
	.type	prefixed_across, @function
prefixed_across:
#= load: .*prefix
	movq	b(%rip), %rax
	ret
	.size	prefixed_across, .-prefixed_across
	.type	byte_before, @function
byte_before:
#= load: .*prefix
#! =>
	.byte	0x66
	movl	b(%rip), %eax
	ret
	.size	byte_before, .-byte_before
# Inline assembly is complete in itself.
	.type	bytes_of_assembly, @function
bytes_of_assembly:
#= movl VAR,%eax =>
#APP
	.byte	0x90
#NO_APP
	movl	b(%rip), %eax
	ret
	.size	bytes_of_assembly, .-bytes_of_assembly
	.section rcpp_patchable,"aw",@progbits
	.quad	0
b:	.quad	0, 0
	.bss
other:	.quad	0
	.set	eight, 8
