// SPDX-License-Identifier: GPL-2.0
/*
 * Make room where no free run is: choose a place, empty it, take it.
 *
 * A zone is looked at once (classify.c), the cheapest place is chosen
 * (window.c), emptied and taken (evacuate.c).  If a page would not go, the place
 * is looked at again, the page's cell is left out, and the choice made anew, up
 * to MEMAREA_ROOM_TRIES times.  This is done in stages, each with what the one
 * before left undone: places that need clean file pages dropped and nothing
 * else; places that need pages moved; the same again, but with pages written and
 * swapped out, for want of memory to move them to.  How far a call may go is its
 * effort, from the request or its gfp flags.
 *
 * What was taken is a run of free pages off the free lists, as from any search:
 * all that follows, preparation, charge and failure there, is alloc.c's.
 *
 * One caller at a time makes room: two would isolate each other's pageblocks,
 * and fail by it.  Who may not enter file systems does not wait for that, as the
 * other may be waiting for him in reclaim.  Nobody makes room in reclaim, nor
 * from within the making of room.  Batches of LRU pages are off meanwhile, on
 * all CPUs: a page in one could neither be recognised nor isolated.
 *
 * Pages that did not go are remembered for a moment, so that callers do not
 * try the same places over and over again.
 *
 * Locks: room_lock, which also protects what is remembered.  No other is held
 * from one function to the next.
 */
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/swap.h>
#include <trace/events/memarea.h>
#include "../internal.h"
#include "internal.h"
#include "room.h"

static DEFINE_MUTEX(room_lock);
static struct task_struct *room_owner;

static struct {
	unsigned long pfn;
	unsigned long until;
} remembered[64];
static unsigned int oldest;

static void remember(unsigned long pfn)
{
	lockdep_assert_held(&room_lock);
	remembered[oldest].pfn = pfn;
	remembered[oldest].until = jiffies + MEMAREA_ROOM_MEMORY;
	oldest = (oldest + 1) % ARRAY_SIZE(remembered);
}

/* The first page in [@pfn, @end) that did not go lately. */
bool memarea_room_remembers(unsigned long pfn, unsigned long end,
			    unsigned long *culprit)
{
	int i;

	lockdep_assert_held(&room_lock);
	*culprit = end;
	for (i = 0; i < ARRAY_SIZE(remembered); i++) {
		unsigned long this = remembered[i].pfn;

		if (this >= pfn && this < *culprit &&
		    time_before(jiffies, remembered[i].until))
			*culprit = this;
	}
	return *culprit < end;
}

static enum memarea_effort effort_by_gfp(const struct memarea_call *call)
{
	if (call->gfp & __GFP_NORETRY || call->req->max_blocks)
		return MEMAREA_EFFORT_FREE;
	if (call->gfp & __GFP_RETRY_MAYFAIL)
		return MEMAREA_EFFORT_SWAP;
	return MEMAREA_EFFORT_MOVE;
}

/* How far this call may go. */
static enum memarea_effort effort(const struct memarea_call *call)
{
	enum memarea_effort effort = call->req->effort;

	if (!gfpflags_allow_blocking(call->gfp))
		return MEMAREA_EFFORT_FREE;
	if (effort == MEMAREA_EFFORT_BY_GFP)
		effort = effort_by_gfp(call);
	if (effort > MEMAREA_EFFORT_MOVE && !memarea_may_enter_fs(call))
		return MEMAREA_EFFORT_MOVE;
	return effort;
}

/* Not in reclaim, not from ourselves, and not before there are workqueues. */
static bool may_make_room(const struct memarea_call *call)
{
	enum memarea_reason reason = call->res->reason;

	if (reason != MEMAREA_NO_RUN && reason != MEMAREA_WATERMARK)
		return false;
	if (effort(call) <= MEMAREA_EFFORT_FREE || !mm_percpu_wq)
		return false;
	return !(current->flags & PF_MEMALLOC) &&
	       READ_ONCE(room_owner) != current;
}

