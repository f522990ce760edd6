// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Sites in, assembly text out (the format is runtime/rcpp_tables.h). A site is a label and its
 * instruction, with prefixes in front of that or padding behind it. It stays on its line, so that
 * line numbers stay as they are:
 *
 *	.Lrcpp1: .fill .LrcppF0p,1,0x66; movq b(%rip), %rax; .fill .LrcppF0g,1,0x90
 *
 * No site begins where a symbol stands, a function's for example: there a byte comes first,
 * `.Lrcpp1n: .byte .LrcppF0l; .Lrcpp1: ...`, or a NOP.
 *
 * Forms go before the function that first needs them, so the assembler knows their lengths when it
 * comes to the sites. All lengths are differences of labels: none is guessed. Rows go to the end of
 * the file, one batch a section.
 */
#include <stdarg.h>
#include <stdlib.h>
#include "emit.h"
#include "code.h"
#include "form.h"
#include "memory.h"
#include "skipped.h"
#include "target.h"

/* The key of the site's form, until the next one is asked for. */
static struct span key_of(struct emitter *emitter, const struct site *site)
{
	struct emitted_text *key = &emitter->key;

	if (!key->file)
		key->file = open_memstream(&key->text, &key->length);
	if (!key->file)
		allocate(SIZE_MAX); /* says that memory is exhausted */
	rewind(key->file);
	form_print_key(key->file, site);
	fputc('\0', key->file);
	if (fflush(key->file) || !key->text)
		allocate(SIZE_MAX);
	return (struct span){key->text, strlen(key->text)};
}

/* The number of the site's form; writes the form if it is the first of its kind. */
static uint32_t form_of(struct emitter *emitter, const struct site *site)
{
	struct span key = key_of(emitter, site);
	const uint32_t *known = names_find(&emitter->form_numbers, key);
	uint32_t number = emitter->form_count;
	struct emitted_form *form;

	if (known)
		return *known;
	emitter->forms =
		make_room(emitter->forms, number, &emitter->form_space, sizeof *emitter->forms);
	form = &emitter->forms[number];
	form->key = allocate(key.length + 1);
	memcpy(form->key, key.text, key.length + 1);
	names_add(&emitter->form_numbers, (struct span){form->key, key.length}, number);
	form->symbol = form_symbol(form->key, site->skipped, &form->check);
	emitter->form_count++;
	form_emit(emitter->file, site, number, form->symbol, form->check);
	return number;
}

void emitter_init(struct emitter *emitter, FILE *file, const char *text, struct sections *sections)
{
	*emitter = (struct emitter){.file = file, .text = text, .sections = sections};
}

/* Pass the input on up to `end`. */
static void pass_on(struct emitter *emitter, const char *end)
{
	size_t length = (size_t)(end - emitter->text) - emitter->written;

	fwrite(emitter->text + emitter->written, 1, length, emitter->file);
	emitter->written += length;
}

static struct section_rows *rows_of(struct emitter *emitter, uint32_t section)
{
	while (emitter->section_space <= section) {
		uint32_t space = emitter->section_space * 2 + 16;

		emitter->section_rows =
			reallocate(emitter->section_rows, space * sizeof *emitter->section_rows);
		while (emitter->section_space < space)
			emitter->section_rows[emitter->section_space++] =
				(struct section_rows){NO_ITEM, NO_ITEM, NO_ITEM, NO_ITEM, 0};
	}
	return &emitter->section_rows[section];
}

/* Of a section, and not to be found under any other. */
static char *remote_key(const struct site *site, uint32_t section)
{
	struct span name = unquoted(site->variable);
	char *key;

	if (asprintf(&key, "%u%+lld %.*s", section, (long long)site->offset, (int)name.length,
		     name.text) < 0)
		allocate(SIZE_MAX); /* says that memory is exhausted */
	return key;
}

