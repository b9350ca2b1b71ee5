// SPDX-License-Identifier: GPL-2.0
/*
 * What the random tests draw: orders, zones with holes and foreign pages,
 * maps, requests, and what others do meanwhile.  The same seed gives the same
 * draws on 32 and 64 bits.
 */
#include "dice.h"

void dice_init(struct dice *dice, unsigned long seed)
{
	dice->state = seed * 2654435761ULL + 88172645463325252ULL;
	pick(dice, 1);
	pick(dice, 1);
}

/* Small orders, so that corners are near; merge <= max. */
void dice_orders(struct dice *dice)
{
	unsigned int max = pick(dice, 5);

	model_orders(pick(dice, max + 1), max);
}

/* Another zone has pages at one end of a pageblock, never at both. */
static void dice_foreign(struct dice *dice, struct memarea_space *sp,
			 unsigned long at, unsigned long size)
{
	unsigned long nr = 1 + pick(dice, size);

	if (at + size <= sp->nr)
		model_mark(sp, sp->base + at + pick(dice, 2) * (size - nr), nr,
			   PAGE_FOREIGN);
}

/* Types by pageblock, holes by chunk, some pages that are nobody's. */
void dice_zone(struct dice *dice, struct memarea_space *sp, unsigned long base,
	       unsigned long nr)
{
	unsigned long at;

	model_init(sp, base, nr);
	sp->fusion = pick(dice, NR_FUSIONS);
	for (at = 0; at < nr; at++) {
		if (!pick(dice, 2))
			sp->type[at] = TYPE_B;
		if (!pick(dice, 8))
			sp->type[at] = TYPE_SHUT;
		if (!pick(dice, 60))
			sp->state[at] = PAGE_QUIET;
	}
	for (at = 0; at < nr; at += 1UL << model_merge_order) {
		if (!pick(dice, 16))
			dice_foreign(dice, sp, at, 1UL << model_merge_order);
	}
	for (at = 0; at + MODEL_CHUNK <= nr; at += MODEL_CHUNK) {
		if (!pick(dice, 24))
			model_mark(sp, base + at, MODEL_CHUNK, PAGE_HOLE);
	}
}

/* About so many percent of the used pages become free, in small runs. */
void dice_map(struct dice *dice, struct memarea_space *sp,
	      unsigned int percent)
{
	bool on = false;
	unsigned long at;

	for (at = 0; at < sp->nr; at++) {
		sp->tail = pick(dice, 2);
		if (!pick(dice, 4))
			on = pick(dice, 100) < percent;
		if (on && sp->state[at] == PAGE_USED)
			model_release(sp, sp->base + at, 1);
	}
}

static unsigned long dice_power(struct dice *dice, unsigned int orders)
{
	return 1UL << pick(dice, orders);
}

static unsigned long dice_size(struct dice *dice, unsigned long nr)
{
	if (pick(dice, 8))
		nr = min(nr, 12UL);
	return 1 + pick(dice, nr);
}

/* Any request within the zone; not always a feasible one. */
void dice_spec(struct dice *dice, struct memarea_spec *spec,
	       const struct memarea_space *sp)
{
	*spec = (struct memarea_spec) {
		.nr = dice_size(dice, sp->nr),
		.align = pick(dice, 2) ? dice_power(dice, 6) : 1,
		.lo = sp->base,
		.hi = sp->base + sp->nr,
	};
	if (!pick(dice, 3))
		spec->offset = pick(dice, spec->align);
	if (!pick(dice, 3))
		spec->boundary = dice_power(dice, 7);
	if (!pick(dice, 4))
		spec->lo += pick(dice, sp->nr);
	if (!pick(dice, 4))
		spec->hi -= pick(dice, sp->nr);
}

/* Somebody else takes or frees a page, or takes a block. */
static void other_moves(struct dice *dice, struct memarea_space *sp)
{
	unsigned long at = pick(dice, sp->nr);

	sp->tail = pick(dice, 2);
	if (sp->state[at] == PAGE_FREE)
		model_grab(sp, sp->base + at);
	else if (sp->state[at] == PAGE_USED)
		model_free(sp, sp->base + at, 0);
	else
		model_alloc(sp, pick(dice, model_max_order + 1));
}

void dice_others(struct dice *dice, struct memarea_space *sp,
		 unsigned int moves)
{
	while (moves--)
		other_moves(dice, sp);
}
