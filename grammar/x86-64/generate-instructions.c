// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Makes the table of instruction facts.
 *
 * In: nothing but GNU as (in the PATH) and Zydis.  Out: instructions.tbl, on the standard
 * output.  Candidate spellings are the mnemonics of Zydis with AT&T suffixes and the names only
 * AT&T has; as is asked which of them exist with how many operands, then assembles each with every
 * operand shape, and Zydis tells what the resulting machine code reads and writes.  So the table
 * says what the assembler will really emit, and nothing in it is typed by hand, except for the
 * short lists below (shapes, names, overrides).  Every operand of a statement is a different
 * register: thus an operand of the decoder is either one of the spelled ones or implicit.
 */
#define _GNU_SOURCE 1
#include "instructions.h"

#include <Zydis/Zydis.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define OPERANDS   INSTRUCTION_OPERANDS_MAXIMUM
#define PART	   300000     /* statements assembled at a time */
#define ASSEMBLERS 2	      /* run at once */
#define END	   0xffffffff /* the number after the last statement */

/* Kinds of operands.  Those that end in MASKED carry an AVX-512 write mask. */
enum kind {
	NONE,
	IMMEDIATE,
	GENERAL_8,
	GENERAL_16,
	GENERAL_32,
	GENERAL_64,
	MEMORY,
	XMM,
	YMM,
	ZMM,
	MMX,
	X87,
	X87_TOP,
	MASK,
	TILE,
	SAE,
	ROUNDING,
	XMM_INDEXED,
	YMM_INDEXED,
	ZMM_INDEXED,
	XMM_MASKED,
	YMM_MASKED,
	ZMM_MASKED,
	MASK_MASKED,
	MEMORY_MASKED,
	XMM_INDEXED_MASKED,
	YMM_INDEXED_MASKED,
	ZMM_INDEXED_MASKED,
	XMM_ZERO,
	CL,
	AL,
	AX,
	EAX,
	RAX,
	ECX,
	EDX,
	DX,
	MEMORY_DX, /* no memory, but how as shows the port of in and out */
	MEMORY_RBX,
	MEMORY_RSI,
	MEMORY_RDI,
	MEMORY_OFFSET,
	SEGMENT,
	CONTROL,
	DEBUG,
	BOUND,
	STAR_GENERAL_64,
	STAR_MEMORY,
	LABEL,
	KINDS
};

#define BIT(kind) (1ull << (kind))
_Static_assert(KINDS <= 64, "sets of kinds must fit 64 bits");

enum class {
	CLASS_DECORATION, /* nothing is accessed */
	CLASS_VALUE,	  /* an immediate or a label: only read */
	CLASS_GENERAL,
	CLASS_FIXED, /* a general register the instruction demands */
	CLASS_VECTOR,
	CLASS_SYSTEM, /* a segment, control or debug register */
	CLASS_MEMORY,
};

/*
 * How a kind is spelled, and which register (of a memory operand: which base) the decoder must
 * show for it.  With "step", the operand's position is added to its number.  Kinds "demanded" are
 * for instructions that take no other register, address or target there.
 */
static const struct spelling {
	const char *format;
	enum class class;
	ZydisRegister first;
	bool step, demanded;
} spellings[KINDS] = {
	[IMMEDIATE] = {"$%d", CLASS_VALUE, ZYDIS_REGISTER_NONE, true, false},
	[GENERAL_8] = {"%%r%db", CLASS_GENERAL, ZYDIS_REGISTER_R9, true, false},
	[GENERAL_16] = {"%%r%dw", CLASS_GENERAL, ZYDIS_REGISTER_R9, true, false},
	[GENERAL_32] = {"%%r%dd", CLASS_GENERAL, ZYDIS_REGISTER_R9, true, false},
	[GENERAL_64] = {"%%r%d", CLASS_GENERAL, ZYDIS_REGISTER_R9, true, false},
	[MEMORY] = {"(%%r8)", CLASS_MEMORY, ZYDIS_REGISTER_R8, false, false},
	[XMM] = {"%%xmm%d", CLASS_VECTOR, ZYDIS_REGISTER_XMM2, true, false},
	[YMM] = {"%%ymm%d", CLASS_VECTOR, ZYDIS_REGISTER_YMM2, true, false},
	[ZMM] = {"%%zmm%d", CLASS_VECTOR, ZYDIS_REGISTER_ZMM2, true, false},
	[MMX] = {"%%mm%d", CLASS_VECTOR, ZYDIS_REGISTER_MM2, true, false},
	[X87] = {"%%st(%d)", CLASS_VECTOR, ZYDIS_REGISTER_ST2, true, false},
	[X87_TOP] = {"%%st", CLASS_VECTOR, ZYDIS_REGISTER_ST0, false, false},
	[MASK] = {"%%k%d", CLASS_VECTOR, ZYDIS_REGISTER_K2, true, false},
	[TILE] = {"%%tmm%d", CLASS_VECTOR, ZYDIS_REGISTER_TMM2, true, false},
	[SAE] = {"{sae}", CLASS_DECORATION, ZYDIS_REGISTER_NONE, false, false},
	[ROUNDING] = {"{rn-sae}", CLASS_DECORATION, ZYDIS_REGISTER_NONE, false, false},
	[XMM_INDEXED] = {"(%%r8,%%xmm12)", CLASS_MEMORY, ZYDIS_REGISTER_R8, false, false},
	[YMM_INDEXED] = {"(%%r8,%%ymm12)", CLASS_MEMORY, ZYDIS_REGISTER_R8, false, false},
	[ZMM_INDEXED] = {"(%%r8,%%zmm12)", CLASS_MEMORY, ZYDIS_REGISTER_R8, false, false},
	[XMM_MASKED] = {"%%xmm%d{%%k1}", CLASS_VECTOR, ZYDIS_REGISTER_XMM2, true, false},
	[YMM_MASKED] = {"%%ymm%d{%%k1}", CLASS_VECTOR, ZYDIS_REGISTER_YMM2, true, false},
	[ZMM_MASKED] = {"%%zmm%d{%%k1}", CLASS_VECTOR, ZYDIS_REGISTER_ZMM2, true, false},
	[MASK_MASKED] = {"%%k%d{%%k1}", CLASS_VECTOR, ZYDIS_REGISTER_K2, true, false},
	[MEMORY_MASKED] = {"(%%r8){%%k1}", CLASS_MEMORY, ZYDIS_REGISTER_R8, false, false},
	[XMM_INDEXED_MASKED] = {"(%%r8,%%xmm12){%%k1}", CLASS_MEMORY, ZYDIS_REGISTER_R8, false,
				false},
	[YMM_INDEXED_MASKED] = {"(%%r8,%%ymm12){%%k1}", CLASS_MEMORY, ZYDIS_REGISTER_R8, false,
				false},
	[ZMM_INDEXED_MASKED] = {"(%%r8,%%zmm12){%%k1}", CLASS_MEMORY, ZYDIS_REGISTER_R8, false,
				false},
	[XMM_ZERO] = {"%%xmm0", CLASS_VECTOR, ZYDIS_REGISTER_XMM0, false, true},
	[CL] = {"%%cl", CLASS_FIXED, ZYDIS_REGISTER_CL, false, true},
	[AL] = {"%%al", CLASS_FIXED, ZYDIS_REGISTER_AL, false, true},
	[AX] = {"%%ax", CLASS_FIXED, ZYDIS_REGISTER_AX, false, true},
	[EAX] = {"%%eax", CLASS_FIXED, ZYDIS_REGISTER_EAX, false, true},
	[RAX] = {"%%rax", CLASS_FIXED, ZYDIS_REGISTER_RAX, false, true},
	[ECX] = {"%%ecx", CLASS_FIXED, ZYDIS_REGISTER_ECX, false, true},
	[EDX] = {"%%edx", CLASS_FIXED, ZYDIS_REGISTER_EDX, false, true},
	[DX] = {"%%dx", CLASS_FIXED, ZYDIS_REGISTER_DX, false, true},
	[MEMORY_DX] = {"(%%dx)", CLASS_FIXED, ZYDIS_REGISTER_DX, false, true},
	[MEMORY_RBX] = {"(%%rbx)", CLASS_MEMORY, ZYDIS_REGISTER_RBX, false, true},
	[MEMORY_RSI] = {"(%%rsi)", CLASS_MEMORY, ZYDIS_REGISTER_RSI, false, true},
	[MEMORY_RDI] = {"(%%rdi)", CLASS_MEMORY, ZYDIS_REGISTER_RDI, false, true},
	[MEMORY_OFFSET] = {"0x1122334455667788", CLASS_MEMORY, ZYDIS_REGISTER_NONE, false, false},
	[SEGMENT] = {"%%gs", CLASS_SYSTEM, ZYDIS_REGISTER_GS, false, false},
	[CONTROL] = {"%%cr3", CLASS_SYSTEM, ZYDIS_REGISTER_CR3, false, false},
	[DEBUG] = {"%%db3", CLASS_SYSTEM, ZYDIS_REGISTER_DR3, false, false},
	[BOUND] = {"%%bnd%d", CLASS_VECTOR, ZYDIS_REGISTER_BND1, true, false},
	[STAR_GENERAL_64] = {"*%%r%d", CLASS_GENERAL, ZYDIS_REGISTER_R9, true, false},
	[STAR_MEMORY] = {"*(%%r8)", CLASS_MEMORY, ZYDIS_REGISTER_R8, false, false},
	[LABEL] = {"target", CLASS_VALUE, ZYDIS_REGISTER_NONE, false, true},
};

