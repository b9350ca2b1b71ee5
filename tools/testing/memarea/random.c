// SPDX-License-Identifier: GPL-2.0
/*
 * A hundred seeds, the first ten of them apart, each a hundred thousand
 * operations on a small zone: areas are allocated with random constraints and
 * freed whole, in part or page by page, while others allocate and free blocks
 * and pages.  After each the whole structure is validated, and every page's
 * owner is accounted for.
 *
 * Nothing interferes with a search here: interfere.c has that.
 */
#include <string.h>
#include "dice.h"
#include "tap.h"
#include "tests.h"

#define SEEDS		100
#define FIRST_SEEDS	10
#define OPERATIONS	100000
#define AREAS		8

struct area {
	unsigned long start, end;
};

/* All that one seed needs: the zone, its areas, and who owns the rest. */
static struct memarea_space zone;
static struct trial trial;
static struct area areas[AREAS];
static struct dice dice;
static bool theirs[MODEL_PAGES];	/* allocated by others */
static unsigned long nr_theirs;
static unsigned long found, none;

static void allocate(struct area *area)
{
	dice_spec(&dice, &trial.spec, &zone);
	if (!memarea_spec_feasible(&trial.spec))
		return;
	model_budgets(1 + pick(&dice, 48), pick(&dice, 3));
	model_map_words = 1 + pick(&dice, 3);
	trial.levels = pick(&dice, MAP_CHOICES);
	if (trial_run(&trial) != MEMAREA_FOUND) {
		none++;
		return;
	}
	found++;
	area->start = trial.find.start;
	area->end = trial.find.start + trial.spec.nr;
	model_mark(&zone, area->start, trial.spec.nr, PAGE_USED);
}

/* By the code under test, a few blocks at a time. */
static void give_back(unsigned long start, unsigned long end)
{
	model_mark(&zone, start, end - start, PAGE_HELD);
	while (start < end && !tap_failed()) {
		int budget = 1 + pick(&dice, 4);

		start = memarea_give_back(&zone, start, end, &budget);
	}
	expect(start == end, "gave back up to %#lx, not %#lx", start, end);
}

static void free_page(struct area *area)
{
	model_free(&zone, area->start++, 0);
}

/* The upper part of an area. */
static void free_part(struct area *area)
{
	unsigned long cut = area->start + pick(&dice, area->end - area->start);

	give_back(cut, area->end);
	area->end = cut;
}

static void use_area(struct area *area)
{
	if (area->start == area->end) {
		allocate(area);
	} else if (!pick(&dice, 3)) {
		free_page(area);
	} else if (!pick(&dice, 2)) {
		free_part(area);
	} else {
		give_back(area->start, area->end);
		area->end = area->start;
	}
}

static void others_free(unsigned long pfn)
{
	theirs[pfn - zone.base] = false;
	nr_theirs--;
	model_free(&zone, pfn, 0);
}

static void others_alloc(void)
{
	unsigned int order = pick(&dice, model_max_order + 1);
	unsigned long pfn = model_alloc(&zone, order);

	if (pfn == ~0UL)
		return;
	memset(&theirs[pfn - zone.base], true, 1UL << order);
	nr_theirs += 1UL << order;
}

static void use_others(void)
{
	unsigned long at = pick(&dice, zone.nr), end = at + 8;

	zone.tail = pick(&dice, 2);
	if (!pick(&dice, 3)) {
		others_alloc();
		return;
	}
	for (; at < zone.nr && at < end; at++) {
		if (theirs[at])
			others_free(zone.base + at);
	}
}

/* The lists have just been found to tell of just the pages that are free. */
static unsigned long free_pages(void)
{
	unsigned long pages = 0;
	unsigned int order;

	for (order = 0; order <= model_max_order; order++)
		pages += zone.nr_free[order] << order;
	return pages;
}

/* Used pages are an area's or somebody else's, and never both or neither. */
static void check_owners(unsigned long quiet)
{
	unsigned long used = quiet + nr_theirs, i;

	for (i = 0; i < AREAS; i++)
		used += areas[i].end - areas[i].start;
	expect(used + free_pages() == zone.nr,
	       "%lu pages used, %lu free, of %lu", used, free_pages(),
	       zone.nr);
}

/* Every used page is somebody else's at first. */
static unsigned long first_owners(void)
{
	unsigned long at, quiet = 0;

	nr_theirs = 0;
	for (at = 0; at < zone.nr; at++) {
		theirs[at] = zone.state[at] == PAGE_USED;
		nr_theirs += theirs[at];
		quiet += zone.state[at] != PAGE_USED &&
			 zone.state[at] != PAGE_FREE;
	}
	return quiet;
}

static void run_seed(unsigned long seed, unsigned long operations)
{
	unsigned long quiet, i;

	dice_init(&dice, seed);
	dice_orders(&dice);
	dice_zone(&dice, &zone, 64 * pick(&dice, 3), 24 + pick(&dice, 24));
	dice_map(&dice, &zone, 80);
	memset(areas, 0, sizeof(areas));
	trial = (struct trial) {
		.sp = &zone, .abort_at = NO_ABORT, .seed = seed,
	};
	quiet = first_owners();
	for (i = 0; i < operations && !tap_failed(); i++) {
		if (pick(&dice, 2))
			use_area(&areas[pick(&dice, AREAS)]);
		else
			use_others();
		model_valid(&zone);
		check_owners(quiet);
	}
}

static void run_seeds(unsigned long seed, unsigned long end)
{
	unsigned long nr = end - seed;

	found = 0;
	none = 0;
	for (; seed < end && !tap_failed(); seed++)
		run_seed(seed, OPERATIONS);
	tap_note("%lu seeds x %d operations: %lu areas found, %lu times none",
		 nr, OPERATIONS, found, none);
	expect(found > 1000 && none > 1000, "found %lu, none %lu", found, none);
}

void test_first_seeds(void)
{
	run_seeds(1, FIRST_SEEDS + 1);
}

void test_other_seeds(void)
{
	run_seeds(FIRST_SEEDS + 1, SEEDS + 1);
}

/* The tests above mean little unless the searches went everywhere. */
void test_every_stage(void)
{
	int stage;

	for (stage = MEMAREA_WALK; stage <= MEMAREA_ABORTED; stage++) {
		tap_note("stage %d was seen %lu times", stage,
			 trial_stages[stage]);
		expect(trial_stages[stage] > 1000, "stage %d: only %lu times",
		       stage, trial_stages[stage]);
	}
	expect(trial_refused > 1000, "the gate refused only %lu times",
	       trial_refused);
}
