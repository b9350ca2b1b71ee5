// SPDX-License-Identifier: GPL-2.0
/* The code that is measured, unchanged. */
#include "space.h"
#include "../../../../mm/memarea/runs.c"
#include "../../../../mm/memarea/bits.c"
