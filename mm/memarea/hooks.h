/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where memarea and the files that it patches meet: what page_alloc.c does
 * for memarea, and what memarea does for mm_init.c.
 */
#ifndef _MM_MEMAREA_HOOKS_H
#define _MM_MEMAREA_HOOKS_H

#include <linux/types.h>

struct page;
struct zone;

#ifdef CONFIG_MEMAREA

/*
 * mm/page_alloc.c: take a whole free block off its list, or put pages back
 * under the types of their pageblocks.  Both need zone->lock.
 */
void take_free_block(struct zone *zone, struct page *page, unsigned int order);
void put_free_block(struct zone *zone, struct page *page, unsigned int order);

/* For alloc_large_system_hash(): a table, or NULL to go on without memarea. */
void *memarea_alloc_hash(size_t bytes, gfp_t gfp, int hash_flags);

#else

static inline void *memarea_alloc_hash(size_t bytes, gfp_t gfp, int hash_flags)
{
	return NULL;
}

#endif

#endif /* _MM_MEMAREA_HOOKS_H */
