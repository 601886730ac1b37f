/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-overview - what a result database holds, in some lines: file, runs by outcome, programs and seeds, options that vary, tasks, headline
 * numbers of each scheme, metrics of campaigns.
 *
 * It reads the tally, not the tasks. */
#ifndef ISCC_OVERVIEW_H
#define ISCC_OVERVIEW_H

#include <sqlite3.h>
#include <stdio.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The SQL of its tables, titles first; the last title is NULL. For whoever wants to know, or shows them in another way. */
typedef struct {
  const char *title, *sql;
} iscc_overview_part;
extern const iscc_overview_part iscc_overview_parts[];

/* On a connection of iscc_query_open(); path: how to name the file. Parts without rows are left out. */
iscc_status iscc_overview_write(sqlite3 *db, const char *path, FILE *out, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
