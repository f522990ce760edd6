/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Options of the filter that last from compiling to linking. With gcc's link-time optimization the
 * assembler that sees code runs at the link, and build tools (libtool) do not pass all options on
 * to it. So `as` writes them into each object, in a section that the linker leaves out, and rcpp-cc
 * reads them where it links.
 */
#ifndef LASTING_H
#define LASTING_H

#include "command.h"

/* Of `as`: the section, with texts as in RCPP_FLAGS, each with a NUL at its end. */
#define LASTING_SECTION ".rcpp_options"

/* How the names of gcc's sections for link-time optimization begin. */
#define LTO_PREFIX ".gnu.lto_"

/* What the objects of a link say. */
struct lasting {
	struct words options;
	size_t *given;	/* for each of them: by how many objects */
	size_t objects; /* that have code for link-time optimization */
};

/*
 * Note what the objects in `file` say. The file is an object or an archive; one that is neither, or
 * cannot be read, says nothing.
 */
void read_lasting(const char *file, struct lasting *lasting);

/*
 * Add the options that may be given for all objects to `flags`, unless they are there: those of all
 * of them, and those that leave something out. Symbols and sections of one object might name the
 * variables of another. Returns the first option that is therefore left out, or NULL.
 */
const char *add_lasting_flags(const struct lasting *lasting, struct words *flags);

#endif
