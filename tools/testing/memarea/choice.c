// SPDX-License-Identifier: GPL-2.0
/*
 * Which of several places is chosen: the smallest run that is large enough,
 * and the end of it where fewer blocks are split.  runs.c promises the best of
 * the runs that its walk examined; on maps as small as these that is all of
 * them.
 *
 * Nothing is promised of the scan, nor of runs larger than twice the area and
 * its alignment.
 */
#include <string.h>
#include "shapes.h"
#include "tap.h"
#include "tests.h"
#include "trial.h"

static struct memarea_space zone;

static void draw(const char *map)
{
	unsigned long at;

	model_init(&zone, 0, strlen(map));
	for (at = 0; at < zone.nr; at++) {
		if (map[at] == '.')
			model_release(&zone, at, 1);
	}
}

static unsigned long search(const struct memarea_spec *spec)
{
	struct memarea_find find;

	memarea_find_init(&find, spec);
	trial_finish(&zone, spec, &find);
	return find.stage == MEMAREA_FOUND ? find.start : MEMAREA_NO_PFN;
}

struct example {
	const char *map;
	unsigned long nr, align, boundary;
	unsigned long want;
};

static void check_example(const struct example *e)
{
	struct memarea_spec spec = {
		.nr = e->nr, .align = e->align, .boundary = e->boundary,
		.hi = 1024,
	};
	unsigned long got;

	draw(e->map);
	tap_scene(0, &zone, &spec);
	got = search(&spec);
	expect(got == e->want, "chose %#lx, expected %#lx", got, e->want);
}

static void check_examples(const struct example *e)
{
	model_orders(3, 3);
	model_budgets(core_search_blocks, core_single_blocks);
	for (; e->map; e++)
		check_example(e);
}

void test_smallest(void)
{
	static const struct example examples[] = {
		/*0       8       16      24      32 */
		{ "#.....##...#........##..#.......", 3, 1, 0, 8 },
		/*         ^^^  exactly three */
		{ "#.....##...#........##..#.......", 2, 1, 0, 22 },
		/*                       ^^  exactly two */
		{ "#.....##...#........##..#.......", 4, 1, 0, 2 },
		/*  ^^^^  five, before seven and eight; 2-3 and 4-5 whole */
		{ "#.....##...#........##..#.......", 2, 4, 0, 8 },
		/*         ^^  a run of two has no aligned start */
		{ "#.....##...#........##..#.......", 4, 4, 0, 28 },
		/* aligned:                    ^^^^  seven, before eight */
		{ "#.....##...#........##..#.......", 4, 1, 4, 28 },
		/* not across a boundary:      ^^^^  likewise */
		{ "#.....##...#........##..#.......", 8, 1, 0, 12 },
		/*             ^^^^^^^^  the only one */
		{ "#.....##...#........##..#.......", 9, 1, 0, MEMAREA_NO_PFN },
		{ }
	};

	check_examples(examples);
}

void test_cut(void)
{
	static const struct example examples[] = {
		/*
		 * The run's blocks are 1, 2-3, 4-7 and 8-11: seven pages at
		 * its start are whole blocks, at its end they split 4-7.
		 */
		/*0       8       16 */
		{ "#...........####", 7, 1, 0, 1 },
		/* ^^^^^^^ */

		/* Its mirror image: 4-7, 8-11, 12-13 and 14. */
		{ "####...........#", 7, 1, 0, 8 },
		/*         ^^^^^^^ */

		/* Both ends halve the one block: the lower one is taken. */
		{ "########........", 4, 1, 0, 8 },
		/*         ^^^^ */

		/* 8-15 and 16: halving at 12 is better than a cut at 13. */
		{ "########.........#######", 5, 1, 0, 12 },
		/*             ^^^^^ */

		/* 7 and 8-15: at 12 again, and not at 11. */
		{ "#######.........########", 5, 1, 0, 7 },
		/*        ^^^^^ */

		/* 6-7, 8-11 and 12: 8-11 is cut in halves, or kept whole. */
		{ "######.......###", 4, 1, 0, 6 },
		/*       ^^^^ */
		{ "######.......###", 5, 1, 0, 8 },
		/*         ^^^^^ */

		/* Aligned ends are all alike: the lower one. */
		{ "########........####", 4, 4, 0, 8 },
		/*         ^^^^ */
		{ }
	};

	check_examples(examples);
}

