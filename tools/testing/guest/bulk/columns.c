// SPDX-License-Identifier: GPL-2.0
/*
 * The ways to allocate and free a batch.  Each does what a caller would write,
 * no more: arguments are in registers before a loop begins, and a bulk
 * allocation that came back short is asked again for the rest, as its callers
 * do.  What could not be allocated at all is for the caller to notice.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include "bulk.h"

typedef unsigned long (*more_fn)(struct batch *batch, unsigned long done);

/* Inlined into each column with @more, so that there is no indirect call. */
static __always_inline unsigned long until_full(struct batch *batch,
						more_fn more)
{
	unsigned long done = 0, got;

	do {
		got = more(batch, done);
		done += got;
	} while (got && done < batch->nr);
	return done;
}

static unsigned long nothing_alloc(struct batch *batch)
{
	return batch->nr;
}

static void nothing_free(struct batch *batch)
{
}

/* What measuring costs by itself. */
const struct column column_nothing = {
	"nothing", false, nothing_alloc, nothing_free,
};

static unsigned long single_alloc(struct batch *batch)
{
	unsigned long i, nr = batch->nr;
	unsigned int order = batch->order;
	struct page **pages = batch->pages;
	gfp_t gfp = batch->gfp;

	for (i = 0; i < nr; i++) {
		pages[i] = alloc_pages(gfp, order);
		if (!pages[i])
			break;
	}
	return i;
}

static void single_free(struct batch *batch)
{
	unsigned long i, nr = batch->nr;
	unsigned int order = batch->order;
	struct page **pages = batch->pages;

	for (i = 0; i < nr; i++)
		__free_pages(pages[i], order);
}

const struct column column_single = {
	"single", false, single_alloc, single_free,
};

static __always_inline unsigned long array_more(struct batch *batch,
						unsigned long done)
{
	return alloc_pages_bulk_array(batch->gfp, batch->nr - done,
				      batch->pages + done);
}

static unsigned long array_alloc(struct batch *batch)
{
	return until_full(batch, array_more);
}

const struct column column_bulk_free = {
	"bulk_free", false, array_alloc, single_free,
};

static void release_free(struct batch *batch)
{
	release_pages(batch->pages, batch->nr);
}

const struct column column_bulk_release = {
	"bulk_release", false, array_alloc, release_free,
};

static void bulk_free(struct batch *batch)
{
	free_pages_bulk(batch->pages, batch->nr);
}

const struct column column_bulk = {
	"bulk", true, array_alloc, bulk_free,
};

static __always_inline unsigned long list_more(struct batch *batch,
					       unsigned long done)
{
	return alloc_pages_bulk_list(batch->gfp, batch->nr - done,
				     &batch->list);
}

static unsigned long list_alloc(struct batch *batch)
{
	return until_full(batch, list_more);
}

static void list_free(struct batch *batch)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, &batch->list, lru)
		__free_page(page);
}

const struct column column_list_free = {
	"list_free", false, list_alloc, list_free,
};

static void list_put(struct batch *batch)
{
	put_pages_list(&batch->list);
}

const struct column column_list_put = {
	"list_put", false, list_alloc, list_put,
};

static void list_bulk_free(struct batch *batch)
{
	free_pages_bulk_list(&batch->list);
}

const struct column column_list_bulk = {
	"list_bulk", true, list_alloc, list_bulk_free,
};

static __always_inline unsigned long order_more(struct batch *batch,
						unsigned long done)
{
	return alloc_pages_bulk_order(batch->gfp, batch->order,
				      batch->nr - done, batch->pages + done);
}

static unsigned long order_alloc(struct batch *batch)
{
	return until_full(batch, order_more);
}

static void order_free(struct batch *batch)
{
	free_pages_bulk_order(batch->order, batch->pages, batch->nr);
}

const struct column column_order = {
	"bulk", true, order_alloc, order_free,
};

static __always_inline unsigned long frozen_more(struct batch *batch,
						 unsigned long done)
{
	return alloc_pages_bulk_frozen(batch->gfp, batch->nr - done,
				       batch->pages + done);
}

static unsigned long frozen_alloc(struct batch *batch)
{
	return until_full(batch, frozen_more);
}

static void frozen_free(struct batch *batch)
{
	free_pages_bulk_frozen(batch->pages, batch->nr);
}

const struct column column_frozen = {
	"frozen", true, frozen_alloc, frozen_free,
};

/* How many pages there are is for the caller to add up. */
static __always_inline unsigned long extents_more(struct batch *batch,
						  unsigned long done)
{
	struct page_extent *next = batch->extents + batch->nr_extents, *end;
	unsigned long left = batch->nr - done, got = 0;

	end = next + alloc_pages_bulk_extents(batch->gfp, left, next, left);
	batch->nr_extents = end - batch->extents;
	for (; next < end; next++)
		got += next->nr;
	return got;
}

static unsigned long extents_alloc(struct batch *batch)
{
	return until_full(batch, extents_more);
}

static void extents_free(struct batch *batch)
{
	free_pages_bulk_extents(batch->extents, batch->nr_extents);
}

const struct column column_extents = {
	"extents", true, extents_alloc, extents_free,
};
