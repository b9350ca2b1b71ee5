// SPDX-License-Identifier: GPL-2.0
/*
 * Batches of pages, from the caller to the free lists.
 *
 * References are dropped page by page; pages that were neighbours in the array,
 * in either direction, and in memory become one run.  Up to BULK_RUNS runs of a
 * zone are then given back at once: as blocks of up to eight pages to the per-CPU
 * lists, as far as those have room, and as the largest blocks there are to the
 * buddy.  Neither list operation nor lock nor update of the statistics is for a
 * single page, unless it is alone.
 *
 * Invariants:
 * - A page is freed by whoever drops its last reference.  Pages that others hold
 *   are left to them.
 * - Pages in a run have no reference and no owner: they are this call's alone, and
 *   all of one zone.
 * - A page that cannot be what the caller says, free already, reserved, of a type
 *   or part of a compound page, is left as it is; one ratelimited line tells.
 * - zone->lock is held for BULK_HOLD_BLOCKS blocks at a time.
 *
 * Not kept: the time at which pages are freed.  Up to BULK_RUNS runs are in
 * nobody's list until the call ends.
 */
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/page_bulk.h>
#include <linux/pgalloc_tag.h>
#include <linux/ratelimit.h>
#include <linux/vmstat.h>
#include <trace/events/kmem.h>
#include "internal.h"
#include "memcg.h"
#include "stat.h"

/* Pages in a run that is welcome on the lists however full they are. */
#define BULK_LONG_RUN		64

/* The part of page->flags that says which zone and node a page is of. */
#define ZONE_FLAGS	((unsigned long)ZONEID_MASK << ZONEID_PGSHIFT)

/* Flags of pages that are no page of ours. */
#define FOREIGN_FLAGS	(BIT(PG_head) | BIT(PG_reserved))

/* Flags that a free page must not have, or that ask for more than to clear them. */
#define DIRTY_FLAGS	(PAGE_FLAGS_CHECK_AT_PREP | __PG_HWPOISON)

/**
 * struct bulk_in - a batch on its way back
 * @zone: all pages of @runs are of this zone
 * @zone_flags: what such a page has in its flags
 * @watched: not zero if somebody watches pages
 * @order: of each unit
 * @shared: others had the pages too, and may have left something in them
 * @charge: memcg_data of the last units that had any
 * @charged: for how many units that is to be given back
 * @refused: units that were none of ours
 * @runs: pages ready to be free
 */
struct bulk_in {
	struct zone *zone;
	unsigned long zone_flags;
	unsigned long watched;
	unsigned int order;
	bool shared;
	unsigned long charge;
	unsigned long charged;
	unsigned long refused;
	struct bulk_runs runs;
};

/*
 * Half full, the lists want long runs only: small change merges in the buddy.  But
 * a batch that is little else, for it was shuffled, would merge page by page.
 */
static unsigned long least_run(const struct bulk_in *in,
			       const struct per_cpu_pages *pcp)
{
	if (in->runs.pages < 2 * in->runs.nr ||
	    pcp->count + in->runs.pages <= pcp->high / 2)
		return 1;
	return BULK_LONG_RUN;
}

static void list_runs(struct bulk_in *in)
{
	unsigned long flags, least;
	struct per_cpu_pages *pcp;
	int room;

	pcp = bulk_lock_pcp(in->zone, &flags);
	if (unlikely(!pcp))
		return;
	least = least_run(in, pcp);
	room = bulk_pcp_room(pcp, in->zone, min(in->runs.pages, INT_MAX));
	bulk_list_runs(pcp, &in->runs, room, least);
	bulk_unlock_pcp(pcp, &flags);
}

/* Put the front of a run into the buddy, in at most *@budget blocks. */
static void bury_front(struct zone *zone, struct page_extent *run, int *budget)
{
	unsigned long pfn = page_to_pfn(run->page);

	lockdep_assert_held(&zone->lock);

	for (; run->nr && *budget; --*budget) {
		unsigned int order = bulk_block_order(pfn, run->nr,
						      MAX_PAGE_ORDER);

		put_free_block(zone, pfn_to_page(pfn), order);
		pfn += 1UL << order;
		run->nr -= 1UL << order;
	}
	if (run->nr)
		run->page = pfn_to_page(pfn);
}

