/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-report.h"

#include <math.h>
#include <sqlite3.h>
#include <stddef.h>

#include "iscc-database.h"
#include "iscc-proportion.h"
#include "iscc-task.h"

/* First row of a statement whose place ?1 is the run, and ?2 an offset if it has one; every column is a number,
 * NULL becomes NAN. */
static iscc_status ask(sqlite3 *db, const char *sql, int64_t run_id, int64_t offset, double *values,
                       int count, iscc_error *error) {
  sqlite3_stmt *statement = NULL;
  int result = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
  if (result == SQLITE_OK) result = sqlite3_bind_int64(statement, 1, run_id);
  if (result == SQLITE_OK && sqlite3_bind_parameter_count(statement) > 1)
    result = sqlite3_bind_int64(statement, 2, offset);
  if (result == SQLITE_OK) result = sqlite3_step(statement);
  for (int i = 0; i < count; i++) {
    const int there = result == SQLITE_ROW && sqlite3_column_type(statement, i) != SQLITE_NULL;
    values[i] = there ? sqlite3_column_double(statement, i) : (double)NAN;
  }
  iscc_status status = ISCC_OK;
  if (result != SQLITE_ROW && result != SQLITE_DONE)
    status = iscc_fail(error, ISCC_EIO, "%s: %s", sqlite3_db_filename(db, "main"), sqlite3_errmsg(db));
  sqlite3_finalize(statement);
  return status;
}

/* From 0, of the smallest of count values that at least 95 % do not exceed. */
static int64_t rank_of_p95(int64_t count) {
  return count > 0 ? (95 * count + 99) / 100 - 1 : 0;
}

/* All of a run's tasks in one pass: they may be many. */
static iscc_status read_tasks(sqlite3 *db, int64_t run_id, iscc_report *r, iscc_error *error) {
  enum { SUMS = 9 };
  double v[SUMS + ISCC_REPORT_OUTCOMES];
  const iscc_status status =
      ask(db,
          "SELECT count(*), count(correct), coalesce(sum(correct), 0),"
          " coalesce(sum(energy_j > 0), 0), avg(sensing_j) FILTER (WHERE energy_j > 0),"
          " avg(compute_j) FILTER (WHERE energy_j > 0), avg(uplink_j) FILTER (WHERE energy_j > 0),"
          " count(latency_s), avg(latency_s), coalesce(sum(outcome = 'done'), 0),"
          " coalesce(sum(outcome = 'late'), 0), coalesce(sum(outcome = 'infeasible'), 0),"
          " coalesce(sum(outcome = 'dropped'), 0), coalesce(sum(outcome = 'lost'), 0),"
          " coalesce(sum(outcome = 'unfinished'), 0) FROM task WHERE run_id = ?1",
          run_id, 0, v, SUMS + ISCC_REPORT_OUTCOMES, error);
  if (status) return status;
  r->tasks = (int64_t)v[0];
  r->judged = (int64_t)v[1];
  r->correct = (int64_t)v[2];
  r->charged = (int64_t)v[3];
  r->sensing_j = v[4];
  r->compute_j = v[5];
  r->uplink_j = v[6];
  r->answered = (int64_t)v[7];
  r->mean_latency_s = v[8];
  for (int i = 0; i < ISCC_REPORT_OUTCOMES; i++) r->outcome[i] = (int64_t)v[SUMS + i];
  const iscc_proportion accuracy = iscc_proportion_of((double)r->correct, (double)r->judged);
  r->accuracy_low = accuracy.low;
  r->accuracy_high = accuracy.high;
  return ask(db,
             "SELECT latency_s FROM task WHERE run_id = ?1 AND latency_s IS NOT NULL"
             " ORDER BY latency_s LIMIT 1 OFFSET ?2",
             run_id, rank_of_p95(r->answered), &r->p95_latency_s, 1, error);
}

static iscc_status read_decisions(sqlite3 *db, int64_t run_id, iscc_report *r, iscc_error *error) {
  double v[2];
  const iscc_status status =
      ask(db, "SELECT count(*), avg(solver_wall_us) FROM decision WHERE run_id = ?1", run_id, 0, v, 2, error);
  if (status) return status;
  r->mean_solver_us = v[1];
  return ask(
      db, "SELECT solver_wall_us FROM decision WHERE run_id = ?1 ORDER BY solver_wall_us LIMIT 1 OFFSET ?2",
      run_id, rank_of_p95((int64_t)v[0]), &r->p95_solver_us, 1, error);
}

