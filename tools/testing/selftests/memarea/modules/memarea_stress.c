// SPDX-License-Identifier: GPL-2.0
/*
 * memarea_stress: threads that allocate and free areas, and others that do so
 * with blocks from alloc_pages(), all at once and on all CPUs.
 *
 * Each thread keeps a few pieces of memory, of random size.  Every page of a
 * piece is stamped when it is allocated and looked at when it is freed: had two
 * threads been given the same page, one would find the stamp of the other.
 *
 * The parameters at the top are set when the module is loaded.  The threads are
 * parked until 1 is written to "run"; when 0 is written, all free what they have
 * and park again.  So no thread need be made or ended where pages are counted.
 */
#include <linux/highmem.h>
#include <linux/kthread.h>
#include <linux/memarea.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/prandom.h>
#include <linux/sched.h>
#include <linux/slab.h>

static unsigned int areas = 2;
module_param(areas, uint, 0444);
MODULE_PARM_DESC(areas, "Threads that allocate areas");

static unsigned int blocks = 2;
module_param(blocks, uint, 0444);
MODULE_PARM_DESC(blocks, "Threads that allocate blocks");

static unsigned int max_pages = 3000;
module_param(max_pages, uint, 0444);
MODULE_PARM_DESC(max_pages, "Size of the largest area");

static bool movable;
module_param(movable, bool, 0444);
MODULE_PARM_DESC(movable, "Take from movable zones, too");

static int nid = NUMA_NO_NODE;
module_param(nid, int, 0444);
MODULE_PARM_DESC(nid, "Take from this node only, and make no room there");

static unsigned long from, to;
module_param(from, ulong, 0444);
MODULE_PARM_DESC(from, "Lowest PFN for areas");
module_param(to, ulong, 0444);
MODULE_PARM_DESC(to, "PFN below which areas are to end, or 0");

static unsigned long seed = 1;
module_param(seed, ulong, 0444);
MODULE_PARM_DESC(seed, "Seed of all random sizes");

static atomic_long_t got, refused, broken;

#define PIECES	8

struct piece {
	struct page *page;
	unsigned long nr_pages;
	unsigned long stamp;
};

struct worker {
	struct task_struct *task;
	struct rnd_state rnd;
	unsigned long turn;
	bool wants_areas;
	struct piece pieces[PIECES];
};

static struct worker *workers;

static unsigned int random_below(struct worker *w, unsigned int limit)
{
	return prandom_u32_state(&w->rnd) % limit;
}

static void stamp_pages(const struct piece *p)
{
	unsigned long i;

	for (i = 0; i < p->nr_pages; i++) {
		unsigned long *words = kmap_local_page(p->page + i);

		words[0] = p->stamp + i;
		words[PAGE_SIZE / sizeof(*words) - 1] = p->stamp + i;
		kunmap_local(words);
	}
}

static bool page_stamped(struct page *page, unsigned long stamp)
{
	unsigned long *words = kmap_local_page(page);
	bool ok = words[0] == stamp &&
		  words[PAGE_SIZE / sizeof(*words) - 1] == stamp;

	kunmap_local(words);
	return ok;
}

static void look_at_stamps(const struct piece *p)
{
	unsigned long i;

	for (i = 0; i < p->nr_pages; i++)
		if (!page_stamped(p->page + i, p->stamp + i))
			atomic_long_inc(&broken);
}

/* Small sizes are as likely as large ones, so that many of both are met. */
static unsigned long random_size(struct worker *w)
{
	unsigned int bits = random_below(w, fls(max_pages)) + 1;

	return min(random_below(w, 1U << bits) + 1, max_pages);
}

static gfp_t gfp_flags(void)
{
	gfp_t gfp = (movable ? GFP_HIGHUSER_MOVABLE : GFP_KERNEL) | __GFP_NOWARN;

	return nid == NUMA_NO_NODE ? gfp : (gfp & ~__GFP_RECLAIM) | __GFP_THISNODE;
}

static struct page *get_area(struct worker *w, unsigned long *nr_pages)
{
	struct memarea_request req = {
		.nr_pages = random_size(w),
		.min_pfn = from,
		.max_pfn = to,
		.nid = nid,
		.gfp = gfp_flags(),
	};

