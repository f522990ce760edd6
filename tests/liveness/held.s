# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# What a load has left in a register is taken by instructions behind labels, where every way brings
# that and nothing else.
	.file	"held.c"
	.text
	.type	loop, @function
loop:
#= movl VAR,%esi => any: movl \$V, %esi; divl %esi => 
	movl	b(%rip), %esi
.Lloop:
	xorl	%edx, %edx
	divl	%esi
	decl	%ecx
	jne	.Lloop
	ret
	.size	loop, .-loop
# Two ways to the label, and both bring it.
	.type	both, @function
both:
#= movl VAR,%esi => .*; divl %esi => 
	movl	b(%rip), %esi
	testl	%ecx, %ecx
	je	.Lboth
	incl	%eax
.Lboth:
	xorl	%edx, %edx
	divl	%esi
	ret
	.size	both, .-both
# A compare goes, and so do the jumps that ask for its flags.
	.type	compared, @function
compared:
#= movl VAR,%esi => .*; cmpl \$3,%esi => any: nothing; jg L .*after cmpl \$3,V
	movl	b(%rip), %esi
.Lcompared:
	decl	%ecx
	je	.Lcompared_end
	cmpl	$3, %esi
	jg	.Lcompared
	incq	(%rdi)
	addl	$2, %ecx
	addl	$3, %ecx
	addl	$4, %ecx
	jmp	.Lcompared
.Lcompared_end:
	ret
	.size	compared, .-compared
# On one of the ways the register holds something else.
	.type	other_way, @function
other_way:
#= movl VAR,%esi => any: movl \$V, %esi$
	testl	%ecx, %ecx
	je	.Lother_way
	movl	b(%rip), %esi
.Lother_way:
	xorl	%edx, %edx
	divl	%esi
	ret
	.size	other_way, .-other_way
# Two loads: which one it was is not known.
	.type	two, @function
two:
#! divl
	testl	%ecx, %ecx
	je	.Ltwo
	movl	b(%rip), %esi
	jmp	.Ltwo_end
.Ltwo:
	movl	b(%rip), %esi
.Ltwo_end:
	xorl	%edx, %edx
	divl	%esi
	ret
	.size	two, .-two
# Somebody else may come to the label: it stands in a table,
	.type	in_table, @function
in_table:
#! divl
	movl	b(%rip), %esi
.Lin_table:
	xorl	%edx, %edx
	divl	%esi
	decl	%ecx
	jne	.Lin_table
	ret
	.size	in_table, .-in_table
	.data
	.quad	.Lin_table
	.text
# its address is taken,
	.type	taken, @function
taken:
#! divl
	movl	b(%rip), %esi
	leaq	.Ltaken(%rip), %rdi
.Ltaken:
	xorl	%edx, %edx
	divl	%esi
	decl	%ecx
	jne	.Ltaken
	ret
	.size	taken, .-taken
# or another function jumps there.
	.type	from_elsewhere, @function
from_elsewhere:
#! divl
	movl	b(%rip), %esi
.Lfrom_elsewhere:
	xorl	%edx, %edx
	divl	%esi
	decl	%ecx
	jne	.Lfrom_elsewhere
	ret
	.size	from_elsewhere, .-from_elsewhere
	.type	elsewhere, @function
elsewhere:
	jmp	.Lfrom_elsewhere
	.size	elsewhere, .-elsewhere
# A symbol is for everybody.
	.type	symbol, @function
symbol:
#! divl
	movl	b(%rip), %esi
symbol_inside:
	xorl	%edx, %edx
	divl	%esi
	decl	%ecx
	jne	symbol_inside
	ret
	.size	symbol, .-symbol
# In a call the variable may change, whatever register the value is in.
	.type	call, @function
call:
#! divl
	pushq	%rbx
	movl	b(%rip), %ebx
.Lcall:
	call	f
	xorl	%edx, %edx
	divl	%ebx
	decl	%ecx
	jne	.Lcall
	popq	%rbx
	ret
	.size	call, .-call
# So it may in a call that only some of the ways make; before it, it is held.
	.type	some_calls, @function
some_calls:
#= movl VAR,%ebx => any: movl \$V, %ebx$
	pushq	%rbx
	movl	b(%rip), %ebx
.Lsome_calls:
	testl	%eax, %eax
	je	.Lsome_calls_not
	call	f
.Lsome_calls_not:
	xorl	%edx, %edx
	divl	%ebx
	decl	%ecx
	jne	.Lsome_calls
	popq	%rbx
	ret
	.size	some_calls, .-some_calls
# The loop changes a part of the register.
	.type	changed, @function
changed:
#! divl
	movl	b(%rip), %esi
.Lchanged:
	xorl	%edx, %edx
	divl	%esi
	movb	$1, %sil
	decl	%ecx
	jne	.Lchanged
	ret
	.size	changed, .-changed
