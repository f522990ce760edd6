# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Comments with code in them: # addl b(%rip), %eax
/ addl b(%rip), %eax
	/ addl b(%rip), %ebx
// addl b(%rip), %eax
/* addl b(%rip), %eax
	addl b(%rip), %eax # " */	.text
	.file "comments.c"
	.type f, @function
f:	addl /* in the middle */ b(%rip), %eax # behind; addl b(%rip), %eax
	addl b(%rip), /* " ; # ' */ %ecx /* and
	over two lines ; " */ ; addl b(%rip), %edx
	/* before */ addl b(%rip), %esi /* behind */ # and again /* open
	movl b(%rip), %edi; cmpl %edi, 8(%rsp /* " \ */ ) ; movl $1, %edi
	ret # "
	.size f, .-f
	.section rcpp_patchable, "aw"
b:	.long 1 # it's a comment; hlt