/* The number of the site's remote among those of its section; one that is new is added. */
static uint32_t remote_of(struct emitter *emitter, const struct site *site, uint32_t section)
{
	struct section_rows *rows = rows_of(emitter, section);
	char *key = remote_key(site, section);
	uint32_t index = emitter->remote_count;
	uint32_t *number = names_add(&emitter->remote_numbers, (struct span){key, strlen(key)}, 0);

	if (*number) {
		free(key);
		return *number;
	}
	emitter->remotes = make_room(emitter->remotes, emitter->remote_count,
				     &emitter->remote_space, sizeof *emitter->remotes);
	emitter->remotes[emitter->remote_count++] = (struct emitted_remote){
		.variable = site->variable, .offset = site->offset, .next = NO_ITEM, .key = key};
	if (rows->first_remote == NO_ITEM)
		rows->first_remote = index;
	else
		emitter->remotes[rows->last_remote].next = index;
	rows->last_remote = index;
	return *number = ++rows->remotes;
}

/*
 * Must a label say where the site ends? All other sites are as long as their form, which as knows
 * when it comes to the site. A jump's length it decides at the end of the file, and a trap may make
 * a site longer than its form.
 */
static bool ends_at_label(const struct site *site)
{
	return form_is_as_long(site) || form_jumps(site) || site->flags & RCPP_ROW_FAULT;
}

/*
 * Does the site begin where the one of the row before ends, and does nobody come there but through
 * that one? (Where a symbol stands, a byte that belongs to no site keeps them apart.)
 */
static bool is_joined(const struct function *function, const struct site *before,
		      const struct site *site)
{
	const struct item *items = function->items;
	uint32_t end = before->skipped ? before->last : before->item;

	return site->flags & RCPP_ROW_CONSUMER && end < site->item &&
	       items[end].section == items[site->item].section &&
	       skipped_right_before(function, end, site->item);
}

/* The row's label is not known yet: labels go by the order of the text. */
static uint32_t add_row(struct emitter *emitter, const struct function *function,
			const struct site *site, bool joined, uint32_t form)
{
	uint32_t section = function->items[site->item].section, index = emitter->row_count;
	struct section_rows *rows = rows_of(emitter, section);

	emitter->rows = make_room(emitter->rows, emitter->row_count, &emitter->row_space,
				  sizeof *emitter->rows);
	emitter->rows[emitter->row_count++] = (struct emitted_row){
		.section = section,
		.form = form,
		.read = site->read,
		.flags = site->flags | (joined ? RCPP_ROW_JOINED : 0),
		.labelled = ends_at_label(site),
		.branches = site->branches,
		.remote = site->remote && !site_has_target(site) ? remote_of(emitter, site, section)
								 : 0,
		.variable = site_has_target(site) ? site->target : site->variable,
		.offset = site_has_target(site) ? 0 : site->offset,
		.next = NO_ITEM,
	};
	if (rows->first == NO_ITEM)
		rows->first = index;
	else
		emitter->rows[rows->last].next = index;
	rows->last = index;
	return index;
}

/*
 * What makes the site as long as it must be and stands in front of the instruction. The form knows
 * the length of the instruction that is still to come.
 */
static void emit_front(FILE *file, const struct site *site, uint32_t form)
{
	unsigned prefix = site->prefix;
	char size[80];

	snprintf(size, sizeof size, ".LrcppF%u_0e-.LrcppF%u_0", form, form);
	if (prefix)
		snprintf(size + strlen(size), sizeof size - strlen(size), "+.LrcppF%up", form);
	if (site->flags & RCPP_ROW_FAULT)
		snprintf(size + strlen(size), sizeof size - strlen(size), "+%d", RCPP_FAULT_LENGTH);
	if (site_is_call(site))
		fprintf(file, ".nops (%s-.LrcppF%u)*(%s<.LrcppF%u); ", size, form, size, form);
	if (prefix)
		fprintf(file, ".fill .LrcppF%up,1,%#x; ", form, prefix);
}

