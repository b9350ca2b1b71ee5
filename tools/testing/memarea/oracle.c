// SPDX-License-Identifier: GPL-2.0
/*
 * The naive answers, by looking at every start and at every page.
 *
 * Nothing here is shared with runs.c: no closed form, no block, no list, and
 * sums are made in a type twice as wide.  What is written here can be checked
 * by reading it.
 */
#include "oracle.h"

static bool crosses(const struct memarea_spec *spec, unsigned long start)
{
	wide first = start, last = first + spec->nr - 1;

	return spec->boundary &&
	       first / spec->boundary != last / spec->boundary;
}

/* Aligned, at its offset, within one boundary, without an overflow. */
bool oracle_placed(const struct memarea_spec *spec, unsigned long start)
{
	if ((wide)start + spec->nr > MEMAREA_NO_PFN)
		return false;
	return start % spec->align == spec->offset && !crosses(spec, start);
}

bool oracle_legal(const struct memarea_spec *spec, unsigned long start)
{
	return oracle_placed(spec, start) && start >= spec->lo &&
	       (wide)start + spec->nr <= spec->hi;
}

/* The first start in [from, limit] that is placed well. */
unsigned long oracle_place_low(const struct memarea_spec *spec,
			       unsigned long from, unsigned long limit)
{
	wide start;

	for (start = from; start <= limit; start++) {
		if (oracle_placed(spec, start))
			return start;
	}
	return MEMAREA_NO_PFN;
}

/* The last start at or above @from of an area that ends by @end. */
unsigned long oracle_place_high(const struct memarea_spec *spec,
				unsigned long from, unsigned long end)
{
	unsigned long start = end;

	while (start-- > from) {
		if (oracle_placed(spec, start) && (wide)start + spec->nr <= end)
			return start;
	}
	return MEMAREA_NO_PFN;
}

bool oracle_feasible(const struct memarea_spec *spec)
{
	unsigned long start;

	for (start = spec->lo; spec->nr && start < spec->hi; start++) {
		if (oracle_legal(spec, start))
			return true;
	}
	return false;
}

bool oracle_free(const struct memarea_space *sp, unsigned long pfn)
{
	return model_has(sp, pfn) && model_takeable(sp, pfn - sp->base);
}

/* The first legal start whose pages are all free. */
unsigned long oracle_find(const struct memarea_space *sp,
			  const struct memarea_spec *spec)
{
	unsigned long at, length = 0;

	for (at = sp->nr; at--; ) {
		length = oracle_free(sp, sp->base + at) ? length + 1 : 0;
		if (length >= spec->nr && oracle_legal(spec, sp->base + at))
			return sp->base + at;
	}
	return MEMAREA_NO_PFN;
}

/* The first run in [from, end), cut off at both; empty if there is none. */
struct memarea_run oracle_next_run(const struct memarea_space *sp,
				   unsigned long from, unsigned long end)
{
	struct memarea_run run;

	while (from < end && !oracle_free(sp, from))
		from++;
	run = (struct memarea_run) { .start = from, .end = from };
	while (run.end < end && oracle_free(sp, run.end))
		run.end++;
	return run;
}

/* The whole run that holds @pfn, which is free. */
struct memarea_run oracle_run_at(const struct memarea_space *sp,
				 unsigned long pfn)
{
	struct memarea_run run = { .start = pfn, .end = pfn };

	while (oracle_free(sp, run.start - 1))
		run.start--;
	while (oracle_free(sp, run.end))
		run.end++;
	return run;
}

unsigned long oracle_largest(const struct memarea_space *sp)
{
	unsigned long at, length = 0, largest = 0;

	for (at = 0; at < sp->nr; at++) {
		length = oracle_free(sp, sp->base + at) ? length + 1 : 0;
		if (length > largest)
			largest = length;
	}
	return largest;
}

/* The order of the largest aligned block, up to @limit, in [start, end). */
unsigned int oracle_block_in(unsigned long start, unsigned long end,
			     unsigned int limit)
{
	unsigned int order, best = 0;
	unsigned long pfn;

	for (order = 0; order <= limit; order++) {
		for (pfn = start; pfn + (1UL << order) <= end; pfn++) {
			if (pfn % (1UL << order) == 0)
				best = order;
		}
	}
	return best;
}

/* How often is a block halved until one of its parts begins at @inside? */
unsigned int oracle_splits(unsigned int order, unsigned long inside)
{
	unsigned int splits = 0;

	while (inside) {
		unsigned long half = 1UL << --order;

		if (inside >= half)
			inside -= half;
		splits++;
	}
	return splits;
}
