// SPDX-License-Identifier: GPL-2.0
/*
 * memarea_ctl: the selftests' hand on the API.
 *
 * /sys/kernel/debug/memarea_ctl takes one command per write, carries it out in
 * the writer's context, and answers the next read by one line of "key=value",
 * which a shell can eval.  Numbers are decimal.
 *
 *   alloc KEY=VALUE...	__alloc_memarea(); the keys are nr, align, offset,
 *			boundary, min, max, blocks, nid, nodes=LIST,
 *			effort=NUMBER, pages and msecs (the budget for making
 *			room), gfp=NAME,... and irq=1, which makes the call
 *			from hardirq context
 *   exact KEY=VALUE...	alloc_memarea_exact() of nr pages
 *   kv KEY=VALUE...	kvalloc_memarea() of nr pages
 *   split ID AT	make two areas of one, the second with an ID of its own
 *   free ID [irq]	free_memarea() or its counterpart, perhaps from hardirq
 *   refree ID TIMES	free_memarea(), and so many times again, which is wrong:
 *			nobody else may take the pages meanwhile
 *   put ID		put_page() for every page
 *   fill ID		write to every page
 *   check ID		count pages with a reference count other than 1, and
 *			pages that are not all zeroes
 *   wait MSECS		sleep, which costs a shell a process
 *   zones		wait for what RCU is to free, drain per-CPU lists, then
 *			count the free pages of each zone, exactly
 *
 * An allocation that fails is an answer; a command that makes no sense is an
 * error of the write.  Up to 512 areas are kept; what is still there is freed
 * with the module.
 */
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/highmem.h>
#include <linux/irq_work.h>
#include <linux/ktime.h>
#include <linux/memarea.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/nodemask.h>
#include <linux/rcupdate.h>
#include <linux/seq_buf.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

/* An area, or a part of one, that is ours. */
struct area {
	struct page *page;
	unsigned long nr_pages;
	void *addr;		/* if it was had by address */
};

/* One call of the API, and what came of it. */
struct call {
	void (*fn)(struct call *call);
	struct irq_work work;
	unsigned long irq;
	struct memarea_request req;
	struct memarea_result res;
	nodemask_t nodes;
	struct area area;
	s64 usec;
};

/*
 * All that a command needs is static: where free pages are counted, nobody must
 * allocate behind the counter's back.  An ID is one more than an index.
 */
static DEFINE_MUTEX(lock);
static struct area areas[512];
static char line[SZ_512];
static DECLARE_SEQ_BUF(answer, SZ_512);

static const char * const reasons[] = {
	[MEMAREA_OK]		= "ok",
	[MEMAREA_BAD_SIZE]	= "bad_size",
	[MEMAREA_BAD_ALIGN]	= "bad_align",
	[MEMAREA_BAD_OFFSET]	= "bad_offset",
	[MEMAREA_BAD_BOUNDARY]	= "bad_boundary",
	[MEMAREA_BAD_RANGE]	= "bad_range",
	[MEMAREA_BAD_NODE]	= "bad_node",
	[MEMAREA_BAD_GFP]	= "bad_gfp",
	[MEMAREA_NOT_ALLOWED]	= "not_allowed",
	[MEMAREA_WATERMARK]	= "watermark",
	[MEMAREA_NO_RUN]	= "no_run",
	[MEMAREA_GAVE_UP]	= "gave_up",
	[MEMAREA_ISOLATED]	= "isolated",
	[MEMAREA_UNMOVABLE]	= "unmovable",
	[MEMAREA_HELD]		= "held",
	[MEMAREA_WRITEBACK]	= "writeback",
	[MEMAREA_NO_TARGET]	= "no_target",
	[MEMAREA_CONTENDED]	= "contended",
	[MEMAREA_BUDGET]	= "budget",
	[MEMAREA_KILLED]	= "killed",
	[MEMAREA_CHARGE]	= "charge",
	[MEMAREA_NO_DEVRES]	= "no_devres",
	[MEMAREA_INJECTED]	= "injected",
};

static const struct {
	const char *name;
	gfp_t gfp;
} gfp_names[] = {
	{ "KERNEL",	GFP_KERNEL },
	{ "USER",	GFP_USER },
	{ "ATOMIC",	GFP_ATOMIC },
	{ "NOWAIT",	GFP_NOWAIT },
	{ "DMA",	__GFP_DMA },
	{ "DMA32",	__GFP_DMA32 },
	{ "MOVABLE",	__GFP_HIGHMEM | __GFP_MOVABLE },
	{ "THISNODE",	__GFP_THISNODE },
	{ "HARDWALL",	__GFP_HARDWALL },
	{ "ZERO",	__GFP_ZERO },
	{ "ACCOUNT",	__GFP_ACCOUNT },
	{ "COMP",	__GFP_COMP },
	{ "NOWARN",	__GFP_NOWARN },
	{ "NORETRY",	__GFP_NORETRY },
	{ "MAYFAIL",	__GFP_RETRY_MAYFAIL },
	{ "NOFAIL",	__GFP_NOFAIL },
};

