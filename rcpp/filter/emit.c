// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Sites in, assembly text out (the format is runtime/rcpp_tables.h). A site is a label and its
 * instruction, with prefixes before it or padding after it. It stays on its line, so that line
 * numbers stay as they are:
 *
 *	.Lrcpp1: .fill .LrcppF0p,1,0x66; movq b(%rip), %rax; .fill .LrcppF0g,1,0x90
 *
 * No site begins at a symbol, a function's for example: there a byte comes first,
 * `.Lrcpp1n: .byte .LrcppF0l; .Lrcpp1: ...`, or a NOP. A label marks where the reach of a load
 * ends: `jne .L3; .Lrcpp1z:`.
 *
 * Forms go before the function that first needs them, so the assembler knows their lengths when it
 * comes to the sites. All lengths are differences of labels: none is guessed.
 */
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
	form->symbol = form_symbol(form->key, form_is_local(site), &form->check);
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

static void add_row(struct emitter *emitter, const struct function *function,
		    const struct site *site, bool joined, uint32_t form)
{
	uint32_t section = function->items[site->item].section, index = emitter->row_count;
	struct section_rows *rows = rows_of(emitter, section);

	emitter->rows = make_room(emitter->rows, emitter->row_count, &emitter->row_space,
				  sizeof *emitter->rows);
	emitter->rows[emitter->row_count++] = (struct emitted_row){
		.section = section,
		.label = site->label,
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
	else /* no .if around it: with some of as's options the number is not known yet */
		fprintf(file, "; .nops .LrcppF%ug", form);
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
		      const struct site *site, uint32_t form)
{
	const uint32_t label = site->label;
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
	uint32_t form;
};

static void place_site(struct emitter *emitter, const struct function *function, bool joined,
		       struct placed_site *placed)
{
	if (function->items[placed->site.item].entry)
		form_lead(&placed->site);
	form_lengthen(&placed->site);
	placed->form = form_of(emitter, &placed->site);
	add_row(emitter, function, &placed->site, joined, placed->form);
}

/* What is added at an item: a site, or the label where its reach ends. */
struct addition {
	uint32_t item;
	bool ends;
	struct placed_site *placed;
};

/* A site comes before the end of a reach. */
static int compare_places(const void *a, const void *b)
{
	const struct addition *x = a, *y = b;

	if (x->item != y->item)
		return x->item > y->item ? 1 : -1;
	return x->ends - y->ends;
}

/* In the order of the text; labels are numbered in that order. Returns how many there are. */
static uint32_t list_additions(struct emitter *emitter, struct placed_site *placed, uint32_t count,
			       struct addition *list)
{
	uint32_t additions = 0;

	for (uint32_t i = 0; i < count; i++) {
		const struct site *site = &placed[i].site;

		list[additions++] = (struct addition){site->item, false, &placed[i]};
		if (site->reach != NO_ITEM)
			list[additions++] = (struct addition){site->reach, true, &placed[i]};
	}
	qsort(list, additions, sizeof *list, compare_places);
	for (uint32_t i = 0; i < additions; i++)
		if (!list[i].ends)
			list[i].placed->site.label = ++emitter->labels;
	return additions;
}

/* The label is form.c's. */
static void emit_reach(struct emitter *emitter, const struct function *function,
		       const struct site *site)
{
	const struct statement *last = &function->items[site->reach].statement;

	/* A site may have taken in what its jump skips. */
	if (last->text + last->length > emitter->text + emitter->written)
		pass_on(emitter, last->text + last->length);
	fprintf(emitter->file, "; .Lrcpp%uz:", site->label);
}

void emit_function(struct emitter *emitter, const struct function *function,
		   const struct site_list *sites)
{
	struct placed_site *placed;
	struct addition *list;
	uint32_t additions;

	if (!sites->count)
		return;
	pass_on(emitter, function->items[0].statement.text);
	placed = allocate(sites->count * sizeof *placed);
	list = allocate(sites->count * 2 * sizeof *list);
	for (uint32_t i = 0; i < sites->count; i++)
		placed[i].site = sites->sites[i];
	/* Rows are in groups, a load and its consumers; text is in order of place. */
	additions = list_additions(emitter, placed, sites->count, list);
	for (uint32_t i = 0; i < sites->count; i++)
		place_site(emitter, function,
			   i && is_joined(function, &sites->sites[i - 1], &sites->sites[i]),
			   &placed[i]);
	for (uint32_t i = 0; i < additions; i++) {
		if (list[i].ends)
			emit_reach(emitter, function, &list[i].placed->site);
		else
			emit_site(emitter, function, &list[i].placed->site, list[i].placed->form);
	}
	free(list);
	free(placed);
}

void emit_end(struct emitter *emitter, size_t length)
{
	pass_on(emitter, emitter->text + length);
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
