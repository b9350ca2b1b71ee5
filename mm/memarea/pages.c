// SPDX-License-Identifier: GPL-2.0
/*
 * From pages taken off the free lists to pages in use, and back.
 *
 * Both ways go block by block, a block being the largest aligned one that
 * fits, because that is the unit that page_owner, poisoning, KASAN and the
 * free lists work with.  All that takes time is done outside zone->lock; a
 * hold puts at most MEMAREA_HOLD_BLOCKS blocks on the lists.
 *
 * A page is freed by whoever drops its last reference: free_memarea() frees
 * the pages whose reference it was, and leaves the others to their holders,
 * as __free_pages() does.
 *
 * Free pages go straight to the buddy, not to the per-CPU lists: runs are to
 * coalesce at once, and bulk frees would only flush those lists.
 */
#include <linux/export.h>
#include <linux/highmem.h>
#include <linux/kmsan.h>
#include <linux/memarea.h>
#include <linux/memcontrol.h>
#include <linux/vmstat.h>
#include <trace/events/kmem.h>
#include <trace/events/memarea.h>
#include "../page_bulk/stat.h"
#include "internal.h"

/* The most pages that free_memarea() has in hand, out of use and not free. */
#define LIMBO_PAGES	BIT(MAX_PAGE_ORDER)

/* struct pages exist, or do not, for so many at once. */
#define CHUNK_PAGES	BIT(SPACE_CHUNK_SHIFT)

/* The part of page->flags that says which zone and node a page is of. */
#define ZONE_FLAGS	((unsigned long)ZONEID_MASK << ZONEID_PGSHIFT)

/*
 * An area is charged block by block, but it stands or falls as a whole: large
 * ones must not kill for a small block, nor pass the limit.
 */
static bool charge(struct memarea_call *call, struct page *page,
		   unsigned int order)
{
	gfp_t gfp = call->gfp;

	if (!(gfp & __GFP_ACCOUNT) || !memcg_kmem_online())
		return true;
	if (call->spec.nr > 1UL << PAGE_ALLOC_COSTLY_ORDER)
		gfp = (gfp | __GFP_NORETRY) & ~__GFP_HIGH;
	if (!__memcg_kmem_charge_page(page, gfp, order))
		return true;
	memarea_note(call, MEMAREA_CHARGE);
	return false;
}

/* What alloc_pages() does once it has a block. */
static bool prepare_block(struct memarea_call *call, struct page *page,
			  unsigned int order, gfp_t gfp)
{
	post_alloc_hook(page, order, gfp);
	set_page_refcounted(page);
	clear_page_pfmemalloc(page);
	if (alloc_stat_enabled())
		count_vm_events(PGALLOC_NORMAL - ZONE_NORMAL + page_zonenum(page),
				1UL << order);
	trace_mm_page_alloc(page, order, call->gfp, gfp_migratetype(call->gfp));
	kmsan_alloc_page(page, order, call->gfp);
	return charge(call, page, order);
}

/* Give every page its own reference, owner, tag and charge. */
static bool prepare_pages(struct memarea_call *call, struct page *page,
			  unsigned int order)
{
	bool charged = prepare_block(call, page, order, call->gfp);
	unsigned long i;

	/* KASAN tags differ from block to block; one pointer is for them all */
	for (i = 0; i < 1UL << order; i++)
		page_kasan_tag_reset(page + i);
	split_page(page, order);
	return charged;
}

/* Zero in steps what post_alloc_hook() would zero in one. */
static void zero_pages(struct page *page, unsigned long nr, gfp_t gfp)
{
	while (nr--) {
		clear_highpage_kasan_tagged(page++);
		if (!(nr % MAX_ORDER_NR_PAGES))
			memarea_breathe(gfp);
	}
}

static bool zeroed_by_hook(gfp_t gfp)
{
	return want_init_on_free() || want_init_on_alloc(gfp);
}

/* One compound page of the area's size. */
static bool prepare_compound(struct memarea_call *call, struct page *page)
{
	unsigned int order = ilog2(call->spec.nr);
	gfp_t gfp = call->gfp;
	bool charged;

	/* only the hook can zero memory and tags together */
	if (!(gfp & __GFP_ZEROTAGS))
		gfp &= ~__GFP_ZERO;
	charged = prepare_block(call, page, order, gfp);
	if (charged && (call->gfp & __GFP_ZERO) && !zeroed_by_hook(gfp))
		zero_pages(page, call->spec.nr, gfp);
	if (order)
		prep_compound_page(page, order);
	return charged;
}

/* Prepare [*@pfn, @end); on failure *@pfn is where what is prepared ends. */
static bool prepare_range(struct memarea_call *call, unsigned long *pfn,
			  unsigned long end)
{
	while (*pfn < end) {
		struct page *page = pfn_to_page(*pfn);
		unsigned int order = memarea_block_order(*pfn, end);

		if (memarea_should_fail(call, MEMAREA_FAULT_PREPARE))
			return false;
		*pfn += 1UL << order;
		if (!prepare_pages(call, page, order))
			return false;
		memarea_breathe(call->gfp);
	}
	return true;
}

