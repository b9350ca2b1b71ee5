// SPDX-License-Identifier: GPL-2.0
/*
 * Blocks larger than the free lists keep.
 *
 * With CONFIG_BUDDY_MAX_ORDER the largest blocks on the free lists, "top blocks"
 * here, are of an order that may be less than that of a pageblock.  A request up
 * to MAX_PAGE_ORDER that is larger gets several top blocks, aligned as the one
 * block would be.  All of them are free if and only if a taller buddy allocator
 * had the one block, but for pageblocks of types that do not merge, so the same
 * requests are served; only the search is another one.
 *
 * The rule.  A tall buddy allocator breaks the smallest block that will do, so
 * its large blocks last.  A list of equal blocks has no such preference.  Hence
 * on each list of top blocks those of pageblocks that are free as a whole come
 * last, behind all others.  Small requests take the first block, large ones look
 * at the end.  page_alloc.c asks here where a top block goes when it is added or
 * moved, has all of a pageblock added here, and tells when one leaves; nobody else
 * may change the order of such a list.  zone->nr_free_pageblocks counts, by type,
 * the pageblocks that are free as a whole.
 *
 * The choice.  That rule is only a part of the preference.  So who takes a block,
 * small or large, looks at the first SEARCH_BLOCKS of the list, or at the last
 * ones for a pageblock or more, and takes the one that is in the smallest free
 * block of those that will do.  The map of free blocks (map.c), which has a bit
 * for each top block, tells that.
 *
 * The search.  What is not found there is looked for in that map.  It is searched
 * in steps: each call goes over at most SEARCH_WORDS words, less for each pageblock
 * that turns out to be of another type, and the next one goes on from there.  8192
 * words are 128 GiB with top blocks of order 6.
 *
 * Types.  Above the order of a pageblock, a tall buddy allocator merges blocks of
 * types that it may mix, and gives all of the block the type of one.  Here both
 * keep theirs until someone wants all of it, see large_find_mixed().
 *
 * Locks: zone->lock protects the lists and the counts, and keeps the blocks that
 * were found.  What reads the map without it says so.
 *
 * Not kept: which blocks were allocated as one.  They are freed one by one.
 */
#include <linux/bits.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/page-isolation.h>
#include <linux/rcupdate.h>
#include "../internal.h"
#include "large.h"
#include "map.h"
#include "runs.h"

#define TOP_PAGES	BIT(MAX_BUDDY_ORDER)
#define PAGEBLOCK_TOPS	(pageblock_nr_pages >> MAX_BUDDY_ORDER)

/* In place of a type: any of those that may be mixed. */
#define MIXED		MIGRATE_PCPTYPES

/* How many blocks of a list are looked at, while there is a map to look into. */
#define SEARCH_BLOCKS	64
#define SEARCH_WORDS	8192L

/* What it costs to see that a pageblock will not do, in words of the map. */
#define REJECT_WORDS	2

static bool is_free_top(const struct zone *zone, unsigned long pfn)
{
	struct page *page = pfn_to_page(pfn);

	return PageBuddy(page) && page_zone(page) == zone &&
	       buddy_order(page) == MAX_BUDDY_ORDER;
}

/* Are all top blocks of [@pfn, @end) on lists of @zone? */
static bool range_is_free(const struct zone *zone, unsigned long pfn,
			  unsigned long end)
{
	for (; pfn < end; pfn += TOP_PAGES) {
		if (!is_free_top(zone, pfn))
			return false;
	}
	return true;
}

static bool pageblock_is_free(const struct zone *zone, unsigned long pfn)
{
	return range_is_free(zone, pageblock_start_pfn(pfn),
			     pageblock_end_pfn(pfn));
}

/* A test wants to see what becomes of large blocks without the rule. */
static bool no_rule(void)
{
	return map_fault(MAP_FAULT_NO_RULE);
}

static struct list_head *top_list(struct zone *zone, int migratetype)
{
	return &zone->free_area[MAX_BUDDY_ORDER].free_list[migratetype];
}

static void count_pageblocks(struct zone *zone, int migratetype, long nr)
{
	WRITE_ONCE(zone->nr_free_pageblocks[migratetype],
		   zone->nr_free_pageblocks[migratetype] + nr);
}

/* The top blocks of a pageblock, less those of [@pfn, @end), change ends. */
static void move_others(unsigned long pfn, unsigned long end,
			struct list_head *list, bool tail)
{
	unsigned long other = pageblock_start_pfn(pfn);
	unsigned long stop = pageblock_end_pfn(pfn);

