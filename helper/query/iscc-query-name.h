/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-query-name - what people name in a question, as SQL: --by scheme, --where 'max-latency=0.8'.
 *
 * .NAME is a column, --NAME an option; both may have a name in common, which is then refused without the sign, unless they say the same (scheme, run, ...). Else a name is, in this order, a column of the table or view that is asked, an option of a campaign (execution.arguments, e.g. max-latency), a
 * parameter of a run (run.parameters, e.g. bandwidth_hz) whose name is no column of v_task. Options hold texts with one spelling of each number (iscc-number-text.h); parameters hold
 * JSON. */
#ifndef ISCC_QUERY_NAME_H
#define ISCC_QUERY_NAME_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Whether a table or view has that column. */
bool iscc_query_has_column(sqlite3 *db, const char *view, const char *name);

/* The SQL expression of a name; sqlite3_free() it. ISCC_EINVAL: there is no such name; the text lists those there are. */
iscc_status iscc_query_name_sql(sqlite3 *db, const char *view, const char *name, char **sql,
                                iscc_error *error);

/* Conditions NAME=VALUE, and with != < <= > >= in place of =, as one SQL expression; sqlite3_free() it; "" of none. Several = of one name are
 * alternatives, all else holds together. ISCC_EINVAL: one is no condition, or names what is not there. */
iscc_status iscc_query_where_sql(sqlite3 *db, const char *view, const char *const *conditions, size_t count,
                                 char **sql, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
