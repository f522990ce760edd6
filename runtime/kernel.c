// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The platform Linux: kernel/rcpp/kernel.c there, beside the core that it shares with user space.
 *
 * The kernel patches itself once, when it has made its data read-only: by then all variables that
 * are read-only after init are settled, and other processors have long been running. So all sites
 * are checked first, then the machine stops for the time it takes to write them.
 *
 * A module is patched before any of its code runs, with the values of the kernel's variables. Its
 * own variables settle only when its init function has run: sites that read these stay as they are.
 */
#define pr_fmt(fmt) "rcpp: " fmt

#include <linux/bsearch.h>
#include <linux/cpu.h>
#include <linux/init.h>
#include <linux/kobject.h>
#include <linux/ktime.h>
#include <linux/memory.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/nmi.h>
#include <linux/rcpp.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/sort.h>
#include <linux/stacktrace.h>
#include <linux/stop_machine.h>
#include <linux/sysfs.h>
#include <asm/nmi.h>
#include <asm/sections.h>
#include <asm/sync_core.h>
#include <asm/text-patching.h>

#include "forms.h"
#include "notes.h"

extern const u8 __start_rcpp_rows[], __stop_rcpp_rows[];

/* ---- rcpp=off|verify|on ---- */

enum mode { MODE_OFF, MODE_VERIFY, MODE_ON };

static enum mode mode __ro_after_init = MODE_ON;

static int __init set_mode(char *word)
{
	static const char *const words[] = {"off", "verify", "on"};
	int chosen = word ? match_string(words, ARRAY_SIZE(words), word) : -EINVAL;

	if (chosen < 0)
		pr_warn("rcpp=%s: write rcpp=off, rcpp=verify or rcpp=on\n", word ? word : "");
	else
		mode = chosen;
	return 0;
}
early_param("rcpp", set_mode);

/* ---- Which memory belongs to what ---- */

/* The range, if the address lies in it; else an empty one. */
static struct rcpp_range around(uintptr_t address, const void *start, const void *stop)
{
	if (address >= (uintptr_t)start && address < (uintptr_t)stop)
		return (struct rcpp_range){(uintptr_t)start, (uintptr_t)stop};
	return (struct rcpp_range){0};
}

/* The kernel's data, but for what is gone after init. */
static struct rcpp_range data_around(uintptr_t address)
{
	if (address < (uintptr_t)__init_begin)
		return around(address, __start_rodata, __init_begin);
	return around(address, __init_end, _end);
}

/* struct rcpp_view's memory, for the kernel itself. */
static struct rcpp_range kernel_memory(const void *context, enum rcpp_memory kind,
				       uintptr_t address)
{
	switch (kind) {
	case RCPP_TEXT:
		return around(address, _stext, _etext);
	case RCPP_TABLES:
		return around(address, __start_rodata, __end_rodata);
	case RCPP_VARIABLES:
		return data_around(address);
	}
	return (struct rcpp_range){0};
}

/* ---- What has to be written ---- */

static struct rcpp_forms forms; /* under tables_lock */

struct write {
	uintptr_t address;
	unsigned int length;
	u8 bytes[RCPP_SITE_MAX];
};

struct writes {
	struct write *list;    /* in the order of the rows */
	struct write **places; /* by address, where tasks can be preempted */
	size_t count;
	size_t space;
	atomic_t taken; /* by the processor that writes */
	bool refused;	/* a task stands where a site may be */
	bool done;
};

static void count_write(void *context, const struct rcpp_site *site)
{
	size_t *count = context;

	*count += site->changes;
}

static void add_write(void *context, const struct rcpp_site *site)
{
	struct writes *writes = context;
	struct write *write;

	if (!site->changes || writes->count == writes->space)
		return;
	write = &writes->list[writes->count++];
	write->address = site->address;
	write->length = site->length;
	memcpy(write->bytes, site->bytes, site->length);
}

/* One table, of the kernel or of a module; under tables_lock. */
struct table {
	struct list_head list;
	const char *name;
	const void *rows;
	size_t size;
	struct rcpp_view view;
	bool patched;
};

