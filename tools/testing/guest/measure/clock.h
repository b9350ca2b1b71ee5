/* SPDX-License-Identifier: GPL-2.0 */
/* The processor's clock: cycles, and instructions where QEMU counts them. */
#ifndef _MEASURE_CLOCK_H
#define _MEASURE_CLOCK_H

#include <linux/types.h>

/* UML has no asm/msr.h.  What comes before has ended, and nothing is early. */
static __always_inline u64 measure_clock(void)
{
	u32 low, high;

	asm volatile("lfence; rdtsc; lfence" : "=a" (low), "=d" (high) ::
		     "memory");
	return (u64)high << 32 | low;
}

#endif /* _MEASURE_CLOCK_H */
