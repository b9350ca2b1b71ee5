// SPDX-License-Identifier: GPL-2.0
/*
 * Batches of pages, from the free lists to the caller.
 *
 * A batch is served in rounds.  A round takes whole blocks under the locks, the
 * per-CPU lists' first and the buddy's for the rest, prepares their pages with no
 * lock held, and hands them over in the form that was asked for.  There is one
 * update of the statistics for a round, and no list operation for a page, unless it
 * came to the lists by itself.
 *
 * Which blocks: pages that came to the per-CPU lists one by one; then the lists'
 * blocks of eight pages; then the buddy's, the smallest of eight pages or more
 * first, of which the last one may be cut; then what the lists have of small ones;
 * then what the buddy has.  That the smallest go first is the page allocator's own
 * way to keep large blocks.  Only if there is room for fewer extents than pages,
 * large ones go first: the smallest that has all that is wanted, or else the largest.
 *
 * What came one by one goes first, for otherwise batches that are freed page by
 * page would pile up on the lists, each a part of another pageblock, while the next
 * ones break up new blocks.  So pages leave the lists the way they came: batches
 * that are freed as such find their blocks again.  Extents are to be few, and never
 * come back page by page; they do without.
 *
 * Where the buddy has no block of BULK_CHEAP_ORDER, blocks of two and four pages
 * go back from the lists, for there the rest of what they were cut from may be.
 * Everything about migratetypes is left to the page allocator's own __rmqueue(); a
 * batch claims a pageblock of another type where a block of eight pages would, if
 * it is free as a whole.
 *
 * Pieces: batches that never took the buddy's small blocks would leave them to lie
 * about.  So once more than one page in BULK_SMALL_PART is in blocks below eight
 * pages, a batch begins with these, as single pages always do.  Fewer are mostly
 * blocks whose other half is on a per-CPU list, and merge when that goes back.
 *
 * Invariants:
 * - A batch comes from one zone: the first on the preferred node that keeps its
 *   low watermark with the whole batch gone.
 * - A hold of zone->lock takes BULK_RUNS blocks at most, and gives back
 *   BULK_HOLD_BLOCKS small ones; plus what the per-CPU lists are refilled with, which
 *   is the page allocator's measure.  A hold of the lists' lock takes BULK_SINGLES
 *   pages at most that came one by one.
 * - A batch that gets nothing asks for a single page, which can reclaim; so the
 *   result is short rather than late, and empty only if that fails too.
 *
 * Not kept: an order of the pages in the array.  Mostly they ascend.
 */
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/page_bulk.h>
#include <linux/vmstat.h>
#include "../memarea/large.h"
#include "internal.h"
#include "memcg.h"

/* A buddy that has no block of this order is short of large ones. */
#define BULK_CHEAP_ORDER	5

/* With more than this part of what is free in small blocks a zone is in pieces. */
#define BULK_SMALL_PART	128

struct bulk_out;

typedef unsigned long (*put_fn)(struct bulk_out *out, struct page *page,
				unsigned long nr);

/**
 * struct bulk_form - what a caller gets
 * @put_runs: prepares and hands over the pages of a round, which nobody watches
 * @put: hands over @nr pages that are prepared, which are whole units, and returns
 *	how many of them there was room for
 * @frozen: pages have a reference count of zero
 */
struct bulk_form {
	void (*put_runs)(struct bulk_out *out, const struct bulk_runs *runs);
	put_fn put;
	bool frozen;
};

/**
 * struct bulk_out - a batch in the making
 * @form: what the caller gets
 * @bulk: where the pages come from
 * @slot: in an array of pages, where the next free element is looked for
 * @end: where that array ends
 * @list: a list of pages
 * @extent: in an array of extents, the next free element
 * @room: how many more extents that array can take
 * @done: pages handed over
 * @charge: what goes into their memcg_data
 */
struct bulk_out {
	const struct bulk_form *form;
	struct page_bulk bulk;
	struct page **slot, **end;
	struct list_head *list;
	struct page_extent *extent;
	unsigned long room;
	unsigned long done;
	unsigned long charge;
};

