#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# An area that cannot be had is told of in one line, which says why; not at all
# with __GFP_NOWARN, and not each time if it happens often. One that is freed
# twice is told of by who did it, and no page is lost.
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
	printf '%s\n' "$lines" | grep -qE "memarea: $1\$" &&
		is lines "$(printf '%s\n' "$lines" | wc -l)" 1 && return
	printf '%s\n' "$lines" | sed 's/^/# /'
	return 1
}

# The rate limits count in spans of five seconds: begin a new one.
new_span()
{
	ctl wait 6000
}

no_run()
{
	told in_vain loudly no_run &&
		like 'warn.sh: no area of 2100 pages: no free run fits \(-28\), largest free run (at least )?[0-9]+ pages in node [0-9] [A-Za-z0-9]+'
}

no_zone()
{
	told loudly not_allowed nr=400000000 &&
		like 'warn.sh: no area of 400000000 pages: no zone allowed \(-19\), largest free run (at least )?[0-9]+ pages in node [0-9] [A-Za-z0-9]+'
}

bad_input()
{
	told loudly bad_align nr=7 align=3 min=16 max=256 nid=0 &&
		like 'warn.sh: no area of 7 pages: bad alignment \(-22\) \(gfp 0xcc0\(GFP_KERNEL\), align 3\+0, boundary 0, pfn 0x10-0x100, node 0\)'
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

# Free an area, and again: in zone DMA, from which nobody takes pages meanwhile.
refree()
{
	area gfp=DMA nr=100 && ctl refree "$id" "$1"
}

double_free_once()
{
	new_span && told refree 1 &&
		like '[a-z_]+\+0x[0-9a-f]+/0x[0-9a-f]+ \[memarea_ctl\] frees 100 pages at pfn 0x[0-9a-f]+: 100 of them are free already or no area'"'"'s, and left alone'
}

double_free()
{
	keeps_the_law double_free_once
}

# A burst of ten is DEFAULT_RATELIMIT_BURST.
burst_once()
{
	new_span && told refree 100 &&
		is lines "$(printf '%s\n' "$lines" | grep -c 'frees 100 pages')" 10
}

double_free_ratelimited()
{
	keeps_the_law burst_once
}

load memarea_ctl
pin || exit
new_span
marks=0
run_tests no_run no_zone bad_input silent_if_told_so ratelimited \
	double_free double_free_ratelimited
