/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-data-file - where files that come with the project lie, from any working directory.
 *
 * Installed programs have them in ../share/iscc beside their own folder, programs of a build tree in the sources'
 * examples/. */
#ifndef ISCC_DATA_FILE_H
#define ISCC_DATA_FILE_H

#include <stddef.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* share/iscc of the prefix that holds this code, which is so many levels below it: PREFIX/bin/PROGRAM and
 * PREFIX/lib/LIBRARY 2, one folder deeper 3. NULL when that cannot be told; else folder. */
const char *iscc_data_folder(int levels, char *folder, size_t size);

/* Writes the path of a file that the examples read, e.g. "traces/lane-channel.txt". ISCC_EIO: there is none; the
 * text names where it should be. */
iscc_status iscc_data_file(const char *name, char *path, size_t size, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