#define GENERALS       (BIT(GENERAL_8) | BIT(GENERAL_16) | BIT(GENERAL_32) | BIT(GENERAL_64))
#define WIDE_GENERALS  (BIT(GENERAL_32) | BIT(GENERAL_64))
#define VECTORS	       (BIT(XMM) | BIT(YMM) | BIT(ZMM))
#define DECORATIONS    (BIT(SAE) | BIT(ROUNDING))
#define INDEXED	       (BIT(XMM_INDEXED) | BIT(YMM_INDEXED) | BIT(ZMM_INDEXED))
#define MASKED_VECTORS (BIT(XMM_MASKED) | BIT(YMM_MASKED) | BIT(ZMM_MASKED))
#define MASKED                                                                                     \
	(MASKED_VECTORS | BIT(MASK_MASKED) | BIT(MEMORY_MASKED) | BIT(XMM_INDEXED_MASKED) |        \
	 BIT(YMM_INDEXED_MASKED) | BIT(ZMM_INDEXED_MASKED))
#define ACCUMULATORS (BIT(AL) | BIT(AX) | BIT(EAX) | BIT(RAX))
#define STRINGS	     (BIT(MEMORY_RSI) | BIT(MEMORY_RDI))
#define EVERY	     (BIT(KINDS) - 1 - BIT(NONE))
#define COMMON	     (BIT(IMMEDIATE) | GENERALS | BIT(MEMORY) | VECTORS | BIT(MMX) | BIT(MASK))
#define STARRED	     (BIT(STAR_GENERAL_64) | BIT(STAR_MEMORY))

/* The kinds tried at each position, by operand count. */
static const uint64_t shapes[OPERANDS + 1][OPERANDS] = {
	[1] = {EVERY},
	[2] = {EVERY & ~STARRED, EVERY & ~STARRED & ~DECORATIONS},
	[3] = {COMMON | BIT(TILE) | DECORATIONS | BIT(XMM_ZERO) | BIT(CL) | BIT(EAX) | BIT(RAX),
	       COMMON | BIT(TILE) | DECORATIONS | INDEXED | BIT(ECX),
	       (COMMON & ~BIT(IMMEDIATE)) | BIT(TILE) | MASKED | BIT(EDX)},
	[4] = {COMMON | DECORATIONS, COMMON | DECORATIONS, VECTORS | BIT(MEMORY),
	       COMMON | MASKED_VECTORS | BIT(MASK_MASKED)},
	[5] = {BIT(IMMEDIATE), BIT(MEMORY) | VECTORS | BIT(SAE), BIT(MEMORY) | VECTORS, VECTORS,
	       VECTORS | BIT(MASK) | MASKED_VECTORS | BIT(MASK_MASKED)},
};

/*
 * With three operands or more, which kinds may stand in one statement.  It must hold both ways.
 * This only spares as most of the nonsense; what is left and wrong is refused by as.
 */
#define BESIDE_ALL_VECTORS                                                                         \
	(BIT(IMMEDIATE) | BIT(MEMORY) | VECTORS | BIT(MASK) | BIT(MASK_MASKED) | MASKED_VECTORS)
#define BESIDE_GENERAL                                                                             \
	(BIT(IMMEDIATE) | BIT(MEMORY) | BIT(XMM) | BIT(XMM_MASKED) | BIT(MMX) | BIT(CL))

static const uint64_t companions[KINDS] = {
	[IMMEDIATE] = COMMON | DECORATIONS | MASKED,
	[GENERAL_8] = BESIDE_GENERAL | BIT(GENERAL_8),
	[GENERAL_16] = BESIDE_GENERAL | BIT(GENERAL_16),
	[GENERAL_32] = BESIDE_GENERAL | BIT(GENERAL_32) | DECORATIONS,
	[GENERAL_64] = BESIDE_GENERAL | BIT(GENERAL_64) | DECORATIONS,
	[MEMORY] = (COMMON & ~BIT(MEMORY)) | MASKED_VECTORS | BIT(MASK_MASKED) | BIT(XMM_ZERO) |
		   BIT(CL),
	[XMM] = BESIDE_ALL_VECTORS | DECORATIONS | GENERALS | INDEXED | BIT(MEMORY_MASKED) |
		BIT(XMM_ZERO),
	[YMM] = BESIDE_ALL_VECTORS | DECORATIONS | INDEXED | BIT(MEMORY_MASKED),
	[ZMM] = BESIDE_ALL_VECTORS | DECORATIONS | BIT(MEMORY_MASKED),
	[MMX] = BIT(IMMEDIATE) | GENERALS | BIT(MEMORY) | BIT(MMX),
	[MASK] = BIT(IMMEDIATE) | BIT(MEMORY) | VECTORS | BIT(MASK) | DECORATIONS,
	[TILE] = BIT(TILE),
	[SAE] = BIT(IMMEDIATE) | WIDE_GENERALS | VECTORS | MASKED_VECTORS | BIT(MASK) |
		BIT(MASK_MASKED),
	[ROUNDING] = BIT(IMMEDIATE) | WIDE_GENERALS | VECTORS | MASKED_VECTORS,
	[XMM_INDEXED] = BIT(XMM) | BIT(YMM),
	[YMM_INDEXED] = BIT(XMM) | BIT(YMM),
	[ZMM_INDEXED] = 0,
	[XMM_MASKED] = BESIDE_ALL_VECTORS | DECORATIONS | GENERALS,
	[YMM_MASKED] = BESIDE_ALL_VECTORS | DECORATIONS,
	[ZMM_MASKED] = BESIDE_ALL_VECTORS | DECORATIONS,
	[MASK_MASKED] = BESIDE_ALL_VECTORS | DECORATIONS,
	[MEMORY_MASKED] = BIT(IMMEDIATE) | VECTORS,
	[XMM_ZERO] = BIT(XMM) | BIT(MEMORY),
	[CL] = GENERALS | BIT(MEMORY),
	[EAX] = BIT(ECX) | BIT(EDX),
	[RAX] = BIT(ECX) | BIT(EDX),
	[ECX] = BIT(EAX) | BIT(RAX) | BIT(EDX),
	[EDX] = BIT(EAX) | BIT(RAX) | BIT(ECX),
};