/* What stands behind the instruction: see RCPP_NOP_MAX. */
static void emit_padding(FILE *file, const struct site *site, uint32_t label, uint32_t form)
{
	if (site_is_call(site) || form_is_as_long(site))
		return;
	if (ends_at_label(site)) {
		fprintf(file,
			"; .Lrcpp%ue: .nops (.Lrcpp%ue-.Lrcpp%u-.LrcppF%u)*"
			"(.Lrcpp%ue-.Lrcpp%u<.LrcppF%u)",
			label, label, label, form, label, label, form);
		return;
	}
	if (form_may_jump(site))
		fprintf(file, "; .byte %#x,.LrcppF%ug-%d; .nops .LrcppF%ug-%d", processor.jump_over,
			form, RCPP_SHORT_JUMP, form, RCPP_SHORT_JUMP);
	else if (form_is_full(site)) /* as sees at once that there is nothing to fill */
		fprintf(file, "; .fill .LrcppF%ug,1,%#x", form, NOP);
	else /* mostly nothing, and as keeps a piece of text for a .nops of nothing, too */
		fprintf(file, "; .if .LrcppF%ug; .nops .LrcppF%ug; .endif", form, form);
}

/* Does as surely make an instruction of it? Data may look like one, and so may what is left out. */
static bool is_instruction(const struct item *item)
{
	return item->statement.kind == STATEMENT_INSTRUCTION && item->flow != FLOW_BARRIER &&
	       item->place != PLACE_REPEATED && item->place != PLACE_CONDITIONAL;
}

/*
 * May there be a .loc that belongs to this instruction? as keeps it from section to section until
 * an instruction comes. What a macro or a repetition holds is not looked at.
 */
static bool has_location(const struct function *function, uint32_t index)
{
	while (index--) {
		const struct item *item = &function->items[index];

		if (is_instruction(item))
			return false;
		if (item->flow == FLOW_BARRIER || item->place == PLACE_REPEATED ||
		    span_is(statement_name(&item->statement), ".loc"))
			return true;
	}
	return function->survey->file_count; /* what stood before the function may have one */
}

/*
 * The label where an instruction begins. A .loc belongs to the next instruction, which as takes to
 * begin behind the prefixes; but a marked label takes it, too.
 */
static void emit_label(FILE *file, uint32_t label, const char *suffix, bool located)
{
	if (located)
		fprintf(file, ".loc_mark_labels 1; .Lrcpp%u%s: .loc_mark_labels 0; ", label,
			suffix);
	else
		fprintf(file, ".Lrcpp%u%s: ", label, suffix);
}

static void emit_trap(FILE *file, const struct options *options, uint32_t label)
{
	fprintf(file, "%s; ", processor.trap);
	if (options->objtool)
		fprintf(file,
			".Lrcpp%ur: .pushsection .discard.reachable; .long .Lrcpp%ur-.; "
			".popsection; ",
			label, label);
}

/*
 * A byte that belongs to no site. Tracers attach where a symbol stands. There the kernel executes
 * the instruction that the file has, goes on behind it, and finally puts its first byte back,
 * whatever the site holds by then (see tests/probes.bats). So either the first byte is a prefix
 * that all states of the site bear, and the original ends where the site does; or it is a NOP. That
 * is written as an instruction, for .loc; in a file that has a macro named nop it is written as a
 * byte.
 */
static void emit_entry(FILE *file, const struct survey *survey, const struct site *site,
		       uint32_t label, uint32_t form, bool located)
{
	if (site->leading) {
		emit_label(file, label, "n", located);
		fprintf(file, ".byte .LrcppF%ul; ", form);
		return;
	}
	fprintf(file, ".Lrcpp%un: %s; ", label,
		names_find(&survey->macros, (struct span){processor.nop, strlen(processor.nop)})
			? processor.nop_as_data
			: processor.nop);
}

/*
 * The site's text. The first one of a section refers to the section's rows by a relocation that
 * does nothing: linkers that know no SHF_LINK_ORDER (gold) keep the rows for the text's sake.
 */
