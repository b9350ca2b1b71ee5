#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# mm-selftests.sh THEIRS OURS...: run the kernel's own mm selftests on a kernel
# without memarea and on others, and print how each differs from the first.
#
# What is run, and what is not, is in mm-selftests.list; jobs/mm-selftests says in
# what guest. The tests are built once, statically, from the pristine tree, so all
# kernels run the same. run_vmtests.sh is not used: without hugetlbfs it does
# nothing, and it stops being of use at the first test that skips.
#
# A test that ends the guest is a crash; the rest is run in another guest. What
# came out worse is run again on both kernels before it counts as worse. Results
# stay in build/mm-selftests/KERNEL.tsv, what the tests said in KERNEL.log. The
# exit status is 1 if anything is worse.

. "${0%/*}/lib.sh"

[ $# -ge 2 ] || die "usage: mm-selftests.sh THEIRS OURS..."
list=$guest/mm-selftests.list
table=$guest/mm-selftests-table.py
results=$build/mm-selftests
built=$results/tests
theirs=$1

# Print the files that the commands of the list name.
files()
{
	sed -n 's|^[a-z].* \./\([^ ]*\).*|\1|p' "$list" | sort -u
	printf '%s\n' hmm-tests write_to_hugetlbfs write_hugetlb_memory.sh
}

# The kernel's headers are newer than the host's. EXTRA_CFLAGS has what
# khugepaged.c of 6.12.117 forgot to include.
build_tests()
{
	local tree=$1 arch=x86_64 out=$results/headers

	step BUILD "mm selftests"
	mkdir -p "$out" "$built"
	kmake "$tree" headers >"$results/build.log" 2>&1 ||
		die "no headers, see ${results#"$top/"}/build.log"
	files | grep -v '\.sh$' | sed "s|^|$built/|" |
		xargs make -j"$(nproc)" -C "$tree/tools/testing/selftests/mm" \
		OUTPUT="$built" ARCH=$arch CC="gcc -static -s" \
		EXTRA_CFLAGS=-DKSFT_SKIP=4 \
		KHDR_INCLUDES="-isystem $out/usr/include" \
		>>"$results/build.log" 2>&1 ||
		die "cannot build the tests, see ${results#"$top/"}/build.log"
}

# What the scripts call, and busybox has not, or not like that.
stage_commands()
{
	cat >"$1/pgrep" <<-'EOF'
	#!/bin/sh
	exec pidof "$2"
	EOF
	cat >"$1/killall" <<-'EOF'
	#!/bin/sh
	busybox killall "$1" "$3"
	while pidof "$3"; do sleep 1; done
	EOF
	chmod +x "$1"/{pgrep,killall}
}

# Put the tests where the initramfs of the kernel in use takes them from: with
# a bash for scripts, and modprobe where they look for it.
stage_tests()
{
	local extra=$out/extra modules

	modules=$extra/lib/modules/$(kmake "$1" -s kernelrelease)
	rm -rf "$extra"
	mkdir -p "$extra"/{mm,file,mnt,sbin} "$modules"
	install -D "$(command -v bash-static)" "$extra/bin/bash"
	ln -s /bin/busybox "$extra/sbin/modprobe"
	(cd "$pristine/tools/testing/selftests" &&
		cp memory-hotplug/*.sh mm/*.sh "$extra/mm")
	cp "$built"/* "$extra/mm"
	stage_commands "$extra/mm"
	find "$out/" -name '*.ko' -not -path '*/extra/*' \
		-not -path '*/modules/*' -not -path "$out/root/*" \
		-exec cp -t "$modules" {} +
}

prepare()
{
	trees[$1]=$("$guest/build.sh" "$1" | tail -n 1)
	use_kernel "$1"
	stage_tests "${trees[$1]}"
}

# run_guests KERNEL LIST NAME: boot with what is left of the list until nothing is.
run_guests()
{
	local logs left started=0

	use_kernel "$1"
	logs=$build/logs/${out##*/}-mm-selftests
	left=$out/extra/mm/list
	: >"$results/$3.log"
	: >"$results/$3.bad"
	while grep '^[a-z]' "$2" | tail -n +$((started + 1)) >"$left" &&
	      [ -s "$left" ]; do
		"$guest/initramfs.sh" "$1" "${trees[$1]}"
		"$guest/boot.sh" "$1" mm-selftests
		cat "$logs/ktap.log" >>"$results/$3.log"
		grep -anE -f "$guest/badness" "$logs/console.log" \
			>>"$results/$3.bad" || :
		[ "$(grep -ac '^> ' "$results/$3.log")" -gt "$started" ] ||
			die "$1 ran no test, see ${logs#"$top/"}/console.log"
		started=$(grep -ac '^> ' "$results/$3.log")
	done
}

# run_tests KERNEL LIST NAME: leave the results in NAME.tsv.
run_tests()
{
	run_guests "$1" "$2" "$3"
	"$table" parse "$results/$3.bad" <"$results/$3.log" >"$results/$3.tsv"
}

# Run those again that came out worse, and leave their results in *-again.tsv.
run_again()
{
	local again=$results/$1.again

	"$table" again "$list" "$results/$theirs.tsv" "$results/$1.tsv" >"$again"
	[ -s "$again" ] || return 0
	step AGAIN "$(sort -u "$again" | wc -l) tests"
	run_tests "$theirs" "$again" "$1-$theirs-again"
	run_tests "$1" "$again" "$1-again"
	repeated=("$results/$1-$theirs-again.tsv" "$results/$1-again.tsv")
}

# compare OURS: print the difference, which is empty or a failure.
compare()
{
	repeated=()
	run_again "$1"
	printf '\n%s and %s\n' "$theirs" "$1"
	"$table" compare "$list" "$results/$theirs.tsv" "$results/$1.tsv" \
		"${repeated[@]}" | tee "$results/$1.txt"
}

"$guest/deps.sh" bash-static libcap-dev libnuma-dev liburing-dev
pristine=$("$guest/tree.sh" pristine)
build_tests "$pristine"
declare -A trees
for kernel; do
	prepare "$kernel"
done
for kernel; do
	run_tests "$kernel" "$list" "$kernel"
done
status=0
for kernel in "${@:2}"; do
	compare "$kernel" || status=1
done
exit $status
