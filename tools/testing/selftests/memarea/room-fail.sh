#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Room is made while migration and reclaim fail: pages and slab objects are not to
# be had from some moment on, or the swap device takes no writes. The area may be
# refused then, but nothing is lost or changed, and what could not be moved moves
# the next time.
# shellcheck shell=dash

# shellcheck source=arena.sh
. "$(dirname "$0")/arena.sh"

most_faults=100000
swap_fails=/sys/block/${swap##*/}/make-it-fail

# Faults of allocations are this shell's alone, and only where it says so: by a 1
# to descriptor 6. It starts no process there.
set_up_faults()
{
	local dir file

	exec 6>/proc/self/make-it-fail
	with_faults=yes
	for dir in $debugfs/fail_page_alloc $debugfs/failslab; do
		set_until_end "$dir/task-filter" Y
		set_until_end "$dir/ignore-gfp-wait" N
	done
	set_until_end $debugfs/fail_page_alloc/ignore-gfp-highmem N
	set_until_end $debugfs/fail_page_alloc/min-order 0
	for file in "$debugfs"/fail*/verbose; do
		set_until_end "$file" 0
	done
}

# arm KIND SPACE: all of it is to fail when so much is used up.
arm()
{
	echo 100 >"$debugfs/$1/probability"
	echo "$2" >"$debugfs/$1/space"
	echo $most_faults >"$debugfs/$1/times"
}

# How often did it fail? $faults
disarm()
{
	read -r faults <"$debugfs/$1/times"
	faults=$((most_faults - faults))
	echo 0 >"$debugfs/$1/probability"
}

# failing KIND SPACE KEY=VALUE...: an area in the arena meanwhile, if there is one.
failing()
{
	local kind=$1 status

	arm "$kind" "$2"
	shift 2
	echo 1 >&6
	in_arena "$@"
	status=$?
	echo 0 >&6
	disarm "$kind"
	[ $status = 0 ] || return
	echo "# $kind, $faults faults: $answer"
	[ "$id" = 0 ] || ctl free "$id"
}

# Pages to move to run out earlier and later, so that there is always something
# left to be moved.
pages_run_out()
{
	local before space

	perforated_tmpfs "$count" || return
	before=$(sum)
	account
	expected=$accounted
	for space in 0 10 100 400; do
		failing fail_page_alloc $space nr=6000 || return
		is "reason with $space pages" "$reason" no_target &&
			between faults "$faults" 1 $most_faults &&
			types_are_right || return
	done
	until_room nr=6000
	is error "$error" 0 && ctl free "$id" || return
	account_for "$expected" &&
		is "sum of all files" "$(sum)" "$before"
}

# unharmed KIND SPACE: a process is to be swapped out while that fails.
unharmed()
{
	local status

	swap_on && make_arena || return
	account
	expected=$accounted
	start_process || return
	failing "$@" effort=4 nr=15000 && between faults "$faults" 1 $most_faults &&
		until_room effort=4 nr=15000 && is error "$error" 0 &&
		ctl free "$id"
	status=$?
	end_process && is status $status 0 && types_are_right || return
	account_for "$expected"
}

pages_run_out_while_swapping()
{
	unharmed fail_page_alloc 100
}

objects_run_out_while_swapping()
{
	unharmed failslab 4000
}

swap_takes_no_writes()
{
	echo 1 >"$swap_fails"
	unharmed fail_make_request 0
	set -- $?
	echo 0 >"$swap_fails"
	return "$1"
}

# Nothing is to fail while it is tidied up.
restore()
{
	[ -z "$with_faults" ] || echo 0 >&6
	[ ! -e "$swap_fails" ] || echo 0 >"$swap_fails"
	tidy_up
}

with_faults=
with_swap=
need /proc/self/make-it-fail $debugfs/fail_page_alloc $debugfs/failslab
set_up_arena
set_up_faults
[ ! -e "$swap_fails" ] || with_swap=swap_takes_no_writes
run_tests pages_run_out pages_run_out_while_swapping \
	objects_run_out_while_swapping $with_swap
