// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Rows go to the end of the file, one batch a section; so does what says where the variables are,
 * and what opens them before destructors run.
 */
#include <stdlib.h>
#include "code.h"
#include "memory.h"
#include "tables.h"
#include "target.h"

/*
 * The place that is written next: `place` bytes behind the batch's label. For a dot as would make a
 * symbol each time, which is most of its work for a row.
 */
struct here {
	uint32_t batch, place;
};

static void emit_from(FILE *file, struct here *here)
{
	fprintf(file, "-.LrcppR%ud-%u", here->batch, here->place);
	here->place += 4;
}

/*
 * Where the row's variable is. A thunk may be in another module, which a call reaches through the
 * PLT; as has no expression for that, but the relocation.
 */
static void emit_variable(FILE *file, const struct emitted_row *row, struct here *here)
{
	if (row->branches) {
		fprintf(file, "0; .reloc .-4,%s,", processor.called);
		print_span(file, row->variable);
		fputs("; .long ", file);
		here->place += 4;
		return;
	}
	if (row->remote) {
		fprintf(file, ".LrcppV%u_%u", row->section, row->remote);
	} else {
		print_span(file, row->variable);
		if (row->offset)
			fprintf(file, "%+lld", (long long)row->offset);
	}
	emit_from(file, here);
	fputs(", ", file);
}

/*
 * The distance of the row's check, with its sign. `previous` is the label of the row before, or of
 * this one if it is the first. as looks for the second label of a difference behind the first one,
 * as far as there is text of a known length, and only then in front of it: so the label that stands
 * first in the text is named first.
 */
static void emit_distance(FILE *file, const struct emitted_row *row, uint32_t previous)
{
	char end[32], rest[32] = "";

	snprintf(end, sizeof end, ".Lrcpp%u%s", row->label, row->labelled ? "x" : "");
	if (!row->labelled)
		snprintf(rest, sizeof rest, "%c.LrcppF%u", row->label < previous ? '+' : '-',
			 row->form);
	if (row->label < previous)
		fprintf(file, "+(%s-.Lrcpp%u%s)", end, previous, rest);
	else
		fprintf(file, "-(.Lrcpp%u-%s%s)", previous, end, rest);
}

static void emit_row(struct emitter *emitter, const struct emitted_row *row, uint32_t previous,
		     struct here *here)
{
	const struct emitted_form *form = &emitter->forms[row->form];
	FILE *file = emitter->file;
	char length[48];

	if (row->labelled)
		snprintf(length, sizeof length, ".Lrcpp%ux-.Lrcpp%u", row->label, row->label);
	else
		snprintf(length, sizeof length, ".LrcppF%u", row->form);
	fprintf(file, "\t.long .Lrcpp%u", row->label);
	emit_from(file, here);
	fputs(", ", file);
	emit_variable(file, row, here);
	fputs(form->symbol, file);
	emit_from(file, here);
	fprintf(file, "; .byte %s, %u; .short (%lld", length, (unsigned)row->flags << 5 | row->read,
		RCPP_CHECK_BIAS +
			RCPP_CHECK_CONSTANT(row->read, row->flags, form->check + row->remote));
	emit_distance(file, row, previous);
	fprintf(file, ")%%%d\n", RCPP_CHECK_MODULUS);
	here->place += 4; /* length, read and check */
}

/* The slot twice, each time behind the offset: see struct rcpp_remote. */
static void emit_remotes(struct emitter *emitter, uint32_t section)
{
	FILE *file = emitter->file;
	uint32_t number = 0;

	for (uint32_t i = emitter->section_rows[section].first_remote; i != NO_ITEM;
	     i = emitter->remotes[i].next) {
		const struct emitted_remote *remote = &emitter->remotes[i];

		fprintf(file, ".LrcppV%u_%u:\n\t.long ", section, ++number);
		for (int copy = 0; copy < 2; copy++) {
			fprintf(file, "%s%lld, ", copy ? ", " : "", (long long)remote->offset);
			print_span(file, remote->variable);
			fputs(processor.slot, file);
		}
		fputc('\n', file);
	}
}

