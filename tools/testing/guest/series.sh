# SPDX-License-Identifier: GPL-2.0
#
# The patches in patches/series, on the kernel's own files. Sourced.
#
# All or nothing and no fuzz: the result is computed on copies, and the tree is
# written only when every hunk of every patch has found its exact place.
# $tree/.memarea/series/orig holds the touched files as they were, applied/ as
# we left them. A file that no longer equals its copy in applied/ was changed by
# somebody else and counts as the kernel's own again.

series_patches()
{
	[ -e "$top/patches/series" ] || return 0
	sed -e 's/[[:space:]]*#.*//' -e '/^$/d' "$top/patches/series"
}

# Print the files that the series touches.
series_files()
{
	series_patches | while read -r patch; do
		sed -n -e 's|^--- a/||p' -e 's|^+++ b/||p' "$top/patches/$patch"
	done | sort -u
}

# Print the files that the last run left patched.
series_applied()
{
	[ ! -d "$1/.memarea/series" ] ||
		(cd "$1/.memarea/series/applied" && find . -type f -printf '%P\n' | sort)
}

# Print where the kernel's own version of a file lies, if it has one.
series_pristine()
{
	local tree=$1 file=$2 state=$1/.memarea/series

	if cmp -s "$tree/$file" "$state/applied/$file"; then
		[ ! -e "$state/orig/$file" ] || echo "$state/orig/$file"
	elif [ -e "$tree/$file" ]; then
		echo "$tree/$file"
	fi
}

copy()
{
	mkdir -p "${2%/*}"
	cp -T -- "$1" "$2"
}

# Compute in DIR: orig/, the kernel's own touched files, and applied/, patched.
series_compute()
{
	local tree=$1 dir=$2 file patch from

	rm -rf "$dir"
	mkdir -p "$dir/orig"
	while read -r file; do
		from=$(series_pristine "$tree" "$file")
		[ -z "$from" ] || copy "$from" "$dir/orig/$file"
	done < <(series_files)
	cp -r "$dir/orig" "$dir/applied"
	while read -r patch; do
		patch -d "$dir/applied" -p1 -F0 -N -r - --no-backup-if-mismatch \
			<"$top/patches/$patch" >"$dir/log" 2>&1 || {
			sed 's/^/  /' "$dir/log" >&2
			die "patches/$patch does not fit $tree, which is left as it was"
		}
	done < <(series_patches)
}

# Give the tree's file back to the kernel, unless somebody else already did.
series_restore()
{
	local tree=$1 file=$2 from

	from=$(series_pristine "$tree" "$file")
	if [ -z "$from" ]; then
		rm -f "$tree/$file"
	elif [ "$from" != "$tree/$file" ]; then
		copy "$from" "$tree/$file"
	fi
}

# Print the files that differ between the tree and the computed result in DIR.
series_differ()
{
	local tree=$1 dir=$2 file

	sort -u <(series_applied "$tree") <(series_files) | while read -r file; do
		[ -e "$tree/$file" ] || [ -e "$dir/applied/$file" ] || continue
		cmp -s "$tree/$file" "$dir/applied/$file" || echo "$file"
	done
}

# Bring the tree to the computed result and print how many files changed. The
# copies are exchanged while the tree holds the kernel's files, so that the next
# run can take up where a run cut short has left off.
series_install()
{
	local tree=$1 dir=$2 state=$1/.memarea file changed

	mapfile -t changed < <(series_differ "$tree" "$dir")
	for file in "${changed[@]}"; do
		series_restore "$tree" "$file"
	done
	mkdir -p "$state"
	rm -rf "$state/series.new"
	cp -r "$dir" "$state/series.new"
	rm -rf "$state/series"
	mv "$state/series.new" "$state/series"
	for file in "${changed[@]}"; do
		[ ! -e "$dir/applied/$file" ] || copy "$dir/applied/$file" "$tree/$file"
	done
	[ -z "$(series_differ "$tree" "$dir")" ] ||
		die "$tree is not what the patches make of it"
	echo "${#changed[@]}"
}
