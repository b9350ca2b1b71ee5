// SPDX-License-Identifier: GPL-2.0
/*
 * One line in the log, ratelimited, for an area that could not be had or was
 * not one.
 *
 * The largest free run that the line names is searched for in one hold of a
 * zone's lock: "at least" stands before it when the hold ended first.
 */
#define pr_fmt(fmt) "memarea: " fmt

#include <linux/mm.h>
#include <linux/ratelimit.h>
#include <linux/sched.h>
#include "internal.h"

static const char * const reasons[] = {
	[MEMAREA_OK]		= "none",
	[MEMAREA_BAD_SIZE]	= "bad size",
	[MEMAREA_BAD_ALIGN]	= "bad alignment",
	[MEMAREA_BAD_OFFSET]	= "offset not below alignment",
	[MEMAREA_BAD_BOUNDARY]	= "boundary cannot be kept",
	[MEMAREA_BAD_RANGE]	= "PFN range has no place for it",
	[MEMAREA_BAD_NODE]	= "no such node",
	[MEMAREA_BAD_GFP]	= "gfp flags that cannot be honoured",
	[MEMAREA_NOT_ALLOWED]	= "no zone allowed",
	[MEMAREA_WATERMARK]	= "watermark",
	[MEMAREA_NO_RUN]	= "no free run fits",
	[MEMAREA_GAVE_UP]	= "none in the blocks looked at",
	[MEMAREA_ISOLATED]	= "somebody else has isolated a pageblock there",
	[MEMAREA_UNMOVABLE]	= "page that cannot be moved",
	[MEMAREA_HELD]		= "page that is held",
	[MEMAREA_WRITEBACK]	= "page being written",
	[MEMAREA_NO_TARGET]	= "no memory to move pages to",
	[MEMAREA_CONTENDED]	= "somebody else makes room",
	[MEMAREA_BUDGET]	= "budget for making room",
	[MEMAREA_KILLED]	= "fatal signal",
	[MEMAREA_CHARGE]	= "memory cgroup limit",
	[MEMAREA_NO_DEVRES]	= "no memory for devres",
	[MEMAREA_INJECTED]	= "injected",
};

struct largest {
	unsigned long nr;
	struct zone *zone;
	bool exact;
};

static void look_in_zone(struct zone *zone, struct largest *largest)
{
	struct memarea_space sp = { .zone = zone, .types = MEMAREA_TYPES };
	unsigned long start, end, flags;
	int budget = MEMAREA_HOLD_BLOCKS;
	struct memarea_run run;

	if (!memarea_zone_span(zone, &start, &end))
		return;
	spin_lock_irqsave(&zone->lock, flags);
	space_enter(&sp);
	largest->exact &= memarea_largest_run(&sp, end, &budget, &run);
	spin_unlock_irqrestore(&zone->lock, flags);

	if (run.end - run.start <= largest->nr)
		return;
	largest->nr = run.end - run.start;
	largest->zone = zone;
}

/* The largest free run that the call's node, mask and zones allow. */
static struct largest find_largest(const struct memarea_call *call)
{
	struct zonelist *zonelist = node_zonelist(call->nid, call->gfp);
	nodemask_t *nodes = (nodemask_t *)call->req->nodemask;
	struct largest largest = { .exact = true };
	struct zoneref *z;
	struct zone *zone;

	for_each_zone_zonelist_nodemask(zone, z, zonelist, gfp_zone(call->gfp),
					nodes)
		look_in_zone(zone, &largest);
	return largest;
}

static void report_request(const struct memarea_call *call)
{
	const struct memarea_request *req = call->req;

	pr_warn("%s: no area of %lu pages: %s (%d) (gfp %#x(%pGg), align %lu+%lu, boundary %lu, pfn %#lx-%#lx, node %d)\n",
		current->comm, req->nr_pages, reasons[call->res->reason],
		call->res->error, req->gfp, &req->gfp, req->align, req->offset,
		req->boundary, req->min_pfn, req->max_pfn, req->nid);
}

static void report_memory(const struct memarea_call *call)
{
	struct largest largest = find_largest(call);

	pr_warn("%s: no area of %lu pages: %s (%d), largest free run %s%lu pages in node %d %s\n",
		current->comm, call->spec.nr, reasons[call->res->reason],
		call->res->error, largest.exact ? "" : "at least ", largest.nr,
		largest.zone ? zone_to_nid(largest.zone) : call->nid,
		largest.zone ? largest.zone->name : "(none)");
}

void memarea_report(const struct memarea_call *call)
{
	static DEFINE_RATELIMIT_STATE(rs, DEFAULT_RATELIMIT_INTERVAL,
				      DEFAULT_RATELIMIT_BURST);

	if ((call->req->gfp & __GFP_NOWARN) || !__ratelimit(&rs))
		return;
	if (call->res->error == -EINVAL)
		report_request(call);
	else
		report_memory(call);
}

void memarea_report_free(struct page *area, unsigned long nr_pages,
			 unsigned long refused, unsigned long caller)
{
	pr_warn_ratelimited("%pS frees %lu pages at pfn %#lx: %lu of them are free already or no area's, and left alone\n",
			    (void *)caller, nr_pages, page_to_pfn(area),
			    refused);
}
