#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# draw.sh [renew]: tools/mm/memarea-map says what it said before.
#
# draw/small is a machine made up to have all there is: holes, every shade, areas
# without their head, their tail, their middle and all but their ends, two that
# one free cuts, one that put_page() freed, one that took the place of another.
# draw/guest comes from "make map". What the tool makes of them is in draw/*.out,
# the same for every shell and awk that there is; "renew" writes these files
# anew. TAP is printed.

here=$(cd "$(dirname "$0")" && pwd)
tool=$here/../../mm/memarea-map
data=$here/draw
renew=${1:-}
passed=0 failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset NO_COLOR

# A gnuplot that shows what it gets, and none.
mkdir "$work/gnuplot" "$work/awk" "$work/none"
printf '#!/bin/sh\nexec cat\n' >"$work/gnuplot/gnuplot"
chmod +x "$work/gnuplot/gnuplot"
PATH=$work/awk:$work/gnuplot:$PATH

have()
{
	command -v "$1" >/dev/null
}

# ok NAME COMMAND...
ok()
{
	name=$1
	shift
	if "$@" >"$work/log" 2>&1; then
		passed=$((passed + 1))
		echo "ok $((passed + failed)) - $name"
	else
		failed=$((failed + 1))
		echo "not ok $((passed + failed)) - $name"
		tail -n 20 "$work/log" | sed 's/^/# /'
	fi
}

# same OUT COMMAND...: does it print what the file has?
same()
{
	out=$data/$1.out
	shift
	"$@" >"$work/out" 2>&1
	status=$?
	[ "$renew" != renew ] || cp "$work/out" "$out"
	diff -u "$out" "$work/out" && return $status
}

# map DIR OPTION...
map()
{
	input=$data/$1
	shift
	$shell "$tool" --dir "$input" "$@"
}

# refused REGEX COMMAND...: does it fail, and say this?
refused()
{
	regex=$1
	shift
	! "$@" >"$work/out" 2>&1 || return
	grep "^memarea-map: $regex" "$work/out"
}

# The same for every shell and awk, which the names of the tests end with.  Each
# awk, but one shell, sees 65536 lines: the shell does not read them.
all_output()
{
	ok "text, $with" same small map small
	ok "folded into lines of eight, $with" \
		same folded map small --node 0 --zone DMA32 --width=8 --lines=3
	ok "colours, $with" same color map small --color
	ok "from a guest, $with" same guest map guest
	ok "neither trace nor largest, $with" same bare map bare
	ok "picture, $with" same picture picture small --node 0
	ok "many areas, $with" same many many_areas
	ok "high addresses, $with" same high high_zone
	[ "$shell" != "$first" ] || ok "128 GiB fit a screen, $with" large_zone
	ok "no such zone, $with" refused "there is no such zone" map small --node 7
}

picture()
{
	map "$@" --png "$work/png" && cat "$work/png"
}

# One more than letters.
many_areas()
{
	awk 'BEGIN {
		for (i = 27; i; i--)
			printf "sh-%d [000] 1.0: memarea_alloc_finish: pfn=0x%x nr_pages=200 errorno=0\n",
				i, 40660 + 300 * i
	}' >"$work/trace"
	map small --node 1 --trace "$work/trace"
}

# PFNs of more than 32 bits, and a large area.
high_zone()
{
	cat >"$work/blocks" <<-END
		node 0 zone Normal start_pfn 0x123400000000 end_pfn 0x123600000000 block_pages 512 page_size 4096
		0x123400000000 4294967296 0 Movable
		0x123500000000 4294967296 4294967296 Movable
	END
	echo "sh-1 [0] 1.0: memarea_alloc_finish: pfn=0x123400000010 nr_pages=4294967280 errorno=0" \
		>"$work/trace"
	$shell "$tool" --dir "$work" --lines 2
}

# No two pageblocks are alike; written once for all.
large_zone()
{
	[ -e "$work/large/blocks" ] || many_blocks
	$shell "$tool" --dir "$work/large" >"$work/out" && cat "$work/out" &&
		[ "$(grep -c '|%*|$' "$work/out")" = 16 ]
}

many_blocks()
{
	mkdir "$work/large"
	awk 'BEGIN {
		print "node 0 zone Normal start_pfn 0x100000 end_pfn 0x2100000 block_pages 512 page_size 4096"
		for (i = 0; i < 65536; i++)
			printf "0x%x 512 %d Movable\n", 1048576 + 512 * i, i % 2 * 256
	}' >"$work/large/blocks"
}

help_has_every_option()
{
	"$tool" --help >"$work/help" || return
	for word in NAME SYNOPSIS DESCRIPTION OPTIONS FILES EXAMPLES \
		$(sed -n 's/^	\(--[a-z-]*\)).*/    \1/p' "$tool"); do
		grep -Eq "^( {4}(--.*, )?)?$word( [A-Z]+)?(,|\$)" "$work/help" &&
			continue
		echo "nothing about $word"
		return 1
	done
}

# A terminal, by the script of util-linux.
on_terminal()
{
	script -qec "$1 $tool --dir $data/small $2" /dev/null | tr -d '\r' \
		>"$work/out"
}

colors_on_a_terminal()
{
	on_terminal "" "" && diff "$data/color.out" "$work/out"
}

no_color_in_the_environment()
{
	on_terminal NO_COLOR=1 "" && diff "$data/small.out" "$work/out"
}

no_color_by_option()
{
	on_terminal "" --no-color && diff "$data/small.out" "$work/out"
}

# Nothing but what the tool needs up to there.
no_gnuplot()
{
	PATH=$work/none /bin/sh "$tool" --dir "$data/small" --png "$work/none.png"
}

# gnuplot fails, and leaves nothing behind.
bad_gnuplot()
{
	printf '#!/bin/sh\necho half\nexit 1\n' >"$work/awk/gnuplot"
	chmod +x "$work/awk/gnuplot"
	refused "gnuplot failed" map small --png "$work/bad.png"
	status=$?
	rm "$work/awk/gnuplot"
	[ $status = 0 ] && [ ! -e "$work/bad.png" ]
}

first=
for shell in dash "busybox sh" "bash --posix"; do
	for awk in mawk gawk original-awk "busybox awk"; do
		have "${shell%% *}" || continue
		have "${awk%% *}" || continue
		first=${first:-$shell}
		printf '#!/bin/sh\nexec %s "$@"\n' "$awk" >"$work/awk/awk"
		chmod +x "$work/awk/awk"
		with="$shell and $awk"
		all_output
	done
done
shell=
ok "help has every option" help_has_every_option
ok "colours on a terminal" colors_on_a_terminal
ok "none with NO_COLOR" no_color_in_the_environment
ok "none with --no-color" no_color_by_option
ok "unknown option" refused "there is no option --colour" map small --colour
ok "option without value" refused "--node needs a value" map small --node
ok "width that is no number" refused "--width takes a number" \
	map small --width wide
ok "no folder" refused "cannot read .*/none/blocks" map none
ok "no trace" refused "cannot read /none" map small --trace /none
ok "no gnuplot" refused "--png needs gnuplot" no_gnuplot
ok "failing gnuplot" bad_gnuplot
echo "1..$((passed + failed))"
echo "$passed passed, $failed failed"
[ $failed = 0 ]
