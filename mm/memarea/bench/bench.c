// SPDX-License-Identifier: GPL-2.0
/*
 * /sys/kernel/debug/memarea/bench: alloc_memarea() beside
 * alloc_contig_pages(), on the same zone images, in turn; without the bitmap of
 * free pages ("memarea") and with it ("bitmap").  bench_growth, beside it, has
 * fewer tries, so that it can be read on a large machine, too.
 *
 * Reading a file runs the benchmark and gives a line of CSV for each try:
 *
 *	image,seed,pages,fits,allocator,ok,alloc,free,irqs_off
 *
 * "fits" says whether a free run of that size exists, by a walk of the whole
 * zone.  "alloc" and "free" are differences of the time stamp counter: cycles
 * on UML and with KVM, instructions in a QEMU that runs with -icount.
 * "irqs_off" is the longest time with interrupts off during both, in the same
 * unit, in a kernel with CONFIG_PREEMPTIRQ_TRACEPOINTS, else 0.  What is
 * allocated is freed at once, so both allocators see the same image, but for
 * the order of the free lists and the pageblock types that
 * alloc_contig_pages() leaves MOVABLE.
 */
#include <linux/debugfs.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/seq_file.h>
#include "../map.h"
#include "image.h"
#include "irqs.h"

#define NR_SEEDS	5

/* Large enough that the benchmark is not run twice for want of room. */
#define OUTPUT_BYTES	SZ_1M

static const struct image_kind kinds[] = {
	{ "fresh" },
	{ "pinned-1500", 1499, 1 },
	{ "half-16", 16, 16, true },
	{ "half-256", 256, 256, true },
	{ "half-2048", 2048, 2048, true },
	{ "holes-4k", 1, 1 },
};

static const unsigned long sizes[] = {
	3, 100, 513, 1000, 1025, 4096, 5000, 10000, 40000,
};

/* No size that fits between two pinned pages, one that does, one of many. */
static const unsigned long growth_sizes[] = { 1000, 1600, 100000 };

/* What is run: images [0, nr_kinds), sizes [0, nr_sizes). */
struct plan {
	unsigned int nr_kinds;
	const unsigned long *sizes;
	unsigned int nr_sizes;
	unsigned int nr_rounds;
};

static const struct plan all = {
	ARRAY_SIZE(kinds), sizes, ARRAY_SIZE(sizes), 5,
};

static const struct plan growth = {
	2, growth_sizes, ARRAY_SIZE(growth_sizes), 3,
};

struct allocator {
	const char *name;
	struct page *(*alloc)(unsigned long nr_pages);
	void (*free)(struct page *page, unsigned long nr_pages);
	bool bitmap;
};

static struct page *contig_alloc(unsigned long nr_pages)
{
	return alloc_contig_pages(nr_pages, GFP_KERNEL | __GFP_NOWARN,
				  numa_node_id(), NULL);
}

static void contig_free(struct page *page, unsigned long nr_pages)
{
	free_contig_range(page_to_pfn(page), nr_pages);
}

static struct page *area_alloc(unsigned long nr_pages)
{
	return alloc_memarea(GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN,
			     nr_pages);
}

static const struct allocator allocators[] = {
	{ "contig", contig_alloc, contig_free },
	{ "memarea", area_alloc, free_memarea },
	{ "bitmap", area_alloc, free_memarea, true },
};

/* What a try is about, for its line. */
struct try {
	const struct image_kind *kind;
	u64 seed;
	unsigned long nr_pages;
	bool fits;
};

static void run_try(struct seq_file *m, const struct try *try,
		    const struct allocator *allocator)
{
	u64 begin, allocated, freed, irqs_off;
	struct page *page;

	irqs_watch_begin();
	begin = bench_clock();
	page = allocator->alloc(try->nr_pages);
	allocated = bench_clock();
	if (page)
		allocator->free(page, try->nr_pages);
	freed = bench_clock();
	irqs_off = irqs_watch_end();
	seq_printf(m, "%s,%llu,%lu,%d,%s,%d,%llu,%llu,%llu\n",
		   try->kind->name, try->seed, try->nr_pages, try->fits,
		   allocator->name, !!page, allocated - begin,
		   page ? freed - allocated : 0, irqs_off);
}

/* Once in vain, so that all find the caches as warm as their own work does. */
static void warm_up(const struct try *try, const struct allocator *allocator)
{
	struct page *page;

	memarea_bitmap_switch(allocator->bitmap);
	page = allocator->alloc(try->nr_pages);
	if (page)
		allocator->free(page, try->nr_pages);
}

/*
 * One size on one image: A B C A B C ...  free_contig_range() leaves pages on the
 * per-CPU lists; without the drain the next try would pay for them.
 */
static void run_size(struct seq_file *m, const struct try *try,
		     unsigned int nr_rounds)
{
	unsigned int i;

	for (i = 0; i < nr_rounds * ARRAY_SIZE(allocators); i++) {
		const struct allocator *allocator;

		allocator = &allocators[i % ARRAY_SIZE(allocators)];
		warm_up(try, allocator);
		drain_all_pages(NULL);
		run_try(m, try, allocator);
		cond_resched();
	}
}

static void run_image(struct seq_file *m, const struct plan *plan,
		      struct image *image, const struct image_kind *kind,
		      u64 seed)
{
	struct try try = { .kind = kind, .seed = seed };
	unsigned long largest;
	unsigned int i;

	image_lay_out(image, kind, seed);
	drain_all_pages(NULL);
	largest = image_largest_run(image);
	for (i = 0; i < plan->nr_sizes; i++) {
		try.nr_pages = plan->sizes[i];
		try.fits = try.nr_pages <= largest;
		run_size(m, &try, plan->nr_rounds);
	}
	image_take_back(image);
}

static void run_kind(struct seq_file *m, const struct plan *plan,
		     struct image *image, const struct image_kind *kind)
{
	unsigned int seed, nr_seeds = kind->random ? NR_SEEDS : 1;

	for (seed = 0; seed < nr_seeds; seed++)
		run_image(m, plan, image, kind, seed);
}

static int bench_show(struct seq_file *m, void *v)
{
	const struct plan *plan = m->private;
	struct image *image = image_create();
	bool bitmap = memarea_bitmap_enabled();
	bool contig = memarea_contig;
	unsigned int i;

	if (!image)
		return -ENOMEM;
	/* it is the kernel's own that is measured */
	memarea_contig = false;
	seq_puts(m, "image,seed,pages,fits,allocator,ok,alloc,free,irqs_off\n");
	for (i = 0; i < plan->nr_kinds; i++)
		run_kind(m, plan, image, &kinds[i]);
	image_destroy(image);
	memarea_bitmap_switch(bitmap);
	memarea_contig = contig;
	return 0;
}

static int bench_open(struct inode *inode, struct file *file)
{
	return single_open_size(file, bench_show, inode->i_private,
				OUTPUT_BYTES);
}

static const struct file_operations bench_fops = {
	.owner		= THIS_MODULE,
	.open		= bench_open,
	.read		= seq_read,
	.llseek		= seq_lseek,
	.release	= single_release,
};

static int __init bench_init(void)
{
	struct dentry *dir = debugfs_lookup("memarea", NULL);

	debugfs_create_file("bench", 0400, dir, (void *)&all, &bench_fops);
	debugfs_create_file("bench_growth", 0400, dir, (void *)&growth,
			    &bench_fops);
	dput(dir);
	return 0;
}
late_initcall_sync(bench_init);
