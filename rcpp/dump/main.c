/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * rcpp-dump FILE...: lists the sites of relocatable objects, executables, shared libraries and
 * archives of objects, as columns for people or as JSON for programs; and with --symbols the names
 * of the variables in some sections, as a list for rcpp --symbols-from.
 *
 * With --pid they are those of a running process, with what each of them holds.
 *
 * One image is read, printed and closed before the next. An error in one file does not keep the
 * others from being listed; it shows in the exit status.
 */
#define _GNU_SOURCE 1
#include <ar.h>
#include <errno.h>
#include <fnmatch.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "demangle.h"
#include "dump_process.h"
#include "json.h"

#ifndef RCPP_VERSION
#define RCPP_VERSION "0"
#endif

static const char usage[] =
	"Usage: rcpp-dump [--json] [--summary] FILE...\n"
	"       rcpp-dump [--json] [--summary] --pid PID\n"
	"       rcpp-dump [--json] [--global] --symbols --section GLOB [--section GLOB]... "
	"FILE...\n"
	"List the sites that rcpp made in objects, executables, shared libraries and archives:\n"
	"address, function, variable, form, forbidden interval (where no thread may stand\n"
	"when the site changes), length, flags (declared, fault, consumer, joined, remote).\n"
	"\n"
	"  --json          write JSON\n"
	"  --summary       only count: sites, rows, forms, bytes of text, bytes of tables, "
	"forbidden\n"
	"                  intervals\n"
	"  --pid PID       list the sites of each module of a running process, and what each site "
	"holds\n"
	"                  now: the value of its variable, or the load and why; what disagrees\n"
	"  --symbols       list the names of data symbols, sorted, for rcpp --symbols-from ...\n"
	"  --section GLOB  ... that are defined in sections with such a name\n"
	"  --global        ... and mean the same variable in all of the FILEs\n"
	"  -h, --help      show this help and exit\n"
	"  -V, --version   show the version and exit\n"
	"\n"
	"Exit status: 0 done, 1 a file or process cannot be read or is damaged, or a site "
	"disagrees\n"
	"with its variable, 2 wrong usage.\n";

enum mode { MODE_SITES, MODE_SUMMARY, MODE_SYMBOLS };

struct summary {
	size_t sites, rows, forms, text_bytes, table_bytes, forbidden;
	size_t modules, patched, disagreeing; /* of a process */
};

/* The options, and what has been gathered from the files so far. */
struct dump {
	enum mode mode;
	bool json;
	bool several; /* images: print whose sites they are */
	bool failed;
	const char **globs;
	size_t glob_count;
	char **names; /* MODE_SYMBOLS */
	size_t name_count;
	bool global;
	char **locals; /* with global: names that are some file's own */
	size_t local_count;
	pid_t pid;			  /* 0: files are listed */
	const struct dump_module *module; /* of the process, being listed; NULL: a file is */
	struct summary summary;
};

static void report(struct dump *dump, const char *file, const char *message)
{
	fflush(stdout);
	fprintf(stderr, "rcpp-dump: %s: error: %s\n", file, message);
	dump->failed = true;
}

static void add_to_summary(struct summary *summary, const struct dump_tables *tables)
{
	for (size_t i = 0; i < tables->site_count; i++) {
		const struct dump_site *site = &tables->sites[i];

		summary->sites += !(site->flags & RCPP_ROW_CONSUMER);
		summary->forbidden += !(site->flags & RCPP_ROW_CONSUMER) && site->forbidden.stop;
		summary->text_bytes += site->length;
	}
	for (size_t i = 0; i < tables->form_count; i++)
		summary->table_bytes += tables->forms[i].size;
	for (size_t i = 0; tables->held != NULL && i < tables->site_count; i++) {
		const struct dump_held *held = &tables->held[i];

		summary->patched += !(tables->sites[i].flags & RCPP_ROW_CONSUMER) &&
				    (held->state == DUMP_HOLDS || held->state == DUMP_DIFFERS);
		summary->disagreeing += !dump_agrees(held);
	}
	summary->modules += tables->held != NULL;
	summary->rows += tables->site_count;
	summary->forms += tables->form_count;
	summary->table_bytes += tables->note_bytes;
}

