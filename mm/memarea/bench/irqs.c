// SPDX-License-Identifier: GPL-2.0
/*
 * The longest time with interrupts off between two calls, from the
 * irq_disable and irq_enable tracepoints.  For a guest with one CPU: what the
 * probes keep is not per CPU.  The tracepoints' own work is in the figure.
 */
#include <linux/init.h>
#include <trace/events/preemptirq.h>
#include "irqs.h"

static bool watching;
static u64 off_since, longest;

static void notrace irqs_go_off(void *data, unsigned long ip,
				unsigned long parent)
{
	off_since = watching ? bench_clock() : 0;
}

static void notrace irqs_go_on(void *data, unsigned long ip,
			       unsigned long parent)
{
	if (watching && off_since)
		longest = max(longest, bench_clock() - off_since);
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

static int __init irqs_init(void)
{
	return register_trace_irq_disable(irqs_go_off, NULL) ?:
	       register_trace_irq_enable(irqs_go_on, NULL);
}
late_initcall(irqs_init);
