// SPDX-License-Identifier: GPL-2.0
/*
 * memarea_edu: a PCI driver for QEMU's "-device edu" that needs an area.
 *
 * The device has a small buffer and a DMA engine that reaches the lower 256 MiB
 * alone.  The driver asks for an area of some MiB there, of a size that no buddy
 * block has, and sends its first, middle and last page, and what lies on both
 * sides of a page border, to the device and back.
 *
 * Probing is a row of steps.  All they acquire is managed, so that a failing
 * step just returns; "fail_at" makes step N fail, one more than there are steps
 * the end of a complete probe.
 */
#include <linux/dma-mapping.h>
#include <linux/iopoll.h>
#include <linux/memarea.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pci.h>

#define EDU_DMA_SRC	0x80
#define EDU_DMA_DST	0x88
#define EDU_DMA_COUNT	0x90
#define EDU_DMA_CMD	0x98
#define EDU_DMA_RUN	BIT(0)
#define EDU_DMA_TO_RAM	BIT(1)
#define EDU_REGS	0xa0

#define EDU_DMA_BITS	28
#define EDU_BUFFER	0x40000
/* The buffer is twice as large, but QEMU 7.2 refuses to go to its very end. */
#define EDU_CHUNK	2048

#define EDU_TIMEOUT_US	(20 * USEC_PER_SEC)

static unsigned long nr_pages = 1555;
module_param(nr_pages, ulong, 0644);
MODULE_PARM_DESC(nr_pages, "Size of the area");

static unsigned int fail_at;
module_param(fail_at, uint, 0644);
MODULE_PARM_DESC(fail_at, "Step of the probe that is to fail, from 1");

struct edu {
	struct pci_dev *pdev;
	void __iomem *regs;
	struct page *area;
	unsigned long nr_pages;
	s64 usec;		/* that the allocation took */
};

static int edu_enable(struct edu *edu)
{
	return pcim_enable_device(edu->pdev);
}

static int edu_request(struct edu *edu)
{
	return pcim_request_region(edu->pdev, 0, KBUILD_MODNAME);
}

/* No more than is used: page tables of kernel addresses are never freed. */
static int edu_map(struct edu *edu)
{
	edu->regs = pcim_iomap_range(edu->pdev, 0, 0, EDU_REGS);
	return PTR_ERR_OR_ZERO(edu->regs);
}

static int edu_reach(struct edu *edu)
{
	pci_set_master(edu->pdev);
	return dma_set_mask_and_coherent(&edu->pdev->dev,
					 DMA_BIT_MASK(EDU_DMA_BITS));
}

static int edu_alloc(struct edu *edu)
{
	struct device *dev = &edu->pdev->dev;
	struct memarea_request req = {
		.nr_pages = nr_pages,
		.max_pfn = PHYS_PFN(dma_get_mask(dev) + 1),
		.nid = dev_to_node(dev),
		.gfp = GFP_KERNEL,
	};
	struct memarea_result result;
	ktime_t start = ktime_get();

	edu->area = __devm_alloc_memarea(dev, &req, &result);
	edu->usec = ktime_us_delta(ktime_get(), start);
	edu->nr_pages = req.nr_pages;
	return result.error;
}

/* Addresses have 28 bits: the upper halves of the registers stay 0. */
static int edu_dma(struct edu *edu, u32 src, u32 dst, u32 cmd)
{
	writel(src, edu->regs + EDU_DMA_SRC);
	writel(dst, edu->regs + EDU_DMA_DST);
	writel(EDU_CHUNK, edu->regs + EDU_DMA_COUNT);
	writel(cmd | EDU_DMA_RUN, edu->regs + EDU_DMA_CMD);
	return readl_poll_timeout(edu->regs + EDU_DMA_CMD, cmd,
				  !(cmd & EDU_DMA_RUN), USEC_PER_MSEC,
				  EDU_TIMEOUT_US);
}

static int edu_copy(struct edu *edu, void *addr, enum dma_data_direction dir)
{
	struct device *dev = &edu->pdev->dev;
	dma_addr_t dma = dma_map_single(dev, addr, EDU_CHUNK, dir);
	int ret;

	if (dma_mapping_error(dev, dma))
		return -ENOMEM;
	if (dir == DMA_TO_DEVICE)
		ret = edu_dma(edu, dma, EDU_BUFFER, 0);
	else
		ret = edu_dma(edu, EDU_BUFFER, dma, EDU_DMA_TO_RAM);
	dma_unmap_single(dev, dma, EDU_CHUNK, dir);
	return ret;
}

