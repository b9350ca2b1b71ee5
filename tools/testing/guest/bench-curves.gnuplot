# SPDX-License-Identifier: GPL-2.0
#
# Success of large blocks by the load's progress: a row for each probe, a column
# for each order. "dat" is what "bench-curves-table.py plot" wrote; "output" is
# set by the caller, too.

set terminal svg noenhanced size 1400,900 font "sans,10" background "white"
set multiplot layout 3,4
set grid
set yrange [0:100]
set xlabel "part of the load"
set ylabel "success, %"
set key outside below maxcols 2

do for [curve = 0:11] {
	stats dat index curve skip 1 using 1:2 nooutput
	set title system(sprintf("grep '^\"' '%s' | sed -n '%d s/\"\\([^\"]*\\)\".*/\\1/p'", dat, curve + 1))
	plot for [column = 2:STATS_columns] dat index curve \
		using 1:column with linespoints title columnheader(column)
}
unset multiplot
