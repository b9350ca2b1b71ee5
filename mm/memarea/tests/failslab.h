/* SPDX-License-Identifier: GPL-2.0 */
/* One allocation of an object that fails, if the kernel can make it. */
#ifndef _MM_MEMAREA_FAILSLAB_H
#define _MM_MEMAREA_FAILSLAB_H

#include <linux/sched.h>

#ifdef CONFIG_FAILSLAB
/* This task's next allocation of an object that may not wait is to fail. */
static inline bool fail_next_object(void)
{
	current->fail_nth = 1;
	return true;
}

static inline bool object_has_failed(void)
{
	return !current->fail_nth;
}
#else
static inline bool fail_next_object(void)
{
	return false;
}

static inline bool object_has_failed(void)
{
	return false;
}
#endif

#endif /* _MM_MEMAREA_FAILSLAB_H */
