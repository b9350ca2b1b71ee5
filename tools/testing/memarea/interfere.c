// SPDX-License-Identifier: GPL-2.0
/*
 * Others allocate and free between the steps of a search, or its caller gives
 * up.  trial.c watches: a place that stays free throughout is found, and
 * otherwise no page is lost, nor held.
 *
 * First every single move, then every pair, on all small maps; then storms of
 * random moves on larger ones; then the claim that is lost, by hand.  With a
 * budget of 1 each block is a step, so moves come between any two blocks.  All
 * of it with each choice of levels of the map, which tells of the moves.
 *
 * Not here: what happens within a step.  The zone's lock is held there.
 */
#include "dice.h"
#include "tap.h"
#include "tests.h"

/* Flip page @at between free and used after step @step. */
struct move {
	unsigned int step;
	unsigned long at;
};

static struct memarea_space zone;
static struct trial trial;
static struct move moves[2];

static void flip(unsigned long at)
{
	unsigned long pfn = zone.base + at;

	if (zone.state[at] == PAGE_FREE)
		model_grab(&zone, pfn);
	else if (zone.state[at] == PAGE_USED)
		model_free(&zone, pfn, 0);
}

static void make_moves(struct trial *t)
{
	unsigned int i;

	for (i = 0; i < 2; i++) {
		if (t->steps == moves[i].step)
			flip(moves[i].at);
	}
}

static void set_map(unsigned long map, unsigned long nr)
{
	unsigned long at;

	model_init(&zone, 0, nr);
	for (at = 0; at < nr; at++) {
		if (map >> at & 1)
			model_release(&zone, at, 1);
	}
}

static unsigned int run_on(unsigned long map, unsigned long nr)
{
	set_map(map, nr);
	trial.seed = map;
	trial_run(&trial);
	return trial.steps;
}

static void set_up(unsigned long nr, unsigned long size,
		   void (*between)(struct trial *t))
{
	model_orders(2, 2);
	model_budgets(1, 0);
	trial.sp = &zone;
	trial.spec = (struct memarea_spec) { .nr = size, .align = 1, .hi = nr };
	trial.between = between;
	trial.abort_at = NO_ABORT;
}

/* A move at a step that there is no more changes nothing: stop there. */
static void one_move(unsigned long map, unsigned long nr)
{
	moves[1].step = 0;
	for (moves[0].at = 0; moves[0].at < nr; moves[0].at++) {
		moves[0].step = 1;
		while (run_on(map, nr) > moves[0].step && !tap_failed())
			moves[0].step++;
	}
}

typedef void (*try_map)(unsigned long map, unsigned long nr);

static void for_sizes(unsigned long nr, try_map try,
		      void (*between)(struct trial *t))
{
	unsigned long map, size;

	for (size = 1; size <= nr; size++) {
		set_up(nr, size, between);
		for (map = 0; map < 1UL << nr && !tap_failed(); map++)
			try(map, nr);
	}
}

static void for_maps(unsigned long nr, try_map try,
		     void (*between)(struct trial *t))
{
	for (trial.levels = 0; trial.levels < MAP_CHOICES; trial.levels++)
		for_sizes(nr, try, between);
	trial.levels = MAP_NONE;
}

void test_one_move(void)
{
	for_maps(8, one_move, make_moves);
}

static void second_move(unsigned long map, unsigned long nr)
{
	for (moves[1].at = 0; moves[1].at < nr; moves[1].at++) {
		moves[1].step = moves[0].step;
		while (run_on(map, nr) > moves[1].step && !tap_failed())
			moves[1].step++;
	}
}

static void two_moves(unsigned long map, unsigned long nr)
{
	unsigned int steps;

	moves[0].step = 0;
	moves[1].step = 0;
	steps = run_on(map, nr);
	for (moves[0].at = 0; moves[0].at < nr; moves[0].at++) {
		for (moves[0].step = 1; moves[0].step < steps; moves[0].step++)
			second_move(map, nr);
	}
}

void test_two_moves(void)
{
	for_maps(6, two_moves, make_moves);
}

static void abort_anywhere(unsigned long map, unsigned long nr)
{
	trial.abort_at = 0;
	while (run_on(map, nr) > trial.abort_at && !tap_failed()) {
		expect(trial.find.stage == MEMAREA_ABORTED,
		       "stage %d after an abort at step %u",
		       trial.find.stage, trial.abort_at);
		trial.abort_at++;
	}
}

/* What was found may be given up too: by a step after the last one. */
static void abort_found(unsigned long map, unsigned long nr)
{
	trial.abort_at = NO_ABORT;
	run_on(map, nr);
	memarea_find_abort(&trial.find);
	trial_finish(&zone, &trial.spec, &trial.find);
	expect(trial.find.stage == MEMAREA_ABORTED &&
	       !memarea_find_owned(&trial.find) &&
	       !model_count(&zone, PAGE_HELD) && model_valid(&zone),
	       "map %#lx: given up, but stage %d, %lu pages held", map,
	       trial.find.stage, model_count(&zone, PAGE_HELD));
}

void test_abort_anywhere(void)
{
	for_maps(10, abort_anywhere, NULL);
	for_maps(8, abort_found, NULL);
}

static void blow(struct trial *t)
{
	struct dice *dice = t->arg;

	dice_others(dice, t->sp, pick(dice, 4));
}

static void storm(unsigned long seed, struct dice *dice)
{
	static const int budgets[] = { 1, 2, 3, 48 };
	unsigned long nr = 16 + pick(dice, 112);

	dice_orders(dice);
	dice_zone(dice, &zone, 16 * pick(dice, 4), nr);
	dice_map(dice, &zone, 30 + pick(dice, 70));
	model_budgets(budgets[pick(dice, 4)], pick(dice, 3));
	model_map_words = 1 + pick(dice, 3);
	trial.levels = pick(dice, MAP_CHOICES);
	trial.sp = &zone;
	trial.between = blow;
	trial.arg = dice;
	trial.seed = seed;
	do {
		dice_spec(dice, &trial.spec, &zone);
	} while (!memarea_spec_feasible(&trial.spec));
	trial.abort_at = pick(dice, 4) ? NO_ABORT : pick(dice, 20);
	trial_run(&trial);
}

void test_storm(void)
{
	unsigned long seed, lost = trial_lost;
	struct dice dice;

	for (seed = 1; seed <= 60000 && !tap_failed(); seed++) {
		dice_init(&dice, seed);
		storm(seed, &dice);
	}
	tap_note("%lu claims were lost", trial_lost - lost);
	expect(trial_lost - lost > 1000, "only %lu claims were lost",
	       trial_lost - lost);
}

/*
 * The walk chooses the run's first ten pages; then one of them is lost, and
 * the first place that is left begins right behind it.
 *
 *	0        8        16       24
 *	|##......|..t.....|........|.#######|
 *	   <-chosen->
 *	             <- found ->
 */
static void lose(struct trial *t)
{
	if (t->find.stage == MEMAREA_CLAIM && zone.state[10] == PAGE_FREE)
		model_grab(&zone, 10);
}

void test_lost_claim(void)
{
	set_up(32, 10, lose);
	trial.levels = MAP_NONE;
	model_budgets(2, 0);
	run_on(0x01fffffcUL, 32);
	expect(trial.find.stage == MEMAREA_FOUND && trial.find.start == 11 &&
	       trial.find.lost == 1,
	       "stage %d start %lu lost %u, expected %d 11 1",
	       trial.find.stage, trial.find.start, trial.find.lost,
	       MEMAREA_FOUND);
}
