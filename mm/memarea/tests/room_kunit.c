// SPDX-License-Identifier: GPL-2.0
/*
 * Room is made in an arena whose pages are, one by one, free, the kernel's own
 * (the test's), or a file's, clean or dirty.  A page of the file is at the index
 * that is its place in the arena, and each of its words is that number.
 */
#include <linux/anon_inodes.h>
#include <linux/delay.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/pagemap.h>
#include <linux/migrate.h>
#include <linux/sched/mm.h>
#include <linux/swap.h>
#include <linux/writeback.h>
#include "arena.h"
#include "../room.h"

#define BLOCK	pageblock_nr_pages
#define WORDS	(PAGE_SIZE / sizeof(unsigned long))

/* Pages that others may keep for long: KASAN frees late. */
#define SLACK	(IS_ENABLED(CONFIG_KASAN) ? 32 : 0)

/* An arena, and the file that some of its pages belong to. */
struct room_test {
	struct arena *arena;
	struct file *file;
};

static const struct file_operations fops = { };
static const struct address_space_operations aops = {
	.dirty_folio = noop_dirty_folio,
	.migrate_folio = filemap_migrate_folio,
};

static struct address_space *mapping(const struct room_test *t)
{
	return file_inode(t->file)->i_mapping;
}

static void close_file(void *file)
{
	truncate_inode_pages(file_inode(file)->i_mapping, 0);
	fput(file);
}

static struct room_test *room_create(struct kunit *test)
{
	struct room_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, t);
	t->arena = arena_create(test);
	t->file = anon_inode_create_getfile("[room]", &fops, NULL, O_RDWR, NULL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, t->file);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, close_file,
							   t->file));
	mapping(t)->a_ops = &aops;
	return t;
}

static void write_number(struct page *page, unsigned long number)
{
	unsigned long *word = kmap_local_page(page);
	unsigned int i;

	for (i = 0; i < WORDS; i++)
		word[i] = number;
	kunmap_local(word);
}

static bool has_number(struct page *page, unsigned long number)
{
	unsigned long *word = kmap_local_page(page);
	unsigned int i = 0;

	while (i < WORDS && word[i] == number)
		i++;
	kunmap_local(word);
	return i == WORDS;
}

/* Give a page of the arena to the file. */
static void to_file(struct kunit *test, struct room_test *t, unsigned long at,
		    bool dirty)
{
	struct page *page = pfn_to_page(t->arena->pfn + at);
	struct folio *folio = page_folio(page);

	write_number(page, at);
	__folio_set_locked(folio);
	KUNIT_ASSERT_EQ(test, 0, filemap_add_folio(mapping(t), folio, at,
						   GFP_KERNEL));
	folio_mark_uptodate(folio);
	if (dirty)
		folio_mark_dirty(folio);
	folio_unlock(folio);
	folio_put(folio);
	__clear_bit(at, t->arena->used);
}

/* The pages [@from, @to), but for every fourth one, which becomes free. */
static void perforate(struct kunit *test, struct room_test *t,
		      unsigned long from, unsigned long to, bool dirty)
{
	for (; from < to; from++) {
		if (from % 4)
			to_file(test, t, from, dirty);
		else
			arena_free(t->arena, from, from + 1);
	}
}

static bool in_file(struct room_test *t, unsigned long at)
{
	struct folio *folio = filemap_get_folio(mapping(t), at);

	if (IS_ERR(folio))
		return false;
	folio_put(folio);
	return true;
}

/* Pages of the file that are not what was written to it. */
static unsigned long broken(struct room_test *t)
{
	unsigned long at, nr = 0;

	for (at = 0; at < ARENA_PAGES; at++) {
		struct folio *folio = filemap_get_folio(mapping(t), at);

		if (IS_ERR(folio))
			continue;
		nr += !has_number(folio_page(folio, 0), at);
		folio_put(folio);
	}
	return nr;
}

static unsigned long pages_of_file(struct room_test *t)
{
	return mapping(t)->nrpages;
}

/* Pages that the test has freed, and that are not free. */
static unsigned long at_large(struct room_test *t)
{
	unsigned long at, nr = 0;

	/* a page in a batch for the LRU lists has a reference more */
	lru_add_drain_all();
	drain_all_pages(arena_zone(t->arena));
	for (at = 0; at < ARENA_PAGES; at++)
		nr += !test_bit(at, t->arena->used) &&
		      !arena_is_free(t->arena, at, at + 1);
	return nr;
}

