/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Finding and taking runs of free blocks: the part of memarea that knows
 * neither struct page nor a lock.  runs.c says how it works.
 *
 * Every quantity is in pages, every position is a PFN, every range is
 * half-open: [start, end).
 */
#ifndef _MM_MEMAREA_RUNS_H
#define _MM_MEMAREA_RUNS_H

struct memarea_map;
struct memarea_space;

/* "No such PFN": larger than any that memory can have. */
#define MEMAREA_NO_PFN	(~0UL)

/*
 * The most blocks looked at, taken or given back in one lock hold.  A search
 * and the claim of what it found share a hold; the rest of it is for the
 * pieces of the two blocks that are cut.
 */
#define MEMAREA_HOLD_BLOCKS	128
#define MEMAREA_SEARCH_BLOCKS	40
#define MEMAREA_SINGLE_BLOCKS	16

/* Words of the map that are read in one go, with no lock held. */
#define MEMAREA_MAP_WORDS	4096

/* The list walk stops at the best of this many fitting runs. */
#define MEMAREA_ENOUGH_FITS	8

/**
 * struct memarea_spec - what an area must satisfy, without "don't care" values
 * @nr: size, not 0
 * @align: power of two, 1 for any
 * @offset: start == @offset modulo @align; below @align
 * @boundary: power of two that the area must not cross, 0 for none
 * @lo: the area lies in [@lo, @hi)
 * @hi: see @lo
 */
struct memarea_spec {
	unsigned long nr;
	unsigned long align;
	unsigned long offset;
	unsigned long boundary;
	unsigned long lo;
	unsigned long hi;
};

/* A run of free blocks, [start, end). */
struct memarea_run {
	unsigned long start;
	unsigned long end;
};

enum memarea_stage {
	MEMAREA_WALK,		/* the free lists are searched */
	MEMAREA_SCAN,		/* the PFNs are searched in order */
	MEMAREA_CLAIM,		/* a run is being taken, block by block */
	MEMAREA_UNDO,		/* what was taken is being given back */
	MEMAREA_FOUND,		/* final: [start, start + nr) is owned */
	MEMAREA_NONE,		/* final: there is no such run */
	MEMAREA_ABORTED,	/* final: the caller gave up */
};

/**
 * struct memarea_find - a search in progress; all of it private to runs.c
 * but for the fields named here
 * @stage: where the search stands
 * @start: first page of the area, once @stage is %MEMAREA_FOUND
 * @blocks: pages, blocks and words of the map looked at so far
 * @largest: largest run measured so far
 * @lost: claims given up because somebody else took a page first
 */
struct memarea_find {
	enum memarea_stage stage;
	unsigned long start;
	unsigned long blocks;
	unsigned long largest;
	unsigned int lost;
	/* private: */
	bool abort;
	bool mapped;		/* scan: the map may know the next window */
	int budget;
	unsigned long resume;	/* where the scan goes on after an undo */
	unsigned long floor;	/* scan: below it and above @start all is free */
	unsigned long next;	/* scan: [max(start, floor), next) is unknown */
	unsigned long taken;	/* [start, taken) is owned */
};

/* How many pages the search holds. */
static inline unsigned long
memarea_find_owned(const struct memarea_find *find)
{
	return find->taken - find->start;
}

static inline bool memarea_find_undoing(const struct memarea_find *find)
{
	return find->stage == MEMAREA_UNDO;
}

static inline bool memarea_find_ended(const struct memarea_find *find)
{
	return find->stage >= MEMAREA_FOUND;
}

static inline bool memarea_find_searching(const struct memarea_find *find)
{
	return find->stage == MEMAREA_WALK || find->stage == MEMAREA_SCAN;
}

bool memarea_spec_feasible(const struct memarea_spec *spec);
unsigned long memarea_place_low(const struct memarea_spec *spec,
				unsigned long from);
unsigned long memarea_place_high(const struct memarea_spec *spec,
				 unsigned long end);
unsigned int memarea_min_order(const struct memarea_spec *spec);
bool memarea_gate(const struct memarea_space *sp,
		  const struct memarea_spec *spec);

void memarea_find_init(struct memarea_find *find,
		       const struct memarea_spec *spec);
bool memarea_find_look(const struct memarea_map *map,
		       const struct memarea_spec *spec,
		       struct memarea_find *find);
bool memarea_find_step(struct memarea_space *sp,
		       const struct memarea_spec *spec,
		       struct memarea_find *find);
void memarea_find_abort(struct memarea_find *find);

unsigned int memarea_block_order(unsigned long start, unsigned long end);
unsigned long memarea_give_back(struct memarea_space *sp, unsigned long start,
				unsigned long end, int *budget);

bool memarea_next_run(struct memarea_space *sp, unsigned long *pos,
		      unsigned long end, int *budget, struct memarea_run *run);
bool memarea_largest_run(struct memarea_space *sp, unsigned long end,
			 int *budget, struct memarea_run *largest);

#endif /* _MM_MEMAREA_RUNS_H */
