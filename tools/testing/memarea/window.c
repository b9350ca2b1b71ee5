// SPDX-License-Identifier: GPL-2.0
/*
 * The cheapest place against a look at every start and every page, on all maps
 * of a few cells: each free, or with pages to drop, to move, of large folios, or
 * blocked.
 */
#include "oracle.h"
#include "tap.h"
#include "tests.h"
#include "../../../mm/memarea/window.h"
#include "shapes.h"

#define CELLS	6

static const struct memarea_cell kinds[] = {
	{ },
	{ .drop = 3 },
	{ .move = 1 },
	{ .huge = 2, .drop = 1 },
	{ .blocked = 1 },
};

static struct memarea_cell cell[CELLS];
static struct memarea_cells cells = { .cell = cell, .nr = CELLS };
static unsigned long places, refusals;

static unsigned long oracle_cell_cost(const struct memarea_cell *cell)
{
	return cell->drop + 4 * cell->move + 3 * cell->huge;
}

/* The cost of a start, or ~0UL if the area cannot be there. */
static unsigned long oracle_cost(const struct memarea_spec *spec,
				 unsigned long start, bool may_move)
{
	unsigned long size = 1UL << cells.order, sum = 0, i, at;

	if (!oracle_legal(spec, start))
		return ~0UL;
	for (i = 0; i < CELLS; i++) {
		bool touched = false;

		for (at = 0; at < size; at++) {
			unsigned long pfn = cells.start + i * size + at;

			touched |= pfn >= start && pfn < start + spec->nr;
		}
		if (!touched)
			continue;
		if (cell[i].blocked)
			return ~0UL;
		if (!may_move && (cell[i].move || cell[i].huge))
			return ~0UL;
		sum += oracle_cell_cost(&cell[i]);
	}
	return sum;
}

static unsigned long oracle_cheapest(const struct memarea_spec *spec,
				     bool may_move, unsigned long *cost)
{
	unsigned long end = cells.start + (CELLS << cells.order);
	unsigned long place = MEMAREA_NO_PFN, start;

	*cost = ~0UL;
	for (start = cells.start; start + spec->nr <= end; start++) {
		unsigned long this = oracle_cost(spec, start, may_move);

		if (this >= *cost)
			continue;
		*cost = this;
		place = start;
	}
	return place;
}

static unsigned long blocked_cells(const struct memarea_spec *spec,
				   unsigned long start)
{
	unsigned long first = (start - cells.start) >> cells.order, sum = 0;
	unsigned long last = (start + spec->nr - 1 - cells.start) >> cells.order;

	for (; first <= last; first++)
		sum += cell[first].blocked;
	return sum;
}

/* The legal start with the fewest blocked cells, but not without any. */
static unsigned long oracle_blocked(const struct memarea_spec *spec,
				    unsigned long *fewest)
{
	unsigned long end = cells.start + (CELLS << cells.order);
	unsigned long place = 0, start;

	*fewest = 0;
	for (start = cells.start; start + spec->nr <= end; start++) {
		unsigned long this = blocked_cells(spec, start);

		if (!oracle_legal(spec, start) || !this ||
		    (*fewest && this >= *fewest))
			continue;
		*fewest = this;
		place = start;
	}
	return place;
}

static void ask_blocked(const struct memarea_spec *spec, unsigned long map,
			const struct memarea_window *best)
{
	unsigned long fewest, place = oracle_blocked(spec, &fewest);

	expect(best->blocked == fewest && best->start == place,
	       "map %#lx, order %u, nr %lu: %lu blocked at %lu, but the oracle says %lu at %lu",
	       map, cells.order, spec->nr, best->blocked, best->start, fewest,
	       place);
}

static void ask(const struct memarea_spec *spec, bool may_move,
		unsigned long map)
{
	struct memarea_window best;
	unsigned long cost, place = oracle_cheapest(spec, may_move, &cost);
	bool found = memarea_window_cheapest(&cells, spec, may_move, &best);
	bool exists = place != MEMAREA_NO_PFN;

	if (!found && may_move)
		ask_blocked(spec, map, &best);
	places += found;
	refusals += !found;
	if (found == exists &&
	    (!found || (best.start == place && best.cost == cost)))
		return;
	tap_fail("map %#lx/%u, %lu at %lu+%lu in %lu, [%lu, %lu), %d: %d %lu %lu, not %lu %lu",
		 map, cells.order, spec->nr, spec->align, spec->offset,
		 spec->boundary, spec->lo, spec->hi, may_move, found,
		 best.start, best.cost, place, cost);
}

static void draw_map(unsigned long map)
{
	unsigned int i;

	for (i = 0; i < CELLS; i++) {
		cell[i] = kinds[map % ARRAY_SIZE(kinds)];
		map /= ARRAY_SIZE(kinds);
	}
}

static unsigned long all_maps(void)
{
	unsigned long maps = 1;
	unsigned int i;

	for (i = 0; i < CELLS; i++)
		maps *= ARRAY_SIZE(kinds);
	return maps;
}

/* All requests that the map has a place for, were all of it free. */
static void ask_all(unsigned long map, const struct shapes *last,
		    unsigned long lo, unsigned long hi)
{
	struct memarea_spec spec = { .lo = lo, .hi = hi };

	first_shape(&spec);
	do {
		if (!memarea_spec_feasible(&spec))
			continue;
		ask(&spec, false, map);
		ask(&spec, true, map);
	} while (next_shape(&spec, last) && !tap_failed());
}

static void ask_maps(unsigned int order, unsigned long step,
		     unsigned long start)
{
	struct shapes last = {
		.nr = CELLS << order, .align = 4, .boundary = 8,
	};
	unsigned long map, end = start + (CELLS << order);

	cells.order = order;
	cells.start = start;
	for (map = 0; map < all_maps() && !tap_failed(); map += step) {
		draw_map(map);
		ask_all(map, &last, 0, MEMAREA_NO_PFN);
		ask_all(map, &last, start + 1, end - 1);
	}
}

/* A prime step visits each kind in each cell, with all neighbours. */
void test_cheapest(void)
{
	places = 0;
	refusals = 0;
	ask_maps(0, 1, 0);
	ask_maps(1, 7, 0);
	ask_maps(2, 31, 8);
	expect(places > 100000 && refusals > 100000,
	       "%lu places and %lu refusals", places, refusals);
	tap_note("%lu places, %lu refusals", places, refusals);
}

/* Cells are small for small areas, and few in large memory. */
void test_cell_order(void)
{
	unsigned long nr, span;

	for (span = 1; span && span <= BIT(28); span <<= 1) {
		for (nr = 1; nr <= span; nr <<= 1) {
			unsigned int order = memarea_cell_order(nr, span, 9);

			expect(order <= 9, "order %u", order);
			expect(order == 9 || span >> order <= 8192,
			       "%lu pages in cells of order %u", span, order);
			expect(span > 1UL << 12 || 16UL << order <= nr ||
			       order == 0,
			       "cells of order %u for %lu pages", order, nr);
		}
	}
}
