/* SPDX-License-Identifier: GPL-2.0 */
/* What the tables and their columns share. */
#ifndef _BENCH_BULK_H
#define _BENCH_BULK_H

#include <linux/list.h>
#include <linux/types.h>
#include "ours.h"

/**
 * struct batch - what is allocated and freed at a time
 * @gfp: for the allocation
 * @order: of each block
 * @nr: how many blocks
 * @pages: room for @nr blocks; all NULL before an allocation
 * @list: empty before an allocation
 * @extents: room for @nr
 * @nr_extents: how many were allocated; 0 before an allocation
 *
 * A column keeps its blocks in one of @pages, @list and @extents.
 */
struct batch {
	gfp_t gfp;
	unsigned int order;
	unsigned long nr;
	struct page **pages;
	struct list_head list;
	struct page_extent *extents;
	unsigned long nr_extents;
};

/**
 * struct column - a way to allocate a batch, and to free it
 * @name: in the CSV
 * @ours: not in a kernel without CONFIG_PAGE_BULK
 * @alloc: returns how many blocks there are
 * @free: frees them all
 */
struct column {
	const char *name;
	bool ours;
	unsigned long (*alloc)(struct batch *batch);
	void (*free)(struct batch *batch);
};

extern const struct column column_nothing;
extern const struct column column_single;
extern const struct column column_bulk_free;
extern const struct column column_bulk_release;
extern const struct column column_list_free;
extern const struct column column_list_put;
extern const struct column column_bulk;
extern const struct column column_list_bulk;
extern const struct column column_order;
extern const struct column column_frozen;
extern const struct column column_extents;

#endif /* _BENCH_BULK_H */
