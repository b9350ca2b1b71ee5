/* SPDX-License-Identifier: GPL-2.0 */
/* The longest time with interrupts off, where tracepoints can tell. */
#ifndef _MM_MEMAREA_IRQS_H
#define _MM_MEMAREA_IRQS_H

#include <linux/types.h>

/* UML has no asm/msr.h. */
static inline u64 bench_clock(void)
{
	u32 low, high;

	asm volatile("rdtsc" : "=a" (low), "=d" (high));
	return (u64)high << 32 | low;
}

#ifdef CONFIG_PREEMPTIRQ_TRACEPOINTS
void irqs_watch_begin(void);
u64 irqs_watch_end(void);
#else
static inline void irqs_watch_begin(void)
{
}

static inline u64 irqs_watch_end(void)
{
	return 0;
}
#endif

#endif /* _MM_MEMAREA_IRQS_H */
