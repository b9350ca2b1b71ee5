// SPDX-License-Identifier: GPL-2.0
/*
 * memarea_next_run() and memarea_largest_run(), which only look, with budgets
 * from one block up: what they give is true, what they call complete is, and
 * a budget that suffices gives the oracle's answer.
 */
#include "dice.h"
#include "tap.h"
#include "tests.h"

#define MAPS	3000
#define PAGES	96

static struct memarea_space zone;

static void new_map(struct dice *dice, unsigned long seed)
{
	dice_init(dice, seed);
	dice_orders(dice);
	dice_zone(dice, &zone, 16 * pick(dice, 8), PAGES);
	dice_map(dice, &zone, 10 + pick(dice, 85));
}

/* Extend @run until it is complete or [*pos, end) ends. */
static bool whole_run(unsigned long *pos, unsigned long end, int most,
		      struct memarea_run *run)
{
	int rounds = 4 * PAGES;

	while (*pos < end && rounds--) {
		int budget = most;

		if (memarea_next_run(&zone, pos, end, &budget, run))
			return true;
		expect(*pos >= end || budget <= 0, "stopped early at %#lx, budget %d",
		       *pos, budget);
	}
	expect(*pos >= end, "does not get on at %#lx", *pos);
	return false;
}

/* All runs of [pos, end) in order, as the oracle sees them. */
static void compare_runs(unsigned long pos, unsigned long end, int most)
{
	unsigned long from = pos;
	bool complete = true;

	while (complete && !tap_failed()) {
		struct memarea_run run = { };
		struct memarea_run want = oracle_next_run(&zone, from, end);

		complete = whole_run(&pos, end, most, &run);
		if (!complete && run.start == run.end)
			run = (struct memarea_run) { end, end };
		expect(run.start == want.start && run.end == want.end,
		       "budget %d: run [%#lx, %#lx), expected [%#lx, %#lx)",
		       most, run.start, run.end, want.start, want.end);
		expect(complete == (want.end < end),
		       "budget %d: [%#lx, %#lx) complete: %d", most,
		       run.start, run.end, complete);
		from = want.end;
	}
}

void test_next_run(void)
{
	static const struct memarea_spec none;
	unsigned long seed;
	struct dice dice;

	for (seed = 1; seed <= MAPS && !tap_failed(); seed++) {
		unsigned long lo, hi;
		int most;

		new_map(&dice, seed);
		tap_scene(seed, &zone, &none);
		lo = zone.base + pick(&dice, PAGES / 2);
		hi = lo + pick(&dice, PAGES);
		for (most = 1; most <= 4; most++) {
			compare_runs(lo, hi, most);
			compare_runs(zone.base, zone.base + PAGES, most);
		}
	}
}

static bool try_largest(int most)
{
	unsigned long want = oracle_largest(&zone), got;
	struct memarea_run run, real;
	int budget = most;
	bool exact = memarea_largest_run(&zone, ~0UL, &budget, &run);

	got = run.end - run.start;
	expect(!exact || got == want,
	       "budget %d: largest is %lu, expected %lu", most, got, want);
	expect(exact || most < PAGES,
	       "budget %d is not enough, %d left", most, budget);
	if (!got)
		return exact;
	real = oracle_run_at(&zone, run.start);
	expect(run.start >= real.start && run.end <= real.end,
	       "budget %d: [%#lx, %#lx) is not free", most, run.start, run.end);
	return exact;
}

void test_largest_run(void)
{
	static const struct memarea_spec none;
	unsigned long seed, exact = 0;
	struct dice dice;

	for (seed = 1; seed <= MAPS && !tap_failed(); seed++) {
		int most;

		new_map(&dice, seed);
		tap_scene(seed, &zone, &none);
		for (most = 1; most <= 16; most++)
			exact += try_largest(most);
		try_largest(4 * PAGES);
	}
	tap_note("%lu of %d with tiny budgets were exact", exact, 16 * MAPS);
	expect(exact > MAPS, "only %lu were exact", exact);
}

/* Real orders, thousands of pages: the same questions, a few times. */
void test_large_measures(void)
{
	static const struct memarea_spec none;
	unsigned long seed;
	struct dice dice;

	for (seed = 1; seed <= 4 && !tap_failed(); seed++) {
		struct memarea_run run;
		int budget = MODEL_PAGES;

		dice_init(&dice, seed);
		model_orders(9, 10);
		dice_zone(&dice, &zone, 0, MODEL_PAGES);
		dice_map(&dice, &zone, 25 * seed - 5);
		tap_scene(seed, &zone, &none);
		compare_runs(0, MODEL_PAGES, 100);
		expect(memarea_largest_run(&zone, ~0UL, &budget, &run),
		       "not exact with a budget of %d", MODEL_PAGES);
		expect(run.end - run.start == oracle_largest(&zone),
		       "largest is %lu, expected %lu", run.end - run.start,
		       oracle_largest(&zone));
	}
}
