/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-page-campaign.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-compare.h"
#include "iscc-page-data.h"
#include "iscc-point-means.h"
#include "iscc-point-text.h"

static void put_real(json_t *row, double value) {
  json_array_append_new(row, isfinite(value) ? json_real(value) : json_null());
}

static void put_count(json_t *row, size_t value) {
  json_array_append_new(row, json_integer((json_int_t)value));
}

/* "" is none. A text that is no UTF-8 is none, too. */
static void put_text(json_t *row, const char *text) {
  json_t *value = *text ? json_string(text) : NULL;
  json_array_append_new(row, value ? value : json_null());
}

static int by_name(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names of options that differ, sorted, as columns. */
static void add_options(json_t *columns, json_t *differ) {
  const size_t count = json_object_size(differ);
  const char **names = calloc(count + 1, sizeof *names), *name;
  json_t *value;
  size_t i = 0;
  if (!names) return;
  json_object_foreach(differ, name, value) {
    names[i++] = name;
  }
  qsort(names, count, sizeof *names, by_name);
  for (i = 0; i < count; i++) json_array_append_new(columns, json_string(names[i]));
  free(names);
}

static void add_columns(json_t *columns, const char *const *names) {
  for (; *names; names++) json_array_append_new(columns, json_string(*names));
}

/* The values at a point of the options that are the columns begin..end-1. */
static void put_options(json_t *row, const json_t *columns, size_t begin, size_t end, const char *point) {
  json_t *arguments = json_loads(point, 0, NULL);
  for (size_t i = begin; i < end; i++) {
    const char *name = json_string_value(json_array_get(columns, i));
    const json_t *value = json_object_get(arguments, name);
    put_text(row, json_is_string(value) ? json_string_value(value) : "");
  }
  json_decref(arguments);
}

static json_t *answer_of(const char *metric, json_t *columns, json_t *rows, size_t options, bool cut) {
  return json_pack("{s:s, s:o, s:o, s:I, s:b}", "metric", metric, "columns", columns, "rows", rows, "options",
                   (json_int_t)options, "cut", cut);
}

static iscc_status finish(json_t *answer, json_t **out, iscc_error *error) {
  *out = answer;
  return answer ? ISCC_OK : iscc_fail(error, ISCC_ENOMEM, "report: out of memory");
}

/* ---- means ---- */

/* Points of programs that have the metric, moved to the front; how many. Several programs are told apart by a first column. */
static size_t keep_points(iscc_point_means *means, bool *several) {
  size_t kept = 0;
  *several = false;
  for (size_t i = 0; i < means->points; i++) {
    bool has = false;
    for (size_t k = 0; k < means->points && !has; k++)
      has = means->point[k].n && strcmp(means->point[k].program, means->point[i].program) == 0;
    if (!has) continue;
    const iscc_point_mean point = means->point[i];
    means->point[i] = means->point[kept];
    means->point[kept] = point;
    *several |= strcmp(means->point[0].program, point.program) != 0;
    kept++;
  }
  return kept;
}

static json_t *mean_row(const iscc_point_mean *p, bool program, const json_t *columns, size_t options) {
  json_t *row = json_array();
  if (program) put_text(row, p->program);
  put_options(row, columns, program, options, p->arguments);
  put_count(row, p->n);
  put_count(row, p->without);
  put_count(row, p->failed);
  put_real(row, p->mean);
  put_real(row, p->low);
  put_real(row, p->high);
  put_real(row, p->deviation);
  put_text(row, iscc_interval_method_text(p->method));
  put_text(row, iscc_warning_text(p->warning));
  return row;
}

iscc_status iscc_page_means(const char *database, const char *metric, json_t **out, iscc_error *error) {
  static const char *const names[] = {"n",    "without",   "failed",   "mean",   "low",
                                      "high", "deviation", "interval", "remark", NULL};
  const iscc_point_question question = {.metric = metric, .confidence = 0.95};
  iscc_point_means means;
  bool several;
  iscc_status status = iscc_point_means_read(database, &question, &means, error);
  if (status) return status;
  const size_t points = keep_points(&means, &several);
  json_t *differ = json_object(), *rows = json_array(), *columns = json_array();
  for (size_t i = 1; i < points; i++)
    iscc_point_differ(differ, means.point[0].arguments, means.point[i].arguments);
  if (several) json_array_append_new(columns, json_string("program"));
  add_options(columns, differ);
  const size_t options = json_array_size(columns);
  add_columns(columns, names);
  for (size_t i = 0; i < points && i < ISCC_PAGE_ROWS_MAX; i++)
    json_array_append_new(rows, mean_row(means.point + i, several, columns, options));
  status = finish(answer_of(metric, columns, rows, options, points > ISCC_PAGE_ROWS_MAX), out, error);
  json_decref(differ);
  iscc_point_means_free(&means);
  return status;
}

/* ---- comparisons ---- */

static json_t *comparison_row(const iscc_compare_row *r, const json_t *columns, size_t options) {
  const iscc_paired *p = &r->paired;
  const iscc_chosen_interval *i = &r->interval;
  json_t *row = json_array();
  if (*r->rest)
    put_options(row, columns, 0, options - 1, r->rest);
  else
    for (size_t k = 1; k < options; k++) put_text(row, "all points");
  put_text(row, r->value);
  put_count(row, p->n);
  put_real(row, p->mean_a);
  put_real(row, p->mean_b);
  put_real(row, p->difference);
  put_real(row, i->method ? i->low : p->difference - p->half_width);
  put_real(row, i->method ? i->high : p->difference + p->half_width);
  put_real(row, 100 * p->relative);
  put_real(row, 100 * p->relative_low);
  put_real(row, 100 * p->relative_high);
  put_real(row, p->p_value);
  put_real(row, r->adjusted_p);
  put_count(row, r->unpaired);
  put_text(row, iscc_warning_text(r->warning));
  return row;
}

/* The lines of a text. */
static json_t *lines_of(char *text) {
  json_t *lines = json_array();
  for (char *rest = text, *line; (line = strtok_r(rest, "\n", &rest));)
    json_array_append_new(lines, json_string(line));
  return lines;
}

static json_t *sentences_of(const iscc_comparison *c, const iscc_compare_question *question) {
  char *text = NULL;
  size_t size;
  FILE *memory = open_memstream(&text, &size);
  if (!memory) return NULL;
  iscc_comparison_say(c, question, memory);
  fclose(memory);
  json_t *lines = lines_of(text);
  free(text);
  return lines;
}

iscc_status iscc_page_comparison(const char *database, const char *metric, const char *by,
                                 const char *baseline, json_t **out, iscc_error *error) {
  static const char *const names[] = {"pairs",
                                      "mean",
                                      "baseline_mean",
                                      "difference",
                                      "low",
                                      "high",
                                      "relative_pct",
                                      "relative_low_pct",
                                      "relative_high_pct",
                                      "p",
                                      "adjusted_p",
                                      "unpaired",
                                      "remark",
                                      NULL};
  const iscc_compare_question question = {
      .metric = metric, .by = by, .baseline = baseline, .confidence = 0.95};
  iscc_comparison c;
  iscc_status status = iscc_compare(database, &question, &c, error);
  if (status) return status;
  json_t *differ = json_object(), *rows = json_array(), *columns = json_array();
  for (size_t i = 1; i < c.rows && *c.row[i].rest; i++)
    iscc_point_differ(differ, c.row[0].rest, c.row[i].rest);
  add_options(columns, differ);
  json_array_append_new(columns, json_string(by));
  const size_t options = json_array_size(columns);
  add_columns(columns, names);
  const size_t skipped = c.rows > ISCC_PAGE_ROWS_MAX ? c.rows - ISCC_PAGE_ROWS_MAX : 0;
  for (size_t i = skipped; i < c.rows; i++) /* the last rows are those of all points */
    json_array_append_new(rows, comparison_row(c.row + i, columns, options));
  json_t *answer = answer_of(metric, columns, rows, options, skipped > 0);
  json_object_set_new(answer, "by", json_string(by));
  json_object_set_new(answer, "baseline", json_string(baseline));
  json_object_set_new(answer, "sentences", sentences_of(&c, &question));
  status = finish(answer, out, error);
  json_decref(differ);
  iscc_comparison_free(&c);
  return status;
}