/*
 * The first start in the run crosses the boundary, so the place is further up:
 * what is measured of a run must reach to the end of the place.
 *
 *	0               16              32
 *	|##.............|...............|#
 *	                 <---- nr ----->
 *
 * An offset moves it further still: starts are at 3, 7, 11, and 7 crosses 8.
 *
 *	0       8
 *	|####...|......
 *	            <>
 */
static void draw_run(unsigned long start, unsigned long end)
{
	model_init(&zone, 0, end + 1);
	while (start < end)
		model_release(&zone, start++, 1);
}

static void check_window(struct memarea_spec spec, unsigned long start)
{
	unsigned long want = oracle_place_low(&spec, start, spec.hi);
	unsigned long got;

	draw_run(start, want + spec.nr);
	tap_scene(0, &zone, &spec);
	got = search(&spec);
	expect(got == want, "chose %#lx, expected %#lx", got, want);
}

/* A run of just the length that the request needs, from each start. */
static void check_windows(struct memarea_spec spec)
{
	unsigned long start;

	if (!memarea_spec_feasible(&spec))
		return;
	for (start = 0; start < 34 && !tap_failed(); start++)
		check_window(spec, start);
}

void test_window(void)
{
	static const struct shapes last = {
		.nr = 32, .align = 16, .boundary = 32,
	};
	struct memarea_spec spec = { .hi = 1024 };
	unsigned int max;

	model_budgets(1000, 0);
	for (max = 0; max <= 4; max++) {
		model_orders(max / 2, max);
		first_shape(&spec);
		do {
			check_windows(spec);
		} while (next_shape(&spec, &last));
	}
}

static unsigned int splits_at(unsigned long pfn)
{
	unsigned long head = pfn;

	if (!oracle_free(&zone, pfn))
		return 0;
	while (zone.order[head] < 0)
		head--;
	return oracle_splits(zone.order[head], pfn - head);
}

static unsigned int splits(unsigned long start, unsigned long nr)
{
	return splits_at(start) + splits_at(start + nr);
}

/* The length of the smallest run with a legal place. */
static unsigned long smallest(const struct memarea_spec *spec)
{
	unsigned long pos = 0, best = MEMAREA_NO_PFN;

	while (pos < zone.nr) {
		struct memarea_run run = oracle_next_run(&zone, pos, zone.nr);
		unsigned long place;

		place = oracle_place_low(spec, run.start, run.end);
		if (place != MEMAREA_NO_PFN && place + spec->nr <= run.end)
			best = min(best, run.end - run.start);
		pos = run.end;
	}
	return best;
}

static void check_cut(const struct memarea_spec *spec,
		      const struct memarea_run *run, unsigned long got,
		      unsigned int cost)
{
	unsigned long high = run->end - spec->nr;
	unsigned int low_cost, high_cost;

	low_cost = splits(run->start, spec->nr);
	high_cost = splits(high, spec->nr);
	expect(got == (high_cost < low_cost ? high : run->start),
	       "chose %#lx with %u splits; at %#lx %u, at %#lx %u",
	       got, cost, run->start, low_cost, high, high_cost);
}

static void check_choice(const struct memarea_spec *spec)
{
	unsigned long want = smallest(spec), got = search(spec);
	unsigned long large = 2 * spec->nr + spec->align;
	struct memarea_run run;

	if (got == MEMAREA_NO_PFN)
		return;		/* exhaustive.c knows whether that is right */
	model_release(&zone, got, spec->nr);
	run = oracle_run_at(&zone, got);
	if (want >= large)
		return;
	expect(run.end - run.start == want,
	       "chose a run of %lu, there is one of %lu", run.end - run.start,
	       want);
	if (spec->align == 1)
		check_cut(spec, &run, got, splits(got, spec->nr));
}

static void choose_all(unsigned long map, unsigned long nr)
{
	struct memarea_spec s = { .hi = 1024 };
	unsigned long at;

	model_init(&zone, 0, nr);
	for (at = 0; at < nr; at++) {
		if (map >> at & 1)
			model_release(&zone, at, 1);
	}
	for (s.nr = 1; s.nr <= nr; s.nr++) {
		for (s.align = 1; s.align <= 4 && !tap_failed(); s.align *= 2) {
			tap_scene(map, &zone, &s);
			check_choice(&s);
		}
	}
}

void test_choice_maps(void)
{
	unsigned long map;

	model_orders(3, 4);
	model_budgets(core_search_blocks, core_single_blocks);
	for (map = 0; map < 1UL << 13 && !tap_failed(); map++)
		choose_all(map, 13);
}
