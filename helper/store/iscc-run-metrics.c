/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-run-metrics.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

enum { LATENCY_P95 = 10 };

static const char *const name[ISCC_RUN_METRICS] = {"tasks",
                                                   "done_share",
                                                   "late_share",
                                                   "infeasible_share",
                                                   "dropped_share",
                                                   "lost_share",
                                                   "accuracy",
                                                   "energy_per_task_j",
                                                   "energy_per_done_task_j",
                                                   "latency_s",
                                                   [LATENCY_P95] = "latency_p95_s",
                                                   "uplink_s",
                                                   "lifetime_s"};

/* All but the percentile, in one pass over the tasks of run ?1, and how many latencies there are. */
static const char of_run[] =
    "SELECT count(*), avg(outcome = 'done'), avg(outcome = 'late'), avg(outcome = 'infeasible'),"
    " avg(outcome = 'dropped'), avg(outcome = 'lost'), avg(correct), avg(energy_j) FILTER (WHERE energy_j > "
    "0),"
    " sum(energy_j) / nullif(sum(outcome = 'done'), 0), avg(latency_s), NULL,"
    " 1e-9 * avg(uplink_ns) FILTER (WHERE uplink_ns > 0),"
    " (SELECT 1e-9 * min(empty_ns) FROM battery WHERE run_id = ?1), count(latency_s) FROM task WHERE run_id "
    "= ?1";

const char *iscc_run_metric_name(int i) {
  return i >= 0 && i < ISCC_RUN_METRICS ? name[i] : NULL;
}

/* A statement about a run. */
static int ask_about(sqlite3 *db, const char *sql, int64_t run_id, sqlite3_stmt **ask) {
  const int result = sqlite3_prepare_v2(db, sql, -1, ask, NULL);
  return result ? result : sqlite3_bind_int64(*ask, 1, run_id);
}

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Of n > 0 values that a statement yields, the least one that at least 95 % are not above. */
static int read_p95(sqlite3_stmt *list, size_t n, double *p95) {
  double *value = malloc(n * sizeof *value);
  size_t count = 0;
  int result = SQLITE_NOMEM;
  if (!value) return result;
  while ((result = sqlite3_step(list)) == SQLITE_ROW && count < n)
    value[count++] = sqlite3_column_double(list, 0);
  if (result == SQLITE_DONE && count == n) {
    qsort(value, n, sizeof *value, ascending);
    *p95 = value[(95 * n + 99) / 100 - 1];
  }
  free(value);
  return result == SQLITE_DONE ? SQLITE_OK : result;
}

int iscc_run_metrics_read(sqlite3 *db, int64_t run_id, double values[ISCC_RUN_METRICS]) {
  sqlite3_stmt *ask = NULL, *list = NULL;
  size_t latencies = 0;
  int result = ask_about(db, of_run, run_id, &ask);
  if (!result) result = sqlite3_step(ask) == SQLITE_ROW ? SQLITE_OK : sqlite3_errcode(db);
  for (int i = 0; !result && i < ISCC_RUN_METRICS; i++)
    values[i] = sqlite3_column_type(ask, i) == SQLITE_NULL ? (double)NAN : sqlite3_column_double(ask, i);
  if (!result) latencies = (size_t)sqlite3_column_int64(ask, ISCC_RUN_METRICS);
  if (latencies) {
    result = ask_about(db, "SELECT latency_s FROM task WHERE run_id = ?1 AND latency_s IS NOT NULL", run_id,
                       &list);
    if (!result) result = read_p95(list, latencies, &values[LATENCY_P95]);
  }
  sqlite3_finalize(ask);
  sqlite3_finalize(list);
  return result;
}

int iscc_run_metrics_insert(sqlite3 *db, int64_t execution_id, int64_t run_id) {
  double values[ISCC_RUN_METRICS];
  sqlite3_stmt *add = NULL;
  int result = iscc_run_metrics_read(db, run_id, values);
  if (!result) result = sqlite3_prepare_v2(db, "INSERT INTO metric VALUES (?, ?, ?)", -1, &add, NULL);
  for (int i = 0; !result && i < ISCC_RUN_METRICS; i++) {
    if (isnan(values[i])) continue;
    sqlite3_bind_int64(add, 1, execution_id);
    sqlite3_bind_text(add, 2, name[i], -1, SQLITE_STATIC);
    sqlite3_bind_double(add, 3, values[i]);
    result = sqlite3_step(add) == SQLITE_DONE ? sqlite3_reset(add) : sqlite3_errcode(db);
  }
  sqlite3_finalize(add);
  return result;
}