/* The next free element of the array, or NULL. */
static __always_inline struct page **free_slot(const struct bulk_out *out,
					       struct page **slot)
{
	while (slot < out->end && unlikely(*slot))
		slot++;
	return slot < out->end ? slot : NULL;
}

static __always_inline unsigned long fill_slots(struct bulk_out *out,
						struct page *page,
						unsigned long nr,
						unsigned int order,
						void (*prepare)(struct page *page))
{
	struct page **slot = out->slot, **stop, *first = page, *end = page + nr;

	while (page < end) {
		slot = free_slot(out, slot);
		if (unlikely(!slot))
			break;
		stop = min(out->end, slot + ((end - page) >> order));
		for (; slot < stop && likely(!*slot); page += 1UL << order) {
			if (prepare)
				prepare(page);
			*slot++ = page;
		}
	}
	out->slot = slot ?: out->end;
	return page - first;
}

static unsigned long put_in_array(struct bulk_out *out, struct page *page,
				  unsigned long nr)
{
	return fill_slots(out, page, nr, out->bulk.order, NULL);
}

static __always_inline unsigned long
put_in_array_plain(struct bulk_out *out, struct page *page, unsigned long nr)
{
	return fill_slots(out, page, nr, 0, thaw_page);
}

static __always_inline unsigned long
put_in_array_frozen(struct bulk_out *out, struct page *page, unsigned long nr)
{
	return fill_slots(out, page, nr, 0, NULL);
}

static unsigned long put_on_list(struct bulk_out *out, struct page *page,
				 unsigned long nr)
{
	unsigned long i;

	for (i = 0; i < nr; i += 1UL << out->bulk.order)
		list_add_tail(&page[i].lru, out->list);
	return nr;
}

static __always_inline unsigned long
put_on_list_plain(struct bulk_out *out, struct page *page, unsigned long nr)
{
	unsigned long i;

	for (i = 0; i < nr; i++) {
		thaw_page(page + i);
		list_add_tail(&page[i].lru, out->list);
	}
	return nr;
}

/* Runs that meet are one extent. */
static unsigned long put_in_extent(struct bulk_out *out, struct page *page,
				   unsigned long nr)
{
	struct page_extent *last = out->extent - 1;

	if (out->done && last->page + last->nr == page &&
	    bulk_one_memmap(last->page, page)) {
		last->nr += nr;
		return nr;
	}
	if (!out->room)
		return 0;
	*out->extent++ = (struct page_extent){ .page = page, .nr = nr };
	out->room--;
	return nr;
}

static void charge_run(struct bulk_out *out, struct page *page,
		       unsigned long nr)
{
	unsigned long i;

	for (i = 0; i < nr; i += 1UL << out->bulk.order)
		set_page_charge(page + i, out->charge);
}

/* The array had more elements in use than were looked at: pages to spare. */
static void give_back(struct bulk_out *out, struct page *page,
		      unsigned long nr, bool plain)
{
	unsigned long i, unit = 1UL << out->bulk.order;

	for (i = 0; i < nr; i += unit) {
		if (plain || out->form->frozen)
			set_page_count(page + i, 1);
		if (out->bulk.order)
			__free_pages(page + i, out->bulk.order);
	}
	if (!out->bulk.order)
		free_pages_bulk_range(page, nr);
}

static __always_inline void put_run(struct bulk_out *out, struct page *page,
				    unsigned long nr, put_fn put, bool plain)
{
	unsigned long taken;

	if (unlikely(out->charge))
		charge_run(out, page, nr);
	taken = put(out, page, nr);
	out->done += nr;
	if (unlikely(taken < nr))
		give_back(out, page + taken, nr - taken, plain);
}

/* Inlined into each form with @put, so that no run needs an indirect call. */
static __always_inline void put_runs(struct bulk_out *out,
				     const struct bulk_runs *runs, put_fn put)
{
	unsigned int i;

	for (i = 0; i < runs->nr; i++)
		put_run(out, runs->run[i].page, runs->run[i].nr, put, true);
}

