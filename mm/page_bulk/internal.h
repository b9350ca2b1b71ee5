/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of page_bulk share. */
#ifndef _MM_PAGE_BULK_INTERNAL_H
#define _MM_PAGE_BULK_INTERNAL_H

#include <linux/page_bulk.h>
#include "hooks.h"

/* Runs of pages that a hold of the locks takes or gives at most. */
#define BULK_RUNS	32

/* Single pages that a hold of the lists' lock takes at most. */
#define BULK_SINGLES	256UL

/* Blocks that go to the buddy in one hold of zone->lock. */
#define BULK_HOLD_BLOCKS	64

/* The largest blocks that the per-CPU lists keep for everybody. */
#define BULK_PCP_ORDER	PAGE_ALLOC_COSTLY_ORDER

/**
 * struct bulk_runs - pages on their way between the free lists and a caller
 * @run: neighbouring pages each; nobody else knows of them
 * @nr: how many runs
 * @max: how many runs there may be
 * @pages: how many pages in all of them
 */
struct bulk_runs {
	struct page_extent run[BULK_RUNS];
	unsigned int nr;
	unsigned int max;
	unsigned long pages;
};

/* Struct pages that are neighbours may be of pages that are not. */
static inline bool bulk_one_memmap(const struct page *a, const struct page *b)
{
	if (!IS_ENABLED(CONFIG_SPARSEMEM) || IS_ENABLED(CONFIG_SPARSEMEM_VMEMMAP))
		return true;
	return page_to_pfn(b) - page_to_pfn(a) == b - a;
}

/* Make pages part of the last run if they are next to it. */
static inline bool bulk_extend_run(struct bulk_runs *runs, struct page *page,
				   unsigned long nr)
{
	struct page_extent *last;

	if (!runs->nr)
		return false;
	last = &runs->run[runs->nr - 1];
	if (!bulk_one_memmap(page, last->page))
		return false;
	if (page + nr == last->page)
		last->page = page;
	else if (last->page + last->nr != page)
		return false;
	last->nr += nr;
	runs->pages += nr;
	return true;
}

static inline void bulk_new_run(struct bulk_runs *runs, struct page *page,
				unsigned long nr)
{
	runs->run[runs->nr].page = page;
	runs->run[runs->nr++].nr = nr;
	runs->pages += nr;
}

static inline void bulk_add_run(struct bulk_runs *runs, struct page *page,
				unsigned long nr)
{
	if (!bulk_extend_run(runs, page, nr))
		bulk_new_run(runs, page, nr);
}

/* The order of the largest aligned block beside PFN @edge, within @nr pages. */
static inline unsigned int bulk_block_order(unsigned long edge,
					    unsigned long nr, unsigned int max)
{
	return min_t(unsigned int, __ffs(edge | BIT(max)), __fls(nr));
}

/* pcp.c: the lists of this CPU, locked with bulk_lock_pcp() */
void bulk_take_whole(struct per_cpu_pages *pcp, const struct page_bulk *bulk,
		     struct bulk_runs *runs, unsigned long want, int min);
void bulk_take_singles(struct per_cpu_pages *pcp, const struct page_bulk *bulk,
		       struct bulk_runs *runs, unsigned long want);
void bulk_take_any(struct per_cpu_pages *pcp, const struct page_bulk *bulk,
		   struct bulk_runs *runs, unsigned long want);
void bulk_append_block(struct per_cpu_pages *pcp, struct page *page,
		       unsigned int order, int migratetype);
void bulk_return_small(struct zone *zone, struct per_cpu_pages *pcp,
		       int migratetype, unsigned long budget);
void bulk_list_runs(struct per_cpu_pages *pcp, struct bulk_runs *runs,
		    long room, unsigned long least);

/* prepare.c: from free to in use, and what watches that */
bool bulk_alloc_is_plain(const struct page_bulk *bulk);
bool bulk_free_is_plain(void);
bool bulk_prepare_unit(const struct page_bulk *bulk, struct page *page);

#endif /* _MM_PAGE_BULK_INTERNAL_H */
