// SPDX-License-Identifier: GPL-2.0
/*
 * One search, watched.  After every step:
 *
 * - the pages held are exactly those the search says it owns
 * - no other page has changed
 * - the model's structure is valid, if a block was taken or put
 * - the step touched no more blocks than one lock hold may
 *
 * At the end: what was found is legal and held, or nothing is held and no
 * legal place has been free throughout.  The gate is asked first, and must
 * not refuse where the oracle finds a place.
 *
 * As in the kernel the search looks at the map before each step, at levels of
 * the caller's choice; others may move between any two looks and steps.  If
 * nobody moves, the search is then repeated on the same model without the map,
 * or, if it was without, with each choice of levels in turn, and must come to the
 * same end: the map changes no result.
 *
 * Not checked here: whether the choice was a good one (choice.c), and time.
 */
#include <string.h>
#include "tap.h"
#include "trial.h"

#define MANY_STEPS	100000

unsigned long trial_stages[MEMAREA_ABORTED + 1];
unsigned long trial_lost;
unsigned long trial_refused;

static struct map map;
static struct memarea_space before, again;

static bool others_move(const struct trial *t)
{
	return t->between || t->abort_at != NO_ABORT;
}

static void note_spoiled(struct trial *t)
{
	unsigned long at;

	for (at = 0; at < t->sp->nr; at++)
		t->spoiled[at] |= t->sp->state[at] != PAGE_HELD &&
				  !model_takeable(t->sp, at);
}

/* What others see: a held page will be free again, or was. */
static void note_pages(struct trial *t)
{
	unsigned char *held = t->expected, *end = held + t->sp->nr;

	t->outdated = true;
	memcpy(t->expected, t->sp->state, t->sp->nr);
	while ((held = memchr(held, PAGE_HELD, end - held)))
		*held++ = PAGE_FREE;
	if (others_move(t))
		note_spoiled(t);
}

static void check_gate(struct trial *t)
{
	if (memarea_gate(t->sp, &t->spec))
		return;
	trial_refused++;
	expect(oracle_find(t->sp, &t->spec) == MEMAREA_NO_PFN,
	       "gate: refused, but there is a place at %#lx",
	       oracle_find(t->sp, &t->spec));
}

static void begin(struct trial *t)
{
	tap_scene(t->seed, t->sp, &t->spec);
	if (others_move(t))
		memset(t->spoiled, 0, t->sp->nr * sizeof(t->spoiled[0]));
	else
		model_copy(&before, t->sp);
	note_pages(t);
	check_gate(t);
	memarea_find_init(&t->find, &t->spec);
	t->looked = false;
	t->steps = 0;
	t->most = 0;
	t->known = 0;
}

/* Held are just the pages that it owns, the others are what they were? */
static bool pages_right(const struct trial *t)
{
	unsigned long at = t->find.start - t->sp->base, nr = t->sp->nr;
	unsigned long owned = memarea_find_owned(&t->find);
	static unsigned char want[MODEL_PAGES];

	if (!owned)
		return !memcmp(t->sp->state, t->expected, nr);
	if (at >= nr || owned > nr - at)
		return false;
	memcpy(want, t->expected, nr);
	memset(want + at, PAGE_HELD, owned);
	return !memcmp(t->sp->state, want, nr);
}

static void check_pages(const struct trial *t)
{
	expect(pages_right(t),
	       "step %u, stage %d: [%#lx, %#lx) owned, which is not what has changed",
	       t->steps, t->find.stage, t->find.start, t->find.taken);
}

/* What it came to know is only noted: bound.c says why. */
static void check_bound(struct trial *t)
{
	const struct model_calls *calls = &model_calls;
	unsigned int blocks = calls->listed + calls->taken + calls->put;

	t->most = max(t->most, blocks);
	t->known = max(t->known, calls->known + calls->put);
	expect(blocks <= MEMAREA_HOLD_BLOCKS,
	       "step %u: %u listed, %u taken, %u put: more than %d",
	       t->steps, calls->listed, calls->taken, calls->put,
	       MEMAREA_HOLD_BLOCKS);
	expect(calls->probed <= MEMAREA_HOLD_BLOCKS * (model_max_order + 1),
	       "step %u: %u probes", t->steps, calls->probed);
}

/* Whoever looks holds no page: only others have changed what the map says. */
static void update_map(struct trial *t, const struct memarea_space *sp)
{
	if (t->outdated)
		map_make(&map, sp);
	t->outdated = false;
}

/* Look once at the map as it is now; a step is due if there is no more to read. */
static bool one_look(struct trial *t)
{
	struct memarea_map levels = map_of(&map, t->levels);

	update_map(t, t->sp);
	t->looked = !memarea_find_look(&levels, &t->spec, &t->find);
	t->steps++;
	check_pages(t);
	return !memarea_find_ended(&t->find) && !tap_failed();
}

static bool one_step(struct trial *t)
{
	bool more;

	t->looked = false;
	trial_stages[t->find.stage]++;
	model_step();
	more = memarea_find_step(t->sp, &t->spec, &t->find);
	t->steps++;
	expect(more == (t->find.stage < MEMAREA_FOUND),
	       "step %u: more is %d in stage %d", t->steps, more,
	       t->find.stage);
	check_pages(t);
	check_bound(t);
	if (model_calls.taken | model_calls.put)
		model_valid(t->sp);
	return more && !tap_failed();
}

