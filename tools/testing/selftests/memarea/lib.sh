# SPDX-License-Identifier: GPL-2.0
#
# What the selftests of memarea share. Sourced by each.
#
# A test is a function whose name says what it proves; it may print "# ..."
# lines. Everything here is for any POSIX shell with "local", and forks nothing
# where memory is counted.
# shellcheck shell=dash

here=$(dirname "$0")
# shellcheck source=/dev/null
. "$here/../kselftest/ktap_helpers.sh"

debugfs=/sys/kernel/debug
ctl=$debugfs/memarea_ctl

# What a command answered, and the keys that tests look at.
answer=
: "${id=}" "${pfn=}" "${nid=}" "${zone=}" "${vmalloc=}" "${usec=}"
: "${error=}" "${reason=}" "${blocks=}" "${drains=}" "${refs=}" "${dirty=}"
: "${complete=}" "${law=}" "${tries=}" "${dropped=}" "${moved=}" "${swapped=}"

# A command to run each test by, such as keeps_the_law.
around=

# skip REASON: leave, as nothing can be proven here.
skip()
{
	echo "# SKIP $*"
	exit "$KSFT_SKIP"
}

# need FILE...: skip unless all exist.
need()
{
	local file

	for file; do
		[ -e "$file" ] || skip "there is no $file"
	done
}

# load MODULE [PARAMETER...]: until "unload", or the end of the test.
load()
{
	local module=$1 path

	for path in "$here/modules" /modules; do
		[ ! -e "$path/$module.ko" ] || break
	done
	[ -e "$path/$module.ko" ] || skip "there is no module $module"
	shift
	insmod "$path/$module.ko" "$@" || exit
	loaded="$module $loaded"
	[ "$module" != memarea_ctl ] || exec 3<>"$ctl"
}

unload()
{
	[ "$1" != memarea_ctl ] || exec 3>&-
	rmmod "$1"
}

# What a test has changed; it may say so by a function of its own.
restore()
{
	:
}

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
undo=

clean_up()
{
	local module

	restore
	eval "$undo"
	for module in $loaded; do
		[ ! -e "/sys/module/$module" ] || unload "$module"
	done
}
loaded=
trap clean_up EXIT
# The time is over: what follows a test must not suffer.
trap 'exit 143' TERM

# ctl COMMAND...: see modules/memarea_ctl.c; the answer's keys become variables.
# The file stays open, as opening one allocates.
ctl()
{
	answer=
	echo "$*" >&3 || return
	read -r answer <&3
	eval "$answer"
}

# area KEY=VALUE...: allocate, and say so if that fails.
area()
{
	ctl alloc "gfp=KERNEL,NOWARN" "$@" || return
	[ "$error" = 0 ] && return
	echo "# alloc $*: $answer"
	return 1
}

# refused REASON KEY=VALUE...: is there no such area, for this reason?
refused()
{
	local expected=$1

	shift
	ctl alloc gfp=NOWARN "$@" || return
	[ "$id" = 0 ] || ctl free "$id"
	is "reason for $*" "$reason" "$expected"
}

# Take page 2000: 2100 pages in a row are then nowhere in zone DMA. Page 2001 goes
# to a per-CPU list, from which it can be drained.
pin()
{
	area nr=2 min=2000 max=2002 && pinned=$id && ctl split "$id" 1 &&
		ctl put "$id"
}

unpin()
{
	ctl free "$pinned"
}

# in_vain COMMAND...: add to a request what cannot be found after "pin".
in_vain()
{
	"$@" nr=2100 max=4096
}

# is WHAT ACTUAL EXPECTED
is()
{
	[ "$2" = "$3" ] && return
	echo "# $1: $2 instead of $3"
	return 1
}

# between WHAT ACTUAL LEAST MOST
between()
{
	[ "$2" -ge "$3" ] && [ "$2" -le "$4" ] && return
	echo "# $1: $2 is not in $3..$4"
	return 1
}

# Pages by which a zone may change though nothing leaks: none, except where KASAN
# keeps freed objects, and the shadow of vmalloc memory, for a while.
slack=0
! zcat /proc/config.gz 2>/dev/null | grep -q '^CONFIG_KASAN=y' || slack=400

