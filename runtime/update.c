// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A module takes part if it is patched: its variables are closed, or some site of the variables
 * that change holds a value. In the others the sites read memory, and go on reading it.
 *
 * Sites of several modules may change. All of this happens within one call of dl_iterate_phdr(), so
 * that none of the modules is unloaded meanwhile.
 */
#define _GNU_SOURCE 1
#include <sys/mman.h>

#include "entry.h"
#include "index.h"
#include "text.h"
#include "unload.h"
#include "update.h"

#define MODULES_FEW 16

struct update {
	struct call *call;
	struct module *modules; /* those that take part */
	unsigned int count;
	unsigned int space;
};

/* Of some sites: are there any, and does one hold a value? */
struct look {
	bool any;
	bool patched;
};

static void note_patched(void *context, const struct rcpp_site *site)
{
	struct look *look = context;

	look->any = true;
	look->patched |= site->patched;
}

/* Sites that read the values may all be left as loads, for a divisor of 0 say: ask the others. */
static bool others_hold_values(struct module *module)
{
	const struct rcpp_values *values = module->values;
	struct look all = {0};
	uintptr_t unused;

	module->values = NULL;
	rcpp_module_walk(module, RCPP_LOOK, note_patched, &all, &unused);
	module->values = values;
	return all.patched;
}

static bool lies_in(const struct rcpp_values *values, const struct module *module)
{
	size_t i;

	for (i = 0; i < values->count; i++)
		if (values->list[i].size &&
		    (rcpp_module_holds(module, values->list[i].address) ||
		     rcpp_module_holds(module, values->list[i].address + values->list[i].size - 1)))
			return true;
	return false;
}

/*
 * A module for another version of us was never patched by us. Whether its sites hold one of its own
 * variables, the other version knows.
 */
static bool is_foreign(const struct module *module, enum rcpp_problem problem)
{
	return problem == RCPP_BAD_VERSION && !lies_in(module->values, module);
}

static bool holds_values(struct call *call, struct module *module)
{
	enum rcpp_problem problem;
	struct look look = {0};
	uintptr_t where;

	problem = rcpp_walk_readers(module, RCPP_LOOK, note_patched, &look, &where);
	if (is_foreign(module, problem))
		return false;
	if (problem)
		rcpp_fail_problem(call, module, problem, where);
	return look.patched || (!problem && look.any && others_hold_values(module));
}

static int count_module(struct dl_phdr_info *info, size_t size, void *context)
{
	unsigned int *count = context;

	(void)info;
	(void)size;
	++*count;
	return 0;
}

static bool takes_part(struct call *call, struct module *module)
{
	if (rcpp_find_closed(module))
		return module->closed.start != module->closed.stop || holds_values(call, module);
	rcpp_fail(call, "%s: futex: %m; nothing is changed", module->name);
	return false;
}

static int list_module(struct dl_phdr_info *info, size_t size, void *context)
{
	struct update *update = context;
	struct module *module = &update->modules[update->count];
	uintptr_t unloading;

	(void)size;
	rcpp_module_init(module, info);
	if (!rcpp_module_has_tables(module))
		return 0;
	module->values = &update->call->store->values;
	unloading = rcpp_module_unloading(module);
	module->unloading = !rcpp_hold(unloading);
	if (!takes_part(update->call, module)) {
		rcpp_let_go(unloading);
		return update->call->result;
	}
	update->count++;
	return update->count == update->space;
}

static void let_modules_go(const struct update *update)
{
	unsigned int i;

	for (i = 0; i < update->count; i++)
		rcpp_let_go(rcpp_module_unloading(&update->modules[i]));
}

static bool list_modules(struct update *update)
{
	static struct module few[MODULES_FEW]; /* stacks may be small */

	dl_iterate_phdr(count_module, &update->space);
	update->modules = few;
	if (update->space > MODULES_FEW)
		update->modules = mmap(NULL, update->space * sizeof(*update->modules),
				       PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (update->modules == MAP_FAILED) {
		rcpp_fail(update->call, "mmap: %m; nothing is changed");
		return false;
	}
	dl_iterate_phdr(list_module, update);
	return !update->call->result;
}

static void change(struct update *update)
{
	static struct text text; /* large, and stacks may be small */

	text = (struct text){
		.call = update->call,
		.modules = update->modules,
		.count = update->count,
	};
	if (rcpp_text_prepare(&text))
		rcpp_text_change(&text);
	rcpp_text_close(&text);
}

/* Called for the first module, with the dynamic linker's lock. */
static int update_all(struct dl_phdr_info *info, size_t size, void *context)
{
	struct update *update = context;

	(void)size;
	update->call->again = info->dlpi_adds != update->call->adds;
	if (update->call->again)
		return 1;
	if (list_modules(update))
		change(update);
	let_modules_go(update);
	if (update->space > MODULES_FEW && update->modules != MAP_FAILED)
		munmap(update->modules, update->space * sizeof(*update->modules));
	return 1;
}

void rcpp_update_values(struct call *call)
{
	struct update update = {.call = call};

	rcpp_visit_modules(update_all, &update);
}
