/* SPDX-License-Identifier: GPL-2.0-only */
/* A comparison as a table and in words. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-compare.h"

enum { POINT_MAX = 256 };

static bool is_of_all(const iscc_compare_row *row) {
  return !row->rest[0];
}

/* Whether an option has the same value in all rows that have a point. */
static bool is_same_in_all(const iscc_comparison *c, const char *option, const json_t *value) {
  bool same = true;
  for (size_t i = 0; same && i < c->rows && !is_of_all(c->row + i); i++) {
    json_t *rest = json_loads(c->row[i].rest, 0, NULL);
    same = json_equal(json_object_get(rest, option), value);
    json_decref(rest);
  }
  return same;
}

/* The options of a row's point that differ between rows. */
static void describe_point(const iscc_comparison *c, const iscc_compare_row *row, char text[POINT_MAX]) {
  const char *option;
  json_t *value, *rest = json_loads(row->rest, 0, NULL);
  int used = snprintf(text, POINT_MAX, "%s", is_of_all(row) ? "all points" : "");
  json_object_foreach(rest, option, value) {
    if (is_same_in_all(c, option, value) || used >= POINT_MAX) continue;
    used += snprintf(text + used, (size_t)(POINT_MAX - used), "%s%s=%s", used ? " " : "", option,
                     json_string_value(value));
  }
  json_decref(rest);
}

static void print_p(double p, FILE *out) {
  if (p < 1e-4)
    fprintf(out, "  %8s", "< 0.0001");
  else
    fprintf(out, "  %8.4f", p);
}

static void print_row(const iscc_comparison *c, const iscc_compare_row *row, int point_width, int value_width,
                      FILE *out) {
  char point[POINT_MAX];
  const iscc_paired *p = &row->paired;
  describe_point(c, row, point);
  if (point_width) fprintf(out, "%-*s  ", point_width, point);
  fprintf(out, "%-*s %6zu  %11.5g  %11.5g  %11.4g  %9.3g  %7.2f %%  %8.2f .. %.2f %%", value_width,
          row->value, p->n, p->mean_a, p->mean_b, p->difference, p->half_width, 100 * p->relative,
          100 * p->relative_low, 100 * p->relative_high);
  print_p(p->p_value, out);
  print_p(row->adjusted_p, out);
  if (row->unpaired) fprintf(out, "  %zu without partner", row->unpaired);
  if (row->warning) fprintf(out, "  (%s)", iscc_warning_text(row->warning));
  putc('\n', out);
}

static int widest(const iscc_comparison *c, const iscc_compare_question *q, bool point) {
  size_t width = point ? 0 : strlen(q->by);
  for (size_t i = 0; i < c->rows; i++) {
    char text[POINT_MAX];
    snprintf(text, sizeof text, "%s", c->row[i].value);
    if (point) describe_point(c, c->row + i, text);
    if (strlen(text) > width) width = strlen(text);
  }
  return (int)width;
}

/* What is said of metrics whose name begins so. */
static const struct {
  const char *begins, *verb, *less, *more;
} words[] = {{"energy_", "uses", "less energy", "more energy"},
             {"latency_", "takes", "less time", "more time"},
             {"uplink_s", "sends for", "less time", "more time"},
             {"lifetime_s", "lives", "shorter", "longer"},
             {"", "has", "less", "more"}};

/* A value in a sentence: a number with its option. */
static void name_value(const char *by, const char *value, char text[POINT_MAX]) {
  const bool number =
      strcspn(value, "0123456789") < strlen(value) && !value[strspn(value, "0123456789+-.eE")];
  snprintf(text, POINT_MAX, "%s%s%s", number ? by : "", number ? "=" : "", value);
}

static void say_row(const iscc_compare_row *row, const iscc_compare_question *q, FILE *out) {
  const iscc_paired *p = &row->paired;
  const double side = 100 * fmax(p->relative_high - p->relative, p->relative - p->relative_low);
  const bool known = isfinite(side);
  const int digits = side >= 1 ? 1 : 2;
  char value[POINT_MAX], baseline[POINT_MAX];
  size_t w = 0;
  while (strncmp(q->metric, words[w].begins, strlen(words[w].begins)) != 0) w++;
  const bool named = words[w].begins[0];
  name_value(q->by, row->value, value);
  name_value(q->by, q->baseline, baseline);
  if (p->n < 2)
    fprintf(out, "%s and %s: %zu paired run%s, too few to compare.\n", value, baseline, p->n,
            p->n == 1 ? "" : "s");
  else if (!(row->adjusted_p <= 1 - q->confidence))
    fprintf(out, "%s and %s are not told apart in %s: difference %.3g +- %.2g, %zu paired runs.\n", value,
            baseline, q->metric, p->difference, p->half_width, p->n);
  else if (known)
    fprintf(out, "%s %s %.*f %% +- %.*f %% %s%s%s than %s, %zu paired runs.\n", value, words[w].verb, digits,
            100 * fabs(p->relative), digits, side, p->difference < 0 ? words[w].less : words[w].more,
            named ? "" : " ", named ? "" : q->metric, baseline, p->n);
  else
    fprintf(out, "%s has %.4g +- %.2g %s %s than %s, %zu paired runs.\n", value, fabs(p->difference),
            p->half_width, p->difference < 0 ? "less" : "more", q->metric, baseline, p->n);
}

static void say_all(const iscc_comparison *c, const iscc_compare_question *q, FILE *out) {
  const bool several = c->rows && is_of_all(c->row + c->rows - 1);
  for (size_t i = 0; i < c->rows; i++) {
    if (several != is_of_all(c->row + i)) continue;
    if (several) fputs("Over all points: ", out);
    say_row(c->row + i, q, out);
  }
  for (size_t i = 0; i < c->rows; i++)
    if (c->row[i].warning) {
      fputs("Rows with a remark in brackets: do not rely on their intervals.\n", out);
      break;
    }
  for (size_t i = 0; i < c->rows; i++)
    if (c->row[i].stopped) {
      fputs("Replications were stopped by their precision; intervals and p-values are corrected for that.\n",
            out);
      break;
    }
  if (c->hashes > 1)
    fprintf(out, "Note: the results were made by %lld different files of one program.\n",
            (long long)c->hashes);
}

void iscc_comparison_print(const iscc_comparison *c, const iscc_compare_question *q, FILE *out) {
  const int point_width = widest(c, q, true), value_width = widest(c, q, false);
  fprintf(
      out,
      "%s by %s less that of %s, in pairs of replications; %g %% intervals; p-values adjusted after Holm\n\n",
      q->metric, q->by, q->baseline, 100 * q->confidence);
  if (point_width) fprintf(out, "%-*s  ", point_width, "point");
  fprintf(out, "%-*s %6s  %11s  %11s  %11s  %9s  %9s  %20s  %8s  %8s\n", value_width, q->by, "pairs", "mean",
          "baseline", "difference", "+-", "relative", "interval", "p", "adjusted");
  for (size_t i = 0; i < c->rows; i++) print_row(c, c->row + i, point_width, value_width, out);
  putc('\n', out);
  say_all(c, q, out);
}