static LIST_HEAD(tables);
static DEFINE_MUTEX(tables_lock);

static bool walk(struct table *table, enum rcpp_action action, rcpp_visit *visit, void *context)
{
	struct rcpp_notes notes = {.next = table->rows, .left = table->size};
	enum rcpp_problem problem;
	uintptr_t where;

	rcpp_forget_forms(&forms);
	table->view.forms = &forms;
	problem = rcpp_walk_notes(&notes, &table->view, action, visit, context, &where);
	if (problem)
		pr_err("%s: %s %pS %s; nothing in it is changed\n", table->name,
		       problem >= RCPP_BAD_REACH ? "site" : "row", (void *)where,
		       rcpp_problem_text(problem));
	return !problem;
}

/*
 * Check all of the table and make all the bytes, before the first is written. Nobody may write a
 * variable any more; should it happen all the same, sites that change only then are left alone.
 */
static bool prepare(struct table *table, struct writes *writes)
{
	*writes = (struct writes){};
	if (!walk(table, RCPP_PATCH, count_write, &writes->space))
		return false;
	writes->list = kvcalloc(writes->space + 1, sizeof(*writes->list), GFP_KERNEL);
	if (!writes->list) {
		pr_err("%s: out of memory; nothing in it is changed\n", table->name);
		return false;
	}
	return walk(table, RCPP_PATCH, add_write, writes);
}

/* ---- Counting and comparing ---- */

struct counts {
	unsigned long sites;
	unsigned long patched;
	unsigned long wide;
	unsigned long left;
	unsigned long differing; /* sites that hold another value than their variable */
};

static void count_site(void *context, const struct rcpp_site *site)
{
	struct counts *counts = context;

	counts->wide += site->wide;
	if (site->flags & RCPP_ROW_CONSUMER)
		return;
	counts->sites++;
	if (site->patched)
		counts->patched++;
	else
		counts->left++;
}

/* What would be written now had to be written before. */
static void compare_site(void *context, const struct rcpp_site *site)
{
	struct counts *counts = context;

	count_site(context, site);
	if (!site->changes)
		return;
	if (counts->differing++ < 8)
		pr_err("site %pS differs from its variable\n", (void *)site->address);
}

static void report(struct table *table, ktime_t start)
{
	s64 microseconds = ktime_us_delta(ktime_get(), start);
	struct counts counts = {};

	table->patched = true;
	if (!walk(table, mode == MODE_VERIFY ? RCPP_PATCH : RCPP_LOOK,
		  mode == MODE_VERIFY ? compare_site : count_site, &counts))
		return;
	pr_info("%s: %lu sites, %lu patched, %lu wide, %lu left, %lld microseconds\n", table->name,
		counts.sites, counts.patched, counts.wide, counts.left, microseconds);
	if (mode == MODE_VERIFY)
		pr_info("%s: verified, %lu sites differ\n", table->name, counts.differing);
}

/* ---- Writing while everything runs ---- */

#ifdef CONFIG_PREEMPTION
static int order_places(const void *a, const void *b)
{
	const struct write *const *x = a, *const *y = b;

	return (*x)->address < (*y)->address ? -1 : (*x)->address > (*y)->address;
}

static int compare_with_place(const void *key, const void *member)
{
	const struct write *write = *(const struct write *const *)member;
	uintptr_t address = *(const uintptr_t *)key;

	return address <= write->address ? -1 : address >= write->address + write->length;
}

static bool sort_places(struct writes *writes)
{
	writes->places = kvcalloc(writes->count + 1, sizeof(*writes->places), GFP_KERNEL);
	if (!writes->places)
		return false;
	for (size_t i = 0; i < writes->count; i++)
		writes->places[i] = &writes->list[i];
	sort(writes->places, writes->count, sizeof(*writes->places), order_places, NULL);
	return true;
}

/*
 * A task that an interrupt has stopped anywhere may stand behind the first instruction of a site,
 * before its padding, where soon there may be the middle of another one. Where a task has gone to
 * sleep by itself, behind a call, no site has an inner boundary.
 *
 * The unwinder that livepatch relies on knows where an interrupt has stopped a task: with ORC from
 * the registers that it has left; with frame pointers it trusts no such stack.
 */
