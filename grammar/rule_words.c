// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <string.h>
#include "rule_error.h"
#include "rule_words.h"
#include "vocabulary.h"

#define SETS_MAX       16
#define IMMEDIATES_MAX 16
#define TARGETS_MAX    4
#define CONDITIONS_MAX 16 /* struct rcpp_condition has room for no more */

static struct set {
	const char *name;
	struct names names;
} sets[SETS_MAX] = {{.name = "CC"}, {.name = "MIRRORED"}};
static int set_count = 2;

#define CONDITIONS (&sets[0].names)
#define MIRRORED   (&sets[1].names)

static int widths[UINT8_MAX + 1]; /* of each suffix */

static struct {
	const char *name;
	int width;
} immediates[IMMEDIATES_MAX];
static int immediate_count;

static const char *targets[TARGETS_MAX];
static int target_count;

static struct condition {
	const char *name; /* the first spelling */
	const char *mirrored;
} conditions[CONDITIONS_MAX];
static int condition_count;

void names_append(struct names *names, char *text, int condition)
{
	if (names->count == NAMES_MAX)
		fail("more than %d names; split the rule, or raise NAMES_MAX", NAMES_MAX);
	names->name[names->count++] = (struct name){text, condition};
}

void names_multiply(struct names *these, const struct names *those)
{
	struct names product = {0};

	if (!these->count)
		names_append(these, format("%s", ""), NO_CONDITION);
	for (int i = 0; i < these->count; i++) {
		for (int j = 0; j < those->count; j++) {
			const struct name *a = &these->name[i], *b = &those->name[j];

			names_append(&product, format("%s%s", a->text, b->text),
				     a->condition == NO_CONDITION ? b->condition : a->condition);
		}
	}
	*these = product;
}

/* ---- Declarations ---- */

static struct set *find_set(const char *name)
{
	for (int i = 0; i < set_count; i++)
		if (!strcmp(sets[i].name, name))
			return &sets[i];
	return NULL;
}

void declare_set(char *name, const struct names *names)
{
	if (find_set(name))
		fail("the set %s exists already; choose another name", name);
	if (set_count == SETS_MAX)
		fail("more than %d sets; raise SETS_MAX", SETS_MAX);
	sets[set_count++] = (struct set){name, *names};
}

const struct names *names_of_set(const char *name)
{
	const struct set *set = find_set(name);

	if (!set)
		fail("there is no set %s; give it a line `set %s = ...` above", name, name);
	return &set->names;
}

void declare_suffix(const char *letter, int width)
{
	if (strlen(letter) != 1 || (width != 1 && width != 2 && width != 4 && width != 8))
		fail("%s=%d is no suffix; write a letter and 1, 2, 4 or 8", letter, width);
	widths[(unsigned char)*letter] = width;
}

void declare_immediate(char *name, int width)
{
	if (immediate_count == IMMEDIATES_MAX)
		fail("more than %d immediates; raise IMMEDIATES_MAX", IMMEDIATES_MAX);
	immediates[immediate_count].name = name;
	immediates[immediate_count++].width = width;
}

void declare_target(char *mnemonic)
{
	if (target_count == TARGETS_MAX)
		fail("more than %d targets; raise TARGETS_MAX", TARGETS_MAX);
	targets[target_count++] = mnemonic;
}

void declare_condition(const struct names *spellings)
{
	if (condition_count == CONDITIONS_MAX)
		fail("more than %d conditions; raise CONDITIONS_MAX", CONDITIONS_MAX);
	for (int i = 0; i < spellings->count; i++)
		names_append(CONDITIONS, spellings->name[i].text, condition_count);
	conditions[condition_count++].name = spellings->name[0].text;
}

static struct condition *find_condition(const char *name)
{
	for (int i = 0; i < condition_count; i++)
		if (!strcmp(conditions[i].name, name))
			return &conditions[i];
	fail("there is no condition %s; give it a place in the line `conditions` above", name);
}

void declare_mirrored(const char *one, const char *other)
{
	find_condition(one)->mirrored = other;
	find_condition(other)->mirrored = one;
	MIRRORED->count = 0;
	for (int i = 0; i < CONDITIONS->count; i++)
		if (conditions[CONDITIONS->name[i].condition].mirrored)
			MIRRORED->name[MIRRORED->count++] = CONDITIONS->name[i];
}

/* ---- What they say ---- */

int width_of(char suffix)
{
	return widths[(unsigned char)suffix];
}

int immediate_width(const char *statement)
{
	size_t length = strcspn(statement, " ");
	int width = 0;

	for (int i = 0; i < immediate_count; i++) {
		const char *name = immediates[i].name;

		if (strlen(name) == length && !strncmp(name, statement, length))
			return immediates[i].width;
		if (strlen(name) == 1 && length && *name == statement[length - 1])
			width = immediates[i].width;
	}
	return width;
}

bool is_target(const char *statement)
{
	size_t length = strcspn(statement, " ");

	for (int i = 0; i < target_count; i++)
		if (strlen(targets[i]) == length && !strncmp(targets[i], statement, length))
			return true;
	return false;
}

const char *mirrored_condition(int condition)
{
	return condition == NO_CONDITION ? NULL : conditions[condition].mirrored;
}

/* ---- The language's own ---- */

uint8_t guard_of(const char *name)
{
	for (unsigned guard = 1; guard <= RCPP_GUARD_LAST; guard++)
		if (!strcmp(name, guard_words[guard]))
			return (uint8_t)guard;
	fail("there is no guard %s; see \"Guards\" at the top of x86-64/rules", name);
}

uint8_t need_of(const char *name)
{
	static const struct {
		const char *name;
		uint8_t need;
	} needs[] = {{"flags dead", RULE_FLAGS_DEAD},
		     {"quotient dead", RULE_QUOTIENT_DEAD},
		     {"remainder dead", RULE_REMAINDER_DEAD},
		     {"extended", RULE_EXTENDED},
		     {"copied", RULE_COPIED},
		     {"kept", RULE_KEPT}};

	for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
		if (!strcmp(name, needs[i].name))
			return needs[i].need;
	fail("there is no condition (%s)", name); /* the scanner knows no others */
}

enum rule_role role_of(const char *name)
{
	static const char *const names[] = {
		[ROLE_LOAD] = "load",	    [ROLE_USE] = "use",		[ROLE_CONSUME] = "consume",
		[ROLE_ADDRESS] = "address", [ROLE_COMPARE] = "compare", [ROLE_SETTLE] = "settle",
		[ROLE_SKIP] = "skip",	    [ROLE_CARRY] = "carry",	[ROLE_STEP] = "step",
		[ROLE_TURN] = "turn",	    [ROLE_MIRROR] = "mirror",
	};
	size_t length = strcspn(name, "!");

	for (int role = 0; role <= ROLE_LAST; role++)
		if (strlen(names[role]) == length && !strncmp(name, names[role], length))
			return (enum rule_role)role;
	fail("there is no role %s", name);
}

char letter_of(const char *word, size_t length)
{
	static const struct {
		const char *word;
		char letter;
	} words[] = {{"VAR", 'V'},     {"VAR/X", 'N'}, {"X", 'X'}, {"R", 'R'},	   {"W", 'W'},
		     {"SOURCE", 'S'},  {"DEST", 'D'},  {"I", 'I'}, {"LABEL", 'L'}, {"THUNK", 'K'},
		     {"ADDRESS", 'A'}, {"V", 'V'},     {"T", 'T'}, {"COPY", 'C'},  {"BODY", 'B'}};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strlen(words[i].word) == length && !strncmp(word, words[i].word, length))
			return words[i].letter;
	return '\0';
}
