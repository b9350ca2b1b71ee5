// SPDX-License-Identifier: GPL-2.0
/*
 * Find runs of ones in a bitmap of free memory.
 *
 * Two levels of the area map are read here: a bit for each block, and a bit
 * for each page.  Both are searched by words.
 *
 * - A run that is no longer than a word is looked for in two neighbouring
 *   words at once: x & (x >> 1) has a one where two ones begin, and so on by
 *   doubling, log2(n) steps a word.  Most words are passed over before, two at a
 *   time: where no two or three ones begin, or, from 15 and 31 ones on, no whole
 *   byte or pair of bytes is near.
 * - A longer one is looked for as in runs.c: a window is tested from its last
 *   word down; the highest zero moves the window behind it, and what was found
 *   to be ones above it is not read again before the call ends.  So
 *   n >= 2 * BITS_PER_LONG - 1 reads about one word in n bits.  Shorter ones need
 *   half a word of ones: words are read in turn, which they can be faster, until
 *   there is one.
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

/* Of longer windows, what is read is a small part of a section. */
#define FETCH_BITS	(BITS_PER_SECTION / 4)

/* Reads words; knows where the section is that it read last. */
struct reader {
	const struct memarea_bits *bits;
	const unsigned long *words;
	unsigned long first;		/* the section's first word */
	bool fetch;			/* the next section, too */
};

/*
 * Windows are read from their ends down, which no processor foresees: a word of
 * a map that is not cached takes longer than all else of a window.
 */
static void fetch_section(const unsigned long *words)
{
	unsigned long i;

	for (i = 0; words && i < SECTION_WORDS; i += L1_CACHE_BYTES / sizeof(long))
		prefetch(&words[i]);
}

static void turn_to(struct reader *reader, unsigned long section)
{
	const struct memarea_bits *bits = reader->bits;
	/* as bits_grow() releases it: the list is that long, or longer */
	unsigned long nr = smp_load_acquire(&bits->nr);

	reader->first = section * SECTION_WORDS;
	reader->words = NULL;
	if (section < nr)
		reader->words = READ_ONCE(bits->sections[section]);
	if (reader->fetch && section + 1 < nr)
		fetch_section(READ_ONCE(bits->sections[section + 1]));
}

static struct reader begin_at(const struct memarea_bits *bits,
			      unsigned long pos, bool fetch)
{
	struct reader reader = { .bits = bits, .fetch = fetch };

	turn_to(&reader, pos / BITS_PER_SECTION);
	return reader;
}

/* Turn to the section of word @i; returns where it or [@i, @end) ends. */
static inline unsigned long enter(struct reader *reader, unsigned long i,
				  unsigned long end)
{
	if (i - reader->first >= SECTION_WORDS)
		turn_to(reader, i / SECTION_WORDS);
	return min(end, reader->first + SECTION_WORDS);
}

