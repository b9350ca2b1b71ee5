/* SPDX-License-Identifier: GPL-2.0 */
/*
 * memarea: physically contiguous areas of any size.
 *
 * Sizes are in pages and positions are PFNs, unless a name says bytes; ranges
 * are half-open.  See Documentation/mm/memarea/index.rst.
 */
#ifndef _LINUX_MEMAREA_H
#define _LINUX_MEMAREA_H

#include <linux/alloc_tag.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/nodemask_types.h>
#include <linux/numa.h>
#include <linux/types.h>
#include <linux/vmalloc.h>

struct device;
struct page;

/**
 * enum memarea_effort - what may be done where no free run fits
 * @MEMAREA_EFFORT_BY_GFP: what the gfp flags say: nothing with %__GFP_NORETRY or
 *	max_blocks, %MEMAREA_EFFORT_SWAP with %__GFP_RETRY_MAYFAIL, else
 *	%MEMAREA_EFFORT_MOVE
 * @MEMAREA_EFFORT_FREE: nothing
 * @MEMAREA_EFFORT_DROP: drop clean page cache
 * @MEMAREA_EFFORT_MOVE: and move pages elsewhere
 * @MEMAREA_EFFORT_SWAP: and, with %__GFP_IO and %__GFP_FS, write and swap pages
 *	out if there is no memory to move them to
 *
 * Callers that may not sleep take free runs, whatever this says.
 */
enum memarea_effort {
	MEMAREA_EFFORT_BY_GFP,
	MEMAREA_EFFORT_FREE,
	MEMAREA_EFFORT_DROP,
	MEMAREA_EFFORT_MOVE,
	MEMAREA_EFFORT_SWAP,
};

/**
 * struct memarea_request - what an area must be like
 * @nr_pages: size in pages, not 0; any number, not just powers of two
 * @align: power of two, in pages; the area's first PFN equals @offset modulo
 *	@align. 0: any
 * @offset: in pages, below @align (so 0 if @align is 0)
 * @boundary: power of two, in pages, that the area must not cross. 0: none
 * @min_pfn: the area lies in [@min_pfn, @max_pfn)
 * @max_pfn: see @min_pfn. 0: no limit
 * @nodemask: nodes that may serve the request, or NULL for all
 * @nid: preferred node, tried first, and the only one with %__GFP_THISNODE;
 *	%NUMA_NO_NODE: the local one
 * @max_blocks: give up a zone after looking at about so many blocks and pages,
 *	for callers in a hurry. 0: look at all of it, if need be
 * @gfp: as for alloc_pages(); see __alloc_memarea() for what each flag does
 * @effort: how far to go if no free run fits
 * @room_pages: the most pages to drop, move and swap out for that; a few more may
 *	go, as they go in batches. 0: no limit
 * @room_msecs: the most time to take for that, in milliseconds; it may take as
 *	much longer as one batch does. 0: no limit
 *
 * A zero in any field but @nr_pages, @nid and @gfp means "no constraint".
 */
struct memarea_request {
	unsigned long nr_pages;
	unsigned long align;
	unsigned long offset;
	unsigned long boundary;
	unsigned long min_pfn;
	unsigned long max_pfn;
	const nodemask_t *nodemask;
	int nid;
	unsigned long max_blocks;
	gfp_t gfp;
	enum memarea_effort effort;
	unsigned long room_pages;
	unsigned int room_msecs;
};

