# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Jumps through tables by the value: which of them are reported.
	.text
	.type	absolute, @function
absolute:
#= load: a jump through a table, with the value as its index
	movl	b(%rip), %eax
	jmp	*table(,%rax,8)
	.size	absolute, .-absolute
	.type	absolute_without_tracks, @function
absolute_without_tracks:
#= load: a jump through a table, with the value as its index
	movl	b(%rip), %eax
	notrack jmp	*table(,%rax,8)
	.size	absolute_without_tracks, .-absolute_without_tracks
	.type	loaded_first, @function
loaded_first:
#= load: a jump through a table, with the value as its index
	movl	b(%rip), %eax
	movq	table(,%rax,8), %rax
	jmp	*%rax
	.size	loaded_first, .-loaded_first
	.type	distances, @function
distances:
#= load: a jump through a table, with the value as its index
	movl	b(%rip), %eax
	leaq	table(%rip), %rdx
	movslq	(%rdx,%rax,4), %rax
	addq	%rdx, %rax
	jmp	*%rax
	.size	distances, .-distances
	.type	distances_the_other_way, @function
distances_the_other_way:
#= load: a jump through a table, with the value as its index
	movl	b(%rip), %eax
	leaq	table(%rip), %rdx
	movslq	(%rdx,%rax,4), %rax
	addq	%rax, %rdx
	jmp	*%rdx
	.size	distances_the_other_way, .-distances_the_other_way
	.type	behind_a_check, @function
behind_a_check:
#= load: a jump through a table, with the value as its index
	movl	b(%rip), %eax
	cmpl	%edi, %eax
	ja	1f
	movl	%eax, %eax
	movq	%rax, %rcx
	jmp	*table(,%rcx,8)
1:
	ret
	.size	behind_a_check, .-behind_a_check
	.type	not_the_value, @function
not_the_value:
#! a jump through a table
	movl	b(%rip), %eax
	movl	4(%rsi), %eax
	jmp	*table(,%rax,8)
	.size	not_the_value, .-not_the_value
	.type	the_value_and_one, @function
the_value_and_one:
#! a jump through a table
	movl	b(%rip), %eax
	incl	%eax
	jmp	*table(,%rax,8)
	.size	the_value_and_one, .-the_value_and_one
	.type	no_table, @function
no_table:
#! a jump through a table
	movq	b(%rip), %rax
	jmp	*8(%rax)
	.size	no_table, .-no_table
	.type	bytes, @function
bytes:
#! a jump through a table
	movq	b(%rip), %rax
	jmp	*(%rdi,%rax)
	.size	bytes, .-bytes
	.type	to_a_register, @function
to_a_register:
#! a jump through a table
	movl	b(%rip), %eax
	addl	%edi, %eax
	jmp	*%rsi
	.size	to_a_register, .-to_a_register
	.type	others_come_in, @function
others_come_in:
#! a jump through a table
	movl	b(%rip), %eax
2:
	decl	%esi
	jne	2b
	jmp	*table(,%rax,8)
	.size	others_come_in, .-others_come_in
	.type	behind_a_call, @function
behind_a_call:
#! a jump through a table
	movl	b(%rip), %eax
	call	g
	jmp	*table(,%rax,8)
	.size	behind_a_call, .-behind_a_call
	.type	a_call, @function
a_call:
#! a jump through a table
	movl	b(%rip), %eax
	call	*table(,%rax,8)
	ret
	.size	a_call, .-a_call
	.type	no_entry, @function
no_entry:
#! a jump through a table
	movl	b(%rip), %eax
2:
	decl	%esi
	jne	2b
	addq	%rdx, %rax
	jmp	*%rax
	.size	no_entry, .-no_entry
