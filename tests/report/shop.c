// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Variables of every shape that rcpp-report names: tests/report.bats describes what is read of
 * them. */
struct point {
	short x, y;
};

struct server {
	long maxmemory;		/* 0 */
	int port;		/* 8 */
	unsigned low : 3;	/* 12, bits 0 to 2 */
	unsigned high : 5;	/* bits 3 to 7 */
	unsigned wide : 10;	/* bits 8 to 17 */
	struct point points[4]; /* 16 */
	union {
		int number;
		char letters[4];
	}; /* 32 */
	struct {
		int inner;
	} nested;	    /* 36 */
	char *const *names; /* 40 */
	int grid[2][3];	    /* 48 */
	int last;	    /* 72 */
};

struct server server = {.maxmemory = 1};
long table[16] = {1};
static volatile int counter = 3;
int shared = 4;
extern __attribute__((alias("shared"))) int other_name;

#ifdef TABLE
__asm__(".include \"" TABLE "\"");
#endif

static int step(int by)
{
	static volatile int calls;

	calls += by;
	return calls + counter;
}

int main(int argc, char **argv)
{
	(void)argv;
	server.port = step(argc);
	return server.port + shared == argc + (int)table[argc];
}
