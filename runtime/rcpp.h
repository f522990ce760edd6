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
/* Other processors, and the ABIs with 32-bit addresses, have no sites: RCPP_OFF is set there. */
#if !defined(RCPP_OFF) && (!defined(__GNUC__) || !defined(__x86_64__) || defined(__ILP32__))
#define RCPP_OFF
#endif

#include <stddef.h>
#ifdef __GNUC__
#define RCPP_COPY_ __builtin_memcpy
#else
#include <string.h>
#define RCPP_COPY_ memcpy
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* g++ -Wshadow warns that the function rcpp_stats() hides the structure of that name. */
#if defined(__cplusplus) && defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#endif

/* A new value for rcpp_update(): `size` bytes from `value` on go to `variable`. */
struct rcpp_change {
	void *variable;
	const void *value;
	size_t size;
};

#ifndef RCPP_OFF
/* One more string for each use, so that two uses in one file differ: name.LINE.NUMBER */
#define RCPP_STRING_(x)	  #x
#define RCPP_STRING(x)	  RCPP_STRING_(x)
#define RCPP_UNIQUE(name) name "." RCPP_STRING(__LINE__) "." RCPP_STRING(__COUNTER__)

/*
 * __patchable marks the definition or the declaration of a variable:
 *
 *	__patchable long b;
 *	static __patchable unsigned shift;
 *	extern __patchable long b;
 *
 * The section tells rcpp about definitions, the visibility about declarations, and `used` stops the
 * compiler from folding a static that this file never writes. The TLS model, which does not exist,
 * makes gcc refuse thread-local variables. (For clang there is an assertion below.)
 *
 * With any set of attributes that fits all three places, one of the compilers warns of an ignored
 * attribute. clang accepts pragmas inside of a declaration, so there the warning is off for the
 * attributes only. gcc does not, so there it is off from each #include of this header on. That
 * pragma is at the end of the header, outside of the guard, because precompiled headers and header
 * units lose pragmas.
 */
#ifdef __clang__
#define RCPP_MARK(section_name)                                                                    \
	_Pragma("clang diagnostic push")                                                           \
		_Pragma("clang diagnostic ignored \"-Wignored-attributes\"") _Pragma(              \
			"clang diagnostic ignored \"-Wsection\"")                                  \
			__attribute__((section(section_name), visibility("internal"), used))       \
			_Pragma("clang diagnostic pop")
#else
#define RCPP_MARK(section_name)                                                                    \
	__attribute__((section(section_name), visibility("internal"), used,                        \
		       tls_model("none: a thread-local variable cannot be patchable")))
#endif
#define __patchable RCPP_MARK("rcpp_patchable")

/*
 * The same for C++'s inline variables and statics in inline functions, which every file that uses
 * them defines. Each mark names a section of its own: of variables with one section's name, g++
 * puts all of a file into the group of the first (such files do not link with others), or reports a
 * "section type conflict". In templates and with header units g++ ignores the section: see
 * README.md. These variables stay writable after rcpp_patch().
 */
#define __patchable_inline RCPP_MARK(RCPP_UNIQUE(".data.rcpp_patchable_inline"))

/*
 * RCPP_EXTERN(name), at file scope after a declaration, marks what cannot have __patchable, such as
 * a declaration in somebody else's header, or a name in assembly. It writes the name into a section
 * that linkers drop.
 */
#define RCPP_EXTERN(name)                                                                          \
	__asm__(".pushsection .rcpp_extern,\"e\",@progbits\n\t.asciz \"" #name "\"\n\t."           \
		"popsection")

/*
 * For `extern __patchable` gcc writes .internal, which hardly anything else has. clang writes
 * .hidden, for hidden and for internal visibility. This empty section tells rcpp that in this file
 * .hidden may come from a mark.
 *
 * clang has no attribute that it refuses for thread-local variables only. It puts these into a
 * section of the same name with other flags, and GNU ld merges the two, so that the program
 * crashes. Hence an assertion about sections, all of which stay empty. clang numbers the sections
 * that share a name, and the first number goes to the first flags that it does not know. So we name
 * the flags that other variables have (aw, and a for const), and take number 1 for ourselves. If a
 * variable comes there, 2 is behind 1, and clang says "invalid number of bytes". GNU as needs none
 * of this: rcpp sees the flags. Newer versions of clang may count in another way.
 */
