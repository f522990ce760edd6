// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The module's chunk of the profile, found or added, and mapped in place of the counters. A program
 * whose file cannot be used runs without one: whatever is wrong here is not the program's fault.
 */
#include <sys/file.h>
#include <sys/resource.h>
#include "profile.h"

#define PATH_SPACE    (RCPP_PROFILE_PAGE - sizeof(struct rcpp_profile_chunk))
#define LOCK_PATIENCE 5000 /* milliseconds */

/* Where the chunk is mapped: in the module, so that nothing is left when it is unloaded. */
static char head[RCPP_PROFILE_PAGE]
	__attribute__((aligned(RCPP_PROFILE_PAGE), section(".bss.rcpp_profile")));

static size_t length_of(const char *text)
{
	size_t length = 0;

	while (text[length])
		length++;
	return length;
}

static bool begins(const char *text, const char *prefix)
{
	while (*prefix && *text == *prefix)
		text++, prefix++;
	return !*prefix;
}

static bool same(const void *a, const void *b, size_t size)
{
	const char *x = a, *y = b;

	for (size_t i = 0; i < size; i++)
		if (x[i] != y[i])
			return false;
	return true;
}

/* Reads or writes all of it. */
static bool transfer(long number, long file, void *bytes, size_t size, uint64_t offset)
{
	char *at = bytes;

	while (size) {
		long done = call_system(number, file, (long)at, (long)size, (long)offset, 0, 0);

		if (done <= 0)
			return false;
		at += done;
		offset += (uint64_t)done;
		size -= (size_t)done;
	}
	return true;
}

static void say(const char *text)
{
	call_system(SYS_write, 2, (long)text, (long)length_of(text), 0, 0, 0);
}

/* The value of a variable in the environment, in `space`, or NULL. */
static const char *environment(const char *name, char *space)
{
	struct records records = {.file = open_file("/proc/self/environ", O_RDONLY),
				  .space = space};
	const char *record = NULL;

	if (records.file < 0)
		return NULL;
	while ((record = rcpp_profile_next_record(&records, '\0')) && !begins(record, name))
		;
	close_file(records.file);
	return record ? record + length_of(name) : NULL;
}

static void append_number(char **to, uint64_t number)
{
	char digits[20];
	int count = 0;

	do
		digits[count++] = (char)('0' + number % 10);
	while (number /= 10);
	while (count)
		*(*to)++ = digits[--count];
}

/* %p is the process. */
static void expand(const char *name, char *to, size_t space)
{
	char *end = to + space - 24;

	for (; *name && to < end; name++) {
		if (name[0] == '%' && name[1] == 'p') {
			append_number(&to, (uint64_t)call_system(SYS_getpid, 0, 0, 0, 0, 0, 0));
			name++;
		} else {
			*to++ = *name;
		}
	}
	*to = '\0';
}

/* Where the module has an address, relative to where it was loaded. */
static uint64_t relative(const void *address)
{
	const Elf64_Ehdr *header = (const Elf64_Ehdr *)module_start;

	if (!header)
		return 0;
	return (uintptr_t)address - (header->e_type == ET_DYN ? (uintptr_t)header : 0);
}

/* FNV-1a: of an earlier sum and some bytes */
static uint64_t sum(uint64_t id, const char *at, const char *end)
{
	while (at < end)
		id = (id ^ (unsigned char)*at++) * 0x100000001b3;
	return id;
}

/* Modules of the same source have the same table, so the path counts, too. */
static uint64_t id_of(const char *path)
{
	return sum(sum(0xcbf29ce484222325, rcpp_table_start, rcpp_table_stop), path,
		   path + length_of(path));
}

static uint64_t whole_pages(uint64_t size)
{
	return (size + RCPP_PROFILE_PAGE - 1) & ~(uint64_t)(RCPP_PROFILE_PAGE - 1);
}

/* Is this line of /proc/self/maps about where the table is? */
static bool is_of_table(const char *line)
{
	uintptr_t address = (uintptr_t)rcpp_table_start, start = rcpp_profile_hexadecimal(&line);

	return *line++ == '-' && address >= start && address < rcpp_profile_hexadecimal(&line);
}

