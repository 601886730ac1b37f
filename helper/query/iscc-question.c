/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-question.h"

#include <string.h>

#include "iscc-query-name.h"

#define DONE "run_status = 'done'"
/* Options that vary, and those of a point, for people. */
#define VARYING                                                                                              \
  "varying AS (\n  SELECT key FROM (SELECT DISTINCT arguments FROM execution), json_each(arguments)\n"       \
  "   GROUP BY key HAVING count(DISTINCT value) > 1)"
#define POINT(arguments)                                                                                     \
  "(SELECT group_concat(key || '=' || value, ' ') FROM json_each(" arguments ") WHERE key IN varying)"

const iscc_question iscc_questions[] = {
    {.name = "energy",
     .summary = "energy per task by stage, of tasks that used energy",
     .by = "scheme",
     .of_nodes = "v_node",
     .select_of_nodes = "sum(tasks) AS tasks, sum(energy_used) AS used,\n"
                        "       sum(energy_j) / nullif(sum(energy_used), 0) AS energy_j,\n"
                        "       sum(sensing_j) / nullif(sum(energy_used), 0) AS sensing_j,\n"
                        "       sum(compute_j) / nullif(sum(energy_used), 0) AS compute_j,\n"
                        "       sum(uplink_j) / nullif(sum(energy_used), 0) AS uplink_j,\n"
                        "       100 * sum(sensing_j) / nullif(sum(energy_j), 0) AS sensing_pct,\n"
                        "       100 * sum(compute_j) / nullif(sum(energy_j), 0) AS compute_pct,\n"
                        "       100 * sum(uplink_j) / nullif(sum(energy_j), 0) AS uplink_pct",
     .of_tasks = "v_result",
     .select_of_tasks = "count(*) AS tasks, sum(energy_j > 0) AS used,\n"
                        "       avg(energy_j) FILTER (WHERE energy_j > 0) AS energy_j,\n"
                        "       avg(sensing_j) FILTER (WHERE energy_j > 0) AS sensing_j,\n"
                        "       avg(compute_j) FILTER (WHERE energy_j > 0) AS compute_j,\n"
                        "       avg(uplink_j) FILTER (WHERE energy_j > 0) AS uplink_j,\n"
                        "       100 * sum(sensing_j) / nullif(sum(energy_j), 0) AS sensing_pct,\n"
                        "       100 * sum(compute_j) / nullif(sum(energy_j), 0) AS compute_pct,\n"
                        "       100 * sum(uplink_j) / nullif(sum(energy_j), 0) AS uplink_pct",
     .condition = DONE},
    {.name = "latency",
     .summary = "latency of answered tasks: mean and quantiles",
     .by = "scheme",
     .note =
         "quantiles are linear between order statistics; v_latency and latency_p95_s take the least latency "
         "that enough are not above.",
     .of_tasks = "v_result",
     .select_of_tasks = "count(*) AS answered, avg(latency_s) AS mean_s, median(latency_s) AS median_s,\n"
                        "       quantile(latency_s, 0.9) AS p90_s, quantile(latency_s, 0.95) AS p95_s,\n"
                        "       quantile(latency_s, 0.99) AS p99_s, max(latency_s) AS greatest_s",
     .condition = DONE " AND latency_s IS NOT NULL"},
    {.name = "accuracy",
     .summary = "share of right answers, Wilson's 95 % interval, the target",
     .by = "scheme",
     .note = "low and high take tasks as independent; where tasks of a run depend on each other, 'points' "
             "has intervals "
             "over runs.",
     .of_nodes = "v_node",
     .select_of_nodes =
         "sum(tasks) AS tasks, sum(judged) AS judged, sum(correct) AS correct,\n"
         "       1.0 * sum(correct) / nullif(sum(judged), 0) AS accuracy,\n"
         "       wilson_low(sum(correct), sum(judged)) AS low, wilson_high(sum(correct), sum(judged)) AS "
         "high,\n"
         "       min(target_accuracy) AS least_target, max(target_accuracy) AS greatest_target",
     .of_tasks = "v_result",
     .select_of_tasks =
         "count(*) AS tasks, count(correct) AS judged, sum(correct) AS correct, avg(correct) AS accuracy,\n"
         "       wilson_low(sum(correct), count(correct)) AS low, wilson_high(sum(correct), count(correct)) "
         "AS high,\n"
         "       min(target_accuracy) AS least_target, max(target_accuracy) AS greatest_target",
     .condition = DONE},
    {.name = "misses",
     .summary = "how tasks ended, and the share without an answer in time",
     .by = "scheme",
     .of_nodes = "v_node",
     .select_of_nodes =
         "sum(tasks) AS tasks, sum(done) AS done, sum(late) AS late, sum(infeasible) AS infeasible,\n"
         "       sum(dropped) AS dropped, sum(lost) AS lost, sum(unfinished) AS unfinished,\n"
         "       100.0 * (sum(tasks) - sum(done)) / nullif(sum(tasks), 0) AS missed_pct",
     .of_tasks = "v_result",
     .select_of_tasks =
         "count(*) AS tasks, sum(outcome = 'done') AS done, sum(outcome = 'late') AS late,\n"
         "       sum(outcome = 'infeasible') AS infeasible, sum(outcome = 'dropped') AS dropped,\n"
         "       sum(outcome = 'lost') AS lost, sum(outcome = 'unfinished') AS unfinished,\n"
         "       100.0 * sum(outcome <> 'done') / count(*) AS missed_pct",
     .condition = DONE},
    {.name = "causes",
     .summary = "why tasks were missed: outcomes, constraints that conflict",
     .by = "scheme,outcome,conflict",
     .of_tasks = "v_task",
     .select_of_tasks = "count(*) AS tasks, avg(predicted_accuracy) AS predicted_accuracy, "
                        "avg(planned_latency_s) AS planned_latency_s",
     .condition = DONE " AND outcome <> 'done'",
     .order = "tasks DESC"},
    {.name = "decisions",
     .summary = "what the solver chose: means of p, powers and speed",
     .by = "scheme,split,bits",
     .note = "means of what was planned; infeasible decisions are left out: see 'solver' and 'causes'.",
     .of_nodes = "v_choice",
     .select_of_nodes = "sum(tasks) AS tasks, sum(keep_ratio) / sum(tasks) AS keep_ratio,\n"
                        "       sum(sensing_power_w) / sum(tasks) AS sensing_power_w,\n"
                        "       sum(transmit_power_w) / sum(tasks) AS transmit_power_w,\n"
                        "       sum(edge_speed_flops) / sum(tasks) AS edge_speed_flops,\n"
                        "       sum(energy_j) / sum(tasks) AS planned_energy_j,\n"
                        "       sum(latency_s) / sum(tasks) AS planned_latency_s,\n"
                        "       sum(predicted_accuracy) / sum(tasks) AS predicted_accuracy",
     .of_tasks = "v_decision",
     .select_of_tasks =
         "count(*) AS tasks, avg(keep_ratio) AS keep_ratio, avg(sensing_power_w) AS sensing_power_w,\n"
         "       avg(transmit_power_w) AS transmit_power_w, avg(edge_speed_flops) AS edge_speed_flops,\n"
         "       avg(energy_j) AS planned_energy_j, avg(latency_s) AS planned_latency_s,\n"
         "       avg(predicted_accuracy) AS predicted_accuracy",
     .condition = DONE " AND split IS NOT NULL"},
    {.name = "plan",
     .summary = "planned beside realised energy and latency",
     .by = "scheme",
     .note = "latencies without the time that tasks waited for their turn.",
     .of_nodes = "v_choice",
     .select_of_nodes =
         "sum(answered) AS answered, sum(planned_energy_j) / sum(answered) AS planned_energy_j,\n"
         "       sum(realised_energy_j) / sum(answered) AS energy_j,\n"
         "       sum(planned_latency_s) / sum(answered) AS planned_latency_s,\n"
         "       sum(realised_latency_s) / sum(answered) AS latency_s",
     .of_tasks = "v_task",
     .select_of_tasks =
         "count(latency_s) AS answered, avg(planned_energy_j) FILTER (WHERE latency_s IS NOT NULL) AS "
         "planned_energy_j,\n"
         "       avg(energy_j) FILTER (WHERE latency_s IS NOT NULL) AS energy_j,\n"
         "       avg(planned_latency_s) FILTER (WHERE latency_s IS NOT NULL) AS planned_latency_s,\n"
         "       avg(latency_s - 1e-9 * wait_ns) AS latency_s",
     .condition = DONE " AND split IS NOT NULL"},
    {.name = "solver",
     .summary = "decisions: certified, greatest gap, iterations, wall time",
     .by = "scheme",
     .of_nodes = "v_node",
     .select_of_nodes =
         "sum(decisions) AS decisions, sum(certified) AS certified, sum(refused) AS infeasible,\n"
         "       max(greatest_gap) AS greatest_gap, \n"
         "       iif(count(*) = count(iterations), 1.0 * sum(iterations) / nullif(sum(decisions), 0), NULL) "
         "AS mean_iterations,\n"
         "       sum(solver_wall_us) / nullif(sum(decisions), 0) AS "
         "mean_wall_us,\n"
         "       max(longest_solver_wall_us) AS longest_wall_us",
     .condition = DONE},
    {.name = "lifetime",
     .summary = "batteries: how many ran empty and when, mean power",
     .by = "scheme",
     .of_nodes = "v_battery",
     .select_of_nodes =
         "count(*) AS batteries, count(lifetime_s) AS empty, min(lifetime_s) / 3600 AS first_empty_h,\n"
         "       avg(lifetime_s) / 3600 AS mean_empty_h, avg(mean_power_w) AS mean_power_w, avg(initial_j) "
         "AS initial_j,\n"
         "       avg(remaining_j) AS remaining_j, avg(expected_lifetime_s) / 3600 AS expected_lifetime_h",
     .condition = DONE},
    {.name = "slow-tasks",
     .summary = "the tasks with the greatest latency, and where the time went",
     .of_tasks = "v_result",
     .select_of_tasks = "run_id, node_id, task_no, scheme, outcome, latency_s, 1e-9 * wait_ns AS wait_s,\n"
                        "       1e-9 * sensing_ns AS sensing_s, 1e-9 * compute_ns AS compute_s, 1e-9 * "
                        "uplink_ns AS uplink_s,\n"
                        "       1e-9 * server_wait_ns AS server_wait_s, 1e-9 * server_ns AS server_s, 1e-9 * "
                        "answer_ns AS answer_s,\n"
                        "       retransmissions",
     .condition = "latency_s IS NOT NULL",
     .order = "latency_s DESC",
     .limited = true},
    {.name = "costly-tasks",
     .summary = "the tasks that took the most energy, and what for",
     .of_tasks = "v_result",
     .select_of_tasks = "run_id, node_id, task_no, scheme, outcome, energy_j, sensing_j, compute_j, "
                        "uplink_j, retransmissions",
     .decision = "d.energy_j AS planned_energy_j, d.split, d.bits, to_db(d.snr_per_w) AS snr_db_per_w",
     .order = "energy_j DESC",
     .limited = true},
    {.name = "runs",
     .summary = "a line for each run, however it ended",
     .of_nodes = "v_run",
     .select_of_nodes =
         "run_id, execution_id, program, seed, run, outcome, schemes, nodes, tasks, done_share, accuracy,\n"
         "       energy_per_task_j, mean_latency_s",
     .order = "run_id"},
    {.name = "failures",
     .summary = "runs of campaigns that are not done, and what they said",
     .of_nodes = "execution",
     .select_of_nodes =
         "execution_id, program, arguments, seed, run, outcome, exit_status, signal, elapsed_wall_s, host,\n"
         "       substr(stderr, -60) AS stderr_end",
     .condition = "outcome <> 'done'",
     .order = "execution_id"},
    {.name = "points",
     .summary = "campaigns: means at grid points, Student's 95 % interval",
     .note = "not corrected for a stop by precision: 'iscc campaign show' is.",
     .of_nodes = "v_point",
     .with = VARYING,
     .select_of_nodes =
         "metric, program, " POINT("arguments") " AS point, seed,\n"
                                                "       n, without_value, failed, mean, deviation, low, high",
     .order = "metric, program, arguments, seed"},
    {.name = "compare",
     .summary = "campaigns: differences in pairs, Student's 95 % interval",
     .by = "scheme",
     .note = "points without any pair are not listed. Corrected neither for several comparisons nor for a "
             "stop by "
             "precision: 'iscc campaign compare' is, and lists them.",
     .of_metric = true},
    {.name = NULL}};

