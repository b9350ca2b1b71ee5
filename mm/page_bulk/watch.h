/* SPDX-License-Identifier: GPL-2.0 */
/* Who watches pages come and go, as far as the configuration says it. */
#ifndef _MM_PAGE_BULK_WATCH_H
#define _MM_PAGE_BULK_WATCH_H

#include <linux/gfp.h>
#include <linux/kconfig.h>
#include <linux/page_owner.h>

#if defined(HAVE_ARCH_ALLOC_PAGE) || defined(HAVE_ARCH_FREE_PAGE)
#define WATCHED_BY_ARCH	true
#else
#define WATCHED_BY_ARCH	false
#endif

#define WATCHED_BY_CONFIG	(WATCHED_BY_ARCH ||			\
				 IS_ENABLED(CONFIG_KASAN) ||		\
				 IS_ENABLED(CONFIG_KMSAN) ||		\
				 IS_ENABLED(CONFIG_PAGE_TABLE_CHECK) ||	\
				 IS_ENABLED(CONFIG_DEBUG_LOCK_ALLOC) ||	\
				 IS_ENABLED(CONFIG_DEBUG_OBJECTS_FREE) ||	\
				 IS_ENABLED(CONFIG_DEBUG_VM))

#ifdef CONFIG_PAGE_OWNER
static inline bool page_owner_is_on(void)
{
	return static_branch_unlikely(&page_owner_inited);
}
#else
static inline bool page_owner_is_on(void)
{
	return false;
}
#endif

#endif /* _MM_PAGE_BULK_WATCH_H */
