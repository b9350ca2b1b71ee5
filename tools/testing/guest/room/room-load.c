// SPDX-License-Identifier: GPL-2.0
/*
 * Fill a guest with real things, let them be in the way of large allocations,
 * and see that none of them takes harm.
 *
 *	room-load areas HOW...	the allocations of main.c, as CSV
 *	room-load huge TRIES	huge pages of 1 GiB, as CSV
 *
 * What memory is filled with, by kind: page cache of files of a tree on /file,
 * of which some are dirty; anonymous memory of processes, in huge pages where
 * these fit; files of tmpfs; and pipes with data in them, which are the kernel's
 * own pages.  Inodes, dentries and page tables come along.  Some buffers are
 * registered with io_uring, so pages that are movable by their place are pinned.
 *
 * To begin with, memory is filled to the brim, kinds mixed.  A part is then
 * replaced at random, and at random things go until as much is free as is wanted:
 * what is free is in many places.  All is drawn from one sequence of numbers, the
 * same for every kernel and every HOW.
 *
 * A thing is a number of 64-bit words, all different, that follow from its seed.
 * All words of a thing are compared before it goes, and those of files when they
 * are read; at the end, when nothing else is left, all of the tree from the disk.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define PAGE		4096UL
#define MIB		1048576UL
#define CHUNK		(16 * PAGE)

#define TREE_MIB	900
#define KERNEL_MIB	48
#define BRIM_PERCENT	94
#define HUGE_PERCENT	60
#define PROCESSES	16
#define PIN_MOMENTS	6
#define PIN_BUFFERS	4

enum kind { FILES, ANON, TMPFS, PIPES, NR_KINDS };

/* Of what is in use, in percent. */
static const unsigned int weights[NR_KINDS] = { 45, 42, 10, 3 };

/**
 * struct thing - what memory is filled with
 * @pages: its size
 * @seed: what it says
 * @id: the file's number, or the process's
 * @fd: of tmpfs, or to read a pipe
 * @other: to fill a pipe
 * @at: its address in the process
 */
struct thing {
	unsigned int pages;
	uint32_t seed;
	unsigned int id;
	int fd;
	int other;
	uint64_t at;
};

/* All of a kind, in an array with room for more. */
static struct things {
	struct thing *thing;
	unsigned int nr;
	unsigned int room;
	unsigned long pages;
} things[NR_KINDS];

/* A file of the tree. */
static struct file {
	unsigned int pages;
	uint32_t seed;
	bool cached;
} *files;
static unsigned int nr_files;

/* What a process can be told: OP_END is to compare what is pinned, and exit. */
enum op { OP_MAP, OP_UNMAP, OP_PIN, OP_END };

struct message {
	enum op op;
	struct thing thing;
	unsigned long broken;
};

static struct process {
	pid_t pid;
	int socket;
} processes[PROCESSES];

/* In a process: the buffers that io_uring knows. */
static struct thing pinned[PIN_MOMENTS * PIN_BUFFERS];
static unsigned int nr_pinned;

static uint64_t chunk[CHUNK / sizeof(uint64_t)];
static uint32_t state;
static unsigned long compared, broken;

static uint32_t draw(uint32_t below)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state % below;
}

/* All magnitudes alike: 2^@least to 2^@most pages. */
static unsigned int draw_pages(unsigned int least, unsigned int most)
{
	unsigned int base = 1U << (least + draw(most - least));

	return base + draw(base);
}

static uint64_t word_at(uint32_t seed, uint64_t index)
{
	return (((uint64_t)seed << 32) + index) * 0x9e3779b97f4a7c15;
}

static void write_words(uint64_t *to, size_t bytes, uint32_t seed,
			uint64_t index)
{
	size_t i;

	for (i = 0; i < bytes / sizeof(*to); i++)
		to[i] = word_at(seed, index + i);
}

static unsigned long compare_words(const uint64_t *with, size_t bytes,
				   uint32_t seed, uint64_t index)
{
	unsigned long differ = 0;
	size_t i;

	for (i = 0; i < bytes / sizeof(*with); i++)
		differ += with[i] != word_at(seed, index + i);
	return differ;
}

