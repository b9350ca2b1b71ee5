// SPDX-License-Identifier: GPL-2.0
/* free_memarea(): what is freed, what is left alone, and that nothing is lost. */
#include <linux/slab.h>
#include "arena.h"

static bool sizes_leave_no_page_behind(struct zone *zone)
{
	unsigned long before = drained_free_pages(zone), nr;

	for (nr = 1; nr < 5000; nr = nr * 3 + 1) {
		struct page *area = alloc_memarea_node(zone_to_nid(zone),
						       GFP_KERNEL | ARENA_GFP,
						       nr);

		if (!area)
			return false;
		free_memarea(area, nr);
	}
	return drained_free_pages(zone) == before;
}

/* Others come and go meanwhile; a leak would show every time. */
static void leaves_no_page_behind(struct kunit *test)
{
	struct arena *arena = arena_create(test);
	unsigned int tries = 20;

	while (tries && !sizes_leave_no_page_behind(arena_zone(arena)))
		tries--;
	KUNIT_EXPECT_GT(test, tries, 0);
}

static void frees_any_part(struct kunit *test)
{
	struct page *area = alloc_memarea(GFP_KERNEL, 100);

	KUNIT_ASSERT_NOT_NULL(test, area);
	free_memarea(area + 30, 21);
	KUNIT_EXPECT_EQ(test, 1, page_count(area + 29));
	KUNIT_EXPECT_EQ(test, 0, page_count(area + 30));
	KUNIT_EXPECT_EQ(test, 0, page_count(area + 50));
	KUNIT_EXPECT_EQ(test, 1, page_count(area + 51));
	free_memarea(area + 51, 49);
	free_memarea(area, 30);
}

static void single_page_by_put_page(struct kunit *test)
{
	struct page *area = alloc_memarea(GFP_KERNEL, 3);

	KUNIT_ASSERT_NOT_NULL(test, area);
	put_page(area + 1);
	KUNIT_EXPECT_EQ(test, 0, page_count(area + 1));
	KUNIT_EXPECT_EQ(test, 1, page_count(area));
	KUNIT_EXPECT_EQ(test, 1, page_count(area + 2));
	free_memarea(area, 1);
	free_memarea(area + 2, 1);
}

/* A page that somebody else holds outlives the area. */
static void shared_page_stays(struct kunit *test)
{
	struct page *area = alloc_memarea(GFP_KERNEL, 64);

	KUNIT_ASSERT_NOT_NULL(test, area);
	get_page(area + 17);
	free_memarea(area, 64);
	KUNIT_EXPECT_EQ(test, 0, page_count(area + 16));
	KUNIT_EXPECT_EQ(test, 1, page_count(area + 17));
	KUNIT_EXPECT_EQ(test, 0, page_count(area + 18));
	KUNIT_EXPECT_TRUE(test, is_free_buddy_page(area + 18));
	put_page(area + 17);
	KUNIT_EXPECT_EQ(test, 0, page_count(area + 17));
}

static void null_is_nothing(struct kunit *test)
{
	free_memarea(NULL, 0);
	free_memarea(NULL, ~0UL);
	free_memarea_exact(NULL, PAGE_SIZE);
	kvfree_memarea(NULL, PAGE_SIZE);
	KUNIT_SUCCEED(test);
}

/* What is free already stays free, once; the rest is freed. */
static void double_free_is_refused(struct kunit *test)
{
	struct arena *arena = arena_create(test);
	struct memarea_request req = { .nr_pages = 25, .gfp = GFP_KERNEL };

	arena_free(arena, 10, 20);
	free_memarea(pfn_to_page(arena->pfn + 10), 10);
	KUNIT_EXPECT_TRUE(test, arena_is_free(arena, 10, 20));
	arena_free(arena, 5, 30);
	KUNIT_EXPECT_TRUE(test, arena_is_free(arena, 5, 30));
	/* all 25 are one run now, and each is in it once */
	KUNIT_EXPECT_EQ(test, 5, arena_offset(arena,
					      arena_alloc(arena, &req, NULL)));
	KUNIT_EXPECT_NULL(test, arena_alloc(arena, &req, NULL));
}

static void empty_and_endless_are_refused(struct kunit *test)
{
	struct page *area = alloc_memarea(GFP_KERNEL, 2);

	KUNIT_ASSERT_NOT_NULL(test, area);
	free_memarea(area, 0);
	free_memarea(area, ~0UL);
	free_memarea(area, 1UL << (BITS_PER_LONG - 1 - PAGE_SHIFT));
	KUNIT_EXPECT_EQ(test, 1, page_count(area));
	KUNIT_EXPECT_EQ(test, 1, page_count(area + 1));
	free_memarea(area, 2);
}

