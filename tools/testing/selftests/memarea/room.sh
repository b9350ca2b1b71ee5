#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Room is made where no free run is: out of clean page cache, of a file system in
# memory, and of a process, all of which must not notice.
# shellcheck shell=dash

# shellcheck source=arena.sh
. "$(dirname "$0")/arena.sh"

# one_size NR: an area, and its pages back again. By the law of leaks,
# as many pages are free then as before, and those that were dropped. Page cache may
# be reclaimed meanwhile: then there are more, but never less.
one_size()
{
	local before most=$slack

	total_free
	before=$total
	in_arena nr="$1" || return
	echo "# nr=$1: $answer"
	is "error for $1 pages" "$error" 0 && between tries "$tries" "$least" 16 &&
		ctl fill "$id" && ctl free "$id" || return
	all_dropped=$((all_dropped + dropped))
	before=$((before + dropped + swapped))
	[ "$dropped" = 0 ] || most=$arena_pages
	total_free
	between "pages found" $((total - before)) -$slack "$most"
}

# Areas for which nothing is free, so that places must be tried.
sizes="5000 6001"
least=1
every_size()
{
	local nr

	for nr in $sizes; do
		one_size "$nr" || return
	done
}

tmpfs_is_moved()
{
	local before

	perforated_tmpfs "$count" || return
	before=$(sum)
	refused_in_arena no_run effort=1 && every_size &&
		is "sum of all files" "$(sum)" "$before" && types_are_right
}

# An ext2 in memory; its own memory is taken before the arena is made. Others may
# drop page cache as well, and so much that something is free.
page_cache_is_dropped()
{
	local before least

	mke2fs -F $disk >/dev/null && mount -t ext2 $disk $mount &&
		files $count || return
	before=$(sum)
	umount $mount && mount -t ext2 $disk $mount && make_arena || return
	is "sum before" "$(sum)" "$before" || return
	all_dropped=0 least=0
	every_size && between dropped $all_dropped 1 20480 &&
		is "sum after" "$(sum)" "$before" && types_are_right
}

# Its pages lie between those of files, which then go.
process_is_moved()
{
	local status sizes=8000

	perforated_tmpfs $((count * 3 / 5)) && start_process || return
	rm -f $mount/*
	every_size
	status=$?
	end_process && is status $status 0 && between moved "$moved" 1 20480 &&
		types_are_right
}

# The area leaves no room for the process: it goes to swap and comes back.
process_is_swapped_out()
{
	local status

	swap_on && make_arena && start_process || return
	until_room effort=4 nr=15000
	is error "$error" 0 && ctl fill "$id" && ctl free "$id"
	status=$?
	end_process && is status $status 0 &&
		between "evicted" $((moved + swapped)) 1 20480 &&
		types_are_right
}

# The call is over soon after SIGKILL, and leaves nothing behind.
killed_is_tidy()
{
	local before child

	perforated_tmpfs "$count" || return
	before=$(sum)
	total_free
	free=$total
	echo "alloc gfp=KERNEL,MOVABLE,NOWARN min=$low max=$high nr=20000" \
		>"$ctl" &
	child=$!
	sleep 0.05 2>/dev/null || ctl wait 50
	kill -9 $child 2>/dev/null
	wait $child 2>/dev/null
	total_free
	between "pages lost or found" $((total - free)) $((-slack)) $slack &&
		is "sum of all files" "$(sum)" "$before" && types_are_right
}

# A budget ends it, and so does a fault with the place isolated.
ends_when_told()
{
	perforated_tmpfs "$count" || return
	refused_in_arena budget pages=10 && is moved "$moved" 0 || return
	if [ -e $debugfs/fail_memarea ]; then
		echo 3 >$debugfs/fail_memarea/step
		echo 0 >$debugfs/fail_memarea/space
		echo 1 >$debugfs/fail_memarea/interval
		echo 100 >$debugfs/fail_memarea/probability
		echo 1 >$debugfs/fail_memarea/times
		refused_in_arena injected || return
		echo 0 >$debugfs/fail_memarea/probability
	fi
	types_are_right && every_size
}

# Threads want areas of all sizes in the arena, and get in each other's way; pages
# of files are moved all the time.
many_at_once()
{
	local before free

	perforated_tmpfs "$count" || return
	before=$(sum)
	total_free
	free=$total
	load memarea_stress areas=4 blocks=0 movable=1 max_pages=2000 \
		from="$low" to="$high" || return
	echo 1 >$stress/run && ctl wait 5000 && echo 0 >$stress/run || return
	read -r got <$stress/got
	read -r broken <$stress/broken
	unload memarea_stress
	total_free
	is "pages in two hands" "$broken" 0 &&
		between "pieces allocated" "$got" 100 1000000000 &&
		between "pages lost or found" $((total - free)) -$slack $slack &&
		is "sum of all files" "$(sum)" "$before" && types_are_right
}

set_up_arena
run_tests tmpfs_is_moved page_cache_is_dropped process_is_moved \
	process_is_swapped_out killed_is_tidy ends_when_told many_at_once
