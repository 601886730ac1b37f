/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-page-data.h"

#include <sqlite3.h>
#include <string.h>

#include "iscc-answer.h"
#include "iscc-page-campaign.h"
#include "iscc-page-summary.h"
#include "iscc-query.h"
#include "iscc-question.h"

enum { METRICS_MAX = 64, CHOICES_MAX = 100 };

/* Points of each scheme's distribution of latencies: exact, about 200 of them. Answered tasks are counted in bins of 0.23 %, so that they are
 * read once and not sorted; of each bin the greatest latency is kept, with the share of all tasks that were answered by then: a scheme that
 * drops tasks does not look faster. */
static const char latency[] =
    "WITH bin AS (SELECT scheme, max(latency_s) AS latency_s, count(*) AS tasks\n"
    "               FROM task JOIN node USING (run_id, node_id) JOIN run USING (run_id)\n"
    "              WHERE status = 'done' AND latency_s < 9e999 GROUP BY scheme, floor(1000 * "
    "log10(latency_s))),\n"
    "     sums AS (SELECT scheme, latency_s, sum(tasks) OVER (PARTITION BY scheme ORDER BY latency_s) AS "
    "up_to,\n"
    "                     sum(tasks) OVER (PARTITION BY scheme) AS answered FROM bin),\n"
    "     steps AS (SELECT *, lag(200 * up_to / answered, 1, -1) OVER (PARTITION BY scheme ORDER BY "
    "latency_s) AS before FROM "
    "sums)\n"
    "SELECT scheme, latency_s, 1.0 * up_to / tasks AS share, answered, tasks\n"
    "  FROM steps JOIN (SELECT scheme, sum(tasks) AS tasks FROM v_node WHERE run_status = 'done' GROUP BY "
    "scheme) "
    "USING (scheme)\n"
    " WHERE 200 * up_to / answered > before ORDER BY scheme, latency_s";

/* Where the numbers come from. */
static const struct {
  const char *title, *sql;
} origins[] = {
    {"Runs",
     "SELECT program, outcome, count(*) AS runs, count(DISTINCT seed) AS seeds, min(seed) AS least_seed, "
     "max(seed) AS "
     "greatest_seed,\n"
     "       min(run) AS first_replication, max(run) AS last_replication, count(DISTINCT run) AS "
     "replications,\n"
     "       min(started_wall) AS first_started, max(started_wall) AS last_started\n"
     "  FROM (SELECT r.program, coalesce(x.outcome, r.status) AS outcome, r.seed, r.run, r.started_wall\n"
     "          FROM run r LEFT JOIN execution x ON x.run_id = r.run_id\n"
     "        UNION ALL SELECT program, outcome, seed, run, started_wall FROM execution WHERE run_id IS "
     "NULL)\n"
     " GROUP BY program, outcome"},
    {"Programs of campaigns", "SELECT program, program_sha256, iscc_version, iscc_commit, host, "
                              "processor_wall AS processor, count(*) AS executions\n"
                              "  FROM execution GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6"},
    {"Versions and models of runs",
     "SELECT program, version AS iscc_version, ns3_version, model_path, model_sha256, count(*) AS runs\n"
     "  FROM run GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5"},
    {"Options of campaigns",
     "SELECT program, key AS option, count(DISTINCT value) AS choices, group_concat(DISTINCT value) AS list\n"
     "  FROM (SELECT program, key, value FROM (SELECT DISTINCT program, arguments FROM execution), "
     "json_each(arguments)\n"
     "         ORDER BY program, key, CAST(value AS REAL), value)\n"
     " GROUP BY program, key"},
    {"Parameters of runs",
     "SELECT program, key AS parameter, count(DISTINCT value) AS choices, group_concat(DISTINCT value) AS "
     "list\n"
     "  FROM (SELECT program, key, value FROM (SELECT DISTINCT program, parameters FROM run\n"
     "          WHERE run_id NOT IN (SELECT run_id FROM execution WHERE run_id IS NOT NULL)), "
     "json_each(parameters)\n"
     "         ORDER BY program, key, value)\n"
     " GROUP BY program, key"},
    {"Schema", "SELECT user_version AS schema_version FROM pragma_user_version"},
};

static iscc_status ask(sqlite3 *db, const char *sql, json_t **answer, iscc_error *error) {
  const iscc_status status = iscc_answer_json(db, sql, ISCC_PAGE_ROWS_MAX, answer, error);
  if (!status) json_object_set_new(*answer, "sql", json_string(sql));
  return status;
}

static iscc_status add_origins(sqlite3 *db, json_t *list, iscc_error *error) {
  iscc_status status = ISCC_OK;
  for (size_t i = 0; i < sizeof origins / sizeof *origins && !status; i++) {
    json_t *answer;
    status = ask(db, origins[i].sql, &answer, error);
    if (status) break;
    json_object_set_new(answer, "title", json_string(origins[i].title));
    json_array_append_new(list, answer);
  }
  return status;
}

/* ---- questions with names ---- */

/* Left out: lists of single tasks, and of campaigns what iscc-page-campaign.h has with better intervals. */
static bool is_shown(const iscc_question *q) {
  return !q->limited && !q->of_metric && strcmp(q->name, "points") != 0;
}