/* What only the EVEX and VEX names (v..., k...) take; others are spared the trial. */
#define EVEX_KINDS (BIT(YMM) | BIT(ZMM) | BIT(MASK) | DECORATIONS | INDEXED | MASKED)

static const char *const suffixes[] = {"", "b", "w", "l", "q", "s", "t", "ll", "x", "y", "z"};

/* Names Zydis does not know, each tried with all the suffixes, too. */
static const char *const att_names[] = {
	"movzb",
	"movzw",
	"movsb",
	"movsw",
	"movsl",
	"movs",
	"movz",
	"cltq",
	"cqto",
	"cltd",
	"cwtl",
	"cbtw",
	"cwtd",
	"movabs",
	"smov",
	"lods",
	"slod",
	"stos",
	"ssto",
	"scas",
	"ssca",
	"cmps",
	"scmp",
	"ins",
	"outs",
	"sal",
	"pushf",
	"popf",
	"lret",
	"ljmp",
	"lcall",
	"iret",
	"jcxz",
	"loopz",
	"loopnz",
	"fild",
	"fist",
	"fistp",
	"fisttp",
	"fld",
	"fst",
	"fstp",
	"fcompi",
	"fucompi",
	"finit",
	"fclex",
	"fsave",
	"fstcw",
	"fstsw",
	"fstenv",
	"fwait",
	"wait",
	"fnstsw",
	"ud2a",
	"ud2b",
	"sysret",
	"sysexit",
	"sysenter",
	"xlat",
	"int1",
	"icebp",
	"movq",
	"movd",
	"pause",
	"cmpxchg",
	"xbegin",
	"bswap",
	"nopw",
	"nopl",
	"fadd",
	"faddp",
	"fsub",
	"fsubp",
	"fsubr",
	"fsubrp",
	"fdiv",
	"fdivp",
	"fdivr",
	"fdivrp",
	"fmul",
	"fmulp",
	"vmgexit",
	"xcryptecb",
	"xcryptcbc",
	"xcryptctr",
	"xcryptcfb",
	"xcryptofb",
	"xstorerng",
	"xstore-rng",
	"xcrypt-ecb",
	"xcrypt-cbc",
	"xcrypt-ctr",
	"xcrypt-cfb",
	"xcrypt-ofb",
	"setc",
	"cmpsd",
	"wbnoinvd",
	"pfrsqrt",
	"pfrcpit1",
	"clr",
	"fcmova",
	"fcmovae",
	"fcmovna",
	"fcmovnae",
	"enter",
	"leave",
	"ret",
	"retf",
	"shl",
	"prefetchwt1",
	"fdisi",
	"feni",
	"fsetpm",
	"fneni",
	"fndisi",
	"fnsetpm",
	"salc",
	"vmmcall",
	"aesencwide128kl",
};

static const char *const conditions[] = {
	"o", "no", "b",	 "c", "nae", "nb", "nc", "ae", "e",   "z",  "ne", "nz", "be", "na",  "nbe",
	"a", "s",  "ns", "p", "pe",  "np", "po", "l",  "nge", "nl", "ge", "le", "ng", "nle", "g",
};

static const char *const float_predicates[] = {
	"eq",	  "lt",	    "le",	"unord",    "neq",    "nlt",	 "nle",	   "ord",
	"eq_uq",  "nge",    "ngt",	"false",    "neq_oq", "ge",	 "gt",	   "true",
	"eq_os",  "lt_oq",  "le_oq",	"unord_s",  "neq_us", "nlt_uq",	 "nle_uq", "ord_s",
	"eq_us",  "nge_uq", "ngt_uq",	"false_os", "neq_os", "ge_oq",	 "gt_oq",  "true_us",
	"eq_oq",  "lt_os",  "le_os",	"unord_q",  "neq_uq", "nlt_us",	 "nle_us", "ord_q",
	"nge_us", "ngt_us", "false_oq", "ge_os",    "gt_os",  "true_uq",
};

static const char *const integer_predicates[] = {
	"eq", "lt", "le", "neq", "nlt", "nle", "gt", "ge", "false", "true",
};

/*
 * Where the decoder says less, or else, than the analysis must know.  This is all there is in the
 * table that neither as nor Zydis has told.
 */
enum remedy {
	COUNTED_FLAGS,	   /* flags change only if the count is not zero: never surely written */
	ALL_FLAGS,	   /* all flags are written */
	CONDITIONAL_WRITE, /* the written operands may stay as they were: they are RW */
	ADDRESS_ONLY,	   /* the memory operand is not accessed */
	NO_WIDTH,	   /* touches other bytes than those of the operand's nominal width */
	STOP,		   /* a barrier, though its category is none */
	UNDEFINED,	   /* a trap */
};

