# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Several statements on a line, names of all kinds, prefixes, mnemonics without suffix, aliases.
	.file "statements.c"; .text; .globl f; .type f, @function
f:	movl $1, %eax; addl b(%rip), %eax ; nop;nop; ; addl b+4(%rip),%eax
1:	add b(%rip), %eax; 2: jmp 2f ; 2:jne 1b
"quoted name":	add "b"(%rip), %eax
.dotted.name: sub b(%rip),%eax; call "quoted name"
dollar$name: addl 4+b(%rip), %eax ; addl b + 4 ( %rip ) , %eax
	rep; movsb
	rep movsb
	lock; incl b(%rip)
	lock incl b(%rip)
	notrack jmp *%rax
	.set alias, b
other = b
third == b
	addl alias(%rip), %eax; addl other(%rip), %eax
	movl $f, %ecx; ret
	.size f, .-f
# 5 "statements.c" 1
	.section rcpp_patchable,"aw"; b: .long 1, 2
	.text; .globl g; .type g, @function; g: addl b(%rip), %eax; ret; .size g, .-g
