/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The tables that rcpp puts into an object file and that the runtime reads.
 *
 * rcpp writes them as assembly text, so their offsets and lengths are computed by the assembler and
 * the linker. Everything is relative to where it stands: there are no dynamic relocations, the
 * tables are read-only, and they work in position-independent programs, shared objects and kernels.
 *
 * One SITE is one instruction of the original text, and never more. Where an alternative is longer,
 * the original is made as long by prefixes that change nothing (see RCPP_PREFIXES()); where they
 * cannot do it, padding follows it (see RCPP_NOP_MAX). A load and the instruction that consumes it
 * are two rows, one after the other: when the value fits, the load's site becomes NOPs and the
 * consumer's site gets the immediate; otherwise the load becomes a move of the whole value and the
 * consumer stays. Each of several consumers has the guard that it needs itself, and the load
 * vanishes under one that implies them all. Nothing is moved, so the unpatched program executes the
 * original instructions in the original order, whatever is between.
 *
 * Adjacent sites, a load's and its consumers', may hold one instruction together: a NOP where all
 * have vanished, a jump where the last one jumps (RCPP_ROW_JOINED).
 *
 * No site begins at a symbol of the file. A tracer's probe there executes the file's instruction
 * and goes on after it; when it is removed, the kernel writes the first byte of the file's
 * instruction back. So if no other instruction comes before the site, one byte does, which is not
 * part of the site: a prefix that changes nothing, whatever the site holds, if the original fills
 * the site; else a NOP.
 *
 * Since a load and its consumer are two sites, a pair can be updated while a thread is between the
 * two: write the consumer first -- it no longer reads the register that the load still sets -- and
 * the load after it; on revert write the load first, wait until every thread has passed, then the
 * consumer.
 *
 * What a live update must still wait for, or move on, is a thread inside a site. No thread can be
 * stopped inside a site that is one instruction in each of its states. In others one can: after the
 * original, before its padding, and between the instructions of an alternative (a division's
 * multiplication has six and more). Writing the site while a thread stands there sends it into the
 * middle of an instruction. Patching before there are threads is safe, and so is another value for
 * the same alternative.
 *
 * Sections:
 *   rcpp_rows      SHT_NOTE, linked to its text section (SHF_LINK_ORDER) and in its group, so that
 *                  rows live and die with their function. A note is found through PT_NOTE: no
 *                  registration, no symbol, and no __start_ reference that would keep dead code.
 *   rcpp_forms     COMDAT, one group a form, shared by all sites in all files that have it.
 *   rcpp_patchable the patchable variables themselves (header rcpp.h).
 *
 * A note of rcpp_rows (name "rcpp", type RCPP_NOTE_VERSION) holds a struct rcpp_batch, then its
 * rows, then its remotes, to the note's end. A file that defines patchables has one without rows,
 * linked to their section: it says where they are, whether or not any function reads them, and
 * where the module's struct rcpp_unloading is.
 *
 * A table that is damaged in one byte, by a disk, a tool or a bug, must never make wrong code. So
 * whatever the text does not prove is stored here twice, or goes into a check that the assembler
 * computes: it cannot sum up bytes, but it can compute differences of labels.
 */
#ifndef RCPP_TABLES_H
#define RCPP_TABLES_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdint.h>
#endif

#define RCPP_NOTE_NAME	  "rcpp"
#define RCPP_NOTE_VERSION 10 /* 9 had no reach, and its forms no byte for flags */

/*
 * The bounds of the module's section rcpp_patchable, each relative to its own field; both fields
 * are 0 where no row needs them (RCPP_ROW_DECLARED). In
 * a module that has no such section the linker resolves both symbols to the same address: an empty
 * range.
 */
struct rcpp_bounds {
	int32_t start;
	int32_t stop;
};

struct rcpp_batch {
	uint32_t rows;	  /* how many follow; 0: the batch is there for its bounds */
	uint32_t remotes; /* how many struct rcpp_remote follow these */
	int32_t anchor;	  /* relative to this field: the first byte of the first row's site; without
			     rows the module's struct rcpp_unloading */
	struct rcpp_bounds patchable[2]; /* the same twice */
};

/*
 * One in each module that has variables to close, in its writable data. Who closes them puts the
 * number of its process into it for that time. Before the module's destructors run, rcpp_release()
 * waits until it is not that of its own process, and makes it RCPP_UNLOADING_NOW: from then on the
 * variables stay open. The mark shows that it is one, for it is written to.
 */
struct rcpp_unloading {
	char mark[16];
	uint32_t state;
};

