// SPDX-License-Identifier: GPL-2.0
/*
 * The code under test, unchanged, on top of the model.
 *
 * runs.h is included here first, so that three of its constants can be
 * variables: with a budget of 1 every block is a step of its own, with no
 * single blocks tried every search but the emptiest comes to the PFN scan, and
 * with a word of the map at a time every look is resumed.
 */
#include "space.h"
#include "../../../mm/memarea/runs.h"

const int core_search_blocks = MEMAREA_SEARCH_BLOCKS;
const unsigned int core_single_blocks = MEMAREA_SINGLE_BLOCKS;
const long core_map_words = MEMAREA_MAP_WORDS;

#undef MEMAREA_SEARCH_BLOCKS
#define MEMAREA_SEARCH_BLOCKS	model_search_blocks
#undef MEMAREA_SINGLE_BLOCKS
#define MEMAREA_SINGLE_BLOCKS	model_single_blocks
#undef MEMAREA_MAP_WORDS
#define MEMAREA_MAP_WORDS	model_map_words

#include "../../../mm/memarea/runs.c"
#include "../../../mm/memarea/bits.c"
#include "../../../mm/memarea/window.c"