/* What others, slab caches say, have taken of it is in the way of what is tested. */
static void skip_if_disturbed(struct kunit *test, struct room_test *t)
{
	if (at_large(t) != pages_of_file(t))
		kunit_skip(test, "others took what was free");
}

/* Others may take some for a moment, and where memory is short for longer. */
static bool all_come_back(struct room_test *t)
{
	int tries = 50;

	if (zone_page_state(arena_zone(t->arena), NR_FREE_PAGES) < 4 * ARENA_PAGES)
		return true;
	while (at_large(t) > SLACK && tries--)
		msleep(20);
	return tries >= 0;
}

/* Nothing lost, nothing left isolated, and all that is free again is whole. */
static void expect_tidy(struct kunit *test, struct room_test *t,
			unsigned long pages)
{
	KUNIT_EXPECT_EQ(test, 0, broken(t));
	KUNIT_EXPECT_EQ(test, pages, pages_of_file(t));
	KUNIT_EXPECT_FALSE(test, has_isolate_pageblock(arena_zone(t->arena)));
	kunit_release_action(test, close_file, t->file);
	KUNIT_EXPECT_TRUE(test, all_come_back(t));
}

static void put_area(struct room_test *t, struct page *area, unsigned long nr)
{
	unsigned long at = arena_offset(t->arena, area);

	if (area)
		arena_free(t->arena, at, at + nr);
}

/* Sizes and alignments for which no run is free. */
static void makes_room(struct kunit *test)
{
	static const unsigned long sizes[][2] = {
		{ 2, 1 }, { 3, 2 }, { 77, 1 }, { 512, 512 }, { 777, 16 },
		{ 1500, 1 }, { 2048, 2048 },
	};
	struct room_test *t = room_create(test);
	struct memarea_result res;
	struct page *area;
	int i;

	perforate(test, t, 0, ARENA_PAGES, true);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct memarea_request req = {
			.nr_pages = sizes[i][0], .align = sizes[i][1],
			.gfp = GFP_KERNEL,
		};

		area = arena_alloc(t->arena, &req, &res);
		KUNIT_ASSERT_NOT_NULL_MSG(test, area, "%lu pages: %d at %#lx",
					  sizes[i][0], res.reason, res.pfn);
		KUNIT_EXPECT_EQ(test, 0, page_to_pfn(area) % sizes[i][1]);
		KUNIT_EXPECT_EQ(test, 0, res.dropped + res.swapped);
		put_area(t, area, sizes[i][0]);
	}
	expect_tidy(test, t, ARENA_PAGES * 3 / 4);
}

/* Pages are moved: those of the place, and no others. */
static void moves_what_is_there(struct kunit *test)
{
	struct room_test *t = room_create(test);
	struct memarea_request req = {
		.nr_pages = 100, .min_pfn = 402, .max_pfn = 502,
		.gfp = GFP_KERNEL,
	};
	struct memarea_result res;
	struct page *area;

	perforate(test, t, 0, ARENA_PAGES, true);
	area = arena_alloc(t->arena, &req, &res);
	KUNIT_EXPECT_EQ(test, 402, arena_offset(t->arena, area));
	KUNIT_EXPECT_EQ(test, 75, res.moved);
	KUNIT_EXPECT_EQ(test, 0, res.dropped);
	KUNIT_EXPECT_EQ(test, 1, res.tries);
	put_area(t, area, req.nr_pages);
	expect_tidy(test, t, ARENA_PAGES * 3 / 4);
}

/* Clean pages are dropped, and who may only drop does not move. */
static void drops_what_is_clean(struct kunit *test)
{
	struct room_test *t = room_create(test);
	struct memarea_request req = {
		.nr_pages = 100, .min_pfn = 402, .max_pfn = 502,
		.gfp = GFP_KERNEL | __GFP_NOWARN,
		.effort = MEMAREA_EFFORT_DROP,
	};
	struct memarea_result res;
	struct page *area;

	perforate(test, t, 0, 1000, false);
	perforate(test, t, 1000, ARENA_PAGES, true);
	area = arena_alloc(t->arena, &req, &res);
	KUNIT_EXPECT_EQ(test, 402, arena_offset(t->arena, area));
	KUNIT_EXPECT_EQ(test, 75, res.dropped);
	KUNIT_EXPECT_EQ(test, 0, res.moved);
	KUNIT_EXPECT_FALSE(test, in_file(t, 403));
	KUNIT_EXPECT_TRUE(test, in_file(t, 503));

	req.min_pfn = 1500;
	req.max_pfn = 1600;
	KUNIT_EXPECT_NULL(test, arena_alloc(t->arena, &req, &res));
	KUNIT_EXPECT_EQ(test, MEMAREA_NO_RUN, res.reason);
	KUNIT_EXPECT_EQ(test, 0, res.tries);
	put_area(t, area, req.nr_pages);
	expect_tidy(test, t, ARENA_PAGES * 3 / 4 - 75);
}

