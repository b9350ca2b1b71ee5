// SPDX-License-Identifier: GPL-2.0
/*
 * vm.alloc_stat: whether allocated and freed pages are counted.
 *
 * With 0, pgalloc_* and pgfree in /proc/vmstat stand still, and an allocation and
 * a free are one memory operation shorter.  They are incomplete from then on: what
 * was not counted is not made up for when the switch is set back to 1.  Nothing in
 * the kernel decides by them.  The numa_* counters have a switch of their own,
 * vm.numa_stat.
 */
#include <linux/init.h>
#include <linux/mutex.h>
#include <linux/sysctl.h>
#include "stat.h"

DEFINE_STATIC_KEY_TRUE(vm_alloc_stat_key);

/* Written under the lock only; a reader wants no more than the latest value. */
static u8 alloc_stat = 1;
static DEFINE_MUTEX(alloc_stat_lock);

static int alloc_stat_handler(const struct ctl_table *table, int write,
			      void *buffer, size_t *length, loff_t *pos)
{
	int err;

	mutex_lock(&alloc_stat_lock);
	err = proc_dou8vec_minmax(table, write, buffer, length, pos);
	if (!err && write && alloc_stat)
		static_branch_enable(&vm_alloc_stat_key);
	else if (!err && write)
		static_branch_disable(&vm_alloc_stat_key);
	mutex_unlock(&alloc_stat_lock);
	return err;
}

static struct ctl_table alloc_stat_table[] = {
	{
		.procname = "alloc_stat",
		.data = &alloc_stat,
		.maxlen = sizeof(alloc_stat),
		.mode = 0644,
		.proc_handler = alloc_stat_handler,
		.extra1 = SYSCTL_ZERO,
		.extra2 = SYSCTL_ONE,
	},
};

static int __init alloc_stat_init(void)
{
	register_sysctl_init("vm", alloc_stat_table);
	return 0;
}
late_initcall(alloc_stat_init);
