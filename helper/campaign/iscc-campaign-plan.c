/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-campaign-plan.h"

#include <math.h>
#include <string.h>

enum { VALUES_SHOWN = 6, LABEL_WIDTH = 12 };

static void label(const char *text, FILE *out) {
  fprintf(out, "%-*s", LABEL_WIDTH, text);
}

static void print_fixed(const iscc_campaign *c, FILE *out) {
  if (!c->axes.fixed) return;
  label("Options", out);
  for (size_t a = 0; a < c->axes.fixed; a++) {
    const iscc_grid_option *o = c->axes.axis[a].option;
    fprintf(out, "%s--%s%s%s", a ? " " : "", o->name, *o->value[0] ? "=" : "", o->value[0]);
  }
  putc('\n', out);
}

static void print_values(const iscc_grid_option *o, size_t length, FILE *out) {
  fprintf(out, "%s (%zu): ", o->name, length);
  for (size_t i = 0; i < length; i++) {
    if (length > VALUES_SHOWN && i == VALUES_SHOWN - 1) {
      fputs(", ...", out);
      i = length - 1;
    }
    fprintf(out, "%s%s", i ? ", " : "", *o->value[i] ? o->value[i] : "(no value)");
  }
}

static void print_axes(const iscc_campaign *c, FILE *out) {
  for (size_t a = c->axes.fixed; a < c->axes.axes; a++)
    for (size_t i = 0; i < c->axes.axis[a].options; i++) {
      label(a == c->axes.fixed && i == 0 ? "Grid" : "", out);
      if (c->axes.axis[a].options > 1) fputs(i ? "  and " : "together ", out);
      print_values(c->axes.axis[a].option + i, c->axes.axis[a].length, out);
      putc('\n', out);
    }
}

static void print_alone(size_t alone, FILE *out) {
  if (alone) fprintf(out, "; %zu point%s no partner", alone, alone == 1 ? " has" : "s have");
}

static void print_goals(const iscc_campaign *c, FILE *out) {
  for (size_t i = 0; i < c->goals; i++) {
    const iscc_campaign_goal *g = c->goal + i;
    label(i ? "" : "Until", out);
    fprintf(out, "%g %% interval of %s", 100 * c->confidence, g->metric);
    if (g->by) fprintf(out, ", paired difference by %s to %s,", g->by, g->baseline);
    fprintf(out, " within +- %g%s", g->relative ? 100 * g->half_width : g->half_width,
            g->relative ? " %" : "");
    print_alone(g->alone, out);
    putc('\n', out);
  }
}

static void print_runs(const iscc_campaign *c, FILE *out) {
  const size_t points = iscc_grid_points(c->grid), left_out = iscc_grid_left_out(c->grid);
  label("Points", out);
  fprintf(out, "%zu", points);
  if (left_out) fprintf(out, ", %zu more left out by 'where'", left_out);
  putc('\n', out);
  label("Runs", out);
  if (c->min_runs == c->max_runs)
    fprintf(out, "%ld of each point, %.0f in all", c->max_runs, (double)c->max_runs * (double)points);
  else
    fprintf(out, "%ld to %ld of each point, %.0f to %.0f in all", c->min_runs, c->max_runs,
            (double)c->min_runs * (double)points, (double)c->max_runs * (double)points);
  fprintf(out, "; RngSeed %u, RngRun 1..%ld\n", c->seed, c->max_runs);
  print_goals(c, out);
  if (isfinite(c->timeout_s)) {
    label("Timeout", out);
    fprintf(out, "%g s of wall time for a run\n", c->timeout_s);
  }
}

static void print_questions(const iscc_campaign *c, FILE *out) {
  for (size_t i = 0; i < c->metrics; i++) {
    if (i == 0) label("Metrics", out);
    fprintf(out, "%s%s%s", i ? ", " : "", c->metric[i], i + 1 == c->metrics ? "\n" : "");
  }
  for (size_t i = 0; i < c->comparisons; i++) {
    label(i ? "" : "Compare", out);
    fprintf(out, "%s by %s with %s", c->comparison[i].metric, c->comparison[i].by, c->comparison[i].baseline);
    print_alone(c->comparison[i].alone, out);
    putc('\n', out);
  }
}