/* The symbols of the bounds, which the linker defines if their section exists. */
static void declare_bounds(const struct emitter *emitter)
{
	FILE *file = emitter->file;

	if (!emitter->sections->has_home)
		fputs("\t.pushsection rcpp_patchable,\"aw\",@progbits\n\t.popsection\n", file);
	fputs("\t.weak __start_rcpp_patchable, __stop_rcpp_patchable\n"
	      "\t.hidden __start_rcpp_patchable, __stop_rcpp_patchable\n",
	      file);
}

/* From the note's header to its bounds; its end is .LrcppRe, with the same name. */
static void emit_batch_head(FILE *file, const char *name, uint32_t rows, uint32_t remotes,
			    const char *anchor, bool bounded)
{
	fprintf(file,
		"\t.p2align 2\n.LrcppR%s:\n\t.long 5, .LrcppR%se-.LrcppR%sd, %d; "
		".asciz \"" RCPP_NOTE_NAME "\"; .p2align 2\n.LrcppR%sd:\n"
		"\t.long %u, %u, %s\n",
		name, name, name, RCPP_NOTE_VERSION, name, rows, remotes, anchor);
	for (int i = 0; i < 2; i++)
		fputs(bounded ? "\t.long __start_rcpp_patchable-., __stop_rcpp_patchable-.\n"
			      : "\t.long 0, 0\n",
		      file);
}

static void emit_batch(struct emitter *emitter, uint32_t index)
{
	const struct section *section = &emitter->sections->list[index];
	uint32_t first = emitter->section_rows[index].first;
	FILE *file = emitter->file;
	bool bounded = emitter->sections->has_home;
	struct here here = {index, sizeof(struct rcpp_batch)};
	char name[16], anchor[32];
	uint32_t count = 0;

	for (uint32_t i = first; i != NO_ITEM; i = emitter->rows[i].next) {
		bounded |= emitter->rows[i].flags & RCPP_ROW_DECLARED;
		count++;
	}
	if (bounded)
		declare_bounds(emitter);
	fprintf(file, "\t" EMIT_ROWS "\"ao%s\",@note,.Lrcpp%u", section->group.length ? "G" : "",
		emitter->rows[first].label);
	if (section->group.length)
		fprintf(file, ",%.*s%s", (int)section->group.length, section->group.text,
			section->comdat ? ",comdat" : "");
	fputc('\n', file);
	snprintf(name, sizeof name, "%u", index);
	snprintf(anchor, sizeof anchor, ".Lrcpp%u-.", emitter->rows[first].label);
	emit_batch_head(file, name, count, emitter->section_rows[index].remotes, anchor, bounded);
	for (uint32_t i = first, previous = i; i != NO_ITEM; i = emitter->rows[i].next) {
		emit_row(emitter, &emitter->rows[i], emitter->rows[previous].label, &here);
		previous = i;
	}
	emit_remotes(emitter, index);
	fprintf(file, ".LrcppR%ue:\n\t.popsection\n", index);
}

/*
 * Patchables on pages of their own, so that the runtime can make these read-only. Not in groups:
 * a page for each inline variable of C++ would be too much, and they lie between the others anyway.
 */
static void emit_page_end(struct emitter *emitter, uint32_t index)
{
	const struct section *section = &emitter->sections->list[index];

	fputs("\t.pushsection rcpp_patchable", emitter->file);
	if (section->arguments.length)
		fprintf(emitter->file, ",%.*s", (int)section->arguments.length,
			section->arguments.text);
	/*
	 * The relocation is for gold's --gc-sections, which does not know that the note belongs
	 * here; and gold wants a byte where it is.
	 */
	fprintf(emitter->file,
		"\n.LrcppH%u:\n\t.reloc .LrcppH%u, %s, .LrcppRH%u; .byte 0\n"
		"\t" EMIT_PAGE_END "\n\t.popsection\n",
		index, index, processor.nothing, index);
}

