// SPDX-License-Identifier: GPL-2.0
/*
 * memarea_orders: large blocks by way of those who ask the page allocator for them.
 *
 * A name written to "try" is of one of the ways below to get memory.  For each of
 * its sizes a few pieces are had at once and looked at: they must be the large
 * blocks, or mapped by the large pages, that this way is to give.  Each word of
 * them is written before any is read, so that two that are the same memory would
 * be found out.  Then all are freed.  The write fails if anything of this does, and
 * the log says what.
 */
#include <linux/dma-mapping.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include "huge_page.h"

#define PIECES	4

struct piece {
	void *addr;
	dma_addr_t dma;
};

/* How to get memory; @begin and @end, if any, are for all pieces of one size. */
struct way {
	const char *name;
	size_t sizes[3];
	int (*begin)(size_t size);
	void (*end)(void);
	void (*get)(struct piece *p, size_t size);
	void (*put)(struct piece *p, size_t size);
	bool (*right)(const struct piece *p, size_t size);
};

static struct platform_device *device;
static struct kmem_cache *cache;

static void get_kmalloc(struct piece *p, size_t size)
{
	p->addr = kmalloc(size, GFP_KERNEL);
}

/* Where nothing may sleep, for which a debugging kernel has an eye. */
static void get_atomic(struct piece *p, size_t size)
{
	preempt_disable();
	p->addr = kmalloc(size, GFP_ATOMIC);
	preempt_enable();
}

static void put_kmalloc(struct piece *p, size_t size)
{
	kfree(p->addr);
}

/* One compound page, aligned to its size. */
static bool is_block(const struct piece *p, size_t size)
{
	struct page *page = virt_to_page(p->addr);

	return compound_order(page) == get_order(size) &&
	       IS_ALIGNED(page_to_phys(page), PAGE_SIZE << get_order(size));
}

static void get_vmalloc(struct piece *p, size_t size)
{
	p->addr = vmalloc_huge(size, GFP_KERNEL);
}

static void put_vmalloc(struct piece *p, size_t size)
{
	vfree(p->addr);
}

/* Else the address is given up later, and what KASAN has for it. */
static void end_vmalloc(void)
{
	vm_unmap_aliases();
}

static bool is_mapped_huge(const struct piece *p, size_t size)
{
	size_t offset;

	for (offset = 0; offset < size; offset += PMD_SIZE)
		if (!is_huge_page((unsigned long)p->addr + offset))
			return false;
	return true;
}

static int begin_slab(size_t size)
{
	cache = kmem_cache_create("memarea_orders", size, 0, SLAB_NO_MERGE, NULL);
	return cache ? 0 : -ENOMEM;
}

static void end_slab(void)
{
	kmem_cache_destroy(cache);
}

static void get_slab(struct piece *p, size_t size)
{
	p->addr = kmem_cache_alloc(cache, GFP_KERNEL);
}

static void put_slab(struct piece *p, size_t size)
{
	kmem_cache_free(cache, p->addr);
}

/* Part of a compound page in which there is room for it. */
static bool is_in_slab(const struct piece *p, size_t size)
{
	struct folio *folio = virt_to_folio(p->addr);

	return folio_test_slab(folio) && folio_size(folio) >= size &&
	       IS_ALIGNED(PFN_PHYS(folio_pfn(folio)), folio_size(folio));
}

/* What may not sleep does not come from a contiguous memory area. */
static void get_coherent(struct piece *p, size_t size)
{
	p->addr = dma_alloc_coherent(&device->dev, size, &p->dma, GFP_NOWAIT);
}

static void put_coherent(struct piece *p, size_t size)
{
	dma_free_coherent(&device->dev, size, p->addr, p->dma);
}

static bool is_aligned_for_dma(const struct piece *p, size_t size)
{
	return IS_ALIGNED(p->dma, PAGE_SIZE << get_order(size));
}

