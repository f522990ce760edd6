// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A kernel that refuses: a seccomp filter answers EPERM to one system call, as containers and
 * systemd's MemoryDenyWriteExecute= do. The call fails with a message, the text is what it was,
 * nothing stays mapped, the program goes on.
 *
 *	refuse mprotect|mmap|mremap	 every such call
 *	refuse second			 mremap over far(), in the second segment
 *	refuse nothing			 all of them, once the sites have their values: none is
 *needed
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "check.h"

#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define DENY  BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)
#define LOAD(field)                                                                                \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (unsigned int)offsetof(struct seccomp_data, field))
#define SKIP_UNLESS(value, count)                                                                  \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned int)(value), 0, count)

static void install(struct sock_filter *filter, unsigned short length)
{
	struct sock_fprog program = {.len = length, .filter = filter};

	CHECK(!prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	CHECK(!prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program));
}

static void refuse(unsigned int call)
{
	struct sock_filter filter[] = {LOAD(nr), SKIP_UNLESS(call, 1), DENY, ALLOW};

	install(filter, 4);
}

static void refuse_mremap_to(const void *address)
{
	struct sock_filter filter[] = {
		LOAD(nr),      SKIP_UNLESS(SYS_mremap, 3),
		LOAD(args[4]), SKIP_UNLESS((uintptr_t)address & ~(uintptr_t)4095, 1),
		DENY,	       ALLOW,
	};

	install(filter, 6);
}

/* Bytes of address space that are mapped. */
static size_t mapped(void)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[4352];
	size_t size = 0;

	CHECK(maps);
	while (fgets(line, sizeof(line), maps)) {
		uintptr_t start, stop;

		/* The heap's size depends on what stdio did. */
		if (sscanf(line, "%lx-%lx", &start, &stop) == 2 && !strstr(line, "[heap]"))
			size += stop - start;
	}
	fclose(maps);
	return size;
}

static void check_refused(const char *call)
{
	size_t size = (size_t)(text_end - text_start);
	uint8_t *before = malloc(size);
	size_t memory;
	int i;

	CHECK(before);
	memcpy(before, text_start, size);
	mapped();
	memory = mapped();
	for (i = 0; i < 3; i++) {
		CHECK(rcpp_patch() == -1);
		CHECK(strstr(rcpp_error(), call));
		CHECK(strstr(rcpp_error(), "Operation not permitted; the text is unchanged"));
	}
	CHECK(mapped() == memory);
	CHECK(!memcmp(before, text_start, size));
	b = 77;
	w = 78;
	CHECK(add64(1) == 78);
	CHECK(far() == 78);
	puts(rcpp_error());
	free(before);
}

int main(int count, char **arguments)
{
	const char *what = count > 1 ? arguments[1] : "";

	if (!strcmp(what, "mprotect")) {
		refuse(SYS_mprotect);
		check_refused("mprotect");
	} else if (!strcmp(what, "mmap")) {
		mapped(); /* stdio has its buffers now */
		refuse(SYS_mmap);
		check_refused("mmap");
	} else if (!strcmp(what, "mremap")) {
		refuse(SYS_mremap);
		check_refused("mremap");
	} else if (!strcmp(what, "second")) {
		refuse_mremap_to((const void *)(uintptr_t)far);
		check_refused("mremap");
	} else if (!strcmp(what, "nothing")) {
		CHECK(rcpp_patch() == 0);
		refuse(SYS_mmap);
		refuse(SYS_mprotect);
		refuse(SYS_mremap);
		CHECK(rcpp_patch() == 0);
		b = 1234567;
		CHECK(rcpp_patch() == -1);
	} else {
		return 2;
	}
	return 0;
}
