// SPDX-License-Identifier: GPL-2.0
/* The table of tests.  Cheap and basic ones come first. */
#include "tap.h"
#include "tests.h"

static const struct tap_test tests[] = {
	{ "validation", test_valid },
	{ "place_low", test_place_low },
	{ "place_high", test_place_high },
	{ "spec_feasible", test_feasible },
	{ "min_order", test_min_order },
	{ "overflow: place", test_overflow_place },
	{ "overflow: feasible", test_overflow_feasible },
	{ "overflow: search", test_overflow_search },
	{ "give_back", test_give_back },
	{ "bits: ones", test_ones },
	{ "bits: long runs of ones", test_long_ones },
	{ "bits: one run", test_one_run },
	{ "bits: random ones", test_random_ones },
	{ "bits: words read", test_reads },
	{ "bits: others write", test_disturbed_ones },
	{ "bits: places", test_places },
	{ "bits: random places", test_random_places },
	{ "bits: places, others write", test_disturbed_places },
	{ "choice: smallest run", test_smallest },
	{ "choice: cheaper cut", test_cut },
	{ "choice: window beyond a boundary", test_window },
	{ "choice: maps of 13 pages", test_choice_maps },
	{ "room: size of cells", test_cell_order },
	{ "room: cheapest window", test_cheapest },
	{ "gate", test_gate },
	{ "next_run", test_next_run },
	{ "largest_run", test_largest_run },
	{ "large measures", test_large_measures },
	{ "maps of 8 pages", test_small_maps },
	{ "maps of 6 pages, all ranges", test_small_ranges },
	{ "bound of a step", test_bound },
	{ "large map", test_large_scan },
	{ "interfere: lost claim", test_lost_claim },
	{ "interfere: abort anywhere", test_abort_anywhere },
	{ "interfere: one move", test_one_move },
	{ "interfere: two moves", test_two_moves },
	{ "interfere: storm", test_storm },
	{ "random: 10 seeds", test_first_seeds },
	{ "every stage was seen", test_every_stage },
	/* Add new tests above: below are those that run only if named. */
	{ "whole: maps of 11 pages", test_maps, .apart = true },
	{ "whole: maps of 7 pages, all ranges", test_ranges, .apart = true },
	{ "whole: 90 seeds more", test_other_seeds, .apart = true },
	{ "walk: maps of 16 pages", test_walk_maps, .apart = true },
	{ "walk: maps of 10 pages, all ranges", test_walk_ranges, .apart = true },
	{ "scan: maps of 16 pages", test_scan_maps, .apart = true },
	{ "scan: maps of 10 pages, all ranges", test_scan_ranges, .apart = true },
	{ "map: 16 bits", test_map_ones, .apart = true },
	{ "map: 12 bits, drawn out", test_map_long_ones, .apart = true },
	{ "thorough: maps of 16 pages", test_thorough, .apart = true },
	{ },
};

int main(int argc, char **argv)
{
	return tap_main(tests, argc, argv);
}
