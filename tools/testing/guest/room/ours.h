/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What <linux/memarea.h> adds to a kernel.  On one without it nothing is
 * allocated, and nobody asks.
 */
#ifndef _BENCH_ROOM_OURS_H
#define _BENCH_ROOM_OURS_H

#include <linux/gfp.h>
#include <linux/kconfig.h>

#define ROOM_GFP	(GFP_KERNEL | __GFP_NOWARN)

#if IS_ENABLED(CONFIG_MEMAREA)
#include <linux/memarea.h>

static inline struct page *allocate_area(unsigned long nr,
					 enum memarea_effort effort)
{
	struct memarea_request req = {
		.nr_pages = nr,
		.nid = NUMA_NO_NODE,
		.gfp = ROOM_GFP,
		.effort = effort,
	};

	return __alloc_memarea(&req, NULL);
}
#else
enum memarea_effort {
	MEMAREA_EFFORT_DROP,
	MEMAREA_EFFORT_MOVE,
	MEMAREA_EFFORT_SWAP,
};

static inline struct page *allocate_area(unsigned long nr,
					 enum memarea_effort effort)
{
	return NULL;
}
#endif

#endif /* _BENCH_ROOM_OURS_H */
