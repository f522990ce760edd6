# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# What stands between a label and the first instruction behind it. Comments behind the references
# say what rcpp must write: ENTRY, a NOP comes first, since a symbol may stand here; INSIDE, none.
	.file	"entries.c"
	.file	1 "entries.c"
	.text
	addq	b(%rip), %rax # ENTRY the file's first byte: a linker script's symbol
	addq	b(%rip), %rax # INSIDE
	.globl	global
	.type	global, @function
global:
.LFB0:
	.loc 1 5 1
	.cfi_startproc
	addq	b(%rip), %rax # ENTRY
	addq	b(%rip), %rax # INSIDE
	ret
	.cfi_endproc
	.size	global, .-global
	.type	static_one, @function
static_one: addq b(%rip), %rax # ENTRY on one line
	ret
	.size	static_one, .-static_one
several:
alias:	also:
# a comment
	.p2align 4
	.globl	late
	.type	late, @function
	addq	b(%rip), %rax # ENTRY
late:	movq	b(%rip), %rcx # ENTRY
	shlq	%cl, %rax # INSIDE a consumer
	ret
	.size	late, .-late
	.type	landing, @function
landing:
	endbr64
	addq	b(%rip), %rax # INSIDE
	ret
	.size	landing, .-landing
	.type	traced, @function
traced:
1:	call	__fentry__
	.section __mcount_loc, "a", @progbits
	.quad	1b
	.previous
	addq	b(%rip), %rax # INSIDE
	ret
	.size	traced, .-traced
	.type	no_traced, @function
no_traced:
1:	.byte	0x0f, 0x1f, 0x44, 0x00, 0x00
	addq	b(%rip), %rax # INSIDE
	ret
	.size	no_traced, .-no_traced
	.type	patchable_entry, @function
patchable_entry:
	.section __patchable_function_entries, "aw", @progbits
	.quad	.LPFE1
	.text
.LPFE1:
	nop
	addq	b(%rip), %rax # INSIDE
	ret
	.size	patchable_entry, .-patchable_entry
nops_in_front:
	.nops	0
	addq	b(%rip), %rax # ENTRY nothing was left
	ret
skipped:
	.skip	0
	.ascii	""
	.byte
	.align	8
	addq	b(%rip), %rax # ENTRY
	ret
pushes:
	pushq	%rbx
	addq	b(%rip), %rax # INSIDE
.L1:
	addq	b(%rip), %rax # INSIDE a local label
2:	addq	b(%rip), %rax # INSIDE a number
	jnz	2b
.L2:
	addq	b(%rip), %rax # ENTRY g is the same
	jnz	.L2
.L3:
	addq	b(%rip), %rax # ENTRY so is h
	jnz	.L3
.L7:
	addq	b(%rip), %rax # ENTRY a global one
	jnz	.L7
	.globl	.L7
	.set	g, .L2
	h = .L3
	addq	b(%rip), %rax # ENTRY what the two assign might have been this place
here = .
	addq	b(%rip), %rax # ENTRY
	popq	%rbx
	ret
".Lquoted":
	addq	b(%rip), %rax # ENTRY it might be anything
.lower:
	addq	b(%rip), %rax # ENTRY not local
"a function":
	addq	b(%rip), %rax # ENTRY
	ret

# A cold part, and a section that goes on where it was.
	.type	parts, @function
parts:
	testq	%rax, %rax
	jnz	parts.cold
	.section .rodata
table:	.quad	.L4
	.text
.L4:
	addq	b(%rip), %rax # INSIDE
	ret
	.section .text.unlikely, "ax", @progbits
	.type	parts.cold, @function
parts.cold:
	addq	b(%rip), %rax # ENTRY
	addq	b(%rip), %rax # INSIDE
	.text
	.size	parts, .-parts
	.section .text.own, "ax", @progbits
	.type	own, @function
own:
	testq	%rax, %rax
	.section .rodata
	.quad	.L5
	.section .text.own
.L5:
	addq	b(%rip), %rax # INSIDE the same section, in gcc's short spelling
	ret
	.size	own, .-own
	.type	own_end, @function
own_end:
	.section .text.own, "ax", @progbits
	addq	b(%rip), %rax # ENTRY the same section once more
	ret
	.size	own_end, .-own_end
# Perhaps the same section, perhaps not.
	.section .text.torn, "ax", @progbits
	.type	torn, @function
torn:
	nop
torn_end:
	.section .text.torn, "ax"
	nop
	.section .text.torn, "ax", @progbits
	addq	b(%rip), %rax # ENTRY
	ret
	.size	torn, .-torn
# Groups need all that they were named with.
	.section .text.member, "axG", @progbits, member, comdat
	.type	member, @function
member:
	addq	b(%rip), %rax # ENTRY
	.section .rodata
	.quad	.L6
	.section .text.member, "axG", @progbits, member, comdat
.L6:
	addq	b(%rip), %rax # INSIDE
	ret
	.size	member, .-member

# Inline assembly.
	.text
	.type	by_hand, @function
by_hand:
	nop
#APP
	nop; made_by_hand: addq b(%rip), %rax # ENTRY
#NO_APP
	addq	b(%rip), %rax # INSIDE
#APP
661:	nop
662:	.skip 0, 0x90
	.pushsection .altinstructions, "a"
	.long	661b - .
	.byte	662b - 661b
	.popsection
#NO_APP
	addq	b(%rip), %rax # INSIDE
#APP
	.pushsection .text.elsewhere, "ax"
elsewhere:
	.popsection
#NO_APP
	addq	b(%rip), %rax # INSIDE
	ret
	.size	by_hand, .-by_hand
	.section	rcpp_patchable, "aw", @progbits
b:	.quad	0
