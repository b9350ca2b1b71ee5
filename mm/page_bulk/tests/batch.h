/* SPDX-License-Identifier: GPL-2.0 */
/* What the suites share: batches of a zone that is theirs, and what is left. */
#ifndef _MM_PAGE_BULK_BATCH_H
#define _MM_PAGE_BULK_BATCH_H

#include <kunit/test.h>
#include <linux/mm.h>
#include "../internal.h"

#define BATCH_PAGES	512UL

/* The movable zone, where nobody else allocates while the suites run. */
#define BATCH_GFP	(GFP_KERNEL | __GFP_HIGHMEM | __GFP_MOVABLE)

struct page **batch_alloc(struct kunit *test, unsigned long nr);
void batch_free_singly(struct page **pages, unsigned long nr);
void batch_shuffle(struct page **pages, unsigned long nr, u32 seed);
bool batch_is_whole(struct page **pages, unsigned long nr, int count);
struct zone *batch_zone(void);
void need_room(struct kunit *test);
unsigned long zone_pages(struct zone *zone);
bool pcp_is_sane(struct zone *zone);
bool is_on_list(struct zone *zone, struct page *page, unsigned int order,
		int migratetype);

#endif /* _MM_PAGE_BULK_BATCH_H */
