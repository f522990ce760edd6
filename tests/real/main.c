// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The shell of SQLite behind a main() that patches once the library has settled. */
#include <stdio.h>
#include <stdlib.h>
#include "rcpp.h"
#include "sqlite3.h"

int shell_main(int argc, char **argv);

int main(int argc, char **argv)
{
	int status = sqlite3_initialize();

	if (getenv("PATCH") || getenv("REVERT"))
		status |= rcpp_patch();
	if (getenv("REVERT"))
		status |= rcpp_revert();
	if (status) {
		fprintf(stderr, "%s\n", rcpp_error());
		return 1;
	}
	return shell_main(argc, argv);
}