const iscc_question *iscc_question_find(const char *name) {
  for (const iscc_question *q = iscc_questions; q->name; q++)
    if (strcmp(q->name, name) == 0) return q;
  return NULL;
}

/* ---- names ---- */

typedef struct {
  const char *name[ISCC_QUESTION_NAMES_MAX];
  size_t count;
  char own[128]; /* texts of the question's own names */
} names;

/* The question's own are columns, whatever options there are. */
static void names_of(const iscc_question *q, const iscc_question_scope *scope, names *n) {
  n->count = scope->by_count;
  memcpy(n->name, scope->by, sizeof n->name);
  if (n->count || !q->by) return;
  size_t used = 0;
  for (const char *rest = q->by; *rest; rest += *rest == ',') {
    const int length = (int)strcspn(rest, ",");
    n->name[n->count++] = n->own + used;
    sqlite3_snprintf((int)(sizeof n->own - used), n->own + used, ".%.*s", length, rest);
    used += strlen(n->own + used) + 1;
    rest += length;
  }
}

/* Whether all names and conditions are ones of a view; of_tasks: that is asked else, NULL: as it is. */
static bool is_asked(sqlite3 *db, const char *view, const char *of_tasks, const names *n,
                     const iscc_question_scope *scope) {
  return iscc_query_has_names(db, view, of_tasks, n->name, n->count) &&
         iscc_query_has_names(db, view, of_tasks, scope->where, scope->where_count);
}

