# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# When a load may vanish, and what may take its value.
	.file	"consumers.c"
	.text
# What is between changes the register, or a part of it.
	.type	vanishes, @function
vanishes:
#= movl VAR,%ecx => any: nothing; shlq %cl,%rax => any: shlq
	movl	b(%rip), %ecx
	addq	%rdi, %rsi
	shlq	%cl, %rax
	ret
	.size	vanishes, .-vanishes
	.type	overwritten, @function
overwritten:
#= movl VAR,%ecx => any: movl
#! shlq
	movl	b(%rip), %ecx
	movl	%edi, %ecx
	shlq	%cl, %rax
	ret
	.size	overwritten, .-overwritten
	.type	low_changed, @function
low_changed:
#= movl VAR,%ecx => any: movl
#! shlq
	movl	b(%rip), %ecx
	movb	%dil, %cl
	shlq	%cl, %rax
	ret
	.size	low_changed, .-low_changed
	.type	incremented, @function
incremented:
#= movl VAR,%ecx => any: movl
#! shlq
	movl	b(%rip), %ecx
	incl	%ecx
	shlq	%cl, %rax
	ret
	.size	incremented, .-incremented
	.type	exchanged, @function
exchanged:
#= movl VAR,%ecx => any: movl
#! shlq
	movl	b(%rip), %ecx
	xchgq	%rcx, %rdx
	shlq	%cl, %rax
	ret
	.size	exchanged, .-exchanged

	.type	changed_implicitly, @function
changed_implicitly:
#= movq VAR,%rdx => u32: movl
#! nothing
	movq	b(%rip), %rdx
	mulq	%rsi
	addq	%rdx, (%rdi)
	xorl	%edx, %edx
	ret
	.size	changed_implicitly, .-changed_implicitly
	.type	count_changed_implicitly, @function
count_changed_implicitly:
#= movl VAR,%ecx => any: movl
#! shlq
	movl	b(%rip), %ecx
	rdtscp
	shlq	%cl, %rsi
	xorl	%ecx, %ecx
	ret
	.size	count_changed_implicitly, .-count_changed_implicitly

# Somebody else reads it, before or behind.
	.type	read_between, @function
read_between:
#= movl VAR,%ecx => any: movl .*shlq \$V
#! nothing
	movl	b(%rip), %ecx
	movq	%rcx, %xmm0
	shlq	%cl, %rax
	ret
	.size	read_between, .-read_between
	.type	read_behind, @function
read_behind:
#= movl VAR,%ecx => any: movl .*shlq \$V
#! nothing
	movl	b(%rip), %ecx
	shlq	%cl, %rax
	movq	%rcx, %xmm0
	ret
	.size	read_behind, .-read_behind
	.type	read_elsewhere, @function
read_elsewhere:
#= movl VAR,%ecx => any: movl .*shlq \$V
#! nothing
	movl	b(%rip), %ecx
	shlq	%cl, %rax
	jc	.Lread
	xorl	%ecx, %ecx
	ret
.Lread:	movq	%rcx, %xmm0
	ret
	.size	read_elsewhere, .-read_elsewhere
	.type	returned, @function
returned:
#= movq VAR,%rax => u32: movl
#! nothing
	movq	b(%rip), %rax
	addq	%rax, (%rdi)
	ret
	.size	returned, .-returned
	.type	overwritten_behind, @function
overwritten_behind:
#= movq VAR,%rax => s32: nothing
	movq	b(%rip), %rax
	addq	%rax, (%rdi)
	movl	%esi, %eax
	ret
	.size	overwritten_behind, .-overwritten_behind
	.type	half_overwritten, @function
half_overwritten:
#= movq VAR,%rax => u32: movl
#! nothing
	movq	b(%rip), %rax
	addq	%rax, (%rdi)
	movw	%si, %ax
	ret
	.size	half_overwritten, .-half_overwritten

# Walks through memory: the last load writes the register that it uses.
	.type	chased, @function
chased:
#= movq VAR,%rax => a32: nothing
	movq	b(%rip), %rax
	movq	(%rax), %rax
	ret
	.size	chased, .-chased
	.type	chased_byte, @function