static const struct way ways[] = {
	{
		.name = "kmalloc", .sizes = { SZ_1M, SZ_2M, SZ_4M },
		.get = get_kmalloc, .put = put_kmalloc, .right = is_block,
	},
	{
		.name = "atomic", .sizes = { SZ_1M, SZ_2M, SZ_4M },
		.get = get_atomic, .put = put_kmalloc, .right = is_block,
	},
	{
		.name = "vmalloc", .sizes = { SZ_4M, SZ_4M + SZ_2M },
		.end = end_vmalloc,
		.get = get_vmalloc, .put = put_vmalloc, .right = is_mapped_huge,
	},
	{
		.name = "slab", .sizes = { SZ_512K, SZ_2M + SZ_1M },
		.begin = begin_slab, .end = end_slab,
		.get = get_slab, .put = put_slab, .right = is_in_slab,
	},
	{
		.name = "coherent", .sizes = { SZ_1M, SZ_2M, SZ_4M },
		.get = get_coherent, .put = put_coherent, .right = is_aligned_for_dma,
	},
};

static unsigned long stamp_of(const struct piece *p, size_t word)
{
	return (unsigned long)p->addr ^ word;
}

static void stamp(const struct piece *p, size_t size)
{
	unsigned long *words = p->addr;
	size_t i;

	for (i = 0; i < size / sizeof(*words); i++)
		words[i] = stamp_of(p, i);
}

static bool is_stamped(const struct piece *p, size_t size)
{
	const unsigned long *words = p->addr;
	size_t i;

	for (i = 0; i < size / sizeof(*words); i++)
		if (words[i] != stamp_of(p, i))
			return false;
	return true;
}

static const char *get_pieces(const struct way *way, struct piece *pieces, size_t size)
{
	unsigned int i;

	for (i = 0; i < PIECES; i++) {
		way->get(&pieces[i], size);
		if (!pieces[i].addr)
			return "is not to be had";
		if (!way->right(&pieces[i], size))
			return "is not what it should be";
		stamp(&pieces[i], size);
	}
	return NULL;
}

static const char *look_at_pieces(const struct piece *pieces, size_t size)
{
	unsigned int i;

	for (i = 0; i < PIECES; i++)
		if (!is_stamped(&pieces[i], size))
			return "was overwritten";
	return NULL;
}

static void put_pieces(const struct way *way, struct piece *pieces, size_t size)
{
	unsigned int i;

	for (i = 0; i < PIECES; i++)
		if (pieces[i].addr)
			way->put(&pieces[i], size);
}

static int try_size(const struct way *way, size_t size)
{
	struct piece pieces[PIECES] = { };
	const char *fault = "has no beginning";

	if (!way->begin || !way->begin(size)) {
		fault = get_pieces(way, pieces, size) ?: look_at_pieces(pieces, size);
		put_pieces(way, pieces, size);
		if (way->end)
			way->end();
	}
	if (fault)
		pr_info("memarea_orders: %s of %zu KiB %s\n", way->name, size / SZ_1K, fault);
	return fault ? -EIO : 0;
}

static int try_way(const struct way *way)
{
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < ARRAY_SIZE(way->sizes) && way->sizes[i]; i++)
		err = try_size(way, way->sizes[i]);
	return err;
}

static int try_set(const char *value, const struct kernel_param *param)
{
	unsigned int i;

	for (i = 0; device && i < ARRAY_SIZE(ways); i++)
		if (sysfs_streq(value, ways[i].name))
			return try_way(&ways[i]);
	return -EINVAL;
}

static const struct kernel_param_ops try_ops = { .set = try_set };
module_param_cb(try, &try_ops, NULL, 0200);
MODULE_PARM_DESC(try, "Get memory in this way, look at it, and free it");

static int __init orders_init(void)
{
	struct platform_device *made;
	int err;

	made = platform_device_register_simple("memarea_orders", PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(made))
		return PTR_ERR(made);
	err = dma_coerce_mask_and_coherent(&made->dev, DMA_BIT_MASK(64));
	if (err)
		platform_device_unregister(made);
	else
		device = made;
	return err;
}
module_init(orders_init);

static void __exit orders_exit(void)
{
	platform_device_unregister(device);
}
module_exit(orders_exit);

MODULE_DESCRIPTION("memarea selftest: large blocks for who asks for them");
MODULE_LICENSE("GPL");
