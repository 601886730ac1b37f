/* SPDX-License-Identifier: GPL-2.0-only */
/* A comparison as a table and in words. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-compare.h"
#include "iscc-point-text.h"

static bool is_of_all(const iscc_compare_row *row) {
  return !row->rest[0];
}

/* An object with the options that differ between rows of single points. */
static json_t *options_that_differ(const iscc_comparison *c) {
  json_t *differ = json_object();
  for (size_t i = 1; i < c->rows && !is_of_all(c->row + i); i++)
    iscc_point_differ(differ, c->row[0].rest, c->row[i].rest);
  return differ;
}

/* The options of a row's point that differ between rows. */
static void describe_point(const json_t *differ, const iscc_compare_row *row,
                           char text[ISCC_POINT_TEXT_MAX]) {
  if (is_of_all(row))
    snprintf(text, ISCC_POINT_TEXT_MAX, "all points");
  else
    iscc_point_describe(differ, row->rest, text);
}

static void print_p(double p, FILE *out) {
  if (isnan(p))
    fprintf(out, "  %8s", "-");
  else if (p < 1e-4)
    fprintf(out, "  %8s", "< 0.0001");
  else
    fprintf(out, "  %8.4f", p);
}

static void print_row(const json_t *differ, const iscc_compare_row *row, int point_width, int value_width,
                      FILE *out) {
  char point[ISCC_POINT_TEXT_MAX];
  const iscc_paired *p = &row->paired;
  describe_point(differ, row, point);
  if (point_width) fprintf(out, "%-*s  ", point_width, point);
  fprintf(out, "%-*s %6zu", value_width, row->value, p->n);
  if (p->n)
    fprintf(out, "  %11.5g  %11.5g", p->mean_a, p->mean_b);
  else
    fprintf(out, "  %11s  %11s", "-", "-");
  if (p->n >= 2 && isfinite(p->half_width))
    fprintf(out, "  %11.4g  %9.3g", p->difference, p->half_width);
  else if (p->n >= 2)
    fprintf(out, "  %11.4g  %9s", p->difference, "-");
  else
    fprintf(out, "  %11s  %9s", "-", "-");
  if (isfinite(p->relative_low) && isfinite(p->relative_high))
    fprintf(out, "  %7.2f %%  %8.2f .. %.2f %%", 100 * p->relative, 100 * p->relative_low,
            100 * p->relative_high);
  else
    fprintf(out, "  %9s  %20s", "-", "-"); /* the baseline's mean is not told from 0 */
  print_p(p->p_value, out);
  print_p(row->adjusted_p, out);
  if (row->unpaired) fprintf(out, "  %zu without partner", row->unpaired);
  if (row->without) fprintf(out, "  %zu of %zu without a value", row->without, row->tried);
  if (row->baseline_without)
    fprintf(out, "  baseline: %zu of %zu without a value", row->baseline_without, row->baseline_tried);
  if (row->interval.method)
    fprintf(out, "  %.3g .. %.3g by %s", row->interval.low, row->interval.high,
            iscc_interval_method_text(row->interval.method));
  if (row->warning) fprintf(out, "  (%s)", iscc_warning_text(row->warning));
  putc('\n', out);
}

static int widest(const iscc_comparison *c, const iscc_compare_question *q, const json_t *differ) {
  size_t width = differ ? 0 : strlen(q->by);
  for (size_t i = 0; i < c->rows; i++) {
    char text[ISCC_POINT_TEXT_MAX];
    snprintf(text, sizeof text, "%s", c->row[i].value);
    if (differ) describe_point(differ, c->row + i, text);
    if (strlen(text) > width) width = strlen(text);
  }
  return (int)width;
}

/* What is said of metrics that iscc_run_metrics_insert() makes; others go by their name. */
static const struct {
  const char *metric, *verb, *less, *more;
} words[] = {{"energy_per_task_j", "uses", "less energy per task", "more energy per task"},
             {"energy_per_done_task_j", "uses", "less energy per task answered in time",
              "more energy per task answered in time"},
             {"latency_s", "takes", "less time to answer", "more time to answer"},
             {"lifetime_s", "lives", "shorter", "longer"},
             {NULL, "has", "less", "more"}};

/* A value in a sentence: a number with its option. */
static void name_value(const char *by, const char *value, char text[ISCC_POINT_TEXT_MAX]) {
  const bool number =
      strcspn(value, "0123456789") < strlen(value) && !value[strspn(value, "0123456789+-.eE")];
  snprintf(text, ISCC_POINT_TEXT_MAX, "%s%s%s", number ? by : "", number ? "=" : "", value);
}

/* What is in no pair, of either side. */
static void say_without(const iscc_compare_row *row, const char *value, const char *baseline, FILE *out) {
  if (row->without || row->baseline_without)
    fprintf(out, "; without a value: %zu of %zu runs of %s, %zu of %zu of %s", row->without, row->tried,
            value, row->baseline_without, row->baseline_tried, baseline);
  fputs(".\n", out);
}