static const struct override {
	ZydisMnemonic mnemonic;
	enum remedy remedy;
	const char *reason;
} overrides[] = {
	{ZYDIS_MNEMONIC_SHL, COUNTED_FLAGS, "a count of 0 leaves the flags"},
	{ZYDIS_MNEMONIC_SHR, COUNTED_FLAGS, "a count of 0 leaves the flags"},
	{ZYDIS_MNEMONIC_SAR, COUNTED_FLAGS, "a count of 0 leaves the flags"},
	{ZYDIS_MNEMONIC_ROL, COUNTED_FLAGS, "a count of 0 leaves the flags"},
	{ZYDIS_MNEMONIC_ROR, COUNTED_FLAGS, "a count of 0 leaves the flags"},
	{ZYDIS_MNEMONIC_RCL, COUNTED_FLAGS, "a count of 0 leaves the flags"},
	{ZYDIS_MNEMONIC_RCR, COUNTED_FLAGS, "a count of 0 leaves the flags"},
	{ZYDIS_MNEMONIC_SHLD, COUNTED_FLAGS, "a count of 0 leaves the flags"},
	{ZYDIS_MNEMONIC_SHRD, COUNTED_FLAGS, "a count of 0 leaves the flags"},
	{ZYDIS_MNEMONIC_VPTEST, ALL_FLAGS, "Zydis 4.0.0 forgets those that it clears"},
	{ZYDIS_MNEMONIC_VTESTPS, ALL_FLAGS, "Zydis 4.0.0 forgets those that it clears"},
	{ZYDIS_MNEMONIC_VTESTPD, ALL_FLAGS, "Zydis 4.0.0 forgets those that it clears"},
	{ZYDIS_MNEMONIC_TESTUI, ALL_FLAGS, "Zydis 4.0.0 forgets those that it clears"},
	{ZYDIS_MNEMONIC_BSF, CONDITIONAL_WRITE, "a source of 0 leaves the destination"},
	{ZYDIS_MNEMONIC_BSR, CONDITIONAL_WRITE, "a source of 0 leaves the destination"},
	{ZYDIS_MNEMONIC_LAR, CONDITIONAL_WRITE, "a bad selector leaves the destination"},
	{ZYDIS_MNEMONIC_LSL, CONDITIONAL_WRITE, "a bad selector leaves the destination"},
	{ZYDIS_MNEMONIC_VMREAD, CONDITIONAL_WRITE, "a failure leaves the destination"},
	{ZYDIS_MNEMONIC_RDSSPD, CONDITIONAL_WRITE, "without a shadow stack this is a nop"},
	{ZYDIS_MNEMONIC_RDSSPQ, CONDITIONAL_WRITE, "without a shadow stack this is a nop"},
	{ZYDIS_MNEMONIC_SLDT, CONDITIONAL_WRITE, "Linux emulates it (UMIP) and writes two bytes"},
	{ZYDIS_MNEMONIC_STR, CONDITIONAL_WRITE, "Linux emulates it (UMIP) and writes two bytes"},
	{ZYDIS_MNEMONIC_SMSW, CONDITIONAL_WRITE, "Linux emulates it (UMIP) and writes two bytes"},
	{ZYDIS_MNEMONIC_LLWPCB, CONDITIONAL_WRITE, "Zydis 4.0.0 takes a source for a result"},
	{ZYDIS_MNEMONIC_LWPINS, CONDITIONAL_WRITE, "Zydis 4.0.0 takes a source for a result"},
	{ZYDIS_MNEMONIC_LWPVAL, CONDITIONAL_WRITE, "Zydis 4.0.0 takes a source for a result"},
	{ZYDIS_MNEMONIC_BT, NO_WIDTH, "a bit number in a register reaches beyond the operand"},
	{ZYDIS_MNEMONIC_BTS, NO_WIDTH, "a bit number in a register reaches beyond the operand"},
	{ZYDIS_MNEMONIC_BTR, NO_WIDTH, "a bit number in a register reaches beyond the operand"},
	{ZYDIS_MNEMONIC_BTC, NO_WIDTH, "a bit number in a register reaches beyond the operand"},
	{ZYDIS_MNEMONIC_PREFETCHWT1, ADDRESS_ONLY, "touches nothing"},
	{ZYDIS_MNEMONIC_NOP, ADDRESS_ONLY, "touches nothing"},
	{ZYDIS_MNEMONIC_INVLPG, ADDRESS_ONLY, "only the address is used"},
	{ZYDIS_MNEMONIC_VMRUN, STOP, "enters another mode, which may change registers"},
	{ZYDIS_MNEMONIC_VMMCALL, STOP, "enters another mode, which may change registers"},
	{ZYDIS_MNEMONIC_SKINIT, STOP, "enters another mode, which may change registers"},
	{ZYDIS_MNEMONIC_SEAMCALL, STOP, "enters another mode, which may change registers"},
	{ZYDIS_MNEMONIC_SEAMOPS, STOP, "enters another mode, which may change registers"},
	{ZYDIS_MNEMONIC_SEAMRET, STOP, "enters another mode, which may change registers"},
	{ZYDIS_MNEMONIC_TDCALL, STOP, "enters another mode, which may change registers"},
	{ZYDIS_MNEMONIC_GETSEC, STOP, "enters another mode, which may change registers"},
	{ZYDIS_MNEMONIC_PCONFIG, STOP, "enters another mode, which may change registers"},
	{ZYDIS_MNEMONIC_XEND, STOP, "ends a transaction"},
	{ZYDIS_MNEMONIC_XBEGIN, STOP, "an abort restores registers"},
	{ZYDIS_MNEMONIC_XABORT, STOP, "leaves the flow inside a transaction"},
	{ZYDIS_MNEMONIC_HLT, STOP, "what follows may never run"},
	{ZYDIS_MNEMONIC_IRET, STOP, "a return from an interrupt"},
	{ZYDIS_MNEMONIC_IRETD, STOP, "a return from an interrupt"},
	{ZYDIS_MNEMONIC_IRETQ, STOP, "a return from an interrupt"},
	{ZYDIS_MNEMONIC_RSM, STOP, "loads all registers"},
	{ZYDIS_MNEMONIC_UIRET, STOP, "a return from an interrupt"},
	{ZYDIS_MNEMONIC_UD0, UNDEFINED, "an undefined instruction, by definition"},
	{ZYDIS_MNEMONIC_UD1, UNDEFINED, "an undefined instruction, by definition"},
	{ZYDIS_MNEMONIC_UD2, UNDEFINED, "an undefined instruction, by definition"},
};

struct statement {
	uint16_t name;
	uint8_t operands;
	uint8_t kinds[OPERANDS];
};

/* A growing list of statements to assemble. */
struct statements {
	struct statement *items;
	size_t count, space;
};

/* What has been learnt of one name with one operand count. */
struct row {
	unsigned int seen;	       /* shapes */
	unsigned int uses[OPERANDS];   /* union of enum instruction_access */
	unsigned int surely[OPERANDS]; /* intersection */
	unsigned int general;	       /* mask of operands */
	/* Operands the decoder shows as fixed by the instruction, and as free choices. */
	unsigned int demanded, free;
	/* Sizes in bytes of the operands seen; -1 when they differ. */
	int memory_size, general_size;
	unsigned int reads, writes, clobbers;
	unsigned int flags_read, flags_written, flags_clobbered;
	enum instruction_kind kind;
	bool kind_known, vector;
};

static char directory[4096];
static char **names;
static size_t name_count;
static struct row (*rows)[OPERANDS + 1];
static ZydisDecoder decoder;

__attribute__((format(printf, 1, 2), noreturn)) static void die(const char *format, ...)
{
	va_list arguments;

	fputs("generate-instructions: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(EXIT_FAILURE);
}

static void *resize(void *memory, size_t count, size_t size)
{
	void *result = reallocarray(memory, count, size);

	if (!result)
		die("out of memory");
	return result;
}

/* Temporary files: one source, object and message file for each assembler. */

static void temporary_path(char *path, size_t size, unsigned int assembler, const char *ending)
{
	if (snprintf(path, size, "%s/%u.%s", directory, assembler, ending) >= (int)size)
		die("the name of the temporary directory is too long");
}

static void remove_directory(void)
{
	static const char *const endings[] = {"s", "o", "err"};

	for (unsigned int i = 0; i < ASSEMBLERS * 3; i++) {
		char path[4200];

		temporary_path(path, sizeof(path), i / 3, endings[i % 3]);
		unlink(path);
	}
	rmdir(directory);
}

static void make_directory(void)
{
	const char *parent = getenv("TMPDIR");

	if (!parent || !*parent)
		parent = "/tmp";
	snprintf(directory, sizeof(directory), "%s/generate-instructions.XXXXXX", parent);
	if (!mkdtemp(directory))
		die("%s: %s", directory, strerror(errno));
	atexit(remove_directory);
}

/* Names. */

static void add_name(const char *first, const char *second, const char *third, const char *fourth)
{
	char text[64];

	if (name_count % 1024 == 0)
		names = resize(names, name_count + 1024, sizeof(*names));
	snprintf(text, sizeof(text), "%s%s%s%s", first, second, third, fourth);
	names[name_count] = strdup(text);
	if (!names[name_count])
		die("out of memory");
	for (char *at = names[name_count++]; *at; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at += 'a' - 'A';
}

static void add_suffixed(const char *first, const char *second)
{
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		add_name(first, second, suffixes[i], "");
}

static void add_float_comparisons(const char *predicate)
{
	static const char *const types[] = {"ps", "pd", "ss", "sd", "ph", "sh"};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		add_name("cmp", predicate, types[i], "");
		add_name("vcmp", predicate, types[i], "");
	}
}

static void add_integer_comparisons(const char *predicate)
{
	static const char *const types[] = {"b", "w", "d", "q", "ub", "uw", "ud", "uq"};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		add_name("vpcmp", predicate, types[i], "");
		add_name("vpcom", predicate, types[i], "");
	}
}

