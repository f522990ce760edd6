# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# --calls=abi: which callees are functions, and what is dead where they are entered, flags included.
	.file	"callees.c"
	.internal b
	.text
	.type	underscore, @function
underscore:
#= any: movabsq \$V, %r11
	addq	b(%rip), %rdx
	call	_g
	ret
	.size	underscore, .-underscore
	.type	an_address, @function
an_address:
#! any:
	addq	b(%rip), %rdx
	call	4096
	ret
	.size	an_address, .-an_address
	.type	what_is_read_from_a_place, @function
what_is_read_from_a_place:
#! any:
	addq	b(%rip), %rdx
	call	*1f(%rip)
	ret
1:
	.size	what_is_read_from_a_place, .-what_is_read_from_a_place
# What it is read for behind the call has been written there.
	.type	forgotten, @function
forgotten:
#= any: movabsq \$V, %r11
	addq	b(%rip), %rdx
	call	g
	jmp	*table(,%rax,8)
	.size	forgotten, .-forgotten
	.type	flags_of_a_tail_call, @function
flags_of_a_tail_call:
#= any: movl \$popcnt
	popcntq	b(%rip), %rax
	jmp	g
	.size	flags_of_a_tail_call, .-flags_of_a_tail_call
	.type	a_retpoline, @function
a_retpoline:
#! any:
	addq	b(%rip), %rdx
	call	__llvm_retpoline_r11
	ret
	.size	a_retpoline, .-a_retpoline
# A jump to where this function goes on is no call, whatever the place is named.
	.type	a_block, @function
a_block:
#! %r11
	addq	b(%rip), %rdx
	jmp	block
	.section .text.unlikely,"ax",@progbits
block:
	movq	%r11, %rax
	ret
	.text
	.size	a_block, .-a_block
	.type	flags_behind_a_call, @function
flags_behind_a_call:
#! popcnt\(V\)
	popcntq	b(%rip), %rax
	call	g
	je	.Lzero
	ret
.Lzero:
	movl	$1, %eax
	ret
	.size	flags_behind_a_call, .-flags_behind_a_call
