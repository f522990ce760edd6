// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The code that `rcpp --profile` adds to each object, once a module: what counts writes, and a
 * constructor that maps a file in the place of the module's counters (rcpp_profile.h). It is
 * compiled when rcpp is built, and its assembly is part of rcpp.
 *
 * It needs no library: it makes system calls itself, since it runs before the C library is ready,
 * and with any C library or none. It uses general registers only, so that its callers have none to
 * save but these.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include "rcpp_profile.h"

#define HIDDEN	      __attribute__((visibility("hidden")))
#define PRIVATE	      __attribute__((section(".bss.rcpp_profile"))) static
#define PATH_SPACE    (RCPP_PROFILE_PAGE - sizeof(struct rcpp_profile_chunk))
#define RECORDS_SPACE 65536
#define LOCK_PATIENCE 5000 /* milliseconds */

/* Of each field, in the process alone. */
struct own {
	uint64_t value;	      /* when it was looked at last; counters.c compares it */
	uint64_t writes;      /* looks until a change without a write is one that was not seen */
	uint32_t first, last; /* the places that it overlaps are among these, last not included */
};
_Static_assert(sizeof(struct own) == RCPP_PROFILE_OWN, "what the filter leaves room for");

/* A field of the module, by address. */
struct place {
	uintptr_t start, stop;
	const struct rcpp_profile_unit *unit;
	uint32_t field;
	uint32_t own; /* it is in the module itself */
};

/* What a call names. */
struct call {
	int32_t unit; /* relative to this member */
	uint32_t field;
	int32_t counter; /* relative to this member */
};

extern const char rcpp_table_start[] __asm__("__start_rcpp_profile") HIDDEN;
extern const char rcpp_table_stop[] __asm__("__stop_rcpp_profile") HIDDEN;
extern char rcpp_counters_start[] __asm__("__start_rcpp_counters") HIDDEN;
extern char rcpp_counters_stop[] __asm__("__stop_rcpp_counters") HIDDEN;
/* It is there if the module has units that may take pages away from the program. */
extern const char protects[] __asm__("rcpp_profile_protects") __attribute__((weak)) HIDDEN;
extern const char module_start[] __asm__("__ehdr_start") __attribute__((weak)) HIDDEN;

PRIVATE struct place *places;
PRIVATE uint32_t place_count;
PRIVATE struct rcpp_profile_chunk *chunk; /* NULL: no file */
/* Where the chunk is mapped: in the module, so that nothing is left when it is unloaded. */
PRIVATE char head[RCPP_PROFILE_PAGE] __attribute__((aligned(RCPP_PROFILE_PAGE)));
PRIVATE int patched;		  /* the process has called rcpp_patch() */
PRIVATE uint64_t started, looked; /* in ticks: when the run began; when fields were looked at */
PRIVATE uint64_t tick_worth;	  /* nanoseconds, times 2^24 */

/* --- what the C library would do ------------------------------------------------------------- */

