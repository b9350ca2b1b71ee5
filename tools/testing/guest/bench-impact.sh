#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# bench-impact.sh: instructions of alloc_pages() and __free_pages(), on a
# kernel without memarea and on one with it. The same module measures both.
# Fails if the one with memarea executes one more anywhere.

. "${0%/*}/lib.sh"

results=$build/bench
mkdir -p "$results"

# Build the module beside the selftests' own, where the initramfs looks.
impact()
{
	local tree

	tree=$("$guest/build.sh" "$1" | tail -n 1)
	use_kernel "$1"
	mkdir -p "$out/modules/impact"
	cp "$guest/impact/"* "$out/modules/impact"
	kmake "$tree" M="$out/modules/impact" modules >>"$out/build.log" 2>&1
	"$guest/run.sh" "$1" impact >&2
	tr -d '\r' <"$build/logs/$1-impact/ktap.log" >"$results/impact-$1.csv"
}

"$guest/deps.sh"
impact pristine
impact x86_64
echo "Instructions in QEMU, -icount shift=0: alloc_pages() and __free_pages()"
paste -d , "$results"/impact-{pristine,x86_64}.csv | awk -F , '
	BEGIN {
		printf "%5s %6s %22s %22s %6s\n", "order", "batch",
			"pristine alloc/free", "memarea alloc/free", "more"
	}
	{
		more = $7 - $3 + $8 - $4
		worse += more > 0
		printf "%5d %6d %14d/%7d %14d/%7d %6d\n",
			$1, $2, $3, $4, $7, $8, more
	}
	END { exit worse > 0 }'