static bool prepare_one(struct memarea_call *call, unsigned long pfn)
{
	if (memarea_should_fail(call, MEMAREA_FAULT_PREPARE)) {
		memarea_put_raw(page_zone(pfn_to_page(pfn)), pfn,
				pfn + call->spec.nr);
		return false;
	}
	if (prepare_compound(call, pfn_to_page(pfn)))
		return true;
	free_memarea(pfn_to_page(pfn), call->spec.nr);
	return false;
}

/* False if the area could not be prepared; it is then back in the buddy. */
bool memarea_prepare(struct memarea_call *call, unsigned long pfn)
{
	unsigned long end = pfn + call->spec.nr, stop = pfn;
	struct page *page = pfn_to_page(pfn);

	if (call->gfp & __GFP_COMP)
		return prepare_one(call, pfn);
	if (prepare_range(call, &stop, end))
		return true;
	if (stop > pfn)
		free_memarea(page, stop - pfn);
	memarea_put_raw(page_zone(page), stop, end);
	return false;
}

/* Return pages that were never prepared. */
void memarea_put_raw(struct zone *zone, unsigned long start, unsigned long end)
{
	struct memarea_space sp = { .zone = zone };

	while (start < end) {
		int budget = MEMAREA_HOLD_BLOCKS;
		unsigned long flags;

		spin_lock_irqsave(&zone->lock, flags);
		start = memarea_give_back(&sp, start, end, &budget);
		spin_unlock_irqrestore(&zone->lock, flags);
	}
}

/* Blocks prepared for the lists: [start, end), less those marked as bad. */
struct batch {
	unsigned long start;
	unsigned long end;
	DECLARE_BITMAP(bad, MEMAREA_HOLD_BLOCKS);
};

/* Every page has an owner and a tag of its own, if it has any: drop each. */
static bool unprepare_block(struct page *page, unsigned int order)
{
	unsigned int unit = memarea_pages_tracked() ? 0 : order;
	unsigned long i;
	bool good = true;

	for (i = 0; i < 1UL << order; i += 1UL << unit)
		good &= free_pages_prepare(page + i, unit);
	return good;
}

static void unprepare_batch(struct batch *batch, unsigned long start,
			    unsigned long end)
{
	unsigned int nr;

	batch->start = start;
	bitmap_zero(batch->bad, MEMAREA_HOLD_BLOCKS);
	for (nr = 0; start < end && nr < MEMAREA_HOLD_BLOCKS; nr++) {
		unsigned int order = memarea_block_order(start, end);

		if (!unprepare_block(pfn_to_page(start), order))
			__set_bit(nr, batch->bad);
		start += 1UL << order;
	}
	batch->end = start;
}

/* @end as in unprepare_batch(), so that the blocks are the same. */
static void put_batch(struct zone *zone, const struct batch *batch,
		      unsigned long end)
{
	unsigned long start = batch->start, flags;
	unsigned int nr;

	spin_lock_irqsave(&zone->lock, flags);
	for (nr = 0; start < batch->end; nr++) {
		unsigned int order = memarea_block_order(start, end);

		if (!test_bit(nr, batch->bad))
			put_free_block(zone, pfn_to_page(start), order);
		start += 1UL << order;
	}
	spin_unlock_irqrestore(&zone->lock, flags);
}

/* Free pages whose last reference was ours. */
static void free_run(struct zone *zone, unsigned long start, unsigned long end)
{
	if (alloc_stat_enabled())
		count_vm_events(PGFREE, end - start);
	while (start < end) {
		struct batch batch;

		unprepare_batch(&batch, start, end);
		put_batch(zone, &batch, end);
		start = batch.end;
	}
}

/* No slab, page table or other page of a type; mapped ones have none. */
static bool no_type(struct page *page)
{
	return likely(atomic_read(&page->_mapcount) == -1) ||
	       !page_has_type(page);
}

/*
 * In this zone, not reserved, no slab or head of a compound page, nor free or
 * a tail: both have no reference.
 */
static bool may_be_freed(struct page *page, unsigned long zone_flags)
{
	unsigned long other = ZONE_FLAGS | BIT(PG_reserved) | BIT(PG_head);

	return !((page->flags ^ zone_flags) & other) && no_type(page) &&
	       page_ref_count(page);
}

/*
 * The last reference is gone, but a flag is in the way.  A poisoned page goes
 * its own way; with any other flag the page stays allocated.
 */
static void keep_off_lists(struct page *page, unsigned long *refused)
{
	if (page->flags & PAGE_FLAGS_CHECK_AT_FREE) {
		set_page_refcounted(page);
		(*refused)++;
	} else {
		free_pages_prepare(page, 0);
	}
}

