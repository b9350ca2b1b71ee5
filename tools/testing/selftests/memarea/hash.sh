#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A boot-time hash table larger than any buddy block is a memarea, unless the
# tables are to be spread over the nodes (hashdist). The guest is booted with
# thash_entries= and mhash_entries=, to make TCP's and mount's tables large; the
# latter is made before there are other CPUs, initcalls or all struct pages.
# shellcheck shell=dash

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# kind TABLE: where a table of more than 4 MiB that is not memblock's came from.
kind()
{
	sed -n "s/.*$1 hash table entries: [0-9]* (order: 1[1-9], .*, \(.*\))\$/\1/p"
}

# One node has nothing to spread over.
expected()
{
	if grep -qw hashdist=0 /proc/cmdline ||
	   [ ! -e /sys/devices/system/node/node1 ]; then
		echo memarea
	else
		echo vmalloc
	fi
}

table_of_tcp()
{
	is "table" "$(dmesg | kind "TCP established" | cut -d ' ' -f 1)" \
		"$(expected)"
}

table_before_smp()
{
	is "table" "$(dmesg | sed '/smp: Bringing up/q' | kind Mount-cache |
		cut -d ' ' -f 1)" "$(expected)"
}

# The network still finds its connections.
table_in_use()
{
	ifconfig lo 127.0.0.1 up || return
	echo found | nc -l -p 4000 >/tmp/served &
	sleep 1
	is "answer" "$(echo sent | timeout 10 nc 127.0.0.1 4000)" found
}

for table in thash mhash; do
	grep -q "\<${table}_entries=" /proc/cmdline || skip "no ${table}_entries="
done
run_tests table_of_tcp table_before_smp table_in_use
