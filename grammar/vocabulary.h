/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The words for the codes of rcpp_tables.h: in the rules file, in the forms' texts for people, in
 * what rcpp-dump prints.
 */
#ifndef VOCABULARY_H
#define VOCABULARY_H

#include "rcpp_tables.h"

static const char *const guard_words[RCPP_GUARD_LAST + 1] = {
	[RCPP_GUARD_ORIGINAL] = "original",
	[RCPP_GUARD_ANY] = "any",
	[RCPP_GUARD_U32] = "u32",
	[RCPP_GUARD_S32] = "s32",
	[RCPP_GUARD_A32] = "a32",
	[RCPP_GUARD_NEAR] = "near",
	[RCPP_GUARD_TRUE] = "true",
	[RCPP_GUARD_NONZERO] = "nonzero",
	[RCPP_GUARD_ONE] = "one",
	[RCPP_GUARD_POWER] = "power",
	[RCPP_GUARD_UP] = "up",
	[RCPP_GUARD_DOWN] = "down",
	[RCPP_GUARD_TIGHT] = "tight",
	[RCPP_GUARD_PROPER] = "proper",
	[RCPP_GUARD_LARGE] = "large",
	[RCPP_GUARD_SMALL] = "small",
};

/* Of V: "log(V)". */
__attribute__((unused)) static const char *const function_words[RCPP_FUNCTION_LAST + 1] = {
	[RCPP_FUNCTION_PLAIN] = "",	 [RCPP_FUNCTION_NOT] = "not",
	[RCPP_FUNCTION_NEG] = "neg",	 [RCPP_FUNCTION_POPCNT] = "popcnt",
	[RCPP_FUNCTION_TZCNT] = "tzcnt", [RCPP_FUNCTION_LZCNT] = "lzcnt",
	[RCPP_FUNCTION_LOG] = "log",	 [RCPP_FUNCTION_REST] = "rest",
	[RCPP_FUNCTION_MASK] = "mask",	 [RCPP_FUNCTION_ABS] = "abs",
	[RCPP_FUNCTION_SIGN] = "sign",	 [RCPP_FUNCTION_RECIPROCAL] = "reciprocal",
	[RCPP_FUNCTION_UP] = "up",	 [RCPP_FUNCTION_DOWN] = "down",
	[RCPP_FUNCTION_MAGIC] = "magic", [RCPP_FUNCTION_MAGIC_SHIFT] = "magicshift",
	[RCPP_FUNCTION_TIGHT] = "tight", [RCPP_FUNCTION_TIGHT_SHIFT] = "tightshift",
};

#endif
