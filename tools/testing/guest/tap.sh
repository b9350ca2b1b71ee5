# SPDX-License-Identifier: GPL-2.0
#
# Run checks and count them, for check.sh and self-test.sh. Sourced.
#
# A check is a command; the end of what it prints is shown only if it fails.

number=0
passed=0
failed=0
skipped=0

# Print the result line "$1 - $2" and, as comment, $3.
result()
{
	number=$((number + 1))
	echo "$1 $number - $2"
	[ -z "${3:-}" ] || printf '%s\n' "$3" | tail -n 50 | sed 's/^/# /'
}

# check NAME COMMAND...
check()
{
	local log

	if log=$("${@:2}" 2>&1); then
		passed=$((passed + 1))
		result ok "$1"
	else
		failed=$((failed + 1))
		result "not ok" "$1" "$log"
	fi
}

# check_many NAME COMMAND...: a command that counts its own checks, in a line
# "N passed, N failed".
check_many()
{
	local log good bad

	log=$("${@:2}" 2>&1) || :
	good=$(sed -n 's/^\([0-9]*\) passed, .*/\1/p' <<<"$log")
	bad=$(sed -n 's/^[0-9]* passed, \([0-9]*\) failed.*/\1/p' <<<"$log")
	passed=$((passed + ${good:-0}))
	failed=$((failed + ${bad:-1}))
	if [ "${bad:-1}" = 0 ]; then
		result ok "$1: $good passed"
	else
		result "not ok" "$1: ${bad:-1} failed" "$log"
	fi
}

skip()
{
	skipped=$((skipped + 1))
	result ok "$1 # SKIP $2"
}

# The closing lines; fails if a check failed.
tap_end()
{
	echo "1..$number"
	echo "$passed passed, $failed failed, $skipped skipped"
	[ $failed -eq 0 ]
}
