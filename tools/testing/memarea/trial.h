/* SPDX-License-Identifier: GPL-2.0 */
/* One search on a model, watched from its first step to its last. */
#ifndef MEMAREA_TRIAL_H
#define MEMAREA_TRIAL_H

#include "map.h"
#include "oracle.h"

#define NO_ABORT	(~0U)

/**
 * struct trial - one search
 * @sp: where; others may change it only in @between
 * @spec: what for; feasible
 * @between: what others do between two steps, or NULL
 * @arg: for @between
 * @abort_at: the number of steps after which the caller gives up
 * @levels: of the map, which the search looks at between two steps
 * @seed: to be printed
 * @find: the search itself
 * @steps: how many there have been, looks at the map included
 * @most: the largest number of blocks listed, taken and put in one step
 * @known: the largest number of different blocks seen, and put, in one step
 */
struct trial {
	struct memarea_space *sp;
	struct memarea_spec spec;
	void (*between)(struct trial *trial);
	void *arg;
	unsigned int abort_at;
	unsigned int levels;
	unsigned long seed;
	struct memarea_find find;
	unsigned int steps;
	unsigned int most, known;
	/* private: */
	bool looked, outdated;
	unsigned char expected[MODEL_PAGES];
	bool spoiled[MODEL_PAGES];
};

/* How often the searches of this program were in a stage, and lost a claim. */
extern unsigned long trial_stages[MEMAREA_ABORTED + 1];
extern unsigned long trial_lost;
extern unsigned long trial_refused;

enum memarea_stage trial_run(struct trial *trial);

/* To its end, unwatched; without a map, and with one. */
void trial_finish(struct memarea_space *sp, const struct memarea_spec *spec,
		  struct memarea_find *find);
void trial_look(const struct memarea_map *map, const struct memarea_spec *spec,
		struct memarea_find *find);

#endif /* MEMAREA_TRIAL_H */
