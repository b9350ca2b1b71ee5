// SPDX-License-Identifier: GPL-2.0
/*
 * Which struct pages exist while they are still being initialised.
 *
 * With CONFIG_DEFERRED_STRUCT_PAGE_INIT, struct pages at and above a node's
 * first_deferred_pfn hold garbage until page_alloc_init_late() is done with
 * them.  It forgets that PFN when it begins, not when it ends, so the value is
 * kept here from before it runs (early initcalls) until after (pure initcalls).
 */
#include <linux/init.h>
#include <linux/mmzone.h>
#include "internal.h"

static unsigned long deferred_pfn[MAX_NUMNODES];

unsigned long memarea_deferred_pfn(int nid)
{
	unsigned long now = READ_ONCE(NODE_DATA(nid)->first_deferred_pfn);
	unsigned long kept = READ_ONCE(deferred_pfn[nid]);

	return kept ? min(now, kept) : now;
}

static int __init deferred_begin(void)
{
	int nid;

	for_each_online_node(nid)
		deferred_pfn[nid] = NODE_DATA(nid)->first_deferred_pfn;
	return 0;
}
early_initcall(deferred_begin);

static int __init deferred_end(void)
{
	int nid;

	for_each_online_node(nid)
		WRITE_ONCE(deferred_pfn[nid], 0);
	return 0;
}
pure_initcall(deferred_end);
