# SPDX-License-Identifier: GPL-2.0
#
# Common ground of the guest scripts: sourced by all of them, never run.
#
# It names the folders ($top the repository, $guest this folder, $build all
# output), speaks to the user, reads "key: value" headers, and holds the one
# way to call kbuild. It keeps no state but files below $build.

set -euo pipefail
shopt -s inherit_errexit

guest=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$guest/../../.." && pwd)
build=$top/build

# A make above us must not hand its flags and job slots to the kernel's make.
unset MAKEFLAGS MFLAGS MAKEOVERRIDES MAKELEVEL

# One line of progress in kbuild's own style, on stderr: stdout is for results.
step()
{
	printf '  %-7s %s\n' "$1" "${*:2}" >&2
}

die()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

# Be the only one at work on NAME until this script ends.
lock()
{
	mkdir -p "$build/locks"
	exec 9>"$build/locks/$1"
	flock 9
}

# Print what follows "KEY: " (or "# KEY: ") in a job or kernel file.
field()
{
	sed -n "s/^\(# \)\?$2: *//p" "$1"
}

have()
{
	command -v "$1" >/dev/null
}

# Set $kernel and $arch from configs/NAME.kernel, and $out, where it is built:
# every kernel source has objects of its own.
use_kernel()
{
	kernel=$guest/configs/$1.kernel
	[ -e "$kernel" ] ||
		die "no kernel '$1', there is:" "$(cd "$guest/configs" && echo *.kernel)"
	arch=$(field "$kernel" arch)
	out=$build/$1${KVER:+-$KVER}${KSRC:+-ksrc}
}

# kmake TREE ARGUMENT...: call kbuild for the kernel in use. A fixed time and
# place make the same objects from run to run, which is what ccache lives on; so
# does not asking it in which folder that was.
kmake()
{
	local tree=$1 cc=gcc

	have ccache && cc="ccache gcc"
	KBUILD_BUILD_TIMESTAMP='Thu Jan  1 00:00:00 UTC 1970' \
	KBUILD_BUILD_USER=memarea KBUILD_BUILD_HOST=guest \
	CCACHE_NOHASHDIR=1 \
		make -C "$tree" O="$out" ARCH="$arch" SUBARCH=x86_64 \
		CC="$cc" HOSTCC="$cc" "${@:2}"
}
