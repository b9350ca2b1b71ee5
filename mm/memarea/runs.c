// SPDX-License-Identifier: GPL-2.0
/*
 * Find a run of free pages in the buddy's own structures, and take it.
 *
 * A buddy allocator that coalesces eagerly already is an index of its free
 * runs.  Let M be the order up to which it always coalesces, whatever the
 * blocks' types (SPACE_MERGE_ORDER).  For every maximal run of free pages:
 *
 * Order lemma: n pages that are free, wherever they start, hold an aligned
 * block of order k if n >= 2^(k+1) - 1, so a list of order >= k has an entry
 * inside them for every k <= min(M, log2(n + 1) - 1).  Empty lists from there
 * up prove that no such run exists.
 *
 * Structure lemma: for every k <= M the blocks of order >= k in a run follow
 * each other without a gap (a gap between two would be a multiple of 2^k and
 * would itself have coalesced).  To their left lie fewer than 2^k pages, in
 * blocks of strictly rising order.  So the first such block speaks for the
 * run, and at most k probes lead from it to the run's start.
 *
 * The search has two ways, and moves from the first to the second only when
 * its budget ends and no single block will do either:
 *
 * - the walk of the lists of order >= k examines each run once and takes the
 *   smallest one that fits.  A walk that reaches the end of the lists within
 *   one lock hold is exact.
 * - the scan in PFN order tests a window from its last page down; a used page
 *   moves the window behind that page.  (The bad-character rule of Boyer and
 *   Moore, CACM 20(10), 1977.)  It is resumable by PFN, and no start that it
 *   has passed can be the start of a run that was free throughout.
 *
 * Between two steps, without a lock, the map of free memory (bits.c) moves the
 * search over what cannot hold the area.  That changes no result: the starts
 * that are left out had a page in use.
 *
 * Taking a block off its list makes its pages ours: no isolation is needed.
 * A claim longer than one hold may find that somebody else was faster; it
 * then gives everything back and goes on behind the lost page.
 *
 * Guarantee: a run that satisfies the spec and stays free, but for what this
 * search itself holds, from the first step to the last, is found.
 *
 * Invariants: between two steps the pages that the search owns are exactly
 * [start, taken).  One step comes to know, takes and puts at most
 * MEMAREA_HOLD_BLOCKS blocks; to find them it probes up to two pages for each
 * order and block.
 *
 * Not kept here: locks, struct page, watermarks, and any state from one
 * search to the next.
 */
#include "space.h"
#include "runs.h"
#include "bits.h"

static unsigned long first_start(const struct memarea_spec *spec,
				 unsigned long from)
{
	unsigned long mask = spec->align - 1;
	unsigned long start;

	if (from <= spec->offset)
		return spec->offset;
	start = ((from - spec->offset + mask) & ~mask) + spec->offset;
	return start >= from ? start : MEMAREA_NO_PFN;
}

static unsigned long last_start(const struct memarea_spec *spec,
				unsigned long limit)
{
	if (limit < spec->offset)
		return MEMAREA_NO_PFN;
	return ((limit - spec->offset) & ~(spec->align - 1)) + spec->offset;
}

static bool crosses_boundary(const struct memarea_spec *spec,
			     unsigned long start)
{
	unsigned long last = start + spec->nr - 1;

	return spec->boundary && (start ^ last) >= spec->boundary;
}

/* The lowest legal start >= @from, in closed form. */
unsigned long memarea_place_low(const struct memarea_spec *spec,
				unsigned long from)
{
	unsigned long start = first_start(spec, from);

	if (start == MEMAREA_NO_PFN || !crosses_boundary(spec, start))
		return start;
	/* align <= boundary, or no start or every start would have crossed */
	start = (start | (spec->boundary - 1)) + 1;
	return start ? start + spec->offset : MEMAREA_NO_PFN;
}

/* The highest legal start of an area that ends at or before @end. */
unsigned long memarea_place_high(const struct memarea_spec *spec,
				 unsigned long end)
{
	unsigned long start, line;

	if (end < spec->nr)
		return MEMAREA_NO_PFN;
	start = last_start(spec, end - spec->nr);
	if (start == MEMAREA_NO_PFN || !crosses_boundary(spec, start))
		return start;
	line = (start + spec->nr - 1) & ~(spec->boundary - 1);
	return last_start(spec, line - spec->nr);
}

static bool fits(const struct memarea_spec *spec, unsigned long start,
		 unsigned long end)
{
	end = min(end, spec->hi);
	return start < end && end - start >= spec->nr;
}

