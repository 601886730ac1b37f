/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-spill - a queue of equal-sized rows in bounded memory, then in an unlinked file.
 *
 * Rows are appended, then read back from the first, any number of times. The file has no name: it is gone
 * when the program ends, however it ends. */
#ifndef ISCC_SPILL_H
#define ISCC_SPILL_H

#include <stddef.h>
#include <stdint.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct iscc_spill iscc_spill;

/* Rows of row_bytes; memory_bytes are held before the file is used. directory: where the file is made.
 * Copied. */
iscc_status iscc_spill_create(size_t row_bytes, size_t memory_bytes, const char *directory, iscc_spill **out,
                              iscc_error *error);
void iscc_spill_destroy(iscc_spill *spill); /* NULL is fine */

/* ISCC_EIO: the file could not be written; earlier rows are still whole. */
iscc_status iscc_spill_append(iscc_spill *spill, const void *row, iscc_error *error);

void iscc_spill_rewind(iscc_spill *spill);
/* The next row; *row is NULL past the last. Valid until the next call. */
iscc_status iscc_spill_next(iscc_spill *spill, const void **row, iscc_error *error);

void iscc_spill_clear(iscc_spill *spill);

#ifdef __cplusplus
}
#endif
#endif
