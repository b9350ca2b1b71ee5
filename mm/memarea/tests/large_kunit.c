// SPDX-License-Identifier: GPL-2.0
/*
 * Blocks above the buddy allocator's own order: found if and only if they are
 * free, and pageblocks that are free as a whole kept for last.
 */
#include <linux/mm.h>
#include <linux/prandom.h>
#include "../large.h"
#include "../map.h"
#include "arena.h"

#define TOP_PAGES	BIT(MAX_BUDDY_ORDER)
#define ARENA_TOPS	(ARENA_PAGES >> MAX_BUDDY_ORDER)
#define PAGEBLOCK_TOPS	(pageblock_nr_pages >> MAX_BUDDY_ORDER)
#define NR_PATTERNS	400
#define HOG_PAGES	64

static void expect_rule(struct kunit *test)
{
	unsigned long flags;
	struct zone *zone;
	bool obeyed;

	for_each_populated_zone(zone) {
		spin_lock_irqsave(&zone->lock, flags);
		obeyed = large_rule_holds(zone);
		spin_unlock_irqrestore(&zone->lock, flags);
		KUNIT_EXPECT_TRUE_MSG(test, obeyed, "zone %s", zone->name);
	}
}

/* All that memory allocated so far, and freed, has done to the lists. */
static void rule_holds_since_boot(struct kunit *test)
{
	expect_rule(test);
}

/* The naive answer: is the block at @pfn made of free top blocks? */
static bool block_is_free(struct zone *zone, unsigned long pfn,
			  unsigned int order)
{
	unsigned long end = pfn + (1UL << order);

	for (; pfn < end; pfn += TOP_PAGES) {
		struct page *page = pfn_to_page(pfn);

		if (!PageBuddy(page) || page_zone(page) != zone ||
		    buddy_order(page) != MAX_BUDDY_ORDER)
			return false;
	}
	return true;
}

static unsigned long count_blocks(struct zone *zone, unsigned int order)
{
	unsigned long pfn = ALIGN(zone->zone_start_pfn, 1UL << order);
	unsigned long nr = 0;

	for (; pfn + (1UL << order) <= zone_end_pfn(zone); pfn += 1UL << order)
		nr += pfn_to_online_page(pfn) && block_is_free(zone, pfn, order);
	return nr;
}

/* alloc_pages() of each order, aligned; all of it comes back. */
static void serves_each_order(struct kunit *test)
{
	unsigned int order;

	for (order = MAX_BUDDY_ORDER; order <= MAX_PAGE_ORDER; order++) {
		struct page *page = alloc_pages(GFP_KERNEL, order);
		struct zone *zone;
		unsigned long before;

		KUNIT_ASSERT_NOT_NULL(test, page);
		zone = page_zone(page);
		KUNIT_EXPECT_TRUE(test, IS_ALIGNED(page_to_pfn(page),
						   1UL << order));
		KUNIT_EXPECT_EQ(test, 1, page_ref_count(page));
		expect_rule(test);
		before = drained_free_pages(zone);
		__free_pages(page, order);
		KUNIT_EXPECT_GE(test, drained_free_pages(zone),
				before + (1UL << order) - HOG_PAGES);
		expect_rule(test);
	}
}

static void serves_atomic_callers(struct kunit *test)
{
	struct page *page;
	unsigned long flags;

	local_irq_save(flags);
	page = alloc_pages(GFP_ATOMIC, MAX_PAGE_ORDER);
	if (page)
		__free_pages(page, MAX_PAGE_ORDER);
	local_irq_restore(flags);
	KUNIT_EXPECT_NOT_NULL(test, page);
	expect_rule(test);
}

/* A whole pageblock changes its type with its owner. */
static void claims_pageblocks(struct kunit *test)
{
	unsigned int order;

	for (order = pageblock_order; order <= MAX_PAGE_ORDER; order++) {
		struct page *page = alloc_pages(GFP_KERNEL | __GFP_RECLAIMABLE,
						order);

		KUNIT_ASSERT_NOT_NULL(test, page);
		KUNIT_EXPECT_EQ(test, MIGRATE_RECLAIMABLE,
				get_pageblock_migratetype(page));
		KUNIT_EXPECT_EQ(test, MIGRATE_RECLAIMABLE,
				get_pageblock_migratetype(page + (1 << order) - 1));
		__free_pages(page, order);
	}
	expect_rule(test);
}

/* The watermark's, compaction's and vmstat's questions. */
static void counts_what_is_free(struct kunit *test)
{
	struct arena *arena = arena_create(test);
	struct zone *zone = arena_zone(arena);
	unsigned int order;

	for (order = MAX_BUDDY_ORDER + 1; order <= MAX_PAGE_ORDER; order++) {
		unsigned long flags, nr, said;
		bool any;

		spin_lock_irqsave(&zone->lock, flags);
		nr = count_blocks(zone, order);
		said = large_nr_free(zone, order);
		any = large_is_free(zone, order, ALLOC_CMA | ALLOC_HIGHATOMIC);
		spin_unlock_irqrestore(&zone->lock, flags);
		KUNIT_EXPECT_EQ(test, nr, said);
		KUNIT_EXPECT_EQ(test, !!nr, any);
	}
}