/* ---- SQL ---- */

static iscc_status append_names(sqlite3 *db, const char *view, const names *n, sqlite3_str *out,
                                iscc_error *error) {
  iscc_status status = ISCC_OK;
  for (size_t i = 0; i < n->count && !status; i++) {
    char *sql;
    status = iscc_query_name_sql(db, view, n->name[i], &sql, error);
    if (!status && sql[0] == '"')
      sqlite3_str_appendf(out, "%s, ", sql);
    else if (!status)
      sqlite3_str_appendf(out, "%s AS \"%w\", ", sql, n->name[i]);
    sqlite3_free(sql);
  }
  return status;
}

static void append_places(const names *n, const char *before, sqlite3_str *out) {
  for (size_t i = 0; i < n->count; i++) sqlite3_str_appendf(out, "%s%d", i ? ", " : before, (int)i + 1);
}

static iscc_status append_where(sqlite3 *db, const char *view, const char *condition,
                                const iscc_question_scope *scope, sqlite3_str *out, iscc_error *error) {
  char *where;
  const iscc_status status = iscc_query_where_sql(db, view, scope->where, scope->where_count, &where, error);
  if (status) return status;
  if (condition || *where)
    sqlite3_str_appendf(out, "\n WHERE %s%s%s", condition ? condition : "",
                        condition && *where ? " AND " : "", where);
  sqlite3_free(where);
  return ISCC_OK;
}

