#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# test.sh STAGE...: run every stage, whatever fails, and add up the counts.
#
# A stage is a script of this folder (check, userspace, ...) or KERNEL/JOB. Its last
# line of output has "N passed, N failed". What a stage that did
# not pass said last is repeated at the end, where it is looked for; then comes a
# table with one line for each stage, and the names of what failed. The very last
# line is "N passed, N failed", and the exit status says the same. No test at all is
# a failure.

. "${0%/*}/lib.sh"

[ $# -ge 1 ] || die "usage: test.sh STAGE..."
passed=0
failed=0
table=()
broken=()

run_stage()
{
	case $1 in
	*/*)	"$guest/run.sh" "${1%/*}" "${1#*/}" ;;
	*)	"$guest/$1.sh" ;;
	esac
}

# Count stage $1, which took $2 seconds, ended with status $3 and said $4.
account()
{
	local p f outcome=fail

	p=$(sed -n 's/^\(.*[^0-9]\)\?\([0-9]*\) passed.*/\2/p' <<<"$4")
	f=$(sed -n 's/.* \([0-9]*\) failed.*/\1/p' <<<"$4")
	case $4 in
	pass:*|timeout:*|crash:*)	outcome=${4%%:*} ;;
	esac
	if [ "$3" != 0 ] && [ "${f:-0}" = 0 ]; then
		f=1
	elif [ "$3" = 0 ]; then
		outcome=pass
	fi
	passed=$((passed + ${p:-0}))
	failed=$((failed + ${f:-0}))
	table+=("$(printf '%-18s %-8s %5d s %5d passed %4d failed' \
		"$1" "$outcome" "$2" "${p:-0}" "${f:-0}")")
}

# Repeat what the stages that did not pass complained of.
recall()
{
	local stage

	for stage; do
		printf '\n== %s, again\n' "$stage"
		tail -n 15 "$build/logs/${stage//\//-}.log"
	done
}

# Name the tests that failed in each of the stages, where they have names.
name_failed()
{
	local stage

	for stage; do
		sed -n -e 's/^failed: //p' -e 's/^not ok [0-9]* - //p' \
			"$build/logs/${stage//\//-}.log" | paste -sd ' ' |
			sed "s,^,failed in $stage: ,"
	done
}

"$guest/deps.sh"
mkdir -p "$build/logs"
for stage; do
	start=$SECONDS
	status=0
	log=$build/logs/${stage//\//-}.log
	printf '\n== %s\n' "$stage"
	run_stage "$stage" </dev/null | tee "$log" || status=$?
	account "$stage" $((SECONDS - start)) $status "$(tail -n 1 "$log")"
	[ $status = 0 ] || broken+=("$stage")
done

recall "${broken[@]}"
printf '\n'
printf '%s\n' "${table[@]}"
name_failed "${broken[@]}"
printf '%d passed, %d failed\n' $passed $failed
[ $failed -eq 0 ] && [ $passed -gt 0 ]
