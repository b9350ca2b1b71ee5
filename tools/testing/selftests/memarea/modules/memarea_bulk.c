// SPDX-License-Identifier: GPL-2.0
/*
 * memarea_bulk: threads, timers and interrupts that allocate and free batches of
 * pages, all at once.
 *
 * There is a thread for each CPU. It allocates a batch of random size in a random
 * form, stamps every page, and hands the batch to the next CPU's thread, which
 * looks at the stamps and frees it: had two been given the same page, one would
 * find the stamp of the other. Meanwhile a timer on each CPU does batches of its
 * own where nothing may sleep.
 *
 * The threads are parked until 1 is written to "run"; when 0 is written, all that
 * is under way is freed. A number written to "hold" is of pages to allocate with
 * __GFP_ACCOUNT, and to keep until a 0 is written.
 */
#include <linux/highmem.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/page_bulk.h>
#include <linux/prandom.h>
#include <linux/slab.h>

#define MAX_BATCH	600

static atomic_long_t got, broken;

enum form { ARRAY, FROZEN, LISTED, NR_FORMS };

/* On its way from one thread to the next. */
struct batch {
	enum form form;
	unsigned long nr;
	unsigned long stamp;
	struct page *pages[MAX_BATCH];
};

struct worker {
	struct task_struct *task;
	struct hrtimer timer;
	struct rnd_state rnd;
	unsigned long turn;
	struct batch *inbox;
};

static struct worker *workers;
static unsigned int nr_workers;

static unsigned long list_to_array(unsigned long nr, struct page **pages)
{
	struct page *page, *next;
	LIST_HEAD(list);
	unsigned long i = 0;

	alloc_pages_bulk_list(GFP_KERNEL, nr, &list);
	list_for_each_entry_safe(page, next, &list, lru) {
		list_del(&page->lru);
		pages[i++] = page;
	}
	return i;
}

static void array_to_list(struct page **pages, unsigned long nr)
{
	LIST_HEAD(list);

	while (nr--)
		list_add(&pages[nr]->lru, &list);
	free_pages_bulk_list(&list);
}

static void fill(struct batch *batch, unsigned long nr)
{
	switch (batch->form) {
	case FROZEN:
		batch->nr = alloc_pages_bulk_frozen(GFP_KERNEL, nr, batch->pages);
		break;
	case LISTED:
		batch->nr = list_to_array(nr, batch->pages);
		break;
	default:
		batch->nr = alloc_pages_bulk_array(GFP_KERNEL, nr, batch->pages);
	}
}

static void empty(struct batch *batch)
{
	switch (batch->form) {
	case FROZEN:
		free_pages_bulk_frozen(batch->pages, batch->nr);
		break;
	case LISTED:
		array_to_list(batch->pages, batch->nr);
		break;
	default:
		free_pages_bulk(batch->pages, batch->nr);
	}
}

static void stamp_pages(struct batch *batch)
{
	unsigned long i;

	for (i = 0; i < batch->nr; i++)
		*(unsigned long *)page_address(batch->pages[i]) = batch->stamp + i;
}

static void look_at_stamps(const struct batch *batch)
{
	unsigned long i;

	for (i = 0; i < batch->nr; i++) {
		unsigned long *word = page_address(batch->pages[i]);

		if (*word != batch->stamp + i)
			atomic_long_inc(&broken);
	}
}

/* Every other batch is freed out of order. */
static void shuffle(struct worker *w, struct batch *batch)
{
	unsigned long n;

	for (n = batch->nr; n > 1 && batch->stamp & BIT(16); n--) {
		unsigned long i = prandom_u32_state(&w->rnd) % n;

		swap(batch->pages[n - 1], batch->pages[i]);
	}
}

static void finish(struct worker *w, struct batch *batch)
{
	if (!batch)
		return;
	look_at_stamps(batch);
	shuffle(w, batch);
	empty(batch);
	kfree(batch);
}

static struct batch *begin(struct worker *w)
{
	struct batch *batch = kzalloc(sizeof(*batch), GFP_KERNEL);

	if (!batch)
		return NULL;
	batch->form = prandom_u32_state(&w->rnd) % NR_FORMS;
	batch->stamp = (w->turn++ * nr_workers + (w - workers)) << 16;
	fill(batch, prandom_u32_state(&w->rnd) % MAX_BATCH + 1);
	atomic_long_inc(&got);
	stamp_pages(batch);
	return batch;
}

