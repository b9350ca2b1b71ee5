// SPDX-License-Identifier: GPL-2.0
/*
 * fail_memarea: make allocations of areas fail, at a step of one's choice.
 *
 * The attributes are those of Documentation/fault-injection/; "step" says
 * where: 0 before the search, 1 with pages taken, 2 with pages prepared, 3 with a
 * place isolated that is to be evacuated.
 */
#include <linux/debugfs.h>
#include <linux/fault-inject.h>
#include <linux/init.h>
#include "internal.h"

static struct {
	struct fault_attr attr;
	u32 step;
} fail_memarea = {
	.attr = FAULT_ATTR_INITIALIZER,
};

static int __init setup_fail_memarea(char *str)
{
	return setup_fault_attr(&fail_memarea.attr, str);
}
__setup("fail_memarea=", setup_fail_memarea);

bool memarea_should_fail(struct memarea_call *call, enum memarea_fault step)
{
	int flags = call->gfp & __GFP_NOWARN ? FAULT_NOWARN : 0;

	if (READ_ONCE(fail_memarea.step) != step)
		return false;
	if (!should_fail_ex(&fail_memarea.attr, call->spec.nr, flags))
		return false;
	memarea_note(call, MEMAREA_INJECTED);
	return true;
}

static int __init fail_memarea_debugfs(void)
{
	struct dentry *dir;

	dir = fault_create_debugfs_attr("fail_memarea", NULL,
					&fail_memarea.attr);
	debugfs_create_u32("step", 0600, dir, &fail_memarea.step);
	return 0;
}
late_initcall(fail_memarea_debugfs);
