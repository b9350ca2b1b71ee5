// SPDX-License-Identifier: GPL-2.0
/*
 * thp MIB: touch so much memory for which huge pages are advised, and print how
 * many faults got one, and how many did not:
 *
 *	ALLOC,FALLBACK
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define HUGE_SIZE (2UL << 20)

/* A counter of /proc/vmstat. */
static long counter(const char *name)
{
	FILE *file = fopen("/proc/vmstat", "r");
	char word[64];
	long value;

	while (file && fscanf(file, "%63s %ld", word, &value) == 2) {
		if (!strcmp(word, name)) {
			fclose(file);
			return value;
		}
	}
	fprintf(stderr, "thp: no %s\n", name);
	exit(1);
}

static char *huge_area(size_t size)
{
	char *area = mmap(NULL, size + HUGE_SIZE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (area == MAP_FAILED)
		goto failed;
	area = (char *)(((uintptr_t)area + HUGE_SIZE - 1) & -HUGE_SIZE);
	if (madvise(area, size, MADV_HUGEPAGE))
		goto failed;
	return area;
failed:
	perror("thp");
	exit(1);
}

int main(int argc, char **argv)
{
	size_t size = argc == 2 ? strtoul(argv[1], NULL, 10) << 20 : 0;
	char *area = huge_area(size);
	long alloc = counter("thp_fault_alloc");
	long fallback = counter("thp_fault_fallback");

	for (size_t at = 0; at < size; at += HUGE_SIZE)
		area[at] = 1;
	printf("%ld,%ld\n", counter("thp_fault_alloc") - alloc,
	       counter("thp_fault_fallback") - fallback);
	return 0;
}
