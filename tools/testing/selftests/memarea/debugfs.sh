#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The files in debugfs have the format that the documentation promises, agree
# with each other and with the free lists, and show an area that is taken.
# shellcheck shell=dash

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

dir=$debugfs/memarea

# each_line FILE REGEX: are there lines, and do all match?
each_line()
{
	grep -q . "$1" || return
	! grep -vE "$2" "$1" | sed 's/^/# /' | grep .
}

largest_format()
{
	each_line $dir/largest \
		'^node [0-9]+ zone +[A-Za-z0-9]+ pages +[0-9]+ start_pfn 0x[0-9a-f]+$|^node [0-9]+ zone +[A-Za-z0-9]+ pages +0 start_pfn 0$'
}

histogram_format()
{
	each_line $dir/histogram \
		'^node [0-9]+ zone +[A-Za-z0-9]+ length +[0-9]+-[0-9]+ +runs +[0-9]+ pages +[0-9]+$'
}

map_format()
{
	each_line $dir/map \
		"^node [0-9]+ zone [A-Za-z0-9]+, pfn 0x[0-9a-f]+-0x[0-9a-f]+, a cell is [0-9]+ pages, |^ *[0-9a-f]+ \\|[-#%+=:. ]{1,64}\\|\$"
}

# A run is as long as its bucket says, and no bucket is above the largest.
histogram_adds_up()
{
	cat $dir/histogram $dir/largest | awk '
		$5 == "length" {
			split($6 $7, limit, "-"); runs = $(NF - 2); pages = $NF
			if (pages < runs * limit[1] || pages > runs * limit[2])
				bad = bad "# " $0 "\n"
			low[$2 $4] = limit[1]
		}
		$5 == "pages" && ($6 < low[$2 $4] || $6 >= 2 * low[$2 $4]) {
			bad = bad "# " $0 "\n"
		}
		END { printf "%s", bad; exit bad != "" }'
}

# The histogram counts every free page. Others change a few meanwhile.
histogram_has_all_free_pages()
{
	local all free=0 word

	ctl zones
	all=$(awk '{ n += $NF } END { print n }' $dir/histogram)
	for word in $answer; do
		free=$((free + ${word#*=}))
	done
	between "pages in all runs" "$all" $((free - 2000)) $((free + 2000))
}

# Set $node, $run and $start to those of the largest run of all.
find_largest()
{
	# shellcheck disable=SC2046	# a list of words
	set -- $(sort -k 6 -n $dir/largest | tail -n 1)
	node=$2 run=$6 start=$(($8))
}

# An area in the middle of the largest run leaves the halves beside it.
largest_shrinks()
{
	local first last before

	find_largest
	before=$run
	first=$((start + run / 2 - 500)) last=$((start + run / 2 + 500))
	area nr=1000 nid="$node" min=$first max=$last || return
	find_largest
	ctl free "$id" || return
	[ "$run" -lt "$before" ] &&
		{ [ "$start" -ge $last ] || [ $((start + run)) -le $first ]; } &&
		return
	echo "# $run pages at $start, beside $first..$last"
	return 1
}

# look_at PFN: the size of a cell in the map that shows this page: $cell, and
# the five cells from the page's own on: $cells.
look_at()
{
	local text row range first inside=0 all=

	while IFS='|' read -r text row _; do
		case $text in
		node*)
			range=${text#*pfn } range=${range%%,*}
			inside=$(($1 >= ${range%-*} && $1 < ${range#*-}))
			[ $inside = 0 ] && continue
			text=${text#*cell is } cell=${text%% *}
			first=$((($1 - ${range%-*}) / cell + 1)) ;;
		*)
			[ $inside = 0 ] || all="$all$row" ;;
		esac
	done <$dir/map
	cells=$(printf '%s' "$all" | cut -c "$first-$((first + 4))")
}

# Five whole cells: used, then free again, or nearly so.
map_shows_the_area()
{
	find_largest
	look_at "$start"
	area nr=$((5 * cell)) align="$cell" nid="$node" min="$start" \
		max=$((start + run)) || return
	look_at "$pfn"
	is "cells of the area" "$cells" "#####" && ctl free "$id" || return
	look_at "$pfn"
	case $cells in
	*[#%+=]*)	echo "# cells after the free: $cells" ; return 1 ;;
	esac
}

need $dir/map
load memarea_ctl
run_tests largest_format histogram_format map_format histogram_adds_up \
	histogram_has_all_free_pages largest_shrinks map_shows_the_area
