#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# self-test.sh: does the harness see what it must see?
#
# Guests that pass, fail, warn, panic and hang are booted and must be judged so.
# A small repository with patches of its own, in a temporary folder, is applied
# to small trees that fit, do not fit, or are of another kernel. Results of mm
# selftests that were never run are compared.

. "${0%/*}/lib.sh"
. "$guest/tap.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
repo=$work/repo
tree=$work/tree

# A self-test job must have the outcome $1.
judged()
{
	local said

	said=$("$guest/run.sh" um "$2" | tail -n 1 || :)
	echo "$said"
	[ "${said%%:*}" = "$1" ]
}

# A tree of version 6.$1 with one file of nine lines.
new_tree()
{
	rm -rf "$tree"
	mkdir -p "$tree/mm"
	printf 'VERSION = 6\nPATCHLEVEL = %s\nSUBLEVEL = %s\n' "${1%.*}" "${1#*.}" \
		>"$tree/Makefile"
	seq 9 >"$tree/mm/page.c"
}

# A patch that turns line $1 of mm/page.c into $2.
new_patch()
{
	seq 9 | sed "$1s/.*/$2/" |
		diff -u --label a/mm/page.c --label b/mm/page.c <(seq 9) - \
		>"$repo/patches/one.patch" || :
}

new_repo()
{
	rm -rf "$repo"
	mkdir -p "$repo/tools/testing" "$repo/patches" "$repo/mm/memarea"
	cp -r "$guest" "$repo/tools/testing"
	git init -q "$repo"
	echo code >"$repo/mm/memarea/area.c"
	echo menu >"$repo/Kconfig"
	echo one.patch >"$repo/patches/series"
	new_patch 5 five
}

apply()
{
	"$repo/tools/testing/guest/apply.sh" "$tree" >"$work/said" 2>&1
}

said()
{
	grep -q "$1" "$work/said" || { cat "$work/said"; return 1; }
}

# Print what the tree consists of.
state()
{
	(cd "$tree" && find . -path ./.memarea -prune -o -printf '%p %l %T@\n' | sort
	 find . -path ./.memarea -prune -o -type f -exec sha256sum {} + | sort)
}

# The command must fail, say $1 and leave the tree alone.
refused()
{
	local before

	before=$(state)
	! apply && said "$1" && [ "$before" = "$(state)" ]
}

applies()
{
	apply && grep -qx five "$tree/mm/page.c" && ! said WARNING >"$work/quiet" &&
		cmp "$tree/mm/memarea/area.c" "$repo/mm/memarea/area.c" &&
		cmp "$tree/mm/memarea/Kconfig" "$repo/Kconfig" &&
		[ ! -e "$tree/tools/testing/guest" ]
}

applies_once()
{
	local before

	before=$(state)
	apply && said "already applied" && [ "$before" = "$(state)" ]
}

# What was applied can be taken off again, to the last byte and folder.
removes()
{
	local before

	new_tree 12.117
	rm -rf "$tree/.memarea"
	before=$(cd "$tree" && find . -type f -exec sha256sum {} +; find "$tree" -type d)
	apply && "$repo/tools/testing/guest/remove.sh" "$tree" &&
		[ "$before" = "$(cd "$tree" && find . -type f -exec sha256sum {} +
			find "$tree" -type d)" ]
}

edits_are_live()
{
	echo more >>"$repo/mm/memarea/area.c"
	grep -qx more "$tree/mm/memarea/area.c"
}

follows_the_series()
{
	new_patch 5 fifth
	apply && grep -qx fifth "$tree/mm/page.c" && ! grep -qx five "$tree/mm/page.c" &&
		: >"$repo/patches/series" && apply && seq 9 | cmp - "$tree/mm/page.c"
}

drops_stale_links()
{
	rm "$repo/mm/memarea/area.c"
	apply && [ ! -L "$tree/mm/memarea/area.c" ]
}

patch_for_git_am()
{
	new_tree 12.117
	git init -q "$work/am"
	cp -r "$tree/." "$work/am"
	git -C "$work/am" add .
	git -C "$work/am" -c user.name=a -c user.email=a@b commit -qm base
	KSRC=$tree "$repo/tools/testing/guest/patch.sh"
	git -C "$work/am" -c user.name=a -c user.email=a@b \
		am -q "$repo/build/memarea-6.12.117.patch"
	grep -qx five "$work/am/mm/page.c" && [ ! -L "$work/am/mm/memarea/area.c" ] &&
		grep -qx code "$work/am/mm/memarea/area.c"
}

