/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The output: the input's text, byte for byte except for the sites, followed by the tables.
 */
#ifndef EMIT_H
#define EMIT_H

#include <stdio.h>
#include "sites.h"

/* A row of the tables, kept until the end of the file. */
struct emitted_row {
	uint32_t section, label, form;
	uint8_t read, flags;
	bool labelled;	 /* a label stands where the site ends */
	bool branches;	 /* the linker is to find the variable as it finds what is called */
	uint32_t remote; /* the number of its remote in its section, from 1 on; 0: it has none */
	struct span variable;
	int64_t offset;
	uint32_t next; /* row of the same section, or NO_ITEM */
};

/* A struct rcpp_remote. */
struct emitted_remote {
	struct span variable;
	int64_t offset;
	uint32_t next; /* remote of the same section, or NO_ITEM */
	char *key;
};

struct emitted_form {
	char *key, *symbol;
	unsigned check; /* what its rows know it by */
};

/* A stream into memory. */
struct emitted_text {
	FILE *file;
	char *text;
	size_t length;
};

struct emitter {
	FILE *file;
	const char *text; /* the input, */
	size_t written;	  /* of which so much has been passed on */
	struct sections *sections;
	struct names form_numbers;  /* by the form's description */
	struct emitted_form *forms; /* by number */
	struct emitted_text key;    /* of the form that was asked for last */
	uint32_t form_count, form_space;
	struct emitted_row *rows;
	uint32_t row_count, row_space;
	struct names remote_numbers; /* by their keys */
	struct emitted_remote *remotes;
	uint32_t remote_count, remote_space;
	struct section_rows {
		uint32_t first, last;
		uint32_t first_remote, last_remote, remotes;
	} * section_rows; /* by section; NO_ITEM: none */
	uint32_t section_space;
	uint32_t labels;
	bool changed; /* the output is not the input */
};

/* The first words of what is added behind the input, by which filtered text is known. */
#define EMIT_ROWS     ".pushsection rcpp_rows,"
#define EMIT_PAGE_END ".balign 4096 # filled by rcpp"
#define EMIT_RELEASE  ".pushsection .text.rcpp_release,"

void emitter_init(struct emitter *emitter, FILE *file, const char *text, struct sections *sections);
/* Pass the function's text on, with its sites; what stood before it in the input too. */
void emit_function(struct emitter *emitter, const struct function *function,
		   const struct site_list *sites);
/* The rest of the input, which has so many bytes; what comes behind it is in tables.h. */
void emit_end(struct emitter *emitter, size_t length);
void emitter_free(struct emitter *emitter);

#endif
