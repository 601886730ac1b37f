/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-database-check - whether a result database is whole, and what it says of itself is true.
 *
 * Looked at: pages, indexes and CHECKs (SQLite's integrity_check); whether all that rows refer to is there; whether tables tally and choice are
 * those of the tasks. The file is only read. */
#ifndef ISCC_DATABASE_CHECK_H
#define ISCC_DATABASE_CHECK_H

#include <stdbool.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Called for each thing that was looked at, and for each trouble of it. what: "pages", "references", "tally", "choice"; text: one line, borrowed. */
typedef void iscc_database_check_each(void *ctx, const char *what, bool fine, const char *text);

/* ISCC_EFORMAT: it is none of ours, or damaged at its first pages; ISCC_EIO. ISCC_OK also where there is trouble. */
iscc_status iscc_database_check(const char *path, iscc_database_check_each *each, void *ctx,
                                iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
