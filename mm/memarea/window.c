// SPDX-License-Identifier: GPL-2.0
/*
 * Choose the place for an area that is cheapest to evacuate.
 *
 * Memory is seen in cells of 2^order pages: how many pages would have to be
 * dropped and moved, and whether something stands in the way for good.  An area
 * costs what the cells that it touches cost, in whole, and may touch none that
 * is blocked.  So a slab page next to an area matters only if it is in the same
 * cell, and cells are made so small that the two at the ends are an eighth of
 * the area at most, as long as there are not too many of them.
 *
 * Every legal start is taken into account, but only one in each cell is looked
 * at, the lowest: of the starts in a cell it touches the fewest cells, a part of
 * those that the others touch.  The window then slides from cell to cell, and
 * the sums with it: the search takes a step for each cell, whatever the size.
 *
 * Of several cheapest places the lowest is taken.  No list of the next best is
 * kept.  When a place turns out not to be evacuable, the reason is in one of its
 * cells: that one is blocked, and the choice made anew.  The next place may then
 * overlap with the first, just as far as it can.
 *
 * Not kept here: locks, struct page, and anything from one choice to the next.
 */
#include "space.h"
#include "runs.h"
#include "window.h"

/* So many cells, of 8 bytes each, are enough for any place to be found well. */
#define ENOUGH_CELLS_SHIFT	13

/* Sums over the cells [from, to), counted from the first. */
struct sums {
	unsigned long from;
	unsigned long to;
	unsigned long drop;
	unsigned long move;
	unsigned long huge;
	unsigned long blocked;
};

/*
 * The size of cells for areas of @nr of @span pages.  @most is the size of a
 * pageblock, for which there is always memory.
 */
unsigned int memarea_cell_order(unsigned long nr, unsigned long span,
				unsigned int most)
{
	unsigned int fine = nr >= 16 ? ilog2(nr) - 4 : 0;
	unsigned int wide = ilog2(span | 1) + 1;
	unsigned int least = 0;

	if (wide > ENOUGH_CELLS_SHIFT)
		least = wide - ENOUGH_CELLS_SHIFT;
	return min(most, max(least, min(fine, most > 3 ? most - 3 : 0)));
}

static void add(struct sums *sums, const struct memarea_cell *cell)
{
	sums->drop += cell->drop;
	sums->move += cell->move;
	sums->huge += cell->huge;
	sums->blocked += !!cell->blocked;
}

static void subtract(struct sums *sums, const struct memarea_cell *cell)
{
	sums->drop -= cell->drop;
	sums->move -= cell->move;
	sums->huge -= cell->huge;
	sums->blocked -= !!cell->blocked;
}

/* Both ends only ever move up. */
static void slide(const struct memarea_cells *cells, struct sums *sums,
		  unsigned long from, unsigned long to)
{
	while (sums->to < to)
		add(sums, &cells->cell[sums->to++]);
	while (sums->from < from)
		subtract(sums, &cells->cell[sums->from++]);
}

static unsigned long cost(const struct sums *sums)
{
	return sums->drop * MEMAREA_COST_DROP +
	       sums->move * MEMAREA_COST_MOVE +
	       sums->huge * MEMAREA_COST_HUGE;
}

static bool usable(const struct sums *sums, bool may_move)
{
	return !sums->blocked && (may_move || !(sums->move + sums->huge));
}

static void slide_to(const struct memarea_cells *cells, struct sums *sums,
		     unsigned long start, unsigned long last)
{
	slide(cells, sums, (start - cells->start) >> cells->order,
	      ((last - cells->start) >> cells->order) + 1);
}

static void note(struct memarea_window *best, unsigned long start,
		 const struct sums *sums)
{
	best->start = start;
	best->cost = cost(sums);
	best->drop = sums->drop;
	best->move = sums->move + sums->huge;
	best->blocked = 0;
}

/* For as long as there is no place: which one comes closest? */
static void note_blocked(struct memarea_window *best, unsigned long start,
			 const struct sums *sums)
{
	if (best->cost != ~0UL || !sums->blocked ||
	    (best->blocked && sums->blocked >= best->blocked))
		return;
	best->start = start;
	best->blocked = sums->blocked;
}

/**
 * memarea_window_cheapest() - where is it cheapest to make room?
 * @cells: the memory that may be taken
 * @spec: what the area must be like; feasible, see memarea_spec_feasible()
 * @may_move: pages may be moved, and not just be dropped
 * @best: the place, and how many were compared
 *
 * Return: is there a place at all?
 */
bool memarea_window_cheapest(const struct memarea_cells *cells,
			     const struct memarea_spec *spec, bool may_move,
			     struct memarea_window *best)
{
	unsigned long hi = min(spec->hi, memarea_cells_end(cells));
	unsigned long rest = (1UL << cells->order) - 1;
	struct sums sums = { };
	unsigned long start;

	*best = (struct memarea_window) { .cost = ~0UL };
	start = memarea_place_low(spec, max(spec->lo, cells->start));
	while (start < hi && hi - start >= spec->nr) {
		slide_to(cells, &sums, start, start + spec->nr - 1);
		best->seen++;
		if (usable(&sums, may_move) && cost(&sums) < best->cost)
			note(best, start, &sums);
		note_blocked(best, start, &sums);
		start = memarea_place_low(spec, (start | rest) + 1);
	}
	return best->cost != ~0UL;
}
