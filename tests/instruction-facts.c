// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Checks rows of the instruction table that are easily got wrong.
 *
 * In: nothing.  Out: one line for each fact that is not as the manuals have it, and the exit
 * status 1 if there was one.  The expectations are written down here by hand, on purpose: they
 * are the one thing about the table that neither GNU as nor Zydis has said.
 */
#include "../grammar/x86-64/instructions.h"

#include <stdio.h>
#include <string.h>

#define RAX (1 << REGISTER_RAX)
#define RCX (1 << REGISTER_RCX)
#define RDX (1 << REGISTER_RDX)
#define RBX (1 << REGISTER_RBX)
#define RSP (1 << REGISTER_RSP)
#define RSI (1 << REGISTER_RSI)
#define RDI (1 << REGISTER_RDI)
#define C   FLAG_CARRY
#define Z   FLAG_ZERO
#define O   FLAG_OVERFLOW
#define ALL FLAGS_ALL

static const struct expectation {
	const char *name;
	int operands;
	const char *access; /* a letter for each operand; B is both, read and written */
	unsigned int width, reads, writes, clobbers;
	unsigned int flags_read, flags_written, flags_clobbered;
	enum instruction_kind kind;
	bool vector;
} expectations[] = {
	{"addq", 2, "RB", 8, 0, 0, 0, 0, ALL, ALL, INSTRUCTION_ORDINARY, false},
	{"add", 2, "RB", 0, 0, 0, 0, 0, ALL, ALL, INSTRUCTION_ORDINARY, false},
	{"adcl", 2, "RB", 4, 0, 0, 0, C, ALL, ALL, INSTRUCTION_ORDINARY, false},
	{"incl", 1, "B", 4, 0, 0, 0, 0, ALL & ~C, ALL & ~C, INSTRUCTION_ORDINARY, false},
	{"movq", 2, "RW", 8, 0, 0, 0, 0, 0, 0, INSTRUCTION_ORDINARY, true},
	{"movl", 2, "RW", 4, 0, 0, 0, 0, 0, 0, INSTRUCTION_ORDINARY, false},
	{"movabsq", 2, "RW", 8, 0, 0, 0, 0, 0, 0, INSTRUCTION_ORDINARY, false},
	{"movslq", 2, "RW", 4, 0, 0, 0, 0, 0, 0, INSTRUCTION_ORDINARY, false},
	{"movzbl", 2, "RW", 1, 0, 0, 0, 0, 0, 0, INSTRUCTION_ORDINARY, false},
	{"leaq", 2, "AW", 8, 0, 0, 0, 0, 0, 0, INSTRUCTION_ORDINARY, false},
	{"prefetcht0", 1, "A", 0, 0, 0, 0, 0, 0, 0, INSTRUCTION_ORDINARY, false},
	{"nopw", 1, "A", 0, 0, 0, 0, 0, 0, 0, INSTRUCTION_ORDINARY, false},
	{"imulq", 1, "R", 8, RAX, RAX | RDX, RAX | RDX, 0, C | O, ALL, INSTRUCTION_ORDINARY, false},
	{"imulq", 2, "RB", 8, 0, 0, 0, 0, C | O, ALL, INSTRUCTION_ORDINARY, false},
	{"imulq", 3, "RRW", 8, 0, 0, 0, 0, C | O, ALL, INSTRUCTION_ORDINARY, false},
	{"mulb", 1, "R", 1, RAX, 0, RAX, 0, C | O, ALL, INSTRUCTION_ORDINARY, false},
	{"divl", 1, "R", 4, RAX | RDX, RAX | RDX, RAX | RDX, 0, 0, ALL, INSTRUCTION_ORDINARY,
	 false},
	{"mulxq", 3, "RWW", 8, RDX, 0, 0, 0, 0, 0, INSTRUCTION_ORDINARY, false},
	{"shll", 1, "B", 4, 0, 0, 0, 0, C | FLAG_PARITY | Z | FLAG_SIGN, ALL, INSTRUCTION_ORDINARY,
	 false},
	{"shll", 2, "RB", 4, 0, 0, 0, 0, 0, ALL, INSTRUCTION_ORDINARY, false},
	{"shldq", 2, "RB", 8, RCX, 0, 0, 0, 0, ALL, INSTRUCTION_ORDINARY, false},
	{"shlxq", 3, "RRW", 8, 0, 0, 0, 0, 0, 0, INSTRUCTION_ORDINARY, false},
	{"adcx", 2, "RB", 0, 0, 0, 0, C, C, C, INSTRUCTION_ORDINARY, false},
	{"popcntq", 2, "RW", 8, 0, 0, 0, 0, ALL, ALL, INSTRUCTION_ORDINARY, false},
	{"bsfq", 2, "RB", 8, 0, 0, 0, 0, Z, ALL, INSTRUCTION_ORDINARY, false},
	{"btq", 2, "RR", 0, 0, 0, 0, 0, C, ALL & ~Z, INSTRUCTION_ORDINARY, false},
	{"cmovneq", 2, "RB", 8, 0, 0, 0, Z, 0, 0, INSTRUCTION_ORDINARY, false},
	{"sete", 1, "W", 1, 0, 0, 0, Z, 0, 0, INSTRUCTION_ORDINARY, false},
	{"xchgq", 2, "BB", 8, 0, 0, 0, 0, 0, 0, INSTRUCTION_ORDINARY, false},
	{"xaddl", 2, "BB", 4, 0, 0, 0, 0, ALL, ALL, INSTRUCTION_ORDINARY, false},
	{"cmpxchgq", 2, "RB", 8, RAX, 0, RAX, 0, ALL, ALL, INSTRUCTION_ORDINARY, false},
	{"cmpxchg16b", 1, "B", 16, RAX | RBX | RCX | RDX, 0, RAX | RDX, 0, Z, Z,
	 INSTRUCTION_ORDINARY, false},
	{"cpuid", 0, "", 0, RAX | RCX, RAX | RBX | RCX | RDX, RAX | RBX | RCX | RDX, 0, 0, 0,
	 INSTRUCTION_ORDINARY, false},
	{"rdmsr", 0, "", 0, RCX, RAX | RDX, RAX | RDX, 0, 0, 0, INSTRUCTION_ORDINARY, false},
	{"cltd", 0, "", 0, RAX, RDX, RDX, 0, 0, 0, INSTRUCTION_ORDINARY, false},
	{"cqto", 0, "", 0, RAX, RDX, RDX, 0, 0, 0, INSTRUCTION_ORDINARY, false},
	{"cltq", 0, "", 0, RAX, RAX, RAX, 0, 0, 0, INSTRUCTION_ORDINARY, false},
	{"cbtw", 0, "", 0, RAX, 0, RAX, 0, 0, 0, INSTRUCTION_ORDINARY, false},
	{"movsq", 0, "", 0, RSI | RDI, RSI | RDI, RSI | RDI, 0, 0, 0, INSTRUCTION_ORDINARY, false},
	{"movsd", 0, "", 0, RSI | RDI, RSI | RDI, RSI | RDI, 0, 0, 0, INSTRUCTION_ORDINARY, false},
	{"cmpsb", 0, "", 0, RSI | RDI, RSI | RDI, RSI | RDI, 0, ALL, ALL, INSTRUCTION_ORDINARY,
	 false},
	{"cmpsd", 3, "RRB", 8, 0, 0, 0, 0, 0, 0, INSTRUCTION_ORDINARY, true},
	{"stosq", 0, "", 0, RAX | RDI, RDI, RDI, 0, 0, 0, INSTRUCTION_ORDINARY, false},
	{"pushq", 1, "R", 8, RSP, RSP, RSP, 0, 0, 0, INSTRUCTION_ORDINARY, false},
	{"popq", 1, "W", 8, RSP, RSP, RSP, 0, 0, 0, INSTRUCTION_ORDINARY, false},
	{"pushfq", 0, "", 0, RSP, RSP, RSP, ALL, 0, 0, INSTRUCTION_ORDINARY, false},
	{"rdsspq", 1, "B", 8, 0, 0, 0, 0, 0, 0, INSTRUCTION_ORDINARY, false},
	{"movd", 2, "RW", 4, 0, 0, 0, 0, 0, 0, INSTRUCTION_ORDINARY, true},
	{"pextrw", 3, "RRW", 2, 0, 0, 0, 0, 0, 0, INSTRUCTION_ORDINARY, true},
	{"vpinsrq", 4, "RRRW", 8, 0, 0, 0, 0, 0, 0, INSTRUCTION_ORDINARY, true},
	{"ucomisd", 2, "RR", 8, 0, 0, 0, 0, ALL, ALL, INSTRUCTION_ORDINARY, true},
	{"vptest", 2, "RR", 0, 0, 0, 0, 0, ALL, ALL, INSTRUCTION_ORDINARY, true},
	{"vtestps", 2, "RR", 0, 0, 0, 0, 0, ALL, ALL, INSTRUCTION_ORDINARY, true},
	{"testui", 0, "", 0, 0, 0, 0, 0, ALL, ALL, INSTRUCTION_ORDINARY, false},
	{"xlat", 1, "R", 1, RAX | RBX, 0, RAX, 0, 0, 0, INSTRUCTION_ORDINARY, false},
	{"fildl", 1, "R", 4, 0, 0, 0, 0, 0, 0, INSTRUCTION_ORDINARY, true},
	{"jmp", 1, "R", 8, 0, 0, 0, 0, 0, 0, INSTRUCTION_JUMP, false},
	{"je", 1, "R", 0, 0, 0, 0, Z, 0, 0, INSTRUCTION_BRANCH, false},
	{"loop", 1, "R", 0, RCX, RCX, RCX, 0, 0, 0, INSTRUCTION_BRANCH, false},
	{"call", 1, "R", 8, RSP, RSP, RSP, 0, 0, 0, INSTRUCTION_CALL, false},
	{"ret", 0, "", 0, RSP, RSP, RSP, 0, 0, 0, INSTRUCTION_RETURN, false},
	{"iretq", 0, "", 0, RSP, RSP, RSP, 0, ALL, ALL, INSTRUCTION_BARRIER, false},
	{"int3", 0, "", 0, 0, 0, 0, 0, 0, 0, INSTRUCTION_BARRIER, false},
	{"ud2", 0, "", 0, 0, 0, 0, 0, 0, 0, INSTRUCTION_TRAP, false},
};

