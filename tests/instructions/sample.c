// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * sample TABLE: the rows of the table of instructions in, assembly out, one statement a line: each
 * name with each shape of operands that it could take, and with prefixes. Nothing else of the table
 * is believed, and what as refuses leaves no code behind. Each line makes 32 bytes: its number, the
 * statement's code, and 0xcc, so that check.c finds the code of what as has not refused.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPERANDS_MAX 5
/* Shapes an operand may have: a letter, and its text where it stands first, second, ... */
static const struct shape {
	char letter;
	const char *text[OPERANDS_MAX];
} shapes[] = {
	{'i', {"$5", "$6", "$7", "$8", "$9"}},
	{'m', {"16(%rsi)", "16(%rsi)", "16(%rsi)", "16(%rsi)", "16(%rsi)"}},
	/* With an index. */
	{'n', {"-8(%rdi,%r8,4)", "-8(%rdi,%r8,4)", "-8(%rdi,%r8,4)", "", ""}},
	{'b', {"%bl", "%r9b", "%dl", "%cl", ""}},
	{'h', {"%ah", "%dh", "%bh", "%ch", ""}},
	{'w', {"%bx", "%r9w", "%dx", "%cx", ""}},
	{'l', {"%ebx", "%r9d", "%edx", "%ecx", ""}},
	{'q', {"%rbx", "%r9", "%rdx", "%rcx", ""}},
	/* The same register twice or more often. */
	{'B', {"%bl", "%bl", "", "", ""}},
	{'W', {"%bx", "%bx", "%bx", "", ""}},
	{'L', {"%ebx", "%ebx", "%ebx", "", ""}},
	{'Q', {"%rbx", "%rbx", "%rbx", "", ""}},
	{'c', {"%cl", "%cl", "%cl", "", ""}},
	{'a', {"%al", "%al", "%al", "", ""}},
	{'A', {"%ax", "%ax", "%ax", "", ""}},
	{'e', {"%eax", "%eax", "%eax", "", ""}},
	{'r', {"%rax", "%rax", "%rax", "", ""}},
	{'C', {"%ecx", "%ecx", "%ecx", "", ""}},
	{'D', {"%edx", "%edx", "%edx", "", ""}},
	{'d', {"%dx", "%dx", "%dx", "", ""}},
	{'p', {"(%dx)", "(%dx)", "", "", ""}},
	{'s', {"(%rsi)", "(%rsi)", "", "", ""}},
	{'t', {"%es:(%rdi)", "%es:(%rdi)", "", "", ""}},
	{'u', {"(%rbx)", "(%rax)", "", "", ""}},
	{'o', {"0x1122334455667788", "0x1122334455667788", "", "", ""}},
	{'g', {"%gs", "%gs", "", "", ""}},
	{'k', {"%cr3", "%cr3", "", "", ""}},
	{'y', {"%db3", "%db3", "", "", ""}},
	{'j', {"target", "target", "", "", ""}},
	{'J', {"*%r11", "", "", "", ""}},
	{'M', {"*16(%rsi)", "", "", "", ""}},
	{'x', {"%xmm1", "%xmm2", "%xmm3", "%xmm4", "%xmm5"}},
	{'0', {"%xmm0", "", "", "", ""}},
	{'Y', {"%ymm1", "%ymm2", "%ymm3", "%ymm4", "%ymm5"}},
	{'Z', {"%zmm1", "%zmm2", "%zmm3", "%zmm4", "%zmm5"}},
	{'K', {"%k1", "%k2", "%k3", "%k4", "%k5"}},
	{'X', {"%mm1", "%mm2", "%mm3", "", ""}},
	{'f', {"%st", "%st", "", "", ""}},
	{'F', {"%st(1)", "%st(2)", "", "", ""}},
	{'T', {"%tmm1", "%tmm2", "%tmm3", "", ""}},
	{'N', {"%bnd1", "%bnd2", "", "", ""}},
	{'v', {"(%rsi,%xmm1)", "(%rsi,%xmm1)", "", "", ""}},
	{'S', {"(%rsi,%xmm1){%k1}", "(%rsi,%xmm1){%k1}", "", "", ""}},
	{'U', {"(%rsi,%ymm1){%k1}", "(%rsi,%ymm1){%k1}", "", "", ""}},
	{'G', {"(%rsi,%zmm1){%k1}", "", "", "", ""}},
	{'V', {"(%rsi,%ymm1)", "(%rsi,%ymm1)", "", "", ""}},
};

/*
 * Which shapes are tried: sets for each position, several such lines for each count of operands.
 * Those that are "plain" are for instructions that have to do with general registers, the others
 * for instructions that have to do with vectors, and perhaps with general registers, too.
 */
