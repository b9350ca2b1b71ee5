// SPDX-License-Identifier: GPL-2.0
/*
 * memarea_bits_place() and memarea_bits_skip() against a look at every start:
 * all maps of few bits with every size, alignment, offset, boundary and upper
 * limit, and random larger ones.
 *
 * place finds the first legal start with ones behind it.  skip, which knows
 * whole blocks only, never steps over a legal start whose pages are all free;
 * it comes to the first that the blocks leave possible, or says that there is
 * none.  Again a search may go on as often as it likes; then skip may get
 * further, for each time it begins at a legal start.  And again others write
 * meanwhile, but not to one area, which is not stepped over.
 */
#include "dice.h"
#include "map.h"
#include "shapes.h"
#include "tap.h"
#include "tests.h"

#define UNLIMITED	100000L
#define MANY_CALLS	10000

static struct level pages, blocks;
static unsigned int row[LEVEL_BITS + 1];	/* of ones, from each page on */

typedef bool (*mover)(const struct memarea_bits *bits,
		      const struct memarea_spec *spec, unsigned long *start,
		      long *budget);

/* Where @move comes to from @start, @words at a time, but never beyond @last. */
static unsigned long moved(mover move, const struct level *level,
			   const struct memarea_spec *spec,
			   unsigned long start, long words, unsigned long last)
{
	unsigned int calls = 0;
	bool done;

	do {
		unsigned long from = start;
		long budget = words;

		done = move(&level->bits, spec, &start, &budget);
		expect(start >= from && start <= last,
		       "from %#lx to %#lx, beyond %#lx", from, start, last);
		expect(done || budget <= 0, "budget of %ld left", budget);
	} while (!done && ++calls < MANY_CALLS && !tap_failed());
	expect(calls < MANY_CALLS, "does not end at %#lx", start);
	return start;
}

/* The first legal start at or above @from whose bits are all ones. */
static unsigned long first_place(const struct memarea_spec *spec,
				 unsigned long from)
{
	unsigned long at, end = pages.bits.nr * BITS_PER_SECTION;

	for (at = from; at < end; at++) {
		if (row[at] >= spec->nr && oracle_legal(spec, at))
			return at;
	}
	return MEMAREA_NO_PFN;
}

static void complain(const char *what, const struct memarea_spec *spec,
		     unsigned long from, long words, unsigned long got,
		     unsigned long want)
{
	tap_fail("%s(nr %lu align %lu+%lu boundary %lu hi %lu) is %#lx, expected %#lx",
		 what, spec->nr, spec->align, spec->offset, spec->boundary,
		 spec->hi, got, want);
	tap_note("order %u, from %lu, %ld words", blocks.bits.order, from,
		 words);
}

static void try_place(const struct memarea_spec *spec, unsigned long from,
		      long words)
{
	unsigned long want = first_place(spec, from), got;

	got = moved(memarea_bits_place, &pages, spec, from, words, want);
	if (got != want)
		complain("place", spec, from, words, got, want);
}

/* How many whole blocks are in an area at @start; the first one in @first. */
static unsigned long whole_blocks(unsigned long start, unsigned long nr,
				  unsigned long *first)
{
	unsigned long size = 1UL << blocks.bits.order, whole = 0;

	for (*first = start; *first % size; )
		(*first)++;
	while (*first + (whole + 1) * size <= start + nr)
		whole++;
	*first /= size;
	return whole;
}

/* How many there are in an area whose start is the worst. */
static unsigned long sure_blocks(const struct memarea_spec *spec)
{
	unsigned long start, first, sure = MEMAREA_NO_PFN;

	for (start = 0; start < 1UL << blocks.bits.order; start++)
		sure = min(sure, whole_blocks(start, spec->nr, &first));
	return sure;
}

/* The first block, from that of @start on, of so many in a row below the end. */
static unsigned long row_of_blocks(const struct memarea_spec *spec,
				   unsigned long start, unsigned long sure)
{
	unsigned long first, row = 0;

	whole_blocks(start, 0, &first);
	for (; (first + 1) << blocks.bits.order <= spec->hi; first++) {
		row = level_read(&blocks, first) ? row + 1 : 0;
		if (row == sure)
			return first + 1 - sure;
		if (first >= blocks.bits.nr * BITS_PER_SECTION)
			break;
	}
	return MEMAREA_NO_PFN;
}

/* The first legal start of an area that such a row may be the start of. */
static unsigned long first_chance(const struct memarea_spec *spec,
				  unsigned long start)
{
	unsigned long sure = sure_blocks(spec), row, first;

	if (!sure)
		return start;
	row = row_of_blocks(spec, start, sure);
	if (row == MEMAREA_NO_PFN)
		return row;
	for (; ; start++) {
		whole_blocks(start, 0, &first);
		if (first >= row && oracle_placed(spec, start))
			return start;
	}
}