/* How wide the columns of options that vary are. */
static size_t width_of(const iscc_campaign *c, size_t option, size_t points) {
  size_t width = strlen(iscc_grid_name(c->grid, option));
  for (size_t p = 0; p < points; p++) {
    const size_t length = strlen(iscc_grid_value(c->grid, p, option));
    if (length > width) width = length;
  }
  return width;
}

/* One row of the table of points; point -1: its head. */
static void print_row(const iscc_campaign *c, size_t points, long point, FILE *out) {
  if (point < 0)
    fputs("point", out);
  else
    fprintf(out, "%5ld", point + 1);
  for (size_t o = c->axes.fixed; o < iscc_grid_options(c->grid); o++) {
    const char *text = point < 0 ? iscc_grid_name(c->grid, o) : iscc_grid_value(c->grid, (size_t)point, o);
    const int width = o + 1 < iscc_grid_options(c->grid) ? (int)width_of(c, o, points) : 0;
    fprintf(out, "  %-*s", width, text);
  }
  putc('\n', out);
}

static void print_points(const iscc_campaign *c, size_t points_max, FILE *out) {
  const size_t points = iscc_grid_points(c->grid), shown = points < points_max ? points : points_max;
  if (iscc_grid_options(c->grid) == c->axes.fixed || !shown) return;
  putc('\n', out);
  print_row(c, shown, -1, out);
  for (size_t p = 0; p < shown; p++) print_row(c, shown, (long)p, out);
  if (shown < points) fprintf(out, "  ... and %zu more (--points=all shows them)\n", points - shown);
}

static void print_quoted(const char *text, FILE *out) {
  static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=.,/:+%@";
  if (!text[strspn(text, plain)]) {
    fputs(text, out);
    return;
  }
  putc('\'', out);
  for (; *text; text++) fprintf(out, *text == '\'' ? "'\\''" : "%c", *text);
  putc('\'', out);
}

void iscc_campaign_command_print(const iscc_campaign *c, const char *program, size_t point, long run,
                                 FILE *out) {
  print_quoted(program, out);
  for (size_t o = 0; o < iscc_grid_options(c->grid); o++) {
    const char *value = iscc_grid_value(c->grid, point, o);
    fprintf(out, " --%s%s", iscc_grid_name(c->grid, o), *value ? "=" : "");
    print_quoted(value, out);
  }
  fprintf(out, " --RngSeed=%u --RngRun=%ld\n", c->seed, run);
}

/* Seconds for people. */
static void print_duration(double seconds, FILE *out) {
  if (seconds < 120)
    fprintf(out, "%.0f s", ceil(seconds));
  else if (seconds < 7200)
    fprintf(out, "%.0f min", ceil(seconds / 60));
  else
    fprintf(out, "%.1f h", seconds / 3600);
}

static void print_past(const iscc_campaign_past *p, int jobs, FILE *out) {
  if (p->done || p->failed) {
    label("Done", out);
    fprintf(out, "%lld", (long long)p->done);
    if (p->failed) fprintf(out, ", %lld failed", (long long)p->failed);
    fprintf(out, "; to do %lld", (long long)p->least);
    if (p->most != p->least) fprintf(out, " to %lld", (long long)p->most);
    putc('\n', out);
  }
  label("Time", out);
  if (isnan(p->most_s)) {
    fputs("not known before something of it has run\n", out);
    return;
  }
  fputs("about ", out);
  print_duration(p->least_s, out);
  if (p->most != p->least) {
    fputs(" to ", out);
    print_duration(p->most_s, out);
  }
  fprintf(out, " for the rest, %d at a time\n", jobs);
}

void iscc_campaign_plan_print(const iscc_campaign *c, const char *program, const iscc_campaign_past *past,
                              int jobs, size_t points_max, FILE *out) {
  label("Program", out);
  fprintf(out, "%s\n", program);
  print_fixed(c, out);
  print_axes(c, out);
  print_runs(c, out);
  print_past(past, jobs, out);
  print_questions(c, out);
  label("First run", out);
  iscc_campaign_command_print(c, program, 0, 1, out);
  print_points(c, points_max, out);
}
