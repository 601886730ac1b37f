/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-npy - NumPy's array files (NPY format 1.0 and 2.0): single and double precision, real and complex,
 * little endian, C order (last index fastest). numpy.load() reads what is written here. */
#ifndef ISCC_NPY_H
#define ISCC_NPY_H

#include <stddef.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_NPY_DIMENSIONS_MAX = 8 };

typedef enum {
  ISCC_NPY_F32, /* float, '<f4' */
  ISCC_NPY_F64, /* double, '<f8' */
  ISCC_NPY_C64, /* two floats: real, imaginary; '<c8' */
  ISCC_NPY_C128 /* two doubles; '<c16' */
} iscc_npy_type;

typedef struct {
  iscc_npy_type type;
  int dimensions; /* 0 (one value) .. ISCC_NPY_DIMENSIONS_MAX */
  size_t shape[ISCC_NPY_DIMENSIONS_MAX];
  void *data;
} iscc_npy;

size_t iscc_npy_item_bytes(iscc_npy_type type);
size_t iscc_npy_count(const iscc_npy *array); /* elements: product of the shape */

/* Writes the array beside path and renames it there when complete: an existing file is replaced as a whole
 * or, on failure, left as it was. ISCC_EIO names the path and the reason. */
iscc_status iscc_npy_write(const char *path, const iscc_npy *array, iscc_error *error);

/* Reads a whole file; array->data is then the caller's, to be released. ISCC_EIO: unreadable; ISCC_EFORMAT:
 * not NPY, cut off, longer than its header says, or of a kind not listed above. array is untouched on
 * failure. */
iscc_status iscc_npy_read(const char *path, iscc_npy *array, iscc_error *error);

void iscc_npy_release(iscc_npy *array); /* frees data; fine after a release */

#ifdef __cplusplus
}
#endif
#endif
