// SPDX-License-Identifier: GPL-2.0
/*
 * The map of free memory: each place where page_alloc.c tells of a change is
 * reached, and nothing else changes a bit.
 */
#include <linux/mm.h>
#include <linux/page-isolation.h>
#include "arena.h"
#include "map_kunit.h"

static const struct memarea_bits *blocks(void)
{
	struct memarea_map map;

	memarea_map_get(&map);
	return map.blocks;
}

static const struct memarea_bits *pages(void)
{
	struct memarea_map map;

	memarea_map_get(&map);
	return map.pages;
}

static bool bit(const struct memarea_bits *bits, unsigned long pfn)
{
	pfn >>= bits->order;
	return test_bit(pfn % BITS_PER_SECTION,
			bits->sections[pfn >> BITS_SECTION_SHIFT]);
}

/* Does the map say that the arena's pages [@from, @to) are all @free? */
bool map_pages_are(const struct arena *arena, unsigned long from,
		   unsigned long to, bool free)
{
	for (; from < to; from++) {
		if (bit(pages(), arena->pfn + from) != free)
			return false;
	}
	return true;
}

/* Does it say so of the block that the page is in? */
bool map_block_is(const struct arena *arena, unsigned long at, bool free)
{
	return bit(blocks(), arena->pfn + at) == free;
}

static void built_at_run_time(struct kunit *test)
{
	KUNIT_ASSERT_NOT_NULL(test, pages());
	KUNIT_ASSERT_NOT_NULL(test, blocks());
	map_expect_valid(test);
}

static void off_leaves_nothing(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, 0, memarea_bitmap_switch(false));
	KUNIT_EXPECT_NULL(test, pages());
	KUNIT_EXPECT_FALSE(test, memarea_bitmap_enabled());
	map_expect_valid(test);
	KUNIT_EXPECT_EQ(test, 0, memarea_bitmap_switch(true));
	KUNIT_EXPECT_EQ(test, 0, memarea_bitmap_switch(true));
	map_expect_valid(test);
}

/* take_free_block() and put_free_block(), by way of an area. */
static void follows_areas(struct kunit *test)
{
	struct arena *arena = arena_create(test);
	struct memarea_request req = { .nr_pages = 33, .gfp = GFP_KERNEL };
	long at;

	KUNIT_EXPECT_TRUE(test, map_pages_are(arena, 0, ARENA_PAGES, false));
	arena_free(arena, 100, 300);
	KUNIT_EXPECT_TRUE(test, map_pages_are(arena, 99, 100, false));
	KUNIT_EXPECT_TRUE(test, map_pages_are(arena, 100, 300, true));
	KUNIT_EXPECT_TRUE(test, map_pages_are(arena, 300, 301, false));
	at = arena_offset(arena, arena_alloc(arena, &req, NULL));
	KUNIT_ASSERT_GE(test, at, 0);
	KUNIT_EXPECT_TRUE(test, map_pages_are(arena, at, at + 33, false));
	KUNIT_EXPECT_TRUE(test, map_pages_are(arena, 100, at, true));
	KUNIT_EXPECT_TRUE(test, map_pages_are(arena, at + 33, 300, true));
	map_expect_valid(test);
}

/* __free_one_page(): blocks coalesce up to a bit of the coarse level. */
static void notes_merged_block(struct kunit *test)
{
	struct arena *arena = arena_create(test);
	unsigned long size = 1UL << MEMAREA_BLOCK_ORDER;

	arena_free(arena, 0, size - 1);
	KUNIT_EXPECT_TRUE(test, map_block_is(arena, 0, false));
	arena_free(arena, size - 1, size);
	KUNIT_EXPECT_TRUE(test, map_block_is(arena, 0, true));
	KUNIT_EXPECT_TRUE(test, map_block_is(arena, size, false));
	arena_free(arena, size, ARENA_PAGES);
	KUNIT_EXPECT_TRUE(test, map_block_is(arena, size, true));
	map_expect_valid(test);
}

/* page_del_and_expand(): alloc_pages() splits a block. */
static void notes_split_block(struct kunit *test)
{
	struct arena *arena = arena_create(test);
	struct page *page[64];
	unsigned long i, pfn;

	arena_free(arena, 0, ARENA_PAGES);
	for (i = 0; i < ARRAY_SIZE(page); i++) {
		page[i] = alloc_pages(GFP_KERNEL | ARENA_GFP, 5);
		KUNIT_ASSERT_NOT_NULL(test, page[i]);
	}
	map_expect_valid(test);
	for (i = 0; i < ARRAY_SIZE(page); i++) {
		pfn = page_to_pfn(page[i]);
		KUNIT_EXPECT_FALSE(test, bit(blocks(), pfn));
		KUNIT_EXPECT_FALSE(test, bit(pages(), pfn + 31));
		__free_pages(page[i], 5);
		KUNIT_EXPECT_TRUE(test, bit(pages(), pfn + 31));
	}
	map_expect_valid(test);
}

