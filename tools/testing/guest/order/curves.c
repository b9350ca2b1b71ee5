// SPDX-License-Identifier: GPL-2.0
/*
 * How often a large block is to be had while a long mixed load fragments memory,
 * on any kernel.  Loading the module runs the load and prints a line of CSV for
 * each part of it and each order:
 *
 *	probe,seed,part,order,tries,got,failures
 *
 * with the blocks that were asked for and those that there were, and the load's
 * own allocations that have failed so far.  What the load then has stays in use
 * until the module is unloaded.
 *
 * The load is a random walk over slots: one that is used is freed, an empty one
 * gets an object.  Half of the steps are in the first sixteenth of the slots, so
 * many objects live shortly, and some for long.  By pages, two thirds are files
 * on tmpfs of up to 32 pages, which compaction may move; the rest are the
 * kernel's: single pages, blocks of order 1 to 3, reclaimable ones, and slabs.
 *
 * There is a tide: what is in use grows until it is nearly all that was free at
 * first, falls to three fifths, and so on, for pageblocks change hands when memory
 * is short.  A part is a tide.  Where the tide turns depends on what was asked
 * for, and a slot whose allocation failed counts as used, so the operations are
 * the same on every kernel, whatever its allocator gives.
 *
 * A probe asks for a few blocks of one order and frees them at once; the orders
 * take turns.  Its flags are those of callers that cannot wait ("atomic"), of
 * kernel memory for which compaction is tried ("direct"), or of huge pages for
 * which it is not ("light").
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/prandom.h>
#include <linux/sched.h>
#include <linux/shmem_fs.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

static char *probe = "atomic";
module_param(probe, charp, 0444);
MODULE_PARM_DESC(probe, "Who asks for large blocks: atomic, direct or light");

static unsigned int seed = 1;
module_param(seed, uint, 0444);
MODULE_PARM_DESC(seed, "The load to be run");

static unsigned int nr_parts = 12;
module_param(nr_parts, uint, 0444);
MODULE_PARM_DESC(nr_parts, "Tides of the load");

#define MIN_ORDER	7
#define NR_ORDERS	(MAX_PAGE_ORDER - MIN_ORDER + 1)

#define STEPS_PER_PROBE	500
#define PROBE_BLOCKS	4

/* In use, of what is free when the load begins; percent. */
#define HIGH_TIDE	91
#define LOW_TIDE	60

/* Pages of an object in the mean, and 0.7 of that for a slot at high tide. */
#define PAGES_PER_SLOT	2

#define MAX_FILE	32
#define MAX_SLAB	4096

#define LOAD_GFP	(__GFP_NOWARN | __GFP_NORETRY)

enum kind {
	KIND_NONE, KIND_FILE, KIND_PAGE, KIND_BLOCK, KIND_RECLAIMABLE, KIND_SLAB
};

/* Of a thousand objects. */
static const unsigned int weights[] = {
	[KIND_FILE] = 120, [KIND_PAGE] = 300, [KIND_BLOCK] = 40,
	[KIND_RECLAIMABLE] = 150, [KIND_SLAB] = 390,
};

/**
 * struct object - what a slot holds
 * @kind: KIND_NONE if nothing
 * @order: of @page
 * @bytes: that were asked for
 * @page: of a block, or NULL
 * @memory: of a slab, or NULL
 */
struct object {
	enum kind kind;
	unsigned int order;
	size_t bytes;
	union {
		struct page *page;
		void *memory;
	};
};

static struct object *slots;
static unsigned long nr_slots;
static struct file *files;	/* each slot has a range of it */
static struct rnd_state rnd;
static unsigned long capacity, in_use, failures;	/* bytes, but for failures */
static bool rising = true;

static u32 below(u32 limit)
{
	return prandom_u32_state(&rnd) % limit;
}

static loff_t file_start(const struct object *object)
{
	return (loff_t)(object - slots) * MAX_FILE << PAGE_SHIFT;
}

static void new_file(struct object *object)
{
	pgoff_t index = file_start(object) >> PAGE_SHIFT;
	unsigned int i, nr = 1 + below(MAX_FILE);

	object->bytes = nr << PAGE_SHIFT;
	for (i = 0; i < nr; i++) {
		struct folio *folio;

		folio = shmem_read_folio_gfp(files->f_mapping, index + i,
					     GFP_HIGHUSER_MOVABLE | LOAD_GFP);
		if (IS_ERR(folio)) {
			failures++;
			return;
		}
		folio_put(folio);
	}
}

static void drop_file(const struct object *object)
{
	loff_t start = file_start(object);

	shmem_truncate_range(file_inode(files), start,
			     start + object->bytes - 1);
}