/* Prefixes, wrong operand counts and mere beginnings of names. */
static const struct {
	const char *name;
	int operands;
} absences[] = {
	{"lock", 0},  {"rep", 0}, {"addq", 1}, {"addq", 6},
	{"addq", -1}, {"add", 0}, {"mo", 2},   {"", 0},
};

static int failures;

static void compare(const struct expectation *expected, const char *what, unsigned int wanted,
		    unsigned int found)
{
	if (wanted == found)
		return;
	printf("%s, %d operands: %s is %#x, not %#x\n", expected->name, expected->operands, what,
	       found, wanted);
	failures++;
}

static void check_access(const struct expectation *expected, const struct instruction *found)
{
	static const char letters[] = "NRWBA";

	for (int i = 0; i < INSTRUCTION_OPERANDS_MAXIMUM; i++) {
		int letter = i < expected->operands ? expected->access[i] : 'N';

		compare(expected, "an access", (unsigned int)(strchr(letters, letter) - letters),
			found->access[i]);
	}
}

static void check(const struct expectation *expected)
{
	const struct instruction *found =
		instruction_find(expected->name, strlen(expected->name), expected->operands);

	if (!found) {
		printf("%s, %d operands: not found\n", expected->name, expected->operands);
		failures++;
		return;
	}
	check_access(expected, found);
	compare(expected, "width", expected->width, found->width);
	compare(expected, "reads", expected->reads, found->reads);
	compare(expected, "writes", expected->writes, found->writes);
	compare(expected, "clobbers", expected->clobbers, found->clobbers);
	compare(expected, "flags_read", expected->flags_read, found->flags_read);
	compare(expected, "flags_written", expected->flags_written, found->flags_written);
	compare(expected, "flags_clobbered", expected->flags_clobbered, found->flags_clobbered);
	compare(expected, "kind", expected->kind, found->kind);
	compare(expected, "vector", expected->vector, found->vector);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(expectations) / sizeof(expectations[0]); i++)
		check(&expectations[i]);
	for (size_t i = 0; i < sizeof(absences) / sizeof(absences[0]); i++)
		if (instruction_find(absences[i].name, strlen(absences[i].name),
				     absences[i].operands)) {
			printf("%s, %d operands: found\n", absences[i].name, absences[i].operands);
			failures++;
		}
	/* A name need not end where its length says. */
	if (!instruction_find("cltd;", 4, 0) || instruction_find("cltd;", 5, 0)) {
		puts("the length of a name is not heeded");
		failures++;
	}
	return failures != 0;
}
