/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * rcpp: variables that settle during start-up become immediates in the code.
 *
 * Mark a variable with __patchable, compile through rcpp, link librcpp, call rcpp_patch() once the
 * variables have their values. Without rcpp and without the library (-DRCPP_OFF) the same source
 * compiles and runs: the references are plain loads then.
 */
#ifndef RCPP_H
#define RCPP_H

#ifndef __ASSEMBLER__
#ifdef __cplusplus
extern "C" {
#endif

/*
 * __patchable marks the definition or the declaration of a variable:
 *
 *	__patchable long b;
 *	static __patchable unsigned shift;
 *	extern __patchable long b;
 *
 * The section tells rcpp about definitions, the visibility about gcc's declarations, and `used`
 * stops the compiler from folding a static that this file never writes. No single set of attributes
 * fits all three places without "attribute ignored" from one compiler or the other, and a pragma
 * cannot stand inside of a declaration: so that warning is off in a file that includes this header.
 */
#if defined(__GNUC__) && defined(__x86_64__) && !defined(RCPP_OFF)
#ifdef __clang__
#pragma clang diagnostic ignored "-Wignored-attributes"
#else
#pragma GCC diagnostic ignored "-Wattributes"
#endif
#define __patchable __attribute__((section("rcpp_patchable"), visibility("internal"), used))

/*
 * The same for variables that every C++ file which uses them defines alike: inline variables, and
 * statics in inline functions. g++ does not put them into one section with others in the same file
 * ("section type conflict"); where it need not, and for clang++, __patchable is as good. (In
 * templates g++ ignores both: see README.md.) They stay writable after rcpp_patch().
 */
#define __patchable_inline                                                                         \
	__attribute__((section("rcpp_patchable_inline"), visibility("internal"), used))

/*
 * RCPP_EXTERN(name), at file scope after a declaration: clang, unlike gcc, leaves no trace of the
 * declaration's visibility. The name goes into a section that no linker keeps.
 */
#define RCPP_EXTERN(name)                                                                          \
	__asm__(".pushsection .rcpp_extern,\"e\",@progbits\n\t.asciz \"" #name "\"\n\t."           \
		"popsection")

/*
 * rcpp_const(b): the value of a patchable variable, or of a field of one, of 1, 2, 4 or 8 bytes, by
 * an instruction of its own: a load, or through rcpp, when patched, a move of an immediate. Plain
 * `b` is as good for most code. This is for where the compiler would rather read once and keep the
 * value in a register, or a callee-saved one, than read it where it is used.
 */
#define rcpp_const(variable)                                                                       \
	__extension__({                                                                            \
		unsigned long rcpp_value_;                                                         \
		switch (sizeof(variable)) {                                                        \
		case 1:                                                                            \
			__asm__("movzbl %1, %k0" : "=r"(rcpp_value_) : "m"(variable));             \
			break;                                                                     \
		case 2:                                                                            \
			__asm__("movzwl %1, %k0" : "=r"(rcpp_value_) : "m"(variable));             \
			break;                                                                     \
		case 4:                                                                            \
			__asm__("movl %1, %k0" : "=r"(rcpp_value_) : "m"(variable));               \
			break;                                                                     \
		default:                                                                           \
			__asm__("movq %1, %0" : "=r"(rcpp_value_) : "m"(variable));                \
			break;                                                                     \
		}                                                                                  \
		(__typeof__(variable))rcpp_value_;                                                 \
	})
#else
#define __patchable
#define __patchable_inline
#define RCPP_EXTERN(name)    struct rcpp_extern_##name
#define rcpp_const(variable) (variable)
#endif

/*
 * RCPP_VALUE(b): the operand for the value of b, or of b+8, in the template of an asm statement
 * that has operands (they make %% a %), between the string's pieces:
 *
 *	asm("movq " RCPP_VALUE(b) ", %0" : "=r"(x));
 *
 * It reads memory, so any assembler takes it, where the instruction can; through rcpp, when
 * patched, it is an immediate: $rcpp_value(b), which needs rcpp. The instruction says how many
 * bytes are read, as many as b has: movq, movl, movzwl, movzbl. The compiler sees neither the name
 * nor the read: b is a name in the assembly, of a variable that this program or library defines. A
 * static variable that -flto may rename, or one in a function, goes by "m"(b) or rcpp_const(b).
 */
#define RCPP_VALUE(variable) "/* rcpp_value */ " #variable "(%%rip)"

/* rcpp_shift_right(x, b): x >> b; patched, one shift by an immediate. */
#define rcpp_shift_right(x, variable) ((x) >> rcpp_const(variable))

/* What rcpp_stats() tells about all loaded modules. */
struct rcpp_stats {
	unsigned long sites;	   /* references that have a site */
	unsigned long patched;	   /* of these, how many hold an immediate now */
	unsigned long loads;	   /* of these, how many read memory: sites == patched + loads */
	unsigned long bytes;	   /* bytes of text in the sites */
	unsigned long nanoseconds; /* what the last rcpp_patch() or rcpp_revert() took */
};

/* For rcpp_configure(). */
#define RCPP_KEEP_WRITABLE 1u /* rcpp_patch() leaves the variables writable */
#define RCPP_NO_STOP	   2u /* the caller knows that no other thread runs code with sites */

#ifndef RCPP_OFF
/*
 * Put the variables' current values into every site of every loaded module. Call it when the
 * variables are settled and before other threads run code with sites; call it again after dlopen()
 * or after a change. A module is patched whole or not at all.
 * Returns 0, or -1 if a module could not be patched (rcpp_error() says why); such a module keeps
 * reading memory, or keeps what it had, and the program stays right.
 *
 * From then on the pages of a module's patchable variables are read-only, so that a later write
 * faults where it happens, instead of silently disagreeing with the code: call rcpp_revert() before
 * a change. That holds for the whole pages of the section rcpp_patchable; where all files that
 * define patchables are compiled through rcpp, these are all of them but C++'s inline variables.
 * Variables that are patchable by an option of rcpp lie among others and stay writable.
 *
 * With RCPP_DISABLE=1 in the environment it succeeds and does nothing.
 */
int rcpp_patch(void);

/*
 * The same for one module: the program or shared library that this address lies in. A library
 * patches itself by rcpp_patch_module() of anything of its own, and leaves the variables alone that
 * the program that loaded it has not settled yet.
 */
int rcpp_patch_module(const void *address);

/*
 * Put the original instructions back into every site, and make the variables writable again.
 * Returns 0, or -1 as rcpp_patch() does.
 */
int rcpp_revert(void);

/*
 * Choose what the next calls do: flags is 0, as at the start, or some of RCPP_KEEP_WRITABLE and
 * RCPP_NO_STOP.
 * Returns 0, or -1 if flags has others.
 */
int rcpp_configure(unsigned int flags);

/*
 * Which signal stops the other threads of the process; without a choice, one that nobody uses.
 * Returns 0, or -1 if somebody handles it.
 */
int rcpp_use_signal(int signal);

/* How long a call may try, in milliseconds: 1000 at the start. Returns 0. */
int rcpp_set_timeout(unsigned int milliseconds);

/* Fill in *stats from the text as it is now. Returns 0, or -1 if a module's tables are damaged. */
int rcpp_stats(struct rcpp_stats *stats);

/*
 * Compare every site that holds a value with its variable. Returns how many disagree, and
 * rcpp_error() names the first; -1 if a module's tables are damaged.
 */
int rcpp_verify(void);

/* Why the last call of this thread returned -1: a sentence in a buffer of the thread's own. */
const char *rcpp_error(void);
#else
static inline int rcpp_patch(void)
{
	return 0;
}
static inline int rcpp_patch_module(const void *address)
{
	(void)address;
	return 0;
}
static inline int rcpp_verify(void)
{
	return 0;
}
static inline int rcpp_revert(void)
{
	return 0;
}
static inline int rcpp_configure(unsigned int flags)
{
	return flags & ~(RCPP_KEEP_WRITABLE | RCPP_NO_STOP) ? -1 : 0;
}
static inline int rcpp_use_signal(int signal)
{
	(void)signal;
	return 0;
}
static inline int rcpp_set_timeout(unsigned int milliseconds)
{
	(void)milliseconds;
	return 0;
}
static inline int rcpp_stats(struct rcpp_stats *stats)
{
	stats->sites = stats->patched = stats->loads = stats->bytes = stats->nanoseconds = 0;
	return 0;
}
static inline const char *rcpp_error(void)
{
	return "";
}
#endif

#ifdef __cplusplus
}
#endif
#else
/*
 * In a .S file: RCPP_EXTERN(b) on a line of its own, and movq RCPP_VALUE(b), %rax. Where rcpp is
 * certain, $rcpp_value(b) is both, without this header.
 */
/* clang-format off */
#define RCPP_EXTERN(name) .pushsection .rcpp_extern,"e",@progbits; .asciz #name; .popsection
#define RCPP_VALUE(variable) variable(%rip)
/* clang-format on */
#endif
#endif
