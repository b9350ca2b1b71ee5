#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# bench-bulk.sh: what pages cost in batches on a kernel without memarea and on
# one with it, on UML (native cycles of one CPU, no lock instructions) and in QEMU
# with -icount (instructions, no caches). Two more kernels, with the tracepoints
# for it, tell how long interrupts are off; then the kernel's own benchmark of
# vmalloc is run on both, and a load that shows how memory fragments. One module
# measures all kernels.
#
# On UML the kernels take turns, A B A B A B, for a host is never quite idle;
# instructions need no second run. A guest has 2 GiB or more, which makes the
# per-CPU lists as large as they get; with 4 GiB a PC has a zone Normal. CSV and
# tables stay in build/bench/bulk*, the plot becomes that of the documentation.
# Figures that miss what is expected are no failure.

. "${0%/*}/lib.sh"
. "$guest/bench-lib.sh"

# one_run SIDE KERNEL JOB RUN: boot, and print the CSV with what it is of.
one_run()
{
	local said

	said=$("$guest/run.sh" "$2" "$3") || die "$said"
	said_by "$2" "$3" | sed -n "s/^[^#]/$1,$4,&/p"
}

# take_turns PRISTINE PATCHED JOB RUNS
take_turns()
{
	local run

	for run in $(seq "$4"); do
		one_run pristine "$1" "$3" "$run"
		one_run patched "$2" "$3" "$run"
	done
}

# What a table begins with: PRISTINE PATCHED JOB.
preamble()
{
	local kernel

	circumstances
	for kernel in "$1" "$2"; do
		guest_circumstances "$kernel" "$MEM"
		said_by "$kernel" "$3" | sed -n 's/^# /  /p'
	done
	echo
}

# bulk NAME PRISTINE PATCHED RUNS TABLE-ARGUMENT...
bulk()
{
	local csv=$results/bulk-$1.csv

	build_module "$2" bulk
	build_module "$3" bulk
	{
		echo "kernel,run,table,column,order,batch,alloc_least,alloc,free_least,free,both_least,both,off,off_most,zone_hold,pcp_hold"
		take_turns "$2" "$3" bench-bulk "$4"
	} >"$csv"
	{
		preamble "$2" "$3" bench-bulk
		"$guest/bench-bulk-table.py" "${@:5}" <"$csv"
	} | tee "$results/bulk-$1.txt"
	echo
}

# The kernel builds the module, it has to be put where the initramfs looks.
stage_test_vmalloc()
{
	"$guest/build.sh" "$1" >/dev/null
	use_kernel "$1"
	install -D "$out/lib/test_vmalloc.ko" "$out/modules/test_vmalloc.ko"
}

# vmalloc PRISTINE PATCHED
vmalloc()
{
	stage_test_vmalloc "$1"
	stage_test_vmalloc "$2"
	{
		echo "kernel,run,test,pages,loops,microseconds"
		take_turns "$1" "$2" bench-vmalloc 1
	} >"$results/bulk-vmalloc.csv"
	{
		preamble "$1" "$2" bench-vmalloc
		"$guest/bench-bulk-table.py" vmalloc <"$results/bulk-vmalloc.csv"
	} | tee "$results/bulk-vmalloc.txt"
}

# frag NAME PRISTINE PATCHED: the pagetypeinfo of both is printed below the table.
frag()
{
	local csv=$results/bulk-frag-$1.csv kernel

	build_module "$2" bulk
	build_module "$3" bulk
	{
		echo "kernel,run,way,part,pages,failures,huge_tries,huge,free,huge_free"
		take_turns "$2" "$3" bench-frag 1
	} >"$csv"
	{
		circumstances
		"$guest/bench-bulk-table.py" frag <"$csv"
		for kernel in "$2" "$3"; do
			guest_circumstances "$kernel" "$MEM"
			said_by "$kernel" bench-frag | sed -n 's/^# /  /p'
		done
	} | tee "$results/bulk-frag-$1.txt"
	echo
}

# The data of NAME's plot.
plot_data()
{
	"$guest/bench-bulk-table.py" plot <"$results/bulk-$1.csv" \
		>"$results/bulk-$1.dat"
}

plot()
{
	local picture=$top/Documentation/mm/page_bulk.svg

	plot_data um
	plot_data x86_64
	gnuplot -e "um = '$results/bulk-um.dat'" \
		-e "qemu = '$results/bulk-x86_64.dat'" \
		-e "set output '$picture'" "$guest/bench-bulk.gnuplot"
	sed -i 's/ *$//' "$picture"
	step PLOT "${picture#"$top/"}"
}

"$guest/deps.sh" gnuplot-nox
export MEM=2G
bulk um um-pristine um 3 tables cycles
export MEM=4G
bulk x86_64 pristine x86_64 1 tables instructions
bulk irqsoff irqsoff-pristine irqsoff 1 irqs-off
vmalloc pristine x86_64
MEM=2G
frag um um-pristine um
frag x86_64 pristine x86_64
plot
