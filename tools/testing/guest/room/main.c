// SPDX-License-Identifier: GPL-2.0
/*
 * One large allocation, and what it took, on any kernel.
 *
 * /sys/kernel/debug/bench_room takes "HOW PAGES", allocates that in the writer's
 * context, frees it at once, and answers the next read by a line of CSV:
 *
 *	got,microseconds,moved,dropped,swapped,written_kib,place,free_mib,irqs_off
 *
 * HOW is "contig", for alloc_contig_pages(), or "drop", "move" or "swap", for
 * __alloc_memarea() of such an effort.  Pages moved, swapped out and KiB written
 * are the kernel's own counts, "dropped" is what the page cache has lost; all
 * are of the allocation alone, and on a guest with nothing else to do.  "irqs_off"
 * is the longest time that interrupts were off meanwhile, in the processor's clock,
 * or 0 where there are no tracepoints to tell.
 *
 * "place" is the judgement of an oracle, made before: is there a place that
 * alloc_contig_pages() may use, with no page that cannot move, and for pages that
 * have to move as many free or clean ones elsewhere?  It looks at every page, and
 * has nothing in common with how either allocator searches.  Pages on their way
 * to the LRU lists count as the kernel's own: the user has them emptied.
 *
 * alloc_contig_pages() is not exported; its address is a parameter, and known
 * to /proc/kallsyms.
 */
#include <linux/debugfs.h>
#include <linux/ktime.h>
#include <linux/log2.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include <linux/vmstat.h>
#include "irqs.h"
#include "ours.h"

static unsigned long contig;
module_param(contig, ulong, 0444);
MODULE_PARM_DESC(contig, "Address of alloc_contig_pages_noprof()");

enum use { USE_STUCK, USE_FREE, USE_CLEAN, USE_BUSY, NR_USES };

/**
 * struct costs - counts that an allocation changes
 * @moved: pages
 * @swapped: pages
 * @written: KiB
 * @cached: pages, less when some were dropped
 */
struct costs {
	unsigned long moved;
	unsigned long swapped;
	unsigned long written;
	unsigned long cached;
};

static DEFINE_MUTEX(lock);
static unsigned long events[NR_VM_EVENT_ITEMS];
static char answer[128];

static enum use use_of(struct page *page)
{
	struct folio *folio = page_folio(page);

	if (PageReserved(page))
		return USE_STUCK;
	if (!folio_ref_count(folio))
		return USE_FREE;
	if (!folio_test_lru(folio) || folio_maybe_dma_pinned(folio))
		return USE_STUCK;
	if (folio_test_swapbacked(folio) || folio_test_dirty(folio) ||
	    folio_test_writeback(folio) || folio_test_unevictable(folio))
		return USE_BUSY;
	return USE_CLEAN;
}

static void look_at_zone(struct zone *zone, u8 *uses, unsigned long *total)
{
	unsigned long i;

	for (i = 0; i < zone->spanned_pages; i++) {
		struct page *page = pfn_to_online_page(zone->zone_start_pfn + i);

		uses[i] = page && page_zone(page) == zone ? use_of(page) :
							    USE_STUCK;
		total[uses[i]]++;
		cond_resched();
	}
}

static bool is_place(struct zone *zone, const unsigned long *total,
		     const unsigned long *inside)
{
	unsigned long room = total[USE_FREE] - inside[USE_FREE] +
			     total[USE_CLEAN] - inside[USE_CLEAN];

	return !inside[USE_STUCK] &&
	       inside[USE_BUSY] + min_wmark_pages(zone) <= room;
}

/* Slide a window of @nr pages over the zone; a power of two is aligned. */
static bool find_place(struct zone *zone, unsigned long nr, const u8 *uses,
		       const unsigned long *total)
{
	unsigned long align = is_power_of_2(nr) ? nr : 1;
	unsigned long inside[NR_USES] = { };
	unsigned long i;

	for (i = 0; i < zone->spanned_pages; i++) {
		inside[uses[i]]++;
		if (i >= nr)
			inside[uses[i - nr]]--;
		if (i + 1 >= nr &&
		    IS_ALIGNED(zone->zone_start_pfn + i + 1 - nr, align) &&
		    is_place(zone, total, inside))
			return true;
	}
	return false;
}

static bool zone_has_place(struct zone *zone, unsigned long nr)
{
	unsigned long total[NR_USES] = { };
	u8 *uses = vmalloc(zone->spanned_pages);
	bool found;

	if (!uses)
		return false;
	look_at_zone(zone, uses, total);
	found = find_place(zone, nr, uses, total);
	vfree(uses);
	return found;
}

