# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Strings and characters with separators, quotes and code in them.
	.file "strings.c"
	.text
	.type f, @function
f:	movb $'a', %al; addl b(%rip), %eax
	movb $'#', %al; addl b(%rip), %eax
	movb $';', %al; addl b(%rip), %eax
	movb $'"', %al; addl b(%rip), %eax; movb $'"', %al
	movb $'\\, %al; addl b(%rip), %eax
	movb $'\'', %al ; addl b(%rip), %eax
	cmpl $'"', b(%rip); sete %al
	cmpl $'\\', b(%rip); sete %al
	movl $1, %ecx
	ret
	.size f, .-f
	.section .rodata
	.ascii "; addl b(%rip), %eax # \" \\" ; .byte 'x'; .text
	.type g, @function
g:	addl b(%rip), %eax; ret
	.size g, .-g
	.section .rodata; .string "/* not a comment"; .string "b(%rip) */"; .byte '"', ';', '#'; .text
	.type h, @function
h:	addl b(%rip), %eax; ret
	.size h, .-h
	.section rcpp_patchable, "aw"; b: .long ';', 'b'; .text
	.type i, @function
i:	addl b(%rip), %eax; addl i(%rip), %eax; ret
	.size i, .-i