static iscc_status append_grouped(const iscc_question *q, sqlite3 *db, const iscc_question_scope *scope,
                                  sqlite3_str *out, iscc_error *error) {
  names n;
  names_of(q, scope, &n);
  if (n.count && !q->by)
    return iscc_fail(error, ISCC_EINVAL, "by: '%s' is a list and has no groups", q->name);
  const bool of_nodes = q->of_nodes && (!q->of_tasks || is_asked(db, q->of_nodes, q->of_tasks, &n, scope));
  const char *view = of_nodes ? q->of_nodes : q->of_tasks;
  if (strcmp(view, "v_result") == 0 && !is_asked(db, view, NULL, &n, scope))
    view = "v_task"; /* it has decisions, too */
  if (q->decision) sqlite3_str_appendf(out, "SELECT t.*, %s\n  FROM (", q->decision);
  sqlite3_str_appendf(out, "%s%s%sSELECT ", q->with ? "WITH " : "", q->with ? q->with : "",
                      q->with ? "\n" : "");
  iscc_status status = append_names(db, view, &n, out, error);
  if (status) return status;
  sqlite3_str_appendf(out, "%s\n  FROM %s", of_nodes ? q->select_of_nodes : q->select_of_tasks, view);
  status = append_where(db, view, q->condition, scope, out, error);
  append_places(&n, "\n GROUP BY ", out);
  if (q->order)
    sqlite3_str_appendf(out, "\n ORDER BY %s", q->order);
  else
    append_places(&n, "\n ORDER BY ", out);
  if (q->limited) sqlite3_str_appendf(out, "\n LIMIT %lld", scope->limit);
  if (q->decision)
    sqlite3_str_appendf(out,
                        ") t\n  LEFT JOIN decision d ON d.run_id = t.run_id AND d.node_id = t.node_id AND "
                        "d.task_no = t.task_no"
                        " AND d.executed = 1\n ORDER BY t.%s",
                        q->order);
  return status;
}

static bool yields(sqlite3 *db, const char *sql, const char *first, const char *second) {
  sqlite3_stmt *ask = NULL;
  bool row = false;
  if (sqlite3_prepare_v2(db, sql, -1, &ask, NULL) == SQLITE_OK) {
    if (first) sqlite3_bind_text(ask, 1, first, -1, SQLITE_STATIC);
    if (second) sqlite3_bind_text(ask, 2, second, -1, SQLITE_STATIC);
    row = sqlite3_step(ask) == SQLITE_ROW;
  }
  sqlite3_finalize(ask);
  return row;
}

