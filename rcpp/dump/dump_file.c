// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A file's name in, its bytes out. It is read whole: libelf then needs no files, and cannot be
 * surprised by one that a build changes meanwhile. Only regular files are read: others may have no
 * end.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "dump.h"

char *dump_read_whole(int file, size_t *size)
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

char *dump_read_file(const char *name, size_t *size)
{
	int file = open(name, O_RDONLY | O_CLOEXEC), saved;
	char *bytes;

	if (file < 0)
		return NULL;
	bytes = dump_read_whole(file, size);
	saved = errno;
	close(file);
	errno = saved;
	return bytes;
}
