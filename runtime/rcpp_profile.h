/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What `rcpp --profile` counts, and the file that it is counted in.
 *
 * Each unit of a module (a program or a shared library) brings a description of its fields and
 * accesses into the section rcpp_profile, and counters into rcpp_counters. When the module is
 * loaded, runtime/profile_file.c maps a file (rcpp.profile, or $RCPP_PROFILE) in place of the
 * counters. So nothing has to happen when the process ends, however it ends; the processes that it
 * forks count in the same place; and the next run goes on where this one stopped.
 *
 * The file is a row of chunks, one a module, each at a multiple of a page:
 *
 *	struct rcpp_profile_chunk, path of the module
 *	the module's section rcpp_profile, byte for byte	at .table
 *	its section rcpp_counters				at .counters, on whole pages
 *
 * All numbers are little-endian. Strings end with a zero byte; a string's number is its offset from
 * the beginning of the unit.
 */
#ifndef RCPP_PROFILE_H
#define RCPP_PROFILE_H

#include <stdint.h>

#define RCPP_PROFILE_MAGIC "rcpp profile 2\n" /* 16 bytes with the zero */
#define RCPP_PROFILE_PAGE  4096

struct rcpp_profile_chunk {
	char magic[16];
	uint64_t size; /* of the chunk, a multiple of RCPP_PROFILE_PAGE */
	uint64_t id;   /* of the table's bytes and the path, and so of one build of one module */
	uint64_t table, table_size; /* the table's offset in the chunk; the same of the counters */
	uint64_t table_address;	    /* where the module has it, relative to where it is loaded */
	uint64_t counters, counters_size;
	uint64_t counters_address; /* the same for the counters */
	uint64_t runs;		   /* how many processes have mapped it, without forks */
	uint64_t looks;	  /* how often all fields were compared with what they were, see below */
	uint64_t patched; /* runs that have called rcpp_patch() */
	uint64_t ticks, nanoseconds; /* a run was so old when it was looked at last, in both units:
					what the ticks of a field are worth */
	char path[];		     /* of the module */
};

/* The table: units, one behind the other, each at a multiple of 8. */
#define RCPP_PROFILE_UNIT 0x31705072 /* "rPp1" */

struct rcpp_profile_unit {
	uint32_t magic;
	uint32_t size;	  /* to the next unit */
	int32_t counters; /* the unit's counters, relative to this member */
	int32_t own;	  /* private memory of the process, relative to this member */
	uint32_t name;	  /* string: the source, as .file has it; "" if nothing tells */
	uint32_t field_count;
	uint32_t access_count;
	uint32_t unread; /* instructions that are not understood: macros, other syntax */
	/* struct rcpp_profile_field [field_count], struct rcpp_profile_access [access_count],
	   strings */
};

#define RCPP_FIELD_INDEXED 1 /* part of an array: which one, only the program knows */
#define RCPP_FIELD_STATIC  2 /* no other unit means this symbol by its name */
#define RCPP_FIELD_REMOTE  4 /* .address leads to a slot that holds the symbol's address */
#define RCPP_FIELD_NOWHERE 8 /* .address is 0: only the symbol's name tells */

/* `size` bytes at `offset` in a symbol, as instructions of this unit name them. */
struct rcpp_profile_field {
	int64_t offset;
	uint32_t symbol;       /* string: as it is called in the assembly */
	int32_t address;       /* symbol + offset, or the symbol's slot; relative to this member */
	uint32_t size;	       /* in bytes; 0: not known */
	uint32_t flags;	       /* RCPP_FIELD_* */
	uint32_t first, count; /* its accesses */
};

#define RCPP_ACCESS_WRITE 1 /* else a read; what does both has two accesses */
#define RCPP_ACCESS_UNCOUNTED                                                                      \
	2 /* the code could not be given a counter: it stays 0. A field of                         \
	     size 0 that is NOWHERE has one for each function that takes its                       \
	     address, for writes and the use `addresses`; where data holds the                     \
	     address there is no function. */

/* All instructions of one function that read (or write) a field for the same use. */
struct rcpp_profile_access {
	uint32_t function; /* string; "" if there is none */
	uint16_t flags;	   /* RCPP_ACCESS_* */
	uint16_t use;	   /* enum kind of rcpp/common/kinds.h: what patching would save */
	uint32_t line;	   /* of the first of the instructions, in the source; 0: not known */
	uint32_t sites;	   /* how many instructions */
};

/*
 * The unit's counters: one such for each field, then 8 bytes for each access: how often it was
 * executed. Processes and threads count without locks, but for writes, of which none is missed.
 *
 * A write of a field is one of all that overlap it, in this unit and others. Some writes have no
 * counter: by other modules, through addresses that were taken, by system calls. So reads compare
 * the value with what it was, and fields of other sizes are looked at from time to time, when
 * something is written and when the process exits. Where one has another value without a write,
 * that counts as a write at this time, in `unseen`.
 */
struct rcpp_profile_state {
	uint64_t reads;	 /* by all accesses of the unit */
	uint64_t seen;	 /* reads when the last run began, or at the last write: without `apart`,
			    the reads that a later write of the same run has followed. A run that
			    begins while another goes on takes what that has read until then for
			    what no write will follow. */
	uint64_t late;	 /* writes, and changes, after the run has called rcpp_patch(), until it
			    calls rcpp_revert() */
	uint64_t apart;	 /* reads that no later write of the same run has followed, of all runs
			    before the last one */
	uint64_t last;	 /* age of the run at the last write, in ticks, the highest of all runs; 0:
			    never written. It may be too low by a tick of the kernel's clock, some
			    milliseconds. */
	uint64_t unseen; /* changes by what is not counted; there may have been more */
};

/* What else the code that counts has of each field, in the process alone. */
struct rcpp_profile_own {
	uint64_t value;	 /* when it was looked at last: what a read is compared with */
	uint64_t alone;	 /* as `noted`, but 0 where others overlap it, which have to know of each
			    write */
	uint32_t writes; /* looks until a change without a write is one that was not seen */
	uint32_t count;	 /* of those others: */
	const struct rcpp_profile_neighbour *neighbours;
	uint64_t noted;	    /* the tick in which the time of its last write was noted */
	uint64_t unused[3]; /* each in a line of its own */
};

/* The beginning of rcpp_profile_run, which the code that counts reads, too. */
struct rcpp_profile_now {
	uint64_t no_tick; /* is never noted */
	int64_t tick;	  /* the distance from here to a word that changes with the kernel's clock;
			     0: there is none */
	uint64_t patched; /* 1: sites would hold values now */
};

#endif
