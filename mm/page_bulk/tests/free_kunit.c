// SPDX-License-Identifier: GPL-2.0
/* Batches on their way back: what is freed, what is left alone, what is lost. */
#include <linux/mm.h>
#include <linux/page-isolation.h>
#include <linux/slab.h>
#include "batch.h"

/* Others come and go meanwhile; a leak would show every time. */
static void expect_no_loss(struct kunit *test, void (*work)(struct kunit *test))
{
	struct zone *zone = batch_zone();
	unsigned int tries;

	for (tries = 20; tries; tries--) {
		unsigned long before = zone_pages(zone);

		work(test);
		if (zone_pages(zone) == before)
			return;
	}
	KUNIT_FAIL(test, "pages are lost");
}

static unsigned long events(enum vm_event_item item)
{
	return this_cpu_read(vm_event_states.event[item]);
}

static void free_shuffled(struct kunit *test)
{
	struct page **pages = batch_alloc(test, BATCH_PAGES);

	batch_shuffle(pages, BATCH_PAGES, 1);
	free_pages_bulk(pages, BATCH_PAGES);
	KUNIT_EXPECT_TRUE(test, batch_is_whole(pages, BATCH_PAGES, 0));
}

static void any_order(struct kunit *test)
{
	expect_no_loss(test, free_shuffled);
}

static void free_descending(struct kunit *test)
{
	struct page **pages = batch_alloc(test, BATCH_PAGES);
	unsigned long i;

	batch_is_whole(pages, BATCH_PAGES, 1);
	for (i = 0; i < BATCH_PAGES / 2; i++)
		swap(pages[i], pages[BATCH_PAGES - 1 - i]);
	free_pages_bulk(pages, BATCH_PAGES);
}

static void downwards(struct kunit *test)
{
	expect_no_loss(test, free_descending);
}

static void every_form_comes_and_goes(struct kunit *test)
{
	struct page **pages = kunit_kcalloc(test, BATCH_PAGES, sizeof(*pages),
					    GFP_KERNEL);
	struct page_extent extents[64];
	LIST_HEAD(list);
	unsigned long nr;

	KUNIT_ASSERT_NOT_NULL(test, pages);
	nr = alloc_pages_bulk_frozen(BATCH_GFP, BATCH_PAGES, pages);
	free_pages_bulk_frozen(pages, nr);
	nr = alloc_pages_bulk_extents(BATCH_GFP, BATCH_PAGES, extents, 64);
	free_pages_bulk_extents(extents, nr);
	alloc_pages_bulk_list(BATCH_GFP, BATCH_PAGES, &list);
	free_pages_bulk_list(&list);
}

static void every_form(struct kunit *test)
{
	expect_no_loss(test, every_form_comes_and_goes);
}

/* More elements in use than the allocator sees when it begins. */
static void fill_around_pages(struct kunit *test)
{
	struct page **pages = batch_alloc(test, 64);

	free_pages_bulk(pages, 10);
	free_pages_bulk(pages + 50, 14);
	memset(pages, 0, 10 * sizeof(*pages));
	memset(pages + 50, 0, 14 * sizeof(*pages));
	KUNIT_EXPECT_EQ(test, 64, alloc_pages_bulk_array(BATCH_GFP, 64, pages));
	KUNIT_EXPECT_TRUE(test, batch_is_whole(pages, 64, 1));
	free_pages_bulk(pages, 64);
}

static void what_is_spare_goes_back(struct kunit *test)
{
	expect_no_loss(test, fill_around_pages);
}

/* One hole among many pages is one page, not a batch of them. */
static void one_hole_is_one_page(struct kunit *test)
{
	struct page **pages = batch_alloc(test, 64);
	unsigned int alloc = PGALLOC_NORMAL - ZONE_NORMAL + page_zonenum(pages[1]);
	unsigned long flags, allocated, nr;

	__free_page(pages[1]);
	pages[1] = NULL;
	local_irq_save(flags);
	allocated = events(alloc);
	nr = alloc_pages_bulk_array(BATCH_GFP & ~__GFP_RECLAIM, 64, pages);
	allocated = events(alloc) - allocated;
	local_irq_restore(flags);
	KUNIT_EXPECT_EQ(test, 64, nr);
	KUNIT_EXPECT_EQ(test, 1, allocated);
	free_pages_bulk(pages, 64);
}

static void tail_is_not_frozen(struct kunit *test)
{
	struct page *page = alloc_pages(BATCH_GFP | __GFP_COMP, 2), *tail;

	KUNIT_ASSERT_NOT_NULL(test, page);
	tail = page + 1;
	free_pages_bulk_frozen(&tail, 1);
	KUNIT_EXPECT_TRUE(test, PageTail(tail));
	__free_pages(page, 2);
}