#define RCPP_UNLOADING_MARK "rcpp: unloading" /* with its zero: 16 bytes */
#define RCPP_UNLOADING_NOT  0
#define RCPP_UNLOADING_NOW  0xffffffff

/*
 * A variable that the code reads through a register, which has the variable's address from the
 * global offset table: `movq x@GOTPCREL(%rip), %rax; movl 8(%rax), %ecx`. Another module may define
 * the variable. The table's slot says where it is, for the code and for the runtime. A slot of 0
 * belongs to a weak symbol that nothing defines: what reads it stays as it is.
 *
 * No text proves which slot it is, so everything stands here twice. A linker may take the two bytes
 * in front of a slot's relocation for the opcode of a load that it can replace, if the second one
 * is 0x8b (gold does). They belong to an offset, which is at most RCPP_OFFSET_MAX: there none is.
 */
struct rcpp_remote {
	int32_t offset; /* of the reference in the variable: the instruction's displacement */
	int32_t slot;	/* relative to this field: the variable's slot, which is read-only by now */
	int32_t offset_again;
	int32_t slot_again; /* relative to this field */
};

#define RCPP_OFFSET_MAX (1 << 20) /* either way */

/* One site. The three offsets are relative to the field that holds them. */
struct rcpp_row {
	int32_t site;	   /* first byte of the site */
	int32_t variable;  /* the variable, with the offset of the reference in it; or a struct
			      rcpp_remote of the same batch; or a jump's target */
	int32_t form;	   /* a struct rcpp_form */
	uint8_t length;	   /* bytes of the site, padding included: 1 to RCPP_SITE_MAX */
	uint8_t read : 5;  /* how the reference reads the variable: RCPP_READ_* */
	uint8_t flags : 3; /* RCPP_ROW_* */
	uint16_t check;	   /* RCPP_ROW_CHECK() */
};

#define RCPP_SITE_MAX 64

/*
 * row.check: `distance` goes from the first byte of the site of the row before (the batch's anchor
 * for the first row) to the end of this one; `form` is the check of the row's form, plus the number
 * of the row's remote, counted from 1, if it has one. The modulus is a prime, so any other byte
 * anywhere in site, length, read, flags or check changes the equation. Of the variable the site
 * itself knows where it is: in the displacement of its instruction, and a consumer must have the
 * variable of its load. (Of a remote it knows the offset; the remote says the rest twice.) Of a
 * jump's target the site knows the same.
 */
#define RCPP_ROW_CHECK(distance, read, flags, form)                                                \
	((uint16_t)(RCPP_CHECK_DIVIDEND(distance, read, flags, form) % RCPP_CHECK_MODULUS))
#define RCPP_CHECK_DIVIDEND(distance, read, flags, form)                                           \
	((uint64_t)((int64_t)(distance) + RCPP_CHECK_BIAS + RCPP_CHECK_CONSTANT(read, flags, form)))
#define RCPP_CHECK_CONSTANT(read, flags, form) ((((flags) << 5 | (read)) << 8) + (form))
#define RCPP_CHECK_MODULUS		       65521
/* Keeps the dividend positive, whatever the distance: assemblers disagree about negative ones. */
#define RCPP_CHECK_BIAS 2147581817LL

/*
 * row.read: `1 << (read & 3)` bytes are loaded, then extended to the width
 * `1 << (read >> RCPP_READ_TO_SHIFT & 3)` with sign or zero bits, then with zero bits to 64.
 * movsbl, for example, loads 1 byte and sign-extends it to 4.
 */
#define RCPP_READ_WIDTH_MASK 3
#define RCPP_READ_SIGNED     4
#define RCPP_READ_TO_SHIFT   3

/* The reference knows the variable only by its declaration: patch only if it lies in the bounds. */
#define RCPP_ROW_DECLARED 1
/* Of a load: until it is patched the site begins with a ud2 (2 bytes), the original instruction
 * behind it. */
#define RCPP_ROW_FAULT	  2
#define RCPP_FAULT_LENGTH 2
/*
 * Of a consumer: its site begins where that of the row before ends, unless an assembler has put
 * something between, and nobody comes there but through that one. So when one is empty, and the
 * other is, too, or jumps, they may hold one instruction together (runtime/joined.c).
 */
#define RCPP_ROW_JOINED 2
/*
 * Consumes the register that the load of the row before sets, or the flags that a compare of it
 * sets: same variable, same read. Where the form is a conditional jump, or a jump or a call to a
 * thunk (RCPP_FIELD_JUMP), the row's variable is where that goes.
 */
#define RCPP_ROW_CONSUMER 4