/* Is there any place for the area, were all memory free? */
bool memarea_spec_feasible(const struct memarea_spec *spec)
{
	unsigned long line = spec->boundary;

	if (!spec->nr || spec->nr > MEMAREA_NO_PFN / 2)
		return false;
	if (line && (spec->offset & (line - 1)) + spec->nr > line)
		return false;
	return fits(spec, memarea_place_low(spec, spec->lo), spec->hi);
}

static unsigned int order_of_any(unsigned long nr)
{
	return min_t(unsigned int, ilog2(nr + 1) - 1, SPACE_MERGE_ORDER);
}

/* A fitting run surely holds a block of this order, or of a larger one. */
unsigned int memarea_min_order(const struct memarea_spec *spec)
{
	unsigned long step = spec->offset ?: spec->align;
	unsigned int aligned;

	aligned = min_t(unsigned int, __ffs(step), ilog2(spec->nr));
	aligned = min_t(unsigned int, aligned, SPACE_MERGE_ORDER);
	return max(aligned, order_of_any(spec->nr));
}

/* False proves, from the lists' lengths alone, that no run fits. */
bool memarea_gate(const struct memarea_space *sp,
		  const struct memarea_spec *spec)
{
	unsigned long edges = 2 * ((1UL << SPACE_MERGE_ORDER) - 1);
	unsigned long inner = spec->nr > edges ? spec->nr - edges : 0;
	unsigned long any = 0, large = 0;
	unsigned int order;

	for (order = memarea_min_order(spec); order <= SPACE_MAX_ORDER; order++) {
		unsigned long nr = space_nr_free(sp, order);

		any |= nr;
		if (order >= SPACE_MERGE_ORDER)
			large += nr << order;
	}
	return any && large >= inner;
}

/*
 * The order of the free block that holds @pfn, or -1; its head in @head.
 * Large blocks are asked for first: they hold most of what is free.
 */
static int block_at(struct memarea_space *sp, unsigned long pfn,
		    unsigned long *head)
{
	unsigned int bit = SPACE_MAX_ORDER + 1;

	*head = MEMAREA_NO_PFN;
	if (space_in_use(sp, pfn))
		return -1;
	while (bit--) {
		unsigned long start = pfn & (~0UL << bit);
		int order;

		if (start == *head)
			continue;
		*head = start;
		order = space_head_order(sp, start);
		if (order >= 0 && pfn - start < 1UL << order)
			return order;
	}
	return -1;
}

static bool block_ends_at(struct memarea_space *sp, unsigned long pfn,
			  unsigned int order)
{
	unsigned long size = 1UL << order;

	return pfn >= size && space_head_order(sp, pfn - size) == (int)order;
}

/* Does a block of order >= @k end where the one at @pfn begins? */
static bool follows_block(struct memarea_space *sp, unsigned long pfn,
			  unsigned int k)
{
	unsigned int order;

	for (order = k; order <= SPACE_MAX_ORDER; order++) {
		if (pfn & ((1UL << order) - 1))
			break;
		if (block_ends_at(sp, pfn, order))
			return true;
	}
	return false;
}

/* The start of the run whose first block of order >= @k is at @pfn. */
static unsigned long run_start(struct memarea_space *sp, unsigned long pfn,
			       unsigned int k, int *budget)
{
	while (k--) {
		if (block_ends_at(sp, pfn, k)) {
			pfn -= 1UL << k;
			(*budget)--;
		}
	}
	return pfn;
}

/* Extend @run to its end; false if @stop or the budget came first. */
static bool run_extend(struct memarea_space *sp, struct memarea_run *run,
		       unsigned long stop, int *budget)
{
	while (run->end < stop && (*budget)-- > 0) {
		int order = space_head_order(sp, run->end);

		if (order < 0)
			return true;
		run->end += 1UL << order;
	}
	return false;
}

/* What a walk found to be the smallest run that fits. */
struct fit {
	struct memarea_run run;
	unsigned int seen;
	bool whole;
};

static unsigned long run_pages(const struct memarea_run *run)
{
	return run->end - run->start;
}

static void consider(const struct memarea_spec *spec, struct fit *best,
		     const struct memarea_run *run, bool whole)
{
	unsigned long from = max(run->start, spec->lo);

	if (!fits(spec, memarea_place_low(spec, from), run->end))
		return;
	if (best->seen++ && run_pages(run) >= run_pages(&best->run))
		return;
	best->run = *run;
	best->whole = whole;
}

/*
 * Measure the run whose first block of order >= k is at @pfn.  With twice the
 * area's size and its alignment to spare, every run is a large one.
 */
