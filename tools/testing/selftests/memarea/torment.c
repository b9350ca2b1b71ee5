// SPDX-License-Identifier: GPL-2.0
/*
 * torment MIB SECONDS: a process whose memory is what it should be.
 *
 * Regions of 4 MiB are mapped, filled, compared, paged out, put into huge pages,
 * offered for merging, compared by a child and unmapped at random.  A region's
 * words follow from its seed; where the seed is odd, all of its pages are alike,
 * so that there is something to merge.
 *
 * The exit status is 1 if a word was not what it should be, and 2 for all else.
 */
#include <err.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define REGION		(4UL << 20)
#define WORDS		(REGION / sizeof(uint64_t))
#define PAGE_WORDS	512

struct region {
	uint64_t *words;
	uint64_t seed;
};

static struct region *regions;
static unsigned long nr_regions;
static uint64_t state = 88172645463325252;

static uint64_t draw(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static uint64_t word_at(uint64_t seed, uint64_t index)
{
	if (seed & 1)
		index %= PAGE_WORDS;
	return (seed + index) * 0x9e3779b97f4a7c15;
}

static void fill(const struct region *r)
{
	uint64_t i;

	for (i = 0; i < WORDS; i++)
		r->words[i] = word_at(r->seed, i);
}

static bool is_whole(const struct region *r)
{
	uint64_t i;

	for (i = 0; i < WORDS; i++)
		if (r->words[i] != word_at(r->seed, i))
			return false;
	return true;
}

static void compare(const struct region *r)
{
	if (!is_whole(r))
		errx(1, "words are not what they were");
}

static void compare_in_child(const struct region *r)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		err(2, "fork");
	if (!pid)
		_exit(!is_whole(r));
	if (waitpid(pid, &status, 0) < 0)
		err(2, "waitpid");
	if (!WIFEXITED(status))
		errx(2, "a child was killed");
	if (WEXITSTATUS(status))
		errx(1, "words are not what they were, in a child");
}

/* Advice need not be taken. */
static void advise(const struct region *r)
{
	static const int advice[] = {
		MADV_PAGEOUT, MADV_PAGEOUT, MADV_COLD, MADV_HUGEPAGE,
		MADV_NOHUGEPAGE, MADV_MERGEABLE, MADV_MERGEABLE,
		MADV_UNMERGEABLE,
	};

	madvise(r->words, REGION, advice[draw() % ARRAY_SIZE(advice)]);
}

static void map(struct region *r)
{
	r->words = mmap(NULL, REGION, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (r->words == MAP_FAILED)
		err(2, "mmap");
	r->seed = draw();
	advise(r);
	fill(r);
}

static void unmap(struct region *r)
{
	compare(r);
	munmap(r->words, REGION);
	r->words = NULL;
}

static void do_something(struct region *r)
{
	unsigned int what = draw() % 8;

	if (!r->words)
		map(r);
	else if (what < 4)
		advise(r);
	else if (what < 6)
		compare(r);
	else if (what < 7)
		compare_in_child(r);
	else
		unmap(r);
}

int main(int argc, char **argv)
{
	unsigned long i;
	time_t end;

	if (argc != 3)
		errx(2, "usage: torment MIB SECONDS");
	nr_regions = atol(argv[1]) / 4 + 1;
	end = time(NULL) + atol(argv[2]);
	state += getpid();
	regions = calloc(nr_regions, sizeof(*regions));
	if (!regions)
		err(2, "calloc");
	while (time(NULL) < end)
		do_something(&regions[draw() % nr_regions]);
	for (i = 0; i < nr_regions; i++)
		if (regions[i].words)
			unmap(&regions[i]);
	return 0;
}