static void emit_site(struct emitter *emitter, const struct function *function,
		      const struct site *site, uint32_t label, uint32_t form)
{
	const struct item *item = &function->items[site->item];
	const struct statement *statement = &item->statement;
	bool located = has_location(function, site->item);
	FILE *file = emitter->file;

	pass_on(emitter, statement->text);
	if (item->entry)
		emit_entry(file, function->survey, site, label, form, located);
	emit_label(file, label, "", site->prefix && !item->entry && located);
	if (emitter->rows[rows_of(emitter, item->section)->first].label == label)
		fprintf(file, ".reloc .Lrcpp%u,%s,.LrcppR%u; ", label, processor.nothing,
			item->section);
	if (site->flags & RCPP_ROW_FAULT)
		emit_trap(file, function->survey->options, label);
	emit_front(file, site, form);
	if (site_is_long(site))
		fputs("{disp32} ", file);
	print_span(file, (struct span){statement->text, statement->length});
	emitter->written += statement->length;
	if (site->skipped) {
		statement = &function->items[site->last].statement;
		pass_on(emitter, statement->text + statement->length);
	}
	emit_padding(file, site, label, form);
	if (ends_at_label(site))
		fprintf(file, "; .Lrcpp%ux:", label);
}

struct placed_site {
	struct site site;
	uint32_t row, form;
};

static void place_site(struct emitter *emitter, const struct function *function,
		       const struct site *site, bool joined, struct placed_site *placed)
{
	placed->site = *site;
	if (function->items[site->item].entry)
		form_lead(&placed->site);
	form_lengthen(&placed->site);
	placed->form = form_of(emitter, &placed->site);
	placed->row = add_row(emitter, function, &placed->site, joined, placed->form);
}

static int compare_places(const void *a, const void *b)
{
	const struct placed_site *x = a, *y = b;

	return (x->site.item > y->site.item) - (x->site.item < y->site.item);
}

void emit_function(struct emitter *emitter, const struct function *function,
		   const struct site_list *sites)
{
	struct placed_site *placed = allocate((sites->count + 1) * sizeof *placed);

	if (sites->count)
		pass_on(emitter, function->items[0].statement.text);
	for (uint32_t i = 0; i < sites->count; i++) {
		const struct site *site = &sites->sites[i];

		place_site(emitter, function, site, i && is_joined(function, site - 1, site),
			   &placed[i]);
	}
	/* Rows are in groups, a load and its consumers; text is in order of place. */
	qsort(placed, sites->count, sizeof *placed, compare_places);
	for (uint32_t i = 0; i < sites->count; i++)
		emitter->rows[placed[i].row].label = ++emitter->labels;
	for (uint32_t i = 0; i < sites->count; i++)
		emit_site(emitter, function, &placed[i].site, emitter->rows[placed[i].row].label,
			  placed[i].form);
	free(placed);
	if (function->count) {
		const struct statement *last = &function->items[function->count - 1].statement;

		if (last->text + last->length > emitter->text + emitter->written)
			pass_on(emitter, last->text + last->length);
	}
}

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

void emit_end(struct emitter *emitter, const struct survey *survey, size_t length)
{
	const struct sections *sections = emitter->sections;
	bool releases = !survey->unterminated && needs_release(emitter, survey, length);

	pass_on(emitter, emitter->text + length);
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

void emitter_free(struct emitter *emitter)
{
	for (uint32_t i = 0; i < emitter->form_count; i++) {
		free(emitter->forms[i].key);
		free(emitter->forms[i].symbol);
	}
	for (uint32_t i = 0; i < emitter->remote_count; i++)
		free(emitter->remotes[i].key);
	if (emitter->key.file)
		fclose(emitter->key.file);
	free(emitter->key.text);
	free(emitter->forms);
	free(emitter->remotes);
	names_free(&emitter->remote_numbers);
	free(emitter->rows);
	free(emitter->section_rows);
	names_free(&emitter->form_numbers);
}
