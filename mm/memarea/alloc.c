// SPDX-License-Identifier: GPL-2.0
/*
 * Allocating an area: the request is checked, the allowed zones are searched
 * in zonelist order, what was found is prepared for use.
 *
 * A zone is searched by runs.c in bounded steps; each step is one hold of
 * zone->lock with interrupts off, and begins with the zone's watermark, so an
 * area never eats into a reserve that others filled meanwhile.  If no zone has
 * a run and the caller may sleep, the allowed zones' per-CPU lists are drained,
 * once, and searched again.  Then, if the caller lets it, room is made: room.c.
 *
 * Locks: zone->lock alone.  It protects the free lists, PageBuddy and the
 * order of a free block, and by way of the online check the struct pages
 * that a step reads.  pcpu_drain_mutex is taken, by drain_all_pages(), only
 * for callers that may sleep and with no lock held.
 *
 * Not kept: which pages belong to an area.  Once prepared they are ordinary
 * pages, and whoever holds the last reference frees them.
 */
#include <linux/cpuset.h>
#include <linux/export.h>
#include <linux/memarea.h>
#include <linux/sched/mm.h>
#include <linux/swap.h>
#include <linux/topology.h>
#include <linux/vmstat.h>
#include "internal.h"
#include "map.h"

#define CREATE_TRACE_POINTS
#include <trace/events/memarea.h>

static const int reason_errno[] = {
	[MEMAREA_OK]		= 0,
	[MEMAREA_BAD_SIZE]	= -EINVAL,
	[MEMAREA_BAD_ALIGN]	= -EINVAL,
	[MEMAREA_BAD_OFFSET]	= -EINVAL,
	[MEMAREA_BAD_BOUNDARY]	= -EINVAL,
	[MEMAREA_BAD_RANGE]	= -EINVAL,
	[MEMAREA_BAD_NODE]	= -EINVAL,
	[MEMAREA_BAD_GFP]	= -EINVAL,
	[MEMAREA_NOT_ALLOWED]	= -ENODEV,
	[MEMAREA_WATERMARK]	= -ENOMEM,
	[MEMAREA_NO_RUN]	= -ENOSPC,
	[MEMAREA_GAVE_UP]	= -EAGAIN,
	[MEMAREA_ISOLATED]	= -EBUSY,
	[MEMAREA_UNMOVABLE]	= -EBUSY,
	[MEMAREA_HELD]		= -EBUSY,
	[MEMAREA_WRITEBACK]	= -EBUSY,
	[MEMAREA_NO_TARGET]	= -ENOMEM,
	[MEMAREA_CONTENDED]	= -EAGAIN,
	[MEMAREA_BUDGET]	= -ETIME,
	[MEMAREA_KILLED]	= -EINTR,
	[MEMAREA_CHARGE]	= -ENOMEM,
	[MEMAREA_NO_DEVRES]	= -ENOMEM,
	[MEMAREA_INJECTED]	= -ENOMEM,
};

static enum memarea_reason check_node(int nid)
{
	if (nid == NUMA_NO_NODE)
		return MEMAREA_OK;
	if (nid < 0 || nid >= MAX_NUMNODES || !node_online(nid))
		return MEMAREA_BAD_NODE;
	return MEMAREA_OK;
}

/* The largest compound page the rest of mm knows how to handle. */
static unsigned int max_compound_order(void)
{
	if (IS_ENABLED(CONFIG_SPARSEMEM) && !IS_ENABLED(CONFIG_SPARSEMEM_VMEMMAP))
		return MAX_PAGE_ORDER;
	return ilog2(MAX_FOLIO_NR_PAGES);
}

/* One compound page starts at a multiple of its size. */
static enum memarea_reason spec_compound(struct memarea_spec *spec)
{
	if (!is_power_of_2(spec->nr) || ilog2(spec->nr) > max_compound_order())
		return MEMAREA_BAD_SIZE;
	if (spec->offset & (spec->nr - 1))
		return MEMAREA_BAD_OFFSET;
	spec->align = max(spec->align, spec->nr);
	return MEMAREA_OK;
}

/* For these gfp_zone() has no answer. */
static bool contradictory_zones(gfp_t gfp)
{
	return (GFP_ZONE_BAD >> (__force int)(gfp & GFP_ZONEMASK)) & 1;
}

