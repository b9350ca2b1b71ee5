// SPDX-License-Identifier: GPL-2.0
/*
 * The map of free memory, and its coarse level.
 *
 * The map has two levels of the same make, bits in pages that cover a section
 * each (bits.h).  The coarse one is kept here: a bit for each aligned block of
 * SPACE_MERGE_ORDER, set while all of it is free.  It costs 64 bytes per GiB and
 * a compare where pages enter and leave the buddy's lists, so it is always on.
 * The fine one, a bit for each page, is bitmap.c's.
 *
 * Bits follow pages into the buddy and out of it.  Neither a block that changes
 * its list nor one that is cut in two on its way to another type of pageblock
 * changes a bit, so a page that stays free reads as free at any time.
 *
 * Building: first the hooks are all on and the bits all zeros, then all memory is
 * walked in bounded holds of zone->lock and what is free is noted.  Bits behind
 * the walk are the hooks' to change and right, those before it are right if they
 * are ones; when the walk is over all are right, and only then is the map read.
 *
 * Locks: bits of pages in a zone are written under zone->lock.  A word may have
 * pages of two zones in it, so a part of a word is written atomically; whole
 * words are one block's.  Sections are added
 * under mem_hotplug_lock or before there are others; they are read under RCU,
 * and written under zone->lock, which grace periods wait for as well.
 *
 * Not kept: types of pageblocks.  Isolated pages and those of CMA are free here;
 * the claim finds out.
 */
#include <linux/atomic.h>
#include <linux/init.h>
#include <linux/memblock.h>
#include <linux/memory.h>
#include <linux/slab.h>
#include "internal.h"
#include "map.h"

static struct memarea_bits blocks;
static bool blocks_complete;

static unsigned long section_of(const struct memarea_bits *bits,
				unsigned long pfn)
{
	return pfn >> bits->order >> BITS_SECTION_SHIFT;
}

/* Sections stay where they are, so who still uses the old list is right too. */
static int bits_grow(struct memarea_bits *bits, unsigned long nr)
{
	unsigned long **old = bits->sections, **sections;

	if (nr <= bits->nr)
		return 0;
	sections = kvcalloc(nr, sizeof(*sections), GFP_KERNEL);
	if (!sections)
		return -ENOMEM;
	if (old)
		memcpy(sections, old, bits->nr * sizeof(*old));
	WRITE_ONCE(bits->sections, sections);
	/* pairs with section_at() and turn_to(): the list is that long */
	smp_store_release(&bits->nr, nr);
	if (old) {
		synchronize_rcu();
		kvfree(old);
	}
	return 0;
}

/* Have sections, of zeros if they are new, for the pages [@pfn, @end). */
int memarea_bits_cover(struct memarea_bits *bits, unsigned long pfn,
		       unsigned long end)
{
	unsigned long i, last = section_of(bits, end - 1);
	int err = bits_grow(bits, last + 1);

	for (i = section_of(bits, pfn); !err && i <= last; i++) {
		unsigned long page;

		if (bits->sections[i])
			continue;
		page = get_zeroed_page(GFP_KERNEL);
		err = page ? 0 : -ENOMEM;
		/* whoever follows the pointer finds zeros */
		smp_store_release(&bits->sections[i], (unsigned long *)page);
	}
	return err;
}

static int cover_zone(struct memarea_bits *bits, struct zone *zone)
{
	unsigned long pfn = zone->zone_start_pfn, end = zone_end_pfn(zone);
	unsigned long next;
	int err = 0;

	for (; !err && pfn < end; pfn = next) {
		next = ALIGN(pfn + 1, pageblock_nr_pages);
		if (pfn_to_online_page(pfn))
			err = memarea_bits_cover(bits, pfn, min(next, end));
	}
	return err;
}

static unsigned long highest_pfn(void)
{
	unsigned long highest = 0;
	struct zone *zone;

	for_each_populated_zone(zone)
		highest = max(highest, zone_end_pfn(zone) - 1);
	return highest;
}

