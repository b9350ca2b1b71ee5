// SPDX-License-Identifier: GPL-2.0
/*
 * Is the structure of a model whole?  Asked after each step and operation, it
 * is a large part of what the tests do; so it is made of masks, and built
 * without sanitizers: it writes nothing but its own masks, and believes no
 * index that it has not compared with the number of pages.  valid.c shows that
 * it sees every defect.
 */
#include "model.h"

/* Sixty-four pages as bits: those that are free, and those that are heads. */
struct pages {
	uint64_t free, heads;
};

/* The pages from @at on, or as many as there are. */
static struct pages read_pages(const struct memarea_space *sp, unsigned long at)
{
	unsigned long nr = sp->nr - at < 64 ? sp->nr - at : 64, i;
	uint64_t mask = ~0ULL >> (64 - nr);
	struct pages pages = { };

	for (i = 0; i < nr; i += 8) {
		uint64_t free = model_bytes(&sp->state[at + i], PAGE_FREE);
		uint64_t tails = model_bytes(&sp->order[at + i], 0xff);

		pages.free |= free << i;
		pages.heads |= (tails ^ 0xff) << i;
	}
	pages.free &= mask;
	pages.heads &= mask;
	return pages;
}

/* Cross out a block: all its pages are free, and just the first is a head. */
static bool cross_out(struct pages *left, unsigned long at, unsigned int order)
{
	unsigned long words = order < 6 ? 1 : 1UL << (order - 6);
	uint64_t mask = order < 6 ? (1ULL << (1U << order)) - 1 : ~0ULL;
	uint64_t head = 1ULL << at % 64;

	mask <<= at % 64;
	for (left += at / 64; words--; left++, head = 0) {
		struct pages pages = *left;

		if ((pages.free & mask) != mask || (pages.heads & mask) != head)
			return false;
		*left = (struct pages) {
			pages.free & ~mask, pages.heads & ~mask
		};
	}
	return true;
}

/* A whole block at a place for its order, and there is none to join it. */
static bool block_valid(const struct memarea_space *sp, unsigned long at,
			unsigned int order, struct pages *left)
{
	unsigned long size = 1UL << order;

	return at + size <= sp->nr && !((sp->base + at) & (size - 1)) &&
	       cross_out(left, at, order) && model_buddy(sp, at, order) < 0;
}

/* How many blocks there are, or -1; ends, as each is crossed out just once. */
static long list_valid(const struct memarea_space *sp, unsigned int type,
		       unsigned int order, struct pages *left)
{
	int list = model_list(type, order), at = list, next;
	struct model_link link = sp->link[list];
	long blocks = 0;

	for (; link.next != list; at = next, blocks++) {
		next = link.next;
		if (next < 0 || (unsigned long)next >= sp->nr)
			return -1;
		link = sp->link[next];
		if (link.prev != at || sp->order[next] != (int)order ||
		    model_type(sp, next) != type ||
		    !block_valid(sp, next, order, left))
			return -1;
	}
	return sp->link[list].prev == at ? blocks : -1;
}

static bool lists_valid(const struct memarea_space *sp, unsigned int order,
			struct pages *left)
{
	unsigned long blocks = 0;
	unsigned int type;

	for (type = 0; type < MODEL_TYPES; type++) {
		long listed = list_valid(sp, type, order, left);

		if (listed < 0)
			return false;
		blocks += listed;
	}
	return blocks == sp->nr_free[order];
}

/*
 * Each list has whole and coalesced blocks of its order and type, as many as
 * are counted.  When all are crossed out, no page is left that is free or a head.
 */
bool model_intact(const struct memarea_space *sp)
{
	static struct pages left[MODEL_PAGES / 64];
	unsigned long at;
	unsigned int order;

	for (at = 0; at < sp->nr; at += 64)
		left[at / 64] = read_pages(sp, at);
	for (order = 0; order <= model_max_order; order++) {
		if (!lists_valid(sp, order, left))
			return false;
	}
	for (at = 0; at < sp->nr; at += 64) {
		if (left[at / 64].free | left[at / 64].heads)
			return false;
	}
	return true;
}
