/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A stretch of real memory whose free and used pages a test lays out, so that
 * requests confined to it have known answers.
 */
#ifndef _MM_MEMAREA_ARENA_H
#define _MM_MEMAREA_ARENA_H

#include <kunit/test.h>
#include "../internal.h"

#define ARENA_PAGES	2048UL
#define ARENA_GFP	(__GFP_HIGHMEM | __GFP_MOVABLE)

/**
 * struct arena - pages that a test owns, but for those it has freed
 * @pfn: first page, a multiple of ARENA_PAGES
 * @used: one bit a page
 */
struct arena {
	unsigned long pfn;
	DECLARE_BITMAP(used, ARENA_PAGES);
};

struct arena *arena_create(struct kunit *test);
void arena_free(struct arena *arena, unsigned long from, unsigned long to);
struct page *arena_alloc(struct arena *arena, struct memarea_request *req,
			 struct memarea_result *result);
long arena_offset(const struct arena *arena, struct page *page);
struct zone *arena_zone(const struct arena *arena);
unsigned long drained_free_pages(struct zone *zone);
bool arena_is_free(const struct arena *arena, unsigned long from,
		   unsigned long to);

#endif /* _MM_MEMAREA_ARENA_H */
