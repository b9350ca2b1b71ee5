// SPDX-License-Identifier: GPL-2.0
/* take_page_off_buddy() and put_page_back_buddy() tell the map of free memory. */
#include "../../internal.h"
#include "arena.h"
#include "map_kunit.h"

/* A poisoned page is taken out of the middle of a free block, and put back. */
static void follows_poisoned_page(struct kunit *test)
{
	struct arena *arena = arena_create(test);
	struct page *page = pfn_to_page(arena->pfn + 777);

	arena_free(arena, 0, ARENA_PAGES);
	KUNIT_ASSERT_TRUE(test, take_page_off_buddy(page));
	/* its buddy may have become a guard page */
	KUNIT_EXPECT_TRUE(test, map_pages_are(arena, 0, 776, true));
	KUNIT_EXPECT_TRUE(test, map_pages_are(arena, 777, 778, false));
	KUNIT_EXPECT_TRUE(test, map_pages_are(arena, 778, ARENA_PAGES, true));
	KUNIT_EXPECT_TRUE(test, map_block_is(arena, 777, false));
	map_expect_valid(test);
	page_ref_inc(page);
	put_page_back_buddy(page);
	KUNIT_EXPECT_TRUE(test, map_pages_are(arena, 0, ARENA_PAGES, true));
	KUNIT_EXPECT_TRUE(test, map_block_is(arena, 777, true));
	map_expect_valid(test);
}

static struct kunit_case poison_cases[] = {
	KUNIT_CASE(follows_poisoned_page),
	{ }
};

static struct kunit_suite poison_suite = {
	.name = "memarea_map_poison",
	.init = map_kunit_init,
	.exit = map_kunit_exit,
	.test_cases = poison_cases,
};

kunit_test_suite(poison_suite);
