// SPDX-License-Identifier: GPL-2.0
/*
 * How long zone->lock and the lock of a zone's per-CPU lists are held, on a
 * kernel that has nothing built in for it: the CPU's debug registers watch the
 * words of both locks, and each write to one of them is an exception.  For a
 * guest with one CPU: nobody waits, so a write takes the lock or releases it.
 *
 * The exceptions are in what they measure.  What they cost is known from a lock
 * of our own that is taken and released with nothing between: a hold less that of
 * an empty section is what the section itself took, and a hold of the one lock
 * inside that of the other adds two whole exceptions, which are taken off.  A hold
 * in which a timer tick came is left out.
 */
#include <linux/err.h>
#include <linux/hw_breakpoint.h>
#include <linux/jiffies.h>
#include <linux/mmzone.h>
#include <linux/perf_event.h>
#include <linux/spinlock.h>
#include "clock.h"
#include "locks.h"

#define CALIBRATIONS	32

/**
 * struct watched - a lock under observation
 * @lock: NULL if it is not
 * @point: the breakpoints, one for each CPU
 * @since: when it was taken, after the exception; 0 if it is not held
 * @tick: jiffies then
 * @writes: to any lock, then
 * @longest: hold, less the exceptions inside
 */
struct watched {
	spinlock_t *lock;	/* the one observed, never taken here */
	struct perf_event * __percpu *point;
	u64 since;
	unsigned long tick;
	unsigned long writes;
	u64 longest;
};

static DEFINE_SPINLOCK(own_lock);

static struct watched own, zone_lock, pcp_lock;
static unsigned long writes;
static u64 empty_hold, exception_cost;

static void taken(struct watched *watched)
{
	watched->tick = jiffies;
	watched->writes = writes;
	watched->since = measure_clock();
}

static void released(struct watched *watched, u64 now)
{
	u64 inside = (writes - watched->writes - 1) * exception_cost;
	u64 held = now - watched->since;

	if (watched->since && time_before_eq(jiffies, watched->tick) &&
	    held > inside)
		watched->longest = max(watched->longest, held - inside);
	watched->since = 0;
}

static void written(struct watched *watched, u64 now)
{
	writes++;
	if (arch_spin_is_locked(&watched->lock->rlock.raw_lock))
		taken(watched);
	else
		released(watched, now);
}

static void own_written(struct perf_event *event,
			struct perf_sample_data *data, struct pt_regs *regs)
{
	written(&own, measure_clock());
}

static void zone_written(struct perf_event *event,
			 struct perf_sample_data *data, struct pt_regs *regs)
{
	written(&zone_lock, measure_clock());
}

static void pcp_written(struct perf_event *event,
			struct perf_sample_data *data, struct pt_regs *regs)
{
	written(&pcp_lock, measure_clock());
}

static int watch(struct watched *watched, spinlock_t *lock,
		 perf_overflow_handler_t handler)
{
	struct perf_event_attr attr;

	hw_breakpoint_init(&attr);
	attr.bp_addr = (unsigned long)lock;
	attr.bp_len = HW_BREAKPOINT_LEN_4;
	attr.bp_type = HW_BREAKPOINT_W;
	watched->lock = lock;
	watched->point = register_wide_hw_breakpoint(&attr, handler, NULL);
	return PTR_ERR_OR_ZERO((void __force *)watched->point);
}

static void unwatch(struct watched *watched)
{
	if (!IS_ERR_OR_NULL((void __force *)watched->point))
		unregister_wide_hw_breakpoint(watched->point);
	watched->point = NULL;
}

static u64 time_empty_section(void)
{
	unsigned long flags;
	u64 begin, took;

	local_irq_save(flags);
	begin = measure_clock();
	spin_lock(&own_lock);
	spin_unlock(&own_lock);
	took = measure_clock() - begin;
	local_irq_restore(flags);
	return took;
}

static u64 least_empty_section(void)
{
	u64 least = U64_MAX;
	int i;

	for (i = 0; i < CALIBRATIONS; i++)
		least = min(least, time_empty_section());
	return least;
}

/* The same section without being watched, and watched. */
static int calibrate(void)
{
	u64 unwatched = least_empty_section();
	int err = watch(&own, &own_lock, own_written);

	if (err)
		return err;
	exception_cost = (least_empty_section() - unwatched) / 2;
	own.longest = 0;
	time_empty_section();
	empty_hold = own.longest;
	unwatch(&own);
	return empty_hold && exception_cost ? 0 : -EOPNOTSUPP;
}

int locks_start(struct zone *zone)
{
	struct per_cpu_pages *pcp = raw_cpu_ptr(zone->per_cpu_pageset);

	return calibrate() ?:
	       watch(&zone_lock, &zone->lock, zone_written) ?:
	       watch(&pcp_lock, &pcp->lock, pcp_written);
}

void locks_stop(void)
{
	unwatch(&zone_lock);
	unwatch(&pcp_lock);
}

void locks_watch_begin(void)
{
	zone_lock.longest = 0;
	pcp_lock.longest = 0;
}

struct holds locks_watch_end(void)
{
	return (struct holds){
		.zone = max(zone_lock.longest, empty_hold) - empty_hold,
		.pcp = max(pcp_lock.longest, empty_hold) - empty_hold,
	};
}
