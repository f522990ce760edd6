# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# What is made of a loaded value and then compared: what of it vanishes, and what must stay.
	.file	"steps.c"
	.text
	.type	vanishes, @function
vanishes:
#= movl VAR,%ecx => any: nothing; andl \$24,%ecx => any: nothing; cmpl \$16,%ecx( => any: nothing)?; je L( over B)? after andl \$24, cmpl \$16,V => true: (jmp L|nothing)
	movl	b(%rip), %ecx
	andl	$24, %ecx
	cmpl	$16, %ecx
	je	.Lvanishes
	movl	$1, %eax
.Lvanishes:
	ret
	.size	vanishes, .-vanishes
# Compares in a row, past branches, and one more step between them.
	.type	several, @function
several:
#= movl VAR,%ecx => any: nothing; shrl \$2,%ecx => any: nothing; cmpl \$1,%ecx( => any: nothing)?; je L( over B)? after shrl \$2, cmpl \$1,V => .*; cmpl \$7,%ecx( => any: nothing)?; jg L( over B)? after shrl \$2, cmpl \$7,V => .*; notl %ecx => any: nothing; testb \$3,%cl( => any: nothing)?; je L( over B)? after shrl \$2, notl, testb \$3,V
	movl	b(%rip), %ecx
	shrl	$2, %ecx
	cmpl	$1, %ecx
	je	.Lseveral
	cmpl	$7, %ecx
	jg	.Lseveral
	notl	%ecx
	testb	$3, %cl
	je	.Lseveral
	movl	$1, %eax
.Lseveral:
	ret
	.size	several, .-several
# The value itself is compared, too, before.
	.type	value_first, @function
value_first:
#= movl VAR,%ecx => any: nothing; cmpl \$9,%ecx( => any: nothing)?; jg L( over B)? after cmpl \$9,V => .*; andl \$3,%ecx => any: nothing; cmpl \$2,%ecx( => any: nothing)?; je L( over B)? after andl \$3, cmpl \$2,V
	movl	b(%rip), %ecx
	cmpl	$9, %ecx
	jg	.Lvalue_first
	andl	$3, %ecx
	cmpl	$2, %ecx
	je	.Lvalue_first
	movl	$1, %eax
.Lvalue_first:
	ret
	.size	value_first, .-value_first
# Somebody reads what was made: it must be there. Who compares it needs it no more.
	.type	read_later, @function
read_later:
#= andl \$24,%ecx => any: movl \$V&24, %ecx; cmpl \$16,%ecx( => any: nothing)?; je L( over B)? after andl \$24, cmpl \$16,V
	movl	b(%rip), %ecx
	andl	$24, %ecx
	cmpl	$16, %ecx
	je	.Lread_later
	addl	%ecx, %eax
.Lread_later:
	ret
	.size	read_later, .-read_later
	.type	read_at_target, @function
read_at_target:
#= andl \$24,%ecx => any: movl \$V&24, %ecx; cmpl \$16,%ecx( => any: nothing)?; je L( over B)? after andl \$24, cmpl \$16,V
	movl	b(%rip), %ecx
	andl	$24, %ecx
	cmpl	$16, %ecx
	je	.Lread_at_target
	ret
.Lread_at_target:
	addl	%ecx, %eax
	ret
	.size	read_at_target, .-read_at_target
	.type	read_by_both, @function
read_by_both:
#! VAR,%ecx => any: nothing
#! subl \$3,%ecx => any: nothing
#= cmpl \$16,%ecx( => any: nothing)?; je L( over B)? after addl \$3, cmpl \$16,V
#! after addl \$3, subl
	movl	b(%rip), %ecx
	addl	$3, %ecx
	cmpl	$16, %ecx
	je	.Lread_by_both
	movl	%ecx, %esi
	subl	$3, %ecx
	movl	%ecx, %edi
	leal	(%rsi,%rdi), %eax
.Lread_by_both:
	ret
	.size	read_by_both, .-read_by_both
	.type	at_a_label, @function
at_a_label:
#! je L after
	movl	b(%rip), %ecx
	andl	$24, %ecx
.Lat_a_label:
	cmpl	$16, %ecx
	je	.Lat_a_label_end
	decl	%ecx
	jne	.Lat_a_label
.Lat_a_label_end:
	ret
	.size	at_a_label, .-at_a_label
	.type	behind_a_call, @function
behind_a_call:
#! je L after
	movl	b(%rip), %ecx
	andl	$24, %ecx
	call	g
	cmpl	$16, %ecx
	je	.Lbehind_a_call
	movl	$1, %eax
.Lbehind_a_call:
	ret
	.size	behind_a_call, .-behind_a_call
	.type	in_another_section, @function
in_another_section:
#! je L after
	movl	b(%rip), %ecx
	andl	$24, %ecx
	.section .text.other, "ax"
	cmpl	$16, %ecx
	je	.Lin_another_section
	ret
	.text
.Lin_another_section:
	ret
	.size	in_another_section, .-in_another_section
# Flags of and, or and xor are those of a test; nobody says those of the others.
	.type	own_flags, @function
own_flags:
#= movl VAR,%ecx => any: nothing; andl \$-8,%ecx( => any: nothing)?; je L( over B)? after andl \$-8, testl \$-1,V
	movl	b(%rip), %ecx
	andl	$-8, %ecx
	je	.Lown_flags
	movl	$1, %eax
.Lown_flags:
	ret
	.size	own_flags, .-own_flags
	.type	flags_of_sub, @function
flags_of_sub:
#! nothing
#! after
	movl	b(%rip), %ecx
	subl	$5, %ecx
	jo	.Lflags_of_sub
	movl	$1, %eax
.Lflags_of_sub:
	ret
	.size	flags_of_sub, .-flags_of_sub
	.type	flags_of_shift, @function
