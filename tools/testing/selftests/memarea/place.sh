#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# An area lies where the request says, and its pages are as promised.
# shellcheck shell=dash

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

aligned()
{
	area nr=777 align=512 offset=7 && is "start modulo 512" $((pfn % 512)) 7 &&
		ctl free "$id"
}

aligned_beyond_the_largest_block()
{
	area nr=100 align=16384 &&
		is "start modulo 16384" $((pfn % 16384)) 0 && ctl free "$id"
}

within_boundary()
{
	area nr=1000 boundary=1024 &&
		is "line of the last page" $(((pfn + 999) / 1024)) $((pfn / 1024)) &&
		ctl free "$id"
}

within_range()
{
	area nr=5000 min=50000 max=60000 && between start "$pfn" 50000 55000 &&
		ctl free "$id"
}

below_dma_limit()
{
	area gfp=KERNEL,DMA nr=1025 && is zone "$zone" DMA &&
		between start "$pfn" 1 3071 && ctl free "$id"
}

# What was freed can be had again, there and nowhere else.
right_there()
{
	local there

	area nr=4321 && there=$pfn && ctl free "$id" &&
		area nr=4321 min="$there" max=$((there + 4321)) &&
		is start "$pfn" "$there" && ctl free "$id"
}

compound_aligned()
{
	area gfp=COMP nr=4096 && is "start modulo 4096" $((pfn % 4096)) 0 &&
		ctl free "$id"
}

one_reference_each()
{
	area nr=1555 && ctl check "$id" && is "pages with other counts" "$refs" 0 &&
		ctl free "$id"
}

zeroed()
{
	local there

	area nr=1555 && there=$pfn && ctl fill "$id" && ctl check "$id" &&
		is "pages filled" "$dirty" 1555 && ctl free "$id" &&
		area gfp=ZERO nr=1555 min="$there" max=$((there + 1555)) &&
		ctl check "$id" && is "dirty pages" "$dirty" 0 && ctl free "$id"
}

load memarea_ctl
around=keeps_the_law
run_tests aligned aligned_beyond_the_largest_block within_boundary \
	within_range below_dma_limit right_there compound_aligned \
	one_reference_each zeroed
