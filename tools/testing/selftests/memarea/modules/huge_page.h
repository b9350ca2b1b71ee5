/* SPDX-License-Identifier: GPL-2.0 */
/* Is an address of the kernel's mapped by a huge page? */
#ifndef _HUGE_PAGE_H
#define _HUGE_PAGE_H

#include <linux/mm.h>
#include <linux/pgtable.h>
#include <linux/vmalloc.h>

#ifdef CONFIG_X86

static inline bool is_huge_page(unsigned long addr)
{
	unsigned int level;

	return lookup_address(addr, &level) && level >= PG_LEVEL_2M;
}

#else

/* Modules cannot ask the page table: what might be mapped so. */
static inline bool is_huge_page(unsigned long addr)
{
	return IS_ALIGNED(PFN_PHYS(vmalloc_to_pfn((void *)addr)), PMD_SIZE);
}

#endif

#endif /* _HUGE_PAGE_H */