/* try_to_steal_block(), unless there is a block of this rare type already. */
static void notes_stolen_block(struct kunit *test)
{
	struct page *page;

	page = alloc_pages(GFP_KERNEL | __GFP_RECLAIMABLE, MAX_PAGE_ORDER);
	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_FALSE(test, bit(blocks(), page_to_pfn(page)));
	map_expect_valid(test);
	__free_pages(page, MAX_PAGE_ORDER);
	KUNIT_EXPECT_TRUE(test, bit(blocks(), page_to_pfn(page)));
	map_expect_valid(test);
}

/* A block that is isolated and let go of again stays free all the time. */
static void isolation_changes_nothing(struct kunit *test)
{
	struct arena *arena = arena_create(test);
	unsigned long end = arena->pfn + pageblock_nr_pages;

	if (!IS_ENABLED(CONFIG_MEMORY_ISOLATION))
		kunit_skip(test, "needs CONFIG_MEMORY_ISOLATION");
	arena_free(arena, 0, ARENA_PAGES);
	KUNIT_ASSERT_EQ(test, 0, start_isolate_page_range(arena->pfn, end,
							  MIGRATE_MOVABLE, 0,
							  GFP_KERNEL));
	KUNIT_EXPECT_TRUE(test, map_pages_are(arena, 0, ARENA_PAGES, true));
	KUNIT_EXPECT_TRUE(test, map_block_is(arena, 0, true));
	map_expect_valid(test);
	undo_isolate_page_range(arena->pfn, end, MIGRATE_MOVABLE);
	KUNIT_EXPECT_TRUE(test, map_pages_are(arena, 0, ARENA_PAGES, true));
	map_expect_valid(test);
}

/* __isolate_free_page() and __putback_isolated_page(), as compaction's. */
static void follows_isolated_page(struct kunit *test)
{
	struct arena *arena = arena_create(test);
	struct zone *zone = arena_zone(arena);
	struct page *page = pfn_to_page(arena->pfn + 64);
	unsigned int order = min(6, MAX_BUDDY_ORDER), end = 64 + (1 << order);
	unsigned long flags;
	int got;

	arena_free(arena, 64, end);
	spin_lock_irqsave(&zone->lock, flags);
	got = __isolate_free_page(page, order);
	spin_unlock_irqrestore(&zone->lock, flags);
	KUNIT_ASSERT_EQ(test, 1 << order, got);
	KUNIT_EXPECT_TRUE(test, map_pages_are(arena, 64, end, false));
	map_expect_valid(test);
	spin_lock_irqsave(&zone->lock, flags);
	__putback_isolated_page(page, order, get_pageblock_migratetype(page));
	spin_unlock_irqrestore(&zone->lock, flags);
	KUNIT_EXPECT_TRUE(test, map_pages_are(arena, 64, end, true));
	map_expect_valid(test);
}

/* Guard pages, of debug_guardpage_minorder, are neither free nor in use. */
static void guard_pages_are_not_free(struct kunit *test)
{
	struct page *page;

	if (!IS_ENABLED(CONFIG_DEBUG_PAGEALLOC) || !debug_guardpage_minorder())
		kunit_skip(test, "needs debug_guardpage_minorder");
	drain_all_pages(NULL);
	page = alloc_pages(GFP_KERNEL | ARENA_GFP, 0);
	KUNIT_ASSERT_NOT_NULL(test, page);
	map_expect_valid(test);
	__free_page(page);
	drain_all_pages(NULL);
	map_expect_valid(test);
}

/* With and without the map, the same request has the same answer. */
static void agrees_with_list_walk(struct kunit *test)
{
	struct arena *arena = arena_create(test);
	unsigned long at, nr;
	long with, without;

	for (at = 3; at + 40 < ARENA_PAGES; at += 47)
		arena_free(arena, at, at + 2 + at % 31);
	for (nr = 1; nr < 40; nr++) {
		struct memarea_request req = {
			.nr_pages = nr, .gfp = GFP_KERNEL | __GFP_NOWARN,
		};

		with = arena_offset(arena, arena_alloc(arena, &req, NULL));
		if (with >= 0)
			arena_free(arena, with, with + nr);
		memarea_bitmap_switch(false);
		without = arena_offset(arena, arena_alloc(arena, &req, NULL));
		if (without >= 0)
			arena_free(arena, without, without + nr);
		memarea_bitmap_switch(true);
		KUNIT_EXPECT_EQ(test, with < 0, without < 0);
	}
	map_expect_valid(test);
}

