// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What the guest does: path lookups over thousands of files, fork and exec, memory that is mapped,
 * touched, copied on write and given back, threads that wait for each other. What it prints depends
 * on nothing but the kernel doing it right. `workload lookups N` looks one path up N times.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define DIRECTORIES 64
#define FILES	    64

static uint64_t mix(uint64_t sum, uint64_t value)
{
	return (sum ^ value) * 0x100000001b3u;
}

static void path_of(char *path, int directory, int file)
{
	sprintf(path, "/tmp/d%d/e/file-%d-of-%d", directory, file, directory * FILES);
}

static void make_files(void)
{
	char path[128];

	for (int d = 0; d < DIRECTORIES; d++) {
		sprintf(path, "/tmp/d%d", d);
		if (mkdir(path, 0755))
			err(1, "%s", path);
		strcat(path, "/e");
		if (mkdir(path, 0755))
			err(1, "%s", path);
		for (int f = 0; f < FILES; f++) {
			int file;

			path_of(path, d, f);
			file = open(path, O_CREAT | O_EXCL | O_WRONLY, 0644);
			if (file < 0 || dprintf(file, "%s\n", path) < 0 || close(file))
				err(1, "%s", path);
		}
	}
}

static void look_files_up(void)
{
	uint64_t sum = 0, missing = 0;
	char path[128], text[128];

	for (int round = 0; round < 4; round++) {
		for (int d = 0; d < DIRECTORIES; d++) {
			for (int f = 0; f < FILES + 4; f++) {
				struct stat status;
				int file;

				path_of(path, d, f);
				if (stat(path, &status)) {
					missing++;
					continue;
				}
				file = open(path, O_RDONLY);
				if (file < 0 || read(file, text, sizeof text) != status.st_size)
					err(1, "%s", path);
				close(file);
				sum = mix(sum, (uint64_t)status.st_size);
				sum = mix(sum, (uint64_t)memcmp(text, path, strlen(path)));
			}
		}
	}
	printf("lookups %016llx, %llu missing\n", (unsigned long long)sum,
	       (unsigned long long)missing);
}

static void rename_and_remove(void)
{
	char path[128], other[160];
	int left = 0;

	for (int d = 0; d < DIRECTORIES; d++) {
		DIR *directory;

		for (int f = 0; f < FILES; f++) {
			path_of(path, d, f);
			sprintf(other, "%s.moved", path);
			if (f % 3 ? rename(path, other) : unlink(path))
				err(1, "%s", path);
		}
		sprintf(path, "/tmp/d%d/e", d);
		directory = opendir(path);
		while (directory && readdir(directory))
			left++;
		closedir(directory);
	}
	printf("left after renaming and removing %d\n", left);
}

static void fork_and_exec(void)
{
	int sum = 0;

	for (int i = 0; i < 100; i++) {
		pid_t child = fork();
		int status;

		if (child < 0)
			err(1, "fork");
		if (!child) {
			char number[16];

			sprintf(number, "%d", i);
			execl("/workload", "workload", "exit", number, (char *)NULL);
			_exit(127);
		}
		if (waitpid(child, &status, 0) != child || !WIFEXITED(status))
			errx(1, "child %d: status %x", i, status);
		sum += WEXITSTATUS(status);
	}
	printf("children's sum %d\n", sum);
}

/* Copied on write by a child, moved, given back and mapped again: page tables of every level. */
static void use_memory(void)
{
	const size_t length = 24 << 20, page = 4096;
	uint64_t sum = 0;

	for (int round = 0; round < 3; round++) {
		unsigned char *memory = mmap(NULL, length, PROT_READ | PROT_WRITE,
					     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		pid_t child;
		int status;

		if (memory == MAP_FAILED)
			err(1, "mmap");
		for (size_t i = 0; i < length; i += page)
			memory[i] = (unsigned char)(i / page * 7 + (size_t)round);
		child = fork();
		if (!child) {
			for (size_t i = 0; i < length; i += 2 * page)
				memory[i]++;
			_exit(memory[2 * page]);
		}
		waitpid(child, &status, 0);
		sum = mix(sum, (uint64_t)WEXITSTATUS(status));
		memory = mremap(memory, length, 2 * length, MREMAP_MAYMOVE);
		if (memory == MAP_FAILED)
			err(1, "mremap");
		madvise(memory + length / 2, length / 4, MADV_DONTNEED);
		for (size_t i = 0; i < 2 * length; i += page)
			sum = mix(sum, memory[i]);
		munmap(memory, 2 * length);
	}
	printf("memory %016llx\n", (unsigned long long)sum);
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned long shared;

static void *count(void *unused)
{
	for (int i = 0; i < 20000; i++) {
		pthread_mutex_lock(&lock);
		shared++;
		pthread_mutex_unlock(&lock);
	}
	return unused;
}

static void use_threads(void)
{
	pthread_t threads[8];

	for (int i = 0; i < 8; i++)
		if (pthread_create(&threads[i], NULL, count, NULL))
			errx(1, "pthread_create");
	for (int i = 0; i < 8; i++)
		pthread_join(threads[i], NULL);
	printf("threads counted %lu\n", shared);
}

static void look_up(int count)
{
	struct stat status;

	for (int i = 0; i < count; i++)
		if (stat("/proc/sys/kernel/ostype", &status))
			err(1, "/proc/sys/kernel/ostype");
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "exit"))
		return atoi(argv[2]);
	if (argc == 3 && !strcmp(argv[1], "lookups")) {
		look_up(atoi(argv[2]));
		return 0;
	}
	make_files();
	look_files_up();
	rename_and_remove();
	fork_and_exec();
	use_memory();
	use_threads();
	return 0;
}
