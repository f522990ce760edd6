# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# A variadic call has in %al how many vector registers it uses. gcc leaves out the move where %eax is
# known to hold that number, by a compare of a loaded value: it must be there.
	.file	"counts.c"
	.text
	.type	before_a_call, @function
before_a_call:
#= movl VAR,%eax => any: movl \$V, %eax; testl %eax,%eax => any: nothing; je L after
	movl	b(%rip), %eax
	testl	%eax, %eax
	je	.Lbefore_a_call
	call	g
.Lbefore_a_call:
	call	g@PLT
	call	*g@GOTPCREL(%rip)
	xorl	%eax, %eax
	ret
	.size	before_a_call, .-before_a_call
	.type	before_a_jump, @function
before_a_jump:
#= movl VAR,%eax => any: movl \$V, %eax; testl %eax,%eax => any: nothing; je L after
	movl	b(%rip), %eax
	testl	%eax, %eax
	je	.Lbefore_a_jump
	jmp	g
.Lbefore_a_jump:
	jmp	h@PLT
	.size	before_a_jump, .-before_a_jump
	.type	before_a_pointer, @function
before_a_pointer:
#= movl VAR,%eax => any: movl \$V, %eax; testl %eax,%eax => any: nothing
	movl	b(%rip), %eax
	testl	%eax, %eax
	je	.Lbefore_a_pointer
	call	*%rdx
.Lbefore_a_pointer:
	xorl	%eax, %eax
	ret
	.size	before_a_pointer, .-before_a_pointer
	.type	before_a_thunk, @function
before_a_thunk:
#= movl VAR,%eax => any: movl \$V, %eax; testl %eax,%eax => any: nothing
	movl	b(%rip), %eax
	testl	%eax, %eax
	je	.Lbefore_a_thunk
	call	__x86_indirect_thunk_rdx
.Lbefore_a_thunk:
	xorl	%eax, %eax
	ret
	.size	before_a_thunk, .-before_a_thunk
	.type	before_regcall, @function
before_regcall:
#= movl VAR,%eax => any: movl \$V, %eax
	movl	b(%rip), %eax
	testl	%eax, %eax
	je	.Lbefore_regcall
	call	__regcall3__g
.Lbefore_regcall:
	xorl	%eax, %eax
	ret
	.size	before_regcall, .-before_regcall
	.type	before_a_probe, @function
before_a_probe:
#= movl VAR,%eax => any: movl \$V, %eax
	movl	b(%rip), %eax
	testl	%eax, %eax
	je	.Lbefore_a_probe
	call	__probestack
.Lbefore_a_probe:
	xorl	%eax, %eax
	ret
	.size	before_a_probe, .-before_a_probe
	.type	before_a_place, @function
before_a_place:
#= movl VAR,%eax => any: movl \$V, %eax
	movl	b(%rip), %eax
	testl	%eax, %eax
	je	.Lbefore_a_place
	call	place
.Lbefore_a_place:
	xorl	%eax, %eax
	ret
place:
	ret
	.size	before_a_place, .-before_a_place
	.type	by_hand, @function
by_hand:
#= movl VAR,%eax => any: movl \$V, %eax
	movl	b(%rip), %eax
	testl	%eax, %eax
	je	.Lby_hand
#APP
	call	g
#NO_APP
.Lby_hand:
	xorl	%eax, %eax
	ret
	.size	by_hand, .-by_hand
# The number has been set: nothing may be moved to %rax.
	.type	number, @function
number:
#= addq VAR,%rdi => s32: addq \$V, %rdi$
	xorl	%eax, %eax
	addq	b(%rip), %rdi
	call	g
	xorl	%eax, %eax
	ret
	.size	number, .-number
	.type	number_at_jump, @function
number_at_jump:
#= addq VAR,%rdi => s32: addq \$V, %rdi$
	movl	$1, %eax
	addq	b(%rip), %rdi
	jmp	g
	.size	number_at_jump, .-number_at_jump
	.type	number_set_later, @function
number_set_later:
#= addq VAR,%rdi => s32: addq \$V, %rdi \| any: movabsq \$V, %rax; addq %rax, %rdi$
	addq	b(%rip), %rdi
	movl	$1, %eax
	call	g
	xorl	%eax, %eax
	ret
	.size	number_set_later, .-number_set_later
	.section rcpp_patchable,"aw",@progbits
b:	.quad	0