/* Dropping comes before moving, and the fewest pages first. */
static void takes_cheapest(struct kunit *test)
{
	struct room_test *t = room_create(test);
	struct memarea_request req = {
		.nr_pages = 256, .align = 256, .gfp = GFP_KERNEL,
	};
	struct page *area[2];
	struct memarea_result res;

	perforate(test, t, 0, 256, true);
	perforate(test, t, 512, 768, true);
	arena_free(t->arena, 1280, 1400);
	to_file(test, t, 1400, true);
	arena_free(t->arena, 1401, 1536);
	perforate(test, t, 1792, ARENA_PAGES, false);
	skip_if_disturbed(test, t);

	area[0] = arena_alloc(t->arena, &req, &res);
	KUNIT_EXPECT_EQ(test, 1792, arena_offset(t->arena, area[0]));
	KUNIT_EXPECT_EQ(test, 192, res.dropped);
	area[1] = arena_alloc(t->arena, &req, &res);
	KUNIT_EXPECT_EQ(test, 1280, arena_offset(t->arena, area[1]));
	KUNIT_EXPECT_EQ(test, 1, res.moved);
	put_area(t, area[0], 256);
	put_area(t, area[1], 256);
	expect_tidy(test, t, 2 * 192 + 1);
}

static void retype(struct room_test *t, struct page *block, int type)
{
	struct zone *zone = arena_zone(t->arena);

	spin_lock_irq(&zone->lock);
	move_freepages_block_isolate(zone, block, type);
	spin_unlock_irq(&zone->lock);
}

/* The pages in [@from, @to) that are not free, those on per-CPU lists neither. */
static unsigned long in_use(struct room_test *t, unsigned long from,
			    unsigned long to)
{
	unsigned long nr = 0;

	drain_all_pages(arena_zone(t->arena));
	for (; from < to; from++)
		nr += !arena_is_free(t->arena, from, from + 1);
	return nr;
}

/* Every @step-th page of a pageblock is the file's, the others are free. */
static void sprinkle(struct kunit *test, struct room_test *t,
		     unsigned long start, unsigned long step)
{
	unsigned long at;

	for (at = start; at < start + BLOCK; at += step) {
		to_file(test, t, at, true);
		arena_free(t->arena, at + 1, min(at + step, start + BLOCK));
	}
}

/*
 * What the page allocator would hand out first, because it was freed last, is
 * where little is in use.
 */
static void spares_spacious_memory(struct kunit *test)
{
	struct room_test *t = room_create(test);
	struct memarea_request req = {
		.nr_pages = BLOCK, .align = BLOCK, .gfp = GFP_KERNEL,
	};
	struct page *block = pfn_to_page(t->arena->pfn + BLOCK), *area;
	unsigned long pages = DIV_ROUND_UP(BLOCK, 6);
	int type = get_pageblock_migratetype(block);
	struct memarea_result res;

	retype(t, block, MIGRATE_MOVABLE);
	sprinkle(test, t, 0, 128);
	sprinkle(test, t, BLOCK, 6);
	if (in_use(t, 0, BLOCK) != BLOCK / 128 ||
	    in_use(t, BLOCK, 2 * BLOCK) != pages) {
		retype(t, block, type);
		kunit_skip(test, "memory is short: others took what was free");
	}
	area = arena_alloc(t->arena, &req, &res);
	KUNIT_EXPECT_EQ(test, 0, arena_offset(t->arena, area));
	KUNIT_EXPECT_EQ(test, BLOCK / 128, res.moved);
	KUNIT_EXPECT_EQ(test, pages, in_use(t, BLOCK, 2 * BLOCK));
	put_area(t, area, BLOCK);
	expect_tidy(test, t, pages + BLOCK / 128);
	retype(t, block, type);
}

