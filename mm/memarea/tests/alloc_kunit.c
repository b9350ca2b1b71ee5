// SPDX-License-Identifier: GPL-2.0
/*
 * alloc_memarea() and its relatives on the live page allocator: what is found,
 * where, in which state, and what is said when there is nothing.
 */
#include <linux/highmem.h>
#include <linux/prandom.h>
#include <linux/vmalloc.h>
#include <kunit/device.h>
#include "../map.h"
#include "arena.h"
#include "failslab.h"
#include "unaccepted.h"

static struct page *alloc_quietly(unsigned long nr_pages, gfp_t gfp,
				  struct memarea_result *result)
{
	struct memarea_request req = {
		.nr_pages = nr_pages,
		.nid = NUMA_NO_NODE,
		.gfp = gfp | __GFP_NOWARN,
	};

	return __alloc_memarea(&req, result);
}

static const unsigned long sizes[] = {
	1, 2, 3, 100, 513, 1000, 1024, 1025, 4095, 5000,
};

static void size_desc(const unsigned long *nr, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%lu pages", *nr);
}

KUNIT_ARRAY_PARAM(size, sizes, size_desc);

/* Any size; each page with one reference, on its own, in one zone. */
static void alloc_size(struct kunit *test)
{
	unsigned long i, nr = *(const unsigned long *)test->param_value;
	struct page *area = alloc_memarea(GFP_KERNEL, nr);

	KUNIT_ASSERT_NOT_NULL(test, area);
	for (i = 0; i < nr; i++) {
		struct page *page = nth_page(area, i);

		KUNIT_ASSERT_EQ(test, 1, page_count(page));
		KUNIT_ASSERT_FALSE(test, PageCompound(page));
		KUNIT_ASSERT_FALSE(test, PageBuddy(page));
		KUNIT_ASSERT_PTR_EQ(test, page_zone(area), page_zone(page));
	}
	free_memarea(area, nr);
}

/* Every byte can be written and holds what was written. */
static void alloc_is_memory(struct kunit *test)
{
	const unsigned long nr = 777;
	struct page *area = alloc_memarea(GFP_KERNEL, nr);
	unsigned long i;
	void *addr;

	KUNIT_ASSERT_NOT_NULL(test, area);
	addr = page_address(area);
	for (i = 0; i < nr; i++)
		memset(addr + i * PAGE_SIZE, i & 0xff, PAGE_SIZE);
	for (i = 0; i < nr; i++)
		KUNIT_EXPECT_NULL(test, memchr_inv(addr + i * PAGE_SIZE,
						   i & 0xff, PAGE_SIZE));
	free_memarea(area, nr);
}

static void alloc_zeroed(struct kunit *test)
{
	const unsigned long nr = 300;
	struct page *area = alloc_memarea(GFP_KERNEL, nr);
	void *addr;

	KUNIT_ASSERT_NOT_NULL(test, area);
	memset(page_address(area), 0xa5, nr * PAGE_SIZE);
	free_memarea(area, nr);
	area = alloc_memarea(GFP_KERNEL | __GFP_ZERO, nr);
	KUNIT_ASSERT_NOT_NULL(test, area);
	addr = page_address(area);
	KUNIT_EXPECT_NULL(test, memchr_inv(addr, 0, nr * PAGE_SIZE));
	free_memarea(area, nr);
}

static bool page_filled(struct page *page, int byte)
{
	void *addr = kmap_local_page(page);
	bool filled = !memchr_inv(addr, byte, PAGE_SIZE);

	kunmap_local(addr);
	return filled;
}

