/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A list of --symbols-from or --early-from, as rcpp and rcpp-report read it. */
#ifndef RCPP_LIST_LINE_H
#define RCPP_LIST_LINE_H

/* One line of it without its comment and the blanks around it, in place; "" if nothing is left. */
char *list_line(char *line);

#endif
