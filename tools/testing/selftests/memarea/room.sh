#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Room is made where no free run is: out of clean page cache, of a file system in
# memory, and of a process, all of which must not notice.
#
# To know where pages are, nearly all memory is taken that movable pages go to
# first, the movable zones if there are any, but for an arena of 80 MiB. What is
# written then lies in the arena, and the areas are to lie there, too. The kernel's
# own compaction must not make room first: it starts by itself where free memory is
# in pieces, so it is told not to.
# shellcheck shell=dash

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

arena_pages=20480
mount=/tmp/room
stress=/sys/module/memarea_stress/parameters
proactive=/proc/sys/vm/compaction_proactiveness

# Print "min=PFN max=PFN" of each movable zone.
movable_zones()
{
	awk '
	/^Node/ { movable = $4 == "Movable" }
	movable && $1 == "spanned" { pages = $2 }
	movable && $1 == "start_pfn:" && pages {
		print "min=" $2 " max=" $2 + pages
	}' /proc/zoneinfo
}

# hog KEY=VALUE...: take what is free, in pieces as large as there are; $hogs.
hog()
{
	local nr=262144

	while [ $nr -ge 16 ]; do
		ctl alloc gfp=KERNEL,MOVABLE,NOWARN effort=1 nr=$nr "$@" ||
			return
		if [ "$error" = 0 ]; then
			hogs="$id $hogs"
		else
			nr=$((nr / 2))
		fi
	done
}

hog_zones()
{
	local min max

	[ -n "$movable" ] || hog
	while read -r min max; do
		[ -z "$min" ] || hog "$min" "$max"
	done <<-EOF
		$movable
	EOF
}

free_hogs()
{
	local hog

	for hog in $hogs; do
		ctl free "$hog"
	done
	hogs=
}

# Only [$low, $high) is free.
make_arena()
{
	# shellcheck disable=SC2086	# "min=PFN max=PFN", or nothing
	area gfp=MOVABLE nr=$arena_pages align=512 $first || return
	low=$pfn high=$((pfn + arena_pages))
	arena=$id
	hog_zones
	ctl free "$arena"
}

# files COUNT: files of four pages in $mount, each with its number all over.
files()
{
	awk -v count="$1" -v dir=$mount '
	BEGIN {
		for (i = 0; i < count; i++) {
			name = sprintf("%s/%05d", dir, i)
			line = sprintf("%063d\n", i)
			text = line
			while (length(text) < 16384)
				text = text text
			printf "%s", text >name
			close(name)
		}
	}'
}

# Some files go, so that the longest run is of a few pages: runs that are used next,
# by whatever processor, as they are drained from the lists of the one that freed
# them.
perforate()
{
	rm -f $mount/[0-9]*[0369] && ctl zones
}

sum()
{
	cat "$mount"/[0-9]* | md5sum
}

# in_arena KEY=VALUE...: an area where only the arena has room.
in_arena()
{
	ctl alloc gfp=KERNEL,MOVABLE,NOWARN min="$low" max="$high" "$@"
}

# How many pages are free, of all zones: pages that move change no more.
total_free()
{
	local word

	total=0
	ctl zones
	for word in $answer; do
		total=$((total + ${word#*=}))
	done
}

# What is isolated, and how many pageblocks of a movable zone are of other types:
# some may be from the start, where struct pages are initialised late.
other_types()
{
	awk '
	/^Number of blocks type/ {
		for (i = 5; i <= NF; i++)
			column[$i] = i
		next
	}
	/ type / {
		next
	}
	column["Isolate"] && /^Node/ {
		if ($column["Isolate"])
			print "# isolated: " $0
		if (/Movable/ && ($5 || $7))
			print "# other types: " $2, $5, $7
	}' /proc/pagetypeinfo
}

# Nothing is isolated, and no pageblock has changed its type; where some were of
# other types from the start, the page allocator changes them as it likes.
types_are_right()
{
	other_types >/tmp/types
	[ -z "$types" ] || sed -i '/other types/d' /tmp/types
	cat /tmp/types
	[ ! -s /tmp/types ]
}

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
	is "error for $1 pages" "$error" 0 && between tries "$tries" 1 16 &&
		ctl fill "$id" && ctl free "$id" || return
	before=$((before + dropped + swapped))
	[ "$dropped" = 0 ] || most=$arena_pages
	total_free
	between "pages found" $((total - before)) -$slack "$most"
}

# Areas for which nothing is free.
sizes="5000 6001"
every_size()
{
	local nr

	for nr in $sizes; do
		one_size "$nr" || return
	done
}

# What others, slab caches say, take and give back meanwhile is no leak.
slack=$((slack + 256))

tmpfs_is_moved()
{
	local before

	mount -t tmpfs -o size=96M tmpfs $mount && make_arena && files $count &&
		perforate || return
	before=$(sum)
	refused_in_arena no_run effort=1 && every_size &&
		is "sum of all files" "$(sum)" "$before" && types_are_right
}

refused_in_arena()
{
	local expected=$1

	shift
	in_arena nr=8000 "$@" || return
	[ "$id" = 0 ] || ctl free "$id"
	[ "$reason" = "$expected" ] || echo "# $*: $answer"
	is "reason for $*" "$reason" "$expected"
}

# An ext2 in memory; its own memory is taken before the arena is made.
page_cache_is_dropped()
{
	local before

	mke2fs -F $disk >/dev/null && mount -t ext2 $disk $mount &&
		files $count || return
	before=$(sum)
	umount $mount && mount -t ext2 $disk $mount && make_arena || return
	is "sum before" "$(sum)" "$before" || return
	every_size &&
		between dropped "$dropped" 1 20480 &&
		is "sum after" "$(sum)" "$before" && types_are_right
}

# A process with 40 MiB in its variables.
process()
{
	awk 'BEGIN {
		for (i = 0; i < 640; i++) {
			text = sprintf("%063d\n", i)
			while (length(text) < 65536)
				text = text text
			kept[i] = text
		}
		printf "" >"/tmp/ready"
		close("/tmp/ready")
		getline <"/tmp/go"
		for (i = 0; i < 640; i++)
			printf "%s", kept[i]
	}'
}

# Until it has all its memory; $child is to be waited for.
start_process()
{
	rm -f /tmp/ready
	process | md5sum >/tmp/sum &
	child=$!
	until [ -e /tmp/ready ] || ! kill -0 $child; do
		ctl wait 100
	done
}

# The same, as a sum.
expected_sum()
{
	awk 'BEGIN {
		for (i = 0; i < 640; i++) {
			text = sprintf("%063d\n", i)
			while (length(text) < 65536)
				text = text text
			printf "%s", text
		}
	}' | md5sum
}

