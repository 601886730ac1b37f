/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-campaign-folder - the folder DATABASE.runs beside a database, and the lock that lets one campaign at a time work on it. */
#ifndef ISCC_CAMPAIGN_FOLDER_H
#define ISCC_CAMPAIGN_FOLDER_H

#include <stdbool.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  char *path; /* absolute where the database is there */
  char *lock_path;
  int lock;
} iscc_campaign_folder;

/* Makes and locks it. ISCC_ESTATE: another campaign works on this database. ISCC_EIO. On failure nothing is to be closed. */
iscc_status iscc_campaign_folder_open(const char *database, iscc_campaign_folder *out, iscc_error *error);
/* Unlocks it, and removes it when it is empty. */
void iscc_campaign_folder_close(iscc_campaign_folder *folder);

/* Whether it is still where it was locked. */
bool iscc_campaign_folder_is_there(const iscc_campaign_folder *folder);

/* Removes the files whose names begin with prefix. */
void iscc_campaign_folder_clear(const char *path, const char *prefix);

/* Whether something is in it whose name begins with prefix. */
bool iscc_campaign_folder_holds(const char *path, const char *prefix);

/* Its name; free with free(). NULL: out of memory. */
char *iscc_campaign_folder_name(const char *database);
/* Whether a campaign works on it now. */
bool iscc_campaign_folder_is_locked(const char *path);

#ifdef __cplusplus
}
#endif
#endif