static int work(void *arg)
{
	struct worker *w = arg, *next = &workers[(w - workers + 1) % nr_workers];

	while (!kthread_should_stop()) {
		finish(w, xchg(&w->inbox, NULL));
		finish(w, xchg(&next->inbox, begin(w)));
		cond_resched();
		if (kthread_should_park())
			kthread_parkme();
	}
	return 0;
}

/* In hard interrupt context, whatever the lists' owner was about to do. */
static enum hrtimer_restart strike(struct hrtimer *timer)
{
	struct page *pages[16] = { };
	unsigned long nr;

	nr = alloc_pages_bulk_array(GFP_ATOMIC | __GFP_NOWARN, 16, pages);
	free_pages_bulk(pages, nr);
	hrtimer_forward_now(timer, ns_to_ktime(2 * NSEC_PER_MSEC));
	return HRTIMER_RESTART;
}

static void run_worker(struct worker *w)
{
	hrtimer_start(&w->timer, ns_to_ktime(2 * NSEC_PER_MSEC), HRTIMER_MODE_REL_HARD);
	kthread_unpark(w->task);
}

static void pause_worker(struct worker *w)
{
	kthread_park(w->task);
	hrtimer_cancel(&w->timer);
}

static int run_set(const char *value, const struct kernel_param *param)
{
	unsigned int i;
	bool on;
	int err = kstrtobool(value, &on);

	for (i = 0; !err && i < nr_workers; i++) {
		if (on)
			run_worker(&workers[i]);
		else
			pause_worker(&workers[i]);
	}
	for (i = 0; !err && !on && i < nr_workers; i++)
		finish(&workers[i], xchg(&workers[i].inbox, NULL));
	return err;
}

static const struct kernel_param_ops run_ops = { .set = run_set };
module_param_cb(run, &run_ops, NULL, 0200);

static int count_get(char *buffer, const struct kernel_param *param)
{
	return sysfs_emit(buffer, "%ld\n", atomic_long_read(param->arg));
}

static const struct kernel_param_ops count_ops = { .get = count_get };
module_param_cb(got, &count_ops, &got, 0444);
module_param_cb(broken, &count_ops, &broken, 0444);

static struct page *held[MAX_BATCH];

static int hold_set(const char *value, const struct kernel_param *param)
{
	unsigned long nr;
	int err = kstrtoul(value, 0, &nr);

	if (err || nr > MAX_BATCH)
		return err ?: -EINVAL;
	free_pages_bulk(held, MAX_BATCH);
	memset(held, 0, sizeof(held));
	if (!nr)
		return 0;
	return alloc_pages_bulk_array(GFP_KERNEL_ACCOUNT | __GFP_NORETRY, nr,
				      held) == nr ? 0 : -ENOMEM;
}

static const struct kernel_param_ops hold_ops = { .set = hold_set };
module_param_cb(hold, &hold_ops, NULL, 0200);

static int start_worker(unsigned int i)
{
	struct worker *w = &workers[i];

	prandom_seed_state(&w->rnd, i + 1);
	hrtimer_init(&w->timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
	w->timer.function = strike;
	w->task = kthread_create(work, w, "memarea_bulk/%u", i);
	if (IS_ERR(w->task))
		return PTR_ERR(w->task);
	kthread_bind(w->task, cpumask_nth(i, cpu_online_mask));
	return kthread_park(w->task);
}

static void stop_workers(void)
{
	while (nr_workers--) {
		kthread_stop(workers[nr_workers].task);
		finish(&workers[nr_workers], workers[nr_workers].inbox);
	}
	kfree(workers);
}

static int __init bulk_init(void)
{
	unsigned int i, nr = num_online_cpus();
	int err = 0;

	workers = kcalloc(nr, sizeof(*workers), GFP_KERNEL);
	if (!workers)
		return -ENOMEM;
	for (i = 0; !err && i < nr; i++) {
		err = start_worker(i);
		nr_workers += !err;
	}
	if (err)
		stop_workers();
	return err;
}
module_init(bulk_init);

static void __exit bulk_exit(void)
{
	free_pages_bulk(held, MAX_BATCH);
	stop_workers();
}
module_exit(bulk_exit);

MODULE_DESCRIPTION("Batches of pages under stress");
MODULE_LICENSE("GPL");
