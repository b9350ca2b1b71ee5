// SPDX-License-Identifier: GPL-2.0
/*
 * PID 1 of a guest whose kernel cannot run the host's busybox, a 32-bit one:
 * "init" and the job "kunit", which is the only one there.
 *
 * Like those it writes the results of all KUnit suites to the verdict port, as
 * one KTAP document, and a closing line to the console.  A PC without ACPI
 * cannot power off: it resets, which ends QEMU (-no-reboot).
 */
#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <termios.h>
#include <unistd.h>

#define RESULTS	"/sys/kernel/debug/kunit/*/results"

static FILE *open_port(const char *path)
{
	FILE *port = fopen(path, "w");
	struct termios mode;

	if (!port)
		exit(1);
	tcgetattr(fileno(port), &mode);
	cfmakeraw(&mode);
	tcsetattr(fileno(port), TCSANOW, &mode);
	return port;
}

static void close_port(FILE *port)
{
	fflush(port);
	tcdrain(fileno(port));
	fclose(port);
}

/* Copy @line, with its number if it is the verdict on a suite. */
static void copy_line(const char *line, unsigned int number, FILE *to)
{
	static const char * const verdicts[] = { "ok", "not ok" };
	size_t i;

	for (i = 0; i < 2; i++) {
		size_t len = strlen(verdicts[i]);

		if (strncmp(line, verdicts[i], len) ||
		    strncmp(line + len, " 1 ", 3))
			continue;
		fprintf(to, "%s %u ", verdicts[i], number);
		line += len + 3;
		break;
	}
	fputs(line, to);
}

/* Each file is a document of one suite: drop its head. */
static bool copy_suite(const char *path, unsigned int number, FILE *to)
{
	FILE *from = fopen(path, "r");
	unsigned int nr = 0;
	char *line = NULL;
	size_t size = 0;

	if (!from)
		return false;
	while (getline(&line, &size, from) > 0) {
		if (++nr > 2)
			copy_line(line, number, to);
	}
	free(line);
	fclose(from);
	return true;
}

static int kunit(FILE *to)
{
	glob_t suites;
	size_t i;

	if (glob(RESULTS, 0, NULL, &suites))
		return 1;
	fprintf(to, "KTAP version 1\n1..%zu\n", suites.gl_pathc);
	for (i = 0; i < suites.gl_pathc; i++) {
		if (!copy_suite(suites.gl_pathv[i], i + 1, to))
			return 1;
	}
	return 0;
}

/* The kernel makes variables of parameters that it does not know. */
int main(void)
{
	const char *job = getenv("job") ?: "none";
	FILE *verdict, *console;
	int status;

	mount("sysfs", "/sys", "sysfs", 0, NULL);
	mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
	mount("debugfs", "/sys/kernel/debug", "debugfs", 0, NULL);
	verdict = open_port("/dev/ttyS1");
	console = fopen("/dev/console", "w");
	if (!console)
		return 1;
	status = strcmp(job, "kunit") ? 1 : kunit(verdict);
	close_port(verdict);
	fprintf(console, "guest: job %s exited with %d\n", job, status);
	close_port(console);
	reboot(RB_AUTOBOOT);
	return 1;
}
