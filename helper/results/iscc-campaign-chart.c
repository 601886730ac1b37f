/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-campaign-chart.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-campaign-where.h"
#include "iscc-compare.h"
#include "iscc-database.h"
#include "iscc-point-text.h"

enum { LIST_MAX = 240 };

typedef struct {
  const iscc_chart_question *question;
  iscc_chart *out;
  iscc_error *error;
  json_t *where;
  json_t *given;  /* option: {value: null}, of all points */
  json_t *others; /* the same of the points that are drawn, without the two options */
} reader;

/* The program is told apart as if it were an option. */
static const char program_option[] = "program";

static iscc_status no_memory(const reader *r) {
  return iscc_fail(r->error, ISCC_ENOMEM, "chart: out of memory");
}

static const char *text_of(const json_t *object, const char *key) {
  return key ? json_string_value(json_object_get(object, key)) : "";
}

/* The keys of an object, "a, b, c", as many as there is room for. */
static void list(json_t *object, char text[LIST_MAX]) {
  const char *key;
  json_t *value;
  int used = 0;
  text[0] = '\0';
  json_object_foreach(object, key, value) {
    if (used < LIST_MAX)
      used += snprintf(text + used, (size_t)(LIST_MAX - used), "%s%s", used ? ", " : "", key);
  }
}

/* Notes the values of an object. */
static void note(json_t *noted, json_t *arguments) {
  const char *option;
  json_t *value;
  json_object_foreach(arguments, option, value) {
    json_t *values = json_object_get(noted, option);
    if (!values) json_object_set_new(noted, option, values = json_object());
    json_object_set_new(values, json_string_value(value), json_null());
  }
}

/* ---- points ---- */

static iscc_status check_place(const reader *r, iscc_chart_point *p) {
  char *end;
  p->x = NAN;
  if (!r->question->against) return ISCC_OK;
  p->x = strtod(p->place, &end);
  if (*p->place && !*end && isfinite(p->x)) return ISCC_OK;
  return iscc_fail(r->error, ISCC_EINVAL,
                   "against: %s is no number in some runs ('%s'); --by is for such options",
                   r->question->against, p->place);
}

/* What of the arguments is drawn the chart keeps. */
static iscc_status take_point(reader *r, const iscc_point_mean *mean, json_t *arguments) {
  const iscc_chart_question *q = r->question;
  iscc_chart *c = r->out;
  json_object_set_new(arguments, program_option, json_string(mean->program));
  note(r->given, arguments);
  const char *value = text_of(arguments, q->by), *place = text_of(arguments, q->against);
  if (!value || !place || !iscc_campaign_where_holds(r->where, arguments)) return ISCC_OK;
  if (json_array_append(c->arguments, arguments)) return no_memory(r);
  iscc_chart_point *p = c->point + c->points++;
  *p = (iscc_chart_point){.value = value,
                          .place = place,
                          .mean = mean,
                          .relative = NAN,
                          .relative_low = NAN,
                          .relative_high = NAN};
  json_t *rest = json_copy(arguments);
  json_object_del(rest, q->by);
  if (q->against) json_object_del(rest, q->against);
  note(r->others, rest);
  json_decref(rest);
  return check_place(r, p);
}

static int by_value(const void *a, const void *b) {
  const iscc_chart_point *x = a, *y = b;
  const int order = iscc_point_value_order(x->value, y->value);
  return order ? order : iscc_point_value_order(x->place, y->place);
}

static iscc_status take_points(reader *r) {
  iscc_chart *c = r->out;
  c->arguments = json_array();
  c->point = calloc(c->means.points + 1, sizeof *c->point);
  iscc_status status = c->point && c->arguments ? ISCC_OK : no_memory(r);
  for (size_t i = 0; i < c->means.points && !status; i++) {
    json_t *arguments = json_loads(c->means.point[i].arguments, 0, NULL);
    status = arguments ? take_point(r, c->means.point + i, arguments) : no_memory(r);
    json_decref(arguments);
  }
  if (status || !c->points) return status;
  qsort(c->point, c->points, sizeof *c->point, by_value);
  for (size_t i = 0; i < c->points; i++)
    c->values += i == 0 || strcmp(c->point[i].value, c->point[i - 1].value) != 0;
  return ISCC_OK;
}

/* ---- what cannot be drawn ---- */

static iscc_status explain_nothing(const reader *r) {
  const iscc_chart_question *q = r->question;
  char there[LIST_MAX];
  json_object_del(r->given, program_option);
  list(r->given, there);
  const char *missing = !json_object_get(r->given, q->by)                      ? q->by
                        : q->against && !json_object_get(r->given, q->against) ? q->against
                                                                               : NULL;
  if (missing)
    return iscc_fail(r->error, ISCC_EINVAL, "%s: no run was given an option '%s'; there are %s",
                     missing == q->by ? "by" : "against", missing, there);
  return iscc_fail(r->error, ISCC_EINVAL, "no run was given %s%s%s as --where says", q->by,
                   q->against ? " and " : "", q->against ? q->against : "");
}

/* Whether all points were given an option, with one value. */
static bool is_shared(const reader *r, const char *option, const json_t *values) {
  bool shared = json_object_size(values) == 1;
  for (size_t i = 0; i < json_array_size(r->out->arguments); i++)
    shared &= json_object_get(json_array_get(r->out->arguments, i), option) != NULL;
  return shared;
}

