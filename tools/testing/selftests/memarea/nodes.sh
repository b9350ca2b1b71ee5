#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# With two nodes, areas come from the node that the request names, and from no
# node that it excludes.
# shellcheck shell=dash

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

preferred_node()
{
	local node

	for node in 0 1; do
		area nr=12345 nid=$node && is "node of nid=$node" "$nid" $node &&
			ctl free "$id" || return
	done
}

nodemask()
{
	area nr=12345 nid=0 nodes=1 && is "node" "$nid" 1 && ctl free "$id" &&
		area nr=12345 nid=1 nodes=0-1 && is "node" "$nid" 1 &&
		ctl free "$id"
}

# Node 0 has the lowest PFNs.
fallback()
{
	area nr=1555 nid=1 max=65536 && is "node" "$nid" 0 && ctl free "$id"
}

no_fallback_from_this_node()
{
	refused not_allowed gfp=KERNEL,THISNODE nr=1555 nid=1 max=65536 &&
		area gfp=THISNODE nr=1555 nid=1 && is "node" "$nid" 1 &&
		ctl free "$id"
}

nodemask_against_range()
{
	refused not_allowed gfp=KERNEL nr=1555 nodes=1 max=65536 &&
		is error "$error" -19
}

nodemask_against_this_node()
{
	refused not_allowed gfp=KERNEL,THISNODE nr=1 nid=0 nodes=1
}

# Half of one node is there, twice of it is not, in whatever node.
# The size of an area that node 0 has room for once, but not twice: most of what
# it has, or a little less than its largest run if that is shorter.
once_on_node0()
{
	awk '/^node +0 / && !/Movable/ && $6 > most { most = $6 }
		END { print (most > 131000 ? 130000 : most - 1000) }' \
		/sys/kernel/debug/memarea/largest
}

spread_over_both()
{
	local first nr

	nr=$(once_on_node0)
	area nr="$nr" nid=0 && first=$id && is "first node" "$nid" 0 &&
		area nr="$nr" nid=0 && is "second node" "$nid" 1 &&
		ctl free "$id" && ctl free "$first"
}

need /sys/devices/system/node/node1
load memarea_ctl
around=keeps_the_law
run_tests preferred_node nodemask fallback no_fallback_from_this_node \
	nodemask_against_range nodemask_against_this_node spread_over_both
