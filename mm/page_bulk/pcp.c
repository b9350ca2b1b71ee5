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
 * - pcp->batched is an estimate, for all types and orders together: what batches have
 *   put there less what they have taken, never more than pcp->count once the page
 *   allocator has drained the lists or a batch has looked at it.  The rest of the
 *   count came one by one.
 * - Pages of HIGHATOMIC and CMA pageblocks are on the lists of MOVABLE, pages of
 *   isolated pageblocks on none, as in free_unref_page().
 *
 * A single page that finds its list empty splits the smallest block there is,
 * if the buddy has nothing smaller; else what batches leave here would be lost to
 * it.
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

/* Pages that a batch adds to the lists, or takes from them. */
static void count_batched(struct per_cpu_pages *pcp, long nr)
{
	pcp->count += nr;
	pcp->batched += nr;
}

/* How many pages came one by one, as far as these are still there. */
static unsigned long count_singles(struct per_cpu_pages *pcp)
{
	pcp->batched = clamp(pcp->batched, 0, pcp->count);
	return pcp->count - pcp->batched;
}

/* The page allocator has taken pages off the lists. */
void bulk_pcp_drained(struct per_cpu_pages *pcp)
{
	pcp->batched = min(pcp->batched, pcp->count);
}

static struct page *pop_block(struct per_cpu_pages *pcp, struct list_head *list,
			      unsigned int order)
{
	struct page *page = list_first_entry(list, struct page, pcp_list);

	list_del(&page->pcp_list);
	count_batched(pcp, -(1 << order));
	return page;
}

/* For blocks that nobody has used just now. */
void bulk_append_block(struct per_cpu_pages *pcp, struct page *page,
		       unsigned int order, int migratetype)
{
	list_add_tail(&page->pcp_list, list_of(pcp, order, migratetype));
	count_batched(pcp, 1 << order);
}

/* Push @nr pages in neighbouring blocks, so that they come off ascending. */
static void push_blocks(struct list_head *list, struct page *page,
			unsigned long nr, unsigned long size)
{
	struct list_head *last = list->next, *entry;

	while (nr) {
		nr -= size;
		entry = &page[nr].pcp_list;
		entry->next = last;
		last->prev = entry;
		last = entry;
	}
	last->prev = list;
	list->next = last;
}

/* Push the blocks of a run, the last ones first. */
static void push_run(struct per_cpu_pages *pcp, struct page *page,
		     unsigned long nr, int migratetype, unsigned int max)
{
	unsigned long pfn = page_to_pfn(page), front;

	count_batched(pcp, nr);
	if (nr == 1) {
		list_add(&page->pcp_list, list_of(pcp, 0, migratetype));
		return;
	}
	for (; nr; nr = front) {
		unsigned int order = bulk_block_order(pfn + nr, nr, max);
		unsigned long size = 1UL << order;

		front = order == max ? nr & (size - 1) : nr - size;
		push_blocks(list_of(pcp, order, migratetype), page + front,
			    nr - front, size);
	}
}

/* Take blocks off the front of a list; they are unlinked together. */
static void take_front(struct list_head *list, unsigned int order,
		       struct bulk_runs *runs, unsigned long want)
{
	unsigned long size = 1UL << order;
	struct list_head *entry = list->next;

	while (entry != list && want - runs->pages >= size &&
	       runs->nr < runs->max) {
		unsigned long left = want - runs->pages, nr = size;
		struct page *page = list_entry(entry, struct page, pcp_list);

		entry = entry->next;
		while (nr + size <= left && entry == &page[nr].pcp_list &&
		       bulk_one_memmap(page, page + nr)) {
			entry = entry->next;
			nr += size;
		}
		bulk_add_run(runs, page, nr);
	}
	list->next = entry;
	entry->prev = list;
}

/* Take whole blocks of up to @want pages, the largest first, none below @min. */
void bulk_take_whole(struct per_cpu_pages *pcp, const struct page_bulk *bulk,
		     struct bulk_runs *runs, unsigned long want, int min)
{
	unsigned long before = runs->pages;
	struct list_head *list;
	int order;

	if (before == want)
		return;
	order = min_t(int, BULK_PCP_ORDER, __fls(want - before));
	for (; order >= min && runs->pages < want; order--) {
		list = list_of(pcp, order, bulk->ac.migratetype);
		if (!list_empty(list))
			take_front(list, order, runs, want);
	}
	count_batched(pcp, before - runs->pages);
}

/* Take of what came one by one, the latest first, at most BULK_SINGLES pages. */
void bulk_take_singles(struct per_cpu_pages *pcp, const struct page_bulk *bulk,
		       struct bulk_runs *runs, unsigned long want)
{
	unsigned long before = runs->pages, singles = count_singles(pcp);

