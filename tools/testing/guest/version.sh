# SPDX-License-Identifier: GPL-2.0
#
# Which kernel is this, and do we know it? Sourced.
#
# Another kernel line is refused, another release of the line is used with one
# line of warning: the patches' own strictness is the real gate.

line=6.12

# Print the version of a kernel tree, by its Makefile.
kernel_version()
{
	[ -e "$1/Makefile" ] || die "$1 is not a kernel tree"
	sed -n -e 's/^VERSION = //p' -e 's/^PATCHLEVEL = //p' \
		-e 's/^SUBLEVEL = //p' "$1/Makefile" | head -n 3 | paste -sd .
}

check_line()
{
	case $1 in
	"$line"|"$line".*)	;;
	*)	die "this is Linux $1, memarea is made for $line.y" ;;
	esac
}

# Print a column of the manifest for the row that holds the word $1.
tested()
{
	awk -v word="$1" -v column="$2" '!/^#/ {
		for (i = 1; i <= NF; i++)
			if ($i == word)
				print $column
	}' "$guest/kernels"
}

warn_untested()
{
	step WARNING "Linux $1 is not among the tested kernels (tools/testing/guest/kernels)"
}
