#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# boot.sh KERNEL JOB: boot a built kernel, run a job in it, keep what it said.
#
# build/logs/KERNEL-JOB/ gets console.log, ktap.log (the verdict port), the
# command that was run (cmd), what it complained of (errors.log) and meta. A job file may have header lines:
#
#   # qemu: ARGUMENTS      more devices, memory, CPUs
#   # append: ARGUMENTS    more for the kernel command line
#   # timeout: SECONDS     300 by default, 0 for none
#   # output: ktap|text|tty   what the verdict port carries, or nothing but a
#                          console that is the user's terminal
#
# A device's file, a socket say, is made in that folder as well: relative paths in
# "qemu:" lines begin there.
#
# ACCEL=kvm, SMP=N and MEM=SIZE come from the environment. KVM is the user's
# word: a /dev/kvm that opens may still run no guest. TCG runs all CPUs in one
# thread: with a thread each, QEMU 7.2 was once seen to execute the breakpoint of
# a static key whose patching was over. This script judges nothing; a time-out
# goes into meta.

. "${0%/*}/lib.sh"

[ $# -eq 2 ] || die "usage: boot.sh KERNEL JOB"
use_kernel "$1"
name=$2
job=$guest/jobs/$name
[ -e "$job" ] || die "no job '$name', there is:" "$(ls "$guest/jobs")"
limit=$(field "$job" timeout)
output=$(field "$job" output)
logs=$build/logs/${out##*/}-$name
mem=${MEM:-2G}

# A warning is a panic, a panic ends the guest.
append="panic=-1 panic_on_warn=1 oops=panic job=$name"
# the last one counts, and a kernel may have needs of its own
append+=" $(cat "$job" "$kernel" | field /dev/stdin append | paste -sd " ")"

qemu_command()
{
	local serial="file:$logs/console.log" devices

	[ "$output" != tty ] || serial=mon:stdio
	read -ra devices <<<"$(field "$job" qemu | paste -sd " ")"
	command=(qemu-system-x86_64 -accel "${ACCEL:-tcg,thread=single}" -cpu max
		-smp "${SMP:-2}" -m "$mem"
		-nodefaults -no-reboot -display none
		-serial "$serial" -serial "file:$logs/ktap.log"
		-kernel "$out/arch/x86/boot/bzImage" -initrd "$out/initramfs.gz"
		"${devices[@]}"
		-append "console=ttyS0 $append")
}

# Set $preload, empty but for hosts with more registers than UML knows.
um_preload()
{
	local library=$build/um-xstate.so source=$guest/um-xstate.c

	preload=()
	grep -q '^flags.*\<amx_tile\>' /proc/cpuinfo || return 0
	preload=(env "LD_PRELOAD=$library")
	[ "$library" -nt "$source" ] ||
		gcc -shared -fPIC -O2 -Wall -Wextra -o "$library" "$source"
}

# UML's memory is a file, in /dev/shm if it fits there.
um_command()
{
	local console=null,fd:1 words

	[ "$output" != tty ] || console=fd:0,fd:1
	if [ "$(df --output=avail /dev/shm | tail -n 1)" -lt \
	     $(($(numfmt --from=iec "$mem") / 1024)) ]; then
		export TMPDIR=$build
	fi
	read -ra words <<<"$append"
	um_preload
	command=("${preload[@]}" "$out/linux" "mem=$mem"
		"initrd=$out/initramfs.gz" "uml_dir=$logs"
		con0="$console" con1=fd:3 con=null "${words[@]}")
}

launch()
{
	case $arch-$output in
	um-tty)	"$@" 3>"$logs/ktap.log" ;;
	um-*)	"$@" >"$logs/console.log" 2>&1 </dev/null 3>"$logs/ktap.log" ;;
	*-tty)	"$@" ;;
	*)	"$@" </dev/null ;;
	esac
}

lock "${logs##*/}"
rm -rf "$logs"
mkdir -p "$logs"
touch "$logs/console.log" "$logs/ktap.log"
case $arch in
um)	um_command ;;
*)	qemu_command ;;
esac
printf '%q ' "${command[@]}" >"$logs/cmd"

step BOOT "$1: $name"
start=$SECONDS
end=0
# A subshell, so that a guest that aborts is no news on our own stderr.
(cd "$logs" && launch timeout --foreground -k 5 "${limit:-300}" "${command[@]}") \
	2>"$logs/errors.log" || end=$?
cat >"$logs/meta" <<EOF
kernel: $1
job: $name
output: ${output:-ktap}
end: $([ $end != 124 ] && [ $end != 137 ] && echo "status $end" || echo timeout)
seconds: $((SECONDS - start))
EOF
