// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * An image and values in, its sites out, with the bytes that they get. The runtime's own code
 * chooses and makes the bytes (runtime/core.c): it is called as rcpp_patch() calls it, first for
 * all sites, which also checks all rows, and then for what each of them holds.
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "error.h"
#include "output.h"
#include "given.h"
#include "patched.h"
#include "stayed.h"

/* ---- Rows of the tables, with their names ---- */

static int compare_sites(const void *left, const void *right)
{
	uint64_t a = ((const struct patched_site *)left)->row->address;
	uint64_t b = ((const struct patched_site *)right)->row->address;

	return a < b ? -1 : a > b;
}

/* The first site that does not lie in front of the address. */
static size_t find_site(const struct patched *patched, uint64_t address)
{
	size_t low = 0, high = patched->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (patched->sites[middle].row->address < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void list_sites(struct patched *patched)
{
	const struct dump_tables *tables = &patched->program->tables;

	patched->count = tables->site_count;
	patched->sites = dump_allocate(patched->count, sizeof(*patched->sites));
	for (size_t i = 0; i < patched->count; i++) {
		const struct dump_site *row = &tables->sites[i];
		size_t available;

		patched->sites[i] = (struct patched_site){
			.row = row,
			.form = &tables->forms[row->form],
			.before = dump_bytes(patched->loaded.image,
					     (struct dump_place){0, row->address}, &available),
			.after = loaded_at(&patched->loaded, row->address, row->length),
			.consumer = row->flags & RCPP_ROW_CONSUMER,
		};
	}
	qsort(patched->sites, patched->count, sizeof(*patched->sites), compare_sites);
}

const struct patched_site *patched_between(const struct patched *patched, uint64_t start,
					   uint64_t stop, size_t *count)
{
	size_t first = find_site(patched, start);

	*count = find_site(patched, stop) - first;
	return patched->sites + first;
}

/* ---- The runtime's answers ---- */

struct answers {
	struct patched *patched;
	uint8_t (*bytes)[RCPP_SITE_MAX]; /* that the sites get */
	size_t unknown;			 /* sites that the runtime finds, and rcpp-dump does not */
};

static struct patched_site *site_of(struct answers *answers, const struct rcpp_site *site)
{
	struct patched *patched = answers->patched;
	uint64_t address = site->address - patched->loaded.module.info.dlpi_addr;
	size_t i = find_site(patched, address);

	if (i < patched->count && patched->sites[i].row->address == address)
		return &patched->sites[i];
	answers->unknown++;
	return NULL;
}

static void note_bytes(void *context, const struct rcpp_site *site)
{
	struct answers *answers = context;
	struct patched_site *found = site_of(answers, site);

	if (!found)
		return;
	memcpy(answers->bytes[found - answers->patched->sites], site->bytes, site->length);
	found->known = site->settled;
	found->value = site->value;
}

static void note_state(void *context, const struct rcpp_site *site)
{
	struct patched_site *found = site_of(context, site);

	if (!found)
		return;
	found->holds = site->holds;
	found->empty = site->empty;
}

static bool walk(struct patched *patched, enum rcpp_action action, rcpp_visit *visit,
		 struct answers *answers)
{
	const struct loaded *loaded = &patched->loaded;
	uintptr_t where;
	enum rcpp_problem problem =
		rcpp_module_walk(&loaded->module, action, visit, answers, &where);

	if (!problem && !answers->unknown)
		return true;
	if (!problem)
		return dump_fail(patched->loaded.image,
				 "its section headers do not fit its program "
				 "headers: build it again");
	return dump_fail(patched->loaded.image,
			 "0x%lx in the tables or the text %s; rcpp_patch() would leave the file's "
			 "text as it is: build it again",
			 (unsigned long)(where - loaded->module.info.dlpi_addr),
			 rcpp_problem_text(problem));
}

static void put_bytes(const struct answers *answers)
{
	const struct patched *patched = answers->patched;

	for (size_t i = 0; i < patched->count; i++) {
		const struct dump_site *row = patched->sites[i].row;

		memcpy(loaded_at(&patched->loaded, row->address, row->length), answers->bytes[i],
		       row->length);
	}
}

static bool patch(struct patched *patched)
{
	struct answers answers = {
		.patched = patched,
		.bytes = dump_allocate(patched->count, sizeof(*answers.bytes)),
	};
	bool done = walk(patched, RCPP_PATCH, note_bytes, &answers);

	if (done) {
		put_bytes(&answers);
		done = walk(patched, RCPP_LOOK, note_state, &answers);
	}
	free(answers.bytes);
	for (size_t i = 0; done && i < patched->count; i++)
		stayed_explain(&patched->sites[i]);
	return done;
}

/* ---- All of it ---- */

static void describe_origin(struct patched *patched, const struct patched_values *values)
{
	char data[64] = "the file's initialized data";
	int length;

	if (values->pid)
		snprintf(data, sizeof(data), "process %d", (int)values->pid);
	length = values->count ? asprintf(&patched->origin,
					  "%zu given by --value; the others are "
					  "those of %s",
					  values->count, data)
			       : asprintf(&patched->origin, "those of %s", data);
	if (length < 0)
		patched->origin = NULL;
}

static bool give_values(struct patched *patched, const struct patched_values *values)
{
	for (size_t i = 0; i < values->count; i++)
		if (!given_value(&patched->loaded, values->values[i]))
			return false;
	describe_origin(patched, values);
	return true;
}

bool patched_open(struct patched *patched, struct program *program,
		  const struct patched_values *values)
{
	*patched = (struct patched){.program = program};
	if (!loaded_open(&patched->loaded, &program->image, values->pid) ||
	    !give_values(patched, values))
		return report_error(program->path, "%s", program->image.error);
	list_sites(patched);
	return patch(patched) || report_error(program->path, "%s", program->image.error);
}

void patched_close(struct patched *patched)
{
	free(patched->origin);
	free(patched->sites);
	loaded_close(&patched->loaded);
}

/* ---- The copy ---- */

static void put_site(const struct patched *patched, const struct patched_site *site, char *copy)
{
	size_t offset = (size_t)((const char *)site->before - patched->program->image.bytes);

	memcpy(copy + offset, site->after, site->row->length);
}

static char *make_copy(const struct patched *patched)
{
	const struct dump_image *image = &patched->program->image;
	char *copy = dump_allocate(image->size, 1);

	memcpy(copy, image->bytes, image->size);
	for (size_t i = 0; i < patched->count; i++)
		put_site(patched, &patched->sites[i], copy);
	return copy;
}

/* As the program may be executed, so may the copy: tools ask for that. */
static bool copy_mode(const struct patched *patched, const struct output *output)
{
	struct stat status;

	return !output->temporary || stat(patched->program->path, &status) ||
	       !fchmod(fileno(output->file), status.st_mode & 0777);
}

bool patched_write(const struct patched *patched, const char *file)
{
	size_t size = patched->program->image.size;
	char *copy = make_copy(patched);
	struct output output;
	bool written = output_open(&output, file) && fwrite(copy, 1, size, output.file) == size &&
		       copy_mode(patched, &output);

	free(copy);
	return output_close(&output, file, written) && written
		       ? true
		       : report_error(file, "cannot write it: %s: give another file",
				      strerror(errno));
}
