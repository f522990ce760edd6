# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Flags are dead where a compiler's code jumps to a function, and to nothing else.
	.file	"tailcalls.c"
	.text
	.type	to_elsewhere, @function
to_elsewhere:
#= cmpl \$5,VAR => any: nothing; jg L after
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	jg	.Lto_elsewhere
	ret
.Lto_elsewhere:
	jmp	g
	.size	to_elsewhere, .-to_elsewhere
	.type	to_plt, @function
to_plt:
#= cmpl \$5,VAR => any: nothing; jg L after
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	jg	.Lto_plt
	ret
.Lto_plt:
	jmp	g@PLT
	.size	to_plt, .-to_plt
	.type	to_this_file, @function
to_this_file:
#= cmpl \$5,VAR => any: nothing; jg L after
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	jg	.Lto_this_file
	ret
.Lto_this_file:
	jmp	here
	.size	to_this_file, .-to_this_file
	.type	to_clone, @function
to_clone:
#= cmpl \$5,VAR => any: nothing; jg L after
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	jg	.Lto_clone
	ret
.Lto_clone:
	jmp	here.part.0
	.size	to_clone, .-to_clone
	.type	to_slot, @function
to_slot:
#= cmpl \$5,VAR => any: nothing; jg L after
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	jg	.Lto_slot
	ret
.Lto_slot:
	jmp	*g@GOTPCREL(%rip)
	.size	to_slot, .-to_slot
	.type	to_underscore, @function
to_underscore:
#= cmpl \$5,VAR => any: nothing; jg L after
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	jg	.Lto_underscore
	ret
.Lto_underscore:
	jmp	_g
	.size	to_underscore, .-to_underscore
	.type	to_quoted, @function
to_quoted:
#= cmpl \$5,VAR => any: nothing; jg L after
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	jg	.Lto_quoted
	ret
.Lto_quoted:
	jmp	"g"
	.size	to_quoted, .-to_quoted
# What is no function, or not the beginning of one.
	.type	to_register, @function
to_register:
#= load: no dead register for the value, and the flags may be read
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	jg	.Lto_register
	ret
.Lto_register:
	jmp	*%rdi
	.size	to_register, .-to_register
	.type	to_memory, @function
to_memory:
#= load: no dead register for the value, and the flags may be read
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	jg	.Lto_memory
	ret
.Lto_memory:
	jmp	*8(%rdi)
	.size	to_memory, .-to_memory
	.type	to_table, @function
to_table:
#= load: no dead register for the value, and the flags may be read
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	jg	.Lto_table
	ret
.Lto_table:
	jmp	*table(,%rdi,8)
	.size	to_table, .-to_table
	.type	to_pointer, @function
to_pointer:
#= load: no dead register for the value, and the flags may be read
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	jg	.Lto_pointer
	ret
.Lto_pointer:
	jmp	*hook(%rip)
	.size	to_pointer, .-to_pointer
	.type	to_pointer_elsewhere, @function
to_pointer_elsewhere:
#= load: no dead register for the value, and the flags may be read
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	jg	.Lto_pointer_elsewhere
	ret
.Lto_pointer_elsewhere:
	jmp	*elsewhere(%rip)
	.size	to_pointer_elsewhere, .-to_pointer_elsewhere
	.type	to_slot_of_table, @function
to_slot_of_table:
#= load: no dead register for the value, and the flags may be read
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	jg	.Lto_slot_of_table
	ret
.Lto_slot_of_table:
	jmp	*g@GOTPCREL(%rdi)
	.size	to_slot_of_table, .-to_slot_of_table
	.type	to_slot_behind, @function
to_slot_behind:
#= load: no dead register for the value, and the flags may be read
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	jg	.Lto_slot_behind
	ret
.Lto_slot_behind:
	jmp	*g@GOTPCREL+8(%rip)
	.size	to_slot_behind, .-to_slot_behind
	.type	to_local, @function
to_local:
#= load: no dead register for the value, and the flags may be read
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	jg	.Lto_local
	ret
.Lto_local:
	jmp	.Llocal
	.size	to_local, .-to_local
	.type	to_number, @function
to_number:
#= load: no dead register for the value, and the flags may be read
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	jg	.Lto_number
	ret
.Lto_number:
	jmp	4096
	.size	to_number, .-to_number
	.type	to_place, @function
to_place:
#= load: no dead register for the value, and the flags may be read
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	jg	.Lto_place
	ret
.Lto_place:
	jmp	place
	.size	to_place, .-to_place
	.type	to_place_plt, @function
to_place_plt:
#= load: no dead register for the value, and the flags may be read
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	jg	.Lto_place_plt
	ret
.Lto_place_plt:
	jmp	place@PLT
	.size	to_place_plt, .-to_place_plt
	.type	to_place_slot, @function
to_place_slot:
#= load: no dead register for the value, and the flags may be read
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	jg	.Lto_place_slot
	ret
.Lto_place_slot:
	jmp	*place@GOTPCREL(%rip)
	.size	to_place_slot, .-to_place_slot
	.type	to_data, @function
to_data:
#= load: no dead register for the value, and the flags may be read
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	jg	.Lto_data
	ret
.Lto_data:
	jmp	table
	.size	to_data, .-to_data
	.type	to_cold, @function
to_cold:
#= load: no dead register for the value, and the flags may be read
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	jg	.Lto_cold
	ret
.Lto_cold:
	jmp	other.cold
	.size	to_cold, .-to_cold
	.type	to_cold_typed, @function
to_cold_typed:
#= load: no dead register for the value, and the flags may be read
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	jg	.Lto_cold_typed
	ret