chased_byte:
#= movq VAR,%rax => u32: movl
#! nothing
	movq	b(%rip), %rax
	movb	(%rax), %al
	ret
	.size	chased_byte, .-chased_byte
	.type	chased_perhaps, @function
chased_perhaps:
#= movq VAR,%rax => u32: movl
#! nothing
	movq	b(%rip), %rax
	cmovcq	(%rax), %rax
	ret
	.size	chased_perhaps, .-chased_perhaps
	.type	chased_sum, @function
chased_sum:
#= movq VAR,%rax => u32: movl
#! nothing
	movq	b(%rip), %rax
	addq	(%rax), %rax
	ret
	.size	chased_sum, .-chased_sum
	.type	stored_at_itself, @function
stored_at_itself:
#= movq VAR,%rcx => u32: movl
#! nothing
	movq	b(%rip), %rcx
	movq	%rcx, (%rcx)
	xorl	%ecx, %ecx
	ret
	.size	stored_at_itself, .-stored_at_itself
	.type	implicit, @function
implicit:
#= movq VAR,%rax => u32: movl
#! nothing
	movq	b(%rip), %rax
	mulq	(%rax)
	ret
	.size	implicit, .-implicit

	.type	implicit_dividend, @function
implicit_dividend:
#= movq VAR,%rax => u32: movl
#! nothing
	movq	b(%rip), %rax
	divq	(%rax)
	movl	%esi, %eax
	ret
	.size	implicit_dividend, .-implicit_dividend

# Addresses that cannot take it.
	.type	both_registers, @function
both_registers:
#! nothing
#= movq VAR,%rcx => u32: movl
	movq	b(%rip), %rcx
	movq	(%rcx,%rcx), %rax
	xorl	%ecx, %ecx
	ret
	.size	both_registers, .-both_registers
	.type	scaled, @function
scaled:
#! nothing
#= movq VAR,%rcx => u32: movl
	movq	b(%rip), %rcx
	movq	(%rdi,%rcx,2), %rax
	xorl	%ecx, %ecx
	ret
	.size	scaled, .-scaled
	.type	unscaled, @function
unscaled:
#= movq VAR,%rcx => a32: nothing
	movq	b(%rip), %rcx
	movq	(%rdi,%rcx), %rax
	xorl	%ecx, %ecx
	ret
	.size	unscaled, .-unscaled
	.type	scaled_other, @function
scaled_other:
#= movq VAR,%rcx => a32: nothing
	movq	b(%rip), %rcx
	movq	(%rcx,%rdi,8), %rax
	xorl	%ecx, %ecx
	ret
	.size	scaled_other, .-scaled_other
	.type	narrow, @function
narrow:
#! nothing
#= movl VAR,%ecx => any: movl
	movl	b(%rip), %ecx
	movq	(%ecx), %rax
	xorl	%ecx, %ecx
	ret
	.size	narrow, .-narrow
	.type	symbolic, @function
symbolic:
#! nothing
#= movq VAR,%rcx => u32: movl
	movq	b(%rip), %rcx
	movq	table(%rcx), %rax
	xorl	%ecx, %ecx
	ret
	.size	symbolic, .-symbolic
	.type	too_far, @function
too_far:
#! nothing
#= movq VAR,%rcx => u32: movl
	movq	b(%rip), %rcx
	movq	0x200000(%rcx), %rax
	xorl	%ecx, %ecx
	ret
	.size	too_far, .-too_far
	.type	too_far_back, @function
too_far_back:
#! nothing
#= movq VAR,%rcx => u32: movl
	movq	b(%rip), %rcx
	movq	-0x200000(%rcx), %rax
	xorl	%ecx, %ecx
	ret
	.size	too_far_back, .-too_far_back
	.type	computed, @function
computed:
#! nothing
#= movq VAR,%rcx => u32: movl
	movq	b(%rip), %rcx
	movq	3<<3(%rcx), %rax
	xorl	%ecx, %ecx
	ret
	.size	computed, .-computed
	.type	immediate, @function