/* Pages without an address: they hold what is written, and zeroes if asked. */
static void alloc_highmem(struct kunit *test)
{
	struct memarea_request req = {
		.nr_pages = 3333, .nid = NUMA_NO_NODE, .gfp = GFP_HIGHUSER,
	};
	struct page *area;
	unsigned long i;

	if (!IS_ENABLED(CONFIG_HIGHMEM))
		kunit_skip(test, "needs CONFIG_HIGHMEM");
	area = __alloc_memarea(&req, NULL);
	KUNIT_ASSERT_NOT_NULL(test, area);
	for (i = 0; i < req.nr_pages; i++) {
		KUNIT_ASSERT_TRUE(test, PageHighMem(nth_page(area, i)));
		memset_page(nth_page(area, i), 0, i & 0xff, PAGE_SIZE);
	}
	for (i = 0; i < req.nr_pages; i++)
		KUNIT_ASSERT_TRUE(test, page_filled(nth_page(area, i), i & 0xff));
	free_memarea(area, req.nr_pages);

	req.min_pfn = page_to_pfn(area);
	req.max_pfn = req.min_pfn + req.nr_pages;
	req.gfp |= __GFP_ZERO;
	KUNIT_ASSERT_PTR_EQ(test, area, __alloc_memarea(&req, NULL));
	for (i = 0; i < req.nr_pages; i++)
		KUNIT_ASSERT_TRUE(test, page_filled(nth_page(area, i), 0));
	free_memarea(area, req.nr_pages);
}

/* Who needs an address gets none of it, wherever it looks. */
static void highmem_only_on_demand(struct kunit *test)
{
	struct memarea_request req = {
		.nr_pages = 1, .nid = NUMA_NO_NODE,
		.gfp = GFP_HIGHUSER | __GFP_NOWARN,
	};
	struct memarea_result res;
	struct page *page;

	if (!IS_ENABLED(CONFIG_HIGHMEM))
		kunit_skip(test, "needs CONFIG_HIGHMEM");
	page = __alloc_memarea(&req, NULL);
	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_ASSERT_TRUE(test, PageHighMem(page));
	req.min_pfn = page_zone(page)->zone_start_pfn;
	free_memarea(page, 1);

	req.gfp = GFP_KERNEL | __GFP_NOWARN;
	KUNIT_EXPECT_NULL(test, __alloc_memarea(&req, &res));
	KUNIT_EXPECT_EQ(test, MEMAREA_NOT_ALLOWED, res.reason);
}

static void alloc_compound(struct kunit *test)
{
	const unsigned long nr = min(2048UL, MAX_FOLIO_NR_PAGES);
	struct page *area = alloc_memarea(GFP_KERNEL | __GFP_COMP | __GFP_ZERO,
					  nr);

	KUNIT_ASSERT_NOT_NULL(test, area);
	KUNIT_EXPECT_EQ(test, nr, compound_nr(area));
	KUNIT_EXPECT_EQ(test, 0, page_to_pfn(area) % nr);
	KUNIT_EXPECT_PTR_EQ(test, area, compound_head(area + nr - 1));
	KUNIT_EXPECT_NULL(test, memchr_inv(page_address(area), 0,
					   nr * PAGE_SIZE));
	free_memarea(area, nr);
}

static void compound_by_put_page(struct kunit *test)
{
	unsigned long pfn;
	struct page *area = alloc_memarea(GFP_KERNEL | __GFP_COMP, 1024);

	KUNIT_ASSERT_NOT_NULL(test, area);
	pfn = page_to_pfn(area);
	put_page(area);
	KUNIT_EXPECT_EQ(test, 0, page_count(pfn_to_page(pfn)));
}

/* The one run that fits, wherever it starts. */
static void finds_only_run(struct kunit *test)
{
	struct arena *arena = arena_create(test);
	struct memarea_request req = { .nr_pages = 37, .gfp = GFP_KERNEL };
	unsigned long start;

	for (start = 1; start < ARENA_PAGES - 37; start += 61) {
		struct page *page;

		arena_free(arena, start, start + 37);
		page = arena_alloc(arena, &req, NULL);
		KUNIT_ASSERT_EQ(test, start, arena_offset(arena, page));
	}
}

static void honours_alignment(struct kunit *test)
{
	struct arena *arena = arena_create(test);
	struct memarea_request req = {
		.nr_pages = 100, .align = 256, .offset = 17, .gfp = GFP_KERNEL,
	};

	arena_free(arena, 1, 272);	/* 17 .. 117 fits */
	arena_free(arena, 300, 628);	/* 529 .. 629 does not, by a page */
	KUNIT_EXPECT_EQ(test, 17, arena_offset(arena,
					       arena_alloc(arena, &req, NULL)));
	KUNIT_EXPECT_NULL(test, arena_alloc(arena, &req, NULL));
	arena_free(arena, 628, 629);
	KUNIT_EXPECT_EQ(test, 529, arena_offset(arena,
						arena_alloc(arena, &req, NULL)));
}

