// SPDX-License-Identifier: GPL-2.0
/*
 * The model buddy: what the search runs on, instead of a zone.
 *
 * It coalesces eagerly, as __free_one_page() does: below model_merge_order
 * always, from there on only if the types allow it and sp->fusion does.  It
 * refuses, as a failure of the test that runs, to take what is not a free
 * block and to put what is not held.
 *
 * Not modelled: locks, watermarks, reference counts beyond "is it 0", and
 * pageblocks that change their type.
 */
#include "model.h"
#include "tap.h"

unsigned int model_merge_order;
unsigned int model_max_order;
int model_search_blocks;
unsigned int model_single_blocks;
long model_map_words = 1;
struct model_calls model_calls;
unsigned int model_steps;
unsigned int model_known_at[MODEL_PAGES];
void (*model_on_read)(void);

void model_orders(unsigned int merge, unsigned int max)
{
	model_merge_order = merge;
	model_max_order = max;
}

void model_budgets(int search, unsigned int single)
{
	model_search_blocks = search;
	model_single_blocks = single;
}

static void add_block(struct memarea_space *sp, unsigned long at,
		      unsigned int order)
{
	int list = model_list(model_type(sp, at), order);
	int prev = sp->tail ? sp->link[list].prev : list;
	int next = sp->link[prev].next;

	sp->link[at] = (struct model_link) { .next = next, .prev = prev };
	sp->link[prev].next = at;
	sp->link[next].prev = at;
	sp->order[at] = order;
	sp->nr_free[order]++;
}

static void del_block(struct memarea_space *sp, unsigned long at)
{
	struct model_link *link = &sp->link[at];

	sp->link[link->prev].next = link->next;
	sp->link[link->next].prev = link->prev;
	sp->nr_free[(int)sp->order[at]]--;
	sp->order[at] = -1;
}

/*
 * All pages are in use, of type A, and no list has an entry.  @base must be a
 * multiple of the largest block.
 */
void model_init(struct memarea_space *sp, unsigned long base, unsigned long nr)
{
	int list;

	sp->base = base;
	sp->nr = nr;
	sp->types = 1UL << TYPE_A | 1UL << TYPE_B;
	sp->fusion = FUSE_ALWAYS;
	sp->tail = false;
	memset(sp->nr_free, 0, sizeof(sp->nr_free));
	memset(sp->state, PAGE_USED, nr);
	memset(sp->type, TYPE_A, nr);
	memset(sp->order, -1, nr);
	for (list = MODEL_PAGES; list < model_list(MODEL_TYPES, 0); list++)
		sp->link[list] = (struct model_link) { list, list };
}

/* The same pages on the same lists, in the same order. */
void model_copy(struct memarea_space *to, const struct memarea_space *from)
{
	unsigned long nr = from->nr;

	memcpy(to, from, offsetof(struct memarea_space, state));
	memcpy(to->state, from->state, nr);
	memcpy(to->type, from->type, nr);
	memcpy(to->order, from->order, nr);
	memcpy(to->link, from->link, nr * sizeof(from->link[0]));
	memcpy(to->link + MODEL_PAGES, from->link + MODEL_PAGES,
	       MODEL_TYPES * MODEL_ORDERS * sizeof(from->link[0]));
}

static void free_block(struct memarea_space *sp, unsigned long at,
		       unsigned int order)
{
	long buddy;

	memset(&sp->state[at], PAGE_FREE, 1UL << order);
	while ((buddy = model_buddy(sp, at, order)) >= 0) {
		del_block(sp, buddy);
		if ((unsigned long)buddy < at)
			at = buddy;
		order++;
	}
	add_block(sp, at, order);
}

/* Is it a block of the model, and are all its pages in that state? */
static bool block_is(const struct memarea_space *sp, unsigned long pfn,
		     unsigned int order, enum model_state state)
{
	unsigned long i, size = 1UL << order;

	if (order > model_max_order || pfn & (size - 1) ||
	    !model_has(sp, pfn) || !model_has(sp, pfn + size - 1))
		return false;
	for (i = 0; i < size; i++) {
		if (sp->state[pfn - sp->base + i] != state)
			return false;
	}
	return true;
}

