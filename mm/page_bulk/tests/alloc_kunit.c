// SPDX-License-Identifier: GPL-2.0
/* Each form of a batch: what comes, how much of it, and what comes when not. */
#include <linux/highmem.h>
#include "batch.h"

static struct page **empty_array(struct kunit *test)
{
	struct page **pages = kunit_kcalloc(test, BATCH_PAGES, sizeof(*pages),
					    GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, pages);
	return pages;
}

static void fills_array(struct kunit *test)
{
	struct page **pages = empty_array(test);
	unsigned long nr;

	for (nr = 1; nr <= BATCH_PAGES; nr = nr * 3 + 1) {
		KUNIT_ASSERT_EQ(test, nr,
				alloc_pages_bulk_array(BATCH_GFP, nr, pages));
		KUNIT_EXPECT_PTR_EQ(test, NULL, pages[nr]);
		KUNIT_EXPECT_TRUE(test, batch_is_whole(pages, nr, 1));
		batch_free_singly(pages, nr);
		memset(pages, 0, nr * sizeof(*pages));
	}
}

static void pages_are_as_new(struct kunit *test)
{
	struct page **pages = batch_alloc(test, 64);
	unsigned long i;

	for (i = 0; i < 64; i++)
		set_page_private(pages[i], i + 1);
	free_pages_bulk(pages, 64);
	memset(pages, 0, 64 * sizeof(*pages));
	KUNIT_ASSERT_EQ(test, 64, alloc_pages_bulk_array(BATCH_GFP, 64, pages));
	for (i = 0; i < 64; i++) {
		KUNIT_EXPECT_EQ(test, 0, page_private(pages[i]));
		KUNIT_EXPECT_FALSE(test, page_is_pfmemalloc(pages[i]));
		KUNIT_EXPECT_NULL(test, pages[i]->mapping);
	}
	free_pages_bulk(pages, 64);
}

static void fills_holes_only(struct kunit *test)
{
	struct page **pages = empty_array(test), *kept[3];
	static const unsigned int at[] = { 0, 17, 63 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(at); i++) {
		kept[i] = alloc_page(BATCH_GFP);
		pages[at[i]] = kept[i];
	}
	KUNIT_EXPECT_EQ(test, 64, alloc_pages_bulk_array(BATCH_GFP, 64, pages));
	for (i = 0; i < ARRAY_SIZE(at); i++)
		KUNIT_EXPECT_PTR_EQ(test, kept[i], pages[at[i]]);
	KUNIT_EXPECT_TRUE(test, batch_is_whole(pages, 64, 1));
	free_pages_bulk(pages, 64);
}

static void nothing_to_do(struct kunit *test)
{
	struct page **pages = batch_alloc(test, 2), *first = pages[0];
	LIST_HEAD(list);

	KUNIT_EXPECT_EQ(test, 0, alloc_pages_bulk_array(BATCH_GFP, 0, pages));
	KUNIT_EXPECT_EQ(test, 2, alloc_pages_bulk_array(BATCH_GFP, 2, pages));
	KUNIT_EXPECT_PTR_EQ(test, first, pages[0]);
	KUNIT_EXPECT_EQ(test, 0, alloc_pages_bulk_list(BATCH_GFP, 0, &list));
	KUNIT_EXPECT_EQ(test, 0, alloc_pages_bulk_extents(BATCH_GFP, 8, NULL, 0));
	KUNIT_EXPECT_TRUE(test, list_empty(&list));
	free_pages_bulk(pages, 0);
	KUNIT_EXPECT_EQ(test, 1, page_count(first));
	free_pages_bulk(pages, 2);
}

static void zeroes_pages(struct kunit *test)
{
	struct page **pages = batch_alloc(test, 64);
	unsigned long i;

	for (i = 0; i < 64; i++)
		memset_page(pages[i], 0, 0x5a, PAGE_SIZE);
	free_pages_bulk(pages, 64);
	memset(pages, 0, 64 * sizeof(*pages));
	KUNIT_ASSERT_EQ(test, 64, alloc_pages_bulk_array(BATCH_GFP | __GFP_ZERO,
							 64, pages));
	for (i = 0; i < 64; i++) {
		char *address = kmap_local_page(pages[i]);

		KUNIT_EXPECT_NULL(test, memchr_inv(address, 0, PAGE_SIZE));
		kunmap_local(address);
	}
	free_pages_bulk(pages, 64);
}

