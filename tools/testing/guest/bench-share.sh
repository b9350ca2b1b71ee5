#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# bench-share.sh: which share of a system's allocations is larger than lowered
# free lists keep. A kernel without memarea counts them by order: in its boot,
# while parts of its own source tree are unpacked, and in a storm of processes.
# The CSV file stays in build/bench/.

. "${0%/*}/lib.sh"
. "$guest/bench-lib.sh"

kernel_name=hist-pristine
csv=$results/share.csv

# The parts of a tree that are large enough to show something.
stage_tree()
{
	local tree

	tree=$("$guest/build.sh" "$kernel_name" | tail -n 1)
	use_kernel "$kernel_name"
	mkdir -p "$out/extra"
	tar -C "$tree" --sort=name -cf "$out/extra/tree.tar" \
		fs include kernel lib mm
}

# Of a million allocations, how many are larger, and how much of all pages is in
# those, per cent.
table()
{
	awk -F , '
	function line(title, format, what, i) {
		printf "%-22s", title
		for (i = 1; i <= n; i++)
			printf "%12" format, what[load[i]]
		print ""
	}
	!seen[$1]++ { load[++n] = $1 }
	{
		count[$2, $1] = $3 - last[$2]
		last[$2] = $3
		all[$1] += count[$2, $1]
		pages[$1] += count[$2, $1] * 2 ^ $2
	}
	END {
		for (i in all)
			name[i] = i
		line("allocations", "s", name)
		for (order = 0; order <= 10; order++) {
			for (i in all)
				row[i] = count[order, i]
			line("order " order, "d", row)
		}
		for (top = 5; top <= 6; top++) {
			for (i in all) {
				above[i] = inside[i] = 0
				for (order = top + 1; order <= 10; order++) {
					above[i] += count[order, i] / all[i] * 1e6
					inside[i] += count[order, i] * \
						2 ^ order / pages[i] * 100
				}
			}
			line("above " top ", of a million", ".1f", above)
			line("  in pages, %", ".2f", inside)
		}
	}'
}

"$guest/deps.sh"
export MEM=4G
stage_tree
"$guest/run.sh" "$kernel_name" bench-share >&2
said_by "$kernel_name" bench-share >"$csv"
{
	circumstances
	guest_circumstances "$kernel_name" "$MEM"
	table <"$csv"
} | tee "$results/share.txt"
