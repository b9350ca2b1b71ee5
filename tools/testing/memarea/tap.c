// SPDX-License-Identifier: GPL-2.0
/*
 * Runs a table of tests and prints TAP.
 *
 * A test fails by tap_fail(), which prints the scene: seed, map, request.
 * Only the first failures of a test are printed; loops end at the first one
 * by asking tap_failed().
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "space.h"
#include "../../../mm/memarea/runs.h"
#include "tap.h"

#define SHOWN_FAILURES	3
#define SHOWN_PAGES	512

static unsigned int failures;
static unsigned long scene_seed;
static struct memarea_spec scene_spec;
static struct memarea_space scene_before;
static const struct memarea_space *scene_now;

/* Only a copy: the picture is drawn if somebody has to see it. */
void tap_scene(unsigned long seed, const struct memarea_space *sp,
	       const struct memarea_spec *spec)
{
	scene_seed = seed;
	scene_now = sp;
	scene_spec = *spec;
	scene_before.base = sp->base;
	scene_before.nr = sp->nr;
	scene_before.types = sp->types;
	memcpy(scene_before.state, sp->state, sp->nr);
	memcpy(scene_before.type, sp->type, sp->nr);
	memcpy(scene_before.order, sp->order, sp->nr);
}

static void print_map(const char *when, const struct memarea_space *sp)
{
	char text[SHOWN_PAGES + 1];

	model_picture(sp, text, sizeof(text));
	printf("#   %-6s %s\n", when, text);
}

static void print_scene(void)
{
	const struct memarea_spec *spec = &scene_spec;

	if (!scene_now)
		return;
	printf("#   seed %lu, base %#lx, merge %u, max %u, fusion %d, budget %d\n",
	       scene_seed, scene_now->base, model_merge_order, model_max_order,
	       scene_now->fusion, model_search_blocks);
	printf("#   request nr %lu align %#lx offset %#lx boundary %#lx [%#lx, %#lx)\n",
	       spec->nr, spec->align, spec->offset, spec->boundary,
	       spec->lo, spec->hi);
	print_map("before", &scene_before);
	print_map("now", scene_now);
}

void tap_fail(const char *fmt, ...)
{
	va_list args;

	if (failures++ >= SHOWN_FAILURES)
		return;
	va_start(args, fmt);
	printf("# ");
	vprintf(fmt, args);
	printf("\n");
	va_end(args);
	print_scene();
}

void tap_note(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	printf("# ");
	vprintf(fmt, args);
	printf("\n");
	va_end(args);
}

bool tap_failed(void)
{
	return failures;
}

/* Of CPU time, whatever else runs on the machine. */
static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static bool run_one(const struct tap_test *test, unsigned int number)
{
	double begin = seconds();

	failures = 0;
	scene_now = NULL;
	test->run();
	printf("%sok %u - %s # %.1f s\n", failures ? "not " : "", number,
	       test->name, seconds() - begin);
	fflush(stdout);
	return !failures;
}

static bool wanted(const struct tap_test *test, const char *name)
{
	return name ? !!strstr(test->name, name) : !test->apart;
}

/* Arguments: "first", to stop at the first failure, or part of a name. */
int tap_main(const struct tap_test *tests, int argc, char **argv)
{
	bool first = argc > 1 && !strcmp(argv[1], "first");
	const char *name = argc > 1 && !first ? argv[1] : NULL;
	unsigned int passed = 0, failed = 0;

	for (; tests->name && !(first && failed); tests++) {
		if (!wanted(tests, name))
			continue;
		if (run_one(tests, passed + failed + 1))
			passed++;
		else
			failed++;
	}
	printf("1..%u\n%u passed, %u failed\n", passed + failed, passed, failed);
	return failed || !passed;
}
