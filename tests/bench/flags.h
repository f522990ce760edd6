/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* 4096 flags, each tested in a place of its own; as if by chance, half of them are set. */
/* clang-format off */
#define OF_16(F, i) \
	F(i##0) F(i##1) F(i##2) F(i##3) \
	F(i##4) F(i##5) F(i##6) F(i##7) \
	F(i##8) F(i##9) F(i##a) F(i##b) \
	F(i##c) F(i##d) F(i##e) F(i##f)
#define OF_256(F, i) \
	OF_16(F, i##0) OF_16(F, i##1) OF_16(F, i##2) OF_16(F, i##3) \
	OF_16(F, i##4) OF_16(F, i##5) OF_16(F, i##6) OF_16(F, i##7) \
	OF_16(F, i##8) OF_16(F, i##9) OF_16(F, i##a) OF_16(F, i##b) \
	OF_16(F, i##c) OF_16(F, i##d) OF_16(F, i##e) OF_16(F, i##f)
#define OF_4096(F) \
	OF_256(F, 0x0) OF_256(F, 0x1) OF_256(F, 0x2) OF_256(F, 0x3) \
	OF_256(F, 0x4) OF_256(F, 0x5) OF_256(F, 0x6) OF_256(F, 0x7) \
	OF_256(F, 0x8) OF_256(F, 0x9) OF_256(F, 0xa) OF_256(F, 0xb) \
	OF_256(F, 0xc) OF_256(F, 0xd) OF_256(F, 0xe) OF_256(F, 0xf)
/* clang-format on */

#define FLAG(i) SETTLED(bool, flag_##i, (i * 2654435761u >> 15 & 1) != 0);
OF_4096(FLAG)

#define TEST(i)                                                                                    \
	if (IS_SET(flag_##i))                                                                      \
		a = a * 5 + i;

unsigned long flags_many(unsigned long a)
{
	OF_4096(TEST)
	return a;
}

unsigned long flags_flushed(unsigned long a)
{
	return flags_many(a);
}
