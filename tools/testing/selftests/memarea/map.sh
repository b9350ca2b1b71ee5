#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# map.sh: make a zone worth a picture, and print what memarea-map draws it from,
# and its map: each file behind a line "== NAME".
#
# Areas of odd sizes, some where there is room first, some further up; two of
# them lose a part. Between them are files of which every other one is deleted.
# A hash table at boot and the PCI driver have areas of their own if there are
# such.
# shellcheck shell=dash

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

tracing=/sys/kernel/tracing
saved=/tmp/map

# files COUNT KIB: fill so many files, and give every other one back; "zones"
# drains the per-CPU lists.
files()
{
	local i

	mkdir -p /tmp/files
	for i in $(seq "$1"); do
		dd if=/dev/zero of="/tmp/files/$i" bs=4k count=$(($2 / 4)) \
			2>/dev/null
	done
	rm /tmp/files/*[02468] && ctl zones
}

# cut FROM TO: free these pages of the area that was allocated last.
cut()
{
	ctl split "$id" "$1" && ctl split "$id" $(($2 - $1)) && ctl free $((id - 1))
}

allocate()
{
	area gfp=KERNEL,DMA nr=1025 && area nr=2500 && area nr=12345 &&
		files 320 300 && area nr=33333 && cut 10000 21000 &&
		area nr=54321 min=200000 && area nr=9999 align=4096 min=300000 &&
		area nr=20000 min=350000 && ctl split "$id" 14000 &&
		ctl free "$id"
}

save()
{
	mkdir $saved && cat $tracing/trace >$saved/trace &&
		cat $debugfs/memarea/largest >$saved/largest &&
		cat $debugfs/memarea/blocks >$saved/blocks
}

need $debugfs/memarea/blocks $tracing/events/memarea
echo 1 >$tracing/events/memarea/enable
load memarea_ctl
(load memarea_edu)
allocate && save && memarea-map --dir $saved >/tmp/text || exit
for file in /tmp/text "$saved"/*; do
	echo "== ${file##*/}"
	cat "$file"
done
