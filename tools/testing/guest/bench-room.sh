#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# bench-room.sh: alloc_contig_pages() where memory is in use, on a kernel without
# memarea and on one with it, in whose guest mainline's way is measured, too; before,
# on kernels of their own, how long interrupts are off. Then how often there is a
# huge page of 1 GiB. See room/ for what memory is full of.
#
# The same module and the same program serve all kernels. CSV and tables stay in
# build/bench/. A byte that is not what it was is a failure; figures that miss
# what is expected are none.

. "${0%/*}/lib.sh"
. "$guest/bench-lib.sh"

kernels=(mm-pristine mm)
watched=(mm-irqsoff-pristine mm-irqsoff)

# The module and the program, where the initramfs looks.
stage()
{
	build_module "$1" room
	rm -rf "$out/extra"
	mkdir -p "$out/extra/bin"
	gcc -O2 -static -Wall -Wextra -o "$out/extra/bin/room-load" \
		"$guest/room/room-load.c"
}

# ask JOB KERNEL...: what each kernel said, in lines that begin with its name.
ask()
{
	local name

	for name in "${@:2}"; do
		ask_kernel "$name" "$1"
	done
}

# The last column is how long interrupts were off, or 0 on kernels that cannot tell.
areas()
{
	echo "kernel,percent,how,run,mib,got,us,moved,dropped,swapped,written,place,free,off"
	ask room "$@"
}

ask_kernel()
{
	"$guest/run.sh" "$1" "$2" >&2
	said_by "$1" "$2" | sed "s/^[^#]/$1,&/"
}

"$guest/deps.sh"
export MEM=2G
for name in "${kernels[@]}" "${watched[@]}"; do
	stage "$name"
done
areas "${watched[@]}" >"$results/room-irqsoff.csv"
areas "${kernels[@]}" >"$results/room.csv"
{
	echo "kernel,huge,try,pages"
	ask room-huge "${kernels[@]}"
} >"$results/room-huge.csv"
{
	echo "Making room, in QEMU with -icount shift=0"
	circumstances
	for name in "${kernels[@]}" "${watched[@]}"; do
		guest_circumstances "$name" "2 GiB"
	done
	"$guest/bench-room-table.py" "$results/room.csv" \
		"$results/room-huge.csv" "$results/room-irqsoff.csv"
} | tee "$results/room.txt"