static bool lock_room(struct memarea_call *call)
{
	if (!memarea_may_enter_fs(call)) {
		if (mutex_trylock(&room_lock))
			return true;
		memarea_note(call, MEMAREA_CONTENDED);
		return false;
	}
	if (!mutex_lock_killable(&room_lock))
		return true;
	memarea_note(call, MEMAREA_KILLED);
	return false;
}

/* May room be made for this call?  Then memarea_room_end() must follow. */
bool memarea_room_begin(struct memarea_call *call)
{
	if (!may_make_room(call) || !lock_room(call))
		return false;
	WRITE_ONCE(room_owner, current);
	trace_memarea_room_start(call->spec.nr, effort(call),
				 call->req->room_pages, call->req->room_msecs);
	call->room_start = jiffies;
	lru_cache_disable();
	return true;
}

void memarea_room_end(struct memarea_call *call)
{
	lru_cache_enable();
	call->res->msecs = jiffies_to_msecs(jiffies - call->room_start);
	trace_memarea_room_finish(call->res);
	WRITE_ONCE(room_owner, NULL);
	mutex_unlock(&room_lock);
}

static unsigned long pages_gone(const struct memarea_result *res)
{
	return res->dropped + res->moved + res->swapped;
}

/* Must it end here, whatever comes of it? */
enum memarea_reason memarea_room_over(const struct memarea_room *room)
{
	const struct memarea_request *req = room->call->req;

	if (room->call->res->reason == MEMAREA_INJECTED)
		return MEMAREA_INJECTED;
	if (fatal_signal_pending(current))
		return MEMAREA_KILLED;
	if (req->room_msecs && time_after_eq(jiffies, room->deadline))
		return MEMAREA_BUDGET;
	if (req->room_pages && pages_gone(room->call->res) >= req->room_pages)
		return MEMAREA_BUDGET;
	return MEMAREA_OK;
}

static bool note_if_over(struct memarea_room *room)
{
	enum memarea_reason reason = memarea_room_over(room);

	if (reason)
		memarea_note(room->call, reason);
	return reason;
}

/* Is what the place asks for more than what is left of the budget? */
static bool too_much(struct memarea_room *room)
{
	const struct memarea_window *window = &room->window;
	unsigned long limit = room->call->req->room_pages;

	if (!limit || pages_gone(room->call->res) + window->drop +
		      window->move <= limit)
		return false;
	memarea_note(room->call, MEMAREA_BUDGET);
	return true;
}

/* Free a few pages of this zone or of those that can serve for it. */
static bool reclaim_some(const struct memarea_call *call)
{
	struct zonelist *zonelist = node_zonelist(call->nid, call->gfp);
	unsigned int noreclaim = memalloc_noreclaim_save();
	unsigned long nr;

	nr = try_to_free_pages(zonelist, 0, call->gfp,
			       (nodemask_t *)call->req->nodemask);
	memalloc_noreclaim_restore(noreclaim);
	cond_resched();
	return nr;
}

/*
 * May @need pages be withheld from others?  If the zone cannot do without them, it
 * is as for any allocation: somebody's pages are reclaimed.
 */
bool memarea_room_spares(struct memarea_room *room, unsigned long need)
{
	unsigned long tries = need / SWAP_CLUSTER_MAX + MEMAREA_ROOM_TRIES;

	while (!memarea_watermark_ok(room->call, room->zone, need)) {
		if (tries-- && !memarea_room_over(room) &&
		    reclaim_some(room->call))
			continue;
		memarea_note(room->call, MEMAREA_WATERMARK);
		return false;
	}
	return true;
}

/* The most pages that may be free in the place: what is in use of its cells counts. */
static unsigned long free_in_place(const struct memarea_room *room)
{
	unsigned long size = 1UL << room->cells.order;
	unsigned long first = round_down(room->window.start, size);
	unsigned long pages = round_up(memarea_window_end(room), size) - first;

	return min(room->spec.nr,
		   pages - room->window.drop - room->window.move);
}

