/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-campaign-file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-grid-partners.h"
#include "iscc-nearest.h"
#include "iscc-number-text.h"
#include "iscc-run-metrics.h"
#include "iscc-sequential.h"
#include "iscc-value-lines.h"

typedef struct {
  iscc_campaign *c;
  const iscc_yaml *yaml;
  const yaml_node_t *root;
  iscc_error *error;
} reader;

static iscc_status no_memory(const reader *r) {
  return iscc_fail(r->error, ISCC_ENOMEM, "%s: out of memory", iscc_yaml_path(r->yaml));
}

static iscc_status read_program(const reader *r) {
  const yaml_node_t *node = iscc_yaml_get(r->yaml, r->root, "program");
  if (!node) return iscc_yaml_fail(r->yaml, r->root, r->error, "'program' is missing: which scenario runs");
  iscc_status status = iscc_yaml_text(r->yaml, node, "program", &r->c->program, r->error);
  if (!status && !*r->c->program)
    status = iscc_yaml_fail(r->yaml, node, r->error, "program: a name or a path is wanted");
  return status;
}

static iscc_status read_seed(const reader *r) {
  const yaml_node_t *node = iscc_yaml_get(r->yaml, r->root, "seed");
  long seed = 1;
  iscc_status status = ISCC_OK;
  if (node) status = iscc_yaml_integer(r->yaml, node, "seed", 1, 4294967295L, &seed, r->error);
  r->c->seed = (uint32_t)seed;
  return status;
}

static iscc_status read_timeout(const reader *r) {
  const yaml_node_t *node = iscc_yaml_get(r->yaml, r->root, "timeout");
  r->c->timeout_s = INFINITY;
  return node ? iscc_yaml_real(r->yaml, node, "timeout", 0.01, 1e9, &r->c->timeout_s, r->error) : ISCC_OK;
}

static iscc_status read_results(const reader *r) {
  const yaml_node_t *node = iscc_yaml_get(r->yaml, r->root, "results");
  const char *text = "database";
  const iscc_status status = node ? iscc_yaml_text(r->yaml, node, "results", &text, r->error) : ISCC_OK;
  r->c->prints = strcmp(text, "lines") == 0;
  if (status || r->c->prints || strcmp(text, "database") == 0) return status;
  return iscc_yaml_fail(r->yaml, node, r->error, "results: '%s' is neither database nor lines", text);
}

/* One expression or a list of them; places is one line of text for each. */
static iscc_status read_conditions(const reader *r, const yaml_node_t *node, iscc_grid_condition *condition,
                                   size_t count, char (*places)[512]) {
  for (size_t i = 0; i < count; i++) {
    const yaml_node_t *one = node->type == YAML_SEQUENCE_NODE ? iscc_yaml_item(r->yaml, node, i) : node;
    const iscc_status status = iscc_yaml_text(r->yaml, one, "where", &condition[i].expression, r->error);
    if (status) return status;
    snprintf(places[i], sizeof *places, "%s:%d", iscc_yaml_path(r->yaml), iscc_yaml_line(one));
    condition[i].place = places[i];
  }
  return ISCC_OK;
}

/* What is wrong with one condition has its place already; the whole has that of the axes. */
static void say_grid(const reader *r, iscc_status status, const char *why) {
  const char *path = iscc_yaml_path(r->yaml);
  const yaml_node_t *grid = iscc_yaml_get(r->yaml, r->root, "grid"),
                    *zip = iscc_yaml_get(r->yaml, r->root, "zip"), *axes = grid ? grid : zip;
  if (status != ISCC_EINVAL || !axes || strncmp(why, path, strlen(path)) == 0)
    iscc_fail(r->error, status, "%s", why);
  else
    iscc_yaml_fail(r->yaml, axes, r->error, "%s", why);
}

