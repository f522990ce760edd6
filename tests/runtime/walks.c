// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Nearly all rows are plain, and a walk has a shorter way for them (runtime/core.c). It goes that
 * way where rcpp_walk_group() does not: both must say the same of every site, whatever it holds and
 * should hold. The sites are those of the benchmark's kernels, and of this file: several for a
 * form.
 */
#define _GNU_SOURCE 1
#include "check.h"
#include "core.h"
#include "modules.h"
#include "rows.h"
#include "same.h"

#define SITES_MAX 16384

static int twice(int a)
{
	return 2 * a;
}

/* What the kernels have once. */
__patchable int (*hook_called)(int) = twice;
__patchable long long_added = 3;
__patchable unsigned char byte_shifted = 5;
__patchable short signed_read = -3;

/* Its immediate is computed of the value. */
__patchable unsigned int bits_counted = 0x30f;

__attribute__((noinline, target("popcnt"))) int counted(int a)
{
	return __builtin_popcount(bits_counted) + a;
}

__attribute__((noinline, target("popcnt"))) int counted_again(int a)
{
	return __builtin_popcount(bits_counted) * a;
}

__attribute__((noinline)) long several(int a)
{
	return hook_called(a) + hook_called(a + 1) + ((long)a << byte_shifted) +
	       ((long)a + long_added) * ((long)(a + 1) + long_added) +
	       ((unsigned int)a >> byte_shifted) + signed_read * (a + signed_read);
}

struct sites {
	struct rcpp_site list[SITES_MAX];
	unsigned int count;
};

static struct sites by_walk, by_group;
static enum rcpp_action action;
static unsigned int compared, plain, summed;

static void add_site(void *context, const struct rcpp_site *site)
{
	struct sites *sites = context;

	CHECK(sites->count < SITES_MAX);
	sites->list[sites->count++] = *site;
}

/* Which loads are there? */
static uint32_t loads[SITES_MAX];
static unsigned int load_count;

static void add_load(void *context, uint32_t number, uintptr_t variable)
{
	(void)context;
	(void)variable;
	CHECK(load_count < SITES_MAX);
	loads[load_count++] = number;
}

static bool is_consumer(unsigned int number)
{
	return number < by_walk.count && by_walk.list[number].flags & RCPP_ROW_CONSUMER;
}

/*
 * Of the sites of by_walk, those that by_group lacks stay as they are, and have no consumers. Does
 * one of them hold a value?
 */
static bool check_not_visited(void)
{
	unsigned int i, visited = 0;
	bool holds = false;

	for (i = 0; i < by_walk.count; i++) {
		const struct rcpp_site *site = &by_walk.list[i];

		if (visited < by_group.count && by_group.list[visited].address == site->address) {
			visited++;
			continue;
		}
		CHECK(!site->changes && !is_consumer(i) && !is_consumer(i + 1));
		holds |= site->patched;
	}
	CHECK(visited == by_group.count);
	return holds;
}

/* Is the site one of those that were visited by themselves? */
static bool is_visited(const struct rcpp_site *site)
{
	unsigned int i;

	for (i = 0; i < by_group.count; i++)
		if (by_group.list[i].form && by_group.list[i].address == site->address)
			return true;
	return false;
}

/* How many of by_walk's changing sites are not visited by themselves, and begin, end, lie there? */
static unsigned int count_summed(uintptr_t start, uintptr_t stop, uintptr_t *first, uintptr_t *last,
				 bool *patched)
{
	unsigned int i, count = 0;

	for (i = 0; i < by_walk.count; i++) {
		const struct rcpp_site *site = &by_walk.list[i];
		uintptr_t end = site->address + site->length;

		if (!site->changes || is_visited(site) || site->address < start || end > stop)
			continue;
		CHECK(!is_consumer(i) && !is_consumer(i + 1));
		if (!count++ || site->address < *first)
			*first = site->address;
		if (count == 1 || end > *last)
			*last = end;
		*patched |= site->patched;
	}
	return count;
}