	if (no_rule())
		return;
	for (; other < stop; other += TOP_PAGES) {
		struct page *page = pfn_to_page(other);

		if (other >= pfn && other < end)
			continue;
		if (tail)
			list_move_tail(&page->buddy_list, list);
		else
			list_move(&page->buddy_list, list);
	}
}

/* A top block, marked as free, is to be added: true if at the list's tail. */
bool large_add(struct zone *zone, struct page *page, int migratetype)
{
	unsigned long pfn = page_to_pfn(page);

	lockdep_assert_held(&zone->lock);
	BUILD_BUG_ON(pageblock_order < MAX_BUDDY_ORDER);
	if (!pageblock_is_free(zone, pfn))
		return false;
	count_pageblocks(zone, migratetype, 1);
	move_others(pfn, pfn + TOP_PAGES, top_list(zone, migratetype), true);
	return !no_rule();
}

/* All top blocks of a pageblock, marked as free, come at once. */
void large_add_pageblock(struct zone *zone, struct page *page, int migratetype)
{
	struct list_head *list = top_list(zone, migratetype);
	unsigned int i;

	lockdep_assert_held(&zone->lock);
	for (i = 0; i < pageblock_nr_pages; i += TOP_PAGES) {
		if (no_rule())
			list_add(&page[i].buddy_list, list);
		else
			list_add_tail(&page[i].buddy_list, list);
	}
	zone->free_area[MAX_BUDDY_ORDER].nr_free += PAGEBLOCK_TOPS;
	count_pageblocks(zone, migratetype, 1);
}

/* A free block that is made of top blocks is about to leave their list. */
void large_leave(struct zone *zone, struct page *page, unsigned int order,
		 int migratetype)
{
	unsigned long pfn = page_to_pfn(page);

	lockdep_assert_held(&zone->lock);
	if (order >= pageblock_order) {
		count_pageblocks(zone, migratetype,
				 -(1L << (order - pageblock_order)));
	} else if (pageblock_is_free(zone, pfn)) {
		count_pageblocks(zone, migratetype, -1);
		move_others(pfn, pfn + (1UL << order),
			    top_list(zone, migratetype), false);
	}
}

/* Is the pageblock of a top block free as a whole? */
bool large_in_free_pageblock(struct zone *zone, struct page *page)
{
	lockdep_assert_held(&zone->lock);
	return no_rule() || pageblock_is_free(zone, page_to_pfn(page));
}

/* @nr_pages free pages of a pageblock have changed their type. */
void large_moved(struct zone *zone, unsigned long nr_pages, int from, int to)
{
	lockdep_assert_held(&zone->lock);
	if (nr_pages != pageblock_nr_pages)
		return;
	count_pageblocks(zone, from, -1);
	count_pageblocks(zone, to, 1);
}

static bool is_of_type(unsigned long pfn, int migratetype)
{
	int mt = get_pageblock_migratetype(pfn_to_page(pfn));

	return migratetype == MIXED ? migratetype_is_mergeable(mt) :
				      mt == migratetype;
}

/* Are the pageblocks of the block at @pfn all of this type? */
static bool all_of_type(unsigned long pfn, unsigned int order, int migratetype)
{
	unsigned long end = pfn + (1UL << order);

	for (; pfn < end; pfn += pageblock_nr_pages) {
		if (!is_of_type(pfn, migratetype))
			return false;
	}
	return true;
}

static bool suits(struct zone *zone, unsigned long pfn, unsigned int order,
		  int migratetype)
{
	return all_of_type(pfn, order, migratetype) &&
	       range_is_free(zone, pfn, pfn + (1UL << order));
}

/* The next place in [*@pos, @end) where bits of a block's size are all ones. */
static bool next_on_map(const struct memarea_bits *blocks, unsigned long *pos,
			unsigned long end, unsigned int order, long *budget)
{
	unsigned long nr = 1UL << (order - MAX_BUDDY_ORDER);

	while (memarea_bits_next(blocks, pos, end, nr, budget)) {
		if (IS_ALIGNED(*pos, nr))
			return true;
		*pos = ALIGN(*pos, nr);
	}
	return false;
}

