// SPDX-License-Identifier: GPL-2.0
/*
 * How long does it take to find out where an area can be, or that it cannot be?
 * Four ways of looking at the same zone:
 *
 *	memmap	each struct page in turn, as mainline tests them, counting free
 *		ones
 *	list	runs.c: the free lists, then the PFNs, from windows' ends down
 *	pages	bits.c: a bit for each page
 *	blocks	bits.c: a bit for each block of order 9; this one says no more
 *		than where the search may begin, or that there is no area
 *
 * Requests are measured that fit in the zone's last half or not at all; the
 * four take turns, and their answers must agree.  One CPU, no lock, nothing is
 * taken.  The output is CSV, a line for each measurement; the answer is a PFN,
 * or -1.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "zone.h"

#define ROUNDS		9
#define ENOUGH_US	400000.0	/* then five rounds will do */

struct search {
	const char *name;
	unsigned long (*find)(struct zone *zone,
			      const struct memarea_spec *spec);
	bool needs_frames;
};

/* What pfn_range_valid_contig() asks of a page, and whether it is free. */
static bool page_is_free(const struct zone *zone, unsigned long pfn)
{
	const struct frame *frame = zone_frame(zone, pfn);
	unsigned long flags;

	if (!frame)
		return false;
	flags = READ_ONCE(frame->flags);
	if (flags >> FRAME_ZONE_SHIFT != FRAME_ZONE || flags & FRAME_RESERVED)
		return false;
	return !frame_is_huge(frame) && !READ_ONCE(frame->refcount);
}

static unsigned long find_in_memmap(struct zone *zone,
				    const struct memarea_spec *spec)
{
	unsigned long pfn, length = 0;

	for (pfn = spec->lo; pfn < spec->hi; pfn++) {
		length = page_is_free(zone, pfn) ? length + 1 : 0;
		if (length == spec->nr)
			return pfn + 1 - length;
	}
	return MEMAREA_NO_PFN;
}

static unsigned long find_in_lists(struct zone *zone,
				   const struct memarea_spec *spec)
{
	struct memarea_find find;

	memarea_find_init(&find, spec);
	while (memarea_find_step(&zone->space, spec, &find))
		;
	return find.stage == MEMAREA_FOUND ? find.start : MEMAREA_NO_PFN;
}

static unsigned long find_in_pages(struct zone *zone,
				   const struct memarea_spec *spec)
{
	unsigned long start = spec->lo;
	long budget;

	do {
		budget = MEMAREA_MAP_WORDS;
	} while (!memarea_bits_place(&zone->pages, spec, &start, &budget));
	return start;
}

static unsigned long find_in_blocks(struct zone *zone,
				    const struct memarea_spec *spec)
{
	unsigned long start = spec->lo;
	long budget;

	do {
		budget = MEMAREA_MAP_WORDS;
	} while (!memarea_bits_skip(&zone->blocks, spec, &start, &budget));
	return start;
}

static const struct search searches[] = {
	{ "memmap", find_in_memmap, .needs_frames = true },
	{ "list", find_in_lists, .needs_frames = true },
	{ "pages", find_in_pages },
	{ "blocks", find_in_blocks },
	{ }
};

static double now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

/* Any run will do for the list, which takes the smallest. */
static bool is_place(const struct zone *zone, const struct memarea_spec *spec,
		     unsigned long start)
{
	struct memarea_spec there = *spec;
	long budget = 1L << 40;

	there.lo = start;
	return memarea_bits_place(&zone->pages, &there, &there.lo, &budget) &&
	       there.lo == start;
}

static bool agrees(const struct zone *zone, const struct search *search,
		   const struct memarea_spec *spec, unsigned long got,
		   unsigned long want)
{
	if (search->find == find_in_blocks)
		return got <= want;
	if (search->find == find_in_lists && want != MEMAREA_NO_PFN)
		return is_place(zone, spec, got);
	return got == want;
}

static double measure(struct zone *zone, const struct search *search,
		      const char *map, const struct memarea_spec *spec,
		      unsigned long want)
{
	double begin = now_us(), us;
	unsigned long got = search->find(zone, spec);

	us = now_us() - begin;
	if (!agrees(zone, search, spec, got, want)) {
		fprintf(stderr, "%s, %s, %lu pages: %ld, expected %ld\n",
			search->name, map, spec->nr, got, want);
		exit(1);
	}
	printf("%lu,%s,%lu,%s,%.3f,%ld\n", spec->hi / PAGES_PER_GIB, map,
	       spec->nr, search->name, us, got);
	return us;
}

static double measure_all(struct zone *zone, const char *map,
			  const struct memarea_spec *spec, unsigned long want)
{
	const struct search *search;
	double us = 0;

	for (search = searches; search->name; search++) {
		if (zone->space.frames || !search->needs_frames)
			us += measure(zone, search, map, spec, want);
	}
	return us;
}

static void ask(struct zone *zone, const char *map, unsigned long nr)
{
	struct memarea_spec spec = {
		.nr = nr, .align = 1, .hi = zone->space.nr,
	};
	unsigned long want = find_in_pages(zone, &spec);
	unsigned int round;
	double us = 0;

	if (want < spec.hi / 2)
		return;
	for (round = 0; round < ROUNDS; round++) {
		us += measure_all(zone, map, &spec, want);
		if (round >= 4 && us > ENOUGH_US)
			break;
	}
	fflush(stdout);
}

static void ask_all(unsigned long gib)
{
	static const unsigned long sizes[] = {
		3, 60, 100, 1023, 4096, 40000, 0
	};
	static struct zone zone;
	const struct picture *picture;
	unsigned int i;

	zone_create(&zone, gib);
	for (picture = pictures; picture->name; picture++) {
		zone_draw(&zone, picture);
		for (i = 0; sizes[i]; i++)
			ask(&zone, picture->name, sizes[i]);
	}
	zone_destroy(&zone);
}

/* Arguments: sizes of zones in GiB. */
int main(int argc, char **argv)
{
	int i;

	printf("gib,map,pages,search,us,answer\n");
	for (i = 1; i < argc; i++)
		ask_all(strtoul(argv[i], NULL, 0));
	return 0;
}
