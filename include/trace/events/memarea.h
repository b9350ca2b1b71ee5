/* SPDX-License-Identifier: GPL-2.0 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM memarea

#if !defined(_TRACE_MEMAREA_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TRACE_MEMAREA_H

#include <linux/memarea.h>
#include <linux/mm.h>
#include <linux/tracepoint.h>
#include <trace/events/mmflags.h>

TRACE_EVENT(memarea_alloc_start,

	TP_PROTO(const struct memarea_request *req),

	TP_ARGS(req),

	TP_STRUCT__entry(
		__field(unsigned long, nr_pages)
		__field(unsigned long, align)
		__field(unsigned long, offset)
		__field(unsigned long, boundary)
		__field(unsigned long, min_pfn)
		__field(unsigned long, max_pfn)
		__field(int, nid)
		__field(unsigned long, gfp)
	),

	TP_fast_assign(
		__entry->nr_pages = req->nr_pages;
		__entry->align = req->align;
		__entry->offset = req->offset;
		__entry->boundary = req->boundary;
		__entry->min_pfn = req->min_pfn;
		__entry->max_pfn = req->max_pfn;
		__entry->nid = req->nid;
		__entry->gfp = (__force unsigned long)req->gfp;
	),

	TP_printk("nr_pages=%lu align=%lu offset=%lu boundary=%lu min_pfn=0x%lx max_pfn=0x%lx nid=%d gfp_flags=%s",
		  __entry->nr_pages, __entry->align, __entry->offset,
		  __entry->boundary, __entry->min_pfn, __entry->max_pfn,
		  __entry->nid, show_gfp_flags(__entry->gfp))
);

TRACE_EVENT(memarea_alloc_finish,

	TP_PROTO(const struct memarea_request *req,
		 const struct memarea_result *result, const struct page *area),

	TP_ARGS(req, result, area),

	TP_STRUCT__entry(
		__field(unsigned long, pfn)
		__field(unsigned long, nr_pages)
		__field(int, errorno)
		__field(unsigned int, reason)
		__field(unsigned int, zones)
		__field(unsigned long, blocks)
		__field(unsigned int, lost)
		__field(unsigned int, drains)
		__field(unsigned long, largest)
	),

	TP_fast_assign(
		__entry->pfn = area ? page_to_pfn(area) : 0;
		__entry->nr_pages = req->nr_pages;
		__entry->errorno = result->error;
		__entry->reason = result->reason;
		__entry->zones = result->zones;
		__entry->blocks = result->blocks;
		__entry->lost = result->lost;
		__entry->drains = result->drains;
		__entry->largest = result->largest;
	),

	TP_printk("pfn=0x%lx nr_pages=%lu errorno=%d reason=%u zones=%u blocks=%lu lost=%u drains=%u largest=%lu",
		  __entry->pfn, __entry->nr_pages, __entry->errorno,
		  __entry->reason, __entry->zones, __entry->blocks,
		  __entry->lost, __entry->drains, __entry->largest)
);

TRACE_EVENT(memarea_free,

	TP_PROTO(unsigned long pfn, unsigned long nr_pages),

	TP_ARGS(pfn, nr_pages),

	TP_STRUCT__entry(
		__field(unsigned long, pfn)
		__field(unsigned long, nr_pages)
	),

	TP_fast_assign(
		__entry->pfn = pfn;
		__entry->nr_pages = nr_pages;
	),

	TP_printk("pfn=0x%lx nr_pages=%lu", __entry->pfn, __entry->nr_pages)
);

TRACE_EVENT(memarea_room_start,

	TP_PROTO(unsigned long nr_pages, unsigned int effort,
		 unsigned long room_pages, unsigned int room_msecs),

	TP_ARGS(nr_pages, effort, room_pages, room_msecs),

	TP_STRUCT__entry(
		__field(unsigned long, nr_pages)
		__field(unsigned int, effort)
		__field(unsigned long, room_pages)
		__field(unsigned int, room_msecs)
	),

	TP_fast_assign(
		__entry->nr_pages = nr_pages;
		__entry->effort = effort;
		__entry->room_pages = room_pages;
		__entry->room_msecs = room_msecs;
	),

	TP_printk("nr_pages=%lu effort=%u room_pages=%lu room_msecs=%u",
		  __entry->nr_pages, __entry->effort, __entry->room_pages,
		  __entry->room_msecs)
);

TRACE_EVENT(memarea_room_try,

	TP_PROTO(unsigned long pfn, unsigned long nr_pages, unsigned long drop,
		 unsigned long move, unsigned int stage, unsigned int reason,
		 unsigned long culprit),

	TP_ARGS(pfn, nr_pages, drop, move, stage, reason, culprit),

	TP_STRUCT__entry(
		__field(unsigned long, pfn)
		__field(unsigned long, nr_pages)
		__field(unsigned long, drop)
		__field(unsigned long, move)
		__field(unsigned int, stage)
		__field(unsigned int, reason)
		__field(unsigned long, culprit)
	),

	TP_fast_assign(
		__entry->pfn = pfn;
		__entry->nr_pages = nr_pages;
		__entry->drop = drop;
		__entry->move = move;
		__entry->stage = stage;
		__entry->reason = reason;
		__entry->culprit = culprit;
	),

	TP_printk("pfn=0x%lx nr_pages=%lu drop=%lu move=%lu stage=%u reason=%u culprit=0x%lx",
		  __entry->pfn, __entry->nr_pages, __entry->drop,
		  __entry->move, __entry->stage, __entry->reason,
		  __entry->culprit)
);

TRACE_EVENT(memarea_room_finish,

	TP_PROTO(const struct memarea_result *result),

	TP_ARGS(result),

	TP_STRUCT__entry(
		__field(unsigned long, windows)
		__field(unsigned int, tries)
		__field(unsigned long, dropped)
		__field(unsigned long, moved)
		__field(unsigned long, swapped)
		__field(unsigned int, msecs)
	),

	TP_fast_assign(
		__entry->windows = result->windows;
		__entry->tries = result->tries;
		__entry->dropped = result->dropped;
		__entry->moved = result->moved;
		__entry->swapped = result->swapped;
		__entry->msecs = result->msecs;
	),

	TP_printk("windows=%lu tries=%u dropped=%lu moved=%lu swapped=%lu msecs=%u",
		  __entry->windows, __entry->tries, __entry->dropped,
		  __entry->moved, __entry->swapped, __entry->msecs)
);

#endif /* _TRACE_MEMAREA_H */

#include <trace/define_trace.h>
