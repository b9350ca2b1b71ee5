#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# remove.sh TREE: take off a kernel tree what apply.sh put on it.
#
# Files that somebody changed since are left as they are: they count as the
# kernel's own again.

. "${0%/*}/lib.sh"
. "$guest/series.sh"

[ $# -eq 1 ] || die "usage: remove.sh TREE"
tree=$(cd "$1" && pwd)
[ -d "$tree/.memarea" ] || die "nothing of memarea's is in $tree"
lock apply

while read -r file; do
	series_restore "$tree" "$file"
done < <(series_applied "$tree")
while read -r file; do
	[ ! -L "$tree/$file" ] || rm "$tree/$file"
	[ ! -d "$tree/${file%/*}" ] ||
		rmdir -p --ignore-fail-on-non-empty "$tree/${file%/*}"
done <"$tree/.memarea/links"
rm -r "$tree/.memarea"
step REMOVE "${tree#"$top/"}"
