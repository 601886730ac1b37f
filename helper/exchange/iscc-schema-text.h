/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-schema-text - what schema.sql says of tables, views and columns. */
#ifndef ISCC_SCHEMA_TEXT_H
#define ISCC_SCHEMA_TEXT_H

#ifdef __cplusplus
extern "C" {
#endif

/* Of a table the remark behind its name, of a view the lines above it, as one line; free() it. NULL: there is none. */
char *iscc_schema_text_of(const char *name);

/* The remark behind a column of a table; free() it. NULL: there is none. */
char *iscc_schema_text_of_column(const char *table, const char *column);

#ifdef __cplusplus
}
#endif
#endif
