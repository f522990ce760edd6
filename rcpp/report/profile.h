/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Profiles, as runtime/rcpp_profile.h describes them, checked and added up: of all modules in the
 * files, what was counted in PROGRAM.
 */
#ifndef RCPP_PROFILE_READER_H
#define RCPP_PROFILE_READER_H

#include "report.h"

/* Functions that read or write a field for the same use. */
struct profile_access {
	const char *function; /* "" if there is none */
	unsigned flags, use;  /* RCPP_ACCESS_*, KIND_* */
	unsigned line, sites;
	uint64_t count;
};

/* Bytes of a variable, as one unit names them. */
struct profile_field {
	const void *chunk; /* whose run's it is, to compare */
	const char *unit, *symbol;
	int64_t offset;
	uint64_t size;	  /* 0: not known */
	unsigned flags;	  /* RCPP_FIELD_* */
	bool located;	  /* PROGRAM is the module that was counted, so that .address is its */
	uint64_t address; /* of the field, or of the slot */
	uint64_t unseen;  /* changes without a counted write */
	bool watched;	  /* these are known: its bytes were looked at */
	uint64_t before;  /* reads before the last write of a run */
	double last;	  /* seconds from the start of a run to its last write; 0: never written */
	bool patched;	  /* the runs have called rcpp_patch(), so that .late is certain */
	bool late;	  /* that write was not in the start-up */
	uint64_t late_writes; /* so many were not, if .patched */
	bool at_end;	      /* nothing is known of the run behind it */
	size_t first, count;  /* its accesses */
};

struct profile {
	struct profile_field *fields;
	size_t field_count, field_space;
	struct profile_access *accesses;
	size_t access_count, access_space;
	uint64_t runs;
	double seconds; /* the longest run */
	char **others;	/* modules in the files that are not PROGRAM */
	size_t other_count;
	bool other_build; /* one of the files has counts of PROGRAM as it was built before */
	bool by_name;	  /* PROGRAM is another build of the module that was counted */
	char **files;	  /* the strings point into them */
	size_t file_count;
};

bool profile_is(const char *bytes, size_t size);

/*
 * Add the counts of one file, of `size` bytes in memory of malloc(), which becomes the profile's.
 * Returns false with a message on standard error if it is damaged or holds nothing of PROGRAM.
 */
bool profile_add(struct profile *profile, const struct program *program, const char *path,
		 char *bytes, size_t size);
void profile_free(struct profile *profile);

/* When a run's start-up ends, in seconds: see rcpp-report(1). */
double profile_start_up(double seconds);

#endif
