/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where memarea and the files that it patches meet: what page_alloc.c does
 * for memarea, and what memarea does for mm_init.c.
 */
#ifndef _MM_MEMAREA_HOOKS_H
#define _MM_MEMAREA_HOOKS_H

#include <linux/jump_label.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/pageblock-flags.h>

#ifdef CONFIG_MEMAREA

/*
 * mm/page_alloc.c: take a whole free block off its list, or put pages back
 * under the types of their pageblocks.  Both need zone->lock.  What of a block is
 * not put back, memarea tells the map itself.
 */
void take_free_block(struct zone *zone, struct page *page, unsigned int order);
void put_free_block(struct zone *zone, struct page *page, unsigned int order);

/*
 * The map of free memory, which page_alloc.c keeps under zone->lock: pages that
 * enter the buddy, the block they have then coalesced to, and pages that have
 * left a block of order @from.  Pages that only change their list, or are off it
 * within one hold, are not told of.
 */
#define MEMAREA_BLOCK_ORDER	min_t(unsigned int, pageblock_order, MAX_BUDDY_ORDER)

void __memarea_map_free(unsigned long pfn, unsigned int order);
void __memarea_map_merged(unsigned long pfn, unsigned int order);
void __memarea_map_take(struct page *page, unsigned int order,
			unsigned int from);
void memarea_map_left(unsigned long start, unsigned long end,
		      unsigned int order);

#ifdef CONFIG_MEMAREA_BITMAP
DECLARE_STATIC_KEY_FALSE(memarea_bitmap_key);

static __always_inline bool memarea_bitmap_enabled(void)
{
	return static_branch_unlikely(&memarea_bitmap_key);
}
#else
static __always_inline bool memarea_bitmap_enabled(void)
{
	return false;
}
#endif

static __always_inline void memarea_map_free(unsigned long pfn,
					     unsigned int order)
{
	if (memarea_bitmap_enabled())
		__memarea_map_free(pfn, order);
}

static __always_inline void memarea_map_merged(unsigned long pfn,
					       unsigned int order)
{
	if (unlikely(order >= MEMAREA_BLOCK_ORDER))
		__memarea_map_merged(pfn, order);
}

static __always_inline void memarea_map_take(struct page *page,
					     unsigned int order,
					     unsigned int from)
{
	if (unlikely(from >= MEMAREA_BLOCK_ORDER) || memarea_bitmap_enabled())
		__memarea_map_take(page, order, from);
}

/* For alloc_large_system_hash(): a table, or NULL to go on without memarea. */
void *memarea_alloc_hash(size_t bytes, gfp_t gfp, int hash_flags);

#else

static inline void memarea_map_free(unsigned long pfn, unsigned int order)
{
}

static inline void memarea_map_merged(unsigned long pfn, unsigned int order)
{
}

static inline void memarea_map_take(struct page *page, unsigned int order,
				    unsigned int from)
{
}

static inline void *memarea_alloc_hash(size_t bytes, gfp_t gfp, int hash_flags)
{
	return NULL;
}

#endif

/* For alloc_contig_pages(): false if it has to go on without memarea. */
#ifdef CONFIG_MEMAREA_ROOM
bool memarea_alloc_contig(unsigned long nr_pages, gfp_t gfp, int nid,
			  const nodemask_t *nodemask, struct page **area);
#else
static inline bool memarea_alloc_contig(unsigned long nr_pages, gfp_t gfp,
					int nid, const nodemask_t *nodemask,
					struct page **area)
{
	return false;
}
#endif

#endif /* _MM_MEMAREA_HOOKS_H */