static iscc_status read_targets(sqlite3 *db, int64_t run_id, iscc_report *r, iscc_error *error) {
  double v[2];
  const iscc_status status =
      ask(db, "SELECT target_accuracy, max_latency_s FROM node WHERE run_id = ?1 ORDER BY node_id", run_id, 0,
          v, 2, error);
  r->target_accuracy = v[0];
  r->max_latency_s = v[1];
  return status;
}

static iscc_status read_lifetimes(sqlite3 *db, int64_t run_id, iscc_report *r, iscc_error *error) {
  double v[4];
  const iscc_status status =
      ask(db,
          "SELECT count(*), count(empty_ns), 1e-9 * min(empty_ns), 1e-9 * (SELECT empty_ns FROM battery"
          " WHERE run_id = ?1 ORDER BY empty_ns IS NULL, empty_ns LIMIT 1 OFFSET"
          " (SELECT (count(*) - 1) / 2 FROM battery WHERE run_id = ?1)) FROM battery WHERE run_id = ?1",
          run_id, 0, v, 4, error);
  r->batteries = (int64_t)v[0];
  r->empty = (int64_t)v[1];
  r->first_empty_s = v[2];
  r->median_empty_s = v[3];
  return status;
}

iscc_status iscc_report_read(const char *path, int64_t run_id, iscc_report *report, iscc_error *error) {
  sqlite3 *db;
  double runs = 0;
  iscc_status status = iscc_database_open_read(path, &db, error);
  if (status) return status;
  *report = (iscc_report){0};
  status = ask(db, "SELECT count(*) FROM run WHERE run_id = ?1", run_id, 0, &runs, 1, error);
  if (!status && runs < 1)
    status = iscc_fail(error, ISCC_EINVAL, "%s: has no run %lld", path, (long long)run_id);
  if (!status) status = read_tasks(db, run_id, report, error);
  if (!status) status = read_decisions(db, run_id, report, error);
  if (!status) status = read_targets(db, run_id, report, error);
  if (!status) status = read_lifetimes(db, run_id, report, error);
  sqlite3_close(db);
  return status;
}

static void print_stage(FILE *out, const char *name, double joule, double total) {
  fprintf(out, "  %-22s %10.3f mJ  %5.1f %%\n", name, 1e3 * joule, total > 0 ? 100 * joule / total : 0);
}

void iscc_report_print(const iscc_report *r, FILE *out) {
  fprintf(out, "Tasks                    %10lld\n", (long long)r->tasks);
  for (int i = 0; i < ISCC_REPORT_OUTCOMES; i++)
    if (r->outcome[i] > 0 || i == 0)
      fprintf(out, "  %-22s %10lld     %5.1f %%\n", iscc_outcome_name((iscc_outcome)i),
              (long long)r->outcome[i], r->tasks ? 100.0 * (double)r->outcome[i] / (double)r->tasks : 0);
  if (r->judged > 0)
    fprintf(out, "Accuracy of answers      %10.3f     95 %% interval %.3f..%.3f, target %.3f\n",
            (double)r->correct / (double)r->judged, r->accuracy_low, r->accuracy_high, r->target_accuracy);
  if (r->charged > 0) {
    const double total = r->sensing_j + r->compute_j + r->uplink_j;
    fprintf(out, "Energy per task          %10.3f mJ  mean of %lld tasks that used energy\n", 1e3 * total,
            (long long)r->charged);
    print_stage(out, "sensing", r->sensing_j, total);
    print_stage(out, "compute", r->compute_j, total);
    print_stage(out, "uplink", r->uplink_j, total);
  }
  if (r->answered > 0)
    fprintf(out,
            "Latency                  %10.3f s   mean of %lld answered tasks; 95th percentile %.3f s, limit "
            "%.3f s\n",
            r->mean_latency_s, (long long)r->answered, r->p95_latency_s, r->max_latency_s);
  if (r->batteries > 0)
    fprintf(out, "Batteries                %10lld     of %lld are empty\n", (long long)r->empty,
            (long long)r->batteries);
  if (r->empty > 0) fprintf(out, "Lifetime                 %10.3f s   of the first node", r->first_empty_s);
  if (r->empty > 0 && r->batteries > 1 && !isnan(r->median_empty_s))
    fprintf(out, "; median %.3f s", r->median_empty_s);
  if (r->empty > 0) fputc('\n', out);
  if (!isnan(r->mean_solver_us))
    fprintf(out, "Solver                   %10.1f us  mean wall time; 95th percentile %.1f us\n",
            r->mean_solver_us, r->p95_solver_us);
}
