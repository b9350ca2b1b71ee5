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
 * Requests that have no place are place.c's; what others do meanwhile is
 * interfere.c's.  Maps of 16 pages take a program without sanitizers, or
 * much time.
 */
#include "shapes.h"
#include "tap.h"
#include "tests.h"

#define MAX_JOBS	16384
#define MANY_STEPS	1000

/* One request and the starts that it allows, as bits. */
struct job {
	struct memarea_spec spec;
	uint32_t legal;
};

/*
 * How the model is set up, and the budgets: of the first step, of the others,
 * and of the single blocks that the first one tries in the end.
 */
struct setup {
	unsigned int merge, max;
	enum model_fusion fusion;
	unsigned long base;
	int first, others;
	unsigned int single;
};

static struct job jobs[MAX_JOBS];
static unsigned int nr_jobs;
static struct memarea_space zone;

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

static void set_up(const struct setup *setup, unsigned long nr)
{
	model_orders(setup->merge, setup->max);
	model_init(&zone, setup->base, nr);
	zone.fusion = setup->fusion;
	nr_jobs = 0;
}

static void set_map(uint32_t map)
{
	enum model_fusion fusion = zone.fusion;
	unsigned long at;

	model_init(&zone, zone.base, zone.nr);
	zone.fusion = fusion;
	zone.tail = map & 1;
	for (at = 0; at < zone.nr; at++) {
		if (map >> at & 1)
			model_release(&zone, zone.base + at, 1);
	}
}

static uint32_t pages_in(enum model_state state)
{
	uint32_t mask = 0;
	unsigned long at;

	for (at = 0; at < zone.nr; at++)
		mask |= (uint32_t)(zone.state[at] == state) << at;
	return mask;
}

/* Bit s of starts[n]: the pages [s, s + n) are all in @map. */
static void free_starts(uint32_t map, uint32_t *starts)
{
	unsigned int n;

	starts[0] = ~0U;
	for (n = 1; n <= zone.nr; n++)
		starts[n] = starts[n - 1] & (map >> (n - 1));
}

static void search(const struct setup *setup, const struct job *job,
		   struct memarea_find *find)
{
	unsigned int steps = 0;

	model_step(&zone);
	memarea_find_init(find, &job->spec);
	model_budgets(setup->first, setup->single);
	while (memarea_find_step(&zone, &job->spec, find) &&
	       ++steps < MANY_STEPS)
		model_search_blocks = setup->others;
}

static const char *wrong_find(const struct job *job,
			      const struct memarea_find *find, uint32_t map,
			      uint32_t good)
{
	unsigned long at = find->start - zone.base;
	uint32_t area;

	if (find->stage != MEMAREA_FOUND)
		return "did not end";
	if (at >= zone.nr || !(good >> at & 1))
		return "found what is not legal or not free";
	area = ((1U << job->spec.nr) - 1) << at;
	if (pages_in(PAGE_HELD) != area || pages_in(PAGE_FREE) != (map & ~area))
		return "took or lost other pages";
	return model_valid(&zone) ? NULL : "left a broken structure";
}

static const char *wrong_none(const struct memarea_find *find, uint32_t map,
			      uint32_t good)
{
	if (good)
		return "found none";
	if (memarea_find_owned(find) || pages_in(PAGE_FREE) != map)
		return "found none, but took pages";
	if (zone.calls.taken || zone.calls.put)
		return "took pages on the way to none";
	return NULL;
}

static void complain(const char *what, const struct memarea_find *find,
		     const struct job *job, uint32_t map, uint32_t good)
{
	set_map(map);
	tap_scene(map, &zone, &job->spec);
	tap_fail("%s: stage %d start %#lx, places at bits %#x", what,
		 find->stage, find->start, good);
}

static void try_job(const struct setup *setup, const struct job *job,
		    uint32_t map, uint32_t good)
{
	struct memarea_find find;
	const char *wrong;

	search(setup, job, &find);
	if (find.stage == MEMAREA_NONE)
		wrong = wrong_none(&find, map, good);
	else
		wrong = wrong_find(job, &find, map, good);
	if (wrong)
		complain(wrong, &find, job, map, good);
	else if (find.stage == MEMAREA_FOUND)
		model_release(&zone, find.start, job->spec.nr);
}

static void try_map(const struct setup *setup, uint32_t map)
{
	uint32_t starts[32];
	unsigned int i;

	set_map(map);
	free_starts(map, starts);
	for (i = 0; i < nr_jobs && !tap_failed(); i++)
		try_job(setup, &jobs[i], map,
			jobs[i].legal & starts[jobs[i].spec.nr]);
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
static const struct setup scan_setup = { 1, 3, FUSE_SOME, 48, 1, 48, 0 };

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
	{ 0, 2, FUSE_NEVER, 16, 48, 48, 9 },
	{ 1, 1, FUSE_ALWAYS, 32, 48, 48, 9 },
	{ 4, 4, FUSE_ALWAYS, 0, 1, 1, 0 },
	{ 1, 2, FUSE_SOME, 32, 1, 48, 2 },
	{ 2, 4, FUSE_NEVER, 16, 2, 2, 1 },
	{ 0, 0, FUSE_ALWAYS, 16, 3, 1, 0 },
	{ }
};

void test_maps(void)
{
	const struct setup *setup;

	for (setup = other_setups; setup->first; setup++)
		all_maps(setup, 11);
}

void test_ranges(void)
{
	const struct setup *setup;

	for (setup = other_setups; setup->first; setup++)
		all_ranges(setup, 7);
}

/* Half a minute more: the other orders and budgets. */
void test_thorough(void)
{
	const struct setup *setup;

	for (setup = other_setups; setup->first; setup++)
		all_maps(setup, 16);
}