static void list_sites(struct dump *dump, const char *name, struct dump_image *image)
{
	struct dump_tables tables;

	if (!dump_tables_read(image, &tables) ||
	    (dump->module != NULL && !dump_tables_hold(image, &tables, dump->module))) {
		report(dump, name, image->error);
	} else {
		if (dump->mode == MODE_SITES && dump->json) {
			for (size_t i = 0; i < tables.site_count; i++) {
				fputs(dump->summary.rows + i > 0 ? ",\n" : "\n", stdout);
				dump_print_json_site(name, image, &tables, i);
			}
		} else if (dump->mode == MODE_SITES && tables.site_count > 0) {
			if (dump->several)
				printf("%s:\n", name);
			dump_print_lines(image, &tables);
		}
		add_to_summary(&dump->summary, &tables);
	}
	dump_tables_free(&tables);
}

static bool matches(const struct dump *dump, const char *section)
{
	for (size_t i = 0; i < dump->glob_count; i++) {
		if (fnmatch(dump->globs[i], section, 0) == 0)
			return true;
	}
	return false;
}

static void add_name(char ***names, size_t *count, const char *name)
{
	*names = dump_grow(*names, *count + 1, sizeof(char *));
	(*names)[(*count)++] = dump_name(name, 0);
}

static void gather_symbols(struct dump *dump, const struct dump_image *image)
{
	for (size_t i = 0; i < image->symbol_count; i++) {
		const struct dump_symbol *symbol = &image->symbols[i];

		if ((symbol->type != STT_OBJECT && symbol->type != STT_NOTYPE) ||
		    symbol->name[0] == '\0' || symbol->section == SHN_UNDEF ||
		    symbol->section >= image->section_count)
			continue;
		if (dump->global && symbol->binding == STB_LOCAL)
			add_name(&dump->locals, &dump->local_count, symbol->name);
		else if (matches(dump, image->sections[symbol->section].name))
			add_name(&dump->names, &dump->name_count, symbol->name);
	}
}

