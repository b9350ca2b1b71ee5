/* SPDX-License-Identifier: GPL-2.0 */
/* What memarea's own files share. */
#ifndef _MM_MEMAREA_INTERNAL_H
#define _MM_MEMAREA_INTERNAL_H

#include <linux/memarea.h>
#include <linux/mmzone.h>
#include <linux/page_owner.h>
#include <linux/pgalloc_tag.h>
#include "hooks.h"
#include "space.h"
#include "runs.h"

/**
 * struct memarea_call - one call of __alloc_memarea()
 * @req: the request as given
 * @res: where the outcome is noted
 * @spec: the request with its "don't care" values filled in
 * @gfp: the request's, less what this context does not allow
 * @nid: the node to begin with, never %NUMA_NO_NODE
 * @contig: alloc_contig_pages() calls, which waits for locked pages, and whose
 *	nodes are not the cpuset's affair
 * @claiming: the pages to be taken are isolated, and count as free no more; the
 *	watermark is looked at when the rest is back
 * @room_start: when room began to be made, in jiffies
 */
struct memarea_call {
	const struct memarea_request *req;
	struct memarea_result *res;
	struct memarea_spec spec;
	gfp_t gfp;
	int nid;
	bool contig;
	bool claiming;
	unsigned long room_start;
};

/* Reasons rise with how far the request got: the furthest one is kept. */
static inline void memarea_note(struct memarea_call *call,
				enum memarea_reason reason)
{
	call->res->reason = max(call->res->reason, reason);
}

/* The same, with the page that was in the way. */
static inline void memarea_note_at(struct memarea_call *call,
				   enum memarea_reason reason,
				   unsigned long pfn)
{
	if (reason >= call->res->reason && pfn != MEMAREA_NO_PFN)
		call->res->pfn = pfn;
	memarea_note(call, reason);
}

/* Give others a chance between two lock holds, if the caller may sleep. */
static inline void memarea_breathe(gfp_t gfp)
{
	if (gfpflags_allow_blocking(gfp))
		cond_resched();
}

/* Migratetypes whose pages are for everybody. */
#define MEMAREA_TYPES	(BIT(MIGRATE_UNMOVABLE) | BIT(MIGRATE_MOVABLE) | \
			 BIT(MIGRATE_RECLAIMABLE))
#define MEMAREA_ALL_TYPES	(BIT(MIGRATE_TYPES) - 1)

/* Of pageblocks that are withheld from everybody else. */
#ifdef CONFIG_MEMORY_ISOLATION
#define MEMAREA_WITHHELD	BIT(MIGRATE_ISOLATE)
#else
#define MEMAREA_WITHHELD	0
#endif

/* alloc.c */
bool memarea_zone_span(struct zone *zone, unsigned long *start,
		       unsigned long *end);
bool memarea_clip_to_zone(struct memarea_spec *spec, struct zone *zone);
bool memarea_watermark_ok(const struct memarea_call *call, struct zone *zone,
			  unsigned long nr);
unsigned long memarea_claim(struct memarea_call *call, struct zone *zone,
			    unsigned long start);

struct page *memarea_alloc(const struct memarea_request *req,
			   struct memarea_result *result, bool contig);

/* contig.c: memarea answers alloc_contig_pages() */
extern bool memarea_contig;

/* room.c: no free run fits, so make one, zone by zone */
#ifdef CONFIG_MEMAREA_ROOM
bool memarea_room_begin(struct memarea_call *call);
void memarea_room_end(struct memarea_call *call);
unsigned long memarea_room_try_zone(struct memarea_call *call,
				    struct zone *zone);
#else
static inline bool memarea_room_begin(struct memarea_call *call)
{
	return false;
}

static inline void memarea_room_end(struct memarea_call *call)
{
}

static inline unsigned long memarea_room_try_zone(struct memarea_call *call,
						  struct zone *zone)
{
	return MEMAREA_NO_PFN;
}
#endif

/* pages.c: from pages off the lists to pages in use, and back */
bool memarea_prepare(struct memarea_call *call, unsigned long pfn);
void memarea_put_raw(struct zone *zone, unsigned long start, unsigned long end);

/* Does somebody keep a record of each page's allocation? */
#ifdef CONFIG_PAGE_OWNER
static inline bool memarea_pages_tracked(void)
{
	return static_branch_unlikely(&page_owner_inited) ||
	       mem_alloc_profiling_enabled();
}
#else
static inline bool memarea_pages_tracked(void)
{
	return mem_alloc_profiling_enabled();
}
#endif

/* report.c */
void memarea_report(const struct memarea_call *call);
void memarea_report_free(struct page *area, unsigned long nr_pages,
			 unsigned long refused, unsigned long caller);

/* fault.c */
enum memarea_fault {
	MEMAREA_FAULT_SEARCH,	/* before the search */
	MEMAREA_FAULT_CLAIM,	/* with part or all of the area taken */
	MEMAREA_FAULT_PREPARE,	/* with part of the area prepared */
	MEMAREA_FAULT_ROOM,	/* with a place isolated, to make room there */
};

#ifdef CONFIG_FAIL_MEMAREA
bool memarea_should_fail(struct memarea_call *call, enum memarea_fault step);
#else
static inline bool memarea_should_fail(struct memarea_call *call,
				       enum memarea_fault step)
{
	return false;
}
#endif

/* deferred.c: struct pages at and above this PFN may not be initialised */
#ifdef CONFIG_DEFERRED_STRUCT_PAGE_INIT
unsigned long memarea_deferred_pfn(int nid);
#else
static inline unsigned long memarea_deferred_pfn(int nid)
{
	return MEMAREA_NO_PFN;
}
#endif

#endif /* _MM_MEMAREA_INTERNAL_H */
