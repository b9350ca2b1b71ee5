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

blocks_format()
{
	each_line $dir/blocks \
		'^node [0-9]+ zone [A-Za-z0-9]+ start_pfn (0|0x[0-9a-f]+) end_pfn 0x[0-9a-f]+ block_pages [0-9]+ page_size [0-9]+$|^ *(0|0x[0-9a-f]+) +[0-9]+ +[0-9]+ [A-Za-z]+$'
}

# blocks_follow [FILE]: in each zone line follows line, from its start to its
# end, and what stands for several blocks is all free or all used.
blocks_follow()
{
	local first pages free value next=0 end=0 block=0

	while read -r first pages free _ value; do
		if [ "$first" = node ]; then
			is "end of a zone" $next $((end)) || return
			# shellcheck disable=SC2086	# a list of words
			set -- $value
			next=$(($2)) end=$4 block=$6
			continue
		fi
		is "start of a line" $((first)) $next || return
		[ "$free" = 0 ] || [ "$free" = "$pages" ] ||
			between "pages in one block" "$pages" "$free" "$block" || return
		next=$((next + pages))
	done <"${1:-$dir/blocks}"
	is "end of a zone" $next $((end)) && [ $next -gt 0 ]
}

# A reader that takes a few bytes at a time comes back to a place, not a state.
blocks_in_small_reads()
{
	dd if=$dir/blocks bs=64 2>/dev/null >/tmp/blocks &&
		blocks_follow /tmp/blocks
}

blocks_have_all_free_pages()
{
	local all free=0 word

	ctl zones
	all=$(awk '$1 != "node" { n += $3 } END { print n }' $dir/blocks)
	for word in $answer; do
		free=$((free + ${word#*=}))
	done
	between "pages in all blocks" "$all" $((free - 2000)) $((free + 2000))
}

# free_in START END: set $free to the free pages there. Both are borders of
# blocks: a line of which a part lies there is all free or all used.
free_in()
{
	local first pages nr from to

	free=0
	while read -r first pages nr _; do
		[ "$first" != node ] || continue
		from=$((first > $1 ? first : $1))
		to=$((first + pages < $2 ? first + pages : $2))
		[ $from -ge $to ] ||
			free=$((free + nr * (to - from) / pages))
	done <$dir/blocks
}

# Not a page of the area is free, and all or nearly all are when it is gone.
blocks_show_the_area()
{
	local block nr

	block=$(sed -n 's/.*block_pages \([0-9]*\) .*/\1/p' $dir/blocks | head -n 1)
	nr=$((5 * block))
	find_largest
	area nr=$nr align="$block" nid="$node" min="$start" \
		max=$((start + run)) || return
	free_in "$pfn" $((pfn + nr))
	is "free pages in the area" $free 0 && ctl free "$id" || return
	free_in "$pfn" $((pfn + nr))
	between "free pages after the free" $free $((nr - 100)) $nr
}

need $dir/map
load memarea_ctl
run_tests largest_format histogram_format map_format histogram_adds_up \
	histogram_has_all_free_pages largest_shrinks map_shows_the_area \
	blocks_format blocks_follow blocks_in_small_reads \
	blocks_have_all_free_pages blocks_show_the_area
