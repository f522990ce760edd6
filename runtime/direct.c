// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The kernel writes into a process's memory for debuggers, through /proc/PID/mem, whatever the
 * protection: it makes a copy of the page that belongs to the process alone, and changes that. So
 * no mapping is made, split or moved, the memory is never writable and executable, and nothing but
 * the bytes of the sites, and of the variable, is written: what others have put beside them stays.
 *
 * Unlike an exchange of pages this is not one step. The stopped threads see none of the steps, and
 * before they go on a system call makes each processor discard what it has fetched. If a write
 * fails, those before it are undone; that needs no new memory.
 *
 * Not everything that looks like Linux notices such writes to code. An emulator or valgrind may go
 * on with its translation of the old code; others have the process's memory at other addresses. So
 * nothing is written before a trial with a function of our own has shown that the writes reach the
 * same memory and that the new code is what runs.
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <fcntl.h>
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "direct.h"
#include "machine.h"
#include "raw.h"

#pragma GCC visibility push(hidden)
int rcpp_canary(void);
#pragma GCC visibility pop

__asm__(".pushsection .text\n"
	"\t.balign 16\n"
	"\t.globl rcpp_canary\n"
	"\t.hidden rcpp_canary\n"
	"\t.type rcpp_canary, @function\n"
	"rcpp_canary:\n"
	"\t.cfi_startproc\n"
	"\t" RCPP_CANARY "\t.cfi_endproc\n"
	"\t.size rcpp_canary, .-rcpp_canary\n"
	"\t.popsection");

/* ---- What is to be written ---- */

bool rcpp_direct_add(struct direct *direct, uintptr_t address, const uint8_t *bytes,
		     unsigned int length)
{
	struct direct_site *site = &direct->sites[direct->count];

	if (direct->count == RCPP_DIRECT_MAX)
		return false;
	direct->count++;
	site->address = address;
	site->length = length;
	memcpy(site->fresh, bytes, length);
	memcpy(site->old, (const void *)address, length);
	return true;
}

bool rcpp_direct_forbid(struct direct *direct, uintptr_t start, uintptr_t stop)
{
	if (direct->group_count == RCPP_DIRECT_MAX)
		return false;
	direct->groups[direct->group_count++] = (struct rcpp_range){start, stop};
	return true;
}

void rcpp_direct_clear(struct direct *direct)
{
	direct->count = direct->group_count = 0;
	direct->error = 0;
	direct->overtaken = direct->stuck = false;
}

bool rcpp_direct_forbidden(const struct direct *direct, uintptr_t address)
{
	unsigned int i;

	for (i = 0; i < direct->group_count; i++)
		if (address > direct->groups[i].start && address < direct->groups[i].stop)
			return true;
	return false;
}

/* ---- Writing ---- */

static bool membarrier(int command)
{
	return !syscall(SYS_membarrier, command, 0, 0);
}

static bool write_at(int file, uintptr_t address, const void *bytes, size_t length)
{
	long written = syscall(SYS_pwrite64, file, bytes, length, address);

	if (written >= 0 && written < (long)length)
		errno = EIO; /* it ends at a page that cannot be written */
	return written == (long)length;
}

static bool holds(int file, uintptr_t address, const void *bytes, size_t length)
{
	uint8_t got[RCPP_SITE_MAX];

	return rcpp_raw_read_at(file, got, length, address) == (long)length &&
	       !memcmp(got, bytes, length);
}

static int open_memory(void)
{
	return open("/proc/thread-self/mem", O_RDWR | O_CLOEXEC);
}

bool rcpp_direct_open(struct direct *direct)
{
	direct->file = open_memory();
	direct->open = direct->file >= 0;
	return direct->open;
}

void rcpp_direct_close(struct direct *direct)
{
	if (direct->open)
		close(direct->file);
	direct->open = false;
}

/* Without memcmp(): see raw.h. */
static bool is_unchanged(const struct direct_site *site)
{
	const uint8_t *text = (const uint8_t *)site->address;
	unsigned int i;

	for (i = 0; i < site->length; i++)
		if (text[i] != site->old[i])
			return false;
	return true;
}

/* The last of them may be written in part. */
static void take_back(struct direct *direct, unsigned int count)
{
	while (count--) {
		const struct direct_site *site = &direct->sites[count];

		write_at(direct->file, site->address, site->old, site->length);
		direct->stuck |= !is_unchanged(site);
	}
}

static bool is_overtaken(const struct direct *direct)
{
	unsigned int i;

	for (i = 0; i < direct->count; i++)
		if (!is_unchanged(&direct->sites[i]))
			return true;
	return false;
}

bool rcpp_direct_write(struct direct *direct)
{
	unsigned int i;

	direct->overtaken = is_overtaken(direct);
	direct->error = direct->overtaken ? EAGAIN : 0;
	direct->stuck = false;
	if (direct->overtaken)
		return false;
	for (i = 0; i < direct->count && !direct->error; i++) {
		const struct direct_site *site = &direct->sites[i];

		if (write_at(direct->file, site->address, site->fresh, site->length))
			continue;
		direct->error = errno;
		take_back(direct, i + 1);
	}
	membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE);
	return !direct->error;
}

/* ---- Does it work? ---- */

static int call_canary(void)
{
	int (*volatile canary)(void) = rcpp_canary;

	return canary();
}

/* Write the value, and see the function return it. */
static bool try_value(int file, uint32_t value)
{
	return write_at(file, (uintptr_t)rcpp_canary + RCPP_CANARY_VALUE, &value, sizeof(value)) &&
	       membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE) &&
	       call_canary() == (int)value;
}

/* It is called first, so that who translates code has translated this. */
static bool try_canary(void)
{
	int file = open_memory();
	bool works;

	if (file < 0)
		return false;
	works = call_canary() == 0 &&
		holds(file, (uintptr_t)rcpp_canary, (const void *)rcpp_canary, RCPP_CANARY_SIZE) &&
		try_value(file, 1) && try_value(file, 0);
	close(file);
	return works;
}

static enum { UNKNOWN, WORKS, FAILS } state;

void rcpp_direct_forget(void)
{
	state = FAILS;
}

bool rcpp_direct_works(void)
{
	if (state == UNKNOWN)
		state = membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE) &&
					try_canary()
				? WORKS
				: FAILS;
	return state == WORKS;
}
