/* SPDX-License-Identifier: GPL-2.0 */
/* For bits.h: what it needs of it, kernel.h has. */
