/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-sealed-file - cache files that are either whole or not there.
 *
 * Content: the parts one after another, then the SHA-256 of it all. Numbers keep the machine's byte order: a
 * cache is not meant to travel, and a foreign one is only found damaged. */
#ifndef ISCC_SEALED_FILE_H
#define ISCC_SEALED_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  void *bytes; /* borrowed; only read when writing */
  size_t n;
} iscc_file_part;

/* Writes beside path, then renames; the old file stays whole until then. ISCC_EIO names path and cause.
 * Threads may write different paths at once. */
iscc_status iscc_sealed_file_write(const char *path, const iscc_file_part *parts, int n_parts,
                                   iscc_error *error);

/* Reads parts of exactly these sizes. false: no such file, other size, or damaged; the parts are then
 * undefined. */
bool iscc_sealed_file_read(const char *path, const iscc_file_part *parts, int n_parts);

/* Makes a directory and all missing ones above it. ISCC_EIO names the one that failed. */
iscc_status iscc_directory_make(const char *path, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