/* One hold of the lock. */
static void bury_some(struct zone *zone, struct page_extent **run,
		      struct page_extent *end)
{
	int budget = BULK_HOLD_BLOCKS;
	unsigned long flags;

	spin_lock_irqsave(&zone->lock, flags);
	for (; *run < end; ++*run) {
		bury_front(zone, *run, &budget);
		if ((*run)->nr)
			break;
	}
	spin_unlock_irqrestore(&zone->lock, flags);
}

/* What the lists had no room for. */
static void bury_runs(struct bulk_in *in)
{
	struct page_extent *run = in->runs.run, *end = run + in->runs.nr;
	struct zone *zone = in->zone;

	while (run < end && !run->nr)
		run++;
	while (run < end)
		bury_some(zone, &run, end);
	if (test_bit(ZONE_BELOW_HIGH, &zone->flags) &&
	    zone_watermark_ok(zone, 0, high_wmark_pages(zone), ZONE_MOVABLE, 0))
		clear_bit(ZONE_BELOW_HIGH, &zone->flags);
}

static void give_back_charge(struct bulk_in *in)
{
	if (in->charged)
		memcg_kmem_uncharge_bulk(in->charge, in->charged << in->order,
					 in->charged);
	in->charged = 0;
}

/* Nothing is left in @in afterwards. */
static void flush(struct bulk_in *in)
{
	give_back_charge(in);
	if (!in->runs.nr)
		return;
	if (alloc_stat_enabled())
		count_vm_events(PGFREE, in->runs.pages);
	list_runs(in);
	bury_runs(in);
	in->runs.nr = 0;
	in->runs.pages = 0;
}

static void add_run(struct bulk_in *in, struct page *page, unsigned long nr)
{
	if (bulk_extend_run(&in->runs, page, nr))
		return;
	if (in->runs.nr == BULK_RUNS)
		flush(in);
	bulk_new_run(&in->runs, page, nr);
}

/* Slab pages, page tables and the like have a type; mapped pages have none. */
static inline bool has_type(const struct page *page)
{
	return unlikely(atomic_read(&page->_mapcount) != -1) &&
	       page_has_type(page);
}

/* A page of the current zone that its owner may free. */
static __always_inline bool is_ours(const struct bulk_in *in,
				    const struct page *page, bool frozen)
{
	unsigned long odd = (page->flags ^ in->zone_flags) &
			    (ZONE_FLAGS | FOREIGN_FLAGS);

	return likely(!odd) && likely(!has_type(page)) &&
	       likely(!page_ref_count(page) == frozen) &&
	       !(frozen && PageTail(page));
}

/* A page that __free_page() can be trusted with. */
static bool is_single(const struct page *page)
{
	return !(page->flags & FOREIGN_FLAGS) && !has_type(page) &&
	       page_ref_count(page);
}

/* A batch of one is a page; false if it is none that can be freed so. */
static bool free_single_frozen(struct page *page)
{
	if ((page->flags & FOREIGN_FLAGS) || has_type(page) ||
	    page_ref_count(page) || PageTail(page))
		return false;
	set_page_count(page, 1);
	__free_page(page);
	return true;
}

/* Units are charged one by one, mostly to one group. */
static void drop_charge(struct bulk_in *in, struct page *page)
{
	unsigned long charge = page_charge(page);

	if (!charge)
		return;
	if (charge != in->charge)
		give_back_charge(in);
	in->charge = charge;
	in->charged++;
	set_page_charge(page, 0);
}

/* Not zero if a struct page, but for its flags, tells of a user or of an owner. */
static __always_inline unsigned long page_traces(const struct page *page)
{
	return ~(unsigned int)atomic_read(&page->_mapcount) |
	       page_charge(page) | (unsigned long)page->mapping |
	       (page->compound_head & 1);
}

/* A page of the buddy's that is nothing but memory. */
static __always_inline bool is_plain(const struct page *page)
{
	return !((page->flags & DIRTY_FLAGS) | page_traces(page)) &&
	       !is_zone_device_page(page);
}

static bool unprepare_watched(struct bulk_in *in, struct page *page)
{
	if (in->shared && !is_plain(page)) {
		__folio_put(page_folio(page));
		return false;
	}
	if (PageMemcgKmem(page))
		drop_charge(in, page);
	return free_pages_prepare(page, in->order);
}

/* What the page allocator would forget, too. */
static __always_inline void forget(struct page *page)
{
	page_cpupid_reset_last(page);
	set_page_private(page, 0);
}