static void skips_null(struct kunit *test)
{
	struct page **pages = batch_alloc(test, 8), *kept = pages[3];

	__free_page(pages[0]);
	pages[3] = NULL;
	pages[0] = NULL;
	free_pages_bulk(pages, 8);
	KUNIT_EXPECT_EQ(test, 0, page_count(pages[2]));
	KUNIT_EXPECT_EQ(test, 0, page_count(pages[7]));
	KUNIT_EXPECT_EQ(test, 1, page_count(kept));
	__free_page(kept);
	free_pages_bulk(NULL, 0);
}

static void shared_page_stays(struct kunit *test)
{
	struct page **pages = batch_alloc(test, 64);
	struct page *shared = pages[17];

	get_page(shared);
	free_pages_bulk(pages, 64);
	KUNIT_EXPECT_EQ(test, 1, page_count(shared));
	KUNIT_EXPECT_EQ(test, 0, page_count(pages[16]));
	KUNIT_EXPECT_EQ(test, 0, page_count(pages[18]));
	put_page(shared);
	KUNIT_EXPECT_EQ(test, 0, page_count(shared));
}

/* An entry that comes twice is freed once; what it displaced is still there. */
static void double_entry_is_refused(struct kunit *test)
{
	struct page **pages = batch_alloc(test, 16);
	struct page *left = pages[15];
	struct zone *zone = page_zone(left);

	pages[15] = pages[3];
	free_pages_bulk(pages, 16);
	KUNIT_EXPECT_EQ(test, 0, page_count(pages[3]));
	KUNIT_EXPECT_EQ(test, 1, page_count(left));
	KUNIT_EXPECT_TRUE(test, pcp_is_sane(zone));
	__free_page(left);
	zone_pages(zone);
}

static void free_page_is_refused(struct kunit *test)
{
	struct page *page = alloc_pages(BATCH_GFP, 4), *pages[1] = { page };
	struct zone *zone;

	KUNIT_ASSERT_NOT_NULL(test, page);
	zone = page_zone(page);
	__free_pages(page, 4);
	zone_pages(zone);
	free_pages_bulk(pages, 1);
	free_pages_bulk_frozen(pages, 1);
	KUNIT_EXPECT_EQ(test, 0, page_count(page));
	KUNIT_EXPECT_TRUE(test, pcp_is_sane(zone));
}

static void compound_is_refused(struct kunit *test)
{
	struct page *page = alloc_pages(BATCH_GFP | __GFP_COMP, 2);
	struct page *pages[3] = { page, page + 1, page + 3 };

	KUNIT_ASSERT_NOT_NULL(test, page);
	free_pages_bulk(pages, 3);
	KUNIT_EXPECT_EQ(test, 1, page_count(page));
	free_pages_bulk_order(1, pages, 1);
	KUNIT_EXPECT_EQ(test, 1, page_count(page));
	KUNIT_EXPECT_EQ(test, 2, compound_order(page));
	free_pages_bulk_order(2, pages, 1);
	KUNIT_EXPECT_EQ(test, 0, page_count(page));
}

static void slab_is_refused(struct kunit *test)
{
	void *object = kmalloc(64, GFP_KERNEL);
	struct page *page = virt_to_page(object);
	int count = page_count(page);

	KUNIT_ASSERT_NOT_NULL(test, object);
	free_pages_bulk(&page, 1);
	KUNIT_EXPECT_EQ(test, count, page_count(page));
	KUNIT_EXPECT_TRUE(test, PageSlab(page));
	kfree(object);
}

static void used_page_is_not_frozen(struct kunit *test)
{
	struct page *page = alloc_page(BATCH_GFP);

	KUNIT_ASSERT_NOT_NULL(test, page);
	free_pages_bulk_frozen(&page, 1);
	KUNIT_EXPECT_EQ(test, 1, page_count(page));
	free_pages_bulk(&page, 1);
}

/* Every second page of another zone. */
static void mixed_zones(struct kunit *test)
{
	struct page **pages = batch_alloc(test, 64);
	struct zone *zone = page_zone(pages[0]), *other;
	unsigned long i;

	if (zone_idx(zone) != ZONE_MOVABLE) {
		batch_free_singly(pages, 64);
		kunit_skip(test, "there is one zone only");
	}
	for (i = 0; i < 64; i += 2) {
		__free_page(pages[i]);
		pages[i] = alloc_page(GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, pages[i]);
	}
	other = page_zone(pages[0]);
	KUNIT_EXPECT_PTR_NE(test, zone, other);
	free_pages_bulk(pages, 64);
	KUNIT_EXPECT_TRUE(test, batch_is_whole(pages, 64, 0));
	KUNIT_EXPECT_TRUE(test, pcp_is_sane(zone));
	KUNIT_EXPECT_TRUE(test, pcp_is_sane(other));
}

