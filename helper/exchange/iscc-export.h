/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-export - tables and views of a result database as files, all of one moment.
 *
 * Rows go from the database into the file one by one: memory does not grow with them. The forms are those of iscc-row-text.h. A database of an older
 * schema version is read as one of this; the file stays as it is. */
#ifndef ISCC_EXPORT_H
#define ISCC_EXPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "iscc-row-text.h"
#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const char *const *names; /* tables and views */
  size_t count;
  const char *const *
      where; /* conditions (iscc-query-name.h): of a view on its rows; of a table on the runs of v_run whose rows are wanted */
  size_t where_count;
  iscc_row_format format;
  bool anonymous; /* iscc-anonymous.h */
} iscc_export_scope;

/* Names of all tables, and after them of all views; NULL behind the last. tables: how many are tables. */
extern const char *const iscc_export_names[];
enum { ISCC_EXPORT_TABLES = 10 };

/* Called for each file that is written. */
typedef void iscc_export_each(void *ctx, const char *name, int64_t rows);

/* One table or view into an open file. ISCC_EINVAL: no such name, or a condition on what is not there. */
iscc_status iscc_export_rows(const char *database, const iscc_export_scope *scope, FILE *out, int64_t *rows,
                             iscc_error *error);

/* A file NAME.csv or NAME.jsonl for each into a new folder, and README.txt, which says what columns mean. The folder is there whole or not at
 * all. ISCC_EINVAL: also, something is at that path; ISCC_EIO. each may be NULL. */
iscc_status iscc_export_folder(const char *database, const iscc_export_scope *scope, const char *folder,
                               iscc_export_each *each, void *ctx, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