.Lto_cold_typed:
	jmp	typed.cold
	.size	to_cold_typed, .-to_cold_typed
	.type	to_block, @function
to_block:
#= load: no dead register for the value, and the flags may be read
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	jg	.Lto_block
	ret
.Lto_block:
	jmp	other.__part.1
	.size	to_block, .-to_block
	.type	to_thunk, @function
to_thunk:
#= load: no dead register for the value, and the flags may be read
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	jg	.Lto_thunk
	ret
.Lto_thunk:
	jmp	__x86_indirect_thunk_rdi
	.size	to_thunk, .-to_thunk
	.type	to_retpoline, @function
to_retpoline:
#= load: no dead register for the value, and the flags may be read
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	jg	.Lto_retpoline
	ret
.Lto_retpoline:
	jmp	__llvm_retpoline_rdi
	.size	to_retpoline, .-to_retpoline
	.type	to_outlined, @function
to_outlined:
#= load: no dead register for the value, and the flags may be read
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	jg	.Lto_outlined
	ret
.Lto_outlined:
	jmp	OUTLINED_FUNCTION_0
	.size	to_outlined, .-to_outlined
	.type	to_profiler, @function
to_profiler:
#= load: no dead register for the value, and the flags may be read
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	jg	.Lto_profiler
	ret
.Lto_profiler:
	jmp	mcount
	.size	to_profiler, .-to_profiler
	.type	to_function_by_hand, @function
to_function_by_hand:
#! any: nothing; 
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	jg	.Lto_function_by_hand
	ret
.Lto_function_by_hand:
#APP
	jmp	g
#NO_APP
	.size	to_function_by_hand, .-to_function_by_hand
# A conditional one is a site itself; what it falls into may read flags.
	.type	if_zero, @function
if_zero:
#= cmpl \$5,VAR => any: nothing; jg L after .*; je L after cmpl \$5,V => true: jmp L
	cmpl	$5, b(%rip)
	jg	.Lif_zero
	je	g
.Lif_zero:
	ret
	.size	if_zero, .-if_zero
	.type	if_zero_plt, @function
if_zero_plt:
#= cmpl \$5,VAR => any: nothing; je L after cmpl \$5,V => true: jmp L
	cmpl	$5, b(%rip)
	je	g@PLT
	jmp	g@PLT
	.size	if_zero_plt, .-if_zero_plt
	.type	if_not_here, @function
if_not_here:
#= cmpl \$5,VAR => any: nothing; je L after cmpl \$5,V => true: jmp L
	cmpl	$5, b(%rip)
	je	here
	ret
	.size	if_not_here, .-if_not_here
	.type	if_place, @function
if_place:
#= load: no dead register for the value, and the flags may be read
	cmpl	$5, b(%rip)
	je	place
	ret
	.size	if_place, .-if_place
	.type	if_by_hand, @function
if_by_hand:
#= load: no dead register for the value, and the flags may be read
	cmpl	$5, b(%rip)
#APP
	je	g
#NO_APP
	ret
	.size	if_by_hand, .-if_by_hand
	.type	falls_on, @function
falls_on:
#= load: no dead register for the value, and the flags may be read
	cmpl	$5, b(%rip)
	jg	.Lfalls_on
	ret
.Lfalls_on:
	xorl	%eax, %eax
	jz	g
	.size	falls_on, .-falls_on
# Nothing follows it in this function, not even a directive.
	.type	falls_off, @function
falls_off:
#= load: no dead register for the value, and the flags may be read
	cmpl	$5, b(%rip)
	jg	g
# Behind the jump the flags are the same as before it: by another way they are read.
	.type	another_way, @function
another_way:
#! any: nothing; 
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	jg	.Lanother_way
	jmp	g
.Lanother_way:
	adcl	$0, %eax
	ret
	.size	another_way, .-another_way
# In sight, whatever it is named or declared to be.
	.type	to_part, @function
to_part:
#! any: nothing; 
	movl	$0, %ecx
	cmpl	$5, b(%rip)
	jg	.Lto_part
	ret
.Lto_part:
	jmp	in_sight
	.section .text.unlikely,"ax",@progbits
in_sight:
	adcl	$0, %eax
	ret
	.text
	.size	to_part, .-to_part
	.type	in_sight, @function
# Only flags: a register that a function does not change may be an argument of the other.
	.type	registers, @function
registers:
#= addq VAR,%rax => s32: addq \$V, %rax$
	xorl	%r11d, %r11d
	addq	b(%rip), %rax
	jmp	g
	.size	registers, .-registers
# Why it stays a load.
	.type	no_register, @function
no_register:
#= load: no dead register for the value, and the flags may be read
	cmpl	$5, b(%rip)
	jg	.Lno_register
	ret
.Lno_register:
	jmp	*%rdi
	.size	no_register, .-no_register
	.type	no_register_compared, @function
no_register_compared:
#= load: no dead register for the value$
	crc32l	b(%rip), %edi
	jmp	*%rdi
	.size	no_register_compared, .-no_register_compared

	.type	here, @function
here:
	ret
	.size	here, .-here
	.type	here.part.0, @function
here.part.0:
	ret
	.size	here.part.0, .-here.part.0
	.type	other, @function
other:
place:
	ret
	.size	other, .-other
	.section .text.unlikely
	.type	typed.cold, @function
typed.cold:
	ret
other.__part.1:
	ret
	.section rcpp_patchable,"aw",@progbits
b:	.quad	0
	.data
table:	.quad	0
hook:	.quad	0