static bool choose(struct memarea_room *room)
{
	bool found = memarea_window_cheapest(&room->cells, &room->spec,
					     room->stage > MEMAREA_EFFORT_DROP,
					     &room->window);

	room->call->res->windows += room->window.seen;
	if (found)
		return !too_much(room) &&
		       memarea_room_spares(room, free_in_place(room));
	memarea_note_at(room->call, MEMAREA_NO_RUN, room->window.blocked ?
			memarea_obstacle(room) : MEMAREA_NO_PFN);
	return false;
}

/* Look at the place again; who was in the way is left out from now on. */
static bool learn(struct memarea_room *room)
{
	if (note_if_over(room) || room->failed == MEMAREA_NO_TARGET)
		return false;
	if (room->culprit != MEMAREA_NO_PFN)
		remember(room->culprit);
	return !memarea_classify(room, room->window.start,
				 memarea_window_end(room));
}

static unsigned long try_window(struct memarea_room *room)
{
	unsigned long pfn = memarea_evacuate(room);

	room->call->res->tries++;
	trace_memarea_room_try(room->window.start, room->spec.nr,
			       room->window.drop, room->window.move,
			       room->stage, room->failed, room->culprit);
	return pfn;
}

static unsigned long try_windows(struct memarea_room *room)
{
	unsigned int tries = MEMAREA_ROOM_TRIES;
	unsigned long pfn;

	while (tries-- && choose(room)) {
		pfn = try_window(room);
		if (pfn != MEMAREA_NO_PFN || !learn(room))
			return pfn;
	}
	return MEMAREA_NO_PFN;
}

static unsigned long try_stages(struct memarea_room *room)
{
	unsigned long pfn = MEMAREA_NO_PFN;

	for (room->stage = MEMAREA_EFFORT_DROP;
	     room->stage <= room->effort && pfn == MEMAREA_NO_PFN &&
	     !note_if_over(room); room->stage++)
		pfn = try_windows(room);
	return pfn;
}

/* As few pages as the request itself may take, and in no hurry. */
static gfp_t note_gfp(const struct memarea_call *call)
{
	return (call->gfp & (__GFP_RECLAIM | __GFP_IO | __GFP_FS)) |
	       __GFP_NORETRY | __GFP_NOWARN;
}

static bool alloc_notes(struct memarea_room *room)
{
	struct memarea_cells *cells = &room->cells;
	unsigned long start = pageblock_start_pfn(room->spec.lo);
	unsigned long span = pageblock_align(room->spec.hi) - start;
	gfp_t gfp = note_gfp(room->call);

	cells->start = start;
	cells->order = memarea_cell_order(room->spec.nr, span, pageblock_order);
	cells->nr = span >> cells->order;
	cells->cell = kvmalloc_array(cells->nr, sizeof(*cells->cell), gfp);
	room->types = kvmalloc(room->spec.nr / pageblock_nr_pages + 2, gfp);
	if (cells->cell && room->types)
		return true;
	memarea_note(room->call, MEMAREA_NO_TARGET);
	return false;
}

static void free_notes(struct memarea_room *room)
{
	kvfree(room->cells.cell);
	kvfree(room->types);
}

static unsigned long search(struct memarea_room *room)
{
	enum memarea_reason over;

	over = memarea_classify(room, room->spec.lo, room->spec.hi);
	if (!over)
		return try_stages(room);
	memarea_note(room->call, over);
	return MEMAREA_NO_PFN;
}

/* An area in @zone for which room was made, or MEMAREA_NO_PFN. */
unsigned long memarea_room_try_zone(struct memarea_call *call,
				    struct zone *zone)
{
	struct memarea_room room = {
		.call = call,
		.zone = zone,
		.spec = call->spec,
		.effort = effort(call),
		.deadline = call->room_start +
			    msecs_to_jiffies(call->req->room_msecs),
	};
	unsigned long pfn = MEMAREA_NO_PFN;

	if (!memarea_clip_to_zone(&room.spec, zone) || note_if_over(&room))
		return MEMAREA_NO_PFN;
	if (room.spec.nr <= zone_managed_pages(zone) && alloc_notes(&room))
		pfn = search(&room);
	free_notes(&room);
	return pfn;
}