static bool one_turn(struct trial *t)
{
	if (t->steps == t->abort_at)
		memarea_find_abort(&t->find);
	if (t->levels && !t->looked && memarea_find_searching(&t->find))
		return one_look(t);
	return one_step(t);
}

/* Nobody else has moved: then what was free at first still is. */
static bool stayed_free(const struct trial *t, unsigned long at)
{
	return others_move(t) ? !t->spoiled[at] : model_takeable(&before, at);
}

/* A place that stayed free throughout, though it was not found. */
static unsigned long missed(const struct trial *t)
{
	unsigned long at, length = 0;

	for (at = t->sp->nr; at--; ) {
		length = stayed_free(t, at) ? length + 1 : 0;
		if (length >= t->spec.nr &&
		    oracle_legal(&t->spec, t->sp->base + at))
			return t->sp->base + at;
	}
	return MEMAREA_NO_PFN;
}

static void check_found(const struct trial *t)
{
	expect(oracle_legal(&t->spec, t->find.start),
	       "found %#lx, which is no legal start", t->find.start);
	expect(memarea_find_owned(&t->find) == t->spec.nr,
	       "found, but %lu pages owned", memarea_find_owned(&t->find));
}

static void finish(const struct trial *t)
{
	trial_stages[t->find.stage]++;
	trial_lost += t->find.lost;
	if (t->find.stage == MEMAREA_FOUND) {
		check_found(t);
		return;
	}
	expect(!memarea_find_owned(&t->find), "stage %d, but %lu pages owned",
	       t->find.stage, memarea_find_owned(&t->find));
	if (t->find.stage == MEMAREA_NONE)
		expect(missed(t) == MEMAREA_NO_PFN,
		       "none found in %u steps, %u lost, but %#lx was free",
		       t->steps, t->find.lost, missed(t));
	else
		expect(t->steps > t->abort_at, "aborted by itself");
}

void trial_finish(struct memarea_space *sp, const struct memarea_spec *spec,
		  struct memarea_find *find)
{
	unsigned int steps = 0;

	while (memarea_find_step(sp, spec, find)) {
		if (++steps > MANY_STEPS) {
			tap_fail("does not end: stage %d", find->stage);
			return;
		}
	}
}

/* Look as often as there is more to read. */
void trial_look(const struct memarea_map *map, const struct memarea_spec *spec,
		struct memarea_find *find)
{
	unsigned int looks = 0;

	while (memarea_find_look(map, spec, find)) {
		if (++looks > MANY_STEPS) {
			tap_fail("looks without end: start %#lx", find->start);
			return;
		}
	}
}

/* So many steps may pages take that are taken once, or lost once. */
static unsigned int most_steps(const struct trial *t)
{
	return 4 * t->sp->nr + 16;
}

static unsigned int search_again(struct trial *t, struct memarea_find *find,
				 const struct memarea_map *levels)
{
	unsigned int steps = 0;

	memarea_find_init(find, &t->spec);
	do {
		trial_look(levels, &t->spec, find);
	} while (!memarea_find_ended(find) &&
		 memarea_find_step(&again, &t->spec, find) &&
		 ++steps < most_steps(t));
	expect(steps < most_steps(t), "more than %u steps", steps);
	return steps;
}

/* Is there sure to be a whole block in the area? */
static bool large(const struct trial *t)
{
	return t->spec.nr >= (2UL << model_merge_order) - 1;
}

/* Repeat the search with these levels on the model as it was. */
static void check_again(struct trial *t, unsigned int choice)
{
	struct memarea_map levels = map_of(&map, choice);
	struct memarea_find find;
	unsigned int steps;

	model_copy(&again, &before);
	steps = search_again(t, &find, &levels);
	expect(find.stage == t->find.stage &&
	       !memcmp(again.state, t->sp->state, again.nr),
	       "levels %u: stage %d start %#lx, with %u: %d %#lx",
	       choice, find.stage, find.start, t->levels, t->find.stage,
	       t->find.start);
	expect(choice != MAP_BLOCKS || large(t) || steps < t->steps,
	       "%u steps with blocks that tell nothing, %u without", steps,
	       t->steps);
}

static void check_levels(struct trial *t)
{
	static unsigned int turn;

	expect(t->steps < most_steps(t), "%u steps", t->steps);
	update_map(t, &before);
	check_again(t, t->levels ? MAP_NONE : MAP_BLOCKS + turn++ % 3);
}

enum memarea_stage trial_run(struct trial *t)
{
	begin(t);
	while (one_turn(t)) {
		if (t->steps > MANY_STEPS) {
			tap_fail("does not end: stage %d", t->find.stage);
			break;
		}
		if (!t->between)
			continue;
		t->between(t);
		note_pages(t);
	}
	if (!tap_failed())
		finish(t);
	if (!tap_failed() && !others_move(t))
		check_levels(t);
	return t->find.stage;
}
