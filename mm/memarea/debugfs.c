// SPDX-License-Identifier: GPL-2.0
/*
 * /sys/kernel/debug/memarea: what a zone's free memory looks like.
 *
 * All files read the zone's memmap in PFN order, in bounded holds of
 * zone->lock.  They are exact for memory that does not change meanwhile, and
 * approximate for the rest.  "blocks" is for programs, the others for people.
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

/* Call @fn for each maximal free run in [@pos, @end) of @zone. */
static void walk_range(struct zone *zone, unsigned long pos, unsigned long end,
		       run_fn fn, void *arg)
{
	struct memarea_space sp = { .zone = zone, .types = ALL_TYPES };
	struct memarea_run run = { };

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

/* Call @fn for each maximal free run of @zone. */
static void walk_runs(struct zone *zone, run_fn fn, void *arg)
{
	unsigned long start, end;

	if (memarea_zone_span(zone, &start, &end))
		walk_range(zone, start, end, fn, arg);
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

/*
 * Pageblocks of a zone, as one line of "blocks" shows them: one, or several in
 * a row that are all free or all used.  A position in the file is the number
 * of a pageblock, counted over all zones, and nothing else is remembered from
 * one read to the next.
 */
struct blocks {
	struct zone *zone;
	unsigned long start;	/* first PFN, and behind the last one */
	unsigned long end;
	unsigned long free;	/* pages */
	const char *type;
};

static unsigned long nr_blocks(unsigned long start, unsigned long end)
{
	return DIV_ROUND_UP(end, pageblock_nr_pages) -
	       start / pageblock_nr_pages;
}

/* The zone of the pageblock, where that starts, and where the zone ends. */
static struct zone *find_block(loff_t pos, unsigned long *start,
			       unsigned long *end)
{
	struct zone *zone;

	for_each_populated_zone(zone) {
		unsigned long nr;

		if (!memarea_zone_span(zone, start, end))
			continue;
		nr = nr_blocks(*start, *end);
		if (pos < nr) {
			nr = *start / pageblock_nr_pages + pos;
			*start = max(*start, nr * pageblock_nr_pages);
			return zone;
		}
		pos -= nr;
	}
	return NULL;
}

/* The first page that can be told from a hole, and from another zone. */
static struct page *first_page(struct memarea_space *sp, unsigned long pfn,
			       unsigned long end)
{
	for (; pfn < end; pfn = ALIGN(pfn + 1, 1UL << SPACE_CHUNK_SHIFT)) {
		struct page *page = space_page(sp, pfn);

		if (page && page_zone(page) == sp->zone)
			return page;
	}
	return NULL;
}

static const char *block_type(struct zone *zone, unsigned long start,
			      unsigned long end)
{
	struct memarea_space sp = { .zone = zone };
	const char *type = "hole";
	unsigned long flags;
	struct page *page;

	spin_lock_irqsave(&zone->lock, flags);
	space_enter(&sp);
	page = first_page(&sp, start, end);
	if (page)
		type = migratetype_names[get_pageblock_migratetype(page)];
	spin_unlock_irqrestore(&zone->lock, flags);
	return type;
}

static void sum_pages(const struct memarea_run *run, void *arg)
{
	unsigned long *pages = arg;

	*pages += run->end - run->start;
}

/* Read one pageblock of b->zone, which ends at @zone_end. */
static void read_block(struct blocks *b, unsigned long start,
		       unsigned long zone_end)
{
	b->start = start;
	b->end = min(zone_end, ALIGN(start + 1, pageblock_nr_pages));
	b->type = block_type(b->zone, b->start, b->end);
	b->free = 0;
	walk_range(b->zone, b->start, b->end, sum_pages, &b->free);
}

static bool all_free(const struct blocks *b)
{
	return b->free == b->end - b->start;
}

static bool alike(const struct blocks *a, const struct blocks *b)
{
	return a->type == b->type &&
	       ((all_free(a) && all_free(b)) || (!a->free && !b->free));
}

static struct blocks *read_blocks(struct blocks *b, loff_t pos)
{
	unsigned long start, zone_end;

	b->zone = find_block(pos, &start, &zone_end);
	if (!b->zone)
		return NULL;
	read_block(b, start, zone_end);
	/* no look at the next one unless it may be the same */
	while (alike(b, b) && b->end < zone_end) {
		struct blocks next = { .zone = b->zone };

		read_block(&next, b->end, zone_end);
		if (!alike(b, &next))
			break;
		b->end = next.end;
		b->free += next.free;
	}
	return b;
}

static void *blocks_start(struct seq_file *m, loff_t *pos)
{
	return read_blocks(m->private, *pos);
}

static void *blocks_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct blocks *b = v;

	*pos += nr_blocks(b->start, b->end);
	return read_blocks(b, *pos);
}

static void blocks_stop(struct seq_file *m, void *v)
{
}

static int blocks_show(struct seq_file *m, void *v)
{
	struct blocks *b = v;
	unsigned long start, end;

	if (memarea_zone_span(b->zone, &start, &end) && b->start == start)
		seq_printf(m, "node %d zone %s start_pfn %#lx end_pfn %#lx block_pages %lu page_size %lu\n",
			   zone_to_nid(b->zone), b->zone->name, start, end,
			   pageblock_nr_pages, PAGE_SIZE);
	seq_printf(m, "%#12lx %10lu %10lu %s\n", b->start, b->end - b->start,
		   b->free, b->type);
	return 0;
}

static const struct seq_operations blocks_sops = {
	.start	= blocks_start,
	.next	= blocks_next,
	.stop	= blocks_stop,
	.show	= blocks_show,
};

static int blocks_open(struct inode *inode, struct file *file)
{
	return seq_open_private(file, &blocks_sops, sizeof(struct blocks));
}

static const struct file_operations blocks_fops = {
	.owner		= THIS_MODULE,
	.open		= blocks_open,
	.read		= seq_read,
	.llseek		= seq_lseek,
	.release	= seq_release_private,
};

static int __init memarea_debugfs_init(void)
{
	struct dentry *dir = debugfs_create_dir("memarea", NULL);

	debugfs_create_file("largest", 0400, dir, NULL, &largest_fops);
	debugfs_create_file("histogram", 0400, dir, NULL, &histogram_fops);
	debugfs_create_file("map", 0400, dir, NULL, &map_fops);
	debugfs_create_file("blocks", 0400, dir, NULL, &blocks_fops);
	return 0;
}
late_initcall(memarea_debugfs_init);