static unsigned long find_between(struct zone *zone,
				  const struct memarea_bits *blocks,
				  unsigned long from, unsigned long to,
				  unsigned int order, int migratetype,
				  long *budget)
{
	unsigned long pos = from >> MAX_BUDDY_ORDER;
	unsigned long end = to >> MAX_BUDDY_ORDER;
	unsigned long nr = 1UL << (order - MAX_BUDDY_ORDER);

	while (*budget > 0 && next_on_map(blocks, &pos, end, order, budget)) {
		unsigned long pfn = pos << MAX_BUDDY_ORDER;

		if (suits(zone, pfn, order, migratetype))
			return pfn;
		/* nor will the rest of the pageblock */
		pos = ALIGN(pos + nr, max(nr, PAGEBLOCK_TOPS));
		*budget -= REJECT_WORDS;
	}
	zone->large_pfn = pos << MAX_BUDDY_ORDER;
	return MEMAREA_NO_PFN;
}

/* From where the last search has ended to there. */
static unsigned long find_on_map(struct zone *zone,
				 const struct memarea_bits *blocks,
				 unsigned int order, int migratetype)
{
	unsigned long start = zone->zone_start_pfn, end = zone_end_pfn(zone);
	unsigned long from = clamp(zone->large_pfn, start, end), pfn;
	long budget = SEARCH_WORDS;

	pfn = find_between(zone, blocks, from, end, order, migratetype, &budget);
	if (pfn == MEMAREA_NO_PFN && budget > 0)
		pfn = find_between(zone, blocks, start, from, order,
				   migratetype, &budget);
	return pfn;
}

/* The map's word with the bit @pos. */
static unsigned long word_around(const struct memarea_bits *blocks,
				 unsigned long pos)
{
	unsigned long section = pos >> BITS_SECTION_SHIFT;
	const unsigned long *words = NULL;

	/* as bits_grow() releases it: the list is that long, or longer */
	if (section < smp_load_acquire(&blocks->nr))
		words = READ_ONCE(blocks->sections[section]);
	return words ? READ_ONCE(words[pos % BITS_PER_SECTION / BITS_PER_LONG]) :
		       0;
}

/* The order of the largest free block that the free top block at @pfn is in. */
static unsigned int order_around(const struct memarea_bits *blocks,
				 unsigned long pfn)
{
	unsigned long pos = pfn >> MAX_BUDDY_ORDER;
	unsigned long word = word_around(blocks, pos);
	unsigned int order = MAX_BUDDY_ORDER, nr = 1;

	BUILD_BUG_ON(MAX_PAGE_ORDER - MAX_BUDDY_ORDER > 5);
	for (; order < MAX_PAGE_ORDER; order++, nr *= 2) {
		/* a one is now where 2 * nr of them begin */
		word &= word >> nr;
		if (!(word >> round_down(pos % BITS_PER_LONG, 2 * nr) & 1))
			break;
	}
	return order;
}

/**
 * struct choice - of the blocks of a list that will do
 * @zone: whose they are
 * @blocks: the map, or NULL before it is there: then the first one is taken
 * @order: of a block that will do
 * @migratetype: of all its pageblocks, or MIXED
 * @page: the best one so far
 * @around: the order of the free block that it is in
 * @seen: the last pageblock that the map has as free as a whole; its blocks are
 *	neighbours on the list (if it is all of this zone), and as good as each other;
 *	from the head, only others like it come after it
 * @all: there are no more blocks of this type that might do
 */
struct choice {
	struct zone *zone;
	const struct memarea_bits *blocks;
	unsigned int order;
	int migratetype;
	struct page *page;
	unsigned int around;
	unsigned long seen;
	bool all;
};

#define NO_PAGEBLOCK	1UL

/*
 * Look at the block that has @page in it; true if there is no better one to come.
 * Blocks of a list are known to be free and of its type.
 */
static bool consider(struct choice *choice, struct page *page)
{
	unsigned long pfn = page_to_pfn(page);
	unsigned int around = choice->order;

	if (pageblock_start_pfn(pfn) == choice->seen)
		return false;
	if (choice->blocks && !no_rule())
		around = order_around(choice->blocks, pfn);
	if (around >= pageblock_order)
		choice->seen = pageblock_start_pfn(pfn);
	if (choice->seen != NO_PAGEBLOCK && choice->page &&
	    choice->around < pageblock_order)
		return true;
	if (around < choice->order || (choice->page && around >= choice->around))
		return false;
	pfn = ALIGN_DOWN(pfn, 1UL << choice->order);
	if (choice->order > MAX_BUDDY_ORDER &&
	    !suits(choice->zone, pfn, choice->order, choice->migratetype))
		return false;
	choice->page = pfn_to_page(pfn);
	choice->around = around;
	return around == choice->order;
}

static long nr_to_look_at(const struct choice *choice)
{
	return choice->blocks ? SEARCH_BLOCKS : LONG_MAX;
}

