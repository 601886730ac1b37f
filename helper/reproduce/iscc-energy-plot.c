/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-energy-plot.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-figure-files.h"
#include "iscc-study-decision.h"

enum { CASES = ISCC_ENERGY_CASES_MAX, SCHEMES = ISCC_ENERGY_SCHEMES_MAX, COLOUR_OF_LIMITS = 6 };

typedef struct { /* of one panel; a row of numbers for each scheme, one more for a limit */
  double x[CASES], y[SCHEMES + 1][CASES], low[SCHEMES][CASES], high[SCHEMES][CASES], absent[SCHEMES][CASES];
  iscc_plot_curve curve[SCHEMES + 1];
  size_t curves;
} panel;

typedef void fill_panel(const iscc_study *study, const iscc_energy_results *r, int set, panel *p);

static void begin(const iscc_energy_results *r, panel *p) {
  memset(p, 0, sizeof *p);
  for (size_t i = 0; i < r->cases; i++) p->x[i] = iscc_energy_x(r, i);
}

static iscc_plot_curve *add(const iscc_energy_results *r, panel *p, const char *legend, const double *y,
                            iscc_plot_style style, int colour) {
  iscc_plot_curve *c = &p->curve[p->curves++];
  *c = (iscc_plot_curve){
      .legend = legend, .points = r->cases, .x = p->x, .y = y, .style = style, .colour = colour};
  return c;
}

/* mJ; NAN where there is no allocation. */
static double energy_mj(const iscc_energy_results *r, int set, size_t scheme, size_t i) {
  const iscc_energy_point *point = &r->point[set][scheme][i];
  return iscc_energy_has_allocation(point) ? 1e3 * point->decision.energy.total : (double)NAN;
}

static void add_energies(const iscc_study *study, const iscc_energy_results *r, int set, size_t scheme,
                         panel *p) {
  iscc_plot_curve *c =
      add(r, p, iscc_study_scheme(study, scheme), p->y[scheme], ISCC_PLOT_LINE_MARKS, (int)scheme);
  c->absent = p->absent[scheme];
  for (size_t i = 0; i < r->cases; i++) {
    p->y[scheme][i] = energy_mj(r, set, scheme, i);
    if (isnan(p->y[scheme][i]) && !r->point[set][scheme][i].refused)
      p->absent[scheme][c->absent_count++] = p->x[i];
  }
}

static void fill_energies(const iscc_study *study, const iscc_energy_results *r, int set, panel *p) {
  begin(r, p);
  for (size_t k = 0; k < r->schemes; k++) add_energies(study, r, set, k, p);
}

/* joint and alternating are in the table of schemes whatever else is. */
static void fill_joint(const iscc_study *study, const iscc_energy_results *r, int set, panel *p) {
  const size_t joint = iscc_study_find(study, "joint");
  begin(r, p);
  add(r, p, "certified lower bound of joint", p->y[SCHEMES], ISCC_PLOT_DASHED, COLOUR_OF_LIMITS);
  add_energies(study, r, set, joint, p);
  add_energies(study, r, set, iscc_study_find(study, "alternating"), p);
  for (size_t i = 0; i < r->cases; i++) {
    const iscc_energy_point *point = &r->point[set][joint][i];
    p->y[SCHEMES][i] = iscc_energy_has_allocation(point) ? 1e3 * point->decision.lower_bound_j : (double)NAN;
  }
}

static void fill_excess(const iscc_study *study, const iscc_energy_results *r, int set, panel *p) {
  const size_t joint = iscc_study_find(study, "joint"), alternating = iscc_study_find(study, "alternating");
  begin(r, p);
  add(r, p, NULL, p->y[0], ISCC_PLOT_LINE_MARKS, (int)alternating);
  for (size_t i = 0; i < r->cases; i++)
    p->y[0][i] = 100 * (energy_mj(r, set, alternating, i) / energy_mj(r, set, joint, i) - 1);
}

/* Of joint and alternating, or of the other schemes. */
static void fill_checks(const iscc_study *study, const iscc_energy_results *r, int set, bool unrestricted,
                        panel *p) {
  begin(r, p);
  for (size_t k = 0; k < r->schemes; k++) {
    if (iscc_study_is_unrestricted(study, k) != unrestricted) continue;
    iscc_plot_curve *c = add(r, p, iscc_study_scheme(study, k), p->y[k], ISCC_PLOT_MARKS, (int)k);
    c->y_low = p->low[k], c->y_high = p->high[k];
    for (size_t i = 0; i < r->cases; i++) {
      const iscc_energy_point *point = &r->point[set][k][i];
      const iscc_proportion a = iscc_proportion_of((double)point->correct, (double)point->samples);
      p->y[k][i] = a.share, p->low[k][i] = a.low, p->high[k][i] = a.high;
    }
  }
  add(r, p, "target R_t", p->y[SCHEMES], ISCC_PLOT_LINE, COLOUR_OF_LIMITS);
  for (size_t i = 0; i < r->cases; i++) p->y[SCHEMES][i] = r->at[i].target_accuracy;
}

