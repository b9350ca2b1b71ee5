// SPDX-License-Identifier: GPL-2.0
/*
 * Empty one place and take it.
 *
 * The pageblocks that the place touches are isolated, so that nobody gets pages
 * there while it lasts: neither the pages that were free before nor those that
 * become free.  Then what is in use is dropped, moved or swapped out by the
 * kernel's own means, and when all of the place is free, the search of runs.c
 * takes it off the free lists as it takes any run, but from the isolated lists
 * as well.
 *
 * alloc_contig_range() would do much of that, but not here.  It refuses the
 * place if anything unmovable is in the pageblocks at its ends, even outside of
 * it; it leaves all pageblocks MOVABLE, those set aside for atomic allocations
 * with their pages still counted; and it does not say what it did.
 *
 * Invariants: the pageblocks isolated are exactly those whose types are in
 * room->types, from the first on; none of them was isolated, CMA's or set aside
 * before.  On every way out each has its own type again and no page is
 * withheld: pages in use that have not gone are back on their lists.
 *
 * Locks: zone->lock, for a pageblock at a time.  Folios are only trylocked,
 * except for those who wait anyway (call->contig): the caller may hold some.
 */
#include <linux/hugetlb.h>
#include <linux/migrate.h>
#include <linux/mm.h>
#include <linux/page-isolation.h>
#include <linux/sched/signal.h>
#include <linux/vmstat.h>
#include "../internal.h"
#include "internal.h"
#include "room.h"

/* A page may be held for a moment; later rounds wait, each twice as long. */
#define ROUNDS		4
#define PAUSE_MSECS	8

/* Isolate the pageblock at @pfn if it is anybody's; note its type. */
static bool isolate_block(struct zone *zone, unsigned long pfn,
			  unsigned char *type)
{
	struct page *page;
	unsigned long flags;

	spin_lock_irqsave(&zone->lock, flags);
	page = memarea_usable_block(zone, pfn);
	if (page) {
		*type = get_pageblock_migratetype(page);
		if (move_freepages_block_isolate(zone, page, MIGRATE_ISOLATE))
			zone->nr_isolate_pageblock++;
		else
			page = NULL;
	}
	spin_unlock_irqrestore(&zone->lock, flags);
	return page;
}

/* Isolate the place's pageblocks in order, up to one that cannot be. */
static unsigned long isolate(struct memarea_room *room)
{
	unsigned long pfn = pageblock_start_pfn(room->window.start);
	unsigned char *type = room->types;

	for (; pfn < memarea_window_end(room); pfn += pageblock_nr_pages) {
		if (!isolate_block(room->zone, pfn, type++))
			break;
		cond_resched();
	}
	return pfn;
}

/* Give the pageblocks below @end their types back. */
static void restore(struct memarea_room *room, unsigned long end)
{
	unsigned long pfn = pageblock_start_pfn(room->window.start);
	unsigned char *type = room->types;

	for (; pfn < end; pfn += pageblock_nr_pages) {
		undo_isolate_page_range(pfn, pfn + pageblock_nr_pages, *type++);
		cond_resched();
	}
}

static bool can_swap_out(struct folio *folio)
{
	return !folio_test_hugetlb(folio) && !__folio_test_movable(folio) &&
	       !folio_test_unevictable(folio);
}

/* Write out and swap out; what does not go is back on the LRU lists. */
static void swap_out(struct memarea_room *room, struct list_head *folios)
{
	struct folio *folio, *next;
	LIST_HEAD(out);

	list_for_each_entry_safe(folio, next, folios, lru) {
		if (!can_swap_out(folio))
			continue;
		node_stat_mod_folio(folio, NR_ISOLATED_ANON +
				    folio_is_file_lru(folio),
				    -folio_nr_pages(folio));
		list_move(&folio->lru, &out);
	}
	room->call->res->swapped += reclaim_pages(&out);
}

/* Copy pages elsewhere; what does not go is back where it was. */
static enum memarea_reason move(struct memarea_room *room,
				struct list_head *folios)
{
	unsigned int moved = 0;
	int err;

	err = migrate_pages(folios, memarea_alloc_target, NULL,
			    (unsigned long)room,
			    room->call->contig ? MIGRATE_SYNC : MIGRATE_ASYNC,
			    MR_CONTIG_RANGE, &moved);
	room->call->res->moved += moved;
	if (!list_empty(folios)) {
		room->culprit = folio_pfn(lru_to_folio(folios));
		putback_movable_pages(folios);
	}
	return err == -ENOMEM ? MEMAREA_NO_TARGET : MEMAREA_OK;
}