immediate:
#! nothing
#= movq VAR,%rcx => u32: movl
	movq	b(%rip), %rcx
	movq	$5, (%rcx)
	xorl	%ecx, %ecx
	ret
	.size	immediate, .-immediate
	.type	gathered, @function
gathered:
#! nothing
#= movq VAR,%rcx => u32: movl
	movq	b(%rip), %rcx
	vpgatherqq %ymm1, (%rcx,%ymm2), %ymm3
	xorl	%ecx, %ecx
	ret
	.size	gathered, .-gathered

# Too narrow a load for the consumer: the rest of the register is something else.
	.type	byte_loaded, @function
byte_loaded:
#! nothing
#= movb VAR,%cl => any: movb
	movb	b(%rip), %cl
	addl	%ecx, (%rdi)
	xorl	%ecx, %ecx
	ret
	.size	byte_loaded, .-byte_loaded
	.type	byte_loaded_for_byte, @function
byte_loaded_for_byte:
#= movb VAR,%cl => any: nothing
	movb	b(%rip), %cl
	addb	%cl, (%rdi)
	xorl	%ecx, %ecx
	ret
	.size	byte_loaded_for_byte, .-byte_loaded_for_byte
	.type	word_loaded_for_address, @function
word_loaded_for_address:
#! nothing
#= movw VAR,%cx => any: movw
	movw	b(%rip), %cx
	movq	(%rcx), %rax
	xorl	%ecx, %ecx
	ret
	.size	word_loaded_for_address, .-word_loaded_for_address
	.type	high_byte, @function
high_byte:
#! nothing
#= movl VAR,%ecx => any: movl
	movl	b(%rip), %ecx
	addb	%ch, (%rdi)
	xorl	%ecx, %ecx
	ret
	.size	high_byte, .-high_byte
	.type	half_used, @function
half_used:
#= movq VAR,%rcx => any: nothing; addl %ecx
	movq	b(%rip), %rcx
	addl	%ecx, (%rdi)
	xorl	%ecx, %ecx
	ret
	.size	half_used, .-half_used

# The other operand is the register, too.
	.type	twice, @function
twice:
#! nothing
#= movq VAR,%rcx => u32: movl
	movq	b(%rip), %rcx
	addq	%rcx, %rcx
	movq	%rcx, %rax
	ret
	.size	twice, .-twice
	.type	address_and_source, @function
address_and_source:
#! nothing
#= movq VAR,%rcx => u32: movl
	movq	b(%rip), %rcx
	addq	%rcx, 8(%rcx)
	xorl	%ecx, %ecx
	ret
	.size	address_and_source, .-address_and_source
	.type	index_and_source, @function
index_and_source:
#! nothing
#= movq VAR,%rcx => u32: movl
	movq	b(%rip), %rcx
	addq	%rcx, 8(%rdi,%rcx)
	xorl	%ecx, %ecx
	ret
	.size	index_and_source, .-index_and_source
	.type	shifts_itself, @function
shifts_itself:
#! nothing|shlq
#= movl VAR,%ecx => any: movl
	movl	b(%rip), %ecx
	shlq	%cl, %rcx
	movq	%rcx, %rax
	ret
	.size	shifts_itself, .-shifts_itself
	.type	shlx_itself, @function
shlx_itself:
#! nothing|shlq
#= movq VAR,%rcx => u32: movl
	movq	b(%rip), %rcx
	shlxq	%rcx, %rcx, %rcx
	movq	%rcx, %rax
	ret
	.size	shlx_itself, .-shlx_itself
	.type	double_shift_itself, @function
double_shift_itself:
#! nothing|shldq
#= movl VAR,%ecx => any: movl
	movl	b(%rip), %ecx
	shldq	%cl, %rcx, %rax
	xorl	%ecx, %ecx
	ret
	.size	double_shift_itself, .-double_shift_itself

# A consumer that is a reference itself, has a prefix, or is another load's.
	.type	reference_itself, @function
reference_itself:
#! nothing
#= movq VAR,%rcx => u32: movl
#= array
	movq	b(%rip), %rcx
	movq	b(%rcx), %rax
	xorl	%ecx, %ecx
	ret
	.size	reference_itself, .-reference_itself
	.type	locked, @function
