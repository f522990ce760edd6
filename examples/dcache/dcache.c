// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A hash table of names, looked up as Linux looks up path names: `table + (hash >> shift)` is the
 * chain. Where the table is and how many chains it has is settled when the program starts, and then
 * read by every lookup: both variables are patchable.
 *
 *	dcache [--dump FILE] [NAME]...
 *
 * looks the names up before and after rcpp_patch() and prints what it found, and the counts. With
 * --dump the machine code of the functions that are SHOWN goes to FILE.before and FILE.after, as it
 * is in memory at that time: see demo.sh.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <rcpp.h>

/* They have a section of their own, because the linker then defines symbols for its bounds. */
#define SHOWN __attribute__((noinline, section("shown")))
extern const char __start_shown[], __stop_shown[];

/* Padded with zeros, so that two of them are compared by two words and without a call. */
struct name {
	char text[16];
};

struct entry {
	struct entry *next; /* of the same chain */
	unsigned hash;
	int number;
	struct name name;
};

static __patchable struct entry **table;
static __patchable unsigned shift;

SHOWN struct entry *lookup(const struct name *name, unsigned hash)
{
	struct entry *entry = *(table + (hash >> shift));

	while (entry && (entry->hash != hash || memcmp(&entry->name, name, sizeof(*name))))
		entry = entry->next;
	return entry;
}

/* The smallest case: 64 bits, so what it becomes depends on the value. */
__patchable long step;

SHOWN long add_step(long a)
{
	a += step;
	return a;
}

/* An int is extended by its sign, so it always fits. */
__patchable int small_step;

SHOWN long add_small_step(long a)
{
	a += small_step;
	return a;
}

/* FNV-1a, then a multiplication that spreads it: the upper bits choose the chain. */
static unsigned hash_name(const struct name *name)
{
	unsigned hash = 2166136261u;

	for (const char *c = name->text; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 16777619u;
	return hash * 2654435761u;
}

static struct name make_name(const char *text)
{
	struct name name = {""};

	memcpy(name.text, text, strnlen(text, sizeof(name.text) - 1));
	return name;
}

/* About two names a chain. A real program would look at how much memory there is. */
static void fill_table(void)
{
	static const char *const names[] = {"bin", "boot", "dev",  "etc",  "home", "lib",
					    "mnt", "opt",  "proc", "root", "run",  "sbin",
					    "srv", "sys",  "tmp",  "usr",  "var",  "cache"};
	static struct entry entries[sizeof(names) / sizeof(*names)];
	unsigned bits = 3;

	shift = 32 - bits;
	table = calloc(1u << bits, sizeof(*table));
	if (!table) {
		perror("dcache");
		exit(1);
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct name name = make_name(names[i]);
		unsigned hash = hash_name(&name);
		struct entry **chain = table + (hash >> shift);

		entries[i] = (struct entry){*chain, hash, (int)i, name};
		*chain = &entries[i];
	}
}

static void look_up(const char *when, char **wanted)
{
	printf("%s:", when);
	for (; *wanted; wanted++) {
		struct name name = make_name(*wanted);
		const struct entry *entry = lookup(&name, hash_name(&name));

		printf(" %s=%d", *wanted, entry ? entry->number : -1);
	}
	printf(" sum=%ld\n", add_small_step(add_step(0)));
}

static void dump(const char *file, const char *when)
{
	size_t size = (size_t)(__stop_shown - __start_shown);
	char path[4096];
	FILE *out;

	if (!file)
		return;
	snprintf(path, sizeof(path), "%s.%s", file, when);
	out = fopen(path, "wb");
	if (!out || fwrite(__start_shown, 1, size, out) != size || fclose(out)) {
		perror(path);
		exit(1);
	}
}

static void print_counts(void)
{
	struct rcpp_stats stats;

	if (rcpp_stats(&stats)) {
		fprintf(stderr, "dcache: %s\n", rcpp_error());
		exit(1);
	}
	printf("%lu sites, %lu patched, %lu left as loads, %lu bytes, %lu microseconds\n",
	       stats.sites, stats.patched, stats.loads, stats.bytes, stats.nanoseconds / 1000);
}

int main(int argc, char **argv)
{
	static char *usual[] = {"etc", "usr", "cache", "nothing", NULL};
	const char *file = NULL;

	if (argc > 2 && !strcmp(argv[1], "--dump")) {
		file = argv[2];
		argv += 2;
	}
	argv = argv[1] ? argv + 1 : usual;

	fill_table();
	step = 1000000;
	small_step = -1;
	look_up("before", argv);
	dump(file, "before");
	if (rcpp_patch()) {
		fprintf(stderr, "dcache: %s\n", rcpp_error());
		return 1;
	}
	look_up("after ", argv);
	dump(file, "after");
	print_counts();
	return 0;
}