static const struct family {
	bool plain;
	const char *at[OPERANDS_MAX]; /* NULL: no more operands */
} families[] = {
	{1, {"imnbhwlqcaAerdpstuogkyjJM"}},
	{0, {"mlqxYZKXfFTNSUG"}},
	{1, {"imnbhwlqcaAerd", "mnbhwlqcaAer"}},
	{1, {"BWLQ", "BWLQ"}},
	{1, {"pst", "stbhwlqaAer"}},
	{1, {"aAedri", "pd"}},
	{1, {"gky", "mwlq"}},
	{1, {"mwlq", "gky"}},
	{1, {"o", "aAer"}},
	{1, {"aAer", "o"}},
	{1, {"er", "C"}},
	{1, {"ij", "ij"}},
	{1, {"m", "wlq"}},
	{0, {"imlqx0Y", "mblwqxYZ"}},
	{0, {"imlqX", "mlqxX"}},
	{0, {"imblwqKx", "mblwqK"}},
	{0, {"mxYZ", "mxYZK"}},
	{0, {"xvV", "vVxY"}},
	{0, {"xYZ", "SU"}},
	{0, {"x", "X"}},
	{0, {"K", "xYZ"}},
	{0, {"fF", "fF"}},
	{0, {"mT", "mT"}},
	{0, {"mqN", "mqN"}},
	{1, {"imbwlqc", "mnbwlq", "bwlqm"}},
	{1, {"WLQ", "WLQ", "WLQ"}},
	{1, {"er", "C", "D"}},
	{0, {"ix0m", "mxblwq", "mxblwq"}},
	{0, {"lqmx", "x", "x"}},
	{0, {"imxYZ", "mxYZ", "xYZK"}},
	{0, {"iX", "mXlq", "Xlq"}},
	{0, {"iK", "K", "K"}},
	{0, {"T", "T", "T"}},
	{0, {"xY", "vV", "xY"}},
	{0, {"i", "mblwqxYZ", "xYZ", "xYZK"}},
	{0, {"xY", "mxY", "xY", "xY"}},
	{0, {"i", "xYm", "xYm", "xY", "xY"}},
};

static const char *text_of(char letter, int position)
{
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
		if (shapes[i].letter == letter)
			return shapes[i].text[position];
	abort();
}

__attribute__((format(printf, 1, 2))) static void print_statement(const char *format, ...)
{
	static unsigned number;
	va_list arguments;

	printf(".long %u; ", ++number);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	puts("; .balign 32,0xcc");
}

static void print_shapes(const char *name, const struct family *family, int operands, int position,
			 char *text)
{
	size_t length = strlen(text);

	if (position == operands) {
		print_statement("%s%s%s", name, operands ? " " : "", text);
		return;
	}
	for (const char *letter = family->at[position]; *letter; letter++) {
		const char *operand = text_of(*letter, position);

		if (!*operand)
			continue;
		sprintf(text + length, "%s%s", position ? "," : "", operand);
		print_shapes(name, family, operands, position + 1, text);
		text[length] = '\0';
	}
}

static int count_of(const struct family *family)
{
	int count = 0;

	while (count < OPERANDS_MAX && family->at[count])
		count++;
	return count;
}

static void print_row(const char *name, int operands, bool plain, bool vector)
{
	char text[256] = "";

	if (!operands)
		print_statement("%s", name);
	for (size_t i = 0; i < sizeof families / sizeof *families; i++)
		if (count_of(&families[i]) == operands && (families[i].plain ? plain : vector))
			print_shapes(name, &families[i], operands, 0, text);
}

/* What compilers and people put before an instruction, with instructions that take it. */
static void print_prefixed(void)
{
	static const char *const repeated[] = {"movs", "stos", "lods", "cmps", "scas", "ins"};
	static const char *const repetitions[] = {"rep", "repz", "repnz", "repe", "repne"};
	static const char *const locked[] = {
		"lock addq %rbx,16(%rsi)",
		"lock cmpxchgq %rbx,16(%rsi)",
		"lock xaddl %ebx,16(%rsi)",
		"lock cmpxchg16b 16(%rsi)",
		"lock btsq $5,16(%rsi)",
		"lock incb 16(%rsi)",
		"lock orl $0,(%rsp)",
		"lock cmpxchg8b 16(%rsi)",
		"rep ret",
		"repz ret",
		"bnd ret",
		"bnd jmp target",
		"bnd call target",
		"notrack jmp *%r11",
		"notrack call *%r11",
		"data16 nopw 16(%rsi)",
		"data16 lea 16(%rsi),%rbx",
		"rex64 movl %ebx,%r9d",
		"movl 16(%esi),%r9d",
		"rep bsf %rbx,%r9",
		"rep bsr %rbx,%r9",
		"repz bsfl %ebx,%r9d",
		"rep nop",
		"cs nopw 16(%rsi)",
		"ds movl 16(%rsi),%r9d",
		"jne,pt target",
		"jne,pn target",
		"xacquire lock addl %ebx,16(%rsi)",
		"xrelease movl %ebx,16(%rsi)",
		"{vex} vpdpbusd %xmm1,%xmm2,%xmm3",
		"{evex} vmovd %ebx,%xmm3",
		"{disp32} movq 16(%rsi),%rbx",
		"{load} movq %rbx,%r9",
		"{store} addl %ebx,%r9d",
		"{rex} movb %bl,%r9b",
		"data16 xchgl %eax,%eax",
	};

	for (int r = 0; r < 5; r++)
		for (int n = 0; n < 6; n++)
			for (const char *suffix = "bwlq"; *suffix; suffix++)
				print_statement("%s %s%c", repetitions[r], repeated[n], *suffix);
	for (size_t i = 0; i < sizeof locked / sizeof *locked; i++)
		print_statement("%s", locked[i]);
}

int main(int argc, char **argv)
{
	FILE *table = argc == 2 ? fopen(argv[1], "re") : NULL;
	char line[1024], name[64];
	int operands, rows = 0;

	if (!table) {
		fputs("usage: sample TABLE\n", stderr);
		return 2;
	}
	while (fgets(line, sizeof line, table))
		if (sscanf(line, "INSTRUCTION(\"%63[^\"]\", %d", name, &operands) == 2) {
			bool vector = strstr(line, ", 1)\n") != NULL;

			print_row(name, operands, !vector || strstr(line, "OPERAND"), vector);
			rows++;
		}
	print_prefixed();
	fclose(table);
	return rows == 0;
}
