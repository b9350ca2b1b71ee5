// SPDX-License-Identifier: GPL-2.0
/*
 * alloc_contig_pages() as a caller of memarea.
 *
 * What it documents is kept: a power of two of pages is aligned to itself, the
 * pages are references of their own or one compound page, and free_contig_range()
 * frees them.  As before the cpuset has no say, locked pages are waited for, and
 * nothing is logged on failure.  memarea.contig=0 leaves it all to
 * alloc_contig_range(), as before.
 */
#include <linux/log2.h>
#include <linux/moduleparam.h>
#include "internal.h"

bool memarea_contig = true;

#undef MODULE_PARAM_PREFIX
#define MODULE_PARAM_PREFIX "memarea."
module_param_named(contig, memarea_contig, bool, 0644);

/* False if memarea is not to answer; else *@area is the area, or NULL. */
bool memarea_alloc_contig(unsigned long nr_pages, gfp_t gfp, int nid,
			  const nodemask_t *nodemask, struct page **area)
{
	struct memarea_request req = {
		.nr_pages = nr_pages,
		.align = is_power_of_2(nr_pages) ? nr_pages : 0,
		.nodemask = nodemask,
		.nid = nid,
		.gfp = gfp | __GFP_NOWARN,
		.effort = MEMAREA_EFFORT_MOVE,
	};

	if (!READ_ONCE(memarea_contig))
		return false;
	*area = memarea_alloc(&req, NULL, true);
	return true;
}