/* Part of a pageblock; whole pageblocks, which come last, are last to be cut. */
static void choose_from_head(struct choice *choice, int migratetype)
{
	long tries = nr_to_look_at(choice);
	struct page *page;

	list_for_each_entry(page, top_list(choice->zone, migratetype),
			    buddy_list) {
		if (consider(choice, page) || !--tries)
			return;
	}
	choice->all = true;
}

/* The last blocks are of pageblocks that are free as a whole. */
static void choose_from_tail(struct choice *choice, int migratetype)
{
	long whole = choice->zone->nr_free_pageblocks[migratetype];
	long nr = whole * (long)PAGEBLOCK_TOPS;
	long tries = min(nr_to_look_at(choice), nr);
	struct page *page;

	choice->all |= choice->order >= pageblock_order && tries == nr &&
		       choice->migratetype != MIXED && !no_rule();
	list_for_each_entry_reverse(page, top_list(choice->zone, migratetype),
				    buddy_list) {
		if (tries-- <= 0 || consider(choice, page))
			break;
	}
}

/* Can there be a block of this order at all? */
static bool enough_blocks(const struct zone *zone, unsigned int order)
{
	/* without the lock, as good as any count that may change at once */
	unsigned long nr = data_race(zone->free_area[MAX_BUDDY_ORDER].nr_free);

	return nr >= 1UL << (order - MAX_BUDDY_ORDER);
}

/* The same for one of pageblocks of a type. */
static bool enough_pageblocks(const struct zone *zone, unsigned int order,
			      int migratetype)
{
	return order < pageblock_order || zone->nr_free_pageblocks[migratetype] >=
					  1UL << (order - pageblock_order);
}

static struct page *chosen_or_on_map(struct choice *choice)
{
	unsigned long pfn;

	if (choice->page || !choice->blocks || choice->all ||
	    (choice->order == pageblock_order && !no_rule()))
		return choice->page;
	pfn = find_on_map(choice->zone, choice->blocks, choice->order,
			  choice->migratetype);
	return pfn == MEMAREA_NO_PFN ? NULL : pfn_to_page(pfn);
}

static bool begin_choice(struct choice *choice, struct zone *zone,
			 unsigned int order, int migratetype)
{
	struct memarea_map map;

	lockdep_assert_held(&zone->lock);
	memarea_map_get(&map);
	*choice = (struct choice){
		.zone = zone,
		.blocks = map.blocks,
		.order = order,
		.migratetype = migratetype,
		.seen = NO_PAGEBLOCK,
	};
	return enough_blocks(zone, order);
}

/* A top block is to be taken or cut, and there is one of this type: which one? */
struct page *large_first(struct zone *zone, int migratetype)
{
	struct choice choice;

	begin_choice(&choice, zone, MAX_BUDDY_ORDER, migratetype);
	choose_from_head(&choice, migratetype);
	return choice.page;
}

/*
 * A free block above MAX_BUDDY_ORDER, of pageblocks of this type alone, or NULL.
 * It is still on the lists.
 */
struct page *large_find(struct zone *zone, unsigned int order, int migratetype)
{
	struct choice choice;

	if (!begin_choice(&choice, zone, order, migratetype) ||
	    !enough_pageblocks(zone, order, migratetype))
		return NULL;
	if (order < pageblock_order)
		choose_from_head(&choice, migratetype);
	if (!choice.page)
		choose_from_tail(&choice, migratetype);
	return chosen_or_on_map(&choice);
}

/* The same for more than a pageblock, of any types that may be mixed. */
struct page *large_find_mixed(struct zone *zone, unsigned int order)
{
	struct choice choice;
	int migratetype;

	if (!begin_choice(&choice, zone, order, MIXED))
		return NULL;
	for (migratetype = 0; migratetype < MIGRATE_PCPTYPES; migratetype++) {
		if (!choice.page)
			choose_from_tail(&choice, migratetype);
	}
	return chosen_or_on_map(&choice);
}

/* May an allocation with these flags come from a pageblock of this type? */
static bool usable(int migratetype, unsigned int alloc_flags)
{
	if (is_migrate_cma(migratetype))
		return alloc_flags & ALLOC_CMA;
	if (is_migrate_highatomic(migratetype))
		return alloc_flags & (ALLOC_HIGHATOMIC | ALLOC_OOM);
	return migratetype < MIGRATE_PCPTYPES;
}

