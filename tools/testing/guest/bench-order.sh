#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# bench-order.sh: what alloc_pages() and __free_pages() cost by order, on a pristine
# kernel and on ours with free lists up to order 10, 9, 6 and 5: instructions in
# QEMU, and cycles on UML for orders 10 and 6.
#
# "each" is the least cost of an allocation and its freeing in a batch of 128,
# "worst" the most that a single one took. Through the per-CPU lists go orders 0
# to 3, and 9 in batches that fit there. "buddy" is past these lists, the mean of
# 8192 pages, with the most for one block, which UML, with one CPU, cannot tell.
# "hold" is the longest that zone->lock was held in batches of 128, in QEMU. A fault
# is one of a process that touches memory, see order/fault.c; UML has no huge pages.
# The CSV files stay in build/bench/.

. "${0%/*}/lib.sh"
. "$guest/bench-lib.sh"

# The program that takes faults goes where the initramfs looks.
build_fault()
{
	mkdir -p "$out/extra/bin"
	gcc -static -s -O2 -Wall -Wextra -o "$out/extra/bin/fault" \
		"$guest/order/fault.c"
}

orders()
{
	build_module "$1" impact
	build_fault
	"$guest/run.sh" "$1" orders >&2
	said_by "$1" orders | sed "s/^/$1,/" >"$results/orders-$1.csv"
}

table()
{
	awk -F , '
	function head(title) {
		printf "%-24s", title
		for (k = 1; k <= n; k++)
			printf "%12s", kernel[k]
		print ""
	}
	function line(title, what, k) {
		if (!(kernel[1] SUBSEP what in cost))
			return
		printf "%-24s", title
		for (k = 1; k <= n; k++)
			printf "%12.0f", cost[kernel[k], what]
		print ""
	}
	!seen[$1]++ { kernel[++n] = $1 }
	$3 == "zone" { cost[$1, "zone"] = $5; next }
	$2 == "fault" {
		cost[$1, $3, "touch"] = $5 / $4
		cost[$1, $3, "unmap"] = $6 / $4
		next
	}
	!known[$3]++ { order[++m] = $3 }
	$2 == "hold" { cost[$1, $3, "hold"] = $5; next }
	$2 == "buddy" {
		cost[$1, $3, "alloc"] = $5 / $4
		cost[$1, $3, "free"] = $6 / $4
		cost[$1, $3, "split"] = $7
		cost[$1, $3, "merge"] = $8
		next
	}
	{
		cost[$1, $3, $4, "each"] = ($5 + $6) / $4
		cost[$1, $3, $4, "alloc"] = $7
		cost[$1, $3, $4, "free"] = $8
	}
	END {
		head("kernel")
		for (i = 1; i <= m; i++)
			for (b = 1; b <= 128; b *= b < 8 ? 8 : 16)
				line("order " order[i] ", " b " each",
				     order[i] SUBSEP b SUBSEP "each")
		for (i = 1; i <= m; i++) {
			line("order " order[i] " worst alloc",
			     order[i] SUBSEP 1 SUBSEP "alloc")
			line("order " order[i] " worst free",
			     order[i] SUBSEP 1 SUBSEP "free")
			line("order " order[i] ", worst 128",
			     order[i] SUBSEP 128 SUBSEP "alloc")
		}
		for (i = 1; i <= m; i++) {
			line("buddy " order[i] " alloc", order[i] SUBSEP "alloc")
			line("buddy " order[i] " free", order[i] SUBSEP "free")
			line("buddy " order[i] " worst alloc",
			     order[i] SUBSEP "split")
			line("buddy " order[i] " worst free",
			     order[i] SUBSEP "merge")
		}
		for (i = 1; i <= m; i++)
			line("hold " order[i], order[i] SUBSEP "hold")
		for (size = 4096; size <= 2097152; size *= 512) {
			line("fault, " size " bytes", size SUBSEP "touch")
			line("unmap, " size " bytes", size SUBSEP "unmap")
		}
		line("struct zone, bytes", "zone")
	}'
}

# costs NAME TITLE KERNEL...
costs()
{
	local kernel

	for kernel in "${@:3}"; do
		orders "$kernel"
	done
	{
		echo "$2"
		circumstances
		for kernel in "${@:3}"; do
			guest_circumstances "$kernel" "$MEM"
		done
		for kernel in "${@:3}"; do
			cat "$results/orders-$kernel.csv"
		done | table
	} | tee "$results/orders-$1.txt"
}

"$guest/deps.sh"
export MEM=4G
costs x86_64 "Instructions in QEMU, -icount shift=0" \
	pristine x86_64 order9 order6 order5
export MEM=2G
costs um "Cycles on User Mode Linux" um-pristine um um-order6
