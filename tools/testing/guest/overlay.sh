# SPDX-License-Identifier: GPL-2.0
#
# The new files of the overlay, as links in a kernel tree. Sourced.
#
# Folders are real, files are links, so an edit in the repository is at once an
# edit of the tree. Invariant: a link never takes the place of a file that the
# kernel has, and $tree/.memarea/links lists every link that we made.

in_repo()
{
	git -C "$top" -c safe.directory="$top" -c core.quotePath=false "$@"
}

# Print the overlay's files by their path in the kernel tree.
overlay_files()
{
	in_repo ls-files -co --exclude-standard -- mm include Documentation tools \
		':!tools/testing/guest' |
	while read -r file; do
		[ ! -e "$top/$file" ] || echo "$file"
	done
	[ ! -e "$top/Kconfig" ] || echo mm/memarea/Kconfig
}

# Print where the tree's file $1 comes from.
overlay_source()
{
	case $1 in
	mm/memarea/Kconfig)	echo "$top/Kconfig" ;;
	*)			echo "$top/$1" ;;
	esac
}

# Refuse unless every path is free or holds a link of ours.
overlay_check()
{
	local tree=$1 file

	while read -r file; do
		[ -e "$tree/$file" ] || [ -L "$tree/$file" ] || continue
		grep -qsxF "$file" "$tree/.memarea/links" ||
			die "$tree already has $file, which the overlay would replace"
	done < <(overlay_files)
}

# Make the links, drop those whose file is gone; print how many changed.
overlay_link()
{
	local tree=$1 links=$1/.memarea/links changed=0 file source

	mkdir -p "$tree/.memarea"
	touch "$links"
	overlay_files | sort >"$links.new"
	while read -r file; do
		rm -f "$tree/$file"
		rmdir -p --ignore-fail-on-non-empty "$tree/${file%/*}"
		changed=$((changed + 1))
	done < <(sort "$links" | comm -23 - "$links.new")
	# List first, link second: an interrupted run still knows its links.
	sort -u -o "$links" "$links" "$links.new"
	while read -r file; do
		source=$(overlay_source "$file")
		[ "$(readlink "$tree/$file")" != "$source" ] || continue
		mkdir -p "$tree/${file%/*}"
		ln -sfn "$source" "$tree/$file"
		changed=$((changed + 1))
	done <"$links.new"
	mv "$links.new" "$links"
	echo "$changed"
}
