# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Where functions begin and end. A function lends its registers to its own sites only: %rcx is
# written by the function before or behind the one with the site, not by it.
	.file	"functions.c"
	.text
	.type	percent, %function
percent:
	xorl	%ecx, %ecx
	ret
	.size	percent, .-percent
	.type	percent_user, %function
percent_user:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	ret
	.size	percent_user, .-percent_user

	.type	spelled, STT_FUNC
spelled:
	xorl	%ecx, %ecx
	ret
	.size	spelled, .-spelled
	.type	spelled_user, STT_FUNC
spelled_user:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	ret
	.size	spelled_user, .-spelled_user

	.type	quoted, "function"
quoted:
	xorl	%ecx, %ecx
	ret
	.size	quoted, .-quoted
	.type	quoted_user, "function"
quoted_user:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	ret
	.size	quoted_user, .-quoted_user

# No .size yet, another section: only NAME.something can be a part of NAME.
	.type	part, @function
part:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	ret
	.section .text.unlikely,"ax",@progbits
	.type	part2, @function
part2:
	xorl	%ecx, %ecx
	ret
	.text
	.type	whole, @function
whole:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	ret
	.section .text.unlikely
	.type	other.cold, @function
other.cold:
	xorl	%ecx, %ecx
	ret
	.text
# A cold part is a part: what it writes, the function writes.
	.type	warm, @function
warm:
#= addq VAR,%rax => s32: .* any: movabsq \$V, %rcx
	addq	b(%rip), %rax
	jc	warm.cold
	ret
	.section .text.unlikely
	.type	warm.cold, @function
warm.cold:
	xorl	%ecx, %ecx
	ret
	.size	warm.cold, .-warm.cold
	.text
	.size	warm, .-warm
# The same name in the same section, and no .size: another function (an outlined copy, say).
	.type	copy, @function
copy:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	ret
	.type	copy.part.0, @function
copy.part.0:
	xorl	%ecx, %ecx
	ret
	.size	copy.part.0, .-copy.part.0

	.section .text.own,"ax",@progbits
	.type	own_section, @function
own_section:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	ret
	.type	own_section.part.0, @function
own_section.part.0:
	xorl	%ecx, %ecx
	ret
	.size	own_section.part.0, .-own_section.part.0
	.text

# These begin no function.
	.type	with_object, @function
with_object:
#= any: movabsq \$V, %rcx
	addq	b(%rip), %rax
	.section .rodata
	.type	object, @object
object:	.string	"object", "function"
	.size	object, .-object
	.text
	xorl	%ecx, %ecx
	ret
	.size	with_object, .-with_object
	.type	with_repetition, @function
with_repetition:
#= any: movabsq \$V, %rcx
	xorl	%ecx, %ecx
	.rept	1
	.type	repeated, @function
	.endr
	addq	b(%rip), %rax
	ret
	.size	with_repetition, .-with_repetition
# All between #APP and #NO_APP is left alone, for there is data.
	.type	by_hand, @function
by_hand:
#= load: .*inline assembly
#! =>
#APP
	.byte	0x90
	.type	inside_by_hand, @function
	addq	b(%rip), %rax
#NO_APP
	ret
	.size	by_hand, .-by_hand
	.type	behind_by_hand, @function
behind_by_hand:
#= addq VAR,%rax => s32
	addq	b(%rip), %rax
	ret
	.size	behind_by_hand, .-behind_by_hand

# Functions that .type does not announce: data between them is an end.
	.section .rodata
	.byte	0
	.text
silent:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	ret
	.section .rodata
	.byte	0
	.text
loud:
	xorl	%ecx, %ecx
	ret
	.section rcpp_patchable,"aw",@progbits
b:	.quad	0