static const struct {
	const char *name;
	size_t offset;
} numbers[] = {
	{ "nr",		offsetof(struct call, req.nr_pages) },
	{ "align",	offsetof(struct call, req.align) },
	{ "offset",	offsetof(struct call, req.offset) },
	{ "boundary",	offsetof(struct call, req.boundary) },
	{ "min",	offsetof(struct call, req.min_pfn) },
	{ "max",	offsetof(struct call, req.max_pfn) },
	{ "blocks",	offsetof(struct call, req.max_blocks) },
	{ "pages",	offsetof(struct call, req.room_pages) },
	{ "irq",	offsetof(struct call, irq) },
};

static int parse_gfp(char *list, gfp_t *gfp)
{
	char *name;
	int i;

	while ((name = strsep(&list, ","))) {
		for (i = 0; i < ARRAY_SIZE(gfp_names); i++)
			if (!strcmp(name, gfp_names[i].name))
				break;
		if (i == ARRAY_SIZE(gfp_names))
			return -EINVAL;
		*gfp |= gfp_names[i].gfp;
	}
	return 0;
}

static int parse_nodes(const char *list, struct call *call)
{
	call->req.nodemask = &call->nodes;
	return nodelist_parse(list, call->nodes);
}

static int parse_number(const char *key, const char *value, struct call *call)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		if (!strcmp(key, numbers[i].name))
			return kstrtoul(value, 0,
					(void *)call + numbers[i].offset);
	return -EINVAL;
}

static int parse_word(char *word, struct call *call)
{
	char *key = strsep(&word, "=");

	if (!word)
		return -EINVAL;
	if (!strcmp(key, "gfp"))
		return parse_gfp(word, &call->req.gfp);
	if (!strcmp(key, "nid"))
		return kstrtoint(word, 0, &call->req.nid);
	if (!strcmp(key, "effort"))
		return kstrtouint(word, 0, &call->req.effort);
	if (!strcmp(key, "msecs"))
		return kstrtouint(word, 0, &call->req.room_msecs);
	if (!strcmp(key, "nodes"))
		return parse_nodes(word, call);
	return parse_number(key, word, call);
}

static void run(struct call *call)
{
	ktime_t start = ktime_get();

	call->fn(call);
	call->usec = ktime_us_delta(ktime_get(), start);
}

static void run_in_irq(struct irq_work *work)
{
	run(container_of(work, struct call, work));
}

static void run_where_told(struct call *call)
{
	if (!call->irq) {
		run(call);
		return;
	}
	call->work = IRQ_WORK_INIT_HARD(run_in_irq);
	irq_work_queue(&call->work);
	irq_work_sync(&call->work);
}

static size_t area_bytes(const struct area *area)
{
	return area->nr_pages << PAGE_SHIFT;
}

static void do_alloc(struct call *call)
{
	call->area.page = __alloc_memarea(&call->req, &call->res);
}

static void note_address(struct call *call, void *addr)
{
	call->area.addr = addr;
	if (!addr)
		call->res.error = -ENOMEM;
	else if (is_vmalloc_addr(addr))
		call->area.page = vmalloc_to_page(addr);
	else
		call->area.page = virt_to_page(addr);
}

static void do_exact(struct call *call)
{
	note_address(call, alloc_memarea_exact(area_bytes(&call->area),
					       call->req.gfp));
}

static void do_kv(struct call *call)
{
	note_address(call, kvalloc_memarea(area_bytes(&call->area),
					   call->req.gfp));
}

static void do_free(struct call *call)
{
	const struct area *area = &call->area;

	if (area->addr)
		kvfree_memarea(area->addr, area_bytes(area));
	else
		free_memarea(area->page, area->nr_pages);
}

static void free_area(const struct area *area, bool irq)
{
	struct call call = { .fn = do_free, .irq = irq, .area = *area };

	run_where_told(&call);
}

/* The ID, or 0 if there is none left. */
static int keep(const struct area *area)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(areas); i++) {
		if (areas[i].page)
			continue;
		areas[i] = *area;
		return i + 1;
	}
	return 0;
}

