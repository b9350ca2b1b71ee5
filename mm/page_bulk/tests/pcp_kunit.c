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

static bool buddy_has_fragments(struct zone *zone)
{
	unsigned int order;

	for (order = 0; order < BULK_PCP_ORDER; order++) {
		if (!free_area_empty(&zone->free_area[order], MIGRATE_MOVABLE))
			return true;
	}
	return false;
}

/* Use up the buddy's fragments; the pages are on @pages. */
static void use_fragments(struct zone *zone, struct list_head *pages)
{
	unsigned int tries = 20000;
	struct page *page;

	while (buddy_has_fragments(zone) && tries--) {
		page = alloc_page(BATCH_GFP & ~__GFP_DIRECT_RECLAIM);
		if (!page)
			break;
		list_add(&page->lru, pages);
	}
}

/* Free @nr pages of a list, or all. */
static void put_pages(struct list_head *pages, unsigned long nr)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, pages, lru) {
		if (!nr--)
			break;
		list_del(&page->lru);
		__free_page(page);
	}
}

static bool any_is_listed(struct zone *zone, struct page **pages,
			  unsigned long nr)
{
	while (nr--) {
		if (is_on_list(zone, pages[nr], BULK_PCP_ORDER, MIGRATE_MOVABLE))
			return true;
	}
	return false;
}

/* What a single page would do if there were none on the lists. */
static bool split_block(struct zone *zone)
{
	unsigned long flags;
	struct per_cpu_pages *pcp = bulk_lock_pcp(zone, &flags);
	bool split;

	if (!pcp)
		return false;
	split = bulk_split_block(zone, pcp, 0, MIGRATE_MOVABLE);
	bulk_unlock_pcp(pcp, &flags);
	return split;
}

/* Have blocks on the lists; false if there are none. */
static bool list_blocks(struct zone *zone)
{
	struct page *pages[FEW] = { };
	unsigned long nr;

	drain_local_pages(zone);
	nr = alloc_pages_bulk_array(BATCH_GFP & ~__GFP_DIRECT_RECLAIM, FEW,
				    pages);
	free_pages_bulk(pages, nr);
	return any_is_listed(zone, pages, nr);
}

/* Once the buddy has nothing smaller, single pages are cut from the lists' blocks. */
static void single_pages_split_blocks(struct kunit *test)
{
	struct zone *zone = batch_zone();
	bool ready, split;
	LIST_HEAD(used);

	need_room(test);
	preempt_disable();
	ready = list_blocks(zone);
	use_fragments(zone, &used);
	ready &= !buddy_has_fragments(zone);
	split = split_block(zone);
	preempt_enable();
	put_pages(&used, ULONG_MAX);
	if (!ready)
		kunit_skip(test, "fragments are many, or others took the blocks");
	KUNIT_EXPECT_TRUE(test, split);
	KUNIT_EXPECT_TRUE(test, pcp_is_sane(zone));
}

/* As long as it has, blocks stay whole: else fragments would become many. */
static void single_pages_use_fragments(struct kunit *test)
{
	struct page **pages = batch_alloc(test, FEW);
	struct zone *zone = page_zone(pages[0]);
	bool ready, split;

	need_room(test);
	preempt_disable();
	__free_page(pages[FEW / 2]);
	ready = list_blocks(zone) && buddy_has_fragments(zone);
	split = split_block(zone);
	preempt_enable();
	pages[FEW / 2] = alloc_page(BATCH_GFP);
	batch_free_singly(pages, FEW);
	if (!ready)
		kunit_skip(test, "others took the fragment, or the blocks");
	KUNIT_EXPECT_FALSE(test, split);
	KUNIT_EXPECT_TRUE(test, pcp_is_sane(zone));
}

/*
 * Break a quarter of what a zone has free: each other page of it stays on @kept.
 * Returns how many these are.
 */
