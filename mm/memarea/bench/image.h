/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Zone images: a zone whose free and used pages are laid out on purpose, so
 * that two allocators can be given the same memory.
 */
#ifndef _MM_MEMAREA_IMAGE_H
#define _MM_MEMAREA_IMAGE_H

#include <linux/prandom.h>
#include "../internal.h"

/**
 * struct image - the pages of one zone that the benchmark commands
 * @zone: the largest zone of the first node
 * @start: its first PFN
 * @nr: its span in pages
 * @owned: one bit a page: the benchmark's to hold or to free
 * @held: one bit a page: owned and in use
 */
struct image {
	struct zone *zone;
	unsigned long start;
	unsigned long nr;
	unsigned long *owned;
	unsigned long *held;
};

/**
 * struct image_kind - a layout
 * @name: for the table
 * @mean_free: mean length of the free runs in pages
 * @mean_used: mean length of the used runs in pages, 0 for none
 * @random: lengths are geometric with these means, not equal to them
 */
struct image_kind {
	const char *name;
	unsigned int mean_free;
	unsigned int mean_used;
	bool random;
};

struct image *image_create(void);
void image_destroy(struct image *image);
void image_lay_out(struct image *image, const struct image_kind *kind, u64 seed);
void image_take_back(struct image *image);
unsigned long image_largest_run(struct image *image);

#endif /* _MM_MEMAREA_IMAGE_H */
