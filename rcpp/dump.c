/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * rcpp-dump FILE...: lists the sites of relocatable objects, executables, shared libraries and
 * archives of objects, as columns for people or as JSON for programs; and with --symbols the names
 * of the variables in some sections, as a list for rcpp --symbols-from.
 *
 * One image is read, printed and closed before the next. An error in one file does not keep the
 * others from being listed; it shows in the exit status.
 */
#define _GNU_SOURCE 1
#include <ar.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dump.h"
#include "vocabulary.h"

#ifndef RCPP_VERSION
#define RCPP_VERSION "0"
#endif

static const char usage[] =
	"Usage: rcpp-dump [--json] [--summary] FILE...\n"
	"       rcpp-dump [--json] [--global] --symbols --section GLOB [--section GLOB]... "
	"FILE...\n"
	"List the sites that rcpp made in objects, executables, shared libraries and archives:\n"
	"address, function, variable, form, forbidden interval (where no thread may stand\n"
	"when the site changes), length, flags (declared, fault, consumer, remote).\n"
	"\n"
	"  --json          write JSON\n"
	"  --summary       only count: sites, rows, forms, bytes of text, bytes of tables, "
	"forbidden\n"
	"                  intervals\n"
	"  --symbols       list the names of data symbols, sorted, for rcpp --symbols-from ...\n"
	"  --section GLOB  ... that are defined in sections with such a name\n"
	"  --global        ... and mean the same variable in all of the FILEs\n"
	"  -h, --help      show this help and exit\n"
	"  -V, --version   show the version and exit\n"
	"\n"
	"Exit status: 0 done, 1 a file cannot be read or is damaged, 2 wrong usage.\n";

enum mode { MODE_SITES, MODE_SUMMARY, MODE_SYMBOLS };

struct summary {
	size_t sites, rows, forms, text_bytes, table_bytes, forbidden;
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
	struct summary summary;
};

static void report(struct dump *dump, const char *file, const char *message)
{
	fflush(stdout);
	fprintf(stderr, "rcpp-dump: %s: error: %s\n", file, message);
	dump->failed = true;
}

/* The length of the UTF-8 character at `text`; 0: it is none. */
static size_t utf8_length(const char *text)
{
	const unsigned char *byte = (const unsigned char *)text;
	size_t length = byte[0] < 0x80	 ? 1
			: byte[0] < 0xc2 ? 0
			: byte[0] < 0xe0 ? 2
			: byte[0] < 0xf0 ? 3
			: byte[0] < 0xf5 ? 4
					 : 0;

	for (size_t i = 1; i < length; i++) {
		if ((byte[i] & 0xc0) != 0x80)
			return 0;
	}
	/* Overlong forms, surrogates, and what is beyond the last character. */
	if ((byte[0] == 0xe0 && byte[1] < 0xa0) || (byte[0] == 0xed && byte[1] > 0x9f) ||
	    (byte[0] == 0xf0 && byte[1] < 0x90) || (byte[0] == 0xf4 && byte[1] > 0x8f))
		return 0;
	return length;
}

/* Prints at most `size` bytes of a text as a JSON string; names may hold anything. */
static void print_json_part(const char *text, size_t size)
{
	putchar('"');
	for (size_t i = 0; i < size && text[i] != '\0';) {
		size_t length = utf8_length(text + i);

		if (length == 0) {
			fputs("\\ufffd", stdout);
			length = 1;
		} else if (text[i] == '"' || text[i] == '\\') {
			printf("\\%c", text[i]);
		} else if ((unsigned char)text[i] < 0x20) {
			printf("\\u%04x", (unsigned)text[i]);
		} else {
			fwrite(text + i, 1, length, stdout);
		}
		i += length;
	}
	putchar('"');
}

static void print_json_string(const char *text)
{
	if (text == NULL)
		fputs("null", stdout);
	else
		print_json_part(text, strlen(text));
}

static const struct {
	unsigned flag;
	const char *name;
} flag_names[] = {
	{RCPP_ROW_DECLARED, "declared"},
	{RCPP_ROW_FAULT, "fault"},
	{RCPP_ROW_CONSUMER, "consumer"},
	{DUMP_REMOTE, "remote"},
};
#define FLAG_COUNT (sizeof(flag_names) / sizeof(flag_names[0]))

/* The flags with `separator` between, each in `quote`s. Returns how many. */
static int print_flags(unsigned flags, const char *quote, const char *separator)
{
	int count = 0;

	for (size_t i = 0; i < FLAG_COUNT; i++) {
		if (flags & flag_names[i].flag)
			printf("%s%s%s%s", count++ > 0 ? separator : "", quote, flag_names[i].name,
			       quote);
	}
	return count;
}

static void print_json_alternatives(const struct dump_form *form)
{
	for (unsigned i = 0; i < form->count; i++) {
		const struct dump_alternative *alternative = &form->alternatives[i];

		printf("%s{\"guard\": \"%s\", \"length\": %u, \"text\": ", i > 0 ? ", " : "",
		       guard_words[alternative->guard], alternative->length);
		print_json_part(alternative->text, alternative->text_length);
		fputs(", \"bytes\": \"", stdout);
		for (unsigned j = 0; j < alternative->length; j++)
			printf("%02x", alternative->bytes[j]);
		fputs("\"}", stdout);
	}
}

