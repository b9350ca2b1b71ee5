/* SPDX-License-Identifier: GPL-2.0 */
/* The map of free memory: what its files, the search and the tests share. */
#ifndef _MM_MEMAREA_MAP_H
#define _MM_MEMAREA_MAP_H

#include "bits.h"

struct zone;

/**
 * struct memarea_diff - where the map and the buddy allocator disagree
 * @level: "blocks" or "pages", or "lists" for those of large.c
 * @zone: the zone of @pfn
 * @pfn: the first page of which the two say different things
 * @free: what the buddy says
 */
struct memarea_diff {
	const char *level;
	struct zone *zone;
	unsigned long pfn;
	bool free;
};

/* map.c */
int memarea_bits_cover(struct memarea_bits *bits, unsigned long pfn,
		       unsigned long end);
int memarea_bits_cover_online(struct memarea_bits *bits);
void memarea_bits_clear(struct memarea_bits *bits);
void memarea_bits_fill(struct memarea_bits *bits);
void memarea_bits_write(struct memarea_bits *bits, unsigned long pos,
			unsigned long nr, bool value);
void memarea_map_get(struct memarea_map *map);
void memarea_map_refill(void);

/* bitmap.c */
#ifdef CONFIG_MEMAREA_BITMAP
const struct memarea_bits *memarea_bitmap(void);
void memarea_bitmap_write(unsigned long pfn, unsigned long nr, bool free);
int memarea_bitmap_online(unsigned long pfn, unsigned long end);
void memarea_bitmap_offline(unsigned long pfn, unsigned long end);
int memarea_bitmap_switch(bool on);
void memarea_bitmap_pin(void);
void memarea_bitmap_unpin(void);
#else
static inline const struct memarea_bits *memarea_bitmap(void)
{
	return NULL;
}

static inline void memarea_bitmap_write(unsigned long pfn, unsigned long nr,
					bool free)
{
}

static inline int memarea_bitmap_online(unsigned long pfn, unsigned long end)
{
	return 0;
}

static inline void memarea_bitmap_offline(unsigned long pfn, unsigned long end)
{
}

static inline int memarea_bitmap_switch(bool on)
{
	return on ? -EOPNOTSUPP : 0;
}

static inline void memarea_bitmap_pin(void)
{
}

static inline void memarea_bitmap_unpin(void)
{
}
#endif

/* validate.c */
bool memarea_map_validate(struct memarea_diff *diff);

/* Defects that a test puts into the map's upkeep, to see them noticed. */
enum memarea_map_fault {
	MAP_FAULT_NONE,
	MAP_FAULT_MISSED_SET,	/* freed pages stay zeros */
	MAP_FAULT_MISSED_CLEAR,	/* taken pages stay ones */
	MAP_FAULT_WRONG_EDGE,	/* the last page is left out */
	MAP_FAULT_MISSED_MERGE,	/* a block that coalesced is not noted */
	MAP_FAULT_MISSED_SPLIT,	/* a block that was split still is */
	MAP_FAULT_MOVED_BITS,	/* the neighbours' bits are written */
	MAP_FAULT_STALE_SECTION,/* every other section is left out of building */
	MAP_FAULT_NO_RULE,	/* large.c: whole pageblocks do not come last */
};

#ifdef CONFIG_MEMAREA_MAP_FAULTS
extern unsigned int memarea_map_fault;

static inline bool map_fault(enum memarea_map_fault fault)
{
	return READ_ONCE(memarea_map_fault) == fault;
}

static inline void set_map_fault(enum memarea_map_fault fault)
{
	WRITE_ONCE(memarea_map_fault, fault);
}
#else
static inline bool map_fault(enum memarea_map_fault fault)
{
	return false;
}

static inline void set_map_fault(enum memarea_map_fault fault)
{
}
#endif

#endif /* _MM_MEMAREA_MAP_H */