static long call_system(long number, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d, r8 __asm__("r8") = e, r9 __asm__("r9") = f;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

static long open_file(const char *path, int flags)
{
	return call_system(SYS_openat, AT_FDCWD, (long)path, flags | O_CLOEXEC | O_NOCTTY, 0666, 0,
			   0);
}

static void close_file(long file)
{
	call_system(SYS_close, file, 0, 0, 0, 0, 0);
}

static void *map(void *address, size_t size, int protection, int flags, long file, uint64_t offset)
{
	long result = call_system(SYS_mmap, (long)address, (long)size, protection, flags, file,
				  (long)offset);

	return result < 0 && result > -RCPP_PROFILE_PAGE ? NULL : (void *)result;
}

static void *get_memory(size_t size)
{
	return map(NULL, size ? size : 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		   0);
}

static void free_memory(void *memory, size_t size)
{
	if (memory)
		call_system(SYS_munmap, (long)memory, (long)(size ? size : 1), 0, 0, 0, 0);
}

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

static void copy(void *to, const void *from, size_t size)
{
	void *end = to;

	__asm__ volatile("rep movsb" : "+D"(end), "+S"(from), "+c"(size) : : "memory");
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

/* --- writes ----------------------------------------------------------------------------------- */

static uint64_t ticks(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return low | (uint64_t)high << 32;
}

static uint64_t nanoseconds(void)
{
	struct timespec now = {0, 0};

	call_system(SYS_clock_gettime, CLOCK_MONOTONIC, (long)&now, 0, 0, 0, 0);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static const struct rcpp_profile_field *fields_of(const struct rcpp_profile_unit *unit)
{
	return (const struct rcpp_profile_field *)(unit + 1);
}

static struct rcpp_profile_state *states_of(const struct rcpp_profile_unit *unit)
{
	return (struct rcpp_profile_state *)((uintptr_t)&unit->counters + unit->counters);
}

static struct own *own_of(const struct rcpp_profile_unit *unit)
{
	return (struct own *)((uintptr_t)&unit->own + (uintptr_t)unit->own);
}

/* All reads until now came before a write. */
static void settle(const struct rcpp_profile_unit *unit, uint32_t field, uint64_t age)
{
	struct rcpp_profile_state *state = &states_of(unit)[field];
	uint64_t reads = state->reads;

	state->before += reads - state->seen;
	state->seen = reads;
	state->late += (uint64_t)patched;
	if (state->last < age)
		state->last = age;
	own_of(unit)[field].writes = 2; /* it is counted before it happens */
}

/* 0: it is nowhere. */
static uintptr_t address_of(const struct rcpp_profile_field *field)
{
	uintptr_t address = (uintptr_t)&field->address + (uintptr_t)field->address;

	if (!field->address)
		return 0;
	if (!(field->flags & RCPP_FIELD_REMOTE))
		return address;
	address = *(const uintptr_t *)address;
	return address ? address + (uintptr_t)field->offset : 0;
}

/* --- writes without a counter ------------------------------------------------------------------
 */

static uintptr_t page_of(uintptr_t address)
{
	return address & ~(uintptr_t)(RCPP_PROFILE_PAGE - 1);
}

/* The bytes of a field as a number, or of a long one what tells them from others. */
static uint64_t value_at(uintptr_t start, uintptr_t stop)
{
	uint64_t value = 0;

	for (uintptr_t at = stop; at-- > start;)
		value = (value << 8 | value >> 56) ^ *(const unsigned char *)at;
	return value;
}

/*
 * A field has another value than it had. A write that is counted is so before it happens, so it may
 * be the one. Else nobody has counted it.
 */
static void note_change(const struct rcpp_profile_unit *unit, uint32_t field, uint64_t value,
			uint64_t age)
{
	struct own *own = &own_of(unit)[field];

	if (!own->writes && age) {
		states_of(unit)[field].unseen++;
		settle(unit, field, age);
	}
	own->writes = 0;
	own->value = value;
}

/*
 * Can the page be read? The kernel takes the set of signals from there before it finds that it is
 * asked for nothing.
 */
static bool is_readable(uintptr_t page)
{
	return call_system(SYS_rt_sigprocmask, -1, (long)page, 0, 8, 0, 0) != -EFAULT;
}

/* The program may have taken the page of a variable away. Asks once a page: `*known` can be read.
 */
static bool can_look(uintptr_t start, uintptr_t stop, uintptr_t *known)
{
	if (!protects)
		return true;
	for (uintptr_t page = page_of(start); page < stop; page += RCPP_PROFILE_PAGE) {
		if (page != *known && !is_readable(page))
			return false;
		*known = page;
	}
	return true;
}

/* Age 0: for the first time. Later only in the module itself: others may have been unloaded. */
static void look_at_fields(uint64_t age)
{
	uintptr_t known = 1;

	for (uint32_t i = 0; i < place_count; i++) {
		const struct place *place = &places[i];
		struct own *own = &own_of(place->unit)[place->field];
		uint64_t value;

		if ((age && !place->own) || !can_look(place->start, place->stop, &known))
			continue;
		value = value_at(place->start, place->stop);
		if (value != own->value)
			note_change(place->unit, place->field, value, age);
		own->writes -= own->writes > 0;
	}
}

static uint64_t nanoseconds_of(uint64_t tick_count)
{
	return (tick_count >> 24) * tick_worth + ((tick_count & 0xffffff) * tick_worth >> 24);
}

/*
 * Not more often than every 2^26 ticks, some hundredths of a second; by one thread at a time. It
 * makes no system call that the program might have forbidden itself.
 */
static void look(uint64_t now)
{
	static __attribute__((section(".bss.rcpp_profile"))) int busy;

	if (now - looked < 1 << 26 || __atomic_exchange_n(&busy, 1, __ATOMIC_ACQUIRE))
		return;
	looked = now;
	if (started)
		look_at_fields(now - started);
	if (chunk) {
		chunk->looks++;
		chunk->ticks = now - started;
		chunk->nanoseconds = nanoseconds_of(now - started);
	}
	__atomic_store_n(&busy, 0, __ATOMIC_RELEASE);
}

/* The same for what other units, or accesses of other sizes, have of these bytes. */
static void settle_neighbours(const struct rcpp_profile_unit *unit, uint32_t field, uint64_t age)
{
	const struct own *own = &own_of(unit)[field];
	uintptr_t start = address_of(&fields_of(unit)[field]);
	uintptr_t stop = start + fields_of(unit)[field].size;

	for (uint32_t i = own->first; i < own->last; i++) {
		const struct place *place = &places[i];

		if (place->start < stop && start < place->stop &&
		    !(place->unit == unit && place->field == field))
			settle(place->unit, place->field, age);
	}
}

static const struct rcpp_profile_unit *unit_of(const struct call *call)
{
	return (const struct rcpp_profile_unit *)((uintptr_t)&call->unit + (uintptr_t)call->unit);
}

static void count(const struct call *call)
{
	uint64_t *counter = (uint64_t *)((uintptr_t)&call->counter + (uintptr_t)call->counter);

	__atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
}

HIDDEN __attribute__((used)) void rcpp_profile_written(const struct call *call)
{
	const struct rcpp_profile_unit *unit = unit_of(call);
	uint64_t now = ticks(), age = started ? now - started : 1;

	settle(unit, call->field, age);
	settle_neighbours(unit, call->field, age);
	look(now);
	count(call);
}

/* In front of a read. */
HIDDEN __attribute__((used)) void rcpp_profile_changed(const struct call *call)
{
	const struct rcpp_profile_unit *unit = unit_of(call);
	const struct rcpp_profile_field *field = &fields_of(unit)[call->field];
	uintptr_t start = address_of(field);
	uint64_t value = start ? value_at(start, start + field->size) : 0;

	if (value != own_of(unit)[call->field].value)
		note_change(unit, call->field, value, started ? ticks() - started : 0);
}

static void count_read(const struct call *call)
{
	states_of(unit_of(call))[call->field].reads++;
	count(call);
}

HIDDEN __attribute__((used)) void rcpp_profile_counted(const struct call *call)
{
	count_read(call);
}

HIDDEN __attribute__((used)) void rcpp_profile_compared(const struct call *call)
{
	rcpp_profile_changed(call);
	count_read(call);
}

/* In front of a call of rcpp_patch(). */
HIDDEN __attribute__((used)) void rcpp_profile_patched(void)
{
	if (chunk && !patched)
		__atomic_fetch_add(&chunk->patched, 1, __ATOMIC_RELAXED);
	patched = 1;
}

/*
 * Called with all registers in use, and the red zone left out, which the return takes back: so to
 * those who unwind the stack the caller's frame is what it is without the call. Behind the call
 * there is an instruction, nopl X-.(%rax), whose displacement says what is counted.
 */
__asm__(".text\n"
	"	.macro rcpp_profile_push register\n"
	"	pushq %\\register\n"
	"	.cfi_adjust_cfa_offset 8\n"
	"	.endm\n"
	"	.macro rcpp_profile_pop register\n"
	"	popq %\\register\n"
	"	.cfi_adjust_cfa_offset -8\n"
	"	.endm\n"
	"	.macro rcpp_profile_call name, function\n"
	"	.globl \\name\n"
	"	.hidden \\name\n"
	"	.type \\name, @function\n"
	"\\name:\n"
	"	.cfi_startproc\n"
	"	.cfi_def_cfa_offset 136\n"
	"	.cfi_offset 16, -136\n"
	"	rcpp_profile_push rax\n"
	"	seto %al\n" /* pushfq and popfq take ten times as long */
	"	lahf\n"
	"	.irp register, rax, rcx, rdx, rsi, rdi, r8, r9, r10, r11\n"
	"	rcpp_profile_push \\register\n"
	"	.endr\n"
	"	movq 80(%rsp), %rax\n"
	"	movslq 3(%rax), %rcx\n"
	"	leaq 3(%rax,%rcx), %rdi\n"
	"	call \\function\n"
	"	.irp register, r11, r10, r9, r8, rdi, rsi, rdx, rcx, rax\n"
	"	rcpp_profile_pop \\register\n"
	"	.endr\n"
	"	addb $127, %al\n"
	"	sahf\n"
	"	rcpp_profile_pop rax\n"
	"	ret $128\n"
	"	.cfi_endproc\n"
	"	.size \\name, .-\\name\n"
	"	.endm\n"
	"	rcpp_profile_call rcpp_profile_read, rcpp_profile_counted\n"
	"	rcpp_profile_call rcpp_profile_patch, rcpp_profile_patched\n"
	"	rcpp_profile_call rcpp_profile_write, rcpp_profile_written\n"
	"	rcpp_profile_call rcpp_profile_change, rcpp_profile_changed\n"
	"	rcpp_profile_call rcpp_profile_compare, rcpp_profile_compared\n"
	"	.purgem rcpp_profile_push\n"
	"	.purgem rcpp_profile_pop\n"
	"	.purgem rcpp_profile_call\n");

/* --- the fields, by address ------------------------------------------------------------------- */

/* The next unit; what the linker left between two is zero. NULL: there is none. */
static const struct rcpp_profile_unit *next_unit(const char *at)
{
	for (; at + sizeof(struct rcpp_profile_unit) <= rcpp_table_stop; at += 8)
		if (((const struct rcpp_profile_unit *)at)->magic == RCPP_PROFILE_UNIT)
			return (const struct rcpp_profile_unit *)at;
	return NULL;
}

static const struct rcpp_profile_unit *first_unit(void)
{
	return next_unit((const char *)(((uintptr_t)rcpp_table_start + 7) & ~(uintptr_t)7));
}

static const struct rcpp_profile_unit *unit_behind(const struct rcpp_profile_unit *unit)
{
	return next_unit((const char *)unit + unit->size);
}

/* Is it in what of the module can be read? Its segments may have holes between them. */
static bool is_own(uintptr_t start, uintptr_t stop)
{
	const Elf64_Ehdr *header = (const Elf64_Ehdr *)module_start;
	const Elf64_Phdr *segment;

	if (!header)
		return false;
	segment = (const Elf64_Phdr *)(module_start + header->e_phoff);
	for (int i = 0; i < header->e_phnum; i++, segment++) {
		uintptr_t base =
			segment->p_vaddr + (header->e_type == ET_DYN ? (uintptr_t)header : 0);

		if (segment->p_type == PT_LOAD && segment->p_flags & PF_R && start >= base &&
		    stop > start && stop <= base + segment->p_memsz)
			return true;
	}
	return false;
}

static void add_places(const struct rcpp_profile_unit *unit)
{
	for (uint32_t i = 0; i < unit->field_count; i++) {
		const struct rcpp_profile_field *field = &fields_of(unit)[i];
		uintptr_t start = address_of(field), stop = start + (field->size ? field->size : 1);

		if (start)
			places[place_count++] =
				(struct place){start, stop, unit, i, is_own(start, stop)};
	}
}

static void sink(uint32_t at, uint32_t count)
{
	for (uint32_t child; (child = 2 * at + 1) < count; at = child) {
		struct place place = places[at];

		child += child + 1 < count && places[child + 1].start > places[child].start;
		if (places[child].start <= place.start)
			return;
		places[at] = places[child];
		places[child] = place;
	}
}

static void sort_places(void)
{
	for (uint32_t i = place_count / 2; i-- > 0;)
		sink(i, place_count);
	for (uint32_t i = place_count; i-- > 1;) {
		struct place place = places[0];

		places[0] = places[i];
		places[i] = place;
		sink(0, i);
	}
}

/* What begins farther before a place than the longest field is long ends before it. */
static void note_neighbours(void)
{
	uint32_t first = 0, last = 0;
	uintptr_t longest = 0;

	for (uint32_t i = 0; i < place_count; i++)
		if (places[i].stop - places[i].start > longest)
			longest = places[i].stop - places[i].start;

	for (uint32_t i = 0; i < place_count; i++) {
		struct own *own = &own_of(places[i].unit)[places[i].field];

		while (places[first].start + longest <= places[i].start)
			first++;
		while (last < place_count && places[last].start < places[i].stop)
			last++;
		own->first = first;
		own->last = last;
	}
}

static void find_places(void)
{
	const struct rcpp_profile_unit *unit;
	uint32_t count = 0;

	for (unit = first_unit(); unit; unit = unit_behind(unit))
		count += unit->field_count;
	places = get_memory(count * sizeof *places);
	if (!places)
		return;
	for (unit = first_unit(); unit; unit = unit_behind(unit))
		add_places(unit);
	sort_places();
	note_neighbours();
}

/* What earlier runs have read comes before no write of this one. */
static void begin_run(void)
{
	const struct rcpp_profile_unit *unit;

	for (unit = first_unit(); unit; unit = unit_behind(unit))
		for (uint32_t i = 0; i < unit->field_count; i++)
			states_of(unit)[i].seen = states_of(unit)[i].reads;
}

/* --- the file -----------------------------------------------------------------------------------
 */

/* A file of the kernel's, record by record. */
struct records {
	long file;
	char *space; /* of RECORDS_SPACE bytes */
	size_t at, size;
	bool cut; /* the beginning of the next record is gone: it is too long */
};

static bool read_more(struct records *records)
{
	long got;

	copy(records->space, records->space + records->at, records->size - records->at);
	records->size -= records->at;
	records->at = 0;
	if (records->size == RECORDS_SPACE) {
		records->size = 0;
		records->cut = true;
	}
	got = call_system(SYS_read, records->file, (long)(records->space + records->size),
			  (long)(RECORDS_SPACE - records->size), 0, 0, 0);
	if (got > 0)
		records->size += (size_t)got;
	return got > 0;
}

/* NULL: there is none. */
static char *next_record(struct records *records, char end)
{
	size_t length = 0;

	for (;;) {
		char *record = records->space + records->at;

		while (length < records->size - records->at && record[length] != end)
			length++;
		if (length == records->size - records->at) {
			if (!read_more(records))
				return NULL;
			length = records->cut ? 0 : length;
			continue;
		}
		record[length] = '\0';
		records->at += length + 1;
		if (!records->cut)
			return record;
		records->cut = false;
		length = 0;
	}
}

/* The value of a variable in the environment, in `space`, or NULL. */
static const char *environment(const char *name, char *space)
{
	struct records records = {.file = open_file("/proc/self/environ", O_RDONLY),
				  .space = space};
	const char *record = NULL;

	if (records.file < 0)
		return NULL;
	while ((record = next_record(&records, '\0')) && !begins(record, name))
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

static uintptr_t hexadecimal(const char **text)
{
	uintptr_t number = 0;
	char digit;

	for (; digit = **text, (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f');
	     ++*text)
		number = number * 16 + (uintptr_t)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
	return number;
}

/* Is this line of /proc/self/maps about where the table is? */
static bool is_of_table(const char *line)
{
	uintptr_t address = (uintptr_t)rcpp_table_start, start = hexadecimal(&line);

	return *line++ == '-' && address >= start && address < hexadecimal(&line);
}

/* The module's path is the last word of its line in /proc/self/maps. */
static void find_path(char *path, char *space)
{
	struct records records = {.file = open_file("/proc/self/maps", O_RDONLY), .space = space};
	const char *line = NULL;

	path[0] = '\0';
	if (records.file < 0)
		return;
	while ((line = next_record(&records, '\n')) && !is_of_table(line))
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
		chunk = map(head, RCPP_PROFILE_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
			    file, offset);
	return chunk;
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
	__atomic_fetch_add(&chunk->runs, 1, __ATOMIC_RELAXED);
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

static void keep_profile(char *space, char *path, struct rcpp_profile_chunk *own)
{
	const char *name = environment("RCPP_PROFILE=", space), *wrong;

	expand(name && *name ? name : "rcpp.profile", path, RCPP_PROFILE_PAGE);
	fill_chunk(own, space);
	wrong = open_profile(path, own);
	if (!wrong)
		return;
	chunk = NULL;
	say("rcpp: error: ");
	say(path);
	say(": nothing is kept of this run's profile: ");
	say(wrong);
	say(" (RCPP_PROFILE names another file)\n");
}

/* Long enough that what reading the clock takes does not matter, if there is one. */
static void find_tick_worth(uint64_t first_tick, uint64_t first_nanosecond)
{
	uint64_t passed, count;

	do {
		passed = nanoseconds() - first_nanosecond;
		count = ticks() - first_tick;
	} while (passed < 1000000 && count < 1 << 30);
	tick_worth = (passed << 24) / (count + 1);
}

HIDDEN __attribute__((used)) void rcpp_profile_start(void)
{
	size_t size = RECORDS_SPACE + 2 * RCPP_PROFILE_PAGE;
	uint64_t first_nanosecond = nanoseconds(), first_tick = ticks();
	char *space = get_memory(size), *path = space + RECORDS_SPACE;

	if (space)
		keep_profile(space, path, (void *)(path + RCPP_PROFILE_PAGE));
	free_memory(space, size);
	find_places();
	begin_run();
	look_at_fields(0);
	if (chunk)
		find_tick_worth(first_tick, first_nanosecond);
	started = ticks();
}

HIDDEN __attribute__((used)) void rcpp_profile_stop(void)
{
	looked = 0;
	look(ticks());
}

/* Before other constructors; some C libraries give them no arguments. */
__attribute__((section(".init_array.00000"),
	       used)) static void (*const start)(void) = rcpp_profile_start;