static void fill_own_checks(const iscc_study *study, const iscc_energy_results *r, int set, panel *p) {
  fill_checks(study, r, set, true, p);
}

static void fill_other_checks(const iscc_study *study, const iscc_energy_results *r, int set, panel *p) {
  fill_checks(study, r, set, false, p);
}

/* ---- sheets ---- */

typedef struct { /* of panels, the candidate sets side by side */
  fill_panel *fill;
  const char *y_label;
  double y_low, y_high;
} row;

enum { ROWS_MAX = 2 };

static iscc_status draw(const iscc_study *study, const char *name, const char *title,
                        const iscc_energy_results *r, const row *rows, size_t count, iscc_error *error) {
  static const char *const titles[] = {"raw spectrogram may be sent (l = 0)", "without l = 0"};
  panel filled[ROWS_MAX * ISCC_ENERGY_CANDIDATES];
  iscc_plot_panel panels[ROWS_MAX * ISCC_ENERGY_CANDIDATES];
  for (size_t i = 0; i < count * ISCC_ENERGY_CANDIDATES; i++) {
    const int set = (int)(i % ISCC_ENERGY_CANDIDATES);
    const row *a = &rows[i / ISCC_ENERGY_CANDIDATES];
    a->fill(study, r, set, &filled[i]);
    panels[i] = (iscc_plot_panel){.title = titles[set],
                                  .x_label = iscc_energy_axis_label(r->axis),
                                  .y_label = a->y_label,
                                  .x_low = NAN,
                                  .x_high = NAN,
                                  .y_low = a->y_low,
                                  .y_high = a->y_high,
                                  .curves = filled[i].curve,
                                  .count = filled[i].curves};
  }
  char whole[128]; /* the figure's number is the end of its name */
  snprintf(whole, sizeof whole, "Fig. %d: %s", atoi(name + strlen("fig")), title);
  const iscc_plot_sheet sheet = {.title = whole, .rows = count, .columns = ISCC_ENERGY_CANDIDATES};
  return iscc_figure_draw(study, name, &sheet, panels, count * ISCC_ENERGY_CANDIDATES, error);
}

/* A scale for the excess of both candidate sets, in percent; where there is none, rounding must not look
 * large. */
static double most_excess(const iscc_study *study, const iscc_energy_results *r) {
  const size_t joint = iscc_study_find(study, "joint"), alternating = iscc_study_find(study, "alternating");
  double most = 1;
  for (int set = 0; set < ISCC_ENERGY_CANDIDATES; set++)
    for (size_t i = 0; i < r->cases; i++)
      most = fmax(most, 105 * (energy_mj(r, set, alternating, i) / energy_mj(r, set, joint, i) - 1));
  return most;
}

/* Bounds of everything in the panels of checks, so that all are drawn to one scale. */
static void find_check_range(const iscc_energy_results *r, row rows[2]) {
  double low = 1, high = 0;
  for (size_t k = 0; k < r->schemes; k++)
    for (int set = 0; set < ISCC_ENERGY_CANDIDATES; set++)
      for (size_t i = 0; i < r->cases; i++) {
        const iscc_energy_point *point = &r->point[set][k][i];
        const double target = r->at[i].target_accuracy;
        const iscc_proportion a = iscc_proportion_of((double)point->correct, (double)point->samples);
        low = fmin(low, fmin(target, a.low)), high = fmax(high, fmax(target, a.high));
      }
  for (int i = 0; i < 2; i++) rows[i].y_low = low - 0.01, rows[i].y_high = high + 0.01;
}

iscc_status iscc_energy_draw(const iscc_study *study, const char *name, const iscc_energy_results *r,
                             iscc_error *error) {
  const row energies = {fill_energies, "energy of one task in mJ", 0, NAN};
  const row joint[] = {{fill_joint, "energy of one task in mJ", 0, NAN},
                       {fill_excess, "alternating above joint in %", 0, most_excess(study, r)}};
  row checks[] = {{fill_own_checks, "right answers: joint, alternating", NAN, NAN},
                  {fill_other_checks, "right answers: other schemes", NAN, NAN}};
  find_check_range(r, checks);
  char beside[64];
  iscc_status status = draw(study, name, "energy of one task", r, &energies, 1, error);
  snprintf(beside, sizeof beside, "%s-joint", name);
  if (!status)
    status = draw(study, beside, "alternating, as the paper has it, beside the optimum", r, joint, 2, error);
  snprintf(beside, sizeof beside, "%s-check", name);
  if (status) return status;
  if (iscc_energy_is_checked(r))
    return draw(study, beside, "realised accuracy of the allocations, 95 % intervals", r, checks, 2, error);
  iscc_figure_remove(study, beside); /* of other settings */
  return ISCC_OK;
}