# Its pages lie between those of files, which then go.
process_is_moved()
{
	local status

	mkfifo /tmp/go && mount -t tmpfs -o size=96M tmpfs $mount &&
		make_arena && files $((count * 3 / 5)) && perforate || return
	start_process
	rm -f $mount/*
	sizes=8000 every_size
	status=$?
	echo >/tmp/go
	wait $child
	is status $status 0 && between moved "$moved" 1 20480 &&
		is "sum of memory" "$(cat /tmp/sum)" "$(expected_sum)" &&
		types_are_right
}

# until_room KEY=VALUE...: an area of most of the arena, where a single page that
# somebody holds for a moment is in the way, and is remembered for two seconds.
until_room()
{
	local left=5

	while in_arena "$@" && [ "$error" != 0 ] && [ $left -gt 0 ]; do
		echo "# $answer"
		left=$((left - 1))
		ctl wait 3000
	done
	echo "# $answer"
}

# The area leaves no room for the process: it goes to swap and comes back. The
# swap's own memory is taken before.
process_is_swapped_out()
{
	local status

	dd if=/dev/zero of=$swap bs=1M count=64 2>/dev/null
	mkswap $swap >/dev/null && swapon $swap && mkfifo /tmp/go &&
		make_arena || return
	start_process
	until_room effort=4 nr=15000
	is error "$error" 0 && ctl fill "$id" && ctl free "$id"
	status=$?
	echo >/tmp/go
	wait $child
	is status $status 0 && between "evicted" $((moved + swapped)) 1 20480 &&
		is "sum of memory" "$(cat /tmp/sum)" "$(expected_sum)" &&
		types_are_right
}

# The call is over soon after SIGKILL, and leaves nothing behind.
killed_is_tidy()
{
	local before child

	mount -t tmpfs -o size=96M tmpfs $mount && make_arena && files $count &&
		perforate || return
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
	mount -t tmpfs -o size=96M tmpfs $mount && make_arena && files $count &&
		perforate || return
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

	mount -t tmpfs -o size=96M tmpfs $mount && make_arena && files $count &&
		perforate || return
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

tidy_up()
{
	! grep -q " $mount " /proc/mounts || umount $mount
	! grep -q "^$swap " /proc/swaps || swapoff $swap
	rm -f /tmp/go /tmp/ready /tmp/sum /tmp/types
	free_hogs
}

restore()
{
	tidy_up
	[ -z "$proactiveness" ] || echo "$proactiveness" >$proactive
}

# Each test begins with all memory.
with_all_memory()
{
	"$@"
	set -- $?
	tidy_up
	return "$1"
}

disk=/dev/ram0 swap=/dev/ram1
need /proc/pagetypeinfo $proactive $disk $swap
read -r sectors </sys/block/ram0/size
[ "$sectors" -ge 196608 ] || skip "$disk is too small: brd.rd_size=98304"
[ "$slack" -le 256 ] || skip "KASAN leaves too little memory, and time"
hogs= proactiveness=
movable=$(movable_zones)
first=$(movable_zones | head -n 1)
# The kernel's own pages are in the arena as well, if there is no movable zone.
count=3700
[ -z "$movable" ] || count=5200
mkdir -p $mount
types=$(other_types)
read -r proactiveness <$proactive
load memarea_ctl
echo 0 >$proactive
around=with_all_memory
run_tests tmpfs_is_moved page_cache_is_dropped process_is_moved \
	process_is_swapped_out killed_is_tidy ends_when_told many_at_once