/* Write @bytes of @seed to @fd, a chunk at a time. */
static void write_to(int fd, size_t bytes, uint32_t seed)
{
	size_t done, now;

	for (done = 0; done < bytes; done += now) {
		now = bytes - done < CHUNK ? bytes - done : CHUNK;
		write_words(chunk, now, seed, done / sizeof(*chunk));
		if (write(fd, chunk, now) != (ssize_t)now)
			err(1, "write");
	}
}

static void compare_from(int fd, size_t bytes, uint32_t seed)
{
	size_t done, now;

	for (done = 0; done < bytes; done += now) {
		now = bytes - done < CHUNK ? bytes - done : CHUNK;
		if (read(fd, chunk, now) != (ssize_t)now)
			err(1, "read");
		broken += compare_words(chunk, now, seed, done / sizeof(*chunk));
	}
	compared += bytes / PAGE;
}

static const char *name_of(const char *format, unsigned int number)
{
	static char name[64];

	snprintf(name, sizeof(name), format, number);
	return name;
}

static int open_or_die(const char *name, int flags)
{
	int fd = open(name, flags, 0600);

	if (fd < 0)
		err(1, "%s", name);
	return fd;
}

/* Files: the tree is written once; "cached" are those that things are made of. */

static void write_file(unsigned int id)
{
	int fd = open_or_die(name_of("/file/%u", id), O_WRONLY | O_CREAT);

	write_to(fd, files[id].pages * PAGE, files[id].seed);
	close(fd);
}

static void forget_file(unsigned int id)
{
	int fd = open_or_die(name_of("/file/%u", id), O_RDONLY);

	fdatasync(fd);
	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	close(fd);
}

static void write_tree(void)
{
	unsigned long left = TREE_MIB * MIB / PAGE;

	state = 20011119;
	files = calloc(left, sizeof(*files));
	while (left) {
		struct file *file = &files[nr_files];

		file->pages = draw_pages(0, 9);
		if (file->pages > left)
			file->pages = left;
		file->seed = draw(1U << 31);
		write_file(nr_files);
		forget_file(nr_files++);
		left -= file->pages;
	}
}

static void compare_file(unsigned int id)
{
	int fd = open_or_die(name_of("/file/%u", id), O_RDONLY);

	compare_from(fd, files[id].pages * PAGE, files[id].seed);
	close(fd);
}

/* As the disk has it. */
static void compare_tree(void)
{
	unsigned int id;

	for (id = 0; id < nr_files; id++) {
		forget_file(id);
		compare_file(id);
	}
}

static bool add_file(struct thing *thing)
{
	unsigned int id = draw(nr_files), i;

	for (i = 0; files[id].cached; i++) {
		if (i == nr_files)
			return false;
		id = (id + 1) % nr_files;
	}
	files[id].cached = true;
	compare_file(id);
	thing->id = id;
	thing->pages = files[id].pages;
	return true;
}

static void remove_file(struct thing *thing)
{
	compare_file(thing->id);
	forget_file(thing->id);
	files[thing->id].cached = false;
}

static unsigned int any_cached_file(void)
{
	return things[FILES].thing[draw(things[FILES].nr)].id;
}

/* Files with an odd number; pages are dirty until they are written. */
static void rewrite_files(unsigned int nr)
{
	while (nr && things[FILES].nr) {
		unsigned int id = any_cached_file();

		if (id % 2 == 0)
			continue;
		files[id].seed = draw(1U << 31);
		write_file(id);
		nr--;
	}
}

/* Processes: each does what it is told over a socket, and answers. */

