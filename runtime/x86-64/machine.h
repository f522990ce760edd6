/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a process has differently on each processor: pages, a thread's registers as the kernel lays
 * them out, and the few instructions that C cannot express. For the part of the runtime that is
 * Linux's. Needs _GNU_SOURCE.
 */
#ifndef RCPP_MACHINE_H
#define RCPP_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <ucontext.h>

/* arm64: 4096, 16384 or 65536; the auxiliary vector says which. */
#define RCPP_PAGE_SIZE ((uintptr_t)4096)

/* A debugger's or a probe's instruction, its first byte. arm64: the last byte of brk. */
#define RCPP_BREAKPOINT 0xcc

/* ---- A signal's frame ---- */

/* arm64: struct sigcontext, which has pc and sp by their names. */
#define RCPP_REGISTERS offsetof(ucontext_t, uc_mcontext.gregs)

static inline uintptr_t rcpp_program_counter(const greg_t *registers)
{
	return (uintptr_t)registers[REG_RIP];
}

static inline uintptr_t rcpp_stack_pointer(const greg_t *registers)
{
	return (uintptr_t)registers[REG_RSP];
}

/*
 * Do the registers look like those of a frame? The kernel writes the segment of user space's code
 * into each, valgrind writes 0. arm64: the magic numbers of the frame's records.
 */
static inline bool rcpp_are_registers(const greg_t *registers, bool under_valgrind)
{
	const unsigned int user_code = 0x33;

	return (registers[REG_CSGSFS] & 0xffff) == (under_valgrind ? 0 : user_code);
}

/*
 * Does the word look like the one that holds the segments in a frame that the kernel wrote? Before
 * it stand the flags, some of which are always zero. arm64: the magic numbers, too.
 */
static inline bool rcpp_may_be_in_frame(uintptr_t before, uintptr_t word)
{
	const uintptr_t flags = 0x3f7fd7;

	return (word & 0xffff) == 0x33 && !(before & ~flags);
}

/* Of a page fault: was it a write? arm64: bit 6 of the syndrome in struct esr_context. */
static inline bool rcpp_was_write(const greg_t *registers)
{
	return registers[REG_ERR] & 1 << 1;
}

/* ---- Instructions ---- */

/* A thread's control block, of the C library. arm64: tpidr_el0. */
static inline uintptr_t rcpp_control_block(void)
{
	uintptr_t block;

	__asm__("movq %%fs:0, %0" : "=r"(block)); /* by the ABI it points to itself */
	return block;
}

/* memcpy() without a function that could be replaced. arm64: a loop. */
static inline void rcpp_raw_copy(void *to, const void *from, size_t size)
{
	__asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(size) : : "memory");
}

/*
 * Instructions that change nothing and that valgrind takes for a request; see "The Client Request
 * mechanism" in its manual. Returns 0 where no valgrind answers. arm64: rotations of x12.
 */
static inline unsigned long rcpp_ask_valgrind(const unsigned long request[6])
{
	unsigned long answer = 0;

	__asm__ volatile("rolq $3, %%rdi; rolq $13, %%rdi; rolq $61, %%rdi; rolq $51, %%rdi\n\t"
			 "xchgq %%rbx, %%rbx"
			 : "+d"(answer)
			 : "a"(request)
			 : "cc", "memory");
	return answer;
}

/* Where an indirect jump or call may go. arm64: bti c. */
#define RCPP_LANDING "endbr64\n"
#define RCPP_TAIL    "jmp "
/* A function that returns its four bytes at RCPP_CANARY_VALUE. arm64: movz, movk, ret. */
#define RCPP_CANARY	  RCPP_LANDING "\t.byte 0xb8; .long 0; .byte 0xc3\n" /* movl $0, %eax; ret */
#define RCPP_CANARY_VALUE 5
#define RCPP_CANARY_SIZE  10

#endif
