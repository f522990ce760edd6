// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The handler prints what it knows and restores the handler that was there before. Then it returns,
 * and the same instruction faults again: the program ends as it would have, with the same core, or
 * its own handler gets the fault.
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "faults.h"
#include "file.h"
#include "machine.h"
#include "variables.h"

static struct sigaction before;

/* A place in a module. */
struct place {
	uintptr_t address;
	bool is_variable; /* it lies in the pages of patchable variables */
	bool found;
	struct module module;
};

static int find_place(struct dl_phdr_info *info, size_t size, void *context)
{
	struct place *place = context;
	struct rcpp_range closable;

	(void)size;
	rcpp_module_init(&place->module, info);
	if (!rcpp_module_holds(&place->module, place->address))
		return 0;
	closable = rcpp_closable_variables(&place->module);
	place->is_variable = place->address >= closable.start && place->address < closable.stop;
	place->found = true;
	return 1;
}

static struct place find(uintptr_t address)
{
	struct place place = {.address = address};

	dl_iterate_phdr(find_place, &place);
	return place;
}

static void describe_variable(const struct place *place, char *text, size_t size)
{
	char name[128];
	uintptr_t offset;

	if (!rcpp_name_variable(&place->module, place->address, name, sizeof(name), &offset))
		snprintf(text, size, "0x%lx", (unsigned long)place->address);
	else if (offset)
		snprintf(text, size, "%s+%lu", name, (unsigned long)offset);
	else
		snprintf(text, size, "%s", name);
}

static void explain(const struct place *variable, const struct place *code)
{
	char name[160], text[512];
	int length;

	describe_variable(variable, name, sizeof(name));
	length = snprintf(
		text, sizeof(text),
		"rcpp: %s: %s is written at 0x%lx (0x%lx in %s), but it is read-only since "
		"rcpp_patch()\n",
		variable->module.name, name, (unsigned long)code->address,
		(unsigned long)(code->address - (code->found ? code->module.info.dlpi_addr : 0)),
		code->found ? code->module.name : "no module");
	if (length > 0 && write(STDERR_FILENO, text, strnlen(text, sizeof(text))) < 0)
		return; /* nobody hears it */
}

static void on_fault(int number, siginfo_t *info, void *context)
{
	const ucontext_t *frame = context;
	int saved = errno;

	if (info->si_code == SEGV_ACCERR && rcpp_was_write(frame->uc_mcontext.gregs)) {
		struct place variable = find((uintptr_t)info->si_addr);
		struct place code = find(rcpp_program_counter(frame->uc_mcontext.gregs));

		if (variable.is_variable)
			explain(&variable, &code);
	}
	sigaction(number, &before, NULL);
	if (info->si_code <= 0) /* it was sent, and does not come again by itself */
		raise(number);
	errno = saved;
}

/* The handler blocks no signal but its own: rcpp_patch() may have to stop this thread. */
static bool install(void)
{
	struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};

	sigemptyset(&action.sa_mask);
	return !sigaction(SIGSEGV, &action, &before);
}

bool rcpp_explain_faults(bool explain)
{
	struct sigaction now;

	if (sigaction(SIGSEGV, NULL, &now))
		return false;
	if (explain == (now.sa_sigaction == on_fault))
		return true;
	if (explain)
		return install();
	return !sigaction(SIGSEGV, &before, NULL);
}