static unsigned long break_zone(struct zone *zone, struct list_head *kept)
{
	unsigned long nr = zone_pages(zone) / 4, nr_kept = 0;
	struct page *page, *next;
	bool keep = true;

	while (nr-- && (page = alloc_page(BATCH_GFP)))
		list_add(&page->lru, kept);
	list_for_each_entry_safe(page, next, kept, lru) {
		keep = !keep;
		if (keep) {
			nr_kept++;
			continue;
		}
		list_del(&page->lru);
		__free_page(page);
	}
	drain_all_pages(zone);
	return nr_kept;
}

/* Has the batch all of the aligned block of eight that page @i is in? */
static bool has_block(struct page **pages, unsigned long nr, unsigned long i)
{
	unsigned long block = page_to_pfn(pages[i]) >> BULK_PCP_ORDER;
	unsigned int found = 0;

	while (nr--)
		found += page_to_pfn(pages[nr]) >> BULK_PCP_ORDER == block;
	return found == BIT(BULK_PCP_ORDER);
}

/* Is more than an eighth of what is free in small blocks? */
static bool is_broken(struct zone *zone)
{
	unsigned long small = 0;
	unsigned int order;

	for (order = 0; order < BULK_PCP_ORDER; order++)
		small += zone->free_area[order].nr_free << order;
	return small > buddy_pages(zone) / 8;
}

/* Of a zone in pieces, a batch gets pieces, and large blocks stay. */
static void batches_use_pieces_up(struct kunit *test)
{
	gfp_t gfp = BATCH_GFP & ~__GFP_DIRECT_RECLAIM;
	struct zone *zone = batch_zone();
	struct page *pages[FEW] = { };
	unsigned long nr, i;
	LIST_HEAD(kept);
	bool broken;

	need_room(test);
	break_zone(zone, &kept);
	preempt_disable();
	drain_local_pages(zone);
	broken = is_broken(zone);
	nr = alloc_pages_bulk_array(gfp, FEW, pages);
	preempt_enable();
	for (i = 0; broken && i < nr; i++)
		KUNIT_EXPECT_FALSE(test, has_block(pages, nr, i));
	KUNIT_EXPECT_EQ(test, nr, FEW);
	KUNIT_EXPECT_TRUE(test, pcp_is_sane(zone));
	free_pages_bulk(pages, nr);
	put_pages(&kept, ULONG_MAX);
	if (!broken)
		kunit_skip(test, "the zone does not break");
}

/* Pages of the zone that are in free blocks above @order. */
static unsigned long pages_above(struct zone *zone, unsigned int order)
{
	unsigned long pages = 0;

	while (++order < NR_BUDDY_ORDERS)
		pages += zone->free_area[order].nr_free << order;
	return pages;
}

/* Free two blocks of eight pages, and leave as many between and behind them. */
static void free_two_blocks(struct page *page)
{
	free_pages_bulk_range(page, BIT(BULK_PCP_ORDER));
	free_pages_bulk_range(page + 2 * BIT(BULK_PCP_ORDER),
			      BIT(BULK_PCP_ORDER));
}

/* While there are blocks of eight pages, larger ones stay, and are not cut. */
static void smallest_blocks_go_first(struct kunit *test)
{
	unsigned int order = BULK_PCP_ORDER + 2;
	gfp_t gfp = BATCH_GFP & ~__GFP_DIRECT_RECLAIM;
	struct page *page, *pages[FEW] = { };
	unsigned long before, after, nr;
	struct zone *zone;

	need_room(test);
	page = alloc_pages(BATCH_GFP, order);
	KUNIT_ASSERT_NOT_NULL(test, page);
	zone = page_zone(page);
	split_page(page, order);
	preempt_disable();
	free_two_blocks(page);
	drain_local_pages(zone);
	before = pages_above(zone, BULK_PCP_ORDER);
	nr = alloc_pages_bulk_array(gfp, FEW, pages);
	after = pages_above(zone, BULK_PCP_ORDER);
	preempt_enable();
	KUNIT_EXPECT_EQ(test, nr, FEW);
	KUNIT_EXPECT_EQ(test, before, after);
	free_pages_bulk(pages, nr);
	free_two_blocks(page + BIT(BULK_PCP_ORDER));
}

struct fill {
	int count;
	int high;
	int high_max;
};