static void new_block(struct object *object, gfp_t gfp, unsigned int order)
{
	object->order = order;
	object->bytes = PAGE_SIZE << order;
	object->page = alloc_pages(GFP_KERNEL | LOAD_GFP | gfp, order);
	failures += !object->page;
}

static void new_slab(struct object *object)
{
	object->bytes = 32 + below(MAX_SLAB - 32);
	object->memory = kmalloc(object->bytes, GFP_KERNEL | LOAD_GFP);
	failures += !object->memory;
}

static enum kind any_kind(void)
{
	unsigned int at = below(1000);
	enum kind kind;

	for (kind = KIND_FILE; at >= weights[kind]; kind++)
		at -= weights[kind];
	return kind;
}

static void new_object(struct object *object)
{
	object->kind = any_kind();
	switch (object->kind) {
	case KIND_FILE:
		new_file(object);
		break;
	case KIND_BLOCK:
		new_block(object, __GFP_COMP, 1 + below(3));
		break;
	case KIND_RECLAIMABLE:
		new_block(object, __GFP_RECLAIMABLE, below(2));
		break;
	case KIND_SLAB:
		new_slab(object);
		break;
	default:
		new_block(object, 0, 0);
	}
	in_use += object->bytes;
}

static void drop_object(struct object *object)
{
	switch (object->kind) {
	case KIND_FILE:
		drop_file(object);
		break;
	case KIND_SLAB:
		kfree(object->memory);
		break;
	default:
		if (object->page)
			__free_pages(object->page, object->order);
	}
	in_use -= object->bytes;
	*object = (struct object){};
}

/* What goes with the tide is done, what goes against it in one of four cases. */
static void step(void)
{
	bool brief = below(2), against = !below(4);
	struct object *object = &slots[below(brief ? nr_slots / 16 : nr_slots)];

	if (!object->kind && (rising || against))
		new_object(object);
	else if (object->kind && (!rising || against))
		drop_object(object);
}

/* True at the end of a tide. */
static bool turn_tide(void)
{
	bool turn = rising ? in_use >= capacity / 100 * HIGH_TIDE :
			     in_use <= capacity / 100 * LOW_TIDE;

	rising ^= turn;
	return turn && rising;
}

static gfp_t probe_gfp(void)
{
	if (!strcmp(probe, "direct"))
		return GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN;
	if (!strcmp(probe, "light"))
		return GFP_TRANSHUGE_LIGHT;
	return GFP_NOWAIT | __GFP_NOWARN;
}

static unsigned int probe_order(unsigned int order)
{
	struct page *pages[PROBE_BLOCKS];
	unsigned int i, got = 0;

	for (i = 0; i < PROBE_BLOCKS; i++) {
		pages[i] = alloc_pages(probe_gfp(), order);
		got += !!pages[i];
	}
	for (i = 0; i < PROBE_BLOCKS; i++) {
		if (pages[i])
			__free_pages(pages[i], order);
	}
	return got;
}

static void run_part(unsigned int part)
{
	unsigned int tries[NR_ORDERS] = {}, got[NR_ORDERS] = {}, steps = 0, i;

	while (!turn_tide()) {
		step();
		cond_resched();
		if (++steps % STEPS_PER_PROBE)
			continue;
		i = steps / STEPS_PER_PROBE % NR_ORDERS;
		tries[i] += PROBE_BLOCKS;
		got[i] += probe_order(MIN_ORDER + i);
	}
	for (i = 0; i < NR_ORDERS; i++)
		pr_info("%s,%u,%u,%u,%u,%u,%lu\n", probe, seed, part,
			MIN_ORDER + i, tries[i], got[i], failures);
}

static void run_load(void)
{
	unsigned int part;

	prandom_seed_state(&rnd, seed);
	for (part = 1; part <= nr_parts; part++)
		run_part(part);
}

static void drop_all(void)
{
	unsigned long i;

	for (i = 0; i < nr_slots; i++) {
		if (slots[i].kind)
			drop_object(&slots[i]);
	}
}

static int __init curves_init(void)
{
	unsigned long free = global_zone_page_state(NR_FREE_PAGES);

	capacity = free << PAGE_SHIFT;
	nr_slots = free / PAGES_PER_SLOT;
	slots = vcalloc(nr_slots, sizeof(*slots));
	if (!slots)
		return -ENOMEM;
	files = shmem_file_setup(KBUILD_MODNAME,
				 (loff_t)nr_slots * MAX_FILE << PAGE_SHIFT,
				 VM_NORESERVE);
	if (IS_ERR(files)) {
		vfree(slots);
		return PTR_ERR(files);
	}
	run_load();
	return 0;
}
module_init(curves_init);

static void __exit curves_exit(void)
{
	drop_all();
	fput(files);
	vfree(slots);
}
module_exit(curves_exit);

MODULE_DESCRIPTION("Large blocks under a long mixed load");
MODULE_LICENSE("GPL");
