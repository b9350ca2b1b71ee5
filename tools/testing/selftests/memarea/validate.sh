#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The map of free memory agrees with the page allocator, bit by bit, while areas
# and blocks come and go on all CPUs, while memory goes offline and online, and
# while the level of pages is turned on and off.
# shellcheck shell=dash

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

switch=/sys/module/memarea/parameters/bitmap
validate=$debugfs/memarea/validate

restore()
{
	echo 0 >$switch
}

is_valid()
{
	local said

	read -r said <$validate
	is validate "$said" ok
}

# valid_while COMMAND...: five times, a second apart, under load.
valid_while()
{
	local status=0

	echo 1 >&4
	for _ in 1 2 3 4 5; do
		ctl wait 1000 && "$@" && is_valid || status=1
	done
	echo 0 >&4
	return $status
}

# What the bits' pages take is not free meanwhile: they are there before and after.
with_bitmap()
{
	local status

	echo 1 >$switch || return
	is switch "$(cat $switch)" Y && is_valid && "$@"
	status=$?
	echo 0 >$switch || return
	is switch "$(cat $switch)" N && is_valid && return $status
}

valid_for_a_while()
{
	valid_while true
}

blocks_under_load()
{
	under_stress valid_for_a_while areas=2 blocks=2
}

pages_under_load()
{
	with_bitmap under_stress valid_for_a_while areas=2 blocks=2
}

pages_under_hotplug()
{
	with_bitmap under_stress valid_while_cycling areas=2 blocks=1 movable=1
}

valid_while_cycling()
{
	cycles=1 valid_while cycle_blocks
}

# A block of the movable zone that is the kernel's for a while: one zone lies
# within the span of another, and each has its own bits.
interleaved_zones()
{
	local block status

	# shellcheck disable=SC2086	# a list of blocks
	set -- $free_blocks
	block=$1
	[ $# -lt 3 ] || block=$2
	echo offline >"$block/state" && echo online_kernel >"$block/state" ||
		return
	with_bitmap under_stress valid_for_a_while areas=1 blocks=1 movable=1
	status=$?
	# the kernel may have taken to it
	echo offline >"$block/state" && echo online_movable >"$block/state"
	return $status
}

turn_it()
{
	echo 1 >$switch && is_valid && echo 0 >$switch
}

valid_while_turning()
{
	valid_while turn_it
}

turned_on_and_off_under_load()
{
	under_stress valid_while_turning areas=2 blocks=2
}

# Nothing of it is lost: the bits come from the page allocator and go back.
leaves_no_page_behind()
{
	keeps_the_law with_bitmap true
}

# A bit for each page that is present, and at most 33 KiB for each GiB of them. With
# debugging in every object, there may be a slab that would not be needed else.
costs_33_kib_a_gib()
{
	local present before most slab=0

	! zcat /proc/config.gz 2>/dev/null | grep -q '^CONFIG_SLUB_DEBUG_ON=y' || slab=8
	present=$(awk '$1 == "present" { sum += $2 } END { print sum }' /proc/zoneinfo)
	most=$((present * 33 / 4 / 262144))
	# a guard may come with each page
	! grep -q debug_guardpage_minorder /proc/cmdline || most=$((2 * most))
	for _ in 1 2 3 4 5; do
		total_free
		before=$total
		echo 1 >$switch || return
		total_free
		echo 0 >$switch
		between "pages of the bitmap" $((before - total)) \
			$((present / 32768)) $((most + slab)) && return
	done
	return 1
}

need $switch $validate
load memarea_ctl
find_free_blocks
[ -n "$free_blocks" ] || skip "no movable zone has a free block"
# Where KASAN keeps pages, single ones do not count.
with_cost=
[ "$slack" -gt 0 ] || with_cost=costs_33_kib_a_gib
run_tests blocks_under_load pages_under_load pages_under_hotplug \
	turned_on_and_off_under_load leaves_no_page_behind \
	$with_cost interleaved_zones
