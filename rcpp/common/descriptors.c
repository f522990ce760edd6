// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Closed standard streams get /dev/null, read-only: open() takes the lowest free number. The
 * programs need nothing further, since they pass on no other descriptors.
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
