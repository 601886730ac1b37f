/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-weights-figure.h"

#define MATHLIB_STANDALONE
#include <Rmath.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-bound.h"
#include "iscc-figure-files.h"

#define SHOWN_QUANTILE 0.001 /* on each side, weights beyond are not drawn */

static int rising(const void *left, const void *right) {
  const float a = *(const float *)left, b = *(const float *)right;
  return a < b ? -1 : a > b;
}

static double laplace(double w, double rate) {
  return w < 0 ? 0.5 * exp(rate * w) : 1 - 0.5 * exp(-rate * w);
}

/* The largest gap between steps of 1/n at the sorted weights and a fit. */
static double gap(double distance, size_t i, size_t n, double fit) {
  return fmax(distance, fmax(fabs((double)(i + 1) / (double)n - fit), fabs((double)i / (double)n - fit)));
}

static void fit_layer(const float *sorted, size_t n, iscc_weights_layer *out) {
  double sum = 0, magnitude = 0, squares = 0;
  for (size_t i = 0; i < n; i++) sum += (double)sorted[i], magnitude += fabs((double)sorted[i]);
  const double mean = sum / (double)n;
  for (size_t i = 0; i < n; i++) squares += pow((double)sorted[i] - mean, 2);
  const double deviation = sqrt(squares / (double)n);
  out->weights = n;
  out->rate = (double)n / magnitude;
  for (size_t i = 0; i < n; i++) {
    const double w = (double)sorted[i];
    out->laplace_distance = gap(out->laplace_distance, i, n, laplace(w, out->rate));
    out->normal_distance = gap(out->normal_distance, i, n, pnorm5(w, mean, deviation, 1, 0));
  }
  const double low = (double)sorted[(size_t)(SHOWN_QUANTILE * (double)(n - 1))];
  const double high = (double)sorted[(size_t)((1 - SHOWN_QUANTILE) * (double)(n - 1))];
  size_t at_most = 0;
  for (int k = 0; k < ISCC_WEIGHTS_POINTS; k++) {
    const double w = low + (high - low) * k / (ISCC_WEIGHTS_POINTS - 1);
    while (at_most < n && (double)sorted[at_most] <= w) at_most++;
    out->w[k] = w;
    out->share[k] = (double)at_most / (double)n;
    out->laplace[k] = laplace(w, out->rate);
    out->normal[k] = pnorm5(w, mean, deviation, 1, 0);
  }
}

iscc_status iscc_weights_measure(iscc_study *study, iscc_weights_results *r, iscc_error *error) {
  const iscc_network *net = &study->model->network;
  memset(r, 0, sizeof *r);
  for (int l = 1; l <= net->layers && r->layers < ISCC_WEIGHTS_LAYERS_MAX; l++) {
    const size_t n = net->layer[l].weights;
    if (n == 0) continue;
    float *sorted = malloc(n * sizeof *sorted);
    if (!sorted) return iscc_fail(error, ISCC_ENOMEM, "out of memory for the weights of layer %d", l);
    memcpy(sorted, study->model->weight[l], n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, rising);
    iscc_weights_layer *out = &r->layer[r->layers++];
    out->layer = l;
    snprintf(out->name, sizeof out->name, "%s", net->layer[l].name);
    fit_layer(sorted, n, out);
    double rate;
    iscc_laplace_fit(study->model->weight[l], n, sorted, &rate, &out->magnitude_distance);
    free(sorted);
  }
  return ISCC_OK;
}

static iscc_status write_csv(const iscc_study *study, const iscc_weights_results *r, iscc_error *error) {
  iscc_output_file output;
  FILE *csv = iscc_figure_csv(study, "fig7", &output, error);
  if (!csv) return ISCC_EIO;
  fputs("layer,name,weights,laplace_rate,laplace_distance,magnitude_distance,normal_distance,weight,share,"
        "laplace,normal\n",
        csv);
  for (int i = 0; i < r->layers; i++)
    for (int k = 0; k < ISCC_WEIGHTS_POINTS; k++) {
      const iscc_weights_layer *a = &r->layer[i];
      fprintf(csv, "%d,%s,%zu,%.9g,%.6g,%.6g,%.6g,%.9g,%.9g,%.9g,%.9g\n", a->layer, a->name, a->weights,
              a->rate, a->laplace_distance, a->magnitude_distance, a->normal_distance, a->w[k], a->share[k],
              a->laplace[k], a->normal[k]);
    }
  return iscc_output_end(&output, error);
}

iscc_status iscc_weights_write(const iscc_study *study, const iscc_weights_results *r, iscc_error *error) {
  enum { CURVES = 3, SHOWN = 6 };
  iscc_plot_curve curves[SHOWN][CURVES];
  iscc_plot_panel panels[SHOWN];
  char title[SHOWN][96];
  const int shown = r->layers < SHOWN ? r->layers : SHOWN;
  for (int i = 0; i < shown; i++) {
    const iscc_weights_layer *a = &r->layer[i];
    const iscc_plot_curve line = {.points = ISCC_WEIGHTS_POINTS, .x = a->w};
    for (int k = 0; k < CURVES; k++) curves[i][k] = line;
    curves[i][0].legend = "weights", curves[i][0].y = a->share, curves[i][0].colour = 6;
    curves[i][1].legend = "Laplace fit", curves[i][1].y = a->laplace, curves[i][1].colour = 1;
    curves[i][2].legend = "normal fit", curves[i][2].y = a->normal, curves[i][2].colour = 0;
    curves[i][1].style = curves[i][2].style = ISCC_PLOT_DASHED;
    snprintf(title[i], sizeof title[i], "%s: %zu weights", a->name, a->weights);
    panels[i] = (iscc_plot_panel){.title = title[i],
                                  .x_label = "weight",
                                  .y_label = "cumulative share of weights",
                                  .x_low = NAN,
                                  .x_high = NAN,
                                  .y_low = 0,
                                  .y_high = 1,
                                  .curves = curves[i],
                                  .count = CURVES};
  }
  const iscc_plot_sheet sheet = {
      .title = "Fig. 7: weights of each layer", .rows = (size_t)(shown + 2) / 3, .columns = 3};
  const iscc_status status = write_csv(study, r, error);
  return status ? status : iscc_figure_draw(study, "fig7", &sheet, panels, (size_t)shown, error);
}