static void forget(struct area *area)
{
	area->page = NULL;
}

static void tell_area(const struct area *area, int id)
{
	const struct zone *zone = area->page ? page_zone(area->page) : NULL;

	seq_buf_printf(&answer, "id=%d pfn=%lu nid=%d zone=%s vmalloc=%d ", id,
		       zone ? page_to_pfn(area->page) : 0,
		       zone ? page_to_nid(area->page) : NUMA_NO_NODE,
		       zone ? zone->name : "none", is_vmalloc_addr(area->addr));
}

static void tell_result(const struct call *call)
{
	const struct memarea_result *res = &call->res;

	seq_buf_printf(&answer, "usec=%lld error=%d reason=%s ", call->usec,
		       res->error, reasons[res->reason]);
	seq_buf_printf(&answer, "zones=%u blocks=%lu lost=%u drains=%u largest=%lu",
		       res->zones, res->blocks, res->lost, res->drains,
		       res->largest);
	seq_buf_printf(&answer, " windows=%lu tries=%u dropped=%lu moved=%lu",
		       res->windows, res->tries, res->dropped, res->moved);
	seq_buf_printf(&answer, " swapped=%lu msecs=%u culprit=%lu",
		       res->swapped, res->msecs, res->pfn);
}

static int allocate(char *words, void (*fn)(struct call *call))
{
	struct call call = { .fn = fn, .req.nid = NUMA_NO_NODE };
	char *word;
	int id = 0;
	int ret = 0;

	while (!ret && (word = strsep(&words, " ")))
		ret = parse_word(word, &call);
	if (ret)
		return ret;
	call.area.nr_pages = call.req.nr_pages;
	run_where_told(&call);
	if (call.area.page) {
		id = keep(&call.area);
		if (!id) {
			free_area(&call.area, false);
			return -ENOSPC;
		}
	}
	tell_area(&call.area, id);
	tell_result(&call);
	return 0;
}

static int cmd_alloc(char *words)
{
	return allocate(words, do_alloc);
}

static int cmd_exact(char *words)
{
	return allocate(words, do_exact);
}

static int cmd_kv(char *words)
{
	return allocate(words, do_kv);
}

/* Cut the ID off @words and look it up. */
static struct area *find_area(char **words)
{
	char *word = strsep(words, " ");
	unsigned int id;

	if (!word || kstrtouint(word, 0, &id) || !id || id > ARRAY_SIZE(areas))
		return NULL;
	return areas[id - 1].page ? &areas[id - 1] : NULL;
}

static int cmd_split(char *words)
{
	struct area *area = find_area(&words);
	struct area tail = { };
	unsigned long at;
	int id;

	if (!area || area->addr || !words || kstrtoul(words, 0, &at) || !at ||
	    at >= area->nr_pages)
		return -EINVAL;
	tail.page = area->page + at;
	tail.nr_pages = area->nr_pages - at;
	id = keep(&tail);
	if (!id)
		return -ENOSPC;
	area->nr_pages = at;
	tell_area(&tail, id);
	return 0;
}

static int cmd_free(char *words)
{
	struct area *area = find_area(&words);

	if (!area || (words && strcmp(words, "irq")))
		return -EINVAL;
	free_area(area, words);
	forget(area);
	return 0;
}

static int cmd_refree(char *words)
{
	struct area *area = find_area(&words);
	unsigned int i, times;

	if (!area || !words || kstrtouint(words, 0, &times))
		return -EINVAL;
	for (i = 0; i <= times; i++)
		free_area(area, false);
	forget(area);
	return 0;
}

static int cmd_put(char *words)
{
	struct area *area = find_area(&words);
	unsigned long i;

	if (!area || area->addr)
		return -EINVAL;
	for (i = 0; i < area->nr_pages; i++)
		put_page(area->page + i);
	forget(area);
	return 0;
}

static int cmd_fill(char *words)
{
	struct area *area = find_area(&words);
	unsigned long i;

	if (!area || area->addr)
		return -EINVAL;
	for (i = 0; i < area->nr_pages; i++) {
		memset_page(area->page + i, 0, 0x5a, PAGE_SIZE);
		cond_resched();
	}
	return 0;
}

static bool is_dirty(struct page *page)
{
	void *addr = kmap_local_page(page);
	bool dirty = memchr_inv(addr, 0, PAGE_SIZE);

	kunmap_local(addr);
	return dirty;
}

