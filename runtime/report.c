// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>

#include "report.h"

/* The code of an alternative in "original => guard: code | guard: code". */
static const char *find_code(const char *form, unsigned int number, int *length)
{
	const char *code = form;
	const char *end = strstr(form, " => ");
	const char *guard;
	unsigned int i;

	for (i = 0; i < number && end; i++) {
		code = end + (i ? strlen(" | ") : strlen(" => "));
		end = strstr(code, " | ");
	}
	*length = end ? (int)(end - code) : (int)strlen(code);
	guard = number ? strstr(code, ": ") : NULL;
	if (guard && guard < code + *length) {
		*length -= (int)(guard + strlen(": ") - code);
		code = guard + strlen(": ");
	}
	return code;
}

static const char *state_of(const struct rcpp_site *site)
{
	if (site->holds)
		return site->changes ? "disagrees with its variable" : "holds its value";
	if (!site->settled)
		return "as compiled, its variable is not patchable here";
	return site->changes ? "as compiled, not patched"
			     : "as compiled, no other code for this value";
}

static void report_site(void *context, const struct rcpp_site *site)
{
	const struct module *module = context;
	int length;
	const char *code = find_code(site->form, site->holds, &length);

	fprintf(stderr, "rcpp: %s: 0x%lx: %.*s", module->name,
		(unsigned long)(site->address - module->info.dlpi_addr), length, code);
	if (site->settled)
		fprintf(stderr, ", V = 0x%lx", (unsigned long)site->value);
	fprintf(stderr, ": %s\n", state_of(site));
}

void rcpp_report_sites(struct module *module)
{
	uintptr_t where;

	rcpp_module_walk(module, RCPP_PATCH, report_site, module, &where);
}
