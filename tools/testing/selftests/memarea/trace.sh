#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Each allocation is traced by its start and its finish, each free by one event,
# with the values of the request and of its result.
# shellcheck shell=dash

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

trace=/sys/kernel/tracing
events=$trace/events/memarea

# traced EVENT REGEX: exactly one such event was traced.
traced()
{
	is "events $1: $2" "$(grep -c " $1: .*$2" $trace/trace)" 1
}

start_shows_the_request()
{
	echo >$trace/trace
	area nr=777 align=512 offset=7 boundary=4096 min=256 max=200000 nid=0 &&
		ctl free "$id" &&
		traced memarea_alloc_start "nr_pages=777 align=512 offset=7 \
boundary=4096 min_pfn=0x100 max_pfn=0x30d40 nid=0 \
gfp_flags=GFP_KERNEL|__GFP_NOWARN$"
}

finish_shows_the_result()
{
	local hex

	echo >$trace/trace
	area nr=1555 && ctl free "$id" && hex=$(printf %x "$pfn") &&
		traced memarea_alloc_finish "pfn=0x$hex nr_pages=1555 \
errorno=0 reason=0 zones=[1-9] blocks=$blocks lost=0 drains=0"
}

finish_shows_the_failure()
{
	pin || return
	echo >$trace/trace
	in_vain refused no_run gfp=KERNEL &&
		traced memarea_alloc_finish "pfn=0x0 nr_pages=2100 \
errorno=-28 reason=10 .* drains=1" && unpin
}

free_shows_the_range()
{
	local hex

	echo >$trace/trace
	area nr=1555 && ctl free "$id" && hex=$(printf %x "$pfn") &&
		traced memarea_free "pfn=0x$hex nr_pages=1555$"
}

restore()
{
	[ -e $events/enable ] || return
	echo 0 >$events/enable
	echo >$trace/trace
}

need $events
load memarea_ctl
echo 1 >$events/enable
run_tests start_shows_the_request finish_shows_the_result \
	finish_shows_the_failure free_shows_the_range