static void try_skip(const struct memarea_spec *spec, unsigned long from,
		     long words)
{
	unsigned long start = oracle_place_low(spec, from, from + 1024);
	unsigned long want = first_chance(spec, start), got;

	got = moved(memarea_bits_skip, &blocks, spec, start, words,
		    first_place(spec, start));
	if (got < want || (got > want && words == UNLIMITED))
		complain("skip", spec, start, words, got, want);
}

static void try_both(const struct memarea_spec *spec, unsigned long from,
		     long words)
{
	if (!memarea_spec_feasible(spec))
		return;
	try_place(spec, from, words);
	try_skip(spec, from, words);
}

/* Once the pages are written: a block is a one if all of its pages are. */
static void write_blocks(unsigned int order, unsigned long nr)
{
	unsigned long block;

	level_count(&pages, row);
	level_init(&blocks, order, nr >> order);
	for (block = 0; block < nr >> order; block++)
		level_write(&blocks, block, row[block << order] >> order);
}

/* A section ends among these pages, and a block of each order. */
static void write_map(uint32_t map)
{
	unsigned int i;

	level_init(&pages, 0, 256);
	for (i = 0; i < 10; i++)
		level_write(&pages, 122 + i, map >> i & 1);
}

static void try_map(uint32_t map, unsigned int order)
{
	const struct shapes last = { .nr = 10, .align = 8, .boundary = 16 };
	struct memarea_spec spec = { };

	write_map(map);
	write_blocks(order, 256);
	first_shape(&spec);
	do {
		unsigned long from = 118 + (map + spec.nr + spec.offset) % 12;

		spec.hi = 256;
		try_both(&spec, from, map & 1 ? 1 : UNLIMITED);
		spec.hi = 125 + (map ^ spec.nr) % 8;
		try_both(&spec, from, UNLIMITED);
	} while (next_shape(&spec, &last) && !tap_failed());
}

void test_places(void)
{
	uint32_t map;

	for (map = 0; map < 1U << 10 && !tap_failed(); map++)
		try_map(map, map % 5 % 4);
}

static void random_map(struct dice *dice, unsigned long nr)
{
	unsigned long mean = 1 + pick(dice, 100), pos;
	bool one = false;

	level_init(&pages, 0, nr);
	for (pos = 0; pos < nr; pos++) {
		if (!pick(dice, mean))
			one = pick(dice, 4);
		if (one)
			level_write(&pages, pos, true);
	}
}

static void random_spec(struct dice *dice, struct memarea_spec *spec,
			unsigned long nr)
{
	*spec = (struct memarea_spec) {
		.nr = 1 + pick(dice, 1 + pick(dice, 400)),
		.align = 1UL << pick(dice, 6),
		.hi = pick(dice, 4) ? MEMAREA_NO_PFN : pick(dice, nr),
	};
	if (!pick(dice, 2))
		spec->offset = pick(dice, spec->align);
	if (!pick(dice, 3))
		spec->boundary = 1UL << pick(dice, 10);
}

void test_random_places(void)
{
	unsigned long seed, i, nr;
	struct memarea_spec spec;
	struct dice dice;

	for (seed = 1; seed <= 2000 && !tap_failed(); seed++) {
		dice_init(&dice, seed);
		nr = 200 + pick(&dice, 1500);
		random_map(&dice, nr);
		write_blocks(pick(&dice, 6), nr);
		for (i = 0; i < 20; i++) {
			random_spec(&dice, &spec, nr);
			try_both(&spec, pick(&dice, nr),
				 pick(&dice, 3) ? 1 + pick(&dice, 9) : UNLIMITED);
		}
	}
}

static void random_safe(struct dice *dice, struct memarea_spec *spec,
			unsigned long *safe)
{
	do {
		random_spec(dice, spec, 2000);
		spec->hi = MEMAREA_NO_PFN;
	} while (!memarea_spec_feasible(spec));
	*safe = memarea_place_low(spec, pick(dice, 600));
	random_map(dice, 4096);
	level_ones(&pages, *safe, *safe + spec->nr);
	write_blocks(pick(dice, 6), 4096);
}

static void disturbed_places(struct dice *dice)
{
	unsigned long safe, whole, first, start;
	struct memarea_spec spec;

	random_safe(dice, &spec, &safe);
	start = memarea_place_low(&spec, 0);
	whole = whole_blocks(safe, spec.nr, &first);
	level_disturb(&blocks, first, first + whole, dice);
	moved(memarea_bits_skip, &blocks, &spec, start, 1 + pick(dice, 3), safe);
	level_disturb(&pages, safe, safe + spec.nr, dice);
	moved(memarea_bits_place, &pages, &spec, start, 1 + pick(dice, 3), safe);
	level_calm();
}

void test_disturbed_places(void)
{
	unsigned long seed;
	struct dice dice;

	for (seed = 1; seed <= 3000 && !tap_failed(); seed++) {
		dice_init(&dice, seed);
		disturbed_places(&dice);
	}
}
