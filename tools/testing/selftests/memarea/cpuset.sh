#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A task's cpuset says which nodes its areas may come from: always with
# __GFP_HARDWALL, and as alloc_pages() does without.
# shellcheck shell=dash

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

root=/sys/fs/cgroup
set=$root/memarea

moved_to_allowed_node()
{
	area gfp=HARDWALL nr=12345 nid=0 && is node "$nid" 1 && ctl free "$id"
}

refused_elsewhere()
{
	refused not_allowed gfp=USER,THISNODE nr=1555 nid=0 &&
		is error "$error" -19
}

allowed_by_a_parent()
{
	area gfp=THISNODE nr=1555 nid=0 && is node "$nid" 0 && ctl free "$id"
}

own_nodes_first()
{
	area nr=12345 nid=0 && is node "$nid" 1 && ctl free "$id"
}

enter()
{
	mkdir -p $set
	echo 1 >$set/cpuset.mems && echo $$ >$set/cgroup.procs
}

restore()
{
	[ -d $set ] || return
	echo $$ >$root/cgroup.procs
	rmdir $set
}

need /sys/devices/system/node/node1 $root/cgroup.subtree_control
echo +cpuset >$root/cgroup.subtree_control || skip "there are no cpusets"
load memarea_ctl
enter || exit
run_tests moved_to_allowed_node refused_elsewhere allowed_by_a_parent \
	own_nodes_first
