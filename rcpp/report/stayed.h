/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Why a site goes on reading memory when its program is patched. */
#ifndef RCPP_STAYED_H
#define RCPP_STAYED_H

#include "patched_site.h"

/* Set the site's reason and advice; NULL, if it holds what its value asks for. */
void stayed_explain(struct patched_site *site);

#endif