/* The module's path is the last word of its line in /proc/self/maps. */
static void find_path(char *path, char *space)
{
	struct records records = {.file = open_file("/proc/self/maps", O_RDONLY), .space = space};
	const char *line = NULL;

	path[0] = '\0';
	if (records.file < 0)
		return;
	while ((line = rcpp_profile_next_record(&records, '\n')) && !is_of_table(line))
		;
	close_file(records.file);
	while (line && *line && *line != '/')
		line++;
	if (line && length_of(line) < PATH_SPACE)
		copy(path, line, length_of(line) + 1);
}

static void fill_chunk(struct rcpp_profile_chunk *new, char *space)
{
	find_path(new->path, space);
	copy(new->magic, RCPP_PROFILE_MAGIC, sizeof new->magic);
	new->id = id_of(new->path);
	new->table = sizeof *new + length_of(new->path) + 1;
	new->table = (new->table + 7) & ~(uint64_t)7;
	new->table_size = (uint64_t)(rcpp_table_stop - rcpp_table_start);
	new->table_address = relative(rcpp_table_start);
	new->counters = whole_pages(new->table + new->table_size);
	new->counters_size = (uint64_t)(rcpp_counters_stop - rcpp_counters_start);
	new->counters_address = relative(rcpp_counters_start);
	new->size = new->counters + new->counters_size;
}

/* Someone ended while adding a chunk. */
static bool is_unfinished(const struct rcpp_profile_chunk *there)
{
	return !there->magic[0] && !there->size && !there->id;
}

/*
 * The module's chunk in a locked file, or where it shall be: *offset. False if the file is
 * something else; *found if it is there.
 */
static bool find_chunk(long file, const struct rcpp_profile_chunk *own, uint64_t *offset,
		       bool *found)
{
	struct rcpp_profile_chunk there;
	uint64_t size = (uint64_t)call_system(SYS_lseek, file, 0, 2 /* SEEK_END */, 0, 0, 0);

	*found = false;
	for (*offset = 0; *offset < size; *offset += there.size) {
		if (!transfer(SYS_pread64, file, &there, sizeof there, *offset))
			return false;
		if (is_unfinished(&there))
			return true;
		if (!same(there.magic, RCPP_PROFILE_MAGIC, sizeof there.magic) || !there.size ||
		    there.size % RCPP_PROFILE_PAGE || there.size > size - *offset)
			return false;
		*found = there.id == own->id && there.size == own->size &&
			 there.counters == own->counters;
		if (*found)
			return true;
	}
	return true;
}

/* What is counted in a hole of the file, on a disk that is full, is a signal. So there are none. */
static bool reserve(long file, uint64_t offset, uint64_t size)
{
	long result;

	do
		result = call_system(SYS_fallocate, file, 0, (long)offset, (long)size, 0, 0);
	while (result == -EINTR);
	return !result || result == -EOPNOTSUPP || result == -ENOSYS;
}

static bool write_zeros(long file, uint64_t offset, uint64_t size)
{
	char *zeros = get_memory(RCPP_PROFILE_PAGE);
	bool done = zeros;

	for (; done && size; size -= RCPP_PROFILE_PAGE, offset += RCPP_PROFILE_PAGE)
		done = transfer(SYS_pwrite64, file, zeros, RCPP_PROFILE_PAGE, offset);
	free_memory(zeros, RCPP_PROFILE_PAGE);
	return done;
}

/* A file that grows beyond the limit is a signal. */
static bool may_grow_to(uint64_t size)
{
	struct rlimit64 limit;

	return call_system(SYS_prlimit64, 0, RLIMIT_FSIZE, 0, (long)&limit, 0, 0) != 0 ||
	       size <= limit.rlim_cur;
}

static bool resize(long file, uint64_t size)
{
	return call_system(SYS_ftruncate, file, (long)size, 0, 0, 0, 0) == 0;
}

/* What makes it a chunk is written last. */
static bool append_chunk(long file, struct rcpp_profile_chunk *own, uint64_t offset)
{
	size_t head = sizeof *own + length_of(own->path) + 1;

	if (!may_grow_to(offset + own->size) || !resize(file, offset))
		return false;
	if (write_zeros(file, offset, own->size) &&
	    transfer(SYS_pwrite64, file, (void *)rcpp_table_start, own->table_size,
		     offset + own->table) &&
	    transfer(SYS_pwrite64, file, own, head, offset))
		return true;
	resize(file, offset);
	return false;
}

