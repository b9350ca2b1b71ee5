// SPDX-License-Identifier: GPL-2.0
/*
 * What would have to go?  One pass over the memory map that says of each cell
 * how many pages would have to be dropped and moved, and whether anything there
 * will not go.
 *
 * Pageblocks that are CMA's, set aside for atomic allocations, isolated by
 * others, shared with another zone or not accepted yet are not looked at: a
 * nibble says that all of them is blocked.
 *
 * No lock is taken and no reference: what is read may be out of date at once,
 * and an order or a head may be garbage, so it is not believed beyond a
 * pageblock.  The worst that comes of it is a bad choice.  Whether pages are free
 * is decided under zone->lock, when they are taken.
 *
 * Folios that wait in per-CPU batches look like the kernel's own pages; room.c
 * has the batches emptied before.
 */
#include <linux/hugetlb.h>
#include <linux/mm.h>
#include <linux/page-isolation.h>
#include <linux/sched/signal.h>
#include "../internal.h"
#include "internal.h"
#include "room.h"

enum use {
	USE_FREE,
	USE_DROP,	/* clean, and of a file */
	USE_MOVE,
	USE_HUGE,	/* to move, and of a large folio */
	USE_KERNEL,	/* nobody knows who refers to it */
	USE_HELD,	/* movable, but for those who hold it */
};

static bool is_accepted(struct zone *zone, unsigned long pfn)
{
	unsigned long head = ALIGN_DOWN(pfn, MAX_ORDER_NR_PAGES);
	struct page *page;

	if (!zone_spans_pfn(zone, head))
		return true;
	page = pfn_to_online_page(head);
	return !page || !PageUnaccepted(page);
}

/* The first page of the pageblock at @pfn, if memarea may empty and take it. */
struct page *memarea_usable_block(struct zone *zone, unsigned long pfn)
{
	unsigned long end = pfn + pageblock_nr_pages;
	struct page *page;

	if (!zone_spans_pfn(zone, pfn) || !zone_spans_pfn(zone, end - 1))
		return NULL;
	page = pageblock_pfn_to_page(pfn, end, zone);
	if (!page || !(BIT(get_pageblock_migratetype(page)) & MEMAREA_TYPES))
		return NULL;
	return is_accepted(zone, pfn) ? page : NULL;
}

/* Its head, and the pages from @page on that are as it is; at least one. */
static unsigned long rest_of_folio(struct page *page, struct page **head)
{
	unsigned long pfn = page_to_pfn(page), first, nr;

	*head = compound_head(page);
	first = page_to_pfn(*head);
	nr = compound_nr(*head);
	return first <= pfn && pfn - first < nr ? nr - (pfn - first) : 1;
}

static bool is_pinned(struct page *head)
{
	if (PageHead(head))
		return atomic_read(&((struct folio *)head)->_pincount) > 0;
	return page_ref_count(head) >= GUP_PIN_COUNTING_BIAS;
}

/* Does anybody but page tables know this small anonymous page? */
static bool is_held(struct page *page, unsigned long flags)
{
	return !PageHead(page) && !(flags & BIT(PG_swapcache)) &&
	       page_ref_count(page) > atomic_read(&page->_mapcount) + 1;
}

static bool is_clean_file(unsigned long flags)
{
	return !(flags & (BIT(PG_swapbacked) | BIT(PG_dirty) |
			  BIT(PG_writeback) | BIT(PG_unevictable)));
}

/* Without __GFP_FS only what no file system knows of is moved. */
static bool is_off_limits(const struct memarea_call *call, bool anon,
			  unsigned long flags)
{
	return !memarea_may_enter_fs(call) &&
	       (!anon || (flags & BIT(PG_swapcache)));
}

static enum use use_of_lru(const struct memarea_call *call, struct page *head,
			   unsigned long flags)
{
	bool anon = (unsigned long)READ_ONCE(head->mapping) & PAGE_MAPPING_ANON;

	if (is_off_limits(call, anon, flags) || is_pinned(head))
		return USE_HELD;
	if (is_clean_file(flags))
		return USE_DROP;
	if (anon && is_held(head, flags))
		return USE_HELD;
	return PageHead(head) ? USE_HUGE : USE_MOVE;
}

/* Gigantic ones come from areas themselves, and are not moved for one. */
static enum use use_of_hugetlb(const struct memarea_call *call,
			       struct page *head)
{
	if (!IS_ENABLED(CONFIG_ARCH_ENABLE_HUGEPAGE_MIGRATION) ||
	    !memarea_may_enter_fs(call) || is_pinned(head))
		return USE_HELD;
	return compound_order(head) <= MAX_PAGE_ORDER ? USE_HUGE : USE_HELD;
}

static enum use use_of_compound(const struct memarea_call *call,
				struct page *head)
{
	unsigned long flags = READ_ONCE(head->flags);

	if (PageHuge(head))
		return use_of_hugetlb(call, head);
	if (flags & BIT(PG_lru))
		return use_of_lru(call, head, flags);
	return __folio_test_movable((struct folio *)head) ? USE_HUGE : USE_KERNEL;
}