static int compare_names(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

static void sort_names(char **names, size_t count)
{
	if (count > 0)
		qsort(names, count, sizeof(char *), compare_names);
}

static void free_names(char **names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(names[i]);
	free(names);
}

/* With this name, a list for all files would mean another variable in one of them. */
static bool is_ambiguous(const struct dump *dump, const char *name)
{
	if (dump->local_count == 0 ||
	    bsearch(&name, dump->locals, dump->local_count, sizeof(char *), compare_names) == NULL)
		return false;
	fprintf(stderr,
		"rcpp-dump: note: %s is left out: another file has a local symbol of that name\n",
		name);
	return true;
}

/* An entry of the list; the name as people write it is a comment there. */
static void print_symbol(const char *name, struct demangler *demangler)
{
	const char *people = demangle(demangler, name);

	if (people == name)
		puts(name);
	else
		printf("%-30s # %s\n", name, people);
}

static void print_symbols(struct dump *dump)
{
	struct demangler demangler = {0};
	const char *last = NULL;
	bool first = true;

	sort_names(dump->names, dump->name_count);
	sort_names(dump->locals, dump->local_count);
	for (size_t i = 0; i < dump->name_count && !dump->json; i++)
		demangler_add(&demangler, dump->names[i]);
	for (size_t i = 0; i < dump->name_count; last = dump->names[i++]) {
		if ((last != NULL && strcmp(last, dump->names[i]) == 0) ||
		    is_ambiguous(dump, dump->names[i]))
			continue;
		if (dump->json) {
			fputs(first ? "\n" : ",\n", stdout);
			json_string(stdout, dump->names[i]);
		} else {
			print_symbol(dump->names[i], &demangler);
		}
		first = false;
	}
	demangler_free(&demangler);
	free_names(dump->names, dump->name_count);
	free_names(dump->locals, dump->local_count);
}

static void dump_elf(struct dump *dump, const char *name, Elf *elf)
{
	struct dump_image image;

	if (!dump_image_open(&image, elf))
		report(dump, name, image.error);
	else if (dump->mode == MODE_SYMBOLS)
		gather_symbols(dump, &image);
	else
		list_sites(dump, name, &image);
	dump_image_close(&image);
}

/* Where a member ends by its header; libelf's own size is cut to what the archive has. */
static size_t member_end(const char *archive, Elf *member)
{
	struct ar_hdr header;
	char digits[sizeof(header.ar_size) + 1] = "";

	memcpy(&header, archive + elf_getbase(member) - sizeof(header), sizeof(header));
	memcpy(digits, header.ar_size, sizeof(header.ar_size));
	return elf_getbase(member) + strtoull(digits, NULL, 10);
}

/*
 * The members that are ELF files; others (LTO bitcode, text) have no sites. libelf does not say
 * whether it stops at the end or at damage: so the end of the last member has to be the archive's.
 */
static void dump_archive(struct dump *dump, const char *name, Elf *archive, const char *bytes,
			 size_t size)
{
	size_t end = SARMAG;
	Elf_Cmd command = ELF_C_READ_MMAP; /* as elf_memory() does */
	Elf *member;

	dump->several = true;
	while ((member = elf_begin(-1, command, archive)) != NULL) {
		const Elf_Arhdr *header = elf_getarhdr(member);
		char *member_name;

		if (header != NULL)
			end = member_end(bytes, member);
		if (header != NULL && elf_kind(member) == ELF_K_ELF) {
			if (asprintf(&member_name, "%s(%s)", name, header->ar_name) < 0)
				member_name = NULL;
			dump_elf(dump, member_name != NULL ? member_name : name, member);
			free(member_name);
		}
		command = elf_next(member);
		elf_end(member);
	}
	if (end > size || end + end % 2 < size)
		report(dump, name, "damaged archive: make it again");
}

static void dump_bytes_of(struct dump *dump, const char *name, char *bytes, size_t size)
{
	static const char thin[] = "!<thin>\n"; /* only names its members' files */
	Elf *elf = elf_memory(bytes, size);

	if (size >= strlen(thin) && memcmp(bytes, thin, strlen(thin)) == 0)
		report(dump, name, "thin archive: give the files that `ar t` lists");
	else if (elf != NULL && elf_kind(elf) == ELF_K_AR)
		dump_archive(dump, name, elf, bytes, size);
	else if (elf != NULL && elf_kind(elf) == ELF_K_ELF)
		dump_elf(dump, name, elf);
	else
		report(dump, name,
		       "not an ELF file: give an object, an executable, a shared library or an "
		       "archive");
	elf_end(elf);
}

static void dump_file(struct dump *dump, const char *name)
{
	char message[256];
	size_t size;
	char *bytes = dump_read_file(name, &size);

	if (bytes == NULL) {
		snprintf(message, sizeof(message), "cannot read it: %s: give an ELF file",
			 strerror(errno));
		report(dump, name, message);
	} else {
		dump_bytes_of(dump, name, bytes, size);
	}
	free(bytes);
}

static void list_module(struct dump *dump, const struct dump_process *process,
			const struct dump_module *module)
{
	const char *name = module->info.dlpi_name, *missing;
	size_t size;
	char *bytes = dump_module_file(process, module, &size, &missing);

	dump->module = module;
	if (!dump_process_lives(process)) {
		report(dump, name, DUMP_ENDED);
	} else {
		if (missing != NULL)
			fprintf(stderr, "rcpp-dump: note: %s: no names: cannot read its file: %s\n",
				name, missing);
		dump_bytes_of(dump, name, bytes, size);
	}
	dump->module = NULL;
	free(bytes);
}

static void list_module_if_ours(struct dump *dump, const struct dump_process *process,
				const struct dump_module *module)
{
	const struct module runtime = dump_runtime_module(module);
	bool ours = rcpp_module_has_tables(&runtime);
	const char *unread = dump_memory_problem();

	if (unread != NULL)
		report(dump, module->info.dlpi_name, unread);
	else if (ours)
		list_module(dump, process, module);
}

/* `name` is the process's. */
static void list_modules(struct dump *dump, const struct dump_process *process, const char *name)
{
	dump->several = true;
	for (size_t i = 0; i < process->module_count && dump_process_lives(process); i++)
		list_module_if_ours(dump, process, &process->modules[i]);
	if (!dump_process_lives(process) && !dump->failed)
		report(dump, name, DUMP_ENDED);
	if (dump->summary.disagreeing > 0)
		dump->failed = true;
}

static void list_process(struct dump *dump)
{
	struct dump_process process;
	char name[32];

	snprintf(name, sizeof(name), "process %d", (int)dump->pid);
	if (dump_process_open(&process, dump->pid))
		list_modules(dump, &process, name);
	else
		report(dump, name, process.error);
	dump_process_close(&process);
}

static void print_process_summary(const struct dump *dump)
{
	const struct summary *summary = &dump->summary;

	printf(dump->json ? ", \"modules\": %zu, \"patched\": %zu, \"disagreeing\": %zu"
			  : "modules: %zu\npatched: %zu\ndisagreeing: %zu\n",
	       summary->modules, summary->patched, summary->disagreeing);
}

static void print_summary(const struct dump *dump)
{
	const struct summary *summary = &dump->summary;

	printf(dump->json ? "{\"sites\": %zu, \"rows\": %zu, \"forms\": %zu, \"text_bytes\": %zu, "
			    "\"table_bytes\": %zu, \"forbidden\": %zu"
			  : "sites: %zu\nrows: %zu\nforms: %zu\ntext bytes: %zu\ntable bytes: %zu\n"
			    "forbidden intervals: %zu\n",
	       summary->sites, summary->rows, summary->forms, summary->text_bytes,
	       summary->table_bytes, summary->forbidden);
	if (dump->pid != 0)
		print_process_summary(dump);
	if (dump->json)
		puts("}");
}

static int dump_files(struct dump *dump, char **files, int count)
{
	bool list = dump->json && dump->mode != MODE_SUMMARY;

	elf_version(EV_CURRENT);
	dump->several = count > 1;
	if (list)
		putchar('[');
	if (dump->pid != 0)
		list_process(dump);
	for (int i = 0; i < count; i++)
		dump_file(dump, files[i]);
	if (dump->mode == MODE_SUMMARY)
		print_summary(dump);
	else if (dump->mode == MODE_SYMBOLS)
		print_symbols(dump);
	else if (!dump->json && !dump->failed && dump->summary.rows == 0)
		puts("no sites");
	if (list)
		puts("]");
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, "rcpp-dump: error: cannot write: %s\n", strerror(errno));
		dump->failed = true;
	}
	return dump->failed ? 1 : 0;
}

