// SPDX-License-Identifier: GPL-2.0
/*
 * The fine level of the map of free memory: a bit for each page.
 *
 * It costs a page of bits per section of memory, 32 KiB per GiB, and a write
 * wherever pages enter or leave the buddy's lists; it makes the exact scan of a
 * large or fragmented zone some hundred times faster.  So it is off by default,
 * and then costs a nop in each of those places.  memarea.bitmap=1 on the kernel
 * command line turns it on, /sys/module/memarea/parameters/bitmap does so, and
 * undoes it, at any time.
 *
 * map.c says how a level is built, written and read.
 *
 * Locks: bitmap_mutex serialises switching, within mem_hotplug_lock, which is
 * within cpu_hotplug_lock.  A section goes with the memory it covers, after a
 * grace period.
 */
#include <linux/cleanup.h>
#include <linux/cpu.h>
#include <linux/init.h>
#include <linux/memory_hotplug.h>
#include <linux/moduleparam.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include "internal.h"
#include "map.h"

DEFINE_STATIC_KEY_FALSE(memarea_bitmap_key);

static struct memarea_bits pages;
static bool pages_complete;
static DEFINE_MUTEX(bitmap_mutex);

/* What the command line asked for, which initcalls see to. */
static bool bitmap_wanted;
static bool bitmap_may_switch;

/* The pages [@pfn, @pfn + @nr) have become free, or are no longer. */
void memarea_bitmap_write(unsigned long pfn, unsigned long nr, bool free)
{
	if (free ? map_fault(MAP_FAULT_MISSED_SET) :
		   map_fault(MAP_FAULT_MISSED_CLEAR))
		return;
	nr -= map_fault(MAP_FAULT_WRONG_EDGE);
	pfn += map_fault(MAP_FAULT_MOVED_BITS);
	memarea_bits_write(&pages, pfn, nr, free);
}

/* The level, if it is complete; valid under RCU. */
const struct memarea_bits *memarea_bitmap(void)
{
	/* pairs with bitmap_on(): the bits are right */
	return smp_load_acquire(&pages_complete) ? &pages : NULL;
}

static bool any_online(unsigned long pfn, unsigned long end)
{
	for (; pfn < end; pfn += pageblock_nr_pages) {
		if (pfn_to_online_page(pfn))
			return true;
	}
	return false;
}

/* Take a section that covers no memory any more out of the map. */
static unsigned long *unhook_section(unsigned long i)
{
	unsigned long pfn = i << BITS_SECTION_SHIFT, *section;

	if (i >= pages.nr || any_online(pfn, pfn + BITS_PER_SECTION))
		return NULL;
	section = pages.sections[i];
	WRITE_ONCE(pages.sections[i], NULL);
	return section;
}

/* Let go of some sections from @i on, a grace period for all; gives the next. */
static unsigned long uncover_batch(unsigned long i, unsigned long end)
{
	unsigned long *sections[16];
	unsigned int nr;

	for (nr = 0; i < end && nr < ARRAY_SIZE(sections); nr++)
		sections[nr] = unhook_section(i++);
	synchronize_rcu();
	while (nr--)
		free_page((unsigned long)sections[nr]);
	return i;
}

static void bitmap_uncover(unsigned long pfn, unsigned long end)
{
	unsigned long i = pfn >> BITS_SECTION_SHIFT;
	unsigned long last = (end - 1) >> BITS_SECTION_SHIFT;

	while (i <= last)
		i = uncover_batch(i, last + 1);
}

/* Memory is about to come online: have bits for it. */
int memarea_bitmap_online(unsigned long pfn, unsigned long end)
{
	guard(mutex)(&bitmap_mutex);
	if (!static_key_enabled(&memarea_bitmap_key))
		return 0;
	return memarea_bits_cover(&pages, pfn, end);
}

/* Memory has gone. */
void memarea_bitmap_offline(unsigned long pfn, unsigned long end)
{
	guard(mutex)(&bitmap_mutex);
	if (static_key_enabled(&memarea_bitmap_key))
		bitmap_uncover(pfn, end);
}

static void drop_sections(void)
{
	unsigned long i;

	for (i = 0; i < pages.nr; i++)
		free_page((unsigned long)pages.sections[i]);
	kvfree(pages.sections);
	pages = (struct memarea_bits) { };
}

static void bitmap_off(void)
{
	WRITE_ONCE(pages_complete, false);
	static_branch_disable_cpuslocked(&memarea_bitmap_key);
	synchronize_rcu();
	drop_sections();
}

static int bitmap_on(void)
{
	int err = memarea_bits_cover_online(&pages);

	if (err) {
		drop_sections();
		return err;
	}
	static_branch_enable_cpuslocked(&memarea_bitmap_key);
	/* one hook may have been on before another */
	synchronize_rcu();
	memarea_bits_clear(&pages);
	memarea_bits_fill(&pages);
	/* pairs with memarea_bitmap() */
	smp_store_release(&pages_complete, true);
	return 0;
}

/* Keep the level as it is, on or off. */
void memarea_bitmap_pin(void)
{
	cpus_read_lock();
	get_online_mems();
	mutex_lock(&bitmap_mutex);
}

void memarea_bitmap_unpin(void)
{
	mutex_unlock(&bitmap_mutex);
	put_online_mems();
	cpus_read_unlock();
}

/* Turn the level on or off; allocations go on meanwhile. */
int memarea_bitmap_switch(bool on)
{
	int err = 0;

	memarea_bitmap_pin();
	if (on && !static_key_enabled(&memarea_bitmap_key))
		err = bitmap_on();
	else if (!on && static_key_enabled(&memarea_bitmap_key))
		bitmap_off();
	memarea_bitmap_unpin();
	return err;
}

static int param_set_bitmap(const char *val, const struct kernel_param *kp)
{
	int err = param_set_bool(val, kp);

	if (err || !READ_ONCE(bitmap_may_switch))
		return err;
	return memarea_bitmap_switch(bitmap_wanted);
}

static int param_get_bitmap(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%c\n",
			  static_key_enabled(&memarea_bitmap_key) ? 'Y' : 'N');
}

static const struct kernel_param_ops bitmap_ops = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG,
	.set = param_set_bitmap,
	.get = param_get_bitmap,
};

#undef MODULE_PARAM_PREFIX
#define MODULE_PARAM_PREFIX "memarea."
module_param_cb(bitmap, &bitmap_ops, &bitmap_wanted, 0644);

static int __init bitmap_init(void)
{
	WRITE_ONCE(bitmap_may_switch, true);
	return bitmap_wanted ? memarea_bitmap_switch(true) : 0;
}
core_initcall(bitmap_init);