/* False if the page is not to be freed, being poisoned or bad. */
static __always_inline bool unprepare(struct bulk_in *in, struct page *page)
{
	unsigned long odd = (page->flags & DIRTY_FLAGS) | page_charge(page) |
			    (unsigned long)page->mapping | in->watched;

	if (unlikely(odd))
		return unprepare_watched(in, page);
	forget(page);
	return true;
}

/* Nobody can take a reference on a frozen page: one look at it is enough. */
static __always_inline bool frozen_is_plain(const struct page *page,
					    unsigned long zone_flags,
					    unsigned long watched)
{
	unsigned long odd = (page->flags ^ zone_flags) &
			    (ZONE_FLAGS | DIRTY_FLAGS);

	odd |= (unsigned int)page_ref_count(page) | page_traces(page);
	return likely(!(odd | watched));
}

/**
 * enum fate - what became of a page
 * @DROPPED: ours was the last reference, the page is to be freed
 * @KEPT: others have references, or the page must stay out of use
 * @FOREIGN: of another zone, or none of ours; nothing was done
 */
enum fate {
	DROPPED,
	KEPT,
	FOREIGN,
};

/* Drop our reference; a frozen page has none. */
static __always_inline enum fate drop_any(struct bulk_in *in,
					  struct page *page, bool frozen)
{
	if (!is_ours(in, page, frozen))
		return FOREIGN;
	if (!frozen && unlikely(!put_page_testzero(page)))
		return KEPT;
	return likely(unprepare(in, page)) ? DROPPED : KEPT;
}

static noinline enum fate drop_odd_frozen(struct bulk_in *in, struct page *page)
{
	return drop_any(in, page, true);
}

/* @zone_flags and @watched are @in's, in registers. */
static __always_inline enum fate drop_page(struct bulk_in *in,
					   struct page *page, bool frozen,
					   unsigned long zone_flags,
					   unsigned long watched)
{
	if (!frozen)
		return drop_any(in, page, false);
	if (!frozen_is_plain(page, zone_flags, watched))
		return drop_odd_frozen(in, page);
	forget(page);
	return DROPPED;
}

/* Make the page's zone the current one; returns its flags. */
static unsigned long enter_zone(struct bulk_in *in, const struct page *page)
{
	unsigned long zone_flags = page->flags & ZONE_FLAGS;

	if (!in->zone || zone_flags != in->zone_flags) {
		flush(in);
		in->zone = page_zone(page);
		in->zone_flags = zone_flags;
	}
	return zone_flags;
}

/*
 * How many pages to step over after a run of @dropped pages: one that was kept,
 * or one that is foreign though its zone is the current one.
 */
static __always_inline unsigned long step_over(struct bulk_in *in,
					       enum fate fate,
					       unsigned long dropped)
{
	if (likely(fate == DROPPED) || (fate == FOREIGN && dropped))
		return 0;
	in->refused += fate == FOREIGN;
	return 1;
}

/* Free neighbours, a run between every two pages that are not to be freed. */
static __always_inline void free_range(struct bulk_in *in, struct page *page,
				       unsigned long nr, bool frozen)
{
	const unsigned long watched = in->watched;
	struct page *end = page + nr;

	while (page < end) {
		struct page *start = page;
		enum fate fate = DROPPED;
		unsigned long zone_flags;

		zone_flags = enter_zone(in, page);
		for (; page < end; page++) {
			fate = drop_page(in, page, frozen, zone_flags, watched);
			if (fate != DROPPED)
				break;
		}
		if (page > start)
			add_run(in, start, page - start);
		page += step_over(in, fate, page - start);
	}
}

/* Free the neighbours that an array begins with; returns how many it saw. */
static __always_inline unsigned long
free_neighbours(struct bulk_in *in, struct page **pages, unsigned long nr,
		bool frozen)
{
	const unsigned long zone_flags = enter_zone(in, *pages);
	const unsigned long watched = in->watched;
	struct page *first = *pages, *page = first;
	unsigned long dropped;
	enum fate fate;

	do {
		fate = drop_page(in, page, frozen, zone_flags, watched);
		if (fate != DROPPED)
			break;
		page++;
		pages++;
	} while (--nr && *pages == page && bulk_one_memmap(first, page));
	dropped = page - first;
	if (dropped)
		add_run(in, first, dropped);
	return dropped + step_over(in, fate, dropped);
}