/*
 * Isolated pages are free by the map, and first; more runs that are too small
 * than a walk looks at make the scan rely on the map.
 */
static void isolated_costs_one_claim(struct kunit *test)
{
	struct arena *arena = arena_create(test);
	unsigned long end = arena->pfn + pageblock_nr_pages, at;
	struct memarea_request req = { .nr_pages = 5, .gfp = GFP_NOWAIT };
	struct memarea_result res;

	if (!IS_ENABLED(CONFIG_MEMORY_ISOLATION))
		kunit_skip(test, "needs CONFIG_MEMORY_ISOLATION");
	arena_free(arena, 0, pageblock_nr_pages);
	KUNIT_ASSERT_EQ(test, 0, start_isolate_page_range(arena->pfn, end,
							  MIGRATE_MOVABLE, 0,
							  GFP_KERNEL));
	/* what is freed first comes last on its list */
	arena_free(arena, ARENA_PAGES - 5, ARENA_PAGES);
	for (at = pageblock_nr_pages; at + 10 < ARENA_PAGES; at += 5)
		arena_free(arena, at, at + 4);
	KUNIT_EXPECT_EQ(test, ARENA_PAGES - 5,
			arena_offset(arena, arena_alloc(arena, &req, &res)));
	KUNIT_EXPECT_EQ(test, 1, res.lost);
	undo_isolate_page_range(arena->pfn, end, MIGRATE_MOVABLE);
}

/* The coarse level alone says that there is no room, and looks at nothing else. */
static void coarse_level_refuses(struct kunit *test)
{
	struct arena *arena = arena_create(test);
	unsigned long size = 1UL << MEMAREA_BLOCK_ORDER;
	struct memarea_request req = {
		.nr_pages = 2 * size - 1, .gfp = GFP_KERNEL | __GFP_NOWARN,
	};
	struct memarea_result res;

	arena_free(arena, 1, size);
	arena_free(arena, size + 1, 2 * size);
	KUNIT_EXPECT_NULL(test, arena_alloc(arena, &req, &res));
	KUNIT_EXPECT_EQ(test, MEMAREA_NO_RUN, res.reason);
	KUNIT_EXPECT_LT(test, res.blocks, MEMAREA_SEARCH_BLOCKS);
}

/* Shared with the suite of faults. */
void map_expect_valid(struct kunit *test)
{
	struct memarea_diff diff = { };

	if (memarea_map_validate(&diff))
		return;
	KUNIT_FAIL(test, "%s: pfn %#lx is %s in the buddy", diff.level,
		   diff.pfn, diff.free ? "free" : "in use");
}

static bool was_on;

int map_kunit_init(struct kunit *test)
{
	was_on = memarea_bitmap_enabled();
	if (!IS_ENABLED(CONFIG_MEMAREA_BITMAP))
		kunit_skip(test, "needs CONFIG_MEMAREA_BITMAP");
	if (2 * pageblock_nr_pages > ARENA_PAGES)
		kunit_skip(test, "the arena has too few pageblocks");
	return memarea_bitmap_switch(true);
}

void map_kunit_exit(struct kunit *test)
{
	memarea_bitmap_switch(was_on);
}

static struct kunit_case map_cases[] = {
	KUNIT_CASE(built_at_run_time),
	KUNIT_CASE(off_leaves_nothing),
	KUNIT_CASE(follows_areas),
	KUNIT_CASE(notes_merged_block),
	KUNIT_CASE(notes_split_block),
	KUNIT_CASE(notes_stolen_block),
	KUNIT_CASE(isolation_changes_nothing),
	KUNIT_CASE(follows_isolated_page),
	KUNIT_CASE(guard_pages_are_not_free),
	KUNIT_CASE(agrees_with_list_walk),
	KUNIT_CASE(isolated_costs_one_claim),
	KUNIT_CASE(coarse_level_refuses),
	{ }
};

static struct kunit_suite map_suite = {
	.name = "memarea_map",
	.init = map_kunit_init,
	.exit = map_kunit_exit,
	.test_cases = map_cases,
};

kunit_test_suite(map_suite);
