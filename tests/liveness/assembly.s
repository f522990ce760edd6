# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Inline assembly: it may bring back what it writes, calls in it may read anything, and where it
# holds data or switches sections it is left alone.
	.file	"assembly.c"
	.text
	.type	brings_back, @function
brings_back:
#= addq VAR,%rax => s32: addq \$V, %rax$
#APP
	xorl	%ecx, %ecx
#NO_APP
	addq	b(%rip), %rax
	ret
	.size	brings_back, .-brings_back
	.type	own, @function
own:
#= any: movabsq \$V, %rsi
	xorl	%esi, %esi
#APP
	xorl	%ecx, %ecx
#NO_APP
	addq	b(%rip), %rax
	ret
	.size	own, .-own
# Flags that inline assembly changes, or that are restored, do not outlive the function.
	.type	changes_flags, @function
changes_flags:
#= leaq V
#APP
	addl	$1, %ecx
#NO_APP
	movq	b(%rip), %rax
	addq	%rdi, %rax
	ret
	.size	changes_flags, .-changes_flags
	.type	restores_flags, @function
restores_flags:
#= leaq V
	popfq
	movq	b(%rip), %rax
	addq	%rdi, %rax
	ret
	.size	restores_flags, .-restores_flags
	.type	calls, @function
calls:
#! leaq
#= movq VAR,%rax => u32
	movq	b(%rip), %rax
	addq	%rdi, %rax
#APP
	call	thunk
#NO_APP
	ret
	.size	calls, .-calls
	.type	called, @function
called:
#= leaq V
	movq	b(%rip), %rax
	addq	%rdi, %rax
	call	thunk
	ret
	.size	called, .-called
	.type	called_locally, @function
called_locally:
#! leaq
#= movq VAR,%rax => u32
	movq	b(%rip), %rax
	addq	%rdi, %rax
	call	.Lcalled
	ret
.Lcalled:
	adcq	$0, %rdx
	ret
	.size	called_locally, .-called_locally
	.type	calls_outlined, @function
calls_outlined:
#! leaq
#= movq VAR,%rax => u32
	movq	b(%rip), %rax
	addq	%rdi, %rax
	call	OUTLINED_FUNCTION_0
	ret
	.size	calls_outlined, .-calls_outlined
	.type	calls_register, @function
calls_register:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
	call	*%rdi
	xorl	%ecx, %ecx
	ret
	.size	calls_register, .-calls_register
	.type	returns_by_hand, @function
returns_by_hand:
#= addq VAR,%rax => s32: addq \$V, %rax$
	xorl	%ecx, %ecx
	addq	b(%rip), %rax
#APP
	ret
#NO_APP
	.size	returns_by_hand, .-returns_by_hand
	.type	simple, @function
simple:
#= addq VAR,%rax => s32
#APP
	.p2align 3
	addq	b(%rip), %rax
#NO_APP
	ret
	.size	simple, .-simple
	.type	switches, @function
switches:
#= load: .*inline assembly
#! =>
#APP
	addq	b(%rip), %rax
	.section .rodata
	.text
#NO_APP
	ret
	.size	switches, .-switches
	.type	switches_back, @function
switches_back:
#= load: .*inline assembly
#! =>
#APP
	addq	b(%rip), %rax
	.pushsection .rodata
	.popsection
	.previous
	.previous
#NO_APP
	ret
	.size	switches_back, .-switches_back
	.type	previous, @function
previous:
#= load: .*inline assembly
#! =>
	.section .rodata
	.text
#APP
	addq	b(%rip), %rax
	.previous
	.previous
#NO_APP
	ret
	.size	previous, .-previous
	.type	holds_data, @function
holds_data:
#= load: .*inline assembly
#! =>
#APP
	addq	b(%rip), %rax
	.byte	0x90
#NO_APP
	ret
	.size	holds_data, .-holds_data
	.type	after, @function
after:
#= addq VAR,%rax => s32
	addq	b(%rip), %rax
#APP
	.byte	0x90
#NO_APP
#APP
	addq	b(%rip), %rdx
#NO_APP
	addq	b(%rip), %rsi
#= addq VAR,%rdx => s32
#= addq VAR,%rsi => s32
	ret
	.size	after, .-after
	.type	nested, @function
nested:
#= load: .*inline assembly
#! =>
#APP
	addq	b(%rip), %rax
#APP
	.byte	0x90
#NO_APP
	ret
	.size	nested, .-nested
# Registers that a function of its own convention returns in.
	.type	OUTLINED_FUNCTION_0, @function
OUTLINED_FUNCTION_0:
	xorl	%ecx, %ecx
	addq	b(%rip), %rax
	ret
	.size	OUTLINED_FUNCTION_0, .-OUTLINED_FUNCTION_0
# The helpers save and restore %rsi and %rdi for the caller.
	.type	helped, @function
helped:
#= any: movabsq \$V, %r8
	xorl	%esi, %esi
	xorl	%edi, %edi
	xorl	%r8d, %r8d
	call	__savms64_12
	addq	b(%rip), %rax
	ret
	.size	helped, .-helped
