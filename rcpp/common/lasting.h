/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Options of the filter that are kept from compiling to linking. With gcc's link-time optimization,
 * the assembler that gets the code runs at the link, and some build tools (libtool) do not pass all
 * options to the link. So `as` writes the options into each object, in a section that the linker
 * drops, and rcpp-cc reads them when it links.
 */
#ifndef LASTING_H
#define LASTING_H

#include "command.h"

/* The section that `as` writes: texts as in RCPP_FLAGS, each with a NUL at its end. */
#define LASTING_SECTION ".rcpp_options"

/* How the names of gcc's sections for link-time optimization begin. */
#define LTO_PREFIX ".gnu.lto_"

/* What the objects of a link say. */
struct lasting {
	struct words options;
	size_t *given;	/* for each of them: by how many objects */
	size_t objects; /* how many have code for link-time optimization */
};

/*
 * Note what the objects in `file` say. The file is an object or an archive; one that is neither, or
 * cannot be read, says nothing.
 */
void read_lasting(const char *file, struct lasting *lasting);

/*
 * Add the options that may hold for all objects to `flags`, unless `flags` has them: those that all
 * objects name, and those that only reduce the number of sites. Other symbols and sections are
 * ignored, because in other objects they might name other variables. Returns the first option that
 * was ignored, or NULL.
 */
const char *add_lasting_flags(const struct lasting *lasting, struct words *flags);

#endif
