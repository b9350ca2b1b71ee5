#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# An area that cannot be had is told of in one line, which says why; not at all
# with __GFP_NOWARN, and not each time if it happens often.
# shellcheck shell=dash

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# told COMMAND...: what memarea logs meanwhile: $lines.
told()
{
	local mark="warn.sh: mark $((marks += 1))"

	echo "$mark" >/dev/kmsg
	"$@" || return
	lines=$(dmesg | sed -n "1,/$mark/d; /memarea: /p")
}

# loudly REASON KEY=VALUE...: refused, and not silently.
loudly()
{
	local expected=$1

	shift
	ctl alloc gfp=KERNEL "$@" && is reason "$reason" "$expected"
}

# like REGEX: is that one line, of this form?
like()
{
	printf '%s\n' "$lines" | grep -qE "memarea: warn.sh: no area of $1\$" &&
		is lines "$(printf '%s\n' "$lines" | wc -l)" 1 && return
	printf '%s\n' "$lines" | sed 's/^/# /'
	return 1
}

no_run()
{
	told in_vain loudly no_run &&
		like '2100 pages: no free run fits \(-28\), largest free run (at least )?[0-9]+ pages in node [0-9] [A-Za-z0-9]+'
}

no_zone()
{
	told loudly not_allowed nr=400000000 &&
		like '400000000 pages: no zone allowed \(-19\), largest free run (at least )?[0-9]+ pages in node [0-9] [A-Za-z0-9]+'
}

bad_input()
{
	told loudly bad_align nr=7 align=3 min=16 max=256 nid=0 &&
		like '7 pages: bad alignment \(-22\) \(gfp 0xcc0\(GFP_KERNEL\), align 3\+0, boundary 0, pfn 0x10-0x100, node 0\)'
}

silent_if_told_so()
{
	told in_vain refused no_run gfp=KERNEL && is lines "$lines" "" &&
		told refused bad_size gfp=KERNEL nr=0 && is lines "$lines" ""
}

fail_often()
{
	local n=0

	while [ $n -lt 200 ]; do
		in_vain loudly no_run || return
		n=$((n + 1))
	done
}

ratelimited()
{
	told fail_often &&
		between lines "$(printf '%s\n' "$lines" |
				 grep -c 'no area of 2100')" 1 150
}

load memarea_ctl
pin || exit
# The rate limit counts in spans of five seconds: begin a new one.
sleep 6
marks=0
run_tests no_run no_zone bad_input silent_if_told_so ratelimited
