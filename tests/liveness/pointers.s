# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Addresses from the global offset table: where a register certainly holds one, and where it does
# not, whatever it looks like.
	.file	"pointers.c"
	.text
	.type	straight, @function
straight:
#= : b: addq VAR\(%rcx\),%rax => s32: addq \$V, %rax
#! load:
	movq	b@GOTPCREL(%rip), %rcx
	addq	(%rcx), %rax
	ret
	.size	straight, .-straight
	.type	field, @function
field:
#= : b\+16: movl VAR\(%rcx\),%eax => any: movl \$V, %eax
#= : b-8: addl VAR\(%rcx\),%eax => any: addl \$V, %eax
#! load:
	movq	b@GOTPCREL(%rip), %rcx
	movl	16(%rcx), %eax
	addl	-8(%rcx), %eax
	ret
	.size	field, .-field
	.type	into_itself, @function
into_itself:
#= movq VAR\(%rax\),%rax => u32
#! load:
	movq	b@GOTPCREL(%rip), %rax
	movq	(%rax), %rax
	ret
	.size	into_itself, .-into_itself
	.type	after_itself, @function
after_itself:
#= movq VAR\(%rax\),%rax => a32: nothing .*; addq 8\(%rax\),%rdx => a32
#! : b\+8
	movq	b@GOTPCREL(%rip), %rax
	movq	(%rax), %rax
	addq	8(%rax), %rdx
	movq	%rdx, %rax
	ret
	.size	after_itself, .-after_itself
	.type	called, @function
called:
#= call \*VAR\(%rcx\) => near: call V
	subq	$8, %rsp
	movq	b@GOTPCREL(%rip), %rcx
	call	*(%rcx)
	addq	$8, %rsp
	ret
	.size	called, .-called
	.type	copied, @function
copied:
#= addq VAR\(%rdx\),%rax =>
#= addq VAR\(%rcx\),%rax =>
#! load:
	movq	b@GOTPCREL(%rip), %rcx
	movq	%rcx, %rdx
	addq	(%rdx), %rax
	addq	8(%rcx), %rax
	ret
	.size	copied, .-copied
	.type	half_copied, @function
half_copied:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
	movl	%ecx, %edx
	addq	(%rdx), %rax
	ret
	.size	half_copied, .-half_copied
	.type	two_symbols, @function
two_symbols:
#= : b: addq
#= : c: addq
	movq	b@GOTPCREL(%rip), %rcx
	movq	c@GOTPCREL(%rip), %rdx
	addq	(%rcx), %rax
	addq	(%rdx), %rax
	ret
	.size	two_symbols, .-two_symbols
	.type	overwritten, @function
overwritten:
#= : c: addq
#! : b: addq
	movq	b@GOTPCREL(%rip), %rcx
	movq	c@GOTPCREL(%rip), %rcx
	addq	(%rcx), %rax
	ret
	.size	overwritten, .-overwritten
	.type	not_patchable, @function
not_patchable:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
	movq	other@GOTPCREL(%rip), %rcx
	addq	(%rcx), %rax
	ret
	.size	not_patchable, .-not_patchable
	.type	advanced, @function
advanced:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
	addq	$8, %rcx
	addq	(%rcx), %rax
	ret
	.size	advanced, .-advanced
	.type	low_byte, @function
low_byte:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
	movb	%al, %cl
	addq	(%rcx), %rax
	ret
	.size	low_byte, .-low_byte
	.type	low_half, @function
low_half:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
	movl	%ecx, %ecx
	addq	(%rcx), %rax
	ret
	.size	low_half, .-low_half
	.type	high_byte, @function
high_byte:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
	movb	%al, %ch
	addq	(%rcx), %rax
	ret
	.size	high_byte, .-high_byte
	.type	exchanged, @function
exchanged:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
	xchgq	%rcx, %rdx
	addq	(%rcx), %rax
	addq	(%rdx), %rax
	ret
	.size	exchanged, .-exchanged
	.type	exchange_added, @function
