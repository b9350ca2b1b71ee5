/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A model of one zone's buddy allocator.
 *
 * Pages are numbered by PFN; arrays are indexed by PFN - base.  A block is
 * free if its pages are PAGE_FREE and its first page has an order >= 0; that
 * page is then on the list of its order and of its pageblock's type.
 */
#ifndef MEMAREA_MODEL_H
#define MEMAREA_MODEL_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define MODEL_PAGES	32768
#define MODEL_ORDERS	11
#define MODEL_CHUNK	4UL	/* holes come in chunks of so many pages */

/* Orders up to this coalesce always; there is no order above the second. */
extern unsigned int model_merge_order;
extern unsigned int model_max_order;

/* The budgets of one step; core.c puts them in place of the constants. */
extern int model_search_blocks;
extern unsigned int model_single_blocks;
extern long model_map_words;

/* What others do while a word of the map is read, or NULL. */
extern void (*model_on_read)(void);

enum model_state {
	PAGE_HOLE,	/* there is no such page */
	PAGE_FOREIGN,	/* on a free list of another zone */
	PAGE_USED,	/* allocated */
	PAGE_QUIET,	/* neither allocated nor in the buddy: per-CPU lists */
	PAGE_FREE,
	PAGE_HELD,	/* taken by the search */
};

enum model_type {
	TYPE_A,		/* A and B coalesce with each other */
	TYPE_B,
	TYPE_SHUT,	/* may not be taken */
	MODEL_TYPES,
};

/* Do buddies of order >= model_merge_order coalesce? */
enum model_fusion {
	FUSE_ALWAYS,
	FUSE_NEVER,
	FUSE_SOME,	/* the pair's position says */
	NR_FUSIONS,
};

/* A node of a free list; the heads follow the pages. */
struct model_link {
	int next, prev;
};

/*
 * What one step did: list entries, pages tested, pages probed for a block's
 * head, blocks taken and put, and different blocks that it came to know.
 */
struct model_calls {
	unsigned int listed, tested, probed, taken, put, known;
};

/*
 * Of the last step on any model, so that no model is longer to copy for it, and
 * a sanitizer has nothing to ask when one is counted.
 */
extern struct model_calls model_calls;
extern unsigned int model_steps;
extern unsigned int model_known_at[MODEL_PAGES];	/* the last that did */

struct memarea_space {
	unsigned long base, nr;
	unsigned long types;		/* mask of those that may be taken */
	enum model_fusion fusion;
	bool tail;			/* blocks are added at the list's end */
	unsigned long nr_free[MODEL_ORDERS];
	unsigned char state[MODEL_PAGES];
	unsigned char type[MODEL_PAGES];	/* by pageblock */
	signed char order[MODEL_PAGES];
	struct model_link link[MODEL_PAGES + MODEL_TYPES * MODEL_ORDERS];
};

static inline int model_list(unsigned int type, unsigned int order)
{
	return MODEL_PAGES + type * MODEL_ORDERS + order;
}

static inline bool model_has(const struct memarea_space *sp, unsigned long pfn)
{
	return pfn - sp->base < sp->nr;
}

static inline bool model_exists(const struct memarea_space *sp,
				unsigned long pfn)
{
	return model_has(sp, pfn) && sp->state[pfn - sp->base] != PAGE_HOLE;
}

static inline unsigned int model_type(const struct memarea_space *sp,
				      unsigned long at)
{
	return sp->type[at >> model_merge_order];
}

/* Is the page at index @at free, and for everybody? */
static inline bool model_takeable(const struct memarea_space *sp,
				  unsigned long at)
{
	return sp->state[at] == PAGE_FREE &&
	       (sp->types & (1UL << model_type(sp, at)));
}

static inline bool model_types_fuse(unsigned int a, unsigned int b)
{
	return a == b || (a != TYPE_SHUT && b != TYPE_SHUT);
}

/* May the blocks of @order at @at and at its buddy become one? */
static inline bool model_may_fuse(const struct memarea_space *sp,
				  unsigned long at, unsigned long buddy,
				  unsigned int order)
{
	unsigned long pair = (sp->base + at) >> (order + 1);

	if (order < model_merge_order)
		return true;
	if (!model_types_fuse(model_type(sp, at), model_type(sp, buddy)))
		return false;
	if (sp->fusion == FUSE_SOME)
		return (pair ^ order) & 1;
	return sp->fusion == FUSE_ALWAYS;
}

/* The index of the free buddy to coalesce with, or -1. */
static inline long model_buddy(const struct memarea_space *sp, unsigned long at,
			       unsigned int order)
{
	unsigned long buddy = ((sp->base + at) ^ (1UL << order)) - sp->base;

	if (order >= model_max_order || buddy >= sp->nr)
		return -1;
	if (sp->order[buddy] != (int)order || sp->state[buddy] != PAGE_FREE)
		return -1;
	return model_may_fuse(sp, at, buddy, order) ? (long)buddy : -1;
}

/* Which of the eight bytes are @value?  As bits, the first is the lowest. */
static inline unsigned int model_bytes(const void *bytes, unsigned char value)
{
	const uint64_t ones = ~0ULL / 0xff, low = 0x7f * ones;
	uint64_t x;

	memcpy(&x, bytes, sizeof(x));
	x = le64toh(x) ^ value * ones;
	/* a byte that is not zero has its highest bit, or carries into it */
	x = ~(((x & low) + low) | x) >> 7 & ones;
	return x * 0x0102040810204080ULL >> 56;
}

/* A new step begins: nothing is called yet, no block is known. */
static inline void model_step(void)
{
	model_calls = (struct model_calls) { };
	model_steps++;
}

static inline void model_know(const struct memarea_space *sp,
			      unsigned long at)
{
	if (model_known_at[at] != model_steps && sp->order[at] >= 0) {
		model_known_at[at] = model_steps;
		model_calls.known++;
	}
}

void model_orders(unsigned int merge, unsigned int max);
void model_budgets(int search, unsigned int single);
void model_init(struct memarea_space *sp, unsigned long base, unsigned long nr);
void model_copy(struct memarea_space *to, const struct memarea_space *from);
bool model_intact(const struct memarea_space *sp);
bool model_valid(const struct memarea_space *sp);
unsigned long model_count(const struct memarea_space *sp,
			  enum model_state state);

/* What the search does: blocks, FREE to HELD and back. */
void model_take(struct memarea_space *sp, unsigned long pfn,
		unsigned int order);
void model_put(struct memarea_space *sp, unsigned long pfn,
	       unsigned int order);

/* What others do: pages, FREE to USED and back. */
unsigned long model_alloc(struct memarea_space *sp, unsigned int order);
void model_grab(struct memarea_space *sp, unsigned long pfn);
void model_free(struct memarea_space *sp, unsigned long pfn,
		unsigned int order);

/* From what the search found to a user's pages, and back. */
void model_mark(struct memarea_space *sp, unsigned long start,
		unsigned long nr, enum model_state state);
void model_release(struct memarea_space *sp, unsigned long start,
		   unsigned long nr);

/* "##2---1-0#x": blocks by order, x: not for us, H: held, o: hole. */
void model_picture(const struct memarea_space *sp, char *text, size_t size);

#endif /* MEMAREA_MODEL_H */
