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
	.section rcpp_patchable,"aw",@progbits
b:	.quad	0
