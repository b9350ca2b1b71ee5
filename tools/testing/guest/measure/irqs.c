// SPDX-License-Identifier: GPL-2.0
/*
 * The longest time with interrupts off between two calls, from the
 * irq_disable and irq_enable tracepoints.  zone->lock is held so; the locks of
 * the per-CPU lists are not, on SMP.  For a guest with one CPU: what the probes
 * keep is not per CPU.  The tracepoints' own work is in the figure; a timer
 * interrupt, which moves jiffies on, is not.
 *
 * The tracepoints are not exported, so they are looked up by name.
 */
#include <linux/jiffies.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include "clock.h"
#include "irqs.h"

static struct tracepoint *off_point, *on_point;
static bool watching;
static u64 off_since, off_tick, longest;

static void notrace irqs_go_off(void *data, unsigned long ip,
				unsigned long parent)
{
	off_tick = get_jiffies_64();
	off_since = watching ? measure_clock() : 0;
}

static void notrace irqs_go_on(void *data, unsigned long ip,
			       unsigned long parent)
{
	if (watching && off_since && !time_after64(get_jiffies_64(), off_tick))
		longest = max(longest, measure_clock() - off_since);
	off_since = 0;
}

void irqs_watch_begin(void)
{
	longest = 0;
	off_since = 0;
	watching = true;
}

u64 irqs_watch_end(void)
{
	watching = false;
	return longest;
}

static void find_point(struct tracepoint *point, void *unused)
{
	if (!strcmp(point->name, "irq_disable"))
		off_point = point;
	else if (!strcmp(point->name, "irq_enable"))
		on_point = point;
}

int irqs_start(void)
{
	for_each_kernel_tracepoint(find_point, NULL);
	if (!off_point || !on_point)
		return -ENOENT;
	return tracepoint_probe_register(off_point, irqs_go_off, NULL) ?:
	       tracepoint_probe_register(on_point, irqs_go_on, NULL);
}

void irqs_stop(void)
{
	if (!off_point || !on_point)
		return;
	tracepoint_probe_unregister(off_point, irqs_go_off, NULL);
	tracepoint_probe_unregister(on_point, irqs_go_on, NULL);
	tracepoint_synchronize_unregister();
}
