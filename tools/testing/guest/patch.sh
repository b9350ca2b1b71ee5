#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# patch.sh: write the whole overlay as one patch that "git am" takes on
# the pristine kernel: build/memarea-VERSION.patch.
#
# It is made by git itself, between a commit of the touched files as the kernel
# has them and one with the series applied and the new files in place. Author
# and date are those of the repository's last commit, so the same content gives
# the same patch.

. "${0%/*}/lib.sh"
. "$guest/version.sh"
. "$guest/overlay.sh"
. "$guest/series.sh"

tree=$("$guest/tree.sh")
patch=$build/memarea-$(kernel_version "$tree").patch
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Print a fact about the repository's last commit, or $2 where there is none.
last_commit()
{
	in_repo log -1 --format="$1" 2>/dev/null || echo "$2"
}

# Commit as NAME, EMAIL at DATE, whatever git's own configuration says.
identity()
{
	export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
	export GIT_AUTHOR_NAME=$1 GIT_COMMITTER_NAME=$1
	export GIT_AUTHOR_EMAIL=$2 GIT_COMMITTER_EMAIL=$2
	export GIT_AUTHOR_DATE=$3 GIT_COMMITTER_DATE=$3
}

commit_all()
{
	git -C "$work/git" add -Af
	git -C "$work/git" commit -q --allow-empty -F -
}

message()
{
	cat <<-EOF
	mm/memarea: add contiguous page ranges of any size

	This is the memarea overlay $(last_commit %h '(no commit)') as one patch
	for Linux $(kernel_version "$tree"): the changes to the kernel's own files
	and all new files.
	EOF
}

series_compute "$tree" "$work"/series
git init -q -b main "$work/git"
identity "$(last_commit %an memarea)" "$(last_commit %ae memarea@localhost)" \
	"$(last_commit %aI 1970-01-01T00:00:00Z)"
cp -r "$work/series/orig/." "$work/git"
echo base | commit_all
cp -r "$work/series/applied/." "$work/git"
while read -r file; do
	copy "$(overlay_source "$file")" "$work/git/$file"
	chmod "$(stat -Lc %a "$(overlay_source "$file")")" "$work/git/$file"
done < <(overlay_files)
message | commit_all
git -C "$work/git" format-patch -q -1 --stdout >"$patch"
step PATCH "${patch#"$top/"}"
