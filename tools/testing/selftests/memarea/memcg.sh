#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# An area with __GFP_ACCOUNT is charged to the caller's memory cgroup, page by
# page uncharged, and refused at the cgroup's limit.
# shellcheck shell=dash

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

root=/sys/fs/cgroup
group=$root/memarea

# What may come and go meanwhile: stacks, page tables, slabs of this shell.
slack=256

# Pages of kernel memory charged to the group: $charged.
count_charged()
{
	local key value

	while read -r key value; do
		[ "$key" != kernel ] || charged=$((value / 4096))
	done <$group/memory.stat
}

changed_by()
{
	local before=$charged

	count_charged
	between "pages charged more" $((charged - before)) \
		$(($1 - slack)) $(($1 + slack))
}

charged_and_uncharged()
{
	count_charged
	area gfp=ACCOUNT nr=5000 && changed_by 5000 &&
		ctl free "$id" && changed_by -5000
}

compound_charged_and_uncharged()
{
	count_charged
	area gfp=ACCOUNT,COMP nr=4096 && changed_by 4096 &&
		ctl free "$id" && changed_by -4096
}

parts_uncharged()
{
	local first

	count_charged
	area gfp=ACCOUNT nr=5000 && changed_by 5000 && first=$id &&
		ctl split "$first" 1999 && ctl free "$id" &&
		changed_by -3001 && ctl put "$first" && changed_by -1999
}

not_charged_unasked()
{
	count_charged
	area nr=5000 && changed_by 0 && ctl free "$id" && changed_by 0
}

# 4096 pages of 16 MiB are the limit.
refused_at_the_limit()
{
	count_charged
	echo 16M >$group/memory.max
	refused charge gfp=KERNEL,NORETRY,ACCOUNT nr=5000 &&
		is error "$error" -12 && changed_by 0 &&
		refused charge gfp=KERNEL,NORETRY,ACCOUNT,COMP nr=8192 &&
		changed_by 0 && area gfp=ACCOUNT,NORETRY nr=1555 &&
		ctl free "$id"
}

unlimited_again()
{
	echo max >$group/memory.max
	area gfp=ACCOUNT nr=5000 && ctl free "$id"
}

enter()
{
	mkdir -p $group
	echo $$ >$group/cgroup.procs
}

restore()
{
	[ -d $group ] || return
	echo $$ >$root/cgroup.procs
	rmdir $group
}

need $root/cgroup.subtree_control
echo +memory >$root/cgroup.subtree_control || skip "there are no memory cgroups"
load memarea_ctl
enter || exit
around=keeps_the_law
run_tests charged_and_uncharged compound_charged_and_uncharged \
	parts_uncharged not_charged_unasked refused_at_the_limit \
	unlimited_again
