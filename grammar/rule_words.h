/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * compile-rules: the words of a rules file. The processor's own are declared at its top, the others
 * are the language's.
 */
#ifndef RULE_WORDS_H
#define RULE_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "rules.h"

#define NAMES_MAX    512
#define NO_CONDITION (-1)

/* Names that a mnemonic, or a part of it, can have; each may name a condition, by its number. */
struct names {
	int count;
	struct name {
		char *text;
		int condition;
	} name[NAMES_MAX];
};

void names_append(struct names *names, char *text, int condition);

/* Each of `these` with each of `those` behind it. There is at least one of `these` afterwards. */
void names_multiply(struct names *these, const struct names *those);

/* ---- Declarations ---- */

/* `set NAME = ...`, and what {NAME} stands for. */
void declare_set(char *name, const struct names *names);
const struct names *names_of_set(const char *name);

/* `suffixes b=1`: a mnemonic's last letter, and a width behind a dot. */
void declare_suffix(const char *letter, int width);

/* `immediates b=1 movabsq=8`: how wide $V is in an instruction of this suffix, or this name. */
void declare_immediate(char *name, int width);

/* `targets call`: V is where this instruction goes. */
void declare_target(char *mnemonic);

/* `conditions b=c=nae`: the next number. Declares the sets CC, and MIRRORED as they get mirrored.
 */
void declare_condition(const struct names *spellings);

/* `mirrored b=a`: each holds for two numbers if the other holds for them the other way round. */
void declare_mirrored(const char *one, const char *other);

/* ---- What they say ---- */

/* Bytes, or 0: there is no such suffix. */
int width_of(char suffix);

/* Of the V in a statement; 0: it does not say. */
int immediate_width(const char *statement);

bool is_target(const char *statement);

/* The first spelling of the condition that mirrors this one, or NULL. */
const char *mirrored_condition(int condition);

/* ---- The language's own ---- */

uint8_t guard_of(const char *name);
uint8_t need_of(const char *name);
enum rule_role role_of(const char *name); /* consume! is consume */

/* The letter that the tables have for an operand's word, of so many characters; 0: none. */
char letter_of(const char *word, size_t length);

#endif
