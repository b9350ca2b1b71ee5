#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# demo.sh PAGES...: who got which area, where and how fast, and what the zone
# looked like before and after.
#
# A hash table at boot (if the kernel was booted with trace_event=memarea), the
# PCI driver (if there is its device), and areas of the given sizes. All rows
# come from the trace events.
# shellcheck shell=dash

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

trace=/sys/kernel/tracing
events=$trace/events/memarea
map=$debugfs/memarea/map

# Print "NODE ZONE" of a PFN.
zone_of()
{
	awk -v pfn="$1" '
		/^Node/ { zone = $2 + 0 " " $4 }
		$1 == "spanned" { spanned = $2 }
		$1 == "start_pfn:" && pfn >= $2 && pfn < $2 + spanned {
			print zone
		}' /proc/zoneinfo
}

# row WHO USEC KEY=VALUE...: the keys are those of memarea_alloc_finish.
row()
{
	local who=$1 usec=$2 pfn=0 nr_pages=0 key where

	shift 2
	for key; do
		eval "$key"
	done
	pfn=$((pfn))
	[ $pfn -ne 0 ] || return 0
	where=$(zone_of $pfn)
	printf '%-24s %10d %9d.%d %#14x  %4s %-8s %8d\n' "$who" "$nr_pages" \
		$((nr_pages / 256)) $((nr_pages % 256 * 10 / 256)) \
		$((pfn * 4096)) "${where% *}" "${where#* }" "$usec"
}

# tell WHO: a row for each area that was allocated since the last time.
tell()
{
	sed -n 's/.* 0*\([0-9]*\)\.\([0-9]*\): memarea_alloc_\([a-z]*\): /\1\2 \3 /p' \
		$trace/trace | sed 's/^0*//' |
	while read -r when what fields; do
		[ "$what" != start ] || began=$when
		# shellcheck disable=SC2086	# a list of words
		[ "$what" != finish ] || row "$1" $((when - began)) $fields
	done
	echo >$trace/trace
}

# Print the map of the zone that an answer of ctl has named.
draw()
{
	awk -v node="$nid" -v zone="$zone" '
		$1 == "node" { show = $2 == node && $4 == zone "," }
		show' "$1"
}

if [ ! -e $events/enable ]; then
	echo "demo.sh: there are no trace events to tell from"
	exit 1
fi
cat $map >/tmp/before
echo 1 >$events/enable
load memarea_ctl

echo "Linux $(uname -r), $(nproc) CPUs, $(awk '/^MemTotal/ {
	print int($2 / 1024) }' /proc/meminfo) MiB"
echo
echo "who                           pages         MiB       physical  node zone           us"
tell "$(dmesg | sed -n 's/.*\] \(.*\) hash table entries.*memarea)$/\1 hash/p')"
load memarea_edu
tell "edu, a PCI device"
for nr; do
	ctl alloc gfp=KERNEL nr="$nr"
	tell "demo.sh"
done
echo
dmesg | sed -n 's/.*\] memarea_edu \(.*: ok\)$/DMA by \1/p'
echo
echo "before:"
draw /tmp/before
echo "after:"
draw $map
