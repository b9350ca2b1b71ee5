#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Threads on all CPUs allocate and free areas while others do so with blocks from
# alloc_pages(): no page is ever in two hands, and none is lost.
# shellcheck shell=dash

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

run_for_a_while()
{
	echo 1 >&4 && ctl wait 3000 && echo 0 >&4
}

# stress AREAS BLOCKS: so many threads for each
stress()
{
	under_stress run_for_a_while areas="$1" blocks="$2"
}

areas_alone()
{
	stress 2 0
}

areas_and_blocks()
{
	stress 2 2
}

many_threads()
{
	stress 5 5
}

load memarea_ctl
run_tests areas_alone areas_and_blocks many_threads
