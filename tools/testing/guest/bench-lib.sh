# SPDX-License-Identifier: GPL-2.0
#
# What the benchmarks have in common. Sourced, after lib.sh.
#
# $results is where CSV, tables and pictures stay.

results=$build/bench
mkdir -p "$results"

# What a reader must know to repeat the figures of a machine.
circumstances()
{
	echo "$(date -u +%F), $(sed -n 's/^model name.*: //p;T;q' /proc/cpuinfo)," \
		"host kernel $(uname -r), $(gcc --version | head -n 1)"
}

# guest_circumstances KERNEL MEMORY
guest_circumstances()
{
	echo "guest: $1 with $2, config $(sha256sum <"$build/$1/.config" | head -c 12)"
}

# build_module KERNEL FOLDER: build the kernel, and the module in this folder
# of ours, with what modules measure by, beside the selftests' own, where the
# initramfs looks.
build_module()
{
	local tree

	tree=$("$guest/build.sh" "$1" | tail -n 1)
	use_kernel "$1"
	mkdir -p "$out/modules/$2"
	cp "$guest/measure/"* "$guest/$2/"* "$out/modules/$2"
	kmake "$tree" M="$out/modules/$2" modules >>"$out/build.log" 2>&1 ||
		die "cannot build $2, see ${out#"$top/"}/build.log"
}

# said_by KERNEL JOB: print what the job's last run sent.
said_by()
{
	tr -d '\r' <"$build/logs/$1-$2/ktap.log"
}
