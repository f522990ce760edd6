/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A form of the tables, read, checked and ready to use. Freestanding as core.h is.
 */
#ifndef RCPP_FORMS_H
#define RCPP_FORMS_H

#include "freestanding.h"
#include "rcpp_tables.h"

/* The bytes of a short site, the first one lowest. */
#define RCPP_PLAIN_MAX	 16
#define RCPP_PLAIN_WORD	 sizeof(uint64_t)
#define RCPP_PLAIN_WORDS (RCPP_PLAIN_MAX / RCPP_PLAIN_WORD)

/* A form that is plain says of each alternative what a site's words are, and for which values. */
struct plain {
	bool fits; /* this says all of it: its field, if any, takes the value as it is */
	uint64_t words[RCPP_PLAIN_WORDS]; /* with zeros where the field is */
	uint64_t fixed[RCPP_PLAIN_WORDS]; /* their bits that belong to the site, and not to the
					     field */
	uint64_t mask;	     /* what the field takes of a number; 0: there is no field */
	unsigned int place;  /* of the field in the site */
	unsigned int unused; /* bits above those of the number that the guard looks at */
	bool is_signed;
	uint64_t least; /* the guard holds from this number on, */
	uint64_t span;	/* and so much further */
};

struct alternative {
	struct rcpp_alternative head;
	struct rcpp_field field[RCPP_FIELDS_MAX];
	unsigned int prefixes;	     /* that many bytes of its code are there for its length */
	unsigned int offset;	     /* where in the site its code begins */
	uint8_t site[RCPP_SITE_MAX]; /* the code, and padding around it */
	struct plain plain;
};

struct form {
	uintptr_t address; /* of its struct rcpp_form; 0: none was read */
	uint16_t kind;	   /* of the rows that it was read for; they say these three: */
	bool consumer;
	unsigned int length; /* of the site */
	uint64_t dividend;   /* of the row's check, without the distance and the remote */
	bool led;	     /* a prefix stands in front of the site */
	bool at_end;	     /* code stands at the site's end */
	bool has_condition;
	bool together; /* it is right only if others of its group change at the same instant */
	bool jumps;    /* its original is a conditional jump */
	bool asks;     /* it has a condition, and its original reads the flags of a site before */
	bool plain;    /* it and its rows have nothing special; nearly all are */
	unsigned int empties; /* alternatives that are nothing but padding, a bit for each, */
	unsigned int wides;   /* and those that have a field of 64 bits */
	unsigned int count;
	unsigned int check;
	uint32_t reach; /* bytes from the site's first on; 0: it has none of its own */
	const char *text;
	unsigned int original;	   /* kind of the original's field; 0: it has none */
	unsigned int displacement; /* offset of the variable's displacement in the original, */
	unsigned int behind;	   /* and of what follows the instruction with it; */
	unsigned int after;	   /* the latter in the site */
	struct rcpp_condition condition;
	struct rcpp_step step[RCPP_STEPS_MAX]; /* of the condition */
	const struct alternative *end;	       /* behind the last one */
	struct alternative list[RCPP_ALTERNATIVES_MAX];
};

/*
 * Forms that were read before: many sites share one. Empty at first, and only good as long as the
 * module stays loaded.
 */
#ifdef __KERNEL__
#define RCPP_FORMS_KEPT 16 /* more than 1 KiB each */
#else
#define RCPP_FORMS_KEPT 256
#endif

struct rcpp_forms {
	bool used[RCPP_FORMS_KEPT]; /* may hold one */
	struct form list[RCPP_FORMS_KEPT];
};

void rcpp_forget_forms(struct rcpp_forms *forms);

/* What a row says of itself: its length, how it reads, and its flags. */
static inline uint16_t rcpp_kind_of(const struct rcpp_row *raw)
{
	uint16_t kind;

	memcpy(&kind, (const uint8_t *)raw + offsetof(struct rcpp_row, length), sizeof(kind));
	return kind;
}

/*
 * Read the form at an address with `left` bytes of tables from there on, for rows like this one.
 * False if it is no form, whole and twice there, that fits.
 */
bool rcpp_read_form(struct form *form, uintptr_t address, size_t left, const struct rcpp_row *raw);

/* Was this form read for such a row? */
static inline bool rcpp_is_form(const struct form *form, uintptr_t address,
				const struct rcpp_row *raw)
{
	return form->address == address && form->kind == rcpp_kind_of(raw);
}

static inline const uint8_t *rcpp_code(const struct alternative *alternative)
{
	return alternative->site + alternative->offset;
}

/* Where a form is kept, */
static inline struct form *rcpp_form_place(struct rcpp_forms *forms, uintptr_t address,
					   const struct rcpp_row *raw)
{
	uintptr_t hash = address ^ rcpp_kind_of(raw);

	return &forms->list[(hash ^ hash >> 8) % RCPP_FORMS_KEPT];
}

/* and that it will be. */
static inline void rcpp_use_place(struct rcpp_forms *forms, const struct form *place)
{
	forms->used[place - forms->list] = true;
}

#endif
