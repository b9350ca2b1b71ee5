/* SPDX-License-Identifier: GPL-2.0 */
/* The tests, by file. */
#ifndef MEMAREA_TESTS_H
#define MEMAREA_TESTS_H

/* runs.h's own budgets, before core.c made them variables */
extern const int core_search_blocks;
extern const unsigned int core_single_blocks;
extern const long core_map_words;

/* valid.c */
void test_valid(void);

/* place.c */
void test_place_low(void);
void test_place_high(void);
void test_feasible(void);
void test_min_order(void);

/* ones.c */
void test_ones(void);
void test_long_ones(void);
void test_one_run(void);
void test_random_ones(void);
void test_reads(void);
void test_disturbed_ones(void);
void test_map_ones(void);
void test_map_long_ones(void);

/* places.c */
void test_places(void);
void test_random_places(void);
void test_disturbed_places(void);

/* exhaustive.c */
void test_small_maps(void);
void test_small_ranges(void);
void test_maps(void);
void test_ranges(void);
void test_walk_maps(void);
void test_walk_ranges(void);
void test_scan_maps(void);
void test_scan_ranges(void);
void test_thorough(void);

/* gate.c */
void test_gate(void);

/* measure.c */
void test_next_run(void);
void test_largest_run(void);
void test_large_measures(void);

/* interfere.c */
void test_one_move(void);
void test_two_moves(void);
void test_abort_anywhere(void);
void test_storm(void);
void test_lost_claim(void);

/* random.c */
void test_first_seeds(void);
void test_other_seeds(void);
void test_every_stage(void);

/* overflow.c */
void test_overflow_place(void);
void test_overflow_feasible(void);
void test_overflow_search(void);

/* choice.c */
void test_smallest(void);
void test_cut(void);
void test_window(void);
void test_choice_maps(void);

/* window.c */
void test_cheapest(void);
void test_cell_order(void);

/* bound.c */
void test_bound(void);
void test_large_scan(void);
void test_give_back(void);

#endif /* MEMAREA_TESTS_H */
