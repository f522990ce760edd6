/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Counters change nothing but memory: accesses with all registers in use, all flags alive, and data
 * in the red zone, for all settings of the flags. The accesses are in inline assembly, whose text
 * the filter counts as it does a compiler's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

long variable = 5;
unsigned long before[16], after[16], red[2];

/* Of the 16 registers, %rsp's place is the flags'. The red zone's last words are at -8 and -128. */
#define AROUND(name, access)                                                                       \
	void name(void);                                                                           \
	__asm__(".text\n" #name ":\n"                                                              \
		"	pushq %rbx; pushq %rbp; pushq %r12; pushq %r13; pushq %r14; pushq %r15\n"        \
		"	pushq 4*8+before(%rip); popfq\n"                                                 \
		"	movq 0*8+before(%rip), %rax; movq 1*8+before(%rip), %rcx\n"                      \
		"	movq 2*8+before(%rip), %rdx; movq 3*8+before(%rip), %rbx\n"                      \
		"	movq 5*8+before(%rip), %rbp; movq 6*8+before(%rip), %rsi\n"                      \
		"	movq 7*8+before(%rip), %rdi; movq 8*8+before(%rip), %r8\n"                       \
		"	movq 9*8+before(%rip), %r9; movq 10*8+before(%rip), %r10\n"                      \
		"	movq 11*8+before(%rip), %r11; movq 12*8+before(%rip), %r12\n"                    \
		"	movq 13*8+before(%rip), %r13; movq 14*8+before(%rip), %r14\n"                    \
		"	movq 15*8+before(%rip), %r15\n"                                                  \
		"	movq %rax, -8(%rsp); movq %rbx, -128(%rsp)\n"                                    \
		"	" access "\n"                                                              \
		"	movq %rax, 0*8+after(%rip); movq -8(%rsp), %rax; movq %rax, red(%rip)\n"         \
		"	movq -128(%rsp), %rax; movq %rax, 8+red(%rip)\n"                                 \
		"	pushfq; popq 4*8+after(%rip)\n"                                                  \
		"	movq %rcx, 1*8+after(%rip); movq %rdx, 2*8+after(%rip)\n"                        \
		"	movq %rbx, 3*8+after(%rip); movq %rbp, 5*8+after(%rip)\n"                        \
		"	movq %rsi, 6*8+after(%rip); movq %rdi, 7*8+after(%rip)\n"                        \
		"	movq %r8, 8*8+after(%rip); movq %r9, 9*8+after(%rip)\n"                          \
		"	movq %r10, 10*8+after(%rip); movq %r11, 11*8+after(%rip)\n"                      \
		"	movq %r12, 12*8+after(%rip); movq %r13, 13*8+after(%rip)\n"                      \
		"	movq %r14, 14*8+after(%rip); movq %r15, 15*8+after(%rip)\n"                      \
		"	popq %r15; popq %r14; popq %r13; popq %r12; popq %rbp; popq %rbx; cld; "         \
		"ret\n")

AROUND(read_it, "movq variable(%rip), %r12");
AROUND(write_it, "movq %r13, variable(%rip)");
AROUND(change_it, "lock xchgq %r13, variable(%rip)");
AROUND(set_it, "movb $3, 2+variable(%rip)");

static int failures;

static void check(const char *name, int differs, unsigned long flags)
{
	if (!differs)
		return;
	printf("%s: other than it was, with flags %#lx\n", name, flags);
	failures++;
}

/* What the access itself changes is register 12 or 13, and memory. */
static void run(const char *name, void (*access)(void), int changes, unsigned long flags)
{
	before[4] = flags;
	access();
	for (int i = 0; i < 16; i++)
		if (i != changes)
			check(name, after[i] != before[i], flags);
	check(name, red[0] != before[0] || red[1] != before[3], flags);
}

int main(void)
{
	for (int i = 0; i < 16; i++)
		before[i] = 0x0101010101010101 * (unsigned long)(i + 1);
	for (unsigned long set = 0; set < 128; set++) {
		/* C P A Z S O, and the direction; with the bit that is always set, and interrupts
		 */
		unsigned long flags = 0x202 | (set & 1) | (set >> 1 & 1) << 2 |
				      (set >> 2 & 1) << 4 | (set >> 3 & 1) << 6 |
				      (set >> 4 & 1) << 7 | (set >> 5 & 1) << 11 |
				      (set >> 6 & 1) << 10;

		variable = 77;
		run("read", read_it, 12, flags);
		check("the value read", after[12] != 77, flags);
		run("write", write_it, -1, flags);
		check("the value written", (unsigned long)variable != before[13], flags);
		variable = 77;
		run("exchange", change_it, 13, flags);
		check("the values exchanged",
		      after[13] != 77 || (unsigned long)variable != before[13], flags);
		run("store", set_it, -1, flags);
		check("the byte stored", (variable >> 16 & 255) != 3, flags);
	}
	printf("%d failures\n", failures);
	return failures != 0;
}