static void put_runs_in_array(struct bulk_out *out,
			      const struct bulk_runs *runs)
{
	put_runs(out, runs, put_in_array_plain);
}

static void put_runs_in_array_frozen(struct bulk_out *out,
				     const struct bulk_runs *runs)
{
	put_runs(out, runs, put_in_array_frozen);
}

static void put_runs_on_list(struct bulk_out *out,
			     const struct bulk_runs *runs)
{
	put_runs(out, runs, put_on_list_plain);
}

static void put_runs_in_extents(struct bulk_out *out,
				const struct bulk_runs *runs)
{
	put_runs(out, runs, put_in_extent);
}

static const struct bulk_form array_form = {
	.put_runs = put_runs_in_array,
	.put = put_in_array,
};

static const struct bulk_form list_form = {
	.put_runs = put_runs_on_list,
	.put = put_on_list,
};

static const struct bulk_form frozen_form = {
	.put_runs = put_runs_in_array_frozen,
	.put = put_in_array,
	.frozen = true,
};

static const struct bulk_form extent_form = {
	.put_runs = put_runs_in_extents,
	.put = put_in_extent,
	.frozen = true,
};

static bool has_block(const struct page_bulk *bulk, unsigned int order)
{
	return !free_area_empty(&bulk->zone->free_area[order],
				bulk->ac.migratetype);
}

/* Is a whole pageblock of whatever type free, for the batch to make its own? */
static bool has_pageblock(const struct page_bulk *bulk)
{
	int migratetype;
	unsigned int order;

	if (pageblock_order > MAX_BUDDY_ORDER)
		return large_is_free(bulk->zone, pageblock_order, 0);
	for (order = pageblock_order; order <= MAX_BUDDY_ORDER; order++) {
		struct free_area *area = &bulk->zone->free_area[order];

		for (migratetype = 0; migratetype < MIGRATE_PCPTYPES; migratetype++) {
			if (!free_area_empty(area, migratetype))
				return true;
		}
	}
	return false;
}

/* The largest order whose blocks have no more than @want pages. */
static int fitting_order(unsigned long want)
{
	return min_t(unsigned long, __fls(want), MAX_BUDDY_ORDER);
}

/* The smallest order in [@from, @to] that has a free block, or -1. */
static int smallest_block(const struct page_bulk *bulk, int from, int to)
{
	for (; from <= to; from++) {
		if (has_block(bulk, from))
			return from;
	}
	return -1;
}

/* The largest order in [@from, @to] that has a free block, or -1. */
static int largest_block(const struct page_bulk *bulk, int from, int to)
{
	for (; to >= from; to--) {
		if (has_block(bulk, to))
			return to;
	}
	return -1;
}

/*
 * The order to ask the buddy for when @want pages are wanted: that of the smallest
 * block of eight pages or more, or of all of them if large ones go first; else that
 * of the largest smaller one, but none below @min; -1 for neither.  A block that
 * has more than @want is cut.
 */
static int order_to_take(const struct page_bulk *bulk, unsigned long want,
			 int min)
{
	int fitting = fitting_order(want);
	int from = max(min, bulk->large_first ? fitting : BULK_PCP_ORDER);
	int order = smallest_block(bulk, from, MAX_BUDDY_ORDER);

	if (order < 0)
		order = largest_block(bulk, min, from - 1);
	return min(order, fitting);
}

/* Part of a whole pageblock that becomes the batch's type. */
static struct page *claim_pageblock(const struct page_bulk *bulk,
				    unsigned long want, int *order)
{
	if (!has_pageblock(bulk))
		return NULL;
	*order = fitting_order(want);
	return bulk_rmqueue(bulk->zone, *order, bulk->ac.migratetype,
			    bulk->alloc_flags | ALLOC_NOFRAGMENT);
}

