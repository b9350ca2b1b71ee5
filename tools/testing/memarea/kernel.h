/* SPDX-License-Identifier: GPL-2.0 */
/* The few things of the kernel's own headers that runs.c and bits.c use. */
#ifndef MEMAREA_KERNEL_H
#define MEMAREA_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/cdefs.h>	/* __always_inline */

#define BIT(n)		(1UL << (n))
#define BITS_PER_LONG	((int)(8 * sizeof(long)))

#define min(a, b) ({			\
	__typeof__(a) _a = (a);		\
	__typeof__(b) _b = (b);		\
	_a < _b ? _a : _b; })
#define max(a, b) ({			\
	__typeof__(a) _a = (a);		\
	__typeof__(b) _b = (b);		\
	_a > _b ? _a : _b; })
#define DIV_ROUND_UP(n, d) ({		\
	__typeof__(d) _d = (d);		\
	((n) + _d - 1) / _d; })
#define min_t(type, a, b)	min((type)(a), (type)(b))

#define ilog2(n)	((int)(BITS_PER_LONG - 1 - __builtin_clzl(n)))
#define __ffs(n)	((unsigned long)__builtin_ctzl(n))
#define __fls(n)	((unsigned long)ilog2(n))

#define L1_CACHE_BYTES	64

/* Not empty, or gcc leaves out functions that do no more than that. */
#define prefetch(p) do {		\
	__builtin_prefetch(p);		\
	__asm__ volatile ("");		\
} while (0)

/* As the kernel's: what is read later is not read earlier. */
#define smp_load_acquire(p)	__atomic_load_n(p, __ATOMIC_ACQUIRE)

#endif /* MEMAREA_KERNEL_H */