void model_take(struct memarea_space *sp, unsigned long pfn,
		unsigned int order)
{
	unsigned long at = pfn - sp->base;

	if (!block_is(sp, pfn, order, PAGE_FREE) || !model_takeable(sp, at) ||
	    sp->order[at] != (int)order) {
		tap_fail("took what is no free block: pfn %#lx order %u",
			 pfn, order);
		return;
	}
	del_block(sp, at);
	memset(&sp->state[at], PAGE_HELD, 1UL << order);
}

void model_put(struct memarea_space *sp, unsigned long pfn, unsigned int order)
{
	if (!block_is(sp, pfn, order, PAGE_HELD)) {
		tap_fail("put what is not held: pfn %#lx order %u", pfn, order);
		return;
	}
	free_block(sp, pfn - sp->base, order);
}

/* Take the pages [at, at + 2^want) out of the free block at @head. */
static void carve(struct memarea_space *sp, unsigned long head,
		  unsigned long at, unsigned int want)
{
	unsigned int order = sp->order[head];

	del_block(sp, head);
	while (order > want) {
		unsigned long half = head + (1UL << --order);

		if (at >= half) {
			add_block(sp, head, order);
			head = half;
		} else {
			add_block(sp, half, order);
		}
	}
	memset(&sp->state[head], PAGE_USED, 1UL << want);
}

static long first_block(const struct memarea_space *sp, unsigned int order)
{
	unsigned int type;

	for (type = 0; type < MODEL_TYPES; type++) {
		int list = model_list(type, order);

		if (sp->link[list].next != list)
			return sp->link[list].next;
	}
	return -1;
}

/* Somebody else's alloc_pages(): the PFN, or ~0UL. */
unsigned long model_alloc(struct memarea_space *sp, unsigned int want)
{
	unsigned int order;

	for (order = want; order <= model_max_order; order++) {
		long head = first_block(sp, order);

		if (head < 0)
			continue;
		carve(sp, head, head, want);
		return sp->base + head;
	}
	return ~0UL;
}

/* Somebody else gets just this page, which is free. */
void model_grab(struct memarea_space *sp, unsigned long pfn)
{
	unsigned long head = pfn - sp->base;

	while (sp->order[head] < 0)
		head--;
	carve(sp, head, pfn - sp->base, 0);
}

void model_free(struct memarea_space *sp, unsigned long pfn,
		unsigned int order)
{
	if (!block_is(sp, pfn, order, PAGE_USED)) {
		tap_fail("the test freed what is not used: pfn %#lx order %u",
			 pfn, order);
		return;
	}
	free_block(sp, pfn - sp->base, order);
}

void model_mark(struct memarea_space *sp, unsigned long start,
		unsigned long nr, enum model_state state)
{
	memset(&sp->state[start - sp->base], state, nr);
}

/* Free pages one by one, whatever they were. */
void model_release(struct memarea_space *sp, unsigned long start,
		   unsigned long nr)
{
	while (nr--)
		free_block(sp, start++ - sp->base, 0);
}

unsigned long model_count(const struct memarea_space *sp,
			  enum model_state state)
{
	unsigned long at, count = 0;

	for (at = 0; at < sp->nr; at++)
		count += sp->state[at] == state;
	return count;
}

bool model_valid(const struct memarea_space *sp)
{
	if (model_intact(sp))
		return true;
	tap_fail("the lists do not match the pages");
	return false;
}

static char page_letter(const struct memarea_space *sp, unsigned long at)
{
	if (sp->state[at] != PAGE_FREE)
		return "oz#?.H"[sp->state[at]];
	if (!model_takeable(sp, at))
		return 'x';
	return sp->order[at] < 0 ? '-' : "0123456789a"[(int)sp->order[at]];
}

void model_picture(const struct memarea_space *sp, char *text, size_t size)
{
	unsigned long at;

	for (at = 0; at < sp->nr && at < size - 1; at++)
		text[at] = page_letter(sp, at);
	text[at] = '\0';
}
