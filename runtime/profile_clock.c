// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Reading the time stamp counter takes longer than all the rest of counting a write. But the kernel
 * shows each process what the counter was at its clock's last tick, every few milliseconds: in the
 * page [vvar], for clock_gettime(). Its place there is not documented, and is found by its value:
 * no other word is so close to the counter. With another clock source there is no such word, and
 * each write reads the counter.
 */
#include "profile.h"

static bool is_clock_page(const char *line)
{
	const char *name = "[vvar]";

	while (*line && *line != '[')
		line++;
	while (*name && *line == *name)
		line++, name++;
	return !*name;
}

/* The page that has the clock is the first of those that are called so. */
static const uint64_t *find_page(char *space)
{
	struct records records = {.file = open_file("/proc/self/maps", O_RDONLY), .space = space};
	const char *line;

	if (records.file < 0)
		return NULL;
	while ((line = rcpp_profile_next_record(&records, '\n')) && !is_clock_page(line))
		;
	close_file(records.file);
	return line ? (const uint64_t *)rcpp_profile_hexadecimal(&line) : NULL;
}

static const uint64_t *find_word(const uint64_t *page)
{
	for (size_t i = 0; i < RCPP_PROFILE_PAGE / sizeof *page; i++)
		if (is_tick(page[i], ticks()))
			return &page[i];
	return NULL;
}

void rcpp_profile_find_tick(void)
{
	char *space = get_memory(RECORDS_SPACE);
	const uint64_t *page = space ? find_page(space) : NULL, *word;

	free_memory(space, RECORDS_SPACE);
	word = page && is_readable((uintptr_t)page) ? find_word(page) : NULL;
	if (word)
		run.now.tick = (int64_t)((uintptr_t)word - (uintptr_t)&run.now);
}
