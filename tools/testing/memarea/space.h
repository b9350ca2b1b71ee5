/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What mm/memarea/runs.c sees of a zone, here: the model buddy of model.c.
 *
 * The guard is that of mm/memarea/space.h, and this header is included before
 * runs.c and bits.c: their own #include "space.h" is then a no-op, and they
 * compile unchanged.  The orders are run-time values, so that they can be small.
 *
 * Every function counts its calls; the claims about one step are checked
 * against these numbers.
 */
#ifndef _MM_MEMAREA_SPACE_H
#define _MM_MEMAREA_SPACE_H

#include "kernel.h"
#include "model.h"

/* Sections of 512 bits: maps are laid across their ends. */
#define PAGE_SHIFT	6

#define SPACE_MERGE_ORDER	model_merge_order
#define SPACE_MAX_ORDER		model_max_order

/* Bits may change while they are read: here others may change them. */
static inline void space_reads(void)
{
	if (model_on_read)
		model_on_read();
}

#define READ_ONCE(x)	\
	(space_reads(), __atomic_load_n(&(x), __ATOMIC_RELAXED))

struct space_cursor {
	unsigned int type;
	int pos;		/* link of the last block, plus 1 */
};

static inline unsigned long space_nr_free(const struct memarea_space *sp,
					  unsigned int order)
{
	return sp->nr_free[order];
}

static inline bool space_next_block(struct memarea_space *sp,
				    unsigned int order,
				    struct space_cursor *cursor,
				    unsigned long *pfn)
{
	for (; cursor->type < MODEL_TYPES; cursor->type++, cursor->pos = 0) {
		int list = model_list(cursor->type, order);
		int at = cursor->pos ? cursor->pos - 1 : list;

		if (!(sp->types & (1UL << cursor->type)))
			continue;
		at = sp->link[at].next;
		if (at == list)
			continue;
		cursor->pos = at + 1;
		*pfn = sp->base + at;
		model_calls.listed++;
		model_know(sp, at);
		return true;
	}
	return false;
}

static inline bool space_in_use(struct memarea_space *sp, unsigned long pfn)
{
	model_calls.tested++;
	return !model_exists(sp, pfn) ||
	       sp->state[pfn - sp->base] == PAGE_USED;
}

static inline int space_head_order(struct memarea_space *sp, unsigned long pfn)
{
	model_calls.probed++;
	if (!model_has(sp, pfn) || !model_takeable(sp, pfn - sp->base))
		return -1;
	model_know(sp, pfn - sp->base);
	return sp->order[pfn - sp->base];
}

/* May nothing of the pageblock around @pfn, which exists, be taken? */
static inline bool space_is_shut(struct memarea_space *sp, unsigned long pfn)
{
	unsigned long last = pfn | ((1UL << model_merge_order) - 1);

	if (sp->state[pfn - sp->base] != PAGE_FOREIGN)
		return !(sp->types & (1UL << model_type(sp, pfn - sp->base)));
	return model_exists(sp, last) &&
	       sp->state[last - sp->base] == PAGE_FOREIGN;
}

/* The last PFN is the limit of all. */
static inline unsigned long space_skip(struct memarea_space *sp,
				       unsigned long pfn)
{
	unsigned long last = pfn;

	if (!model_exists(sp, pfn))
		last |= MODEL_CHUNK - 1;
	else if (space_is_shut(sp, pfn))
		last |= (1UL << model_merge_order) - 1;
	return last == ~0UL ? last : last + 1;
}

static inline void space_take(struct memarea_space *sp, unsigned long pfn,
			      unsigned int order)
{
	model_calls.taken++;
	model_take(sp, pfn, order);
}

/* The map is made of the model itself, which knows. */
static inline void space_left(struct memarea_space *sp, unsigned long from,
			      unsigned long to, unsigned int order)
{
	(void)sp;
	(void)from;
	(void)to;
	(void)order;
}

static inline void space_put(struct memarea_space *sp, unsigned long pfn,
			     unsigned int order)
{
	model_calls.put++;
	model_put(sp, pfn, order);
}

#endif /* _MM_MEMAREA_SPACE_H */
