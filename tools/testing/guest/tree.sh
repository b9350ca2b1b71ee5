#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# tree.sh [pristine]: print the folder of a kernel tree that is ready to build.
#
# By default the tree is Debian's linux-source package, unpacked once into the
# build folder and kept with the overlay applied. KSRC=DIR names a tree of the
# user's instead, KVER=6.12.N another version of the package. "pristine" is a
# second tree without the overlay. Nothing is downloaded but through apt.

. "${0%/*}/lib.sh"
. "$guest/version.sh"

package=linux-source-$line
archive=usr/src/$package.tar.xz
fetched=$build/fetch

installed_version()
{
	dpkg-query -W -f '${Version}' "$package" | sed 's/-.*//'
}

# Print the Debian version of the package that holds $version.
debian_version()
{
	apt-cache madison "$package" |
		awk -v start="$version-" 'index($3, start) == 1 { print $3; exit }'
}

# Print the archive of the version, from the installed package or another one.
find_archive()
{
	local debian

	if [ "$version" = "$(installed_version)" ]; then
		echo "/$archive"
		return
	fi
	debian=$(debian_version)
	[ -n "$debian" ] || die "apt offers no $package $version"
	step FETCH "$package $debian"
	rm -rf "$fetched"
	mkdir -p "$fetched"
	(cd "$fetched" && apt-get -qq -o APT::Sandbox::User=root \
		download "$package=$debian" >&2)
	dpkg-deb --fsys-tarfile "$fetched"/*.deb |
		tar -x -C "$fetched" "./$archive"
	echo "$fetched/$archive"
}

# Unpack the archive into $2; the folder appears when it is complete.
unpack()
{
	step UNPACK "${2#"$top/"}"
	[ -n "$(tested "$(sha256sum "$1" | cut -d ' ' -f 1)" 1)" ] ||
		warn_untested "$version ($1)"
	rm -rf "$2.new"
	mkdir "$2.new"
	tar -C "$2.new" --strip-components=1 -xf "$1"
	mv "$2.new" "$2"
	rm -rf "$fetched"
}

# Print the folder of the package's tree named $1, unpacked if need be.
debian_tree()
{
	local dir tar

	version=${KVER:-$(installed_version)}
	check_line "$version"
	dir=$build/$1-$version
	if [ ! -e "$dir" ]; then
		tar=$(find_archive)
		unpack "$tar" "$dir"
	fi
	echo "$dir"
}

"$guest/deps.sh"
lock tree
if [ "${1:-}" = pristine ]; then
	[ -z "${KSRC:-}" ] ||
		die "KSRC names a tree with the overlay, not a pristine one"
	debian_tree pristine
else
	tree=${KSRC:-$(debian_tree linux)}
	"$guest/apply.sh" "$tree" 9>&-
	(cd "$tree" && pwd)
fi
