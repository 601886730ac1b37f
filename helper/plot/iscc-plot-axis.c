/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-plot-axis.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-gnuplot.h"

#define ROOM 0.04 /* of the axis, at each end */

iscc_plot_axis iscc_plot_axis_empty(bool log) {
  return (iscc_plot_axis){.low = INFINITY, .high = -INFINITY, .log = log};
}

bool iscc_plot_axis_shows(const iscc_plot_axis *axis, double value) {
  return isfinite(value) && (value > 0 || !axis->log);
}

void iscc_plot_axis_include(iscc_plot_axis *axis, double value) {
  if (!iscc_plot_axis_shows(axis, value)) return;
  axis->low = fmin(axis->low, value);
  axis->high = fmax(axis->high, value);
}

static double to_length(const iscc_plot_axis *axis, double value) {
  return axis->log ? log10(value) : value;
}

static double to_value(const iscc_plot_axis *axis, double length) {
  return axis->log ? pow(10, length) : length;
}

void iscc_plot_axis_settle(iscc_plot_axis *axis, double wished_low, double wished_high, bool room) {
  const bool wishes = wished_low != 0 || wished_high != 0; /* NAN is a wish for none */
  const bool low_fixed = wishes && iscc_plot_axis_shows(axis, wished_low);
  const bool high_fixed = wishes && iscc_plot_axis_shows(axis, wished_high);
  const bool nonnegative = axis->low >= 0;
  if (axis->low > axis->high) *axis = (iscc_plot_axis){axis->log ? 1 : 0, axis->log ? 10 : 1, axis->log};
  double low = to_length(axis, low_fixed ? wished_low : axis->low);
  double high = to_length(axis, high_fixed ? wished_high : axis->high);
  if (!(high - low > 1e-12 * fmax(fabs(low), fabs(high)))) { /* one value: some axis around it */
    const double half = axis->log || low == 0 ? 0.5 : 0.1 * fabs(low);
    const double middle_low = fmin(low, high), middle_high = fmax(low, high);
    if (!low_fixed) low = middle_low - half;
    if (!high_fixed) high = middle_high + half;
  }
  const double space = room ? ROOM * (high - low) : 0;
  axis->high = high_fixed ? wished_high : to_value(axis, high + space);
  axis->low = low_fixed ? wished_low : to_value(axis, low - space);
  if (nonnegative && !low_fixed && !axis->log) axis->low = fmax(axis->low, 0);
}

/* ---- ticks ---- */

/* The least of 1, 2, 5 times a power of ten that is not below a wanted step. */
static double round_step(double wanted) {
  const double unit = pow(10, floor(log10(wanted)));
  const double times = wanted / unit * (1 - 1e-9);
  return unit * (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10);
}

