// SPDX-License-Identifier: GPL-2.0
/*
 * How a zone's free memory looks after an hour of mixed load, on any kernel.
 * Loading the module runs the load and prints a line of CSV for each of its
 * twelve parts:
 *
 *	way,part,pages,failures,huge_tries,huge,free,huge_free
 *
 * with how batches are freed, the pages that were allocated and the allocations
 * that failed so far, how many huge pages (order 9) were asked for in this part
 * and how many there were, how many pages are free, and how many of these are in
 * blocks of order 9 and more.  What the load then has stays in use until the module
 * is unloaded, for the user to look at pagetypeinfo.
 *
 * An hour is 36 million pages, 10,000 a second.  The load is a random walk over
 * slots, the same on every kernel: one that is used is freed, an empty one gets
 * an object.  Seven of eight steps are in the first sixteenth of the slots, so
 * most objects live shortly, and some for long.  Three quarters of the objects
 * are movable pages, as of files and processes; the rest are pages of the
 * kernel's own, small blocks as of slabs, reclaimable ones, batches as of
 * vmalloc() and of rings, and huge pages.  Batches are freed by free_pages_bulk(),
 * if there is one ("bulk"), by release_pages() ("release"), or by __free_page() one
 * page after the other ("single").
 *
 * Nothing is reclaimed or compacted: an allocation that does not find a page
 * fails.  So what is compared is where the allocator takes pages from, and how
 * well free ones merge again.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/prandom.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include "ours.h"

static unsigned long nr_pages = 36000000;
module_param(nr_pages, ulong, 0444);
MODULE_PARM_DESC(nr_pages, "Pages to allocate in all");

static unsigned long seed = 20170109;
module_param(seed, ulong, 0444);
MODULE_PARM_DESC(seed, "Of the random walk");

static char *way = "bulk";
module_param(way, charp, 0444);
MODULE_PARM_DESC(way, "How batches are freed: bulk, release or single");

#define NR_PARTS	12
#define HUGE_ORDER	9
#define MAX_BATCH	256

/* Half of the slots are in use, with eight pages each in the mean. */
#define PAGES_PER_SLOT	6

#define FRAG_GFP	(__GFP_NOWARN | __GFP_NORETRY)

enum kind {
	KIND_MOVABLE, KIND_KERNEL, KIND_SLAB, KIND_RECLAIMABLE, KIND_BATCH,
	KIND_HUGE, NR_KINDS
};

/* Of a thousand objects. */
static const unsigned int weights[NR_KINDS] = { 740, 130, 70, 20, 35, 5 };

/**
 * struct object - what a slot holds
 * @page: of a block
 * @pages: of a batch, NULL for a block
 * @nr: pages in @pages
 * @order: of @page
 */
struct object {
	struct page *page;
	struct page **pages;
	unsigned int nr;
	unsigned int order;
};

static struct object *slots;
static unsigned long nr_slots;
static struct rnd_state rnd;
static unsigned long allocated, failures, huge_tries, huge;

static u32 below(u32 limit)
{
	return prandom_u32_state(&rnd) % limit;
}

static bool in_use(const struct object *object)
{
	return object->page || object->pages;
}

static void free_singly(struct page **pages, unsigned long nr)
{
	while (nr--)
		__free_page(*pages++);
}

static void free_batch(struct object *object)
{
	if (sysfs_streq(way, "single"))
		free_singly(object->pages, object->nr);
	else if (IS_ENABLED(CONFIG_PAGE_BULK) && sysfs_streq(way, "bulk"))
		free_pages_bulk(object->pages, object->nr);
	else
		release_pages(object->pages, object->nr);
	kfree(object->pages);
}

static void free_object(struct object *object)
{
	if (object->pages)
		free_batch(object);
	else
		__free_pages(object->page, object->order);
	*object = (struct object){};
}

/* Less than was asked for is a batch, too, as for the callers of such. */
static void new_batch(struct object *object)
{
	unsigned int nr = 1 + below(MAX_BATCH);

	object->pages = kcalloc(nr, sizeof(*object->pages), GFP_KERNEL);
	if (!object->pages)
		return;
	object->nr = alloc_pages_bulk_array(FRAG_GFP, nr, object->pages);
	allocated += object->nr;
	if (object->nr)
		return;
	failures++;
	kfree(object->pages);
	object->pages = NULL;
}

static void new_block(struct object *object, gfp_t gfp, unsigned int order)
{
	object->order = order;
	object->page = alloc_pages(FRAG_GFP | gfp, order);
	if (object->page)
		allocated += 1UL << order;
	else
		failures++;
}

static void new_huge(struct object *object)
{
	huge_tries++;
	new_block(object, __GFP_MOVABLE | __GFP_COMP, HUGE_ORDER);
	if (object->page)
		huge++;
}

static enum kind any_kind(void)
{
	unsigned int i, at = below(1000);

	for (i = 0; at >= weights[i]; i++)
		at -= weights[i];
	return i;
}

static void new_object(struct object *object)
{
	switch (any_kind()) {
	case KIND_KERNEL:
		return new_block(object, 0, 0);
	case KIND_SLAB:
		return new_block(object, __GFP_COMP, 1 + below(3));
	case KIND_RECLAIMABLE:
		return new_block(object, __GFP_RECLAIMABLE, 0);
	case KIND_BATCH:
		return new_batch(object);
	case KIND_HUGE:
		return new_huge(object);
	default:
		return new_block(object, __GFP_MOVABLE, 0);
	}
}

static void step(void)
{
	bool brief = below(8);
	struct object *object = &slots[below(brief ? nr_slots / 16 : nr_slots)];

	if (in_use(object))
		free_object(object);
	else
		new_object(object);
}

static unsigned long free_in_blocks(unsigned int order)
{
	unsigned long pages = 0;
	struct zone *zone;
	int i;

	for (i = 0; i < MAX_NR_ZONES; i++) {
		unsigned int o;

		zone = &NODE_DATA(0)->node_zones[i];
		for (o = order; o < NR_PAGE_ORDERS; o++)
			pages += READ_ONCE(zone->free_area[o].nr_free) << o;
	}
	return pages;
}

static void print_part(unsigned int part)
{
	pr_info("%s,%u,%lu,%lu,%lu,%lu,%lu,%lu\n", way, part, allocated,
		failures, huge_tries, huge, free_in_blocks(0),
		free_in_blocks(HUGE_ORDER));
	huge_tries = 0;
	huge = 0;
}

static void run_load(void)
{
	unsigned int part;

	prandom_seed_state(&rnd, seed);
	print_part(0);
	for (part = 1; part <= NR_PARTS; part++) {
		while (allocated < nr_pages / NR_PARTS * part) {
			step();
			cond_resched();
		}
		print_part(part);
	}
}

static void free_all(void)
{
	unsigned long i;

	for (i = 0; i < nr_slots; i++) {
		if (in_use(&slots[i]))
			free_object(&slots[i]);
	}
}

static bool way_is_known(void)
{
	return sysfs_streq(way, "bulk") || sysfs_streq(way, "release") ||
	       sysfs_streq(way, "single");
}

static int __init frag_init(void)
{
	if (!way_is_known())
		return -EINVAL;
	nr_slots = free_in_blocks(0) / PAGES_PER_SLOT;
	slots = vcalloc(nr_slots, sizeof(*slots));
	if (!slots)
		return -ENOMEM;
	run_load();
	return 0;
}
module_init(frag_init);

static void __exit frag_exit(void)
{
	free_all();
	vfree(slots);
}
module_exit(frag_exit);

MODULE_DESCRIPTION("Free memory after an hour of mixed load");
MODULE_LICENSE("GPL");