static void add_composed_names(void)
{
	static const char *const halves[] = {"ll", "lh", "hl", "hh"};

	for (size_t i = 0; i < sizeof(conditions) / sizeof(conditions[0]); i++) {
		add_suffixed("j", conditions[i]);
		add_suffixed("set", conditions[i]);
		add_suffixed("cmov", conditions[i]);
	}
	for (size_t i = 0; i < sizeof(float_predicates) / sizeof(float_predicates[0]); i++)
		add_float_comparisons(float_predicates[i]);
	for (size_t i = 0; i < sizeof(integer_predicates) / sizeof(integer_predicates[0]); i++)
		add_integer_comparisons(integer_predicates[i]);
	for (size_t i = 0; i < 4; i++) {
		char half[2][2] = {{halves[i][0]}, {halves[i][1]}};

		add_name("pclmul", half[0], "q", half[1][0] == 'l' ? "lqdq" : "hqdq");
		add_name("vpclmul", half[0], "q", half[1][0] == 'l' ? "lqdq" : "hqdq");
	}
}

static int compare_names(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

static void collect_names(void)
{
	size_t distinct = 0;

	for (unsigned int i = 1; i <= ZYDIS_MNEMONIC_MAX_VALUE; i++)
		add_suffixed(ZydisMnemonicGetString((ZydisMnemonic)i), "");
	for (size_t i = 0; i < sizeof(att_names) / sizeof(att_names[0]); i++)
		add_suffixed(att_names[i], "");
	add_composed_names();
	qsort(names, name_count, sizeof(*names), compare_names);
	for (size_t i = 0; i < name_count; i++) {
		if (distinct && strcmp(names[distinct - 1], names[i]) == 0)
			free(names[i]);
		else
			names[distinct++] = names[i];
	}
	name_count = distinct;
	if (name_count > UINT16_MAX)
		die("too many names");
}

/* Assembling. */

static void add_statement(struct statements *list, struct statement statement)
{
	if (list->count == list->space) {
		list->space = list->space ? list->space * 2 : 4096;
		list->items = resize(list->items, list->space, sizeof(*list->items));
	}
	list->items[list->count++] = statement;
}

/* Before every statement stands a number, by which its code is found in the object. */
static uint64_t marker(size_t index)
{
	return 0x5a17000000000000 + index;
}

static void write_statement(FILE *file, size_t index, const struct statement *statement)
{
	fprintf(file, ".quad %#llx;%s", (unsigned long long)marker(index), names[statement->name]);
	for (unsigned int i = 0; i < statement->operands; i++) {
		const struct spelling *spelling = &spellings[statement->kinds[i]];
		int number = (int)i;

		if (spelling->class == CLASS_GENERAL)
			number += 9;
		else
			number += statement->kinds[i] == BOUND ? 1 : 2;
		fputc(i ? ',' : ' ', file);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		fprintf(file, spelling->format, number);
#pragma GCC diagnostic pop
	}
	fputc('\n', file);
}

static FILE *open_temporary(unsigned int assembler, const char *ending, const char *mode)
{
	char path[4200];
	FILE *file;

	temporary_path(path, sizeof(path), assembler, ending);
	file = fopen(path, mode);
	if (!file)
		die("%s: %s", path, strerror(errno));
	return file;
}

static pid_t start_assembler(unsigned int assembler)
{
	char source[4200], object[4200], messages[4200];
	char *arguments[] = {"as", "--64", "-Z", "-o", object, source, NULL};
	posix_spawn_file_actions_t actions;
	extern char **environ;
	pid_t process;

	temporary_path(source, sizeof(source), assembler, "s");
	temporary_path(object, sizeof(object), assembler, "o");
	temporary_path(messages, sizeof(messages), assembler, "err");
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, messages,
					 O_WRONLY | O_CREAT | O_TRUNC, 0600);
	errno = posix_spawnp(&process, "as", &actions, NULL, arguments, environ);
	if (errno)
		die("as: %s", strerror(errno));
	posix_spawn_file_actions_destroy(&actions);
	return process;
}

/* Each assembler gets so many consecutive statements; the last one what is left. */
static size_t share_of(const struct statements *list)
{
	return (list->count + ASSEMBLERS - 1) / ASSEMBLERS;
}

/* Despite -Z, as fails whenever a line of its input was wrong: its status tells nothing. */
static void assemble(const struct statements *list)
{
	pid_t processes[ASSEMBLERS];

	for (unsigned int assembler = 0; assembler < ASSEMBLERS; assembler++) {
		size_t first = assembler * share_of(list);
		FILE *file = open_temporary(assembler, "s", "w");

		for (size_t i = first; i < first + share_of(list) && i < list->count; i++)
			write_statement(file, i, &list->items[i]);
		fprintf(file, ".quad %#llx\n", (unsigned long long)marker(END));
		if (fclose(file))
			die("cannot write to %s", directory);
		processes[assembler] = start_assembler(assembler);
	}
	for (unsigned int assembler = 0; assembler < ASSEMBLERS; assembler++)
		if (waitpid(processes[assembler], NULL, 0) < 0)
			die("as: %s", strerror(errno));
}

/* Probing: which names exist, and with how many operands. */

/* Whether a message tells that no shape of this name with this operand count can be right. */
static bool is_hopeless(const char *message)
{
	return strstr(message, "no such instruction") ||
	       strstr(message, "number of operands mismatch") ||
	       strstr(message, "invalid instruction suffix");
}

/* Whether as had to guess the width of a memory operand, which is a mistake of the programmer. */
static bool is_ambiguous(const char *message)
{
	return strstr(message, "no instruction mnemonic suffix given") != NULL;
}

/* Marks the statements about which as had to say what is asked for. */
static void read_messages(unsigned int assembler, const struct statements *list,
			  bool (*is_wanted)(const char *), bool *marks)
{
	FILE *file = open_temporary(assembler, "err", "r");
	char *line = NULL;
	size_t space = 0;

	while (getline(&line, &space, file) >= 0) {
		char *at = strstr(line, ".s:");
		size_t number;

		if (!at || !is_wanted(at))
			continue;
		number = strtoul(at + 3, NULL, 10);
		if (number < 1 || number > share_of(list))
			die("cannot understand: %s", line);
		marks[assembler * share_of(list) + number - 1] = true;
	}
	free(line);
	fclose(file);
}

static bool *read_all_messages(const struct statements *list, bool (*is_wanted)(const char *))
{
	bool *marks = resize(NULL, list->count, sizeof(*marks));

	memset(marks, 0, list->count);
	for (unsigned int assembler = 0; assembler < ASSEMBLERS; assembler++)
		read_messages(assembler, list, is_wanted, marks);
	return marks;
}

/* Every name with every operand count, in shapes that as refuses for different reasons. */
static struct statements list_probes(void)
{
	static const enum kind kinds[] = {GENERAL_64, XMM, MEMORY, IMMEDIATE};
	struct statements list = {0};

	for (size_t name = 0; name < name_count; name++)
		for (unsigned int operands = 0; operands <= OPERANDS; operands++)
			for (unsigned int i = 0; i < (operands ? 4 : 1); i++) {
				struct statement statement = {
					(uint16_t)name, (uint8_t)operands, {0}};

				/* Three of these are refused before their count is looked at. */
				if (operands > 2 && i >= 2)
					continue;
				memset(statement.kinds, kinds[i], operands);
				add_statement(&list, statement);
			}
	return list;
}

/* Returns a mask of operand counts for each name. */
static uint8_t *probe(void)
{
	struct statements list = list_probes();
	uint8_t *counts = resize(NULL, name_count, sizeof(*counts));
	bool *hopeless;

	memset(counts, 0, name_count);
	assemble(&list);
	hopeless = read_all_messages(&list, is_hopeless);
	for (size_t i = 0; i < list.count; i++)
		if (!hopeless[i])
			counts[list.items[i].name] |= (uint8_t)(1u << list.items[i].operands);
	free(hopeless);
	free(list.items);
	return counts;
}

