// SPDX-License-Identifier: GPL-2.0
/*
 * Find runs of ones in a bitmap of free memory.
 *
 * Two levels of the area map are read here: a bit for each block, and a bit
 * for each page.  Both are searched by words.
 *
 * - A run that is no longer than a word is looked for in two neighbouring
 *   words at once: x & (x >> 1) has a one where two ones begin, and so on by
 *   doubling, log2(n) steps a word.  From 15 ones on that is done only where a
 *   whole byte of ones is near.
 * - A longer one is looked for as in runs.c: a window is tested from its last
 *   word down; the highest zero moves the window behind it, and what was found
 *   to be ones above it is not read again before the call ends.  So
 *   n >= 2 * BITS_PER_LONG - 1 reads about one word in n bits.
 *
 * Order lemma (see runs.c): n free pages hold (n + 1) / 2^k - 1 aligned blocks
 * of order k in a row.  Where there are not as many in a row, no area of n
 * pages can be.
 *
 * Bits may change while they are read.  A run whose bits are ones from the
 * first call to the last is found; whatever is found must be verified.
 *
 * Not kept here: the bits themselves, and anything from one call to the next.
 */
#include "space.h"
#include "runs.h"
#include "bits.h"

#define SECTION_WORDS	(BITS_PER_SECTION / BITS_PER_LONG)

/* Reads words; knows where the section is that it read last. */
struct reader {
	const struct memarea_bits *bits;
	const unsigned long *words;
	unsigned long section;
};

static void turn_to(struct reader *reader, unsigned long section)
{
	const struct memarea_bits *bits = reader->bits;

	reader->section = section;
	reader->words = NULL;
	/* as bits_grow() releases it: the list is that long, or longer */
	if (section < smp_load_acquire(&bits->nr))
		reader->words = READ_ONCE(bits->sections[section]);
}

static inline unsigned long word(struct reader *reader, unsigned long i)
{
	if (i / SECTION_WORDS != reader->section)
		turn_to(reader, i / SECTION_WORDS);
	return reader->words ? READ_ONCE(reader->words[i % SECTION_WORDS]) : 0;
}

/* What is left of @lo and @hi where @step ones on there is another one. */
static inline void keep(unsigned long *lo, unsigned long *hi, unsigned int step)
{
	*lo &= *lo >> step | *hi << (BITS_PER_LONG - 1 - step) << 1;
	*hi &= *hi >> step;
}

/*
 * The ones of @lo at which @nr ones begin that may go on in @hi.  Whether any
 * are left is asked after every other step: after two or four of them it is
 * mostly the same for all words of a map, so that processors can predict it.
 */
static unsigned long starts(unsigned long lo, unsigned long hi,
			    unsigned int nr)
{
	unsigned int have, once;

	for (have = 1; 4 * have <= nr && lo; have *= 4) {
		keep(&lo, &hi, have);
		keep(&lo, &hi, 2 * have);
	}
	if (!lo)
		return 0;
	once = min(have, nr - have);
	keep(&lo, &hi, once);
	keep(&lo, &hi, nr - have - once);
	return lo;
}

/* Fifteen ones in a row, wherever they begin, have a whole byte in them. */
#define RUN_WITH_BYTE	15

/* Is any byte all ones?  Subtracting one from each borrows where it is zero. */
static inline bool has_full_byte(unsigned long x)
{
	const unsigned long low = ~0UL / 0xff;

	return (~x - low) & x & (low << 7);
}

/* May the first whole byte of @nr ones in a row, if there is one, be in @x? */
static inline bool may_hold(unsigned long x, unsigned int nr)
{
	return nr < RUN_WITH_BYTE || has_full_byte(x);
}

/* A run of at most BITS_PER_LONG ones, at or after *@pos. */
static bool short_run(const struct memarea_bits *bits, unsigned long *pos,
		      unsigned long end, unsigned int nr, long *budget)
{
	struct reader reader = { .bits = bits, .section = MEMAREA_NO_PFN };
	unsigned long i = *pos / BITS_PER_LONG;
	unsigned long lo = word(&reader, i) & (~0UL << *pos % BITS_PER_LONG);
	bool may = may_hold(lo, nr);

	for (; i * BITS_PER_LONG < end; i++) {
		unsigned long hi = word(&reader, i + 1), found = 0;
		bool may_next = may_hold(hi, nr);

		if (may || may_next)
			found = starts(lo, hi, nr);
		if (found) {
			*pos = i * BITS_PER_LONG + __ffs(found);
			return *pos < end && end - *pos >= nr;
		}
		*pos = (i + 1) * BITS_PER_LONG;
		if ((*budget)-- <= 0)
			return false;
		lo = hi;
		may = may_next;
	}
	return false;
}

