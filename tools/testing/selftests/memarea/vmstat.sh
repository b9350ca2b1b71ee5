#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# /proc/vmstat counts areas, pages, failures and drains as they happen.
# shellcheck shell=dash

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# difference BEFORE AFTER: what was added to each counter, as "key=value ...".
difference()
{
	printf '%s\n' "$1" "$2" | awk '
		{ value[$1] = $2 - value[$1]; order[$1] = NR }
		END { for (key in value) print order[key], key "=" value[key] }' |
		sort -n | cut -d ' ' -f 2 | tr '\n' ' '
}

# counts EXPECTED COMMAND...: what did the command add to memarea's counters,
# but for blocks scanned?
counts()
{
	local expected=$1 before after

	shift
	before=$(grep '^memarea_' /proc/vmstat)
	"$@" || return
	after=$(grep '^memarea_' /proc/vmstat)
	counted=$(difference "$before" "$after")
	is counters "${counted% memarea_scanned*} ${counted#*scanned=* }" \
		"$expected "
}

take()
{
	area nr=1555 && ctl free "$id"
}

success()
{
	counts "memarea_alloc=1 memarea_fail=0 memarea_pages=1555 \
memarea_drain=0" take
}

bad_input()
{
	counts "memarea_alloc=0 memarea_fail=1 memarea_pages=0 \
memarea_drain=0" refused bad_size nr=0
}

no_run()
{
	pin && counts "memarea_alloc=0 memarea_fail=1 memarea_pages=0 \
memarea_drain=1" in_vain refused no_run gfp=KERNEL && is drains "$drains" 1 &&
		unpin
}

# Blocks scanned are those that the calls tell of.
scanned()
{
	counts "memarea_alloc=1 memarea_fail=0 memarea_pages=1555 \
memarea_drain=0" take || return
	case $counted in
	*" memarea_scanned=$blocks "*)	return ;;
	esac
	echo "# $counted, instead of $blocks blocks"
	return 1
}

# Areas are allocated and freed pages, like any others.
pages_allocated_and_freed()
{
	local before after

	before=$(awk '/^pgalloc_/ { n += $2 } END { print n }' /proc/vmstat)
	area nr=54321 || return
	after=$(awk '/^pgalloc_/ { n += $2 } END { print n }' /proc/vmstat)
	between "pages allocated" $((after - before)) 54321 56000 || return
	before=$(awk '/^pgfree / { print $2 }' /proc/vmstat)
	ctl free "$id"
	after=$(awk '/^pgfree / { print $2 }' /proc/vmstat)
	between "pages freed" $((after - before)) 54321 56000
}

grep -q memarea_alloc /proc/vmstat || skip "vmstat does not count areas"
load memarea_ctl
run_tests success bad_input no_run scanned pages_allocated_and_freed
