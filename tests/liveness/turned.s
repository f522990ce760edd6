# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Compares with the value on their left side, which can be turned only if all that reads the flags can.
	.file	"turned.c"
	.text
	.type	jump, @function
jump:
#= cmpl %edi,VAR => any: cmpl \$V, %edi; jl L => any: jg L$
	cmpl	%edi, b(%rip)
	jl	.Ljump
	xorl	%eax, %eax
.Ljump:
	ret
	.size	jump, .-jump
	.type	wide, @function
wide:
#= cmpq %rdi,VAR => s32: cmpq \$V, %rdi; setae %al => s32: setbe %al$
	cmpq	%rdi, b(%rip)
	setae	%al
	ret
	.size	wide, .-wide
	.type	wide_register, @function
wide_register:
#= cmpq %rdi,VAR => s32: cmpq \$V, %rdi \| u32: movl \$V, %ecx; cmpq %rdi, %rcx \| any: movabsq .*; cmovbl %esi,%eax => s32: cmoval %esi, %eax$
	movl	$0, %ecx
	cmpq	%rdi, b(%rip)
	cmovbl	%esi, %eax
	movl	$0, %ecx
	ret
	.size	wide_register, .-wide_register
# What reads the zero flag only stays, whatever it is.
	.type	equal, @function
equal:
#= cmpl %edi,VAR => any: cmpl \$V, %edi$
	cmpl	%edi, b(%rip)
	je	.Lequal
	cmovnel	other(%rip), %eax
	sete	other(%rip)
.Lequal:
	ret
	.size	equal, .-equal
	.type	equal_first, @function
equal_first:
#= cmpl %edi,VAR => any: cmpl \$V, %edi; jg L => any: jl L; setge %al => any: setle %al$
	cmpl	%edi, b(%rip)
	je	.Lequal_first
	jg	.Lequal_first
	setge	%al
.Lequal_first:
	ret
	.size	equal_first, .-equal_first
	.type	equal_elsewhere, @function
equal_elsewhere:
#= cmpl %edi,VAR => any: cmpl \$V, %edi; jg L => any: jl L$
	cmpl	%edi, b(%rip)
	jg	.Lequal_elsewhere
	xorl	%eax, %eax
	ret
.Lequal_elsewhere:
	cmovel	%esi, %eax
	ret
	.size	equal_elsewhere, .-equal_elsewhere
	.type	equal_to_function, @function
equal_to_function:
#= cmpl %edi,VAR => any: cmpl \$V, %edi; jg L => any: jl L$
	cmpl	%edi, b(%rip)
	jg	g
	ret
	.size	equal_to_function, .-equal_to_function
# Flags that have no mirrored condition.
	.type	flag_s, @function
flag_s:
#! cmp[bwlq]? \$V
#= load: .*flags
	cmpl	%edi, b(%rip)
	jg	.Lflag_s
	js	.Lflag_s
	xorl	%eax, %eax
.Lflag_s:
	ret
	.size	flag_s, .-flag_s
	.type	flag_ns, @function
flag_ns:
#! cmp[bwlq]? \$V
#= load: .*flags
	cmpl	%edi, b(%rip)
	jg	.Lflag_ns
	jns	.Lflag_ns
	xorl	%eax, %eax
.Lflag_ns:
	ret
	.size	flag_ns, .-flag_ns
	.type	flag_o, @function
flag_o:
#! cmp[bwlq]? \$V
#= load: .*flags
	cmpl	%edi, b(%rip)
	jg	.Lflag_o
	jo	.Lflag_o
	xorl	%eax, %eax
.Lflag_o:
	ret
	.size	flag_o, .-flag_o
	.type	flag_no, @function
flag_no:
#! cmp[bwlq]? \$V
#= load: .*flags
	cmpl	%edi, b(%rip)
	jg	.Lflag_no
	jno	.Lflag_no
	xorl	%eax, %eax
.Lflag_no:
	ret
	.size	flag_no, .-flag_no
	.type	flag_p, @function
flag_p:
#! cmp[bwlq]? \$V
#= load: .*flags
	cmpl	%edi, b(%rip)
	jg	.Lflag_p
	jp	.Lflag_p
	xorl	%eax, %eax
.Lflag_p:
	ret
	.size	flag_p, .-flag_p
	.type	flag_np, @function
flag_np:
#! cmp[bwlq]? \$V
#= load: .*flags
	cmpl	%edi, b(%rip)
	jg	.Lflag_np
	jnp	.Lflag_np
	xorl	%eax, %eax
.Lflag_np:
	ret
	.size	flag_np, .-flag_np
# The carry as a number.
	.type	carry, @function