static void slab_is_refused(struct kunit *test)
{
	void *object = kmalloc(64, GFP_KERNEL);
	struct page *page;

	KUNIT_ASSERT_NOT_NULL(test, object);
	page = virt_to_page(object);
	free_memarea(page, 1);
	KUNIT_EXPECT_GE(test, page_count(compound_head(page)), 1);
	kfree(object);
}

static void part_of_compound_is_refused(struct kunit *test)
{
	struct page *page = alloc_pages(GFP_KERNEL | __GFP_COMP, 3);

	KUNIT_ASSERT_NOT_NULL(test, page);
	free_memarea(page, 4);
	free_memarea(page + 2, 1);
	free_memarea(page + 7, 2);
	KUNIT_EXPECT_EQ(test, 3, compound_order(page));
	KUNIT_EXPECT_EQ(test, 1, page_count(page));
	free_memarea(page, 8);
	KUNIT_EXPECT_EQ(test, 0, page_count(page));
}

/* What a holder does to its page is no reason to keep our reference. */
static void held_and_locked_page_is_dropped(struct kunit *test)
{
	struct page *area = alloc_memarea(GFP_KERNEL, 5);

	KUNIT_ASSERT_NOT_NULL(test, area);
	get_page(area + 2);
	lock_page(area + 2);
	free_memarea(area, 5);
	KUNIT_EXPECT_EQ(test, 1, page_count(area + 2));
	unlock_page(area + 2);
	put_page(area + 2);
	KUNIT_EXPECT_EQ(test, 0, page_count(area + 2));
}

static void locked_page_is_refused(struct kunit *test)
{
	struct page *area = alloc_memarea(GFP_KERNEL, 5);

	KUNIT_ASSERT_NOT_NULL(test, area);
	lock_page(area + 2);
	free_memarea(area, 5);
	KUNIT_EXPECT_EQ(test, 0, page_count(area + 1));
	KUNIT_EXPECT_EQ(test, 1, page_count(area + 2));
	KUNIT_EXPECT_EQ(test, 0, page_count(area + 3));
	unlock_page(area + 2);
	free_memarea(area + 2, 1);
}

static void frees_with_interrupts_off(struct kunit *test)
{
	struct page *area = alloc_memarea(GFP_KERNEL, 3000);
	unsigned long flags;

	KUNIT_ASSERT_NOT_NULL(test, area);
	local_irq_save(flags);
	free_memarea(area, 3000);
	KUNIT_EXPECT_TRUE(test, irqs_disabled());
	local_irq_restore(flags);
	KUNIT_EXPECT_EQ(test, 0, page_count(nth_page(area, 2999)));
}

/* More blocks than one lock hold takes: every other page is still held. */
static void frees_in_many_holds(struct kunit *test)
{
	const unsigned long nr = 6 * MEMAREA_HOLD_BLOCKS;
	struct page *area = alloc_memarea(GFP_KERNEL, nr);
	unsigned long i;

	KUNIT_ASSERT_NOT_NULL(test, area);
	for (i = 0; i < nr; i += 2)
		get_page(nth_page(area, i));
	free_memarea(area, nr);
	for (i = 0; i < nr; i++)
		KUNIT_ASSERT_EQ(test, !(i % 2), page_count(nth_page(area, i)));
	for (i = 0; i < nr; i += 2)
		put_page(nth_page(area, i));
	for (i = 0; i < nr; i++)
		KUNIT_ASSERT_EQ(test, 0, page_count(nth_page(area, i)));
}

static struct kunit_case free_cases[] = {
	KUNIT_CASE(leaves_no_page_behind),
	KUNIT_CASE(frees_any_part),
	KUNIT_CASE(single_page_by_put_page),
	KUNIT_CASE(shared_page_stays),
	KUNIT_CASE(null_is_nothing),
	KUNIT_CASE(double_free_is_refused),
	KUNIT_CASE(empty_and_endless_are_refused),
	KUNIT_CASE(slab_is_refused),
	KUNIT_CASE(part_of_compound_is_refused),
	KUNIT_CASE(held_and_locked_page_is_dropped),
	KUNIT_CASE(locked_page_is_refused),
	KUNIT_CASE(frees_with_interrupts_off),
	KUNIT_CASE(frees_in_many_holds),
	{ }
};

static struct kunit_suite free_suite = {
	.name = "memarea_free",
	.test_cases = free_cases,
};

kunit_test_suite(free_suite);
