// SPDX-License-Identifier: GPL-2.0
/*
 * Real pages with a known layout.  In ZONE_MOVABLE, if there is one: pages that
 * a test has freed there are nobody else's before there are user processes and
 * page cache.  So the suites want to be built in, with movablecore=64M, and
 * with initramfs_async=0 if there is an initramfs.
 */
#include "arena.h"

static void arena_destroy(void *data)
{
	struct arena *arena = data;
	unsigned int from, to;

	for_each_set_bitrange(from, to, arena->used, ARENA_PAGES)
		free_memarea(pfn_to_page(arena->pfn + from), to - from);
}

/* All pages used; those still used at the end of the test are freed then. */
struct arena *arena_create(struct kunit *test)
{
	struct memarea_request req = {
		.nr_pages = ARENA_PAGES,
		.align = ARENA_PAGES,
		.nid = NUMA_NO_NODE,
		.gfp = GFP_KERNEL | ARENA_GFP,
	};
	struct arena *arena = kunit_kzalloc(test, sizeof(*arena), GFP_KERNEL);
	struct page *page;

	KUNIT_ASSERT_NOT_NULL(test, arena);
	page = __alloc_memarea(&req, NULL);
	KUNIT_ASSERT_NOT_NULL(test, page);
	arena->pfn = page_to_pfn(page);
	bitmap_fill(arena->used, ARENA_PAGES);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, arena_destroy,
							   arena));
	return arena;
}

/* Free the pages [@from, @to), counted from the arena's start. */
void arena_free(struct arena *arena, unsigned long from, unsigned long to)
{
	bitmap_clear(arena->used, from, to - from);
	free_memarea(pfn_to_page(arena->pfn + from), to - from);
}

/* Allocate within the arena; @req counts PFNs from its start. */
struct page *arena_alloc(struct arena *arena, struct memarea_request *req,
			 struct memarea_result *result)
{
	struct memarea_request here = *req;
	struct page *page;

	here.min_pfn += arena->pfn;
	here.max_pfn = arena->pfn + (req->max_pfn ?: ARENA_PAGES);
	here.nid = NUMA_NO_NODE;
	here.gfp |= ARENA_GFP;
	page = __alloc_memarea(&here, result);
	if (page)
		bitmap_set(arena->used, arena_offset(arena, page),
			   here.nr_pages);
	return page;
}

/* Where in the arena @page is, or -1 for NULL. */
long arena_offset(const struct arena *arena, struct page *page)
{
	return page ? (long)(page_to_pfn(page) - arena->pfn) : -1;
}

struct zone *arena_zone(const struct arena *arena)
{
	return page_zone(pfn_to_page(arena->pfn));
}

/* Are all pages of [@from, @to) in the buddy? */
bool arena_is_free(const struct arena *arena, unsigned long from,
		   unsigned long to)
{
	for (; from < to; from++) {
		if (!is_free_buddy_page(pfn_to_page(arena->pfn + from)))
			return false;
	}
	return true;
}

/* Pages the zone can hand out, once no CPU hides any. */
unsigned long drained_free_pages(struct zone *zone)
{
	drain_all_pages(zone);
	return zone_page_state_snapshot(zone, NR_FREE_PAGES);
}