exchange_added:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
	xaddq	%rcx, %rdx
	addq	(%rcx), %rax
	ret
	.size	exchange_added, .-exchange_added
	.type	perhaps, @function
perhaps:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
	testl	%edi, %edi
	cmoveq	%rsi, %rcx
	addq	(%rcx), %rax
	ret
	.size	perhaps, .-perhaps
	.type	popped, @function
popped:
#! =>
	pushq	%rsi
	movq	b@GOTPCREL(%rip), %rcx
	popq	%rcx
	addq	(%rcx), %rax
	ret
	.size	popped, .-popped
	.type	pushed_and_popped, @function
pushed_and_popped:
#= : b: addq VAR\(%rcx\)
#! \+8
	movq	b@GOTPCREL(%rip), %rcx
	pushq	%rcx
	addq	(%rcx), %rax
	popq	%rdx
	addq	8(%rdx), %rax
	ret
	.size	pushed_and_popped, .-pushed_and_popped
	.type	string, @function
string:
#! =>
	movq	b@GOTPCREL(%rip), %rsi
	movsq
	addq	(%rsi), %rax
	ret
	.size	string, .-string
	.type	repeated, @function
repeated:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
	rep stosb
	addq	(%rcx), %rax
	ret
	.size	repeated, .-repeated
	.type	multiplied, @function
multiplied:
#! =>
	movq	b@GOTPCREL(%rip), %rdx
	mulq	%rsi
	addq	(%rdx), %rax
	ret
	.size	multiplied, .-multiplied
	.type	system_call, @function
system_call:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
	syscall
	addq	(%rcx), %rax
	ret
	.size	system_call, .-system_call
	.type	indexed, @function
indexed:
#! =>
#= : b\+24: load: read through a register
	movq	b@GOTPCREL(%rip), %rcx
	addq	24(%rcx,%rdi,8), %rax
	addq	(%rdi,%rcx), %rax
	ret
	.size	indexed, .-indexed
	.type	segment, @function
segment:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
	addq	%fs:(%rcx), %rax
	ret
	.size	segment, .-segment
	.type	narrow_address, @function
narrow_address:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
	addq	(%ecx), %rax
	ret
	.size	narrow_address, .-narrow_address
	.type	symbol_in_displacement, @function
symbol_in_displacement:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
	addq	c(%rcx), %rax
	ret
	.size	symbol_in_displacement, .-symbol_in_displacement
	.type	computed_displacement, @function
computed_displacement:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
	addq	8*2(%rcx), %rax
	ret
	.size	computed_displacement, .-computed_displacement
	.type	far_field, @function
far_field:
#= b\+1048576: addq
#! b\+1048577
	movq	b@GOTPCREL(%rip), %rcx
	addq	1048576(%rcx), %rax
	addq	1048577(%rcx), %rax
	ret
	.size	far_field, .-far_field
	.type	slot_and_more, @function
slot_and_more:
#! =>
	movq	b@GOTPCREL+8(%rip), %rcx
	addq	(%rcx), %rax
	movq	8+b@GOTPCREL(%rip), %rcx
	addq	(%rcx), %rax
	ret
	.size	slot_and_more, .-slot_and_more
	.type	slot_by_a_register, @function
slot_by_a_register:
#! =>
	movq	b@GOTPCREL(%rdi), %rcx
	addq	(%rcx), %rax
	ret
	.size	slot_by_a_register, .-slot_by_a_register
	.type	half_a_slot, @function
half_a_slot:
#! =>
	movl	b@GOTPCREL(%rip), %ecx
	addq	(%rcx), %rax
	ret
	.size	half_a_slot, .-half_a_slot
	.type	slot_added, @function
slot_added:
#! =>
	xorl	%ecx, %ecx
	addq	b@GOTPCREL(%rip), %rcx
	addq	(%rcx), %rax
	ret
	.size	slot_added, .-slot_added
	.type	address_compared, @function
address_compared:
#! .
	cmpq	$0, b@GOTPCREL(%rip)
	sete	%al
	ret
	.size	address_compared, .-address_compared
	.type	address_pushed, @function