static void map_thing(struct thing *thing)
{
	void *at = mmap(NULL, thing->pages * PAGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		err(1, "mmap");
	write_words(at, thing->pages * PAGE, thing->seed, 0);
	thing->at = (uintptr_t)at;
}

static unsigned long unmap_thing(const struct thing *thing)
{
	void *at = (void *)(uintptr_t)thing->at;
	unsigned long differ;

	differ = compare_words(at, thing->pages * PAGE, thing->seed, 0);
	munmap(at, thing->pages * PAGE);
	return differ;
}

/* Buffers like @thing, which stay where they are until the process ends. */
static void pin_things(struct thing *thing)
{
	struct iovec buffers[PIN_BUFFERS];
	struct io_uring_params params = { };
	unsigned int i;
	int ring;

	for (i = 0; i < PIN_BUFFERS; i++) {
		map_thing(thing);
		pinned[nr_pinned++] = *thing;
		buffers[i].iov_base = (void *)(uintptr_t)thing->at;
		buffers[i].iov_len = thing->pages * PAGE;
	}
	ring = syscall(__NR_io_uring_setup, 4, &params);
	if (ring < 0 || syscall(__NR_io_uring_register, ring,
				IORING_REGISTER_BUFFERS, buffers, PIN_BUFFERS))
		err(1, "io_uring");
}

static unsigned long compare_pinned(void)
{
	unsigned long differ = 0;

	while (nr_pinned)
		differ += unmap_thing(&pinned[--nr_pinned]);
	return differ;
}

static void obey(struct message *message)
{
	message->broken = 0;
	switch (message->op) {
	case OP_MAP:
		map_thing(&message->thing);
		break;
	case OP_UNMAP:
		message->broken = unmap_thing(&message->thing);
		break;
	case OP_PIN:
		pin_things(&message->thing);
		break;
	case OP_END:
		message->broken = compare_pinned();
	}
}

static void live(int socket)
{
	struct message message;

	while (read(socket, &message, sizeof(message)) == sizeof(message)) {
		obey(&message);
		if (write(socket, &message, sizeof(message)) < 0)
			err(1, "answer");
		if (message.op == OP_END)
			exit(0);
	}
	errx(1, "nobody tells it what to do");
}

static void start_process(struct process *process)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		err(1, "socketpair");
	process->pid = fork();
	if (process->pid < 0)
		err(1, "fork");
	if (!process->pid)
		live(pair[1]);
	close(pair[1]);
	process->socket = pair[0];
}

static void tell(enum op op, struct thing *thing)
{
	struct message message = { .op = op, .thing = *thing };
	int socket = processes[thing->id].socket;

	if (write(socket, &message, sizeof(message)) < 0 ||
	    read(socket, &message, sizeof(message)) != sizeof(message))
		err(1, "process %u", thing->id);
	*thing = message.thing;
	broken += message.broken;
}

static void end_process(unsigned int id)
{
	struct thing thing = { .id = id };
	int status;

	tell(OP_END, &thing);
	close(processes[id].socket);
	if (waitpid(processes[id].pid, &status, 0) < 0 || status)
		errx(1, "process %u died: %x", id, status);
}

static bool add_anon(struct thing *thing)
{
	thing->id = draw(PROCESSES);
	thing->pages = draw_pages(2, 11);
	tell(OP_MAP, thing);
	return true;
}

static void remove_anon(struct thing *thing)
{
	tell(OP_UNMAP, thing);
	compared += thing->pages;
}

static void pin(void)
{
	struct thing thing = {
		.id = draw(PROCESSES), .pages = 16, .seed = draw(1U << 31),
	};

	tell(OP_PIN, &thing);
}

static bool add_tmpfs(struct thing *thing)
{
	thing->pages = draw_pages(0, 9);
	thing->fd = open("/tmp", O_TMPFILE | O_RDWR, 0600);
	if (thing->fd < 0)
		err(1, "/tmp");
	write_to(thing->fd, thing->pages * PAGE, thing->seed);
	return true;
}

static void remove_tmpfs(struct thing *thing)
{
	lseek(thing->fd, 0, SEEK_SET);
	compare_from(thing->fd, thing->pages * PAGE, thing->seed);
	close(thing->fd);
}

static bool add_pipe(struct thing *thing)
{
	int ends[2];

	if (pipe(ends))
		err(1, "pipe");
	thing->pages = CHUNK / PAGE;
	thing->fd = ends[0];
	thing->other = ends[1];
	write_to(thing->other, CHUNK, thing->seed);
	return true;
}

static void remove_pipe(struct thing *thing)
{
	compare_from(thing->fd, CHUNK, thing->seed);
	close(thing->fd);
	close(thing->other);
}

static const struct {
	bool (*add)(struct thing *thing);
	void (*remove)(struct thing *thing);
} kinds[NR_KINDS] = {
	[FILES]	= { add_file,	remove_file },
	[ANON]	= { add_anon,	remove_anon },
	[TMPFS]	= { add_tmpfs,	remove_tmpfs },
	[PIPES]	= { add_pipe,	remove_pipe },
};

