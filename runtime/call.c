// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "call.h"

/*
 * Aligned like .dynamic, which follows in memory. mold 1.10 puts thread-local zeros of a smaller
 * alignment at the end of the page in front of the data. No page is mapped there, but the dynamic
 * linker would make it read-only.
 */
_Alignas(8) _Thread_local char rcpp_message[256];

void rcpp_fail(struct call *call, const char *format, ...)
{
	va_list arguments;

	if (call->result)
		return;
	call->result = -1;
	va_start(arguments, format);
	vsnprintf(rcpp_message, sizeof(rcpp_message), format, arguments);
	va_end(arguments);
}

void rcpp_fail_variables(struct call *call, const struct module *module, const char *state)
{
	size_t length = strlen(rcpp_message);

	if (call->result)
		snprintf(rcpp_message + length, sizeof(rcpp_message) - length,
			 "; its variables stay %s, mprotect: %m", state);
	else
		rcpp_fail(call, "%s: its variables stay %s, mprotect: %m", module->name, state);
}

void rcpp_fail_to_enter(struct call *call)
{
	rcpp_fail(call, "another call of the library has not returned for %u ms", call->timeout);
}

void rcpp_fail_problem(struct call *call, const struct module *module, enum rcpp_problem problem,
		       uintptr_t where)
{
	rcpp_fail(call, "%s: %s 0x%lx %s; nothing in this module was changed", module->name,
		  problem >= RCPP_BAD_REACH ? "site" : "row", (unsigned long)where,
		  rcpp_problem_text(problem));
}

void rcpp_fail_pages(struct call *call, const struct pages *pages)
{
	errno = pages->error;
	rcpp_fail(call, "%s: %s: %m; %s", pages->module->name, pages->failed,
		  pages->stuck ? "a part of the text is changed" : "the text is unchanged");
}

void rcpp_fail_origin(struct call *call, const struct module *module, enum rcpp_origin origin)
{
	rcpp_fail(call, "%s: %s", module->name, rcpp_origin_text(origin));
}
