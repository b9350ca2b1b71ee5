#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Free pages are reported to the host, off the free lists for a moment, while
# areas come and go: no page is in two hands or lost, and what the host has taken
# is memory again when it is needed. Needs a virtio balloon that reports free
# pages, bound to its driver or not.
# shellcheck shell=dash

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

bus=/sys/bus/virtio
driver=$bus/drivers/virtio_balloon

find_device()
{
	local path

	for path in "$bus"/devices/*; do
		[ "$(cat "$path/device")" = 0x0005 ] && echo "${path##*/}"
	done 2>/dev/null
}

# Interrupts of the balloon: $reports. This one is never inflated, so each says
# that some pages were reported.
count_reports()
{
	local line word

	reports=0
	while read -r line; do
		case $line in
		*" $device"|*" $device-reporting_vq")	;;
		*)	continue ;;
		esac
		for word in ${line#*:}; do
			case $word in
			*[!0-9]*)	break ;;
			esac
			reports=$((reports + word))
		done
	done </proc/interrupts
}

# What becomes free is reported two seconds later, all of it: wait for the end.
settle()
{
	local before=-1

	count_reports
	while [ "$before" != "$reports" ]; do
		before=$reports
		ctl wait 3000
		count_reports
	done
}

reports_free_pages()
{
	local before

	echo "$device" >$driver/bind || return
	count_reports
	before=$reports
	settle
	between reports $((reports - before)) 1 1000000
}

run_while_reporting()
{
	local before second status

	count_reports
	before=$reports
	echo 1 >&4
	for second in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		ctl wait 1000
		count_reports
		[ "$reports" -lt $((before + 5)) ] || break
	done
	between "reports in $second seconds" $((reports - before)) 5 1000000
	status=$?
	echo 0 >&4
	settle
	return $status
}

areas_come_and_go()
{
	under_stress run_while_reporting areas=2 blocks=1
}

# Poison of freed pages is kept by the host, else it returns zeroes. The ends may
# be in blocks too small to be reported, and so may what was cut meanwhile.
returned_by_the_host()
{
	! grep -qw page_poison=1 /proc/cmdline || return 0
	between "dirty pages after the report" "$dirty" 0 4000
}

# An area of pages that were reported; where somebody has taken one of them
# meanwhile, others are.
reported_area()
{
	local there

	for _ in 1 2 3 4 5 6 7 8; do
		area nr=12345 && there=$pfn && ctl fill "$id" && ctl free "$id" ||
			return
		settle
		! area nr=12345 min="$there" max=$((there + 12345)) || return 0
	done
	return 1
}

use_what_was_reported()
{
	reported_area && ctl check "$id" &&
		returned_by_the_host && ctl fill "$id" && ctl check "$id" &&
		is "pages filled" "$dirty" 12345 && ctl free "$id" || return
	settle
}

reported_pages_are_memory()
{
	keeps_the_law use_what_was_reported
}

restore()
{
	[ ! -e "$driver/$device" ] || echo "$device" >$driver/unbind
}

device=$(find_device)
[ -n "$device" ] || skip "there is no balloon"
need $driver
restore
load memarea_ctl
run_tests reports_free_pages areas_come_and_go reported_pages_are_memory