/* What changes is visited by itself, or counted with others. Returns how many are counted. */
static unsigned int check_summed(void)
{
	uintptr_t first, last;
	unsigned int i, count = 0;
	bool patched = false;

	for (i = 0; i < by_group.count; i++) {
		const struct rcpp_site *sum = &by_group.list[i];
		bool its_patched = false;

		if (sum->form)
			continue;
		CHECK(sum->changes && !sum->flags && !sum->reach);
		CHECK(count_summed(sum->address, sum->address + sum->length, &first, &last,
				   &its_patched) == sum->count);
		CHECK(first == sum->address && last == sum->address + sum->length);
		CHECK(its_patched == sum->patched);
		count += sum->count;
	}
	CHECK(count == count_summed(0, UINTPTR_MAX, &first, &last, &patched));
	return count;
}

static enum rcpp_problem compare_batch(void *context, const struct rcpp_view *view,
				       uintptr_t *where)
{
	struct rcpp_view quiet = *view;
	unsigned int i;
	bool holds = false;

	(void)context;
	by_walk.count = by_group.count = load_count = 0;
	CHECK(!rcpp_walk(view, action, add_site, &by_walk, where));
	rcpp_list_loads(view, add_load, NULL);
	for (i = 0; i < load_count; i++)
		CHECK(!rcpp_walk_group(view, action, loads[i], add_site, &by_group, where));
	CHECK(by_walk.count == by_group.count);
	for (i = 0; i < by_walk.count; i++)
		CHECK(are_same(&by_walk.list[i], &by_group.list[i], true));
	compared += by_walk.count;
	quiet.holds = &holds;
	by_group.count = 0;
	CHECK(!rcpp_walk(&quiet, action, add_site, &by_group, where));
	plain += by_walk.count - by_group.count;
	CHECK(check_not_visited() == holds);
	quiet.summed = true;
	by_group.count = 0;
	CHECK(!rcpp_walk(&quiet, action, add_site, &by_group, where));
	summed += check_summed();
	return RCPP_FINE;
}

static int compare_module(struct dl_phdr_info *info, size_t size, void *context)
{
	struct module module;
	uintptr_t where;

	(void)size;
	(void)context;
	rcpp_module_init(&module, info);
	if (rcpp_module_has_tables(&module))
		CHECK(!rcpp_module_batches(&module, compare_batch, NULL, &where));
	return 0;
}

static void compare(void)
{
	for (action = RCPP_PATCH; action <= RCPP_REVERT; action++)
		dl_iterate_phdr(compare_module, NULL);
}

extern uint8_t patchables[] __asm__("__start_rcpp_patchable");
extern uint8_t patchables_end[] __asm__("__stop_rcpp_patchable");

/* The code is not executed any more. */
static void fill(unsigned int round)
{
	static const uint8_t edges[] = {0, 0xff, 0x80, 0x7f, 1};
	uint8_t *at;

	for (at = patchables; at < patchables_end; at++)
		*at = round < sizeof(edges) ? edges[round] : (uint8_t)(rand() % 3 ? 0 : rand());
}

int main(void)
{
	unsigned int round;

	CHECK(counted(1) == 7 && counted_again(7) == 42);
	CHECK(several(4) == 8 + 10 + (4 << 5) + 7 * 8 + 0 + -3 * 1);
	CHECK(!rcpp_configure(RCPP_KEEP_WRITABLE));
	compare();
	CHECK(!rcpp_patch());
	CHECK(counted(1) == 7 && counted_again(7) == 42);
	CHECK(several(4) == 8 + 10 + (4 << 5) + 7 * 8 + 0 + -3 * 1);
	for (round = 0; round < 40; round++) {
		compare();
		fill(round);
		compare();
		if (round % 3)
			CHECK(!rcpp_patch());
		else
			CHECK(!rcpp_revert());
	}
	printf("%u sites compared, %u of them not visited, %u changed and summed\n", compared,
	       plain, summed);
	CHECK(plain > 200 && summed > 200);
	return 0;
}
