# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Other people's notes, of every kind that is none of ours to judge: padded to 8, of a length that
# goes beyond the end, with an empty name, with a name that begins like ours, with nothing behind
# the header, and words that are no note at all.

	.section .note.other,"a",@note
	.balign 8
	.long 4, 5, 1
	.asciz "Oth"
	.byte 1, 2, 3, 4, 5
	.balign 8
	.long 0, 4, 7, 0x12345678
	.long 10, 8, 5
	.asciz "rcpp-like"
	.balign 8
	.quad 0
	.long 0x7fffffff, 0x7fffffff, 0xffffffff
	.long 0xffffffff

	.section .note.other2,"a",@note
	.balign 4
	.long 4, 0x7ffffff0, 1
	.asciz "Oth"

	.section .note.GNU-stack,"",@progbits
