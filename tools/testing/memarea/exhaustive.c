// SPDX-License-Identifier: GPL-2.0
/*
 * Every map of a few pages, with every size, alignment, offset and boundary
 * that has a place in it: a place is found if and only if there is one; it is
 * legal and was free; afterwards just its pages are held, the others are what
 * they were, and the model's structure is valid.
 *
 * Sets of pages and of starts are bit masks here.  Which starts are legal is
 * asked of the oracle once for a request; which ones are free follows from
 * the map alone.
 *
 * Each search is repeated with the map of free memory, one choice of its levels
 * in turn, and must find the very same place.  On 16 pages, or with all ranges
 * on 10, there is one search each, with or without the map.  In some setups
 * there are pages that the map calls free and that may not be taken.
 *
 * Requests that have no place are place.c's; what others do meanwhile is
 * interfere.c's.  Maps of 16 pages take a program without sanitizers, or
 * much time.
 */
#include <string.h>
#include "shapes.h"
#include "tap.h"
#include "tests.h"
#include "trial.h"

#define MAX_JOBS	16384

/* One request and the starts that it allows, as bits. */
struct job {
	struct memarea_spec spec;
	uint32_t legal;
};

/*
 * How the model is set up, and the budgets: of the first step, of the others,
 * also in words of the map, and of the single blocks that the first one tries
 * in the end.  Last a letter for each page as in the README, or NULL.
 */
struct setup {
	unsigned int merge, max;
	enum model_fusion fusion;
	unsigned long base;
	int first, others;
	unsigned int single;
	const char *odd;
};

/* One search: on which map, and the starts that are legal and free there. */
struct attempt {
	const struct setup *setup;
	const struct job *job;
	uint32_t map, good;
	unsigned int levels;
	struct memarea_find find;
	unsigned long place;	/* where it was found the first time */
	bool again;
};

static struct job jobs[MAX_JOBS];
static unsigned int nr_jobs;
static uint32_t usable;		/* pages that may be taken, if free */

/* The zone, and what it was with all pages used, and with those of one map. */
static struct memarea_space zone, used, now;
static struct map map_now;
static uint32_t free_now;
static bool all_choices;

static void add_job(const struct memarea_spec *spec)
{
	uint32_t legal = 0;
	unsigned long at;

	for (at = 0; at < zone.nr; at++)
		legal |= (uint32_t)oracle_legal(spec, zone.base + at) << at;
	if (!legal)
		return;
	if (nr_jobs == MAX_JOBS)
		tap_fail("too many requests");
	else
		jobs[nr_jobs++] = (struct job) { *spec, legal };
}

/* Every request with a place in the pages [lo, hi) of the zone. */
static void add_jobs(unsigned long lo, unsigned long hi)
{
	const struct shapes last = {
		.nr = hi - lo, .align = 16, .boundary = 16,
	};
	struct memarea_spec spec = {
		.lo = zone.base + lo, .hi = zone.base + hi,
	};

	first_shape(&spec);
	do {
		add_job(&spec);
	} while (next_shape(&spec, &last));
}

/* Give page @at the state, or its pageblock the type, that @letter stands for. */
static void set_odd(unsigned long at, char letter)
{
	static const char letters[] = "oz#?";
	const char *state = strchr(letters, letter);

	if (letter == 'x')
		used.type[at >> model_merge_order] = TYPE_SHUT;
	else if (state)
		used.state[at] = state - letters;
	if (letter != '.')
		usable &= ~(1U << at);
}

static void set_up(const struct setup *setup, unsigned long nr)
{
	unsigned long at;

	model_orders(setup->merge, setup->max);
	model_init(&used, setup->base, nr);
	used.fusion = setup->fusion;
	usable = (1U << nr) - 1;
	for (at = 0; setup->odd && setup->odd[at] && at < nr; at++)
		set_odd(at, setup->odd[at]);
	model_copy(&zone, &used);
	nr_jobs = 0;
}