static void measure(struct memarea_space *sp, const struct memarea_spec *spec,
		    struct memarea_find *find, unsigned long pfn,
		    struct fit *best)
{
	unsigned long enough = 2 * spec->nr + spec->align, start, stop;
	unsigned int k = memarea_min_order(spec);
	struct memarea_run run = { .end = pfn };
	bool whole;

	run.start = run_start(sp, pfn, k, &find->budget);
	start = memarea_place_low(spec, max(run.start, spec->lo));
	stop = start + enough;
	if (stop < start || stop > spec->hi)
		stop = spec->hi;
	whole = run_extend(sp, &run, stop, &find->budget);
	find->largest = max(find->largest, run_pages(&run));
	consider(spec, best, &run, whole);
}

static bool good_enough(const struct memarea_spec *spec, const struct fit *best)
{
	return best->seen >= MEMAREA_ENOUGH_FITS ||
	       (best->seen && best->whole && run_pages(&best->run) == spec->nr);
}

/* Walk the lists; true if no run can have been missed or one is good enough. */
static bool walk_lists(struct memarea_space *sp,
		       const struct memarea_spec *spec,
		       struct memarea_find *find, struct fit *best)
{
	unsigned int k = memarea_min_order(spec), order;

	for (order = k; order <= SPACE_MAX_ORDER; order++) {
		struct space_cursor cursor = { };
		unsigned long pfn;

		while (space_next_block(sp, order, &cursor, &pfn)) {
			if (--find->budget <= 0 || good_enough(spec, best))
				return best->seen;
			if (pfn < spec->hi && !follows_block(sp, pfn, k))
				measure(sp, spec, find, pfn, best);
		}
	}
	return find->budget > 0;
}

/* The walk was too short: find a single block that holds the area. */
static void walk_single_blocks(struct memarea_space *sp,
			       const struct memarea_spec *spec,
			       struct fit *best)
{
	unsigned int order = spec->nr > 1 ? ilog2(spec->nr - 1) + 1 : 0;
	unsigned int budget = MEMAREA_SINGLE_BLOCKS;

	for (; order <= SPACE_MAX_ORDER; order++) {
		struct space_cursor cursor = { };
		struct memarea_run run;

		while (space_next_block(sp, order, &cursor, &run.start)) {
			if (!budget-- || best->seen)
				return;
			run.end = run.start + (1UL << order);
			consider(spec, best, &run, false);
		}
	}
}

/* How many blocks must be split to end or start an area at @pfn. */
static unsigned int cut_cost(struct memarea_space *sp, unsigned long pfn)
{
	unsigned long head;
	int order = block_at(sp, pfn, &head);

	return order < 0 || head == pfn ? 0 : order - __ffs(pfn);
}

static unsigned int area_cost(struct memarea_space *sp,
			      const struct memarea_spec *spec,
			      unsigned long start)
{
	return cut_cost(sp, start) + cut_cost(sp, start + spec->nr);
}

/* Put the area at the end of the run where it splits fewer blocks. */
static unsigned long place_in_run(struct memarea_space *sp,
				  const struct memarea_spec *spec,
				  const struct fit *best)
{
	const struct memarea_run *run = &best->run;
	unsigned long low = memarea_place_low(spec, max(run->start, spec->lo));
	unsigned long high;

	if (!best->whole)
		return low;
	high = memarea_place_high(spec, min(run->end, spec->hi));
	if (high == MEMAREA_NO_PFN || high <= low)
		return low;
	return area_cost(sp, spec, high) < area_cost(sp, spec, low) ? high : low;
}

static void start_claim(struct memarea_find *find, unsigned long start)
{
	find->stage = MEMAREA_CLAIM;
	find->start = start;
	find->taken = start;
}

static void start_scan(const struct memarea_spec *spec,
		       struct memarea_find *find, unsigned long start)
{
	find->stage = fits(spec, start, spec->hi) ? MEMAREA_SCAN : MEMAREA_NONE;
	find->start = start;
	find->taken = start;
	find->floor = start;
	find->next = start + spec->nr;
}

static void walk(struct memarea_space *sp, const struct memarea_spec *spec,
		 struct memarea_find *find)
{
	struct fit best = { };
	bool complete;

	if (!memarea_gate(sp, spec)) {
		find->stage = MEMAREA_NONE;
		return;
	}
	complete = walk_lists(sp, spec, find, &best);
	if (!complete)
		walk_single_blocks(sp, spec, &best);
	if (best.seen)
		start_claim(find, place_in_run(sp, spec, &best));
	else if (complete)
		find->stage = MEMAREA_NONE;
	else
		start_scan(spec, find, find->resume);
}

