/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Choosing where to make room: the part of it that knows neither struct page
 * nor a lock.  window.c says how it works.
 */
#ifndef _MM_MEMAREA_WINDOW_H
#define _MM_MEMAREA_WINDOW_H

struct memarea_spec;

/*
 * What it costs to get rid of a page, relative to each other.  A free page
 * costs nothing.
 *
 * DROP: a clean page of a file is unlinked and freed.
 * MOVE: a page is copied; all its users are found and their page tables
 *	changed twice, and its new place must be allocated.
 * HUGE: the same for a page of a large folio.  What is done once for a folio
 *	hardly counts, but the copying does, and so does that it may be split
 *	for want of another large place.
 */
#define MEMAREA_COST_DROP	1
#define MEMAREA_COST_MOVE	4
#define MEMAREA_COST_HUGE	3

/**
 * struct memarea_cell - what has to go from a few aligned pages
 * @drop: clean pages of files
 * @move: small pages with data that must not get lost
 * @huge: pages of large folios, likewise
 * @blocked: something there will not go
 */
struct memarea_cell {
	unsigned short drop;
	unsigned short move;
	unsigned short huge;
	unsigned short blocked;
};

/**
 * struct memarea_cells - a stretch of memory, cell by cell
 * @cell: the cells
 * @start: first page of the first one, a multiple of a cell
 * @nr: number of cells
 * @order: of their size in pages
 */
struct memarea_cells {
	struct memarea_cell *cell;
	unsigned long start;
	unsigned long nr;
	unsigned int order;
};

/**
 * struct memarea_window - a place for an area, and what is in its cells
 * @start: first page of the area
 * @cost: of getting rid of @drop and @move pages
 * @drop: pages to be dropped
 * @move: pages to be moved, large folios' among them
 * @seen: places that were compared
 * @blocked: cells in the way, if there is no place; that at @start has the fewest
 */
struct memarea_window {
	unsigned long start;
	unsigned long cost;
	unsigned long drop;
	unsigned long move;
	unsigned long seen;
	unsigned long blocked;
};

static inline unsigned long memarea_cells_end(const struct memarea_cells *cells)
{
	return cells->start + (cells->nr << cells->order);
}

/* The cell that @pfn, which is in one, is in. */
static inline struct memarea_cell *
memarea_cell_at(const struct memarea_cells *cells, unsigned long pfn)
{
	return &cells->cell[(pfn - cells->start) >> cells->order];
}

unsigned int memarea_cell_order(unsigned long nr, unsigned long span,
				unsigned int most);
bool memarea_window_cheapest(const struct memarea_cells *cells,
			     const struct memarea_spec *spec, bool may_move,
			     struct memarea_window *best);

#endif /* _MM_MEMAREA_WINDOW_H */
