/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Settings of memcached that may change while it runs: its commands change many of them, and each
 * of the others is read once for each decision. The second value is neither the default nor wrong
 * for a server that has room for all items.
 */
#define SETTINGS_OF_MEMCACHED(S)                                                                   \
	S(verbose, 1)                                                                              \
	S(reqs_per_event, 3)                                                                       \
	S(item_size_max, 512 * 1024)                                                               \
	S(detail_enabled, 1)                                                                       \
	S(maxconns_fast, false)                                                                    \
	S(lru_segmented, false)                                                                    \
	S(evict_to_free, 0)                                                                        \
	S(tail_repair_time, 3600)                                                                  \
	S(flush_enabled, false)                                                                    \
	S(dump_enabled, false)                                                                     \
	S(lru_crawler_sleep, 200)                                                                  \
	S(lru_crawler_tocrawl, 1000)                                                               \
	S(hot_lru_pct, 30)                                                                         \
	S(warm_lru_pct, 30)                                                                        \
	S(crawls_persleep, 500)                                                                    \
	S(temporary_ttl, 120)

#ifdef PRINT_SYMBOLS
#define PRINT_SYMBOL(field, value)                                                                 \
	printf("settings+%zu:%zu\n", offsetof(struct settings, field),                             \
	       sizeof(((struct settings *)0)->field));
int main(void)
{
	SETTINGS_OF_MEMCACHED(PRINT_SYMBOL)
	return 0;
}
#else
#define TO_CHANGE(field, value)                                                                    \
	{&settings.field, &(const __typeof__(settings.field)){value}, sizeof(settings.field)},
static const struct setting_to_change settings_to_change[] = {SETTINGS_OF_MEMCACHED(TO_CHANGE)};

static void settle(void)
{
}
#endif
