// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The program is patched once, in memory; then each output that is asked for is made of it. */
#include <stdlib.h>

#include "page.h"
#include "show.h"
#include "side_by_side.h"

bool show_wanted(const struct show *show)
{
	return show->function || show->html || show->copy;
}

bool show_set_pid(struct show *show, const char *text)
{
	char *end;
	long pid = strtol(text, &end, 10);

	show->values.pid = (pid_t)pid;
	return end != text && !*end && pid > 0 && pid <= INT32_MAX;
}

void show_add_value(struct show *show, const char *text)
{
	struct patched_values *values = &show->values;

	values->values = dump_grow((void *)values->values, values->count + 1, sizeof(char *));
	values->values[values->count++] = text;
}

void show_free(struct show *show)
{
	free((void *)show->values.values);
}

static bool write_outputs(const struct show *show, const struct listing_inputs *inputs)
{
	return (!show->copy || patched_write(inputs->patched, show->copy)) &&
	       (!show->function || side_by_side(inputs, show->function)) &&
	       (!show->html || page_write(inputs, show->html));
}

bool show_program(const struct show *show, struct inputs *inputs)
{
	struct patched patched;
	struct report report;
	struct listing_inputs listing = {.patched = &patched, .report = &report};
	bool done = patched_open(&patched, &inputs->program, &show->values);

	if (done) {
		report_make(&report, inputs);
		listing.disassembly = disassembly_open(&patched.loaded);
		listing.source = source_open(inputs->program.path);
		done = write_outputs(show, &listing);
		source_close(listing.source);
		disassembly_close(listing.disassembly);
		report_free(&report);
	}
	patched_close(&patched);
	return done;
}