static enum memarea_reason check_fields(const struct memarea_request *req)
{
	if (!req->nr_pages || req->nr_pages > LONG_MAX)
		return MEMAREA_BAD_SIZE;
	if (req->align && !is_power_of_2(req->align))
		return MEMAREA_BAD_ALIGN;
	if (req->offset && req->offset >= req->align)
		return MEMAREA_BAD_OFFSET;
	if (req->boundary && !is_power_of_2(req->boundary))
		return MEMAREA_BAD_BOUNDARY;
	if ((req->gfp & __GFP_NOFAIL) || contradictory_zones(req->gfp))
		return MEMAREA_BAD_GFP;
	return check_node(req->nid);
}

/* Which field leaves no legal start in all of memory? */
static enum memarea_reason check_places(const struct memarea_spec *spec)
{
	struct memarea_spec anywhere = *spec;

	if (memarea_spec_feasible(spec))
		return MEMAREA_OK;
	anywhere.lo = 0;
	anywhere.hi = MEMAREA_NO_PFN;
	return memarea_spec_feasible(&anywhere) ? MEMAREA_BAD_RANGE :
						  MEMAREA_BAD_BOUNDARY;
}

static enum memarea_reason call_init(struct memarea_call *call)
{
	const struct memarea_request *req = call->req;
	enum memarea_reason reason = check_fields(req);

	if (reason)
		return reason;
	call->nid = req->nid == NUMA_NO_NODE ? numa_mem_id() : req->nid;
	call->gfp = current_gfp_context(req->gfp & gfp_allowed_mask);
	call->spec = (struct memarea_spec) {
		.nr = req->nr_pages,
		.align = req->align ?: 1,
		.offset = req->offset,
		.boundary = req->boundary,
		.lo = req->min_pfn,
		.hi = req->max_pfn ?: MEMAREA_NO_PFN,
	};
	if (req->gfp & __GFP_COMP)
		reason = spec_compound(&call->spec);
	return reason ?: check_places(&call->spec);
}

/* The zone's PFNs, less those whose struct pages are yet to come. */
bool memarea_zone_span(struct zone *zone, unsigned long *start,
		       unsigned long *end)
{
	*start = zone->zone_start_pfn;
	*end = min(zone_end_pfn(zone), memarea_deferred_pfn(zone_to_nid(zone)));
	return *start < *end;
}

/* Without the zone's outside; false if there is no place left. */
bool memarea_clip_to_zone(struct memarea_spec *spec, struct zone *zone)
{
	unsigned long start, end;

	if (!memarea_zone_span(zone, &start, &end))
		return false;
	spec->lo = max(spec->lo, start);
	spec->hi = min(spec->hi, end);
	return spec->lo < spec->hi && memarea_spec_feasible(spec);
}

/* What gfp_to_alloc_flags() makes of these flags for a high order. */
static unsigned int watermark_flags(gfp_t gfp)
{
	if (!(gfp & __GFP_HIGH))
		return 0;
	if (gfp & (__GFP_DIRECT_RECLAIM | __GFP_NOMEMALLOC))
		return ALLOC_MIN_RESERVE;
	return ALLOC_MIN_RESERVE | ALLOC_NON_BLOCK | ALLOC_HIGHATOMIC;
}

/* Will @zone still be above its watermark with @nr pages less? */
bool memarea_watermark_ok(const struct memarea_call *call, struct zone *zone,
			  unsigned long nr)
{
	long left = zone_page_state(zone, NR_FREE_PAGES) - nr;

	return __zone_watermark_ok(zone, 0, min_wmark_pages(zone),
				   gfp_zone(call->gfp),
				   watermark_flags(call->gfp), left);
}

static void wake_kswapd(const struct memarea_call *call, struct zone *zone)
{
	if (!(call->gfp & __GFP_KSWAPD_RECLAIM))
		return;
	if (!zone_watermark_ok(zone, 0, low_wmark_pages(zone),
			       gfp_zone(call->gfp), 0))
		wakeup_kswapd(zone, call->gfp, 0, gfp_zone(call->gfp));
}

/* Abort the search if the rest of the area would be too much for @zone. */
static void stop_at_watermark(struct memarea_call *call, struct zone *zone,
			      const struct memarea_spec *spec,
			      struct memarea_find *find)
{
	unsigned long nr = spec->nr - memarea_find_owned(find);

	if (call->claiming || memarea_watermark_ok(call, zone, nr))
		return;
	memarea_note(call, MEMAREA_WATERMARK);
	memarea_find_abort(find);
}

static bool locked_step(struct memarea_call *call, struct memarea_space *sp,
			const struct memarea_spec *spec,
			struct memarea_find *find)
{
	struct zone *zone = sp->zone;
	unsigned long flags;
	bool more;

