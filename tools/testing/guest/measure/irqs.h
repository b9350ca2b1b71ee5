/* SPDX-License-Identifier: GPL-2.0 */
/* The longest time with interrupts off, where tracepoints can tell. */
#ifndef _MEASURE_IRQS_H
#define _MEASURE_IRQS_H

#include <linux/types.h>

#ifdef CONFIG_PREEMPTIRQ_TRACEPOINTS
int irqs_start(void);
void irqs_stop(void);
void irqs_watch_begin(void);
u64 irqs_watch_end(void);
#else
static inline int irqs_start(void)
{
	return 0;
}

static inline void irqs_stop(void)
{
}

static inline void irqs_watch_begin(void)
{
}

static inline u64 irqs_watch_end(void)
{
	return 0;
}
#endif

#endif /* _MEASURE_IRQS_H */
