// SPDX-License-Identifier: GPL-2.0
/*
 * The validation of the model, on which the other tests rely: one value at a
 * time is made wrong in a valid model, and each time the model is found broken.
 *
 * Not here: several defects at once.
 */
#include "dice.h"
#include "tap.h"
#include "tests.h"

static struct memarea_space zone;

static void must_be_broken(const char *what, unsigned long at)
{
	expect(!model_intact(&zone), "not seen: wrong %s at %lu", what, at);
}

static bool is_free(unsigned long at)
{
	return zone.state[at] == PAGE_FREE;
}

/* A page in no block that is free, or one in a block that is not. */
static void wrong_state(unsigned long at)
{
	unsigned char right = zone.state[at], wrong;
	bool free = is_free(at);

	for (wrong = PAGE_HOLE; wrong <= PAGE_HELD; wrong++) {
		zone.state[at] = wrong;
		if (is_free(at) != free)
			must_be_broken("state", at);
	}
	zone.state[at] = right;
}

static void wrong_order(unsigned long at)
{
	int right = zone.order[at], wrong;

	for (wrong = -1; wrong <= (int)model_max_order; wrong++) {
		zone.order[at] = wrong;
		if (wrong != right)
			must_be_broken("order", at);
	}
	zone.order[at] = right;
}

static void wrong_type(unsigned long at)
{
	unsigned char *type = &zone.type[at >> model_merge_order];
	unsigned char right = *type;

	for (*type = 0; *type < MODEL_TYPES; ++*type) {
		if (*type != right)
			must_be_broken("type", at);
	}
	*type = right;
}

/* @value is a link of the entry at @at. */
static void wrong_link(int *value, unsigned long at)
{
	int right = *value;

	for (*value = -1; *value < model_list(MODEL_TYPES, 0); ++*value) {
		if (*value == (int)zone.nr)
			*value = MODEL_PAGES;
		if (*value != right)
			must_be_broken("link", at);
	}
	*value = right;
}

static void wrong_entry(unsigned long at)
{
	wrong_type(at);
	wrong_link(&zone.link[at].next, at);
	wrong_link(&zone.link[at].prev, at);
}

static void wrong_count(unsigned int order)
{
	zone.nr_free[order]++;
	must_be_broken("count", order);
	zone.nr_free[order] -= 2;
	must_be_broken("count", order);
	zone.nr_free[order]++;
}

static void all_wrong(void)
{
	unsigned int order, list;
	unsigned long at;

	for (at = 0; at < zone.nr; at++) {
		wrong_state(at);
		wrong_order(at);
		if (zone.order[at] >= 0)
			wrong_entry(at);
	}
	for (order = 0; order <= model_max_order; order++) {
		wrong_count(order);
		list = model_list(TYPE_B, order);
		wrong_link(&zone.link[list].next, list);
		wrong_link(&zone.link[list].prev, list);
	}
}

/* Two buddies that are not one, and one block at the wrong place. */
static void wrong_pair(unsigned long at)
{
	model_orders(0, 1);
	model_init(&zone, 0, 200);
	zone.fusion = FUSE_NEVER;
	model_release(&zone, at, 2);
	model_valid(&zone);
	zone.fusion = FUSE_ALWAYS;
	must_be_broken("pair", at);
}

static void wrong_place(unsigned long at)
{
	model_orders(1, 1);
	model_init(&zone, 0, at + 2);
	model_release(&zone, at, 2);
	model_valid(&zone);
	zone.base++;
	must_be_broken("place", at);
	zone.base--;
	zone.nr--;
	must_be_broken("end", at);
}

static void small(unsigned long seed)
{
	struct dice dice;

	dice_init(&dice, seed);
	dice_orders(&dice);
	dice_zone(&dice, &zone, 64 * pick(&dice, 3), 1 + pick(&dice, 80));
	dice_map(&dice, &zone, 20 + pick(&dice, 80));
	model_valid(&zone);
	all_wrong();
	model_valid(&zone);
}

/* One run with a block of each order. */
static void large(void)
{
	model_orders(9, 10);
	model_init(&zone, 0, 2200);
	model_release(&zone, 1, 2100);
	model_valid(&zone);
	all_wrong();
}

void test_valid(void)
{
	unsigned long seed, at;

	for (seed = 1; seed <= 30 && !tap_failed(); seed++)
		small(seed);
	large();
	for (at = 0; at < 198; at += 2) {
		wrong_pair(at);
		wrong_place(at);
	}
}
