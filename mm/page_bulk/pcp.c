// SPDX-License-Identifier: GPL-2.0
/*
 * Batches and the per-CPU lists.
 *
 * The page allocator keeps free blocks of orders 0 to 3 on lists of each CPU.
 * A batch moves its pages in the largest of them: eight pages for the price of
 * one, and what one batch frees the next one takes without zone->lock.
 *
 * Invariants, all under the lock of the lists:
 * - A list holds blocks of its order and migratetype, aligned to their size,
 *   with a reference count of zero; pcp->count is the number of their pages.
 * - Pages of HIGHATOMIC and CMA pageblocks are on the lists of MOVABLE, pages of
 *   isolated pageblocks on none, as in free_unref_page().
 *
 * A single page that finds its list empty splits the smallest block there is
 * before it goes to the buddy; else what batches leave here would be lost to it.
 *
 * Not kept: the order of pages that were freed one by one.
 */
#include <linux/mm.h>
#include <linux/page-isolation.h>
#include "internal.h"

static struct list_head *list_of(struct per_cpu_pages *pcp, unsigned int order,
				 int migratetype)
{
	return &pcp->lists[MIGRATE_PCPTYPES * order + migratetype];
}

static struct page *pop_block(struct per_cpu_pages *pcp, struct list_head *list,
			      unsigned int order)
{
	struct page *page = list_first_entry(list, struct page, pcp_list);

	list_del(&page->pcp_list);
	pcp->count -= 1 << order;
	return page;
}

static void push_block(struct per_cpu_pages *pcp, struct page *page,
		       unsigned int order, int migratetype)
{
	list_add(&page->pcp_list, list_of(pcp, order, migratetype));
	pcp->count += 1 << order;
}

/* For blocks that nobody has used just now. */
void bulk_append_block(struct per_cpu_pages *pcp, struct page *page,
		       unsigned int order, int migratetype)
{
	list_add_tail(&page->pcp_list, list_of(pcp, order, migratetype));
	pcp->count += 1 << order;
}

/* Push the blocks of a run, last one first, so that they come off ascending. */
static void push_run(struct per_cpu_pages *pcp, struct page *page,
		     unsigned long nr, int migratetype, unsigned int max)
{
	unsigned long pfn = page_to_pfn(page);

	while (nr) {
		unsigned int order = bulk_block_order(pfn + nr, nr, max);

		nr -= 1UL << order;
		push_block(pcp, page + nr, order, migratetype);
	}
}

/* Blocks that are wanted whole, the largest first. */
static void take_whole(struct per_cpu_pages *pcp, const struct page_bulk *bulk,
		       struct bulk_runs *runs, unsigned long want)
{
	int order;

	for (order = BULK_PCP_ORDER; order >= (int)bulk->order; order--) {
		struct list_head *list = list_of(pcp, order,
						 bulk->ac.migratetype);

		while (want - runs->pages >= 1UL << order &&
		       runs->nr < runs->max && !list_empty(list))
			bulk_add_run(runs, pop_block(pcp, list, order),
				     1UL << order);
	}
}

/* The smallest block there is of @order or more. */
static struct page *pop_smallest(struct per_cpu_pages *pcp, unsigned int *order,
				 int migratetype)
{
	for (; *order <= BULK_PCP_ORDER; (*order)++) {
		struct list_head *list = list_of(pcp, *order, migratetype);

		if (!list_empty(list))
			return pop_block(pcp, list, *order);
	}
	return NULL;
}

/* The front of a block that is larger than what is wanted. */
static void take_part(struct per_cpu_pages *pcp, const struct page_bulk *bulk,
		      struct bulk_runs *runs, unsigned long nr)
{
	unsigned int order = bulk->order + 1;
	struct page *page = pop_smallest(pcp, &order, bulk->ac.migratetype);

	if (!page)
		return;
	bulk_add_run(runs, page, nr);
	push_run(pcp, page + nr, (1UL << order) - nr, bulk->ac.migratetype,
		 BULK_PCP_ORDER);
}

/* Take up to @want pages, and no more than @runs has room for. */
void bulk_take_from_pcp(struct per_cpu_pages *pcp, const struct page_bulk *bulk,
			struct bulk_runs *runs, unsigned long want)
{
	pcp->free_count >>= 1;
	take_whole(pcp, bulk, runs, want);
	if (runs->pages < want && runs->nr < runs->max)
		take_part(pcp, bulk, runs, want - runs->pages);
}

/* The list that free pages of this pageblock go to, or -1 for none. */
static int list_type(struct page *page)
{
	int migratetype = get_pageblock_migratetype(page);

	if (likely(migratetype < MIGRATE_PCPTYPES))
		return migratetype;
	return is_migrate_isolate(migratetype) ? -1 : MIGRATE_MOVABLE;
}

/* Put the end of a run on the lists; returns how many pages had to stay. */
unsigned long bulk_put_to_pcp(struct per_cpu_pages *pcp, struct page *page,
			      unsigned long nr)
{
	while (nr) {
		unsigned long last = page_to_pfn(page) + nr - 1;
		unsigned long part = min(nr, (last & (pageblock_nr_pages - 1)) + 1);
		int migratetype = list_type(page + nr - 1);

		if (unlikely(migratetype < 0))
			break;
		nr -= part;
		push_run(pcp, page + nr, part, migratetype, BULK_PCP_ORDER);
	}
	return nr;
}

/* Split the smallest larger block for the list of @order; false if none. */
bool bulk_split_block(struct per_cpu_pages *pcp, unsigned int order,
		      int migratetype)
{
	unsigned int from = order + 1;
	struct page *page;

	if (order >= BULK_PCP_ORDER)
		return false;
	page = pop_smallest(pcp, &from, migratetype);
	if (!page)
		return false;
	push_run(pcp, page, 1UL << from, migratetype, order);
	return true;
}