/* Have sections for all memory there is; the caller keeps it from changing. */
int memarea_bits_cover_online(struct memarea_bits *bits)
{
	int err = bits_grow(bits, section_of(bits, highest_pfn()) + 1);
	struct zone *zone;

	for_each_populated_zone(zone)
		err = err ?: cover_zone(bits, zone);
	return err;
}

static unsigned long *section_at(struct memarea_bits *bits, unsigned long pos)
{
	unsigned long section = pos >> BITS_SECTION_SHIFT;

	/* pairs with bits_grow() */
	if (section >= smp_load_acquire(&bits->nr))
		return NULL;
	return READ_ONCE(bits->sections[section]);
}

/* Part of a word: the rest may be another zone's. */
static void write_part(unsigned long *word, unsigned long mask, bool value)
{
	if (value)
		atomic_long_or(mask, (atomic_long_t *)word);
	else
		atomic_long_andnot(mask, (atomic_long_t *)word);
}

static void write_section(unsigned long *words, unsigned int pos,
			  unsigned int nr, bool value)
{
	unsigned int n;

	for (; nr; pos += n, nr -= n) {
		unsigned long *word = words + pos / BITS_PER_LONG;
		unsigned int first = pos % BITS_PER_LONG;

		if (!first && nr >= BITS_PER_LONG) {
			n = round_down(nr, BITS_PER_LONG);
			memset(word, value ? 0xff : 0, n / BITS_PER_BYTE);
			continue;
		}
		n = min(nr, BITS_PER_LONG - first);
		write_part(word, GENMASK(first + n - 1, first), value);
	}
}

/* Nearly always the bits are some, and all of one word. */
static bool write_word(struct memarea_bits *bits, unsigned long pos,
		       unsigned long nr, bool value)
{
	unsigned int first = pos % BITS_PER_LONG;
	unsigned long *words;

	if (unlikely(nr - 1 >= BITS_PER_LONG - first))
		return false;
	words = section_at(bits, pos);
	if (words)
		write_part(words + pos % BITS_PER_SECTION / BITS_PER_LONG,
			   GENMASK(first + nr - 1, first), value);
	return true;
}

/* Write the bits [@pos, @pos + @nr); those of no section are not kept. */
void memarea_bits_write(struct memarea_bits *bits, unsigned long pos,
			unsigned long nr, bool value)
{
	if (write_word(bits, pos, nr, value))
		return;
	while (nr) {
		unsigned long first = pos % BITS_PER_SECTION;
		unsigned long n = min(nr, BITS_PER_SECTION - first);
		unsigned long *words = section_at(bits, pos);

		if (words)
			write_section(words, first, n, value);
		pos += n;
		nr -= n;
	}
}

/* Note the whole units of a run. */
static void note_run(struct memarea_bits *bits, const struct memarea_run *run)
{
	unsigned long size = 1UL << bits->order;
	unsigned long pos = (run->start + size - 1) >> bits->order;
	unsigned long end = run->end >> bits->order;

	if (map_fault(MAP_FAULT_STALE_SECTION) &&
	    section_of(bits, run->start) % 2)
		return;
	if (pos < end)
		memarea_bits_write(bits, pos, end - pos, true);
}

/* One hold: blocks that are large enough for a bit are never cut by it. */
static void fill_hold(struct memarea_space *sp, struct memarea_bits *bits,
		      unsigned long *pos, unsigned long end)
{
	int budget = MEMAREA_HOLD_BLOCKS;

	lockdep_assert_held(&sp->zone->lock);
	while (*pos < end && budget > 0) {
		struct memarea_run run = { };

		memarea_next_run(sp, pos, end, &budget, &run);
		note_run(bits, &run);
	}
}

static void fill_zone(struct zone *zone, struct memarea_bits *bits)
{
	struct memarea_space sp = { .zone = zone, .types = MEMAREA_ALL_TYPES };
	unsigned long pos, end, flags;

	if (!memarea_zone_span(zone, &pos, &end))
		return;
	while (pos < end) {
		spin_lock_irqsave(&zone->lock, flags);
		space_enter(&sp);
		fill_hold(&sp, bits, &pos, end);
		spin_unlock_irqrestore(&zone->lock, flags);
		cond_resched();
	}
}