static iscc_status read_grid(const reader *r) {
  iscc_campaign *c = r->c;
  const yaml_node_t *where = iscc_yaml_get(r->yaml, r->root, "where");
  iscc_status status = iscc_axes_read(r->yaml, r->root, &c->axes, r->error);
  if (!status && where && where->type != YAML_SCALAR_NODE)
    status = iscc_yaml_check_list(r->yaml, where, "where", r->error);
  if (status) return status;
  const size_t count = !where ? 0 : where->type == YAML_SEQUENCE_NODE ? iscc_yaml_size(where) : 1;
  iscc_grid_condition *condition = calloc(count + 1, sizeof *condition);
  char(*places)[512] = calloc(count + 1, sizeof *places);
  iscc_error why = {""};
  if (!condition || !places) status = no_memory(r);
  if (!status && where) status = read_conditions(r, where, condition, count, places);
  if (!status) {
    status = iscc_grid_create(c->axes.axis, c->axes.axes, condition, count, &c->grid, &why);
    if (status) say_grid(r, status, why.text);
  }
  free(condition);
  free(places);
  return status;
}

/* Of what iscc records. */
static iscc_status check_recorded(const reader *r, const yaml_node_t *node, const char *metric) {
  iscc_nearest nearest = {.typed = metric};
  char question[ISCC_ERROR_TEXT_MAX];
  for (int i = 0; iscc_run_metric_name(i); i++) {
    if (strcmp(iscc_run_metric_name(i), metric) == 0) return ISCC_OK;
    iscc_nearest_offer(&nearest, iscc_run_metric_name(i));
  }
  return iscc_yaml_fail(r->yaml, node, r->error, "no recorded run has a metric '%s'%s", metric,
                        iscc_nearest_question(&nearest, question, sizeof question));
}

static iscc_status read_metric(const reader *r, const yaml_node_t *node, const char **metric) {
  const iscc_status status = iscc_yaml_text(r->yaml, node, "metric", metric, r->error);
  if (status) return status;
  if (!iscc_value_name_is_valid(*metric))
    return iscc_yaml_fail(r->yaml, node, r->error,
                          "'%s' is not a metric's name: a letter, then letters, digits, '_', '.' and '-'",
                          *metric);
  return r->c->prints ? ISCC_OK : check_recorded(r, node, *metric);
}

/* Whether there is anything to compare. */
static iscc_status check_partners(const reader *r, const yaml_node_t *node, iscc_campaign_comparison *pair) {
  size_t with;
  const iscc_status status =
      iscc_grid_partners_count(r->c->grid, pair->by, pair->baseline, &with, &pair->alone, r->error);
  if (status || with) return status;
  return iscc_yaml_fail(
      r->yaml, node, r->error,
      "baseline: no two points differ in %s alone, one of them with %s=%s: 'where' or zip leaves "
      "none",
      pair->by, pair->by, pair->baseline);
}

/* The keys metric, by and baseline of an item. */
static iscc_status read_pair(const reader *r, const yaml_node_t *item, iscc_campaign_comparison *out) {
  const yaml_node_t *metric = iscc_yaml_get(r->yaml, item, "metric"),
                    *by = iscc_yaml_get(r->yaml, item, "by"),
                    *baseline = iscc_yaml_get(r->yaml, item, "baseline");
  if (!metric) return iscc_yaml_fail(r->yaml, item, r->error, "'metric' is missing: of what");
  iscc_status status = read_metric(r, metric, &out->metric);
  if (!status && !by != !baseline)
    status = iscc_yaml_fail(r->yaml, item, r->error,
                            "'by' and 'baseline' go together: an option and one of its values");
  if (!status && by) status = iscc_yaml_text(r->yaml, by, "by", &out->by, r->error);
  if (!status && baseline) status = iscc_yaml_text(r->yaml, baseline, "baseline", &out->baseline, r->error);
  if (status || !by) return status;
  size_t length;
  const iscc_grid_option *option = iscc_axes_find(&r->c->axes, out->by, &length);
  if (!option || length < 2)
    return iscc_yaml_fail(r->yaml, by, r->error, "by: '%s' has not several values in grid or zip", out->by);
  for (size_t i = 0; i < length; i++) {
    if (!iscc_number_text_equal(option->value[i], out->baseline)) continue;
    out->baseline = option->value[i];
    return check_partners(r, baseline, out);
  }
  return iscc_yaml_fail(r->yaml, baseline, r->error, "baseline: '%s' is none of the values of %s",
                        out->baseline, out->by);
}

