// SPDX-License-Identifier: GPL-2.0
/* Batches for tests, and a check of the per-CPU lists. */
#include <linux/prandom.h>
#include <linux/sort.h>
#include "batch.h"

/* @nr pages, allocated one by one, in an array that ends with the test. */
struct page **batch_alloc(struct kunit *test, unsigned long nr)
{
	struct page **pages = kunit_kcalloc(test, nr, sizeof(*pages), GFP_KERNEL);
	unsigned long i;

	KUNIT_ASSERT_NOT_NULL(test, pages);
	for (i = 0; i < nr; i++) {
		pages[i] = alloc_page(BATCH_GFP);
		KUNIT_ASSERT_NOT_NULL(test, pages[i]);
	}
	return pages;
}

void batch_free_singly(struct page **pages, unsigned long nr)
{
	while (nr--) {
		if (pages[nr])
			__free_page(pages[nr]);
	}
}

void batch_shuffle(struct page **pages, unsigned long nr, u32 seed)
{
	struct rnd_state rnd;

	prandom_seed_state(&rnd, seed);
	for (; nr > 1; nr--) {
		unsigned long i = prandom_u32_state(&rnd) % nr;

		swap(pages[nr - 1], pages[i]);
	}
}

static int by_address(const void *a, const void *b)
{
	const struct page *first = *(struct page **)a, *second = *(struct page **)b;

	return (first > second) - (first < second);
}

/* Is every page there, once, with @count references?  Sorts the array. */
bool batch_is_whole(struct page **pages, unsigned long nr, int count)
{
	unsigned long i;

	sort(pages, nr, sizeof(*pages), by_address, NULL);
	for (i = 0; i < nr; i++) {
		if (!pages[i] || page_count(pages[i]) != count)
			return false;
		if (i && pages[i] == pages[i - 1])
			return false;
	}
	return true;
}

/* The zone that BATCH_GFP is served from first. */
struct zone *batch_zone(void)
{
	struct page *page = alloc_page(BATCH_GFP);
	struct zone *zone = page_zone(page);

	__free_page(page);
	return zone;
}

/*
 * The per-CPU lists of a zone that is nearly full hold nothing, and batches come
 * from several zones.  That is so where KASAN's shadow takes the room.
 */
void need_room(struct kunit *test)
{
	if (zone_page_state(batch_zone(), NR_FREE_PAGES) < 8 * BATCH_PAGES)
		kunit_skip(test, "there is little memory in the zone");
}

/* Free pages, once no CPU hides any. */
unsigned long zone_pages(struct zone *zone)
{
	drain_all_pages(zone);
	return zone_page_state_snapshot(zone, NR_FREE_PAGES);
}

static long list_pages(struct zone *zone, struct list_head *list,
		       unsigned int order)
{
	struct page *page;
	long nr = 0;

	list_for_each_entry(page, list, pcp_list) {
		if (page_zone(page) != zone || page_count(page) ||
		    !IS_ALIGNED(page_to_pfn(page), 1UL << order))
			return -1;
		nr += 1L << order;
	}
	return nr;
}

static bool lists_are_sane(struct zone *zone, struct per_cpu_pages *pcp)
{
	long nr, sum = 0;
	unsigned int i;

	for (i = 0; i < NR_PCP_LISTS; i++) {
		unsigned int order = i / MIGRATE_PCPTYPES;

		if (i >= NR_LOWORDER_PCP_LISTS)
			order = HPAGE_PMD_ORDER;
		nr = list_pages(zone, &pcp->lists[i], order);
		if (nr < 0)
			return false;
		sum += nr;
	}
	return sum == pcp->count;
}

/* Do this CPU's lists hold what they say, aligned and unused? */
bool pcp_is_sane(struct zone *zone)
{
	unsigned long flags;
	struct per_cpu_pages *pcp = bulk_lock_pcp(zone, &flags);
	bool sane;

	if (!pcp)
		return false;
	sane = lists_are_sane(zone, pcp);
	bulk_unlock_pcp(pcp, &flags);
	return sane;
}

/* Is this block on this CPU's list of its order and type? */
bool is_on_list(struct zone *zone, struct page *page, unsigned int order,
		int migratetype)
{
	struct list_head *list;
	struct page *entry;
	struct per_cpu_pages *pcp;
	unsigned long flags;
	bool found = false;

	pcp = bulk_lock_pcp(zone, &flags);
	if (!pcp)
		return false;
	list = &pcp->lists[MIGRATE_PCPTYPES * order + migratetype];
	list_for_each_entry(entry, list, pcp_list)
		found |= entry == page;
	bulk_unlock_pcp(pcp, &flags);
	return found;
}
