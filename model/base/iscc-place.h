/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-place - where this code lies on disk. Data that is installed with it is looked for from there, so that an
 * installed tree may be moved. */
#ifndef ISCC_PLACE_H
#define ISCC_PLACE_H

#include <stddef.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Writes the absolute name of the file that holds this function, a shared library or the program it was linked
 * into, without symbolic links and at most size - 1 characters. ISCC_EIO: it cannot be told, or is longer. */
iscc_status iscc_place_of_code(char *path, size_t size, iscc_error *error);

/* Cuts the last levels components off an absolute path, in place; "/" is left of less. Its length. */
size_t iscc_place_above(char *path, int levels);

#ifdef __cplusplus
}
#endif
#endif