address_pushed:
#= : b: load: its address is read from the global offset table
	pushq	b@GOTPCREL(%rip)
	popq	%rax
	ret
	.size	address_pushed, .-address_pushed
	.type	stored, @function
stored:
#= : b: written outside of init code
#! => 
	movq	b@GOTPCREL(%rip), %rcx
	movq	%rdi, (%rcx)
	ret
	.size	stored, .-stored
	.type	modified, @function
modified:
#= : b: load: the instruction writes the variable
#! offset table
	movq	b@GOTPCREL(%rip), %rcx
	addq	%rdi, (%rcx)
	ret
	.size	modified, .-modified
	.type	only_its_address, @function
only_its_address:
#= : b: load: its address is read from the global offset table
	movq	b@GOTPCREL(%rip), %rax
	ret
	.size	only_its_address, .-only_its_address
	.type	vector, @function
vector:
#= : b: load: read into a vector
	movq	b@GOTPCREL(%rip), %rcx
	movsd	(%rcx), %xmm0
	ret
	.size	vector, .-vector

# Through which register a value can go: that with the address is free behind its last use, if
# nothing else of the instruction needs it.
	.type	lent, @function
lent:
#= any: movabsq \$V, %rcx; addq %rcx, %rax$
	movq	b@GOTPCREL(%rip), %rcx
	addq	(%rcx), %rax
	ret
	.size	lent, .-lent
	.type	used_again, @function
used_again:
#= : b: addq VAR\(%rcx\),%rax => s32: addq \$V, %rax$
	movq	b@GOTPCREL(%rip), %rcx
	addq	(%rcx), %rax
	movq	%rax, (%rcx)
	ret
	.size	used_again, .-used_again
	.type	compared_with_itself, @function
compared_with_itself:
#= : b: cmpq %rcx,VAR\(%rcx\) => s32: cmpq \$V, %rcx
	movq	b@GOTPCREL(%rip), %rcx
	cmpq	%rcx, (%rcx)
	sete	%al
	ret
	.size	compared_with_itself, .-compared_with_itself
	.type	multiplied_in_itself, @function
multiplied_in_itself:
#! %rax; mulq %rax
	movq	b@GOTPCREL(%rip), %rax
	mulq	(%rax)
	movq	%rdx, %rax
	ret
	.size	multiplied_in_itself, .-multiplied_in_itself
	.type	copied_from_one_to_another, @function
copied_from_one_to_another:
#= movl %esi,\(%rcx\) => any: movl \$V, \(%rcx\)
	movq	b@GOTPCREL(%rip), %rcx
	movq	c@GOTPCREL(%rip), %rdx
	movl	(%rdx), %esi
	movl	%esi, (%rcx)
	ret
	.size	copied_from_one_to_another, .-copied_from_one_to_another
	.type	divided, @function
divided:
#! %rax; divq %rax
	movq	b@GOTPCREL(%rip), %rax
	xorl	%edx, %edx
	divq	(%rax)
	ret
	.size	divided, .-divided
	.type	dividend_copied, @function
dividend_copied:
#! movq %r[a-z0-9]*, %rdi
#! divq %rdi
	movq	b@GOTPCREL(%rip), %rdi
	movq	%rdi, %rax
	xorl	%edx, %edx
	divq	(%rdi)
	movq	%rdx, %rax
	ret
	.size	dividend_copied, .-dividend_copied

# Ways through a function.
	.type	loop, @function
loop:
#= : b: addq VAR\(%rcx\)
#= : b\+8: addq VAR\(%rcx\)
#! load:
	movq	b@GOTPCREL(%rip), %rcx
	xorl	%eax, %eax
	jmp	.Lloop_test
.Lloop_body:
	addq	(%rcx), %rax
	subq	$1, %rdi
.Lloop_test:
	testq	%rdi, %rdi
	jne	.Lloop_body
	addq	8(%rcx), %rax
	ret
	.size	loop, .-loop
	.type	changing_loop, @function
