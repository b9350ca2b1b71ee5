#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Threads on all CPUs allocate and free areas while others do so with blocks from
# alloc_pages(): no page is ever in two hands, and none is lost.
# shellcheck shell=dash

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

parameters=/sys/module/memarea_stress/parameters

run_for_a_while()
{
	echo 1 >&4 && ctl wait 3000 && echo 0 >&4
}

# stress AREAS BLOCKS: so many threads for each
stress()
{
	local got broken status

	load memarea_stress areas="$1" blocks="$2" || return
	exec 4>$parameters/run
	keeps_the_law run_for_a_while
	status=$?
	exec 4>&-
	read -r got <$parameters/got
	read -r broken <$parameters/broken
	unload memarea_stress
	is "status of the law" $status 0 && is "pages in two hands" "$broken" 0 &&
		between "pieces allocated" "$got" 100 1000000000
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