static enum memarea_reason evict(struct memarea_room *room,
				 struct list_head *folios, bool swap)
{
	room->call->res->dropped +=
		reclaim_clean_pages_from_list(room->zone, folios);
	if (swap)
		swap_out(room, folios);
	if (list_empty(folios))
		return MEMAREA_OK;
	if (room->effort >= MEMAREA_EFFORT_MOVE)
		return move(room, folios);
	putback_movable_pages(folios);
	return MEMAREA_OK;
}

/* Take all of the place's pages in hand, a few at a time. */
static enum memarea_reason evict_all(struct memarea_room *room, bool swap)
{
	unsigned long pfn = room->window.start, end = memarea_window_end(room);
	struct compact_control cc = {
		.order = -1,
		.zone = room->zone,
		.gfp_mask = memarea_may_enter_fs(room->call) ? GFP_KERNEL :
							       GFP_NOIO,
		.mode = MIGRATE_SYNC,
		.ignore_skip_hint = true,
		.no_set_skip_hint = true,
		.alloc_contig = true,
	};
	enum memarea_reason reason = MEMAREA_OK;

	INIT_LIST_HEAD(&cc.migratepages);
	while (pfn < end && !reason) {
		cc.nr_migratepages = 0;
		isolate_migratepages_range(&cc, pfn, end);
		reason = evict(room, &cc.migratepages, swap);
		pfn = max(cc.migrate_pfn, pfn + 1);
		if (!reason)
			reason = memarea_room_over(room);
	}
	return reason;
}

/* The first page of the place that is not in the buddy, or none. */
static unsigned long first_in_use(const struct memarea_room *room)
{
	unsigned long pfn = room->window.start, end = memarea_window_end(room);

	while (pfn < end) {
		struct page *page = pfn_to_page(pfn);

		if (!is_free_buddy_page(page))
			return pfn;
		pfn += PageBuddy(page) ? 1UL << buddy_order_unsafe(page) : 1;
		if (pageblock_aligned(pfn))
			cond_resched();
	}
	return MEMAREA_NO_PFN;
}

static void pause_before(struct memarea_room *room, unsigned int round)
{
	schedule_timeout_killable(msecs_to_jiffies(PAUSE_MSECS << round));
	/* freed while the pageblock was not seen to be isolated yet */
	drain_all_pages(room->zone);
}

/* Writing takes a while: first swap, then move what is left. */
static bool swap_in_round(const struct memarea_room *room, unsigned int round)
{
	return room->stage == MEMAREA_EFFORT_SWAP && round < ROUNDS / 2;
}

static enum memarea_reason empty(struct memarea_room *room)
{
	enum memarea_reason reason;
	unsigned int round;

	for (round = 0; round < ROUNDS; round++) {
		if (round)
			pause_before(room, round);
		reason = evict_all(room, swap_in_round(room, round));
		if (reason)
			break;
		room->culprit = first_in_use(room);
		if (room->culprit == MEMAREA_NO_PFN)
			return MEMAREA_OK;
		reason = memarea_blame(room, room->culprit);
		if (reason == MEMAREA_UNMOVABLE)
			break;
	}
	return reason;
}

static enum memarea_reason empty_isolated(struct memarea_room *room,
					  unsigned long stop)
{
	enum memarea_reason reason;

	if (stop < memarea_window_end(room)) {
		room->culprit = stop;
		return MEMAREA_ISOLATED;
	}
	if (memarea_should_fail(room->call, MEMAREA_FAULT_ROOM))
		return MEMAREA_INJECTED;
	drain_all_pages(room->zone);
	memarea_begin_targets(room);
	reason = empty(room);
	memarea_end_targets(room);
	return reason;
}

/*
 * Free pages beside the place were withheld, too: only now do they count.  That the
 * place is empty took work, so others' pages are reclaimed for it as before.
 */
static unsigned long keep_if_spared(struct memarea_room *room,
				    unsigned long pfn)
{
	if (pfn == MEMAREA_NO_PFN || memarea_room_spares(room, 0))
		return pfn;
	memarea_put_raw(room->zone, pfn, pfn + room->spec.nr);
	room->failed = MEMAREA_WATERMARK;
	return MEMAREA_NO_PFN;
}

/* Make room->window an area's; MEMAREA_NO_PFN if that fails. */
unsigned long memarea_evacuate(struct memarea_room *room)
{
	unsigned long pfn = MEMAREA_NO_PFN, stop;

	room->culprit = MEMAREA_NO_PFN;
	stop = isolate(room);
	room->failed = empty_isolated(room, stop);
	if (!room->failed)
		pfn = memarea_claim(room->call, room->zone, room->window.start);
	else
		memarea_note_at(room->call, room->failed, room->culprit);
	restore(room, stop);
	return keep_if_spared(room, pfn);
}
