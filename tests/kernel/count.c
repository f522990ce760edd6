// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A plugin for QEMU's emulator (qemu-system-x86_64 -plugin ./count.so,out=FILE[,until=ADDRESS]):
 * how many instructions the kernel executes, how many of these load from memory and how many store;
 * and with `until`, the addresses of all that it executes before it comes to that one, a line each.
 *
 * Debian has no header for it; these are the functions of QEMU's plugin API, version 1, that are
 * used here.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

struct qemu_plugin_tb;
struct qemu_plugin_insn;
typedef uint64_t plugin_id;
enum { NO_REGISTERS };
enum { READS = 1, WRITES, READS_AND_WRITES };

size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *);
bool qemu_plugin_mem_is_store(uint32_t);
void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id, void (*)(plugin_id, struct qemu_plugin_tb *));
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *, void (*)(unsigned, void *),
					    int, void *);
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *,
				      void (*)(unsigned, uint32_t, uint64_t, void *), int, int,
				      void *);
void qemu_plugin_register_atexit_cb(plugin_id, void (*)(plugin_id, void *), void *);

EXPORT int qemu_plugin_version = 1;

static uint64_t instructions, loads, stores;
static uint64_t until;
static const char *out;

/* An executed address once, an open hash table of them. */
static uint64_t *seen;
static size_t seen_space, seen_count;

static void see(uint64_t address);

static void grow(void)
{
	uint64_t *old = seen;
	size_t space = seen_space;

	seen_space = space ? 2 * space : 1 << 16;
	seen_count = 0;
	seen = calloc(seen_space, sizeof *seen);
	if (!seen)
		abort();
	for (size_t i = 0; i < space; i++)
		if (old[i])
			see(old[i]);
	free(old);
}

static void see(uint64_t address)
{
	size_t i;

	if (2 * seen_count >= seen_space)
		grow();
	for (i = address * 0x9e3779b97f4a7c15u >> 20; seen[i % seen_space]; i++)
		if (seen[i % seen_space] == address)
			return;
	seen[i % seen_space] = address;
	seen_count++;
}

static void write_result(void)
{
	FILE *file = out ? fopen(out, "w") : NULL;

	if (!file)
		return;
	if (until)
		for (size_t i = 0; i < seen_space; i++)
			if (seen[i])
				fprintf(file, "%llx\n", (unsigned long long)seen[i]);
	if (!until)
		fprintf(file, "instructions %llu\nloads %llu\nstores %llu\n",
			(unsigned long long)instructions, (unsigned long long)loads,
			(unsigned long long)stores);
	fclose(file);
	out = NULL;
}

static void executes(unsigned processor, void *address)
{
	(void)processor;
	instructions++;
	if (!until || !out)
		return;
	if ((uintptr_t)address == until)
		write_result();
	else
		see((uintptr_t)address);
}

static void accesses(unsigned processor, uint32_t access, uint64_t at, void *unused)
{
	(void)processor;
	(void)at;
	(void)unused;
	if (qemu_plugin_mem_is_store(access))
		stores++;
	else
		loads++;
}

static void translates(plugin_id id, struct qemu_plugin_tb *block)
{
	(void)id;
	for (size_t i = 0; i < qemu_plugin_tb_n_insns(block); i++) {
		struct qemu_plugin_insn *instruction = qemu_plugin_tb_get_insn(block, i);
		uint64_t address = qemu_plugin_insn_vaddr(instruction);

		if (address >> 47 != 0x1ffff) /* not the kernel's half */
			continue;
		qemu_plugin_register_vcpu_insn_exec_cb(instruction, executes, NO_REGISTERS,
						       (void *)(uintptr_t)address);
		if (!until)
			qemu_plugin_register_vcpu_mem_cb(instruction, accesses, NO_REGISTERS,
							 READS_AND_WRITES, NULL);
	}
}

static void ends(plugin_id id, void *unused)
{
	(void)id;
	(void)unused;
	write_result();
}

EXPORT int qemu_plugin_install(plugin_id id, const void *info, int argc, char **argv)
{
	(void)info;
	for (int i = 0; i < argc; i++) {
		if (!strncmp(argv[i], "out=", 4))
			out = strdup(argv[i] + 4);
		else if (!strncmp(argv[i], "until=", 6))
			until = strtoull(argv[i] + 6, NULL, 0);
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, translates);
	qemu_plugin_register_atexit_cb(id, ends, NULL);
	return 0;
}
