#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Whatever the top order of the buddy allocator, those who rely on larger blocks
# get them: kmalloc, vmalloc with huge pages, slabs, coherent DMA, a contiguous
# memory area (CMA), and a virtio balloon, which is inflated by way of QEMU's
# monitor. No page is lost by any of it, and after a load of blocks and areas free
# memory is in the same blocks as before, order by order.
#
# How long such blocks last and what they cost is not shown here. What needs a
# second node, a contiguous memory area ("cma=64M"), a balloon or the monitor, on
# the third serial port, is skipped where there is none.
# shellcheck shell=dash

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

cma=$debugfs/cma/reserved
driver=/sys/bus/virtio/drivers/virtio_balloon
monitor=/dev/ttyS2
mount=/tmp/orders
mib=256
: "${node1_Movable=}"

try()
{
	echo "$1" >/sys/module/memarea_orders/parameters/try
}

kmalloc()		{ try kmalloc; }
atomic_kmalloc()	{ try atomic; }
huge_vmalloc()		{ try vmalloc; }
large_slabs()		{ try slab; }
coherent_dma()		{ try coherent; }

# used_of_cma PAGES: are so many in use, beside those that are somebody else's?
used_of_cma()
{
	local now

	read -r now <$cma/used
	is "pages of the contiguous area in use" $((now - others)) "$1"
}

# in_cma FILE PAGES...: have so many allocated or freed, one after the other.
in_cma()
{
	local file=$cma/$1 nr

	shift
	for nr; do
		echo "$nr" >"$file" || return
	done
}

need_cma()
{
	[ -d $cma ] || absent "contiguous memory area" || return
	read -r others <$cma/used
}

pieces_of_cma()
{
	need_cma || return
	in_cma alloc 1 3 100 555 1024 4097 && used_of_cma 5780 &&
		in_cma free 4444 600 && used_of_cma 736 &&
		in_cma alloc 2049 && used_of_cma 2785 &&
		in_cma free 2785 && used_of_cma 0
}

# pages_of KEY: in /proc/meminfo, of all processors
pages_of()
{
	echo 1 >/proc/sys/vm/stat_refresh
	awk -v key="$1:" '$1 == key { print $2 / 4 }' /proc/meminfo
}

# The node in which the area is.
node_of_cma()
{
	local first size path

	read -r first <$cma/base_pfn
	read -r size <$memory/block_size_bytes
	for path in "$memory/memory$((first / (0x$size / 4096)))"/node[0-9]*; do
		echo "${path##*/node}"
	done
}

# Copies of a file in which no two pages are the same, until they have taken half of
# the area.
fill_cma()
{
	local nr

	seq 2000000 | head -c $((8 * mib * 4096)) >$mount/0
	for nr in $(seq 100); do
		cp $mount/0 "$mount/$nr" || return
		[ $(($(pages_of CmaFree) * 2)) -gt "$(pages_of CmaTotal)" ] ||
			return 0
	done
	echo "# movable pages do not go there"
	return 1
}

same_files()
{
	is "different files" "$(md5sum $mount/* | cut -d ' ' -f 1 | uniq | wc -l)" 1
}

take_all_of_cma()
{
	local count all

	read -r count <$cma/count
	read -r all <$cma/maxchunk
	fill_cma && in_cma alloc "$all" && used_of_cma "$all" &&
		is "free pages of it" "$(pages_of CmaFree)" \
			$((count - others - all)) && same_files &&
		in_cma free "$all" && used_of_cma 0
}

# All, if it is nobody else's; what is in it moves elsewhere.
all_of_cma()
{
	local free status

	need_cma || return
	free=$(pages_of CmaFree)
	mkdir -p $mount
	mount -t tmpfs -o "size=900M,mpol=bind:$(node_of_cma)" tmpfs $mount || return
	take_all_of_cma
	status=$?
	umount $mount
	ctl zones
	is "status" $status 0 && is "free pages of it" "$(pages_of CmaFree)" "$free"
}

# Print "actual=MIB", the guest's memory as QEMU sees it; nothing if nobody answers.
# Once there was no answer in five seconds, for no reason that was found: ask again.
ask_for_size()
{
	stty -F $monitor raw -echo || return
	for _ in 1 2 3; do
		{
			echo "info balloon" >&5
			timeout 10 grep -o -m 1 'actual=[0-9]*' <&5 && return
		} 5<>$monitor
	done
}