static void list_of_pages(struct kunit *test)
{
	struct page *page;
	LIST_HEAD(list);
	unsigned int n = 0;

	KUNIT_EXPECT_EQ(test, 100, alloc_pages_bulk_list(BATCH_GFP, 100, &list));
	list_for_each_entry(page, &list, lru) {
		KUNIT_EXPECT_EQ(test, 1, page_count(page));
		n++;
	}
	KUNIT_EXPECT_EQ(test, 100, n);
	free_pages_bulk_list(&list);
	KUNIT_EXPECT_TRUE(test, list_empty(&list));
}

static void frozen_pages(struct kunit *test)
{
	struct page **pages = empty_array(test);

	KUNIT_ASSERT_EQ(test, 100, alloc_pages_bulk_frozen(BATCH_GFP, 100, pages));
	KUNIT_EXPECT_TRUE(test, batch_is_whole(pages, 100, 0));
	set_page_private(pages[0], 1);
	set_page_pfmemalloc(pages[0]);
	thaw_page(pages[0]);
	KUNIT_EXPECT_EQ(test, page_count(pages[0]), 1);
	KUNIT_EXPECT_EQ(test, page_private(pages[0]), 0);
	KUNIT_EXPECT_FALSE(test, page_is_pfmemalloc(pages[0]));
	put_page(pages[0]);
	pages[0] = NULL;
	free_pages_bulk_frozen(pages, 100);
}

static void one_frozen_page(struct kunit *test)
{
	struct page *page = NULL;
	struct zone *zone;

	KUNIT_ASSERT_EQ(test, 1, alloc_pages_bulk_frozen(BATCH_GFP, 1, &page));
	KUNIT_EXPECT_EQ(test, 0, page_count(page));
	zone = page_zone(page);
	free_pages_bulk_frozen(&page, 1);
	KUNIT_EXPECT_EQ(test, 0, page_count(page));
	KUNIT_EXPECT_TRUE(test, pcp_is_sane(zone));
}

static unsigned long extent_pages(const struct page_extent *extents,
				  unsigned long nr)
{
	unsigned long sum = 0;

	while (nr--)
		sum += extents[nr].nr;
	return sum;
}

static void extents_of_pages(struct kunit *test)
{
	struct page_extent extents[60];
	unsigned long nr, i, j;

	nr = alloc_pages_bulk_extents(BATCH_GFP, 60, extents, 60);
	KUNIT_EXPECT_EQ(test, 60, extent_pages(extents, nr));
	for (i = 0; i < nr; i++) {
		for (j = 0; j < extents[i].nr; j++)
			KUNIT_EXPECT_EQ(test, 0, page_count(extents[i].page + j));
	}
	free_pages_bulk_extents(extents, nr);
}

static void room_for_one_extent(struct kunit *test)
{
	struct page_extent extents[2] = { };

	KUNIT_EXPECT_EQ(test, 1,
			alloc_pages_bulk_extents(BATCH_GFP, 7, extents, 1));
	KUNIT_EXPECT_GE(test, extents[0].nr, 1UL);
	KUNIT_EXPECT_LE(test, extents[0].nr, 7UL);
	KUNIT_EXPECT_NULL(test, extents[1].page);
	free_pages_bulk_extents(extents, 1);
}

static void check_block(struct kunit *test, struct page *page,
			unsigned int order, gfp_t gfp)
{
	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_TRUE(test, IS_ALIGNED(page_to_pfn(page), 1UL << order));
	KUNIT_EXPECT_EQ(test, 1, page_count(page));
	KUNIT_EXPECT_EQ(test, !!(gfp & __GFP_COMP), PageHead(page));
	if (gfp & __GFP_COMP)
		KUNIT_EXPECT_EQ(test, order, compound_order(page));
}

static void blocks_of_order(struct kunit *test, unsigned int order, gfp_t gfp)
{
	struct page *pages[5] = { };
	unsigned int i;

	KUNIT_ASSERT_EQ(test, 5, alloc_pages_bulk_order(gfp, order, 5, pages));
	for (i = 0; i < 5; i++)
		check_block(test, pages[i], order, gfp);
	free_pages_bulk_order(order, pages, 5);
}

static void blocks_of_every_order(struct kunit *test)
{
	unsigned int order;

	for (order = 1; order <= 8; order++) {
		blocks_of_order(test, order, BATCH_GFP);
		blocks_of_order(test, order, BATCH_GFP | __GFP_COMP);
	}
}

