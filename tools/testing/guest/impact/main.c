// SPDX-License-Identifier: GPL-2.0
/*
 * What alloc_pages() and __free_pages() cost, on any kernel: one line of CSV
 * in the log for each order and batch size.
 *
 *	mode,order,batch,alloc,free,alloc_most,free_most
 *
 * "mode" is whatever the user of the module calls the state of the kernel.
 * The counts are of the time stamp counter, which counts instructions in a
 * QEMU that runs with -icount and cycles on UML, for the whole batch: the least
 * of many rounds, and the most, each with interrupts off.  Orders 0 to 3 and 9
 * go through the per-CPU lists, the others through the buddy.
 *
 * In lines of mode "buddy" nothing goes through the per-CPU lists: their lock is
 * held meanwhile, and who does not get that goes to the buddy.  Blocks are timed
 * one by one, 8192 pages in all, and freed in reverse.  The counts are the least
 * sums of a few rounds, and the least of the rounds' most for a single block,
 * that is for an allocation that splits a largest block, or a freeing that merges
 * one.  A kernel for one CPU has no such lock, and no such lines.
 *
 * Lines of mode "hold" have the longest hold of zone->lock and of the lock of the
 * per-CPU lists, in place of "alloc" and "free", while batches are allocated and
 * freed; nothing else is timed then, see locks.c.
 *
 * The last line has the size of struct zone in bytes, as that of order "zone".
 */
#define pr_fmt(fmt) "impact: " fmt

#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>
#include "clock.h"
#include "locks.h"

static char *mode = "";
module_param(mode, charp, 0444);
MODULE_PARM_DESC(mode, "First word of each line");

static unsigned int orders[11] = { 0, 4, 9, 10 };
static unsigned int nr_orders = 4;
module_param_array(orders, uint, &nr_orders, 0444);
MODULE_PARM_DESC(orders, "Orders to measure");

static bool buddy;
module_param(buddy, bool, 0444);
MODULE_PARM_DESC(buddy, "Measure without the per-CPU lists, and holds of locks, too");

#define MAX_BATCH	128
#define NR_ROUNDS	200

/* Pages of a round that bypasses the per-CPU lists, and how many such. */
#define BUDDY_PAGES	8192
#define BUDDY_ROUNDS	8

#define HOLD_ROUNDS	20

struct cost {
	u64 alloc;
	u64 free;
};

static struct page *pages[BUDDY_PAGES];

static void one_round(unsigned int order, unsigned int batch,
		      struct cost *least, struct cost *most)
{
	u64 begin, allocated, freed;
	unsigned long flags;
	unsigned int i;

	local_irq_save(flags);
	begin = measure_clock();
	for (i = 0; i < batch; i++)
		pages[i] = alloc_pages(GFP_NOWAIT | __GFP_NOWARN, order);
	allocated = measure_clock();
	for (i = 0; i < batch; i++) {
		if (pages[i])
			__free_pages(pages[i], order);
	}
	freed = measure_clock();
	local_irq_restore(flags);

	least->alloc = min(least->alloc, allocated - begin);
	least->free = min(least->free, freed - allocated);
	most->alloc = max(most->alloc, allocated - begin);
	most->free = max(most->free, freed - allocated);
}

static void measure(unsigned int order, unsigned int batch)
{
	struct cost least = { .alloc = U64_MAX, .free = U64_MAX };
	struct cost most = { };
	unsigned int i;

	for (i = 0; i < NR_ROUNDS; i++)
		one_round(order, batch, &least, &most);
	pr_info("%s,%u,%u,%llu,%llu,%llu,%llu\n", mode, order, batch,
		least.alloc, least.free, most.alloc, most.free);
}

static void buddy_alloc(unsigned int order, unsigned int nr, struct cost *sum,
			struct cost *most)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		u64 begin = measure_clock(), cost;

		pages[i] = alloc_pages(GFP_NOWAIT | __GFP_NOWARN, order);
		cost = measure_clock() - begin;
		sum->alloc += cost;
		most->alloc = max(most->alloc, cost);
	}
}