/* How full this CPU's lists are, and may be. */
static struct fill list_fill(struct zone *zone)
{
	struct fill fill = { };
	unsigned long flags;
	struct per_cpu_pages *pcp = bulk_lock_pcp(zone, &flags);

	if (pcp) {
		fill.count = pcp->count;
		fill.high = pcp->high;
		fill.high_max = pcp->high_max;
		bulk_unlock_pcp(pcp, &flags);
	}
	return fill;
}

/* Allocating raises what the lists may take. */
static void forget_high(struct zone *zone)
{
	unsigned long flags;
	struct per_cpu_pages *pcp = bulk_lock_pcp(zone, &flags);

	if (!pcp)
		return;
	pcp->high = pcp->high_min;
	bulk_unlock_pcp(pcp, &flags);
}

/* Have single pages on the lists, so that these are about two thirds full. */
static struct fill fill_lists(struct zone *zone)
{
	struct page *page;
	LIST_HEAD(pages);
	int nr;

	forget_high(zone);
	nr = 2 * list_fill(zone).high / 3;
	while (nr-- && (page = alloc_page(BATCH_GFP & ~__GFP_DIRECT_RECLAIM)))
		list_add(&page->lru, &pages);
	drain_local_pages(zone);
	forget_high(zone);
	put_pages(&pages, ULONG_MAX);
	return list_fill(zone);
}

/* Every other page of a block of which the caller may have both kinds. */
static struct page *alloc_comb(struct page **pages)
{
	struct page *block = alloc_pages(BATCH_GFP, 5);
	unsigned int i;

	if (!block)
		return NULL;
	split_page(block, 5);
	for (i = 0; i < FEW; i++)
		pages[i] = block + 2 * i;
	return block;
}

static void free_rest_of_comb(struct page *block)
{
	unsigned int i;

	for (i = 0; i < FEW; i++)
		__free_page(block + 2 * i + 1);
}

/* Pages that are no neighbours would merge one by one. */
static void shuffled_pages_stay_on_lists(struct kunit *test)
{
	struct page *block, *pages[FEW];
	struct fill before, after;
	struct zone *zone;

	need_room(test);
	block = alloc_comb(pages);
	KUNIT_ASSERT_NOT_NULL(test, block);
	zone = page_zone(block);
	preempt_disable();
	before = fill_lists(zone);
	free_pages_bulk(pages, FEW);
	after = list_fill(zone);
	preempt_enable();
	free_rest_of_comb(block);
	if (before.count <= before.high / 2)
		kunit_skip(test, "the lists take more than there is");
	KUNIT_EXPECT_EQ(test, before.count + FEW, after.count);
}

/* How many of a batch are pages of @block? */
static unsigned int count_within(struct page **pages, unsigned long nr,
				 struct page *block)
{
	unsigned int count = 0;

	while (nr--)
		count += pages[nr] >= block && pages[nr] < block + 2 * FEW;
	return count;
}

/*
 * Have blocks on the lists, give pages of a block back by @give_back, and allocate a
 * batch.  Returns how many of those pages it has, or -1 if it has not been served.
 */
static int found_again(struct kunit *test,
		       void (*give_back)(struct page **pages, unsigned long nr),
		       bool drain)
{
	gfp_t gfp = BATCH_GFP & ~__GFP_DIRECT_RECLAIM;
	struct page *pages[FEW], *block = alloc_comb(pages);
	unsigned long nr;
	int found;

	KUNIT_ASSERT_NOT_NULL(test, block);
	preempt_disable();
	list_blocks(page_zone(block));
	if (drain)
		drain_local_pages(page_zone(block));
	give_back(pages, FEW);
	memset(pages, 0, sizeof(pages));
	nr = alloc_pages_bulk_array(gfp, FEW, pages);
	found = nr == FEW ? count_within(pages, FEW, block) : -1;
	preempt_enable();
	free_pages_bulk(pages, nr);
	free_rest_of_comb(block);
	return found;
}

/* Others may drain the lists at any time, but not each time. */
static void expect_found(struct kunit *test,
			 void (*give_back)(struct page **pages, unsigned long nr),
			 bool drain, int count)
{
	unsigned int tries = 10;

	need_room(test);
	while (tries && found_again(test, give_back, drain) != count)
		tries--;
	KUNIT_EXPECT_GT(test, tries, 0);
}