/* The shapes to try. */

static ZydisRegister whole(ZydisRegister reg)
{
	ZydisRegister enclosing = ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, reg);

	return enclosing == ZYDIS_REGISTER_NONE ? reg : enclosing;
}

static bool fit(unsigned int operands, uint8_t left, uint8_t right)
{
	/* No register twice, lest the one operand be taken for the other. */
	if (spellings[left].demanded && spellings[right].demanded &&
	    whole(spellings[left].first) == whole(spellings[right].first))
		return false;
	if (operands >= 3)
		return (companions[left] & BIT(right)) && (companions[right] & BIT(left));
	/* Only the string instructions have two memory operands. */
	return spellings[left].class != CLASS_MEMORY || spellings[right].class != CLASS_MEMORY ||
	       ((BIT(left) & STRINGS) && (BIT(right) & STRINGS));
}

/* A name being crossed with its shapes. */
struct trial {
	struct statements *list;
	struct statement statement;
	uint64_t allowed;    /* kinds */
	unsigned int counts; /* mask of the operand counts as takes */
};

/* For as, other than for those who split a line at its commas, {sae} is not an operand. */
static void list_shape(struct trial *trial)
{
	unsigned int operands = trial->statement.operands;

	for (unsigned int i = 0; i < trial->statement.operands; i++)
		operands -= spellings[trial->statement.kinds[i]].class == CLASS_DECORATION;
	if (trial->counts & 1u << operands)
		add_statement(trial->list, trial->statement);
}

static void list_shapes(struct trial *trial, unsigned int position)
{
	struct statement *statement = &trial->statement;

	if (position == statement->operands) {
		list_shape(trial);
		return;
	}
	for (uint8_t kind = NONE + 1; kind < KINDS; kind++) {
		bool fits = shapes[statement->operands][position] & trial->allowed & BIT(kind);

		if ((BIT(kind) & MASKED) && position + 1 != statement->operands)
			continue;
		for (unsigned int i = 0; fits && i < position; i++)
			fits = fit(statement->operands, statement->kinds[i], kind);
		if (!fits)
			continue;
		statement->kinds[position] = kind;
		list_shapes(trial, position + 1);
	}
}

static struct statements list_all_shapes(const uint8_t *counts)
{
	struct statements list = {0};

	for (size_t name = 0; name < name_count; name++) {
		struct trial trial = {&list, {0}, EVERY, counts[name]};
		char initial = names[name][0];

		if (initial != 'v' && initial != 'k')
			trial.allowed &= ~EVEX_KINDS;
		if (initial == 'v')
			trial.allowed &= ~BIT(MMX);
		for (unsigned int operands = 0; operands <= OPERANDS; operands++) {
			trial.statement =
				(struct statement){(uint16_t)name, (uint8_t)operands, {0}};
			/* With as many as it takes, or one {sae} more. */
			if (counts[name] & 3u << operands >> 1)
				list_shapes(&trial, 0);
		}
	}
	return list;
}

/* Facts of one instruction, as the decoder gives them. */

static bool has_remedy(const ZydisDecodedInstruction *instruction, enum remedy remedy)
{
	for (size_t i = 0; i < sizeof(overrides) / sizeof(overrides[0]); i++)
		if (overrides[i].mnemonic == instruction->mnemonic && overrides[i].remedy == remedy)
			return true;
	return false;
}

static unsigned int flag_set(ZydisAccessedFlagsMask mask)
{
	return (mask & ZYDIS_CPUFLAG_CF ? FLAG_CARRY : 0u) |
	       (mask & ZYDIS_CPUFLAG_PF ? FLAG_PARITY : 0u) |
	       (mask & ZYDIS_CPUFLAG_AF ? FLAG_ADJUST : 0u) |
	       (mask & ZYDIS_CPUFLAG_ZF ? FLAG_ZERO : 0u) |
	       (mask & ZYDIS_CPUFLAG_SF ? FLAG_SIGN : 0u) |
	       (mask & ZYDIS_CPUFLAG_OF ? FLAG_OVERFLOW : 0u);
}

static void find_flags(struct row *fact, const ZydisDecodedInstruction *instruction,
		       const struct statement *statement)
{
	const ZydisAccessedFlags *flags = instruction->cpu_flags;
	ZydisAccessedFlagsMask defined = flags->modified | flags->set_0 | flags->set_1;

	fact->flags_read |= flag_set(flags->tested);
	fact->flags_clobbered |= flag_set(defined | flags->undefined);
	/* The spelling with one operand shifts by one, always. */
	if (!has_remedy(instruction, COUNTED_FLAGS) || statement->operands == 1)
		fact->flags_written |= flag_set(defined & ~flags->undefined);
	if (has_remedy(instruction, ALL_FLAGS))
		fact->flags_written = fact->flags_clobbered = FLAGS_ALL;
}

static bool is_vector_class(ZydisRegisterClass class)
{
	switch (class) {
	case ZYDIS_REGCLASS_X87:
	case ZYDIS_REGCLASS_MMX:
	case ZYDIS_REGCLASS_XMM:
	case ZYDIS_REGCLASS_YMM:
	case ZYDIS_REGCLASS_ZMM:
	case ZYDIS_REGCLASS_TMM:
	case ZYDIS_REGCLASS_MASK:
	case ZYDIS_REGCLASS_BOUND:
		return true;
	default:
		return false;
	}
}

/* The mask of a general register; 0 for any other. */
static unsigned int general_set(ZydisRegister reg)
{
	reg = whole(reg);
	if (reg < ZYDIS_REGISTER_RAX || reg > ZYDIS_REGISTER_R15)
		return 0;
	return 1u << (reg - ZYDIS_REGISTER_RAX);
}

static bool is_spelled(const ZydisDecodedOperand *operand, uint8_t kind, unsigned int position)
{
	const struct spelling *spelling = &spellings[kind];
	ZydisRegister expected = spelling->first;

	if (spelling->step)
		expected = (ZydisRegister)(expected + position);
	switch (spelling->class) {
	case CLASS_MEMORY:
		return operand->type == ZYDIS_OPERAND_TYPE_MEMORY && operand->mem.base == expected;
	case CLASS_GENERAL:
	case CLASS_FIXED:
	case CLASS_VECTOR:
	case CLASS_SYSTEM:
		return operand->type == ZYDIS_OPERAND_TYPE_REGISTER &&
		       whole(operand->reg.value) == whole(expected);
	case CLASS_VALUE:
		return kind == LABEL && operand->type == ZYDIS_OPERAND_TYPE_IMMEDIATE &&
		       operand->imm.is_relative;
	default:
		return false;
	}
}

static unsigned int action_uses(const ZydisDecodedInstruction *instruction,
				const ZydisDecodedOperand *operand)
{
	unsigned int uses = 0;

	if (operand->type == ZYDIS_OPERAND_TYPE_MEMORY &&
	    (operand->mem.type == ZYDIS_MEMOP_TYPE_AGEN ||
	     operand->mem.type == ZYDIS_MEMOP_TYPE_MIB ||
	     instruction->meta.category == ZYDIS_CATEGORY_PREFETCH ||
	     instruction->meta.category == ZYDIS_CATEGORY_WIDENOP ||
	     has_remedy(instruction, ADDRESS_ONLY)))
		return ACCESS_A;
	if (operand->actions & ZYDIS_OPERAND_ACTION_MASK_READ)
		uses |= ACCESS_R;
	if (operand->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE)
		uses |= ACCESS_W;
	if ((operand->actions & ZYDIS_OPERAND_ACTION_CONDWRITE) ||
	    ((uses & ACCESS_W) && has_remedy(instruction, CONDITIONAL_WRITE)))
		uses |= ACCESS_R;
	return uses;
}