static __always_inline void free_any(struct bulk_in *in, struct page **pages,
				     unsigned long nr, bool frozen)
{
	unsigned long n;

	for (; nr; pages += n, nr -= n) {
		n = 1;
		if (likely(*pages))
			n = free_neighbours(in, pages, nr, frozen);
	}
}

static void free_array(struct bulk_in *in, struct page **pages,
		       unsigned long nr)
{
	free_any(in, pages, nr, false);
}

/* A unit of an order above zero, whole: compound or not, but no part of one. */
static bool unit_is_ours(struct bulk_in *in, struct page *page)
{
	enter_zone(in, page);
	if (PageHead(page))
		return compound_order(page) == in->order && !has_type(page) &&
		       page_ref_count(page);
	return !PageTail(page) && is_ours(in, page, false);
}

/* Somebody holds the first page: as in __free_pages(), only that is left to him. */
static void free_all_but_first(struct bulk_in *in, struct page *page)
{
	unsigned int order = in->order;

	while (order--) {
		struct page *half = page + (1UL << order);

		if (free_pages_prepare(half, order))
			add_run(in, half, 1UL << order);
	}
}

static void free_unit(struct bulk_in *in, struct page *page)
{
	struct alloc_tag *tag = pgalloc_tag_get(page);
	bool compound = PageHead(page);

	if (!unit_is_ours(in, page)) {
		in->refused++;
	} else if (put_page_testzero(page)) {
		if (unprepare(in, page))
			add_run(in, page, 1UL << in->order);
	} else if (!compound) {
		pgalloc_tag_sub_pages(tag, (1UL << in->order) - 1);
		free_all_but_first(in, page);
	}
}

static void begin(struct bulk_in *in, unsigned int order)
{
	in->zone = NULL;
	in->zone_flags = BIT(PG_reserved);	/* no page is of this zone */
	in->watched = order || !bulk_free_is_plain();
	in->order = order;
	in->shared = false;
	in->charge = 0;
	in->charged = 0;
	in->refused = 0;
	in->runs.nr = 0;
	in->runs.pages = 0;
}

static void report(const struct bulk_in *in, unsigned long caller)
{
	static DEFINE_RATELIMIT_STATE(limit, DEFAULT_RATELIMIT_INTERVAL, 1);

	if (__ratelimit(&limit))
		pr_warn("%pS freed %lu pages that are not its own, or free already; they are left as they are\n",
			(void *)caller, in->refused);
}

static void finish(struct bulk_in *in, unsigned long caller)
{
	flush(in);
	if (in->refused)
		report(in, caller);
}

/**
 * free_pages_bulk() - drop a reference on each page of an array, and free those
 * @pages: single pages, of any zone and node, in any order; NULL is skipped
 * @nr: size of the array
 *
 * As __free_page() for each.  Pages that follow each other in the array and in
 * memory, upwards or downwards, are the cheapest.  The array is not changed.
 *
 * A page that is free already, reserved, of a type, or part of a compound page is
 * left alone; one ratelimited line tells of it.
 *
 * Context: Any in which __free_pages() may be called: not NMI, not under a raw
 * spinlock.  Never sleeps.
 */
void free_pages_bulk(struct page **pages, unsigned long nr)
{
	struct bulk_in in __uninitialized;

	if (nr == 1 && *pages && is_single(*pages)) {
		__free_page(*pages);
		return;
	}
	begin(&in, 0);
	free_array(&in, pages, nr);
	finish(&in, _RET_IP_);
}
EXPORT_SYMBOL_GPL(free_pages_bulk);

/**
 * free_pages_bulk_frozen() - free pages that nobody has a reference on
 * @pages: single pages with a reference count of zero; NULL is skipped
 * @nr: size of the array
 *
 * As free_pages_bulk(), without an atomic operation for each page.  That the
 * pages are not free already is the caller's word.
 *
 * Context: As free_pages_bulk().
 */
void free_pages_bulk_frozen(struct page **pages, unsigned long nr)
{
	struct bulk_in in __uninitialized;

	if (nr == 1 && *pages && free_single_frozen(*pages))
		return;
	begin(&in, 0);
	free_any(&in, pages, nr, true);
	finish(&in, _RET_IP_);
}
EXPORT_SYMBOL_GPL(free_pages_bulk_frozen);

