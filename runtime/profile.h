/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What is shared by the parts of the code that `rcpp --profile` adds to each object, once a module
 * (rcpp_profile.h):
 *
 *	profile_counts.c  counts, and begins and ends a run
 *	profile_places.c  the module's fields, by address, and which of them overlap
 *	profile_clock.c	  the kernel's clock, which a write can read at once
 *	profile_file.c	  the file in the place of the counters
 *	profile_records.c reads the kernel's files
 *
 * They are compiled when rcpp is built, and their assembly is part of rcpp (profile-text.awk). They
 * need no library: they make system calls themselves, since they run before the C library is ready,
 * and with any C library or none. They use general registers only, so that their callers need save
 * only these. Names that do not begin with rcpp_ are local to a file.
 */
#ifndef PROFILE_H
#define PROFILE_H

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include "rcpp_profile.h"

#define HIDDEN __attribute__((visibility("hidden")))

/* A field of the module, by address. */
struct place {
	uintptr_t start, stop;
	const struct rcpp_profile_unit *unit;
	uint32_t field;
	uint32_t own; /* it is in the module itself */
};

/* A field that overlaps one that is written. */
struct rcpp_profile_neighbour {
	struct rcpp_profile_state *state;
	struct rcpp_profile_own *own;
};

/* What a call names. */
struct call {
	int32_t unit; /* relative to this member */
	uint32_t field;
	int32_t counter; /* relative to this member, as are these: */
	int32_t state, own;
};

extern const char rcpp_table_start[] __asm__("__start_rcpp_profile") HIDDEN;
extern const char rcpp_table_stop[] __asm__("__stop_rcpp_profile") HIDDEN;
extern char rcpp_counters_start[] __asm__("__start_rcpp_counters") HIDDEN;
extern char rcpp_counters_stop[] __asm__("__stop_rcpp_counters") HIDDEN;
/* It is there if the module has units that may take pages away from the program. */
extern const char protects[] __asm__("rcpp_profile_protects") __attribute__((weak)) HIDDEN;
extern const char module_start[] __asm__("__ehdr_start") __attribute__((weak)) HIDDEN;

/* Of the module, in this process. */
struct rcpp_profile_run {
	struct rcpp_profile_now now;
	struct place *places; /* by address */
	struct rcpp_profile_neighbour *neighbours;
	uint32_t place_count;
	struct rcpp_profile_chunk *chunk; /* NULL: no file */
	uint64_t started, looked; /* in ticks: when the run began; when fields were looked at */
	uint64_t tick_worth;	  /* nanoseconds, times 2^24 */
};
extern struct rcpp_profile_run run __asm__("rcpp_profile_run") HIDDEN;

/* profile_places.c: fills in run.places and run.neighbours. The units of the module's table, one
 * behind the other. */
void rcpp_profile_find_places(void) HIDDEN;
const struct rcpp_profile_unit *rcpp_profile_first(void) HIDDEN;
const struct rcpp_profile_unit *rcpp_profile_next(const struct rcpp_profile_unit *unit) HIDDEN;

/* profile_clock.c: fills in run.now.tick, if there is such a word. */
void rcpp_profile_find_tick(void) HIDDEN;

/* profile_file.c: fills in run.chunk, or says what is wrong. */
void rcpp_profile_keep(void) HIDDEN;

/* A file of the kernel's, record by record: profile_records.c. */
#define RECORDS_SPACE 65536
struct records {
	long file;
	char *space; /* of RECORDS_SPACE bytes */
	size_t at, size;
	bool cut; /* the beginning of the next record is gone: it is too long */
};
/* Behind this the record ends with a zero byte instead of `end`. NULL: there is none. */
char *rcpp_profile_next_record(struct records *records, char end) HIDDEN;
/* A number, and *text is behind it. */
uintptr_t rcpp_profile_hexadecimal(const char **text) HIDDEN;

static inline uint64_t ticks(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return low | (uint64_t)high << 32;
}

static inline long call_system(long number, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d, r8 __asm__("r8") = e, r9 __asm__("r9") = f;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

static inline long open_file(const char *path, int flags)
{
	return call_system(SYS_openat, AT_FDCWD, (long)path, flags | O_CLOEXEC | O_NOCTTY, 0666, 0,
			   0);
}

static inline void close_file(long file)
{
	call_system(SYS_close, file, 0, 0, 0, 0, 0);
}

static inline void *map(void *address, size_t size, int protection, int flags, long file,
			uint64_t offset)
{
	long result = call_system(SYS_mmap, (long)address, (long)size, protection, flags, file,
				  (long)offset);

	return result < 0 && result > -RCPP_PROFILE_PAGE ? NULL : (void *)result;
}

static inline void *get_memory(size_t size)
{
	return map(NULL, size ? size : 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		   0);
}

static inline void free_memory(void *memory, size_t size)
{
	if (memory)
		call_system(SYS_munmap, (long)memory, (long)(size ? size : 1), 0, 0, 0, 0);
}

static inline void copy(void *to, const void *from, size_t size)
{
	void *end = to;

	__asm__ volatile("rep movsb" : "+D"(end), "+S"(from), "+c"(size) : : "memory");
}

/*
 * Can the page be read? The kernel takes the set of signals from there before it finds that it is
 * asked for nothing.
 */
static inline bool is_readable(uintptr_t page)
{
	return call_system(SYS_rt_sigprocmask, -1, (long)page, 0, 8, 0, 0) != -EFAULT;
}

/* Can it be what the time stamp counter was some hundredths of a second ago, or less? */
static inline bool is_tick(uint64_t word, uint64_t now)
{
	return now - word < 1 << 28;
}

static inline const struct rcpp_profile_field *fields_of(const struct rcpp_profile_unit *unit)
{
	return (const struct rcpp_profile_field *)(unit + 1);
}

static inline const struct rcpp_profile_access *accesses_of(const struct rcpp_profile_unit *unit)
{
	return (const struct rcpp_profile_access *)(fields_of(unit) + unit->field_count);
}

static inline struct rcpp_profile_state *states_of(const struct rcpp_profile_unit *unit)
{
	return (struct rcpp_profile_state *)((uintptr_t)&unit->counters + unit->counters);
}

static inline struct rcpp_profile_own *own_of(const struct rcpp_profile_unit *unit)
{
	return (struct rcpp_profile_own *)((uintptr_t)&unit->own + (uintptr_t)unit->own);
}

/* 0: it is nowhere. */
static inline uintptr_t address_of(const struct rcpp_profile_field *field)
{
	uintptr_t address = (uintptr_t)&field->address + (uintptr_t)field->address;

	if (!field->address)
		return 0;
	if (!(field->flags & RCPP_FIELD_REMOTE))
		return address;
	address = *(const uintptr_t *)address;
	return address ? address + (uintptr_t)field->offset : 0;
}

#endif
