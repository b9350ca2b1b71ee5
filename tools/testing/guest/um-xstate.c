// SPDX-License-Identifier: GPL-2.0
/*
 * A library for LD_PRELOAD that lets User Mode Linux run where the host's XSAVE
 * area is larger than the 2696 bytes that Linux 6.12 keeps of it, as with AMX.
 *
 * The host takes a whole area or none (EFAULT), so that without this not even
 * init runs.  What UML writes of an area is completed with what the process has
 * already.  Invariant: what lies behind UML's part never moves from one process
 * to another; threads of a guest that use AMX would see each other's tiles.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

static long (*next_ptrace)(int request, ...);

/* UML has one thread that traces. */
static long write_xstate(uintptr_t pid, const struct iovec *part)
{
	static char area[65536];
	struct iovec whole = { area, sizeof(area) };
	long err;

	err = next_ptrace(PTRACE_GETREGSET, pid, NT_X86_XSTATE, &whole);
	if (err)
		return err;
	if (part->iov_len < whole.iov_len)
		memcpy(area, part->iov_base, part->iov_len);
	else
		whole = *part;
	return next_ptrace(PTRACE_SETREGSET, pid, NT_X86_XSTATE, &whole);
}

long ptrace(enum __ptrace_request request, ...)
{
	uintptr_t pid, addr, data;
	va_list args;

	va_start(args, request);
	pid = va_arg(args, uintptr_t);
	addr = va_arg(args, uintptr_t);
	data = va_arg(args, uintptr_t);
	va_end(args);

	if (!next_ptrace)
		next_ptrace = (long (*)(int, ...))dlsym(RTLD_NEXT, "ptrace");
	if (request == PTRACE_SETREGSET && addr == NT_X86_XSTATE)
		return write_xstate(pid, (const struct iovec *)data);
	return next_ptrace(request, pid, addr, data);
}
