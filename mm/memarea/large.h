/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Blocks larger than the free lists keep: where large.c and the files that it
 * serves meet.  Without CONFIG_BUDDY_LOWERED there are none, and nothing of this
 * is left in the object code.
 */
#ifndef _MM_MEMAREA_LARGE_H
#define _MM_MEMAREA_LARGE_H

#include <linux/mmzone.h>
#include <linux/types.h>

struct page;

#ifdef CONFIG_BUDDY_LOWERED

#if MAX_BUDDY_ORDER > MAX_PAGE_ORDER
#error "CONFIG_BUDDY_MAX_ORDER exceeds MAX_PAGE_ORDER"
#endif

/* Is a block of this order made of several? */
static __always_inline bool above_buddy(unsigned int order)
{
	return order > MAX_BUDDY_ORDER;
}

/* Is a block of this order one that others may be made of? */
static __always_inline bool is_top_block(unsigned int order)
{
	return order == MAX_BUDDY_ORDER;
}

bool large_rule_holds(struct zone *zone);

#else

static __always_inline bool above_buddy(unsigned int order)
{
	return false;
}

static __always_inline bool is_top_block(unsigned int order)
{
	return false;
}

static inline bool large_rule_holds(struct zone *zone)
{
	return true;
}

#endif

/* These need zone->lock. */
bool large_add(struct zone *zone, struct page *page, int migratetype);
void large_add_pageblock(struct zone *zone, struct page *page, int migratetype);
void large_leave(struct zone *zone, struct page *page, unsigned int order,
		 int migratetype);
bool large_in_free_pageblock(struct zone *zone, struct page *page);
void large_moved(struct zone *zone, unsigned long nr_pages, int from, int to);
struct page *large_first(struct zone *zone, int migratetype);
struct page *large_find(struct zone *zone, unsigned int order, int migratetype);
struct page *large_find_mixed(struct zone *zone, unsigned int order);

/* These do not, and what they say may have changed. */
bool large_is_free(struct zone *zone, unsigned int order,
		   unsigned int alloc_flags);
bool large_looks_free(struct page *page, unsigned int order);
unsigned long large_nr_free(struct zone *zone, unsigned int order);

#endif /* _MM_MEMAREA_LARGE_H */
