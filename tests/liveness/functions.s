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

# No .size yet, another section: only NAME.cold can be a part of NAME.
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

# Clones are functions of their own, whatever section they are in, though the function that they are
# named after has had no .size (-finhibit-size-directive): only .cold and .cold.N are parts.
	.type	clone1, @function
clone1:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	ret
	.section .text.unlikely
	.type	clone1.part.0, @function
clone1.part.0:
	xorl	%ecx, %ecx
	ret
	.text
	.type	clone2, @function
clone2:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	ret
	.section .text.unlikely
	.type	clone2.constprop.0, @function
clone2.constprop.0:
	xorl	%ecx, %ecx
	ret
	.text
	.type	clone3, @function
clone3:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	ret
	.section .text.unlikely
	.type	clone3.isra.0, @function
clone3.isra.0:
	xorl	%ecx, %ecx
	ret
	.text
	.type	clone4, @function
clone4:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	ret
	.section .text.unlikely
	.type	clone4.constprop.1.isra.0, @function
clone4.constprop.1.isra.0:
	xorl	%ecx, %ecx
	ret
	.text
	.type	clone5, @function
clone5:
#= any: movabsq \$V, %rcx
	addq	b(%rip), %rax
	ret
	.section .text.unlikely
	.type	clone5.cold, @function
clone5.cold:
	xorl	%ecx, %ecx
	ret
	.text
	.type	clone6, @function
clone6:
#= any: movabsq \$V, %rcx
	addq	b(%rip), %rax
	ret
	.section .text.unlikely
	.type	clone6.cold.0, @function
clone6.cold.0:
	xorl	%ecx, %ecx
	ret
	.text
	.type	clone7, @function
clone7:
#= any: movabsq \$V, %rcx
	addq	b(%rip), %rax
	ret
	.section .text.unlikely
	.type	clone7.cold.17, @function
clone7.cold.17:
	xorl	%ecx, %ecx
	ret
	.text
	.type	clone8, @function
clone8:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	ret
	.section .text.unlikely
	.type	clone8.cold., @function
clone8.cold.:
	xorl	%ecx, %ecx
	ret
	.text
	.type	clone9, @function
clone9:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	ret
	.section .text.unlikely
	.type	clone9.cold.x, @function
clone9.cold.x:
	xorl	%ecx, %ecx
	ret
	.text
	.type	clone10, @function
clone10:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	ret
	.section .text.unlikely
	.type	clone10.cold.1x, @function
clone10.cold.1x:
	xorl	%ecx, %ecx
	ret
	.text
	.type	clone11, @function
clone11:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	ret
	.section .text.unlikely
	.type	clone11.cold.0.part.0, @function
clone11.cold.0.part.0:
	xorl	%ecx, %ecx
	ret
	.text
	.type	clone12, @function
clone12:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	ret
	.section .text.unlikely
	.type	clone12.colder, @function
clone12.colder:
	xorl	%ecx, %ecx
	ret
	.text
	.type	clone13, @function
clone13:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	ret
	.section .text.unlikely
	.type	clone13.COLD, @function
clone13.COLD:
	xorl	%ecx, %ecx
	ret
	.text
	.type	clone14, @function
clone14:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	ret
	.section .text.unlikely
	.type	clone14.part.0.cold, @function
clone14.part.0.cold:
	xorl	%ecx, %ecx
	ret
	.text
	.type	clone15, @function
clone15:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	ret
	.section .text.unlikely
	.type	clone15.lto_priv.0, @function
clone15.lto_priv.0:
	xorl	%ecx, %ecx
	ret
	.text
	.type	clone16, @function
clone16:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	ret
	.section .text.unlikely
	.type	clone16cold, @function
clone16cold:
	xorl	%ecx, %ecx
	ret
	.text
	.type	clone_same, @function
clone_same:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	ret
	.type	clone_same.cold, @function
clone_same.cold:
	xorl	%ecx, %ecx
	ret
	.type	clone_of_none, @function
clone_of_none:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	ret
	.size	clone_of_none, .-clone_of_none
	.section .text.unlikely
	.type	clone_of_none.cold, @function
clone_of_none.cold:
	xorl	%ecx, %ecx
	ret
	.size	clone_of_none.cold, .-clone_of_none.cold
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
