#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# map.sh: a guest's memory as a map, and as a picture in build/map/zone.png.
#
# The guest sends what memarea-map reads; it is drawn here, in colour if that
# can be seen. The guest has drawn it, too, with busybox: both must be the same.

. "${0%/*}/lib.sh"

results=$build/map
tool=$top/tools/mm/memarea-map

# Write what stdin has behind each line "== NAME" to a file of this name.
unpack()
{
	tr -d '\r' | awk -v dir="$results" '
		/^== [a-z]+$/ { file = dir "/" $2; next }
		file { print >file }'
}

"$guest/deps.sh" gnuplot-nox
said=$("$guest/run.sh" x86_64 map) || die "$said"
rm -rf "$results"
mkdir -p "$results"
unpack <"$build/logs/x86_64-map/ktap.log"
"$tool" --dir "$results" --no-color | cmp - "$results/text" ||
	die "the guest drew another map: ${results#"$top/"}/text"
"$tool" --dir "$results" --png "$results/zone.png"
"$tool" --dir "$results"
step PNG "${results#"$top/"}/zone.png"
