/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Pages in batches: allocated and freed for a fraction of what they cost one by
 * one.  See Documentation/mm/page_bulk.rst for which form to choose.
 *
 * The forms of <linux/gfp.h>, alloc_pages_bulk_array() and its relations, are
 * served by the same code and are freed by free_pages_bulk().
 */
#ifndef _LINUX_PAGE_BULK_H
#define _LINUX_PAGE_BULK_H

#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/mm.h>

/**
 * struct page_extent - neighbouring pages
 * @page: the first
 * @nr: how many
 */
struct page_extent {
	struct page *page;
	unsigned long nr;
};

unsigned long alloc_pages_bulk_order_node_noprof(int nid, gfp_t gfp,
						 unsigned int order,
						 unsigned long nr,
						 struct page **pages);
unsigned long alloc_pages_bulk_order_list_noprof(gfp_t gfp, unsigned int order,
						 unsigned long nr,
						 struct list_head *list);
unsigned long alloc_pages_bulk_frozen_noprof(gfp_t gfp, unsigned long nr,
					     struct page **pages);
unsigned long alloc_pages_bulk_extents_noprof(gfp_t gfp, unsigned long nr_pages,
					      struct page_extent *extents,
					      unsigned long max);

#define alloc_pages_bulk_order_node(...) \
	alloc_hooks(alloc_pages_bulk_order_node_noprof(__VA_ARGS__))
#define alloc_pages_bulk_order(_gfp, _order, _nr, _pages) \
	alloc_pages_bulk_order_node(NUMA_NO_NODE, _gfp, _order, _nr, _pages)
#define alloc_pages_bulk_order_list(...) \
	alloc_hooks(alloc_pages_bulk_order_list_noprof(__VA_ARGS__))
#define alloc_pages_bulk_frozen(...) \
	alloc_hooks(alloc_pages_bulk_frozen_noprof(__VA_ARGS__))
#define alloc_pages_bulk_extents(...) \
	alloc_hooks(alloc_pages_bulk_extents_noprof(__VA_ARGS__))

void free_pages_bulk(struct page **pages, unsigned long nr);
void free_pages_bulk_range(struct page *page, unsigned long nr);
void free_pages_bulk_order(unsigned int order, struct page **pages,
			   unsigned long nr);
void free_pages_bulk_list(struct list_head *list);
void free_pages_bulk_frozen(struct page **pages, unsigned long nr);
void free_pages_bulk_extents(const struct page_extent *extents,
			     unsigned long nr);

/**
 * thaw_page() - make a page one that others can count references on
 * @page: from alloc_pages_bulk_frozen() or alloc_pages_bulk_extents()
 *
 * From then on it is as one from alloc_page(), with one reference, and is freed
 * like that.  Whether it came from the reserves, page_is_pfmemalloc() cannot tell.
 */
static __always_inline void thaw_page(struct page *page)
{
	set_page_private(page, 0);
	clear_page_pfmemalloc(page);
	set_page_count(page, 1);
}

#endif /* _LINUX_PAGE_BULK_H */