/* "2e+06" becomes 2×10⁶, "-1e-05" −10⁻⁵. */
static void write_number(double value, char text[ISCC_PLOT_TICK_TEXT]) {
  static const char *const raised[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  char plain[24];
  const char *minus = value < 0 ? "−" : "";
  snprintf(plain, sizeof plain, "%.6g", fabs(value));
  char *exponent = strchr(plain, 'e');
  if (!exponent) {
    snprintf(text, ISCC_PLOT_TICK_TEXT, "%s%s", minus, plain);
    return;
  }
  *exponent = '\0';
  const long power = strtol(exponent + 1, NULL, 10);
  char digits[8];
  snprintf(digits, sizeof digits, "%ld", labs(power) % 1000);
  const bool one = strcmp(plain, "1") == 0;
  int used = snprintf(text, ISCC_PLOT_TICK_TEXT, "%s%.10s%s10", minus, one ? "" : plain, one ? "" : "×");
  used += snprintf(text + used, ISCC_PLOT_TICK_TEXT - (size_t)used, "%s", power < 0 ? "⁻" : "");
  for (const char *d = digits; *d; d++)
    used += snprintf(text + used, ISCC_PLOT_TICK_TEXT - (size_t)used, "%s", raised[*d - '0']);
}

static void add_tick(iscc_plot_ticks *ticks, const iscc_plot_axis *axis, double value) {
  const double slack = 1e-9 * (axis->high - axis->low);
  if (ticks->count == ISCC_PLOT_TICKS_MAX || value < axis->low - (axis->log ? 1e-9 * axis->low : slack) ||
      value > axis->high + slack)
    return;
  ticks->at[ticks->count] = value;
  write_number(value, ticks->text[ticks->count]);
  ticks->text_px = fmax(ticks->text_px, iscc_gnuplot_text_px(ticks->text[ticks->count]));
  ticks->count++;
}

static void choose_even(iscc_plot_ticks *ticks, const iscc_plot_axis *axis, double wanted) {
  const double step = round_step((axis->high - axis->low) / wanted);
  const double first = ceil(axis->low / step - 1e-9);
  for (int i = 0; i < ISCC_PLOT_TICKS_MAX && (first + i - 1) * step < axis->high; i++)
    add_tick(ticks, axis, (first + i) * step + 0.0); /* no -0 */
}

/* Decades, every few of them when there are many, with 2 and 5 between when there are few. */
static void choose_logarithmic(iscc_plot_ticks *ticks, const iscc_plot_axis *axis, double wanted) {
  const double low = log10(axis->low), high = log10(axis->high);
  const int every = (int)ceil((high - low) / wanted), parts = 3 * (high - low) <= wanted + 1 ? 3 : 1;
  static const double factors[] = {1, 2, 5};
  for (int i = 0; i < ISCC_PLOT_TICKS_MAX && floor(low) + i * every <= high; i++)
    for (int k = 0; k < parts; k++) add_tick(ticks, axis, factors[k] * pow(10, floor(low) + i * every));
}

void iscc_plot_ticks_choose(iscc_plot_ticks *ticks, const iscc_plot_axis *axis, double wanted) {
  *ticks = (iscc_plot_ticks){.count = 0};
  if (axis->log) choose_logarithmic(ticks, axis, wanted);
  if (ticks->count < 3) { /* less than a decade */
    *ticks = (iscc_plot_ticks){.count = 0};
    choose_even(ticks, axis, fmax(wanted, 2));
  }
}

void iscc_plot_ticks_name(iscc_plot_ticks *ticks, const char *const *names, size_t count) {
  *ticks = (iscc_plot_ticks){.count = count < ISCC_PLOT_TICKS_MAX ? count : ISCC_PLOT_TICKS_MAX};
  for (size_t i = 0; i < ticks->count; i++) {
    ticks->at[i] = (double)(i + 1);
    snprintf(ticks->text[i], ISCC_PLOT_TICK_TEXT, "%s", names[i]);
    ticks->text_px = fmax(ticks->text_px, iscc_gnuplot_text_px(ticks->text[i]));
  }
}

void iscc_plot_ticks_write(const iscc_plot_ticks *ticks, char name, bool texts, FILE *script) {
  fprintf(script, "set %ctics out nomirror %stextcolor rgb 'black' (", name,
          name == 'x' ? "offset 0,TICK_UP " : "");
  for (size_t i = 0; i < ticks->count; i++)
    fprintf(script, "%s'%s' %.12g", i ? ", " : "", texts ? ticks->text[i] : "", ticks->at[i]);
  fputs(")\n", script);
}

/* ---- boxes ---- */

void iscc_plot_box_write(const iscc_plot_box *box, FILE *script) {
  fprintf(script,
          "set lmargin at screen %.6f\nset rmargin at screen %.6f\nset bmargin at screen %.6f\n"
          "set tmargin at screen %.6f\n",
          box->left / box->picture_width, box->right / box->picture_width, box->bottom / box->picture_height,
          box->top / box->picture_height);
}

static void write_label(const iscc_plot_box *box, const char *text, double x, double y, const char *turned,
                        FILE *script) {
  if (text && *text)
    fprintf(script, "set label '%s' at screen %.6f,%.6f center %s\n", text, x / box->picture_width,
            y / box->picture_height, turned);
}

void iscc_plot_box_label(const iscc_plot_box *box, const char *title, const char *x_label,
                         const char *y_label, FILE *script) {
  const double x = 0.5 * (box->left + box->right), y = 0.5 * (box->bottom + box->top);
  write_label(box, title, x, box->top + 16, "", script);
  write_label(box, x_label, x, box->bottom - box->below - 42, "", script);
  write_label(box, y_label, box->left - box->y_text_px - 36, y, "rotate by 90", script);
}
