/* SPDX-License-Identifier: GPL-2.0 */
/* All requests up to a size, an alignment and a boundary, one by one. */
#ifndef MEMAREA_SHAPES_H
#define MEMAREA_SHAPES_H

#include "oracle.h"

struct shapes {
	unsigned long nr, align, boundary;
};

static inline void first_shape(struct memarea_spec *spec)
{
	spec->nr = 1;
	spec->align = 1;
	spec->offset = 0;
	spec->boundary = 0;
}

/* Like an odometer; false after the last one. */
static inline bool next_shape(struct memarea_spec *spec,
			      const struct shapes *last)
{
	spec->boundary = spec->boundary ? spec->boundary * 2 : 1;
	if (spec->boundary <= last->boundary)
		return true;
	spec->boundary = 0;
	if (++spec->offset < spec->align)
		return true;
	spec->offset = 0;
	spec->align *= 2;
	if (spec->align <= last->align)
		return true;
	spec->align = 1;
	return ++spec->nr <= last->nr;
}

#endif /* MEMAREA_SHAPES_H */
