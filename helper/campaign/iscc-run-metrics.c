/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-run-metrics.h"

#include <stddef.h>

enum { OF_TASKS = 12 };

/* Columns of one pass over the tasks of run ?1, then the lifetime. */
static const char *const name[] = {"tasks",
                                   "done_share",
                                   "late_share",
                                   "infeasible_share",
                                   "dropped_share",
                                   "lost_share",
                                   "accuracy",
                                   "energy_per_task_j",
                                   "energy_per_done_task_j",
                                   "latency_s",
                                   "latency_p95_s",
                                   "uplink_s",
                                   "lifetime_s",
                                   NULL};

static const char sql[] =
    "SELECT count(*), avg(outcome = 'done'), avg(outcome = 'late'), avg(outcome = 'infeasible'),"
    " avg(outcome = 'dropped'), avg(outcome = 'lost'), avg(correct), avg(energy_j) FILTER (WHERE energy_j > "
    "0),"
    " sum(energy_j) / nullif(sum(outcome = 'done'), 0), avg(latency_s),"
    " (SELECT latency_s FROM task WHERE run_id = ?1 AND latency_s IS NOT NULL ORDER BY latency_s LIMIT 1 "
    "OFFSET"
    "   (SELECT max(0, (95 * count(latency_s) + 99) / 100 - 1) FROM task WHERE run_id = ?1)),"
    " 1e-9 * avg(uplink_ns) FILTER (WHERE uplink_ns > 0),"
    " (SELECT 1e-9 * min(empty_ns) FROM battery WHERE run_id = ?1) FROM task WHERE run_id = ?1";

const char *iscc_run_metric_name(int i) {
  return i >= 0 && i <= OF_TASKS ? name[i] : NULL;
}

static int insert(sqlite3_stmt *values, sqlite3_stmt *insert_one, int64_t execution_id) {
  int result = sqlite3_step(values) == SQLITE_ROW ? SQLITE_OK : SQLITE_ERROR;
  for (int i = 0; !result && i <= OF_TASKS; i++) {
    if (sqlite3_column_type(values, i) == SQLITE_NULL) continue;
    sqlite3_bind_int64(insert_one, 1, execution_id);
    sqlite3_bind_text(insert_one, 2, name[i], -1, SQLITE_STATIC);
    sqlite3_bind_double(insert_one, 3, sqlite3_column_double(values, i));
    result = sqlite3_step(insert_one) == SQLITE_DONE ? sqlite3_reset(insert_one) : SQLITE_ERROR;
  }
  return result;
}

int iscc_run_metrics_insert(sqlite3 *db, int64_t execution_id, int64_t run_id) {
  sqlite3_stmt *values = NULL, *insert_one = NULL;
  int result = sqlite3_prepare_v2(db, sql, -1, &values, NULL);
  if (!result) result = sqlite3_prepare_v2(db, "INSERT INTO metric VALUES (?, ?, ?)", -1, &insert_one, NULL);
  if (!result) result = sqlite3_bind_int64(values, 1, run_id);
  if (!result) result = insert(values, insert_one, execution_id);
  sqlite3_finalize(values);
  sqlite3_finalize(insert_one);
  return result;
}
