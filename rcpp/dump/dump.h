/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the parts of rcpp-dump share: an ELF image with its symbols (dump_elf.c), the sites that the
 * tables of rcpp_tables.h describe in it (dump_tables.c), and their output (dump_print.c). One
 * image is one file or one member of an archive. Everything that comes out of a file is checked
 * here before it is used: the files may be damaged.
 */
#ifndef RCPP_DUMP_H
#define RCPP_DUMP_H

#include <gelf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rcpp_tables.h"

struct dump_section {
	const char *name;
	GElf_Shdr header;
};

struct dump_symbol {
	const char *name; /* "" if it has none */
	uint64_t value;	  /* in relocatable objects an offset in the section */
	uint64_t size;
	size_t section; /* or one of SHN_UNDEF, SHN_ABS, SHN_COMMON */
	unsigned char type, binding;
};

/* Symbols of one kind in the order of their places, for lookups by address. */
struct dump_index {
	const struct dump_symbol **symbol;
	size_t count;
};

struct dump_image {
	Elf *elf;
	bool relocatable;
	const char *bytes; /* of the whole image */
	size_t size;
	struct dump_section *sections;
	size_t section_count;
	GElf_Phdr *segments;
	size_t segment_count;
	struct dump_symbol *symbols; /* in the order of the file, so that relocations find theirs */
	size_t symbol_count;
	size_t symbol_table; /* the section they come from; 0: none */
	struct dump_index functions, objects;
	char error[512]; /* set by the function that returned false */
};

/*
 * A place in an image: a section and an offset in relocatable objects, an address in linked files
 * (where `section` is 0).
 */
struct dump_place {
	size_t section;
	uint64_t offset;
};

struct dump_alternative {
	unsigned guard;	 /* RCPP_GUARD_* */
	unsigned prefix; /* RCPP_PREFIX_* */
	bool led;	 /* a prefix stands in front of the site */
	unsigned length;
	const unsigned char *bytes;
	const char *text; /* a part of the form's text, not NUL-terminated */
	size_t text_length;
};

struct dump_form {
	struct dump_place place;
	const char *text;
	size_t size;	/* bytes in the image */
	unsigned check; /* its rows have it in theirs */
	uint32_t reach; /* as in struct rcpp_reach; 0: there is none */
	bool condition;
	unsigned count;
	struct dump_alternative alternatives[RCPP_ALTERNATIVES_MAX];
};

struct dump_range {
	uint64_t start, stop; /* the first address, and the one behind the last */
};

struct dump_site {
	const char *section;	      /* NULL where the file has no section headers */
	uint64_t address;	      /* in relocatable objects an offset in the section */
	const char *function;	      /* NULL: no symbol tells */
	uint64_t offset;	      /* in the function */
	const char *symbol;	      /* the variable; NULL: no symbol tells */
	int64_t addend;		      /* offset in the variable */
	uint64_t variable;	      /* address; linked files only, and 0 where it is not known */
	size_t form;		      /* index in dump_tables.forms */
	unsigned length, read, flags; /* RCPP_ROW_*, DUMP_REMOTE */
	struct dump_range forbidden;  /* no thread may stand there when it changes; 0, 0: none */
	struct dump_range reach; /* where what it loads may still be read; 0, 0: see forbidden */
};

#define DUMP_REMOTE 8 /* its row has a struct rcpp_remote */

/* What a site of a running process holds. */
enum dump_state {
	DUMP_UNKNOWN,  /* it cannot be told, see `problem` */
	DUMP_HOLDS,    /* the value of its variable */
	DUMP_DIFFERS,  /* another value */
	DUMP_ORPHANED, /* an original that uses what its load, which is gone, does not load */
	DUMP_READS,    /* the original, though there is an alternative for the value */
	DUMP_TRAPS,    /* the same, behind a trap */
	DUMP_FIXED,    /* the original: the variable cannot be patchable here */
	DUMP_UNFIT,    /* the original: there is no alternative for the value */
};

