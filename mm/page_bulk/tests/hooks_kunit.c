// SPDX-License-Identifier: GPL-2.0
/* The callers that were given batches: each patch is reached, and does no harm. */
#include <linux/memory_hotplug.h>
#include <linux/pagevec.h>
#include <linux/vmalloc.h>
#include "batch.h"

#define BLOCK	BIT(BULK_PCP_ORDER)

/* Neighbours, each with a reference of its own. */
static struct page *neighbours(struct kunit *test, unsigned int order)
{
	struct page *page;

	need_room(test);
	page = alloc_pages(BATCH_GFP, order);
	KUNIT_ASSERT_NOT_NULL(test, page);
	split_page(page, order);
	return page;
}

/* release_pages() and the like: eight folios of a page are one block. */
static void folios_become_a_block(struct kunit *test)
{
	struct page *page = neighbours(test, BULK_PCP_ORDER), *pages[BLOCK];
	struct zone *zone = page_zone(page);
	bool listed;
	int i;

	for (i = 0; i < BLOCK; i++)
		pages[i] = page + i;
	preempt_disable();
	drain_local_pages(zone);
	release_pages(pages, BLOCK);
	listed = is_on_list(zone, page, BULK_PCP_ORDER, MIGRATE_MOVABLE);
	preempt_enable();
	KUNIT_EXPECT_TRUE(test, listed);
	KUNIT_EXPECT_TRUE(test, pcp_is_sane(zone));
}

/* A batch of folios of several orders, one too large for our lists. */
static void large_folios_pass(struct kunit *test)
{
	static const unsigned int orders[] = { 0, 2, 5, 3, 9, 0, 1, 0, 4 };
	struct folio_batch batch;
	unsigned int i;

	folio_batch_init(&batch);
	for (i = 0; i < ARRAY_SIZE(orders); i++) {
		struct folio *folio = folio_alloc(BATCH_GFP, orders[i]);

		KUNIT_ASSERT_NOT_NULL(test, folio);
		folio_batch_add(&batch, folio);
	}
	folios_put(&batch);
	KUNIT_EXPECT_EQ(test, 0, folio_batch_count(&batch));
	KUNIT_EXPECT_TRUE(test, pcp_is_sane(batch_zone()));
}

static void contiguous_range_becomes_blocks(struct kunit *test)
{
	struct page *page = neighbours(test, BULK_PCP_ORDER);
	struct zone *zone = page_zone(page);
	bool listed;

	if (!IS_ENABLED(CONFIG_CONTIG_ALLOC))
		kunit_skip(test, "no contiguous ranges");
	preempt_disable();
	drain_local_pages(zone);
	free_contig_range(page_to_pfn(page), BLOCK);
	listed = is_on_list(zone, page, BULK_PCP_ORDER, MIGRATE_MOVABLE);
	preempt_enable();
	KUNIT_EXPECT_TRUE(test, listed);
}

/* All but the page tables, which stay. */
static void vmalloc_gives_all_back(struct kunit *test)
{
	unsigned long before, tries = 20, nr = 700;
	struct page *page;
	struct zone *zone;
	void *area;

	if (IS_ENABLED(CONFIG_KASAN_VMALLOC))
		kunit_skip(test, "KASAN keeps the shadow of the area");
	area = vmalloc(nr << PAGE_SHIFT);
	KUNIT_ASSERT_NOT_NULL(test, area);
	page = vmalloc_to_page(area);
	zone = page_zone(page);
	vfree(area);
	KUNIT_EXPECT_EQ(test, 0, page_count(page));
	do {
		before = zone_pages(zone);
		vfree(vmalloc(nr << PAGE_SHIFT));
	} while (zone_pages(zone) + 8 < before && --tries);
	KUNIT_EXPECT_GT(test, tries, 0);
}

/* A page that is also elsewhere outlives the area it was mapped in. */
static void vmalloc_leaves_shared_pages(struct kunit *test)
{
	void *area = vmalloc(64 << PAGE_SHIFT);
	struct page *page;

	KUNIT_ASSERT_NOT_NULL(test, area);
	page = vmalloc_to_page(area + (17 << PAGE_SHIFT));
	get_page(page);
	vfree(area);
	KUNIT_EXPECT_EQ(test, 1, page_count(page));
	put_page(page);
}

static struct kunit_case hooks_cases[] = {
	KUNIT_CASE(folios_become_a_block),
	KUNIT_CASE(large_folios_pass),
	KUNIT_CASE(contiguous_range_becomes_blocks),
	KUNIT_CASE(vmalloc_gives_all_back),
	KUNIT_CASE(vmalloc_leaves_shared_pages),
	{}
};

static struct kunit_suite hooks_suite = {
	.name = "page_bulk_hooks",
	.test_cases = hooks_cases,
};

kunit_test_suite(hooks_suite);
