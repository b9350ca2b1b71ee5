/* SPDX-License-Identifier: GPL-2.0 */
/* Columns of a page pool, where the kernel has them. */
#ifndef _BENCH_BULK_POOL_H
#define _BENCH_BULK_POOL_H

#include "bulk.h"

#ifdef CONFIG_PAGE_POOL
#define HAVE_POOL true
extern const struct column column_pool_direct;
extern const struct column column_pool_ring;
extern const struct column column_pool_bulk;
extern const struct column column_pool_away;

int pool_start(void);
void pool_stop(void);
#else
#define HAVE_POOL false
#define column_pool_direct column_nothing
#define column_pool_ring column_nothing
#define column_pool_bulk column_nothing
#define column_pool_away column_nothing

static inline int pool_start(void)
{
	return 0;
}

static inline void pool_stop(void)
{
}
#endif

#endif /* _BENCH_BULK_POOL_H */
