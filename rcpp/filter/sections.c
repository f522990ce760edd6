// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Statements in, the section they are in out. A section is known by its name and the text of its
 * arguments: two sections may share the name and differ by their group or by `unique`. Flags come
 * from the directive, or, for names that as knows, from as.
 */
#include <fnmatch.h>
#include <stdlib.h>
#include "memory.h"
#include "sections.h"

static bool is_blank(char c)
{
	return (uint8_t)c <= ' ' && (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0');
}

struct span trimmed(struct span span)
{
	const char *begin = span.text, *end = begin + span.length;

	while (begin < end && is_blank(*begin))
		begin++;
	while (end > begin && is_blank(end[-1]))
		end--;
	return (struct span){begin, (size_t)(end - begin)};
}

struct span statement_arguments(const struct statement *statement)
{
	return trimmed((struct span){statement->text + statement->name_length,
				     statement->length - statement->name_length});
}

bool next_argument(struct span *arguments, struct span *argument)
{
	size_t at = 0;
	int depth = 0;
	bool string = false;

	if (!arguments->length)
		return false;
	for (; at < arguments->length; at++) {
		char c = arguments->text[at];

		if (string && c == '\\' && at + 1 < arguments->length)
			at++;
		else if (c == '"')
			string = !string;
		else if (!string && (c == '(' || c == ')'))
			depth += c == '(' ? 1 : -1;
		else if (!string && !depth && c == ',')
			break;
	}
	*argument = trimmed((struct span){arguments->text, at});
	if (at < arguments->length)
		at++;
	*arguments = (struct span){arguments->text + at, arguments->length - at};
	return true;
}

/* The names are spans, so each is copied for fnmatch(): sections are few. */
static bool matches(const struct texts *globs, struct span name)
{
	char *text = allocate(name.length + 1);
	bool match = false;

	if (name.length) /* `.section` alone has none */
		memcpy(text, name.text, name.length);
	text[name.length] = '\0';
	for (size_t i = 0; i < globs->count && !match; i++)
		match = !fnmatch(globs->text[i], text, 0);
	free(text);
	return match;
}

/* "flags", @type, entity size with M, linked-to with o, group with G, comdat */
static void read_flags(struct section *section, const struct section *current)
{
	struct span rest = section->arguments, flags, argument;
	bool group = false;
	int before = 1; /* arguments between the flags and the group: the type */

	if (!next_argument(&rest, &flags) || flags.text[0] != '"')
		return;
	section->executable = false;
	for (size_t i = 1; i < flags.length; i++) {
		char flag = flags.text[i];

		section->executable |= flag == 'x';
		section->tls |= flag == 'T';
		group |= flag == 'G';
		before += flag == 'M' || flag == 'o';
		if (flag == '?') {
			section->group = current->group;
			section->comdat = current->comdat;
		}
	}
	for (int i = 0; group && i < before; i++)
		group = next_argument(&rest, &argument);
	if (group && next_argument(&rest, &section->group))
		section->comdat = next_argument(&rest, &argument) && span_is(argument, "comdat");
}

static bool executable_by_name(const struct sections *sections, struct span name)
{
	const uint32_t *known = names_find(&sections->by_name, name);

	if (known)
		return sections->list[*known].executable;
	return span_is(name, ".text") || span_begins(name, ".text.") || span_is(name, ".init") ||
	       span_is(name, ".fini") || span_begins(name, ".plt");
}

/*
 * `.section .text.f` alone means the .text.f that was named with flags before, or is later. For as,
 * a section of a group is meant only if the group is named, too.
 */
static void find_whole(struct section *section, struct section *first, uint32_t first_index)
{
	if (section->group.length || first->group.length || (section->spelled && first->spelled)) {
		section->torn = first->torn = true;
		return;
	}
	section->whole = first_index;
	first->spelled |= section->spelled;
}

/* "ax",@progbits, as compilers write it: nothing but the name tells it from others. */
static bool has_plain_arguments(const struct section *section)
{
	struct span rest = section->arguments, flags, type;

	return next_argument(&rest, &flags) && flags.length > 1 && flags.text[0] == '"' &&
	       strspn(flags.text + 1, "awx") == flags.length - 2 && next_argument(&rest, &type) &&
	       (span_is(type, "@progbits") || span_is(type, "%progbits")) && !rest.length;
}

/* `.section .text.unlikely` alone, by which gcc goes on in the section that it has named in full.
 */
static bool continues(const struct section *section, const struct section *first)
{
	return !section->spelled && has_plain_arguments(first) && !first->ambiguous;
}

/* "aw",@progbits,unique,1: where clang, by the assertion in rcpp.h, puts thread-local variables. */
static bool is_guard(const struct section *section)
{
	struct span rest = section->arguments, argument;

	for (int i = 0; i < 3; i++)
		if (!next_argument(&rest, &argument))
			return false;
	return span_is(argument, "unique") && next_argument(&rest, &argument) &&
	       span_is(argument, "1");
}

/* `text` is the name and all that stands behind it. */
static uint32_t find_section(struct sections *sections, struct span text)
{
	struct section section = {0};
	uint32_t *known = names_add(&sections->by_text, text, sections->count), *named;

	if (*known < sections->count)
		return *known;
	section.arguments = text;
	next_argument(&section.arguments, &section.name);
	section.name = unquoted(section.name);
	section.arguments = trimmed(section.arguments);
	section.executable = executable_by_name(sections, section.name);
	if (sections->count)
		read_flags(&section, &sections->list[sections->current]);
	section.patchable = matches(&sections->options->sections, section.name);
	section.init = matches(&sections->options->init_sections, section.name);
	section.debug = span_begins(section.name, ".debug") ||
			span_begins(section.name, ".zdebug") ||
			span_begins(section.name, ".eh_frame");
	section.template = span_begins(section.name, ".altinstr");
	section.unwinding = span_begins(section.name, ".gcc_except_table");
	section.starts = span_begins(section.name, ".init_array") ||
			 span_begins(section.name, ".preinit_array") ||
			 span_begins(section.name, ".ctors");
	section.markers = span_is(section.name, ".rcpp_extern");
	section.hidden = span_is(section.name, ".rcpp_extern.hidden");
	section.marked = span_begins(section.name, "rcpp_patchable") ||
			 span_begins(section.name, ".data.rcpp_patchable_inline.");
	section.tls |= section.marked && is_guard(&section);
	named = names_add(&sections->by_name, section.name, sections->count);
	section.ambiguous = *named < sections->count;
	section.whole = section.same = sections->count;
	section.spelled = section.arguments.length > 0;
	if (section.ambiguous) {
		if (continues(&section, &sections->list[*named])) {
			section.ambiguous = false;
			section.same = *named;
		}
		sections->list[*named].ambiguous |= section.ambiguous;
		find_whole(&section, &sections->list[*named], *named);
	}
	sections->list =
		make_room(sections->list, sections->count, &sections->space, sizeof section);
	sections->list[sections->count] = section;
	return sections->count++;
}

void sections_init(struct sections *sections, const struct options *options)
{
	*sections = (struct sections){.options = options};
	find_section(sections, SPAN(".text"));
}

static void enter(struct sections *sections, uint32_t section)
{
	sections->previous = sections->current;
	sections->current = section;
}

static void push(struct sections *sections)
{
	sections->stack = make_room(sections->stack, sections->depth, &sections->stack_space,
				    sizeof *sections->stack);
	sections->stack[sections->depth].current = sections->current;
	sections->stack[sections->depth++].previous = sections->previous;
}

bool sections_follow(struct sections *sections, const struct statement *directive)
{
	struct span name = statement_name(directive);
	struct span arguments = statement_arguments(directive);

	if (span_is(name, ".text") || span_is(name, ".data") || span_is(name, ".bss")) {
		enter(sections, find_section(sections, name));
	} else if (span_is(name, ".struct") || span_is(name, ".offset")) {
		/* Absolute: what stands there has an address, and is nowhere. */
		enter(sections, find_section(sections, SPAN("*ABS*")));
	} else if (span_is(name, ".section")) {
		enter(sections, find_section(sections, arguments));
	} else if (span_is(name, ".pushsection")) {
		push(sections);
		enter(sections, find_section(sections, arguments));
	} else if (span_is(name, ".popsection")) {
		if (sections->depth) {
			sections->depth--;
			sections->current = sections->stack[sections->depth].current;
			sections->previous = sections->stack[sections->depth].previous;
		}
	} else if (span_is(name, ".previous")) {
		enter(sections, sections->previous);
	} else {
		/* Another subsection is the same section, but not the same place. */
		return span_is(name, ".subsection");
	}
	return true;
}

void sections_note_label(struct sections *sections)
{
	struct section *section = &sections->list[sections->current];

	section->home |= span_is(section->name, "rcpp_patchable") && !section->tls;
	sections->has_home |= section->home;
}

bool sections_open_homes(char *text, size_t length)
{
	static const char closed[] = "\t.section\trcpp_patchable,\"a\",@progbits\n";
	static const char open[] = "\t.section\trcpp_patchable,\"aw\"         \n";
	const char *end = text + length;
	bool found = false;

	_Static_assert(sizeof closed == sizeof open, "the text stays as long as it is");
	for (char *line = text;
	     (line = memmem(line, (size_t)(end - line), closed, sizeof closed - 1));
	     line += sizeof closed - 1)
		if (line == text || line[-1] == '\n') {
			memcpy(line, open, sizeof open - 1);
			found = true;
		}
	return found;
}

void sections_forget_homes(struct sections *sections)
{
	sections->has_home = false;
	for (uint32_t i = 0; i < sections->count; i++)
		sections->list[i].home = false;
}

void sections_free(struct sections *sections)
{
	free(sections->list);
	free(sections->stack);
	names_free(&sections->by_text);
	names_free(&sections->by_name);
	*sections = (struct sections){0};
}

/* Directives that leave nothing in the text but, for alignment, instructions that do nothing. */
bool directive_is_neutral(struct span name)
{
	static const char *const names[] = {".loc",	   ".file",	".ident",
					    ".type",	   ".size",	".globl",
					    ".global",	   ".weak",	".local",
					    ".hidden",	   ".internal", ".protected",
					    ".align",	   ".symver",	".comm",
					    ".lcomm",	   ".addrsig",	".addrsig_sym",
					    ".att_syntax", ".reloc",	".loc_mark_labels",
					    ".text",	   ".data",	".bss",
					    ".section",	   ".previous", ".weakref",
					    NULL};

	return span_is_among(name, names) || span_begins(name, ".cfi_") ||
	       span_begins(name, ".p2align") || span_begins(name, ".balign");
}

bool directive_is_data(struct span name)
{
	static const char *const names[] = {".byte",  ".2byte", ".4byte", ".8byte", ".short",
					    ".value", ".hword", ".word",  ".int",   ".long",
					    ".quad",  ".octa",	NULL};

	return span_is_among(name, names);
}

bool directive_is_narrow(struct span name)
{
	static const char *const names[] = {".byte",  ".2byte", ".short", ".value",
					    ".hword", ".word",	NULL};

	return span_is_among(name, names);
}
