#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A boot-time hash table larger than any buddy block is a memarea, unless the
# tables are to be spread over the nodes (hashdist). The guest is booted with
# thash_entries=, to make TCP's table large.
# shellcheck shell=dash

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# Tables of more than 4 MiB that did not come from memblock.
large_tables()
{
	dmesg | grep -E 'TCP established hash table entries: [0-9]+ \(order: 1[1-9],'
}

kind()
{
	large_tables | sed -n 's/.*bytes, \(.*\))$/\1/p'
}

kind_of_table()
{
	if grep -qw hashdist=0 /proc/cmdline; then
		is "table" "$(kind)" memarea
	else
		is "table" "$(kind | cut -d ' ' -f 1)" vmalloc
	fi
}

# The network still finds its connections.
table_in_use()
{
	ifconfig lo 127.0.0.1 up || return
	echo found | nc -l -p 4000 >/tmp/served &
	sleep 1
	is "answer" "$(echo sent | timeout 10 nc 127.0.0.1 4000)" found
}

large_tables >/tmp/tables || skip "no table is large"
run_tests kind_of_table table_in_use
