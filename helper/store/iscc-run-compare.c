/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-run-compare.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-campaign-store.h"
#include "iscc-run-metrics.h"
#include "iscc-run-tables.h"

enum { COMPARED = ISCC_RUN_TABLE_TALLY }; /* tables; the tally is made of them */

/* How many rows one of two queries yields and the other does not; -1: it cannot be told. */
static int64_t count_differences(sqlite3 *db, const char *a, const char *b) {
  sqlite3_stmt *ask = NULL;
  char *sql = sqlite3_mprintf(
      "SELECT (SELECT count(*) FROM (%s EXCEPT %s)) + (SELECT count(*) FROM (%s EXCEPT %s))", a, b, b, a);
  int64_t count = -1;
  if (sql && sqlite3_prepare_v2(db, sql, -1, &ask, NULL) == SQLITE_OK && sqlite3_step(ask) == SQLITE_ROW)
    count = sqlite3_column_int64(ask, 0);
  sqlite3_finalize(ask);
  sqlite3_free(sql);
  return count;
}

/* Columns of a table that are the same for the same run, but for iterations, which are not known of what was recorded before version 7; "": this side lacks the table, as one of an older version does. */
static char *columns_of(sqlite3 *db, const char *table) {
  sqlite3_stmt *ask = NULL;
  char *list = NULL;
  if (sqlite3_prepare_v2(
          db,
          "SELECT group_concat('\"' || name || '\"') FROM pragma_table_info(?1, 'main')"
          " WHERE name NOT IN ('run_id', 'iterations') AND name NOT LIKE '%wall%' AND (?1 <> 'run' OR name IN"
          " ('program', 'parameters', 'seed', 'run', 'model_sha256', 'status', 'end_ns'))",
          -1, &ask, NULL) == SQLITE_OK) {
    sqlite3_bind_text(ask, 1, table, -1, SQLITE_STATIC);
    if (sqlite3_step(ask) == SQLITE_ROW) list = sqlite3_mprintf("%s", sqlite3_column_text(ask, 0));
  }
  sqlite3_finalize(ask);
  return list;
}

static bool is_lacking(sqlite3 *db, const char *table) {
  char *columns = columns_of(db, table);
  const bool lacking = columns && !columns[0];
  sqlite3_free(columns);
  return lacking;
}

bool iscc_run_compare_lacks(sqlite3 *db, char text[ISCC_RUN_DIFFERENCE_MAX]) {
  text[0] = '\0';
  for (int i = 0; i < COMPARED; i++) {
    const size_t used = strlen(text);
    if (is_lacking(db, iscc_run_table[i]))
      snprintf(text + used, ISCC_RUN_DIFFERENCE_MAX - used, "%s%s", used ? ", " : "", iscc_run_table[i]);
  }
  return text[0];
}

/* Whether it was recorded before version 6, from which on an execution has a commit and its run's streams are kept. */
static bool is_before_streams(sqlite3 *db, int64_t execution_id) {
  sqlite3_stmt *ask = NULL;
  bool before = false;
  if (sqlite3_prepare_v2(db, "SELECT iscc_commit IS NULL FROM main.execution WHERE execution_id = ?1", -1,
                         &ask, NULL) == SQLITE_OK) {
    sqlite3_bind_int64(ask, 1, execution_id);
    before = sqlite3_step(ask) == SQLITE_ROW && sqlite3_column_int(ask, 0);
  }
  sqlite3_finalize(ask);
  return before;
}

/* Adds to text what differs between a run and the shard that is attached. */
static void compare_tables(sqlite3 *db, const iscc_recorded *e, char text[ISCC_RUN_DIFFERENCE_MAX]) {
  for (int i = 0; i < COMPARED; i++) {
    if (is_lacking(db, iscc_run_table[i])) continue;
    if (i == ISCC_RUN_TABLE_STREAM && is_before_streams(db, e->execution_id)) continue;
    char *columns = columns_of(db, iscc_run_table[i]);
    char *ours = sqlite3_mprintf("SELECT %s FROM main.%s WHERE run_id = %lld", columns, iscc_run_table[i],
                                 (long long)e->run_id);
    char *theirs = sqlite3_mprintf("SELECT %s FROM shard.%s", columns, iscc_run_table[i]);
    const int64_t rows = columns && ours && theirs ? count_differences(db, ours, theirs) : -1;
    const size_t used = strlen(text);
    if (rows < 0)
      snprintf(text + used, ISCC_RUN_DIFFERENCE_MAX - used, "%s%s: %s", used ? ", " : "", iscc_run_table[i],
               sqlite3_errmsg(db));
    if (rows > 0)
      snprintf(text + used, ISCC_RUN_DIFFERENCE_MAX - used, "%s%s: %lld rows are on one side alone",
               used ? ", " : "", iscc_run_table[i], (long long)rows);
    sqlite3_free(columns);
    sqlite3_free(ours);
    sqlite3_free(theirs);
  }
}