static void print_json_range(struct dump_range range)
{
	if (range.stop == 0)
		fputs("null", stdout);
	else
		printf("{\"start\": \"0x%" PRIx64 "\", \"stop\": \"0x%" PRIx64 "\"}", range.start,
		       range.stop);
}

/* One site as one line. Addresses are strings: JSON numbers lose the low bits of a kernel's. */
static void print_json_site(const char *file, const struct dump_image *image,
			    const struct dump_site *site, const struct dump_form *form)
{
	fputs("{\"file\": ", stdout);
	print_json_string(file);
	fputs(", \"section\": ", stdout);
	print_json_string(site->section);
	printf(", \"address\": \"0x%" PRIx64 "\", \"function\": ", site->address);
	print_json_string(site->function);
	if (site->function != NULL)
		printf(", \"offset\": %" PRIu64, site->offset);
	else
		fputs(", \"offset\": null", stdout);
	fputs(", \"symbol\": ", stdout);
	print_json_string(site->symbol);
	if (site->symbol != NULL)
		printf(", \"addend\": %" PRId64, site->addend);
	else
		fputs(", \"addend\": null", stdout);
	if (image->relocatable || site->variable == 0)
		fputs(", \"variable\": null, \"form\": ", stdout);
	else
		printf(", \"variable\": \"0x%" PRIx64 "\", \"form\": ", site->variable);
	print_json_string(form->text);
	fputs(", \"alternatives\": [", stdout);
	print_json_alternatives(form);
	fputs("], \"forbidden\": ", stdout);
	print_json_range(site->forbidden);
	printf(", \"length\": %u, \"read\": {\"width\": %u, \"signed\": %s, \"to\": %u}",
	       site->length, 1u << (site->read & RCPP_READ_WIDTH_MASK),
	       site->read & RCPP_READ_SIGNED ? "true" : "false",
	       1u << (site->read >> RCPP_READ_TO_SHIFT & 3));
	fputs(", \"flags\": [", stdout);
	print_flags(site->flags, "\"", ", ");
	fputs("]}", stdout);
}

/* A name for people, with its offset if there is one; unprintable characters do not get through. */
static char *name_with_offset(const char *name, int64_t offset)
{
	char *text = dump_allocate(strlen(name) + 24, 1);
	char *out = text;

	for (; *name != '\0'; name++)
		*out++ = (unsigned char)*name < 0x20 || *name == 0x7f ? '?' : *name;
	if (offset > 0)
		sprintf(out, "+0x%" PRIx64, (uint64_t)offset);
	else if (offset < 0)
		sprintf(out, "-0x%" PRIx64, -(uint64_t)offset);
	return text;
}

enum column {
	COLUMN_ADDRESS,
	COLUMN_FUNCTION,
	COLUMN_SYMBOL,
	COLUMN_FORM,
	COLUMN_FORBIDDEN,
	COLUMN_COUNT
};

/* "0x12", or "section+0x12" in relocatable objects. */
static char *hexadecimal(const char *section, uint64_t value)
{
	char *name = name_with_offset(section, 0);
	char *text = dump_allocate(strlen(name) + 24, 1);

	sprintf(text, "%s%s0x%" PRIx64, name, name[0] != '\0' ? "+" : "", value);
	free(name);
	return text;
}

/* "0x13-0x18", as /proc has ranges: the first address, and the one behind the last. Or "-". */
static char *interval(struct dump_range range)
{
	char *text = dump_allocate(48, 1);

	if (range.stop == 0)
		strcpy(text, "-");
	else
		sprintf(text, "0x%" PRIx64 "-0x%" PRIx64, range.start, range.stop);
	return text;
}

/* The texts of one line's first columns, in new memory. */
static void make_columns(const struct dump_image *image, const struct dump_site *site,
			 const struct dump_form *form, char *columns[COLUMN_COUNT])
{
	if (!image->relocatable)
		columns[COLUMN_ADDRESS] = hexadecimal("", site->address);
	else
		columns[COLUMN_ADDRESS] = hexadecimal(site->section, site->address);
	columns[COLUMN_FUNCTION] = site->function != NULL
					   ? name_with_offset(site->function, (int64_t)site->offset)
					   : name_with_offset("-", 0);
	if (site->symbol != NULL)
		columns[COLUMN_SYMBOL] = name_with_offset(site->symbol, site->addend);
	else if (site->variable != 0)
		columns[COLUMN_SYMBOL] = hexadecimal("", site->variable);
	else
		columns[COLUMN_SYMBOL] = name_with_offset("-", 0);
	columns[COLUMN_FORM] = name_with_offset(form->text, 0);
	columns[COLUMN_FORBIDDEN] = interval(site->forbidden);
}

