/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-pool-folder - the folder DATABASE.runs beside a database, and the lock that lets one campaign at a time work on it. */
#ifndef ISCC_POOL_FOLDER_H
#define ISCC_POOL_FOLDER_H

#include <stdbool.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ISCC_ARRAY_PREFIX "iscc-" /* of what a cluster's queue holds for the database (iscc-slurm-array.h) */

typedef struct {
  char *path; /* absolute where the database is there */
  char *lock_path;
  int lock;
} iscc_pool_folder;

/* Makes and locks it. ISCC_ESTATE: another campaign works on this database. ISCC_EIO. On failure nothing is to be closed. */
iscc_status iscc_pool_folder_open(const char *database, iscc_pool_folder *out, iscc_error *error);
/* Unlocks it, and removes it when it is empty. */
void iscc_pool_folder_close(iscc_pool_folder *folder);

/* Whether it is still where it was locked. */
bool iscc_pool_folder_is_there(const iscc_pool_folder *folder);

/* Removes the files whose names begin with prefix. */
void iscc_pool_folder_clear(const char *path, const char *prefix);

/* Whether something is in it whose name begins with prefix. */
bool iscc_pool_folder_holds(const char *path, const char *prefix);

/* Its name; free with free(). NULL: out of memory. */
char *iscc_pool_folder_path(const char *database);
/* Whether a campaign works on it now. ISCC_EIO: that cannot be known, the lock of somebody else may not be read. */
iscc_status iscc_pool_folder_look(const char *path, bool *locked, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
