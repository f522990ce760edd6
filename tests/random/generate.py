#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""
Random C programs full of patchable variables.

In: a seed. Out: one program of one or two files, always the same one for the same seed, to be
linked with harness.c: set_values() gives every patchable its value of a round, check() calls every
function with several arguments and reports the results. The programs are well-defined under
-fwrapv -fno-strict-aliasing on x86-64, whatever the values: two builds must agree on every line.

What programs in the field do with variables that settle early, and what makes compilers emit rare
instructions, stands here as templates; the mixture is random. No value is settled before run time,
no patchable is written outside of set_values(), and no result depends on an address that differs
from run to run.

    generate.py SEED DIRECTORY [remote]  writes a.c, and b.c if there is a second file; with
                                         `remote` most variables have no mark, but default
                                         visibility, and their names go into the file symbols
"""

import random
import re
import sys

INTEGERS = ["u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64"]
BITS = {"u8": 8, "i8": 8, "u16": 16, "i16": 16, "u32": 32, "i32": 32, "u64": 64, "i64": 64}
ROUNDS = 4
SLOTS = 64  # random values of a round; patchables share them

PRELUDE = """\
#include "rcpp.h"
typedef unsigned char u8;
typedef signed char i8;
typedef unsigned short u16;
typedef short i16;
typedef unsigned int u32;
typedef int i32;
typedef unsigned long u64;
typedef long i64;
typedef unsigned __int128 u128;
typedef __int128 i128;
typedef u64 binary(u64, u64);
typedef void unary(u64);
enum colour { RED, GREEN, BLUE = 77, FAR = 0x7fffffff };
union overlay { u64 whole; u32 half[2]; i16 words[4]; u8 bytes[8]; };
#ifdef __clang__
#define NOINLINE __attribute__((noinline))
#define FOR_GCC(...)
#define FOR_CLANG(...) __VA_ARGS__
#else
#define NOINLINE __attribute__((noinline, noclone))
#define FOR_GCC(...) __VA_ARGS__
#define FOR_CLANG(...)
#endif
#define INIT __attribute__((noinline, section(".text.rcpp_init")))
#define UNSIGNED(t, a, op, b) ({ t b_ = (b); t a_ = (a); b_ ? (t)(a_ op b_) : (t)77; })
#define SIGNED(t, a, op, b) ({ t b_ = (b); t a_ = (a); b_ == 0 || b_ == -1 ? a_ : (t)(a_ op b_); })
#define OVERFLOW(op, t, a, b) \\
\t({ t r_; _Bool o_ = __builtin_##op##_overflow((t)(a), (t)(b), &r_); (u64)r_ + o_; })
#define ROTATE(t, a, b) \\
\t({ t a_ = (a); u32 b_ = (b); \\
\t   (t)(a_ << (b_ & (sizeof(t) * 8 - 1)) | a_ >> (-b_ & (sizeof(t) * 8 - 1))); })
#define COUNT(f, a) ({ u64 a_ = (a); a_ ? __builtin_##f(a_) : 64; })
#define WHOLE(d) ({ double d_ = (d); d_ > -1e15 && d_ < 1e15 ? (u64)(i64)d_ : 5; })
extern char *region[6];
extern u64 shared[16];
extern int fuel;
extern binary *const targets[3];
extern unary *const hooks[3];
void rare(u64, u64);
void clean_up(u64 *);
void report(u64);
void give_up(u64) __attribute__((noreturn, cold));
extern u64 escape[32], escaped;
void finish(const char *);
int _setjmp(void *) __attribute__((returns_twice));
void longjmp(void *, int) __attribute__((noreturn));
void *memcpy(void *, const void *, unsigned long);
void *memset(void *, int, unsigned long);
#define REPORT(x) ({ if (_setjmp(escape) == 0) report(x); else report(escaped); })
"""

CONSTANTS = ["0", "1", "-1", "2", "5", "7", "31", "63", "0x7f", "0x80", "0xff", "255u", "0x7fff",
             "0x7fffffff", "0x80000000u", "0xffffffffu", "0x100000000ul", "0x7fffffffffffffffl",
             "0x8000000000000000ul", "0x12345678", "1000003", "0x123456789abcdefl"]

EDGES = [0, 1, 2, 3, 5, 7, 8, 31, 32, 33, 63, 64, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff,
         2**31 - 1, 2**31, 2**31 - 2**20 - 1, 2**31 - 2**20, 2**32 - 1, 2**32, 2**63 - 1, 2**63,
         2**64 - 1, 2**64 - 2, 2**64 - 0x80, 2**64 - 2**31, 2**64 - 2**31 - 1,
         2**64 - 2**31 + 2**20, 0xdeadbeef, 0x123456789abcdef0]

# Inline assembly. L1, L2: u64 locals that may change. X1, X2: any values, as u64. M8, M4, M2, M1:
# a patchable of that many bytes, as a memory operand. ID: a number for labels. Instructions that a
# processor may lack stand behind a test of the macro that the compiler defines for them.
ASSEMBLY = [
    r'asm("addq %2,%0\n\tadcq %3,%1" : "+r"(L1), "+r"(L2) : "rm"(X1), "rm"(X2) : "cc");',
    r'{ _Bool c, z; asm("subq %3,%0" : "+r"(L1), "=@ccc"(c), "=@ccz"(z) : "rm"(X1));'
    r' shared[4] += c + 2 * z; }',
    r'{ _Bool c; asm("btq %2,%1" : "=@ccc"(c) : "r"(L1), "r"(X1)); shared[5] += c; }',
    r'asm("clc\n\tshlq %%cl,%0\n\trcrq $1,%0" : "+r"(L1) : "c"(X1) : "cc");',
    r'asm("stc\n\trcll %%cl,%k0\n\tadcl $3,%k0" : "+r"(L1) : "c"(X1) : "cc");',
    r'asm("movl %k1,%%eax\n\taddq %%rax,%0\n\tshrl $3,%%eax\n\tadcq %%rax,%0"'
    r' : "+r"(L1) : "r"(X1) : "rax", "cc");',
    r'asm("xchgq %0,%1" : "+r"(L1), "+r"(L2)); L1 ^= X1;',
    r'{ u64 low = X1, high; asm("mulq %3" : "=a"(low), "=d"(high) : "0"(low), "rm"(X2) : "cc");'
    r' shared[6] += low ^ high; }',
    r'{ u64 low = X1, high = 0; asm("divq %2" : "+a"(low), "+d"(high) : "rm"(X2 | 1) : "cc");'
    r' shared[6] += low ^ high; }',
    r'asm("cmpq %2,%0\n\tcmovaq %1,%0" : "+r"(L1) : "rm"(X1), "r"(X2) : "cc");',
    r'{ char buffer[16]; u64 count = X1 & 15; void *to = buffer; memset(buffer, 0, 16);'
    r' asm volatile("rep stosb" : "+D"(to), "+c"(count) : "a"(X2) : "memory");'
    r' shared[7] += buffer[3] * 7 + buffer[9]; }',
    r'asm("bswapq %0\n\ttestq %1,%1\n\tjns 1f\n\tincq %0\n1:\taddq %1,%0"'
    r' : "+r"(L1) : "r"(X1) : "cc");',
    r'{ u64 t = X1; asm("movb %b1,%h0" : "+Q"(L1) : "Q"(t)); }',
    r'asm("shldq %%cl,%1,%0" : "+r"(L1) : "r"(L2), "c"((u8)X1) : "cc");',
    r'asm("leaq 3(%1,%2,4),%0" : "=r"(L1) : "r"(L2), "r"(X1));',
    r'asm("" : "+r"(L1)); L1 += X1;',
    r'{ register u64 p asm("r10") = X1; register u64 q asm("r9") = X2;'
    r' asm("leaq (%1,%2),%0" : "=r"(L1) : "r"(p), "r"(q)); }',
    r'{ register u64 p asm("rbx") = X1; asm volatile("addq %1,%0" : "+r"(L1) : "r"(p) : "cc"); }',
    r'{ u64 x = X1; asm goto("testq %0,%0\n\tjs %l1" : : "r"(x) : "cc" : negative_ID);'
    r' shared[9] += 3; negative_ID: shared[9] ^= x; }',
    r'asm("crc32q %1,%0" : "+r"(L1) : "rm"(X1));',
    r'asm volatile("" : : : "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "cc");'
    r' L2 ^= X1;',
    # the patchable itself is the operand
    r'asm("addq %1,%0\n\tadcl %2,%k0" : "+r"(L1) : "m"(M8), "m"(M4) : "cc");',
    r'asm("movl %1,%k0" : "=r"(L1) : "m"(M4));',
    r'asm("movb %1,%b0" : "+q"(L1) : "m"(M1));',
    r'asm("movw %1,%w0; addw %1,%w0" : "+r"(L1) : "m"(M2) : "cc");',
    r'asm("movsbq %1,%0" : "=r"(L1) : "m"(M1));',
    r'asm("movswl %1,%k0\n\trorq $3,%0" : "=r"(L1) : "m"(M2) : "cc");',
    r'asm("movslq %1,%0" : "=r"(L1) : "m"(M4));',
    r'asm("cmpq %1,%0\n\tcmovbq %2,%0" : "+r"(L1) : "m"(M8), "m"(M8) : "cc");',
    r'asm("cmpw $5,%1\n\tsetle %b0" : "+q"(L1) : "m"(M2) : "cc");',
    r'asm("cmpb $-3,%1\n\tsbbq %0,%0" : "+r"(L1) : "m"(M1) : "cc");',
    r'asm("cmpl $1,%1\n\tadcq $3,%0" : "+r"(L1) : "m"(M4) : "cc");',
    r'asm("cmpq $-5,%1\n\tmovq %2,%0\n\tsbbq $-1,%0" : "+&r"(L1) : "m"(M8), "r"(X1) : "cc");',
    r'asm("movw %1,%%cx\n\tcmpw $77,%%cx\n\trclq $1,%0" : "+r"(L1) : "m"(M2) : "rcx", "cc");',
    r'asm("testl $0x80001000,%1\n\tjz 1f\n\tnotq %0\n1:" : "+r"(L1) : "m"(M4) : "cc");',
    r'asm("testb %b0,%1\n\tsetnp %b0" : "+q"(L1) : "m"(M1) : "cc");',
    r'asm("imulq %1,%0" : "+r"(L1) : "m"(M8) : "cc");',
    r'asm("imulw $77,%1,%w0" : "+r"(L1) : "m"(M2) : "cc");',
    r'asm("imull $-1000,%1,%k0" : "=r"(L1) : "m"(M4) : "cc");',
    r'asm("btl $3,%1\n\tadcq %0,%0" : "+r"(L1) : "m"(M4) : "cc");',
    r'asm("popcntq %1,%0\n\tbsrl %2,%k0" : "+r"(L1) : "m"(M8), "m"(M4) : "cc");',
    r'asm("tzcntw %1,%w0" : "+r"(L1) : "m"(M2) : "cc");',
    r'asm("crc32b %1,%k0\n\tcrc32q %2,%0" : "+r"(L1) : "m"(M1), "m"(M8));',
    r'asm("leaq -128(%%rsp),%%rsp\n\tpushq %1\n\tpopq %0\n\tleaq 128(%%rsp),%%rsp"'
    r' : "=r"(L1) : "m"(M8));',
    r'{ u64 low = X1, high; asm("mulq %3" : "=a"(low), "=d"(high) : "0"(low), "m"(M8) : "cc");'
    r' shared[6] += low + high; }',
    r'{ u64 low = X1; asm("mulb %1\n\tmovzwl %%ax,%%eax" : "+a"(low) : "m"(M1) : "cc");'
    r' shared[6] ^= low; }',
    r'asm("movl %1,%%ecx\n\tshlq %%cl,%0\n\tmovl %2,%%ecx\n\tsarl %%cl,%k0"'
    r' : "+r"(L1) : "m"(M4), "m"(M4) : "rcx", "cc");',
    r'asm("movq %1,%%rcx\n\tsubq %%rcx,%0" : "+r"(L1) : "m"(M8) : "rcx", "cc");',
    r'asm("movq %1,%%rdx\n\tleaq 5(%%rdx,%0,2),%0" : "+r"(L1) : "m"(M8) : "rdx", "cc");',
    r'asm("movzbl %1,%%eax; xorl %%eax,%k0; movzwl %2,%%eax; cmpw %%ax,%w0; cmovgq %%rax,%0"'
    r' : "+r"(L1) : "m"(M1), "m"(M2) : "rax", "cc");',
    r'asm("movq %1,%%xmm7\n\tmovq %%xmm7,%0" : "=r"(L1) : "m"(M8) : "xmm7");',
    r'asm("cmpq %0,%1\n\tja 1f\n\txorq %1,%0\n\tjmp 2f\n1:\tsubq %1,%0\n2:"'
    r' : "+r"(L1) : "m"(M8) : "cc");',
    '\n#ifdef __BMI2__\n' +
    r'asm("shlxq %1,%0,%0\n\tpdepq %2,%0,%0" : "+r"(L1) : "r"(X1), "m"(M8));' +
    r'asm("rorxq $7,%2,%%rdx\n\tmulxq %2,%1,%0" : "=r"(L1), "=&r"(L2) : "m"(M8) : "rdx");' +
    '\n#endif',
    '\n#ifdef __BMI__\n' +
    r'asm("andnq %1,%0,%0\n\tbextrq %0,%2,%0" : "+r"(L1) : "m"(M8), "m"(M8) : "cc");' +
    '\n#endif',
    '\n#ifdef __ADX__\n' +
    r'asm("testl %k0,%k0\n\tadcxq %1,%0\n\tadoxq %2,%0" : "+r"(L1) : "m"(M8), "m"(M8) : "cc");' +
    '\n#endif',
]


# Numbers around what guards and immediates promise: RCPP_ADDEND_MAX is 1 << 20.
NUMBERS = [0, 1, -1, 5, 8, -8, 0x7f, 0x80, -0x80, -0x81, 0x1000, 2**20, -2**20, 2**20 + 1,
           -2**20 - 1, 2**31 - 1, -2**31, 2**31 - 2**20]

# Uses of one value, as inline assembly: %rcx holds it, %rdx may change, %0 and %1 are u64 locals,
# C is a number, %3 a register that makes C(%rcx,%3) the address of %2, a cell of memory.
CONSUMERS = [
    r"addq %%rcx,%0", r"subl %%ecx,%k1", r"xorb %%cl,%b0", r"orw %%cx,%w0",
    r"movq %%rcx,%2", r"movl %%ecx,%2", r"addq %%rcx,%2", r"imulq %%rcx,%1",
    r"imull %%ecx,%k0", r"cmpq %%rcx,%0; setb %b1", r"testl %%ecx,%k1; cmovsq %1,%0",
    r"shlq %%cl,%0", r"rorl %%cl,%k1", r"shrdq %%cl,%0,%1", r"popcntl %%ecx,%%edx; addq %%rdx,%0",
    r"leal C(%%rcx),%%edx; addq %%rdx,%0", r"leaq C(%%rcx),%%rdx; xorq %%rdx,%1",
    r"leaq C(%%rcx,%%rcx,2),%%rdx; subq %%rdx,%0", r"leal C(,%%rcx,8),%%edx; xorq %%rdx,%1",
    r"leaq C(%%rcx,%0),%1", r"leal C(%1,%%rcx),%k0", r"movzbl C(%%rcx,%3),%%edx; addq %%rdx,%0",
    r"xorq %1,C(%3,%%rcx)", r"movb %b0,C(%%rcx,%3)",
    r"cmpq $C,%%rcx; setle %b0", r"cmpl $C,%%ecx; cmovbq %1,%0", r"testq $C,%%rcx; sete %b1",
    r"testq %%rcx,%%rcx; cmovgq %0,%1", r"btq $41,%%rcx; setc %b0", r"btl $3,%%ecx; adcq %0,%1"]
# They write %rcx, so they come last.
LAST_CONSUMERS = [
    r"notq %%rcx; addq %%rcx,%0", r"negl %%ecx; xorq %%rcx,%1", r"andq $C,%%rcx; orq %%rcx,%0",
    r"andl $C,%%ecx; addq %%rcx,%1", r"addq %0,%%rcx; movq %%rcx,%1",
    r"leal C(%%rcx,%%rcx,4),%%ecx; addq %%rcx,%1", r"leaq C(%%rcx,%0),%%rcx; movq %%rcx,%1",
    r"movq C(%%rcx,%3),%%rcx; addq %%rcx,%0", r"andl $C,%%ecx; cmpl $C,%%ecx; setle %b0",
    r"andq $C,%%rcx; cmovsq %0,%1", r"subl $C,%%ecx; sete %b0", r"xorb $9,%%cl; setp %b1",
    r"shrq $3,%%rcx; notq %%rcx; testq $C,%%rcx; cmovsq %1,%0",
    r"addl $C,%%ecx; sarl $5,%%ecx; negl %%ecx; cmpq $C,%%rcx; cmovaq %1,%0",
    r"orw $4096,%%cx; cmpw $4097,%%cx; setb %b0; xorq %%rcx,%1"]


# What reads the flags of a compare, as inline assembly; CC is a condition.
READERS = [r"setCC %b0", r"cmovCCq %1,%0", r"cmovCCl %k0,%k1", r"cmovCCw %w1,%w0",
           r"cmovCCq %2,%1", r"setCC %%dl; movzbl %%dl,%%edx; leaq (%%rdx,%1,2),%1",
           r"setCC %%dl; movzbl %%dl,%%edx; leaq (%0,%%rdx,8),%0"]
CONDITIONS = "b ae be a l ge le g".split() * 3 + "e ne c nae nl nge s ns o p".split()


class Unit:
    """A source file: what is declared in it, and what its functions can read."""

    def __init__(self, letter):
        self.letter = letter
        self.declarations = []
        self.assignments = []  # statements of set_values()
        self.functions = []  # their text
        self.callees = []  # Function objects that may be called from what is added next
        self.integers = []  # expressions
        self.memory = {1: [], 2: [], 4: [], 8: []}  # integers that are lvalues, by size
        self.flags = []  # 0 or 1
        self.counts = []  # 0 to 31
        self.divisors = []  # positive, as i32
        self.pointers = []  # (expression, element type)
        self.records = []  # expressions of type struct record
        self.record_pointers = []
        self.binaries = []  # expressions that can be called with two arguments
        self.hooks = []  # with one, or null
        self.floats = []


class Function:
    def __init__(self, name, result, parameters, variadic):
        self.name = name
        self.result = result  # types
        self.parameters = parameters
        self.variadic = variadic


class Scope:
    """Where a statement stands: the locals it can use, and what is forbidden."""

    def __init__(self, unit, local_variables, inlined, kinds=None):
        self.unit = unit
        self.locals = local_variables  # all of type u64
        self.inlined = inlined  # no labels whose address is taken, nothing that returns twice
        self.kinds = set() if kinds is None else kinds  # what the function has: see admit()

    def admit(self, kind):
        """No computed goto may enter the scope of a clean-up: a function has one or the other."""
        self.kinds.add(kind)
        return len(self.kinds) == 1


def indent(lines):
    return ["\t" + line if not line.startswith("#") else line for line in lines]


class Generator:
    def __init__(self, seed, remote=False):
        self.random = random.Random(seed)
        self.remote = remote  # most patchables have no mark, but default visibility
        self.symbols = []  # their names
        self.units = [Unit("a")]
        if self.random.random() < 0.3:
            self.units.append(Unit("b"))
        self.number = 0  # of labels and variables
        self.slot = 0
        self.fields = []  # of struct record: (name, type)

    # --- chance

    def choice(self, options):
        return self.random.choice(options)

    def chance(self, probability):
        return self.random.random() < probability

    def unique(self):
        self.number += 1
        return self.number

    # --- variables

    def value(self):
        """The expression of a random value of the round."""
        self.slot += 1
        return f"values[round][{self.slot % SLOTS}]"

    def declare(self, declarator):
        """
        Declares a patchable where a random choice puts it. Returns the units that see it, first of
        them the one that defines it. The declarator's type, a space, and its name come last.
        """
        units = self.units
        name = declarator.replace("*", " ").split("[")[0].split()[-1]
        if self.remote and self.chance(0.85):
            self.symbols.append(name)
            units = self.random.sample(units, self.random.randint(1, len(units)))
            for unit in units:
                unit.declarations.append(f"{'' if unit is units[0] else 'extern '}{declarator};")
            return units
        if len(units) == 1 or self.chance(0.5):
            unit = self.choice(units)
            static = "static " if self.chance(0.7) else ""
            unit.declarations.append(f"{static}__patchable {declarator};")
            return [unit]
        owner, other = self.random.sample(units, 2)
        owner.declarations.append(f"__patchable {declarator};")
        other.declarations.append(f"extern __patchable {declarator};")
        other.declarations.append(f"RCPP_EXTERN({name});")
        return [owner, other]

    def add_integer(self, kind):
        name = f"p{self.unique()}"
        volatile = "volatile " if self.chance(0.08) else ""
        units = self.declare(f"{volatile}{kind} {name}")
        units[0].assignments.append(f"{name} = ({kind}){self.value()};")
        for unit in units:
            unit.integers.append(name)
            unit.memory[BITS[kind] // 8].append(name)

    def add_wide(self):
        name = f"wide{self.unique()}"
        units = self.declare(f"{self.choice(['u128', 'i128'])} {name}")
        units[0].assignments.append(f"{name} = (u128){self.value()} << 64 | {self.value()};")
        for unit in units:
            unit.integers.append(name)

    def add_flag(self):
        name = f"flag{self.unique()}"
        kind = self.choice(["_Bool", "_Bool", "int", "u8", "enum colour"])
        units = self.declare(f"{kind} {name}")
        units[0].assignments.append(f"{name} = ({self.value()} >> {self.choice([0, 13])}) & 1;")
        for unit in units:
            unit.flags.append(name)
            unit.integers.append(name)

    def add_count(self):
        name = f"count{self.unique()}"
        kind = self.choice(["u8", "i32", "u32", "u64", "u16"])
        units = self.declare(f"{kind} {name}")
        units[0].assignments.append(f"{name} = {self.value()} & 31;")
        for unit in units:
            unit.counts.append(name)

    def add_divisor(self):
        name = f"divisor{self.unique()}"
        kind = self.choice(["u8", "i32", "u32", "u64", "i64", "i16"])
        units = self.declare(f"{kind} {name}")
        units[0].assignments.append(f"{name} = ({self.value()} & {(1 << BITS[kind] - 1) - 1}) | 1;")
        for unit in units:
            unit.divisors.append(name)

    def add_pointer(self):
        name = f"table{self.unique()}"
        kind = self.choice(["u8", "i8", "u16", "i16", "u32", "i32", "u64", "u64", "i64"])
        units = self.declare(f"{kind} *{name}")
        units[0].assignments.append(f"{name} = ({kind} *)region[{self.value()} % 6];")
        for unit in units:
            unit.pointers.append((name, kind))
            unit.integers.append(f"(u64){name}")

    def add_record_pointer(self):
        name = f"record{self.unique()}"
        units = self.declare(f"struct record *{name}")
        units[0].assignments.append(f"{name} = (struct record *)region[{self.value()} % 6];")
        for unit in units:
            unit.record_pointers.append(name)

    def add_function_pointer(self):
        number = self.unique()
        units = self.declare(f"binary *call{number}")
        units[0].assignments.append(f"call{number} = targets[{self.value()} % 3];")
        hook_units = self.declare(f"unary *hook{number}")
        hook_units[0].assignments.append(f"hook{number} = hooks[{self.value()} % 3];")
        for unit in units:
            unit.binaries.append(f"call{number}")
        for unit in hook_units:
            unit.hooks.append(f"hook{number}")

    def add_float(self):
        name = f"real{self.unique()}"
        kind = self.choice(["float", "double", "double", "long double"])
        units = self.declare(f"{kind} {name}")
        units[0].assignments.append(f"{name} = ({kind})(i32){self.value()};")
        for unit in units:
            unit.floats.append(name)

    def add_array(self):
        name = f"array{self.unique()}"
        kind = self.choice(INTEGERS)
        length = self.choice([2, 3, 5, 8])
        units = self.declare(f"{kind} {name}[{length}]")
        for index in range(length):
            units[0].assignments.append(f"{name}[{index}] = ({kind}){self.value()};")
            for unit in units:
                unit.integers.append(f"{name}[{index}]")
                unit.memory[BITS[kind] // 8].append(f"{name}[{index}]")
        for unit in units:
            unit.integers.append(f"{name}[{self.choice(CONSTANTS)} ? {length - 1} : 0]")

    def add_union(self):
        name = f"overlay{self.unique()}"
        units = self.declare(f"union overlay {name}")
        units[0].assignments.append(f"{name}.whole = {self.value()};")
        for unit in units:
            for field in ["whole", "half[0]", "half[1]", "words[1]", "words[3]", "bytes[7]"]:
                unit.integers.append(f"{name}.{field}")

    def define_record(self):
        """struct record, the same in all units: random fields, bit-fields and arrays."""
        lines = []
        for number in range(self.random.randint(5, 11)):
            name = f"f{number}"
            kind = self.choice(INTEGERS)
            form = self.random.random()
            if form < 0.4:
                width = self.random.randint(1, BITS[kind])
                lines.append(f"{kind} {name} : {width};")
                self.fields.append(name)
            elif form < 0.5:
                lines.append(f"_Bool {name} : 1;")
                self.fields.append(name)
            elif form < 0.6:
                length = self.random.randint(2, 5)
                lines.append(f"{kind} {name}[{length}];")
                self.fields.append(f"{name}[{self.random.randint(0, length - 1)}]")
            elif form < 0.7:
                lines.append(f"struct {{ u8 a; {kind} b; i64 c : 33; }} {name};")
                self.fields.append(f"{name}.{self.choice('abc')}")
            else:
                lines.append(f"{kind} {name};")
                self.fields.append(name)
        packed = " __attribute__((packed))" if self.chance(0.2) else ""
        return ["struct record {"] + indent(lines) + [f"}}{packed};"]

    def add_record(self):
        name = f"config{self.unique()}"
        length = self.choice([0, 0, 2, 3])
        units = self.declare(f"struct record {name}" + (f"[{length}]" if length else ""))
        for index in range(length or 1):
            one = f"{name}[{index}]" if length else name
            for field in self.fields:
                units[0].assignments.append(f"{one}.{field} = {self.value()};")
            for unit in units:
                unit.records.append(one)
                for field in self.fields:
                    unit.integers.append(f"{one}.{field}")

    def add_patchables(self):
        for kind in self.random.sample(INTEGERS, 4) + ["u64", "i64", "u32", "i32"]:
            self.add_integer(kind)
        more = [self.add_flag, self.add_count, self.add_divisor, self.add_pointer,
                self.add_function_pointer, self.add_record]
        rarer = [self.add_wide, self.add_record_pointer, self.add_float, self.add_array,
                 self.add_union, self.add_pointer, self.add_record, self.add_count, self.add_flag]
        for add in more + self.random.sample(rarer, self.random.randint(2, 6)):
            add()
        for unit in self.units:  # every kind of expression must exist in every unit
            for size, kind in [(1, "u8"), (2, "i16"), (4, "u32"), (8, "u64")]:
                if not unit.memory[size]:
                    name = f"own{self.unique()}"
                    unit.declarations.append(f"static __patchable {kind} {name};")
                    unit.assignments.append(f"{name} = ({kind}){self.value()};")
                    unit.integers.append(name)
                    unit.memory[size].append(name)

    # --- expressions

    def patchable(self, scope):
        unit = scope.unit
        others = unit.flags + unit.counts + unit.divisors
        if others and self.chance(0.2):
            return self.choice(others)
        return self.choice(unit.integers)

    def local(self, scope):
        return self.choice(scope.locals)

    def dereference(self, scope):
        unit = scope.unit
        if unit.record_pointers and self.chance(0.4):
            return f"{self.choice(unit.record_pointers)}->{self.choice(self.fields)}"
        if not unit.pointers:
            return f"shared[{self.local(scope)} & 15]"
        table, _ = self.choice(unit.pointers)
        index = [f"[{self.local(scope)} & 7]", f"[{self.random.randint(-4, 7)}]", "[0]",
                 f"[(u32){self.local(scope)} % 6]", f"[({self.patchable(scope)}) & 7]"]
        if unit.counts:
            index.append(f"[({self.local(scope)} >> {self.choice(unit.counts)}) & 15]")
        return table + self.choice(index)

    def leaf(self, scope):
        draw = self.random.random()
        if draw < 0.47:
            return self.patchable(scope)
        if draw < 0.85:
            return self.local(scope)
        if draw < 0.94:
            return self.choice(CONSTANTS)
        return self.dereference(scope)

    def expression(self, scope, depth):
        """An integer expression of any type; it has no side effects."""
        if depth <= 0:
            return self.leaf(scope)

        def inner():
            return self.expression(scope, depth - 1 - self.random.randint(0, 1))

        kind = self.choice(INTEGERS)
        unit = scope.unit
        makers = [
            (7, lambda: f"({inner()} {self.choice('+-*&|^+-&|^')} {inner()})"),
            (3, lambda: f"(({kind}){inner()} {self.choice('+-*&|^')} ({kind}){inner()})"),
            (1, lambda: f"((u64){inner()} {self.choice(['<<', '>>'])} ({inner()} & 63))"),
            (1, lambda: f"((u32){inner()} {self.choice(['<<', '>>'])} ({inner()} & 31))"),
            (1, lambda: f"((i64){inner()} >> ({inner()} & 63))"),
            (1, lambda: f"((i32){inner()} >> ({inner()} & 31))"),
            (2, lambda: f"(({kind}){inner()} {self.comparison()} ({kind}){inner()})"),
            (1, lambda: f"({self.condition(scope)} ? {inner()} : {inner()})"),
            (1, lambda: f"(({kind})({inner()}))"),
            (1, lambda: f"UNSIGNED({self.choice(['u8', 'u16', 'u32', 'u64'])}, {inner()}, "
                        f"{self.choice('/%')}, {inner()})"),
            (1, lambda: f"SIGNED({self.choice(['i16', 'i32', 'i64'])}, {inner()}, "
                        f"{self.choice('/%')}, {inner()})"),
            (1, lambda: f"OVERFLOW({self.choice(['add', 'sub', 'mul'])}, {kind}, {inner()}, "
                        f"{inner()})"),
            (1, lambda: f"(u64)(((u128)(u64){inner()} {self.choice('*+-')} (u64){inner()}) >> "
                        f"{self.choice([0, 1, 63, 64])})"),
            (0.5, lambda: f"(u64)((((u128)(u64){inner()} << 64) | (u64){inner()}) "
                          f"{self.choice(['>>', '<<'])} ({inner()} & 127))"),
            (0.5, lambda: f"(u64)(((i128)(i64){inner()} * (i64){inner()}) >> 64)"),
            (0.3, lambda: f"(u64)UNSIGNED(u128, ((u128)(u64){inner()} << 64) + (u64){inner()}, "
                          f"{self.choice('/%')}, {inner()})"),
            (1, lambda: f"ROTATE({self.choice(['u8', 'u16', 'u32', 'u64'])}, {inner()}, "
                        f"{inner()})"),
            (1, lambda: f"__builtin_{self.choice(['popcountll', 'bswap64', 'bswap32', 'ffsll'])}"
                        f"({inner()})"),
            (0.5, lambda: f"COUNT({self.choice(['clzll', 'ctzll'])}, {inner()})"),
            (1, lambda: self.dereference(scope)),
            (1, lambda: f"(!{inner()} {self.choice(['||', '&&'])} {inner()})"),
            (1, lambda: f"({self.choice('~-')} {inner()})"),
        ]
        if unit.counts:
            count = self.choice(unit.counts)
            makers.append((2, lambda: f"((u64){inner()} {self.choice(['<<', '>>'])} {count})"))
            makers.append((1, lambda: f"((i32){inner()} >> {count})"))
            makers.append((1, lambda: f"({self.choice(['1ul', '1u', '-1l'])} << {count})"))
        if unit.divisors:
            divisor = self.choice(unit.divisors)
            wide = self.choice(["u64", "i64", "u32", "i32"])
            makers.append((2, lambda: f"(({wide}){inner()} {self.choice('/%')} {divisor})"))
        if unit.floats:
            makers.append((1, lambda: f"WHOLE((i32){inner()} * 0.5 + {self.choice(unit.floats)})"))
        weights = [weight for weight, _ in makers]
        return self.random.choices(makers, weights)[0][1]()

    def comparison(self):
        return self.choice(["<", "<=", "==", "!=", ">", ">="])

    def condition(self, scope):
        """What programs ask about a settled variable; often nothing but that."""
        flags = scope.unit.flags or scope.unit.integers
        value = self.patchable(scope)
        return self.choice([
            lambda: self.choice(flags),
            lambda: f"!{self.choice(flags)}",
            lambda: f"{value} {self.comparison()} {self.choice(CONSTANTS)}",
            lambda: f"{value} {self.comparison()} {self.local(scope)}",
            lambda: f"(i32){self.local(scope)} {self.comparison()} (i32){value}",
            lambda: f"({value}) & {self.choice(CONSTANTS)}",
            lambda: f"({self.local(scope)} & ({value})) == 0",
            lambda: f"(({value}) & {self.choice(CONSTANTS)}) {self.comparison()} "
                    f"{self.choice(CONSTANTS)}",
            lambda: f"((u32)({value}) >> {self.choice([1, 5, 31])} & 7) == "
                    f"{self.choice([0, 1, 4])}",
            lambda: f"(u32)({value}) - 3 {self.comparison()} {self.choice(CONSTANTS)}",
            lambda: f"!(~({value}) & {self.choice(CONSTANTS)})",
            lambda: f"({value}) >> {self.choice([7, 31])} & 1",
            lambda: f"{self.choice(flags)} && {self.local(scope)} > {value}",
            lambda: f"{self.choice(flags)} || {self.expression(scope, 1)}",
            lambda: self.expression(scope, 2),
        ])()

    def arguments(self, scope, function):
        words = []
        for _ in function.parameters:
            words.append(self.choice([self.patchable(scope), self.patchable(scope),
                                      self.local(scope), self.expression(scope, 1)]))
        if function.variadic:
            words += [f"(u64)({self.leaf(scope)})" for _ in range(4)]
        return ", ".join(words)

    # --- statements: each returns a list of lines, or None where it does not fit

    def assignment(self, scope):
        operator = self.choice(["=", "+=", "-=", "^=", "|=", "&=", "*=", "+=", "^="])
        return [f"{self.local(scope)} {operator} {self.expression(scope, 3)};"]

    def shift(self, scope):
        if not scope.unit.counts:
            return None
        count = self.choice(scope.unit.counts)
        return [f"{self.local(scope)} {self.choice(['<<=', '>>='])} {count};"]

    def to_shared(self, scope):
        index = self.choice([str(self.random.randint(0, 15)),
                             f"({self.expression(scope, 1)}) & 15"])
        operator = self.choice(["=", "+=", "-=", "^=", "|="])
        return [f"shared[{index}] {operator} {self.expression(scope, 2)};"]

    def branch(self, scope, depth):
        if depth <= 0:
            return None
        lines = [f"if ({self.condition(scope)}) {{"] + indent(self.statements(scope, depth - 1))
        if self.chance(0.5):
            lines += ["} else {"] + indent(self.statements(scope, depth - 1))
        return lines + ["}"]

    def loop(self, scope, depth):
        if depth <= 0:
            return None
        i = f"n{self.unique()}"
        bound = self.choice([str(self.random.randint(2, 7)), f"({self.expression(scope, 1)} & 7)",
                             f"({self.patchable(scope)} & 3)"])
        body = indent(self.statements(scope, depth - 1) + [f"{self.local(scope)} += {i};"])
        form = self.random.randint(0, 2)
        if form == 0:
            return [f"for (u32 {i} = 0; {i} < {bound}; {i}++) {{"] + body + ["}"]
        if form == 1:
            return [f"for (int {i} = {bound}; {i} > 0; {i}--) {{"] + body + ["}"]
        return [f"u32 {i} = {bound};", "do {"] + body + [f"}} while ({i}-- > 1);"]

    def walk(self, scope):
        """A loop over memory, to be vectorized and unrolled."""
        if not scope.unit.pointers:
            return None
        table, _ = self.choice(scope.unit.pointers)
        i = f"n{self.unique()}"
        local = self.local(scope)
        length = self.choice(["4", "8", "16", f"({self.patchable(scope)} & 15)"])
        bodies = [
            f"{local} += {table}[{i}];",
            f"{local} = {local} * {self.patchable(scope)} + {table}[{i}];",
            f"{table}[{i}] {self.choice(['+=', '^=', '&='])} {self.patchable(scope)};",
            f"if ({table}[{i}] {self.comparison()} {self.patchable(scope)}) {local}++;",
        ]
        if scope.unit.divisors:  # loaded in front of the loop
            wide = self.choice(["u32", "i32", "u64", "i64"])
            divisor = self.choice(scope.unit.divisors)
            bodies += [
                f"{local} += ({wide})({table}[{i}] + {i}) {self.choice('/%')} ({wide}){divisor};",
                f"{local} ^= ({wide}){local} / ({wide}){divisor} + ({wide}){table}[{i}] % ({wide}){divisor};",
            ]
        body = self.choice(bodies)
        return [f"for (int {i} = 0; {i} < (int){length}; {i}++)", f"\t{body}"]

    def switch(self, scope, depth):
        if depth <= 0:
            return None
        cases = self.choice([3, 5, 8, 12])
        selector = self.choice([f"(u32)({self.expression(scope, 1)}) % {cases}",
                                f"(u8)({self.patchable(scope)}) & {cases - 1}",
                                f"(i32)({self.patchable(scope)})"])
        lines = [f"switch ({selector}) {{"]
        for number in range(cases - 1):
            lines += [f"case {number}:"] + indent(self.simple(scope))
            if self.chance(0.8):
                lines += ["\tbreak;"]
        return lines + ["default:"] + indent(self.simple(scope)) + ["}"]

    def call(self, scope):
        if not scope.unit.callees:
            return None
        function = self.choice(scope.unit.callees)
        operator = self.choice(["=", "+=", "^="])
        target = f"{self.local(scope)} {operator} " if function.result != "void" else ""
        return [f"{target}{function.name}({self.arguments(scope, function)});"]

    def indirect_call(self, scope):
        unit = scope.unit
        lines = []
        if unit.binaries:
            lines.append(f"{self.local(scope)} += {self.choice(unit.binaries)}"
                         f"({self.expression(scope, 1)}, {self.patchable(scope)});")
        if unit.hooks:
            hook = self.choice(unit.hooks)
            lines.append(f"if ({hook}) {hook}({self.expression(scope, 1)});")
        return [self.choice(lines)] if lines else None

    def store(self, scope):
        unit = scope.unit
        operator = self.choice(["=", "+=", "^=", "|=", "-=", "&="])
        if unit.record_pointers and self.chance(0.4):
            target = f"{self.choice(unit.record_pointers)}->{self.choice(self.fields)}"
            return [self.choice([f"{target} {operator} {self.expression(scope, 1)};",
                                 f"{target}{self.choice(['++', '--'])};"])]
        if not unit.pointers:
            return None
        table, _ = self.choice(unit.pointers)
        index = self.choice([f"{self.local(scope)} & 7", str(self.random.randint(-3, 7))])
        return [self.choice([f"{table}[{index}] {operator} {self.expression(scope, 1)};",
                             f"{table}[{index}]{self.choice(['++', '--'])};"])]

    def record_copy(self, scope):
        unit = scope.unit
        field, other = self.choice(self.fields), self.choice(self.fields)
        local = self.local(scope)
        if unit.record_pointers and self.chance(0.4):
            pointer = self.choice(unit.record_pointers)
            return [f"{{ struct record copy = *{pointer}; copy.{field} += "
                    f"{self.expression(scope, 1)}; *{pointer} = copy; {local} ^= copy.{other}; }}"]
        if not unit.records:
            return None
        record = self.choice(unit.records)
        return [f"{{ struct record copy = {record}; copy.{field} ^= {self.expression(scope, 1)}; "
                f"{local} += copy.{field} + copy.{other} * 3; }}"]

    def computed_goto(self, scope):
        if scope.inlined or not scope.admit("goto"):
            return None
        number = self.unique()
        labels = [f"label{number}_{letter}" for letter in "abc"]
        return [f"{{ static void *const to[] = {{{', '.join('&&' + label for label in labels)}}};",
                f"\tgoto *to[(u32)({self.expression(scope, 1)}) % 3]; }}",
                f"{labels[0]}:;"] + self.simple(scope) + [
                f"{labels[1]}: {self.local(scope)} += {self.leaf(scope)};",
                f"{labels[2]}: {self.local(scope)} ^= {self.expression(scope, 1)};"]

    def narrow_view(self, scope):
        """Bytes of a patchable, and other ways to read a part of it."""
        name = self.choice(scope.unit.memory[8])
        local = self.local(scope)
        return [self.choice([
            f"{{ u32 part; memcpy(&part, (char *)&{name} + {self.choice([0, 4])}, 4); "
            f"{local} += part; }}",
            f"{local} ^= ((u8 *)&{name})[{self.random.randint(0, 7)}];",
            f"{local} += ((i16 *)&{name})[{self.random.randint(0, 3)}];",
            f"{local} += __atomic_load_n(&{name}, __ATOMIC_SEQ_CST);",
            f"{local} += *(volatile u32 *)&{name};",
        ])]

    def floating(self, scope):
        if not scope.unit.floats:
            return None
        real = self.choice(scope.unit.floats)
        return [f"{self.local(scope)} += WHOLE((double)(i32)({self.expression(scope, 1)}) "
                f"{self.choice('+-*')} {real} + (float)(i16)({self.patchable(scope)}));"]

    def inline_assembly(self, scope):
        if len(scope.locals) < 2:
            return None
        one, two = self.random.sample(scope.locals, 2)
        text = self.choice(ASSEMBLY).replace("L1", one).replace("L2", two)
        text = text.replace("ID", str(self.unique()))
        for name in ["X1", "X2"]:
            text = text.replace(name, f"(u64)({self.choice([self.patchable(scope)] * 2 + [two])})")
        for size in [8, 4, 2, 1]:
            while f"M{size}" in text:
                text = text.replace(f"M{size}", self.choice(scope.unit.memory[size]), 1)
        return text.split("\n")

    def any_number(self):
        return self.choice(NUMBERS + [self.random.randint(-2**31, 2**31 - 1)])

    def several_uses(self, scope):
        """One value in a register, and several instructions that take it."""
        unit = scope.unit
        seen = f"seen{self.unique()}"
        local = self.local(scope)
        cell = f"shared[{self.random.randint(0, 15)}]"

        def number():
            return f"{self.any_number()}l"

        uses = [
            lambda: f"{local} += {seen} + {number()};",
            lambda: f"{local} ^= {seen} + {self.local(scope)} + {number()};",
            lambda: f"{local} -= (u32)({seen} + {number()});",
            lambda: f"{local} += {seen} * {self.choice('234589')} + {number()};",
            lambda: f"{local} ^= (u32)({seen} * {self.choice('234589')} + {number()});",
            lambda: f"{cell} {self.choice(['=', '+=', '^='])} {seen};",
            lambda: f"{cell} = (u32){seen};",
            lambda: f"{local} += {seen} {self.comparison()} {number()};",
            lambda: f"{local} ^= (i32){seen} {self.comparison()} (i32){number()};",
            lambda: f"if ({seen} & {number()}) {local} += 3;",
            lambda: f"{local} += (i64){seen} < (i64){self.local(scope)};",
            lambda: f"{local} {self.choice(['<<=', '>>='])} {seen} & 63;",
            lambda: f"{local} ^= ROTATE(u32, {self.local(scope)}, {seen});",
            lambda: f"{local} += {seen} & {number()};",
            lambda: f"{local} ^= {self.choice('~-')}{seen};",
            lambda: f"{local} *= {seen};",
        ]
        name = self.choice(unit.memory[8] * 3 + unit.memory[4] + unit.memory[1])
        lines = [f"{{ {self.choice(['u64', 'u64', 'i64', 'u32'])} {seen} = {name};"]
        if self.chance(0.6):  # no second load, whatever the compiler thinks
            lines.append(f'\tasm("" : "+r"({seen}));')
        lines += ["\t" + self.choice(uses)() for _ in range(self.random.randint(2, 5))]
        return lines + ["}"]

    def several_consumers(self, scope):
        """The same in inline assembly: each role beside each other, with constants of all sizes."""
        if len(scope.locals) < 2:
            return None
        one, two = self.random.sample(scope.locals, 2)
        load, size = self.choice([("movq M,%%rcx", 8)] * 5 + [
            ("movl M,%%ecx", 4), ("movslq M,%%rcx", 4), ("movzbl M,%%ecx", 1),
            ("movswq M,%%rcx", 2)])
        name = self.choice(scope.unit.memory[size])
        lines = self.random.choices(CONSUMERS, k=self.random.randint(1, 4))
        if self.chance(0.4):
            lines.append(self.choice(LAST_CONSUMERS))
        # One number for all that go through %3, for that depends on it.
        address = self.choice(NUMBERS[:16])
        text = []
        for line in lines:
            number = str(address if "%3" in line else self.any_number())
            text.append(line.replace("C(", number + "(").replace("$C", "$" + number))
        if self.chance(0.7):
            text.append("xorl %%ecx,%%ecx")  # dead, even if a call follows
        value = {"movq": "(u64)", "movl": "(u64)(u32)", "movslq": "(u64)(i64)(i32)",
                 "movzbl": "(u64)(u8)", "movswq": "(u64)(i64)(i16)"}[load.split()[0]]
        cell = f"shared[{self.random.randint(0, 15)}]"
        body = "\\n\\t".join([load.replace("M", "%4")] + text).replace("; ", "\\n\\t")
        return [f'asm("{body}" : "+&q"({one}), "+&q"({two}), "+m"({cell})'
                f' : "r"((u64)&{cell} - {value}{name} - ({address}l)), "m"({name})'
                f' : "rcx", "rdx", "memory", "cc");']

    def ordered(self, scope):
        """A compare with the value on its left, and what reads the flags."""
        if len(scope.locals) < 2:
            return None
        one, two = self.random.sample(scope.locals, 2)
        size = self.choice([1, 2, 4, 4, 8, 8])
        suffix, number, value = {1: ("b", "%b3", "%%cl"), 2: ("w", "%w3", "%%cx"),
                                 4: ("l", "%k3", "%%ecx"), 8: ("q", "%q3", "%%rcx")}[size]
        load = f"mov{suffix} %4,{value}"
        text = self.choice([[f"cmp{suffix} {number},%4"], [f"cmp{suffix} {number},%4"],
                            [load, f"cmp{suffix} {number},{value}"],
                            [f"mov{suffix} {number},%2", load, f"cmp{suffix} %2,{value}"]])
        label = f".Lordered{self.unique()}_%="
        readers = self.random.choices(READERS, k=self.random.randint(0, 3))
        if not readers or self.chance(0.5):
            readers += [f"jCC {label}", "leaq 5(%0,%1),%0", f"{label}:"]
        if self.chance(0.08):
            readers.append("adcq $3,%0")
        text += [line.replace("CC", self.choice(CONDITIONS)) for line in readers]
        if self.chance(0.7):
            text.append("xorl %%ecx,%%ecx")
        name = self.choice(scope.unit.memory[size])
        cell = f"shared[{self.random.randint(0, 15)}]"
        against = self.choice([two, f"(u64){name}", f"(u64){name} + 1", f"(u64){name} - 1",
                               self.choice(CONSTANTS)])
        body = "\\n\\t".join(text).replace("; ", "\\n\\t")
        return [f'asm("{body}" : "+&q"({one}), "+&r"({two}), "+m"({cell})'
                f' : "q"((u64)({against})), "m"({name}) : "rcx", "rdx", "memory", "cc");']

    def atomic(self, scope):
        cell = f"&shared[{self.random.randint(0, 15)}]"
        local = self.local(scope)
        return [self.choice([
            f"{local} += __sync_fetch_and_add({cell}, {self.expression(scope, 1)});",
            f"{local} ^= __atomic_exchange_n({cell}, {self.patchable(scope)}, __ATOMIC_SEQ_CST);",
            f"{{ u64 old = {self.local(scope)}; __atomic_compare_exchange_n({cell}, &old, "
            f"{self.patchable(scope)}, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); {local} += old; }}",
        ])]

    def block_of_memory(self, scope):
        """memset() and memcpy() of a size that a patchable says."""
        size = f"({self.patchable(scope)} & {self.choice([7, 15, 31])})"
        local = self.local(scope)
        buffer = f"buffer{self.unique()}"
        return [f"{{ u8 {buffer}[32] = {{1, 2, 3}};",
                self.choice([f"\tmemset({buffer}, {self.patchable(scope)}, {size});",
                             f"\tmemcpy({buffer}, region[1], {size});"]),
                f"\t{local} += {buffer}[5] + {buffer}[1] * 3 + {buffer}[30]; }}"]

    def carry_chain(self, scope):
        low, high = self.local(scope), self.local(scope)
        return [f"{{ unsigned long long sum; u8 carry = __builtin_ia32_addcarryx_u64(0, {low}, "
                f"{self.patchable(scope)}, &sum);",
                f"\tcarry = __builtin_ia32_addcarryx_u64(carry, {high}, {self.patchable(scope)}, "
                f"&sum); {low} += sum + carry; }}"]

    def jump_back(self, scope):
        """setjmp(); what changes between it and longjmp() is volatile."""
        if scope.inlined:
            return None
        number = self.unique()
        return [f"{{ u64 buffer{number}[32]; volatile u64 seen{number} = {self.leaf(scope)};",
                f"\tif (_setjmp(buffer{number}) == 0) {{",
                f"\t\tseen{number} += {self.patchable(scope)};",
                f"\t\tif ({self.condition(scope)})",
                f"\t\t\tlongjmp(buffer{number}, 1);",
                "\t}",
                f"\tshared[11] += seen{number} * {self.patchable(scope)}; }}"]

    def cleaned(self, scope):
        """A variable with a clean-up: with -fexceptions, a landing pad."""
        if not scope.admit("scope"):
            return None
        number = self.unique()
        body = self.call(scope) or self.indirect_call(scope) or self.assignment(scope)
        return [f"{{ u64 held{number} __attribute__((cleanup(clean_up))) = {self.leaf(scope)};",
                *indent(body), f"\theld{number} += {self.patchable(scope)}; }}"]

    def pressure(self, scope):
        """Many values alive at once, across a call or not: no register is left over."""
        count = self.random.randint(6, 16)
        number = self.unique()
        names = [f"w{number}_{k}" for k in range(count)]
        lines = ["{ u64 " + ", ".join(f"{name} = {self.local(scope)} {self.choice('+^*-')} "
                                      f"{self.choice(['3', '77', self.local(scope)])}"
                                      for name in names) + ";"]
        if self.chance(0.5):
            lines.append('\tasm("" : ' + ", ".join(f'"+r"({name})' for name in names[:6]) + ");")
        inner = Scope(scope.unit, names, scope.inlined, scope.kinds)
        for _ in range(self.random.randint(1, 4)):
            lines += indent(self.choice([self.assignment, self.call, self.assignment,
                                         self.inline_assembly])(inner) or self.assignment(inner))
        total = " + ".join(f"{name} * {2 * k + 1}" for k, name in enumerate(names))
        return lines + [f"\t{self.local(scope)} ^= {total}; }}"]

    def unlikely(self, scope):
        test = self.choice([f"{self.expression(scope, 1)} == 0x1234567",
                            self.choice(scope.unit.flags or scope.unit.integers)])
        return [f"if (__builtin_expect(!!({test}), 0)) {{"] + indent(self.simple(scope)) + [
            f"\trare({self.local(scope)}, {self.patchable(scope)});", "}"]

    def gives_up(self, scope):
        """Something that does not return, behind a condition: compilers move it away."""
        value, constant = self.patchable(scope), self.choice(CONSTANTS)
        test = self.choice([f"{value} == {constant}", f"{value} == {constant}",
                            f"{self.local(scope)} == {value} && {value} > {constant}",
                            f"{value} {self.comparison()} {constant}",
                            f"({value} & {constant}) == {constant} && {self.local(scope)} == 33",
                            self.choice(scope.unit.flags or scope.unit.integers)])
        return [f"if ({test})", f"\tgive_up({self.leaf(scope)});"]

    def simple(self, scope):
        """A statement without blocks of its own."""
        maker = self.choice([self.assignment, self.assignment, self.to_shared, self.call,
                             self.store, self.narrow_view, self.shift])
        return maker(scope) or self.assignment(scope)

    def statement(self, scope, depth):
        nested = [self.branch, self.branch, self.loop, self.switch]
        flat = [self.assignment] * 5 + [self.call] * 3 + [self.inline_assembly] * 4 + [
            self.to_shared, self.shift, self.walk, self.indirect_call, self.store, self.store,
            self.record_copy, self.computed_goto, self.narrow_view, self.floating, self.atomic,
            self.block_of_memory, self.carry_chain, self.jump_back, self.cleaned, self.pressure,
            self.unlikely] + [self.several_uses] * 3 + [self.several_consumers] * 3 + \
            [self.ordered] * 3 + [self.gives_up] * 2
        draw = self.random.randrange(len(nested) + len(flat))
        if draw < len(nested):
            return nested[draw](scope, depth) or self.assignment(scope)
        return flat[draw - len(nested)](scope) or self.assignment(scope)

    def statements(self, scope, depth):
        lines = []
        for _ in range(self.random.randint(1, 2)):
            lines += self.statement(scope, depth)
        return lines

    # --- functions

    ATTRIBUTES = ["NOINLINE"] * 6 + [
        "__attribute__((noinline))", "__attribute__((noinline))", "inline",
        "inline __attribute__((always_inline))", "__attribute__((noinline, cold))",
        'FOR_GCC(__attribute__((optimize("Os")))) NOINLINE', "__attribute__((ms_abi)) NOINLINE",
        "FOR_CLANG(__attribute__((preserve_most))) NOINLINE", "__attribute__((flatten)) NOINLINE",
        '__attribute__((section(".text.elsewhere"))) NOINLINE',
        "__attribute__((patchable_function_entry(3))) NOINLINE",
        "__attribute__((aligned(64), hot)) NOINLINE"]

    def add_function(self, unit):
        name = f"{unit.letter}_{len(unit.functions)}"
        attributes = self.choice(self.ATTRIBUTES)
        static = "static " if "inline __" in attributes or attributes == "inline" or \
            self.chance(0.6) else ""
        inlined = "inline" in attributes.split()
        result = self.choice(["u64", "u64", "u32", "i32", "u8", "i16", "_Bool", "i64", "i8"])
        if "preserve" in attributes:
            result = "void"  # clang 14 restores %rax, too
        parameters = [self.choice(["u64", "u64", "u64", "u32", "i32", "u8", "i64", "i16", "_Bool"])
                      for _ in range(self.choice([1, 2, 2, 3, 4, 6, 7, 9]))]
        variadic = not inlined and "ms_abi" not in attributes and "preserve" not in attributes \
            and self.chance(0.06)
        if variadic:
            parameters[-1] = "u64"  # the last named one must be of a promoted type
        function = Function(name, result, parameters, variadic)
        words = [f"{kind} a{k}" for k, kind in enumerate(parameters)]
        head = f"{static}{attributes} {result} {name}({', '.join(words)}" + \
            (", ...)" if variadic else ")")
        body = self.body(unit, function, inlined)
        unit.functions.append("\n".join([head, "{"] + indent(body) + ["}", ""]))
        unit.callees.append(function)
        for other in self.units:
            if other is not unit and not static:
                other.declarations.append(f"extern {head};")
                other.callees.append(function)

    def body(self, unit, function, inlined):
        last = f"a{len(function.parameters) - 1}"
        names = ["v0", "v1", "v2"] + [f"a{k}" for k, kind in enumerate(function.parameters)
                                      if kind == "u64"]
        scope = Scope(unit, names, inlined or function.variadic)
        lines = [f"u64 v0 = a0, v1 = {last}, v2 = {self.leaf(Scope(unit, ['a0'], True))};"]
        if function.variadic:
            lines += ["__builtin_va_list list;", f"__builtin_va_start(list, {last});",
                      f"for (int k = 0; k < 4 && v1 != {self.patchable(scope)}; k++)",
                      "\tv0 = v0 * 3 + __builtin_va_arg(list, u64);", "__builtin_va_end(list);"]
        lines += ["if (fuel-- <= 0)", f"\treturn v0 {self.choice('+^-')} {self.patchable(scope)};"]
        if self.chance(0.08) and scope.admit("scope"):
            lines += ["volatile char stack[(v0 & 15) + 16];", "stack[3] = v1;",
                      "v0 += stack[3];"]
        count = self.choice([0, 0, 1, 1, 2, 3, 4])
        if count == 0 and not function.variadic and self.chance(0.6):
            del lines[1:]  # a leaf: nothing but what it returns
        for _ in range(count):
            lines += self.statement(scope, 2)
        for k in range(len(function.parameters)):
            if self.chance(0.4):
                lines.append(f"v2 += a{k};")
        if self.chance(0.1) and not inlined and not function.variadic and count and \
                function.result != "void":
            lines += ["if (v1 & 1)",
                      f"\tv0 += {function.name}({self.arguments(scope, function)});"]
        lines += self.ending(scope, function.result)
        if function.result == "void":
            lines = [re.sub(r"^(\t*)return (.*);$", r"\1{ shared[13] ^= \2; return; }", line)
                     for line in lines]
        return lines

    def tail_calls(self, scope, callees):
        """A settled variable decides which function goes on: flags in front of jumps to functions."""
        tests = [f"{self.patchable(scope)} {self.comparison()} {self.choice(CONSTANTS)}",
                 f"{self.patchable(scope)} & {self.choice(CONSTANTS)}",
                 f"{self.patchable(scope)} {self.comparison()} {self.local(scope)}",
                 self.choice(scope.unit.flags or scope.unit.integers)]
        lines = []
        for _ in range(self.random.randint(1, 3)):
            callee = self.choice(callees)
            lines += [f"if ({self.choice(tests)})",
                      f"\treturn {callee.name}({self.arguments(scope, callee)});"]
        callee = self.choice(callees)
        return lines + [f"return {callee.name}({self.arguments(scope, callee)});"]

    def ending(self, scope, result):
        unit = scope.unit
        draw = self.random.random()
        plain = [callee for callee in unit.callees
                 if not callee.variadic and callee.result != "void"]
        same = [callee for callee in plain if callee.result == result]
        if draw < 0.1 and same:
            return self.tail_calls(scope, same)
        if draw < 0.2 and plain:
            callee = self.choice(plain)
            return [f"return {callee.name}({self.arguments(scope, callee)});"]
        if draw < 0.3 and unit.binaries:
            return [f"return {self.choice(unit.binaries)}(v0, {self.patchable(scope)});"]
        if draw < 0.5:
            return [f"return {self.condition(scope)} ? {self.leaf(scope)} : v0 + v1 * v2;"]
        return [f"return v0 + v1 * 3 + (v2 ^ {self.expression(scope, 2)});"]

    def check_function(self, unit):
        lines = [f"void check_{unit.letter}(void)", "{"]
        own = [callee for callee in unit.callees if callee.name[0] == unit.letter]
        arguments = ", ".join(f"{value:#x}ul" for value in [
            0, 1, 2**64 - 1, 0x7fffffff, 0x80000000, 0xffffffff, 0x123456789abcdef, 33])
        lines += [f"\tstatic const u64 v[8] = {{{arguments}}};"]
        for function in own:
            count = len(function.parameters) + (4 if function.variadic else 0)
            words = ", ".join(f"v[(i * {self.choice([1, 3, 5])} + {self.random.randint(0, 7)}) & 7]"
                              for _ in range(count))
            call = f"{function.name}({words})"
            if function.result == "void":
                call = f"({call}, shared[13])"
            lines += ["\tfor (int i = 0; i < 6; i++)", f"\t\tREPORT({call});",
                      f'\tfinish("{function.name}");']
        return lines + ["}"]

    def values(self):
        """The table of values: some rounds all small, some all wide, most a mixture."""
        lines = []
        for index in range(ROUNDS):
            mood = self.choice(["mixed", "mixed", "small", "wide", "random"])
            row = []
            for _ in range(SLOTS):
                value = self.choice(EDGES)
                if mood == "small":
                    value &= 0x7fff
                elif mood == "random" or self.chance(0.2):
                    value = self.random.getrandbits(self.choice([8, 16, 31, 32, 40, 64]))
                if mood == "wide" and self.chance(0.7):
                    value |= 1 << 40
                row.append(f"{value:#x}ul")
            lines.append("\t{" + ", ".join(row) + "},")
        return [f"const u64 values[{ROUNDS}][{SLOTS}] = {{"] + lines + ["};"]

    def setter(self, unit):
        head = [f"INIT void set_{unit.letter}(int round)", "{"]
        return head + indent(unit.assignments) + ["}"]

    def program(self):
        """The text of every file, by name."""
        record = self.define_record()
        self.add_patchables()
        for unit in reversed(self.units):
            for _ in range(self.random.randint(3, 6) if len(self.units) == 1 else
                           self.random.randint(2, 3)):
                self.add_function(unit)
        files = {}
        for unit in self.units:
            first = unit.letter == "a"
            lines = record + unit.declarations
            lines += self.values() if first else [f"extern const u64 values[{ROUNDS}][{SLOTS}];"]
            lines += ["", *unit.functions, *self.check_function(unit), *self.setter(unit)]
            if first:
                others = [other.letter for other in self.units[1:]]
                lines += [f"void set_{letter}(int);\nvoid check_{letter}(void);"
                          for letter in others]
                lines += [f"const int rounds = {ROUNDS};", "INIT void set_values(int round)", "{"]
                lines += [f"\tset_{letter}(round);" for letter in ["a"] + others]
                lines += ["}", "void check(void)", "{"]
                lines += [f"\tcheck_{letter}();" for letter in ["a"] + others] + ["}"]
            files[f"{unit.letter}.c"] = PRELUDE + "\n".join(lines) + "\n"
        return files


def generate(seed, remote=False):
    """The files, and the names of variables that are patchable without a mark: of `remote` only."""
    generator = Generator(seed, remote)
    return generator.program(), generator.symbols


def main():
    if len(sys.argv) not in (3, 4) or sys.argv[3:] not in ([], ["remote"]):
        sys.exit("usage: generate.py SEED DIRECTORY [remote]")
    files, symbols = generate(int(sys.argv[1]), len(sys.argv) == 4)
    if symbols:
        files["symbols"] = "\n".join(symbols) + "\n"
    for name, text in files.items():
        with open(f"{sys.argv[2]}/{name}", "w", encoding="utf-8") as file:
            file.write(text)


if __name__ == "__main__":
    main()