locked:
#! nothing
#= movq VAR,%rcx => u32: movl
	movq	b(%rip), %rcx
	lock addq %rcx, (%rdi)
	xorl	%ecx, %ecx
	ret
	.size	locked, .-locked
# lock alone, as Linux writes it: what it locks reads and writes what it does otherwise, but nothing
# becomes of it; other prefixes, and what is not simple, may do anything.
	.type	lock_alone, @function
lock_alone:
#! nothing
#= movq VAR,%rcx => u32: movl
	movq	b(%rip), %rcx
	lock; addq %rcx, (%rdi)
	xorl	%ecx, %ecx
	ret
	.size	lock_alone, .-lock_alone
	.type	lock_leaves_flags, @function
lock_leaves_flags:
#= cmpl \$1,VAR => any: nothing
	cmpl	$1, b(%rip)
	je	.Llock1
	lock; addl $0, -4(%rsp)
.Llock1:	xorl	%eax, %eax
	ret
	.size	lock_leaves_flags, .-lock_leaves_flags
	.type	lock_is_no_site, @function
lock_is_no_site:
#! =>
	lock; addq %rcx, b(%rip)
	lock; addq b(%rip), %rcx
	ret
	.size	lock_is_no_site, .-lock_is_no_site
	.type	lock_kills_nothing, @function
lock_kills_nothing:
#! cmpl \$1,VAR => any: nothing
	cmpl	$1, b(%rip)
	lock; addl $0, -4(%rsp)
	je	.Llock3
	incl	%eax
.Llock3:	xorl	%eax, %eax
	ret
	.size	lock_kills_nothing, .-lock_kills_nothing
	.type	rep_alone, @function
rep_alone:
#! cmpl \$1,VAR => any: nothing
	cmpl	$1, b(%rip)
	je	.Llock4
	rep; nop
.Llock4:	xorl	%eax, %eax
	ret
	.size	rep_alone, .-rep_alone
	.type	lock_not_simple, @function
lock_not_simple:
#! cmpl \$1,VAR => any: nothing
	cmpl	$1, b(%rip)
	je	.Llock5
#APP
	.pushsection .smp_locks,"a"
	.long	671f - .
	.popsection
671:
	lock; addl $0, -4(%rsp)
#NO_APP
.Llock5:	xorl	%eax, %eax
	ret
	.size	lock_not_simple, .-lock_not_simple
	.type	two_loads, @function
two_loads:
#= movq VAR,%rcx => s32: nothing
#! VAR,%rdx => .*nothing
	movq	b(%rip), %rcx
	movq	b(%rip), %rdx
	addq	%rcx, (%rdx)
	xorl	%ecx, %ecx
	xorl	%edx, %edx
	ret
	.size	two_loads, .-two_loads
	.type	conditional_code, @function
conditional_code:
#! nothing
#= movq VAR,%rcx => u32: movl
	movq	b(%rip), %rcx
	.if	1
	addq	%rcx, (%rdi)
	.endif
	xorl	%ecx, %ecx
	ret
	.size	conditional_code, .-conditional_code

	.type	other_reference, @function
other_reference:
#= b: movq VAR,%rcx => u32: movl
#= c: cmpq %rcx,VAR => s32: cmpq \$V, %rcx \| u32
#! nothing
	movq	b(%rip), %rcx
	cmpq	%rcx, c(%rip)
	movl	%esi, %ecx
	movl	%esi, %edi
	sete	%al
	ret
	.size	other_reference, .-other_reference
	.type	many_readers, @function
many_readers:
#= movl VAR,%ecx => any: movl .*shlq \$V
	movl	b(%rip), %ecx
	movq	%rcx, %xmm0
	movq	%rcx, %xmm1
	movq	%rcx, %xmm2
	movq	%rcx, %xmm3
	movq	%rcx, %xmm4
	shlq	%cl, %rax
	ret
	.size	many_readers, .-many_readers

# Relative to %rip, which is carried to another place: only where the form is one instruction.
	.type	carried, @function
