// SPDX-License-Identifier: GPL-2.0
/*
 * Areas by address and bytes: for users of the linear map, for those who take
 * vmalloc memory if there is no area, and for the boot-time hash tables.
 */
#define pr_fmt(fmt) "memarea: " fmt

#include <linux/export.h>
#include <linux/kmemleak.h>
#include <linux/memarea.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>
#include "internal.h"

static unsigned long bytes_to_pages(size_t bytes)
{
	return (bytes >> PAGE_SHIFT) + !!offset_in_page(bytes);
}

/**
 * alloc_memarea_exact() - allocate physically contiguous memory by size
 * @bytes: size in bytes, rounded up to whole pages
 * @gfp: see __alloc_memarea(); %__GFP_HIGHMEM and %__GFP_COMP are refused,
 *	the first because such pages have no address
 *
 * Context: see __alloc_memarea().
 * Return: the address in the linear map, or NULL.
 */
void *alloc_memarea_exact_noprof(size_t bytes, gfp_t gfp)
{
	struct page *area;

	if (gfp & (__GFP_HIGHMEM | __GFP_COMP)) {
		if (!(gfp & __GFP_NOWARN))
			pr_warn_ratelimited("no address or no whole pages with gfp %pGg\n",
					    &gfp);
		return NULL;
	}
	area = alloc_memarea_node_noprof(NUMA_NO_NODE, gfp,
					 bytes_to_pages(bytes));
	return area ? page_address(area) : NULL;
}
EXPORT_SYMBOL_GPL(alloc_memarea_exact_noprof);

/**
 * free_memarea_exact() - free what alloc_memarea_exact() returned
 * @addr: its address, or NULL for nothing to do
 * @bytes: its size in bytes
 *
 * Context: see free_memarea().
 */
void free_memarea_exact(const void *addr, size_t bytes)
{
	if (addr)
		free_memarea(virt_to_page(addr), bytes_to_pages(bytes));
}
EXPORT_SYMBOL_GPL(free_memarea_exact);

/**
 * kvalloc_memarea() - an area if there is one, else vmalloc memory
 * @bytes: size in bytes, rounded up to whole pages
 * @gfp: see __alloc_memarea(); without %__GFP_DIRECT_RECLAIM there is no
 *	fallback, since vmalloc sleeps
 *
 * Context: see __alloc_memarea().
 * Return: an address of memory that is contiguous there, or NULL.
 */
void *kvalloc_memarea_noprof(size_t bytes, gfp_t gfp)
{
	/* making room for it would cost more than vmalloc does */
	void *addr = alloc_memarea_exact_noprof(bytes, gfp | __GFP_NOWARN |
						__GFP_NORETRY);

	if (addr || !gfpflags_allow_blocking(gfp))
		return addr;
	return vmalloc_huge_noprof(bytes, gfp);
}
EXPORT_SYMBOL_GPL(kvalloc_memarea_noprof);

/**
 * kvfree_memarea() - free what kvalloc_memarea() returned
 * @addr: its address, or NULL for nothing to do
 * @bytes: its size in bytes
 *
 * Context: may sleep if the memory came from vmalloc.
 */
void kvfree_memarea(const void *addr, size_t bytes)
{
	if (is_vmalloc_addr(addr))
		vfree(addr);
	else
		free_memarea_exact(addr, bytes);
}
EXPORT_SYMBOL_GPL(kvfree_memarea);

/*
 * Tables that one buddy block cannot hold, or would hold with a tail to cut
 * off.  Early ones come from memblock; those to be spread over the nodes
 * (hashdist) must not be contiguous.
 */
static bool __init hash_wants_memarea(size_t bytes, int hash_flags)
{
	unsigned long nr_pages = bytes_to_pages(bytes);

	if ((hash_flags & HASH_EARLY) || hashdist)
		return false;
	return nr_pages > MAX_ORDER_NR_PAGES || !is_power_of_2(nr_pages);
}

void *__init memarea_alloc_hash(size_t bytes, gfp_t gfp, int hash_flags)
{
	void *table;

	if (!hash_wants_memarea(bytes, hash_flags))
		return NULL;
	table = alloc_memarea_exact(bytes, gfp | __GFP_NOWARN);
	kmemleak_alloc(table, bytes, 1, gfp);
	return table;
}