#ifdef __clang__
#if __clang_major__ >= 14 && __clang_major__ <= 19
#define RCPP_NO_THREAD_LOCAL_                                                                      \
	"\t.ifndef .gasversion.\n"                                                                 \
	"\t.section rcpp_patchable,\"aw\",@progbits\n"                                             \
	"\t.section rcpp_patchable,\"a\",@progbits,unique,99\n"                                    \
	"\t.section rcpp_patchable,\"aw\",@progbits,unique,1\n1:\t.subsection 1\n2:\n"             \
	"\t.section .rcpp_extern.hidden,\"e\",@progbits\n"                                         \
	"\t.skip 1b-2b # a thread-local variable cannot be patchable: remove __patchable\n"        \
	"\t.endif\n"
#else
#define RCPP_NO_THREAD_LOCAL_
#endif
__asm__("\t.pushsection .rcpp_extern.hidden,\"e\",@progbits\n" RCPP_NO_THREAD_LOCAL_
	"\t.popsection");
#endif

/*
 * __rcpp_init void setup(void) marks a function that runs before rcpp_patch(), or that must see a
 * change at once. The function, with all that is inlined into it, has no sites: it reads memory.
 * Functions that it calls have sites as usual. The compiler does not inline the function itself.
 */
#if defined(__clang__)
#define __rcpp_init __attribute__((section(".text.rcpp_init"), noinline))
#elif __GNUC__ < 8
#define __rcpp_init __attribute__((section(RCPP_UNIQUE(".text.rcpp_init")), noinline, noclone))
#else
#define __rcpp_init __attribute__((section(RCPP_UNIQUE(".text.rcpp_init")), noipa))
#endif

/*
 * Store new values in variables, patchable or not, and put them into the sites that hold values, at
 * one instant: every thread computes with all the old ones before and with all the new ones after.
 * In modules that are not patched the sites go on reading memory. Closed variables stay closed to
 * all other writes. No value may lie in one of the variables.
 * Returns 0, or -1 with nothing changed; librcpp(3) names two exceptions.
 */
int rcpp_update(const struct rcpp_change *changes, size_t count);

/*
 * rcpp_const(b): the value of a patchable variable, or of a field of one, by an instruction of its
 * own: a load, or through rcpp, when patched, a move of an immediate. Plain `b` is as good for most
 * code. This is for where the compiler would rather read once and keep the value in a register, or
 * a callee-saved one, than read it where it is used.
 *
 * It takes what fits a register: anything of 1, 2, 4 or 8 bytes, floating-point numbers and
 * structures too. Other sizes, and arrays, are errors at compile time.
 *
 * rcpp_load(b): the value of any variable, always from memory, now: never an immediate, and never
 * what an earlier read has left in a register. The address goes through an asm statement, so that
 * the compiler does not know what it points to. (rcpp must not follow addresses through inline
 * assembly either.)
 */
#define RCPP_READ_(variable, bits)                                                                 \
	switch (sizeof(variable)) {                                                                \
	case 1:                                                                                    \
		__asm__("movzbl %1, %k0" : "=r"(bits) : "m"(variable));                            \
		break;                                                                             \
	case 2:                                                                                    \
		__asm__("movzwl %1, %k0" : "=r"(bits) : "m"(variable));                            \
		break;                                                                             \
	case 4:                                                                                    \
		__asm__("movl %1, %k0" : "=r"(bits) : "m"(variable));                              \
		break;                                                                             \
	default:                                                                                   \
		__asm__("movq %1, %0" : "=r"(bits) : "m"(variable));                               \
		break;                                                                             \
	}
#define RCPP_FITS_(type) (sizeof(type) <= 8 && (sizeof(type) & (sizeof(type) - 1)) == 0)
#define RCPP_FITS_TEXT_                                                                            \
	"rcpp_const() takes 1, 2, 4 or 8 bytes and no array; use the plain name, or a field of it"

