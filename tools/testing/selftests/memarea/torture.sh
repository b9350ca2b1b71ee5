#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Everything at once, for $TORTURE_SECONDS: threads that want areas, and make room
# for them, and threads that want blocks; processes that fork, exit and are killed,
# whose memory is swapped, merged, huge and compared; compaction; memory that goes
# offline and online; and now and then a fault. No page is in two hands or lost, no
# word of memory has changed, nothing stays isolated.
#
# What is not movable is filled first: the rest is what all of them want.
# shellcheck shell=dash

# shellcheck source=arena.sh
. "$(dirname "$0")/arena.sh"

seconds=${TORTURE_SECONDS:-20}
going=/tmp/going
torment=$here/torment
ksm=/sys/kernel/mm/ksm
thp=/sys/kernel/mm/transparent_hugepage
fault=$debugfs/fail_memarea

# Pages left to the kernel, and to what finds no movable memory.
spare=98304

# How many large areas were asked for, blocks went offline and processes failed.
results="/tmp/large /tmp/cycles /tmp/torment"

# It may be over in the middle: then everybody must stop first.
restore()
{
	rm -f $going
	[ ! -e $stress/run ] || echo 0 >$stress/run
	# shellcheck disable=SC2086	# a list of numbers
	[ -z "$torments" ] || kill $torments 2>/dev/null
	wait
	tidy_up
	# shellcheck disable=SC2086	# a list of names
	rm -f $results /tmp/vmstat
}

hog_kernel_memory()
{
	free_outside "*Movable"
	while [ $total -gt $((spare + 8192)) ]; do
		ctl alloc gfp=KERNEL,NOWARN effort=1 nr=8192 || return
		[ "$error" = 0 ] || return 0
		hogs="$id $hogs"
		total=$((total - 8192))
	done
}

# again FUNCTION: over and over, in the background.
again()
{
	while [ -e $going ]; do
		"$1"
	done &
	actors="$actors $!"
}

# Larger areas, for which room must be made most of the time. Nobody else
# reads answers meanwhile.
want_large()
{
	# shellcheck disable=SC2086	# "min=PFN max=PFN"
	ctl alloc gfp=KERNEL,MOVABLE,NOWARN effort=4 nr=12000 $first || return
	echo "$reason, tries=$tries" >>/tmp/large
	[ "$id" = 0 ] || ctl free "$id"
}

# has_ended PID STATUS: so must a process; that of one who was killed is 137.
has_ended()
{
	local status

	wait "$1" 2>/dev/null
	status=$?
	[ $status = "$2" ] || echo "# torment ended with $status" >>/tmp/torment
}

torment_and_kill()
{
	$torment 16 60 &
	sleep 1
	kill -9 $!
	has_ended $! 137
}

fork_and_exec()
{
	for _ in 1 2 3 4 5 6 7 8; do
		/bin/true
	done
	sleep 0.1
}

compact()
{
	echo 1 >/proc/sys/vm/compact_memory
	sleep 0.5
}

# An area in the way is no failure here, only a block that stays offline.
move_blocks()
{
	local block

	for block in $free_blocks; do
		echo offline >"$block/state" && echo x >>/tmp/cycles
		echo online_movable >"$block/state"
	done
} 2>/dev/null

inject()
{
	for step in 0 1 2 3; do
		echo $step >$fault/step
		sleep 0.3
	done
}

start_all()
{
	touch $going
	actors=
	for _ in 1 2; do
		$torment 220 "$seconds" 3>&- &
		torments="$torments $!"
	done
	again want_large
	again torment_and_kill
	again fork_and_exec
	again compact
	again move_blocks
	[ ! -e $fault ] || again inject
	echo 1 >$stress/run
}

stop_all()
{
	local pid

	rm -f $going
	echo 0 >$stress/run
	for pid in $torments; do
		has_ended "$pid" 0
	done
	torments=
	# shellcheck disable=SC2086	# a list of numbers
	wait $actors
}

# more NAME...: have these counts grown?
more()
{
	local name grown

	for name; do
		grown=$(awk -v name="$name" '
		$1 == name { n[FILENAME] = $2 }
		END { print n["/proc/vmstat"] - n["/tmp/vmstat"] }
		' /tmp/vmstat /proc/vmstat)
		echo "# $name: $grown"
		between "$name" "$grown" 1 1000000000 || return
	done
}

everything_at_once()
{
	local before merged scanned scanned_before

	account
	before=$accounted
	read -r scanned_before <$ksm/pages_scanned
	cat /proc/vmstat >/tmp/vmstat
	start_all
	sleep $((seconds / 2)) &
	wait $!
	read -r merged <$ksm/pages_shared
	sleep $((seconds / 2)) &
	wait $!
	stop_all
	read -r got <$stress/got
	read -r broken <$stress/broken
	read -r scanned <$ksm/pages_scanned
	echo "# areas and blocks: $got, pages merged in the middle: $merged"
	echo "# large areas: $(sort /tmp/large | uniq -c | tr '\n' ' ')"
	is "pages in two hands" "$broken" 0 &&
		account_for "$before" &&
		between "areas and blocks" "$got" 100 1000000000 &&
		between "pages to merge" $((scanned - scanned_before)) \
			1 1000000000 &&
		more memarea_alloc memarea_drain pswpout pswpin \
			pgmigrate_success compact_isolated thp_fault_alloc
}

# What may not happen in a moment, by chance: there are runs enough, and areas in
# each block.
room_was_made()
{
	[ "$seconds" -lt 100 ] || grep -q 'ok, tries=[1-9]' /tmp/large
}

memory_went_offline()
{
	[ "$seconds" -lt 100 ] || [ -s /tmp/cycles ]
}

memory_is_as_written()
{
	! cat /tmp/torment 2>/dev/null
}

nothing_is_isolated()
{
	! other_types | grep isolated
}

torments=
need_arena
need "$torment" $ksm/run $thp/enabled "$memory/block_size_bytes"
load memarea_ctl
load memarea_stress areas=2 blocks=1 movable=1 max_pages=4000
first=$(movable_zones | head -n 1)
find_free_blocks
[ -n "$free_blocks" ] || skip "no movable zone has a free block"
swap_on || exit
hog_kernel_memory
set_until_end $thp/enabled always
set_until_end $thp/khugepaged/scan_sleep_millisecs 100
set_until_end $ksm/run 1
set_until_end $ksm/sleep_millisecs 20
set_until_end $ksm/pages_to_scan 1000
set_until_end $proactive 100
if [ -e $fault ]; then
	set_until_end $fault/verbose 0
	set_until_end $fault/times -1
	set_until_end $fault/step 0
	set_until_end $fault/probability 1
fi
# shellcheck disable=SC2086	# a list of names
rm -f $results
run_tests everything_at_once room_was_made memory_went_offline \
	memory_is_as_written nothing_is_isolated all_online_again
