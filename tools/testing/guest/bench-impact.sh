#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# bench-impact.sh: instructions of alloc_pages() and __free_pages(), on a
# kernel without memarea and on one with it, its bitmap of free pages off and on.
# The same module measures all. Fails if the kernel with memarea and without the
# bitmap executes one more for what comes from the per-CPU lists. Other blocks differ
# with what the buddy has to split and to merge, for one of them alone above all.

. "${0%/*}/lib.sh"
. "$guest/bench-lib.sh"

impact()
{
	build_module "$1" impact
	"$guest/run.sh" "$1" impact >&2
	said_by "$1" impact >"$results/impact-$1.csv"
}

"$guest/deps.sh"
impact pristine
impact x86_64
echo "Instructions in QEMU, -icount shift=0: alloc_pages() and __free_pages()"
awk -F , '
	$2 == "zone" { next }
	{ cost[$1, $2, $3, FILENAME ~ /pristine/] = $4 + $5 }
	FILENAME ~ /pristine/ { key[++n] = $2 SUBSEP $3 }
	END {
		printf "%5s %6s %9s %9s %9s %14s\n", "order", "batch",
			"pristine", "memarea", "bitmap", "more each"
		for (i = 1; i <= n; i++) {
			split(key[i], k, SUBSEP)
			base = cost["off", key[i], 1]
			off = cost["off", key[i], 0] - base
			on = cost["on", key[i], 0] - base
			if (k[1] == 0 || k[1] == 9)
				worse += off > 0
			printf "%5d %6d %9d %9d %9d %7.2f %6.2f\n", k[1], k[2],
				base, base + off, base + on, off / k[2], on / k[2]
		}
		exit worse > 0
	}' "$results"/impact-{pristine,x86_64}.csv
