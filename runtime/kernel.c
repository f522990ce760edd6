// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The platform Linux: kernel/rcpp/kernel.c there, beside the core that it shares with user space.
 *
 * The kernel patches itself once, when it has made its data read-only: by then all variables that
 * are read-only after init are settled, and other processors have long been running. So all sites
 * are checked first, then the machine stops for the time it takes to write them.
 *
 * A module is patched before any of its code runs, with the values of the kernel's variables. Its
 * own variables settle only when its init function has run, and nobody says when those of other
 * modules do: sites that read these stay as they are.
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
#include <linux/vmalloc.h>
#include <asm/apic.h>
#include <asm/hardirq.h>
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

/* The only variables that are settled: whatever a list of names says, others may still change. */
static struct rcpp_range settled_variables(void)
{
	return (struct rcpp_range){(uintptr_t)__start_ro_after_init,
				   (uintptr_t)__end_ro_after_init};
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

/* The pages of all writes, once more, where they may be written. */
struct mapping {
	uintptr_t start; /* of the first one */
	u8 *pages;
};

struct writes {
	struct write *list;    /* in the order of the rows */
	struct write **places; /* by address, where tasks can be preempted */
	size_t count;
	size_t space;
	struct mapping mapping;
	atomic_t missing; /* processors that are still elsewhere */
	bool refused;	  /* a task stands where a site may be */
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
	table->view.settled = settled_variables();
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

static struct page *page_at(uintptr_t address)
{
	return core_kernel_text(address) ? virt_to_page(address) : vmalloc_to_page((void *)address);
}

/*
 * What writes calls no function that has sites: text_poke() runs through many, and may sleep with
 * PREEMPT_RT. So the pages are mapped before; nobody but init runs that could make use of it.
 */
static bool map_pages(struct writes *writes)
{
	uintptr_t first = ULONG_MAX, last = 0;
	struct page **pages;
	unsigned int count;

	for (size_t i = 0; i < writes->count; i++) {
		const struct write *write = &writes->list[i];

		first = min(first, write->address);
		last = max(last, write->address + write->length - 1);
	}
	if (!writes->count)
		return true;
	first = ALIGN_DOWN(first, PAGE_SIZE);
	count = (last - first) / PAGE_SIZE + 1;
	pages = kvcalloc(count, sizeof(*pages), GFP_KERNEL);
	if (!pages)
		return false;
	for (unsigned int i = 0; i < count; i++)
		pages[i] = page_at(first + i * PAGE_SIZE);
	writes->mapping.start = first;
	writes->mapping.pages = vmap(pages, count, VM_MAP, PAGE_KERNEL);
	kvfree(pages);
	return writes->mapping.pages;
}

/*
 * From the last write to the first, so consumers come before their load, and conditional jumps
 * before their compare, as they have to where a task was preempted between them.
 */
static __always_inline void write_all(const struct writes *writes)
{
	for (size_t i = writes->count; i-- > 0;) {
		const struct write *write = &writes->list[i];

		memcpy(writes->mapping.pages + (write->address - writes->mapping.start),
		       write->bytes, write->length);
	}
}

/*
 * On every processor at once, interrupts off. The last to arrive writes: by then all the others
 * wait here, where nothing has sites. No tracer is called on the way, which has.
 */
static notrace int write_sites(void *context)
{
	struct writes *writes = context;

	if (atomic_dec_and_test(&writes->missing)) {
		writes->refused = somebody_is_inside(writes);
		if (!writes->refused)
			write_all(writes);
		smp_store_release(&writes->done, true); /* the bytes are there, and refused */
	} else {
		while (!smp_load_acquire(&writes->done)) {
			touch_nmi_watchdog();
			cpu_relax();
		}
	}
	sync_core();
	return 0;
}

/* ---- NMIs, which stopping the machine does not stop ---- */

static DEFINE_PER_CPU(unsigned int, nmis_before);

/* They are ignored meanwhile, as when alternatives are applied. */
static void ignore_nmis(void)
{
	int cpu;

	stop_nmi();
	for_each_online_cpu(cpu)
		per_cpu(nmis_before, cpu) = per_cpu(irq_stat.__nmi_count, cpu);
}

/*
 * Where some came, one is raised in their place: what raised them still says so to its handler, and
 * the source that performance counters have is silent until theirs has run.
 */
static void raise_ignored_nmis(void)
{
	int cpu;

	restart_nmi();
	for_each_online_cpu(cpu) {
		if (per_cpu(nmis_before, cpu) == per_cpu(irq_stat.__nmi_count, cpu))
			continue;
		pr_info("processor %d had an NMI meanwhile, which is raised again\n", cpu);
		apic->send_IPI_mask(cpumask_of(cpu), NMI_VECTOR);
	}
}

static void stop_and_write(struct writes *writes)
{
	writes->done = false;
	cpus_read_lock();
	atomic_set(&writes->missing, num_online_cpus());
	mutex_lock(&text_mutex);
	ignore_nmis();
	stop_machine_cpuslocked(write_sites, writes, cpu_online_mask);
	raise_ignored_nmis();
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
	if (!sort_places(&writes) || !map_pages(&writes)) {
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
	vunmap(writes.mapping.pages);
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
static bool patch_coming(struct table *table)
{
	ktime_t start = ktime_get();
	struct writes writes;
	bool prepared = prepare(table, &writes);

	if (prepared) {
		mutex_lock(&text_mutex);
		for (size_t i = 0; i < writes.count; i++)
			text_poke((void *)writes.list[i].address, writes.list[i].bytes,
				  writes.list[i].length);
		text_poke_sync();
		mutex_unlock(&text_mutex);
		report(table, start);
	}
	kvfree(writes.list);
	return prepared;
}

/*
 * One that comes before the kernel's variables are settled waits for that, as the kernel does.
 * Returns false if it could not be patched.
 */
static bool add_module(struct module *module)
{
	struct table *table = kzalloc(sizeof(*table), GFP_KERNEL);

	if (!table) {
		pr_err("%s: out of memory; nothing in it is changed\n", module->name);
		return false;
	}
	table->name = module->name;
	table->rows = module->rcpp_rows;
	table->size = module->rcpp_size;
	table->view.memory = module_memory;
	table->view.one_by_one = true;
	table->view.context = module;
	list_add_tail(&table->list, &tables);
	return !settled || patch_coming(table);
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
	bool fine = true;

	if (!module->rcpp_size || mode == MODE_OFF)
		return NOTIFY_OK;
	mutex_lock(&tables_lock);
	if (state == MODULE_STATE_COMING)
		fine = add_module(module);
	/* Unpatched, its sites would trap: then it is not loaded, and goes unnoticed. */
	fine = fine || !IS_ENABLED(CONFIG_RCPP_FAULT);
	if (state == MODULE_STATE_GOING || !fine)
		remove_module(module);
	mutex_unlock(&tables_lock);
	return fine ? NOTIFY_OK : notifier_from_errno(-ENOEXEC);
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
	if (!rodata_enabled) {
		pr_warn("rodata=off: variables may still change, so nothing is patched\n");
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