static bool stands_inside(struct task_struct *task, const struct writes *writes)
{
	static unsigned long entries[128]; /* of the one processor that writes */
	int count = stack_trace_save_tsk_reliable(task, entries, ARRAY_SIZE(entries));

	for (int i = 0; i < count; i++)
		if (bsearch(&entries[i], writes->places, writes->count, sizeof(*writes->places),
			    compare_with_place))
			return true;
	return count < 0;
}

static bool somebody_is_inside(const struct writes *writes)
{
	struct task_struct *process;
	struct task_struct *task;

	for_each_process_thread(process, task)
		/* Those that run are the stoppers, which all are here. */
		if (!task_curr(task) && stands_inside(task, writes))
			return true;
	return false;
}
#else
static bool sort_places(struct writes *writes)
{
	return true;
}

static bool somebody_is_inside(const struct writes *writes)
{
	return false; /* tasks are only ever switched where they ask for it */
}
#endif

/*
 * On every processor at once, interrupts off: one of them writes, the others wait until it is done.
 *
 * From the last write to the first, so consumers come before their load, and conditional jumps
 * before their compare: what writes runs through code that has sites, and at any time that code has
 * to be right (see rcpp_tables.h). text_poke_kgdb() is text_poke() without asking who holds
 * text_mutex: rcpp_patch_kernel() does, on behalf of this thread.
 */
static int write_sites(void *context)
{
	struct writes *writes = context;

	if (atomic_xchg(&writes->taken, 1) == 0) {
		writes->refused = somebody_is_inside(writes);
		for (size_t i = writes->refused ? 0 : writes->count; i-- > 0;)
			text_poke_kgdb((void *)writes->list[i].address, writes->list[i].bytes,
				       writes->list[i].length);
		smp_store_release(&writes->done, true);
	} else {
		while (!smp_load_acquire(&writes->done))
			cpu_relax();
	}
	sync_core();
	return 0;
}

/*
 * What stopping the machine does not stop are NMIs. The one source that there is before user space
 * is switched off; others are ignored meanwhile, as when alternatives are applied.
 */
static void stop_and_write(struct writes *writes)
{
	writes->done = false;
	atomic_set(&writes->taken, 0);
	cpus_read_lock();
	mutex_lock(&text_mutex);
	hardlockup_detector_perf_stop();
	stop_nmi();
	stop_machine_cpuslocked(write_sites, writes, cpu_online_mask);
	restart_nmi();
	hardlockup_detector_perf_restart();
	mutex_unlock(&text_mutex);
	cpus_read_unlock();
}

/* Patch text that is in use. */
static void patch_live(struct table *table)
{
	ktime_t start = ktime_get();
	struct writes writes;
	int tries = 0;

	if (!prepare(table, &writes))
		goto out;
	if (!sort_places(&writes)) {
		pr_err("%s: out of memory; nothing in it is changed\n", table->name);
		goto out;
	}
	do {
		if (tries)
			schedule_timeout_uninterruptible(1);
		stop_and_write(&writes);
	} while (writes.refused && ++tries < 1000);
	if (tries)
		pr_info("%s: %d times a task stood in a site\n", table->name, tries);
	if (writes.refused)
		pr_err("%s: a task does not leave the code that it was interrupted in; nothing is "
		       "changed\n",
		       table->name);
	else
		report(table, start);
out:
	kvfree(writes.places);
	kvfree(writes.list);
}

/* ---- Modules ---- */

static bool settled; /* Are the kernel's variables? Under tables_lock. */

#ifdef CONFIG_MODULES
/* Of the module's own memory, text and read-only data are apart. */
static struct rcpp_range module_memory(const void *context, enum rcpp_memory kind,
				       uintptr_t address)
{
	const struct module *module = context;
	const void *base = module->core_layout.base;
	const void *data = base + module->core_layout.text_size;
	struct rcpp_range own;

	if (kind == RCPP_TEXT)
		return around(address, base, data);
	if (kind == RCPP_TABLES)
		return around(address, data, base + module->core_layout.ro_size);
	own = around(address, data, base + module->core_layout.size);
	return own.stop ? own : data_around(address);
}