/* Takes what the zone has above the top order, so that the arena is alone. */
struct hog {
	struct page *pages[HOG_PAGES];
	unsigned int order[HOG_PAGES];
	unsigned int nr;
};

static bool hog_one(struct hog *hog, struct zone *zone, unsigned int order)
{
	gfp_t gfp = ARENA_GFP | __GFP_NOWARN | __GFP_THISNODE;
	struct page *page = NULL;

	if (hog->nr < HOG_PAGES)
		page = alloc_pages_node(zone_to_nid(zone), gfp, order);
	if (!page)
		return false;
	hog->pages[hog->nr] = page;
	hog->order[hog->nr++] = order;
	return page_zone(page) == zone;
}

static struct hog *hog_zone(struct kunit *test, struct zone *zone)
{
	struct hog *hog = kunit_kzalloc(test, sizeof(*hog), GFP_KERNEL);
	unsigned int order;

	KUNIT_ASSERT_NOT_NULL(test, hog);
	for (order = MAX_PAGE_ORDER; order > MAX_BUDDY_ORDER; order--) {
		while (hog_one(hog, zone, order))
			;
	}
	return hog;
}

static void unhog(struct hog *hog)
{
	while (hog->nr--)
		__free_pages(hog->pages[hog->nr], hog->order[hog->nr]);
}

static void put_tops(struct zone *zone, struct page *first, u64 tops)
{
	unsigned int i;

	for (i = 0; i < ARENA_TOPS; i++) {
		if (tops >> i & 1)
			put_free_block(zone, first + i * TOP_PAGES,
				       MAX_BUDDY_ORDER);
	}
}

static void take_tops(struct zone *zone, struct page *first, u64 tops)
{
	unsigned int i;

	for (i = 0; i < ARENA_TOPS; i++) {
		struct page *page = first + i * TOP_PAGES;

		if (!(tops >> i & 1))
			continue;
		take_free_block(zone, page, MAX_BUDDY_ORDER);
		memarea_map_take(page, MAX_BUDDY_ORDER, MAX_BUDDY_ORDER);
	}
}

/* Is large_find() right about what is free now? */
static bool finds_right(struct zone *zone, unsigned int order)
{
	struct page *page = large_find(zone, order, MIGRATE_MOVABLE);
	bool any = count_blocks(zone, order);

	if (large_is_free(zone, order, 0) != any ||
	    large_nr_free(zone, order) != count_blocks(zone, order))
		return false;
	if (!page)
		return !any;
	return IS_ALIGNED(page_to_pfn(page), 1UL << order) &&
	       block_is_free(zone, page_to_pfn(page), order);
}

/* One hold: nobody else has the blocks, or sees them. */
static bool pattern_is_right(struct zone *zone, struct page *first, u64 tops)
{
	unsigned int order;
	unsigned long flags;
	bool right;

	spin_lock_irqsave(&zone->lock, flags);
	put_tops(zone, first, tops);
	right = large_rule_holds(zone);
	for (order = MAX_BUDDY_ORDER + 1; order <= MAX_PAGE_ORDER; order++)
		right &= finds_right(zone, order);
	take_tops(zone, first, tops);
	right &= large_rule_holds(zone);
	spin_unlock_irqrestore(&zone->lock, flags);
	return right;
}

/* Patterns from nearly empty to nearly full, the same in each run. */
static u64 random_tops(struct rnd_state *rnd, unsigned int i)
{
	u64 a = (u64)prandom_u32_state(rnd) << 32 | prandom_u32_state(rnd);
	u64 b = (u64)prandom_u32_state(rnd) << 32 | prandom_u32_state(rnd);

	switch (i % 4) {
	case 0:
		return a & b;
	case 1:
		return a;
	case 2:
		return a | b;
	default:
		return ~(a & b & (a >> 7 | b << 9));
	}
}

static void finds_if_and_only_if_free(struct kunit *test)
{
	struct arena *arena = arena_create(test);
	struct zone *zone = arena_zone(arena);
	struct page *first = pfn_to_page(arena->pfn);
	struct rnd_state rnd;
	unsigned int i, wrong = 0;
	struct hog *hog;

	if (zone_idx(zone) != ZONE_MOVABLE)
		kunit_skip(test, "no movable zone to be alone in");
	hog = hog_zone(test, zone);
	prandom_seed_state(&rnd, 20010711);
	for (i = 0; i < NR_PATTERNS; i++)
		wrong += !pattern_is_right(zone, first, random_tops(&rnd, i));
	unhog(hog);
	KUNIT_EXPECT_EQ(test, 0, wrong);
}