/* Other tests may have the same arena. */
static void wait_until_forgotten(void)
{
	schedule_timeout_uninterruptible(MEMAREA_ROOM_MEMORY + 1);
}

/* Somebody holds a page: that is said, and remembered for a while. */
static void held_page_is_named(struct kunit *test)
{
	struct room_test *t = room_create(test);
	struct page *held = pfn_to_page(t->arena->pfn + 450 + 1), *area;
	struct memarea_request req = {
		.nr_pages = 100, .min_pfn = 402, .max_pfn = 502,
		.gfp = GFP_KERNEL | __GFP_NOWARN,
	};
	struct memarea_result res;

	perforate(test, t, 0, ARENA_PAGES, true);
	get_page(held);
	KUNIT_EXPECT_NULL(test, arena_alloc(t->arena, &req, &res));
	KUNIT_EXPECT_EQ(test, MEMAREA_HELD, res.reason);
	KUNIT_EXPECT_EQ(test, -EBUSY, res.error);
	KUNIT_EXPECT_EQ(test, page_to_pfn(held), res.pfn);
	KUNIT_EXPECT_EQ(test, 1, res.tries);

	KUNIT_EXPECT_NULL(test, arena_alloc(t->arena, &req, &res));
	KUNIT_EXPECT_EQ(test, MEMAREA_NO_RUN, res.reason);
	KUNIT_EXPECT_EQ(test, 0, res.tries);

	put_page(held);
	wait_until_forgotten();
	area = arena_alloc(t->arena, &req, &res);
	KUNIT_EXPECT_EQ(test, 402, arena_offset(t->arena, area));
	KUNIT_EXPECT_EQ(test, 1, res.moved);
	put_area(t, area, req.nr_pages);
	expect_tidy(test, t, ARENA_PAGES * 3 / 4);
}

/* The next place begins close to the page that would not go. */
static void goes_around_held_page(struct kunit *test)
{
	struct room_test *t = room_create(test);
	struct page *held = pfn_to_page(t->arena->pfn + 451), *area;
	struct memarea_request req = {
		.nr_pages = 100, .min_pfn = 402, .max_pfn = 600,
		.gfp = GFP_KERNEL,
	};
	struct memarea_result res;

	perforate(test, t, 0, ARENA_PAGES, true);
	get_page(held);
	area = arena_alloc(t->arena, &req, &res);
	KUNIT_EXPECT_GT(test, arena_offset(t->arena, area), 451);
	KUNIT_EXPECT_LE(test, arena_offset(t->arena, area), 451 + 100 / 16);
	KUNIT_EXPECT_EQ(test, 2, res.tries);
	put_page(held);
	wait_until_forgotten();
	put_area(t, area, req.nr_pages);
	expect_tidy(test, t, ARENA_PAGES * 3 / 4);
}

/* A page of the kernel's is an obstacle inside, but not beside. */
static void kernel_page_beside(struct kunit *test)
{
	struct room_test *t = room_create(test);
	struct memarea_request req = {
		.nr_pages = BLOCK, .min_pfn = 66, .max_pfn = 66 + BLOCK,
		.gfp = GFP_KERNEL | __GFP_NOWARN,
	};
	struct memarea_result res;
	struct page *area;

	perforate(test, t, 0, 64, true);
	perforate(test, t, 65, ARENA_PAGES, true);
	area = arena_alloc(t->arena, &req, &res);
	KUNIT_EXPECT_EQ(test, 66, arena_offset(t->arena, area));
	put_area(t, area, req.nr_pages);

	req.min_pfn = 60;
	req.max_pfn = 60 + BLOCK;
	KUNIT_EXPECT_NULL(test, arena_alloc(t->arena, &req, &res));
	KUNIT_EXPECT_EQ(test, MEMAREA_NO_RUN, res.reason);
	KUNIT_EXPECT_EQ(test, 0, res.tries);
	KUNIT_EXPECT_EQ(test, t->arena->pfn + 64, res.pfn);
	KUNIT_EXPECT_TRUE(test, test_bit(64, t->arena->used));
	expect_tidy(test, t, ARENA_PAGES * 3 / 4);
}