carry:
#! cmp[bwlq]? \$V
	cmpl	%edi, b(%rip)
	setg	%al
	adcl	$0, %esi
	ret
	.size	carry, .-carry
	.type	borrow, @function
borrow:
#! cmp[bwlq]? \$V
	cmpl	%edi, b(%rip)
	sbbl	%eax, %eax
	ret
	.size	borrow, .-borrow
	.type	saved, @function
saved:
#! cmp[bwlq]? \$V
	cmpl	%edi, b(%rip)
	setg	%al
	pushfq
	popq	%rsi
	ret
	.size	saved, .-saved
	.type	adjust, @function
adjust:
#! cmp[bwlq]? \$V
	cmpl	%edi, b(%rip)
	setg	%al
	lahf
	ret
	.size	adjust, .-adjust
	.type	passed_on, @function
passed_on:
#! cmp[bwlq]? \$V
	cmpl	%edi, b(%rip)
	incl	%esi
	setc	%al
	ret
	.size	passed_on, .-passed_on
# Readers that others reach, too, or that are elsewhere.
	.type	behind_label, @function
behind_label:
#! cmp[bwlq]? \$V
	cmpl	%edi, b(%rip)
	jg	.Lbehind_label
.Lbehind_label:
	setl	%al
	ret
	.size	behind_label, .-behind_label
	.type	target_reads, @function
target_reads:
#! cmp[bwlq]? \$V
	cmpl	%edi, b(%rip)
	jg	.Ltarget_reads
	ret
.Ltarget_reads:
	setl	%al
	ret
	.size	target_reads, .-target_reads
	.type	out_of_sight, @function
out_of_sight:
#! cmp[bwlq]? \$V
	cmpl	%edi, b(%rip)
	jg	.Lout_of_sight
	ret
.Lout_of_sight:
	jmp	*%rdi
	.size	out_of_sight, .-out_of_sight
	.type	other_section, @function
other_section:
#! cmp[bwlq]? \$V
	cmpl	%edi, b(%rip)
	.section	.text.unlikely,"ax",@progbits
	setg	%dl
	.text
	setg	%al
	ret
	.size	other_section, .-other_section
	.type	by_hand, @function
by_hand:
#! cmp[bwlq]? \$V
	cmpl	%edi, b(%rip)
#APP
	call	outside
#NO_APP
	setl	%al
	ret
	.size	by_hand, .-by_hand
	.type	prefixed, @function
prefixed:
#! cmp[bwlq]? \$V
	cmpl	%edi, b(%rip)
	data16	setl %al
	ret
	.size	prefixed, .-prefixed
	.type	symbolic, @function
symbolic:
#! cmp[bwlq]? \$V
	cmpl	%edi, b(%rip)
	setl	other(%rip)
	ret
	.size	symbolic, .-symbolic
	.type	symbolic_load, @function
symbolic_load:
#! cmp[bwlq]? \$V
	cmpl	%edi, b(%rip)
	cmovll	other(%rip), %eax
	ret
	.size	symbolic_load, .-symbolic_load
# Nobody knows what stands behind it.
	.type	last, @function
last:
#! cmp[bwlq]? \$V
	cmpl	%edi, b(%rip)
	.size	last, .-last
	.type	overwritten, @function
overwritten:
#= cmpl %edi,VAR => any: cmpl \$V, %edi; setg %al => any: setl %al$
	cmpl	%edi, b(%rip)
	setg	%al
	addl	$1, %edi
	setc	%dl
	ret
	.size	overwritten, .-overwritten
# With a constant the condition is settled.
	.type	constant, @function
constant:
#! => any: jg
	cmpl	$5, b(%rip)
	jl	.Lconstant
	xorl	%eax, %eax
.Lconstant:
	ret
	.size	constant, .-constant
# A register that was loaded.
	.type	loaded, @function
loaded:
#= movl VAR,%ecx => any: nothing; cmpl %edi,%ecx => any: cmpl \$V, %edi; jl L => any: jg L$
	movl	b(%rip), %ecx
	cmpl	%edi, %ecx
	jl	.Lloaded
	xorl	%eax, %eax
.Lloaded:
	ret
	.size	loaded, .-loaded
	.type	loaded_memory, @function
loaded_memory:
#= movq VAR,%rcx => s32: nothing \| .*; cmpq \(%rdi,%rsi,8\),%rcx => s32: cmpq \$V, \(%rdi,%rsi,8\); jbe L => s32: jae L$
	movq	b(%rip), %rcx
	cmpq	(%rdi,%rsi,8), %rcx
	jbe	.Lloaded_memory
	xorl	%eax, %eax