/* Test the window's highest unknown page; behind a used one begin anew. */
static void scan_down(struct memarea_space *sp, const struct memarea_spec *spec,
		      struct memarea_find *find)
{
	unsigned long known = find->start + spec->nr;
	unsigned long page = find->next - 1;

	if (block_at(sp, page, &find->next) >= 0)
		return;
	start_scan(spec, find, memarea_place_low(spec, space_skip(sp, page)));
	/* what was seen above the hole stays known */
	find->floor = max(find->start, known);
}

/* Test windows from their ends down until one is free. */
static void scan(struct memarea_space *sp, const struct memarea_spec *spec,
		 struct memarea_find *find)
{
	unsigned long start = find->start;

	while (find->stage == MEMAREA_SCAN && find->budget-- > 0) {
		if (find->mapped && find->start != start)
			return;
		if (find->next > find->floor) {
			scan_down(sp, spec, find);
			continue;
		}
		find->resume = MEMAREA_NO_PFN;
		start_claim(find, find->start);
	}
}

/* The order of the largest aligned block that starts at @start. */
unsigned int memarea_block_order(unsigned long start, unsigned long end)
{
	unsigned int order = ilog2(end - start);

	if (start)
		order = min_t(unsigned int, order, __ffs(start));
	return min_t(unsigned int, order, SPACE_MAX_ORDER);
}

/* Return owned pages to the buddy; gives where it stopped. */
unsigned long memarea_give_back(struct memarea_space *sp, unsigned long start,
				unsigned long end, int *budget)
{
	while (start < end && (*budget)-- > 0) {
		unsigned int order = memarea_block_order(start, end);

		space_put(sp, start, order);
		start += 1UL << order;
	}
	return start;
}

static void give_back_all(struct memarea_space *sp, unsigned long start,
			  unsigned long end)
{
	int budget = MEMAREA_HOLD_BLOCKS;

	memarea_give_back(sp, start, end, &budget);
}

/* Own the block at @head, but for its pages outside [from, to). */
static void take_part(struct memarea_space *sp, unsigned long head,
		      unsigned int order, unsigned long from, unsigned long to)
{
	unsigned long end = head + (1UL << order);

	space_take(sp, head, order);
	give_back_all(sp, head, from);
	give_back_all(sp, to, end);
	space_left(sp, from, to, order);
}

static void start_undo(struct memarea_space *sp,
		       const struct memarea_spec *spec,
		       struct memarea_find *find)
{
	find->lost++;
	/* a run that the scan proposed: go on behind the page that was lost */
	if (find->resume == MEMAREA_NO_PFN)
		find->resume = memarea_place_low(spec,
						 space_skip(sp, find->taken));
	find->stage = MEMAREA_UNDO;
}

static void claim(struct memarea_space *sp, const struct memarea_spec *spec,
		  struct memarea_find *find)
{
	unsigned long end = find->start + spec->nr;

	while (find->taken < end && find->budget-- > 0) {
		unsigned long head, stop;
		int order = block_at(sp, find->taken, &head);

		if (order < 0) {
			start_undo(sp, spec, find);
			return;
		}
		stop = min(end, head + (1UL << order));
		take_part(sp, head, order, find->taken, stop);
		find->taken = stop;
	}
	if (find->taken == end)
		find->stage = MEMAREA_FOUND;
}

static void undo(struct memarea_space *sp, const struct memarea_spec *spec,
		 struct memarea_find *find)
{
	find->start = memarea_give_back(sp, find->start, find->taken,
					&find->budget);
	if (find->start < find->taken)
		return;
	if (find->abort)
		find->stage = MEMAREA_ABORTED;
	else
		start_scan(spec, find, find->resume);
}

/* @spec must be feasible. */
void memarea_find_init(struct memarea_find *find,
		       const struct memarea_spec *spec)
{
	*find = (struct memarea_find) {
		.stage = MEMAREA_WALK,
		.resume = memarea_place_low(spec, spec->lo),
	};
}

/* Give up: what is owned is given back by the steps that follow. */
void memarea_find_abort(struct memarea_find *find)
{
	find->abort = true;
	find->stage = MEMAREA_UNDO;
}

/*
 * Whole blocks tell where the search for a large area need not begin.  False if
 * the budget ended before they could.
 */
static bool look_at_blocks(const struct memarea_bits *blocks,
			   const struct memarea_spec *spec,
			   struct memarea_find *find, long *budget)
{
	unsigned long start = find->start, floor = find->floor;
	bool done = true;