/* Each pageblock has its own type again, whatever it was. */
static void keeps_types(struct kunit *test)
{
	static const int types[] = { MIGRATE_UNMOVABLE, MIGRATE_RECLAIMABLE };
	struct room_test *t = room_create(test);
	struct memarea_request req = {
		.nr_pages = 1500, .min_pfn = 300, .max_pfn = 1800,
		.gfp = GFP_KERNEL,
	};
	int before[ARRAY_SIZE(types)], i;
	struct page *area, *block[2];
	unsigned long at;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		block[i] = pfn_to_page(t->arena->pfn + i * BLOCK);
		before[i] = get_pageblock_migratetype(block[i]);
		retype(t, block[i], types[i]);
	}
	/* no free page, which an unmovable one might take */
	for (at = 0; at < ARENA_PAGES; at++)
		to_file(test, t, at, true);
	area = arena_alloc(t->arena, &req, NULL);
	KUNIT_EXPECT_EQ(test, 300, arena_offset(t->arena, area));
	put_area(t, area, req.nr_pages);
	for (i = 0; i < ARRAY_SIZE(types); i++)
		KUNIT_EXPECT_EQ(test, types[i],
				get_pageblock_migratetype(block[i]));
	expect_tidy(test, t, ARENA_PAGES);
	for (i = 0; i < ARRAY_SIZE(types); i++)
		retype(t, block[i], before[i]);
}

/* One compound page, and it is zeroed. */
static void compound_where_none_is_free(struct kunit *test)
{
	struct room_test *t = room_create(test);
	struct memarea_request req = {
		.nr_pages = 1024, .gfp = GFP_KERNEL | __GFP_COMP | __GFP_ZERO,
	};
	struct page *area;
	unsigned long i, dirty = 0;

	perforate(test, t, 0, ARENA_PAGES, true);
	area = arena_alloc(t->arena, &req, NULL);
	KUNIT_ASSERT_NOT_NULL(test, area);
	KUNIT_EXPECT_EQ(test, 10, compound_order(area));
	KUNIT_EXPECT_EQ(test, 1, page_count(area));
	for (i = 0; i < 1024; i++)
		dirty += !has_number(area + i, 0);
	KUNIT_EXPECT_EQ(test, 0, dirty);
	put_area(t, area, 1024);
	expect_tidy(test, t, ARENA_PAGES * 3 / 4);
}

static void refused(struct kunit *test, struct room_test *t,
		    struct memarea_request *req, enum memarea_reason reason)
{
	struct memarea_result res;
	struct page *area;

	req->gfp |= __GFP_NOWARN;
	area = arena_alloc(t->arena, req, &res);
	KUNIT_EXPECT_NULL(test, area);
	KUNIT_EXPECT_EQ(test, reason, res.reason);
	KUNIT_EXPECT_EQ(test, 0, res.tries);
	KUNIT_EXPECT_EQ(test, 0, res.dropped + res.moved + res.swapped);
	put_area(t, area, req->nr_pages);
}

/* Who may not sleep, is in a hurry, or does not want it. */
static void not_for_everybody(struct kunit *test)
{
	struct room_test *t = room_create(test);
	struct memarea_request req = {
		.nr_pages = 100, .gfp = GFP_NOWAIT,
		.effort = MEMAREA_EFFORT_SWAP,
	};

	perforate(test, t, 0, ARENA_PAGES, false);
	refused(test, t, &req, MEMAREA_NO_RUN);
	req.gfp = GFP_KERNEL;
	req.effort = MEMAREA_EFFORT_FREE;
	refused(test, t, &req, MEMAREA_NO_RUN);
	req.effort = MEMAREA_EFFORT_BY_GFP;
	req.gfp = GFP_KERNEL | __GFP_NORETRY;
	refused(test, t, &req, MEMAREA_NO_RUN);
	req.gfp = GFP_KERNEL;
	req.max_blocks = 1UL << 30;
	refused(test, t, &req, MEMAREA_NO_RUN);
	expect_tidy(test, t, ARENA_PAGES * 3 / 4);
}

