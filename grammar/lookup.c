// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Finds rows in the generated table of rules, which is sorted by mnemonic. */
#include <string.h>
#include "rules.h"

static int compare(const struct rule *rule, const char *mnemonic, size_t length)
{
	int order = strncmp(rule->mnemonic, mnemonic, length);

	return order ? order : rule->mnemonic[length] != '\0';
}

const struct rule *rules_find(const char *mnemonic, size_t length)
{
	size_t low = 0, high = rule_count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (compare(&rules[middle], mnemonic, length) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < rule_count && !compare(&rules[low], mnemonic, length) ? &rules[low] : NULL;
}

const struct rule *rules_next(const struct rule *rule)
{
	const struct rule *next = rule + 1;

	return next < rules + rule_count && !strcmp(next->mnemonic, rule->mnemonic) ? next : NULL;
}