# Data before inline assembly is no matter of its own.
	.type	data_before, @function
data_before:
#= addq VAR,%rax => s32
	.byte	0x90
#APP
	addq	b(%rip), %rax
#NO_APP
	ret
	.size	data_before, .-data_before
	.type	not_understood, @function
not_understood:
#= load: .*inline assembly
#! =>
#APP
	{VEX} vmovq %rcx, %xmm0
	addq	b(%rip), %rax
#NO_APP
	ret
	.size	not_understood, .-not_understood
# The kernel's alternatives: what stands here may be replaced by what writes nothing.
	.type	replaced, @function
replaced:
#= addq VAR,%rax => s32: addq \$V, %rax$
	addq	b(%rip), %rax
#APP
661:	xorl	%ecx, %ecx
662:
	.pushsection .discard,"a"
	.long	661b-.
	.popsection
#NO_APP
	movq	%rcx, 8(%rdi)
	ret
	.size	replaced, .-replaced
# A hypervisor, an emulator or valgrind takes these for a call, and looks at other registers.
	.type	backdoor, @function
backdoor:
#= movl VAR,%ecx => any: movl
	movl	b(%rip), %ecx
	testl	%ecx, %ecx
	je	.Lbackdoor
#APP
	inl	(%dx), %eax
#NO_APP
.Lbackdoor:
	xorl	%ecx, %ecx
	ret
	.size	backdoor, .-backdoor
	.type	port, @function
port:
#= movl VAR,%ecx => any: movl
	movl	b(%rip), %ecx
	testl	%ecx, %ecx
	je	.Lport
#APP
	outb	%al, $0x80
#NO_APP
.Lport:
	xorl	%ecx, %ecx
	ret
	.size	port, .-port
	.type	ports, @function
ports:
#= movl VAR,%ecx => any: movl
	movl	b(%rip), %ecx
	testl	%ecx, %ecx
	je	.Lports
#APP
	rep outsb
#NO_APP
.Lports:
	xorl	%ecx, %ecx
	ret
	.size	ports, .-ports
	.type	from_port, @function
from_port:
#= movl VAR,%ecx => any: movl
	movl	b(%rip), %ecx
	testl	%ecx, %ecx
	je	.Lfrom_port
#APP
	rep insl
#NO_APP
.Lfrom_port:
	xorl	%ecx, %ecx
	ret
	.size	from_port, .-from_port
	.type	leaf, @function
leaf:
#= movl VAR,%ecx => any: movl
	movl	b(%rip), %ecx
	testl	%ecx, %ecx
	je	.Lleaf
#APP
	cpuid
#NO_APP
.Lleaf:
	xorl	%ecx, %ecx
	ret
	.size	leaf, .-leaf
	.type	request, @function
request:
#= movl VAR,%ecx => any: movl
	movl	b(%rip), %ecx
	testl	%ecx, %ecx
	je	.Lrequest
#APP
	xchgq	%rbx, %rbx
#NO_APP
.Lrequest:
	xorl	%ecx, %ecx
	ret
	.size	request, .-request
# That is no call.
	.type	exchanged, @function
exchanged:
#= movl VAR,%ecx => any: nothing
	movl	b(%rip), %ecx
	testl	%ecx, %ecx
	je	.Lexchanged
#APP
	xchgq	%rbx, %rax
#NO_APP
.Lexchanged:
	xorl	%ecx, %ecx
	ret
	.size	exchanged, .-exchanged
# A signal's handler may go on at a label whose address inline assembly takes, with what is there.
	.type	safe_load, @function
safe_load:
#= movl VAR,%eax => any: movl
	movl	b(%rip), %eax
#APP
	leaq	.Lbad(%rip), %rdx
	movl	(%rdi), %edx
#NO_APP
	addl	%esi, %eax
	addl	%edx, %eax
.Lbad:
	ret
	.size	safe_load, .-safe_load
	.type	safe_number, @function
safe_number:
#= movl VAR,%eax => any: movl
	movl	b(%rip), %eax
#APP
	movl	$.Lbad_number, %edx
	movl	(%rdi), %edx
#NO_APP
	addl	%esi, %eax
	addl	%edx, %eax
.Lbad_number:
	ret
	.size	safe_number, .-safe_number
# Other addresses are none of labels.
	.type	no_label, @function
no_label:
#= movl VAR,%eax => any: nothing
	movl	b(%rip), %eax
#APP
	leaq	other(%rip), %rdx
	movl	(%rdi), %edx
#NO_APP
	addl	%esi, %eax
	addl	%edx, %eax
	ret
	.size	no_label, .-no_label
	.section rcpp_patchable,"aw",@progbits
other:	.quad	0
b:	.quad	0
	.text
	.type	unfinished, @function
unfinished:
#= load: .*inline assembly
#! =>
#APP
	.byte	0x90
	addq	b(%rip), %rax