	if (memarea_find_ended(find))
		return false;
	spin_lock_irqsave(&zone->lock, flags);
	space_enter(sp);
	if (!memarea_find_undoing(find))
		stop_at_watermark(call, zone, spec, find);
	more = memarea_find_step(sp, spec, find);
	spin_unlock_irqrestore(&zone->lock, flags);

	return more;
}

/* Let the claim fail, if there is one and fail_memarea wants it to. */
static bool inject_claim_failure(struct memarea_call *call,
				 struct memarea_find *find)
{
	if (memarea_find_undoing(find) || !memarea_find_owned(find))
		return false;
	if (!memarea_should_fail(call, MEMAREA_FAULT_CLAIM))
		return false;
	memarea_find_abort(find);
	return true;
}

/* A caller in a hurry does not want all of a large zone scanned. */
static bool give_up(struct memarea_call *call, struct memarea_find *find)
{
	unsigned long limit = call->req->max_blocks;

	if (!limit || find->blocks < limit || call->claiming ||
	    !memarea_find_searching(find))
		return false;
	memarea_note(call, MEMAREA_GAVE_UP);
	memarea_find_abort(find);
	return true;
}

static bool injected(const struct memarea_call *call)
{
	return call->res->reason == MEMAREA_INJECTED;
}

/* Let the map say, with no lock held, where to go on. */
static void look_at_map(struct memarea_call *call,
			const struct memarea_spec *spec,
			struct memarea_find *find)
{
	struct memarea_map map;
	bool more;

	do {
		rcu_read_lock();
		memarea_map_get(&map);
		more = memarea_find_look(&map, spec, find);
		rcu_read_unlock();
		memarea_breathe(call->gfp);
	} while (more && !give_up(call, find));
}

static void search_zone(struct memarea_call *call, struct zone *zone,
			const struct memarea_spec *spec,
			struct memarea_find *find)
{
	struct memarea_space sp = { .zone = zone, .types = MEMAREA_TYPES };
	bool more;

	if (watermark_flags(call->gfp) & ALLOC_HIGHATOMIC)
		sp.types |= BIT(MIGRATE_HIGHATOMIC);
	if (call->claiming)
		sp.types |= MEMAREA_WITHHELD;
	memarea_find_init(find, spec);
	stop_at_watermark(call, zone, spec, find);
	do {
		look_at_map(call, spec, find);
		more = locked_step(call, &sp, spec, find);
		more |= inject_claim_failure(call, find);
		more |= give_up(call, find);
		memarea_breathe(call->gfp);
	} while (more);
}

/* Search for @spec, which is within the zone, and tell what came of it. */
static unsigned long find_in_zone(struct memarea_call *call, struct zone *zone,
				  const struct memarea_spec *spec)
{
	struct memarea_result *res = call->res;
	struct memarea_find find;

	search_zone(call, zone, spec, &find);
	res->zones++;
	res->blocks += find.blocks;
	res->lost += find.lost;
	res->largest = max(res->largest, find.largest);
	wake_kswapd(call, zone);
	if (find.stage == MEMAREA_FOUND)
		return find.start;
	if (find.stage == MEMAREA_NONE)
		memarea_note(call, MEMAREA_NO_RUN);
	return MEMAREA_NO_PFN;
}

static unsigned long try_zone(struct memarea_call *call, struct zone *zone)
{
	struct memarea_spec spec = call->spec;

	if (!memarea_clip_to_zone(&spec, zone))
		return MEMAREA_NO_PFN;
	return find_in_zone(call, zone, &spec);
}

/* Take the area at @start, whose pageblocks this call has isolated. */
unsigned long memarea_claim(struct memarea_call *call, struct zone *zone,
			    unsigned long start)
{
	struct memarea_spec spec = call->spec;
	unsigned long pfn;

	spec.lo = start;
	spec.hi = start + spec.nr;
	call->claiming = true;
	pfn = find_in_zone(call, zone, &spec);
	call->claiming = false;
	return pfn;
}

/* As the page allocator: the cpuset's own nodes first, then what it may use. */
static bool zone_allowed(struct memarea_call *call, struct zone *zone,
			 bool relaxed)
{
	const nodemask_t *nodes = call->req->nodemask;

	/* without CONFIG_NUMA zonelists ignore the mask */
	if (nodes && !node_isset(zone_to_nid(zone), *nodes))
		return false;
	if (!cpusets_enabled() || call->contig)
		return !relaxed;
	if (__cpuset_zone_allowed(zone, call->gfp | __GFP_HARDWALL))
		return !relaxed;
	if (!relaxed)
		return false;
	return (watermark_flags(call->gfp) & ALLOC_NON_BLOCK) ||
	       __cpuset_zone_allowed(zone, call->gfp);
}