# same_free BEFORE AFTER: are these counts of free pages the same in each zone?
same_free()
{
	local word before

	for word in $2; do
		before=${1#*"${word%=*}="}
		between "${word%=*}" "${word#*=}" \
			$((${before%% *} - slack)) $((${before%% *} + slack)) ||
			return
	done
}

# free_again BEFORE: wait for what others free late: a worker frees a module's init
# code, when it gets a processor.
free_again()
{
	for _ in 1 2 3 4 5; do
		ctl zones
		! same_free "$1" "$answer" >/dev/null || return 0
		sleep 0.1
	done
	return 1
}

# free_outside PATTERN: how many pages are free in all zones with other names: $total.
free_outside()
{
	local word

	total=0
	ctl zones
	for word in $answer; do
		# shellcheck disable=SC2254	# a pattern
		case ${word%=*} in
		$1)	;;
		*)	total=$((total + ${word#*=})) ;;
		esac
	done
}

# Pages that move change this no more.
total_free()
{
	free_outside none
}

# keeps_the_law COMMAND...: the leak law: each zone has as many free pages after
# the command as before, exactly. Others allocate as well, so it is tried a few
# times; what leaks, leaks each time.
keeps_the_law()
{
	local before

	for _ in 1 2 3 4 5 6 7 8 9 10; do
		ctl zones
		before=$answer
		"$@" || return
		free_again "$before" && return
	done
	same_free "$before" "$answer"
	return 1
}

# under_stress COMMAND PARAMETER...: COMMAND starts and stops the threads of
# memarea_stress, by a 1 and a 0 to descriptor 4; the leak law must hold, or what
# $law has in its place, and no page be in two hands.
under_stress()
{
	local command=$1 got broken status

	shift
	load memarea_stress "$@" || return
	exec 4>"$stress/run"
	"${law:-keeps_the_law}" "$command"
	status=$?
	exec 4>&-
	read -r got <"$stress/got"
	read -r broken <"$stress/broken"
	unload memarea_stress
	is "status of the law" $status 0 && is "pages in two hands" "$broken" 0 &&
		between "pieces allocated" "$got" 100 1000000000
}

stress=/sys/module/memarea_stress/parameters
memory=/sys/devices/system/memory
cycles=4

# Blocks of movable zones in which there is nothing but free pages: if an area
# can have one whole, so can the administrator.
find_free_blocks()
{
	local block nr size

	free_blocks=
	read -r size <$memory/block_size_bytes
	size=$((0x$size / 4096))
	for block in "$memory"/memory[0-9]*; do
		read -r zones <"$block/valid_zones"
		[ "$zones" = Movable ] || continue
		nr=${block##*memory}
		ctl alloc gfp=KERNEL,MOVABLE,NOWARN nr=$size \
			min=$((nr * size)) max=$(((nr + 1) * size)) || return
		[ "$error" = 0 ] || continue
		ctl free "$id" && free_blocks="$free_blocks $block"
	done
}

# Offline and online again, $cycles times, with one block after the other.
cycle_blocks()
{
	local block cycled=0

	while [ $cycled -lt $cycles ]; do
		for block in $free_blocks; do
			echo offline >"$block/state" &&
				echo online_movable >"$block/state" || return
			cycled=$((cycled + 1))
		done
	done
}

all_online_again()
{
	! cat "$memory"/memory[0-9]*/state | grep -v '^online$'
}

# absent WHAT: what a test returns that cannot be here; a failure if $complete says
# that all is there.
absent()
{
	echo "# there is no $*"
	[ -z "$complete" ] || return 1
	return "$KSFT_SKIP"
}

# run_tests FUNCTION...: the KTAP document.
run_tests()
{
	local test

	ktap_print_header
	ktap_set_plan $#
	for test; do
		${around:+"$around"} "$test"
		case $? in
		0)		ktap_test_pass "$test" ;;
		"$KSFT_SKIP")	ktap_test_skip "$test" ;;
		*)		ktap_test_fail "$test" ;;
		esac
	done
	ktap_finished
}
