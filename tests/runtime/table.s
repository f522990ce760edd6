# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Macros that write the runtime's tables by hand, in the layout of runtime/rcpp_tables.h.
#
# A test needs sites that are known to the byte and independent of the rcpp filter. The user opens a
# batch, writes each instruction with `site`, describes forms with `form` and `alternative`, and
# closes the batch. Included by the other files here.

	.set ORIGINAL, 0
	.set ANY, 1
	.set U32, 2
	.set S32, 3
	.set A32, 4

	.set NONE, 0x00
	.set VALUE, 0x10
	.set ADD, 0x20
	.set PCREL, 0x34
	.set ABSOLUTE, 0x44

	.set READ_U8, 0 | 2 << 3	# movzbl
	.set READ_S8, 0 | 4 | 2 << 3	# movsbl
	.set READ_U16, 1 | 2 << 3	# movzwl
	.set READ_S16, 1 | 4 | 3 << 3	# movswq
	.set READ_32, 2 | 2 << 3	# movl
	.set READ_S32, 2 | 4 | 3 << 3	# movslq
	.set READ_64, 3 | 3 << 3	# movq

	.set DECLARED, 1
	.set FAULT, 2
	.set CONSUMER, 4

# A form: form, then twice (.rept) records with the count of alternatives and the `alternative`s,
# then end_form. All forms have the same check.
	.set FORM_CHECK, 0x4321
.macro form name
	.pushsection rcpp_forms,"aG",@progbits,\name,comdat
	.weak \name
	.hidden \name
\name:
.endm

.macro records count, flags=0
	.byte \count, \flags
	.short FORM_CHECK
.endm

.macro end_form text
	.asciz "\text"
	.popsection
.endm

# One alternative: the field's bytes are the last of `code`, `more` comes after it. The carried
# displacement, if there is one, ends `behind` bytes before the end of `code`. `prefix` may stand in
# front of it.
.macro alternative guard, field, code, more, behind=-1, prefix=0
	.byte \guard, 8, (\field != NONE) & 1
	.if \behind >= 0
	.byte .Lend\@ - .Lcode\@ - \behind
	.else
	.byte 0
	.endif
	.byte \prefix, .Lmore\@ - .Lcode\@
	.if \field
	.byte \field, 0
	.if \field < PCREL
	.byte .Lend\@ - .Lcode\@
	.else
	.byte 0
	.endif
	.endif
.Lcode\@:
	\code
.Lend\@:
	\more
.Lmore\@:
.endm

# The form that each of the files needs.
.macro form_load32
	form rcpp_form_load32
	.rept 2
	records 2
	alternative ORIGINAL, PCREL, "movl 0x1b3c5a7e(%rip), %eax"
	alternative ANY, VALUE|4, "movl $0, %eax"
	.endr
	end_form "movl VAR,%eax => any: movl $V,%eax"
.endm

# The rows are written at their sites. Without all of its flags, .pushsection would open another
# section of the same name.
.macro push_rows
	.pushsection rcpp_rows,"ao",@note,.Ltext
.endm

.macro batch start=., stop=.
	.text
.Ltext:
	.reloc .Ltext, R_X86_64_NONE, .Lrcpp_rows	# for --gc-sections of gold
	push_rows
	.p2align 2
.Lrcpp_rows:
	.long 5, .Lrcpp_end - .Lrcpp_desc, 10
	.asciz "rcpp"
	.p2align 2
.Lrcpp_desc:
	.long rcpp_row_count, 0, rcpp_first_site - .
	.long \start - ., \stop - .
	.long \start - ., \stop - .
	.popsection
	.set rcpp_rows_so_far, 0
.endm

.macro end_batch
	.set rcpp_row_count, rcpp_rows_so_far
	push_rows
.Lrcpp_end:
	.popsection
.endm

# An instruction, padded to `longest` bytes, and its row. The constant is RCPP_CHECK_BIAS.
.macro site name, form, variable, read, flags, longest, code:vararg
	.globl \name
	.hidden \name
\name:
	.if (\flags) & FAULT
	ud2
	.endif
	\code
.Lorig\@:
	.nops -((\longest - (.Lorig\@ - \name)) > 0) * (\longest - (.Lorig\@ - \name))
\name\()_end:
	.if rcpp_rows_so_far == 0
	.set rcpp_first_site, \name
	.set rcpp_previous_site, \name
	.endif
	push_rows
	.long \name - ., \variable - ., \form - .
	.byte \name\()_end - \name, \flags << 5 | \read
	.short (\name\()_end - rcpp_previous_site + 2147581817 + ((\flags << 5 | \read) << 8) + FORM_CHECK) % 65521
	.popsection
	.set rcpp_previous_site, \name
	.set rcpp_rows_so_far, rcpp_rows_so_far + 1
.endm

	.section .note.GNU-stack,"",@progbits
	.text
