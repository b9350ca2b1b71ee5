// SPDX-License-Identifier: GPL-2.0
/*
 * What alloc_pages() and __free_pages() cost, on any kernel: one line of CSV
 * in the log for each order and batch size.
 *
 *	mode,order,batch,alloc,free,alloc_most,free_most
 *
 * "mode" is whatever the user of the module calls the state of the kernel.
 * The counts are of the time stamp counter, which counts instructions in a
 * QEMU that runs with -icount, for the whole batch: the least of many rounds,
 * and the most, each with interrupts off.  Orders 0 to 3 and 9 go through the
 * per-CPU lists, the others through the buddy.  The last line has the size of
 * struct zone in bytes, as that of order "zone".
 */
#define pr_fmt(fmt) "impact: " fmt

#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <asm/msr.h>

static char *mode = "";
module_param(mode, charp, 0444);
MODULE_PARM_DESC(mode, "First word of each line");

static unsigned int orders[11] = { 0, 4, 9, 10 };
static unsigned int nr_orders = 4;
module_param_array(orders, uint, &nr_orders, 0444);
MODULE_PARM_DESC(orders, "Orders to measure");

#define MAX_BATCH	128
#define NR_ROUNDS	200

struct cost {
	u64 alloc;
	u64 free;
};

static struct page *pages[MAX_BATCH];

static void one_round(unsigned int order, unsigned int batch,
		      struct cost *least, struct cost *most)
{
	u64 begin, allocated, freed;
	unsigned long flags;
	unsigned int i;

	local_irq_save(flags);
	begin = rdtsc();
	for (i = 0; i < batch; i++)
		pages[i] = alloc_pages(GFP_NOWAIT | __GFP_NOWARN, order);
	allocated = rdtsc();
	for (i = 0; i < batch; i++) {
		if (pages[i])
			__free_pages(pages[i], order);
	}
	freed = rdtsc();
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

static int __init impact_init(void)
{
	static const unsigned int batches[] = { 1, 8, MAX_BATCH };
	unsigned int i, j;

	for (i = 0; i < nr_orders; i++) {
		for (j = 0; j < ARRAY_SIZE(batches); j++)
			measure(orders[i], batches[j]);
	}
	pr_info("%s,zone,1,%zu,0,0,0\n", mode, sizeof(struct zone));
	return 0;
}
module_init(impact_init);

static void __exit impact_exit(void)
{
}
module_exit(impact_exit);

MODULE_DESCRIPTION("Cost of alloc_pages() and __free_pages()");
MODULE_LICENSE("GPL");
