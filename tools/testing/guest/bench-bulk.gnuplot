# SPDX-License-Identifier: GPL-2.0
#
# Table T1 as a picture: what a page costs by the size of the batch, on UML above
# and in QEMU below. "um" and "qemu" are files that "bench-bulk-table.py plot"
# wrote; "output" is set by the caller, too.

set terminal svg noenhanced size 1500,900 font "sans,10" background "white"
set multiplot layout 2,3
set datafile missing "?"
set logscale x 2
set logscale y
set grid
set key outside below maxcols 2

parts = "allocation free both"

do for [file in um." ".qemu] {
	unit = file eq um ? "cycles on UML" : "instructions in QEMU"
	stats file index 0 skip 1 using 1 nooutput
	do for [part = 0:2] {
		set title word(parts, part + 1).": ".unit.", for each page of a batch"
		plot for [column = 2:STATS_columns] file index part \
			using 1:column with linespoints title columnheader(column)
	}
}
unset multiplot