static iscc_status read_goal(const reader *r, const yaml_node_t *item, iscc_campaign_goal *out) {
  static const char *const keys[] = {"metric", "by", "baseline", "relative", "absolute", NULL};
  iscc_campaign_comparison pair = {0};
  iscc_status status = iscc_yaml_check_keys(r->yaml, item, "until", keys, r->error);
  if (!status) status = read_pair(r, item, &pair);
  if (status) return status;
  const yaml_node_t *relative = iscc_yaml_get(r->yaml, item, "relative"),
                    *absolute = iscc_yaml_get(r->yaml, item, "absolute");
  if (!relative == !absolute)
    return iscc_yaml_fail(r->yaml, item, r->error,
                          "until: either 'relative' or 'absolute', the half width of the interval");
  *out = (iscc_campaign_goal){pair.metric, pair.by, pair.baseline, relative != NULL, 0, pair.alone};
  if (relative)
    return iscc_yaml_real(r->yaml, relative, "relative", 1e-9, ISCC_SEQUENTIAL_RELATIVE_MOST,
                          &out->half_width, r->error);
  return iscc_yaml_real(r->yaml, absolute, "absolute", 1e-300, 1e300, &out->half_width, r->error);
}

/* runs: {min, max, until} */
static iscc_status read_precision(const reader *r, const yaml_node_t *runs) {
  static const char *const keys[] = {"min", "max", "until", NULL};
  iscc_campaign *c = r->c;
  iscc_status status = iscc_yaml_check_keys(r->yaml, runs, "runs", keys, r->error);
  if (status) return status;
  const yaml_node_t *until = iscc_yaml_get(r->yaml, runs, "until"),
                    *least = iscc_yaml_get(r->yaml, runs, "min"), *most = iscc_yaml_get(r->yaml, runs, "max");
  if (!until || !most)
    return iscc_yaml_fail(r->yaml, runs, r->error, "runs: '%s' is missing; a fixed number is 'runs: 30'",
                          until ? "max" : "until");
  c->min_runs = ISCC_SEQUENTIAL_LEAST;
  if (least)
    status = iscc_yaml_integer(r->yaml, least, "min", ISCC_SEQUENTIAL_LEAST, ISCC_CAMPAIGN_RUNS_MAX,
                               &c->min_runs, r->error);
  if (!status)
    status =
        iscc_yaml_integer(r->yaml, most, "max", c->min_runs, ISCC_CAMPAIGN_RUNS_MAX, &c->max_runs, r->error);
  if (!status) status = iscc_yaml_check_list(r->yaml, until, "until", r->error);
  if (status) return status;
  c->goal = calloc(iscc_yaml_size(until), sizeof *c->goal);
  if (!c->goal) return no_memory(r);
  for (; !status && c->goals < iscc_yaml_size(until); c->goals++)
    status = read_goal(r, iscc_yaml_item(r->yaml, until, c->goals), c->goal + c->goals);
  return status;
}

static iscc_status read_runs(const reader *r) {
  const yaml_node_t *runs = iscc_yaml_get(r->yaml, r->root, "runs");
  if (!runs)
    return iscc_yaml_fail(r->yaml, r->root, r->error,
                          "'runs' is missing: how many replications, e.g. 'runs: 30'");
  if (runs->type == YAML_MAPPING_NODE) return read_precision(r, runs);
  const iscc_status status =
      iscc_yaml_integer(r->yaml, runs, "runs", 1, ISCC_CAMPAIGN_RUNS_MAX, &r->c->max_runs, r->error);
  r->c->min_runs = r->c->max_runs;
  return status;
}

/* Of all points together. */
static iscc_status check_size(const reader *r) {
  const iscc_campaign *c = r->c;
  const size_t points = iscc_grid_points(c->grid);
  if (points <= (size_t)(ISCC_CAMPAIGN_ALL_RUNS_MAX / c->max_runs)) return ISCC_OK;
  return iscc_yaml_fail(r->yaml, iscc_yaml_get(r->yaml, r->root, "runs"), r->error,
                        "runs: %zu points with %ld runs each are more than %d in all; fewer points or runs",
                        points, c->max_runs, ISCC_CAMPAIGN_ALL_RUNS_MAX);
}

static iscc_status read_confidence(const reader *r) {
  const yaml_node_t *node = iscc_yaml_get(r->yaml, r->root, "confidence");
  r->c->confidence = 0.95;
  return node ? iscc_yaml_real(r->yaml, node, "confidence", 0.5, 0.9999, &r->c->confidence, r->error)
              : ISCC_OK;
}

