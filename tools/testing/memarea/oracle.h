/* SPDX-License-Identifier: GPL-2.0 */
/* The naive answers; oracle.c says why they may be believed. */
#ifndef MEMAREA_ORACLE_H
#define MEMAREA_ORACLE_H

#include <stdbool.h>
#include "space.h"
#include "../../../mm/memarea/runs.h"

/* Twice as wide as a PFN, so that no sum overflows. */
#if __SIZEOF_LONG__ == 8
#define wide	unsigned __int128
#else
#define wide	unsigned long long
#endif

bool oracle_placed(const struct memarea_spec *spec, unsigned long start);
bool oracle_legal(const struct memarea_spec *spec, unsigned long start);
bool oracle_feasible(const struct memarea_spec *spec);
unsigned long oracle_place_low(const struct memarea_spec *spec,
			       unsigned long from, unsigned long limit);
unsigned long oracle_place_high(const struct memarea_spec *spec,
				unsigned long from, unsigned long end);
bool oracle_free(const struct memarea_space *sp, unsigned long pfn);
unsigned long oracle_find(const struct memarea_space *sp,
			  const struct memarea_spec *spec);
struct memarea_run oracle_next_run(const struct memarea_space *sp,
				   unsigned long from, unsigned long end);
struct memarea_run oracle_run_at(const struct memarea_space *sp,
				 unsigned long pfn);
unsigned long oracle_largest(const struct memarea_space *sp);
unsigned int oracle_block_in(unsigned long start, unsigned long end,
			     unsigned int limit);
unsigned int oracle_splits(unsigned int order, unsigned long inside);

#endif /* MEMAREA_ORACLE_H */