static void write_pattern(u32 *words, u32 seed)
{
	int i;

	for (i = 0; i < EDU_CHUNK / sizeof(*words); i++)
		words[i] = seed + i * 0x9e3779b9;
}

static bool is_pattern(const u32 *words, u32 seed)
{
	int i;

	for (i = 0; i < EDU_CHUNK / sizeof(*words); i++)
		if (words[i] != seed + i * 0x9e3779b9)
			return false;
	return true;
}

/* Send a pattern to the device, forget it, and get it back. */
static int edu_there_and_back(struct edu *edu, void *addr)
{
	u32 seed = lower_32_bits(virt_to_phys(addr));
	int ret;

	write_pattern(addr, seed);
	ret = edu_copy(edu, addr, DMA_TO_DEVICE);
	if (ret)
		return ret;
	memset(addr, 0, EDU_CHUNK);
	ret = edu_copy(edu, addr, DMA_FROM_DEVICE);
	if (ret)
		return ret;
	return is_pattern(addr, seed) ? 0 : -EIO;
}

/* A page's worth of bytes from @offset of the area on. */
static int edu_try(struct edu *edu, const char *what, size_t offset)
{
	void *addr = page_address(edu->area) + offset;
	size_t done;
	int ret = 0;

	for (done = 0; !ret && done < PAGE_SIZE; done += EDU_CHUNK)
		ret = edu_there_and_back(edu, addr + done);
	pci_info(edu->pdev, "%s, pfn %#lx: %s\n", what,
		 PHYS_PFN(virt_to_phys(addr)), ret ? "FAILED" : "ok");
	return ret;
}

static int edu_first(struct edu *edu)
{
	return edu_try(edu, "first page", 0);
}

static int edu_middle(struct edu *edu)
{
	return edu_try(edu, "middle page", edu->nr_pages / 2 * PAGE_SIZE);
}

static int edu_last(struct edu *edu)
{
	return edu_try(edu, "last page", (edu->nr_pages - 1) * PAGE_SIZE);
}

/* What only contiguous memory allows. */
static int edu_border(struct edu *edu)
{
	return edu_try(edu, "border of two pages", PAGE_SIZE - EDU_CHUNK / 2);
}

static int (*const edu_steps[])(struct edu *edu) = {
	edu_enable,
	edu_request,
	edu_map,
	edu_reach,
	edu_alloc,
	edu_first,
	edu_middle,
	edu_last,
	edu_border,
};

static int edu_run_steps(struct edu *edu)
{
	unsigned int i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(edu_steps); i++) {
		ret = fail_at == i + 1 ? -EIO : edu_steps[i](edu);
		if (ret)
			return dev_err_probe(&edu->pdev->dev, ret,
					     "step %u failed\n", i + 1);
	}
	return fail_at > i ? -EIO : 0;
}

static int edu_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct edu *edu = devm_kzalloc(&pdev->dev, sizeof(*edu), GFP_KERNEL);

	if (!edu)
		return -ENOMEM;
	edu->pdev = pdev;
	pci_set_drvdata(pdev, edu);
	return edu_run_steps(edu);
}

static ssize_t area_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	struct edu *edu = dev_get_drvdata(dev);

	return sysfs_emit(buf, "pfn=%lu nr=%lu usec=%lld\n",
			  page_to_pfn(edu->area), edu->nr_pages, edu->usec);
}
static DEVICE_ATTR_RO(area);

static struct attribute *edu_attrs[] = {
	&dev_attr_area.attr,
	NULL
};
ATTRIBUTE_GROUPS(edu);

static const struct pci_device_id edu_ids[] = {
	{ PCI_DEVICE(0x1234, 0x11e8) },
	{ }
};
MODULE_DEVICE_TABLE(pci, edu_ids);

static struct pci_driver edu_driver = {
	.name = KBUILD_MODNAME,
	.id_table = edu_ids,
	.probe = edu_probe,
	.dev_groups = edu_groups,
};
module_pci_driver(edu_driver);

MODULE_DESCRIPTION("memarea selftest: DMA to and from an area");
MODULE_LICENSE("GPL");