/**
 * free_pages_bulk_extents() - free runs of pages that nobody has a reference on
 * @extents: the runs, of any zones; need not be those that were allocated
 * @nr: size of the array
 *
 * As free_pages_bulk_frozen().
 *
 * Context: As free_pages_bulk().
 */
void free_pages_bulk_extents(const struct page_extent *extents,
			     unsigned long nr)
{
	struct bulk_in in __uninitialized;

	if (nr == 1 && extents->nr == 1 && free_single_frozen(extents->page))
		return;
	begin(&in, 0);
	for (; nr; nr--, extents++)
		free_range(&in, extents->page, extents->nr, true);
	finish(&in, _RET_IP_);
}
EXPORT_SYMBOL_GPL(free_pages_bulk_extents);

/**
 * free_pages_bulk_order() - free blocks of an order
 * @order: of each block
 * @pages: first page of each, compound or not; NULL is skipped
 * @nr: size of the array
 *
 * As __free_pages() for each.  A compound page of another order is left alone.
 *
 * Context: As free_pages_bulk().
 */
void free_pages_bulk_order(unsigned int order, struct page **pages,
			   unsigned long nr)
{
	struct bulk_in in __uninitialized;

	begin(&in, order);
	if (!order)
		free_array(&in, pages, nr);
	for (; order && nr; nr--, pages++) {
		if (*pages)
			free_unit(&in, *pages);
	}
	finish(&in, _RET_IP_);
}
EXPORT_SYMBOL_GPL(free_pages_bulk_order);

/**
 * free_pages_bulk_list() - drop a reference on each page of a list
 * @list: single pages, linked by page->lru; empty afterwards
 *
 * As free_pages_bulk().
 *
 * Context: As free_pages_bulk().
 */
void free_pages_bulk_list(struct list_head *list)
{
	struct page *page, *next;
	struct bulk_in in __uninitialized;

	begin(&in, 0);
	list_for_each_entry_safe(page, next, list, lru) {
		list_del(&page->lru);
		free_range(&in, page, 1, false);
	}
	finish(&in, _RET_IP_);
}
EXPORT_SYMBOL_GPL(free_pages_bulk_list);

/**
 * free_pages_bulk_range() - drop a reference on neighbouring pages, and free those
 * @page: the first
 * @nr: how many
 *
 * As free_pages_bulk(), for pages whose struct pages exist and are one memory
 * map's: those of one MAX_PAGE_ORDER block always are.
 *
 * Context: As free_pages_bulk().
 */
void free_pages_bulk_range(struct page *page, unsigned long nr)
{
	struct bulk_in in __uninitialized;

	begin(&in, 0);
	free_range(&in, page, nr, false);
	finish(&in, _RET_IP_);
}
EXPORT_SYMBOL_GPL(free_pages_bulk_range);

/* For free_contig_range(), whose ranges may be of several memory maps. */
bool bulk_free_contig_range(unsigned long pfn, unsigned long nr_pages,
			    unsigned long *busy)
{
	unsigned long end = pfn + nr_pages, next;

	for (; pfn < end; pfn = next) {
		struct page *page = pfn_to_page(pfn);
		unsigned long i;

		next = min(end, ALIGN(pfn + 1, MAX_ORDER_NR_PAGES));
		for (i = 0; i < next - pfn; i++)
			*busy += page_count(page + i) != 1;
		free_pages_bulk_range(page, next - pfn);
	}
	return true;
}

/* How many pages an array begins with that are plain, and have no bits beside. */
static unsigned int count_plain(struct encoded_page **encoded, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (encoded_page_flags(encoded[i]) ||
		    !is_plain(encoded_page_ptr(encoded[i])))
			break;
	}
	return i;
}

/*
 * For release_pages(), which gets pages of all kinds.  Who else had a page may
 * have made it more than plain before he dropped it.  One page is no batch.
 */
unsigned int bulk_release_pages(struct encoded_page **encoded, int nr)
{
	struct bulk_in in __uninitialized;
	unsigned int plain;

	if (nr <= 1 || trace_mm_page_free_batched_enabled())
		return 0;
	plain = count_plain(encoded, nr);
	if (plain <= 1)
		return 0;
	begin(&in, 0);
	in.shared = true;
	free_array(&in, (struct page **)encoded, plain);
	finish(&in, _RET_IP_);
	return plain;
}