.Lloaded_memory:
	ret
	.size	loaded_memory, .-loaded_memory
	.type	loaded_symbol, @function
loaded_symbol:
#= movl VAR,%ecx => any: nothing; cmpl MEM\(%rip\),%ecx => any: cmpl \$V, MEM\(%rip\); seta %al => any: setb %al$
	movl	b(%rip), %ecx
	cmpl	other(%rip), %ecx
	seta	%al
	ret
	.size	loaded_symbol, .-loaded_symbol
# The other side needs no turn.
	.type	loaded_right, @function
loaded_right:
#= movl VAR,%ecx => any: nothing; cmpl %ecx,%edi => any: cmpl \$V, %edi$
	movl	b(%rip), %ecx
	cmpl	%ecx, %edi
	setl	%al
	ret
	.size	loaded_right, .-loaded_right
	.type	loaded_equal, @function
loaded_equal:
#= movl VAR,%ecx => any: nothing; cmpl %edi,%ecx => any: cmpl \$V, %edi$
	movl	b(%rip), %ecx
	cmpl	%edi, %ecx
	setne	%al
	ret
	.size	loaded_equal, .-loaded_equal
	.type	loaded_twice, @function
loaded_twice:
#! nothing|cmp
	movl	b(%rip), %ecx
	cmpl	%ecx, %ecx
	setne	%al
	ret
	.size	loaded_twice, .-loaded_twice
	.type	loaded_address, @function
loaded_address:
#! cmp
	movq	b(%rip), %rcx
	cmpl	(%rcx), %ecx
	setl	%al
	ret
	.size	loaded_address, .-loaded_address
	.type	loaded_narrow, @function
loaded_narrow:
#! cmp
	movb	b(%rip), %cl
	cmpw	%di, %cx
	setl	%al
	ret
	.size	loaded_narrow, .-loaded_narrow
	.type	loaded_carry, @function
loaded_carry:
#! cmp|setg
	movl	b(%rip), %ecx
	cmpl	%edi, %ecx
	setg	%al
	adcl	$0, %esi
	ret
	.size	loaded_carry, .-loaded_carry
# The register is read otherwise, too: the load stays, and nothing is gained.
	.type	loaded_and_needed, @function
loaded_and_needed:
#! cmp|cmov
	movl	b(%rip), %ecx
	cmpl	%edi, %ecx
	cmovgl	%ecx, %edi
	ret
	.size	loaded_and_needed, .-loaded_and_needed
	.type	loaded_and_needed_later, @function
loaded_and_needed_later:
#! cmp|set
	movl	b(%rip), %ecx
	cmpl	%edi, %ecx
	setg	%al
	movl	%ecx, other(%rip)
	bswapl	%ecx
	movl	%ecx, %eax
	ret
	.size	loaded_and_needed_later, .-loaded_and_needed_later
	.type	loaded_consumers, @function
loaded_consumers:
#= movq VAR,%rcx => s32: nothing \| .*; cmpq %rdi,%rcx => s32: cmpq \$V, %rdi; setg %al => s32: setl %al; addl %ecx,%esi => any: addl \$V, %esi$
	movq	b(%rip), %rcx
	cmpq	%rdi, %rcx
	setg	%al
	addl	%ecx, %esi
	ret
	.size	loaded_consumers, .-loaded_consumers
	.type	loaded_two_compares, @function
loaded_two_compares:
#= movl VAR,%ecx => any: nothing; cmpl %edi,%ecx => any: cmpl \$V, %edi; setg %al => any: setl %al; cmpl %esi,%ecx => any: cmpl \$V, %esi; setl %dl => any: setg %dl; testl %ecx,%ecx( => any: nothing)?; js L( over B)? after
	movl	b(%rip), %ecx
	cmpl	%edi, %ecx
	setg	%al
	cmpl	%esi, %ecx
	setl	%dl
	testl	%ecx, %ecx
	js	.Ltwo
	xorl	%eax, %eax
.Ltwo:
	ret
	.size	loaded_two_compares, .-loaded_two_compares
# One instruction has one site.
	.type	in_two_loads, @function
in_two_loads:
#= movl VAR,%ecx => any: nothing; cmpl %edx,%ecx => any: cmpl \$V, %edx; setg %al => any: setl %al$
#= movl VAR,%edx => any: movl \$V, %edx$
	movl	b(%rip), %ecx
	movl	c(%rip), %edx
	cmpl	%edx, %ecx
	setg	%al
	ret
	.size	in_two_loads, .-in_two_loads
	.section rcpp_patchable,"aw",@progbits
b:	.quad	0
c:	.quad	0
	.bss
other:	.quad	0