static uint32_t pages_in(enum model_state state)
{
	uint32_t mask = 0;
	unsigned long at;

	for (at = 0; at < zone.nr; at += 8)
		mask |= model_bytes(&zone.state[at], state) << at;
	return mask & ((1U << zone.nr) - 1);
}

static void set_map(uint32_t map)
{
	unsigned long at;

	model_copy(&zone, &used);
	zone.tail = map & 1;
	for (at = 0; at < zone.nr; at++) {
		if (map >> at & 1 && zone.state[at] == PAGE_USED)
			model_release(&zone, zone.base + at, 1);
	}
	free_now = pages_in(PAGE_FREE);
	model_copy(&now, &zone);
	map_make(&map_now, &zone);
}

/* Bit s of starts[n]: the pages [s, s + n) are all in @map. */
static void free_starts(uint32_t map, uint32_t *starts)
{
	unsigned int n;

	starts[0] = ~0U;
	for (n = 1; n <= zone.nr; n++)
		starts[n] = starts[n - 1] & (map >> (n - 1));
}

/* As search_zone() does it, within the steps that so few pages can take. */
static void search(struct attempt *try)
{
	const struct memarea_spec *spec = &try->job->spec;
	struct memarea_map map = map_of(&map_now, try->levels);
	unsigned int steps = 4 * zone.nr + 16;

	model_step();
	memarea_find_init(&try->find, spec);
	model_budgets(try->setup->first, try->setup->single);
	model_map_words = try->setup->others;
	do {
		trial_look(&map, spec, &try->find);
		if (memarea_find_ended(&try->find) ||
		    !memarea_find_step(&zone, spec, &try->find))
			break;
		model_search_blocks = try->setup->others;
	} while (--steps);
}

static const char *wrong_find(const struct attempt *try)
{
	unsigned long at = try->find.start - zone.base;
	uint32_t area;

	if (try->find.stage != MEMAREA_FOUND)
		return "did not end";
	if (at >= zone.nr || !(try->good >> at & 1))
		return "found what is not legal or not free";
	area = ((1U << try->job->spec.nr) - 1) << at;
	if (pages_in(PAGE_HELD) != area ||
	    pages_in(PAGE_FREE) != (free_now & ~area))
		return "took or lost other pages";
	return model_valid(&zone) ? NULL : "left a broken structure";
}

static const char *wrong_none(const struct attempt *try)
{
	if (try->good)
		return "found none";
	if (memarea_find_owned(&try->find) || pages_in(PAGE_FREE) != free_now)
		return "found none, but took pages";
	if (!try->find.lost && (model_calls.taken || model_calls.put))
		return "took pages on the way to none";
	return NULL;
}

static const char *wrong_end(const struct attempt *try)
{
	if (try->find.lost && usable == (1U << zone.nr) - 1)
		return "lost a claim to nobody";
	if (try->find.stage == MEMAREA_NONE)
		return wrong_none(try);
	return wrong_find(try);
}

static void complain(const char *what, const struct attempt *try)
{
	set_map(try->map);
	tap_scene(try->map, &zone, &try->job->spec);
	tap_fail("%s: stage %d start %#lx, places at bits %#x, levels %u", what,
		 try->find.stage, try->find.start, try->good, try->levels);
}

/* The first attempt is judged, the others must come to the same place. */
static const char *wrong_place(const struct attempt *try)
{
	if (!try->again)
		return wrong_end(try);
	if (try->find.stage != (try->good ? MEMAREA_FOUND : MEMAREA_NONE))
		return "another end with the map";
	if (try->good && try->find.start != try->place)
		return "another place with the map";
	return NULL;
}

static void try_once(struct attempt *try)
{
	const char *wrong;

	search(try);
	wrong = wrong_place(try);
	if (wrong)
		complain(wrong, try);
	if (model_calls.taken)
		model_copy(&zone, &now);
	try->place = try->find.start;
	try->again = true;
}

/* A bit for each choice of levels to be tried: just one on many pages. */
static unsigned int some_choices(uint32_t seed)
{
	if (all_choices)
		return (1 << MAP_CHOICES) - 1;
	if (zone.nr > 11 || nr_jobs > 4000)
		return 1 << seed % MAP_CHOICES;
	return 1 << MAP_NONE | 1 << (1 + seed % 3);
}

