/* SPDX-License-Identifier: GPL-2.0 */
/* The map of free memory, for bits.c to read. */
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

/* Both levels, of which a search is given some. */
struct map {
	struct level blocks, pages;
};

enum map_levels {
	MAP_NONE = 0,
	MAP_BLOCKS = 1,
	MAP_PAGES = 2,
	MAP_BOTH = MAP_BLOCKS | MAP_PAGES,
	MAP_CHOICES,
};

static inline struct memarea_map map_of(const struct map *map,
					unsigned int levels)
{
	return (struct memarea_map) {
		.blocks = levels & MAP_BLOCKS ? &map->blocks.bits : NULL,
		.pages = levels & MAP_PAGES ? &map->pages.bits : NULL,
	};
}

void map_make(struct map *map, const struct memarea_space *sp);

void level_init(struct level *level, unsigned int order, unsigned long nr);
bool level_read(const struct level *level, unsigned long pos);
void level_write(struct level *level, unsigned long pos, bool one);
void level_ones(struct level *level, unsigned long pos, unsigned long end);
void level_count(const struct level *level, unsigned int *row);
void level_disturb(struct level *level, unsigned long from, unsigned long end,
		   struct dice *dice);
void level_calm(void);

#endif /* MEMAREA_MAP_H */