/* Not in reclaim; and what a file system knows of, not from within one. */
static void not_from_everywhere(struct kunit *test)
{
	struct room_test *t = room_create(test);
	struct memarea_request req = {
		.nr_pages = 100, .gfp = GFP_KERNEL,
		.effort = MEMAREA_EFFORT_SWAP,
	};
	unsigned int flags;

	perforate(test, t, 0, ARENA_PAGES, false);
	flags = memalloc_noreclaim_save();
	refused(test, t, &req, MEMAREA_NO_RUN);
	memalloc_noreclaim_restore(flags);
	flags = memalloc_nofs_save();
	refused(test, t, &req, MEMAREA_NO_RUN);
	memalloc_nofs_restore(flags);
	flags = memalloc_noio_save();
	refused(test, t, &req, MEMAREA_NO_RUN);
	memalloc_noio_restore(flags);
	expect_tidy(test, t, ARENA_PAGES * 3 / 4);
}

/* What would not be enough is not begun. */
static void keeps_to_budget(struct kunit *test)
{
	struct room_test *t = room_create(test);
	struct memarea_request req = {
		.nr_pages = 1000, .gfp = GFP_KERNEL, .room_pages = 500,
	};
	struct memarea_result res;
	struct page *area;

	perforate(test, t, 0, ARENA_PAGES, true);
	refused(test, t, &req, MEMAREA_BUDGET);
	req.room_pages = 1000;
	area = arena_alloc(t->arena, &req, &res);
	KUNIT_EXPECT_NOT_NULL(test, area);
	KUNIT_EXPECT_GE(test, res.moved, 700);
	KUNIT_EXPECT_LE(test, res.moved, 1000);
	put_area(t, area, req.nr_pages);
	expect_tidy(test, t, ARENA_PAGES * 3 / 4);
}

/* A free run is taken as ever: no room is made for what is there. */
static void free_run_comes_first(struct kunit *test)
{
	struct room_test *t = room_create(test);
	struct memarea_request req = { .nr_pages = 100, .gfp = GFP_KERNEL };
	struct memarea_result res;
	struct page *area;

	perforate(test, t, 0, 1500, false);
	arena_free(t->arena, 1800, 1900);
	area = arena_alloc(t->arena, &req, &res);
	KUNIT_EXPECT_EQ(test, 1800, arena_offset(t->arena, area));
	KUNIT_EXPECT_EQ(test, 0, res.windows);
	put_area(t, area, req.nr_pages);
	expect_tidy(test, t, 1500 * 3 / 4);
}

/* What alloc_contig_pages() documents. */
static void contig_pages(struct kunit *test)
{
	static const unsigned long sizes[] = { 1, 3, 777, 1024, 4096 };
	struct page *page;
	int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		unsigned long nr = sizes[i];

		page = alloc_contig_pages(nr, GFP_KERNEL, numa_mem_id(), NULL);
		KUNIT_ASSERT_NOT_NULL(test, page);
		if (is_power_of_2(nr))
			KUNIT_EXPECT_EQ(test, 0, page_to_pfn(page) % nr);
		KUNIT_EXPECT_EQ(test, 1, page_count(nth_page(page, nr - 1)));
		free_contig_range(page_to_pfn(page), nr);
		KUNIT_EXPECT_EQ(test, 0, page_count(nth_page(page, nr - 1)));
	}
	page = alloc_contig_pages(1024, GFP_KERNEL | __GFP_COMP, numa_mem_id(),
				  NULL);
	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_EQ(test, 10, compound_order(page));
	free_contig_range(page_to_pfn(page), 1024);
	KUNIT_EXPECT_NULL(test, alloc_contig_pages(16, GFP_KERNEL_ACCOUNT,
						   numa_mem_id(), NULL));
}

static struct kunit_case room_cases[] = {
	KUNIT_CASE(makes_room),
	KUNIT_CASE(moves_what_is_there),
	KUNIT_CASE(drops_what_is_clean),
	KUNIT_CASE(takes_cheapest),
	KUNIT_CASE(spares_spacious_memory),
	KUNIT_CASE_SLOW(held_page_is_named),
	KUNIT_CASE_SLOW(goes_around_held_page),
	KUNIT_CASE(kernel_page_beside),
	KUNIT_CASE(keeps_types),
	KUNIT_CASE(compound_where_none_is_free),
	KUNIT_CASE(not_for_everybody),
	KUNIT_CASE(not_from_everywhere),
	KUNIT_CASE(keeps_to_budget),
	KUNIT_CASE(free_run_comes_first),
	KUNIT_CASE(contig_pages),
	{ }
};

static struct kunit_suite room_suite = {
	.name = "memarea_room",
	.test_cases = room_cases,
};

kunit_test_suite(room_suite);
