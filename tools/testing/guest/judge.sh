#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# judge.sh TREE LOGS: say how a guest did: pass, fail, timeout or crash.
#
# Two judges, both must agree: the kernel's own kunit.py reads the KTAP
# document, and the console is searched for the patterns in "badness", because
# kunit.py passes a document over any warning on the console. The last line
# counts; a guest that did not pass counts as at least one failed test.

. "${0%/*}/lib.sh"

[ $# -eq 2 ] || die "usage: judge.sh TREE LOGS"
tree=$1
logs=$2
console=$logs/console.log
parsed=$logs/parsed

tests_pass()
{
	[ "$(field "$logs/meta" output)" = ktap ] || return 0
	python3 "$tree/tools/testing/kunit/kunit.py" parse "$logs/ktap.log" \
		>"$parsed" 2>&1
}

# Print the status that init closed with.
closing_status()
{
	sed -n 's/.*guest: job .* exited with \([0-9]*\).*/\1/p' "$console"
}

# $1 is "yes" if the tests passed.
outcome()
{
	local status

	status=$(closing_status)
	if [ "$(field "$logs/meta" end)" = timeout ]; then
		echo timeout
	elif [ -z "$status" ] || grep -aq 'Kernel panic' "$console"; then
		echo crash
	elif [ "$status" != 0 ] || [ -s "$logs/bad" ] || [ "$1" != yes ]; then
		echo fail
	else
		echo pass
	fi
}

# Print how many tests "passed", "failed" or "skipped", by kunit.py's summary.
count()
{
	local n

	n=$(sed -n "s/.*Testing complete.*$1: \([0-9]*\).*/\1/p" "$parsed")
	echo "${n:-0}"
}

# Show what a maintainer would look at first.
explain()
{
	head -n 20 "$logs/bad"
	grep -aE -B 3 "FAILED|ERROR|CRASHED" "$parsed" | head -n 20 || :
	head -n 3 "$logs/errors.log"
	[ -s "$logs/bad" ] || [ -s "$parsed" ] || tail -n 5 "$console"
	echo "see ${logs#"$top/"}"
	echo "failed: $(sed -n 's/.*\[FAILED\] \([^ ]*\).*/\1/p' "$parsed" |
		paste -sd ' ')"
}

: >"$parsed"
grep -anE -f "$guest/badness" "$console" >"$logs/bad" || :
outcome=$(outcome "$(tests_pass && echo yes)")
[ "$outcome" = pass ] || explain
# A job that shows something has no tests to count.
[ "$outcome" != pass ] || [ "$(field "$logs/meta" output)" = ktap ] || exit 0
failed=$(count failed)
[ "$outcome" = pass ] || [ "$failed" -gt 0 ] || failed=1
echo "$outcome: $(count passed) passed, $failed failed, $(count skipped) skipped"
[ "$outcome" = pass ]
