/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-tally.h"

#include <stddef.h>

/* Columns in the order of table tally. */
static const char tally_of_run[] =
    "INSERT INTO tally"
    " SELECT n.run_id, n.node_id, ifnull(t.tasks, 0), ifnull(t.done, 0), ifnull(t.late, 0), "
    "ifnull(t.infeasible, 0),"
    "  ifnull(t.dropped, 0), ifnull(t.lost, 0), ifnull(t.unfinished, 0), ifnull(t.judged, 0), "
    "ifnull(t.correct, 0),"
    "  ifnull(t.latency_s, 0.0), ifnull(t.energy_used, 0), ifnull(t.sensing_j, 0.0), ifnull(t.compute_j, "
    "0.0),"
    "  ifnull(t.uplink_j, 0.0), ifnull(t.energy_j, 0.0), ifnull(d.decisions, 0), ifnull(d.certified, 0),"
    "  ifnull(d.refused, 0), d.greatest_gap, ifnull(d.solver_wall_us, 0.0), d.longest_solver_wall_us"
    " FROM node n"
    " LEFT JOIN (SELECT node_id, count(*) AS tasks, sum(outcome = 'done') AS done, sum(outcome = 'late') AS "
    "late,"
    "   sum(outcome = 'infeasible') AS infeasible, sum(outcome = 'dropped') AS dropped, sum(outcome = "
    "'lost') AS lost,"
    "   sum(outcome = 'unfinished') AS unfinished, count(correct) AS judged, sum(correct) AS correct,"
    "   sum(latency_s) AS latency_s, sum(energy_j > 0) AS energy_used, sum(sensing_j) AS sensing_j,"
    "   sum(compute_j) AS compute_j, sum(uplink_j) AS uplink_j, sum(energy_j) AS energy_j"
    "   FROM task WHERE run_id = ?1 GROUP BY node_id) t USING (node_id)"
    " LEFT JOIN (SELECT node_id, count(*) AS decisions, sum(status = 'optimal') AS certified,"
    "   sum(status = 'infeasible') AS refused, max(relative_gap) AS greatest_gap,"
    "   sum(solver_wall_us) AS solver_wall_us, max(solver_wall_us) AS longest_solver_wall_us"
    "   FROM decision WHERE run_id = ?1 GROUP BY node_id) d USING (node_id)"
    " WHERE n.run_id = ?1";

static const char choice_of_run[] =
    "INSERT INTO choice"
    " SELECT d.run_id, d.node_id, d.split, d.bits, count(*), sum(d.keep_ratio), sum(d.sensing_power_w),"
    "  sum(d.transmit_power_w), sum(d.edge_speed_flops), sum(d.energy_j), sum(d.latency_s), "
    "sum(d.predicted_accuracy),"
    "  count(t.latency_s), sum(iif(t.latency_s IS NULL, 0.0, d.energy_j)), sum(iif(t.latency_s IS NULL, 0.0, "
    "t.energy_j)),"
    "  sum(iif(t.latency_s IS NULL, 0.0, d.latency_s)), sum(ifnull(t.latency_s - 1e-9 * t.wait_ns, 0.0))"
    " FROM decision d JOIN task t USING (run_id, node_id, task_no)"
    " WHERE d.run_id = ?1 AND d.executed = 1 AND d.split IS NOT NULL GROUP BY d.node_id, d.split, d.bits";

static int add(sqlite3 *db, const char *sql, int64_t run_id) {
  sqlite3_stmt *insert = NULL;
  int result = sqlite3_prepare_v2(db, sql, -1, &insert, NULL);
  if (result == SQLITE_OK) result = sqlite3_bind_int64(insert, 1, run_id);
  if (result == SQLITE_OK) result = sqlite3_step(insert);
  sqlite3_finalize(insert);
  return result == SQLITE_DONE ? SQLITE_OK : result;
}

int iscc_tally_add(sqlite3 *db, int64_t run_id) {
  const int result = add(db, tally_of_run, run_id);
  return result == SQLITE_OK ? add(db, choice_of_run, run_id) : result;
}

int iscc_tally_add_missing(sqlite3 *db) {
  sqlite3_stmt *missing = NULL;
  int result = sqlite3_prepare_v2(
      db,
      "SELECT run_id FROM run WHERE EXISTS (SELECT 1 FROM node WHERE node.run_id = run.run_id)"
      " AND NOT EXISTS (SELECT 1 FROM tally WHERE tally.run_id = run.run_id)",
      -1, &missing, NULL);
  while (result == SQLITE_OK && (result = sqlite3_step(missing)) == SQLITE_ROW)
    result = iscc_tally_add(db, sqlite3_column_int64(missing, 0));
  sqlite3_finalize(missing);
  return result == SQLITE_DONE ? SQLITE_OK : result;
}