changing_loop:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
.Lchanging:
	addq	(%rcx), %rax
	movq	%rsi, %rcx
	subq	$1, %rdi
	jne	.Lchanging
	ret
	.size	changing_loop, .-changing_loop
	.type	changed_on_one_way, @function
changed_on_one_way:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
	testq	%rdi, %rdi
	jne	.Lone_way
	movq	%rsi, %rcx
.Lone_way:
	addq	(%rcx), %rax
	ret
	.size	changed_on_one_way, .-changed_on_one_way
	.type	other_on_one_way, @function
other_on_one_way:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
	testq	%rdi, %rdi
	jne	.Lother_way
	movq	c@GOTPCREL(%rip), %rcx
.Lother_way:
	addq	(%rcx), %rax
	ret
	.size	other_on_one_way, .-other_on_one_way
	.type	same_on_both_ways, @function
same_on_both_ways:
#= : b: addq VAR\(%rcx\)
	testq	%rdi, %rdi
	jne	.Lsame_one
	movq	b@GOTPCREL(%rip), %rcx
	jmp	.Lsame_both
.Lsame_one:
	movq	b@GOTPCREL(%rip), %rcx
.Lsame_both:
	addq	(%rcx), %rax
	ret
	.size	same_on_both_ways, .-same_on_both_ways
	.type	not_on_all_ways, @function
not_on_all_ways:
#! =>
	testq	%rdi, %rdi
	jne	.Lnot_all
	movq	b@GOTPCREL(%rip), %rcx
.Lnot_all:
	addq	(%rcx), %rax
	ret
	.size	not_on_all_ways, .-not_on_all_ways
	.type	jump_table, @function
jump_table:
#= : b: addq VAR\(%rcx\)
	movq	b@GOTPCREL(%rip), %rcx
	movq	.Ltable(,%rdi,8), %rdx
	jmp	*%rdx
.Lcase:
	addq	(%rcx), %rax
	ret
	.section .rodata
.Ltable:
	.quad	.Lcase
	.text
	.size	jump_table, .-jump_table
	.type	distances, @function
distances:
#= : b: addq VAR\(%rcx\)
#= : b\+8: addq VAR\(%rcx\)
	movq	b@GOTPCREL(%rip), %rcx
	leaq	.Ldistances(%rip), %rdx
	movslq	(%rdx,%rdi,4), %rax
	addq	%rdx, %rax
	notrack jmp	*%rax
	.section .rodata.distances,"a",@progbits
.Ldistances:
	.long	.Lnear-.Ldistances
	.long	.Lfar-.Ldistances
	.text
.Lnear:
	addq	(%rcx), %rax
	ret
.Lfar:
	addq	8(%rcx), %rax
	ret
	.size	distances, .-distances
	.type	two_jumps, @function
two_jumps:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
	testq	%rdi, %rdi
	je	.Lother_jump
	jmp	*.Ltwo_jumps(,%rdi,8)
.Lother_jump:
	xorl	%ecx, %ecx
	jmp	*%rsi
.Ltwo_cases:
	addq	(%rcx), %rax
	ret
	.section .rodata
.Ltwo_jumps:
	.quad	.Ltwo_cases
	.text
	.size	two_jumps, .-two_jumps
	.type	through_thunk, @function
through_thunk:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
	movq	.Lthunk_table(,%rdi,8), %rax
	testq	%rsi, %rsi
	je	.Lthunk_case
	xorl	%ecx, %ecx
	jmp	__x86_indirect_thunk_rax
.Lthunk_case:
	addq	(%rcx), %rax
	ret
	.section .rodata
.Lthunk_table:
	.quad	.Lthunk_case
	.text
	.size	through_thunk, .-through_thunk
	.type	through_return, @function
through_return:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
	testq	%rsi, %rsi
	je	.Lreturn_case
	movq	.Lreturn_table(,%rdi,8), %rax
	xorl	%ecx, %ecx
	call	.Lreturn_thunk
.Lreturn_wait:
	pause
	jmp	.Lreturn_wait
