// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Strings in, HTML out. Invalid UTF-8 and control characters become the replacement character; a
 * tab stays.
 */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "html.h"

static const char *replacement(unsigned char character)
{
	switch (character) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\t':
		return "\t";
	default:
		return character < 0x20 || character == 0x7f ? "\xef\xbf\xbd" : NULL;
	}
}

void html_text(FILE *out, const char *text)
{
	while (*text) {
		size_t length = utf8_length(text);
		const char *other = length ? replacement((unsigned char)*text) : "\xef\xbf\xbd";

		if (other)
			fputs(other, out);
		else
			fwrite(text, 1, length, out);
		text += length ? length : 1;
	}
}

void html_owned(FILE *out, char *text)
{
	html_text(out, text);
	free(text);
}

void html_count(FILE *out, size_t count, const char *what)
{
	fprintf(out, "%zu %s%s", count, what, count == 1 ? "" : "s");
}

void html_heads(FILE *out, const char *heads)
{
	fputs("<thead><tr>", out);
	for (const char *end; *heads; heads = *end ? end + 1 : end) {
		end = heads + strcspn(heads, "|");
		fprintf(out, "<th scope=col>%.*s</th>", (int)(end - heads), heads);
	}
	fputs("</tr></thead>\n<tbody>\n", out);
}

void html_table(FILE *out, const char *kind, const char *heads)
{
	fprintf(out, "<div class=scroll tabindex=0><table%s>", kind);
	html_heads(out, heads);
}

void html_table_end(FILE *out)
{
	fputs("</tbody></table></div>\n", out);
}
