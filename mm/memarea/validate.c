// SPDX-License-Identifier: GPL-2.0
/*
 * Compare the map of free memory with the buddy allocator, bit by bit.
 *
 * Each hold of zone->lock compares what at most MEMAREA_HOLD_BLOCKS blocks or
 * used pages stand for; under the lock the two agree or the map is wrong.  Where
 * the free lists end early, the rule of the last one is looked at, too, in a hold
 * that is as long as the list: this is for tests.
 */
#include <linux/debugfs.h>
#include <linux/init.h>
#include <linux/seq_file.h>
#include "internal.h"
#include "large.h"
#include "map.h"

static bool bit_at(const struct memarea_bits *bits, unsigned long pos)
{
	unsigned long i = pos >> BITS_SECTION_SHIFT;

	return i < bits->nr && bits->sections[i] &&
	       test_bit(pos % BITS_PER_SECTION, bits->sections[i]);
}

/* The bits of two zones whose PFNs interleave are told apart by their pages. */
static bool in_space(struct memarea_space *sp, unsigned long pfn)
{
	struct page *page = space_page(sp, pfn);

	return !page || page_zone(page) == sp->zone;
}

/* True if the bits of the pages [@from, @to) all say @free. */
static bool compare(struct memarea_space *sp, const struct memarea_bits *bits,
		    unsigned long from, unsigned long to, bool free,
		    struct memarea_diff *diff)
{
	for (; from < to; from += 1UL << bits->order) {
		if (bit_at(bits, from >> bits->order) == free ||
		    !in_space(sp, from))
			continue;
		diff->pfn = from;
		diff->free = free;
		return false;
	}
	return true;
}

/* One hold of the fine level: what is before, in and behind a run. */
static bool pages_hold(struct memarea_space *sp,
		       const struct memarea_bits *pages, unsigned long *pos,
		       unsigned long end, struct memarea_diff *diff)
{
	unsigned long start = *pos;
	struct memarea_run run = { .start = start, .end = start };
	int budget = MEMAREA_HOLD_BLOCKS;

	memarea_next_run(sp, pos, end, &budget, &run);
	*pos = min(*pos, end);
	return compare(sp, pages, start, run.start, false, diff) &&
	       compare(sp, pages, run.start, run.end, true, diff) &&
	       compare(sp, pages, run.end, *pos, false, diff);
}

/* One hold of the coarse level: a bit is one if a single block covers it. */
static bool blocks_hold(struct memarea_space *sp,
			const struct memarea_bits *blocks, unsigned long *pos,
			unsigned long end, struct memarea_diff *diff)
{
	unsigned long size = 1UL << blocks->order;
	int left = MEMAREA_HOLD_BLOCKS;

	for (; *pos < end && left--; *pos += size) {
		struct memarea_run run = { };
		unsigned long from = *pos;
		int budget = 1;

		memarea_next_run(sp, &from, *pos + size, &budget, &run);
		if (!compare(sp, blocks, *pos, *pos + size,
			     run.end - run.start == size, diff))
			return false;
	}
	return true;
}

typedef bool (*hold_fn)(struct memarea_space *sp,
			const struct memarea_bits *bits, unsigned long *pos,
			unsigned long end, struct memarea_diff *diff);

static bool zone_agrees(struct zone *zone, const struct memarea_bits *bits,
			hold_fn hold, struct memarea_diff *diff)
{
	struct memarea_space sp = { .zone = zone, .types = MEMAREA_ALL_TYPES };
	unsigned long pos, end, flags;
	bool same = true;

	if (!memarea_zone_span(zone, &pos, &end))
		return true;
	diff->zone = zone;
	pos = ALIGN(pos, 1UL << bits->order);
	while (same && pos < end) {
		spin_lock_irqsave(&zone->lock, flags);
		space_enter(&sp);
		same = hold(&sp, bits, &pos, end, diff);
		spin_unlock_irqrestore(&zone->lock, flags);
		cond_resched();
	}
	return same;
}

static bool level_agrees(const struct memarea_bits *bits, const char *level,
			 hold_fn hold, struct memarea_diff *diff)
{
	struct zone *zone;

	if (!bits)
		return true;
	diff->level = level;
	for_each_populated_zone(zone) {
		if (!zone_agrees(zone, bits, hold, diff))
			return false;
	}
	return true;
}

/* The lists of blocks that larger ones are made of, see large.c. */
static bool lists_agree(struct memarea_diff *diff)
{
	unsigned long flags;
	struct zone *zone;
	bool good;

	for_each_populated_zone(zone) {
		spin_lock_irqsave(&zone->lock, flags);
		good = large_rule_holds(zone);
		spin_unlock_irqrestore(&zone->lock, flags);
		if (good)
			continue;
		*diff = (struct memarea_diff) {
			.level = "lists",
			.zone = zone,
			.pfn = zone->zone_start_pfn,
		};
		return false;
	}
	return true;
}

/* False, and the first difference in @diff, unless map and buddy agree. */
bool memarea_map_validate(struct memarea_diff *diff)
{
	struct memarea_map map;
	bool same;

	memarea_bitmap_pin();
	memarea_map_get(&map);
	same = lists_agree(diff) &&
	       level_agrees(map.blocks, "blocks", blocks_hold, diff) &&
	       level_agrees(map.pages, "pages", pages_hold, diff);
	memarea_bitmap_unpin();
	return same;
}

static int validate_show(struct seq_file *m, void *v)
{
	struct memarea_diff diff;

	if (memarea_map_validate(&diff))
		seq_puts(m, "ok\n");
	else
		seq_printf(m, "%s: node %d zone %s pfn %#lx is %s in the buddy, the map has it otherwise\n",
			   diff.level, zone_to_nid(diff.zone), diff.zone->name,
			   diff.pfn, diff.free ? "free" : "in use");
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(validate);

static int __init validate_init(void)
{
	struct dentry *dir = debugfs_lookup("memarea", NULL);

	debugfs_create_file("validate", 0400, dir, NULL, &validate_fops);
	dput(dir);
	return 0;
}
late_initcall(validate_init);
