#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# apply.sh TREE: put the overlay on a kernel tree.
#
# First everything is checked, then the patches are applied and the new files
# linked; a refusal leaves the tree as it was. A second run changes nothing.
# It takes nothing off again: in a git tree, "git checkout ." does.

. "${0%/*}/lib.sh"
. "$guest/version.sh"
. "$guest/overlay.sh"
. "$guest/series.sh"

[ $# -eq 1 ] || die "usage: apply.sh TREE"
[ -d "$1" ] || die "no folder $1"
tree=$(cd "$1" && pwd)
version=$(kernel_version "$tree")
check_line "$version"
lock apply

computed=$(mktemp -d)
trap 'rm -rf "$computed"' EXIT
overlay_check "$tree"
series_compute "$tree" "$computed"

[ -e "$tree/.memarea" ] || [ -n "$(tested "$version" 1)" ] ||
	warn_untested "$version"
files=$(series_install "$tree" "$computed")
links=$(overlay_link "$tree")
if [ "$files$links" = 00 ]; then
	step APPLY "already applied to ${tree#"$top/"}"
else
	step APPLY "${tree#"$top/"}: $files files patched, $links links changed"
fi
