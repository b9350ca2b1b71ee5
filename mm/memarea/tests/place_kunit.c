// SPDX-License-Identifier: GPL-2.0
/*
 * The closed forms of runs.c at their edges.  tools/testing/memarea compares
 * all small cases with an oracle; here they are compiled as the kernel is.
 */
#include "arena.h"

static void place_any(struct kunit *test)
{
	struct memarea_spec spec = { .nr = 5, .align = 1, .hi = ~0UL };

	KUNIT_EXPECT_EQ(test, 7, memarea_place_low(&spec, 7));
	KUNIT_EXPECT_EQ(test, 2, memarea_place_high(&spec, 7));
	KUNIT_EXPECT_EQ(test, MEMAREA_NO_PFN, memarea_place_high(&spec, 4));
}

static void place_aligned(struct kunit *test)
{
	struct memarea_spec spec = {
		.nr = 5, .align = 16, .offset = 3, .hi = ~0UL,
	};

	KUNIT_EXPECT_EQ(test, 3, memarea_place_low(&spec, 0));
	KUNIT_EXPECT_EQ(test, 3, memarea_place_low(&spec, 3));
	KUNIT_EXPECT_EQ(test, 19, memarea_place_low(&spec, 4));
	KUNIT_EXPECT_EQ(test, 19, memarea_place_high(&spec, 24));
	KUNIT_EXPECT_EQ(test, 3, memarea_place_high(&spec, 23));
	KUNIT_EXPECT_EQ(test, MEMAREA_NO_PFN, memarea_place_high(&spec, 7));
}

static void place_boundary(struct kunit *test)
{
	struct memarea_spec spec = {
		.nr = 5, .align = 4, .offset = 1, .boundary = 8, .hi = ~0UL,
	};

	KUNIT_EXPECT_TRUE(test, memarea_spec_feasible(&spec));
	KUNIT_EXPECT_EQ(test, 1, memarea_place_low(&spec, 0));
	KUNIT_EXPECT_EQ(test, 9, memarea_place_low(&spec, 2));
	KUNIT_EXPECT_EQ(test, 9, memarea_place_high(&spec, 20));
	spec.nr = 8;
	KUNIT_EXPECT_FALSE(test, memarea_spec_feasible(&spec));
}

/* Alignment above boundary: every start has the same distance to a line. */
static void place_boundary_below_align(struct kunit *test)
{
	struct memarea_spec spec = {
		.nr = 3, .align = 64, .offset = 5, .boundary = 8, .hi = ~0UL,
	};

	KUNIT_EXPECT_TRUE(test, memarea_spec_feasible(&spec));
	KUNIT_EXPECT_EQ(test, 69, memarea_place_low(&spec, 6));
	spec.offset = 6;
	KUNIT_EXPECT_FALSE(test, memarea_spec_feasible(&spec));
}

static void place_overflow(struct kunit *test)
{
	struct memarea_spec spec = { .nr = 2, .align = 16, .hi = ~0UL };

	KUNIT_EXPECT_EQ(test, MEMAREA_NO_PFN, memarea_place_low(&spec, ~0UL - 3));
	spec.boundary = 16;
	KUNIT_EXPECT_EQ(test, ~0UL - 15, memarea_place_low(&spec, ~0UL - 20));
	spec.nr = MEMAREA_NO_PFN / 2 + 1;
	KUNIT_EXPECT_FALSE(test, memarea_spec_feasible(&spec));
}

/* 2^(k+1) - 1 pages are the fewest that must hold a block of order k. */
static void min_order_by_size(struct kunit *test)
{
	unsigned int k;

	for (k = 0; k < SPACE_MERGE_ORDER; k++) {
		struct memarea_spec spec = {
			.nr = (2UL << k) - 1, .align = 1, .hi = ~0UL,
		};

		KUNIT_EXPECT_EQ(test, k, memarea_min_order(&spec));
		spec.nr++;
		KUNIT_EXPECT_EQ(test, k, memarea_min_order(&spec));
	}
}

static void min_order_by_alignment(struct kunit *test)
{
	struct memarea_spec spec = { .nr = 64, .align = 64, .hi = ~0UL };

	KUNIT_EXPECT_EQ(test, min_t(unsigned int, 6, SPACE_MERGE_ORDER),
			memarea_min_order(&spec));
	spec.offset = 16;
	KUNIT_EXPECT_EQ(test, 5, memarea_min_order(&spec));
	spec.nr = 16;
	KUNIT_EXPECT_EQ(test, 4, memarea_min_order(&spec));
}

static void block_order(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, 0, memarea_block_order(7, 100));
	KUNIT_EXPECT_EQ(test, 3, memarea_block_order(8, 100));
	KUNIT_EXPECT_EQ(test, 2, memarea_block_order(8, 15));
	KUNIT_EXPECT_EQ(test, MAX_BUDDY_ORDER, memarea_block_order(0, 1UL << 20));
}

static struct kunit_case place_cases[] = {
	KUNIT_CASE(place_any),
	KUNIT_CASE(place_aligned),
	KUNIT_CASE(place_boundary),
	KUNIT_CASE(place_boundary_below_align),
	KUNIT_CASE(place_overflow),
	KUNIT_CASE(min_order_by_size),
	KUNIT_CASE(min_order_by_alignment),
	KUNIT_CASE(block_order),
	{ }
};

static struct kunit_suite place_suite = {
	.name = "memarea_place",
	.test_cases = place_cases,
};

kunit_test_suite(place_suite);
