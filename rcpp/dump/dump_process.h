/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A running process, as rcpp-dump --pid sees it: its modules (dump_process.c), copies of their
 * memory (dump_memory.c), their files (dump_module.c), and what their sites hold (dump_held.c).
 * Nothing is stopped and nothing is written. All addresses are the process's own.
 */
#ifndef RCPP_DUMP_PROCESS_H
#define RCPP_DUMP_PROCESS_H

#include <sys/types.h>

#include "dump.h"
#include "modules.h"

/* A line of /proc/PID/maps. */
struct dump_mapping {
	uintptr_t start, stop;
	uint64_t offset; /* in the file */
	bool readable, executable;
	char *path; /* "" if there is none */
};

/* Memory of a module, with a copy that is made when it is first asked for. */
struct dump_part {
	uintptr_t start;
	size_t size;
	bool whole;	/* is copied at once; else by pages, as .bss may be huge */
	uint8_t *bytes; /* NULL: nothing is copied yet */
	bool *present;	/* for each page; NULL if it is copied at once */
};

struct dump_module {
	struct dl_phdr_info info; /* the runtime's view of it; the name is the file's path */
	uintptr_t start;	  /* where its ELF header is mapped */
	Elf64_Ehdr header;
	const struct dump_mapping *file; /* a mapping that has its file; NULL: none has */
	struct dump_part *parts;
	size_t part_count;
};

struct dump_process {
	pid_t pid;  /* or the number of one of its threads */
	int memory; /* /proc/PID/mem */
	struct dump_mapping *mappings;
	size_t mapping_count;
	struct dump_module *modules;
	size_t module_count;
	char error[512]; /* set by the function that returned false or NULL */
};

/*
 * Find the modules of a process. Returns false and sets process->error if it cannot be looked at;
 * dump_process_close() is to be called in either case. Only one can be open at a time.
 */
bool dump_process_open(struct dump_process *process, pid_t pid);
void dump_process_close(struct dump_process *process);

/* Has it not ended since? */
bool dump_process_lives(const struct dump_process *process);

#define DUMP_ENDED "the process has ended: start it again"

/* Like dl_iterate_phdr() in the process. */
int dump_iterate_modules(int (*visit)(struct dl_phdr_info *info, size_t size, void *context),
			 void *context);

/* The runtime's own description of a module; it has tables if rcpp_module_has_tables() says so. */
struct module dump_runtime_module(const struct dump_module *module);

/* dump_memory.c. Read memory of the process; false with errno, which is 0 at its end. */
bool dump_memory_read(int memory, uintptr_t address, void *to, size_t size);

/* Whose memory dump_at() copies; NULL: nobody's any more. */
void dump_memory_of(struct dump_process *process);
void dump_module_divide(struct dump_module *module); /* makes its parts */
void dump_module_free(struct dump_module *module);

/*
 * Where a copy of the process's memory at an address is: up to the part's end, or of data at least
 * RCPP_SITE_MAX bytes.
 */
const void *dump_at(uintptr_t address);

/* Copy these bytes once more: they may have changed. */
void dump_memory_refresh(uintptr_t address, size_t size);

/* Could all memory be read since this was asked last? If not, says what is wrong; else NULL. */
const char *dump_memory_problem(void);

/*
 * dump_module.c. The bytes of the module's file, in new memory. If there is no such file any more,
 * a file is made of what is in memory: it has no names, and *missing says why.
 */
char *dump_module_file(const struct dump_process *process, const struct dump_module *module,
		       size_t *size, const char **missing);

/*
 * dump_held.c. What the sites of a module hold: sets tables->held. `image` is of the module's file.
 * Returns false and sets image->error if that cannot be found out.
 */
bool dump_tables_hold(struct dump_image *image, struct dump_tables *tables,
		      const struct dump_module *module);

#endif