static void list_of_blocks(struct kunit *test)
{
	struct page *page, *next;
	LIST_HEAD(list);

	KUNIT_EXPECT_EQ(test, 9,
			alloc_pages_bulk_order_list(BATCH_GFP, 2, 9, &list));
	list_for_each_entry_safe(page, next, &list, lru) {
		list_del(&page->lru);
		check_block(test, page, 2, BATCH_GFP);
		__free_pages(page, 2);
	}
}

static void refuses_endless_batches(struct kunit *test)
{
	gfp_t gfp = BATCH_GFP | __GFP_NOWARN;
	struct page_extent extent;
	struct page *page = NULL;

	KUNIT_EXPECT_EQ(test, 0, alloc_pages_bulk_order(gfp, MAX_PAGE_ORDER + 1,
							1, &page));
	KUNIT_EXPECT_NULL(test, page);
	KUNIT_EXPECT_EQ(test, 1,
			alloc_pages_bulk_extents(gfp, ULONG_MAX, &extent, 1));
	KUNIT_EXPECT_EQ(test, 1, extent.nr);
	free_pages_bulk_extents(&extent, 1);
	KUNIT_EXPECT_EQ(test, 1,
			alloc_pages_bulk_extents(gfp, INT_MAX, &extent, 1));
	KUNIT_EXPECT_EQ(test, 1, extent.nr);
	free_pages_bulk_extents(&extent, 1);
}

/* More than there is: short, not late, and no harm done. */
static void short_of_memory(struct kunit *test)
{
	gfp_t gfp = GFP_NOWAIT | __GFP_NOWARN;
	LIST_HEAD(list);
	unsigned long nr;

	nr = alloc_pages_bulk_list(gfp, (int)(totalram_pages() * 2), &list);
	KUNIT_EXPECT_EQ(test, 1, nr);
	free_pages_bulk_list(&list);
}

static void with_interrupts_off(struct kunit *test)
{
	struct page **pages = empty_array(test);
	unsigned long flags, nr;

	local_irq_save(flags);
	nr = alloc_pages_bulk_array(GFP_ATOMIC, 64, pages);
	free_pages_bulk(pages, nr);
	local_irq_restore(flags);
	KUNIT_EXPECT_GT(test, nr, 0);
}

/* As an interrupt would that came while this CPU's lists were locked. */
static void with_lists_locked(struct kunit *test)
{
	struct page **pages = empty_array(test);
	struct zone *zone = batch_zone();
	unsigned long flags, nr;
	struct per_cpu_pages *pcp;

	if (!IS_ENABLED(CONFIG_SMP))
		kunit_skip(test, "the lists are locked by disabling interrupts");
	pcp = bulk_lock_pcp(zone, &flags);
	KUNIT_ASSERT_NOT_NULL(test, pcp);
	nr = alloc_pages_bulk_array(GFP_ATOMIC | __GFP_HIGHMEM | __GFP_MOVABLE,
				    64, pages);
	free_pages_bulk(pages, nr);
	bulk_unlock_pcp(pcp, &flags);
	KUNIT_EXPECT_EQ(test, 64, nr);
	KUNIT_EXPECT_TRUE(test, pcp_is_sane(zone));
}

static struct kunit_case alloc_cases[] = {
	KUNIT_CASE(fills_array),
	KUNIT_CASE(pages_are_as_new),
	KUNIT_CASE(fills_holes_only),
	KUNIT_CASE(nothing_to_do),
	KUNIT_CASE(zeroes_pages),
	KUNIT_CASE(list_of_pages),
	KUNIT_CASE(frozen_pages),
	KUNIT_CASE(one_frozen_page),
	KUNIT_CASE(extents_of_pages),
	KUNIT_CASE(room_for_one_extent),
	KUNIT_CASE(blocks_of_every_order),
	KUNIT_CASE(list_of_blocks),
	KUNIT_CASE(refuses_endless_batches),
	KUNIT_CASE(short_of_memory),
	KUNIT_CASE(with_interrupts_off),
	KUNIT_CASE(with_lists_locked),
	{}
};

static struct kunit_suite alloc_suite = {
	.name = "page_bulk_alloc",
	.test_cases = alloc_cases,
};

kunit_test_suite(alloc_suite);
