#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# userspace.sh: all userspace tests of memarea, of which check.sh has the quick
# ones only.

. "${0%/*}/lib.sh"

make -s -C "$top/tools/testing/memarea" whole
