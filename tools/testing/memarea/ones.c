// SPDX-License-Identifier: GPL-2.0
/*
 * memarea_bits_next() against a look at every bit: all maps of few bits, each
 * placed across the end of a word and of a section, with all lengths, starts
 * and ends; the same with each bit drawn out, for lengths above a word; and
 * random maps.  A search that goes on after its budget has ended gets on with
 * every call, steps over no run and comes to the answer of one call.
 *
 * Last, others write between any two reads: a run that nobody touches is
 * found, or one before it.
 */
#include "dice.h"
#include "map.h"
#include "tap.h"
#include "tests.h"

#define UNLIMITED	100000L
#define BITS		4000UL

static struct level level;
static unsigned int row[LEVEL_BITS + 1];	/* of ones, from each bit on */

/* The first of @nr ones in a row in [@pos, @end), or MEMAREA_NO_PFN. */
static unsigned long first_ones(unsigned long pos, unsigned long end,
				unsigned long nr)
{
	end = min(end, level.bits.nr * BITS_PER_SECTION);
	for (; pos < end && end - pos >= nr; pos++) {
		if (row[pos] >= nr)
			return pos;
	}
	return MEMAREA_NO_PFN;
}

static void complain(const char *what, unsigned long pos, unsigned long end,
		     unsigned long nr, long budget, unsigned long got,
		     unsigned long want)
{
	tap_fail("%lu ones in [%lu, %lu), budget %ld: %s %lu, expected %lu",
		 nr, pos, end, budget, what, got, want);
}

/* Two calls get on by a word or by the run's length, whichever is longer. */
static long most_calls(unsigned long pos, unsigned long end)
{
	return pos < end ? 2 * (end - pos) / BITS_PER_LONG + 3 : 3;
}

static void try_ones(unsigned long pos, unsigned long end, unsigned long nr,
		     long words, unsigned long want)
{
	long calls = most_calls(pos, end), budget;
	unsigned long at = pos, from;
	bool found;

	do {
		budget = words;
		from = at;
		found = memarea_bits_next(&level.bits, &at, end, nr, &budget);
		if (at > want)
			complain("stepped to", pos, end, nr, words, at, want);
		if (!found && budget <= 0 && (at <= from || !--calls))
			complain("stays at", pos, end, nr, words, at, want);
	} while (!found && budget <= 0 && !tap_failed());
	if (!found)
		at = MEMAREA_NO_PFN;
	if (at != want)
		complain("found", pos, end, nr, words, at, want);
}

/* Bit s of starts[n]: the bits [s, s + n) of @map are ones. */
static unsigned long lowest_start(uint32_t starts, unsigned long from)
{
	starts &= ~0U << from;
	return starts ? __ffs(starts) : MEMAREA_NO_PFN;
}

/* All starts and ends; the budget is one word in every other case. */
static void try_length(unsigned long offset, unsigned int bits,
		       unsigned int nr, uint32_t starts)
{
	unsigned long from, end, at;

	for (from = 0; from <= bits; from++) {
		at = lowest_start(starts, from);
		for (end = from; end <= bits + 1; end++) {
			bool fits = at != MEMAREA_NO_PFN && at + nr <= end;

			try_ones(offset + from, offset + end, nr,
				 (from ^ nr) & 1 ? 1 : UNLIMITED,
				 fits ? offset + at : MEMAREA_NO_PFN);
		}
	}
}

static void write_map(unsigned long offset, unsigned int bits,
		      unsigned long each, uint32_t map)
{
	unsigned long i;

	level_init(&level, 0, BITS);
	for (i = 0; i < bits * each; i++)
		level_write(&level, offset + i, map >> i / each & 1);
}

static void all_ones(unsigned long offset, unsigned int bits)
{
	uint32_t map, starts;
	unsigned int nr;

	for (map = 0; map < 1U << bits && !tap_failed(); map++) {
		write_map(offset, bits, 1, map);
		starts = ~0U;
		for (nr = 1; nr <= bits + 1; nr++) {
			starts &= map >> (nr - 1);
			try_length(offset, bits, nr, starts);
		}
	}
}

/* Across the end of 32 bits, of 64, of a section; alone and among zeros. */
void test_ones(void)
{
	static const unsigned long offsets[] = { 0, 27, 32, 59, 123, 128, 251 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(offsets); i++)
		all_ones(offsets[i], 11);
}

void test_map_ones(void)
{
	all_ones(120, 16);
}

/* The bits around the place where @bit begins, of which each is @each bits. */
static unsigned long near(unsigned long bit, unsigned long each, unsigned int i)
{
	return bit * each + i % 3 - (bit ? 1 : 0);
}

static void try_drawn(unsigned long offset, unsigned int bits,
		      unsigned long each, unsigned long nr)
{
	unsigned long last = offset + bits * each, i;

	for (i = 0; i < 3 * bits && !tap_failed(); i++) {
		unsigned long from = offset + near(i / 3, each, i);
		unsigned long at = first_ones(from, last, nr);

		try_ones(from, last + 1, nr, 1 + i % 4, at);
		try_ones(from, last, nr, UNLIMITED, at);
		if (at == MEMAREA_NO_PFN)
			continue;
		try_ones(from, at + nr, nr, 1, at);
		try_ones(from, at + nr - 1, nr, 1, MEMAREA_NO_PFN);
	}
}

