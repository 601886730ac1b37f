/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-output-file - result files that are whole or not there: written beside their path, renamed at the end.
 *
 *   iscc_output_file out;
 *   FILE *file = iscc_output_begin(&out, "fig5.csv", error);
 *   if (!file) return ISCC_EIO;
 *   fprintf(file, ...);                       any stdio, unchecked: iscc_output_end() finds what failed
 *   return iscc_output_end(&out, error);
 *
 * A file of that name stays as it was until iscc_output_end() has succeeded, and nothing is left behind
 * otherwise. A database of SQLite is not overwritten. The new file has the permissions of any other (0666 without the umask's bits). Threads may write
 * different files at once. */
#ifndef ISCC_OUTPUT_FILE_H
#define ISCC_OUTPUT_FILE_H

#include <stdbool.h>
#include <stdio.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct { /* all zero: nothing open */
  FILE *file;
  char *path, *beside; /* owned */
  int reason;          /* the errno of what failed so far, or 0 */
} iscc_output_file;

/* Opens a file beside path, for bytes or text. NULL with ISCC_EIO's line (path and cause) on failure, then
 * *output is all zero and nothing is to be ended. Something at path that is no regular file, a folder or a
 * device say, is refused. path is copied. */
FILE *iscc_output_begin(iscc_output_file *output, const char *path, iscc_error *error);

/* Whether every byte so far has reached the file: for several files that are to be renamed together. */
bool iscc_output_is_whole(iscc_output_file *output);

/* Checks that every byte was written, closes and renames. On failure the file beside is removed and the error
 * names path and cause. Leaves *output all zero. ISCC_ESTATE if nothing is open. */
iscc_status iscc_output_end(iscc_output_file *output, iscc_error *error);

/* Drops what was written. Nothing happens if nothing is open. */
void iscc_output_cancel(iscc_output_file *output);

#ifdef __cplusplus
}
#endif
#endif