static void merge_size(int *size, int other)
{
	if (*size == 0)
		*size = other;
	else if (*size != other)
		*size = -1;
}

static void add_spelled(struct row *fact, const ZydisDecodedInstruction *instruction,
			const ZydisDecodedOperand *operand, const struct statement *statement,
			unsigned int position)
{
	enum class class = spellings[statement->kinds[position]].class;

	fact->uses[position] |= action_uses(instruction, operand);
	/* as takes any address for xlat, with a warning, and still %rbx is read. */
	if (operand->type == ZYDIS_OPERAND_TYPE_MEMORY &&
	    operand->visibility != ZYDIS_OPERAND_VISIBILITY_EXPLICIT)
		fact->reads |= general_set(operand->mem.base);
	if (operand->visibility != ZYDIS_OPERAND_VISIBILITY_EXPLICIT ||
	    operand->type == ZYDIS_OPERAND_TYPE_IMMEDIATE)
		fact->demanded |= 1u << position;
	else
		fact->free |= 1u << position;
	if (class == CLASS_GENERAL) {
		fact->general |= 1u << position;
		merge_size(&fact->general_size, operand->size / 8);
	}
	if (class != CLASS_MEMORY || fact->uses[position] == ACCESS_A)
		return;
	if (operand->mem.type == ZYDIS_MEMOP_TYPE_VSIB || has_remedy(instruction, NO_WIDTH) ||
	    operand->size % 8 || operand->size == 0 || operand->size / 8 > UINT8_MAX)
		fact->memory_size = -1;
	else
		merge_size(&fact->memory_size, operand->size / 8);
}

/* The general registers spelled as such; those the decoder shows a second time are not implicit. */
static unsigned int spelled_set(const struct statement *statement)
{
	unsigned int set = 0;

	for (unsigned int i = 0; i < statement->operands; i++) {
		const struct spelling *spelling = &spellings[statement->kinds[i]];

		if (spelling->class == CLASS_GENERAL)
			set |= general_set((ZydisRegister)(spelling->first + i));
	}
	return set;
}

static void add_implicit(struct row *fact, const ZydisDecodedInstruction *instruction,
			 const ZydisDecodedOperand *operand, const struct statement *statement)
{
	unsigned int uses = action_uses(instruction, operand), set;

	if (operand->type == ZYDIS_OPERAND_TYPE_MEMORY)
		fact->reads |= (general_set(operand->mem.base) | general_set(operand->mem.index)) &
			       ~spelled_set(statement);
	if (operand->type != ZYDIS_OPERAND_TYPE_REGISTER)
		return;
	set = general_set(operand->reg.value);
	if (uses & ACCESS_W) {
		fact->clobbers |= set;
		/* What is left of the register, or left alone, counts as read. */
		if (uses == ACCESS_W || (operand->actions & ZYDIS_OPERAND_ACTION_WRITE)) {
			if (ZydisRegisterGetWidth(ZYDIS_MACHINE_MODE_LONG_64, operand->reg.value) >=
			    32)
				fact->writes |= set;
			else
				fact->reads |= set;
		}
	}
	if (uses & ACCESS_R)
		fact->reads |= set;
}

static void add_step(struct row *fact, ZydisRegister base)
{
	fact->reads |= general_set(base);
	fact->writes |= general_set(base);
	fact->clobbers |= general_set(base);
}

static void add_operand(struct row *fact, const ZydisDecodedInstruction *instruction,
			const ZydisDecodedOperand *operand, const struct statement *statement)
{
	bool spelled = false;

	/* The code of a long nop has room for a register, which is not part of it. */
	if (operand->type == ZYDIS_OPERAND_TYPE_REGISTER &&
	    instruction->meta.category == ZYDIS_CATEGORY_WIDENOP)
		return;
	/* Zydis 4.0.0 forgets that cmps, scas, ins and outs step their addresses. */
	if (operand->type == ZYDIS_OPERAND_TYPE_MEMORY &&
	    (instruction->meta.category == ZYDIS_CATEGORY_STRINGOP ||
	     instruction->meta.category == ZYDIS_CATEGORY_IOSTRINGOP))
		add_step(fact, operand->mem.base);
	if (operand->type == ZYDIS_OPERAND_TYPE_REGISTER &&
	    is_vector_class(ZydisRegisterGetClass(operand->reg.value)))
		fact->vector = true;
	for (unsigned int i = 0; i < statement->operands; i++)
		if (is_spelled(operand, statement->kinds[i], i)) {
			add_spelled(fact, instruction, operand, statement, i);
			spelled = true;
		}
	if (!spelled)
		add_implicit(fact, instruction, operand, statement);
}

static enum instruction_kind find_kind(const ZydisDecodedInstruction *instruction)
{
	if (has_remedy(instruction, UNDEFINED))
		return INSTRUCTION_TRAP;
	if (has_remedy(instruction, STOP) || instruction->meta.branch_type == ZYDIS_BRANCH_TYPE_FAR)
		return INSTRUCTION_BARRIER;
	switch (instruction->meta.category) {
	case ZYDIS_CATEGORY_UNCOND_BR:
		return INSTRUCTION_JUMP;
	case ZYDIS_CATEGORY_COND_BR:
		return INSTRUCTION_BRANCH;
	case ZYDIS_CATEGORY_CALL:
		return INSTRUCTION_CALL;
	case ZYDIS_CATEGORY_RET:
		return INSTRUCTION_RETURN;
	case ZYDIS_CATEGORY_INTERRUPT:
	case ZYDIS_CATEGORY_SYSCALL:
	case ZYDIS_CATEGORY_SYSRET:
	case ZYDIS_CATEGORY_VTX:
	case ZYDIS_CATEGORY_SGX:
	case ZYDIS_CATEGORY_PADLOCK:
		return INSTRUCTION_BARRIER;
	default:
		return INSTRUCTION_ORDINARY;
	}
}

static void find_facts(struct row *fact, const ZydisDecodedInstruction *instruction,
		       const ZydisDecodedOperand *operands, const struct statement *statement)
{
	for (unsigned int i = 0; i < instruction->operand_count; i++)
		add_operand(fact, instruction, &operands[i], statement);
	find_flags(fact, instruction, statement);
	fact->kind = find_kind(instruction);
}

/*
 * Completes the uses of what the decoder does not show.  Returns false for a statement that tells
 * nothing new: where as took a register or address meant for an instruction that demands it as just
 * another register or address, or a label as the address of memory.
 */
static bool complete_uses(struct row *fact, const struct statement *statement)
{
	for (unsigned int i = 0; i < statement->operands; i++) {
		const struct spelling *spelling = &spellings[statement->kinds[i]];

		if (spelling->class == CLASS_DECORATION)
			continue;
		if (statement->kinds[i] == IMMEDIATE)
			fact->uses[i] = ACCESS_R;
		if (spelling->demanded && (!(fact->demanded & 1u << i) || (fact->free & 1u << i)))
			return false;
		if (!fact->uses[i])
			return false;
	}
	return true;
}

/* Rows. */

static void merge(struct row *row, const struct row *fact)
{
	bool first = row->seen++ == 0;

	for (unsigned int i = 0; i < OPERANDS; i++) {
		row->uses[i] |= fact->uses[i];
		row->surely[i] = first ? fact->uses[i] : row->surely[i] & fact->uses[i];
	}
	row->general |= fact->general;
	if (fact->memory_size)
		merge_size(&row->memory_size, fact->memory_size);
	if (fact->general_size)
		merge_size(&row->general_size, fact->general_size);
	row->reads |= fact->reads;
	row->writes = first ? fact->writes : row->writes & fact->writes;
	row->clobbers |= fact->clobbers;
	row->flags_read |= fact->flags_read;
	row->flags_written = first ? fact->flags_written : row->flags_written & fact->flags_written;
	row->flags_clobbered |= fact->flags_clobbered;
	if (first)
		row->kind = fact->kind;
	else if (row->kind != fact->kind)
		row->kind = INSTRUCTION_BARRIER;
	row->vector |= fact->vector;
}

