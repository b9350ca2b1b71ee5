// SPDX-License-Identifier: GPL-2.0
/*
 * A map of free memory that is kept wrongly, in one way at a time, is found out.
 *
 * memarea.map_fault=8 on the kernel command line is for a benchmark, which shows
 * what the rule of large.c is good for.
 */
#include <linux/moduleparam.h>
#include "arena.h"
#include "map_kunit.h"

unsigned int memarea_map_fault;

#undef MODULE_PARAM_PREFIX
#define MODULE_PARAM_PREFIX "memarea."
module_param_named(map_fault, memarea_map_fault, uint, 0444);

/* No defect any more, and nothing left of what it did. */
static void mend(struct kunit *test)
{
	set_map_fault(MAP_FAULT_NONE);
	memarea_bitmap_switch(false);
	memarea_map_refill();
	memarea_bitmap_switch(true);
	map_expect_valid(test);
}

/* Free and take, merge and split, with a defect in the map's upkeep. */
static bool defect_is_seen(struct kunit *test, enum memarea_map_fault fault)
{
	struct arena *arena = arena_create(test);
	struct memarea_request req = { .nr_pages = 100, .gfp = GFP_KERNEL };
	struct memarea_diff diff;
	bool seen;

	arena_free(arena, 0, ARENA_PAGES / 2);
	map_expect_valid(test);
	set_map_fault(fault);
	arena_free(arena, ARENA_PAGES / 2, ARENA_PAGES);
	seen = !memarea_map_validate(&diff);
	arena_alloc(arena, &req, NULL);
	seen |= !memarea_map_validate(&diff);
	mend(test);
	return seen;
}

static void catches_missed_set(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, defect_is_seen(test, MAP_FAULT_MISSED_SET));
}

static void catches_missed_clear(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, defect_is_seen(test, MAP_FAULT_MISSED_CLEAR));
}

static void catches_wrong_edge(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, defect_is_seen(test, MAP_FAULT_WRONG_EDGE));
}

static void catches_missed_merge(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, defect_is_seen(test, MAP_FAULT_MISSED_MERGE));
}

static void catches_missed_split(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, defect_is_seen(test, MAP_FAULT_MISSED_SPLIT));
}

static void catches_moved_bits(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, defect_is_seen(test, MAP_FAULT_MOVED_BITS));
}

static void catches_stale_section(struct kunit *test)
{
	struct memarea_diff diff;

	memarea_bitmap_switch(false);
	set_map_fault(MAP_FAULT_STALE_SECTION);
	memarea_bitmap_switch(true);
	KUNIT_EXPECT_FALSE(test, memarea_map_validate(&diff));
	mend(test);
}

static struct kunit_case fault_cases[] = {
	KUNIT_CASE(catches_missed_set),
	KUNIT_CASE(catches_missed_clear),
	KUNIT_CASE(catches_wrong_edge),
	KUNIT_CASE(catches_missed_merge),
	KUNIT_CASE(catches_missed_split),
	KUNIT_CASE(catches_moved_bits),
	KUNIT_CASE(catches_stale_section),
	{ }
};

static struct kunit_suite fault_suite = {
	.name = "memarea_map_faults",
	.init = map_kunit_init,
	.exit = map_kunit_exit,
	.test_cases = fault_cases,
};

kunit_test_suite(fault_suite);