#define RCPP_ROW_FAULTS(flags) (((flags) & (RCPP_ROW_CONSUMER | RCPP_ROW_FAULT)) == RCPP_ROW_FAULT)
#define RCPP_ROW_IS_JOINED(flags)                                                                  \
	(((flags) & (RCPP_ROW_CONSUMER | RCPP_ROW_JOINED)) == (RCPP_ROW_CONSUMER | RCPP_ROW_JOINED))

/*
 * What a site may hold. After the header (and what it says that follows) come
 * `alternatives` records, each a struct rcpp_alternative, its `fields` and its `length` bytes of
 * machine code; then all of it once more, byte for byte the same; then the form's text for people
 * (NUL-terminated): "original => guard: code | guard: code", V being the value and VAR the
 * variable.
 *
 * The first alternative is the original instruction, guard RCPP_GUARD_ORIGINAL; the others are
 * tried in their order and the first whose guard holds is taken, the original if none does.
 */
struct rcpp_form {
	uint8_t alternatives; /* 2 to RCPP_ALTERNATIVES_MAX, the original included */
	uint8_t flags;	      /* RCPP_FORM_* */
	uint8_t check[2];     /* little-endian, of its symbol's hash: a row knows its form by it */
};

#define RCPP_ALTERNATIVES_MAX 12

/*
 * A bit of rcpp_form.flags: code stands at the site's end, the NOPs in front of it. So it is
 * with calls: their return address is the site's end, whatever the site holds, and a function that
 * was called from an unpatched site may return to a patched one, or the other way round.
 */
#define RCPP_FORM_AT_END 0x80

/* The same: a struct rcpp_condition follows the header, for RCPP_GUARD_TRUE. */
#define RCPP_FORM_CONDITION 0x40

/*
 * The same: this site and others of its group are right together only, in one state or the other. A
 * compare has its operands the other way round, and what reads its flags the mirrored conditions.
 * Where sites are written one by one while code runs, they stay as they are; and so does their
 * load.
 */
#define RCPP_FORM_TOGETHER 0x20

/*
 * The same: a prefix stands in front of the site, where a symbol does. If it is a REX, it must be
 * right in front of an opcode, so the site's first NOP has no prefix. One prefix less can be added,
 * since decoders take only so many (valgrind's takes seven, a REX.W among them).
 */
#define RCPP_FORM_LED 0x10

/*
 * The same: a struct rcpp_reach follows the header. Consumers of this load stand behind labels, in
 * a loop mostly. From the load to the end of the reach the code may still read what was loaded. The
 * load stays, whatever its consumers become, so each of them may be as compiled, while others are
 * not. A change of the value while threads run leaves all of them as compiled if some thread is in
 * the reach: it goes on with the value that it has in its register.
 */
#define RCPP_FORM_REACH 0x08

#define RCPP_FORM_FLAGS                                                                            \
	(RCPP_FORM_AT_END | RCPP_FORM_CONDITION | RCPP_FORM_TOGETHER | RCPP_FORM_LED |             \
	 RCPP_FORM_REACH)

struct rcpp_reach {
	uint8_t bytes[4]; /* little-endian: from the site's first byte on */
};

/*
 * What an instruction that reads flags asks of a compare of V with a constant: the flags are those
 * of `cmp $constant, V` (V - constant), `test $constant, V` (V & constant) or `bt $constant, V`
 * (the carry is a bit of V), and `code` is the hardware's number of the condition, as in the opcode
 * of its jump (Intel SDM volume 1, appendix B).
 *
 * Compare and jump are sites of their own, of one instruction each; or one site, which also holds
 * the few instructions that the jump skips. A patched jump asks nobody for flags, so the compare
 * vanishes; all sites of a group change at the same instant.
 */
struct rcpp_condition {
	uint8_t compare; /* RCPP_COMPARE_*, | steps << 2, | width << 4: bytes that are compared */
	uint8_t code;	 /* 0 to 15: o no b ae e ne be a s ns p np l ge le g */
	uint8_t constant[4]; /* little-endian, sign-extended, then truncated to the width */
};

#define RCPP_COMPARE_KIND(compare) ((compare)&3)
#define RCPP_COMPARE_CMP	   0
#define RCPP_COMPARE_TEST	   1
#define RCPP_COMPARE_BIT	   2 /* bt: it sets the carry only, so only b and ae can be asked */
#define RCPP_COMPARE_LAST	   RCPP_COMPARE_BIT

/*
 * What is done to V before it is compared: so many steps follow the condition, each an operation
 * with a constant on the low bytes. The bytes above them are 0 afterwards; nothing reads them.
 */
struct rcpp_step {
	uint8_t operation;   /* RCPP_STEP_*, | width << 4: bytes that are changed */
	uint8_t constant[4]; /* as the condition's; of a shift the count */
};