/* What was written by an earlier shape only must not be promised by the row. */
static void settle(struct row *row)
{
	row->reads |= row->clobbers & ~row->writes;
	for (unsigned int i = 0; i < OPERANDS; i++) {
		if ((row->uses[i] & ACCESS_W) && !(row->surely[i] & ACCESS_W))
			row->uses[i] = ACCESS_RW;
		else if (row->uses[i] & (ACCESS_R | ACCESS_W))
			row->uses[i] &= ACCESS_RW;
	}
}

/* Decodes until the next marker; as makes two instructions of a few names (finit: wait, fninit). */
static size_t decode(const uint8_t *code, size_t length, uint64_t next,
		     const struct statement *statement, bool ambiguous)
{
	struct row fact = {.memory_size = ambiguous ? -1 : 0};
	size_t used = 0;

	while (used + sizeof(next) <= length && memcmp(code + used, &next, sizeof(next)) != 0) {
		ZydisDecodedInstruction instruction;
		ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];

		if (ZYAN_FAILED(ZydisDecoderDecodeFull(&decoder, code + used, length - used,
						       &instruction, operands)))
			break;
		find_facts(&fact, &instruction, operands, statement);
		used += instruction.length;
	}
	if (used + sizeof(next) <= length && memcmp(code + used, &next, sizeof(next)) == 0) {
		if (complete_uses(&fact, statement))
			merge(&rows[statement->name][statement->operands], &fact);
		return used;
	}
	/* Zydis does not know it: no row, and the caller of the table expects the worst. */
	for (used = 0; used + sizeof(next) <= length; used++)
		if (memcmp(code + used, &next, sizeof(next)) == 0)
			return used;
	die("the object lacks a statement of %s", names[statement->name]);
}

static uint8_t *read_object(unsigned int assembler, size_t *length)
{
	FILE *file = open_temporary(assembler, "o", "r");
	uint8_t *content;
	long size;

	if (fseek(file, 0, SEEK_END) || (size = ftell(file)) < (long)sizeof(Elf64_Ehdr))
		die("as left no object");
	rewind(file);
	content = resize(NULL, (size_t)size, 1);
	if (fread(content, 1, (size_t)size, file) != (size_t)size)
		die("cannot read what as has made");
	fclose(file);
	*length = (size_t)size;
	return content;
}

/* The code of an object: its first section with instructions. */
static const uint8_t *find_code(const uint8_t *object, size_t length, size_t *code_length)
{
	Elf64_Ehdr header;
	Elf64_Shdr section;

	memcpy(&header, object, sizeof(header));
	for (unsigned int i = 0; i < header.e_shnum; i++) {
		size_t at = header.e_shoff + i * sizeof(section);

		if (at + sizeof(section) > length)
			break;
		memcpy(&section, object + at, sizeof(section));
		if (!(section.sh_flags & SHF_EXECINSTR))
			continue;
		if (section.sh_offset + section.sh_size > length)
			break;
		*code_length = section.sh_size;
		return object + section.sh_offset;
	}
	die("the object has no code");
}

static void read_facts(const struct statements *list, const bool *ambiguous, unsigned int assembler)
{
	size_t first = assembler * share_of(list), length, at = 0;
	uint8_t *object = read_object(assembler, &length);
	const uint8_t *code = find_code(object, length, &length);

	for (size_t i = first; i < first + share_of(list) && i < list->count; i++) {
		bool last = i + 1 == list->count || i + 1 == first + share_of(list);
		uint64_t next = marker(last ? END : i + 1);

		at += sizeof(next);
		if (at + sizeof(next) > length)
			die("the object is too short");
		if (memcmp(code + at, &next, sizeof(next)) != 0)
			at += decode(code + at, length - at, next, &list->items[i], ambiguous[i]);
	}
	free(object);
}

/* Output. */

static const char *const register_words[] = {"RAX", "RCX", "RDX", "RBX", "RSP", "RBP",
					     "RSI", "RDI", "R8",  "R9",	 "R10", "R11",
					     "R12", "R13", "R14", "R15"};
static const char *const flag_words[] = {"C", "P", "A", "Z", "S", "O"};
static const char *const operand_words[] = {"OPERAND(0)", "OPERAND(1)", "OPERAND(2)", "OPERAND(3)",
					    "OPERAND(4)"};

static void print_set(unsigned int set, const char *const *words)
{
	const char *separator = "";

	if (!set)
		putchar('0');
	for (unsigned int i = 0; set >> i; i++)
		if (set >> i & 1) {
			printf("%s%s", separator, words[i]);
			separator = " | ";
		}
	fputs(", ", stdout);
}

static int row_width(const struct row *row)
{
	int width = row->memory_size ? row->memory_size : row->general_size;

	return width < 0 ? 0 : width;
}

static void print_row(const char *name, unsigned int operands, struct row *row)
{
	static const char *const access_words[] = {"N", "R", "W", "RW", "A"};
	static const char *const kind_words[] = {"ORDINARY", "JUMP",	"BRANCH", "CALL",
						 "RETURN",   "BARRIER", "TRAP"};

	settle(row);
	printf("INSTRUCTION(\"%s\", %u, ACCESS(", name, operands);
	for (unsigned int i = 0; i < OPERANDS; i++)
		printf("%s%s", i ? ", " : "", access_words[row->uses[i]]);
	printf("), %d, ", row_width(row));
	print_set(row->general, operand_words);
	print_set(row->reads, register_words);
	print_set(row->writes, register_words);
	print_set(row->clobbers, register_words);
	print_set(row->flags_read, flag_words);
	print_set(row->flags_written, flag_words);
	print_set(row->flags_clobbered, flag_words);
	printf("%s, %d)\n", kind_words[row->kind], row->vector);
}

static void print_table(void)
{
	puts("/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */");
	puts("/* Generated by generate-instructions.c from GNU as and Zydis: do not edit. */");
	puts("/* The columns are told in instructions.h. */");
	for (size_t name = 0; name < name_count; name++)
		for (unsigned int operands = 0; operands <= OPERANDS; operands++)
			if (rows[name][operands].seen)
				print_row(names[name], operands, &rows[name][operands]);
	if (fflush(stdout) || ferror(stdout))
		die("cannot write the table");
}

/* Assembles and reads a part at a time, so that the temporary files stay small. */
static void learn(const struct statements *list)
{
	for (size_t from = 0; from < list->count; from += PART) {
		size_t left = list->count - from;
		struct statements part = {list->items + from, left < PART ? left : PART, 0};
		bool *ambiguous;

		assemble(&part);
		ambiguous = read_all_messages(&part, is_ambiguous);
		for (unsigned int assembler = 0; assembler < ASSEMBLERS; assembler++)
			read_facts(&part, ambiguous, assembler);
		free(ambiguous);
	}
}

int main(void)
{
	struct statements list;
	uint8_t *counts;

	/* The messages of as are read. */
	setenv("LC_ALL", "C", 1);
	make_directory();
	ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	collect_names();
	rows = resize(NULL, name_count, sizeof(*rows));
	memset(rows, 0, name_count * sizeof(*rows));
	counts = probe();
	list = list_all_shapes(counts);
	learn(&list);
	print_table();
	free(list.items);
	free(counts);
	return 0;
}
