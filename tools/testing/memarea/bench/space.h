/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What runs.c and bits.c see of a zone when they are measured: stand-ins for
 * struct page, as large as these, and free lists through them.
 *
 * The guard is that of mm/memarea/space.h, as in the space.h of the tests.
 * Nothing is taken: a search finds its place and leaves the zone as it was.
 */
#ifndef _MM_MEMAREA_SPACE_H
#define _MM_MEMAREA_SPACE_H

#include "../kernel.h"

/* The constants of x86_64. */
#define PAGE_SHIFT		12
#define SPACE_MERGE_ORDER	9U
#define SPACE_MAX_ORDER		10U

#define READ_ONCE(x)		__atomic_load_n(&(x), __ATOMIC_RELAXED)

struct link {
	struct link *next, *prev;
};

/* Its fields lie where those of struct page do. */
struct frame {
	unsigned long flags;
	struct link list;
	unsigned long mapping, index;
	unsigned long order;		/* page->private */
	unsigned int type;		/* FRAME_BUDDY, or not */
	int refcount;
	unsigned long memcg;
};

#define FRAME_BUDDY		0xf0000080U
#define FRAME_HUGE		0xf0000400U
#define FRAME_ZONE_SHIFT	62
#define FRAME_ZONE		2UL
#define FRAME_RESERVED		0x4000UL
#define FRAME_TAIL		1UL	/* in list.next: page->compound_head */

/**
 * struct memarea_space - a zone from PFN 0 on
 * @frames: as the memory map, or NULL if there is not enough memory for it
 * @nr: how many pages it has
 * @nr_free: blocks on a list
 * @lists: by order
 */
struct memarea_space {
	struct frame *frames;
	unsigned long nr;
	unsigned long nr_free[SPACE_MAX_ORDER + 1];
	struct link lists[SPACE_MAX_ORDER + 1];
};

struct space_cursor {
	const struct link *pos;
};

static inline unsigned long space_nr_free(const struct memarea_space *sp,
					  unsigned int order)
{
	return sp->nr_free[order];
}

static inline bool space_next_block(struct memarea_space *sp,
				    unsigned int order,
				    struct space_cursor *cursor,
				    unsigned long *pfn)
{
	const struct link *list = &sp->lists[order];
	const char *frame;

	cursor->pos = cursor->pos ? cursor->pos->next : list->next;
	frame = (const char *)cursor->pos - offsetof(struct frame, list);
	if (cursor->pos == list)
		return false;
	*pfn = (const struct frame *)frame - sp->frames;
	return true;
}

static inline bool space_in_use(struct memarea_space *sp, unsigned long pfn)
{
	return pfn >= sp->nr || READ_ONCE(sp->frames[pfn].refcount);
}

static inline int space_head_order(struct memarea_space *sp, unsigned long pfn)
{
	if (pfn >= sp->nr || READ_ONCE(sp->frames[pfn].type) != FRAME_BUDDY)
		return -1;
	return sp->frames[pfn].order;
}

static inline unsigned long space_skip(struct memarea_space *sp,
				       unsigned long pfn)
{
	return pfn + 1;
}

static inline void space_take(struct memarea_space *sp, unsigned long pfn,
			      unsigned int order)
{
}

static inline void space_left(struct memarea_space *sp, unsigned long from,
			      unsigned long to, unsigned int order)
{
}

static inline void space_put(struct memarea_space *sp, unsigned long pfn,
			     unsigned int order)
{
}

#endif /* _MM_MEMAREA_SPACE_H */
