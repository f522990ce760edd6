# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Heading [bits] of the rules: bit operations. What rcpp makes of it is in bits.expected: its --explain
# lines, then the text, with each site in brackets.

	.file "bits.c"
	.text
	.type count_bits, @function
count_bits:
	popcntq b(%rip), %rax
	movl $0, %ecx
	ret
	.size count_bits, .-count_bits
	.type find_bit, @function
find_bit:
	bsfl i(%rip), %eax
	movl $0, %ecx
	ret
	.size find_bit, .-find_bit
	.type count_zeros, @function
count_zeros:
	tzcntq b(%rip), %rax
	movl $0, %ecx
	ret
	.size count_zeros, .-count_zeros
	.type test_bit, @function
test_bit:
	btq $3, b(%rip)
	movl $0, %ecx
	cmc
	setc %al
	ret
	.size test_bit, .-test_bit
	.type and_not, @function
and_not:
	andnl i(%rip), %edi, %eax
	movl $0, %ecx
	ret
	.size and_not, .-and_not
	.type extract_bits, @function
extract_bits:
	bzhiq %rdi, b(%rip), %rax
	movl $0, %ecx
	ret
	.size extract_bits, .-extract_bits
	.type lowest_bit, @function
lowest_bit:
	blsrl i(%rip), %eax
	movl $0, %ecx
	ret
	.size lowest_bit, .-lowest_bit
	.type checksum, @function
checksum:
	crc32l i(%rip), %eax
	movl $0, %ecx
	ret
	.size checksum, .-checksum
	.type checksum_wide, @function
checksum_wide:
	crc32q b(%rip), %rax
	movl $0, %ecx
	ret
	.size checksum_wide, .-checksum_wide
	.type gather_bits, @function
gather_bits:
	pextq b(%rip), %rdi, %rax
	movl $0, %ecx
	ret
	.size gather_bits, .-gather_bits
	.type multiply, @function
multiply:
	mulxq b(%rip), %rax, %rdi
	movl $0, %ecx
	ret
	.size multiply, .-multiply
	.type add_with_carry, @function
add_with_carry:
	adcxq b(%rip), %rax
	movl $0, %ecx
	ret
	.size add_with_carry, .-add_with_carry
	.type count_and_look, @function
count_and_look:
	popcntl i(%rip), %eax
	sete %cl
	ret
	.size count_and_look, .-count_and_look
	.type highest_bit, @function
highest_bit:
	bsrl i(%rip), %eax
	movl $0, %ecx
	ret
	.size highest_bit, .-highest_bit
	.type leading_zeros, @function
leading_zeros:
	lzcntq b(%rip), %rax
	ret
	.size leading_zeros, .-leading_zeros
	.type count_what_was_loaded, @function
count_what_was_loaded:
	movq b(%rip), %rcx
	popcntq %rcx, %rax
	ret
	.size count_what_was_loaded, .-count_what_was_loaded

	.section rcpp_patchable, "aw"
b:
	.quad 0, 0
i:
	.quad 0
w:
	.quad 0
c:
	.quad 0
