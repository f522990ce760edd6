// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A site in, the reason why it holds the original instruction out. The runtime takes the first
 * alternative whose guard holds for the value, so the guards of a form tell why none was taken.
 */
#include "stayed.h"

struct explanation {
	const char *reason, *advice;
};

static bool has_guard(const struct dump_form *form, unsigned guard)
{
	for (unsigned i = 1; i < form->count; i++)
		if (form->alternatives[i].guard == guard)
			return true;
	return false;
}

static struct explanation explain_unsettled(const struct patched_site *site)
{
	if (site->row->flags & DUMP_REMOTE)
		return (struct explanation){
			"the variable belongs to another module, or nothing defines it",
			"what it becomes in a running process: rcpp-dump --pid",
		};
	return (struct explanation){
		"the variable is declared with a mark, and defined without one",
		"mark its definition with __patchable",
	};
}

static struct explanation explain_value(const struct patched_site *site)
{
	if (has_guard(site->form, RCPP_GUARD_NEAR))
		return (struct explanation){
			site->value ? "the target is more than 2 GiB away" : "the target is 0",
			site->value ? "link the target into the same module" : "",
		};
	if (has_guard(site->form, RCPP_GUARD_S32) || has_guard(site->form, RCPP_GUARD_U32) ||
	    has_guard(site->form, RCPP_GUARD_A32))
		return (struct explanation){
			"the value does not fit 32 bits, and no scratch register is free",
			"a value from -2^31 to 2^31 - 1 would become an immediate",
		};
	return (struct explanation){
		"no alternative of its form is right for this value",
		"the form says for which values it has one",
	};
}

void stayed_explain(struct patched_site *site)
{
	struct explanation explanation;

	if (site->consumer || site->holds)
		return;
	explanation = site->known ? explain_value(site) : explain_unsettled(site);
	site->reason = explanation.reason;
	site->advice = explanation.advice;
}
