/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-question - questions about result databases that have a name, as SQL.
 *
 * A question has one text of SQL for what is known of each node (the tally: fast, however many tasks there are) and, where it makes sense, one over tasks, which
 * is taken when a name in by or where is one of tasks alone (split, outcome, ...), or a sum over tasks in the tally (energy_j). Runs that are not done are left out of means. The SQL
 * needs the functions of iscc-sqlite-functions.h and the views of schema.sql, and nothing else: it is made to be read and copied. */
#ifndef ISCC_QUESTION_H
#define ISCC_QUESTION_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_QUESTION_NAMES_MAX = 16 };

typedef struct {
  const char *name, *summary; /* summary: one line */
  const char *by;   /* names it is by unless others are given, comma-separated; NULL: it has no groups */
  const char *note; /* what whoever reads the numbers must know; NULL: nothing */
  const char *of_nodes, *of_tasks;               /* views; NULL: not asked there */
  const char *select_of_nodes, *select_of_tasks; /* columns after those it is by */
  const char *with;                              /* tables of its own, before SELECT; NULL: none */
  const char *condition;                         /* that always holds; NULL: none */
  const char *order;                             /* NULL: as it is by */
  const char *
      decision; /* columns of the decision that was carried out, looked up for the rows that are shown; NULL: none */
  bool limited;   /* only so many rows are wanted */
  bool of_metric; /* about a metric of campaigns: pairs of values of the one option that it is by */
} iscc_question;

/* All of them; the last one's name is NULL. */
extern const iscc_question iscc_questions[];

typedef struct {
  const char *by[ISCC_QUESTION_NAMES_MAX]; /* in place of the question's own */
  size_t by_count;
  const char *const *where; /* iscc-query-name.h */
  size_t where_count;
  const char *metric,
      *baseline;   /* of questions of_metric; NULL: energy_per_task_j; every value against every other */
  long long limit; /* of limited ones */
} iscc_question_scope;

const iscc_question *iscc_question_find(const char *name); /* NULL: there is none */

/* The SQL of a question to that database; sqlite3_free() it. ISCC_EINVAL: a name that is not there, or by where there are no groups. */
iscc_status iscc_question_sql(const iscc_question *question, sqlite3 *db, const iscc_question_scope *scope,
                              char **sql, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