static iscc_status append_pairs(const iscc_question *q, sqlite3 *db, const iscc_question_scope *scope,
                                sqlite3_str *out, iscc_error *error) {
  const char *by = scope->by_count ? scope->by[0] : q->by,
             *metric = scope->metric ? scope->metric : "energy_per_task_j";
  char *option = NULL;
  if (scope->by_count > 1) return iscc_fail(error, ISCC_EINVAL, "by: 'compare' is by one option");
  if (strncmp(by, "--", 2) == 0) by += 2;
  if (!yields(db, "SELECT 1 FROM execution WHERE outcome = 'done'", NULL, NULL))
    return iscc_fail(error, ISCC_EINVAL,
                     "compare: there is no run of a campaign here that is done; pairs are of campaigns");
  if (!yields(db, "SELECT 1 FROM metric WHERE name = ?1", metric, NULL))
    return iscc_fail(error, ISCC_EINVAL, "metric: no run has '%s'; 'iscc query DB' lists those there are",
                     metric);
  if (scope->baseline &&
      !yields(db, "SELECT 1 FROM execution, json_each(arguments) WHERE key = ?1 AND value = ?2", by,
              scope->baseline))
    return iscc_fail(error, ISCC_EINVAL, "baseline: no run has %s=%s", by, scope->baseline);
  iscc_status status = iscc_query_name_sql(db, "execution", by, &option, error);
  if (!status && iscc_query_has_column(db, "execution", by))
    status = iscc_fail(error, ISCC_EINVAL, "by: '%s' is no option of the campaign", by);
  sqlite3_free(option);
  if (status) return status;
  sqlite3_str_appendf(out,
                      "WITH " VARYING
                      ",\nresult AS (\n  SELECT program, json_remove(arguments, '$.\"%q\"') AS point,\n"
                      "         json_extract(arguments, '$.\"%q\"') AS choice, seed, run, value,\n"
                      "         count(*) OVER (PARTITION BY program, arguments, seed) AS replications\n"
                      "    FROM execution JOIN metric USING (execution_id)",
                      by, by);
  char *condition = sqlite3_mprintf("outcome = 'done' AND name = %Q", metric);
  status = append_where(db, "execution", condition, scope, out, error);
  sqlite3_free(condition);
  sqlite3_str_appendf(
      out,
      ")\nSELECT program, " POINT(
          "a.point") " AS point, a.choice AS \"%w\", b.choice AS baseline, count(*) AS pairs,\n"
                     "       min(a.replications) + min(b.replications) - 2 * count(*) AS unpaired,\n"
                     "       avg(a.value) AS mean, avg(b.value) AS baseline_mean, avg(a.value - b.value) AS "
                     "difference,\n"
                     "       paired_half_width(a.value, b.value) AS plus_minus, paired_p(a.value, b.value) "
                     "AS p,\n"
                     "       100 * paired_relative(a.value, b.value) AS relative_pct,\n"
                     "       100 * paired_relative_low(a.value, b.value) AS low_pct,\n"
                     "       100 * paired_relative_high(a.value, b.value) AS high_pct\n"
                     "  FROM result a JOIN result b USING (program, point, seed, run)\n WHERE a.choice <> "
                     "b.choice",
      by);
  if (scope->baseline)
    sqlite3_str_appendf(out, " AND b.choice = %Q", scope->baseline);
  else
    sqlite3_str_appendall(out, " AND a.choice < b.choice");
  sqlite3_str_appendall(out, "\n GROUP BY program, a.point, seed, a.choice, b.choice ORDER BY program, "
                             "a.point, seed, a.choice, b.choice");
  return status;
}

iscc_status iscc_question_sql(const iscc_question *q, sqlite3 *db, const iscc_question_scope *scope,
                              char **sql, iscc_error *error) {
  sqlite3_str *out = sqlite3_str_new(db);
  iscc_status status =
      q->of_metric ? append_pairs(q, db, scope, out, error) : append_grouped(q, db, scope, out, error);
  *sql = sqlite3_str_finish(out);
  if (!status && !*sql) status = iscc_fail(error, ISCC_ENOMEM, "out of memory");
  if (status) sqlite3_free(*sql), *sql = NULL;
  return status;
}
