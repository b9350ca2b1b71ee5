/* SPDX-License-Identifier: GPL-2.0 */
/* The map of free memory, as bits.c reads it: one bit at a time. */
#ifndef MEMAREA_MAP_H
#define MEMAREA_MAP_H

#include "space.h"
#include "../../../mm/memarea/bits.h"

struct dice;

#define LEVEL_SECTIONS	512
#define LEVEL_BITS	(LEVEL_SECTIONS * BITS_PER_SECTION)

/**
 * struct level - one level of the map
 * @bits: what bits.c is given
 * @sections: for @bits; a section is there from its first one on
 * @words: for @sections
 */
struct level {
	struct memarea_bits bits;
	unsigned long *sections[LEVEL_SECTIONS + 1];
	unsigned long words[LEVEL_BITS / (8 * sizeof(long))];
};

void level_init(struct level *level, unsigned int order, unsigned long nr);
bool level_read(const struct level *level, unsigned long pos);
void level_write(struct level *level, unsigned long pos, bool one);
void level_ones(struct level *level, unsigned long pos, unsigned long end);
void level_disturb(struct level *level, unsigned long from, unsigned long end,
		   struct dice *dice);
void level_calm(void);

#endif /* MEMAREA_MAP_H */