# A part of the way lies in another section, or in front of the load: nobody could say where a
# thread is that has the old value.
	.type	cold, @function
cold:
#! divl
	movl	b(%rip), %esi
.Lcold:
	xorl	%edx, %edx
	divl	%esi
	jc	.Lcold_part
.Lcold_back:
	decl	%ecx
	jne	.Lcold
	ret
	.section	.text.unlikely,"ax",@progbits
	ret
.Lcold_part:
	addl	$3, %ecx
	jmp	.Lcold_back
	.text
	.size	cold, .-cold
	.type	front, @function
front:
#! divl
	jmp	.Lfront_load
.Lfront:
	xorl	%edx, %edx
	divl	%esi
	decl	%ecx
	jne	.Lfront
	ret
.Lfront_load:
	movl	b(%rip), %esi
	jmp	.Lfront
	.size	front, .-front
# The value is not read any more in the other section.
	.type	cold_end, @function
cold_end:
#= movl VAR,%esi => .*; divl %esi => 
	movl	b(%rip), %esi
.Lcold_end:
	xorl	%edx, %edx
	divl	%esi
	jc	.Lcold_end_part
	decl	%ecx
	jne	.Lcold_end
.Lcold_end_back:
	ret
	.section	.text.unlikely
	ret
.Lcold_end_part:
	addl	$3, %ecx
	jmp	.Lcold_end_back
	.text
	.size	cold_end, .-cold_end
# Half of a register: the rest is somebody else's.
	.type	half, @function
half:
#! divl
	movw	b(%rip), %si
.Lhalf:
	xorl	%edx, %edx
	divl	%esi
	decl	%ecx
	jne	.Lhalf
	ret
	.size	half, .-half
# The way ends where as may leave text out.
	.type	left_out, @function
left_out:
#! divl
	movl	b(%rip), %esi
.Lleft_out:
	xorl	%edx, %edx
	divl	%esi
	decl	%ecx
	jne	.Lleft_out
	.if 0
	movl	%esi, %eax
	.endif
	ret
	.size	left_out, .-left_out
# An inner loop reads what an outer one has loaded.
	.type	inner, @function
inner:
#= movl VAR,%esi => .*; divl %esi => 
.Linner_outer:
	movl	b(%rip), %esi
	movl	$10, %ecx
.Linner:
	xorl	%edx, %edx
	divl	%esi
	decl	%ecx
	jne	.Linner
	decl	%edi
	jne	.Linner_outer
	ret
	.size	inner, .-inner
# Nobody behind the label takes the value: there is nothing to wait for there.
	.type	straight, @function
straight:
#= movl VAR,%esi => .*; divl %esi => 
	movl	b(%rip), %esi
	xorl	%edx, %edx
	divl	%esi
.Lstraight:
	movl	%esi, (%rdi)
	decl	%ecx
	jne	.Lstraight
	ret
	.size	straight, .-straight
# A thread may wait in the kernel as long as it likes.
	.type	waits, @function
waits:
#! divl
	movl	b(%rip), %esi
.Lwaits:
	movl	$24, %eax
#APP
	syscall
#NO_APP
	xorl	%edx, %edx
	divl	%esi
	cmpl	$7, %edx
	jne	.Lwaits
	ret
	.size	waits, .-waits
# Two values at a time, the later one asked for first.
	.type	pair, @function
pair:
#= : b: movl VAR,%esi => .*; divl %esi => 
#= : c: movl VAR,%edi => .*; divl %edi => 
	movl	b(%rip), %esi
	movl	c(%rip), %edi
.Lpair:
	xorl	%edx, %edx
	divl	%edi
	xorl	%edx, %edx
	divl	%esi
	decl	%ecx
	jne	.Lpair
	ret
	.size	pair, .-pair
# Several uses, and a use that needs the register: the load stays.
	.type	several, @function
several:
#= movl VAR,%esi => .*; divl %esi => .*; divl %esi => 
	movl	b(%rip), %esi
.Lseveral:
	xorl	%edx, %edx
	divl	%esi
	movl	(%rdi), %eax
	xorl	%edx, %edx
	divl	%esi
	movl	%esi, 4(%rdi)
	decl	%ecx
	jne	.Lseveral
	ret
	.size	several, .-several
# The label's address goes somewhere, as in non-PIC code: who jumps there with it is not known.
	.type	address_taken, @function
address_taken:
#= movl VAR,%esi => any: movl \$V, %esi$
	movq	$.Laddress_taken, (%rdi)
	movl	b(%rip), %esi
.Laddress_taken:
	xorl	%edx, %edx
	divl	%esi
	decl	%ecx
	jne	.Laddress_taken
	ret
	.size	address_taken, .-address_taken
	.ident	"GCC: (Debian 12.2.0-14) 12.2.0"
	.pushsection rcpp_patchable,"aw"
b:	.long	7
c:	.long	9
	.popsection