static iscc_status read_metrics(const reader *r) {
  const yaml_node_t *node = iscc_yaml_get(r->yaml, r->root, "metrics");
  iscc_campaign *c = r->c;
  if (!node) return ISCC_OK;
  iscc_status status = iscc_yaml_check_list(r->yaml, node, "metrics", r->error);
  if (status) return status;
  c->metric = calloc(iscc_yaml_size(node), sizeof *c->metric);
  if (!c->metric) return no_memory(r);
  for (; !status && c->metrics < iscc_yaml_size(node); c->metrics++) {
    const yaml_node_t *item = iscc_yaml_item(r->yaml, node, c->metrics);
    status = read_metric(r, item, c->metric + c->metrics);
    for (size_t i = 0; !status && i < c->metrics; i++)
      if (strcmp(c->metric[i], c->metric[c->metrics]) == 0)
        status = iscc_yaml_fail(r->yaml, item, r->error, "metrics: '%s' is there twice", c->metric[i]);
  }
  return status;
}

static iscc_status check_comparison(const reader *r, const yaml_node_t *item,
                                    const iscc_campaign_comparison *pair) {
  if (!pair->by)
    return iscc_yaml_fail(r->yaml, item, r->error,
                          "compare: 'by' and 'baseline' are missing: what with what");
  for (const iscc_campaign_comparison *i = r->c->comparison; i < pair; i++)
    if (strcmp(i->metric, pair->metric) == 0 && strcmp(i->by, pair->by) == 0 &&
        strcmp(i->baseline, pair->baseline) == 0)
      return iscc_yaml_fail(r->yaml, item, r->error, "compare: %s by %s with %s is there twice", i->metric,
                            i->by, i->baseline);
  return ISCC_OK;
}

static iscc_status read_comparisons(const reader *r) {
  static const char *const keys[] = {"metric", "by", "baseline", NULL};
  const yaml_node_t *node = iscc_yaml_get(r->yaml, r->root, "compare");
  iscc_campaign *c = r->c;
  if (!node) return ISCC_OK;
  iscc_status status = iscc_yaml_check_list(r->yaml, node, "compare", r->error);
  if (status) return status;
  c->comparison = calloc(iscc_yaml_size(node), sizeof *c->comparison);
  if (!c->comparison) return no_memory(r);
  for (; !status && c->comparisons < iscc_yaml_size(node); c->comparisons++) {
    const yaml_node_t *item = iscc_yaml_item(r->yaml, node, c->comparisons);
    status = iscc_yaml_check_keys(r->yaml, item, "compare", keys, r->error);
    if (!status) status = read_pair(r, item, c->comparison + c->comparisons);
    if (!status) status = check_comparison(r, item, c->comparison + c->comparisons);
  }
  return status;
}

iscc_status iscc_campaign_read(const char *path, iscc_campaign *out, iscc_error *error) {
  static const char *const keys[] = {"program", "seed",       "options", "grid",    "zip",
                                     "where",   "runs",       "metrics", "compare", "timeout",
                                     "results", "confidence", NULL};
  static iscc_status (*const part[])(const reader *) = {
      read_program, read_seed,    read_results, read_grid,       read_runs,
      check_size,   read_metrics, read_timeout, read_confidence, read_comparisons};
  iscc_yaml *yaml;
  memset(out, 0, sizeof *out);
  iscc_status status = iscc_yaml_read(path, &yaml, error);
  if (status) return status;
  out->yaml = yaml;
  const reader r = {out, yaml, iscc_yaml_root(yaml), error};
  status = iscc_yaml_check_keys(yaml, r.root, "campaign", keys, error);
  for (size_t i = 0; !status && i < sizeof part / sizeof *part; i++) status = part[i](&r);
  if (status) iscc_campaign_free(out);
  return status;
}

void iscc_campaign_free(iscc_campaign *c) {
  iscc_grid_destroy(c->grid);
  iscc_axes_free(&c->axes);
  free(c->goal);
  free(c->metric);
  free(c->comparison);
  iscc_yaml_destroy(c->yaml);
  memset(c, 0, sizeof *c);
}
