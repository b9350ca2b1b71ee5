// SPDX-License-Identifier: GPL-2.0
/*
 * One step stays within one lock hold: trial.c counts the blocks listed, taken
 * and put in each step of the searches here, which run on thousands of pages
 * with the real budget.  There the walk gives up, the scan goes over many
 * steps, and so do claims.
 *
 * A block that is read on the way, to see where a run begins, counts as one of
 * the hold; a look at a page that heads no block does not, and of these there
 * are some per block, in proportion to the orders.
 */
#include <string.h>
#include "dice.h"
#include "tap.h"
#include "tests.h"

#define PAGES	4096UL

static struct memarea_space zone;
static struct trial trial;

static void set_up(void)
{
	model_budgets(core_search_blocks, core_single_blocks);
	model_map_words = core_map_words;
	memset(&trial, 0, sizeof(trial));
	trial.sp = &zone;
	trial.abort_at = NO_ABORT;
}

static void large_spec(struct dice *dice, unsigned long nr)
{
	do {
		dice_spec(dice, &trial.spec, &zone);
		if (pick(dice, 2))
			trial.spec.nr = 1 + pick(dice, nr);
	} while (!memarea_spec_feasible(&trial.spec));
}

static unsigned int large_search(unsigned long seed)
{
	static const unsigned int orders[][2] = {
		{ 9, 10 }, { 10, 10 }, { 2, 2 }, { 1, 4 }, { 0, 0 },
	};
	struct dice dice;

	dice_init(&dice, seed);
	model_orders(orders[seed % 5][0], orders[seed % 5][1]);
	dice_zone(&dice, &zone, 0, PAGES);
	dice_map(&dice, &zone, 20 + pick(&dice, 85));
	trial.seed = seed;
	trial.levels = pick(&dice, MAP_CHOICES);
	large_spec(&dice, 60);
	trial_run(&trial);
	return trial.most;
}

/* One run of all pages: the claim takes many steps, and cuts two blocks. */
static unsigned int large_claim(unsigned long seed)
{
	struct dice dice;
	unsigned long at;

	dice_init(&dice, seed);
	model_orders(pick(&dice, 3), 2 + pick(&dice, 3));
	if (seed % 4 == 0)
		model_orders(9, 10);
	model_init(&zone, 0, PAGES);
	for (at = 1 + pick(&dice, 64); at < PAGES - pick(&dice, 64); at++)
		model_release(&zone, at, 1);
	trial.seed = seed;
	trial.abort_at = seed % 3 ? NO_ABORT : pick(&dice, 12);
	large_spec(&dice, PAGES / 2);
	trial_run(&trial);
	trial.abort_at = NO_ABORT;
	return trial.most;
}

/*
 * Each list entry is a run's, just too small, and begins with a block of each
 * smaller order: so many blocks must be read to see where it begins.
 *
 *	0       8       16
 *	|#01-2---|#01-2---|#01-2---
 */
static unsigned int stairs(unsigned int order)
{
	unsigned long at;

	model_orders(9, 10);
	model_init(&zone, 0, MODEL_PAGES);
	for (at = 0; at < MODEL_PAGES; at++) {
		if (at % (1UL << order))
			model_release(&zone, at, 1);
	}
	trial.seed = order;
	trial.spec = (struct memarea_spec) {
		.nr = 1UL << order, .align = 1, .hi = MODEL_PAGES,
	};
	trial_run(&trial);
	return trial.known;
}

void test_bound(void)
{
	unsigned int most = 0, known = 0, order;
	unsigned long seed;

	set_up();
	for (seed = 1; seed <= 150 && !tap_failed(); seed++) {
		most = max(most, large_search(seed));
		most = max(most, large_claim(seed));
	}
	for (order = 1; order <= 10 && !tap_failed(); order++)
		known = max(known, stairs(order));
	tap_note("one step listed, took and put at most %u blocks of %d",
		 most, MEMAREA_HOLD_BLOCKS);
	tap_note("one step came to know at most %u different blocks", known);
	expect(most > MEMAREA_SEARCH_BLOCKS, "never more than %u", most);
	expect(known <= MEMAREA_HOLD_BLOCKS, "a step knew %u blocks", known);
}

/*
 * Runs of three pages, but for one of seven, and six are wanted.  Every block
 * of order 1 looks promising, so the walk's budget ends.
 *
 *	0       8                 at
 *	|#...#...|#...#...  ...#...|....|#...#...
 */
static void one_place(unsigned long at, bool exists, unsigned int levels)
{
	unsigned long pfn;

	model_init(&zone, 0, PAGES);
	for (pfn = 0; pfn < PAGES; pfn++) {
		if (pfn % 4 || (exists && pfn == at))
			model_release(&zone, pfn, 1);
	}
	trial.seed = at;
	trial.levels = levels;
	trial_run(&trial);
	expect(!trial.find.lost, "%u claims lost to nobody", trial.find.lost);
}

/* A map of pages that is read a word at a time finds it as well. */
static void try_place(unsigned long at, unsigned int levels)
{
	one_place(at, true, levels);
	expect(trial.find.start == at - 3, "found %lu, expected %lu",
	       trial.find.start, at - 3);
	one_place(at, false, levels);
}

void test_large_scan(void)
{
	unsigned long at, scans = trial_stages[MEMAREA_SCAN];

	set_up();
	model_orders(3, 3);
	trial.spec = (struct memarea_spec) { .nr = 6, .align = 1, .hi = PAGES };
	for (at = 4; at < PAGES && !tap_failed(); at += 332) {
		model_map_words = 1;
		try_place(at, MAP_NONE);
		try_place(at, MAP_PAGES);
	}
	expect(trial_stages[MEMAREA_SCAN] - scans > 100,
	       "only %lu steps of scan", trial_stages[MEMAREA_SCAN] - scans);
}

/* The largest aligned block at @start, by trying all. */
static unsigned int order_at(unsigned long start, unsigned long end)
{
	unsigned int order = model_max_order;

	while (start % (1UL << order) || start + (1UL << order) > end)
		order--;
	return order;
}

static void give_back(unsigned long start, unsigned long end, int most)
{
	int left = most;
	unsigned long want = start, got;

	model_init(&zone, 0, 64);
	model_mark(&zone, start, end - start, PAGE_HELD);
	while (want < end && left--)
		want += 1UL << order_at(want, end);
	got = memarea_give_back(&zone, start, end, &most);
	expect(got == want && model_count(&zone, PAGE_FREE) == want - start,
	       "gave back [%lu, %lu) of [%lu, %lu), expected up to %lu",
	       start, got, start, end, want);
	model_valid(&zone);
}

void test_give_back(void)
{
	unsigned long start, end;
	int most;

	model_orders(3, 3);
	for (start = 0; start < 40; start++) {
		for (end = start + 1; end <= 64; end++) {
			expect(memarea_block_order(start, end) ==
			       order_at(start, end),
			       "block_order(%lu, %lu) is %u", start, end,
			       memarea_block_order(start, end));
			for (most = 1; most < 9; most++)
				give_back(start, end, most);
		}
	}
}
