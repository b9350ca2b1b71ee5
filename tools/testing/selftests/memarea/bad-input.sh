#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# No bad input is accepted, each is refused with the reason that fits, and none
# costs memory.
# shellcheck shell=dash

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

sizes()
{
	refused bad_size nr=0 && is error "$error" -22 &&
		refused bad_size nr=9223372036854775808 &&
		refused bad_size nr=18446744073709551615
}

alignments()
{
	refused bad_align nr=1 align=3 && is error "$error" -22 &&
		refused bad_align nr=1 align=18446744073709551615 &&
		refused bad_offset nr=1 offset=1 &&
		refused bad_offset nr=1 align=8 offset=8 &&
		refused bad_offset nr=1 align=8 offset=18446744073709551615
}

boundaries()
{
	refused bad_boundary nr=1 boundary=12 && is error "$error" -22 &&
		refused bad_boundary nr=17 boundary=16 &&
		refused bad_boundary nr=9 boundary=16 align=16 offset=8
}

ranges()
{
	refused bad_range nr=1 min=10 max=10 && is error "$error" -22 &&
		refused bad_range nr=1 min=100 max=50 &&
		refused bad_range nr=41 min=10 max=50 &&
		refused bad_range nr=2 align=64 min=65 max=129 &&
		refused bad_range nr=2 min=18446744073709551615 &&
		refused bad_range nr=9223372036854775807 min=9223372036854775809
}

nodes()
{
	refused bad_node nr=1 nid=-2 && is error "$error" -22 &&
		refused bad_node nr=1 nid=2147483647 &&
		refused bad_node nr=1 nid=-2147483648 &&
		refused bad_node nr=1 nid=63
}

compound_sizes()
{
	refused bad_size gfp=COMP nr=3 && is error "$error" -22 &&
		refused bad_size gfp=COMP nr=9223372036854775808 &&
		refused bad_size gfp=COMP nr=4611686018427387904 &&
		refused bad_offset gfp=COMP nr=8 align=16 offset=4
}

nofail()
{
	refused bad_gfp gfp=KERNEL,NOFAIL nr=1 && is error "$error" -22
}

# Good requests that no zone may serve.
not_allowed()
{
	refused not_allowed nr=1 min=1099511627776 && is error "$error" -19 &&
		refused not_allowed nr=1 gfp=DMA,NOWARN min=65536 &&
		refused not_allowed nr=9223372036854775807 &&
		refused not_allowed nr=1 nodes=
}

# The calls by address know no reasons.
no_address()
{
	ctl exact gfp=KERNEL,NOWARN nr=0 && is error "$error" -12 &&
		ctl exact gfp=KERNEL,COMP nr=1 && is error "$error" -12 &&
		ctl exact gfp=MOVABLE nr=1 && is error "$error" -12 &&
		ctl exact gfp=KERNEL,NOWARN nr=4503599627370495 &&
		is error "$error" -12
}

load memarea_ctl
around=keeps_the_law
run_tests sizes alignments boundaries ranges nodes compound_sizes nofail \
	not_allowed no_address