/* Where in the arena the chosen block begins, in top blocks, or elsewhere. */
static unsigned long chosen_of(struct arena *arena, unsigned int order,
			       u64 early, u64 late)
{
	struct page *first = pfn_to_page(arena->pfn), *page;
	struct zone *zone = arena_zone(arena);
	unsigned long flags;

	spin_lock_irqsave(&zone->lock, flags);
	put_tops(zone, first, early);
	put_tops(zone, first, late);
	page = order == MAX_BUDDY_ORDER ? large_first(zone, MIGRATE_MOVABLE) :
					  large_find(zone, order, MIGRATE_MOVABLE);
	take_tops(zone, first, early | late);
	spin_unlock_irqrestore(&zone->lock, flags);
	return page ? (page_to_pfn(page) - arena->pfn) >> MAX_BUDDY_ORDER : -1;
}

/*
 * One block of an order, and another that is twice as large, whichever is first
 * on the list: the larger one is not touched.
 */
static void takes_the_smallest(struct kunit *test)
{
	struct arena *arena = arena_create(test);
	unsigned long larger = ARENA_TOPS / 2;
	unsigned int order;

	for (order = MAX_BUDDY_ORDER; order < MAX_PAGE_ORDER; order++) {
		unsigned int nr = 1 << (order - MAX_BUDDY_ORDER);
		u64 one = GENMASK_ULL(nr - 1, 0);
		u64 two = GENMASK_ULL(2 * nr - 1, 0) << larger;

		KUNIT_EXPECT_NE(test, 1, chosen_of(arena, order, one, two) / larger);
		KUNIT_EXPECT_NE(test, 1, chosen_of(arena, order, two, one) / larger);
	}
}

/*
 * What a taller allocator would have merged: two pageblocks, one of each type.
 * Beside them many pages are free, for the watermark's sake, but no top block.
 */
static void serves_from_mixed_types(struct kunit *test)
{
	gfp_t gfp = ARENA_GFP | __GFP_NOWARN;
	struct arena *arena = arena_create(test);
	struct page *first = pfn_to_page(arena->pfn), *page;
	struct zone *zone = arena_zone(arena);
	unsigned long at;
	struct hog *hog;

	if (zone_idx(zone) != ZONE_MOVABLE || pageblock_order == MAX_PAGE_ORDER)
		kunit_skip(test, "no movable zone, or no block of two pageblocks");
	if (zone_managed_pages(zone) > 32 * ARENA_PAGES)
		kunit_skip(test, "watermarks are beyond what an arena can free");
	hog = hog_zone(test, zone);
	set_pageblock_migratetype(first, MIGRATE_RECLAIMABLE);
	for (at = MAX_ORDER_NR_PAGES; at < ARENA_PAGES; at += TOP_PAGES)
		arena_free(arena, at + 1, at + TOP_PAGES);
	arena_free(arena, 0, MAX_ORDER_NR_PAGES);
	page = alloc_pages_node(zone_to_nid(zone), gfp, MAX_PAGE_ORDER);
	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_PTR_EQ(test, page_zone(page), zone);
	__free_pages(page, MAX_PAGE_ORDER);
	KUNIT_EXPECT_EQ(test, MIGRATE_MOVABLE, get_pageblock_migratetype(first));
	expect_rule(test);
	unhog(hog);
}

/* A pageblock, freed after part of another one; all in one hold, as above. */
static bool rule_holds_behind(struct arena *arena, unsigned int fault)
{
	u64 whole = GENMASK_ULL(PAGEBLOCK_TOPS - 1, 0) << PAGEBLOCK_TOPS;
	struct page *first = pfn_to_page(arena->pfn);
	struct zone *zone = arena_zone(arena);
	unsigned long flags;
	bool held;

	spin_lock_irqsave(&zone->lock, flags);
	set_map_fault(fault);
	put_tops(zone, first, BIT(0));
	put_tops(zone, first, whole);
	held = large_rule_holds(zone);
	take_tops(zone, first, whole | BIT(0));
	set_map_fault(MAP_FAULT_NONE);
	spin_unlock_irqrestore(&zone->lock, flags);
	return held;
}

static void sees_a_broken_rule(struct kunit *test)
{
	struct arena *arena = arena_create(test);

	if (!IS_ENABLED(CONFIG_MEMAREA_MAP_FAULTS) || PAGEBLOCK_TOPS == 1)
		kunit_skip(test, "no such fault, or no part of a pageblock");
	KUNIT_EXPECT_TRUE(test, rule_holds_behind(arena, MAP_FAULT_NONE));
	KUNIT_EXPECT_FALSE(test, rule_holds_behind(arena, MAP_FAULT_NO_RULE));
	expect_rule(test);
}

static struct kunit_case large_cases[] = {
	KUNIT_CASE(rule_holds_since_boot),
	KUNIT_CASE(serves_each_order),
	KUNIT_CASE(serves_atomic_callers),
	KUNIT_CASE(claims_pageblocks),
	KUNIT_CASE(counts_what_is_free),
	KUNIT_CASE(finds_if_and_only_if_free),
	KUNIT_CASE(takes_the_smallest),
	KUNIT_CASE(serves_from_mixed_types),
	KUNIT_CASE(sees_a_broken_rule),
	{ }
};

static struct kunit_suite large_suite = {
	.name = "memarea_large",
	.test_cases = large_cases,
};

kunit_test_suite(large_suite);