	if (!singles || bulk->order >= BULK_PCP_ORDER)
		return;
	want = min(want, before + min(singles, BULK_SINGLES));
	take_front(list_of(pcp, bulk->order, bulk->ac.migratetype), bulk->order,
		   runs, want);
	pcp->count -= runs->pages - before;
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

/* Take the front of the smallest block that has more than @nr pages. */
static void take_part(struct per_cpu_pages *pcp, const struct page_bulk *bulk,
		      struct bulk_runs *runs, unsigned long nr)
{
	unsigned int order = __fls(nr) + 1;
	struct page *page = pop_smallest(pcp, &order, bulk->ac.migratetype);

	if (!page)
		return;
	bulk_add_run(runs, page, nr);
	push_run(pcp, page + nr, (1UL << order) - nr, bulk->ac.migratetype,
		 BULK_PCP_ORDER);
}

/* Take up to @want pages in blocks of any size, one of them in part. */
void bulk_take_any(struct per_cpu_pages *pcp, const struct page_bulk *bulk,
		   struct bulk_runs *runs, unsigned long want)
{
	bulk_take_whole(pcp, bulk, runs, want, bulk->order);
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

/**
 * struct listing - runs on their way to the lists
 * @pcp: the lists
 * @room: how many more pages they take
 * @block: of the last page looked at, the first PFN of its pageblock
 * @migratetype: of that pageblock's pages
 */
struct listing {
	struct per_cpu_pages *pcp;
	long room;
	unsigned long block;
	int migratetype;
};

static int type_at(struct listing *to, struct page *page, unsigned long pfn)
{
	unsigned long block = pageblock_start_pfn(pfn);

	if (block != to->block) {
		to->block = block;
		to->migratetype = list_type(page);
	}
	return to->migratetype;
}

/* Give the end of a run to the lists, as far as they take it; keep its front. */
static inline void list_run(struct listing *to, struct page_extent *run)
{
	while (run->nr && to->room > 0) {
		unsigned long last = page_to_pfn(run->page) + run->nr - 1;
		unsigned long part = last - pageblock_start_pfn(last) + 1;
		int migratetype = type_at(to, run->page + run->nr - 1, last);

		if (unlikely(migratetype < 0))
			break;
		part = min3(part, run->nr, (unsigned long)to->room);
		run->nr -= part;
		to->room -= part;
		push_run(to->pcp, run->page + run->nr, part, migratetype,
			 BULK_PCP_ORDER);
	}
}

/* Give @room pages to the lists, in runs of @least or more, the last one first. */
void bulk_list_runs(struct per_cpu_pages *pcp, struct bulk_runs *runs,
		    long room, unsigned long least)
{
	struct listing to = { .pcp = pcp, .room = room, .block = ULONG_MAX };
	unsigned int i = runs->nr;

	while (i-- && to.room > 0) {
		if (runs->run[i].nr >= least)
			list_run(&to, &runs->run[i]);
	}
}

/* Give up to @budget blocks of orders 1 and 2 to the buddy. */
void bulk_return_small(struct zone *zone, struct per_cpu_pages *pcp,
		       int migratetype, unsigned long budget)
{
	unsigned int order;

	lockdep_assert_held(&zone->lock);

	for (order = 1; order < BULK_PCP_ORDER; order++) {
		struct list_head *list = list_of(pcp, order, migratetype);

		while (budget && !list_empty(list)) {
			put_free_block(zone, pop_block(pcp, list, order), order);
			budget--;
		}
	}
}

/* Has the buddy blocks that are smaller than those of the lists? */
static bool has_fragments(struct zone *zone, unsigned int order,
			  int migratetype)
{
	for (; order < BULK_PCP_ORDER; order++) {
		if (!free_area_empty(&zone->free_area[order], migratetype))
			return true;
	}
	return false;
}

/*
 * Split the smallest larger block for the list of @order.  False if there is none,
 * or if the buddy has fragments: if these were not used up first, they would
 * stay, and large blocks be cut in their place.
 */
bool bulk_split_block(struct zone *zone, struct per_cpu_pages *pcp,
		      unsigned int order, int migratetype)
{
	unsigned int from = order + 1;
	struct page *page;

	if (order >= BULK_PCP_ORDER || has_fragments(zone, order, migratetype))
		return false;
	page = pop_smallest(pcp, &from, migratetype);
	if (!page)
		return false;
	push_run(pcp, page, 1UL << from, migratetype, order);
	pcp->batched -= 1 << from;
	return true;
}
