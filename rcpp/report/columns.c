// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Numbers and names in, cells out. Names keep their beginning and their end, which tell them apart;
 * characters that would move the cursor become question marks.
 */
#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include "columns.h"

#define TAB 8 /* columns from one tabulator stop to the next */

static char *buffer(void)
{
	static char buffers[4][32];
	static unsigned next;

	return buffers[next++ % 4];
}

const char *column_count(uint64_t count)
{
	char *text = buffer();

	if (count >= 1000000000000)
		snprintf(text, 32, "%.1f T", (double)count / 1e12);
	else if (count >= 1000000000)
		snprintf(text, 32, "%.1f G", (double)count / 1e9);
	else if (count >= 1000000)
		snprintf(text, 32, "%" PRIu64 ",%03u,%03u", count / 1000000,
			 (unsigned)(count / 1000 % 1000), (unsigned)(count % 1000));
	else if (count >= 1000)
		snprintf(text, 32, "%" PRIu64 ",%03u", count / 1000, (unsigned)(count % 1000));
	else
		snprintf(text, 32, "%" PRIu64, count);
	return text;
}

const char *column_share(uint64_t part, uint64_t whole)
{
	char *text = buffer();

	if (whole)
		snprintf(text, 32, "%.1f %%", 100 * (double)part / (double)whole);
	else
		strcpy(text, "-");
	return text;
}

static bool begins_character(char byte)
{
	return ((unsigned char)byte & 0xc0) != 0x80;
}

static int width_of(const char *text)
{
	int width = 0;

	for (; *text; text++)
		width += begins_character(*text);
	return width;
}

/* Nothing gets through that would move the cursor. */
static void put_byte(FILE *out, char byte)
{
	putc((unsigned char)byte < 0x20 || byte == 0x7f ? '?' : byte, out);
}

/* Characters number `first` to `last` - 1. */
static void put(FILE *out, const char *text, int first, int last)
{
	int number = -1;

	for (; *text; text++) {
		number += begins_character(*text);
		if (number >= first && number < last)
			put_byte(out, *text);
	}
}

void column_text(FILE *out, const char *text, int width, bool pad)
{
	int length = width_of(text), head = (width - 2) / 2;

	if (length > width) {
		put(out, text, 0, head);
		fputs("..", out);
		put(out, text, length - (width - 2 - head), length);
		return;
	}
	put(out, text, 0, length);
	if (pad)
		fprintf(out, "%*s", width - length, "");
}

void column_plain(FILE *out, const char *text)
{
	put(out, text, 0, INT_MAX);
}

/* The column behind a character of a source. */
static int next_column(int column, char byte)
{
	return byte == '\t' ? column + TAB - column % TAB : column + begins_character(byte);
}

void column_source(FILE *out, const char *text)
{
	const char *start = text + strspn(text, " \t");

	for (int column = 0, next; *text; text++, column = next) {
		next = next_column(column, *text);
		if (text >= start && *text == '\t')
			fprintf(out, "%*s", next - column, "");
		else if (text >= start)
			put_byte(out, *text);
	}
}

/* A word with the blank behind it. */
static int put_word(FILE *out, const char *text, int length, int room)
{
	char word[4 * COLUMNS];

	if (length >= (int)sizeof word)
		length = sizeof word - 1;
	memcpy(word, text, (size_t)length);
	word[length] = '\0';
	column_text(out, word, room, false);
	return width_of(word) < room ? width_of(word) : room;
}

void column_lines(FILE *out, const char *text, int indent)
{
	int column = 0;

	for (const char *end; *text; text = end) {
		int length = (int)strcspn(text, " ");

		end = text + length + strspn(text + length, " ");
		if (!column || column + 1 + length > COLUMNS) {
			fprintf(out, "%s%*s", column ? "\n" : "", indent, "");
			column = indent;
		} else {
			putc(' ', out);
			column++;
		}
		column += put_word(out, text, length, COLUMNS - indent);
	}
	if (column)
		putc('\n', out);
}