static unsigned int add(enum kind kind)
{
	struct things *all = &things[kind];
	struct thing thing = { .seed = draw(1U << 31) };

	if (!kinds[kind].add(&thing))
		return 0;
	if (all->nr == all->room) {
		all->room = 2 * all->room + 64;
		all->thing = realloc(all->thing, all->room * sizeof(thing));
	}
	all->thing[all->nr++] = thing;
	all->pages += thing.pages;
	return thing.pages;
}

static void remove_any(enum kind kind)
{
	struct things *all = &things[kind];
	unsigned int i = draw(all->nr);

	kinds[kind].remove(&all->thing[i]);
	all->pages -= all->thing[i].pages;
	all->thing[i] = all->thing[--all->nr];
}

/* The kind that is farthest from its share, with too little or too much. */
static enum kind odd_kind(bool too_little)
{
	enum kind kind, odd = 0;

	for (kind = 1; kind < NR_KINDS; kind++)
		if ((things[kind].pages * weights[odd] <
		     things[odd].pages * weights[kind]) == too_little)
			odd = kind;
	return odd;
}

/* A line of /proc/meminfo, in pages. */
static unsigned long meminfo_pages(const char *name)
{
	FILE *file = fopen("/proc/meminfo", "re");
	unsigned long kib = 0;
	char line[128];

	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, name, strlen(name)))
			kib = strtoul(line + strlen(name), NULL, 10);
	if (file)
		fclose(file);
	return kib * 1024 / PAGE;
}

static unsigned long pages_for(unsigned int percent)
{
	return meminfo_pages("MemTotal:") * percent / 100;
}

static unsigned long in_use(void)
{
	return meminfo_pages("MemTotal:") - meminfo_pages("MemFree:");
}

/* Up to so many pages in use. */
static void fill(unsigned long target)
{
	while (in_use() < target && add(odd_kind(true)))
		;
}

static void thin_out(unsigned long target)
{
	while (in_use() > target && things[odd_kind(false)].nr)
		remove_any(odd_kind(false));
}

/* The same in steps, each of which ends with pages that are pinned. */
static void fill_and_pin(unsigned long target, unsigned int pins)
{
	unsigned long first = in_use();
	unsigned int i;

	for (i = 1; i <= pins; i++) {
		fill(first + (target - first) * i / (pins + 1));
		pin();
	}
	fill(target);
}

/* @mib of things go, and as much comes. */
static void replace(unsigned long mib)
{
	unsigned long before = in_use();

	thin_out(before - mib * MIB / PAGE);
	fill(before);
}

static void reread_files(unsigned int nr)
{
	while (nr-- && things[FILES].nr)
		compare_file(any_cached_file());
}

/* Of this CPU: no page is left on its way to an LRU list. */
static void empty_lru_batches(void)
{
	int fd = open_or_die("/file/empty", O_RDWR | O_CREAT);

	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	close(fd);
}

/* Between two allocations. */
static void work(unsigned long mib)
{
	replace(mib);
	reread_files(100);
	rewrite_files(4);
	empty_lru_batches();
}

/*
 * The kernel has some memory of its own before others come, as when services
 * are started: else all of it is wherever memory was free last.
 */
static void start(unsigned int seed)
{
	unsigned int i;

	state = seed;
	for (i = 0; i < PROCESSES; i++)
		start_process(&processes[i]);
	while (things[PIPES].pages < KERNEL_MIB * MIB / PAGE)
		add(PIPES);
}

static void begin(unsigned int seed, unsigned int percent)
{
	start(seed);
	fill_and_pin(pages_for(BRIM_PERCENT), PIN_MOMENTS);
	replace(256);
	thin_out(pages_for(percent));
	sync();
}

static void end(void)
{
	enum kind kind;
	unsigned int i;

	for (kind = 0; kind < NR_KINDS; kind++)
		while (things[kind].nr)
			remove_any(kind);
	for (i = 0; i < PROCESSES; i++)
		end_process(i);
}

