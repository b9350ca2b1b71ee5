#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# initramfs.sh KERNEL TREE: pack the guest's root into build/KERNEL/initramfs.gz.
#
# busybox, init, the jobs, memarea-map, the selftests laid out as kselftest
# installs them, and their modules; for a 32-bit kernel init32.c alone. The
# kernel's own built-in archive brings /dev/console. What is in build/KERNEL/extra
# is added as it is.

. "${0%/*}/lib.sh"

use_kernel "$1"
tool=$2/tools/mm/memarea-map
selftests=$2/tools/testing/selftests
root=$out/root

stage_base()
{
	install -D "$(command -v busybox)" "$root/bin/busybox"
	install "$guest/init" "$root/init"
	cp -r "$guest/jobs" "$root/jobs"
	mkdir -p "$root"/{dev,proc,sys,tmp,modules}
	[ ! -e "$tool" ] || install "$tool" "$root/bin"
}

# kselftest-list.txt holds lines of "collection:test", as in a real install.
stage_selftests()
{
	[ -e "$selftests/memarea/Makefile" ] || return 0
	mkdir "$root/selftests"
	cp -rL "$selftests/memarea" "$selftests/kselftest" "$root/selftests"
	rm -rf "$root/selftests/memarea/modules" "$root/selftests/memarea/torment"
	make -s -C "$selftests/memarea" OUTPUT="$root/selftests/memarea" \
		USERLDFLAGS=-static "$root/selftests/memarea/torment"
	make -s -C "$selftests/memarea" COLLECTION=memarea emit_tests \
		>"$root/selftests/kselftest-list.txt"
}

# Those of the selftests, and what a benchmark put beside them.
stage_modules()
{
	[ ! -d "$out/modules" ] ||
		find "$out/modules" -name '*.ko' -exec cp -t "$root/modules" {} +
}

stage_extra()
{
	[ ! -d "$out/extra" ] || cp -r "$out/extra/." "$root"
}

stage_init32()
{
	mkdir -p "$root"/{dev,sys}
	gcc -m32 -static -Os -Wall -Wextra -o "$root/init" "$guest/init32.c"
}

lock "${out##*/}"
rm -rf "$root"
if [ "$arch" = i386 ]; then
	stage_init32
else
	stage_base
	stage_selftests
	stage_modules
	stage_extra
fi
(cd "$root" && find . | sort | cpio -o -H newc -R 0:0 --reproducible 2>/dev/null) |
	gzip -1n >"$out/initramfs.gz"
