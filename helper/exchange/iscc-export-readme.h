/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-export-readme - what lies in a folder of exported tables, for people: forms, files, the meaning of each column. */
#ifndef ISCC_EXPORT_README_H
#define ISCC_EXPORT_README_H

#include <sqlite3.h>

#include "iscc-export.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What is said before the first file. database: its path. */
void iscc_export_readme_begin(const char *database, const iscc_export_scope *scope, FILE *out);

/* A file with its columns, as schema.sql explains them. Returns SQLite's result. */
int iscc_export_readme_add(sqlite3 *db, const char *name, iscc_row_format format, int64_t rows, FILE *out);

#ifdef __cplusplus
}
#endif
#endif