/*
 * Where the patchables are, so that they are closed with the others even if no function reads them.
 * The note is linked to their section, as rows are to that of their function.
 */
static void emit_home(struct emitter *emitter, uint32_t index)
{
	char name[16];

	snprintf(name, sizeof name, "H%u", index);
	declare_bounds(emitter);
	fprintf(emitter->file, "\t" EMIT_ROWS "\"ao\",@note,.Lrcpp%s\n", name);
	emit_batch_head(emitter->file, name, 0, 0, "rcpp_unloading-.", true);
	fprintf(emitter->file, ".LrcppR%se:\n\t.popsection\n", name);
}

/* The module's struct rcpp_unloading. */
static void emit_unloading(FILE *file)
{
	fputs("\t.pushsection .data.rcpp_unloading,\"awG\",@progbits,rcpp_unloading,comdat\n"
	      "\t.weak rcpp_unloading\n\t.hidden rcpp_unloading\n"
	      "\t.type rcpp_unloading,@object\n\t.size rcpp_unloading, 20\n\t.balign 4\n"
	      "rcpp_unloading:\n\t.asciz \"" RCPP_UNLOADING_MARK "\"\n\t.long 0\n\t.popsection\n",
	      file);
}

/*
 * When a library is unloaded its variables are closed, and its destructors may write them. So a
 * function that runs before the destructors opens them, and keeps others from closing them again.
 * It depends on nothing: the runtime may be in the program, where the library does not see it. (At
 * exit the runtime opens them.)
 */
static void emit_release(const struct emitter *emitter)
{
	FILE *file = emitter->file;

	emit_unloading(file);
	declare_bounds(emitter);
	fprintf(file,
		"\t" EMIT_RELEASE "\"axG\",@progbits,rcpp_release,comdat\n"
		"\t.weak rcpp_release\n\t.hidden rcpp_release\n\t.type rcpp_release,@function\n"
		"rcpp_release:\n%s"
		"\t.size rcpp_release, .-rcpp_release\n\t.popsection\n"
		"\t.pushsection .fini_array,\"aw\",@fini_array\n"
		"\t.balign 8\n\t.quad rcpp_release\n\t.popsection\n",
		processor.release);
}

/*
 * Does the file have destructors of static objects, or functions that run at the same time? Names
 * that contain these are taken for them.
 */
static bool has_destructors(const struct emitter *emitter, size_t length)
{
	static const char *const names[] = {"atexit", ".fini"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (memmem(emitter->text, length, names[i], strlen(names[i])))
			return true;
	return false;
}

/* Is the last line still open? A last newline behind a quote may be the character it quotes. */
static bool ends_in_line(const char *text, size_t length)
{
	return length && (text[length - 1] != '\n' ||
			  (length > 1 && (text[length - 2] == '\'' || text[length - 2] == '\\')));
}

/*
 * The variables of this file may be written by destructors of others. Those of other files may be
 * written by this one's, which run before rcpp_release() if these files stand in front of it.
 */
static bool needs_release(const struct emitter *emitter, const struct survey *survey, size_t length)
{
	return emitter->sections->has_home ||
	       (survey_declares(survey) && has_destructors(emitter, length));
}

void tables_emit(struct emitter *emitter, const struct survey *survey, size_t length)
{
	const struct sections *sections = emitter->sections;
	bool releases = !survey->unterminated && needs_release(emitter, survey, length);

	emitter->changed = emitter->row_count || sections->has_home || releases;
	if (emitter->changed && ends_in_line(emitter->text, length))
		fputc('\n', emitter->file);
	for (uint32_t i = 0; i < sections->count; i++) {
		if (!sections->list[i].home || sections->list[i].group.length)
			continue;
		emit_page_end(emitter, i);
		emit_home(emitter, i);
	}
	if (releases)
		emit_release(emitter);
	for (uint32_t i = 0; i < emitter->section_space; i++)
		if (emitter->section_rows[i].first != NO_ITEM)
			emit_batch(emitter, i);
}