static void honours_boundary(struct kunit *test)
{
	struct arena *arena = arena_create(test);
	struct memarea_request req = {
		.nr_pages = 60, .boundary = 64, .gfp = GFP_KERNEL | __GFP_NOWARN,
	};

	arena_free(arena, 10, 120);	/* 110 pages around the line at 64 */
	KUNIT_EXPECT_NULL(test, arena_alloc(arena, &req, NULL));
	arena_free(arena, 120, 124);
	KUNIT_EXPECT_EQ(test, 64, arena_offset(arena,
					       arena_alloc(arena, &req, NULL)));
}

static void honours_range(struct kunit *test)
{
	struct arena *arena = arena_create(test);
	struct memarea_request req = {
		.nr_pages = 50, .min_pfn = 200, .max_pfn = 300,
		.gfp = GFP_KERNEL | __GFP_NOWARN,
	};
	long at;

	arena_free(arena, 0, 249);
	arena_free(arena, 251, 1000);
	KUNIT_EXPECT_NULL(test, arena_alloc(arena, &req, NULL));
	req.nr_pages = 49;
	at = arena_offset(arena, arena_alloc(arena, &req, NULL));
	KUNIT_EXPECT_TRUE(test, at == 200 || at == 251);
}

/* Is there a free run of @nr pages in the arena?  The naive way. */
static bool oracle(const struct arena *arena, unsigned long nr)
{
	unsigned long from, to = 0;

	while (to < ARENA_PAGES) {
		from = find_next_zero_bit(arena->used, ARENA_PAGES, to);
		to = find_next_bit(arena->used, ARENA_PAGES, from);
		if (to - from >= nr)
			return true;
	}
	return false;
}

/* Random maps: found if and only if there is a run. */
static void agrees_with_oracle(struct kunit *test)
{
	struct arena *arena = arena_create(test);
	struct rnd_state rnd;
	unsigned int round;

	prandom_seed_state(&rnd, 20011);
	for (round = 0; round < 300; round++) {
		unsigned long from = prandom_u32_state(&rnd) % ARENA_PAGES;
		unsigned long to = find_next_zero_bit(arena->used, ARENA_PAGES,
						      from);
		struct memarea_request req = {
			.nr_pages = 1 + prandom_u32_state(&rnd) % 90,
			.gfp = GFP_KERNEL | __GFP_NOWARN,
		};
		bool expected;

		to = min(to, from + prandom_u32_state(&rnd) % 80);
		if (from < to)
			arena_free(arena, from, to);
		expected = oracle(arena, req.nr_pages);
		KUNIT_ASSERT_EQ(test, expected,
				!!arena_alloc(arena, &req, NULL));
	}
}

/* More small runs than one lock hold looks at: the scan must take over. */
static void scan_takes_over(struct kunit *test)
{
	struct arena *arena = arena_create(test);
	struct memarea_request req = {
		.nr_pages = 5, .gfp = GFP_KERNEL | __GFP_NOWARN,
	};
	struct memarea_result res;
	unsigned long at;

	for (at = 0; at + 4 < ARENA_PAGES - 64; at += 5)
		arena_free(arena, at, at + 4);
	KUNIT_EXPECT_NULL(test, arena_alloc(arena, &req, &res));
	KUNIT_EXPECT_EQ(test, MEMAREA_NO_RUN, res.reason);
	KUNIT_EXPECT_GT(test, res.blocks, MEMAREA_SEARCH_BLOCKS);
	arena_free(arena, ARENA_PAGES - 8, ARENA_PAGES - 3);
	KUNIT_EXPECT_EQ(test, ARENA_PAGES - 8,
			arena_offset(arena, arena_alloc(arena, &req, &res)));
}

