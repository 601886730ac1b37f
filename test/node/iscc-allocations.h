/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-allocations - counts calls of malloc, calloc, realloc and aligned allocation in the test program.
 *
 * Sanitizers bring an allocator of their own: then nothing is counted and available is false. */
#ifndef ISCC_ALLOCATIONS_H
#define ISCC_ALLOCATIONS_H

#include <stdbool.h>

extern const bool iscc_allocations_available;

unsigned long iscc_allocations_count(void);

/* Not counted in between: what the test itself allocates. May be nested. */
void iscc_allocations_pause(void);
void iscc_allocations_resume(void);

#endif
