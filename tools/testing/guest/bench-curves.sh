#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# bench-curves.sh: how often large blocks and huge pages are to be had, on a
# pristine kernel and on ours with free lists up to order 10 and 6, while the same
# long mixed load fragments memory; and at order 6 without the rule that keeps
# whole pageblocks for last. See order/curves.c for the load.
#
# UML is quick, but has no huge pages, so a pageblock is of order 10 there; it is
# of order 9 in QEMU. CSV files and tables stay in build/bench/, the plot of QEMU's
# becomes that of the documentation. Figures that miss what is expected are no
# failure.

. "${0%/*}/lib.sh"
. "$guest/bench-lib.sh"

# The program that asks for huge pages goes where the initramfs looks.
build_thp()
{
	mkdir -p "$out/extra/bin"
	gcc -static -s -O2 -Wall -Wextra -o "$out/extra/bin/thp" \
		"$guest/order/thp.c"
}

curves()
{
	build_module "$1" order
	build_thp
	"$guest/run.sh" "$1" bench-curves >&2
	said_by "$1" bench-curves | sed "s/^/$1,/" >"$results/curves-$1.csv"
}

# all_curves KERNEL...
all_curves()
{
	local kernel

	for kernel; do
		cat "$results/curves-$kernel.csv"
	done
}

# measure NAME KERNEL...
measure()
{
	local kernel

	for kernel in "${@:2}"; do
		curves "$kernel"
	done
	{
		circumstances
		for kernel in "${@:2}"; do
			guest_circumstances "$kernel" "$MEM"
		done
		all_curves "${@:2}" | "$guest/bench-curves-table.py" table
	} | tee "$results/curves-$1.txt"
	all_curves "${@:2}" | "$guest/bench-curves-table.py" plot \
		>"$results/curves-$1.dat"
}

plot()
{
	local picture=$top/Documentation/mm/memarea/orders.svg

	gnuplot -e "dat = '$results/curves-$1.dat'" \
		-e "set output '$picture'" "$guest/bench-curves.gnuplot"
	sed -i 's/ *$//' "$picture"
	step PLOT "${picture#"$top/"}"
}

"$guest/deps.sh" gnuplot-nox
export MEM=512M
measure um um-pristine um um-order6 um-order6-norule
measure x86_64 pristine x86_64 order6 order6-norule
plot x86_64