/* A caller in a hurry is told that there is more to look at. */
static void gives_up_in_time(struct kunit *test)
{
	struct arena *arena = arena_create(test);
	struct memarea_request req = {
		.nr_pages = 5, .max_blocks = 50,
		.gfp = GFP_NOWAIT | __GFP_NOWARN,
	};
	struct memarea_result res;
	unsigned long at;

	for (at = 0; at + 4 < ARENA_PAGES; at += 5)
		arena_free(arena, at, at + 4);
	KUNIT_EXPECT_NULL(test, arena_alloc(arena, &req, &res));
	KUNIT_EXPECT_EQ(test, MEMAREA_GAVE_UP, res.reason);
	KUNIT_EXPECT_EQ(test, -EAGAIN, res.error);
	KUNIT_EXPECT_LT(test, res.blocks, 50 + MEMAREA_HOLD_BLOCKS);
}

/* Pages go back where they came from, and the runs coalesce again. */
static void remainder_is_free(struct kunit *test)
{
	struct arena *arena = arena_create(test);
	struct memarea_request req = { .nr_pages = 700, .gfp = GFP_KERNEL };
	struct page *page;
	long at;

	arena_free(arena, 0, ARENA_PAGES);
	page = arena_alloc(arena, &req, NULL);
	at = arena_offset(arena, page);
	KUNIT_ASSERT_GE(test, at, 0);
	KUNIT_EXPECT_TRUE(test, arena_is_free(arena, 0, at));
	KUNIT_EXPECT_TRUE(test, arena_is_free(arena, at + 700, ARENA_PAGES));
	arena_free(arena, at, at + 700);
	KUNIT_EXPECT_TRUE(test, PageBuddy(pfn_to_page(arena->pfn)));
	KUNIT_EXPECT_EQ(test, MAX_BUDDY_ORDER,
			buddy_order(pfn_to_page(arena->pfn)));
}

static void result_of_success(struct kunit *test)
{
	struct memarea_result res = { .error = 1 };
	struct page *area = alloc_quietly(10, GFP_KERNEL, &res);

	KUNIT_ASSERT_NOT_NULL(test, area);
	KUNIT_EXPECT_EQ(test, 0, res.error);
	KUNIT_EXPECT_EQ(test, MEMAREA_OK, res.reason);
	KUNIT_EXPECT_GE(test, res.zones, 1);
	KUNIT_EXPECT_GE(test, res.largest, 10);
	free_memarea(area, 10);
}

struct bad_request {
	const char *name;
	struct memarea_request req;
	enum memarea_reason reason;
	int error;
};

static const struct bad_request bad_requests[] = {
	{ "no pages", { .nr_pages = 0 }, MEMAREA_BAD_SIZE, -EINVAL },
	{ "all pages", { .nr_pages = ~0UL }, MEMAREA_BAD_SIZE, -EINVAL },
	{ "align", { .nr_pages = 1, .align = 3 }, MEMAREA_BAD_ALIGN, -EINVAL },
	{ "offset without align", { .nr_pages = 1, .offset = 1 },
	  MEMAREA_BAD_OFFSET, -EINVAL },
	{ "offset is align", { .nr_pages = 1, .align = 4, .offset = 4 },
	  MEMAREA_BAD_OFFSET, -EINVAL },
	{ "boundary", { .nr_pages = 1, .boundary = 6 },
	  MEMAREA_BAD_BOUNDARY, -EINVAL },
	{ "size above boundary", { .nr_pages = 9, .boundary = 8 },
	  MEMAREA_BAD_BOUNDARY, -EINVAL },
	{ "offset meets boundary",
	  { .nr_pages = 5, .align = 8, .offset = 4, .boundary = 8 },
	  MEMAREA_BAD_BOUNDARY, -EINVAL },
	{ "empty range", { .nr_pages = 1, .min_pfn = 9, .max_pfn = 9 },
	  MEMAREA_BAD_RANGE, -EINVAL },
	{ "range below size", { .nr_pages = 8, .min_pfn = 9, .max_pfn = 16 },
	  MEMAREA_BAD_RANGE, -EINVAL },
	{ "range past the end", { .nr_pages = 2, .min_pfn = ~0UL - 1 },
	  MEMAREA_BAD_RANGE, -EINVAL },
	{ "range without memory",
	  { .nr_pages = 2, .min_pfn = ~0UL >> PAGE_SHIFT },
	  MEMAREA_NOT_ALLOWED, -ENODEV },
	{ "node below", { .nr_pages = 1, .nid = -2 }, MEMAREA_BAD_NODE, -EINVAL },
	{ "node above", { .nr_pages = 1, .nid = MAX_NUMNODES },
	  MEMAREA_BAD_NODE, -EINVAL },
	{ "nofail", { .nr_pages = 1, .gfp = __GFP_NOFAIL },
	  MEMAREA_BAD_GFP, -EINVAL },
	{ "two zones", { .nr_pages = 1, .gfp = __GFP_DMA32 | __GFP_HIGHMEM },
	  MEMAREA_BAD_GFP, -EINVAL },
	{ "odd compound", { .nr_pages = 3, .gfp = __GFP_COMP },
	  MEMAREA_BAD_SIZE, -EINVAL },
	{ "huge compound", { .nr_pages = 1UL << 30, .gfp = __GFP_COMP },
	  MEMAREA_BAD_SIZE, -EINVAL },
	{ "compound with offset",
	  { .nr_pages = 4, .align = 4, .offset = 1, .gfp = __GFP_COMP },
	  MEMAREA_BAD_OFFSET, -EINVAL },
	{ "no nodes", { .nr_pages = 1, .nodemask = &NODE_MASK_NONE },
	  MEMAREA_NOT_ALLOWED, -ENODEV },
	{ "more than there is", { .nr_pages = 1UL << 28 },
	  MEMAREA_NOT_ALLOWED, -ENODEV },
};

