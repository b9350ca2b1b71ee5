/* SPDX-License-Identifier: GPL-2.0 */
/* Zones to be searched: their map of free memory, and the page stand-ins. */
#ifndef MEMAREA_BENCH_ZONE_H
#define MEMAREA_BENCH_ZONE_H

#include "space.h"
#include "../../../../mm/memarea/bits.h"
#include "../../../../mm/memarea/runs.h"

#define PAGES_PER_GIB	262144UL
#define LAST_RUN	40000UL

/**
 * struct zone - one zone in all the ways it is searched
 * @space: for the walk of the memory map and of the lists
 * @pages: a bit for each page
 * @blocks: a bit for each block
 * @words: of @pages
 */
struct zone {
	struct memarea_space space;
	struct memarea_bits pages, blocks;
	unsigned long *words;
	unsigned char online[1 << 16];	/* by section of SPARSEMEM, 128 MiB */
};

#define SECTION_PAGES_SHIFT	15

/* pfn_to_online_page() */
static inline const struct frame *zone_frame(const struct zone *zone,
					     unsigned long pfn)
{
	if (!READ_ONCE(zone->online[pfn >> SECTION_PAGES_SHIFT]))
		return NULL;
	return &zone->space.frames[pfn];
}

/* PageHuge(), by way of page_folio() */
static inline bool frame_is_huge(const struct frame *frame)
{
	unsigned long head = (unsigned long)READ_ONCE(frame->list.next);

	if (head & FRAME_TAIL)
		frame = (const struct frame *)(head - FRAME_TAIL);
	return READ_ONCE(frame->type) == FRAME_HUGE;
}

/* A map: its name, and how to write it into the words of @zone. */
struct picture {
	const char *name;
	void (*draw)(struct zone *zone);
};

extern const struct picture pictures[];

void zone_create(struct zone *zone, unsigned long gib);
void zone_draw(struct zone *zone, const struct picture *picture);
void zone_destroy(struct zone *zone);

#endif /* MEMAREA_BENCH_ZONE_H */
