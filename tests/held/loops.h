/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Loops that read variables which do not change in them, so that compilers load these once, in
 * front. Included with F(name) for the names of functions, and V(name) for those of variables.
 */

#define LOOP	  __attribute__((noinline))
#define OPAQUE(x) __asm__ volatile("" : "+r"(x))

LOOP uint64_t F(quotients)(const uint64_t *a, unsigned int n)
{
	uint64_t sum = 0;

	while (n--)
		sum = sum * 3 + a[n] / V(u64);
	return sum;
}

LOOP uint64_t F(rests)(const uint64_t *a, unsigned int n)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < n; i++)
		sum += a[i] % V(u64) ^ i;
	return sum;
}

LOOP uint64_t F(both)(const uint64_t *a, unsigned int n)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < n; i++)
		sum += a[i] / V(u64) * 7 + a[i] % V(u64);
	return sum;
}

LOOP uint64_t F(halves)(const uint64_t *a, unsigned int n)
{
	uint32_t sum = 0;

	for (unsigned int i = 0; i < n; i++)
		sum = sum * 5 + (uint32_t)a[i] / V(u32) + (uint32_t)(a[i] >> 32) % V(u32);
	return sum;
}

LOOP uint64_t F(with_sign)(const uint64_t *a, unsigned int n)
{
	int64_t sum = 0;

	for (unsigned int i = 0; i < n; i++)
		sum ^= ((int64_t)a[i] >> 1) / V(s64) + (int64_t)i;
	return (uint64_t)sum;
}

LOOP uint64_t F(half_with_sign)(const uint64_t *a, unsigned int n)
{
	int64_t sum = 0;

	for (unsigned int i = 0; i < n; i++)
		sum += ((int32_t)a[i] >> 1) % V(s32);
	return (uint64_t)sum;
}

/* The register is read for other things, too. */
LOOP uint64_t F(elsewhere)(const uint64_t *a, unsigned int n)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < n; i++)
		sum = sum + a[i] % V(u64) + V(u64) * i + V(u64);
	return sum;
}

/* Many ways, some of them out. */
LOOP uint64_t F(ways)(const uint64_t *a, unsigned int n)
{
	uint64_t sum = 1;

	for (unsigned int i = 0; i < n; i++) {
		if (a[i] & 1)
			sum += a[i] / V(u64);
		else if (a[i] & 2)
			sum ^= a[i] % V(u64);
		else if (a[i] == 12)
			return sum / V(u64);
		OPAQUE(sum);
	}
	return sum;
}

/* The value is not wanted on one of the ways, where a call is. */
LOOP uint64_t F(until_call)(const uint64_t *a, unsigned int n)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < n; i++) {
		sum = sum * 9 + a[i] / V(u64);
		if (__builtin_expect(sum == 17, 0))
			return F(quotients)(a, i) + i;
	}
	return sum;
}

LOOP uint64_t F(nested)(const uint64_t *a, unsigned int n)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < n; i++)
		for (unsigned int j = i; j < n; j += 3)
			sum = (sum + a[j]) % V(u64) + a[i] / V(u64) + (uint32_t)sum / V(u32);
	return sum;
}

/* Conditions on a value that was loaded in front. */
LOOP uint64_t F(settings)(const uint64_t *a, unsigned int n)
{
	uint32_t limit = V(u32);
	uint64_t sum = 0;

	OPAQUE(sum);
	for (unsigned int i = 0; i < n; i++) {
		if (limit > 5)
			sum += a[i];
		OPAQUE(sum);
		if (limit == 1)
			sum ^= i;
		else
			sum *= 3;
		OPAQUE(sum);
		sum += limit;
	}
	return sum;
}
