/* SPDX-License-Identifier: GPL-2.0 */
/* Reproducible random numbers, and what is made of them. */
#ifndef MEMAREA_DICE_H
#define MEMAREA_DICE_H

#include "trial.h"

struct dice {
	uint64_t state;
};

static inline unsigned long pick(struct dice *dice, unsigned long below)
{
	dice->state = dice->state * 6364136223846793005ULL +
		      1442695040888963407ULL;
	return (unsigned long)(dice->state >> 33) % below;
}

void dice_init(struct dice *dice, unsigned long seed);
void dice_orders(struct dice *dice);
void dice_zone(struct dice *dice, struct memarea_space *sp, unsigned long base,
	       unsigned long nr);
void dice_map(struct dice *dice, struct memarea_space *sp,
	      unsigned int percent);
void dice_spec(struct dice *dice, struct memarea_spec *spec,
	       const struct memarea_space *sp);
void dice_others(struct dice *dice, struct memarea_space *sp,
		 unsigned int moves);

#endif /* MEMAREA_DICE_H */
