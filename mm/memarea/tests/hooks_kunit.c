// SPDX-License-Identifier: GPL-2.0
/*
 * Each patch to an existing file is reached: one case a hunk that is code.
 * The suite is of the init kind, because a hash table's allocator is.
 */
#include <linux/kmemleak.h>
#include <linux/memblock.h>
#include <linux/vmalloc.h>
#include <linux/vmstat.h>
#include "arena.h"

/* mm/page_alloc.c, take_free_block() */
static void takes_block_with_accounting(struct kunit *test)
{
	struct arena *arena = arena_create(test);
	struct zone *zone = arena_zone(arena);
	struct page *page = pfn_to_page(arena->pfn + 8);
	unsigned long before, after, flags;
	unsigned int order;

	arena_free(arena, 8, 16);
	spin_lock_irqsave(&zone->lock, flags);
	order = PageBuddy(page) ? buddy_order(page) : ~0U;
	before = zone_page_state_snapshot(zone, NR_FREE_PAGES);
	if (order == 3)
		take_free_block(zone, page, 3);
	after = zone_page_state_snapshot(zone, NR_FREE_PAGES);
	if (order == 3)
		put_free_block(zone, page, 3);
	spin_unlock_irqrestore(&zone->lock, flags);

	KUNIT_EXPECT_EQ(test, 3, order);
	KUNIT_EXPECT_EQ(test, before - 8, after);
	KUNIT_EXPECT_TRUE(test, PageBuddy(page));
}

/* mm/page_alloc.c, put_free_block() */
static void puts_block_and_merges(struct kunit *test)
{
	struct arena *arena = arena_create(test);
	struct zone *zone = arena_zone(arena);
	struct page *page = pfn_to_page(arena->pfn + 8);
	unsigned int order = ~0U;
	unsigned long flags;

	arena_free(arena, 8, 16);
	spin_lock_irqsave(&zone->lock, flags);
	if (PageBuddy(page) && buddy_order(page) == 3) {
		take_free_block(zone, page, 3);
		put_free_block(zone, page, 2);
		put_free_block(zone, page + 4, 2);
		order = buddy_order(page);
	}
	spin_unlock_irqrestore(&zone->lock, flags);

	KUNIT_EXPECT_EQ(test, 3, order);
}

/* include/linux/vm_event_item.h */
static void counts_events(struct kunit *test)
{
	unsigned long before[NR_VM_EVENT_ITEMS], after[NR_VM_EVENT_ITEMS];
	struct page *area;

	all_vm_events(before);
	area = alloc_memarea(GFP_KERNEL, 123);
	KUNIT_ASSERT_NOT_NULL(test, area);
	free_memarea(area, 123);
	KUNIT_EXPECT_NULL(test, alloc_memarea(GFP_KERNEL | __GFP_NOWARN, 0));
	all_vm_events(after);
	KUNIT_EXPECT_EQ(test, before[MEMAREA_ALLOC] + 1, after[MEMAREA_ALLOC]);
	KUNIT_EXPECT_EQ(test, before[MEMAREA_FAIL] + 1, after[MEMAREA_FAIL]);
	KUNIT_EXPECT_EQ(test, before[MEMAREA_PAGES] + 123, after[MEMAREA_PAGES]);
	KUNIT_EXPECT_GT(test, after[MEMAREA_SCANNED], before[MEMAREA_SCANNED]);
}

/* mm/vmstat.c: the names stand where the numbers say. */
static void names_events(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, "memarea_alloc", vm_event_name(MEMAREA_ALLOC));
	KUNIT_EXPECT_STREQ(test, "memarea_fail", vm_event_name(MEMAREA_FAIL));
	KUNIT_EXPECT_STREQ(test, "memarea_pages", vm_event_name(MEMAREA_PAGES));
	KUNIT_EXPECT_STREQ(test, "memarea_scanned",
			   vm_event_name(MEMAREA_SCANNED));
	KUNIT_EXPECT_STREQ(test, "memarea_drain", vm_event_name(MEMAREA_DRAIN));
}

static unsigned long __init areas_so_far(void)
{
	unsigned long events[NR_VM_EVENT_ITEMS];

	all_vm_events(events);
	return events[MEMAREA_ALLOC];
}

static void *__init hash_of(unsigned long bucket, unsigned long entries)
{
	unsigned int shift, mask;

	return alloc_large_system_hash("memarea-kunit", bucket, entries, 0,
				       HASH_ZERO, &shift, &mask, entries,
				       entries);
}

/* kmemleak was told of tables that come from pages. */
static void __init free_hash(void *table, size_t bytes)
{
	if (!is_vmalloc_addr(table))
		kmemleak_free(table);
	kvfree_memarea(table, bytes);
}

/* mm/mm_init.c: a table whose size is no power of two */
static void __init odd_hash_is_area(struct kunit *test)
{
	unsigned long before = areas_so_far();
	void *table = hash_of(3 * PAGE_SIZE, 4);

	KUNIT_EXPECT_EQ(test, before + !hashdist, areas_so_far());
	KUNIT_EXPECT_EQ(test, !!hashdist, is_vmalloc_addr(table));
	free_hash(table, 12 * PAGE_SIZE);
}

/* mm/mm_init.c: a table larger than the largest block */
static void __init large_hash_is_area(struct kunit *test)
{
	unsigned long before = areas_so_far();
	void *table = hash_of(PAGE_SIZE, 2 * MAX_ORDER_NR_PAGES);

	KUNIT_EXPECT_EQ(test, before + !hashdist, areas_so_far());
	KUNIT_EXPECT_EQ(test, !!hashdist, is_vmalloc_addr(table));
	free_hash(table, 2 * MAX_ORDER_NR_PAGES * PAGE_SIZE);
}

/* A table that fits a block exactly is none of memarea's business. */
static void __init plain_hash_is_not(struct kunit *test)
{
	unsigned long before = areas_so_far();
	void *table = hash_of(PAGE_SIZE, 4);

	KUNIT_EXPECT_EQ(test, before, areas_so_far());
	free_hash(table, 4 * PAGE_SIZE);
}

static struct kunit_case __refdata hooks_cases[] = {
	KUNIT_CASE(takes_block_with_accounting),
	KUNIT_CASE(puts_block_and_merges),
	KUNIT_CASE(counts_events),
	KUNIT_CASE(names_events),
	KUNIT_CASE(odd_hash_is_area),
	KUNIT_CASE(large_hash_is_area),
	KUNIT_CASE(plain_hash_is_not),
	{ }
};

static struct kunit_suite hooks_suite = {
	.name = "memarea_hooks",
	.test_cases = hooks_cases,
};

kunit_test_init_section_suites(&hooks_suite);
