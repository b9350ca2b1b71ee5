/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where batches of pages and mm/page_alloc.c meet: what each does for the other.
 */
#ifndef _MM_PAGE_BULK_HOOKS_H
#define _MM_PAGE_BULK_HOOKS_H

#include <linux/mmzone.h>
#include <linux/nodemask.h>
#include "../internal.h"

struct encoded_page;

#ifdef CONFIG_PAGE_BULK

/**
 * struct page_bulk - where a batch is allocated from
 * @gfp: the caller's flags; bulk_prepare() takes away what his context forbids
 * @order: every unit of the batch has 1 << @order pages
 * @nid: preferred node, never %NUMA_NO_NODE
 * @nodemask: nodes to allocate from, or NULL
 * @alloc_flags: the page allocator's internal flags, set by bulk_prepare()
 * @few_runs: single pages are not welcome, set by put_rounds()
 * @large_first: few blocks are better than keeping large ones, set by put_rounds()
 * @zone: the zone that serves the batch, set by bulk_prepare()
 * @ac: the page allocator's view of the request, set by bulk_prepare()
 */
struct page_bulk {
	gfp_t gfp;
	unsigned int order;
	int nid;
	nodemask_t *nodemask;
	unsigned int alloc_flags;
	bool few_runs;
	bool large_first;
	struct zone *zone;
	struct alloc_context ac;
};

/* mm/page_alloc.c */
bool bulk_prepare(struct page_bulk *bulk, unsigned long nr_pages);
void bulk_account(const struct page_bulk *bulk, unsigned long nr_pages);
struct per_cpu_pages *bulk_lock_pcp(struct zone *zone, unsigned long *flags);
void bulk_unlock_pcp(struct per_cpu_pages *pcp, unsigned long *flags);
int bulk_pcp_refill(struct per_cpu_pages *pcp, struct zone *zone);
int bulk_pcp_room(struct per_cpu_pages *pcp, struct zone *zone, int nr);
struct page *bulk_rmqueue(struct zone *zone, unsigned int order,
			  int migratetype, unsigned int alloc_flags);
bool bulk_checks_pages(void);
bool bulk_block_is_bad(struct page *page, unsigned int order);
void put_free_block(struct zone *zone, struct page *page, unsigned int order);

/* mm/page_bulk/free.c: returns how many pages it has released, from the first on */
unsigned int bulk_release_pages(struct encoded_page **encoded, int nr);

/* ...: adds to *@busy how many pages somebody else holds; false to do nothing */
bool bulk_free_contig_range(unsigned long pfn, unsigned long nr_pages,
			    unsigned long *busy);

/* mm/page_bulk/pcp.c: for the pop of a single block from an empty list */
bool bulk_split_block(struct zone *zone, struct per_cpu_pages *pcp,
		      unsigned int order, int migratetype);

/* ...: under the lists' lock, when pages have gone from there to the buddy */
void bulk_pcp_drained(struct per_cpu_pages *pcp);

#else

static inline unsigned int bulk_release_pages(struct encoded_page **encoded,
					      int nr)
{
	return 0;
}

static inline bool bulk_free_contig_range(unsigned long pfn,
					  unsigned long nr_pages,
					  unsigned long *busy)
{
	return false;
}

static inline bool bulk_split_block(struct zone *zone,
				    struct per_cpu_pages *pcp,
				    unsigned int order, int migratetype)
{
	return false;
}

static inline void bulk_pcp_drained(struct per_cpu_pages *pcp)
{
}

#endif

#endif /* _MM_PAGE_BULK_HOOKS_H */