/* One line of all options in which points differ, and how to choose. */
static iscc_status check_others(const reader *r) {
  char names[2 * LIST_MAX] = "", choice[2 * LIST_MAX] = "", values_text[LIST_MAX];
  const char *option;
  json_t *values;
  json_object_foreach(r->others, option, values) {
    if (is_shared(r, option, values)) continue;
    const size_t n = strlen(names), c = strlen(choice);
    list(values, values_text);
    snprintf(names + n, sizeof names - n, "%s%s (%s)", n ? ", " : "", option, values_text);
    snprintf(choice + c, sizeof choice - c, " --where %s=%s", option,
             json_object_iter_key(json_object_iter(values)));
  }
  if (!*names) return ISCC_OK;
  return iscc_fail(
      r->error, ISCC_EINVAL,
      "runs of one point differ in %.200s: keep one value of each, as with%.200s, or draw against it", names,
      choice);
}

static iscc_status check_metric(const reader *r) {
  size_t n = 0;
  for (size_t i = 0; i < r->out->points; i++) n += r->out->point[i].mean->n;
  if (n) return ISCC_OK;
  return iscc_fail(
      r->error, ISCC_EINVAL,
      "metric '%s': none of these runs has it, as when no task was feasible; see metric done_share",
      r->question->metric);
}

/* ---- differences ---- */

static bool is_of_point(const iscc_compare_row *row, const char *against, const iscc_chart_point *p) {
  if (!row->rest[0] || strcmp(row->value, p->value) != 0) return false;
  json_t *rest = json_loads(row->rest, 0, NULL);
  const char *place = text_of(rest, against);
  const bool same = place && strcmp(place, p->place) == 0;
  json_decref(rest);
  return same;
}

static iscc_status add_differences(const reader *r, const char *database) {
  const iscc_chart_question *q = r->question;
  const iscc_compare_question question = {q->metric, q->by, q->baseline, q->confidence, q->where};
  iscc_comparison comparison;
  const iscc_status status = iscc_compare(database, &question, &comparison, r->error);
  if (status) return status;
  for (size_t i = 0; i < comparison.rows; i++)
    for (size_t k = 0; k < r->out->points; k++) {
      iscc_chart_point *p = r->out->point + k;
      const iscc_paired *paired = &comparison.row[i].paired;
      if (!is_of_point(comparison.row + i, q->against, p)) continue;
      p->pairs = paired->n;
      p->relative = paired->relative;
      p->relative_low = paired->relative_low;
      p->relative_high = paired->relative_high;
    }
  iscc_comparison_free(&comparison);
  return ISCC_OK;
}

/* ---- the whole ---- */

/* After check_others(): each option has one value. */
static iscc_status make_command(reader *r) {
  const char *option;
  json_t *values;
  size_t size;
  FILE *out = open_memstream(&r->out->command, &size);
  if (!out) return no_memory(r);
  fputs(r->out->point[0].mean->program, out);
  json_object_foreach(r->others, option, values) {
    if (strcmp(option, program_option) == 0) continue;
    fprintf(out, " --%s=%s", option, json_object_iter_key(json_object_iter(values)));
  }
  return fclose(out) == 0 ? ISCC_OK : no_memory(r);
}

static iscc_status check_question(const iscc_chart_question *q, const char *database, iscc_error *error) {
  sqlite3 *db;
  if (q->against && strcmp(q->by, q->against) == 0)
    return iscc_fail(error, ISCC_EINVAL, "against: %s is what --by tells apart already", q->by);
  if (!q->where) return ISCC_OK;
  iscc_status status = iscc_database_open_read(database, &db, error);
  if (status) return status;
  status = iscc_campaign_where_check(db, q->where, error);
  sqlite3_close(db);
  return status;
}

static iscc_status read_chart(reader *r, const char *database) {
  const iscc_chart_question *q = r->question;
  const iscc_point_question question = {.metric = q->metric, .confidence = q->confidence};
  iscc_status status = iscc_point_means_read(database, &question, &r->out->means, r->error);
  if (!status) status = take_points(r);
  if (!status && !r->out->points) status = explain_nothing(r);
  if (!status) status = check_others(r);
  if (!status) status = check_metric(r);
  if (!status) status = make_command(r);
  if (!status && q->baseline) status = add_differences(r, database);
  return status;
}

iscc_status iscc_chart_read(const char *database, const iscc_chart_question *question, iscc_chart *out,
                            iscc_error *error) {
  reader r = {.question = question, .out = out, .error = error};
  memset(out, 0, sizeof *out);
  iscc_status status = check_question(question, database, error);
  if (status) return status;
  r.where = json_loads(question->where ? question->where : "{}", 0, NULL);
  r.given = json_object();
  r.others = json_object();
  status = read_chart(&r, database);
  json_decref(r.where);
  json_decref(r.given);
  json_decref(r.others);
  if (status) iscc_chart_free(out);
  return status;
}

void iscc_chart_free(iscc_chart *c) {
  json_decref(c->arguments);
  iscc_point_means_free(&c->means);
  free(c->point);
  free(c->command);
  memset(c, 0, sizeof *c);
}
