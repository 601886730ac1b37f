/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-query-name - what people name in a question, as SQL: --by scheme, --where 'max-latency=0.8'.
 *
 * .NAME is a column, --NAME an option. Else a name is, in this order, a column of the table or view that is asked, an option of a campaign
 * (execution.arguments, e.g. max-latency), a parameter of a run (run.parameters, e.g. bandwidth_hz). What is an option and a column, here or of v_task, is refused
 * without its sign, unless both say the same (scheme, run, ...); what is a column of v_task is no parameter: bits is what was chosen, not the range to
 * choose from. Options hold texts with one spelling of each number
 * (iscc-number-text.h), but for those that were quoted in the campaign file: = finds these as they are spelled. Parameters hold JSON. */
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

/* Whether a view has all of these names, or names of conditions; one that is refused without its sign is there. of_tasks: the view that is
 * asked else, or NULL: a column of it that is a sum over tasks in the other (energy_j), or of the decision (max_latency_s), is its own. */
bool iscc_query_has_names(sqlite3 *db, const char *view, const char *of_tasks, const char *const *names,
                          size_t count);

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
