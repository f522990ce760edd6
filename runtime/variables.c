// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Closed variables are read-only memory. Where sites are written directly (direct.c), so is a
 * single value, behind them: that it cannot be written is known while the sites can be written
 * back. Else the pages are opened, written and closed again. That is three steps, so it happens
 * only while no other thread runs. What can fail comes before the first byte changes; only a
 * failure of the last step is merely reported, since the variables are then right, but stay open.
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "raw.h"
#include "variables.h"

struct rcpp_range rcpp_closable_variables(const struct module *module)
{
	struct rcpp_range range = rcpp_module_patchables(module);

	range.start = rcpp_page_up(range.start);
	range.stop = rcpp_page_down(range.stop);
	return range;
}

static bool set_protection(const struct module *module, int protection)
{
	struct rcpp_range range = rcpp_closable_variables(module);

	return range.start >= range.stop ||
	       !mprotect((void *)range.start, range.stop - range.start, protection);
}

bool rcpp_close_variables(const struct module *module)
{
	return set_protection(module, PROT_READ);
}

bool rcpp_open_variables(const struct module *module)
{
	return set_protection(module, PROT_READ | PROT_WRITE);
}

/*
 * Let the kernel add 0 to the word, which it does only where we could. No other thread notices.
 * False with errno, which is EFAULT if the memory is read-only.
 */
static bool can_write(uintptr_t address)
{
	uint32_t unused = 0;

	return syscall(SYS_futex, &unused, FUTEX_WAKE_OP | FUTEX_PRIVATE_FLAG, 0, NULL,
		       address & ~(uintptr_t)3, FUTEX_OP(FUTEX_OP_ADD, 0, FUTEX_OP_CMP_EQ, 0)) >= 0;
}

bool rcpp_find_closed(struct module *module)
{
	struct rcpp_range range = rcpp_closable_variables(module);

	module->closed = (struct rcpp_range){0};
	if (range.start >= range.stop || can_write(range.start))
		return true;
	module->closed = range;
	return errno == EFAULT;
}

/* ---- New values ---- */

static bool is_change_valid(const struct rcpp_change *change)
{
	uintptr_t start = (uintptr_t)change->variable;

	return !change->size || (start && change->value && start + change->size > start);
}

static bool are_changes_valid(struct call *call, const struct rcpp_change *changes, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!is_change_valid(&changes[i])) {
			rcpp_fail(call, "change %zu has no memory; nothing is changed", i);
			return false;
		}
	return true;
}