static void bad_desc(const struct bad_request *bad, char *desc)
{
	strscpy(desc, bad->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(bad, bad_requests, bad_desc);

static void refuses(struct kunit *test)
{
	const struct bad_request *bad = test->param_value;
	struct memarea_request req = bad->req;
	struct memarea_result res;

	req.gfp |= GFP_KERNEL | __GFP_NOWARN;
	KUNIT_EXPECT_NULL(test, __alloc_memarea(&req, &res));
	KUNIT_EXPECT_EQ(test, bad->reason, res.reason);
	KUNIT_EXPECT_EQ(test, bad->error, res.error);
}

/* The last pages above the watermark are not for areas. */
static void keeps_watermark(struct kunit *test)
{
	struct arena *arena = arena_create(test);
	struct zone *zone = arena_zone(arena);
	unsigned long nr = drained_free_pages(zone);
	struct memarea_request req = {
		.nr_pages = nr - min_wmark_pages(zone) / 2,
		.nid = zone_to_nid(zone),
		.gfp = GFP_KERNEL | ARENA_GFP | __GFP_THISNODE | __GFP_NOWARN,
		.min_pfn = zone->zone_start_pfn,
		.effort = MEMAREA_EFFORT_FREE,
	};
	struct memarea_result res;

	if (!min_wmark_pages(zone))
		kunit_skip(test, "no watermark");
	KUNIT_EXPECT_NULL(test, __alloc_memarea(&req, &res));
	KUNIT_EXPECT_TRUE(test, res.reason == MEMAREA_WATERMARK ||
			  res.reason == MEMAREA_NO_RUN);
	KUNIT_EXPECT_LT(test, min_wmark_pages(zone),
			zone_page_state(zone, NR_FREE_PAGES));
}

/* A caller that cannot sleep is served without a drain. */
static void atomic_does_not_sleep(struct kunit *test)
{
	struct memarea_result res;
	struct page *area;
	unsigned long flags;

	local_irq_save(flags);
	area = alloc_quietly(777, GFP_ATOMIC, &res);
	if (area)
		free_memarea(area, 777);
	local_irq_restore(flags);
	KUNIT_EXPECT_NOT_NULL(test, area);
	KUNIT_EXPECT_EQ(test, 0, res.drains);
}

static void sleeper_drains_once(struct kunit *test)
{
	struct arena *arena = arena_create(test);
	struct memarea_request req = {
		.nr_pages = 9, .gfp = GFP_KERNEL | __GFP_NOWARN,
	};
	struct memarea_result res;

	__free_page(alloc_page(GFP_KERNEL | ARENA_GFP));
	KUNIT_EXPECT_NULL(test, arena_alloc(arena, &req, &res));
	KUNIT_EXPECT_EQ(test, 1, res.drains);
	req.gfp = GFP_NOWAIT | __GFP_NOWARN;
	__free_page(alloc_page(GFP_KERNEL | ARENA_GFP));
	KUNIT_EXPECT_NULL(test, arena_alloc(arena, &req, &res));
	KUNIT_EXPECT_EQ(test, 0, res.drains);
}

/* Pages on a per-CPU list are no run until they are drained. */
static void drain_makes_run(struct kunit *test)
{
	struct arena *arena = arena_create(test);
	struct memarea_request req = { .nr_pages = 4, .gfp = GFP_KERNEL };
	unsigned long i;

	for (i = 8; i < 12; i++)
		__free_page(pfn_to_page(arena->pfn + i));
	bitmap_clear(arena->used, 8, 4);
	KUNIT_EXPECT_EQ(test, 8, arena_offset(arena,
					      arena_alloc(arena, &req, NULL)));
}

static void isolated_is_not_taken(struct kunit *test)
{
	struct arena *arena = arena_create(test);
	struct memarea_request req = {
		.nr_pages = 10, .max_pfn = pageblock_nr_pages,
		.gfp = GFP_KERNEL | __GFP_NOWARN,
	};
	unsigned long end = arena->pfn + pageblock_nr_pages;

	if (!IS_ENABLED(CONFIG_MEMORY_ISOLATION))
		kunit_skip(test, "needs CONFIG_MEMORY_ISOLATION");
	arena_free(arena, 0, pageblock_nr_pages);
	KUNIT_ASSERT_EQ(test, 0, start_isolate_page_range(arena->pfn, end,
							  MIGRATE_MOVABLE, 0,
							  GFP_KERNEL));
	KUNIT_EXPECT_NULL(test, arena_alloc(arena, &req, NULL));
	undo_isolate_page_range(arena->pfn, end, MIGRATE_MOVABLE);
	KUNIT_EXPECT_NOT_NULL(test, arena_alloc(arena, &req, NULL));
}

/* HIGHATOMIC pageblocks are for those who say __GFP_HIGH and cannot sleep. */
static void highatomic_is_reserved(struct kunit *test)
{
	struct arena *arena = arena_create(test);
	struct page *page = pfn_to_page(arena->pfn);
	struct memarea_request req = {
		.nr_pages = 10, .max_pfn = pageblock_nr_pages,
		.gfp = GFP_KERNEL | __GFP_NOWARN,
	};
	int type = get_pageblock_migratetype(page);

	set_pageblock_migratetype(page, MIGRATE_HIGHATOMIC);
	arena_free(arena, 0, pageblock_nr_pages);
	KUNIT_EXPECT_NULL(test, arena_alloc(arena, &req, NULL));
	req.nr_pages = pageblock_nr_pages;
	req.gfp |= __GFP_HIGH;
	KUNIT_EXPECT_NULL(test, arena_alloc(arena, &req, NULL));
	req.gfp = GFP_ATOMIC | __GFP_NOWARN;
	KUNIT_EXPECT_PTR_EQ(test, page, arena_alloc(arena, &req, NULL));
	set_pageblock_migratetype(page, type);
}

/* Take a free block of MAX_PAGE_ORDER, in as many blocks as it is on lists. */
static bool take_largest(struct zone *zone, struct page *page)
{
	unsigned int i, step = 1 << MAX_BUDDY_ORDER;

	for (i = 0; i < MAX_ORDER_NR_PAGES; i += step) {
		if (!PageBuddy(page + i) ||
		    buddy_order(page + i) != MAX_BUDDY_ORDER)
			return false;
	}
	for (i = 0; i < MAX_ORDER_NR_PAGES; i += step) {
		take_free_block(zone, page + i, MAX_BUDDY_ORDER);
		memarea_map_take(page + i, MAX_BUDDY_ORDER, MAX_BUDDY_ORDER);
	}
	return true;
}

/* Turn a free block into what __free_unaccepted() leaves. */
static bool make_unaccepted(struct page *page)
{
	struct zone *zone = page_zone(page);
	unsigned long flags;
	bool ok;

	spin_lock_irqsave(&zone->lock, flags);
	ok = take_largest(zone, page);
	if (ok) {
		list_unaccepted(zone, page);
		__folio_set_unaccepted(page_folio(page));
	}
	spin_unlock_irqrestore(&zone->lock, flags);
	return ok;
}

static void make_accepted(struct page *page)
{
	struct zone *zone = page_zone(page);
	unsigned long flags;

	spin_lock_irqsave(&zone->lock, flags);
	__folio_clear_unaccepted(page_folio(page));
	unlist_unaccepted(zone, page);
	put_free_block(zone, page, MAX_PAGE_ORDER);
	spin_unlock_irqrestore(&zone->lock, flags);
}

/*
 * Memory that the host has yet to hand over is counted as free, but must not be
 * touched: it parts the runs beside it.
 */
static void unaccepted_is_not_taken(struct kunit *test)
{
	const unsigned long block = MAX_ORDER_NR_PAGES;
	struct memarea_request req = {
		.nr_pages = 3 * block, .align = block, .nid = NUMA_NO_NODE,
		.gfp = GFP_KERNEL | ARENA_GFP | __GFP_NOWARN,
	};
	struct page *area = __alloc_memarea(&req, NULL);
	struct page *middle, *one, *other;
	struct memarea_result res;
	struct memarea_diff diff;

	KUNIT_ASSERT_NOT_NULL(test, area);
	middle = nth_page(area, block);
	req.align = 0;
	req.min_pfn = page_to_pfn(area);
	req.max_pfn = req.min_pfn + req.nr_pages;
	free_memarea(area, req.nr_pages);
	KUNIT_ASSERT_TRUE(test, make_unaccepted(middle));
	KUNIT_EXPECT_TRUE(test, memarea_map_validate(&diff));

	req.nr_pages = block + 1;
	KUNIT_EXPECT_NULL(test, __alloc_memarea(&req, &res));
	KUNIT_EXPECT_EQ(test, MEMAREA_NO_RUN, res.reason);
	req.nr_pages = block;
	one = __alloc_memarea(&req, NULL);
	other = __alloc_memarea(&req, NULL);
	KUNIT_EXPECT_PTR_EQ(test, area, min(one, other));
	KUNIT_EXPECT_PTR_EQ(test, nth_page(area, 2 * block), max(one, other));
	req.nr_pages = 1;
	KUNIT_EXPECT_NULL(test, __alloc_memarea(&req, NULL));
	KUNIT_EXPECT_TRUE(test, PageUnaccepted(middle));
	KUNIT_EXPECT_EQ(test, 0, page_count(middle));

	make_accepted(middle);
	free_memarea(one, block);
	free_memarea(other, block);
	req.nr_pages = 3 * block;
	KUNIT_EXPECT_PTR_EQ(test, area, __alloc_memarea(&req, NULL));
	free_memarea(area, 3 * block);
}

static void exact_bytes(struct kunit *test)
{
	const size_t bytes = 12345678;
	void *addr = alloc_memarea_exact(bytes, GFP_KERNEL | __GFP_ZERO);

	KUNIT_ASSERT_NOT_NULL(test, addr);
	KUNIT_EXPECT_NULL(test, memchr_inv(addr, 0, bytes));
	free_memarea_exact(addr, bytes);
	free_memarea_exact(NULL, bytes);
	KUNIT_EXPECT_NULL(test, alloc_memarea_exact(0, GFP_KERNEL |
						       __GFP_NOWARN));
	KUNIT_EXPECT_NULL(test, alloc_memarea_exact(bytes, GFP_KERNEL |
							   __GFP_COMP));
	KUNIT_EXPECT_NULL(test, alloc_memarea_exact(bytes, GFP_HIGHUSER |
							   __GFP_NOWARN));
}

static void kv_prefers_area(struct kunit *test)
{
	const size_t bytes = 3 * PAGE_SIZE + 1;
	void *addr = kvalloc_memarea(bytes, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, addr);
	KUNIT_EXPECT_FALSE(test, is_vmalloc_addr(addr));
	kvfree_memarea(addr, bytes);
}

static void devm_frees_with_device(struct kunit *test)
{
	struct device *dev = kunit_device_register(test, "memarea");
	struct page *area, *other;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dev);
	area = devm_alloc_memarea(dev, GFP_KERNEL, 33);
	other = devm_alloc_memarea(dev, GFP_KERNEL, 44);
	KUNIT_ASSERT_NOT_NULL(test, area);
	KUNIT_ASSERT_NOT_NULL(test, other);
	KUNIT_EXPECT_NULL(test, devm_alloc_memarea(dev, GFP_KERNEL |
						   __GFP_NOWARN, 0));
	devm_free_memarea(dev, area);
	KUNIT_EXPECT_EQ(test, 0, page_count(area));
	KUNIT_EXPECT_EQ(test, 1, page_count(other + 43));
	kunit_device_unregister(test, dev);
	KUNIT_EXPECT_EQ(test, 0, page_count(other + 43));
}

/* No memory for the note that an area is the device's: no area is taken. */
static void devm_without_devres(struct kunit *test)
{
	struct device *dev = kunit_device_register(test, "memarea");
	struct arena *arena = arena_create(test);
	struct memarea_request req = {
		.nr_pages = 33, .nid = NUMA_NO_NODE,
		.min_pfn = arena->pfn, .max_pfn = arena->pfn + ARENA_PAGES,
		.gfp = GFP_NOWAIT | ARENA_GFP | __GFP_NOWARN,
	};
	struct memarea_result res = { };
	struct page *area;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dev);
	arena_free(arena, 10, 43);
	if (!fail_next_object())
		kunit_skip(test, "needs CONFIG_FAILSLAB");
	area = __devm_alloc_memarea(dev, &req, &res);
	KUNIT_EXPECT_TRUE(test, object_has_failed());
	KUNIT_EXPECT_NULL(test, area);
	KUNIT_EXPECT_EQ(test, MEMAREA_NO_DEVRES, res.reason);
	KUNIT_EXPECT_EQ(test, -ENOMEM, res.error);
	KUNIT_EXPECT_TRUE(test, arena_is_free(arena, 10, 43));

	area = __devm_alloc_memarea(dev, &req, &res);
	KUNIT_EXPECT_EQ(test, 10, arena_offset(arena, area));
	KUNIT_EXPECT_EQ(test, MEMAREA_OK, res.reason);
	kunit_device_unregister(test, dev);
	KUNIT_EXPECT_TRUE(test, arena_is_free(arena, 10, 43));
}

