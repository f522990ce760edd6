# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The sites of the test programs: one of each kind, as functions that C calls.
#
# With the symbol NON_PIE set there is also a site with an absolute address. FAR bytes of text lie
# between the last function and the others, so that it is on another page; with SEGMENT it is in
# far.s. With PAGES the variables have pages of their own, as rcpp gives them.

	.include "table.s"
	batch __start_rcpp_patchable, __stop_rcpp_patchable

.macro function name
	.globl \name
	.type \name,@function
\name:
.endm

	.globl text_start
text_start:

# long add64(long): 64-bit addition, wide through %rcx
	function add64
	movq %rdi, %rax
	site s_add64, rcpp_form_add64, b, READ_64, 0, 13, addq b(%rip), %rax
	ret

# int load32(void)
	function load32
	site s_load32, rcpp_form_load32, w, READ_32, 0, 5, movl w(%rip), %eax
	ret

# unsigned shift(unsigned): the load vanishes, the consumers get the immediate
	function shift
	movl %edi, %eax
	movl %edi, %edx
	site s_shift, rcpp_form_shift, s, READ_32, 0, 6, movl s(%rip), %ecx
	site s_shift1, rcpp_form_shrl, s, READ_32, CONSUMER, 3, shrl %cl, %eax
	site s_shift2, rcpp_form_shll, s, READ_32, CONSUMER, 3, shll %cl, %edx
	addl %edx, %eax
	ret

# Narrow reads
	function load_u8
	site s_u8, rcpp_form_u8, b, READ_U8, 0, 5, movzbl b(%rip), %eax
	ret
	function load_s8
	site s_s8, rcpp_form_s8, b, READ_S8, 0, 5, movsbl b(%rip), %eax
	ret
	function load_u16
	site s_u16, rcpp_form_u16, b+2, READ_U16, 0, 5, movzwl b+2(%rip), %eax
	ret
	function load_s16
	site s_s16, rcpp_form_s16, b, READ_S16, 0, 7, movswq b(%rip), %rax
	ret
	function load_s32
	site s_s32, rcpp_form_s32, b, READ_S32, 0, 7, movslq b(%rip), %rax
	ret

# long store(void): a store to `out`, whose displacement is carried
	function store
	site s_store, rcpp_form_store_load, b, READ_64, 0, 10, movq b(%rip), %rax
	site s_store1, rcpp_form_store, b, READ_64, CONSUMER, 11, movq %rax, out(%rip)
	movq out(%rip), %rax
	ret

# int *element(char *): an address with the value as index, plus 16
	function element
	site s_element, rcpp_form_element_load, b, READ_64, 0, 10, movq b(%rip), %rax
	site s_element1, rcpp_form_element, b, READ_64, CONSUMER, 7, leaq 16(%rdi,%rax), %rax
	ret

# Declared variables, one within rcpp_patchable and one elsewhere
	function declared_in
	site s_in, rcpp_form_load32, w, READ_32, DECLARED, 5, movl w(%rip), %eax
	ret
	function declared_out
	site s_out, rcpp_form_load32, out, READ_32, DECLARED, 5, movl out(%rip), %eax
	ret

# int fault(void): ud2 until it is patched
	function fault
	site s_fault, rcpp_form_load32, w, READ_32, FAULT, 8, movl w(%rip), %eax
	ret

# 64 bytes of site: all lengths of NOPs
	function longest
	site s_longest, rcpp_form_load32, w, READ_32, 0, 64, movl w(%rip), %eax
	ret

.ifdef NON_PIE
	function absolute
	site s_absolute, rcpp_form_absolute, b, READ_64, 0, 10, movq b, %rax
	ret
.endif
	.globl text_end
text_end:

.ifdef FAR
	.skip FAR, 0xcc
.endif
.ifndef SEGMENT
	function far
	site s_far, rcpp_form_load32, w, READ_32, 0, 6, movl w(%rip), %eax
	ret