/* A block of @want pages or less, of which *@order says how many. */
static struct page *take_block(const struct page_bulk *bulk, unsigned long want,
			       int min, int *order)
{
	struct page *page;

	*order = above_buddy(min) ? min : order_to_take(bulk, want, min);
	if (unlikely(*order < 0)) {
		page = claim_pageblock(bulk, want, order);
		if (page || min > bulk->order)
			return page;
		*order = min;
	}
	return bulk_rmqueue(bulk->zone, *order, bulk->ac.migratetype,
			    bulk->alloc_flags);
}

static void take_from_buddy(const struct page_bulk *bulk,
			    struct bulk_runs *runs, unsigned long want, int min)
{
	int order, budget = BULK_RUNS;
	struct page *page;

	lockdep_assert_held(&bulk->zone->lock);

	while (want - runs->pages >= BIT(min) && runs->nr < runs->max &&
	       budget--) {
		page = take_block(bulk, want - runs->pages, min, &order);
		if (!page)
			break;
		bulk_add_run(runs, page, 1UL << order);
	}
}

/* Small batches leave the next ones something on the per-CPU lists. */
static void refill_pcp(const struct page_bulk *bulk, struct per_cpu_pages *pcp,
		       long nr)
{
	struct page *page;
	int order;

	lockdep_assert_held(&bulk->zone->lock);

	for (; nr > 0; nr -= 1L << order) {
		page = take_block(bulk, min(nr, 1L << BULK_PCP_ORDER), 0, &order);
		if (!page)
			break;
		bulk_append_block(pcp, page, order, bulk->ac.migratetype);
	}
}

/*
 * Small blocks that stay on the lists keep the buddy's from merging.  If a batch
 * of pages would have to live on those, some go where their neighbours are.
 */
static void return_small(const struct page_bulk *bulk,
			 struct per_cpu_pages *pcp, unsigned long want)
{
	lockdep_assert_held(&bulk->zone->lock);

	if (bulk->order || want < BIT(BULK_CHEAP_ORDER) ||
	    largest_block(bulk, BULK_CHEAP_ORDER, MAX_BUDDY_ORDER) >= 0)
		return;
	bulk_return_small(bulk->zone, pcp, bulk->ac.migratetype,
			  min(want / 4, BULK_HOLD_BLOCKS));
}

/* The buddy had to give @nr pages; so much larger, the lists would have had them. */
static void grow_lists(const struct page_bulk *bulk, struct per_cpu_pages *pcp,
		       unsigned long nr)
{
	if (pcp && !bulk->order && !test_bit(ZONE_BELOW_HIGH, &bulk->zone->flags))
		pcp->high = min(pcp->high + (int)nr, pcp->high_max);
}

/* Blocks that are worth a look at the buddy before the lists' small change. */
static void take_large(const struct page_bulk *bulk, struct bulk_runs *runs,
		       unsigned long want, int min, struct per_cpu_pages *pcp)
{
	unsigned long flags, before = runs->pages;

	if (want - runs->pages < BIT(min) || runs->nr == runs->max)
		return;
	spin_lock_irqsave(&bulk->zone->lock, flags);
	if (pcp)
		return_small(bulk, pcp, want - runs->pages);
	take_from_buddy(bulk, runs, want, min);
	spin_unlock_irqrestore(&bulk->zone->lock, flags);
	grow_lists(bulk, pcp, runs->pages - before);
}

/* Whatever the buddy has, when the lists have nothing left. */
static void take_rest(const struct page_bulk *bulk, struct bulk_runs *runs,
		      unsigned long want, struct per_cpu_pages *pcp)
{
	long missing = want - runs->pages, refill = 0;
	unsigned long flags;

	if (!missing || runs->nr == runs->max)
		return;
	if (pcp && !bulk->order)
		refill = bulk_pcp_refill(pcp, bulk->zone) - missing;
	spin_lock_irqsave(&bulk->zone->lock, flags);
	take_from_buddy(bulk, runs, want, bulk->order);
	if (refill > 0)
		refill_pcp(bulk, pcp, refill);
	spin_unlock_irqrestore(&bulk->zone->lock, flags);
}