/*
 * Drop our reference; true if the page is to be freed now.  Flags that a
 * holder sets for a while say nothing as long as there is one.
 */
static bool drop_ref(struct page *page, unsigned long *refused)
{
	if (unlikely(!put_page_testzero(page)))
		return false;
	if (likely(!(page->flags & (PAGE_FLAGS_CHECK_AT_FREE | __PG_HWPOISON))))
		return true;
	keep_off_lists(page, refused);
	return false;
}

/* Each page carries its own charge: free_pages_prepare() sees one a block. */
static void uncharge(struct page *page)
{
	if (memcg_kmem_online() && PageMemcgKmem(page))
		__memcg_kmem_uncharge_page(page, 0);
}

/* Drop references from @pfn on, up to a page that is not to be freed. */
static unsigned long drop_refs(unsigned long pfn, unsigned long end,
			       unsigned long zone_flags, unsigned long *refused)
{
	struct page *page = pfn_to_page(pfn);

	for (; pfn < end; pfn++, page = nth_page(page, 1)) {
		if (unlikely(!may_be_freed(page, zone_flags))) {
			(*refused)++;
			break;
		}
		if (!drop_ref(page, refused))
			break;
		uncharge(page);
	}
	return pfn;
}

/* A batch of references, then the pages: few are in limbo at a time. */
static unsigned long free_pages_of(struct zone *zone, unsigned long pfn,
				   unsigned long end)
{
	unsigned long zone_flags = pfn_to_page(pfn)->flags & ZONE_FLAGS;
	unsigned long refused = 0;

	while (pfn < end) {
		unsigned long limit = min(end, ALIGN(pfn + 1, LIMBO_PAGES));
		unsigned long stop = drop_refs(pfn, limit, zone_flags,
					       &refused);

		free_run(zone, pfn, stop);
		pfn = stop + (stop < limit);
	}
	return refused;
}

/* A compound page has one reference; its pages go in bounded holds. */
static unsigned long free_compound(struct zone *zone, struct page *head,
				   unsigned long nr_pages)
{
	unsigned long pfn = page_to_pfn(head);

	if (!PageHead(head) || compound_nr(head) != nr_pages ||
	    page_has_type(head) || !page_ref_count(head))
		return nr_pages;
	if (!put_page_testzero(head))
		return 0;
	if (head->flags & PAGE_FLAGS_CHECK_AT_FREE) {
		set_page_refcounted(head);
		return nr_pages;
	}
	if (alloc_stat_enabled())
		count_vm_events(PGFREE, nr_pages);
	if (free_pages_prepare(head, compound_order(head)))
		memarea_put_raw(zone, pfn, pfn + nr_pages);
	return 0;
}

static bool in_zone(unsigned long pfn, struct zone *zone)
{
	struct page *page = pfn_to_online_page(pfn);

	return page && page_zone(page) == zone;
}

static unsigned long chunk_of(unsigned long pfn)
{
	return pfn >> SPACE_CHUNK_SHIFT;
}

/* Do struct pages exist for the whole range?  Samples their zone, too. */
static bool in_one_zone(struct page *area, unsigned long nr_pages)
{
	unsigned long pfn = page_to_pfn(area), last = pfn + nr_pages - 1;
	struct zone *zone = page_zone(area);

	if (!nr_pages || last < pfn)
		return false;
	for (; chunk_of(pfn) != chunk_of(last); pfn = ALIGN(pfn + 1, CHUNK_PAGES)) {
		if (!in_zone(pfn, zone))
			return false;
	}
	return in_zone(last, zone);
}

/**
 * free_memarea() - drop a reference on each page of a range, and free those
 * @area: first page, or NULL for nothing to do
 * @nr_pages: size of the range; all of an area or any part of it.  A compound
 *	area is freed as a whole (or by put_page(), as any compound page)
 *
 * Pages that somebody else still holds a reference on are freed when that is
 * dropped.  A page that is free already, or cannot be an area's, is left alone;
 * one ratelimited line tells of it.
 *
 * Context: Any in which __free_pages() may be called: not NMI, not under a raw
 * spinlock.  Never sleeps.  Takes zone->lock for 128 blocks at a time.
 */
void free_memarea(struct page *area, unsigned long nr_pages)
{
	unsigned long refused = nr_pages;

	if (!area)
		return;
	if (in_one_zone(area, nr_pages)) {
		struct zone *zone = page_zone(area);
		unsigned long pfn = page_to_pfn(area);

		trace_memarea_free(pfn, nr_pages);
		if (PageCompound(area))
			refused = free_compound(zone, area, nr_pages);
		else
			refused = free_pages_of(zone, pfn, pfn + nr_pages);
	}
	if (refused || !nr_pages)
		memarea_report_free(area, nr_pages, refused, _RET_IP_);
}
EXPORT_SYMBOL_GPL(free_memarea);
