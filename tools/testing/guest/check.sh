#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# check.sh: all that can be said without booting a kernel.
#
# The quick userspace tests of memarea (userspace.sh has all), and the sources
# before the kernel's judges (checkpatch, sparse, W=1, kernel-doc), shellcheck and
# codespell. Own rules are few: an SPDX line in each source, and nothing in the
# repository that only one machine or one mirror knows.
#
# All start at once, for most use one processor; results come in their order.

. "${0%/*}/lib.sh"
. "$guest/overlay.sh"
. "$guest/tap.sh"

cd "$top"
mapfile -t files < <(in_repo ls-files -co --exclude-standard | while read -r f; do
	[ ! -f "$f" ] || echo "$f"
done)

# Print the files whose path matches the extended regular expression $1.
matching()
{
	printf '%s\n' "${files[@]}" | grep -E "$1" || :
}

# Print the scripts; what they source is checked along with them.
scripts()
{
	printf '%s\n' "${files[@]}" |
		xargs awk 'FNR > 1 { nextfile } /^#!.*[/ ](ba)?sh$/ { print FILENAME }'
}

# Fail if the command prints anything, whatever its status.
silent()
{
	local said

	said=$("$@" 2>&1) || :
	printf '%s' "$said"
	[ -z "$said" ]
}

userspace()
{
	make -s -C tools/testing/memarea check
}

spdx()
{
	matching '(\.([chS]|sh|py|config|kernel|rst|awk|lds)|/?(Makefile|Kconfig))$' |
		xargs -r awk 'FNR > 3 { nextfile }
			/SPDX-License-Identifier: GPL-2\.0/ { seen[FILENAME] }
			END { for (i = 1; i < ARGC; i++)
				if (!(ARGV[i] in seen))
					print ARGV[i] ": no SPDX line" }'
}

# What checkpatch has on stderr is about a Python module it can do without.
checkpatch()
{
	"$tree/scripts/checkpatch.pl" --root="$tree" --terse --no-summary \
		--show-types "$@" 2>/dev/null
}

# checkpatch_those REGEX OPTION...: the files whose path matches.
checkpatch_those()
{
	local those

	mapfile -t those < <(matching "$1")
	[ ${#those[@]} = 0 ] || checkpatch "${@:2}" -f "${those[@]}"
}

# A boot parameter is documented by a patch, of which a file's check does not
# know. The style of trace headers is their own, no strict check knows it; the
# kernel's attribute macros do not exist in userspace, nor does <asm/>: without
# the tree, of which checkpatch asks nothing else that is of use here, it does
# not look for the maintainer of each file.
checkpatch_kernel()
{
	local status=0

	checkpatch_those '^include/trace/.*\.h$' || status=1
	checkpatch_those '^(mm|include/linux)/.*\.[ch]$' --strict \
		--ignore UNDOCUMENTED_SETUP || status=1
	return $status
}

checkpatch_tools()
{
	checkpatch_those '^tools/.*\.[ch]$' --strict --no-tree \
		--ignore PREFER_DEFINED_ATTRIBUTE_MACRO
}

# From stdin: a file that git tracks would be judged as source, not as patch.
checkpatch_series()
{
	local patch status=0

	while read -r patch; do
		checkpatch --strict --ignore FILE_PATH_CHANGES - <"$patch" |
			sed "s|^|$patch: |" || status=1
	done < <(matching '^patches/.*\.patch$')
	return $status
}

# Objects that sparse or gcc's W=1 has something to say about.
sparse()
{
	local folder

	"$guest/build.sh" check prepare >/dev/null 2>&1 || echo "cannot configure"
	use_kernel check
	kmake "$tree" -j"$(nproc)" C=2 W=1 mm/memarea/ mm/page_bulk/ \
		>"$out/sparse.log" 2>&1 || cat "$out/sparse.log"
	for folder in memarea page_bulk; do
		grep -q "^  CHECK .*mm/$folder/" "$out/sparse.log" ||
			echo "no object of $folder was checked"
	done
	grep -E '(memarea|page_bulk).*(warning|error):' "$out/sparse.log" || :
}

kernel_doc()
{
	matching '^(include/linux|mm)/.*\.[ch]$' |
		xargs -r "$tree/scripts/kernel-doc" -none -Werror
}

shell()
{
	scripts | xargs -r shellcheck -x -a -P SCRIPTDIR
}

spelling()
{
	printf '%s\n' "${files[@]}" | grep -vE '\.(png|svg|csv)$' |
		xargs codespell --quiet-level 2 --ignore-words-list damon
}

# The brackets keep this file from finding itself.
machine_paths()
{
	printf '%s\n' "${files[@]}" | grep -vE '\.(png|svg)$' | xargs grep -nIE \
		'(^|[^A-Za-z0-9_.~-])/(work|farm|root|home)/|(deb|security)[.]debian[.]org|pypi[.]org|crates[.]io|npmjs[.]|proxy[.]golang[.]org'
}

tree=$("$guest/tree.sh")
later check_many "userspace tests" userspace
later check "sparse and W=1" silent sparse
later check "checkpatch: kernel" checkpatch_kernel
later check "checkpatch: tools" checkpatch_tools
later check "checkpatch: patches" checkpatch_series
later check "shellcheck" shell
later check "kernel-doc" kernel_doc
later check "codespell" spelling
later check "SPDX lines" silent spdx
later check "no paths of one machine" silent machine_paths
tap_end