carried:
#= movl VAR,%ecx => any: nothing; addl
	movl	b(%rip), %ecx
	addl	%ecx, table(%rip)
	xorl	%ecx, %ecx
	ret
	.size	carried, .-carried
	.type	not_carried, @function
not_carried:
#! nothing
#= movq VAR,%rcx => u32: movl
	movq	b(%rip), %rcx
	shlxq	%rcx, table(%rip), %rax
	xorl	%ecx, %ecx
	ret
	.size	not_carried, .-not_carried
	.type	absolute, @function
absolute:
#! nothing
#= movl VAR,%ecx => any: movl
	movl	b(%rip), %ecx
	addl	%ecx, table(,%rdi,4)
	xorl	%ecx, %ecx
	ret
	.size	absolute, .-absolute
	.type	difference, @function
difference:
#! nothing
#= movl VAR,%ecx => any: movl
	movl	b(%rip), %ecx
	addl	%ecx, behind-table(%rdi)
	xorl	%ecx, %ecx
	ret
	.size	difference, .-difference
	.type	sum_of_symbols, @function
sum_of_symbols:
#! nothing
#= movl VAR,%ecx => any: movl
	.set	eight, 8
	movl	b(%rip), %ecx
	addl	%ecx, table+eight(%rip)
	xorl	%ecx, %ecx
	ret
	.size	sum_of_symbols, .-sum_of_symbols
	.type	bare, @function
bare:
#= nothing.*; add %ecx,%eax => any: addl \$V, %eax
	mov	b(%rip), %ecx
	add	%ecx, %eax
	xor	%ecx, %ecx
	ret
	.size	bare, .-bare
	.type	bare_to_memory, @function
bare_to_memory:
#= nothing.*; add %ecx,\(%rdi\) => any: addl \$V, \(%rdi\)
	mov	b(%rip), %ecx
	add	%ecx, (%rdi)
	xor	%ecx, %ecx
	ret
	.size	bare_to_memory, .-bare_to_memory
	.type	from_got, @function
from_got:
#! nothing
#= movq VAR,%rcx => u32: movl
	movq	b(%rip), %rcx
	addq	%rcx, table@GOTPCREL(%rip)
	xorl	%ecx, %ecx
	ret
	.size	from_got, .-from_got
# More consumers than one load can have.
	.type	many, @function
many:
#! nothing
#= movq VAR,%rcx => u32: movl
	movq	b(%rip), %rcx
	addq	%rcx, (%rdi)
	addq	%rcx, 8(%rdi)
	addq	%rcx, 16(%rdi)
	addq	%rcx, 24(%rdi)
	addq	%rcx, 32(%rdi)
	addq	%rcx, 40(%rdi)
	addq	%rcx, 48(%rdi)
	addq	%rcx, 56(%rdi)
	addq	%rcx, 64(%rdi)
	addq	%rcx, 72(%rdi)
	addq	%rcx, 80(%rdi)
	addq	%rcx, 88(%rdi)
	addq	%rcx, 96(%rdi)
	addq	%rcx, 104(%rdi)
	addq	%rcx, 112(%rdi)
	addq	%rcx, 120(%rdi)
	addq	%rcx, 128(%rdi)
	xorl	%ecx, %ecx
	ret
	.size	many, .-many
	.type	many_and_call, @function
many_and_call:
#! nothing|near
#= movq VAR,%rcx => u32: movl
	movq	b(%rip), %rcx
	addq	%rcx, (%rdi)
	addq	%rcx, 8(%rdi)
	addq	%rcx, 16(%rdi)
	addq	%rcx, 24(%rdi)
	addq	%rcx, 32(%rdi)
	addq	%rcx, 40(%rdi)
	addq	%rcx, 48(%rdi)
	addq	%rcx, 56(%rdi)
	addq	%rcx, 64(%rdi)
	addq	%rcx, 72(%rdi)
	addq	%rcx, 80(%rdi)
	addq	%rcx, 88(%rdi)
	addq	%rcx, 96(%rdi)
	addq	%rcx, 104(%rdi)
	addq	%rcx, 112(%rdi)
	addq	%rcx, 120(%rdi)
	call	*%rcx
	ret
	.size	many_and_call, .-many_and_call
