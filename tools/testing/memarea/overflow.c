// SPDX-License-Identifier: GPL-2.0
/*
 * Values near the end of the PFNs, of 32 or of 64 bits as this program was
 * built: the closed forms against an oracle that counts in a wider type, and
 * searches in the last pages that can be.
 *
 * The last PFN of all is MEMAREA_NO_PFN: no range contains it.
 */
#include "tap.h"
#include "tests.h"
#include "trial.h"

#define TOP	MEMAREA_NO_PFN
#define HALF	(TOP / 2 + 1)
#define NEAR	40UL

static const unsigned long sizes[] = {
	1, 2, 3, 7, 8, 9, 31, 32, 33, HALF / 2, HALF - 2, HALF - 1,
};

static unsigned long power(unsigned int order)
{
	return 1UL << order;
}

/* Small orders and the largest few; nothing new happens between them. */
static unsigned int next_order(unsigned int order)
{
	return order == 5 ? (unsigned int)BITS_PER_LONG - 5 : order + 1;
}

/* A few of the offsets that an alignment allows. */
static unsigned long some_offset(unsigned long align, unsigned int i)
{
	const unsigned long offsets[] = {
		0, 1, align / 2, align / 2 + 1, align - 2, align - 1,
	};

	return offsets[i] % align;
}

static void each_boundary(struct memarea_spec spec,
			  void (*check)(const struct memarea_spec *spec))
{
	unsigned int order;

	check(&spec);
	for (order = 0; order < (unsigned int)BITS_PER_LONG;
	     order = next_order(order)) {
		spec.boundary = power(order);
		check(&spec);
	}
}

static void each_align(struct memarea_spec spec,
		       void (*check)(const struct memarea_spec *spec))
{
	unsigned int order, i;

	for (order = 0; order < (unsigned int)BITS_PER_LONG;
	     order = next_order(order)) {
		spec.align = power(order);
		for (i = 0; i < 6; i++) {
			spec.offset = some_offset(spec.align, i);
			each_boundary(spec, check);
		}
	}
}

static void each_spec(void (*check)(const struct memarea_spec *spec))
{
	struct memarea_spec spec = { .hi = TOP };
	unsigned int size;

	for (size = 0; size < ARRAY_SIZE(sizes); size++) {
		spec.nr = sizes[size];
		each_align(spec, check);
	}
}

/*
 * In the last pages a look at every start will do; with an alignment so large
 * that there are few starts, a look at these will.
 */
static unsigned long next_place(const struct memarea_spec *spec,
				unsigned long from)
{
	wide start = spec->offset;

	if (TOP - from <= NEAR)
		return oracle_place_low(spec, from, TOP);
	for (; start <= TOP; start += spec->align) {
		if (start >= from && oracle_placed(spec, start))
			return start;
	}
	return TOP;
}

static bool few_starts(const struct memarea_spec *spec)
{
	return spec->align >= power(BITS_PER_LONG - 5);
}

/* A start at which the area does not fit below TOP is as good as none. */
static unsigned long fitting(const struct memarea_spec *spec,
			     unsigned long start)
{
	return (wide)start + spec->nr <= TOP ? start : TOP;
}

static void check_low(const struct memarea_spec *spec, unsigned long from)
{
	unsigned long got = memarea_place_low(spec, from);
	unsigned long want = next_place(spec, from);

	expect(got >= from, "place_low from %#lx is below it: %#lx", from, got);
	expect(fitting(spec, got) == want,
	       "place_low(nr %#lx align %#lx+%#lx boundary %#lx, %#lx) is %#lx, expected %#lx",
	       spec->nr, spec->align, spec->offset, spec->boundary, from, got,
	       want);
}

/* Can be placed at all, with no range asked for? */
static bool placeable(const struct memarea_spec *spec)
{
	struct memarea_spec anywhere = *spec;

	anywhere.lo = 0;
	anywhere.hi = TOP;
	return memarea_spec_feasible(&anywhere);
}

static void check_place(const struct memarea_spec *spec)
{
	unsigned long i;

	if (!placeable(spec))
		return;
	for (i = 0; i <= NEAR; i++)
		check_low(spec, TOP - i);
	if (!few_starts(spec))
		return;
	for (i = 0; i < 8; i++) {
		check_low(spec, i);
		check_low(spec, HALF + 4 - i);
		check_low(spec, TOP / 8 * i + spec->offset);
	}
}

