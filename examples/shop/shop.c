// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Ordinary code that asks its configuration at every step: is tracing on, which table of functions
 * serves this store, how many buckets has its hash table? All of it is settled before the first
 * request. README.md shows what becomes of request().
 *
 *	shop [--trace] [--buckets=N] [--text] ITEM...
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rcpp.h"

struct store {
	const char *name;
	long (*price)(unsigned bucket, unsigned item);
	long (*discount)(unsigned item);
};

static __patchable int trace;
static __patchable unsigned buckets = 1021;
static __patchable struct store store;

static unsigned long traced;

/* In a section of its own, so that the program knows where its machine code is. */
#define SHOWN __attribute__((noinline, section("shown")))
extern const char __start_shown[], __stop_shown[];

__attribute__((noinline)) static long grocery_price(unsigned bucket, unsigned item)
{
	return 100 + bucket % 10 + item % 7;
}

__attribute__((noinline)) static long grocery_discount(unsigned item)
{
	return item % 5;
}

static const struct store grocery = {"grocery", grocery_price, grocery_discount};

__attribute__((noinline, cold)) static void trace_request(unsigned item, unsigned bucket)
{
	traced++;
	fprintf(stderr, "%s: item %u is in bucket %u\n", store.name, item, bucket);
}

SHOWN long request(unsigned item)
{
	unsigned bucket = item * 0x9e3779b1u % buckets;

	if (trace)
		trace_request(item, bucket);
	return store.price(bucket, item) - store.discount(item);
}

/* The machine code of request() as it is now, for a disassembler. */
static int show_text(void)
{
	return write(1, __start_shown, (size_t)(__stop_shown - __start_shown)) < 0;
}

int main(int argc, char **argv)
{
	int show = 0;

	store = grocery;
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--trace"))
			trace = 1;
		else if (!strncmp(argv[i], "--buckets=", 10))
			buckets = (unsigned)strtoul(argv[i] + 10, NULL, 10);
		else if (!strcmp(argv[i], "--text"))
			show = 1;
	}
	if (!buckets) {
		fputs("shop: error: --buckets must be a number above 0\n", stderr);
		return 1;
	}
	if (rcpp_patch())
		fprintf(stderr, "shop: not patched: %s\n", rcpp_error());
	if (show)
		return show_text();
	for (int i = 1; i < argc; i++)
		if (argv[i][0] != '-')
			printf("%s costs %ld\n", argv[i],
			       request((unsigned)strtoul(argv[i], NULL, 10)));
	return 0;
}