/* Batches that come back page by page must not make the next ones take new blocks. */
static void single_pages_come_first(struct kunit *test)
{
	expect_found(test, batch_free_singly, false, FEW);
}

/* The same pages given back as a batch are no reason to break with blocks. */
static void blocks_come_before_shuffled_pages(struct kunit *test)
{
	expect_found(test, free_pages_bulk, false, 0);
}

/* A batch that was on the lists once does not hide single pages. */
static void drained_batches_are_forgotten(struct kunit *test)
{
	expect_found(test, batch_free_singly, true, FEW);
}

/* Take single pages as a round does, and put them back; returns how many. */
static unsigned long take_singles(struct zone *zone, unsigned long want)
{
	struct page_bulk bulk = { .zone = zone };
	struct bulk_runs runs = { .max = BULK_RUNS };
	unsigned long flags, pages;
	struct per_cpu_pages *pcp = bulk_lock_pcp(zone, &flags);

	if (!pcp)
		return 0;
	bulk.ac.migratetype = MIGRATE_MOVABLE;
	bulk_take_singles(pcp, &bulk, &runs, want);
	pages = runs.pages;
	bulk_list_runs(pcp, &runs, pages, 1);
	bulk_unlock_pcp(pcp, &flags);
	return pages;
}

/* Neighbours are one run, but each of them is a list entry to unlink. */
static void a_hold_takes_few_singles(struct kunit *test)
{
	unsigned int order = ilog2(BULK_SINGLES) + 1, i;
	struct page *block;
	struct zone *zone;
	struct fill fill;
	unsigned long nr;

	need_room(test);
	block = alloc_pages(BATCH_GFP, order);
	KUNIT_ASSERT_NOT_NULL(test, block);
	zone = page_zone(block);
	split_page(block, order);
	preempt_disable();
	drain_local_pages(zone);
	for (i = 0; i < BIT(order); i++)
		__free_page(block + i);
	fill = list_fill(zone);
	nr = take_singles(zone, BIT(order));
	preempt_enable();
	if (fill.count <= BULK_SINGLES)
		kunit_skip(test, "the lists are too small for so many");
	KUNIT_EXPECT_EQ(test, nr, BULK_SINGLES);
	KUNIT_EXPECT_TRUE(test, pcp_is_sane(zone));
}

/* By how much a batch that the buddy serves makes the lists larger. */
static int growth(struct zone *zone)
{
	gfp_t gfp = BATCH_GFP & ~__GFP_DIRECT_RECLAIM;
	struct page *pages[FEW] = { };
	struct fill before, after;
	unsigned long nr;

	preempt_disable();
	drain_local_pages(zone);
	forget_high(zone);
	before = list_fill(zone);
	nr = alloc_pages_bulk_array(gfp, FEW, pages);
	after = list_fill(zone);
	preempt_enable();
	free_pages_bulk(pages, nr);
	return before.high < before.high_max ? after.high - before.high : FEW;
}

/* As for single pages: with larger lists, a batch would not have to ask the buddy. */
static void lists_grow_for_batches(struct kunit *test)
{
	struct zone *zone = batch_zone();
	unsigned int tries = 10;

	need_room(test);
	while (tries && growth(zone) != FEW)
		tries--;
	KUNIT_EXPECT_GT(test, tries, 0);
}

/* But where there is room for a few extents, these are of large blocks. */
static void few_extents_are_no_pieces(struct kunit *test)
{
	struct zone *zone = batch_zone();
	unsigned long nr, sum = 0, i;
	struct page_extent extents[4];
	LIST_HEAD(kept);

	need_room(test);
	break_zone(zone, &kept);
	nr = alloc_pages_bulk_extents(BATCH_GFP, 512, extents, 4);
	for (i = 0; i < nr; i++)
		sum += extents[i].nr;
	KUNIT_EXPECT_GE(test, sum, 4UL << BULK_PCP_ORDER);
	free_pages_bulk_extents(extents, nr);
	put_pages(&kept, ULONG_MAX);
}

