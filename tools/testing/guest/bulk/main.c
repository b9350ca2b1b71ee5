// SPDX-License-Identifier: GPL-2.0
/*
 * What pages cost in batches, on any kernel: loading the module runs all
 * tables and prints a line of CSV for each measurement.
 *
 *	table,column,order,batch,alloc_least,alloc,free_least,free,
 *	both_least,both,off,off_most,zone_hold,pcp_hold
 *
 * Counts are differences of the time stamp counter for the whole batch, the
 * least and the median of many rounds: cycles on UML, instructions in a QEMU
 * that runs with -icount.  "both" is of allocation and free in one round; what
 * reading the counter costs is in all three, and table t0 has it alone.  "off"
 * is the longest time with interrupts off in a round, the median and the most,
 * or 0 where there are no tracepoints to tell.  The holds are the longest of
 * zone->lock and of the lock of the per-CPU lists, in table t6 only.
 *
 *	t1	batches of pages, in the steps of mmtests' pagealloc
 *	t1m	the same, by mmtests' formula: it takes one page more than the
 *		batch has, and divides by the batch
 *	t2	the steps, and the flags, of page_bench04_bulk; with lists
 *	t3	blocks of order 1 to 9
 *	t4	pages freed in random order, then allocated again
 *	t5	from and to a page pool, whose ring holds 1024 pages
 *	t6	as t1, while the locks are watched, which costs time
 *
 * It runs in process context with interrupts on, as the benchmarks do that it
 * follows, on a guest with one CPU that does nothing else.  A few rounds in
 * vain bring the per-CPU lists to where the column keeps them.  A line that
 * begins with # names the zone.  An allocation that fails ends the run, and
 * what it got is lost.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/mm.h>
#include <linux/module.h>
#include <linux/prandom.h>
#include <linux/sched.h>
#include <linux/sort.h>
#include <linux/vmalloc.h>
#include "bulk.h"
#include "clock.h"
#include "irqs.h"
#include "locks.h"
#include "pool.h"

/* 64 MiB, and mmtests' extra page. */
#define MAX_PAGES	16384
#define ROOM		(MAX_PAGES + 1)

#define WARM_ROUNDS	8
#define MIN_ROUNDS	15
#define MAX_ROUNDS	1023
#define NR_PAGES_IN_ALL	131072

#define SEED		20170109

enum part { PART_ALLOC, PART_FREE, PART_BOTH, PART_OFF, NR_PARTS };

/**
 * struct plan - a table
 * @name: in the CSV
 * @columns: NULL behind the last
 * @batches: 0 behind the last
 * @gfp: for the allocations
 * @first_order: of the blocks
 * @last_order: of the blocks
 * @extra: blocks more than the batch has
 * @shuffled: blocks are freed in random order
 * @watched: with the locks under observation
 * @absent: not on this kernel
 */
struct plan {
	const char *name;
	const struct column *const *columns;
	const unsigned long *batches;
	gfp_t gfp;
	unsigned int first_order;
	unsigned int last_order;
	unsigned int extra;
	bool shuffled;
	bool watched;
	bool absent;
};

static const unsigned long one[] = { 1, 0 };

static const unsigned long powers[] = {
	1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192,
	MAX_PAGES, 0
};

static const unsigned long steps[] = {
	1, 2, 3, 4, 8, 16, 32, 64, 128, 256, 0
};

static const unsigned long few[] = { 1, 8, 64, 0 };

static const unsigned long many[] = { 4096, 0 };

static const unsigned long pool_steps[] = { 1, 64, 1024, 4096, 0 };

static const unsigned long watched_steps[] = {
	1, 8, 64, 512, 4096, MAX_PAGES, 0
};

static const struct column *const nothing_columns[] = {
	&column_nothing, NULL
};

static const struct column *const page_columns[] = {
	&column_single, &column_bulk_free, &column_bulk_release, &column_bulk,
	&column_frozen, &column_extents, NULL
};

static const struct column *const mmtests_columns[] = {
	&column_single, &column_bulk_free, &column_bulk, NULL
};

