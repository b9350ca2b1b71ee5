// SPDX-License-Identifier: GPL-2.0
/*
 * Zone images.
 *
 * The benchmark takes all areas that it can get, down to the size of a small
 * run, which leaves the reserve and some fragments to the rest of the kernel.
 * A layout then frees some of them, and taking back asks for just those ranges
 * again.  Pages that somebody else took meanwhile are not owned any more.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include "image.h"

#define SMALLEST_RUN	64UL

static struct page *take(struct image *image, unsigned long from,
			 unsigned long to, unsigned long nr)
{
	struct memarea_request req = {
		.nr_pages = nr,
		.min_pfn = image->start + from,
		.max_pfn = image->start + to,
		.nid = zone_to_nid(image->zone),
		.gfp = GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN |
		       __GFP_THISNODE,
	};

	return __alloc_memarea(&req, NULL);
}

static void take_all(struct image *image)
{
	unsigned long nr = rounddown_pow_of_two(image->nr);
	struct page *page;

	while (nr >= SMALLEST_RUN) {
		page = take(image, 0, image->nr, nr);
		if (page)
			bitmap_set(image->owned,
				   page_to_pfn(page) - image->start, nr);
		else
			nr /= 2;
	}
	bitmap_copy(image->held, image->owned, image->nr);
}

static struct zone *largest_zone(struct pglist_data *pgdat)
{
	struct zone *zone, *largest = pgdat->node_zones;

	for (zone = largest; zone < pgdat->node_zones + MAX_NR_ZONES; zone++) {
		if (zone_managed_pages(zone) > zone_managed_pages(largest))
			largest = zone;
	}
	return largest;
}

struct image *image_create(void)
{
	struct image *image = kzalloc(sizeof(*image), GFP_KERNEL);
	size_t bytes;

	if (!image)
		return NULL;
	image->zone = largest_zone(first_online_pgdat());
	image->start = image->zone->zone_start_pfn;
	image->nr = image->zone->spanned_pages;
	bytes = BITS_TO_LONGS(image->nr) * sizeof(long);
	image->owned = vzalloc(bytes);
	image->held = vzalloc(bytes);
	if (image->owned && image->held) {
		take_all(image);
		return image;
	}
	image_destroy(image);
	return NULL;
}

static void give(struct image *image, unsigned long from, unsigned long to)
{
	bitmap_clear(image->held, from, to - from);
	free_memarea(pfn_to_page(image->start + from), to - from);
}

void image_destroy(struct image *image)
{
	unsigned long from, to = 0;

	while (image->held) {
		from = find_next_bit(image->held, image->nr, to);
		if (from == image->nr)
			break;
		to = find_next_zero_bit(image->held, image->nr, from);
		give(image, from, to);
		cond_resched();
	}
	vfree(image->held);
	vfree(image->owned);
	kfree(image);
}

/* A length with the given mean: geometric, by coin tosses of 1 in @mean. */
static unsigned long length(struct rnd_state *rnd, unsigned int mean,
			    bool random)
{
	unsigned long nr = 1;

	if (!random)
		return mean;
	while (prandom_u32_state(rnd) % mean)
		nr++;
	return nr;
}

/* All that is owned is held; free it in runs of the kind's lengths. */
void image_lay_out(struct image *image, const struct image_kind *kind, u64 seed)
{
	unsigned long from, to, at = 0;
	struct rnd_state rnd;

	prandom_seed_state(&rnd, seed);
	for (;;) {
		from = find_next_bit(image->held, image->nr, at);
		if (from == image->nr)
			break;
		to = find_next_zero_bit(image->held, image->nr, from);
		at = to;
		if (kind->mean_free)
			to = min(to, from + length(&rnd, kind->mean_free,
						   kind->random));
		give(image, from, to);
		if (kind->mean_used)
			at = to + length(&rnd, kind->mean_used, kind->random);
		cond_resched();
	}
}

/* Take back as much of [@from, @to) as goes at once; gives where that ends. */
static unsigned long take_back(struct image *image, unsigned long from,
			       unsigned long to)
{
	while (!take(image, from, to, to - from)) {
		if (to - from == 1) {
			bitmap_clear(image->owned, from, 1);
			return to;
		}
		to = from + (to - from) / 2;
	}
	bitmap_set(image->held, from, to - from);
	return to;
}

void image_take_back(struct image *image)
{
	unsigned long from, to = 0;

	for (;;) {
		/* the next range that is owned but not held */
		from = find_next_andnot_bit(image->owned, image->held,
					    image->nr, to);
		if (from == image->nr)
			break;
		to = min(find_next_bit(image->held, image->nr, from),
			 find_next_zero_bit(image->owned, image->nr, from));
		to = take_back(image, from, to);
		cond_resched();
	}
}

/* The oracle: no request above this can be served, all below it can. */
unsigned long image_largest_run(struct image *image)
{
	struct memarea_space sp = { .zone = image->zone, .types = MEMAREA_TYPES };
	unsigned long pos = image->start, end = pos + image->nr, largest = 0;
	struct memarea_run run = { };

	while (pos < end) {
		int budget = MEMAREA_HOLD_BLOCKS;
		bool complete;

		spin_lock_irq(&image->zone->lock);
		space_enter(&sp);
		complete = memarea_next_run(&sp, &pos, end, &budget, &run);
		spin_unlock_irq(&image->zone->lock);
		largest = max(largest, run.end - run.start);
		if (complete)
			run = (struct memarea_run) { };
	}
	return largest;
}