/**
 * enum memarea_reason - why there is no area
 * @MEMAREA_OK: there is one
 * @MEMAREA_BAD_SIZE: -EINVAL, nr_pages is 0, or no power of two or too large
 *	for the one compound page that %__GFP_COMP asks for
 * @MEMAREA_BAD_ALIGN: -EINVAL, align is not a power of two
 * @MEMAREA_BAD_OFFSET: -EINVAL, offset is not below align, or conflicts with
 *	the natural alignment of a compound page
 * @MEMAREA_BAD_BOUNDARY: -EINVAL, boundary is not a power of two, or every
 *	start that align and offset allow crosses it
 * @MEMAREA_BAD_RANGE: -EINVAL, no start in [min_pfn, max_pfn) satisfies
 *	the rest
 * @MEMAREA_BAD_NODE: -EINVAL, nid is no node, or not an online one
 * @MEMAREA_BAD_GFP: -EINVAL, %__GFP_NOFAIL, as nothing can promise an area, or
 *	zone modifiers that contradict each other
 * @MEMAREA_NOT_ALLOWED: -ENODEV, no zone satisfies node, nodemask, cpuset, gfp
 *	and range together
 * @MEMAREA_WATERMARK: -ENOMEM, the area would eat into a zone's reserve
 * @MEMAREA_NO_RUN: -ENOSPC, no allowed zone has a free run that fits, nor, if
 *	room may be made, a place without an obstacle that is known
 * @MEMAREA_GAVE_UP: -EAGAIN, max_blocks were looked at, and there is more
 * @MEMAREA_ISOLATED: -EBUSY, a place could not be isolated: its
 *	memory goes offline, or another caller has it
 * @MEMAREA_UNMOVABLE: -EBUSY, a page of the kernel's own is in the way
 * @MEMAREA_HELD: -EBUSY, a page is pinned, locked or held by somebody
 * @MEMAREA_WRITEBACK: -EBUSY, a page is being written, for longer than
 *	was waited
 * @MEMAREA_NO_TARGET: -ENOMEM, there is no memory to move pages to
 * @MEMAREA_CONTENDED: -EAGAIN, somebody else makes room, and this caller may
 *	not wait for who may be waiting for it: without %__GFP_FS and %__GFP_IO
 * @MEMAREA_BUDGET: -ETIME, room_pages or room_msecs are used up
 * @MEMAREA_KILLED: -EINTR, a fatal signal came
 * @MEMAREA_CHARGE: -ENOMEM, the memory cgroup is at its limit
 * @MEMAREA_NO_DEVRES: -ENOMEM, no memory to note a device's area in
 * @MEMAREA_INJECTED: -ENOMEM, fail_memarea made it fail
 *
 * Of the zones tried, the reason that comes last in this list is reported.
 */
enum memarea_reason {
	MEMAREA_OK,
	MEMAREA_BAD_SIZE,
	MEMAREA_BAD_ALIGN,
	MEMAREA_BAD_OFFSET,
	MEMAREA_BAD_BOUNDARY,
	MEMAREA_BAD_RANGE,
	MEMAREA_BAD_NODE,
	MEMAREA_BAD_GFP,
	MEMAREA_NOT_ALLOWED,
	MEMAREA_WATERMARK,
	MEMAREA_NO_RUN,
	MEMAREA_GAVE_UP,
	MEMAREA_ISOLATED,
	MEMAREA_UNMOVABLE,
	MEMAREA_HELD,
	MEMAREA_WRITEBACK,
	MEMAREA_NO_TARGET,
	MEMAREA_CONTENDED,
	MEMAREA_BUDGET,
	MEMAREA_KILLED,
	MEMAREA_CHARGE,
	MEMAREA_NO_DEVRES,
	MEMAREA_INJECTED,
};

/**
 * struct memarea_result - what became of a request
 * @error: 0 or a negative errno
 * @reason: what @error stands for
 * @zones: zones searched, those searched again after a drain included
 * @blocks: free blocks and used pages looked at
 * @lost: claims given up because somebody else took a page first
 * @drains: times that per-CPU lists were drained
 * @largest: largest run measured by the search, in pages; 0 if the lengths
 *	of the free lists sufficed to refuse
 * @windows: places compared to make room at the cheapest
 * @tries: places of them that were to be evacuated
 * @dropped: pages of clean page cache that were dropped for that
 * @moved: pages that were moved elsewhere
 * @swapped: pages that were written or swapped out
 * @msecs: how long all that took, in milliseconds
 * @pfn: a page that was in the way, for %MEMAREA_NO_RUN where room might have been
 *	made, and for the reasons from %MEMAREA_ISOLATED to %MEMAREA_NO_TARGET; or 0
 */
struct memarea_result {
	int error;
	enum memarea_reason reason;
	unsigned int zones;
	unsigned long blocks;
	unsigned int lost;
	unsigned int drains;
	unsigned long largest;
	unsigned long windows;
	unsigned int tries;
	unsigned long dropped;
	unsigned long moved;
	unsigned long swapped;
	unsigned int msecs;
	unsigned long pfn;
};

#ifdef CONFIG_MEMAREA

