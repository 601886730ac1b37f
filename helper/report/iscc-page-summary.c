/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-page-summary.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-answer.h"

enum { SCHEMES_TOLD = 12 };

static void say(json_t *summary, const char *format, ...) ISCC_PRINTF(2, 3);

static void say(json_t *summary, const char *format, ...) {
  char *text = NULL;
  va_list arguments;
  va_start(arguments, format);
  if (vasprintf(&text, format, arguments) < 0) text = NULL;
  va_end(arguments);
  json_array_append_new(summary, json_string(text));
  free(text);
}

/* ---- what is in it ---- */

static const char contents[] =
    "WITH attempt AS (SELECT r.program, coalesce(x.outcome, r.status) AS outcome FROM run r LEFT JOIN "
    "execution x ON x.run_id = r.run_id"
    " UNION ALL SELECT program, outcome FROM execution WHERE run_id IS NULL)"
    " SELECT count(*), sum(outcome = 'done'), sum(outcome <> 'done'), count(DISTINCT program),"
    " (SELECT group_concat(text, ', ') FROM (SELECT count(*) || ' ' || outcome AS text FROM attempt WHERE "
    "outcome <> 'done'"
    "  GROUP BY outcome)),"
    " (SELECT coalesce(sum(t.tasks), 0) FROM tally t JOIN run USING (run_id) WHERE status = 'done'),"
    " (SELECT count(DISTINCT scheme) FROM node), (SELECT count(*) FROM execution) FROM attempt";

static long long whole(const json_t *row, size_t column) {
  return (long long)json_integer_value(json_array_get(row, column));
}

static void say_contents(json_t *summary, const json_t *row) {
  const long long runs = whole(row, 0), undone = whole(row, 2), tasks = whole(row, 5);
  if (!runs) {
    say(summary, "The database holds no runs.");
    return;
  }
  say(summary,
      "%lld run%s of %lld program%s, %lld done%s%s. Runs that are done hold %lld task%s of %lld scheme%s.",
      runs, runs == 1 ? "" : "s", whole(row, 3), whole(row, 3) == 1 ? "" : "s", whole(row, 1),
      undone ? ", " : "", undone ? json_string_value(json_array_get(row, 4)) : "", tasks,
      tasks == 1 ? "" : "s", whole(row, 6), whole(row, 6) == 1 ? "" : "s");
  if (undone) say(summary, "Runs that are not done are in no mean.");
}

/* ---- schemes ---- */

static const char schemes[] =
    "SELECT scheme, sum(tasks), 1e3 * sum(energy_j) / nullif(sum(energy_used), 0), sum(energy_used),"
    " 100.0 * (sum(tasks) - sum(done)) / nullif(sum(tasks), 0), sum(judged), 100.0 * sum(correct) / "
    "nullif(sum(judged), 0),"
    " 100 * wilson_low(sum(correct), sum(judged)), 100 * wilson_high(sum(correct), sum(judged)),"
    " 100 * min(target_accuracy), 100 * max(target_accuracy)"
    " FROM v_node WHERE run_status = 'done' GROUP BY scheme ORDER BY 3, scheme";

enum { SCHEME, TASKS, ENERGY_MJ, USED, MISSED, JUDGED, ACCURACY, LOW, HIGH, LEAST_TARGET, GREATEST_TARGET };

static double real(const json_t *row, size_t column) {
  return json_number_value(json_array_get(row, column));
}

/* Where the interval lies; between different targets nothing can be said. */
static const char *verdict(const json_t *row) {
  if (real(row, LOW) > real(row, GREATEST_TARGET)) return "above";
  if (real(row, HIGH) < real(row, LEAST_TARGET)) return "below";
  return real(row, LEAST_TARGET) < real(row, GREATEST_TARGET) ? "within or between" : "not told from";
}

static void say_scheme(json_t *summary, const json_t *row) {
  char energy[128] = "no energy used", accuracy[256] = "no answer judged", target[64];
  if (whole(row, USED))
    snprintf(energy, sizeof energy, "%.4g mJ per task (mean of the %lld that used energy)",
             real(row, ENERGY_MJ), whole(row, USED));
  if (real(row, LEAST_TARGET) < real(row, GREATEST_TARGET))
    snprintf(target, sizeof target, "targets of %g to %g %%", real(row, LEAST_TARGET),
             real(row, GREATEST_TARGET));
  else
    snprintf(target, sizeof target, "target of %g %%", real(row, LEAST_TARGET));
  if (whole(row, JUDGED))
    snprintf(accuracy, sizeof accuracy,
             "%.1f %% of %lld judged answers right (95 %% interval %.1f to %.1f %%), %s the %s",
             real(row, ACCURACY), whole(row, JUDGED), real(row, LOW), real(row, HIGH), verdict(row), target);
  say(summary, "%s: %s; %.4g %% of %lld tasks without an answer in time; %s.",
      json_string_value(json_array_get(row, SCHEME)), energy, real(row, MISSED), whole(row, TASKS), accuracy);
}

static void say_schemes(json_t *summary, const json_t *rows) {
  const size_t count = json_array_size(rows);
  for (size_t i = 0; i < count && i < SCHEMES_TOLD; i++) say_scheme(summary, json_array_get(rows, i));
  if (count > SCHEMES_TOLD) say(summary, "And %zu schemes more, in the tables.", count - SCHEMES_TOLD);
  if (count)
    say(summary, "These figures are of all runs of a scheme together, whatever their other options; the "
                 "intervals take "
                 "tasks as independent.");
}

/* ---- comparison ---- */

static void say_comparison(json_t *summary, const json_t *comparisons, long long executions,
                           long long count) {
  const json_t *first = json_array_get(comparisons, 0), *sentence;
  size_t i;
  if (!first && count > 1)
    say(summary, executions ? "No pairs of replications differ in the scheme alone, so no difference between "
                              "schemes is claimed."
                            : "These are single runs, not replications of a campaign, so no difference "
                              "between schemes is claimed.");
  json_array_foreach(json_object_get(first, "sentences"), i, sentence) {
    json_array_append_new(summary, json_string(json_string_value(sentence)));
  }
}

iscc_status iscc_page_summary(sqlite3 *db, const json_t *comparisons, json_t **out, iscc_error *error) {
  json_t *all = NULL, *each = NULL;
  iscc_status status = iscc_answer_json(db, contents, 1, &all, error);
  if (!status) status = iscc_answer_json(db, schemes, SCHEMES_TOLD * 100, &each, error);
  *out = status ? NULL : json_array();
  if (!status) {
    const json_t *row = json_array_get(json_object_get(all, "rows"), 0);
    say_contents(*out, row);
    say_schemes(*out, json_object_get(each, "rows"));
    say_comparison(*out, comparisons, whole(row, 7), whole(row, 6));
  }
  json_decref(all);
  json_decref(each);
  return status;
}