/* The list, and the bytes behind it. */
static bool allocate(struct store *store, const struct rcpp_change *changes, size_t count)
{
	size_t i;

	store->size = count * sizeof(*store->list);
	for (i = 0; i < count; i++)
		store->size += changes[i].size;
	store->list = (struct rcpp_value *)store->few;
	if (store->size > sizeof(store->few))
		store->list = mmap(NULL, store->size, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return store->list != MAP_FAILED;
}

bool rcpp_store_init(struct store *store, struct call *call, const struct rcpp_change *changes,
		     size_t count)
{
	uint8_t *next;
	size_t i;

	*store = (struct store){0};
	if (!are_changes_valid(call, changes, count))
		return false;
	if (!allocate(store, changes, count)) {
		rcpp_fail(call, "mmap: %m; nothing is changed");
		return false;
	}
	next = (uint8_t *)(store->list + count);
	for (i = 0; i < count; i++) {
		memcpy(next, changes[i].value, changes[i].size);
		store->list[i] = (struct rcpp_value){
			.address = (uintptr_t)changes[i].variable,
			.bytes = next,
			.size = changes[i].size,
		};
		next += changes[i].size;
	}
	store->values = (struct rcpp_values){store->list, count};
	return true;
}

void rcpp_store_free(struct store *store)
{
	if (store->values.list && store->size > sizeof(store->few))
		munmap(store->list, store->size);
}

static bool overlaps(const struct rcpp_value *value, const struct rcpp_range *range)
{
	return value->address < range->stop && range->start < value->address + value->size;
}

static bool is_closed(const struct rcpp_value *value, const struct module *modules,
		      unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (overlaps(value, &modules[i].closed))
			return true;
	return false;
}

/* Can it be written by one call, in whole or not at all? Whole pages are closed. */
static bool is_one_write(const struct rcpp_value *value)
{
	return value->size <= RCPP_SITE_MAX &&
	       rcpp_page_down(value->address) == rcpp_page_down(value->address + value->size - 1);
}

/* The only closed one; NULL if there are several, or none. */
static const struct rcpp_value *find_closed_value(const struct store *store,
						  const struct module *modules, unsigned int count)
{
	const struct rcpp_value *found = NULL;
	size_t i;

	for (i = 0; i < store->values.count; i++) {
		if (!is_closed(&store->list[i], modules, count))
			continue;
		if (found)
			return NULL;
		found = &store->list[i];
	}
	return found;
}

void rcpp_store_direct(struct store *store, const struct module *modules, unsigned int count,
		       struct direct *direct)
{
	const struct rcpp_value *value = find_closed_value(store, modules, count);

	if (value && is_one_write(value) &&
	    rcpp_direct_add(direct, value->address, value->bytes, (unsigned int)value->size))
		store->direct = value;
}

static bool is_writable(const struct rcpp_value *value)
{
	uintptr_t stop = value->address + value->size;
	uintptr_t next = value->address;

	for (; next < stop; next = rcpp_page_down(next) + RCPP_PAGE_SIZE)
		if (!can_write(next))
			return false;
	return true;
}

static bool are_writable(struct store *store)
{
	size_t i;

	for (i = 0; i < store->values.count; i++)
		if (&store->list[i] != store->direct && !is_writable(&store->list[i])) {
			store->unwritable = &store->list[i];
			return false;
		}
	return true;
}

/*
 * Constant sizes, so that each is one store and no value is torn. No call of memcpy() for others:
 * ThreadSanitizer would see it, and does not know that all threads stand still.
 */
static void copy(void *to, const void *from, size_t size)
{
	switch (size) {
	case 1:
		memcpy(to, from, 1);
		break;
	case 2:
		memcpy(to, from, 2);
		break;
	case 4:
		memcpy(to, from, 4);
		break;
	case 8:
		memcpy(to, from, 8);
		break;
	default:
		rcpp_raw_copy(to, from, size);
		break;
	}
}

static bool have_to_be_open(const struct store *store, const struct module *module)
{
	size_t i;

	for (i = 0; i < store->values.count && !store->direct; i++)
		if (overlaps(&store->list[i], &module->closed))
			return true;
	return false;
}

/*
 * The closed variables that the values concern and that have to be opened. A module that is being
 * unloaded may have been about to open them, and has no need to have them closed. Returns the first
 * module where it fails, or NULL.
 */
static const struct module *protect(struct store *store, const struct module *modules,
				    unsigned int count, int protection)
{
	const struct module *failed = NULL;
	unsigned int i;

	for (i = 0; i < count; i++) {
		const struct rcpp_range *closed = &modules[i].closed;

		if (!have_to_be_open(store, &modules[i]) ||
		    (modules[i].unloading && protection == PROT_READ) ||
		    rcpp_raw_protect(closed->start, closed->stop, protection) || failed)
			continue;
		failed = &modules[i];
		store->error = errno;
		if (protection != PROT_READ) /* all that is open is closed again */
			break;
	}
	return failed;
}

void rcpp_store_close(struct store *store, const struct module *modules, unsigned int count)
{
	store->stuck = protect(store, modules, count, PROT_READ);
}

bool rcpp_store_open(struct store *store, const struct module *modules, unsigned int count)
{
	store->failed = protect(store, modules, count, PROT_READ | PROT_WRITE);
	if (!store->failed && are_writable(store))
		return true;
	rcpp_store_close(store, modules, count);
	return false;
}

void rcpp_store_write(const struct store *store)
{
	size_t i;

	for (i = 0; i < store->values.count; i++) {
		const struct rcpp_value *value = &store->list[i];

		if (value != store->direct)
			copy((void *)value->address, value->bytes, value->size);
	}
}

void rcpp_store_explain(const struct store *store, struct call *call)
{
	errno = store->error;
	if (store->unwritable)
		rcpp_fail(call, "0x%lx cannot be written; nothing is changed",
			  (unsigned long)store->unwritable->address);
	if (store->failed)
		rcpp_fail(call, "%s: mprotect of the variables: %m; nothing is changed",
			  store->failed->name);
	if (store->stuck)
		rcpp_fail_variables(call, store->stuck, "writable");
}