static inline unsigned long word(struct reader *reader, unsigned long i)
{
	enter(reader, i, i);
	return reader->words ? READ_ONCE(reader->words[i - reader->first]) : 0;
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

/* So many ones, wherever they begin, have a whole byte in them, or an even pair. */
#define RUN_WITH_BYTE	15
#define RUN_WITH_TWO	31

/*
 * Not zero if any of the parts of @bits bits, 8 or 16, is all ones.  Subtracting
 * one from each borrows where it is zero.
 */
static __always_inline unsigned long full_parts(unsigned long x,
						unsigned int bits)
{
	const unsigned long low = ~0UL / ((1UL << bits) - 1);

	return (~x - low) & x & (low << (bits - 1));
}

/*
 * Not zero if ones that begin in @x, before @y, may be @least or more: a constant,
 * so little is left of this.  From RUN_WITH_BYTE on it is not zero if @x has a
 * whole part, which is that of ones that begin in @x or in the word before.
 */
static __always_inline unsigned long hint(unsigned long x, unsigned long y,
					  unsigned int least)
{
	unsigned long two = x >> (BITS_PER_LONG - 1) & y;

	if (least >= RUN_WITH_TWO)
		return full_parts(x, 16);
	if (least >= RUN_WITH_BYTE)
		return full_parts(x, 8);
	if (least > 2)
		return (x & (x >> 1) & (x >> 2)) | two;
	return least > 1 ? (x & (x >> 1)) | two : x;
}

/* Does it hold when three ones that begin at the end of @x are looked for? */
static __always_inline unsigned long
hint_holds(unsigned long x, unsigned long y, unsigned int least)
{
	if (least < 3 || least >= RUN_WITH_BYTE)
		return hint(x, y, least);
	return hint(x, y & (x >> (BITS_PER_LONG - 2) | y >> 1), least);
}

/* The first of the words [@i, @stop) of a section that has a hint, or @stop. */
static __always_inline unsigned long
hint_in_section(const unsigned long *words, unsigned long i, unsigned long stop,
		unsigned int least)
{
	for (; i + 2 < stop; i += 2) {
		unsigned long x = READ_ONCE(words[i]);
		unsigned long y = READ_ONCE(words[i + 1]);
		unsigned long z = READ_ONCE(words[i + 2]);

		if (!(hint(x, y, least) | hint(y, z, least)))
			continue;
		if (hint_holds(x, y, least) | hint_holds(y, z, least))
			return hint_holds(x, y, least) ? i : i + 1;
	}
	for (; i < stop; i++) {
		if (hint(READ_ONCE(words[i]), ~0UL, least))
			break;
	}
	return i;
}

/* The first of the words [@i, @stop) of a section that is looked for, or @stop. */
typedef unsigned long (*find_fn)(const unsigned long *words, unsigned long i,
				 unsigned long stop, unsigned int what);

/* The first in [@i, @end), or @end; @find is a constant and inlined with the rest. */
static __always_inline unsigned long
find_word(struct reader *reader, unsigned long i, unsigned long end,
	  find_fn find, unsigned int what)
{
	while (i < end) {
		unsigned long stop = enter(reader, i, end), at = stop;

		if (reader->words)
			at = reader->first +
			     find(reader->words, i - reader->first,
				  stop - reader->first, what);
		if (at < stop)
			return at;
		i = stop;
	}
	return end;
}

/*
 * The first word of [*@i, @end) in which @nr ones begin, as *@i, and where they do.
 * @least, which is a constant and not more than @nr, says by what words are
 * passed over: the first whole byte of RUN_WITH_BYTE ones is in that word or the
 * next, and so are the first two of RUN_WITH_TWO.
 */
static __always_inline unsigned long
scan_words(struct reader *reader, unsigned long lo, unsigned long *i,
	   unsigned long end, unsigned int nr, unsigned int least)
{
	const bool by_part = least >= RUN_WITH_BYTE;
	unsigned long at = *i, found = 0;

	while (at < end) {
		found = starts(lo, word(reader, at + 1), nr);
		if (found)
			break;
		at++;
		at = max(at, find_word(reader, at, end + by_part, hint_in_section,
				       least) - by_part);
		lo = word(reader, at);
	}
	*i = min(at, end);
	return found;
}

/* A run of at most BITS_PER_LONG ones, at or after *@pos. */
static bool short_run(const struct memarea_bits *bits, unsigned long *pos,
		      unsigned long end, unsigned int nr, long *budget)
{
	struct reader reader = begin_at(bits, *pos, false);
	unsigned long first = *pos / BITS_PER_LONG, i = first, found;
	unsigned long last = min(DIV_ROUND_UP(end, BITS_PER_LONG),
				 first + max(*budget, 0L) + 1);
	unsigned long lo = word(&reader, i) & (~0UL << *pos % BITS_PER_LONG);

	if (nr >= RUN_WITH_TWO)
		found = scan_words(&reader, lo, &i, last, nr, RUN_WITH_TWO);
	else if (nr >= RUN_WITH_BYTE)
		found = scan_words(&reader, lo, &i, last, nr, RUN_WITH_BYTE);
	else if (nr > 2)
		found = scan_words(&reader, lo, &i, last, nr, 3);
	else
		found = scan_words(&reader, lo, &i, last, nr, nr);
	*budget -= i - first;
	if (found)
		*pos = i * BITS_PER_LONG + __ffs(found);
	else if (i > first)
		*pos = i * BITS_PER_LONG;
	return found && *pos < end && end - *pos >= nr;
}

/* The zeros of the highest word in [@lowest, *@i) that has any, from now on *@i. */
static unsigned long zeros_below(struct reader *reader, unsigned long *i,
				 unsigned long lowest)
{
	unsigned long at = *i, zeros = 0;

	while (!zeros && at > lowest) {
		unsigned long stop;

		enter(reader, at - 1, at);
		stop = max(lowest, reader->first);
		if (!reader->words) {
			at--;
			zeros = ~0UL;
		}
		while (!zeros && at > stop)
			zeros = ~READ_ONCE(reader->words[--at - reader->first]);
	}
	*i = at;
	return zeros;
}

/* The highest zero in [@from, @to), which is not empty, or MEMAREA_NO_PFN. */
static unsigned long last_zero(struct reader *reader,
			       unsigned long from, unsigned long to,
			       long *budget)
{
	unsigned long i = (to - 1) / BITS_PER_LONG, at = i, zero;
	unsigned long zeros = ~word(reader, i) &
			      (~0UL >> (BITS_PER_LONG - 1 - (to - 1) % BITS_PER_LONG));

	if (!zeros)
		zeros = zeros_below(reader, &at, from / BITS_PER_LONG);
	*budget -= i - at;
	if (!zeros)
		return MEMAREA_NO_PFN;
	zero = at * BITS_PER_LONG + __fls(zeros);
	return zero >= from ? zero : MEMAREA_NO_PFN;
}

/* Ones of which two words may, but need not, have one that is all ones. */
#define RUN_WITHOUT_WORD	(2 * BITS_PER_LONG - 2)

#define HALF_WORD	(BITS_PER_LONG / 2)

/* Is the upper or the lower half of it all ones? */
static inline bool has_full_half(unsigned long x)
{
	return x >> HALF_WORD == ~0UL >> HALF_WORD ||
	       x << HALF_WORD == ~0UL << HALF_WORD;
}

/* So many ones have two halves of words in a row, of which one is a lower half. */
#define RUN_WITH_LOWER	(3 * HALF_WORD - 1)

/* The first of the words [@i, @stop) of a section with such a half, or @stop. */
static __always_inline unsigned long
half_in_section(const unsigned long *words, unsigned long i, unsigned long stop,
		unsigned int lower)
{
	for (; i < stop; i++) {
		unsigned long x = READ_ONCE(words[i]);

		if (lower ? !(~x << HALF_WORD) : has_full_half(x))
			break;
	}
	return i;
}

/*
 * BITS_PER_LONG ones have a whole half of a word.  If the first one is in a word,
 * they begin there, or behind the middle bit of the word before.  RUN_WITH_LOWER
 * ones have a whole lower half, and begin behind the first bit of the word before
 * the first one.
 */
static unsigned long pass_over(struct reader *reader, unsigned long start,
			       unsigned long end, unsigned long nr, long *budget)
{
	unsigned long first = start / BITS_PER_LONG, i;
	unsigned long last = min(DIV_ROUND_UP(end, BITS_PER_LONG),
				 first + max(*budget, 0L));
	unsigned int back = nr < RUN_WITH_LOWER ? HALF_WORD : BITS_PER_LONG;

	if (nr < RUN_WITH_LOWER)
		i = find_word(reader, first, last, half_in_section, false);
	else
		i = find_word(reader, first, last, half_in_section, true);
	*budget -= i - first;
	return max(start + back, i * BITS_PER_LONG + 1) - back;
}

/* A run of any length: test windows from their ends down. */
static bool long_run(const struct memarea_bits *bits, unsigned long *pos,
		     unsigned long end, unsigned long nr, long *budget)
{
	struct reader reader = begin_at(bits, *pos, nr <= FETCH_BITS);
	unsigned long start = *pos;
	unsigned long known = start;	/* [start, known) is all ones */
	long left = *budget;
	bool found = false;

	while (start < end && end - start >= nr) {
		unsigned long stop, zero;

		if (nr <= RUN_WITHOUT_WORD) {
			start = pass_over(&reader, start, end, nr, &left);
			known = max(known, start);
		}
		stop = start + nr;
		if (stop > end)
			break;
		zero = last_zero(&reader, known, stop, &left);
		found = zero == MEMAREA_NO_PFN;
		if (found)
			break;
		start = zero + 1;
		known = stop;
		if (left-- <= 0)
			break;
	}
	*pos = start;
	*budget = left;
	return found;
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