static int wrong_usage(const char *message)
{
	fprintf(stderr, "rcpp-dump: error: %s: see rcpp-dump --help\n", message);
	return 2;
}

/* 0: it is no number of a process. */
static pid_t parse_pid(const char *text)
{
	char *end;
	long number = strtol(text, &end, 10);

	return *text != '\0' && *end == '\0' && number > 0 && number <= INT32_MAX ? (pid_t)number
										  : 0;
}

/* Returns -1, or the exit status if there is nothing more to do. */
static int parse_options(struct dump *dump, int argc, char **argv)
{
	static const struct option options[] = {
		{"json", no_argument, NULL, 'j'},
		{"summary", no_argument, NULL, 's'},
		{"symbols", no_argument, NULL, 'y'},
		{"section", required_argument, NULL, 'g'},
		{"pid", required_argument, NULL, 'p'},
		{"global", no_argument, NULL, 'l'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'},
		{NULL, 0, NULL, 0},
	};
	bool symbols = false, summary = false, pid = false;
	int option;

	while ((option = getopt_long(argc, argv, "hV", options, NULL)) != -1) {
		switch (option) {
		case 'j':
			dump->json = true;
			break;
		case 's':
			summary = true;
			break;
		case 'y':
			symbols = true;
			break;
		case 'g':
			dump->globs[dump->glob_count++] = optarg;
			break;
		case 'p':
			pid = true;
			dump->pid = parse_pid(optarg);
			break;
		case 'l':
			dump->global = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return fflush(stdout) != 0;
		case 'V':
			puts("rcpp-dump " RCPP_VERSION);
			return fflush(stdout) != 0;
		default:
			fputs(usage, stderr);
			return 2;
		}
	}
	if (pid && dump->pid == 0)
		return wrong_usage("--pid needs the number of a process");
	if (pid && (optind < argc || symbols))
		return wrong_usage("--pid goes with no FILE and no --symbols");
	if (!pid && optind == argc)
		return wrong_usage("no FILE");
	if (symbols && summary)
		return wrong_usage("--symbols and --summary exclude each other");
	if (symbols != (dump->glob_count > 0))
		return wrong_usage("--symbols and --section GLOB need each other");
	if (dump->global && !symbols)
		return wrong_usage("--global needs --symbols");
	dump->mode = symbols ? MODE_SYMBOLS : summary ? MODE_SUMMARY : MODE_SITES;
	return -1;
}

int main(int argc, char **argv)
{
	struct dump dump = {.globs = dump_allocate(argc, sizeof(*dump.globs))};
	int status = parse_options(&dump, argc, argv);

	if (status < 0)
		status = dump_files(&dump, argv + optind, argc - optind);
	free(dump.globs);
	return status;
}
