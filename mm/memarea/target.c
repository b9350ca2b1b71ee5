// SPDX-License-Identifier: GPL-2.0
/*
 * Where the pages of a place go that is being emptied.
 *
 * Never into the place, as its pageblocks are isolated.  And rather not where
 * hardly anything is in use: room would be cheap to make there the next time,
 * and the page allocator likes to offer just that, what was freed last.  A page
 * from there is declined.  It is held until the place is empty, or the same page
 * would be offered again.
 *
 * Bounded: MAX_DECLINED pages are held, give or take a folio, and none if there
 * are no others.  Hugetlb pages, which are not the page allocator's, go where they
 * are offered to.
 *
 * What is in use where, classify.c has found out: at the beginning, and only as
 * far as the area may lie.
 */
#include <linux/migrate.h>
#include <linux/mm.h>
#include "../internal.h"
#include "internal.h"
#include "room.h"

/* Pages; 4 MiB of pages of 4 KiB. */
#define MAX_DECLINED	1024

static gfp_t target_gfp(const struct memarea_room *room)
{
	gfp_t gfp = room->call->gfp & (__GFP_RECLAIM | __GFP_IO | __GFP_FS);

	/* never kill for it: without either flag small pages would */
	if (room->call->contig || room->stage == MEMAREA_EFFORT_SWAP)
		gfp |= __GFP_RETRY_MAYFAIL;
	else
		gfp |= __GFP_NORETRY;
	return gfp | __GFP_MOVABLE | __GFP_HARDWALL | __GFP_NOWARN;
}

/* Is less than a quarter of the pageblock in use, and could all of it go? */
static bool is_spacious(const struct memarea_room *room, unsigned long pfn)
{
	const struct memarea_cells *cells = &room->cells;
	unsigned long end = min(pageblock_end_pfn(pfn), memarea_cells_end(cells));
	unsigned long start = max(pageblock_start_pfn(pfn), cells->start);
	unsigned long at, used = 0;

	for (at = start; at < end; at += 1UL << cells->order) {
		const struct memarea_cell *cell = memarea_cell_at(cells, at);

		if (cell->blocked)
			return false;
		used += cell->drop + cell->move + cell->huge;
	}
	return at > start && used < (end - start) / 4;
}

static bool decline(struct memarea_room *room, struct folio *folio)
{
	if (folio_test_hugetlb(folio) || room->nr_declined >= MAX_DECLINED ||
	    !is_spacious(room, folio_pfn(folio)))
		return false;
	list_add(&folio->lru, &room->declined);
	room->nr_declined += folio_nr_pages(folio);
	return true;
}

static void release(struct memarea_room *room)
{
	struct folio *folio, *next;

	list_for_each_entry_safe(folio, next, &room->declined, lru) {
		list_del(&folio->lru);
		folio_put(folio);
	}
}

/* For migrate_pages(); @private is the room. */
struct folio *memarea_alloc_target(struct folio *src, unsigned long private)
{
	struct memarea_room *room = (struct memarea_room *)private;
	struct migration_target_control control = {
		.nid = zone_to_nid(room->zone),
		.gfp_mask = target_gfp(room),
		.reason = MR_CONTIG_RANGE,
	};
	struct folio *dst;

	do {
		dst = alloc_migration_target(src, (unsigned long)&control);
	} while (dst && decline(room, dst));
	if (dst || list_empty(&room->declined))
		return dst;
	room->nr_declined = MAX_DECLINED;
	release(room);
	return alloc_migration_target(src, (unsigned long)&control);
}

void memarea_begin_targets(struct memarea_room *room)
{
	INIT_LIST_HEAD(&room->declined);
	room->nr_declined = 0;
}

/* What was declined is free again. */
void memarea_end_targets(struct memarea_room *room)
{
	release(room);
}
