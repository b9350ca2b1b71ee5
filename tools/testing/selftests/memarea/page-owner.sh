#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# page_owner knows each page of an area: who allocated it, and that it stands for
# itself. Needs a kernel that is booted with page_owner=on.
# shellcheck shell=dash

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# owner PFN: what page_owner says of a page; its file can be sought by PFN.
owner()
{
	dd if=$debugfs/page_owner iflag=skip_bytes skip="$1" bs=4096 count=1 \
		2>/dev/null
}

# owned PFN: is it an allocation of its own, by our module?
owned()
{
	owner "$1" >/tmp/owner
	grep -q "^PFN 0x$(printf %x "$1") " /tmp/owner &&
		grep -q "allocated via order 0,.*GFP_KERNEL" /tmp/owner &&
		grep -q "\[memarea_ctl\]" /tmp/owner && return
	sed 's/^/# /' /tmp/owner
	return 1
}

first_middle_and_last_page()
{
	area nr=1555 && owned "$pfn" && owned $((pfn + 777)) &&
		owned $((pfn + 1554)) && ctl free "$id"
}

# The file goes on to the next page that has an owner.
nobody_after_the_free()
{
	area nr=1555 && ctl free "$id" && ! owned "$pfn" >/dev/null
}

grep -qw page_owner=on /proc/cmdline || skip "page_owner is not on"
need $debugfs/page_owner
load memarea_ctl
run_tests first_middle_and_last_page nobody_after_the_free