/* Nothing of the module runs yet. */
static void patch_coming(struct table *table)
{
	ktime_t start = ktime_get();
	struct writes writes;

	if (prepare(table, &writes)) {
		mutex_lock(&text_mutex);
		for (size_t i = 0; i < writes.count; i++)
			text_poke((void *)writes.list[i].address, writes.list[i].bytes,
				  writes.list[i].length);
		text_poke_sync();
		mutex_unlock(&text_mutex);
		report(table, start);
	}
	kvfree(writes.list);
}

/* One that comes before the kernel's variables are settled waits for that, as the kernel does. */
static void add_module(struct module *module)
{
	uintptr_t base = (uintptr_t)module->core_layout.base;
	struct table *table = kzalloc(sizeof(*table), GFP_KERNEL);

	if (!table) {
		pr_err("%s: out of memory; nothing in it is changed\n", module->name);
		return;
	}
	table->name = module->name;
	table->rows = module->rcpp_rows;
	table->size = module->rcpp_size;
	table->view.memory = module_memory;
	table->view.one_by_one = true;
	table->view.context = module;
	table->view.unsettled.start = base;
	table->view.unsettled.stop = base + module->core_layout.size;
	list_add_tail(&table->list, &tables);
	if (settled)
		patch_coming(table);
}

static void remove_module(const struct module *module)
{
	struct table *table;

	list_for_each_entry(table, &tables, list)
		if (table->view.context == module) {
			list_del(&table->list);
			kfree(table);
			return;
		}
}

static int notice_module(struct notifier_block *block, unsigned long state, void *data)
{
	struct module *module = data;

	if (!module->rcpp_size || mode == MODE_OFF)
		return NOTIFY_OK;
	mutex_lock(&tables_lock);
	if (state == MODULE_STATE_COMING)
		add_module(module);
	else if (state == MODULE_STATE_GOING)
		remove_module(module);
	mutex_unlock(&tables_lock);
	return NOTIFY_OK;
}

/* First of all: some put kprobes into a module that comes. */
static struct notifier_block module_notifier = {
	.notifier_call = notice_module,
	.priority = INT_MAX,
};

static void watch_modules(void)
{
	register_module_notifier(&module_notifier);
}
#else
static void watch_modules(void)
{
}
#endif

/* ---- The kernel ---- */

static struct table kernel_table = {
	.name = "vmlinux",
	.rows = __start_rcpp_rows,
	.view = {.memory = kernel_memory, .one_by_one = true},
};

void rcpp_patch_kernel(void)
{
	struct table *table;

	if (mode == MODE_OFF) {
		pr_info("off\n");
		return;
	}
	mutex_lock(&tables_lock);
	settled = true;
	kernel_table.size = __stop_rcpp_rows - __start_rcpp_rows;
	list_add(&kernel_table.list, &tables);
	list_for_each_entry(table, &tables, list)
		patch_live(table);
	mutex_unlock(&tables_lock);
}

/* ---- /sys/kernel/rcpp: who reads it has all sites compared with their variables ---- */

static ssize_t rcpp_show(struct kobject *object, struct kobj_attribute *attribute, char *buffer)
{
	struct counts counts = {};
	struct table *table;
	bool fine = true;

	mutex_lock(&tables_lock);
	list_for_each_entry(table, &tables, list)
		fine = walk(table, table->patched ? RCPP_PATCH : RCPP_LOOK,
			    table->patched ? compare_site : count_site, &counts) &&
		       fine;
	mutex_unlock(&tables_lock);
	return fine ? sysfs_emit(buffer,
				 "sites %lu\npatched %lu\nwide %lu\nleft %lu\ndiffering %lu\n",
				 counts.sites, counts.patched, counts.wide, counts.left,
				 counts.differing)
		    : -EIO;
}

static struct kobj_attribute rcpp_attribute = __ATTR_RO_MODE(rcpp, 0400);

static int __init rcpp_init(void)
{
	watch_modules();
	return sysfs_create_file(kernel_kobj, &rcpp_attribute.attr);
}
core_initcall(rcpp_init);
