# SPDX-License-Identifier: GPL-2.0
#
# Drives the guest scripts. This file never becomes part of a kernel tree: the
# overlay takes mm/, include/, Documentation/, tools/ and Kconfig, no more.

guest := tools/testing/guest

.DEFAULT_GOAL := help
.PHONY: help run map test test-orders check kunit kselftest bench bench-bulk \
	bench-impact bench-order bench-room bench-search mm-selftests torture \
	shell apply remove patch self-test clean

help:		## Show this list
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14
	@echo
	@echo 'KSRC=DIR    your own 6.12 tree instead of Debian'"'"'s'
	@echo 'KVER=6.12.N another version of Debian'"'"'s package'
	@echo 'KERNELS=A B what mm-selftests sets beside the pristine kernel'
	@echo 'ACCEL=kvm   run guests with KVM;  SMP=N, MEM=SIZE  their size'

run:		## Build a kernel with memarea, boot it and show what it does
	@$(guest)/run.sh x86_64 run
	@$(guest)/run.sh x86_64 run-huge

map:		## Draw a guest's memory in the terminal, and as a picture
	@$(guest)/map.sh

test:		## Everything; ends in "N passed, N failed"
	@$(guest)/test.sh check userspace self-test um/kunit i386/kunit \
		x86_64/kunit x86_64/kselftest x86_64/kselftest-hashdist \
		x86_64/kselftest-huge debug/kunit debug/kselftest \
		kasan/kunit kasan/kselftest

test-orders:	## What make test has not: lowered top orders, one by one
	@$(guest)/test.sh order9/kunit order6/kunit order5/kunit \
		debug-order6/kunit debug-order5/kunit kasan-order5/kunit \
		order9/kselftest order6/kselftest order5/kselftest

check:		## Quick userspace tests and style: a minute, no boot
	@$(guest)/test.sh check

kunit:		## KUnit suites on UML and in QEMU
	@$(guest)/test.sh um/kunit um-order6/kunit x86_64/kunit

kselftest:	## Selftests in QEMU
	@$(guest)/test.sh x86_64/kselftest x86_64/kselftest-hashdist \
		x86_64/kselftest-huge

torture:	## Ten minutes of everything at once, in the debug guest
	@$(guest)/test.sh debug/torture

mm-selftests:	## The kernel's own mm selftests, without memarea and with it
	@$(guest)/mm-selftests.sh mm-pristine $(or $(KERNELS),mm mm-order6)

bench:		## Measure memarea beside the page allocator
	@$(guest)/bench.sh

bench-bulk:	## Measure pages in batches, without memarea and with it
	@$(guest)/bench-bulk.sh

bench-impact:	## Measure what memarea costs a kernel that does not use it
	@$(guest)/bench-impact.sh

bench-order:	## Measure free lists that end at lower orders
	@$(guest)/bench-order.sh
	@$(guest)/bench-curves.sh
	@$(guest)/bench-share.sh

bench-room:	## Measure large allocations where memory is in use
	@$(guest)/bench-room.sh

bench-search:	## Measure the search on zones up to 1 TiB, in userspace
	@$(guest)/bench-search.sh

shell:		## A shell in a guest with memarea ("exit" leaves)
	@$(guest)/run.sh x86_64 shell

apply:		## Put memarea on your own tree: make apply KSRC=DIR
	@$(guest)/apply.sh $(or $(KSRC),$(error say KSRC=DIR))

remove:		## Take it off again: make remove KSRC=DIR
	@$(guest)/remove.sh $(or $(KSRC),$(error say KSRC=DIR))

patch:		## Write all of memarea as one patch for "git am"
	@$(guest)/patch.sh

self-test:	## Test the test harness
	@$(guest)/test.sh self-test

clean:		## Remove build/, kernel trees included
	@rm -rf build
