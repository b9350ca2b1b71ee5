#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The leak law: however areas were allocated and freed, each zone has as many
# free pages afterwards as it had before, exactly.
# shellcheck shell=dash

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

sizes="1 2 3 7 64 513 1000 1024 1025 4096 5000 12345"

every_size()
{
	local nr

	for nr in $sizes; do
		area nr="$nr" && ctl free "$id" || return
	done
}

all_sizes_at_once()
{
	local nr ids=

	for nr in $sizes; do
		area nr="$nr" || return
		ids="$id $ids"
	done
	for nr in $ids; do
		ctl free "$nr" || return
	done
}

# Cut at places that are no block's border; the parts go in no order.
in_parts()
{
	local whole middle tail

	area nr=5000 offset=3 align=512 && whole=$id &&
		ctl split "$whole" 1001 && middle=$id &&
		ctl split "$middle" 1 && tail=$id &&
		ctl free "$middle" && ctl free "$tail" && ctl free "$whole"
}

page_by_page()
{
	area nr=1555 && ctl put "$id"
}

half_by_pages()
{
	local first

	area nr=1555 && first=$id && ctl split "$first" 700 &&
		ctl put "$id" && ctl free "$first"
}

compound()
{
	local nr

	for nr in 1 2 512 1024 4096; do
		area gfp=COMP nr=$nr && ctl free "$id" || return
	done
}

zeroed()
{
	area gfp=ZERO nr=3333 && ctl free "$id"
}

by_address()
{
	local nr

	for nr in 1 3 1555; do
		ctl exact gfp=KERNEL nr=$nr && is error "$error" 0 &&
			ctl free "$id" || return
	done
}

with_the_module()
{
	area nr=1 && area nr=777 && area nr=12345 && ctl kv gfp=KERNEL nr=99 &&
		unload memarea_ctl && load memarea_ctl
}

leaky()
{
	area nr=777
}

# The law must be able to find a leak.
leak_is_found()
{
	keeps_the_law leaky >/dev/null
	is "status of a leaky test" $? 1
	unload memarea_ctl && load memarea_ctl
}

# A module that comes and goes is not what the law is about.
keeps_the_law_but_for_the_leak()
{
	if [ "$1" = leak_is_found ]; then
		"$1"
	else
		keeps_the_law "$1"
	fi
}

load memarea_ctl
around=keeps_the_law_but_for_the_leak
run_tests every_size all_sizes_at_once in_parts page_by_page half_by_pages \
	compound zeroed by_address with_the_module leak_is_found
