// SPDX-License-Identifier: GPL-2.0
/*
 * The ways of pages from and to a page pool, in the shape of the kernel's own
 * benchmark of it: recycled to the pool's cache, through its ring, and not at
 * all because somebody else holds a reference.  One more gives a whole batch
 * back, as drivers do with XDP frames; what the ring has no room for leaves the
 * pool, so a batch of more pages than POOL_SIZE shows the way to the allocator.
 *
 * A pool belongs to one NAPI context.  Softirqs are off around a batch, and the
 * guest has one CPU.
 */
#include <linux/bottom_half.h>
#include <linux/err.h>
#include <net/page_pool/helpers.h>
#include "pool.h"

/* Of the kernel's benchmark. */
#define POOL_SIZE	1024

static struct page_pool *pool;

static unsigned long pool_alloc(struct batch *batch)
{
	unsigned long i, nr = batch->nr;
	struct page **pages = batch->pages;
	gfp_t gfp = batch->gfp;

	local_bh_disable();
	for (i = 0; i < nr; i++) {
		pages[i] = page_pool_alloc_pages(pool, gfp);
		if (!pages[i])
			break;
	}
	local_bh_enable();
	return i;
}

static void direct_free(struct batch *batch)
{
	unsigned long i, nr = batch->nr;
	struct page **pages = batch->pages;

	local_bh_disable();
	for (i = 0; i < nr; i++)
		page_pool_recycle_direct(pool, pages[i]);
	local_bh_enable();
}

const struct column column_pool_direct = {
	"pool_direct", false, pool_alloc, direct_free,
};

static void ring_free(struct batch *batch)
{
	unsigned long i, nr = batch->nr;
	struct page **pages = batch->pages;

	local_bh_disable();
	for (i = 0; i < nr; i++)
		page_pool_put_full_page(pool, pages[i], false);
	local_bh_enable();
}

const struct column column_pool_ring = {
	"pool_ring", false, pool_alloc, ring_free,
};

/* What it takes is not pages but their addresses, as of frames. */
static void pool_bulk_free(struct batch *batch)
{
	unsigned long i, nr = batch->nr;
	void **frames = (void **)batch->pages;

	for (i = 0; i < nr; i++)
		frames[i] = page_address(batch->pages[i]);
	local_bh_disable();
	page_pool_put_page_bulk(pool, frames, nr);
	local_bh_enable();
}

const struct column column_pool_bulk = {
	"pool_bulk", false, pool_alloc, pool_bulk_free,
};

static void away_free(struct batch *batch)
{
	unsigned long i, nr = batch->nr;
	struct page **pages = batch->pages;

	local_bh_disable();
	for (i = 0; i < nr; i++) {
		get_page(pages[i]);
		page_pool_recycle_direct(pool, pages[i]);
		put_page(pages[i]);
	}
	local_bh_enable();
}

const struct column column_pool_away = {
	"pool_away", false, pool_alloc, away_free,
};

int pool_start(void)
{
	struct page_pool_params params = {
		.pool_size = POOL_SIZE,
		.nid = NUMA_NO_NODE,
	};

	pool = page_pool_create(&params);
	return PTR_ERR_OR_ZERO(pool);
}

void pool_stop(void)
{
	if (!IS_ERR_OR_NULL(pool))
		page_pool_destroy(pool);
}
