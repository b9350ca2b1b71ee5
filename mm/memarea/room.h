/* SPDX-License-Identifier: GPL-2.0 */
/* Making room: what room.c, classify.c and evacuate.c share. */
#ifndef _MM_MEMAREA_ROOM_H
#define _MM_MEMAREA_ROOM_H

#include "window.h"

/* Places tried in a zone before it is given up. */
#define MEMAREA_ROOM_TRIES	16

/* Pages that would not go are left alone for so long, in jiffies. */
#define MEMAREA_ROOM_MEMORY	(2 * HZ)

/**
 * struct memarea_room - the making of room in one zone
 * @call: the call that it is for
 * @zone: the zone
 * @spec: what the area must be like, in this zone
 * @cells: all of the zone that the area may lie in
 * @window: the place being tried
 * @types: migratetypes to give back to its pageblocks
 * @effort: what may be done to pages, see enum memarea_effort
 * @stage: what is being done to them now, not more than @effort
 * @deadline: in jiffies
 * @failed: why the last try did
 * @culprit: the page that the last try failed at
 * @declined: folios that nothing should move to, held for now
 * @nr_declined: pages of them, or that were so
 */
struct memarea_room {
	struct memarea_call *call;
	struct zone *zone;
	struct memarea_spec spec;
	struct memarea_cells cells;
	struct memarea_window window;
	unsigned char *types;
	enum memarea_effort effort;
	enum memarea_effort stage;
	unsigned long deadline;
	enum memarea_reason failed;
	unsigned long culprit;
	struct list_head declined;
	unsigned long nr_declined;
};

static inline unsigned long memarea_window_end(const struct memarea_room *room)
{
	return room->window.start + room->spec.nr;
}

/* Nothing is isolated without both: see isolate_migratepages_block(). */
static inline bool memarea_may_enter_fs(const struct memarea_call *call)
{
	return (call->gfp & (__GFP_IO | __GFP_FS)) == (__GFP_IO | __GFP_FS);
}

/* room.c */
enum memarea_reason memarea_room_over(const struct memarea_room *room);
bool memarea_room_spares(struct memarea_room *room, unsigned long need);
bool memarea_room_remembers(unsigned long pfn, unsigned long end,
			    unsigned long *culprit);

/* classify.c */
struct page *memarea_usable_block(struct zone *zone, unsigned long pfn);
enum memarea_reason memarea_classify(const struct memarea_room *room,
				     unsigned long start, unsigned long end);
unsigned long memarea_obstacle(const struct memarea_room *room);
enum memarea_reason memarea_blame(const struct memarea_room *room,
				  unsigned long pfn);

/* evacuate.c */
unsigned long memarea_evacuate(struct memarea_room *room);

/* target.c */
struct folio *memarea_alloc_target(struct folio *src, unsigned long private);
void memarea_begin_targets(struct memarea_room *room);
void memarea_end_targets(struct memarea_room *room);

#endif /* _MM_MEMAREA_ROOM_H */
