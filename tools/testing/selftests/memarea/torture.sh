#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Everything at once, for $TORTURE_SECONDS: threads that want areas, and make room
# for them, and threads that want blocks; processes that fork, exit and are killed,
# whose memory is swapped, merged, huge and compared; compaction; memory that goes
# offline and online; and now and then a fault. No page is in two hands or lost, no
# word is another, nothing stays isolated.
#
# What is not movable is filled first: the rest is what all of them want.
# shellcheck shell=dash

# shellcheck source=arena.sh
. "$(dirname "$0")/arena.sh"

seconds=${TORTURE_SECONDS:-20}
going=/tmp/going
torment=$here/torment
parameters=/sys/module/memarea_stress/parameters
ksm=/sys/kernel/mm/ksm
thp=/sys/kernel/mm/transparent_hugepage
fault=$debugfs/fail_memarea

# Pages that the kernel, the swap device and others keep for themselves.
spare=98304

# set_until_end FILE VALUE: the old value, or that in brackets, comes back then.
set_until_end()
{
	local old

	read -r old <"$1"
	case $old in
	*\[*)	old=${old#*\[} old=${old%%\]*} ;;
	esac
	undo="echo $old >$1; $undo"
	echo "$2" >"$1"
}

restore()
{
	eval "$undo"
	rm -f $going
	tidy_up
}

# How many pages are free that are not of movable zones: $kernel_free.
count_kernel_free()
{
	local word

	kernel_free=0
	ctl zones
	for word in $answer; do
		case $word in
		*Movable=*)	;;
		*)	kernel_free=$((kernel_free + ${word#*=})) ;;
		esac
	done
}

hog_kernel_memory()
{
	count_kernel_free
	while [ $kernel_free -gt $((spare + 8192)) ]; do
		ctl alloc gfp=KERNEL,NOWARN effort=1 nr=8192 || return
		[ "$error" = 0 ] || return 0
		hogs="$id $hogs"
		kernel_free=$((kernel_free - 8192))
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
	ctl alloc gfp=KERNEL,MOVABLE,NOWARN effort=4 nr=12000 $first
	echo "$reason, tries=$tries" >>/tmp/large
	[ "$id" = 0 ] || ctl free "$id"
}

torment_forever()
{
	$torment 320 "$seconds" || echo "$?" >>/tmp/torment
}

torment_and_kill()
{
	$torment 16 60 &
	sleep 1
	kill -9 $!
	wait $!
} 2>/dev/null

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
		torment_forever &
		actors="$actors $!"
	done
	again want_large
	again torment_and_kill
	again fork_and_exec
	again compact
	again move_blocks
	[ ! -e $fault ] || again inject
	echo 1 >$parameters/run
}

stop_all()
{
	rm -f $going
	echo 0 >$parameters/run
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
	local before merged scanned

	account
	before=$accounted
	cat /proc/vmstat >/tmp/vmstat
	start_all
	sleep $((seconds / 2))
	read -r merged <$ksm/pages_shared
	sleep $((seconds / 2))
	stop_all
	read -r got <$parameters/got
	read -r broken <$parameters/broken
	read -r scanned <$ksm/pages_scanned
	echo "# areas and blocks: $got, pages merged in the middle: $merged"
	echo "# large areas: $(sort /tmp/large | uniq -c | tr '\n' ' ')"
	is "pages in two hands" "$broken" 0 &&
		account_for "$before" &&
		between "areas and blocks" "$got" 100 1000000000 &&
		between "pages to merge" "$scanned" 1 1000000000 &&
		more memarea_alloc memarea_drain pswpout pswpin \
			pgmigrate_success compact_isolated thp_fault_alloc
}

# In a moment there may be runs enough, by chance.
room_was_made()
{
	[ "$seconds" -lt 100 ] || grep -q 'ok, tries=[1-9]' /tmp/large
}

no_word_is_another()
{
	! cat /tmp/torment 2>/dev/null
}

nothing_is_isolated()
{
	! other_types | grep isolated
}

memory_went_offline_and_is_back()
{
	[ -s /tmp/cycles ] && ! cat "$memory"/memory[0-9]*/state | grep -v '^online$'
}

undo=
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
	set_until_end $fault/probability 1
fi
run_tests everything_at_once room_was_made no_word_is_another \
	nothing_is_isolated memory_went_offline_and_is_back