misfit()
{
	new_tree 12.117
	sed -i 's/^4$/four/' "$tree/mm/page.c"
	refused "Hunk #1 FAILED" && said one.patch
}

taken_path()
{
	new_tree 12.117
	mkdir "$tree/mm/memarea"
	echo theirs >"$tree/mm/memarea/area.c"
	refused "already has mm/memarea/area.c"
}

other_line()
{
	new_tree 13.2
	refused "this is Linux 6.13.2"
}

untested_release()
{
	new_tree 12.1
	apply && [ "$(grep -c WARNING "$work/said")" = 1 ]
}

# Make the results of mm selftests $1, which are "TEST RESULT"...
mm_results()
{
	local name=$1

	shift
	printf '%s\t\t%s\t1\n' "$@" >"$work/$name"
}

# The comparison of what mm_results made must end with "2 compared, $1 worse".
mm_differ()
{
	local status=0

	printf '%s\n' "hugetlb 1 a" "mmap 0 b" >"$work/list"
	"$guest/mm-selftests-table.py" compare "$work/list" "$work/theirs" \
		"$work/ours" "${@:2}" >"$work/said" || status=1
	cat "$work/said"
	said "^2 compared, $1 worse" && [ $status = $(($1 > 0)) ]
}

mm_sees_failures()
{
	mm_results theirs a pass b pass
	mm_results ours a pass b pass && mm_differ 0 &&
		mm_results ours a pass b fail && mm_differ 1 &&
		mm_results ours a crash b skip && mm_differ 2 &&
		mm_results theirs a pass b fail &&
		mm_results ours a pass b fail && mm_differ 0
}

mm_sees_idle_tests()
{
	mm_results theirs a skip b skip
	mm_results ours a skip b skip && mm_differ 1
}

# What fails on both sides now and then is not worse, what ours fails at is.
mm_tries_again()
{
	mm_results theirs a pass b pass
	mm_results ours a pass b fail
	mm_results theirs2 b pass b fail b pass
	mm_results ours2 b pass b pass b fail &&
		mm_differ 0 "$work/theirs2" "$work/ours2" &&
		mm_results ours2 b pass b fail b fail &&
		mm_differ 1 "$work/theirs2" "$work/ours2"
}

# A test that ends the guest is a crash, and parts are found in what is printed.
mm_reads_records()
{
	printf '%s\n' '> a -x' '  ok 1 one' '  not ok 2 two' '  ok 3 three # SKIP' \
		'  ok 4 17 of 4MB' '  Testing four... done' \
		'  Run test: five' '  Collapse.... OK' '< 1 7' '> b' | \
		"$guest/mm-selftests-table.py" parse <(echo '12:[ 1.0] BUG: 0x12') |
		diff - <(printf '%s\t%s\t%s\t%s\n' 'a -x' '' fail 7 \
			'a -x' one pass '' 'a -x' two fail '' \
			'a -x' three skip '' 'a -x' 'N of NMB' pass '' \
			'a -x' four pass '' 'a -x' 'five: Collapse' pass '' \
			b '' crash 0 console 'BUG: N' fail '')
}

new_repo
new_tree 12.117
check "overlay fits" applies
check "overlay fits once" applies_once
check "links are live" edits_are_live
check "patches follow the series" follows_the_series
check "stale links go" drops_stale_links
new_repo
check "overlay comes off" removes
check "one patch for git am" patch_for_git_am
check "no fuzz: refused, tree untouched" misfit
check "kernel file in the way: refused" taken_path
check "another kernel line: refused" other_line
check "untested release: one warning" untested_release
check "mm selftests: what is worse is seen" mm_sees_failures
check "mm selftests: tests that only skip are seen" mm_sees_idle_tests
check "mm selftests: flaky is not worse" mm_tries_again
check "mm selftests: records are understood" mm_reads_records
check "passing guest passes" judged pass self-pass
check "failing test fails" judged fail self-fail
check "missing test fails" judged fail self-short
check "empty document fails" judged fail self-empty
check "warning on the console fails" judged fail self-warn
check "panic is a crash" judged crash self-panic
check "hang is a timeout" judged timeout self-hang
tap_end
