// SPDX-License-Identifier: GPL-2.0
/* Batches and the per-CPU lists: what stays there, and for whom. */
#include <linux/preempt.h>
#include "batch.h"

#define FEW	16

/*
 * A count that another CPU folds while it is read may be wrong.  So what depends
 * on one has a few tries; it is not wrong each time.
 */

static unsigned long buddy_pages(struct zone *zone)
{
	return zone_page_state_snapshot(zone, NR_FREE_PAGES);
}

/* Allocate and free in turn; returns how often that reached the buddy. */
static unsigned int ping_pong(struct zone *zone, unsigned int rounds)
{
	gfp_t gfp = BATCH_GFP & ~__GFP_DIRECT_RECLAIM;
	struct page *pages[FEW] = { };
	unsigned int reached = 0;
	unsigned long before;

	preempt_disable();
	while (rounds--) {
		before = buddy_pages(zone);
		free_pages_bulk(pages, alloc_pages_bulk_array(gfp, FEW, pages));
		reached += buddy_pages(zone) != before;
		memset(pages, 0, sizeof(pages));
	}
	preempt_enable();
	return reached;
}

static void batches_in_turn_stay_on_lists(struct kunit *test)
{
	struct zone *zone = batch_zone();
	unsigned int tries = 10;

	need_room(test);
	zone_pages(zone);
	ping_pong(zone, 10);
	while (tries && ping_pong(zone, 100))
		tries--;
	KUNIT_EXPECT_GT(test, tries, 0);
	KUNIT_EXPECT_TRUE(test, pcp_is_sane(zone));
}

/* Take everything of order 0 that this CPU's lists hold. */
static void single_pages(struct page **pages, unsigned long nr)
{
	while (nr--)
		pages[nr] = alloc_page(BATCH_GFP & ~__GFP_DIRECT_RECLAIM);
}

/* How many pages the buddy gave for single pages after a batch was freed. */
static unsigned long given_after_batch(struct kunit *test)
{
	struct page **pages = batch_alloc(test, FEW);
	struct zone *zone = page_zone(pages[0]);
	unsigned long before, after;

	batch_free_singly(pages, FEW);
	preempt_disable();
	memset(pages, 0, FEW * sizeof(*pages));
	alloc_pages_bulk_array(BATCH_GFP & ~__GFP_DIRECT_RECLAIM, FEW, pages);
	drain_local_pages(zone);
	free_pages_bulk(pages, FEW);
	before = buddy_pages(zone);
	single_pages(pages, FEW);
	after = buddy_pages(zone);
	preempt_enable();
	KUNIT_EXPECT_TRUE(test, batch_is_whole(pages, FEW, 1));
	batch_free_singly(pages, FEW);
	KUNIT_EXPECT_TRUE(test, pcp_is_sane(zone));
	return before - after;
}

static void single_pages_split_blocks(struct kunit *test)
{
	unsigned int tries = 10;

	need_room(test);
	while (tries && given_after_batch(test))
		tries--;
	KUNIT_EXPECT_GT(test, tries, 0);
}

/* After many frees, the page allocator keeps no block of an order above zero. */
static void forget_frees(struct zone *zone)
{
	unsigned long flags;
	struct per_cpu_pages *pcp = bulk_lock_pcp(zone, &flags);

	if (!pcp)
		return;
	pcp->free_count = 0;
	bulk_unlock_pcp(pcp, &flags);
}

/* We and the page allocator mean the same list by an order and a type. */
static void lists_are_the_allocators(struct kunit *test)
{
	unsigned int order;

	need_room(test);
	for (order = 0; order <= BULK_PCP_ORDER; order++) {
		struct page *page = alloc_pages(BATCH_GFP, order);
		struct zone *zone;
		bool listed;

		KUNIT_ASSERT_NOT_NULL(test, page);
		zone = page_zone(page);
		preempt_disable();
		drain_local_pages(zone);
		forget_frees(zone);
		__free_pages(page, order);
		listed = is_on_list(zone, page, order, MIGRATE_MOVABLE);
		preempt_enable();
		KUNIT_EXPECT_TRUE(test, listed);
	}
}

/*
 * Pages that the buddy has more when 64 are freed and the lists are disabled; where
 * debug_guardpage_minorder is set, a guard may come back with each.
 */
static long buried_of_64(struct kunit *test)
{
	struct page **pages = batch_alloc(test, 64);
	struct zone *zone = page_zone(pages[0]);
	unsigned long before, after;

	zone_pcp_disable(zone);
	before = buddy_pages(zone);
	free_pages_bulk(pages, 64);
	after = buddy_pages(zone);
	zone_pcp_enable(zone);
	return after - before;
}

static void disabled_lists_stay_empty(struct kunit *test)
{
	unsigned int tries = 10;

	while (tries && buried_of_64(test) < 64)
		tries--;
	KUNIT_EXPECT_GT(test, tries, 0);
}

/* Many sizes at random; the lists are right after each. */
static void random_batches(struct kunit *test)
{
	struct page **pages = batch_alloc(test, BATCH_PAGES);
	struct zone *zone = page_zone(pages[0]);
	unsigned int i, from, nr;

	for (i = 0; i < 500; i++) {
		from = i * 7919 % BATCH_PAGES;
		nr = min_t(unsigned int, i * 104729 % 200, BATCH_PAGES - from);
		free_pages_bulk(pages + from, nr);
		memset(pages + from, 0, nr * sizeof(*pages));
		if (!pcp_is_sane(zone))
			KUNIT_FAIL(test, "lists broken by free %u", i);
		if (i % 3)
			alloc_pages_bulk_array(BATCH_GFP, BATCH_PAGES, pages);
		if (!pcp_is_sane(zone))
			KUNIT_FAIL(test, "lists broken by alloc %u", i);
	}
	free_pages_bulk(pages, BATCH_PAGES);
}

static struct kunit_case pcp_cases[] = {
	KUNIT_CASE(batches_in_turn_stay_on_lists),
	KUNIT_CASE(single_pages_split_blocks),
	KUNIT_CASE(lists_are_the_allocators),
	KUNIT_CASE(disabled_lists_stay_empty),
	KUNIT_CASE(random_batches),
	{}
};

static struct kunit_suite pcp_suite = {
	.name = "page_bulk_pcp",
	.test_cases = pcp_cases,
};

kunit_test_suite(pcp_suite);
