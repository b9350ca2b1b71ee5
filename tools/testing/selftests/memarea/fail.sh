#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A failure at any step of an allocation is told by its reason, and not a page
# is lost: before the search, after each hold of the claim, before each block that
# is prepared.
# shellcheck shell=dash

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

fail=$debugfs/fail_memarea

# The files stay open: opening one allocates, and KASAN keeps what is freed.
open_files()
{
	exec 4>$fail/step 5>$fail/space 6>$fail/times
}

# fail_at STEP SIZE TURN: an area of this size fails, once, at this turn of the
# step, counted from 0.
fail_at()
{
	echo "$1" >&4 && echo $(($2 * $3 + ($3 > 0))) >&5 && echo 1 >&6
}

# every_turn STEP KEY=VALUE...: fail at the first, the second, ... turn of the
# step, until there is none left and the allocation succeeds: $turns.
every_turn()
{
	local step=$1

	shift
	turns=0
	while fail_at "$step" 12345 $turns; do
		ctl alloc nr=12345 "$@" || return
		[ "$reason" = injected ] || break
		is error "$error" -12 || return
		turns=$((turns + 1))
	done
	echo 0 >&6
	is "error after $turns failures" "$error" 0 && ctl free "$id"
}

before_the_search()
{
	every_turn 0 gfp=KERNEL,NOWARN && is failures $turns 1
}

while_claiming()
{
	every_turn 1 gfp=KERNEL,NOWARN && between failures $turns 1 100
}

# 12,345 pages are 12 blocks of 1024 or 11 and more, and smaller ones; where the
# free lists, a column each, end earlier, as many more.
some_blocks()
{
	local top least

	top=$(awk 'NR == 1 { print NF - 5 }' /proc/buddyinfo)
	least=$((12345 >> top))
	between failures "$turns" $least $((least + 28))
}

while_preparing()
{
	every_turn 2 gfp=KERNEL,NOWARN && some_blocks
}

while_preparing_zeroed_in_irq()
{
	every_turn 2 gfp=ATOMIC,ZERO,NOWARN irq=1 && some_blocks
}

compound()
{
	fail_at 2 4096 0
	refused injected gfp=KERNEL,COMP nr=4096 &&
		is error "$error" -12
}

by_address()
{
	fail_at 2 1555 1
	ctl exact gfp=KERNEL,NOWARN nr=1555 && is error "$error" -12
}

restore()
{
	[ ! -e $fail/step ] || echo 0 >$fail/probability
}

need $fail/step
load memarea_ctl
echo 0 >$fail/verbose
echo 100 >$fail/probability
open_files
around=keeps_the_law
run_tests before_the_search while_claiming while_preparing \
	while_preparing_zeroed_in_irq compound by_address
