/* SPDX-License-Identifier: GPL-2.0 */
/* A zone's list of memory that is yet to be accepted, where it has one. */
#ifndef _MM_MEMAREA_UNACCEPTED_H
#define _MM_MEMAREA_UNACCEPTED_H

#include <linux/mmzone.h>
#include <linux/vmstat.h>

#ifdef CONFIG_UNACCEPTED_MEMORY
static inline void list_unaccepted(struct zone *zone, struct page *page)
{
	list_add_tail(&page->lru, &zone->unaccepted_pages);
	__mod_zone_page_state(zone, NR_FREE_PAGES, MAX_ORDER_NR_PAGES);
	__mod_zone_page_state(zone, NR_UNACCEPTED, MAX_ORDER_NR_PAGES);
}

static inline void unlist_unaccepted(struct zone *zone, struct page *page)
{
	list_del(&page->lru);
	__mod_zone_page_state(zone, NR_FREE_PAGES, -MAX_ORDER_NR_PAGES);
	__mod_zone_page_state(zone, NR_UNACCEPTED, -MAX_ORDER_NR_PAGES);
}
#else
static inline void list_unaccepted(struct zone *zone, struct page *page)
{
}

static inline void unlist_unaccepted(struct zone *zone, struct page *page)
{
}
#endif

#endif /* _MM_MEMAREA_UNACCEPTED_H */