.Lreturn_thunk:
	movq	%rax, (%rsp)
	ret
.Lreturn_case:
	addq	(%rcx), %rax
	ret
	.section .rodata
.Lreturn_table:
	.quad	.Lreturn_case
	.text
	.size	through_return, .-through_return
	.type	jump_by_hand, @function
jump_by_hand:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
	testq	%rsi, %rsi
	je	.Lhand_case
	xorl	%ecx, %ecx
#APP
	jmp	*%rdi
#NO_APP
	.section .rodata
	.quad	.Lhand_case
	.text
.Lhand_case:
	addq	(%rcx), %rax
	ret
	.size	jump_by_hand, .-jump_by_hand
#APP
	.section .rodata
	.quad	.Lhand_table
	.text
#NO_APP
	.type	table_and_unknown, @function
table_and_unknown:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
	testq	%rsi, %rsi
	je	.Lunknown_case
	xorl	%ecx, %ecx
#APP
	.byte	0xff, 0xe7
#NO_APP
	ret
	.section .rodata
	.quad	.Lunknown_case
	.text
.Lunknown_case:
	addq	(%rcx), %rax
	ret
	.size	table_and_unknown, .-table_and_unknown
	.type	table_by_hand, @function
table_by_hand:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
	testq	%rsi, %rsi
	je	.Lhand_table
	ret
.Lhand_table:
	addq	(%rcx), %rax
	ret
	.size	table_by_hand, .-table_by_hand
	.type	table_of_keys, @function
table_of_keys:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
	testq	%rsi, %rsi
	je	.Lkey
	ret
.Lkey:
	addq	(%rcx), %rax
	ret
	.section __jump_table,"aw",@progbits
	.quad	.Lkey
	.text
	.size	table_of_keys, .-table_of_keys
	.type	landing_pad, @function
landing_pad:
#! =>
	movq	b@GOTPCREL(%rip), %rbx
	testq	%rsi, %rsi
	je	.Lpad
	ret
.Lpad:
	addq	(%rbx), %rax
	ret
	.section .gcc_except_table,"a",@progbits
	.uleb128 .Lpad-landing_pad
	.text
	.size	landing_pad, .-landing_pad
	.type	tail_call, @function
tail_call:
#= : b: addq VAR\(%rcx\)
	movq	b@GOTPCREL(%rip), %rcx
	testq	%rsi, %rsi
	jne	.Ltail_jump
	xorl	%ecx, %ecx
	jmp	g@PLT
.Ltail_jump:
	jmp	*.Ltail_table(,%rdi,8)
.Ltail_case:
	addq	(%rcx), %rax
	ret
	.section .rodata
.Ltail_table:
	.quad	.Ltail_case
	.text
	.size	tail_call, .-tail_call
	.type	jump_and_table, @function
jump_and_table:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
	testq	%rsi, %rsi
	jne	.Lcase_too
	xorl	%ecx, %ecx
	jmp	*.Ltable_too(,%rdi,8)
.Lcase_too:
	addq	(%rcx), %rax
	ret
	.section .rodata
.Ltable_too:
	.quad	.Lcase_too
	.text
	.size	jump_and_table, .-jump_and_table
	.type	address_taken, @function
address_taken:
#! =>
	leaq	.Ltaken(%rip), %rdx
	movq	b@GOTPCREL(%rip), %rcx
	testq	%rdi, %rdi
	jne	.Ltaken
	ret
.Ltaken:
	addq	(%rcx), %rax
	ret
	.size	address_taken, .-address_taken
	.type	local_call, @function
local_call:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
	testq	%rdi, %rdi
	jne	.Lpiece
	xorl	%ecx, %ecx
	call	.Lpiece
	ret
.Lpiece:
	addq	(%rcx), %rax
	ret
	.size	local_call, .-local_call
	.type	from_elsewhere, @function
from_elsewhere:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
	testq	%rdi, %rdi
	jne	.Lelsewhere
	ret
.Lelsewhere:
	addq	(%rcx), %rax
	ret
	.size	from_elsewhere, .-from_elsewhere
	.type	elsewhere, @function