/* Numbered names, so that one may stand in an argument of another without hiding its names. */
#define rcpp_const(variable)	      RCPP_CONST_(variable, __COUNTER__)
#define RCPP_CONST_(variable, number) RCPP_CONST_N_(variable, number)
#define RCPP_CONST_N_(variable, number)                                                            \
	RCPP_CONST_OF_(variable, rcpp_type_##number, rcpp_bits_##number)
#ifdef __cplusplus
#define RCPP_CONST_OF_(variable, type, bits)                                                       \
	__extension__({                                                                            \
		typedef __typeof__(variable) type;                                                 \
		unsigned long bits;                                                                \
		RCPP_READ_(variable, bits)                                                         \
		rcpp_of_bits<type>::value_(bits);                                                  \
	})
#define rcpp_load(variable) rcpp_load_of(variable)
#define RCPP_SET_OF_(to, from, type, unused)                                                       \
	__extension__({                                                                            \
		typedef __typeof__(to) type;                                                       \
		rcpp_set_of<type>::set_(reinterpret_cast<const volatile char &>(to), from);        \
	})

extern "C++" {
#if __cplusplus >= 201103L
#define RCPP_CHECK_(condition, text) static_assert(condition, text)
#else
template <bool fits_> struct rcpp_const_takes_1_2_4_or_8_bytes;
template <> struct rcpp_const_takes_1_2_4_or_8_bytes<true> {
};
#define RCPP_CHECK_(condition, text)                                                               \
	typedef char check_[sizeof(rcpp_const_takes_1_2_4_or_8_bytes<(condition)>)]
#endif

/* A union and not memcpy(): the type need not have a constructor without arguments. */
template <typename Type_> struct rcpp_of_bits {
	RCPP_CHECK_(RCPP_FITS_(Type_), RCPP_FITS_TEXT_);
#if __cplusplus >= 201103L
	RCPP_CHECK_(__is_trivially_copyable(Type_),
		    "rcpp_const() copies bytes, and this type has a "
		    "constructor for copies");
#endif
	union both_ {
		unsigned long bits_;
		Type_ value_;
		__attribute__((always_inline)) both_(unsigned long number_) : bits_(number_)
		{
		}
	};
	__attribute__((always_inline)) static Type_ value_(unsigned long number_)
	{
		return both_(number_).value_;
	}
};
template <typename Type_> struct rcpp_of_bits<const Type_> : rcpp_of_bits<Type_> {
};
template <typename Type_> struct rcpp_of_bits<volatile Type_> : rcpp_of_bits<Type_> {
};
template <typename Type_> struct rcpp_of_bits<const volatile Type_> : rcpp_of_bits<Type_> {
};
template <typename Type_> struct rcpp_of_bits<Type_ &> : rcpp_of_bits<Type_> {
};
template <typename Type_, unsigned long size_> struct rcpp_of_bits<Type_[size_]> {
	RCPP_CHECK_(sizeof(Type_) == 0, RCPP_FITS_TEXT_);
};
template <typename Type_, unsigned long size_>
struct rcpp_of_bits<const Type_[size_]> : rcpp_of_bits<Type_[size_]> {
};

template <typename Type_> struct rcpp_set_of {
#if __cplusplus >= 201103L
	RCPP_CHECK_(__is_trivially_copyable(Type_),
		    "RCPP_SET() copies bytes, and this type has a constructor for copies");
#endif
	static int set_(const volatile char &variable_, Type_ value_)
	{
		struct rcpp_change change_;

		__asm__("" : "=r"(change_.variable) : "0"(&variable_));
		change_.value = &reinterpret_cast<const char &>(value_);
		change_.size = sizeof(Type_);
		return rcpp_update(&change_, 1);
	}
};
template <typename Type_> struct rcpp_set_of<const Type_> : rcpp_set_of<Type_> {
};
template <typename Type_> struct rcpp_set_of<volatile Type_> : rcpp_set_of<Type_> {
};
template <typename Type_> struct rcpp_set_of<const volatile Type_> : rcpp_set_of<Type_> {
};
template <typename Type_> struct rcpp_set_of<Type_ &> : rcpp_set_of<Type_> {
};
template <typename Type_, unsigned long size_> struct rcpp_set_of<Type_[size_]> {
	RCPP_CHECK_(sizeof(Type_) == 0, "RCPP_SET() takes no array: use rcpp_update()");
};
template <typename Type_, unsigned long size_>
struct rcpp_set_of<const Type_[size_]> : rcpp_set_of<Type_[size_]> {
};

/* Scalars are read through a volatile pointer; classes have no constructor for that. */
template <typename Type_, bool is_class_> struct rcpp_memory_of {
	typedef Type_ result_;
	typedef const volatile Type_ memory_;
};
template <typename Type_> struct rcpp_memory_of<Type_, true> {
	typedef const Type_ &result_;
	typedef const Type_ memory_;
};
template <typename Type_>
struct rcpp_load_type : rcpp_memory_of<Type_, __is_class(Type_) || __is_union(Type_)> {
};
template <typename Type_>
__attribute__((always_inline)) inline typename rcpp_load_type<Type_>::result_
rcpp_load_of(const volatile Type_ &variable_)
{
	typename rcpp_load_type<Type_>::memory_ *address_;

	__asm__ __volatile__(""
			     : "=r"(address_)
			     : "0"(&reinterpret_cast<const volatile char &>(variable_)));
	return *address_;
}
template <typename Type_, unsigned long size_>
__attribute__((always_inline)) inline const volatile Type_ (
	&rcpp_load_of(const volatile Type_ (&array_)[size_]))[size_]
{
	const volatile Type_(*address_)[size_];

	__asm__ __volatile__("" : "=r"(address_) : "0"(&array_));
	return *address_;
}
}
#else
/* The value's type, without const and volatile; it differs from the variable's with arrays. */
#define RCPP_VALUE_TYPE_(variable) __typeof__(((void)0, (variable)))
/* gcc treats _Atomic as a qualifier, as it does const. */
#if defined(__clang__) && defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define RCPP_IS_ATOMIC_(variable)                                                                  \
	__builtin_types_compatible_p(__typeof__(variable), _Atomic(RCPP_VALUE_TYPE_(variable)))
#else
#define RCPP_IS_ATOMIC_(variable) 0
#endif
#define RCPP_IS_NO_ARRAY_(variable)                                                                \
	(__builtin_types_compatible_p(__typeof__(variable), RCPP_VALUE_TYPE_(variable)) ||         \
	 RCPP_IS_ATOMIC_(variable))
#define RCPP_CONST_OF_(variable, type, bits)                                                       \
	__extension__({                                                                            \
		union {                                                                            \
			unsigned long number_;                                                     \
			RCPP_VALUE_TYPE_(variable) value_;                                         \
		} bits;                                                                            \
		_Static_assert(RCPP_FITS_(__typeof__(variable)) && RCPP_IS_NO_ARRAY_(variable),    \
			       RCPP_FITS_TEXT_);                                                   \
		RCPP_READ_(variable, bits.number_)                                                 \
		bits.value_;                                                                       \
	})
#define rcpp_load(variable)	       RCPP_LOAD_(variable, __COUNTER__)
#define RCPP_LOAD_(variable, number)   RCPP_LOAD_N_(variable, number)
#define RCPP_LOAD_N_(variable, number) RCPP_LOAD_OF_(variable, rcpp_address_##number)
#define RCPP_LOAD_OF_(variable, address)                                                           \
	(*__extension__({                                                                          \
		const volatile __typeof__(variable) *address;                                      \
		__asm__ __volatile__("" : "=r"(address) : "0"(&(variable)));                       \
		address;                                                                           \
	}))
#define RCPP_SET_OF_(to, from, copy, change)                                                       \
	__extension__({                                                                            \
		RCPP_VALUE_TYPE_(to) copy = (from);                                                \
		struct rcpp_change change = {NULL, &copy, sizeof(copy)};                           \
		_Static_assert(RCPP_IS_NO_ARRAY_(to),                                              \
			       "RCPP_SET() takes no array: use rcpp_update()");                    \
		__asm__("" : "=r"(change.variable) : "0"(&(to)));                                  \
		rcpp_update(&change, 1);                                                           \
	})
#endif
#define RCPP_SET(to, from)	    RCPP_SET_(to, from, __COUNTER__)
#define RCPP_SET_(to, from, number) RCPP_SET_N_(to, from, number)
#define RCPP_SET_N_(to, from, number)                                                              \
	RCPP_SET_OF_(to, from, rcpp_copy_##number, rcpp_change_##number)
#else
#define __patchable
#define __patchable_inline
#define __rcpp_init
#define RCPP_EXTERN(name)    struct rcpp_extern_##name
#define rcpp_const(variable) (variable)
#define rcpp_load(variable)  (variable)
#define RCPP_SET(to, from)   ((void)((to) = (from)), 0)
#endif

/*
 * RCPP_VALUE(b): the operand for the value of b, or of b+8, in the template of an asm statement
 * that has operands (which turn %% into %), between the string's pieces:
 *
 *	asm("movq " RCPP_VALUE(b) ", %0" : "=r"(x));
 *
 * It is a memory operand, so any assembler takes it; through rcpp, when patched, it is an
 * immediate, like $rcpp_value(b), which needs rcpp. The instruction says how many bytes are read,
 * as many as b has: movq, movl, movzwl, movzbl. The compiler sees neither the name nor the read: b
 * is a name in the assembly, of a variable that this program or library defines. A static variable
 * that -flto may rename, or one in a function, goes by "m"(b) or rcpp_const(b).
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
#define RCPP_KEEP_WRITABLE  1u /* rcpp_patch() leaves the variables writable */
#define RCPP_NO_STOP	    2u /* stop no threads: the caller knows that none runs code with sites */
#define RCPP_EXPLAIN_FAULTS 4u /* name the variable when a late write ends the program */

#ifndef RCPP_OFF
/*
 * Put the variables' current values into every site of every loaded module. Call it when the
 * variables are settled, and again after dlopen() or after a change. It may be called at any time:
 * other threads are stopped for a moment. A module is patched whole or not at all.
 * Returns 0, or -1 if a module could not be patched (rcpp_error() says why). Such a module keeps
 * the code that it had, and the program stays right.
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
 * The same for one module: the program or shared library that this address lies in. A library can
 * patch itself with the address of any function or variable of its own. The program's variables,
 * which may not be settled yet, are left alone.
 * Returns 0, or -1 as rcpp_patch() does, or if the address lies in no module.
 */
int rcpp_patch_module(const void *);

/*
 * Put the original instructions back into every site, and make the variables writable again.
 * Returns 0, or -1 as rcpp_patch() does.
 */
int rcpp_revert(void);

/*
 * Choose what the next calls do. flags is 0, as at the start, or any of RCPP_KEEP_WRITABLE,
 * RCPP_NO_STOP and RCPP_EXPLAIN_FAULTS, combined by |.
 * Returns 0, or -1 for unknown flags.
 */
int rcpp_configure(unsigned int flags);

/*
 * Choose the signal that stops the other threads of the process. Without this call it is the
 * highest real-time signal that has no handler. SIGRTMIN - 1 is the C library's own, which goes on
 * working: it stops threads that block all signals, too.
 * Returns 0, or -1 if the signal has a handler already or cannot have one.
 */
int rcpp_use_signal(int);

/* How long a call may wait for other threads, in milliseconds: 1000 at the start. Returns 0. */
int rcpp_set_timeout(unsigned int);

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
/* C89 has no `inline`; gcc and clang have it under another name, which needs no standard. */
#ifdef __GNUC__
#define RCPP_INLINE static __inline__
#elif defined(__cplusplus) || (defined(__STDC_VERSION__) && __STDC_VERSION__ >= 199901L)
#define RCPP_INLINE static inline
#else
#define RCPP_INLINE static
#endif
RCPP_INLINE int rcpp_patch(void)
{
	return 0;
}
RCPP_INLINE int rcpp_patch_module(const void *rcpp_address_)
{
	(void)rcpp_address_;
	return 0;
}
RCPP_INLINE int rcpp_update(const struct rcpp_change *rcpp_changes_, size_t rcpp_count_)
{
	for (; rcpp_count_; rcpp_count_--, rcpp_changes_++)
		RCPP_COPY_(rcpp_changes_->variable, rcpp_changes_->value, rcpp_changes_->size);
	return 0;
}
RCPP_INLINE int rcpp_verify(void)
{
	return 0;
}
RCPP_INLINE int rcpp_revert(void)
{
	return 0;
}
RCPP_INLINE int rcpp_configure(unsigned int flags)
{
	return flags & ~(RCPP_KEEP_WRITABLE | RCPP_NO_STOP | RCPP_EXPLAIN_FAULTS) ? -1 : 0;
}
RCPP_INLINE int rcpp_use_signal(int rcpp_signal_)
{
	(void)rcpp_signal_;
	return 0;
}
RCPP_INLINE int rcpp_set_timeout(unsigned int rcpp_milliseconds_)
{
	(void)rcpp_milliseconds_;
	return 0;
}
RCPP_INLINE int rcpp_stats(struct rcpp_stats *stats)
{
	stats->sites = stats->patched = stats->loads = stats->bytes = stats->nanoseconds = 0;
	return 0;
}
RCPP_INLINE const char *rcpp_error(void)
{
	return "";
}
#endif

#if defined(__cplusplus) && defined(__GNUC__)
#pragma GCC diagnostic pop
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

#if defined(__GNUC__) && !defined(__clang__) && !defined(RCPP_OFF) && !defined(__ASSEMBLER__)
#pragma GCC diagnostic ignored "-Wattributes"
#endif