/* A broken zone has blocks for every order, and the lists stay right. */
static void broken_zones_serve_all_orders(struct kunit *test)
{
	struct zone *zone = batch_zone();
	struct page *pages[FEW] = { };
	unsigned long nr, i;
	unsigned int order;
	LIST_HEAD(kept);

	need_room(test);
	nr = break_zone(zone, &kept);
	put_pages(&kept, nr / 2);
	for (order = 0; order <= BULK_PCP_ORDER; order++) {
		nr = alloc_pages_bulk_order(BATCH_GFP, order, FEW, pages);
		KUNIT_EXPECT_EQ(test, nr, FEW);
		for (i = 0; i < nr; i++)
			KUNIT_EXPECT_TRUE(test, IS_ALIGNED(page_to_pfn(pages[i]),
							   1UL << order));
		KUNIT_EXPECT_TRUE(test, pcp_is_sane(zone));
		free_pages_bulk_order(order, pages, nr);
		memset(pages, 0, sizeof(pages));
	}
	put_pages(&kept, ULONG_MAX);
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

/* Free a block to lists that are empty. */
static struct zone *list_block(struct page *page, unsigned int order)
{
	struct zone *zone = page_zone(page);

	drain_local_pages(zone);
	forget_frees(zone);
	__free_pages(page, order);
	return zone;
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
		preempt_disable();
		zone = list_block(page, order);
		listed = is_on_list(zone, page, order, MIGRATE_MOVABLE);
		preempt_enable();
		KUNIT_EXPECT_TRUE(test, listed);
	}
}

/* As a batch does that finds nothing large in the buddy. */
static void return_small(struct zone *zone)
{
	unsigned long flags, irq_flags;
	struct per_cpu_pages *pcp = bulk_lock_pcp(zone, &flags);

	if (!pcp)
		return;
	spin_lock_irqsave(&zone->lock, irq_flags);
	bulk_return_small(zone, pcp, MIGRATE_MOVABLE, BULK_HOLD_BLOCKS);
	spin_unlock_irqrestore(&zone->lock, irq_flags);
	bulk_unlock_pcp(pcp, &flags);
}

/* Only blocks that are neither single pages nor as large as the lists have them. */
static void small_blocks_go_back(struct kunit *test)
{
	unsigned int order;

	need_room(test);
	for (order = 0; order <= BULK_PCP_ORDER; order++) {
		bool small = order > 0 && order < BULK_PCP_ORDER;
		struct page *page = alloc_pages(BATCH_GFP, order);
		struct zone *zone;
		bool listed, buried;

		KUNIT_ASSERT_NOT_NULL(test, page);
		preempt_disable();
		zone = list_block(page, order);
		return_small(zone);
		listed = is_on_list(zone, page, order, MIGRATE_MOVABLE);
		buried = is_free_buddy_page(page);
		preempt_enable();
		KUNIT_EXPECT_EQ(test, listed, !small);
		KUNIT_EXPECT_EQ(test, buried, small);
		KUNIT_EXPECT_TRUE(test, pcp_is_sane(zone));
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
	KUNIT_CASE(single_pages_use_fragments),
	KUNIT_CASE(batches_use_pieces_up),
	KUNIT_CASE(smallest_blocks_go_first),
	KUNIT_CASE(shuffled_pages_stay_on_lists),
	KUNIT_CASE(single_pages_come_first),
	KUNIT_CASE(blocks_come_before_shuffled_pages),
	KUNIT_CASE(drained_batches_are_forgotten),
	KUNIT_CASE(a_hold_takes_few_singles),
	KUNIT_CASE(lists_grow_for_batches),
	KUNIT_CASE(few_extents_are_no_pieces),
	KUNIT_CASE(broken_zones_serve_all_orders),
	KUNIT_CASE(lists_are_the_allocators),
	KUNIT_CASE(small_blocks_go_back),
	KUNIT_CASE(disabled_lists_stay_empty),
	KUNIT_CASE(random_batches),
	{}
};

static struct kunit_suite pcp_suite = {
	.name = "page_bulk_pcp",
	.test_cases = pcp_cases,
};

kunit_test_suite(pcp_suite);