static struct kunit_case alloc_cases[] = {
	KUNIT_CASE_PARAM(alloc_size, size_gen_params),
	KUNIT_CASE(alloc_is_memory),
	KUNIT_CASE(alloc_zeroed),
	KUNIT_CASE(alloc_highmem),
	KUNIT_CASE(highmem_only_on_demand),
	KUNIT_CASE(alloc_compound),
	KUNIT_CASE(compound_by_put_page),
	KUNIT_CASE(finds_only_run),
	KUNIT_CASE(honours_alignment),
	KUNIT_CASE(honours_boundary),
	KUNIT_CASE(honours_range),
	KUNIT_CASE(agrees_with_oracle),
	KUNIT_CASE(scan_takes_over),
	KUNIT_CASE(gives_up_in_time),
	KUNIT_CASE(remainder_is_free),
	KUNIT_CASE(result_of_success),
	KUNIT_CASE_PARAM(refuses, bad_gen_params),
	KUNIT_CASE(keeps_watermark),
	KUNIT_CASE(atomic_does_not_sleep),
	KUNIT_CASE(sleeper_drains_once),
	KUNIT_CASE(drain_makes_run),
	KUNIT_CASE(isolated_is_not_taken),
	KUNIT_CASE(highatomic_is_reserved),
	KUNIT_CASE(unaccepted_is_not_taken),
	KUNIT_CASE(exact_bytes),
	KUNIT_CASE(kv_prefers_area),
	KUNIT_CASE(devm_frees_with_device),
	KUNIT_CASE(devm_without_devres),
	{ }
};

static struct kunit_suite alloc_suite = {
	.name = "memarea_alloc",
	.test_cases = alloc_cases,
};

kunit_test_suite(alloc_suite);
