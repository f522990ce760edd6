// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A module with sites: it translates addresses, which adds and subtracts page_offset_base and
 * vmemmap_base, in its init function (a copy of the text that is not patched) and out of it.
 *
 * flip=ADDRESS	the lowest bit of the byte there is flipped, through a mapping of its own, until the
 *		module goes: a variable that changes although it must not
 * show=ADDRESS	says what machine code is there, `size` bytes of it
 */
#include <linux/init.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

static ulong flip, show, size;
module_param(flip, ulong, 0);
module_param(show, ulong, 0);
module_param(size, ulong, 0);

static void flip_bit(void)
{
	struct page *page;
	u8 *memory;

	if (!flip)
		return;
	page = virt_to_page(flip);
	memory = vmap(&page, 1, VM_MAP, PAGE_KERNEL);
	memory[offset_in_page(flip)] ^= 1;
	vunmap(memory);
}

static void show_code(void)
{
	ulong i;

	for (i = 0; i < size; i += 32)
		pr_info("rcpp_test: code %*ph\n", (int)min(size - i, 32ul), (u8 *)show + i);
}

static noinline bool translates(void *address)
{
	struct page *page = virt_to_page(address);

	return __va(__pa(address)) == address &&
	       page_address(page) + offset_in_page(address) == address &&
	       page_to_phys(page) == (__pa(address) & PAGE_MASK);
}

static int translate(int count)
{
	int right = 0;
	int i;

	for (i = 0; i < count; i++) {
		void *memory = kmalloc(64 << i % 8, GFP_KERNEL);

		if (memory)
			right += translates(memory);
		kfree(memory);
	}
	return right;
}

static int __init rcpp_test_init(void)
{
	pr_info("rcpp_test: %d of 1000 right\n", translate(1000));
	show_code();
	flip_bit();
	return 0;
}

static void __exit rcpp_test_exit(void)
{
	flip_bit();
	pr_info("rcpp_test: %d of 1000 right at exit\n", translate(1000));
}

module_init(rcpp_test_init);
module_exit(rcpp_test_exit);
MODULE_LICENSE("Dual BSD/GPL");
MODULE_DESCRIPTION("Sites of rcpp in a module");