static iscc_status add_questions(sqlite3 *db, json_t *list, iscc_error *error) {
  static const iscc_question_scope scope = {.limit = ISCC_PAGE_ROWS_MAX};
  iscc_status status = ISCC_OK;
  for (const iscc_question *q = iscc_questions; q->name && !status; q++) {
    char *sql;
    json_t *answer = NULL;
    if (!is_shown(q)) continue;
    status = iscc_question_sql(q, db, &scope, &sql, error);
    if (status) break;
    status = ask(db, sql, &answer, error);
    sqlite3_free(sql);
    if (status) break;
    json_object_set_new(answer, "name", json_string(q->name));
    json_object_set_new(answer, "title", json_string(q->summary));
    if (q->note) json_object_set_new(answer, "note", json_string(q->note));
    json_array_append_new(list, answer);
  }
  return status;
}

/* ---- campaigns ---- */

/* The headline first. */
static const char metrics[] =
    "SELECT DISTINCT name FROM metric JOIN execution USING (execution_id) WHERE outcome = 'done'"
    " ORDER BY name <> 'energy_per_task_j', name <> 'energy_per_done_task_j', name";

static const char *text_at(const json_t *rows, size_t i) {
  return json_string_value(json_array_get(json_array_get(rows, i), 0));
}

/* The values of an option, joint first: one of them is the baseline unless another is given. */
static iscc_status values_of(sqlite3 *db, const char *option, json_t **values, iscc_error *error) {
  char *sql =
      sqlite3_mprintf("SELECT DISTINCT json_extract(arguments, '$.\"%q\"') AS value FROM execution"
                      " WHERE outcome = 'done' AND value IS NOT NULL ORDER BY value <> 'joint', value",
                      option);
  if (!sql) return iscc_fail(error, ISCC_ENOMEM, "report: out of memory");
  const iscc_status status = iscc_answer_json(db, sql, CHOICES_MAX, values, error);
  sqlite3_free(sql);
  return status;
}

static iscc_status add_means(const char *database, const json_t *names, json_t *list, iscc_error *error) {
  iscc_status status = ISCC_OK;
  for (size_t i = 0; i < json_array_size(names) && !status; i++) {
    json_t *means;
    status = iscc_page_means(database, text_at(names, i), &means, error);
    if (!status) json_array_append_new(list, means);
  }
  return status;
}

/* Of each metric that has pairs. What was asked for by name has to be there for one of them. */
static iscc_status add_comparisons(sqlite3 *db, const char *database, const iscc_page_question *question,
                                   const json_t *names, json_t *list, iscc_error *error) {
  const char *by = question->by ? question->by : "scheme";
  const bool wanted = question->by || question->baseline;
  json_t *values;
  iscc_status status = values_of(db, by, &values, error);
  if (status) return status;
  const json_t *rows = json_object_get(values, "rows");
  const char *baseline = question->baseline ? question->baseline : text_at(rows, 0);
  const bool several = json_array_size(rows) > 1 || wanted;
  for (size_t i = 0; i < json_array_size(names) && several && !status; i++) {
    json_t *comparison;
    status =
        iscc_page_comparison(database, text_at(names, i), by, baseline ? baseline : "", &comparison, error);
    if (!status) json_array_append_new(list, comparison);
    if (status == ISCC_EINVAL) status = ISCC_OK;
  }
  if (!status && wanted && !json_array_size(list)) {
    if (!json_array_size(names))
      iscc_fail(error, ISCC_EINVAL, "%s: no results of a campaign, nothing to compare", database);
    status = ISCC_EINVAL;
  }
  json_decref(values);
  return status;
}

static iscc_status add_campaign(sqlite3 *db, const char *database, const iscc_page_question *question,
                                json_t *data, iscc_error *error) {
  json_t *answer;
  iscc_status status = iscc_answer_json(db, metrics, METRICS_MAX, &answer, error);
  if (status) return status;
  const json_t *names = json_object_get(answer, "rows");
  status = add_means(database, names, json_object_get(data, "metrics"), error);
  if (!status)
    status = add_comparisons(db, database, question, names, json_object_get(data, "comparisons"), error);
  json_decref(answer);
  return status;
}

/* ---- the whole ---- */

static iscc_status fill(sqlite3 *db, const char *database, const iscc_page_question *question, json_t *data,
                        iscc_error *error) {
  json_t *answer;
  iscc_status status = add_campaign(db, database, question, data, error);
  if (!status) status = iscc_page_summary(db, json_object_get(data, "comparisons"), &answer, error);
  if (status) return status;
  json_object_set_new(data, "summary", answer);
  status = iscc_answer_json(db, latency, ISCC_PAGE_ROWS_MAX * 10, &answer, error);
  if (status) return status;
  json_object_set_new(answer, "sql", json_string(latency));
  json_object_set_new(data, "latency", answer);
  status = add_questions(db, json_object_get(data, "answers"), error);
  return status ? status : add_origins(db, json_object_get(data, "origins"), error);
}

iscc_status iscc_page_data(const char *database, const iscc_page_question *question, json_t **out,
                           iscc_error *error) {
  sqlite3 *db;
  const char *slash = strrchr(database, '/');
  *out = NULL;
  iscc_status status = iscc_query_open(database, &db, error);
  if (status) return status;
  json_t *file = json_string(slash ? slash + 1 : database);
  json_t *data = json_pack("{s:o, s:s, s:[], s:[], s:[], s:[]}", "file", file ? file : json_string("?"),
                           "iscc", ISCC_VERSION, "metrics", "comparisons", "answers", "origins");
  status = data ? fill(db, database, question, data, error)
                : iscc_fail(error, ISCC_ENOMEM, "report: out of memory");
  sqlite3_close(db);
  if (status) json_decref(data);
  *out = status ? NULL : data;
  return status;
}
