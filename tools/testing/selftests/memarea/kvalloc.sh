#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# kvalloc_memarea() takes an area if there is one, else vmalloc memory, and
# kvfree_memarea() knows which.
# shellcheck shell=dash

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

fail=$debugfs/fail_memarea

area_if_there_is_one()
{
	ctl kv gfp=KERNEL nr=1555 && is error "$error" 0 &&
		is vmalloc "$vmalloc" 0 && ctl free "$id"
}

vmalloc_if_there_is_none()
{
	echo 1 >$fail/times
	ctl kv gfp=KERNEL nr=1555 && is error "$error" 0 &&
		is vmalloc "$vmalloc" 1 && ctl free "$id"
}

nothing_if_it_may_not_sleep()
{
	echo 1 >$fail/times
	ctl kv gfp=ATOMIC nr=1555 && is error "$error" -12
}

restore()
{
	[ ! -e $fail/step ] || echo 0 >$fail/probability
}

need $fail/step
load memarea_ctl
echo 0 >$fail/verbose
echo 0 >$fail/times
echo 0 >$fail/step
echo 100 >$fail/probability
around=keeps_the_law
run_tests area_if_there_is_one vmalloc_if_there_is_none \
	nothing_if_it_may_not_sleep