#define RCPP_STEPS(compare) ((compare) >> 2 & 3)
#define RCPP_STEPS_MAX	    3
#define RCPP_STEP_AND	    0
#define RCPP_STEP_OR	    1
#define RCPP_STEP_XOR	    2
#define RCPP_STEP_ADD	    3
#define RCPP_STEP_SUB	    4
#define RCPP_STEP_SHL	    5
#define RCPP_STEP_SHR	    6
#define RCPP_STEP_SAR	    7
#define RCPP_STEP_NOT	    8
#define RCPP_STEP_NEG	    9
#define RCPP_STEP_LAST	    RCPP_STEP_NEG

struct rcpp_alternative {
	uint8_t guard;	   /* RCPP_GUARD_*: for which values it is right */
	uint8_t number;	   /* what of V the guard and the fields' functions look at: so many low
			      bytes (1, 2, 4 or 8), RCPP_NUMBER_SIGNED for the top bit as a sign */
	uint8_t fields;	   /* how many struct rcpp_field follow: up to RCPP_FIELDS_MAX */
	uint8_t carry_end; /* offset just behind a carried displacement; 0: there is none */
	uint8_t prefix;	   /* RCPP_PREFIX_*: what may stand in front of the code */
	uint8_t length;	   /* bytes of code behind the fields; 0: nothing but padding */
};

#define RCPP_NUMBER_SIGNED 0x80

/*
 * A prefix that changes nothing but the length of the code's first instruction: the operand size
 * where a REX.W overrules it, the address size where there is no address, a REX without bits where
 * there is none. RCPP_PREFIXES() says how many of them stand in front of code of one length in a
 * site of another, of a form that is RCPP_FORM_LED or not: as many as it takes to fill the site, if
 * that is no more than may be (of REX one) and the site no longer than an instruction can be; else
 * none, and padding fills it.
 */
#define RCPP_PREFIX_NONE     0
#define RCPP_PREFIX_REX	     0x40
#define RCPP_PREFIX_OPERAND  0x66
#define RCPP_PREFIX_ADDRESS  0x67
#define RCPP_INSTRUCTION_MAX 15
#define RCPP_PREFIXES_MAX(prefix, led)                                                             \
	((prefix) == RCPP_PREFIX_NONE ? 0U : (prefix) == RCPP_PREFIX_REX ? 1U : 6U - ((led) != 0))
#define RCPP_PREFIXES(prefix, led, site, code)                                                     \
	((site) <= RCPP_INSTRUCTION_MAX && (site) - (code) <= RCPP_PREFIXES_MAX(prefix, led)       \
		 ? (site) - (code)                                                                 \
		 : 0U)

/*
 * Padding of up to so many bytes is one NOP. Longer padding is a short jump to its end, over NOPs.
 * So one instruction is executed in any case. (Linux pads its alternatives in the same way.)
 */
#define RCPP_NOP_MAX 11

/* What goes into the code of an alternative, and where: in the order of their places. */
struct rcpp_field {
	uint8_t kind;	  /* RCPP_FIELD_* and, in the low nibble, the width in bytes */
	uint8_t function; /* RCPP_FUNCTION_*: what is computed of V first */
	uint8_t end; /* offset just behind the field, in the code. Of an original's PCREL: behind
			its instruction, which the field counts from, if others follow */
};

#define RCPP_FIELDS_MAX 4

/* V is the value as row.read extends it to 64 bits. */
#define RCPP_GUARD_ORIGINAL 0 /* never by value: what the site reverts to */
#define RCPP_GUARD_ANY	    1
#define RCPP_GUARD_U32	    2 /* V < 2^32 */
#define RCPP_GUARD_S32	    3 /* V is the sign extension of its low 32 bits */
/* S32, and still S32 with anything up to RCPP_ADDEND_MAX added or subtracted */
#define RCPP_GUARD_A32 4
/* V is not 0, and a RCPP_FIELD_TARGET at its place in this site reaches the address V */
#define RCPP_GUARD_NEAR 5
#define RCPP_GUARD_TRUE 6 /* the form's condition holds */
/* For functions of V, which stands for the number that the alternative looks at. */
#define RCPP_GUARD_NONZERO 7
#define RCPP_GUARD_ONE	   8
#define RCPP_GUARD_POWER   9  /* V is a power of two, and positive */
#define RCPP_GUARD_UP	   10 /* unsigned; UP() gives exact quotients, and V is no power of two */
#define RCPP_GUARD_DOWN	   11 /* unsigned; V is neither 0 nor a power of two */
#define RCPP_GUARD_TIGHT   12 /* signed; TIGHT() gives exact quotients, V is no power of two */
#define RCPP_GUARD_PROPER  13 /* signed; V is neither 0 nor 1 nor -1 */
#define RCPP_GUARD_LARGE   14 /* signed; V is beyond 2 and -2 */
#define RCPP_GUARD_SMALL   15 /* unsigned; V is neither 0 nor beyond 2^31 - 1 */
#define RCPP_GUARD_LAST	   15