/* All lines are made before the first is printed: the widths of the columns depend on all. */
static void print_lines(const struct dump_image *image, const struct dump_tables *tables)
{
	char *(*lines)[COLUMN_COUNT] = dump_allocate(tables->site_count, sizeof(*lines));
	int width[COLUMN_COUNT] = {0};

	for (size_t i = 0; i < tables->site_count; i++) {
		const struct dump_site *site = &tables->sites[i];

		make_columns(image, site, &tables->forms[site->form], lines[i]);
		for (int j = 0; j < COLUMN_COUNT; j++) {
			int length = (int)strlen(lines[i][j]);

			width[j] = width[j] > length ? width[j] : length;
		}
	}
	for (size_t i = 0; i < tables->site_count; i++) {
		for (int j = 0; j < COLUMN_COUNT; j++) {
			printf("%-*s  ", width[j], lines[i][j]);
			free(lines[i][j]);
		}
		printf("%2u  ", tables->sites[i].length);
		if (print_flags(tables->sites[i].flags, "", ",") == 0)
			putchar('-');
		putchar('\n');
	}
	free(lines);
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
	summary->rows += tables->site_count;
	summary->forms += tables->form_count;
	summary->table_bytes += tables->note_bytes;
}

static void list_sites(struct dump *dump, const char *name, struct dump_image *image)
{
	struct dump_tables tables;

	if (!dump_tables_read(image, &tables)) {
		report(dump, name, image->error);
	} else {
		if (dump->mode == MODE_SITES && dump->json) {
			for (size_t i = 0; i < tables.site_count; i++) {
				fputs(dump->summary.rows + i > 0 ? ",\n" : "\n", stdout);
				print_json_site(name, image, &tables.sites[i],
						&tables.forms[tables.sites[i].form]);
			}
		} else if (dump->mode == MODE_SITES && tables.site_count > 0) {
			if (dump->several)
				printf("%s:\n", name);
			print_lines(image, &tables);
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
	(*names)[(*count)++] = name_with_offset(name, 0);
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

static void print_symbols(struct dump *dump)
{
	const char *last = NULL;
	bool first = true;

	sort_names(dump->names, dump->name_count);
	sort_names(dump->locals, dump->local_count);
	for (size_t i = 0; i < dump->name_count; last = dump->names[i++]) {
		if ((last != NULL && strcmp(last, dump->names[i]) == 0) ||
		    is_ambiguous(dump, dump->names[i]))
			continue;
		if (dump->json) {
			fputs(first ? "\n" : ",\n", stdout);
			print_json_string(dump->names[i]);
		} else {
			puts(dump->names[i]);
		}
		first = false;
	}
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

/*
 * Reads a file whole, in new memory: libelf then needs no files, and cannot be surprised by one
 * that a build changes meanwhile. Returns NULL with errno set.
 */
static char *read_whole(int file, size_t *size)
{
	struct stat status;
	char *bytes;

	*size = 0;
	if (fstat(file, &status) != 0)
		return NULL;
	if (!S_ISREG(status.st_mode)) {
		errno = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
		return NULL;
	}
	bytes = dump_allocate(status.st_size, 1);
	while (*size < (size_t)status.st_size) {
		ssize_t count = read(file, bytes + *size, status.st_size - *size);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0) {
			free(bytes);
			return NULL;
		}
		if (count == 0)
			break;
		*size += count;
	}
	return bytes;
}

static void dump_file(struct dump *dump, const char *name)
{
	int file = open(name, O_RDONLY | O_CLOEXEC);
	char *bytes = NULL;
	char message[256];
	size_t size;

	if (file >= 0)
		bytes = read_whole(file, &size);
	if (bytes == NULL) {
		snprintf(message, sizeof(message), "cannot read it: %s: give an ELF file",
			 strerror(errno));
		report(dump, name, message);
	} else {
		dump_bytes_of(dump, name, bytes, size);
	}
	free(bytes);
	if (file >= 0)
		close(file);
}

static void print_summary(const struct dump *dump)
{
	const struct summary *summary = &dump->summary;

	printf(dump->json ? "{\"sites\": %zu, \"rows\": %zu, \"forms\": %zu, \"text_bytes\": %zu, "
			    "\"table_bytes\": %zu, \"forbidden\": %zu}\n"
			  : "sites: %zu\nrows: %zu\nforms: %zu\ntext bytes: %zu\ntable bytes: %zu\n"
			    "forbidden intervals: %zu\n",
	       summary->sites, summary->rows, summary->forms, summary->text_bytes,
	       summary->table_bytes, summary->forbidden);
}

static int dump_files(struct dump *dump, char **files, int count)
{
	bool list = dump->json && dump->mode != MODE_SUMMARY;

	elf_version(EV_CURRENT);
	dump->several = count > 1;
	if (list)
		putchar('[');
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

/* Returns -1, or the exit status if there is nothing more to do. */
static int parse_options(struct dump *dump, int argc, char **argv)
{
	static const struct option options[] = {
		{"json", no_argument, NULL, 'j'},    {"summary", no_argument, NULL, 's'},
		{"symbols", no_argument, NULL, 'y'}, {"section", required_argument, NULL, 'g'},
		{"global", no_argument, NULL, 'l'},  {"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'}, {NULL, 0, NULL, 0},
	};
	bool symbols = false, summary = false;
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
	if (optind == argc)
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