static const struct column *const list_columns[] = {
	&column_single, &column_bulk_free, &column_bulk_release,
	&column_list_free, &column_list_put, &column_bulk, &column_list_bulk,
	&column_frozen, NULL
};

static const struct column *const order_columns[] = {
	&column_single, &column_order, NULL
};

/* Those that have an array to shuffle. */
static const struct column *const array_columns[] = {
	&column_single, &column_bulk_free, &column_bulk_release, &column_bulk,
	&column_frozen, NULL
};

static const struct column *const pool_columns[] = {
	&column_pool_direct, &column_pool_ring, &column_pool_bulk,
	&column_pool_away, NULL
};

#define MMTESTS_GFP	(GFP_KERNEL | __GFP_NOWARN)
#define BENCH04_GFP	(GFP_ATOMIC | __GFP_NORETRY)

static const struct plan plans[] = {
	{ "t0", nothing_columns, one, },
	{ "t1", page_columns, powers, MMTESTS_GFP, },
	{ "t1m", mmtests_columns, powers, MMTESTS_GFP, .extra = 1 },
	{ "t2", list_columns, steps, BENCH04_GFP, },
	{ "t3", order_columns, few, MMTESTS_GFP, 1, 9, },
	{ "t4", array_columns, many, MMTESTS_GFP, .shuffled = true },
	{ "t5", pool_columns, pool_steps, BENCH04_GFP, .absent = !HAVE_POOL },
	{ "t6", page_columns, watched_steps, MMTESTS_GFP, .watched = true,
	  .absent = !HAVE_LOCKS },
};

static u64 samples[NR_PARTS][MAX_ROUNDS];
static struct holds longest;
static struct zone *zone;
static struct rnd_state rnd;

static void empty(struct batch *batch)
{
	memset(batch->pages, 0, batch->nr * sizeof(*batch->pages));
	INIT_LIST_HEAD(&batch->list);
	batch->nr_extents = 0;
}

static void shuffle(struct batch *batch)
{
	unsigned long i;

	for (i = batch->nr - 1; i > 0; i--) {
		unsigned long j = prandom_u32_state(&rnd) % (i + 1);

		swap(batch->pages[i], batch->pages[j]);
	}
}

static void note_holds(struct holds holds)
{
	longest.zone = max(longest.zone, holds.zone);
	longest.pcp = max(longest.pcp, holds.pcp);
}

static int run_round(const struct plan *plan, const struct column *column,
		     struct batch *batch, unsigned int round)
{
	u64 begin, allocated, freeing, freed;
	unsigned long got;

	empty(batch);
	irqs_watch_begin();
	locks_watch_begin();
	begin = measure_clock();
	got = column->alloc(batch);
	allocated = measure_clock();
	if (got != batch->nr)
		return -ENOMEM;
	if (plan->shuffled)
		shuffle(batch);
	freeing = measure_clock();
	column->free(batch);
	freed = measure_clock();

	note_holds(locks_watch_end());
	samples[PART_OFF][round] = irqs_watch_end();
	samples[PART_ALLOC][round] = allocated - begin;
	samples[PART_FREE][round] = freed - freeing;
	samples[PART_BOTH][round] = allocated - begin + freed - freeing;
	return 0;
}

static int compare(const void *a, const void *b)
{
	u64 left = *(const u64 *)a, right = *(const u64 *)b;

	return (left > right) - (left < right);
}

/* After this the least comes first, the median in the middle. */
static void sort_samples(unsigned int nr_rounds)
{
	unsigned int part;

	for (part = 0; part < NR_PARTS; part++)
		sort(samples[part], nr_rounds, sizeof(u64), compare, NULL);
}

static void print_samples(const struct plan *plan, const struct column *column,
			  const struct batch *batch, unsigned int nr_rounds)
{
	unsigned int median = nr_rounds / 2;

	pr_info("%s,%s,%u,%lu,%llu,%llu,%llu,%llu,%llu,%llu,%llu,%llu,%llu,%llu\n",
		plan->name, column->name, batch->order, batch->nr - plan->extra,
		samples[PART_ALLOC][0], samples[PART_ALLOC][median],
		samples[PART_FREE][0], samples[PART_FREE][median],
		samples[PART_BOTH][0], samples[PART_BOTH][median],
		samples[PART_OFF][median], samples[PART_OFF][nr_rounds - 1],
		longest.zone, longest.pcp);
}

