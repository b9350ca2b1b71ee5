#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Batches of pages: allocated on one CPU and freed on another while timers do
# batches of their own, charged to a memory cgroup, and not counted on demand.
# shellcheck shell=dash

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

parameters=/sys/module/memarea_bulk/parameters
group=/sys/fs/cgroup/memarea-bulk

run_for_a_while()
{
	echo 1 >$parameters/run && ctl wait 3000 && echo 0 >$parameters/run
}

# No page is in two hands, and none is lost.
from_cpu_to_cpu()
{
	local got broken

	keeps_the_law run_for_a_while || return
	read -r got <$parameters/got
	read -r broken <$parameters/broken
	is "pages in two hands" "$broken" 0 &&
		between "batches" "$got" 20 1000000000
}

# Pages of kernel memory charged to the group.
charged()
{
	local key value

	while read -r key value; do
		[ "$key" != kernel ] || echo $((value / 4096))
	done <$group/memory.stat
}

hold_in_group()
{
	(echo 0 >$group/cgroup.procs && echo "$1" >$parameters/hold)
}

charged_as_one()
{
	local before

	before=$(charged)
	hold_in_group 512 || return
	between "pages charged" $(($(charged) - before)) 512 600 || return
	echo 0 >$parameters/hold
	between "pages still charged" $(($(charged) - before)) -64 64
}

refused_at_the_limit()
{
	echo 1M >$group/memory.max
	! hold_in_group 512 2>/dev/null || return
	echo 0 >$parameters/hold
	echo max >$group/memory.max
	hold_in_group 512 && echo 0 >$parameters/hold
}

freed_pages()
{
	sed -n 's/^pgfree //p' /proc/vmstat
}

counted_on_demand()
{
	local before after

	echo 0 >/proc/sys/vm/alloc_stat || return
	before=$(freed_pages)
	echo 500 >$parameters/hold
	echo 0 >$parameters/hold
	after=$(freed_pages)
	echo 1 >/proc/sys/vm/alloc_stat
	is "pages counted" $((after - before)) 0 || return
	echo 500 >$parameters/hold
	echo 0 >$parameters/hold
	between "pages counted" $(($(freed_pages) - after)) 500 1000000000
}

bad_values_refused()
{
	! (echo 2 >/proc/sys/vm/alloc_stat) 2>/dev/null &&
		is "switch" "$(cat /proc/sys/vm/alloc_stat)" 1
}

restore()
{
	[ ! -d $group ] || rmdir $group
}

need /proc/sys/vm/alloc_stat
load memarea_ctl
load memarea_bulk
echo +memory >/sys/fs/cgroup/cgroup.subtree_control
mkdir -p $group
run_tests from_cpu_to_cpu charged_as_one refused_at_the_limit \
	counted_on_demand bad_values_refused