/* The counters become the file's; what was counted until now is added to it. */
static bool map_counters(long file, uint64_t offset, uint64_t size)
{
	uint64_t *counted = get_memory(size), *counters = (uint64_t *)rcpp_counters_start;
	bool mapped = false;

	if (counted) {
		copy(counted, counters, size);
		mapped = map(counters, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file,
			     offset) != NULL;
	}
	for (uint64_t i = 0; mapped && i < size / sizeof *counted; i++)
		if (counted[i])
			__atomic_fetch_add(&counters[i], counted[i], __ATOMIC_RELAXED);
	free_memory(counted, size);
	return mapped;
}

/* First elsewhere: what cannot be mapped would leave a hole. */
static bool map_head(long file, uint64_t offset)
{
	void *trial =
		map(NULL, RCPP_PROFILE_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, offset);

	free_memory(trial, RCPP_PROFILE_PAGE);
	if (trial)
		run.chunk = map(head, RCPP_PROFILE_PAGE, PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_FIXED, file, offset);
	return run.chunk;
}

/* NULL, or what is wrong. */
static const char *map_file(long file, struct rcpp_profile_chunk *own)
{
	uint64_t offset;
	bool found;

	if (!find_chunk(file, own, &offset, &found))
		return "it is no profile, or a damaged one; remove it";
	if (found ? !reserve(file, offset, own->size) : !append_chunk(file, own, offset))
		return "it cannot be written";
	if (!map_head(file, offset) ||
	    !map_counters(file, offset + own->counters, own->counters_size))
		return "it cannot be mapped";
	__atomic_fetch_add(&run.chunk->runs, 1, __ATOMIC_RELAXED);
	return NULL;
}

static void wait_a_millisecond(void)
{
	struct timespec time = {0, 1000000};

	call_system(SYS_nanosleep, (long)&time, 0, 0, 0, 0, 0);
}

/* Others keep it for a moment only, unless they are stopped then, or are no profiled programs. */
static bool lock_file(long file)
{
	for (int i = 0; i < LOCK_PATIENCE; i++) {
		long result = call_system(SYS_flock, file, LOCK_EX | LOCK_NB, 0, 0, 0, 0);

		if (result != -EAGAIN && result != -EINTR)
			return true; /* or the file system has no locks */
		wait_a_millisecond();
	}
	return false;
}

static const char *use_file(long file, struct rcpp_profile_chunk *own)
{
	const char *wrong;

	if (!lock_file(file))
		return "another process has it locked";
	wrong = map_file(file, own);
	/* What is mapped of it keeps the file open, and so its lock. */
	call_system(SYS_flock, file, LOCK_UN, 0, 0, 0, 0);
	return wrong;
}

/* Then the file is not for those to choose who started the program. */
static bool has_foreign_rights(void)
{
	return call_system(SYS_getuid, 0, 0, 0, 0, 0, 0) !=
		       call_system(SYS_geteuid, 0, 0, 0, 0, 0, 0) ||
	       call_system(SYS_getgid, 0, 0, 0, 0, 0, 0) !=
		       call_system(SYS_getegid, 0, 0, 0, 0, 0, 0);
}

static const char *open_profile(const char *path, struct rcpp_profile_chunk *own)
{
	const char *wrong = "it cannot be written";
	long file;

	if (has_foreign_rights())
		return "the program has the rights of another user";
	file = open_file(path, O_RDWR | O_CREAT);
	if (file < 0)
		return wrong;
	wrong = use_file(file, own);
	close_file(file);
	return wrong;
}

static void keep(char *space, char *path, struct rcpp_profile_chunk *own)
{
	const char *name = environment("RCPP_PROFILE=", space), *wrong;

	expand(name && *name ? name : "rcpp.profile", path, RCPP_PROFILE_PAGE);
	fill_chunk(own, space);
	wrong = open_profile(path, own);
	if (!wrong)
		return;
	run.chunk = NULL;
	say("rcpp: error: ");
	say(path);
	say(": nothing is kept of this run's profile: ");
	say(wrong);
	say(" (RCPP_PROFILE names another file)\n");
}

void rcpp_profile_keep(void)
{
	size_t size = RECORDS_SPACE + 2 * RCPP_PROFILE_PAGE;
	char *space = get_memory(size), *path = space + RECORDS_SPACE;

	if (space)
		keep(space, path, (void *)(path + RCPP_PROFILE_PAGE));
	free_memory(space, size);
}