flags_of_shift:
#! shrl \$5,%ecx => any: nothing
#! jc L after
#= cmpl \$4,%ecx( => any: nothing)?; je L( over B)? after shrl \$5, cmpl \$4,V
	movl	b(%rip), %ecx
	shrl	$5, %ecx
	jc	.Lflags_of_shift
	cmpl	$4, %ecx
	je	.Lflags_of_shift
	movl	$1, %eax
.Lflags_of_shift:
	ret
	.size	flags_of_shift, .-flags_of_shift
	.type	flags_by_others, @function
flags_by_others:
#! andl \$24,%ecx => any: nothing
	movl	b(%rip), %ecx
	andl	$24, %ecx
	je	.Lflags_by_others
	lahf
.Lflags_by_others:
	ret
	.size	flags_by_others, .-flags_by_others
# Three steps are taken, a fourth is not.
	.type	three, @function
three:
#= je L( over B)? after andl \$24, shrl \$3, notl, cmpl \$16,V
	movl	b(%rip), %ecx
	andl	$24, %ecx
	shrl	$3, %ecx
	notl	%ecx
	cmpl	$16, %ecx
	je	.Lthree
	movl	$1, %eax
.Lthree:
	ret
	.size	three, .-three
	.type	four, @function
four:
#! notl %ecx => any: nothing
#! je L after
	movl	b(%rip), %ecx
	andl	$24, %ecx
	shrl	$3, %ecx
	notl	%ecx
	addl	$3, %ecx
	cmpl	$16, %ecx
	je	.Lfour
	movl	$1, %eax
.Lfour:
	ret
	.size	four, .-four
# Behind a narrow step the rest of the register is not what the step says.
	.type	narrow, @function
narrow:
#! je L after
	movl	b(%rip), %ecx
	andb	$24, %cl
	cmpl	$16, %ecx
	je	.Lnarrow
	movl	$1, %eax
.Lnarrow:
	ret
	.size	narrow, .-narrow
	.type	narrow_load, @function
narrow_load:
#! je L after
	movb	b(%rip), %cl
	andl	$24, %ecx
	cmpl	$16, %ecx
	je	.Lnarrow_load
	movl	$1, %eax
.Lnarrow_load:
	ret
	.size	narrow_load, .-narrow_load
# A part of the register is overwritten.
	.type	overwritten, @function
overwritten:
#! je L
	movl	b(%rip), %ecx
	andl	$24, %ecx
	movb	$1, %cl
	cmpl	$16, %ecx
	je	.Loverwritten
	movl	$1, %eax
.Loverwritten:
	ret
	.size	overwritten, .-overwritten
# A compare of the first step stays, so the step does; the second vanishes.
	.type	first_stays, @function
first_stays:
#! shrl \$2,%ecx => any: nothing
#! cmpl \$1,%ecx => any: nothing
#= notl %ecx => any: nothing; testb \$3,%cl( => any: nothing)?; je L( over B)? after shrl \$2, notl, testb \$3,V
	movl	b(%rip), %ecx
	shrl	$2, %ecx
	cmpl	$1, %ecx
	lahf
	notl	%ecx
	testb	$3, %cl
	je	.Lfirst_stays
	movl	$1, %edx
.Lfirst_stays:
	ret
	.size	first_stays, .-first_stays
# The load stays for somebody else: the step vanishes all the same.
	.type	load_stays, @function
load_stays:
#= movl VAR,%ecx => any: movl \$V, %ecx; andl \$24,%ecx => any: nothing; cmpl \$16,%ecx( => any: nothing)?; je L( over B)? after andl \$24, cmpl \$16,V
	movl	b(%rip), %ecx
	movd	%ecx, %xmm0
	andl	$24, %ecx
	cmpl	$16, %ecx
	je	.Lload_stays
	movl	$1, %eax
.Lload_stays:
	ret
	.size	load_stays, .-load_stays
# By something that is no number, or no constant.
	.type	by_symbol, @function
by_symbol:
#! je L after
	movl	b(%rip), %ecx
	andl	$mask, %ecx
	cmpl	$16, %ecx
	je	.Lby_symbol
	movl	$1, %eax
.Lby_symbol:
	ret
	.size	by_symbol, .-by_symbol
	.type	by_register, @function
by_register:
#! je L after
	movl	b(%rip), %ecx
	andl	%esi, %ecx
	cmpl	$16, %ecx
	je	.Lby_register
	movl	$1, %eax
.Lby_register:
	ret
	.size	by_register, .-by_register
# A bit is in the carry. The zero flag is that of the instruction before.
	.type	bit, @function
bit:
#= btl \$7,VAR => any: nothing; setc %al after btl \$7,V => true: movb \$1, %al
	btl	$7, b(%rip)
	setc	%al
	ret
	.size	bit, .-bit
	.type	bit_of_register, @function
bit_of_register:
#= movq VAR,%rcx => any: nothing; btq \$40,%rcx( => any: nothing)?; jnc L( over B)? after btq \$40,V => true: (jmp L|nothing)
	movq	b(%rip), %rcx
	btq	$40, %rcx
	jnc	.Lbit_of_register
	movl	$1, %eax
.Lbit_of_register:
	ret
	.size	bit_of_register, .-bit_of_register
	.type	bit_and_zero, @function
bit_and_zero:
#! je L after
#! ja L after
#! nothing
	testl	%esi, %esi
	btl	$7, b(%rip)
	je	.Lbit_and_zero
	ja	.Lbit_and_zero
	movl	$1, %eax
.Lbit_and_zero:
	ret
	.size	bit_and_zero, .-bit_and_zero
	.section rcpp_patchable,"aw",@progbits
b:	.quad	0