typedef unsigned long try_fn(struct memarea_call *call, struct zone *zone);

static unsigned long try_zones(struct memarea_call *call, bool relaxed,
			       try_fn *try)
{
	struct zonelist *zonelist = node_zonelist(call->nid, call->gfp);
	nodemask_t *nodes = (nodemask_t *)call->req->nodemask;
	struct zoneref *z;
	struct zone *zone;

	for_each_zone_zonelist_nodemask(zone, z, zonelist, gfp_zone(call->gfp),
					nodes) {
		unsigned long pfn;

		if (!zone_allowed(call, zone, relaxed))
			continue;
		pfn = try(call, zone);
		if (pfn != MEMAREA_NO_PFN || injected(call))
			return pfn;
	}
	return MEMAREA_NO_PFN;
}

static unsigned long find_area(struct memarea_call *call, try_fn *try)
{
	unsigned long pfn = try_zones(call, false, try);

	if (pfn == MEMAREA_NO_PFN && cpusets_enabled() && !injected(call) &&
	    !(call->gfp & __GFP_HARDWALL))
		pfn = try_zones(call, true, try);
	return pfn;
}

static bool has_pcp_pages(struct zone *zone)
{
	int cpu;

	for_each_online_cpu(cpu) {
		if (READ_ONCE(per_cpu_ptr(zone->per_cpu_pageset, cpu)->count))
			return true;
	}
	return false;
}

static bool zone_is_candidate(struct memarea_call *call, struct zone *zone)
{
	struct memarea_spec spec = call->spec;

	return memarea_clip_to_zone(&spec, zone) &&
	       (zone_allowed(call, zone, false) ||
		zone_allowed(call, zone, true));
}

/*
 * Pages on per-CPU lists are free, but in no run: put them back.  False if
 * there were none, so that another search would find what the last one did.
 */
static bool drain_zones(struct memarea_call *call)
{
	struct zonelist *zonelist = node_zonelist(call->nid, call->gfp);
	nodemask_t *nodes = (nodemask_t *)call->req->nodemask;
	bool drained = false;
	struct zoneref *z;
	struct zone *zone;

	for_each_zone_zonelist_nodemask(zone, z, zonelist, gfp_zone(call->gfp),
					nodes) {
		if (!zone_is_candidate(call, zone) || !has_pcp_pages(zone))
			continue;
		drain_all_pages(zone);
		drained = true;
	}
	call->res->drains += drained;
	count_vm_events(MEMAREA_DRAIN, drained);
	return drained;
}

static bool worth_a_drain(const struct memarea_call *call)
{
	enum memarea_reason reason = call->res->reason;

	return gfpflags_allow_blocking(call->gfp) &&
	       (reason == MEMAREA_NO_RUN || reason == MEMAREA_WATERMARK);
}

static unsigned long find_run(struct memarea_call *call)
{
	unsigned long pfn = find_area(call, try_zone);

	if (pfn == MEMAREA_NO_PFN && worth_a_drain(call) && drain_zones(call))
		pfn = find_area(call, try_zone);
	return pfn;
}

static struct page *alloc_area(struct memarea_call *call)
{
	unsigned long pfn;

	might_alloc(call->gfp);
	memarea_note(call, MEMAREA_NOT_ALLOWED);
	if (memarea_should_fail(call, MEMAREA_FAULT_SEARCH))
		return NULL;
	pfn = find_run(call);
	if (pfn == MEMAREA_NO_PFN && memarea_room_begin(call)) {
		pfn = find_area(call, memarea_room_try_zone);
		memarea_room_end(call);
	}
	if (pfn == MEMAREA_NO_PFN || !memarea_prepare(call, pfn))
		return NULL;
	return pfn_to_page(pfn);
}

static void count_call(const struct memarea_call *call, struct page *area)
{
	count_vm_events(MEMAREA_SCANNED, call->res->blocks);
	if (!area) {
		count_vm_event(MEMAREA_FAIL);
		return;
	}
	count_vm_event(MEMAREA_ALLOC);
	count_vm_events(MEMAREA_PAGES, call->spec.nr);
}

/* @contig: see struct memarea_call */
struct page *memarea_alloc(const struct memarea_request *req,
			   struct memarea_result *result, bool contig)
{
	struct memarea_result unused;
	struct memarea_call call = {
		.req = req, .res = result ?: &unused, .contig = contig,
	};
	struct page *area = NULL;