static bool has_place(unsigned long nr)
{
	struct zone *zones = NODE_DATA(first_online_node)->node_zones;
	bool found = false;
	int i;

	for (i = 0; i < MAX_NR_ZONES && !found; i++)
		found = populated_zone(&zones[i]) &&
			zone_has_place(&zones[i], nr);
	return found;
}

static struct costs costs_now(void)
{
	all_vm_events(events);
	return (struct costs) {
		.moved = events[PGMIGRATE_SUCCESS],
		.swapped = events[PSWPOUT],
		.written = events[PGPGOUT] / 2,
		.cached = global_node_page_state(NR_FILE_PAGES),
	};
}

static struct page *allocate_contig(unsigned long nr)
{
	struct page *(*alloc)(unsigned long nr, gfp_t gfp, int nid,
			      nodemask_t *nodes) = (void *)contig;

	return alloc(nr, ROOM_GFP, first_online_node, NULL);
}

static struct page *allocate_drop(unsigned long nr)
{
	return allocate_area(nr, MEMAREA_EFFORT_DROP);
}

static struct page *allocate_move(unsigned long nr)
{
	return allocate_area(nr, MEMAREA_EFFORT_MOVE);
}

static struct page *allocate_swap(unsigned long nr)
{
	return allocate_area(nr, MEMAREA_EFFORT_SWAP);
}

static void free_all(struct page *page, unsigned long nr)
{
	while (nr--) {
		__free_page(page++);
		cond_resched();
	}
}

static void measure(struct page *(*alloc)(unsigned long nr), unsigned long nr)
{
	unsigned long free = global_zone_page_state(NR_FREE_PAGES);
	bool place = has_place(nr);
	struct costs before = costs_now(), after;
	struct page *page;
	u64 irqs_off;
	ktime_t start;
	s64 usec;

	irqs_watch_begin();
	start = ktime_get();
	page = alloc(nr);
	usec = ktime_us_delta(ktime_get(), start);
	irqs_off = irqs_watch_end();
	after = costs_now();
	if (page)
		free_all(page, nr);
	snprintf(answer, sizeof(answer), "%d,%lld,%lu,%ld,%lu,%lu,%d,%lu,%llu\n",
		 !!page, usec, after.moved - before.moved,
		 before.cached - after.cached, after.swapped - before.swapped,
		 after.written - before.written, place,
		 free >> (20 - PAGE_SHIFT), irqs_off);
}

static const struct {
	const char *how;
	struct page *(*alloc)(unsigned long nr);
} ways[] = {
	{ "contig",	allocate_contig },
	{ "drop",	allocate_drop },
	{ "move",	allocate_move },
	{ "swap",	allocate_swap },
};

static int execute(char *words)
{
	char *how = strsep(&words, " ");
	unsigned long nr;
	int i;

	if (!words || kstrtoul(words, 0, &nr) || !nr)
		return -EINVAL;
	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		if (strcmp(how, ways[i].how))
			continue;
		measure(ways[i].alloc, nr);
		return 0;
	}
	return -EINVAL;
}

static ssize_t room_write(struct file *file, const char __user *buf,
			  size_t count, loff_t *pos)
{
	char line[32] = "";
	int err;

	if (count >= sizeof(line))
		return -EINVAL;
	if (copy_from_user(line, buf, count))
		return -EFAULT;
	mutex_lock(&lock);
	err = execute(strim(line));
	mutex_unlock(&lock);
	*pos = 0;
	return err ?: count;
}

static ssize_t room_read(struct file *file, char __user *buf, size_t count,
			 loff_t *pos)
{
	ssize_t ret;

	mutex_lock(&lock);
	ret = simple_read_from_buffer(buf, count, pos, answer, strlen(answer));
	mutex_unlock(&lock);
	return ret;
}

static const struct file_operations room_fops = {
	.owner = THIS_MODULE,
	.read = room_read,
	.write = room_write,
	.llseek = default_llseek,
};

static struct dentry *file;

static int __init room_init(void)
{
	int err = contig ? irqs_start() : -EINVAL;

	if (err)
		return err;
	file = debugfs_create_file("bench_room", 0600, NULL, NULL, &room_fops);
	return 0;
}
module_init(room_init);

static void __exit room_exit(void)
{
	debugfs_remove(file);
	irqs_stop();
}
module_exit(room_exit);

MODULE_DESCRIPTION("Cost of large allocations where memory is in use");
MODULE_LICENSE("GPL");
