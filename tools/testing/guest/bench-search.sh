#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# bench-search.sh: how long a search takes, in userspace on the host itself:
# see tools/testing/memarea/bench. CSV and table stay in build/bench/.

. "${0%/*}/lib.sh"
. "$guest/bench-lib.sh"

{
	echo "Microseconds for a search, least and median"
	circumstances
	make -s -C "$top/tools/testing/memarea" O="$build/search" bench-search
} | tee "$results/search.txt"
cp "$build/search/search.csv" "$results/search.csv"
