// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdlib.h>
#include "memory.h"
#include "stats.h"

static struct kind_count *count_of(struct stats *stats, const char *kind)
{
	for (uint32_t i = 0; i < stats->kind_count; i++)
		if (!strcmp(stats->kinds[i].kind, kind))
			return &stats->kinds[i];
	stats->kinds = make_room(stats->kinds, stats->kind_count, &stats->kind_space,
				 sizeof *stats->kinds);
	stats->kinds[stats->kind_count] = (struct kind_count){.kind = kind};
	return &stats->kinds[stats->kind_count++];
}

void stats_add(struct stats *stats, const struct site_list *sites,
	       const struct reference *reference)
{
	const struct site *site = &sites->sites[reference->site];
	struct kind_count *count;

	stats->references++;
	stats->reasons[reference->reason]++;
	if (reference->reason != REASON_NONE)
		return;
	stats->sites++;
	count = count_of(stats, site[site->consumers ? 1 : 0].kind);
	count->sites++;
	count->fused += site->consumers > 0;
}

static void print_text(FILE *file, const struct stats *stats, struct span name)
{
	fprintf(file, "rcpp: %.*s: %lu references, %lu sites, %lu loads\n", (int)name.length,
		name.text, stats->references, stats->sites, stats->references - stats->sites);
	for (uint32_t i = 0; i < stats->kind_count; i++)
		fprintf(file, "rcpp: site %s: %lu (%lu fused)\n", stats->kinds[i].kind,
			stats->kinds[i].sites, stats->kinds[i].fused);
	for (int reason = 1; reason < REASON_COUNT; reason++)
		if (stats->reasons[reason])
			fprintf(file, "rcpp: load %s: %lu\n", reason_texts[reason].word,
				stats->reasons[reason]);
	if (stats->written)
		fprintf(file, "rcpp: %s: %lu\n", written_text.sentence, stats->written);
}

static void print_string(FILE *file, struct span text)
{
	fputc('"', file);
	for (size_t i = 0; i < text.length; i++) {
		unsigned char c = (unsigned char)text.text[i];

		if (c < ' ')
			fprintf(file, "\\u%04x", c);
		else
			fprintf(file, "%s%c", strchr("\"\\", c) ? "\\" : "", c);
	}
	fputc('"', file);
}

static void print_json(FILE *file, const struct stats *stats, struct span name)
{
	const char *comma = "";

	fputs("{\"file\": ", file);
	print_string(file, name);
	fprintf(file, ", \"references\": %lu, \"sites\": %lu, \"loads\": %lu, \"forms\": {",
		stats->references, stats->sites, stats->references - stats->sites);
	for (uint32_t i = 0; i < stats->kind_count; i++)
		fprintf(file, "%s\"%s\": {\"sites\": %lu, \"fused\": %lu}", i ? ", " : "",
			stats->kinds[i].kind, stats->kinds[i].sites, stats->kinds[i].fused);
	fputs("}, \"reasons\": {", file);
	for (int reason = 1; reason < REASON_COUNT; reason++) {
		if (!stats->reasons[reason])
			continue;
		fprintf(file, "%s\"%s\": %lu", comma, reason_texts[reason].word,
			stats->reasons[reason]);
		comma = ", ";
	}
	fprintf(file, "}, \"%s\": %lu}\n", written_text.word, stats->written);
}

void stats_print(FILE *file, const struct stats *stats, enum stats_format format, struct span name)
{
	if (format == STATS_JSON)
		print_json(file, stats, name);
	else
		print_text(file, stats, name);
}

void stats_free(struct stats *stats)
{
	free(stats->kinds);
	*stats = (struct stats){0};
}
