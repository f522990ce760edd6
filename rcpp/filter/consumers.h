/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What consumes the value of a load. In comes the site of a load into a register; out go the sites
 * of the instructions further down that read the register and can hold the value themselves. If all
 * of them can, the load vanishes, under the strongest of their guards. If not, it stays, and only
 * consumers that gain even then get a site. Code after labels is looked at, too (held.h).
 */
#ifndef CONSUMERS_H
#define CONSUMERS_H

#include "sites.h"

/*
 * Find the consumers of a load, which is the last site of the list, and append them, unless an
 * option forbids it. Returns why the load is no site after all.
 */
enum reason consumers_fuse(struct site_list *list, struct function *function, uint32_t load);

#endif
