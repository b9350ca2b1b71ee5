# SPDX-License-Identifier: GPL-2.0
#
# For tests of making room; sourced by them, in place of lib.sh: where all pages
# are accounted for, a disk to swap to, and, for those that must know where pages
# are, an arena of 80 MiB.
#
# Nearly all memory is taken that movable pages go to first, the movable zones if
# there are any, but for the arena. What is written then lies in the arena. The
# kernel's own compaction must not move it: it starts by itself where free memory
# is in pieces, so it is told not to.
# shellcheck shell=dash

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

disk=/dev/ram0 swap=/dev/ram1
arena_pages=20480
mount=/tmp/room
hogs=
# What others, slab caches say, take and give back meanwhile is no leak.
slack=$((slack + 256))
proactive=/proc/sys/vm/compaction_proactiveness
: "${accounted=}" "${count=}"

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

# Some files go, so that the longest run is of a few pages. To count zones drains the
# per-CPU lists, so that any processor can use those pages next.
perforate()
{
	rm -f $mount/[0-9]*[0369] && ctl zones
}

# perforated_tmpfs COUNT: so many files, and holes everywhere; $count fill the arena.
perforated_tmpfs()
{
	mount -t tmpfs -o size=96M tmpfs $mount && make_arena && files "$1" &&
		perforate
}

# A disk in memory to swap to, which takes that memory now.
swap_on()
{
	dd if=/dev/zero of=$swap bs=1M 2>/dev/null
	mkswap $swap >/dev/null && swapon $swap
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

# account_for BEFORE: as many pages are accounted for as before, or nearly: a guard
# page is neither free nor anybody's, and those come and go with what is split.
account_for()
{
	local uncertain=$slack

	! grep -q debug_guardpage_minorder /proc/cmdline || uncertain=2048
	account
	between "pages lost or found" $((accounted - $1)) -$uncertain $uncertain
}

# Pages that are free, or known to be somebody's: $accounted.
account()
{
	echo 3 >/proc/sys/vm/drop_caches
	echo 1 >/proc/sys/vm/stat_refresh
	total_free
	accounted=$(awk -v sum="$total" '
	/^nr_((in)?active|isolated)_(anon|file) / { sum += $2 }
	/^nr_(unevictable|slab_(un)?reclaimable|page_table_pages) / { sum += $2 }
	/^nr_kernel_stack / { sum += $2 / 4 }
	END { print sum }' /proc/vmstat)
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

refused_in_arena()
{
	local expected=$1

	shift
	in_arena nr=8000 "$@" || return
	[ "$id" = 0 ] || ctl free "$id"
	[ "$reason" = "$expected" ] || echo "# $*: $answer"
	is "reason for $*" "$reason" "$expected"
}

# 40 MiB for variables of awk.
keep='
	for (i = 0; i < 640; i++) {
		text = sprintf("%063d\n", i)
		while (length(text) < 65536)
			text = text text
		kept[i] = text
	}'
print_kept='
	for (i = 0; i < 640; i++)
		printf "%s", kept[i]'

process()
{
	awk "BEGIN { $keep"'
		printf "" >"/tmp/ready"
		close("/tmp/ready")
		getline <"/tmp/go"
	'"$print_kept }"
}

# Until it has all its memory; $child is to be waited for.
start_process()
{
	rm -f /tmp/ready
	mkfifo /tmp/go || return
	process | md5sum >/tmp/sum &
	child=$!
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		[ ! -e /tmp/ready ] || return 0
		ctl wait 1000
	done
	return 1
}

# The same, as a sum.
expected_sum()
{
	awk "BEGIN { $keep $print_kept }" | md5sum
}

# Its memory is what it was.
end_process()
{
	echo >/tmp/go
	wait "$child"
	is "sum of memory" "$(cat /tmp/sum)" "$(expected_sum)"
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
}

# Each test begins with all memory.
with_all_memory()
{
	"$@"
	set -- $?
	tidy_up
	return "$1"
}

# What all of this needs; skip where it is not.
need_arena()
{
	local sectors

	need /proc/pagetypeinfo $proactive $disk $swap
	read -r sectors </sys/block/ram0/size
	[ "$sectors" -ge 196608 ] || skip "$disk is too small: brd.rd_size=98304"
	[ "$slack" -le 256 ] || skip "KASAN leaves too little memory, and time"
}

# Where memory is, how much fits, and that compaction keeps quiet.
set_up_arena()
{
	need_arena
	movable=$(movable_zones)
	first=$(movable_zones | head -n 1)
	# The kernel's own pages are in it as well, if there is no movable zone.
	count=3700
	[ -z "$movable" ] || count=5200
	mkdir -p $mount
	types=$(other_types)
	load memarea_ctl
	set_until_end $proactive 0
	around=with_all_memory
}
