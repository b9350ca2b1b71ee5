/* SPDX-License-Identifier: GPL-2.0 */
/* Reporting: TAP lines, and what a failing case must say about itself. */
#ifndef MEMAREA_TAP_H
#define MEMAREA_TAP_H

#include <stdbool.h>

struct memarea_space;
struct memarea_spec;

struct tap_test {
	const char *name;
	void (*run)(void);
	bool apart;		/* run only if named: see README */
};

/* What is being tried, for the message; the map is the one before. */
void tap_scene(unsigned long seed, const struct memarea_space *sp,
	       const struct memarea_spec *spec);
void tap_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void tap_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
bool tap_failed(void);
int tap_main(const struct tap_test *tests, int argc, char **argv);

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

#define expect(ok, ...) do {		\
	if (!(ok))			\
		tap_fail(__VA_ARGS__);	\
} while (0)

#endif /* MEMAREA_TAP_H */
