/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A form of the tables, read, checked and ready to use. Freestanding as core.h is.
 */
#ifndef RCPP_FORMS_H
#define RCPP_FORMS_H

#include "freestanding.h"
#include "rcpp_tables.h"

/* The bytes of a short site as a number, the first one lowest. */
typedef unsigned __int128 rcpp_words;

/* A form that is plain says of each alternative what the site's words are. */
struct plain {
	bool fits;	    /* the alternative's field, if it has one, takes the value as it is */
	rcpp_words words;   /* with zeros where the field is */
	rcpp_words fixed;   /* the words' bits that belong to the site, and not to the field */
	uint64_t mask;	    /* what the field takes of a number; 0: there is no field */
	unsigned int shift; /* where the field is, in bits */
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
	uintptr_t address;   /* of its struct rcpp_form; 0: none was read */
	bool consumer;	     /* read for the site of a consumer */
	unsigned int length; /* of the site */
	bool led;	     /* a prefix stands in front of the site */
	bool at_end;	     /* code stands at the site's end */
	bool has_condition;
	bool together;	 /* it is right only if others of its group change at the same instant */
	bool jumps;	 /* its original is a conditional jump */
	bool asks;	 /* it has a condition, and its original reads the flags of a site before */
	bool plain;	 /* nearly all are: a load of a short site, with nothing special */
	rcpp_words mask; /* of a plain one: the words' bytes that belong to the site */
	unsigned int empties; /* alternatives that are nothing but padding, a bit for each, */
	unsigned int wides;   /* and those that have a field of 64 bits */
	unsigned int count;
	unsigned int check;
	uint32_t reach; /* bytes from the site's first on; 0: it has none of its own */
	const char *text;
	unsigned int original;	   /* kind of the original's field; 0: it has none */
	unsigned int displacement; /* offset of the variable's displacement in the original, */
	unsigned int behind;	   /* and of what follows the instruction with it */
	struct rcpp_condition condition;
	struct rcpp_step step[RCPP_STEPS_MAX]; /* of the condition */
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
	struct form list[RCPP_FORMS_KEPT];
};

void rcpp_forget_forms(struct rcpp_forms *forms);

/*
 * Read the form at an address with `left` bytes of tables from there on, for the site of a consumer
 * or another one, of so many bytes. False if it is no form, whole and twice there, that fits.
 */
bool rcpp_read_form(struct form *form, uintptr_t address, size_t left, bool consumer,
		    unsigned int length);

/* Was this form read for such a site? */
static inline bool rcpp_is_form(const struct form *form, uintptr_t address, bool consumer,
				unsigned int length)
{
	return form->address == address && form->consumer == consumer && form->length == length;
}

/* The site's words with a number in the field. */
static inline rcpp_words rcpp_plain_words(const struct plain *plain, uint64_t number)
{
	return plain->words | (rcpp_words)(number & plain->mask) << plain->shift;
}

static inline const uint8_t *rcpp_code(const struct alternative *alternative)
{
	return alternative->site + alternative->offset;
}

/* Where a form is kept. */
static inline struct form *rcpp_form_place(struct rcpp_forms *forms, uintptr_t address)
{
	return &forms->list[(address ^ address >> 8) % RCPP_FORMS_KEPT];
}

#endif