/* The smallest order below those of large blocks that has a free one, or -1. */
static int smallest_piece(const struct page_bulk *bulk)
{
	return smallest_block(bulk, bulk->order, BULK_PCP_ORDER - 1);
}

/* Must small blocks be used up, lest all become small? */
static bool in_pieces(struct zone *zone)
{
	unsigned long free = zone_page_state(zone, NR_FREE_PAGES), small = 0;
	unsigned int order;

	for (order = 0; order < BULK_PCP_ORDER; order++) {
		/* without the lock, as good as any count that may change at once */
		small += data_race(zone->free_area[order].nr_free) << order;
	}
	return small > free / BULK_SMALL_PART;
}

/* Small blocks of the buddy's, the smallest first, in one bounded hold. */
static void take_small(const struct page_bulk *bulk, struct bulk_runs *runs,
		       unsigned long want, struct per_cpu_pages *pcp)
{
	unsigned long flags, before = runs->pages;
	int order, budget = BULK_RUNS;

	spin_lock_irqsave(&bulk->zone->lock, flags);
	while (runs->nr < runs->max && budget--) {
		order = smallest_piece(bulk);
		if (order < 0 || want - runs->pages < BIT(order))
			break;
		bulk_add_run(runs, bulk_rmqueue(bulk->zone, order,
						bulk->ac.migratetype,
						bulk->alloc_flags), BIT(order));
	}
	spin_unlock_irqrestore(&bulk->zone->lock, flags);
	grow_lists(bulk, pcp, runs->pages - before);
}

/* What single pages would get: what came one by one, and the buddy's small blocks. */
static void take_pieces(const struct page_bulk *bulk, struct bulk_runs *runs,
			unsigned long want, struct per_cpu_pages *pcp)
{
	if (likely(pcp) && !bulk->few_runs &&
	    unlikely(pcp->count != pcp->batched))
		bulk_take_singles(pcp, bulk, runs, want);
	/* without the lock, to be asked again with it */
	if (want > runs->pages && runs->nr < runs->max &&
	    unlikely(in_pieces(bulk->zone)) && smallest_piece(bulk) >= 0)
		take_small(bulk, runs, want, pcp);
}

/* What is still wanted, from the lists and, when these have not enough, the buddy. */
static __always_inline void
take_listed(const struct page_bulk *bulk, struct bulk_runs *runs,
	    unsigned long want, int large, struct per_cpu_pages *pcp)
{
	pcp->free_count >>= 1;
	if (runs->pages == want || runs->pages >= BULK_SINGLES)
		return;
	if (want - runs->pages >= BIT(large))
		bulk_take_whole(pcp, bulk, runs, want, large);
	if (pcp->count <= pcp->high / 2)
		take_large(bulk, runs, want, large, pcp);
	bulk_take_any(pcp, bulk, runs, want);
	take_rest(bulk, runs, want, pcp);
}

/* From the buddy, for the lists are locked, and this may be an interrupt. */
static noinline void take_unlisted(const struct page_bulk *bulk,
				   struct bulk_runs *runs,
				   unsigned long want, int large)
{
	take_large(bulk, runs, want, large, NULL);
	take_rest(bulk, runs, want, NULL);
}

/* One round's blocks, of @want pages at most. */
static void take_round(const struct page_bulk *bulk, struct bulk_runs *runs,
		       unsigned long want)
{
	int large = max_t(int, bulk->order, BULK_PCP_ORDER);
	struct per_cpu_pages *pcp;
	unsigned long flags;

	runs->nr = 0;
	runs->pages = 0;
	pcp = bulk_lock_pcp(bulk->zone, &flags);
	if (unlikely(bulk->large_first))
		take_large(bulk, runs, want, large, NULL);
	else
		take_pieces(bulk, runs, want, pcp);
	if (unlikely(!pcp)) {
		take_unlisted(bulk, runs, want, large);
		return;
	}
	take_listed(bulk, runs, want, large, pcp);
	bulk_unlock_pcp(pcp, &flags);
}

