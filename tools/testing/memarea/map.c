// SPDX-License-Identifier: GPL-2.0
/*
 * The map of free memory, for the tests: bits are written one by one, and no
 * code is shared with bits.c or map.c of mm/memarea.
 *
 * As in the kernel, what is free may be another zone's or of a type that may
 * not be taken, and sections without memory are not there.
 */
#include <string.h>
#include "dice.h"
#include "map.h"
#include "tap.h"

/* All bits are zeros, and there is no section, but there can be for @nr bits. */
void level_init(struct level *level, unsigned int order, unsigned long nr)
{
	unsigned long sections = (nr + BITS_PER_SECTION - 1) / BITS_PER_SECTION;

	expect(sections <= LEVEL_SECTIONS, "%lu bits are too many", nr);
	level->bits = (struct memarea_bits) {
		.sections = level->sections,
		.nr = sections,
		.order = order,
	};
	memset(level->sections, 0, sections * sizeof(level->sections[0]));
	level->sections[sections] = (unsigned long *)1;	/* not to be read */
	memset(level->words, 0, sections * BITS_PER_SECTION / 8);
}

bool level_read(const struct level *level, unsigned long pos)
{
	if (pos >= level->bits.nr * BITS_PER_SECTION)
		return false;
	return level->words[pos / BITS_PER_LONG] >> pos % BITS_PER_LONG & 1;
}

void level_write(struct level *level, unsigned long pos, bool one)
{
	unsigned long *word = &level->words[pos / BITS_PER_LONG];
	unsigned long section = pos / BITS_PER_SECTION;
	unsigned long bit = 1UL << pos % BITS_PER_LONG;

	*word = one ? *word | bit : *word & ~bit;
	if (one)
		level->sections[section] =
			level->words + section * BITS_PER_SECTION / BITS_PER_LONG;
}

void level_ones(struct level *level, unsigned long pos, unsigned long end)
{
	while (pos < end)
		level_write(level, pos++, true);
}

/* How many ones there are in a row from each bit on; behind the last, none. */
void level_count(const struct level *level, unsigned int *row)
{
	unsigned long pos = level->bits.nr * BITS_PER_SECTION;

	row[pos] = 0;
	while (pos--)
		row[pos] = level_read(level, pos) ? row[pos + 1] + 1 : 0;
}

static bool page_free(const struct memarea_space *sp, unsigned long at)
{
	return sp->state[at] == PAGE_FREE || sp->state[at] == PAGE_FOREIGN;
}

/* Are all pages of the block free, and of one zone? */
static bool block_free(const struct memarea_space *sp, unsigned long at)
{
	unsigned long i;

	if (at + (1UL << model_merge_order) > sp->nr || !page_free(sp, at))
		return false;
	for (i = 1; i < 1UL << model_merge_order; i++) {
		if (sp->state[at + i] != sp->state[at])
			return false;
	}
	return true;
}

/* What the map says while the model is as it is now: all else is zeros. */
void map_make(struct map *map, const struct memarea_space *sp)
{
	unsigned long at, end = sp->base + sp->nr;

	level_init(&map->pages, 0, end);
	for (at = 0; at < sp->nr; at++) {
		if (page_free(sp, at))
			level_write(&map->pages, sp->base + at, true);
	}
	level_init(&map->blocks, model_merge_order, end >> model_merge_order);
	for (at = 0; at < sp->nr; at += 1UL << model_merge_order) {
		if (block_free(sp, at))
			level_write(&map->blocks,
				    (sp->base + at) >> model_merge_order, true);
	}
}

static struct {
	struct level *level;
	unsigned long from, end;
	struct dice *dice;
} disturbed;

static void others_write(void)
{
	unsigned long pos = pick(disturbed.dice, disturbed.end + 200);

	if (pos < disturbed.from || pos >= disturbed.end)
		level_write(disturbed.level, pos, pick(disturbed.dice, 4));
}

/* From now on others write while bits are read, but not to [@from, @end). */
void level_disturb(struct level *level, unsigned long from, unsigned long end,
		   struct dice *dice)
{
	disturbed.level = level;
	disturbed.from = from;
	disturbed.end = end;
	disturbed.dice = dice;
	model_on_read = others_write;
}

void level_calm(void)
{
	model_on_read = NULL;
}