struct page *__alloc_memarea_noprof(const struct memarea_request *req,
				    struct memarea_result *result);
struct page *alloc_memarea_node_noprof(int nid, gfp_t gfp,
				       unsigned long nr_pages);
void free_memarea(struct page *area, unsigned long nr_pages);
void *alloc_memarea_exact_noprof(size_t bytes, gfp_t gfp);
void free_memarea_exact(const void *addr, size_t bytes);
void *kvalloc_memarea_noprof(size_t bytes, gfp_t gfp);
void kvfree_memarea(const void *addr, size_t bytes);
struct page *__devm_alloc_memarea_noprof(struct device *dev,
					 const struct memarea_request *req,
					 struct memarea_result *result);
void devm_free_memarea(struct device *dev, struct page *area);

#else /* !CONFIG_MEMAREA: there never is an area, callers fall back */

static inline struct page *
__alloc_memarea_noprof(const struct memarea_request *req,
		       struct memarea_result *result)
{
	if (result)
		*result = (struct memarea_result) {
			.error = -ENODEV,
			.reason = MEMAREA_NOT_ALLOWED,
		};
	return NULL;
}

static inline struct page *alloc_memarea_node_noprof(int nid, gfp_t gfp,
						     unsigned long nr_pages)
{
	return NULL;
}

static inline void free_memarea(struct page *area, unsigned long nr_pages)
{
}

static inline void *alloc_memarea_exact_noprof(size_t bytes, gfp_t gfp)
{
	return NULL;
}

static inline void free_memarea_exact(const void *addr, size_t bytes)
{
}

static inline void *kvalloc_memarea_noprof(size_t bytes, gfp_t gfp)
{
	return gfpflags_allow_blocking(gfp) ? vmalloc_huge_noprof(bytes, gfp) :
					      NULL;
}

static inline void kvfree_memarea(const void *addr, size_t bytes)
{
	vfree(addr);
}

static inline struct page *
__devm_alloc_memarea_noprof(struct device *dev,
			    const struct memarea_request *req,
			    struct memarea_result *result)
{
	return __alloc_memarea_noprof(req, result);
}

static inline void devm_free_memarea(struct device *dev, struct page *area)
{
}

#endif /* CONFIG_MEMAREA */

#define __alloc_memarea(...)						\
	alloc_hooks(__alloc_memarea_noprof(__VA_ARGS__))
#define alloc_memarea_node(...)						\
	alloc_hooks(alloc_memarea_node_noprof(__VA_ARGS__))
#define alloc_memarea_exact(...)					\
	alloc_hooks(alloc_memarea_exact_noprof(__VA_ARGS__))
#define kvalloc_memarea(...)						\
	alloc_hooks(kvalloc_memarea_noprof(__VA_ARGS__))
#define __devm_alloc_memarea(...)					\
	alloc_hooks(__devm_alloc_memarea_noprof(__VA_ARGS__))

static inline struct page *alloc_memarea_noprof(gfp_t gfp,
						unsigned long nr_pages)
{
	return alloc_memarea_node_noprof(NUMA_NO_NODE, gfp, nr_pages);
}

/**
 * alloc_memarea() - allocate physically contiguous pages near this CPU
 * @...: gfp_t gfp, unsigned long nr_pages
 *
 * alloc_memarea_node() for %NUMA_NO_NODE.
 *
 * Return: the first page, or NULL.
 */
#define alloc_memarea(...) alloc_hooks(alloc_memarea_noprof(__VA_ARGS__))

static inline struct page *devm_alloc_memarea_noprof(struct device *dev,
						     gfp_t gfp,
						     unsigned long nr_pages)
{
	struct memarea_request req = {
		.nr_pages = nr_pages,
		.nid = NUMA_NO_NODE,
		.gfp = gfp,
	};

	return __devm_alloc_memarea_noprof(dev, &req, NULL);
}

/**
 * devm_alloc_memarea() - allocate an area that is freed with a device
 * @...: struct device \*dev, gfp_t gfp, unsigned long nr_pages
 *
 * Context and Return: as for alloc_memarea(); for more than a size, see
 * __devm_alloc_memarea().
 */
#define devm_alloc_memarea(...)						\
	alloc_hooks(devm_alloc_memarea_noprof(__VA_ARGS__))

#endif /* _LINUX_MEMAREA_H */
