// SPDX-License-Identifier: GPL-2.0
/*
 * The gate refuses only where there is no place, and it does refuse: on all
 * maps of 14 pages, counted over those requests that have no place.
 *
 * That a search refused by the gate finds none is exhaustive.c's.
 */
#include "oracle.h"
#include "tap.h"
#include "tests.h"

#define PAGES	14

static struct memarea_space zone;
static unsigned long refused, hopeless;

static void ask(const struct memarea_spec *spec, unsigned long map)
{
	bool open = memarea_gate(&zone, spec);
	unsigned long place = oracle_find(&zone, spec);

	refused += !open;
	hopeless += place == MEMAREA_NO_PFN;
	if (open || place == MEMAREA_NO_PFN)
		return;
	tap_scene(map, &zone, spec);
	tap_fail("refused, but there is a place at %#lx", place);
}

static void ask_all(unsigned long map)
{
	struct memarea_spec s = { .hi = PAGES };

	for (s.nr = 1; s.nr <= PAGES; s.nr++) {
		s.align = 1;
		ask(&s, map);
		s.align = 4;
		ask(&s, map);
	}
}

static void all_maps(unsigned int merge, unsigned int max,
		     enum model_fusion fusion)
{
	unsigned long map, at;

	model_orders(merge, max);
	refused = 0;
	hopeless = 0;
	for (map = 0; map < 1UL << PAGES && !tap_failed(); map++) {
		model_init(&zone, 0, PAGES);
		zone.fusion = fusion;
		for (at = 0; at < PAGES; at++) {
			if (map >> at & 1)
				model_release(&zone, at, 1);
		}
		ask_all(map);
	}
	tap_note("merge %u, max %u: refused %lu of %lu without a place",
		 merge, max, refused, hopeless);
}

void test_gate(void)
{
	all_maps(3, 3, FUSE_ALWAYS);
	expect(refused > hopeless / 2, "gate: refused %lu of only %lu",
	       refused, hopeless);
	all_maps(1, 3, FUSE_NEVER);
	expect(refused > hopeless / 8, "gate: refused %lu of only %lu",
	       refused, hopeless);
	all_maps(1, 1, FUSE_ALWAYS);
	expect(refused > hopeless / 8, "gate: refused %lu of only %lu",
	       refused, hopeless);
}
