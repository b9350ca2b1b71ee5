/* SPDX-License-Identifier: GPL-2.0 */
/* One charge for a batch of pages, and one uncharge: mm/memcontrol.c. */
#ifndef _MM_PAGE_BULK_MEMCG_H
#define _MM_PAGE_BULK_MEMCG_H

#include <linux/memcontrol.h>

/*
 * Charge @nr_pages to the current task's group and hand out @nr_units claims on
 * it: @data is what goes into memcg_data of the first page of each unit, or zero
 * if there is nothing to charge.
 */
#ifdef CONFIG_MEMCG
int memcg_kmem_charge_bulk(gfp_t gfp, unsigned long nr_pages,
			   unsigned long nr_units, unsigned long *data);
void memcg_kmem_uncharge_bulk(unsigned long data, unsigned long nr_pages,
			      unsigned long nr_units);

static inline unsigned long page_charge(const struct page *page)
{
	return page->memcg_data;
}

static inline void set_page_charge(struct page *page, unsigned long data)
{
	page->memcg_data = data;
}
#else
static inline int memcg_kmem_charge_bulk(gfp_t gfp, unsigned long nr_pages,
					 unsigned long nr_units,
					 unsigned long *data)
{
	return 0;
}

static inline void memcg_kmem_uncharge_bulk(unsigned long data,
					    unsigned long nr_pages,
					    unsigned long nr_units)
{
}

static inline unsigned long page_charge(const struct page *page)
{
	return 0;
}

static inline void set_page_charge(struct page *page, unsigned long data)
{
}
#endif

#endif /* _MM_PAGE_BULK_MEMCG_H */
