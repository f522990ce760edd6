# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# LLVM wrote it, but clang does not say that it did: another language may return three results, or
# more, and the third one in %rcx.
	.file	"languages.ll"
	.text
	.type	three_results, @function
three_results:
#= movq VAR,%rcx => u32: movl
	movq	b(%rip), %rcx
	leaq	3(%rcx), %rdx
	leaq	5(%rcx), %rax
	ret
.Lfunc_end0:
	.size	three_results, .Lfunc_end0-three_results
	.section rcpp_patchable,"aw",@progbits
b:	.quad	0
