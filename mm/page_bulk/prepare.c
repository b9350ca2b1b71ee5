// SPDX-License-Identifier: GPL-2.0
/*
 * From free pages to pages in use.
 *
 * When nobody watches pages, a page needs three stores: its reference count,
 * and two words that its last user may have left behind.  Everything else of
 * the page allocator's own preparation is for those who watch or want more:
 * page_owner, allocation tags, KASAN, KMSAN, poisoning, zeroing, debug_pagealloc,
 * page table check, the checks of struct pages, architectures with a hook, the
 * tracepoints.  Whether there is one of them is asked once for a batch.
 *
 * All of it is done with no lock held, unlike in the page allocator's own bulk
 * path, which is why that one gives up when page_owner is on.
 */
#include <linux/kmsan.h>
#include <linux/page_owner.h>
#include <linux/pgalloc_tag.h>
#include <trace/events/kmem.h>
#include "internal.h"
#include "watch.h"

/* Is there somebody who wants to see pages both come and go? */
static bool pages_are_watched(void)
{
	return WATCHED_BY_CONFIG || page_owner_is_on() ||
	       mem_alloc_profiling_enabled() || page_poisoning_enabled_static() ||
	       debug_pagealloc_enabled_static() || bulk_checks_pages();
}

bool bulk_alloc_is_plain(const struct page_bulk *bulk)
{
	return !bulk->order && !want_init_on_alloc(bulk->gfp) &&
	       !trace_mm_page_alloc_enabled() && !pages_are_watched();
}

bool bulk_free_is_plain(void)
{
	return !want_init_on_free() && !trace_mm_page_free_enabled() &&
	       !pages_are_watched();
}

/* False if the pages have to stay out of use. */
bool bulk_prepare_unit(const struct page_bulk *bulk, struct page *page)
{
	unsigned int order = bulk->order;

	if (bulk_block_is_bad(page, order))
		return false;
	post_alloc_hook(page, order, bulk->gfp);
	set_page_refcounted(page);
	clear_page_pfmemalloc(page);
	if (order && (bulk->gfp & __GFP_COMP))
		prep_compound_page(page, order);
	trace_mm_page_alloc(page, order, bulk->gfp, bulk->ac.migratetype);
	kmsan_alloc_page(page, order, bulk->gfp);
	return true;
}