# The thunk goes where all of the register points.
	.type	byte_loaded_for_thunk, @function
byte_loaded_for_thunk:
#! near
#= movb VAR,%al => any: movb
	movb	b(%rip), %al
	call	__x86_indirect_thunk_rax
	ret
	.size	byte_loaded_for_thunk, .-byte_loaded_for_thunk
	.type	by_segment, @function
by_segment:
#= movq VAR,%rcx => a32: nothing .*; movq %fs:8\(%rcx\),%rax => a32: movq %fs:V\+8,%rax$
	movq	b(%rip), %rcx
	movq	%fs:8(%rcx), %rax
	xorl	%ecx, %ecx
	ret
	.size	by_segment, .-by_segment
# As long as a thunk's name, and the end of one.
	.type	like_a_thunk, @function
like_a_thunk:
#! near
#= movq VAR,%rax => u32: movl
	movq	b(%rip), %rax
	call	__x86_my_other_thunk_rax
	ret
	.size	like_a_thunk, .-like_a_thunk
	.type	through_memory, @function
through_memory:
#! near
#= movq VAR,%rax => u32: movl
	movq	b(%rip), %rax
	call	*__x86_indirect_thunk_rax
	ret
	.size	through_memory, .-through_memory
# 16 bits, which no suffix says.
	.type	pushes_word, @function
pushes_word:
#! nothing|; push
#= movq VAR,%rcx => u32: movl
	movq	b(%rip), %rcx
	push	%cx
	xorl	%ecx, %ecx
	ret
	.size	pushes_word, .-pushes_word
	.type	sections, @function
sections:
#! nothing
#= movq VAR,%rcx => u32: movl
	movq	b(%rip), %rcx
	.section .text.other,"ax",@progbits
	addq	%rcx, (%rdi)
	.text
	addq	%rcx, 8(%rdi)
	xorl	%ecx, %ecx
	ret
	.size	sections, .-sections
	.type	called_between, @function
called_between:
#! nothing|shlq
#= movl VAR,%ecx => any: movl
	movl	b(%rip), %ecx
	call	data
	shlq	%cl, %rax
	xorl	%ecx, %ecx
	ret
	.size	called_between, .-called_between
# The value would be out of reach where it is not so wide: 64 bits into 32.
	.type	strongest, @function
strongest:
#= movq VAR,%rcx => a32: nothing .*; addl %ecx,4\(%rdi\) => any: [^;]*; addq %rcx,8\(%rdi\) => s32: [^;]*; movq \(%rcx\),%rax => a32
	movq	b(%rip), %rcx
	addl	%ecx, 4(%rdi)
	addq	%rcx, 8(%rdi)
	movq	(%rcx), %rax
	xorl	%ecx, %ecx
	ret
	.size	strongest, .-strongest
	.type	strongest_first, @function
strongest_first:
#= movq VAR,%rcx => a32: nothing .*; movq \(%rcx\),%rax => a32: [^;]*; addq %rcx,8\(%rdi\) => s32: [^;]*; addl %ecx,4\(%rdi\) => any
	movq	b(%rip), %rcx
	movq	(%rcx), %rax
	addq	%rcx, 8(%rdi)
	addl	%ecx, 4(%rdi)
	xorl	%ecx, %ecx
	ret
	.size	strongest_first, .-strongest_first
# Flags.
	.type	flags_live, @function
flags_live:
#! leaq
#= movq VAR,%rcx => u32
	movq	b(%rip), %rcx
	addq	%rdi, %rcx
	setc	%al
	movq	%rcx, %rdx
	ret
	.size	flags_live, .-flags_live
	.type	flags_dead, @function
flags_dead:
#= leaq V\(%rdi\)
	movq	b(%rip), %rcx
	addq	%rdi, %rcx
	movq	%rcx, %rax
	ret
	.size	flags_dead, .-flags_dead
	.bss
table:	.zero	64
behind:	.zero	8
	.section rcpp_patchable,"aw",@progbits
b:	.quad	0
c:	.quad	0
# The register is not the variable.
rdi:	.quad	0