/* The highest zero in [@from, @to), which is not empty, or MEMAREA_NO_PFN. */
static unsigned long last_zero(struct reader *reader,
			       unsigned long from, unsigned long to,
			       long *budget)
{
	unsigned long i = (to - 1) / BITS_PER_LONG, zero;
	unsigned long zeros = ~word(reader, i) &
			      (~0UL >> (BITS_PER_LONG - 1 - (to - 1) % BITS_PER_LONG));

	for (; !zeros; zeros = ~word(reader, --i)) {
		(*budget)--;
		if (i * BITS_PER_LONG <= from)
			return MEMAREA_NO_PFN;
	}
	zero = i * BITS_PER_LONG + __fls(zeros);
	return zero >= from ? zero : MEMAREA_NO_PFN;
}

/* A run of any length: test windows from their ends down. */
static bool long_run(const struct memarea_bits *bits, unsigned long *pos,
		     unsigned long end, unsigned long nr, long *budget)
{
	struct reader reader = { .bits = bits, .section = MEMAREA_NO_PFN };
	unsigned long known = *pos;	/* [*pos, known) is all ones */

	while (*pos < end && end - *pos >= nr) {
		unsigned long stop = *pos + nr, zero;

		zero = last_zero(&reader, known, stop, budget);
		if (zero == MEMAREA_NO_PFN)
			return true;
		*pos = zero + 1;
		known = stop;
		if ((*budget)-- <= 0)
			return false;
	}
	return false;
}

/*
 * Find @nr ones in a row at or after *@pos and below @end.  True: they begin at
 * *@pos.  False: there are none, or the budget, in words, ended first; then the
 * first ones to come begin at *@pos or later.
 */
bool memarea_bits_next(const struct memarea_bits *bits, unsigned long *pos,
		       unsigned long end, unsigned long nr, long *budget)
{
	if (nr <= BITS_PER_LONG)
		return short_run(bits, pos, end, nr, budget);
	return long_run(bits, pos, end, nr, budget);
}

/* The highest legal end of the search, in pages. */
static unsigned long search_end(const struct memarea_bits *bits,
				const struct memarea_spec *spec)
{
	unsigned long nr = READ_ONCE(bits->nr) << BITS_SECTION_SHIFT;

	return min(spec->hi, nr << bits->order);
}

/*
 * Move *@start to the next legal start that has the @pages bits of an area
 * behind it, or to MEMAREA_NO_PFN.  False if the budget ended first.
 */
bool memarea_bits_place(const struct memarea_bits *pages,
			const struct memarea_spec *spec, unsigned long *start,
			long *budget)
{
	unsigned long end = search_end(pages, spec);

	while (*start < end && end - *start >= spec->nr) {
		unsigned long pos = *start;
		bool found = memarea_bits_next(pages, &pos, end, spec->nr,
					       budget);

		if (!found && *budget > 0)
			break;
		*start = memarea_place_low(spec, pos);
		if (found && *start == pos)
			return true;
		/* ones in the wrong place are read, too */
		if ((*budget)-- <= 0)
			return false;
	}
	*start = MEMAREA_NO_PFN;
	return true;
}

/* How many aligned blocks in a row any area holds, wherever it starts. */
static unsigned long blocks_within(const struct memarea_bits *blocks,
				   const struct memarea_spec *spec)
{
	unsigned long nr = (spec->nr + 1) >> blocks->order;

	return nr ? nr - 1 : 0;
}

/*
 * Move *@start to the next legal start that may have an area behind it as far as
 * whole @blocks can tell, or to MEMAREA_NO_PFN.  False if the budget ended first.
 */
bool memarea_bits_skip(const struct memarea_bits *blocks,
		       const struct memarea_spec *spec, unsigned long *start,
		       long *budget)
{
	unsigned long nr = blocks_within(blocks, spec), size = 1UL << blocks->order;
	unsigned long end = search_end(blocks, spec) >> blocks->order;
	unsigned long first = (*start + size - 1) >> blocks->order, pos = first;
	bool found;

	if (!nr)
		return true;
	found = memarea_bits_next(blocks, &pos, end, nr, budget);
	if (!found && *budget > 0) {
		*start = MEMAREA_NO_PFN;
		return true;
	}
	/* the area begins behind the start of the block before the first one */
	if (pos > first)
		*start = memarea_place_low(spec, ((pos - 1) << blocks->order) + 1);
	return found;
}
