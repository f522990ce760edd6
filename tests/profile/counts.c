/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Accesses of all sizes and kinds, how often is known. The results go to standard output. */
#include <stdio.h>
#include "pair.h"

static unsigned char byte;
static unsigned short word;
static int number;
static long wide, divisor, shift;
static double real;
static struct pair pair;
struct pair shared;
static int table[8];
static int (*operation)(int);
long counter;

static SINGLE int twice(int x)
{
	return 2 * x;
}

static SINGLE long read_all(long x)
{
	return x + byte + word + number + wide + pair.second;
}

static SINGLE long use(long x)
{
	if (number > 3)
		x += 1;
	return (x << shift) % divisor;
}

static SINGLE int call(int x)
{
	return operation(x);
}

/* The flags of the comparison are live where the variables are read. */
static SINGLE long between(long x, long y)
{
	long a, b;

	__asm__("cmp %3, %2\n\tmovq %4, %0\n\tmovq %5, %1\n\tcmovl %0, %1"
		: "=&r"(a), "=&r"(b)
		: "r"(x), "r"(y), "m"(wide), "m"(divisor)
		: "cc");
	return b;
}

static SINGLE void count(long n)
{
	while (n--) {
		counter++;
		__asm__ volatile("" : : : "memory");
	}
}

static SINGLE void write_all(long x)
{
	byte = (unsigned char)x;
	word = (unsigned short)x;
	number = (int)x;
	wide = x;
	real = (double)x;
	pair = (struct pair){x, x + 1};
}

static SINGLE int look_up(int i)
{
	return table[i & 7];
}

static SINGLE double scale(double x)
{
	return x * real;
}

int main(void)
{
	long sum = 0;

	operation = twice;
	divisor = 7;
	shift = 2;
	for (int i = 0; i < 8; i++)
		table[i] = 3 * i;
	for (long i = 0; i < 3; i++)
		write_all(i + 2);
	for (long i = 0; i < 100; i++)
		sum += read_all(i) + use(i) + call((int)i) + look_up((int)i) +
		       (long)scale((double)i);
	for (long i = 0; i < 10; i++)
		sum += between(i, 5);
	count(1000);
	set_shared(1, 2);
	for (int i = 0; i < 50; i++)
		sum += get_shared();
	set_shared(3, 4);
	for (int i = 0; i < 5; i++)
		sum += get_shared() + shared.second;
	printf("%ld %ld\n", sum, counter);
	return 0;
}
