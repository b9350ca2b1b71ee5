#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# build.sh KERNEL [TARGET...]: configure and build configs/KERNEL.kernel.
#
# The configuration is the kernel's tinyconfig with the kernel's fragments on top
# and nothing else; kconfig drops what it cannot grant without a word, so each
# line of the fragments is looked up in the result. The log is
# build/KERNEL/build.log. The modules of the selftests are built along with the
# default target. The last line of output is the folder of the tree.

. "${0%/*}/lib.sh"

[ $# -ge 1 ] || die "usage: build.sh KERNEL [TARGET...]"
use_kernel "$1"
shift
tree=$("$guest/tree.sh" "$(field "$kernel" tree)")

# In a tree of ours the objects lie below it: kbuild then gives relative paths to
# the compiler, and ccache knows the sources again in another clone.
make_out()
{
	local place=$tree/objects-${out##*/}

	if [ ! -d "$out" ] && [[ $tree = "$build"/* ]]; then
		mkdir -p "$place"
		ln -s "$place" "$out"
	fi
	mkdir -p "$out"
}

make_out
log=$out/build.log
lock "${out##*/}"

fragments()
{
	local name

	for name in $(field "$kernel" fragments); do
		cat "$guest/configs/$name.config"
	done
}

# Print the requested lines that are not so in .config.
dropped()
{
	grep '^CONFIG_' "$out/requested" | grep -vxFf "$out/.config" || :
	sed -n 's/^# \(CONFIG_[A-Z0-9_a-z]*\) is not set$/\1=/p' "$out/requested" |
		while read -r start; do
			grep "^$start" "$out/.config" || :
		done
}

# Made beside .config, which is left alone if nothing has changed.
configure()
{
	local new=$out/config.new lost

	fragments >"$out/requested"
	{
		rm -f "$new"
		kmake "$tree" KCONFIG_CONFIG="$new" tinyconfig &&
			cat "$out/requested" >>"$new" &&
			kmake "$tree" KCONFIG_CONFIG="$new" olddefconfig
	} >"$log" 2>&1 || fail "cannot configure"
	cmp -s "$new" "$out/.config" || cp "$new" "$out/.config"
	lost=$(dropped)
	[ -z "$lost" ] || die "kconfig did not grant:" "$lost"
}

# Show the last errors of the log and give up.
fail()
{
	grep -E 'error:|Error [0-9]|\*\*\*|undefined reference' "$log" |
		tail -n 20 >&2 || :
	die "$1, see ${log#"$top/"}"
}

# Count the objects that kbuild makes.
progress()
{
	awk -v name="${out##*/}" '
	function tell() {
		printf "  BUILD   %s: %d objects\n", name, n
		fflush()
	}
	/^  (CC|AS) / && ++n % 250 == 0 { tell() }
	END { if (n % 250) tell() }' >&2
}

compile()
{
	kmake "$tree" -j"$(nproc)" "$@" 2>&1 | tee -a "$log" | progress ||
		fail "cannot build ${out##*/}"
}

# Modules are built from a folder of links, which keeps the sources clean. One of
# them drives a PCI device.
compile_modules()
{
	local source=$tree/tools/testing/selftests/memarea/modules

	grep -qx CONFIG_PCI=y "$out/.config" && [ -e "$source/Makefile" ] || return 0
	mkdir -p "$out/modules"
	cp -rs --remove-destination "$source/." "$out/modules"
	find "$out/modules" -xtype l -delete
	compile M="$out/modules" modules
}

configure
compile "$@"
[ $# -gt 0 ] || compile_modules
echo "$tree"