static void try_job(struct attempt *try)
{
	unsigned int choices = some_choices(try->map + (try->job - jobs));

	try->again = false;
	for (; choices; choices &= choices - 1) {
		try->levels = __ffs(choices);
		try_once(try);
	}
}

static void try_map(const struct setup *setup, uint32_t map)
{
	struct attempt try = { .setup = setup, .map = map };
	uint32_t starts[32];
	unsigned int i;

	set_map(map);
	free_starts(free_now & usable, starts);
	for (i = 0; i < nr_jobs && !tap_failed(); i++) {
		try.job = &jobs[i];
		try.good = jobs[i].legal & starts[jobs[i].spec.nr];
		try_job(&try);
	}
}

static void try_maps(const struct setup *setup)
{
	uint32_t map;

	for (map = 0; map < 1U << zone.nr && !tap_failed(); map++)
		try_map(setup, map);
}

static void all_maps(const struct setup *setup, unsigned long nr)
{
	set_up(setup, nr);
	add_jobs(0, nr);
	try_maps(setup);
}

static void all_ranges(const struct setup *setup, unsigned long nr)
{
	unsigned long lo, hi;

	set_up(setup, nr);
	for (lo = 0; lo < nr; lo++) {
		for (hi = lo + 1; hi <= nr; hi++)
			add_jobs(lo, hi);
	}
	try_maps(setup);
}

/* A large budget: on so few pages the walk always comes to its end. */
static const struct setup walk_setup = { 3, 3, FUSE_ALWAYS, 0, 48, 48, 9 };

/* The walk's budget ends at once; the scan's never does. */
static const struct setup scan_setup = { 1, 3, FUSE_SOME, 120, 1, 48, 0 };

void test_walk_maps(void)
{
	all_maps(&walk_setup, 16);
	tap_note("%u requests on each map", nr_jobs);
}

void test_walk_ranges(void)
{
	all_ranges(&walk_setup, 10);
	tap_note("%u requests on each map", nr_jobs);
}

void test_scan_maps(void)
{
	all_maps(&scan_setup, 16);
}

void test_scan_ranges(void)
{
	all_ranges(&scan_setup, 10);
}

static const struct setup other_setups[] = {
	{ 2, 3, FUSE_SOME, 48, 48, 48, 9 },
	{ 0, 2, FUSE_NEVER, 124, 48, 48, 9 },
	{ 1, 1, FUSE_ALWAYS, 58, 48, 48, 9 },
	{ 4, 4, FUSE_ALWAYS, 0, 1, 1, 0 },
	{ 1, 2, FUSE_SOME, 32, 1, 48, 2 },
	{ 2, 4, FUSE_NEVER, 16, 2, 2, 1 },
	{ 0, 0, FUSE_ALWAYS, 16, 3, 1, 0 },
	{ 2, 3, FUSE_SOME, 120, 1, 2, 0, "....xxxxz.." },
	{ 3, 3, FUSE_ALWAYS, 120, 1, 1, 0, "zz..oooo..?" },
	{ 1, 3, FUSE_NEVER, 56, 2, 48, 1, "..xx..zzz.." },
	{ }
};

static void other_maps(unsigned long pages)
{
	const struct setup *setup;

	for (setup = other_setups; setup->first; setup++)
		all_maps(setup, pages);
}

static void other_ranges(unsigned long pages)
{
	const struct setup *setup;

	for (setup = other_setups; setup->first; setup++)
		all_ranges(setup, pages);
}

void test_small_maps(void)
{
	other_maps(8);
}

void test_small_ranges(void)
{
	other_ranges(6);
}

void test_maps(void)
{
	other_maps(11);
}

void test_ranges(void)
{
	other_ranges(7);
}

/* Minutes more: the other orders and budgets, with and without the map. */
void test_thorough(void)
{
	all_choices = true;
	other_maps(16);
}