	*call.res = (struct memarea_result) { };
	trace_memarea_alloc_start(req);
	call.res->reason = call_init(&call);
	if (!call.res->reason)
		area = alloc_area(&call);
	if (area) {
		call.res->reason = MEMAREA_OK;
		call.res->pfn = 0;
	}
	call.res->error = reason_errno[call.res->reason];
	count_call(&call, area);
	trace_memarea_alloc_finish(req, call.res, area);
	if (!area)
		memarea_report(&call);
	return area;
}

/**
 * __alloc_memarea() - allocate physically contiguous pages
 * @req: what the area must be like
 * @result: where the outcome and its reason go, or NULL
 *
 * If an allowed zone has a fitting run of pages that are free in the buddy
 * allocator throughout the call, an area is found, unless taking it would
 * bring the zone below its watermark.  If there is none, and @req->effort and
 * the flags allow it, one is made where that costs least.  Every page of the
 * area has a reference count of 1 and stands for itself: any part may be freed
 * by free_memarea(), a single page by put_page().
 *
 * The flags in @req->gfp:
 *
 * * zone modifiers, %__GFP_MOVABLE among them, and %__GFP_THISNODE say which
 *   zones may serve the request, %__GFP_HARDWALL how strictly the cpuset does;
 *   memory policies are not consulted
 * * %__GFP_DIRECT_RECLAIM: may sleep, so per-CPU lists are drained and room is
 *   made before giving up.  Without it the call never sleeps
 * * %__GFP_NORETRY, %__GFP_RETRY_MAYFAIL: see %MEMAREA_EFFORT_BY_GFP
 * * %__GFP_IO, %__GFP_FS: without both, only anonymous pages are moved to make
 *   room, and no file system is entered for that
 * * %__GFP_KSWAPD_RECLAIM: wake kswapd when a zone is low
 * * %__GFP_HIGH: may use a part of the reserve, and without
 *   %__GFP_DIRECT_RECLAIM and %__GFP_NOMEMALLOC more of it and HIGHATOMIC
 *   pageblocks
 * * %__GFP_ZERO, %__GFP_ZEROTAGS, %__GFP_SKIP_ZERO, %__GFP_SKIP_KASAN: as for
 *   alloc_pages()
 * * %__GFP_ACCOUNT: charged to the memory cgroup, which may reclaim from itself
 *   for it, but for areas above %PAGE_ALLOC_COSTLY_ORDER only once and never at
 *   the price of a kill or above its limit
 * * %__GFP_COMP: one compound page; the size must be a power of two
 * * %__GFP_NOWARN: no message on failure
 * * %__GFP_NOFAIL and zone modifiers that contradict each other: refused
 * * %__GFP_WRITE, %__GFP_RECLAIMABLE, %__GFP_MEMALLOC: no meaning here, ignored
 *
 * Context: Any in which alloc_pages() may be called with @req->gfp.  Interrupts
 * are never turned off for more than 128 blocks' work.  A caller that cannot
 * sleep waits for the whole search, which on a large and badly fragmented zone
 * may go over all of its memory map: @req->max_blocks bounds that.  Works before
 * other CPUs and workqueues are up.  Takes zone->lock, and to make room one mutex;
 * folios are only trylocked, so that the caller may hold some.
 * Return: the first page of the area, or NULL.  With SPARSEMEM but without
 * VMEMMAP step through it with nth_page().
 */
struct page *__alloc_memarea_noprof(const struct memarea_request *req,
				    struct memarea_result *result)
{
	return memarea_alloc(req, result, false);
}
EXPORT_SYMBOL_GPL(__alloc_memarea_noprof);

/**
 * alloc_memarea_node() - allocate physically contiguous pages
 * @nid: preferred node, the only one with %__GFP_THISNODE; %NUMA_NO_NODE for
 *	the local one
 * @gfp: see __alloc_memarea()
 * @nr_pages: any number but 0
 *
 * Context: see __alloc_memarea().
 * Return: the first page, or NULL.
 */
struct page *alloc_memarea_node_noprof(int nid, gfp_t gfp,
				       unsigned long nr_pages)
{
	struct memarea_request req = {
		.nr_pages = nr_pages,
		.nid = nid,
		.gfp = gfp,
	};

	return __alloc_memarea_noprof(&req, NULL);
}
EXPORT_SYMBOL_GPL(alloc_memarea_node_noprof);
