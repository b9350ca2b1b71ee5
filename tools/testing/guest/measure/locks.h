/* SPDX-License-Identifier: GPL-2.0 */
/* How long the page allocator's locks are held, where the CPU can tell. */
#ifndef _MEASURE_LOCKS_H
#define _MEASURE_LOCKS_H

#include <linux/types.h>

struct zone;

/**
 * struct holds - the longest holds since locks_watch_begin()
 * @zone: of zone->lock
 * @pcp: of the lock of the zone's per-CPU lists
 */
struct holds {
	u64 zone;
	u64 pcp;
};

#if defined(CONFIG_HAVE_HW_BREAKPOINT) && defined(CONFIG_SMP)
#define HAVE_LOCKS true
int locks_start(struct zone *zone);
void locks_stop(void);
void locks_watch_begin(void);
struct holds locks_watch_end(void);
#else
#define HAVE_LOCKS false

static inline int locks_start(struct zone *zone)
{
	return 0;
}

static inline void locks_stop(void)
{
}

static inline void locks_watch_begin(void)
{
}

static inline struct holds locks_watch_end(void)
{
	return (struct holds){};
}
#endif

#endif /* _MEASURE_LOCKS_H */