/* All maps of bits that are drawn out, lengths just below and above them. */
static void draw_out(unsigned long offset, unsigned int bits,
		     unsigned long each)
{
	uint32_t map;
	unsigned int i;

	for (map = 0; map < 1U << bits && !tap_failed(); map++) {
		write_map(offset, bits, each, map);
		level_count(&level, row);
		for (i = 3; i < 3 * (bits + 1); i++)
			try_drawn(offset, bits, each, near(i / 3, each, i));
	}
}

void test_long_ones(void)
{
	draw_out(61, 9, 13);
	draw_out(3, 7, 43);
	draw_out(100, 6, 128);
}

void test_map_long_ones(void)
{
	draw_out(61, 12, 13);
	draw_out(0, 10, 64);
}

/* Runs of ones and of zeros, about @mean long. */
static void random_map(struct dice *dice, unsigned long nr)
{
	unsigned long mean = 1 + pick(dice, 1 + pick(dice, 300)), pos;
	unsigned int ones = 1 + pick(dice, 9);
	bool one = false;

	level_init(&level, 0, nr);
	for (pos = 0; pos < nr; pos++) {
		if (!pick(dice, mean))
			one = pick(dice, 10) < ones;
		if (one)
			level_write(&level, pos, true);
	}
}

static void random_ones(struct dice *dice)
{
	static const long budgets[] = { 1, 2, 3, 7, UNLIMITED };
	unsigned long pos = pick(dice, BITS), end = pos + pick(dice, BITS);
	unsigned long nr = 1 + pick(dice, 1 + pick(dice, 700));
	unsigned long want = first_ones(pos, end, nr);

	try_ones(pos, end, nr, budgets[pick(dice, 5)], want);
}

/* The only run there is, at each place of a section and of all lengths. */
static void try_run(unsigned long at, unsigned long nr)
{
	unsigned long pos = 0;
	long budget = UNLIMITED;
	bool found;

	level_init(&level, 0, BITS);
	level_ones(&level, at, at + nr);
	found = memarea_bits_next(&level.bits, &pos, BITS, nr, &budget);
	expect(found && pos == at, "%lu ones at %lu: found at %lu", nr, at, pos);
	pos = 0;
	found = memarea_bits_next(&level.bits, &pos, BITS, nr + 1, &budget);
	expect(!found, "%lu ones at %lu: one more found", nr, at);
}

void test_one_run(void)
{
	unsigned long at, nr;

	for (nr = 1; nr < 3 * BITS_PER_LONG; nr++) {
		for (at = 0; at <= BITS_PER_SECTION; at++)
			try_run(at, nr);
	}
}

void test_random_ones(void)
{
	unsigned long seed, i;
	struct dice dice;

	for (seed = 1; seed <= 3000 && !tap_failed(); seed++) {
		dice_init(&dice, seed);
		random_map(&dice, BITS - pick(&dice, 300));
		level_count(&level, row);
		for (i = 0; i < 10; i++)
			random_ones(&dice);
	}
}

static unsigned long reads;

static void count_read(void)
{
	reads++;
}

/* A word takes two reads at most: where its section is, and what is in it. */
static unsigned long words_read(unsigned long pos, unsigned long nr,
				long budget, bool want)
{
	bool found;

	reads = 0;
	model_on_read = count_read;
	found = memarea_bits_next(&level.bits, &pos, BITS, nr, &budget);
	model_on_read = NULL;
	expect(found == want, "%lu ones found: %d", nr, found);
	return reads / 2;
}

/* Bits of two sorts in turn, so that all sections are there. */
static void check_budget(unsigned long nr, long budget)
{
	unsigned long words;

	words = words_read(0, nr, budget, false);
	expect(words <= budget + 2, "%lu words for %lu ones, budget %ld",
	       words, nr, budget);
}

/* Of zeros, one word in @nr bits is read; of ones, each word once. */
static void check_long(unsigned long nr)
{
	unsigned long words;

	level_init(&level, 0, BITS);
	words = words_read(0, nr, UNLIMITED, false);
	expect(words <= BITS / nr, "%lu words of zeros for %lu ones", words, nr);
	level_ones(&level, 1, 1 + nr);
	words = words_read(1, nr, UNLIMITED, true);
	expect(words <= nr / BITS_PER_LONG + 2, "%lu words of ones for %lu",
	       words, nr);
}

void test_reads(void)
{
	unsigned long nr, at;

	for (nr = 2 * BITS_PER_LONG; nr < BITS; nr += 37)
		check_long(nr);
	level_init(&level, 0, BITS);
	for (at = 0; at < BITS; at += 2)
		level_write(&level, at, true);
	for (nr = 2; nr < 100; nr++) {
		check_budget(nr, 1);
		check_budget(nr, 10);
	}
}

static void disturbed_ones(struct dice *dice)
{
	unsigned long nr = 1 + pick(dice, 1 + pick(dice, 300)), pos = 0;
	unsigned long safe = pick(dice, 600);
	long words = 1 + pick(dice, 4), budget;
	bool found;

	level_ones(&level, safe, safe + nr);
	level_disturb(&level, safe, safe + nr, dice);
	do {
		budget = words;
		found = memarea_bits_next(&level.bits, &pos, BITS, nr, &budget);
	} while (!found && budget <= 0);
	level_calm();
	expect(found && pos <= safe, "stepped from %lu ones at %lu to %lu",
	       nr, safe, pos);
}

void test_disturbed_ones(void)
{
	unsigned long seed;
	struct dice dice;

	for (seed = 1; seed <= 4000 && !tap_failed(); seed++) {
		dice_init(&dice, seed);
		random_map(&dice, BITS);
		disturbed_ones(&dice);
	}
}