	/* a smaller area need not hold a whole block: the scan goes on alone */
	if (spec->nr + 1 < 2UL << blocks->order)
		return true;
	if (find->stage == MEMAREA_WALK) {
		done = memarea_bits_skip(blocks, spec, &find->resume, budget);
		if (find->resume == MEMAREA_NO_PFN)
			find->stage = MEMAREA_NONE;
	} else if (find->next == start + spec->nr) {
		done = memarea_bits_skip(blocks, spec, &start, budget);
		start_scan(spec, find, start);
		find->floor = max(start, floor);
	}
	find->mapped = true;
	return done;
}

/* A bit for each page does what the scan would, with no step in between. */
static bool look_at_pages(const struct memarea_bits *pages,
			  const struct memarea_spec *spec,
			  struct memarea_find *find, long *budget)
{
	unsigned long start = find->start;
	bool done = memarea_bits_place(pages, spec, &start, budget);

	start_scan(spec, find, start);
	if (!done || find->stage == MEMAREA_NONE)
		return done;
	find->resume = MEMAREA_NO_PFN;
	start_claim(find, start);
	return true;
}

/*
 * Move the search on as far as the map tells, without a lock; reads a bounded
 * number of its words.  True if there is more to read before the next step.
 */
bool memarea_find_look(const struct memarea_map *map,
		       const struct memarea_spec *spec,
		       struct memarea_find *find)
{
	long budget = MEMAREA_MAP_WORDS;
	bool done = true;

	if (!memarea_find_searching(find))
		return false;
	if (map->pages && find->stage == MEMAREA_SCAN)
		done = look_at_pages(map->pages, spec, find, &budget);
	else if (map->blocks)
		done = look_at_blocks(map->blocks, spec, find, &budget);
	find->blocks += MEMAREA_MAP_WORDS - max(budget, 0L);
	return !done && memarea_find_searching(find);
}

/* One bounded piece of work; true if there is more to do. */
bool memarea_find_step(struct memarea_space *sp,
		       const struct memarea_spec *spec,
		       struct memarea_find *find)
{
	find->budget = MEMAREA_SEARCH_BLOCKS;
	if (find->stage == MEMAREA_WALK)
		walk(sp, spec, find);
	else if (find->stage == MEMAREA_SCAN)
		scan(sp, spec, find);
	else if (find->stage == MEMAREA_UNDO)
		undo(sp, spec, find);
	find->blocks += MEMAREA_SEARCH_BLOCKS - max(find->budget, 0);

	find->budget = MEMAREA_SEARCH_BLOCKS;
	if (find->stage == MEMAREA_CLAIM)
		claim(sp, spec, find);
	return !memarea_find_ended(find);
}

/*
 * Extend @run, empty at first, by what lies at and above *@pos.  True if it
 * is complete, false if the budget or [*@pos, @end) ended before it did.
 */
bool memarea_next_run(struct memarea_space *sp, unsigned long *pos,
		      unsigned long end, int *budget, struct memarea_run *run)
{
	while (*pos < end && (*budget)-- > 0) {
		unsigned long head;
		int order = block_at(sp, *pos, &head);

		if (order < 0) {
			*pos = space_skip(sp, *pos);
			if (run->start < run->end)
				return true;
			continue;
		}
		if (run->start == run->end)
			run->start = *pos;
		run->end = min(end, head + (1UL << order));
		*pos = run->end;
	}
	return false;
}

/*
 * The largest run below @end, from the top list down: a run longer than the
 * longest so far holds a block of the order that this length demands.  False
 * if the budget ended first; then there may be a longer one.
 */
bool memarea_largest_run(struct memarea_space *sp, unsigned long end,
			 int *budget, struct memarea_run *largest)
{
	unsigned int order = SPACE_MAX_ORDER + 1;

	*largest = (struct memarea_run) { };
	while (order-- > order_of_any(run_pages(largest) + 1)) {
		unsigned int k = min_t(unsigned int, order, SPACE_MERGE_ORDER);
		struct space_cursor cursor = { };
		unsigned long pfn;

		while (space_next_block(sp, order, &cursor, &pfn)) {
			struct memarea_run run = { .end = pfn };

			if ((*budget)-- <= 0)
				return false;
			if (follows_block(sp, pfn, k))
				continue;
			run.start = run_start(sp, pfn, k, budget);
			run_extend(sp, &run, end, budget);
			if (run_pages(&run) > run_pages(largest))
				*largest = run;
		}
	}
	return *budget > 0;
}
