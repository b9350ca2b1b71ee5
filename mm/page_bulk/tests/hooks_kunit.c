// SPDX-License-Identifier: GPL-2.0
/* The callers that were given batches: each patch is reached, and does no harm. */
#include <linux/memory_hotplug.h>
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

/* release_pages() gives back what a batch was. */
static void released_pages_become_a_block(struct kunit *test)
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

/* Of a page that is there twice, and of one that others hold, one reference each. */
static void release_leaves_references(struct kunit *test)
{
	struct page *page = neighbours(test, 2);
	struct page *pages[] = { page, page + 1, page, page + 2, page + 3 };

	get_page(page);
	get_page(page);
	get_page(page + 2);
	release_pages(pages, ARRAY_SIZE(pages));
	KUNIT_EXPECT_EQ(test, 1, page_count(page));
	KUNIT_EXPECT_EQ(test, 0, page_count(page + 1));
	KUNIT_EXPECT_EQ(test, 1, page_count(page + 2));
	KUNIT_EXPECT_EQ(test, 0, page_count(page + 3));
	__free_page(page);
	__free_page(page + 2);
}

/* From the first page on that is more than a page, the kernel's own way is gone. */
static void release_stops_at_others(struct kunit *test)
{
	struct page *page = neighbours(test, 3), *pages[BLOCK];
	struct page *huge = alloc_pages(BATCH_GFP | __GFP_COMP, 2);
	struct encoded_page **encoded;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, huge);
	for (i = 0; i < BLOCK; i++)
		pages[i] = page + i;
	folio_set_referenced(page_folio(page + 6));
	pages[4] = huge + 1;
	encoded = (struct encoded_page **)pages;
	KUNIT_EXPECT_EQ(test, 4, bulk_release_pages(encoded, 5));
	KUNIT_EXPECT_EQ(test, 0, bulk_release_pages(encoded + 4, 4));
	KUNIT_EXPECT_EQ(test, 0, bulk_release_pages(encoded + 6, 2));
	KUNIT_EXPECT_EQ(test, 1, page_count(huge));
	release_pages(pages + 4, 4);
	KUNIT_EXPECT_EQ(test, 0, page_count(huge));
	for (i = 0; i < BLOCK; i++)
		KUNIT_EXPECT_EQ(test, i == 4, page_count(page + i));
	__free_page(page + 4);
}

/* A page may be followed by how many of its references are to be dropped. */
static void release_stops_at_numbers(struct kunit *test)
{
	struct page *page = neighbours(test, 2);
	struct encoded_page *encoded[] = {
		encode_page(page, 0),
		encode_page(page + 1, 0),
		encode_page(page + 2, ENCODED_PAGE_BIT_NR_PAGES_NEXT),
		encode_nr_pages(3),
		encode_page(page + 3, 0),
	};

	get_page(page + 2);
	get_page(page + 2);
	get_page(page + 2);
	KUNIT_EXPECT_EQ(test, 2,
			bulk_release_pages(encoded, ARRAY_SIZE(encoded)));
	release_pages(encoded + 2, ARRAY_SIZE(encoded) - 2);
	KUNIT_EXPECT_EQ(test, 1, page_count(page + 2));
	KUNIT_EXPECT_EQ(test, 0, page_count(page + 3));
	__free_page(page + 2);
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
	KUNIT_CASE(released_pages_become_a_block),
	KUNIT_CASE(release_leaves_references),
	KUNIT_CASE(release_stops_at_others),
	KUNIT_CASE(release_stops_at_numbers),
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
