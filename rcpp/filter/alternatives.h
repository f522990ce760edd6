/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a rule that matches gives to a site. In come the site, its rule, what is live there, and the
 * options; out go those of the rule's alternatives that hold there, the registers that they need,
 * and what each operand is in the rule. An alternative may need dead flags, a scratch register, or
 * a dividend that is known.
 */
#ifndef ALTERNATIVES_H
#define ALTERNATIVES_H

#include "sites.h"

/*
 * Do the options leave out what stands under this heading of the rules? Loads are left out when
 * nothing has been found that consumes them.
 */
bool rule_is_disabled(const struct options *options, const struct rule *rule);

/*
 * Append to the site's alternatives those of the rule that hold here, but for those that would
 * never be taken. `released` is the register that a consumer has the value in. Returns why the site
 * has none; REASON_NONE if it has some.
 */
enum reason alternatives_choose(struct site *site, const struct function *function,
				const struct rule *rule, resources released);

/* Give the site the rule's role and heading, and its operands their letters. */
void rule_bind(struct site *site, const struct rule *rule);

#endif
