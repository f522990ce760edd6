// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Texts in, JSON strings out, which programs rely on to be valid UTF-8. */
#include <string.h>
#include "json.h"

/* The length of the UTF-8 character at `text`; 0: it is none. */
size_t utf8_length(const char *text)
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

void json_part(FILE *file, const char *text, size_t size)
{
	putc('"', file);
	for (size_t i = 0; i < size && text[i] != '\0';) {
		size_t length = utf8_length(text + i);

		if (length == 0) {
			fputs("\\ufffd", file);
			length = 1;
		} else if (text[i] == '"' || text[i] == '\\') {
			fprintf(file, "\\%c", text[i]);
		} else if ((unsigned char)text[i] < 0x20) {
			fprintf(file, "\\u%04x", (unsigned)text[i]);
		} else {
			fwrite(text + i, 1, length, file);
		}
		i += length;
	}
	putc('"', file);
}

void json_string(FILE *file, const char *text)
{
	if (text == NULL)
		fputs("null", file);
	else
		json_part(file, text, strlen(text));
}