#define RCPP_ADDEND_MAX (1 << 20)

/*
 * Kinds of fields. x86 immediates are the last bytes of their instruction, so the assembler
 * computes field.end from labels.
 *
 * RCPP_FIELD_PCREL, RCPP_FIELD_ABSOLUTE and RCPP_FIELD_OFFSET stand in originals only: the 4-byte
 * displacement of the memory operand. An immediate of unknown width may follow it, so field.end is
 * 0 and the field is found in the form as the first occurrence of RCPP_MARKER: a displacement
 * precedes every immediate, no sequence of prefixes and opcode contains the marker, and the marker
 * does not overlap itself.
 */
#define RCPP_FIELD_VALUE 0x10 /* V, truncated to the width */
#define RCPP_FIELD_ADD	 0x20 /* V plus what the form's bytes hold there, with their sign */
#define RCPP_FIELD_PCREL                                                                           \
	0x30 /* original: displacement of the variable from the instruction's end */
#define RCPP_FIELD_ABSOLUTE 0x40 /* original: low 32 bits of the variable's address */
#define RCPP_FIELD_TARGET   0x50 /* distance of the address V from the field's end (width 4) */
/*
 * Distance of the row's variable, a jump's or a call's target, from the field's end. The form has
 * the long encodings (0f 8x, e9 or e8, width 4); where the assembler chose the short one the site
 * has 2 bytes, and it holds and gets the short ones (7x or eb, width 1).
 */
#define RCPP_FIELD_JUMP	    0x60
#define RCPP_SHORT_JUMP	    2	 /* bytes */
#define RCPP_FIELD_AND	    0x70 /* V and what the form's bytes hold there, with their sign */
#define RCPP_FIELD_OFFSET   0x80 /* original, of a row with a remote: the remote's offset */
#define RCPP_FIELD_KIND(f)  ((f)&0xf0)
#define RCPP_FIELD_WIDTH(f) ((f)&0x0f)
#define RCPP_MARKER	    0x1b3c5a7e /* bytes 7e 5a 3c 1b */

/*
 * What VALUE, ADD and AND compute of V first: of the number N that the alternative looks at. What
 * divides by multiplication is in runtime/values.c, with its reasons.
 */
#define RCPP_FUNCTION_PLAIN	  0
#define RCPP_FUNCTION_NOT	  1 /* ~N */
#define RCPP_FUNCTION_NEG	  2 /* -N */
#define RCPP_FUNCTION_POPCNT	  3 /* how many bits are set */
#define RCPP_FUNCTION_TZCNT	  4 /* the lowest bit that is set; of 0 the number's width in bits */
#define RCPP_FUNCTION_LZCNT	  5 /* bits above the highest; of 0 the number's width in bits */
#define RCPP_FUNCTION_LOG	  6 /* the highest bit that is set in |N| */
#define RCPP_FUNCTION_REST	  7 /* the number's width in bits less LOG */
#define RCPP_FUNCTION_MASK	  8 /* N - 1 */
#define RCPP_FUNCTION_ABS	  9
#define RCPP_FUNCTION_SIGN	  10 /* 1 or -1 */
#define RCPP_FUNCTION_RECIPROCAL  11
#define RCPP_FUNCTION_UP	  12
#define RCPP_FUNCTION_DOWN	  13
#define RCPP_FUNCTION_MAGIC	  14
#define RCPP_FUNCTION_MAGIC_SHIFT 15
#define RCPP_FUNCTION_TIGHT	  16
#define RCPP_FUNCTION_TIGHT_SHIFT 17
#define RCPP_FUNCTION_LAST	  17
#define RCPP_FUNCTION_TIMES	  0x20 /* | 1 to 9: N times that */
#define RCPP_FUNCTION_TIMES_MAX	  9

/*
 * A carried displacement (carry_end != 0, in consumers only) is the %rip-relative displacement of
 * another symbol, which the linker put into the site. It is not checked, and it is kept: an
 * alternative of another length gets it corrected by the difference of the lengths. Such an
 * alternative is one instruction, and either all alternatives of a form carry it or none does:
 * otherwise a revert could not bring it back.
 */

#endif