/* An odd number, so that there is one in the middle. */
static unsigned int rounds_for(const struct plan *plan,
			       const struct batch *batch)
{
	if (plan->watched)
		return MIN_ROUNDS | 1;
	return clamp(NR_PAGES_IN_ALL / (batch->nr << batch->order),
		     (unsigned long)MIN_ROUNDS, (unsigned long)MAX_ROUNDS) | 1;
}

/*
 * The samples of the rounds in vain are overwritten.  The holds are of them,
 * too: the first batch, which finds the lists empty, may have the longest.
 */
static int measure(const struct plan *plan, const struct column *column,
		   struct batch *batch)
{
	unsigned int i, nr_rounds = rounds_for(plan, batch);
	int err;

	prandom_seed_state(&rnd, SEED);
	longest = (struct holds){};
	for (i = 0; i < WARM_ROUNDS + nr_rounds; i++) {
		err = run_round(plan, column, batch,
				i < WARM_ROUNDS ? 0 : i - WARM_ROUNDS);
		if (err)
			return err;
		cond_resched();
	}
	sort_samples(nr_rounds);
	print_samples(plan, column, batch, nr_rounds);
	return 0;
}

static int run_columns(const struct plan *plan, struct batch *batch)
{
	const struct column *const *column;
	int err;

	for (column = plan->columns; *column; column++) {
		if ((*column)->ours && !IS_ENABLED(CONFIG_PAGE_BULK))
			continue;
		err = measure(plan, *column, batch);
		if (err) {
			pr_err("%s: %s: no %lu blocks of order %u\n",
			       plan->name, (*column)->name, batch->nr,
			       batch->order);
			return err;
		}
	}
	return 0;
}

static int run_order(const struct plan *plan, struct batch *batch)
{
	const unsigned long *nr;
	int err;

	for (nr = plan->batches; *nr; nr++) {
		if (*nr << batch->order > MAX_PAGES)
			continue;
		batch->nr = *nr + plan->extra;
		err = run_columns(plan, batch);
		if (err)
			return err;
	}
	return 0;
}

static int run_orders(const struct plan *plan, struct batch *batch)
{
	unsigned int order;
	int err;

	batch->gfp = plan->gfp;
	for (order = plan->first_order; order <= plan->last_order; order++) {
		batch->order = order;
		err = run_order(plan, batch);
		if (err)
			return err;
	}
	return 0;
}

static int run_plan(const struct plan *plan, struct batch *batch)
{
	int err;

	if (plan->absent)
		return 0;
	if (!plan->watched)
		return run_orders(plan, batch);
	err = locks_start(zone) ?: run_orders(plan, batch);
	locks_stop();
	return err;
}

static int run_all(struct batch *batch)
{
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(plans); i++) {
		err = run_plan(&plans[i], batch);
		if (err)
			return err;
	}
	return 0;
}

static int find_zone(void)
{
	struct page *page = alloc_page(MMTESTS_GFP);

	if (!page)
		return -ENOMEM;
	zone = page_zone(page);
	pr_info("# zone %s of %lu MiB, batch of its per-CPU lists %d\n",
		zone->name, zone_managed_pages(zone) >> (20 - PAGE_SHIFT),
		zone->pageset_batch);
	__free_page(page);
	return 0;
}

static int __init bench_init(void)
{
	struct batch batch = {
		.pages = vcalloc(ROOM, sizeof(*batch.pages)),
		.extents = vcalloc(ROOM, sizeof(*batch.extents)),
	};
	int err = -ENOMEM;

	if (batch.pages && batch.extents)
		err = irqs_start() ?: pool_start() ?: find_zone() ?:
		      run_all(&batch);
	pool_stop();
	irqs_stop();
	vfree(batch.extents);
	vfree(batch.pages);
	return err;
}
module_init(bench_init);

static void __exit bench_exit(void)
{
}
module_exit(bench_exit);

MODULE_DESCRIPTION("Cost of pages in batches");
MODULE_LICENSE("GPL");