struct dump_held {
	uint64_t address; /* of the site in the process */
	enum dump_state state;
	const char *problem;  /* NULL: one of another site of its group */
	unsigned alternative; /* 0: the original */
	bool valued;	      /* `value` is the variable's */
	bool told;	      /* DUMP_DIFFERS: `held` is what the site holds instead */
	uint64_t value, held;
};

struct dump_tables {
	struct dump_site *sites;
	struct dump_held *held; /* of each site; NULL: this is only a file */
	size_t site_count;
	struct dump_form *forms;
	size_t form_count;
	size_t note_bytes; /* all notes of rcpp, headers included */
};

/* dump_slots.c: what the dynamic linker puts where, in a linked file. */
struct dump_slots {
	struct dump_slot *slot; /* in the order of their addresses */
	size_t count;
};

void dump_slots_read(const struct dump_image *image, struct dump_slots *slots);
void dump_slots_free(struct dump_slots *slots);

/* What a slot will hold: an address, or 0 and the symbol's name in *name, or 0 and NULL. */
uint64_t dump_slot_address(const struct dump_image *image, const struct dump_slots *slots,
			   uint64_t address, const char **name);

/*
 * dump_elf.c. Returns false and sets image->error if the file cannot be read; dump_image_close() is
 * to be called in either case. `elf` stays the caller's and has to outlive the image.
 */
bool dump_image_open(struct dump_image *image, Elf *elf);
void dump_image_close(struct dump_image *image);

/* Sets image->error and returns false. */
__attribute__((format(printf, 2, 3))) bool dump_fail(struct dump_image *image, const char *format,
						     ...);

/* The bytes of the image at a place; *available says how many. NULL: it has none there. */
const unsigned char *dump_bytes(const struct dump_image *image, struct dump_place place,
				size_t *available);

/* The section that holds an address of a linked file, 0 if none does. */
size_t dump_section_at(const struct dump_image *image, uint64_t address);

/* The symbol that a place belongs to; NULL: none. */
const struct dump_symbol *dump_find_symbol(const struct dump_image *image,
					   const struct dump_index *index, struct dump_place place);

/* The nearest one at the place or before it in its section, whatever its size. */
const struct dump_symbol *dump_symbol_before(const struct dump_image *image,
					     const struct dump_index *index,
					     struct dump_place place);

/*
 * dump_tables.c. Reads all sites. Returns false and sets image->error if the tables are damaged;
 * dump_tables_free() is to be called in either case. The strings belong to the image.
 */
bool dump_tables_read(struct dump_image *image, struct dump_tables *tables);
void dump_tables_free(struct dump_tables *tables);

/* dump_forbidden.c. Sets `forbidden` of all sites. */
void dump_tables_forbid(struct dump_tables *tables);

/*
 * dump_origin.c. Would the runtime find the tables of this linked file, and does the code at their
 * sites run? If not, returns false and sets image->error.
 */
bool dump_origin_fits(struct dump_image *image);

/* dump_print.c: text on the standard output. One site as JSON, or the lines of all. */
void dump_print_json_site(const char *file, const struct dump_image *image,
			  const struct dump_tables *tables, size_t number);
void dump_print_lines(const struct dump_image *image, const struct dump_tables *tables);

/* dump_print_held.c: their ends, if it is a site of a process. */
void dump_print_json_held(const struct dump_held *held, const struct dump_form *form);
void dump_print_held(const struct dump_site *site, const struct dump_held *held,
		     const struct dump_form *form);

/* dump_text.c: for people, without control characters: at most so many bytes of a text, */
void dump_print_plain(const char *text, size_t size);
/* or a name with its offset, if there is one, in new memory. */
char *dump_name(const char *name, int64_t offset);

/* Does the site do what its variable says? */
bool dump_agrees(const struct dump_held *held);

/* dump_file.c. A regular file's bytes, in new memory; NULL with errno set if it cannot be read. */
char *dump_read_file(const char *name, size_t *size);
char *dump_read_whole(int file, size_t *size);

/* calloc() and reallocarray() that end the program when there is no memory. */
void *dump_allocate(size_t count, size_t size);
void *dump_grow(void *memory, size_t count, size_t size);

#endif
