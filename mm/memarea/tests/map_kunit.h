/* SPDX-License-Identifier: GPL-2.0 */
/* What the suites about the map of free memory share. */
#ifndef _MM_MEMAREA_MAP_KUNIT_H
#define _MM_MEMAREA_MAP_KUNIT_H

#include <kunit/test.h>
#include "../map.h"
#include "arena.h"

int map_kunit_init(struct kunit *test);
void map_kunit_exit(struct kunit *test);
void map_expect_valid(struct kunit *test);
bool map_pages_are(const struct arena *arena, unsigned long from,
		   unsigned long to, bool free);
bool map_block_is(const struct arena *arena, unsigned long at, bool free);

#endif /* _MM_MEMAREA_MAP_KUNIT_H */
