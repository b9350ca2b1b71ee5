// SPDX-License-Identifier: GPL-2.0
/*
 * The cheapest place on all maps of a few cells, against a look at every start and
 * every page.  tools/testing/memarea has more shapes; here window.c is compiled as
 * the kernel is.
 */
#include "arena.h"
#include "../window.h"

#define CELLS	5
#define ORDER	1
#define PAGES	(CELLS << ORDER)

static const struct memarea_cell kinds[] = {
	{ }, { .drop = 2 }, { .move = 1 }, { .huge = 1 }, { .blocked = 1 },
};

/* What @cell costs, or ~0UL if it is in the way. */
static unsigned long cost_of(const struct memarea_cell *cell, bool may_move)
{
	if (cell->blocked || (cell->move + cell->huge && !may_move))
		return ~0UL;
	return cell->drop * MEMAREA_COST_DROP + cell->move * MEMAREA_COST_MOVE +
	       cell->huge * MEMAREA_COST_HUGE;
}

static unsigned long cost_at(const struct memarea_cells *cells,
			     unsigned long start, unsigned long nr,
			     bool may_move)
{
	unsigned long sum = 0, pfn, cell = CELLS;

	for (pfn = start; pfn < start + nr; pfn++) {
		unsigned long cost;

		if (pfn >> ORDER == cell)
			continue;
		cell = pfn >> ORDER;
		cost = cost_of(&cells->cell[cell], may_move);
		if (cost == ~0UL)
			return cost;
		sum += cost;
	}
	return sum;
}

/* The lowest of the cheapest starts; ~0UL if there is none. */
static unsigned long look_everywhere(const struct memarea_cells *cells,
				     const struct memarea_spec *spec,
				     bool may_move, unsigned long *cost)
{
	unsigned long best = ~0UL, start;

	*cost = ~0UL;
	for (start = 0; start + spec->nr <= PAGES; start += spec->align) {
		unsigned long this = cost_at(cells, start, spec->nr, may_move);

		if (this >= *cost)
			continue;
		*cost = this;
		best = start;
	}
	return best;
}

static unsigned int differences(const struct memarea_cells *cells,
				const struct memarea_spec *spec, bool may_move)
{
	unsigned long cost, place = look_everywhere(cells, spec, may_move, &cost);
	struct memarea_window best;

	if (!memarea_window_cheapest(cells, spec, may_move, &best))
		return place != ~0UL;
	return best.start != place || best.cost != cost;
}

static unsigned int differences_on(const struct memarea_cells *cells)
{
	struct memarea_spec spec = { .hi = ~0UL };
	unsigned int nr = 0;

	for (spec.nr = 1; spec.nr <= PAGES; spec.nr++)
		for (spec.align = 1; spec.align <= 4; spec.align *= 2)
			nr += differences(cells, &spec, false) +
			      differences(cells, &spec, true);
	return nr;
}

static void cheapest_on_all_maps(struct kunit *test)
{
	struct memarea_cell cell[CELLS];
	struct memarea_cells cells = {
		.cell = cell, .nr = CELLS, .order = ORDER,
	};
	unsigned int map, i, rest;

	for (map = 0; map < int_pow(ARRAY_SIZE(kinds), CELLS); map++) {
		for (i = 0, rest = map; i < CELLS; i++) {
			cell[i] = kinds[rest % ARRAY_SIZE(kinds)];
			rest /= ARRAY_SIZE(kinds);
		}
		KUNIT_ASSERT_EQ_MSG(test, 0, differences_on(&cells), "map %u",
				    map);
		cond_resched();
	}
}

static struct kunit_case window_cases[] = {
	KUNIT_CASE(cheapest_on_all_maps),
	{ }
};

static struct kunit_suite window_suite = {
	.name = "memarea_window",
	.test_cases = window_cases,
};

kunit_test_suite(window_suite);