elsewhere:
	xorl	%ecx, %ecx
	jmp	.Lelsewhere
	.size	elsewhere, .-elsewhere
	.type	global_label, @function
global_label:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
middle:
	addq	(%rcx), %rax
	ret
	.size	global_label, .-global_label
	.type	numbered_label, @function
numbered_label:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
1:
	addq	(%rcx), %rax
	ret
	.size	numbered_label, .-numbered_label
	.type	other_name, @function
other_name:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
	testq	%rdi, %rdi
	jne	.Lname
.Lname:
	.set	another_name, .Lname
	addq	(%rcx), %rax
	ret
	.size	other_name, .-other_name
	.type	unmentioned_label, @function
unmentioned_label:
#= : b: addq
	movq	b@GOTPCREL(%rip), %rcx
.Lunmentioned:
	addq	(%rcx), %rax
	ret
	.size	unmentioned_label, .-unmentioned_label
	.type	behind_a_jump, @function
behind_a_jump:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
	jmp	*%rdi
	addq	(%rcx), %rax
	ret
	.size	behind_a_jump, .-behind_a_jump
	.type	aligned, @function
aligned:
#= : b: addq
	movq	b@GOTPCREL(%rip), %rcx
	testq	%rdi, %rdi
	jne	.Laligned
	ret
	.p2align 4,,10
	.p2align 3
.Laligned:
	addq	(%rcx), %rax
	ret
	.size	aligned, .-aligned
	.type	behind_a_return, @function
behind_a_return:
#= : b: addq
	movq	b@GOTPCREL(%rip), %rcx
	testq	%rdi, %rdi
	jne	.Lbehind_return
	xorl	%ecx, %ecx
	ret
.Lbehind_return:
	addq	(%rcx), %rax
	ret
	.size	behind_a_return, .-behind_a_return
	.type	unknown_way_in, @function
unknown_way_in:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
	testq	%rdi, %rdi
	jne	.Lway_in
	ret
	nop
.Lway_in:
	addq	(%rcx), %rax
	ret
	.size	unknown_way_in, .-unknown_way_in
	.type	nobody_comes, @function
nobody_comes:
#! =>
	ret
.Lnobody:
	addq	(%rcx), %rax
	movq	b@GOTPCREL(%rip), %rcx
	jmp	.Lnobody
	.size	nobody_comes, .-nobody_comes
	.type	cold, @function
cold:
#= : b\+8: addq
#= : b: addq
	movq	b@GOTPCREL(%rip), %rcx
	testq	%rdi, %rdi
	jne	.Lcold
.Lwarm:
	addq	(%rcx), %rax
	ret
	.section .text.unlikely,"ax",@progbits
	nop
	jmp	.Lwarm2
.Lcold:
	addq	8(%rcx), %rax
.Lwarm2:
	jmp	*%rsi
	.text
	.size	cold, .-cold
	.section .text.falls,"ax",@progbits
	.type	falls_in, @function
falls_in:
	nop
	.size	falls_in, .-falls_in
	.text
	.type	fallen_into, @function
fallen_into:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
	testq	%rdi, %rdi
	jne	.Lfallen
	ret
	.section .text.falls,"ax",@progbits
.Lfallen:
	addq	(%rcx), %rax
	ret
	.text
	.size	fallen_into, .-fallen_into
	.type	fallen_into_later, @function
fallen_into_later:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
	testq	%rdi, %rdi
	jne	.Lfallen_later
	ret
	.section .text.falls,"ax",@progbits
	nop
.Lfallen_later:
	addq	(%rcx), %rax
	ret
	.text
	.size	fallen_into_later, .-fallen_into_later

# Calls.
	.type	kept_over_a_call, @function
kept_over_a_call:
#= : b: addq VAR\(%rbx\)
	pushq	%rbx
	movq	b@GOTPCREL(%rip), %rbx
	call	g
	addq	(%rbx), %rax
	popq	%rbx
	ret
	.size	kept_over_a_call, .-kept_over_a_call
	.type	kept_over_others, @function
