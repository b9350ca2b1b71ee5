// SPDX-License-Identifier: GPL-2.0
/* Areas that are freed when their device is unbound. */
#include <linux/device.h>
#include <linux/export.h>
#include <linux/memarea.h>
#include "internal.h"

struct area_devres {
	struct page *area;
	unsigned long nr_pages;
};

static const struct memarea_result no_devres = {
	.error = -ENOMEM,
	.reason = MEMAREA_NO_DEVRES,
};

static void release_area(struct device *dev, void *res)
{
	struct area_devres *dr = res;

	free_memarea(dr->area, dr->nr_pages);
}

static int match_area(struct device *dev, void *res, void *area)
{
	struct area_devres *dr = res;

	return dr->area == area;
}

/**
 * __devm_alloc_memarea() - allocate an area that is freed with a device
 * @dev: its unbinding frees the area
 * @req: see __alloc_memarea()
 * @result: see __alloc_memarea()
 *
 * Context: see __alloc_memarea().
 * Return: the first page, or NULL.
 */
struct page *__devm_alloc_memarea_noprof(struct device *dev,
					 const struct memarea_request *req,
					 struct memarea_result *result)
{
	struct area_devres *dr;

	dr = devres_alloc(release_area, sizeof(*dr), req->gfp &
			  (GFP_RECLAIM_MASK & ~(__GFP_NOFAIL | __GFP_MEMALLOC)));
	if (!dr) {
		if (result)
			*result = no_devres;
		return NULL;
	}
	dr->area = __alloc_memarea_noprof(req, result);
	dr->nr_pages = req->nr_pages;
	if (!dr->area) {
		devres_free(dr);
		return NULL;
	}
	devres_add(dev, dr);
	return dr->area;
}
EXPORT_SYMBOL_GPL(__devm_alloc_memarea_noprof);

/**
 * devm_free_memarea() - free an area before its device is unbound
 * @dev: the device it was allocated for
 * @area: its first page
 *
 * Context: see free_memarea().
 */
void devm_free_memarea(struct device *dev, struct page *area)
{
	WARN_ON(devres_release(dev, release_area, match_area, area));
}
EXPORT_SYMBOL_GPL(devm_free_memarea);
