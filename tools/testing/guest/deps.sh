#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# deps.sh [PACKAGE...]: install the Debian packages that are missing, those
# named among them, or say how.
#
# Root and passwordless sudo may install; anybody else gets the command to
# type. Without dpkg the user is trusted to have it all.

. "${0%/*}/lib.sh"
. "$guest/version.sh"

packages="bc bison busybox-static ccache codespell cpio flex gcc gcc-multilib
	git libc6-dev libelf-dev linux-source-$line make patch
	perl python3 qemu-system-x86 shellcheck sparse xz-utils $*"

missing()
{
	# shellcheck disable=SC2086	# a list of words
	dpkg-query -W -f '${Package} ${db:Status-Status}\n' $packages 2>/dev/null |
		awk '$2 == "installed" { print $1 }' | sort -u |
		comm -13 - <(printf '%s\n' $packages | sort)
}

install()
{
	step INSTALL "$*"
	$root apt-get -qq update
	DEBIAN_FRONTEND=noninteractive $root apt-get -qq -y \
		--no-install-recommends install "$@" >/dev/null </dev/null
}

have dpkg-query || exit 0
mapfile -t list < <(missing)
[ ${#list[@]} -gt 0 ] || exit 0

if [ "$(id -u)" = 0 ]; then
	root=
elif sudo -n true 2>/dev/null; then
	root="sudo -n --preserve-env=DEBIAN_FRONTEND"
else
	die "please run: sudo apt-get install ${list[*]}"
fi
install "${list[@]}"