/* On its way to the free lists, if it is not in the buddy. */
static unsigned long free_pages_at(struct page *page)
{
	unsigned int order;

	if (!PageBuddy(page))
		return 1;
	order = buddy_order_unsafe(page);
	return order <= MAX_PAGE_ORDER ? 1UL << order : 1;
}

static enum use use_of_single(const struct memarea_call *call,
			      struct page *page)
{
	unsigned long flags = READ_ONCE(page->flags);

	if (flags & (BIT(PG_reserved) | __PG_HWPOISON))
		return USE_KERNEL;
	if (!page_ref_count(page))
		return USE_FREE;
	if (flags & BIT(PG_lru))
		return use_of_lru(call, page, flags);
	return __folio_test_movable((struct folio *)page) ? USE_MOVE : USE_KERNEL;
}

/* What @page is used for; *@nr pages from it on are alike. */
static enum use use_of(const struct memarea_call *call, struct page *page,
		       unsigned long *nr)
{
	struct page *head;
	enum use use;

	*nr = 1;
	if (PageCompound(page)) {
		*nr = rest_of_folio(page, &head);
		return use_of_compound(call, head);
	}
	use = use_of_single(call, page);
	if (use == USE_FREE)
		*nr = free_pages_at(page);
	return use;
}

static void count_in(struct memarea_cell *cell, enum use use, unsigned long nr)
{
	switch (use) {
	case USE_FREE:
		break;
	case USE_DROP:
		cell->drop += nr;
		break;
	case USE_MOVE:
		cell->move += nr;
		break;
	case USE_HUGE:
		cell->huge += nr;
		break;
	default:
		cell->blocked = true;
	}
}

/* @nr pages at @pfn, which may be in several cells. */
static void count(const struct memarea_cells *cells, unsigned long pfn,
		  unsigned long nr, enum use use)
{
	unsigned long size = 1UL << cells->order, end = pfn + nr;

	while (pfn < end) {
		unsigned long stop = min(end, ALIGN(pfn + 1, size));

		count_in(memarea_cell_at(cells, pfn), use, stop - pfn);
		pfn = stop;
	}
}

static void clear_cells(const struct memarea_cells *cells, unsigned long pfn,
			unsigned long end)
{
	memset(memarea_cell_at(cells, pfn), 0,
	       (end - pfn) / (1UL << cells->order) * sizeof(*cells->cell));
}

/* What is out of the request's range is nobody's obstacle. */
static void classify_block(const struct memarea_room *room, unsigned long pfn)
{
	unsigned long end = pfn + pageblock_nr_pages, nr;

	clear_cells(&room->cells, pfn, end);
	if (!memarea_usable_block(room->zone, pfn)) {
		count(&room->cells, pfn, end - pfn, USE_KERNEL);
		return;
	}
	pfn = max(pfn, room->spec.lo);
	end = min(end, room->spec.hi);
	for (; pfn < end; pfn += nr) {
		enum use use = use_of(room->call, pfn_to_page(pfn), &nr);

		nr = min(nr, end - pfn);
		count(&room->cells, pfn, nr, use);
	}
}

/* Pages that did not go lately are not asked again. */
static void block_remembered(const struct memarea_room *room,
			     unsigned long start, unsigned long end)
{
	unsigned long pfn;

	while (memarea_room_remembers(start, end, &pfn)) {
		if (!is_free_buddy_page(pfn_to_page(pfn)))
			memarea_cell_at(&room->cells, pfn)->blocked = true;
		start = pfn + 1;
	}
}

/* Look at all pageblocks that have a part of [@start, @end). */
enum memarea_reason memarea_classify(const struct memarea_room *room,
				     unsigned long start, unsigned long end)
{
	enum memarea_reason over = MEMAREA_OK;
	unsigned long pfn;

	start = pageblock_start_pfn(start);
	end = pageblock_align(end);
	for (pfn = start; pfn < end && !over; pfn += pageblock_nr_pages) {
		classify_block(room, pfn);
		over = memarea_room_over(room);
		cond_resched();
	}
	block_remembered(room, start, end);
	return over;
}

/* The first page of the chosen place that will not go, or MEMAREA_NO_PFN. */
unsigned long memarea_obstacle(const struct memarea_room *room)
{
	unsigned long end = memarea_window_end(room), pfn, nr;
	unsigned long culprit;

	for (pfn = room->window.start; pfn < end; pfn += nr) {
		unsigned long block = pageblock_start_pfn(pfn);

		if (!memarea_usable_block(room->zone, block) ||
		    use_of(room->call, pfn_to_page(pfn), &nr) >= USE_KERNEL)
			return pfn;
		nr = min(nr, block + pageblock_nr_pages - pfn);
		cond_resched();
	}
	return memarea_room_remembers(room->window.start, end, &culprit) ?
	       culprit : MEMAREA_NO_PFN;
}

/* Why is the page at @pfn still in use? */
enum memarea_reason memarea_blame(const struct memarea_room *room,
				  unsigned long pfn)
{
	struct page *page = pfn_to_page(pfn);
	unsigned long nr;

	if (use_of(room->call, page, &nr) == USE_KERNEL)
		return MEMAREA_UNMOVABLE;
	if (READ_ONCE(compound_head(page)->flags) & BIT(PG_writeback))
		return MEMAREA_WRITEBACK;
	return MEMAREA_HELD;
}