/* Nobody has a reference from now on; NULL if somebody took one meanwhile. */
static struct page *freeze_page(struct page *page)
{
	if (likely(page_ref_freeze(page, 1)))
		return page;
	__free_page(page);
	return NULL;
}

/* Hand over pages that somebody watches. */
static void put_units(struct bulk_out *out, struct page *page, unsigned long nr)
{
	unsigned long i, unit = 1UL << out->bulk.order;

	for (i = 0; i < nr; i += unit) {
		if (!bulk_prepare_unit(&out->bulk, page + i))
			continue;
		if (out->form->frozen && !freeze_page(page + i))
			continue;
		put_run(out, page + i, unit, out->form->put, false);
	}
}

static void put_round(struct bulk_out *out, const struct bulk_runs *runs)
{
	unsigned int i;

	if (likely(bulk_alloc_is_plain(&out->bulk))) {
		out->form->put_runs(out, runs);
	} else {
		for (i = 0; i < runs->nr; i++)
			put_units(out, runs->run[i].page, runs->run[i].nr);
	}
	bulk_account(&out->bulk, runs->pages);
}

/* Pages of foreign pageblocks are a second choice; true if not yet made. */
static bool allow_fragmentation(struct page_bulk *bulk)
{
	bool allowed = !(bulk->alloc_flags & ALLOC_NOFRAGMENT);

	bulk->alloc_flags &= ~ALLOC_NOFRAGMENT;
	return !allowed;
}

static void unboost(const struct page_bulk *bulk)
{
	struct zone *zone = bulk->zone;

	if ((bulk->alloc_flags & ALLOC_KSWAPD) &&
	    unlikely(test_bit(ZONE_BOOSTED_WATERMARK, &zone->flags))) {
		clear_bit(ZONE_BOOSTED_WATERMARK, &zone->flags);
		wakeup_kswapd(zone, 0, 0, zone_idx(zone));
	}
}

static void put_rounds(struct bulk_out *out, unsigned long want)
{
	struct bulk_runs runs __uninitialized;

	out->bulk.few_runs = out->room < ULONG_MAX;
	out->bulk.large_first = out->room < want;
	for (;;) {
		runs.max = min(out->room, BULK_RUNS);
		take_round(&out->bulk, &runs, want - out->done);
		if (runs.nr)
			put_round(out, &runs);
		else if (!allow_fragmentation(&out->bulk))
			break;
		if (out->done >= want || !out->room)
			break;
		if (gfpflags_allow_blocking(out->bulk.gfp))
			cond_resched();
	}
	unboost(&out->bulk);
}

/* For a batch that got nothing: it may need reclaim, or another node. */
static void put_single(struct bulk_out *out, gfp_t gfp)
{
	struct page_bulk *bulk = &out->bulk;
	struct page *page = __alloc_pages_noprof(gfp, bulk->order, bulk->nid,
						 bulk->nodemask);

	if (page && out->form->frozen)
		page = freeze_page(page);
	if (!page)
		return;
	out->form->put(out, page, 1UL << bulk->order);
	out->done += 1UL << bulk->order;
}

/* The batch itself; false if not even a single page is to be asked for. */
static bool put_batch(struct bulk_out *out, unsigned long want)
{
	if (!bulk_prepare(&out->bulk, want))
		return false;
	if (out->bulk.zone)
		put_rounds(out, want);
	return true;
}

/* One charge for the batch, of which what was not needed is given back. */
static bool put_charged(struct bulk_out *out, unsigned long want)
{
	gfp_t gfp = out->bulk.gfp & ~(__GFP_DIRECT_RECLAIM | __GFP_HIGH |
				      __GFP_NOFAIL);
	unsigned int order = out->bulk.order;
	unsigned long left;
	bool ret;

	/* at the limit, a single page is worth reclaim, a batch is not */
	if (memcg_kmem_charge_bulk(gfp, want, want >> order, &out->charge))
		return true;
	ret = put_batch(out, want);
	left = want - out->done;
	if (out->charge && left)
		memcg_kmem_uncharge_bulk(out->charge, left, left >> order);
	out->charge = 0;
	return ret;
}

