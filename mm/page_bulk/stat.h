/* SPDX-License-Identifier: GPL-2.0 */
/* The counters of allocations, and the switch (vm.alloc_stat) that stops them. */
#ifndef _MM_PAGE_BULK_STAT_H
#define _MM_PAGE_BULK_STAT_H

#include <linux/jump_label.h>

#ifdef CONFIG_PAGE_BULK
DECLARE_STATIC_KEY_TRUE(vm_alloc_stat_key);

static __always_inline bool alloc_stat_enabled(void)
{
	return static_branch_likely(&vm_alloc_stat_key);
}
#else
static __always_inline bool alloc_stat_enabled(void)
{
	return true;
}
#endif

#endif /* _MM_PAGE_BULK_STAT_H */
