// SPDX-License-Identifier: GPL-2.0
/* A block that compaction captures on its way into the buddy is not free. */
#include "../../internal.h"
#include "arena.h"
#include "map_kunit.h"

#define ORDER	4
#define PAGES	BIT(ORDER)

/* Free the arena's pages [@from, @from + PAGES) as a compacting task would. */
static struct page *free_and_capture(struct arena *arena, unsigned long from)
{
	struct compact_control cc = {
		.order = ORDER,
		.zone = arena_zone(arena),
		.migratetype = MIGRATE_MOVABLE,
	};
	struct capture_control capc = { .cc = &cc };
	unsigned int kthread = current->flags & PF_KTHREAD;

	/* a KUnit case is a kernel thread, for which nothing is captured */
	current->flags &= ~PF_KTHREAD;
	WRITE_ONCE(current->capture_control, &capc);
	arena_free(arena, from, from + PAGES);
	WRITE_ONCE(current->capture_control, NULL);
	current->flags |= kthread;
	return READ_ONCE(capc.page);
}

static void captured_block_is_not_free(struct kunit *test)
{
	struct arena *arena = arena_create(test);
	struct zone *zone = arena_zone(arena);
	struct page *page = free_and_capture(arena, 4 * PAGES);
	unsigned long flags;

	KUNIT_ASSERT_PTR_EQ(test, pfn_to_page(arena->pfn + 4 * PAGES), page);
	KUNIT_EXPECT_TRUE(test, map_pages_are(arena, 4 * PAGES, 5 * PAGES,
					      false));
	map_expect_valid(test);
	spin_lock_irqsave(&zone->lock, flags);
	put_free_block(zone, page, ORDER);
	spin_unlock_irqrestore(&zone->lock, flags);
	KUNIT_EXPECT_TRUE(test, map_pages_are(arena, 4 * PAGES, 5 * PAGES,
					      true));
	map_expect_valid(test);
}

static struct kunit_case capture_cases[] = {
	KUNIT_CASE(captured_block_is_not_free),
	{ }
};

static struct kunit_suite capture_suite = {
	.name = "memarea_map_capture",
	.init = map_kunit_init,
	.exit = map_kunit_exit,
	.test_cases = capture_cases,
};

kunit_test_suite(capture_suite);