static void compare_shard(sqlite3 *db, const iscc_recorded *e, const iscc_pool_run *run,
                          char text[ISCC_RUN_DIFFERENCE_MAX]) {
  iscc_error why = {""};
  char *attach = sqlite3_mprintf("ATTACH %Q AS shard", run->shard);
  if (iscc_campaign_shard_check(run->shard, e->seed, e->run, &why))
    snprintf(text, ISCC_RUN_DIFFERENCE_MAX, "%s", why.text);
  else if (!attach || sqlite3_exec(db, attach, NULL, NULL, NULL))
    snprintf(text, ISCC_RUN_DIFFERENCE_MAX, "%s", sqlite3_errmsg(db));
  else {
    compare_tables(db, e, text);
    sqlite3_exec(db, "DETACH shard", NULL, NULL, NULL);
  }
  sqlite3_free(attach);
}

/* The value recorded under a name; false: there is none. */
static bool find_value(sqlite3 *db, int64_t execution_id, const char *name, double *value) {
  sqlite3_stmt *ask = NULL;
  bool found = false;
  if (sqlite3_prepare_v2(db, "SELECT value FROM metric WHERE execution_id = ?1 AND name = ?2", -1, &ask,
                         NULL) == SQLITE_OK) {
    sqlite3_bind_int64(ask, 1, execution_id);
    sqlite3_bind_text(ask, 2, name, -1, SQLITE_STATIC);
    found = sqlite3_step(ask) == SQLITE_ROW;
    if (found) *value = sqlite3_column_double(ask, 0);
  }
  sqlite3_finalize(ask);
  return found;
}

/* What is said of a run beside what its tasks come to. A metric without value is NaN, and has no row. */
static void compare_metrics(sqlite3 *db, const iscc_recorded *e, char text[ISCC_RUN_DIFFERENCE_MAX]) {
  double values[ISCC_RUN_METRICS];
  if (iscc_run_metrics_read(db, e->run_id, values)) {
    snprintf(text, ISCC_RUN_DIFFERENCE_MAX, "%s", sqlite3_errmsg(db));
    return;
  }
  for (int i = 0; i < ISCC_RUN_METRICS && !text[0]; i++) {
    double was = (double)NAN;
    const bool there = find_value(db, e->execution_id, iscc_run_metric_name(i), &was),
               none = isnan(values[i]);
    if (there == none || (there && was != values[i]))
      snprintf(text, ISCC_RUN_DIFFERENCE_MAX, "metric: %s is %.17g of its tasks, %.17g on record",
               iscc_run_metric_name(i), values[i], was);
  }
}

static void compare_lines(sqlite3 *db, const iscc_recorded *e, const iscc_pool_run *run,
                          char text[ISCC_RUN_DIFFERENCE_MAX]) {
  iscc_value *values;
  size_t count;
  iscc_error why = {""};
  char recorded_count[128];
  if (iscc_value_lines_read(run->stdout_path, &values, &count, &why)) {
    snprintf(text, ISCC_RUN_DIFFERENCE_MAX, "%s", why.text);
    return;
  }
  for (size_t i = 0; i < count && !text[0]; i++) {
    double value;
    if (!find_value(db, e->execution_id, values[i].name, &value))
      snprintf(text, ISCC_RUN_DIFFERENCE_MAX, "%s is printed and was not", values[i].name);
    else if (value != values[i].value)
      snprintf(text, ISCC_RUN_DIFFERENCE_MAX, "%s is %.17g, was %.17g", values[i].name, values[i].value,
               value);
  }
  snprintf(recorded_count, sizeof recorded_count, "SELECT name FROM metric WHERE execution_id = %lld",
           (long long)e->execution_id);
  const int64_t rows = count_differences(db, recorded_count, "SELECT 0 WHERE 0");
  if (!text[0] && rows != (int64_t)count)
    snprintf(text, ISCC_RUN_DIFFERENCE_MAX, "%zu values are printed, %lld were", count, (long long)rows);
  free(values);
}

void iscc_run_compare(sqlite3 *db, const iscc_recorded *e, const iscc_pool_run *run,
                      char text[ISCC_RUN_DIFFERENCE_MAX]) {
  text[0] = '\0';
  if (run->process.exit_status != 0) {
    snprintf(text, ISCC_RUN_DIFFERENCE_MAX, "it ended with status %d, signal %d", run->process.exit_status,
             run->process.signal);
  } else if (e->run_id) {
    compare_shard(db, e, run, text);
    if (!text[0]) compare_metrics(db, e, text);
  } else {
    compare_lines(db, e, run, text);
  }
}
