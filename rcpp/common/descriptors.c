// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Closed standard streams get /dev/null, only to read from: open() takes the lowest number that is
 * free. The programs need nothing further, for they pass on no descriptor but these.
 */
#include <fcntl.h>
#include <unistd.h>
#include "descriptors.h"

void reserve_standard_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}