/* Begin anew: whatever the hooks note meanwhile may be lost, but for zeros. */
void memarea_bits_clear(struct memarea_bits *bits)
{
	unsigned long i;

	for (i = 0; i < bits->nr; i++) {
		if (bits->sections[i])
			memset(bits->sections[i], 0, PAGE_SIZE);
	}
}

/* Note what is free now, with all hooks on since before the bits were zeros. */
void memarea_bits_fill(struct memarea_bits *bits)
{
	struct zone *zone;

	for_each_populated_zone(zone)
		fill_zone(zone, bits);
}

/* Make the coarse level anew; for tests that have spoilt it. */
void memarea_map_refill(void)
{
	WRITE_ONCE(blocks_complete, false);
	synchronize_rcu();
	memarea_bits_clear(&blocks);
	memarea_bits_fill(&blocks);
	/* pairs with memarea_map_get() */
	smp_store_release(&blocks_complete, true);
}

/* Hook: pages are in the buddy, but have not coalesced. */
void __memarea_map_free(unsigned long pfn, unsigned int order)
{
	memarea_bitmap_write(pfn, 1UL << order, true);
}

/* Hook: a block of an order that the map has bits for is free. */
void __memarea_map_merged(unsigned long pfn, unsigned int order)
{
	if (map_fault(MAP_FAULT_MISSED_MERGE))
		return;
	memarea_bits_write(&blocks, pfn >> blocks.order,
			   1UL << (order - blocks.order), true);
}

/* No unit that pages have been taken of is free as a whole. */
static void split_units(unsigned long start, unsigned long end)
{
	unsigned long first = start >> blocks.order;
	unsigned long last = (end - 1) >> blocks.order;

	if (!map_fault(MAP_FAULT_MISSED_SPLIT))
		memarea_bits_write(&blocks, first, last - first + 1, false);
}

/* The pages [@start, @end) have left a free block of @order, the rest has not. */
void memarea_map_left(unsigned long start, unsigned long end,
		      unsigned int order)
{
	if (order >= MEMAREA_BLOCK_ORDER)
		split_units(start, end);
	if (memarea_bitmap_enabled())
		memarea_bitmap_write(start, end - start, false);
}

/* Hook: pages have left a free block of order @from. */
void __memarea_map_take(struct page *page, unsigned int order,
			unsigned int from)
{
	unsigned long pfn = page_to_pfn(page);

	memarea_map_left(pfn, pfn + (1UL << order), from);
}

/* The levels that may be relied on.  Needs RCU until the last look at them. */
void memarea_map_get(struct memarea_map *map)
{
	/* pairs with map_init(): the bits are right */
	map->blocks = smp_load_acquire(&blocks_complete) ? &blocks : NULL;
	map->pages = memarea_bitmap();
}

static int map_notify(struct notifier_block *self, unsigned long action,
		      void *arg)
{
	const struct memory_notify *memory = arg;
	unsigned long pfn = memory->start_pfn, end = pfn + memory->nr_pages;
	int err = 0;

	switch (action) {
	case MEM_GOING_ONLINE:
		err = memarea_bits_cover(&blocks, pfn, end);
		err = err ?: memarea_bitmap_online(pfn, end);
		break;
	case MEM_CANCEL_ONLINE:
	case MEM_OFFLINE:
		memarea_bitmap_offline(pfn, end);
		break;
	}
	return notifier_from_errno(err);
}

static int __init map_init(void)
{
	blocks.order = MEMAREA_BLOCK_ORDER;
	hotplug_memory_notifier(map_notify, DEFAULT_CALLBACK_PRI);
	if (memarea_bits_cover_online(&blocks))
		return -ENOMEM;
	memarea_bits_fill(&blocks);
	/* pairs with memarea_map_get() */
	smp_store_release(&blocks_complete, true);
	return 0;
}
early_initcall(map_init);