	*nr_pages = req.nr_pages;
	return __alloc_memarea(&req, NULL);
}

static struct page *get_block(struct worker *w, unsigned long *nr_pages)
{
	unsigned int order = random_below(w, MAX_PAGE_ORDER + 1);

	*nr_pages = 1UL << order;
	return alloc_pages_node(nid, gfp_flags() | __GFP_NORETRY, order);
}

/* Like no other thread's, and by far unlike this one's last. */
static unsigned long stamp_of(const struct worker *w)
{
	return (w->turn * (areas + blocks) + (w - workers)) << 16;
}

static void get_piece(struct worker *w, struct piece *p)
{
	p->page = w->wants_areas ? get_area(w, &p->nr_pages) :
				   get_block(w, &p->nr_pages);
	if (!p->page) {
		atomic_long_inc(&refused);
		return;
	}
	atomic_long_inc(&got);
	p->stamp = stamp_of(w);
	stamp_pages(p);
}

static void put_piece(struct worker *w, struct piece *p)
{
	if (!p->page)
		return;
	look_at_stamps(p);
	if (w->wants_areas)
		free_memarea(p->page, p->nr_pages);
	else
		__free_pages(p->page, ilog2(p->nr_pages));
	p->page = NULL;
}

static void put_all(struct worker *w)
{
	unsigned int i;

	for (i = 0; i < PIECES; i++)
		put_piece(w, &w->pieces[i]);
}

static int work(void *arg)
{
	struct worker *w = arg;

	for (w->turn = 0; !kthread_should_stop(); w->turn++) {
		struct piece *p = &w->pieces[random_below(w, PIECES)];

		put_piece(w, p);
		get_piece(w, p);
		cond_resched();
		if (kthread_should_park()) {
			put_all(w);
			kthread_parkme();
		}
	}
	put_all(w);
	return 0;
}

static int start_worker(unsigned int i)
{
	struct worker *w = &workers[i];
	struct task_struct *task;

	w->wants_areas = i < areas;
	prandom_seed_state(&w->rnd, seed + i);
	task = kthread_create(work, w, "memarea_stress/%u", i);
	if (IS_ERR(task))
		return PTR_ERR(task);
	kthread_bind(task, cpumask_nth(i % num_online_cpus(), cpu_online_mask));
	w->task = task;
	return kthread_park(task);
}

static void stop_workers(void)
{
	unsigned int i;

	for (i = 0; i < areas + blocks; i++)
		if (workers[i].task)
			kthread_stop(workers[i].task);
	kvfree(workers);
}

static bool running;

static int set_run(const char *val, const struct kernel_param *kp)
{
	bool was_running = running;
	unsigned int i;
	int ret = workers ? param_set_bool(val, kp) : -EINVAL;

	if (ret || running == was_running)
		return ret;
	for (i = 0; i < areas + blocks; i++)
		if (running)
			kthread_unpark(workers[i].task);
		else
			kthread_park(workers[i].task);
	return 0;
}

static const struct kernel_param_ops run_ops = {
	.set = set_run,
	.get = param_get_bool,
};
module_param_cb(run, &run_ops, &running, 0644);
MODULE_PARM_DESC(run, "Do the threads run?");

static int get_count(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%ld\n", atomic_long_read(kp->arg));
}

static const struct kernel_param_ops count_ops = { .get = get_count };
module_param_cb(got, &count_ops, &got, 0444);
MODULE_PARM_DESC(got, "Pieces that were allocated");
module_param_cb(refused, &count_ops, &refused, 0444);
MODULE_PARM_DESC(refused, "Pieces that could not be had");
module_param_cb(broken, &count_ops, &broken, 0444);
MODULE_PARM_DESC(broken, "Pages that two pieces had at once");

static int __init stress_init(void)
{
	unsigned int i;
	int ret = 0;

	workers = kvcalloc(areas + blocks, sizeof(*workers), GFP_KERNEL);
	if (!workers)
		return -ENOMEM;
	for (i = 0; !ret && i < areas + blocks; i++)
		ret = start_worker(i);
	if (ret)
		stop_workers();
	return ret;
}

module_init(stress_init);
module_exit(stop_workers);

MODULE_DESCRIPTION("memarea selftest: areas and blocks at once");
MODULE_LICENSE("GPL");