/* The rest of a block whose first page is held goes; that goes with its holder. */
static void block_with_holder(struct kunit *test)
{
	struct page *page = alloc_pages(BATCH_GFP, 3);

	KUNIT_ASSERT_NOT_NULL(test, page);
	get_page(page);
	free_pages_bulk_order(3, &page, 1);
	KUNIT_EXPECT_EQ(test, 1, page_count(page));
	put_page(page);
	KUNIT_EXPECT_EQ(test, 0, page_count(page));
}

/* All of a pageblock is ours, so that no free page of it changes its list. */
static void isolate(struct page *page)
{
	struct zone *zone = page_zone(page);
	unsigned long flags;

	spin_lock_irqsave(&zone->lock, flags);
	set_pageblock_migratetype(page, MIGRATE_ISOLATE);
	zone->nr_isolate_pageblock++;
	spin_unlock_irqrestore(&zone->lock, flags);
}

/* Pages of an isolated pageblock are not hidden on a list. */
static void isolated_goes_to_the_buddy(struct kunit *test)
{
	struct page *page = alloc_pages(BATCH_GFP, pageblock_order);
	unsigned long start, end;

	KUNIT_ASSERT_NOT_NULL(test, page);
	start = page_to_pfn(page);
	end = start + pageblock_nr_pages;
	split_page(page, pageblock_order);
	isolate(page);
	free_pages_bulk_range(page + 3, 8);
	KUNIT_EXPECT_TRUE(test, is_free_buddy_page(page + 3));
	KUNIT_EXPECT_TRUE(test, is_free_buddy_page(page + 10));
	undo_isolate_page_range(start, end, MIGRATE_MOVABLE);
	free_pages_bulk_range(page, 3);
	free_pages_bulk_range(page + 11, pageblock_nr_pages - 11);
	KUNIT_EXPECT_TRUE(test, pcp_is_sane(page_zone(page)));
}

/* The same of single calls and of batches leaves the same behind. */
static void as_one_by_one(struct kunit *test)
{
	struct page **pages = batch_alloc(test, BATCH_PAGES);
	struct zone *zone = batch_zone();
	unsigned long one_by_one, batch;

	batch_free_singly(pages, BATCH_PAGES);
	need_room(test);
	one_by_one = zone_pages(zone);
	memset(pages, 0, BATCH_PAGES * sizeof(*pages));
	KUNIT_ASSERT_EQ(test, BATCH_PAGES,
			alloc_pages_bulk_array(BATCH_GFP, BATCH_PAGES, pages));
	KUNIT_EXPECT_EQ(test, one_by_one - BATCH_PAGES, zone_pages(zone));
	free_pages_bulk(pages, BATCH_PAGES);
	batch = zone_pages(zone);
	KUNIT_EXPECT_EQ(test, one_by_one, batch);
}

static void events_are_exact(struct kunit *test)
{
	struct page **pages = batch_alloc(test, 64);
	unsigned int alloc = PGALLOC_NORMAL - ZONE_NORMAL + page_zonenum(pages[0]);
	unsigned long flags, allocated, freed, nr;

	batch_free_singly(pages, 64);
	memset(pages, 0, 64 * sizeof(*pages));
	local_irq_save(flags);
	allocated = events(alloc);
	freed = events(PGFREE);
	nr = alloc_pages_bulk_array(BATCH_GFP & ~__GFP_RECLAIM, 64, pages);
	allocated = events(alloc) - allocated;
	free_pages_bulk(pages, nr);
	freed = events(PGFREE) - freed;
	local_irq_restore(flags);
	KUNIT_EXPECT_EQ(test, 64, nr);
	KUNIT_EXPECT_EQ(test, 64, allocated);
	KUNIT_EXPECT_EQ(test, 64, freed);
}

static struct kunit_case free_cases[] = {
	KUNIT_CASE(any_order),
	KUNIT_CASE(downwards),
	KUNIT_CASE(every_form),
	KUNIT_CASE(what_is_spare_goes_back),
	KUNIT_CASE(one_hole_is_one_page),
	KUNIT_CASE(tail_is_not_frozen),
	KUNIT_CASE(skips_null),
	KUNIT_CASE(shared_page_stays),
	KUNIT_CASE(double_entry_is_refused),
	KUNIT_CASE(free_page_is_refused),
	KUNIT_CASE(compound_is_refused),
	KUNIT_CASE(slab_is_refused),
	KUNIT_CASE(used_page_is_not_frozen),
	KUNIT_CASE(mixed_zones),
	KUNIT_CASE(block_with_holder),
	KUNIT_CASE(isolated_goes_to_the_buddy),
	KUNIT_CASE(as_one_by_one),
	KUNIT_CASE(events_are_exact),
	{}
};

static struct kunit_suite free_suite = {
	.name = "page_bulk_free",
	.test_cases = free_cases,
};

kunit_test_suite(free_suite);
