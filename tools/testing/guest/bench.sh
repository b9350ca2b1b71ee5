#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# bench.sh: alloc_memarea() beside alloc_contig_pages() in one boot, on UML
# (native cycles of one CPU, no lock instructions) and in QEMU with -icount
# (instructions, no caches). A third kernel, with the tracepoints for it, tells
# how long interrupts are off. Then guests of 1, 16 and 128 GiB show how costs
# grow with memory. The CSV and the tables stay in build/bench/.
#
# The kernels that are compared are without CONFIG_PAGE_BULK, or the pages of
# alloc_contig_pages() would be freed by our means, too.

. "${0%/*}/lib.sh"
. "$guest/bench-lib.sh"

bench()
{
	MEM=1G "$guest/run.sh" "$1" bench >&2
	said_by "$1" bench >"$results/$1.csv"
	{
		echo "$2"
		circumstances
		guest_circumstances "$1" "1 GiB"
		"$guest/bench-table.py" <"$results/$1.csv"
	} | tee "$results/$1.txt"
	echo
}

# grow GIB JOB
grow()
{
	MEM=${1}G "$guest/run.sh" memarea "$2" >&2
	said_by memarea "$2" >"$results/growth-$1.csv"
	"$guest/bench-table.py" "$1" <"$results/growth-$1.csv"
}

# Served requests are marked +, refused ones -.
growth()
{
	echo "Instructions in QEMU, -icount shift=0, by size of the guest"
	printf '%8s %-12s%7s |%12s  %12s  %12s\n' guest image pages contig \
		memarea bitmap
	grow 1 bench-growth
	grow 16 bench-growth
	grow 128 bench-growth-huge
}

"$guest/deps.sh"
bench um-memarea "Cycles on User Mode Linux"
bench memarea "Instructions in QEMU, -icount shift=0"
bench irqsoff "Instructions, with the cost of the tracepoints, for the last lines"
growth | tee "$results/growth.txt"