static void buddy_free(unsigned int order, unsigned int nr, struct cost *sum,
		       struct cost *most)
{
	while (nr--) {
		u64 begin = measure_clock(), cost;

		if (!pages[nr])
			continue;
		__free_pages(pages[nr], order);
		cost = measure_clock() - begin;
		sum->free += cost;
		most->free = max(most->free, cost);
	}
}

/* Lock, or unlock, this CPU's lists of all zones. */
static void lock_lists(bool lock)
{
	struct per_cpu_pages *pcp;
	struct zone *zone;

	for (zone = NODE_DATA(0)->node_zones;
	     zone < NODE_DATA(0)->node_zones + MAX_NR_ZONES; zone++) {
		if (!populated_zone(zone))
			continue;
		pcp = this_cpu_ptr(zone->per_cpu_pageset);
		if (lock)
			spin_lock_nested(&pcp->lock, zone_idx(zone));
		else
			spin_unlock(&pcp->lock);
	}
}

static void buddy_round(unsigned int order, unsigned int nr, struct cost *sum,
			struct cost *most)
{
	unsigned long flags;

	local_irq_save(flags);
	lock_lists(true);
	buddy_alloc(order, nr, sum, most);
	buddy_free(order, nr, sum, most);
	lock_lists(false);
	local_irq_restore(flags);
}

static void measure_buddy(unsigned int order)
{
	struct cost least = { .alloc = U64_MAX, .free = U64_MAX };
	struct cost least_most = least;
	unsigned int i, nr = BUDDY_PAGES >> order;

	for (i = 0; i < BUDDY_ROUNDS; i++) {
		struct cost sum = { }, most = { };

		buddy_round(order, nr, &sum, &most);
		least.alloc = min(least.alloc, sum.alloc);
		least.free = min(least.free, sum.free);
		least_most.alloc = min(least_most.alloc, most.alloc);
		least_most.free = min(least_most.free, most.free);
	}
	pr_info("buddy,%u,%u,%llu,%llu,%llu,%llu\n", order, nr, least.alloc,
		least.free, least_most.alloc, least_most.free);
}

static void measure_holds(unsigned int order)
{
	struct cost least = { }, most = { };
	struct holds holds;
	unsigned int i;

	locks_watch_begin();
	for (i = 0; i < HOLD_ROUNDS; i++)
		one_round(order, MAX_BATCH, &least, &most);
	holds = locks_watch_end();
	pr_info("hold,%u,%u,%llu,%llu,0,0\n", order, MAX_BATCH, holds.zone,
		holds.pcp);
}

/* The zone that is asked first. */
static struct zone *first_zone(void)
{
	struct page *page = alloc_page(GFP_NOWAIT);
	struct zone *zone = page ? page_zone(page) : NULL;

	if (page)
		__free_page(page);
	return zone;
}

static int measure_all_holds(void)
{
	struct zone *zone = first_zone();
	unsigned int i;
	int err;

	if (!zone)
		return -ENOMEM;
	err = locks_start(zone);
	for (i = 0; !err && i < nr_orders; i++)
		measure_holds(orders[i]);
	locks_stop();
	return err;
}

static int __init impact_init(void)
{
	static const unsigned int batches[] = { 1, 8, MAX_BATCH };
	unsigned int i, j;
	int err = 0;

	for (i = 0; i < nr_orders; i++) {
		for (j = 0; j < ARRAY_SIZE(batches); j++)
			measure(orders[i], batches[j]);
		if (buddy && IS_ENABLED(CONFIG_SMP))
			measure_buddy(orders[i]);
	}
	if (buddy && HAVE_LOCKS)
		err = measure_all_holds();
	pr_info("%s,zone,1,%zu,0,0,0\n", mode, sizeof(struct zone));
	return err;
}
module_init(impact_init);

static void __exit impact_exit(void)
{
}
module_exit(impact_exit);

MODULE_DESCRIPTION("Cost of alloc_pages() and __free_pages()");
MODULE_LICENSE("GPL");