static void check_high(const struct memarea_spec *spec)
{
	unsigned long i;

	if (!placeable(spec) || spec->align > 8 || spec->nr > 8 ||
	    (spec->boundary && spec->boundary > 16))
		return;
	for (i = 0; i <= NEAR; i++) {
		unsigned long got = memarea_place_high(spec, TOP - i);
		unsigned long want = oracle_place_high(spec, TOP - 4 * NEAR,
						       TOP - i);

		expect(got == want,
		       "place_high(nr %#lx align %#lx+%#lx boundary %#lx, %#lx) is %#lx, expected %#lx",
		       spec->nr, spec->align, spec->offset, spec->boundary,
		       TOP - i, got, want);
	}
}

void test_overflow_place(void)
{
	each_spec(check_place);
	each_spec(check_high);
}

static void check_range(struct memarea_spec spec)
{
	bool got = memarea_spec_feasible(&spec);
	bool want = oracle_feasible(&spec);

	expect(got == want,
	       "feasible(nr %#lx align %#lx+%#lx boundary %#lx [%#lx, %#lx)) is %d, expected %d",
	       spec.nr, spec.align, spec.offset, spec.boundary, spec.lo,
	       spec.hi, got, want);
}

static void check_ranges(const struct memarea_spec *spec)
{
	struct memarea_spec s = *spec;

	for (s.lo = TOP - NEAR; ; s.lo += 5) {
		for (s.hi = TOP - NEAR + 3; ; s.hi++) {
			check_range(s);
			if (s.hi == TOP)
				break;
		}
		if (s.lo == TOP)
			break;
	}
}

/* Sizes that no range can hold, and sums that would wrap around. */
static void check_huge(void)
{
	struct memarea_spec spec = { .align = 1, .hi = TOP };
	unsigned long i;

	expect(!memarea_spec_feasible(&spec), "0 pages are feasible");
	for (i = 0; i < 4; i++) {
		spec.nr = TOP - i;
		expect(!memarea_spec_feasible(&spec), "%#lx pages are feasible",
		       spec.nr);
		spec.nr = HALF - 1 - i;
		spec.lo = TOP - spec.nr;
		expect(memarea_spec_feasible(&spec), "%#lx pages are not",
		       spec.nr);
		spec.lo++;
		expect(!memarea_spec_feasible(&spec), "%#lx pages from %#lx",
		       spec.nr, spec.lo);
		spec.lo = 0;
	}
}

void test_overflow_feasible(void)
{
	each_spec(check_ranges);
	check_huge();
}

static struct memarea_space zone;

static void top_map(unsigned long map, unsigned long pages)
{
	unsigned long at;

	model_init(&zone, TOP - pages, pages);
	for (at = 0; at < pages; at++) {
		if (map >> at & 1)
			model_release(&zone, zone.base + at, 1);
	}
}

static void top_search(const struct memarea_spec *spec, unsigned long map)
{
	unsigned long want = oracle_find(&zone, spec);
	struct memarea_find find;

	tap_scene(map, &zone, spec);
	memarea_find_init(&find, spec);
	trial_finish(&zone, spec, &find);
	expect((want == TOP) == (find.stage == MEMAREA_NONE),
	       "stage %d, but the oracle found %#lx", find.stage, want);
	if (find.stage != MEMAREA_FOUND)
		return;
	expect(oracle_legal(spec, find.start), "%#lx is no legal start",
	       find.start);
	model_release(&zone, find.start, spec->nr);
}

static void top_boundaries(struct memarea_spec spec, unsigned long map)
{
	for (spec.boundary = 2; spec.boundary <= 32; spec.boundary *= 2) {
		if (memarea_spec_feasible(&spec) && !tap_failed())
			top_search(&spec, map);
	}
	spec.boundary = 0;
	if (memarea_spec_feasible(&spec) && !tap_failed())
		top_search(&spec, map);
}

static void top_specs(unsigned long map, unsigned long pages)
{
	struct memarea_spec s = { .lo = TOP - pages, .hi = TOP };
	unsigned long i;

	top_map(map, pages);
	for (s.nr = 1; s.nr <= pages; s.nr++) {
		for (i = 0; i < 8; i++) {
			s.align = power(i / 2);
			s.offset = i % 2 ? s.align - 1 : 0;
			top_boundaries(s, map);
			s.align = HALF;
			s.offset = HALF - 1 - 2 * i;
			top_boundaries(s, map);
		}
	}
}

/* 15 pages, as the 16th would be MEMAREA_NO_PFN, in both ways. */
void test_overflow_search(void)
{
	unsigned long map;

	model_orders(2, 3);
	for (map = 0; map < 1UL << 15 && !tap_failed(); map += 5) {
		model_budgets(map % 2 ? 48 : 1, map % 3);
		top_specs(map, 15);
	}
}
