/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-overview.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-answer.h"
#include "iscc-query.h"
#include "iscc-safe-text.h"

const iscc_overview_part iscc_overview_parts[] = {
    {"Runs",
     "SELECT program, outcome, count(*) AS runs, count(DISTINCT seed) AS seeds, min(run) AS first_run, "
     "max(run) AS last_run,\n"
     "       min(started_wall) AS first_started, max(started_wall) AS last_started\n"
     "  FROM (SELECT r.program, coalesce(x.outcome, r.status) AS outcome, r.seed, r.run, r.started_wall\n"
     "          FROM run r LEFT JOIN execution x ON x.run_id = r.run_id\n"
     "        UNION ALL SELECT program, outcome, seed, run, started_wall FROM execution WHERE run_id IS "
     "NULL)\n"
     " GROUP BY program, outcome"},
    {"Options of campaigns that vary",
     "SELECT program, key AS option, count(DISTINCT value) AS choices, group_concat(DISTINCT value) AS list\n"
     "  FROM (SELECT program, key, value FROM (SELECT DISTINCT program, arguments FROM execution), "
     "json_each(arguments)\n"
     "         ORDER BY program, key, CAST(value AS REAL), value)\n"
     " GROUP BY program, key HAVING choices > 1"},
    {"Parameters of runs that vary",
     "SELECT program, key AS parameter, count(DISTINCT value) AS choices, group_concat(DISTINCT value) AS "
     "list\n"
     "  FROM (SELECT program, key, value FROM (SELECT DISTINCT program, parameters FROM run\n"
     "          WHERE run_id NOT IN (SELECT run_id FROM execution WHERE run_id IS NOT NULL)), "
     "json_each(parameters)\n"
     "         ORDER BY program, key, value)\n"
     " GROUP BY program, key HAVING choices > 1"},
    {"Tasks of runs that are done, by scheme",
     "SELECT program, scheme, count(DISTINCT run_id) AS runs, count(*) AS nodes, sum(tasks) AS tasks,\n"
     "       100.0 * sum(done) / nullif(sum(tasks), 0) AS done_pct,\n"
     "       sum(energy_j) / nullif(sum(energy_used), 0) AS energy_per_task_j,\n"
     "       sum(latency_s) / nullif(sum(done + late), 0) AS mean_latency_s,\n"
     "       1.0 * sum(correct) / nullif(sum(judged), 0) AS accuracy\n"
     "  FROM v_node WHERE run_status = 'done' GROUP BY program, scheme"},
    {"Metrics of campaigns",
     "SELECT program, name AS metric, count(*) AS runs, min(value) AS least, avg(value) AS mean, max(value) "
     "AS greatest\n"
     "  FROM execution JOIN metric USING (execution_id) WHERE outcome = 'done' GROUP BY program, name"},
    {NULL, NULL}};

static iscc_status write_head(sqlite3 *db, const char *path, FILE *out, iscc_error *error) {
  char name[512];
  json_t *answer;
  iscc_status status = iscc_answer_json(
      db,
      "SELECT (SELECT user_version FROM pragma_user_version),"
      " (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size) / 1e6,"
      " (SELECT count(*) FROM run), (SELECT count(*) FROM execution), (SELECT coalesce(sum(tasks), 0) FROM "
      "tally)",
      1, &answer, error);
  if (status) return status;
  const json_t *row = json_array_get(json_object_get(answer, "rows"), 0);
  iscc_safe_text(path, strlen(path), 0, name, sizeof name);
  fprintf(out, "%s: %.3g MB, schema version %lld; %lld runs, %lld executions of campaigns, %lld tasks\n",
          name, json_number_value(json_array_get(row, 1)),
          (long long)json_integer_value(json_array_get(row, 0)),
          (long long)json_integer_value(json_array_get(row, 2)),
          (long long)json_integer_value(json_array_get(row, 3)),
          (long long)json_integer_value(json_array_get(row, 4)));
  json_decref(answer);
  return ISCC_OK;
}

static iscc_status write_part(sqlite3 *db, const iscc_overview_part *part, FILE *out, iscc_error *error) {
  char *text = NULL;
  size_t size = 0;
  int64_t rows = 0;
  FILE *memory = open_memstream(&text, &size);
  if (!memory) return iscc_fail(error, ISCC_ENOMEM, "out of memory");
  const iscc_status status = iscc_answer_write(db, part->sql, ISCC_ANSWER_TABLE, memory, &rows, error);
  fclose(memory);
  if (!status && rows) fprintf(out, "\n%s\n%s", part->title, text);
  free(text);
  return status;
}

iscc_status iscc_overview_write(sqlite3 *db, const char *path, FILE *out, iscc_error *error) {
  iscc_status status = write_head(db, path, out, error);
  for (const iscc_overview_part *part = iscc_overview_parts; part->title && !status; part++)
    status = write_part(db, part, out, error);
  return status;
}
