#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# 100 GiB in one piece, and what else only a large machine can show. Needs a guest
# of 128 GiB.
# shellcheck shell=dash

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

gib=262144

# A page that somebody has for a moment, in the middle of memory, is in the way. No
# room is made meanwhile: the blocks that are put back after that are the next ones
# to be taken for a page, at an edge of the range that is to be free. Pages are taken
# beside the range, too, while it is in use, and stay. So it has room behind it for
# the next one, and ends where a block does.
hundred()
{
	local from="min=$((25 * gib)) align=1024"

	for _ in 1 2 3 4 5 6 7 8 9 10; do
		# shellcheck disable=SC2086	# two words
		area gfp=NOWAIT,NOWARN nr=$((100 * gib)) $from && return
		sleep 1
	done
	# shellcheck disable=SC2086
	area nr=$((100 * gib)) $from
}

hundred_gib()
{
	hundred && ctl free "$id"
}

# The pages are really in a row: the parts' PFNs tell.
contiguous_to_the_end()
{
	local first start

	hundred && first=$id && start=$pfn &&
		ctl split "$first" $((100 * gib - 1)) &&
		is "last page" "$pfn" $((start + 100 * gib - 1)) &&
		ctl free "$first" && ctl free "$id"
}

ten_gib_aligned_to_one()
{
	area nr=$((10 * gib)) align=$gib &&
		is "start modulo 1 GiB" $((pfn % gib)) 0 && ctl free "$id"
}

two_of_forty_gib()
{
	local first start

	area nr=$((40 * gib)) && first=$id && start=$pfn &&
		area nr=$((40 * gib)) || return
	[ "$pfn" -ge $((start + 40 * gib)) ] ||
		[ "$start" -ge $((pfn + 40 * gib)) ] || return
	ctl free "$first" && ctl free "$id"
}

two_hundred_gib_refused()
{
	refused not_allowed gfp=KERNEL,NOWARN nr=$((200 * gib)) &&
		is error "$error" -19
}

# The zone is this long, but its struct pages lie in it.
more_than_is_free_refused()
{
	refused watermark gfp=KERNEL nr=$((124 * gib)) && is error "$error" -12
}

[ "$(awk '/^MemTotal/ { print $2 }' /proc/meminfo)" -gt 120000000 ] ||
	skip "there are no 128 GiB"
load memarea_ctl
around=keeps_the_law
run_tests hundred_gib contiguous_to_the_end ten_gib_aligned_to_one \
	two_of_forty_gib two_hundred_gib_refused \
	more_than_is_free_refused
