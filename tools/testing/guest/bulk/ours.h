/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What <linux/page_bulk.h> adds to a kernel.  On one without it the columns
 * that need it compile, and are never measured.
 */
#ifndef _BENCH_BULK_OURS_H
#define _BENCH_BULK_OURS_H

#include <linux/kconfig.h>

#if IS_ENABLED(CONFIG_PAGE_BULK)
#include <linux/page_bulk.h>
#else
#include <linux/gfp.h>

struct page_extent {
	struct page *page;
	unsigned long nr;
};

static inline unsigned long alloc_pages_bulk_order(gfp_t gfp,
						   unsigned int order,
						   unsigned long nr,
						   struct page **pages)
{
	return 0;
}

static inline unsigned long alloc_pages_bulk_frozen(gfp_t gfp,
						    unsigned long nr,
						    struct page **pages)
{
	return 0;
}

static inline unsigned long
alloc_pages_bulk_extents(gfp_t gfp, unsigned long nr_pages,
			 struct page_extent *extents, unsigned long max)
{
	return 0;
}

static inline void free_pages_bulk(struct page **pages, unsigned long nr)
{
}

static inline void free_pages_bulk_order(unsigned int order,
					 struct page **pages, unsigned long nr)
{
}

static inline void free_pages_bulk_list(struct list_head *list)
{
}

static inline void free_pages_bulk_frozen(struct page **pages,
					  unsigned long nr)
{
}

static inline void free_pages_bulk_extents(const struct page_extent *extents,
					   unsigned long nr)
{
}
#endif

#endif /* _BENCH_BULK_OURS_H */
