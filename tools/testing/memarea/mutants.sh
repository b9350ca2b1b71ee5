#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Are the tests worth anything?  Each line of mutants.txt puts one defect into
# a copy of runs.c, bits.c or window.c; one of the tests must notice.  Prints a table and
# fails if a defect was not noticed or does not apply any more.
#
# Usage: mutants.sh BUILD-FOLDER; CC and CFLAGS from the environment.
set -u

build=$1
source=../../../mm/memarea
work=$build/mutants
here=$work/tools/testing/memarea
copy=$work/mm/memarea

prepare() {
	rm -rf "$work"
	mkdir -p "$here" "$copy"
	cp core.c kernel.h space.h model.h "$here"
	cp "$source"/runs.[ch] "$source"/bits.[ch] \
		"$source"/window.[ch] "$source/space.h" "$copy"
}

# Exactly one line of the three must differ: else the script is not about these.
apply() {
	for file in runs.c bits.c window.c; do
		sed "$1" "$source/$file" >"$copy/$file"
	done
	test "$(diff -r "$source" "$copy" | grep -c '^>')" = 1
}

build_it() {
	objects=
	for object in "$build"/fast.*.o; do
		test "$object" = "$build/fast.core.o" ||
			objects="$objects $object"
	done
	# shellcheck disable=SC2086 # flags and objects are lists
	$CC $CFLAGS -Wno-error -w -o "$work/tests" "$here/core.c" $objects
}

# The first test that fails, or what became of the program.
noticed_by() {
	for only in first map: walk: scan:; do
		timeout 60 "$work/tests" $only >"$work/out" 2>&1
		case $? in
		0) ;;
		1)
			sed -n 's/^not ok [0-9]* - \(.*\) # .*/\1/p' "$work/out" |
				head -n 1
			return
			;;
		124)
			echo "does not end, after: $(last_passed)"
			return
			;;
		*)
			echo "crash, after: $(last_passed)"
			return
			;;
		esac
	done
	echo "NOBODY"
}

last_passed() {
	sed -n 's/^ok [0-9]* - \(.*\) # .*/\1/p' "$work/out" | tail -n 1
}

# Without a defect nobody may complain, or the table would say nothing.
judge_as_is() {
	build_it && noticed_by
}

judge() {
	if ! apply "$1"; then
		echo "DOES NOT APPLY"
	elif ! build_it; then
		echo "DOES NOT BUILD"
	else
		noticed_by
	fi
}

prepare
verdict=$(judge_as_is)
if [ "$verdict" != NOBODY ]; then
	echo "fails as it is: $verdict"
	exit 1
fi
grep -v '^#' mutants.txt | {
	total=0
	missed=0
	printf '%-38s %s\n' defect 'noticed by'
	while IFS=: read -r name script; do
		verdict=$(judge "${script# }")
		printf '%-38s %s\n' "$name" "$verdict"
		total=$((total + 1))
		case $verdict in
		NOBODY | DOES*) missed=$((missed + 1)) ;;
		esac
	done
	echo "$((total - missed)) noticed, $missed not"
	test "$missed" = 0
}
