#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A PCI driver gets an area that its device can reach, the device reads and
# writes the first, the middle and the last page of it, and when probing fails,
# at any step, all is released. Needs QEMU's "-device edu".
# shellcheck shell=dash

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

bus=/sys/bus/pci
driver=$bus/drivers/memarea_edu
parameters=/sys/module/memarea_edu/parameters

find_device()
{
	local path

	for path in "$bus"/devices/*; do
		[ "$(cat "$path/vendor" "$path/device" | tr '\n' ' ')" = \
			"0x1234 0x11e8 " ] && echo "${path##*/}"
	done
}

bound()
{
	[ -e "$driver/$device" ]
}

bind()
{
	echo "$device" >$driver/bind
}

unbind()
{
	echo "$device" >$driver/unbind
}

# The device has 28 address bits.
area_within_reach()
{
	eval "$(cat "$driver/$device/area")"
	between "first page" "$pfn" 1 $((65536 - 1555))
}

# there_and_back WHAT: does the log tell of it?
there_and_back()
{
	dmesg | grep -q "$device: $1, pfn 0x[0-9a-f]*: ok"
}

first_page()	{ there_and_back "first page"; }
middle_page()	{ there_and_back "middle page"; }
last_page()	{ there_and_back "last page"; }
page_border()	{ there_and_back "border of two pages"; }

bind_and_unbind()
{
	bind && bound && unbind
}

unbinding_leaks_nothing()
{
	unbind && keeps_the_law bind_and_unbind
}

fail_to_bind()
{
	! bind 2>/dev/null && ! bound
}

# 9 steps, and one failure after them all.
failed_probes_leak_nothing()
{
	local step

	for step in 1 2 3 4 5 6 7 8 9 10; do
		echo $step >$parameters/fail_at
		keeps_the_law fail_to_bind || return
	done
	echo 0 >$parameters/fail_at
	bind && bound
}

# More than the device can reach.
no_area_no_device()
{
	unbind
	echo 65536 >$parameters/nr_pages
	keeps_the_law fail_to_bind
}

device=$(find_device)
[ -n "$device" ] || skip "there is no edu device"
load memarea_ctl
load memarea_edu
run_tests bound area_within_reach first_page middle_page last_page \
	page_border unbinding_leaks_nothing failed_probes_leak_nothing \
	no_area_no_device
