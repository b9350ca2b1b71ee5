// SPDX-License-Identifier: GPL-2.0
/* Page pools: what their ring has no room for goes back as a batch. */
#include <net/page_pool/helpers.h>
#include "batch.h"

#define POOL_PAGES	64
#define RING_PAGES	8

static void return_all(struct page_pool *pool, struct page **pages)
{
	void *data[POOL_PAGES];
	unsigned int i;

	for (i = 0; i < POOL_PAGES; i++)
		data[i] = page_address(pages[i]);
	page_pool_put_page_bulk(pool, data, POOL_PAGES);
}

static unsigned int count_free(struct page **pages)
{
	unsigned int i, n = 0;

	for (i = 0; i < POOL_PAGES; i++)
		n += !page_count(pages[i]);
	return n;
}

static void full_ring_lets_go(struct kunit *test)
{
	struct page_pool_params params = {
		.pool_size = RING_PAGES,
		.nid = NUMA_NO_NODE,
	};
	struct page_pool *pool = page_pool_create(&params);
	struct page *pages[POOL_PAGES];
	unsigned int i;

	KUNIT_ASSERT_FALSE(test, IS_ERR(pool));
	for (i = 0; i < POOL_PAGES; i++) {
		pages[i] = page_pool_dev_alloc_pages(pool);
		KUNIT_ASSERT_NOT_NULL(test, pages[i]);
	}
	return_all(pool, pages);
	KUNIT_EXPECT_EQ(test, POOL_PAGES - RING_PAGES, count_free(pages));
	page_pool_destroy(pool);
	KUNIT_EXPECT_EQ(test, POOL_PAGES, count_free(pages));
}

static struct kunit_case pool_cases[] = {
	KUNIT_CASE(full_ring_lets_go),
	{}
};

static struct kunit_suite pool_suite = {
	.name = "page_bulk_pool",
	.test_cases = pool_cases,
};

kunit_test_suite(pool_suite);