static bool put_many(struct bulk_out *out, unsigned long want)
{
	if (memcg_kmem_online() && (out->bulk.gfp & __GFP_ACCOUNT))
		return put_charged(out, want);
	return put_batch(out, want);
}

/* @nr units into @out; returns how many it got. */
static unsigned long bulk_alloc(struct bulk_out *out, unsigned long nr)
{
	unsigned int order = out->bulk.order;
	gfp_t gfp = out->bulk.gfp;
	bool single = true;

	if (!nr || WARN_ON_ONCE_GFP(order > MAX_PAGE_ORDER, gfp))
		return 0;
	if (nr > 1 && nr <= (INT_MAX / 2) >> order)
		single = put_many(out, nr << order);
	if (!out->done && single)
		put_single(out, gfp);
	return out->done >> order;
}

/* All that is not the form's own, and that nobody sets later. */
static void begin(struct bulk_out *out, const struct bulk_form *form, gfp_t gfp,
		  unsigned int order, int nid)
{
	out->form = form;
	out->bulk.gfp = gfp;
	out->bulk.order = order;
	out->bulk.nid = nid == NUMA_NO_NODE ? numa_mem_id() : nid;
	out->bulk.nodemask = NULL;
	out->room = ULONG_MAX;
	out->done = 0;
	out->charge = 0;
}

/* Free elements from the next one on; counted only if the last one is in use. */
static unsigned long count_free_slots(const struct bulk_out *out)
{
	unsigned long nr = out->end - out->slot, i, count = 0;

	if (likely(!out->end[-1]))
		return nr;
	for (i = 0; i < nr; i++)
		count += !out->slot[i];
	return count;
}

/* Returns how many elements of the array are filled, from the first one on. */
static unsigned long fill_array(struct bulk_out *out, struct page **pages,
				unsigned long nr)
{
	out->end = pages + nr;
	out->slot = free_slot(out, pages);
	if (!out->slot)
		return nr;
	bulk_alloc(out, count_free_slots(out));
	out->slot = free_slot(out, out->slot);
	return out->slot ? out->slot - pages : nr;
}

static unsigned long fill_one(struct page **slot, gfp_t gfp, int nid,
			      nodemask_t *nodemask)
{
	if (!*slot)
		*slot = __alloc_pages_noprof(gfp, 0, nid, nodemask);
	return *slot ? 1 : 0;
}

static unsigned long fill_one_frozen(struct page **slot, gfp_t gfp)
{
	if (!*slot && fill_one(slot, gfp, numa_mem_id(), NULL))
		*slot = freeze_page(*slot);
	return *slot ? 1 : 0;
}

/**
 * alloc_pages_bulk() - allocate pages for an array or a list
 * @gfp: as for alloc_pages(); __GFP_ACCOUNT is one charge for the batch
 * @preferred_nid: node to allocate from
 * @nodemask: nodes that a single page may come from if that one has none, or NULL
 * @nr_pages: how many pages the array has room for, or how many go on the list
 * @page_list: list to add pages to, or NULL
 * @page_array: array whose elements that are NULL are filled
 *
 * Context: As alloc_pages() with the same @gfp.
 * Return: For a list, how many pages were added.  For an array, how many of its
 * elements are filled, counted up to the first that is not; fewer than wanted if
 * memory is short.
 */
unsigned long alloc_pages_bulk_noprof(gfp_t gfp, int preferred_nid,
				      nodemask_t *nodemask, int nr_pages,
				      struct list_head *page_list,
				      struct page **page_array)
{
	struct bulk_out out __uninitialized;

	if (nr_pages <= 0)
		return 0;
	if (nr_pages == 1 && page_array)
		return fill_one(page_array, gfp, preferred_nid, nodemask);
	begin(&out, page_list ? &list_form : &array_form, gfp, 0,
	      preferred_nid);
	out.bulk.nodemask = nodemask;
	out.list = page_list;
	if (page_list)
		return bulk_alloc(&out, nr_pages);
	return fill_array(&out, page_array, nr_pages);
}
EXPORT_SYMBOL_GPL(alloc_pages_bulk_noprof);