static int cmd_check(char *words)
{
	struct area *area = find_area(&words);
	unsigned long i, refs = 0, dirty = 0;

	if (!area || area->addr)
		return -EINVAL;
	for (i = 0; i < area->nr_pages; i++) {
		refs += page_ref_count(area->page + i) != 1;
		dirty += is_dirty(area->page + i);
		cond_resched();
	}
	seq_buf_printf(&answer, "refs=%lu dirty=%lu", refs, dirty);
	return 0;
}

/* Asking for all of a zone is in vain, but drains per-CPU lists first. */
static void drain_zone(struct zone *zone)
{
	struct memarea_request req = {
		.nr_pages = zone->spanned_pages,
		.min_pfn = zone->zone_start_pfn,
		.max_pfn = zone_end_pfn(zone),
		.nid = zone_to_nid(zone),
		.gfp = GFP_HIGHUSER_MOVABLE | __GFP_THISNODE | __GFP_NOWARN,
		.effort = MEMAREA_EFFORT_FREE,
	};

	free_memarea(__alloc_memarea(&req, NULL), req.nr_pages);
}

static unsigned long free_pages_in(struct zone *zone)
{
	unsigned long flags, nr = 0;
	int order;

	spin_lock_irqsave(&zone->lock, flags);
	for (order = 0; order < NR_BUDDY_ORDERS; order++)
		nr += zone->free_area[order].nr_free << order;
	spin_unlock_irqrestore(&zone->lock, flags);
	return nr;
}

static void tell_zone(struct zone *zone)
{
	if (!populated_zone(zone))
		return;
	drain_zone(zone);
	seq_buf_printf(&answer, "node%d_%s=%lu ", zone_to_nid(zone), zone->name,
		       free_pages_in(zone));
}

static int cmd_zones(char *words)
{
	int nid, i;

	rcu_barrier();
	for_each_online_node(nid)
		for (i = 0; i < MAX_NR_ZONES; i++)
			tell_zone(&NODE_DATA(nid)->node_zones[i]);
	return 0;
}

static int cmd_wait(char *words)
{
	unsigned int msecs;

	if (!words || kstrtouint(words, 0, &msecs))
		return -EINVAL;
	msleep_interruptible(msecs);
	return 0;
}

static const struct {
	const char *name;
	int (*fn)(char *words);
} commands[] = {
	{ "alloc",	cmd_alloc },
	{ "exact",	cmd_exact },
	{ "kv",		cmd_kv },
	{ "split",	cmd_split },
	{ "free",	cmd_free },
	{ "refree",	cmd_refree },
	{ "put",	cmd_put },
	{ "fill",	cmd_fill },
	{ "check",	cmd_check },
	{ "wait",	cmd_wait },
	{ "zones",	cmd_zones },
};

static int execute(char *words)
{
	char *name = strsep(&words, " ");
	int i;

	for (i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(name, commands[i].name))
			break;
	return i < ARRAY_SIZE(commands) ? commands[i].fn(words) : -EINVAL;
}

static ssize_t ctl_write(struct file *file, const char __user *buf,
			 size_t count, loff_t *pos)
{
	int ret = -EFAULT;

	if (count >= sizeof(line))
		return -EINVAL;
	mutex_lock(&lock);
	seq_buf_clear(&answer);
	if (!copy_from_user(line, buf, count)) {
		line[count] = '\0';
		ret = execute(strim(line));
	}
	seq_buf_putc(&answer, '\n');
	mutex_unlock(&lock);
	/* the answer is read from its start, also by who has kept the file open */
	*pos = 0;
	return ret ?: count;
}

static ssize_t ctl_read(struct file *file, char __user *buf, size_t count,
			loff_t *pos)
{
	ssize_t ret;

	mutex_lock(&lock);
	ret = simple_read_from_buffer(buf, count, pos, answer.buffer,
				      seq_buf_used(&answer));
	mutex_unlock(&lock);
	return ret;
}

static const struct file_operations ctl_fops = {
	.owner = THIS_MODULE,
	.read = ctl_read,
	.write = ctl_write,
	.llseek = default_llseek,
};

static struct dentry *ctl_file;

static int __init ctl_init(void)
{
	ctl_file = debugfs_create_file("memarea_ctl", 0600, NULL, NULL,
				       &ctl_fops);
	return 0;
}

static void __exit ctl_exit(void)
{
	int i;

	debugfs_remove(ctl_file);
	for (i = 0; i < ARRAY_SIZE(areas); i++)
		if (areas[i].page)
			free_area(&areas[i], false);
}

module_init(ctl_init);
module_exit(ctl_exit);

MODULE_DESCRIPTION("memarea selftests: allocate and free by command");
MODULE_LICENSE("GPL");
