#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Memory goes offline and online again while threads allocate and free areas: the
# search reads no struct page that is gone, and afterwards every page is there.
#
# An area blocks memory that is to go offline until it is freed, like any pages
# that cannot be migrated. So this is tried in movable zones, with areas there.
# shellcheck shell=dash

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

cycle_under_stress()
{
	local status

	echo 1 >&4
	cycle_blocks
	status=$?
	echo 0 >&4
	return $status
}

offline_and_online_under_stress()
{
	under_stress cycle_under_stress areas=2 blocks=1 movable=1
}

# Nothing is found in memory that is offline.
nothing_offline_is_taken()
{
	local block=${free_blocks##* } nr size status

	read -r size <$memory/block_size_bytes
	size=$((0x$size / 4096)) nr=${block##*memory}
	echo offline >"$block/state" || return
	ctl alloc gfp=KERNEL,MOVABLE,NOWARN nr=1 min=$((nr * size)) \
		max=$(((nr + 1) * size)) && is area "$id" 0
	status=$?
	echo online_movable >"$block/state" && return $status
}

need "$memory/block_size_bytes"
load memarea_ctl
find_free_blocks
[ -n "$free_blocks" ] || skip "no movable zone has a free block"
run_tests offline_and_online_under_stress all_online_again \
	nothing_offline_is_taken
