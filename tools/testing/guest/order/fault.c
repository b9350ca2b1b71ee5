// SPDX-License-Identifier: GPL-2.0
/*
 * page_fault1 of will-it-scale's shape: map anonymous memory, touch each page of
 * it, unmap it.  Prints lines of CSV as the module impact does:
 *
 *	fault,SIZE,PAGES,TOUCH,UNMAP,0,0
 *
 * with the size of a page, base or huge if there are such, and the time stamp counts
 * for all pages, the least of some rounds.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define THP "/sys/kernel/mm/transparent_hugepage"

#define AREA_SIZE (64UL << 20)
#define BASE_SIZE 4096UL
#define HUGE_SIZE (2UL << 20)
#define ROUNDS 8

struct cost {
	uint64_t touch;
	uint64_t unmap;
};

static uint64_t counter(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a" (low), "=d" (high) : : "memory");
	return (uint64_t)high << 32 | low;
}

static uint64_t min(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* As much again is mapped, for the pages touched to begin where a huge one can. */
static void one_round(size_t page, int advice, struct cost *least)
{
	uint64_t begin, touched, end;
	char *map, *area;
	size_t at;

	map = mmap(NULL, 2 * AREA_SIZE, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (map == MAP_FAILED) {
		perror("fault");
		exit(1);
	}
	madvise(map, 2 * AREA_SIZE, advice);
	area = (char *)(((uintptr_t)map + HUGE_SIZE - 1) & -HUGE_SIZE);
	begin = counter();
	for (at = 0; at < AREA_SIZE; at += page)
		area[at] = 1;
	touched = counter();
	munmap(map, 2 * AREA_SIZE);
	end = counter();
	least->touch = min(least->touch, touched - begin);
	least->unmap = min(least->unmap, end - touched);
}

static void measure(size_t page, int advice)
{
	struct cost least = { UINT64_MAX, UINT64_MAX };
	int round;

	for (round = 0; round < ROUNDS; round++)
		one_round(page, advice, &least);
	printf("fault,%zu,%lu,%lu,%lu,0,0\n", page, AREA_SIZE / page,
	       (unsigned long)least.touch, (unsigned long)least.unmap);
}

/* How many faults have got a huge page. */
static long huge_faults(void)
{
	FILE *file = fopen("/proc/vmstat", "r");
	char word[64];
	long value;

	while (file && fscanf(file, "%63s %ld", word, &value) == 2) {
		if (!strcmp(word, "thp_fault_alloc")) {
			fclose(file);
			return value;
		}
	}
	return -1;
}

int main(void)
{
	long before = huge_faults();

	measure(BASE_SIZE, MADV_NOHUGEPAGE);
	if (access(THP, F_OK))
		return 0;
	measure(HUGE_SIZE, MADV_HUGEPAGE);
	if (huge_faults() == before + (long)(ROUNDS * (AREA_SIZE / HUGE_SIZE)))
		return 0;
	fprintf(stderr, "fault: not all pages were huge\n");
	return 1;
}
