// SPDX-License-Identifier: GPL-2.0
/*
 * /sys/kernel/debug/memarea: what a zone's free memory looks like.
 *
 * All three files read the zone's memmap in PFN order, in bounded holds of
 * zone->lock.  They are exact for memory that does not change meanwhile, and
 * approximate for the rest.
 */
#include <linux/debugfs.h>
#include <linux/init.h>
#include <linux/seq_file.h>
#include "internal.h"

/* One more than the log2 of any run. */
#define NR_BUCKETS	BITS_PER_LONG

/* Free runs of all types: a map shows what is free, not what may be taken. */
#define ALL_TYPES	(BIT(MIGRATE_TYPES) - 1)

typedef void (*run_fn)(const struct memarea_run *run, void *arg);

/* Call @fn for each maximal free run of @zone. */
static void walk_runs(struct zone *zone, run_fn fn, void *arg)
{
	struct memarea_space sp = { .zone = zone, .types = ALL_TYPES };
	struct memarea_run run = { };
	unsigned long pos, end;

	if (!memarea_zone_span(zone, &pos, &end))
		return;
	while (pos < end) {
		int budget = MEMAREA_HOLD_BLOCKS;
		unsigned long flags;
		bool complete;

		spin_lock_irqsave(&zone->lock, flags);
		space_enter(&sp);
		complete = memarea_next_run(&sp, &pos, end, &budget, &run);
		spin_unlock_irqrestore(&zone->lock, flags);
		if (complete) {
			fn(&run, arg);
			run = (struct memarea_run) { };
		}
		cond_resched();
	}
	if (run.start < run.end)
		fn(&run, arg);
}

static void keep_largest(const struct memarea_run *run, void *arg)
{
	struct memarea_run *largest = arg;

	if (run->end - run->start > largest->end - largest->start)
		*largest = *run;
}

static int largest_show(struct seq_file *m, void *v)
{
	struct zone *zone;

	for_each_populated_zone(zone) {
		struct memarea_run largest = { };

		walk_runs(zone, keep_largest, &largest);
		seq_printf(m, "node %d zone %8s pages %10lu start_pfn %#lx\n",
			   zone_to_nid(zone), zone->name,
			   largest.end - largest.start, largest.start);
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(largest);

struct histogram {
	unsigned long runs[NR_BUCKETS];
	unsigned long pages[NR_BUCKETS];
};

static void count_run(const struct memarea_run *run, void *arg)
{
	struct histogram *h = arg;
	unsigned int bucket = ilog2(run->end - run->start);

	h->runs[bucket]++;
	h->pages[bucket] += run->end - run->start;
}

static void histogram_show_zone(struct seq_file *m, struct zone *zone,
				struct histogram *h)
{
	unsigned int i;

	memset(h, 0, sizeof(*h));
	walk_runs(zone, count_run, h);
	for (i = 0; i < NR_BUCKETS; i++) {
		if (!h->runs[i])
			continue;
		seq_printf(m, "node %d zone %8s length %10lu-%-10lu runs %8lu pages %10lu\n",
			   zone_to_nid(zone), zone->name, BIT(i),
			   2 * BIT(i) - 1, h->runs[i], h->pages[i]);
	}
}

static int histogram_show(struct seq_file *m, void *v)
{
	struct histogram *h = kmalloc(sizeof(*h), GFP_KERNEL);
	struct zone *zone;

	if (!h)
		return -ENOMEM;
	for_each_populated_zone(zone)
		histogram_show_zone(m, zone, h);
	kfree(h);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(histogram);

/* A zone as 16 lines of 64 cells, or fewer if cells would be tiny. */
#define MAP_COLUMNS	64
#define MAP_CELLS	(16 * MAP_COLUMNS)

struct map {
	unsigned long start;
	unsigned long end;
	unsigned long cell;		/* pages a cell stands for */
	unsigned long free[MAP_CELLS];	/* free pages in each */
};

static void draw_run(const struct memarea_run *run, void *arg)
{
	struct map *map = arg;
	unsigned long pfn = run->start;

	while (pfn < run->end) {
		unsigned long cell = (pfn - map->start) / map->cell;
		unsigned long next = map->start + (cell + 1) * map->cell;

		next = min(next, run->end);
		map->free[cell] += next - pfn;
		pfn = next;
	}
}

/* From all used to all free. */
static char shade(unsigned long free, unsigned long pages)
{
	static const char shades[] = "#%+=-:.";

	if (free == pages)
		return ' ';
	return shades[free * (sizeof(shades) - 1) / pages];
}

static void map_print(struct seq_file *m, const struct map *map)
{
	unsigned long cell, pfn = map->start;

	for (cell = 0; pfn < map->end; cell++, pfn += map->cell) {
		if (!(cell % MAP_COLUMNS))
			seq_printf(m, "%10lx |", pfn);
		seq_putc(m, shade(map->free[cell],
				  min(map->cell, map->end - pfn)));
		if (cell % MAP_COLUMNS == MAP_COLUMNS - 1)
			seq_puts(m, "|\n");
	}
	if (cell % MAP_COLUMNS)
		seq_puts(m, "|\n");
}

static void map_show_zone(struct seq_file *m, struct zone *zone,
			  struct map *map)
{
	unsigned long pages;

	memset(map, 0, sizeof(*map));
	if (!memarea_zone_span(zone, &map->start, &map->end))
		return;
	pages = DIV_ROUND_UP(map->end - map->start, MAP_CELLS);
	map->cell = max(pageblock_nr_pages, roundup_pow_of_two(pages));
	walk_runs(zone, draw_run, map);
	seq_printf(m, "node %d zone %s, pfn %#lx-%#lx, a cell is %lu pages, '#' used ... '.' nearly free, ' ' free\n",
		   zone_to_nid(zone), zone->name, map->start, map->end,
		   map->cell);
	map_print(m, map);
}

static int map_show(struct seq_file *m, void *v)
{
	struct map *map = kmalloc(sizeof(*map), GFP_KERNEL);
	struct zone *zone;

	if (!map)
		return -ENOMEM;
	for_each_populated_zone(zone)
		map_show_zone(m, zone, map);
	kfree(map);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(map);

static int __init memarea_debugfs_init(void)
{
	struct dentry *dir = debugfs_create_dir("memarea", NULL);

	debugfs_create_file("largest", 0400, dir, NULL, &largest_fops);
	debugfs_create_file("histogram", 0400, dir, NULL, &histogram_fops);
	debugfs_create_file("map", 0400, dir, NULL, &map_fops);
	return 0;
}
late_initcall(memarea_debugfs_init);