static void write_line(const char *name, const char *line)
{
	int fd = open_or_die(name, O_WRONLY);

	if (write(fd, line, strlen(line)) < 0)
		err(1, "%s: %s", name, line);
	close(fd);
}

static void read_line(const char *name, char *line, size_t size)
{
	int fd = open_or_die(name, O_RDONLY);
	ssize_t got = read(fd, line, size - 1);

	if (got < 0)
		err(1, "%s", name);
	line[got] = '\0';
	close(fd);
}

/* "mainline" and "engine" are both alloc_contig_pages(). */
static const char *choose(const char *how)
{
	const char *choice = "/sys/module/memarea/parameters/contig";
	bool mainline = !strcmp(how, "mainline");

	if (!mainline && strcmp(how, "engine"))
		return how;
	if (!access(choice, W_OK))
		write_line(choice, mainline ? "0" : "1");
	return "contig";
}

static void one_area(unsigned int percent, const char *how, unsigned int run,
		     unsigned long mib)
{
	const char *room = "/sys/kernel/debug/bench_room";
	char line[128];

	work(16);
	snprintf(line, sizeof(line), "%s %lu", choose(how), mib * MIB / PAGE);
	write_line(room, line);
	read_line(room, line, sizeof(line));
	printf("%u,%s,%u,%lu,%s", percent, how, run, mib, line);
	fflush(stdout);
}

static void areas_of(unsigned int percent, const char *how, unsigned int run)
{
	static const unsigned int sizes[] = {
		1, 3, 8, 33, 100, 128, 200, 256, 300, 512
	};
	unsigned int i;

	begin(percent * 100 + run, percent);
	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		one_area(percent, how, run, sizes[i]);
	end();
}

/* The second time that a HOW is named is its second run. */
static unsigned int run_of(char **hows, unsigned int i)
{
	unsigned int run = 1, j;

	for (j = 0; j < i; j++)
		run += !strcmp(hows[i], hows[j]);
	return run;
}

static void areas(char **hows)
{
	static const unsigned int percents[] = { 30, 60, 85 };
	unsigned int i, j;

	for (i = 0; hows[i]; i++)
		for (j = 0; j < ARRAY_SIZE(percents); j++)
			areas_of(percents[j], hows[i], run_of(hows, i));
}

/* Somebody who never rests: files with an even number, and new memory. */
static void be_busy(void)
{
	struct thing thing = { .pages = 256 };
	unsigned int id;

	for (id = 0; !broken; id = (id + 2) % (nr_files & ~1U)) {
		compare_file(id);
		thing.seed = id;
		map_thing(&thing);
		broken += unmap_thing(&thing);
	}
	exit(1);
}

static pid_t start_busy(void)
{
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (!pid)
		be_busy();
	return pid;
}

static void end_busy(pid_t pid)
{
	int status;

	kill(pid, SIGKILL);
	if (waitpid(pid, &status, 0) < 0 || !WIFSIGNALED(status))
		errx(1, "who was busy died: %x", status);
}

static void one_huge_page(unsigned int try)
{
	const char *nr = "/sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages";
	char line[32];

	fill(pages_for(BRIM_PERCENT));
	thin_out(pages_for(HUGE_PERCENT));
	work(16);
	write_line(nr, "1");
	read_line(nr, line, sizeof(line));
	write_line(nr, "0");
	printf("huge,%u,%s", try, line);
	fflush(stdout);
}

static void huge_pages(unsigned int tries)
{
	unsigned int try;
	pid_t busy;

	start(1);
	busy = start_busy();
	for (try = 1; try <= tries; try++)
		one_huge_page(try);
	end_busy(busy);
	end();
}

int main(int argc, char **argv)
{
	struct rlimit many = { 16384, 16384 };

	setrlimit(RLIMIT_NOFILE, &many);
	write_tree();
	if (argc > 2 && !strcmp(argv[1], "areas"))
		areas(argv + 2);
	else if (argc == 3 && !strcmp(argv[1], "huge"))
		huge_pages(atoi(argv[2]));
	else
		errx(1, "usage: room-load areas HOW... | huge TRIES");
	compare_tree();
	printf("# pages compared %lu, words that differ %lu\n", compared,
	       broken);
	return broken != 0;
}
