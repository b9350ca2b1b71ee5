// SPDX-License-Identifier: GPL-2.0
/*
 * Makes zones and draws maps into them.
 *
 * A map is drawn as words of bits; the level of blocks, the stand-ins for
 * struct page and the free lists follow from these.  The stand-ins are really
 * there, 16 MiB for each GiB of the zone, so that a search has the cache misses
 * it would have; a zone that needs more than half of the memory goes without.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "zone.h"

/* Always the same numbers: xorshift, Marsaglia 2003. */
static uint64_t dice;

static uint64_t throw(void)
{
	dice ^= dice << 13;
	dice ^= dice >> 7;
	dice ^= dice << 17;
	return dice;
}

static unsigned long nr_words(const struct zone *zone)
{
	return zone->space.nr / BITS_PER_LONG;
}

static void draw_empty(struct zone *zone)
{
	memset(zone->words, 0, zone->space.nr / 8);
}

static void draw_random(struct zone *zone)
{
	unsigned long i;

	for (i = 0; i < nr_words(zone); i++)
		zone->words[i] = throw();
}

/* Runs of free and of used pages in turn, both 256 long on average. */
static void draw_runs(struct zone *zone)
{
	unsigned long pfn, free = 0;

	for (pfn = 0; pfn < zone->space.nr; pfn++) {
		if (!(throw() >> 56))
			free = ~free;
		if (pfn % BITS_PER_LONG == 0)
			zone->words[pfn / BITS_PER_LONG] = 0;
		zone->words[pfn / BITS_PER_LONG] |=
			(free & 1) << pfn % BITS_PER_LONG;
	}
}

static void draw_checkers(struct zone *zone)
{
	memset(zone->words, 0x55, zone->space.nr / 8);
}

/* Two free, one used: lists full of blocks that are too small. */
static void draw_pairs(struct zone *zone)
{
	unsigned long pfn;

	memset(zone->words, 0xff, zone->space.nr / 8);
	for (pfn = 0; pfn < zone->space.nr; pfn += 3)
		zone->words[pfn / BITS_PER_LONG] &= ~(1UL << pfn % BITS_PER_LONG);
}

/* All is in use but for one run at the very end. */
static void draw_last(struct zone *zone)
{
	unsigned long words = LAST_RUN / BITS_PER_LONG;

	draw_empty(zone);
	memset(zone->words + nr_words(zone) - words, 0xff,
	       words * sizeof(long));
}

const struct picture pictures[] = {
	{ "empty", draw_empty },
	{ "random", draw_random },
	{ "runs", draw_runs },
	{ "checkers", draw_checkers },
	{ "pairs", draw_pairs },
	{ "last", draw_last },
	{ }
};

static void *get_memory(unsigned long size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (memory == MAP_FAILED) {
		perror("mmap");
		exit(1);
	}
	madvise(memory, size, MADV_HUGEPAGE);
	return memory;
}

static unsigned long memory_kib(void)
{
	FILE *file = fopen("/proc/meminfo", "r");
	unsigned long kib = 0;
	char line[128];

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "MemAvailable: %lu", &kib) == 1)
			break;
	}
	if (file)
		fclose(file);
	return kib;
}

static void level_create(struct memarea_bits *bits, unsigned int order,
			 unsigned long nr)
{
	unsigned long i, *words = get_memory((nr + BITS_PER_SECTION) / 8);

	bits->order = order;
	bits->nr = (nr + BITS_PER_SECTION - 1) / BITS_PER_SECTION;
	bits->sections = calloc(bits->nr, sizeof(*bits->sections));
	if (!bits->sections)
		exit(1);
	for (i = 0; i < bits->nr; i++)
		bits->sections[i] = words + i * BITS_PER_SECTION / BITS_PER_LONG;
}

static void level_destroy(struct memarea_bits *bits, unsigned long nr)
{
	munmap(bits->sections[0], (nr + BITS_PER_SECTION) / 8);
	free(bits->sections);
}

void zone_create(struct zone *zone, unsigned long gib)
{
	unsigned long nr = gib * PAGES_PER_GIB, size = nr * sizeof(struct frame);

	dice = 88172645463325252ULL;
	memset(zone, 0, sizeof(*zone));
	zone->space.nr = nr;
	memset(zone->online, 1, nr >> SECTION_PAGES_SHIFT);
	level_create(&zone->pages, 0, nr);
	level_create(&zone->blocks, SPACE_MERGE_ORDER, nr >> SPACE_MERGE_ORDER);
	zone->words = zone->pages.sections[0];
	if (size / 1024 <= memory_kib() / 2)
		zone->space.frames = get_memory(size);
}

void zone_destroy(struct zone *zone)
{
	unsigned long nr = zone->space.nr;

	level_destroy(&zone->pages, nr);
	level_destroy(&zone->blocks, nr >> SPACE_MERGE_ORDER);
	if (zone->space.frames)
		munmap(zone->space.frames, nr * sizeof(struct frame));
}

static void draw_blocks(struct zone *zone)
{
	unsigned long words = (1UL << SPACE_MERGE_ORDER) / BITS_PER_LONG, i;
	unsigned long *blocks = zone->blocks.sections[0], all = ~0UL;

	memset(blocks, 0, zone->space.nr >> SPACE_MERGE_ORDER >> 3);
	for (i = 0; i < nr_words(zone); i++) {
		unsigned long block = i / words;

		all = i % words ? all & zone->words[i] : zone->words[i];
		if (i % words == words - 1 && all == ~0UL)
			blocks[block / BITS_PER_LONG] |=
				1UL << block % BITS_PER_LONG;
	}
}

static bool is_free(const struct zone *zone, unsigned long pfn)
{
	return zone->words[pfn / BITS_PER_LONG] >> pfn % BITS_PER_LONG & 1;
}

static void draw_frames(struct zone *zone)
{
	unsigned long pfn;

	for (pfn = 0; pfn < zone->space.nr; pfn++) {
		zone->space.frames[pfn] = (struct frame) {
			.flags = FRAME_ZONE << FRAME_ZONE_SHIFT,
			.type = ~0U,
			.refcount = !is_free(zone, pfn),
		};
	}
}

static void add_block(struct memarea_space *sp, unsigned long pfn,
		      unsigned int order)
{
	struct link *list = &sp->lists[order], *link = &sp->frames[pfn].list;

	sp->frames[pfn].type = FRAME_BUDDY;
	sp->frames[pfn].order = order;
	*link = (struct link) { .next = list->next, .prev = list };
	list->next->prev = link;
	list->next = link;
	sp->nr_free[order]++;
}

/* What buddies that always coalesce come to. */
static void draw_lists(struct zone *zone)
{
	struct memarea_space *sp = &zone->space;
	unsigned long pfn = 0, end;
	unsigned int order;

	for (order = 0; order <= SPACE_MAX_ORDER; order++) {
		sp->nr_free[order] = 0;
		sp->lists[order].next = &sp->lists[order];
		sp->lists[order].prev = &sp->lists[order];
	}
	for (; pfn < sp->nr; pfn = end + 1) {
		for (end = pfn; end < sp->nr && is_free(zone, end); end++)
			;
		for (; pfn < end; pfn += 1UL << order) {
			order = memarea_block_order(pfn, end);
			add_block(sp, pfn, order);
		}
	}
}

void zone_draw(struct zone *zone, const struct picture *picture)
{
	picture->draw(zone);
	draw_blocks(zone);
	if (!zone->space.frames)
		return;
	draw_frames(zone);
	draw_lists(zone);
}