# Pages in the balloon.
ballooned()
{
	awk '
	/^balloon_inflate / { n += $2 }
	/^balloon_deflate / { n -= $2 }
	END { print n }' /proc/vmstat
}

# give_up MIB: by so much is the guest to be smaller, now or soon.
give_up()
{
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		echo "balloon $((size - $1))" >$monitor
		ctl wait 1000
		[ "$(ballooned)" != $(($1 * mib)) ] || return 0
	done
	is "pages in the balloon" "$(ballooned)" $(($1 * mib))
}

# A guard page that debugging puts beside each is not free either.
inflate_and_deflate()
{
	local total free

	total=$(pages_of MemTotal) free=$(pages_of MemFree)
	give_up 100 || return
	is "pages that are gone" $((total - $(pages_of MemTotal))) $((100 * mib)) &&
		between "free pages that are gone" \
			$((free - $(pages_of MemFree))) $((90 * mib)) $((210 * mib)) &&
		give_up 0 && is "pages in all" "$(pages_of MemTotal)" "$total"
}

# Free pages are not reported, off the lists for a moment, when there is no driver.
balloon()
{
	local status

	[ -n "$size" ] || absent "balloon that QEMU inflates" || return
	echo "$device" >$driver/bind || return
	inflate_and_deflate
	status=$?
	echo "$device" >$driver/unbind
	return $status
}

# How many blocks of each order are free where the load is: $counts.
count_blocks()
{
	local line

	counts=
	ctl zones
	while read -r line; do
		case $line in
		"Node 1, zone  Movable "*)	counts=${line#*Movable } ;;
		esac
	done </proc/buddyinfo
}

# Until 100,000 pieces were had; most of the zone must be in use meanwhile.
come_and_go()
{
	local before got start=0 left=120 least

	ctl zones
	before=$node1_Movable least=$before
	read -r start <$stress/got
	echo 1 >&4
	got=$start
	while [ $((got - start)) -lt 100000 ] && [ $left -gt 0 ]; do
		ctl wait 1000
		ctl zones
		[ "$node1_Movable" -gt "$least" ] || least=$node1_Movable
		read -r got <$stress/got
		left=$((left - 1))
	done
	echo 0 >&4
	echo "# $((got - start)) pieces, $least of $before pages free meanwhile"
	between "pieces allocated" $((got - start)) 100000 1000000000 &&
		between "free pages meanwhile" "$least" 0 $((before / 2))
}

# A page that somebody else has for a moment is noise.
merge_again()
{
	local before

	count_blocks
	before=$counts
	come_and_go || return
	for _ in 1 2 3 4 5; do
		count_blocks
		[ "$counts" != "$before" ] || return 0
		ctl wait 1000
	done
	is "free blocks" "$counts" "$before"
}

once()
{
	"$@"
}

# Where nobody else takes much: this shell has the memory of the first node, where a
# page more or less is of no interest here.
blocks_merge_again()
{
	local law=once

	count_blocks
	[ -n "$counts" ] || absent "movable zone of a second node" || return
	echo "# free blocks: $counts"
	under_stress merge_again areas=12 blocks=20 movable=1 nid=1
}

# In tmpfs are a few pages of slab caches, which keep some; the load has a law of
# its own.
by_the_law()
{
	local slack=$slack

	case $1 in
	all_of_cma)		slack=$((slack + 256)) ;;
	blocks_merge_again)	"$1"; return ;;
	esac
	keeps_the_law "$1"
}

find_balloon()
{
	local path

	for path in /sys/bus/virtio/devices/*; do
		[ "$(cat "$path/device")" = 0x0005 ] && echo "${path##*/}"
	done 2>/dev/null
}

# What is still there after a failure or when the time is over.
restore()
{
	! grep -q " $mount " /proc/mounts || umount $mount
	[ ! -d $cma ] || cat $cma/count >$cma/free
	[ -n "$size" ] || return
	echo "balloon $size" >$monitor
	[ ! -e "$driver/$device" ] || echo "$device" >$driver/unbind
}

size=
device=$(find_balloon)
[ -z "$device" ] || [ -e "$driver/$device" ] || size=$(ask_for_size)
size=${size#*=}
load memarea_ctl
load memarea_orders
set_until_end /proc/sys/vm/compaction_proactiveness 0
around=by_the_law
run_tests kmalloc atomic_kmalloc huge_vmalloc large_slabs coherent_dma \
	pieces_of_cma all_of_cma balloon blocks_merge_again
