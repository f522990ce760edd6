# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# clang says by a label which functions are its own. The others come from assembly in the source, and
# their callers, which are assembly, too, may know more about them than the ABI says.
	.file	"ends.c"
	.text
	.type	written, @function
written:
#= addq VAR,%rax => s32: addq \$V, %rax$
	movl	$5, %ecx
	addq	b(%rip), %rax
	ret
	.size	written, .-written
	.type	calls, @function
calls:
#! leaq
#= movq VAR,%rax => u32
	movq	b(%rip), %rax
	addq	%rdi, %rax
	call	written
	ret
	.size	calls, .-calls
	.type	compiled, @function
compiled:
#= any: movabsq \$V, %rcx
	movl	$5, %ecx
	addq	b(%rip), %rax
	ret
.Lfunc_end0:
	.size	compiled, .Lfunc_end0-compiled
	.type	calls_compiled, @function
calls_compiled:
#= leaq V
	movq	b(%rip), %rax
	addq	%rdi, %rax
	call	written
	ret
.Lfunc_end1:
	.size	calls_compiled, .Lfunc_end1-calls_compiled
	.type	calls_with_flags, @function
calls_with_flags:
#! popcnt\(V\)
	popcntq	b(%rip), %rax
	call	written
	cmpl	$1, %ecx
	ret
	.size	calls_with_flags, .-calls_with_flags
	.type	calls_without_flags, @function
calls_without_flags:
#= any: movl \$popcnt
	popcntq	b(%rip), %rax
	call	written
	ret
.Lfunc_end4:
	.size	calls_without_flags, .Lfunc_end4-calls_without_flags
	.type	lends_nothing_to_callees, @function
lends_nothing_to_callees:
#! any:
	addq	b(%rip), %rdx
	call	outside
	ret
	.size	lends_nothing_to_callees, .-lends_nothing_to_callees
# What stands behind the last call is not reached, nor does the label lead there.
	.type	never_returns, @function
never_returns:
#= any: nothing; je L after
	cmpl	$5, b(%rip)
	je	.Lnever_returns
	ret
.Lnever_returns:
	call	outside
.Lfunc_end2:
	.size	never_returns, .Lfunc_end2-never_returns
# What it falls through to may read flags, and registers.
	.type	falls_off, @function
falls_off:
#! nothing
	cmpl	$5, b(%rip)
	je	.Lfalls_off
	ret
.Lfalls_off:
	nop
.Lfunc_end3:
	.size	falls_off, .Lfunc_end3-falls_off
	.type	branches_off, @function
branches_off:
.Lbranches_off:
#! nothing
	movq	b(%rip), %rcx
	addq	%rcx, %rax
	jne	.Lbranches_off
	.type	by_hand, @function
by_hand:
#! nothing
	cmpl	$5, b(%rip)
	je	.Lby_hand
	xorl	%ecx, %ecx
	ret
.Lby_hand:
	call	outside
	.size	by_hand, .-by_hand
	.type	jumps_by_hand, @function
jumps_by_hand:
#! nothing
	cmpl	$5, b(%rip)
	je	.Ljumps_by_hand
	xorl	%ecx, %ecx
	ret
.Ljumps_by_hand:
	jmp	outside
	.size	jumps_by_hand, .-jumps_by_hand
	.type	jumps_compiled, @function
jumps_compiled:
#= any: nothing; je L after
	cmpl	$5, b(%rip)
	je	.Ljumps_compiled
	ret
.Ljumps_compiled:
	jmp	outside
.Lfunc_end5:
	.size	jumps_compiled, .Lfunc_end5-jumps_compiled
	.type	traps_by_hand, @function
traps_by_hand:
#! nothing
	cmpl	$5, b(%rip)
	je	.Ltraps_by_hand
	xorl	%ecx, %ecx
	ret
.Ltraps_by_hand:
	ud2
	.size	traps_by_hand, .-traps_by_hand
	.type	traps_compiled, @function
traps_compiled:
#= any: nothing; je L after
	cmpl	$5, b(%rip)
	je	.Ltraps_compiled
	ret
.Ltraps_compiled:
	ud2
.Lfunc_end6:
	.size	traps_compiled, .Lfunc_end6-traps_compiled
	.section rcpp_patchable,"aw",@progbits
b:	.quad	0
	.ident	"Debian clang version 14.0.6"
