#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Areas can be had and freed in hardirq context, where nothing may sleep.
# shellcheck shell=dash

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

atomic()
{
	local nr

	for nr in 1 777 1025 12345; do
		ctl alloc gfp=ATOMIC irq=1 nr=$nr && is error "$error" 0 &&
			is drains "$drains" 0 && ctl free "$id" irq || return
	done
}

nowait_zeroed()
{
	ctl alloc gfp=NOWAIT,ZERO irq=1 nr=1555 && is error "$error" 0 &&
		ctl check "$id" && is "dirty pages" "$dirty" 0 &&
		ctl free "$id" irq
}

compound()
{
	ctl alloc gfp=ATOMIC,COMP irq=1 nr=4096 && is error "$error" 0 &&
		ctl free "$id" irq
}

from_task_to_irq()
{
	area nr=5000 && ctl free "$id" irq
}

# Without a sleep there is no draining of per-CPU lists.
refused_without_a_drain()
{
	pin && in_vain refused no_run gfp=ATOMIC irq=1 &&
		is drains "$drains" 0 && unpin
}

by_address()
{
	ctl exact gfp=ATOMIC irq=1 nr=1555 && is error "$error" 0 &&
		ctl free "$id" irq && ctl kv gfp=ATOMIC irq=1 nr=1555 &&
		is error "$error" 0 && ctl free "$id" irq
}

load memarea_ctl
around=keeps_the_law
run_tests atomic nowait_zeroed compound from_task_to_irq \
	refused_without_a_drain by_address
