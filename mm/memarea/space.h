/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What runs.c sees of a zone: which blocks are free, and how to take one or
 * put one back.
 *
 * tools/testing/memarea has a header of the same guard over a model buddy,
 * so that runs.c compiles there unchanged.
 *
 * All of it needs zone->lock.  A section that is found online under the lock
 * stays so until the lock is dropped: __offline_isolated_pages() marks it
 * offline first and takes the lock afterwards.
 */
#ifndef _MM_MEMAREA_SPACE_H
#define _MM_MEMAREA_SPACE_H

#include <linux/log2.h>
#include <linux/memory_hotplug.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/page-isolation.h>
#include <linux/prefetch.h>
#include "../internal.h"
#include "hooks.h"

/* Orders up to this coalesce whatever the migratetypes of their pageblocks. */
#define SPACE_MERGE_ORDER	MEMAREA_BLOCK_ORDER
#define SPACE_MAX_ORDER		MAX_BUDDY_ORDER

/* struct pages exist, or do not, for whole chunks of 2^SPACE_CHUNK_SHIFT. */
#ifdef CONFIG_SPARSEMEM
#define SPACE_CHUNK_SHIFT	min_t(unsigned int, PFN_SUBSECTION_SHIFT, \
				      pageblock_order)
#else
#define SPACE_CHUNK_SHIFT	pageblock_order
#endif

/**
 * struct memarea_space - one zone as a search sees it
 * @zone: the zone
 * @types: bit mask of the migratetypes that may be taken
 * @online: number of the chunk last found online; forgotten whenever the
 *	lock is dropped
 */
struct memarea_space {
	struct zone *zone;
	unsigned long types;
	unsigned long online;
};

struct space_cursor {
	unsigned int type;
	struct list_head *pos;
};

static inline void space_enter(struct memarea_space *sp)
{
	lockdep_assert_held(&sp->zone->lock);
	sp->online = ~0UL;
}

static inline unsigned long space_nr_free(const struct memarea_space *sp,
					  unsigned int order)
{
	return sp->zone->free_area[order].nr_free;
}

/* Step through the free blocks of an order; start with a zeroed cursor. */
static inline bool space_next_block(struct memarea_space *sp,
				    unsigned int order,
				    struct space_cursor *cursor,
				    unsigned long *pfn)
{
	struct free_area *area = &sp->zone->free_area[order];

	for (; cursor->type < MIGRATE_TYPES; cursor->type++, cursor->pos = NULL) {
		struct list_head *list = &area->free_list[cursor->type];

		if (!(sp->types & BIT(cursor->type)))
			continue;
		cursor->pos = cursor->pos ? cursor->pos->next : list->next;
		if (cursor->pos == list)
			continue;
		*pfn = page_to_pfn(list_entry(cursor->pos, struct page,
					      buddy_list));
		return true;
	}
	return false;
}

/* The page at @pfn if its struct page may be read, else NULL. */
static inline struct page *space_page(struct memarea_space *sp,
				      unsigned long pfn)
{
	unsigned long chunk = pfn >> SPACE_CHUNK_SHIFT;

	if (chunk == sp->online)
		return pfn_to_page(pfn);
	if (!pfn_to_online_page(pfn))
		return NULL;
	sp->online = chunk;
	return pfn_to_page(pfn);
}

/* True if the page is surely not free; a cheap test, not the last word. */
static inline bool space_in_use(struct memarea_space *sp, unsigned long pfn)
{
	struct page *page = space_page(sp, pfn);

	return !page || page_ref_count(page);
}

/* The order of the block that may be taken and whose head is @pfn, or -1. */
static inline int space_head_order(struct memarea_space *sp, unsigned long pfn)
{
	struct page *page = space_page(sp, pfn);

	if (!page || !PageBuddy(page) || page_zone(page) != sp->zone)
		return -1;
	if (!(sp->types & BIT(get_pageblock_migratetype(page))))
		return -1;
	return buddy_order(page);
}

/* May nothing of the pageblock around @page, which exists, be taken? */
static inline bool space_is_shut(struct memarea_space *sp, struct page *page,
				 unsigned long pfn)
{
	struct page *last;

	if (page_zone(page) == sp->zone)
		return !(sp->types & BIT(get_pageblock_migratetype(page)));
	last = space_page(sp, pageblock_end_pfn(pfn) - 1);
	return last && page_zone(last) != sp->zone;
}

/* The first PFN above @pfn, which is not to be had, that may be. */
static inline unsigned long space_skip(struct memarea_space *sp,
				       unsigned long pfn)
{
	struct page *page = space_page(sp, pfn);

	if (!page)
		return ALIGN(pfn + 1, 1UL << SPACE_CHUNK_SHIFT);
	if (space_is_shut(sp, page, pfn))
		return pageblock_end_pfn(pfn);
	return pfn + 1;
}

static inline void space_take(struct memarea_space *sp, unsigned long pfn,
			      unsigned int order)
{
	take_free_block(sp->zone, pfn_to_page(pfn), order);
}

/* The pages [@from, @to) of a block that was taken are not put back. */
static inline void space_left(struct memarea_space *sp, unsigned long from,
			      unsigned long to, unsigned int order)
{
	memarea_map_left(from, to, order);
}

static inline void space_put(struct memarea_space *sp, unsigned long pfn,
			     unsigned int order)
{
	put_free_block(sp->zone, pfn_to_page(pfn), order);
}

#endif /* _MM_MEMAREA_SPACE_H */
