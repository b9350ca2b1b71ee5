// SPDX-License-Identifier: GPL-2.0
/*
 * The closed forms against a look at every start: all sizes, alignments,
 * offsets and boundaries that fit into a few dozen pages.
 *
 * Not here: values near the end of the PFNs, which overflow.c has.
 */
#include "shapes.h"
#include "tap.h"
#include "tests.h"

#define PAGES		48UL
#define SEEN		256UL	/* no lowest start is beyond it */

/* Call @check for every spec with a place in [lo, hi), were all free. */
static void each_spec(unsigned long sizes, unsigned long lo, unsigned long hi,
		      void (*check)(const struct memarea_spec *spec))
{
	const struct shapes last = { .nr = sizes, .align = 32, .boundary = 64 };
	struct memarea_spec spec = { .lo = lo, .hi = hi };

	first_shape(&spec);
	do {
		check(&spec);
	} while (next_shape(&spec, &last));
}

static void check_low(const struct memarea_spec *spec)
{
	unsigned long from;

	if (!memarea_spec_feasible(spec))
		return;
	for (from = 0; from < PAGES; from++) {
		unsigned long got = memarea_place_low(spec, from);
		unsigned long want = oracle_place_low(spec, from, SEEN);

		expect(got == want,
		       "place_low(nr %lu align %lu+%lu boundary %lu, %lu) is %#lx, expected %#lx",
		       spec->nr, spec->align, spec->offset, spec->boundary,
		       from, got, want);
	}
}

void test_place_low(void)
{
	each_spec(40, 0, SEEN, check_low);
}

static void check_high(const struct memarea_spec *spec)
{
	unsigned long end;

	if (!memarea_spec_feasible(spec))
		return;
	for (end = 0; end < 2 * PAGES; end++) {
		unsigned long got = memarea_place_high(spec, end);
		unsigned long want = oracle_place_high(spec, 0, end);

		expect(got == want,
		       "place_high(nr %lu align %lu+%lu boundary %lu, %lu) is %#lx, expected %#lx",
		       spec->nr, spec->align, spec->offset, spec->boundary,
		       end, got, want);
	}
}

void test_place_high(void)
{
	each_spec(40, 0, SEEN, check_high);
}

static void check_feasible(const struct memarea_spec *spec)
{
	bool got = memarea_spec_feasible(spec);
	bool want = oracle_feasible(spec);

	expect(got == want,
	       "feasible(nr %lu align %lu+%lu boundary %lu [%lu, %lu)) is %d, expected %d",
	       spec->nr, spec->align, spec->offset, spec->boundary,
	       spec->lo, spec->hi, got, want);
}

void test_feasible(void)
{
	unsigned long lo, hi;

	for (lo = 0; lo < 20; lo += 3) {
		for (hi = lo; hi < 44; hi += 5)
			each_spec(24, lo, hi, check_feasible);
	}
}

/* The order of the block that the worst place for the area is sure of. */
static unsigned int sure_order(const struct memarea_spec *spec)
{
	unsigned int sure = model_merge_order;
	unsigned long start;

	for (start = 0; start < PAGES; start++) {
		if (oracle_placed(spec, start))
			sure = min(sure, oracle_block_in(start,
							 start + spec->nr,
							 model_merge_order));
	}
	return sure;
}

/* Never too large, and not needlessly small when nothing is asked for. */
static void check_min_order(const struct memarea_spec *spec)
{
	unsigned int got, sure;

	if (!memarea_spec_feasible(spec))
		return;
	got = memarea_min_order(spec);
	sure = sure_order(spec);
	expect(got == sure ||
	       (got < sure && (spec->align > 1 || spec->boundary)),
	       "min_order(nr %lu align %lu+%lu boundary %lu) is %u, expected %u; merge %u",
	       spec->nr, spec->align, spec->offset, spec->boundary, got, sure,
	       model_merge_order);
}

void test_min_order(void)
{
	unsigned int merge;

	for (merge = 0; merge <= 4; merge++) {
		model_orders(merge, 4);
		each_spec(20, 0, SEEN, check_min_order);
	}
}