static unsigned long nr_usable_pageblocks(const struct zone *zone,
					  unsigned int alloc_flags)
{
	unsigned long nr = 0;
	int migratetype;

	for (migratetype = 0; migratetype < MIGRATE_TYPES; migratetype++) {
		if (usable(migratetype, alloc_flags))
			nr += READ_ONCE(zone->nr_free_pageblocks[migratetype]);
	}
	return nr;
}

static bool usable_at(const struct zone *zone, unsigned long pfn,
		      unsigned int alloc_flags)
{
	struct page *page = pfn_to_online_page(pfn);

	return page && page_zone(page) == zone &&
	       usable(get_pageblock_migratetype(page), alloc_flags);
}

/* The pageblocks of the block at @pfn. */
static bool all_usable(const struct zone *zone, unsigned long pfn,
		       unsigned int order, unsigned int alloc_flags)
{
	unsigned long end = pfn + (1UL << order);

	for (; pfn < end; pfn += pageblock_nr_pages) {
		if (!usable_at(zone, pfn, alloc_flags))
			return false;
	}
	return true;
}

static bool is_on_map(struct zone *zone, const struct memarea_bits *blocks,
		      unsigned int order, unsigned int alloc_flags)
{
	unsigned long pos = zone->zone_start_pfn >> MAX_BUDDY_ORDER;
	unsigned long end = zone_end_pfn(zone) >> MAX_BUDDY_ORDER;
	unsigned long nr = 1UL << (order - MAX_BUDDY_ORDER);
	long budget = LONG_MAX;

	for (; next_on_map(blocks, &pos, end, order, &budget); pos += nr) {
		if (all_usable(zone, pos << MAX_BUDDY_ORDER, order, alloc_flags))
			return true;
	}
	return false;
}

/*
 * Is a block above MAX_BUDDY_ORDER free, of a type that such an allocation may
 * use?  Pageblocks are counted, all else is looked up on the map.
 */
bool large_is_free(struct zone *zone, unsigned int order,
		   unsigned int alloc_flags)
{
	unsigned long whole = nr_usable_pageblocks(zone, alloc_flags);
	struct memarea_map map;
	bool found = false;

	if (order <= pageblock_order && whole)
		return true;
	if (order == pageblock_order || !enough_blocks(zone, order))
		return false;
	if (order > pageblock_order &&
	    whole < 1UL << (order - pageblock_order))
		return false;
	rcu_read_lock();
	memarea_map_get(&map);
	if (map.blocks)
		found = is_on_map(zone, map.blocks, order, alloc_flags);
	else
		found = order > pageblock_order;
	rcu_read_unlock();
	return found;
}

/* Does a block above MAX_BUDDY_ORDER, aligned, look free? */
bool large_looks_free(struct page *page, unsigned int order)
{
	unsigned long i;

	for (i = 0; i < 1UL << order; i += TOP_PAGES) {
		if (!PageBuddy(page + i) ||
		    buddy_order_unsafe(page + i) < MAX_BUDDY_ORDER)
			return false;
	}
	return true;
}

/* The rule for one list: blocks of whole pageblocks come last, and are counted. */
static bool list_obeys(struct zone *zone, int migratetype)
{
	unsigned long nr = 0;
	bool whole = false;
	struct page *page;

	list_for_each_entry(page, top_list(zone, migratetype), buddy_list) {
		bool free = pageblock_is_free(zone, page_to_pfn(page));

		if (whole && !free)
			return false;
		whole = free;
		nr += free;
	}
	return nr == zone->nr_free_pageblocks[migratetype] * PAGEBLOCK_TOPS;
}

/* For validation: one hold, as long as the lists are. */
bool large_rule_holds(struct zone *zone)
{
	int migratetype;

	lockdep_assert_held(&zone->lock);
	for (migratetype = 0; migratetype < MIGRATE_TYPES; migratetype++) {
		if (!list_obeys(zone, migratetype))
			return false;
	}
	return true;
}

/* How many blocks of an order above MAX_BUDDY_ORDER are free, of any type? */
unsigned long large_nr_free(struct zone *zone, unsigned int order)
{
	unsigned long pos = zone->zone_start_pfn >> MAX_BUDDY_ORDER;
	unsigned long end = zone_end_pfn(zone) >> MAX_BUDDY_ORDER;
	unsigned long step = 1UL << (order - MAX_BUDDY_ORDER), nr = 0;
	long budget = LONG_MAX;
	struct memarea_map map;

	rcu_read_lock();
	memarea_map_get(&map);
	while (map.blocks &&
	       next_on_map(map.blocks, &pos, end, order, &budget)) {
		pos += step;
		nr++;
	}
	rcu_read_unlock();
	return nr;
}