.endif

	end_batch

	form rcpp_form_add64
	.rept 2
	records 3
	alternative ORIGINAL, PCREL, "addq 0x1b3c5a7e(%rip), %rax"
	alternative S32, VALUE|4, "addq $0x11223344, %rax"
	alternative ANY, VALUE|8, "movabsq $0x1122334455667788, %rcx", "addq %rcx, %rax"
	.endr
	end_form "addq VAR,%rax => s32: addq $V,%rax | any: movabsq $V,%rcx; addq %rcx,%rax"

	form_load32

	form rcpp_form_shift
	.rept 2
	records 2
	alternative ORIGINAL, PCREL, "movl 0x1b3c5a7e(%rip), %ecx"
	alternative ANY, NONE
	.endr
	end_form "movl VAR,%ecx => any:"

	form rcpp_form_shrl
	.rept 2
	records 2
	alternative ORIGINAL, NONE, "shrl %cl, %eax"
	alternative ANY, VALUE|1, "shrl $2, %eax"
	.endr
	end_form "shrl %cl,%eax => any: shrl $V,%eax"

	form rcpp_form_shll
	.rept 2
	records 2
	alternative ORIGINAL, NONE, "shll %cl, %edx"
	alternative ANY, VALUE|1, "shll $2, %edx"
	.endr
	end_form "shll %cl,%edx => any: shll $V,%edx"

.irp read, u8, s8, u16
	form rcpp_form_\read
	.rept 2
	records 2
	.ifc \read,u8
	alternative ORIGINAL, PCREL, "movzbl 0x1b3c5a7e(%rip), %eax"
	.endif
	.ifc \read,s8
	alternative ORIGINAL, PCREL, "movsbl 0x1b3c5a7e(%rip), %eax"
	.endif
	.ifc \read,u16
	alternative ORIGINAL, PCREL, "movzwl 0x1b3c5a7e(%rip), %eax"
	.endif
	alternative ANY, VALUE|4, "movl $0, %eax"
	.endr
	end_form "\read"
.endr

	form rcpp_form_s16
	.rept 2
	records 3
	alternative ORIGINAL, PCREL, "movswq 0x1b3c5a7e(%rip), %rax"
	alternative U32, VALUE|4, "movl $0, %eax"
	alternative S32, VALUE|4, "movq $0, %rax"
	.endr
	end_form "movswq VAR,%rax => u32: movl $V,%eax | s32: movq $V,%rax"

	form rcpp_form_s32
	.rept 2
	records 3
	alternative ORIGINAL, PCREL, "movslq 0x1b3c5a7e(%rip), %rax"
	alternative U32, VALUE|4, "movl $0, %eax"
	alternative S32, VALUE|4, "movq $0, %rax"
	.endr
	end_form "movslq VAR,%rax => u32: movl $V,%eax | s32: movq $V,%rax"

	form rcpp_form_store_load
	.rept 2
	records 3
	alternative ORIGINAL, PCREL, "movq 0x1b3c5a7e(%rip), %rax"
	alternative S32, NONE
	alternative ANY, VALUE|8, "movabsq $0x1122334455667788, %rax"
	.endr
	end_form "movq VAR,%rax => s32: | any: movabsq $V,%rax"

	form rcpp_form_store
	.rept 2
	records 2
	alternative ORIGINAL, NONE, "movq %rax, 0(%rip)", , 0
	alternative S32, VALUE|4, "movq $0x11223344, 0(%rip)", , 4
	.endr
	end_form "movq %rax,M => s32: movq $V,M"

	form rcpp_form_element_load
	.rept 2
	records 3
	alternative ORIGINAL, PCREL, "movq 0x1b3c5a7e(%rip), %rax"
	alternative A32, NONE
	alternative ANY, VALUE|8, "movabsq $0x1122334455667788, %rax"
	.endr
	end_form "movq VAR,%rax => a32: | any: movabsq $V,%rax"

	form rcpp_form_element
	.rept 2
	records 2
	alternative ORIGINAL, NONE, "leaq 16(%rdi,%rax), %rax"
	alternative A32, ADD|4, "{disp32} leaq 16(%rdi), %rax"
	.endr
	end_form "leaq 16(%rdi,%rax),%rax => a32: leaq 16+V(%rdi),%rax"

.ifdef NON_PIE
	form rcpp_form_absolute
	.rept 2
	records 4
	alternative ORIGINAL, ABSOLUTE, "movq 0x1b3c5a7e, %rax"
	alternative U32, VALUE|4, "movl $0, %eax"
	alternative S32, VALUE|4, "movq $0, %rax"
	alternative ANY, VALUE|8, "movabsq $0x1122334455667788, %rax"
	.endr
	end_form "movq VAR,%rax => u32: movl $V,%eax | s32: movq $V,%rax | any: movabsq $V,%rax"
.endif

	.section rcpp_patchable,"aw"
	.globl b, w, s
	.p2align 3
b:	.quad 5
w:	.long 7
s:	.long 3
.ifdef PAGES
	.balign 4096
.endif

	.data
	.globl out
out:	.quad 11
