# SPDX-License-Identifier: GPL-2.0
#
# Run checks and count them, for check.sh and self-test.sh. Sourced.
#
# A check is a command; the end of what it prints is shown only if it fails. It is
# run at once by "check" and "check_many", and by "later" beside others.

number=0
passed=0
failed=0
logs=
groups=()
waiting=()

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

# later check|check_many NAME COMMAND...: start the command now; tap_end waits for
# it, and gives the results in the order of these calls. Each command is a process
# group of its own, so that none outlives this script.
later()
{
	local log

	if [ -z "$logs" ]; then
		logs=$(mktemp -d)
		trap clean_up EXIT
	fi
	log=$(mktemp -p "$logs")
	waiting+=("$1" "$2" "$log")
	set -m
	if "${@:3}" >"$log" 2>&1 </dev/null; then : >"$log.good"; fi &
	set +m
	groups+=($!)
}

# What a command that was started later said, and whether it was content.
outcome()
{
	cat "$1"
	[ -e "$1.good" ]
}

settle()
{
	local group

	for group in "${groups[@]}"; do
		wait "$group" || :
		"${waiting[0]}" "${waiting[1]}" outcome "${waiting[2]}"
		waiting=("${waiting[@]:3}")
	done
	groups=()
}

clean_up()
{
	local group

	for group in "${groups[@]}"; do
		kill -- "-$group" 2>/dev/null || :
	done
	rm -rf "$logs"
}

# The closing lines; fails if a check failed.
tap_end()
{
	settle
	echo "1..$number"
	echo "$passed passed, $failed failed"
	[ $failed -eq 0 ]
}