/* " +- 0.2" or " (-0.1 .. 0.4)", of the difference or of its size; nothing where there is none. */
static void name_interval(const iscc_compare_row *row, bool turned, char text[ISCC_POINT_TEXT_MAX]) {
  const iscc_chosen_interval *i = &row->interval;
  text[0] = '\0';
  if (i->method)
    snprintf(text, ISCC_POINT_TEXT_MAX, " (%.2g .. %.2g)", turned ? -i->high : i->low,
             turned ? -i->low : i->high);
  else if (isfinite(row->paired.half_width))
    snprintf(text, ISCC_POINT_TEXT_MAX, " +- %.2g", row->paired.half_width);
}

/* Whether the interval that is shown leaves out 0; true where there is none. By another way than the p-value's, it need not agree with it. */
static bool leaves_out_zero(const iscc_compare_row *row) {
  const iscc_chosen_interval *i = &row->interval;
  if (i->method) return i->low > 0 || i->high < 0;
  return !(fabs(row->paired.difference) < row->paired.half_width);
}

static void say_row(const iscc_compare_row *row, const iscc_compare_question *q, FILE *out) {
  const iscc_paired *p = &row->paired;
  const double side = 100 * fmax(p->relative_high - p->relative, p->relative - p->relative_low);
  const bool known = isfinite(side) && p->mean_b > 0 &&
                     !row->interval.method; /* relative to what is below 0 less would be more */
  const int digits =
      side > 0 && known ? (int)fmin(6, fmax(1, 1 - floor(log10(side)))) : 1; /* two that count */
  const bool told = row->adjusted_p <= 1 - q->confidence && leaves_out_zero(row);
  char value[ISCC_POINT_TEXT_MAX], baseline[ISCC_POINT_TEXT_MAX], interval[ISCC_POINT_TEXT_MAX];
  name_interval(row, told && p->difference < 0, interval);
  size_t w = 0;
  while (words[w].metric && strcmp(q->metric, words[w].metric) != 0) w++;
  const bool named = words[w].metric != NULL;
  name_value(q->by, row->value, value);
  name_value(q->by, q->baseline, baseline);
  if (p->n < 2)
    fprintf(out, "%s and %s: %zu paired run%s, too few to compare", value, baseline, p->n,
            p->n == 1 ? "" : "s");
  else if (!told)
    fprintf(out, "%s and %s are not told apart in %s: difference %.3g%s, %zu paired runs", value, baseline,
            q->metric, p->difference, interval, p->n);
  else if (known)
    fprintf(out, "%s %s %.*f %% +- %.*f %% %s%s%s than %s, %zu paired runs", value, words[w].verb, digits,
            100 * fabs(p->relative), digits, side, p->difference < 0 ? words[w].less : words[w].more,
            named ? "" : " ", named ? "" : q->metric, baseline, p->n);
  else
    fprintf(out, "%s has %.4g%s %s %s than %s, %zu paired runs", value, fabs(p->difference), interval,
            p->difference < 0 ? "less" : "more", q->metric, baseline, p->n);
  say_without(row, value, baseline, out);
}

void iscc_comparison_say(const iscc_comparison *c, const iscc_compare_question *q, FILE *out) {
  const bool several = c->rows && is_of_all(c->row + c->rows - 1);
  for (size_t i = 0; i < c->rows; i++) {
    if (several != is_of_all(c->row + i)) continue;
    if (several) fputs("Over all points: ", out);
    say_row(c->row + i, q, out);
  }
  for (size_t i = 0; i < c->rows; i++)
    if (c->row[i].warning) {
      fputs("Rows with a remark in brackets: do not rely on their intervals, least of all on those by t.\n",
            out);
      break;
    }
  for (size_t i = 0; i < c->rows; i++)
    if (c->row[i].without || c->row[i].baseline_without) {
      fputs("Runs without a value failed, or did not give it, and are in no pair: where that depends on the "
            "option, the pairs that are left may mislead.\n",
            out);
      break;
    }
  for (size_t i = 0; i < c->rows; i++)
    if (c->row[i].stopped) {
      fputs(
          "Results decided how many replications there are; intervals and p-values are corrected for that.\n",
          out);
      break;
    }
  for (size_t i = 0; i < c->rows; i++)
    if (c->row[i].paired.half_width == 0) {
      fputs("All differences are equal in rows with +- 0: nothing is random there, or the program does not "
            "heed RngRun.\n",
            out);
      break;
    }
  iscc_pair_streams_print(&c->streams, out);
  if (c->hashes > 1)
    fprintf(out, "Note: the results were made by %lld different files of one program.\n",
            (long long)c->hashes);
}

void iscc_comparison_print(const iscc_comparison *c, const iscc_compare_question *q, FILE *out) {
  json_t *differ = options_that_differ(c);
  const int point_width = widest(c, q, differ), value_width = widest(c, q, NULL);
  fprintf(
      out,
      "%s by %s less that of %s, in pairs of replications; %g %% intervals; p-values adjusted after Holm\n\n",
      q->metric, q->by, q->baseline, 100 * q->confidence);
  if (point_width) fprintf(out, "%-*s  ", point_width, "point");
  fprintf(out, "%-*s %6s  %11s  %11s  %11s  %9s  %9s  %20s  %8s  %8s\n", value_width, q->by, "pairs", "mean",
          "baseline", "difference", "+-", "relative", "interval", "p", "adjusted");
  for (size_t i = 0; i < c->rows; i++) print_row(differ, c->row + i, point_width, value_width, out);
  json_decref(differ);
  putc('\n', out);
  iscc_comparison_say(c, q, out);
}