kept_over_others:
#= : b: addq VAR\(%r12\)
#= : b\+8: addq VAR\(%r12\)
	pushq	%r12
	movq	b@GOTPCREL(%rip), %r12
	call	g@PLT
	call	*g@GOTPCREL(%rip)
	addq	(%r12), %rax
	call	*%rax
	addq	8(%r12), %rax
	popq	%r12
	ret
	.size	kept_over_others, .-kept_over_others
	.type	lost_over_a_call, @function
lost_over_a_call:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
	movq	b@GOTPCREL(%rip), %rax
	movq	b@GOTPCREL(%rip), %rdi
	movq	b@GOTPCREL(%rip), %r11
	call	g
	addq	(%rcx), %rdx
	addq	(%rax), %rdx
	addq	(%rdi), %rdx
	addq	(%r11), %rdx
	movq	%rdx, %rax
	ret
	.size	lost_over_a_call, .-lost_over_a_call
	.type	restored, @function
restored:
#! =>
	pushq	%rbx
	movq	b@GOTPCREL(%rip), %rbx
	popq	%rbx
	addq	(%rbx), %rax
	ret
	.size	restored, .-restored
	.type	outlined, @function
outlined:
#! =>
	pushq	%rbx
	movq	b@GOTPCREL(%rip), %rbx
	call	OUTLINED_FUNCTION_0
	addq	(%rbx), %rax
	popq	%rbx
	ret
	.size	outlined, .-outlined
	.type	own_piece, @function
own_piece:
#! =>
	pushq	%rbx
	movq	b@GOTPCREL(%rip), %rbx
	call	.Lown_piece
	addq	(%rbx), %rax
	popq	%rbx
	ret
.Lown_piece:
	xorl	%ebx, %ebx
	ret
	.size	own_piece, .-own_piece
	.type	own_convention, @function
own_convention:
#! =>
	pushq	%r12
	movq	b@GOTPCREL(%rip), %r12
	call	__regcall3__g
	addq	(%r12), %rax
	popq	%r12
	ret
	.size	own_convention, .-own_convention
	.type	restoring_helper, @function
restoring_helper:
#! =>
	movq	b@GOTPCREL(%rip), %r12
	call	__resms64_14
	addq	(%r12), %rax
	ret
	.size	restoring_helper, .-restoring_helper
	.type	left, @function
left:
#! =>
	movq	b@GOTPCREL(%rip), %rbp
	leave
	addq	0(%rbp), %rax
	ret
	.size	left, .-left

# By people.
	.type	called_by_hand, @function
called_by_hand:
#! =>
	movq	b@GOTPCREL(%rip), %rbx
#APP
	call	g
#NO_APP
	addq	(%rbx), %rax
	ret
	.size	called_by_hand, .-called_by_hand
	.type	by_hand, @function
by_hand:
#= : b: addq
	movq	b@GOTPCREL(%rip), %rbx
#APP
	nop; movl %eax, %edx
#NO_APP
	addq	(%rbx), %rax
	ret
	.size	by_hand, .-by_hand
	.type	changed_by_hand, @function
changed_by_hand:
#! =>
	movq	b@GOTPCREL(%rip), %rbx
#APP
	nop; incq %rbx
#NO_APP
	addq	(%rbx), %rax
	ret
	.size	changed_by_hand, .-changed_by_hand
	.type	unknown, @function
unknown:
#! =>
	movq	b@GOTPCREL(%rip), %rbx
#APP
	.byte	0x31, 0xdb
#NO_APP
	addq	(%rbx), %rax
	ret
	.size	unknown, .-unknown
	.type	locked, @function
locked:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
	lock
	addq	%rax, (%rcx)
	ret
	.size	locked, .-locked
	.section .init.text,"ax",@progbits
	.type	early, @function
early:
#! =>
	movq	b@GOTPCREL(%rip), %rcx
	addq	(%rcx), %rax
	ret
	.size	early, .-early
	.text
	.ident	"a compiler"
