/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Runs of ones in a bitmap that is kept in pages: the part of the area map
 * that knows neither struct page nor a lock.  bits.c says how it works.
 */
#ifndef _MM_MEMAREA_BITS_H
#define _MM_MEMAREA_BITS_H

#include <linux/bits.h>
#include <linux/types.h>

struct memarea_spec;

/* A section is a page of bits, or is not there: then its bits are zero. */
#define BITS_SECTION_SHIFT	(PAGE_SHIFT + 3)
#define BITS_PER_SECTION	BIT(BITS_SECTION_SHIFT)

/**
 * struct memarea_bits - a bitmap of memory
 * @sections: a page of bits for each section, NULL where there is no memory
 * @nr: how many sections there are
 * @order: each bit stands for 2^@order pages, aligned
 */
struct memarea_bits {
	unsigned long **sections;
	unsigned long nr;
	unsigned int order;
};

/**
 * struct memarea_map - which memory is free, by the block and by the page
 * @blocks: a bit for each aligned block of %SPACE_MERGE_ORDER, or NULL
 * @pages: a bit for each page, or NULL
 */
struct memarea_map {
	const struct memarea_bits *blocks;
	const struct memarea_bits *pages;
};

bool memarea_bits_next(const struct memarea_bits *bits, unsigned long *pos,
		       unsigned long end, unsigned long nr, long *budget);
bool memarea_bits_skip(const struct memarea_bits *blocks,
		       const struct memarea_spec *spec, unsigned long *start,
		       long *budget);
bool memarea_bits_place(const struct memarea_bits *pages,
			const struct memarea_spec *spec, unsigned long *start,
			long *budget);

#endif /* _MM_MEMAREA_BITS_H */