/**
 * alloc_pages_bulk_order_node() - allocate blocks of an order
 * @nid: node to allocate from, or NUMA_NO_NODE for the local one
 * @gfp: as for alloc_pages(); with __GFP_COMP each block is a compound page
 * @order: each block has 1 << @order pages
 * @nr: how many blocks the array has room for
 * @pages: array whose elements that are NULL are filled
 *
 * Context: As alloc_pages() with the same @gfp.
 * Return: How many elements are filled, up to the first that is not.
 */
unsigned long alloc_pages_bulk_order_node_noprof(int nid, gfp_t gfp,
						 unsigned int order,
						 unsigned long nr,
						 struct page **pages)
{
	struct bulk_out out __uninitialized;

	begin(&out, &array_form, gfp, order, nid);
	return fill_array(&out, pages, nr);
}
EXPORT_SYMBOL_GPL(alloc_pages_bulk_order_node_noprof);

/**
 * alloc_pages_bulk_order_list() - allocate blocks of an order for a list
 * @gfp: as for alloc_pages(); with __GFP_COMP each block is a compound page
 * @order: each block has 1 << @order pages
 * @nr: how many blocks
 * @list: list to add them to, by page->lru
 *
 * Context: As alloc_pages() with the same @gfp.
 * Return: How many blocks were added.
 */
unsigned long alloc_pages_bulk_order_list_noprof(gfp_t gfp, unsigned int order,
						 unsigned long nr,
						 struct list_head *list)
{
	struct bulk_out out __uninitialized;

	begin(&out, &list_form, gfp, order, NUMA_NO_NODE);
	out.list = list;
	return bulk_alloc(&out, nr);
}
EXPORT_SYMBOL_GPL(alloc_pages_bulk_order_list_noprof);

/**
 * alloc_pages_bulk_frozen() - allocate pages without a reference
 * @gfp: as for alloc_pages()
 * @nr: how many pages the array has room for
 * @pages: array whose elements that are NULL are filled
 *
 * The pages have a reference count of zero, so nobody else can take one, and
 * they cost no atomic operation when they are freed with free_pages_bulk_frozen().
 * Their struct pages are not touched, so page_private() and the like are what the
 * last user left.  thaw_page() makes one a page like any other, before it is shown
 * to anybody who counts references.
 *
 * Context: As alloc_pages() with the same @gfp.
 * Return: How many elements are filled, up to the first that is not.
 */
unsigned long alloc_pages_bulk_frozen_noprof(gfp_t gfp, unsigned long nr,
					     struct page **pages)
{
	struct bulk_out out __uninitialized;

	if (nr == 1)
		return fill_one_frozen(pages, gfp);
	begin(&out, &frozen_form, gfp, 0, NUMA_NO_NODE);
	return fill_array(&out, pages, nr);
}
EXPORT_SYMBOL_GPL(alloc_pages_bulk_frozen_noprof);

/**
 * alloc_pages_bulk_extents() - allocate frozen pages as a few runs
 * @gfp: as for alloc_pages()
 * @nr_pages: how many pages
 * @extents: where the runs are written
 * @max: how many runs there is room for
 *
 * As alloc_pages_bulk_frozen(), for callers who want memory rather than
 * struct pages.  Free all or some of the pages with free_pages_bulk_extents().
 *
 * Context: As alloc_pages() with the same @gfp.
 * Return: How many extents were written; their pages may be fewer than @nr_pages.
 */
unsigned long alloc_pages_bulk_extents_noprof(gfp_t gfp, unsigned long nr_pages,
					      struct page_extent *extents,
					      unsigned long max)
{
	struct bulk_out out __uninitialized;

	begin(&out, &extent_form, gfp, 0, NUMA_NO_NODE);
	out.extent = extents;
	out.room = max;
	if (max)
		bulk_alloc(&out, nr_pages);
	return out.extent - extents;
}
EXPORT_SYMBOL_GPL(alloc_pages_bulk_extents_noprof);
