#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# run.sh KERNEL JOB: build, boot and judge; the last line is the verdict.

. "${0%/*}/lib.sh"

[ $# -eq 2 ] || die "usage: run.sh KERNEL JOB"
use_kernel "$1"
logs=$build/logs/${out##*/}-$2
tree=$("$guest/build.sh" "$1" | tail -n 1)
"$guest/initramfs.sh" "$1" "$tree"
"$guest/boot.sh" "$1" "$2"
case $(field "$guest/jobs/$2" output) in
tty)	exit ;;
text)	cat "$logs/ktap.log" ;;
esac
"$guest/judge.sh" "$tree" "$logs"
