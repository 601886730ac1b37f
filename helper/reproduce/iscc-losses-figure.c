/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-losses-figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-figure-files.h"
#include "iscc-loss-fit.h"
#include "iscc-node-settings.h"
#include "iscc-observations.h"
#include "iscc-proportion.h"
#include "iscc-splits.h"
#include "iscc-sweep.h"

#define NOISY_POWER_W 0.03

static const double ratios[ISCC_LOSSES_RATIOS] = {1,    0.9, 0.8,  0.7, 0.6,  0.5,
                                                  0.45, 0.4, 0.35, 0.3, 0.25, 0.2};
static const int widths[ISCC_LOSSES_WIDTHS] = {2, 3, 4, 5, 6, 7, 8};

/* ---- measuring ---- */

typedef struct {
  iscc_study *study;
  const float *inputs;
  const uint8_t *labels;
  size_t samples;
} sample_set;

static iscc_sweep sweep_of(const sample_set *set) {
  return (iscc_sweep){.model = set->study->model,
                      .inputs = set->inputs,
                      .labels = set->labels,
                      .samples = set->samples,
                      .keep_ratio = ratios,
                      .seed = set->study->settings.seed,
                      .threads = set->study->settings.threads};
}

static iscc_status count_pruned(const sample_set *set, iscc_losses_counts *counts, iscc_error *error) {
  static const int whole[] = {ISCC_SWEEP_UNQUANTIZED};
  const int splits = set->study->model->network.layers + 1;
  int correct[ISCC_LOSSES_RATIOS * ISCC_LOSSES_SPLITS];
  iscc_sweep sweep = sweep_of(set);
  sweep.ratios = ISCC_LOSSES_RATIOS;
  sweep.bits = whole, sweep.widths = 1;
  const iscc_status status = iscc_sweep_run(&sweep, correct, NULL, error);
  for (int r = 0; r < ISCC_LOSSES_RATIOS && !status; r++)
    for (int l = 0; l < splits; l++) counts->pruned[r][l] = correct[r * splits + l];
  counts->whole = counts->pruned[0][0];
  return status;
}

static iscc_status count_quantized(const sample_set *set, iscc_losses_counts *counts, iscc_error *error) {
  const iscc_model *model = set->study->model;
  int correct[ISCC_LOSSES_SPLITS * ISCC_LOSSES_WIDTHS];
  double range[ISCC_LOSSES_SPLITS][ISCC_BITS_MAX + 1];
  for (int l = 0; l <= model->network.layers; l++)
    memcpy(range[l], model->calibration.split[l].feature_max, sizeof range[l]);
  iscc_sweep sweep = sweep_of(set);
  sweep.ratios = 1;
  sweep.bits = widths, sweep.widths = ISCC_LOSSES_WIDTHS;
  sweep.feature_max = (const double(*)[ISCC_BITS_MAX + 1]) range;
  const iscc_status status = iscc_sweep_run(&sweep, correct, NULL, error);
  for (int l = 0; l <= model->network.layers && !status; l++)
    for (int k = 0; k < ISCC_LOSSES_WIDTHS; k++)
      counts->quantized[k][l] = correct[l * ISCC_LOSSES_WIDTHS + k];
  return status;
}

static iscc_status measure(iscc_study *study, double power_w, size_t samples, iscc_losses_counts *counts,
                           iscc_error *error) {
  float *inputs = malloc(samples * ISCC_INPUT_SIZE * sizeof *inputs);
  uint8_t *labels = malloc(samples);
  iscc_status status = ISCC_OK;
  if (!inputs || !labels)
    status = iscc_fail(error, ISCC_ENOMEM, "out of memory for %zu observations", samples);
  const iscc_observations o = {.sensing = &study->model->sensing,
                               .seed = study->settings.seed,
                               .series = ISCC_SERIES_LOSSES,
                               .power_w = power_w,
                               .samples = samples,
                               .threads = study->settings.threads,
                               .progress = iscc_study_show,
                               .progress_ctx = study};
  const sample_set set = {study, inputs, labels, samples};
  if (!status) status = iscc_observations_fill(&o, inputs, labels, error);
  if (!status) status = count_pruned(&set, counts, error);
  if (!status) status = count_quantized(&set, counts, error);
  free(inputs);
  free(labels);
  return status;
}

iscc_status iscc_losses_measure(iscc_study *study, iscc_losses_results *r, iscc_error *error) {
  iscc_node_settings defaults;
  iscc_node_defaults(&defaults);
  memset(r, 0, sizeof *r);
  r->samples = study->settings.effort.losses;
  r->power_w[1] = NOISY_POWER_W;
  memcpy(r->keep_ratio, ratios, sizeof ratios);
  for (int i = 0; i < defaults.candidate_count; i++)
    if (defaults.candidates[i] <= study->model->network.layers)
      r->split[r->splits++] = defaults.candidates[i];
  iscc_study_begin(study, "fig8", (uint64_t)r->samples * ISCC_LOSSES_SETS);
  iscc_status status = ISCC_OK;
  for (int k = 0; k < ISCC_LOSSES_SETS && !status; k++) {
    char key[ISCC_DIGEST_TEXT];
    iscc_digest d = iscc_study_key(study, "losses");
    iscc_digest_real(&d, r->power_w[k]);
    iscc_digest_integer(&d, (int64_t)r->samples);
    iscc_digest_end(&d, key);
    iscc_losses_counts *counts = &r->set[k];
    if (!iscc_study_recall(study, key, counts, sizeof *counts)) {
      memset(counts, 0, sizeof *counts);
      status = measure(study, r->power_w[k], r->samples, counts, error);
      if (!status) status = iscc_study_keep(study, key, counts, sizeof *counts, error);
    }
    if (!status) status = iscc_study_advance(study, r->samples, error);
  }
  iscc_study_end(study);
  return status;
}

/* ---- what models say ---- */

typedef struct {
  double planned, one_factor, raw; /* accuracy; NAN where nothing is promised */
} models;

/* bits 0: not quantized. */
static models model_at(const iscc_study *study, double power_w, int split, double keep, int bits) {
  const iscc_calibration *c = &study->model->calibration;
  const iscc_split_calibration *s = &c->split[split];
  iscc_accuracy_curve table;
  iscc_curve_from_model(study->model, true, &table);
  const double whole = power_w > 0 ? iscc_accuracy_curve_at(&table, power_w) : c->clean_accuracy;
  const double u = iscc_pruning_shape(keep), v = bits ? iscc_quantization_shape(bits) : 0;
  models m;
  m.planned = keep < s->keep_min ? (double)NAN : whole * iscc_split_retained(s, keep, bits);
  m.one_factor = whole * (1 - s->pruning_loss_u * u - s->quantization_loss_v * v);
  m.raw = whole * (1 - (s->bound_pruning * u + s->bound_quantization * v) / s->margin);
  return m;
}

/* ---- files ---- */

static void write_row(FILE *csv, const iscc_study *study, const iscc_losses_results *r, int set, int split,
                      double keep, int bits, int correct) {
  const iscc_proportion p = iscc_proportion_of(correct, (double)r->samples);
  const models m = model_at(study, r->power_w[set], split, keep, bits);
  if (r->power_w[set] > 0)
    fprintf(csv, "%.9g", r->power_w[set]);
  else
    fputs("noise-free", csv);
  fprintf(csv, ",%d,%.9g,%d,%zu,%d,%.6f,%.6f,%.6f,", split, keep, bits, r->samples, correct, p.share, p.low,
          p.high);
  if (isfinite(m.planned)) fprintf(csv, "%.6f", m.planned);
  fprintf(csv, ",%.6f,%.9g\n", m.one_factor, m.raw);
}

static iscc_status write_csv(const iscc_study *study, const iscc_losses_results *r, iscc_error *error) {
  const int layers = study->model->network.layers;
  iscc_output_file output;
  FILE *csv = iscc_figure_csv(study, "fig8", &output, error);
  if (!csv) return ISCC_EIO;
  fputs("sensing_power_w,split,keep_ratio,bits,samples,correct,accuracy,accuracy_low,accuracy_high,planned,"
        "one_factor,raw_bound\n",
        csv);
  for (int k = 0; k < ISCC_LOSSES_SETS; k++)
    for (int l = 0; l <= layers; l++) {
      for (int i = 0; i < ISCC_LOSSES_RATIOS && l; i++)
        write_row(csv, study, r, k, l, r->keep_ratio[i], 0, r->set[k].pruned[i][l]);
      for (int q = 0; q < ISCC_LOSSES_WIDTHS && l < layers; q++)
        write_row(csv, study, r, k, l, 1, widths[q], r->set[k].quantized[q][l]);
    }
  return iscc_output_end(&output, error);
}

enum { DRAWN = 5, POINTS = ISCC_LOSSES_RATIOS, STYLES = 3, CURVES = DRAWN * STYLES + STYLES + 1 };

typedef struct { /* of a panel: over p or over Q */
  double x[POINTS], y[DRAWN][STYLES][POINTS], low[DRAWN][POINTS], high[DRAWN][POINTS], raw[POINTS];
  char legend[DRAWN][16];
  iscc_plot_curve curve[CURVES];
  size_t curves;
} panel;

static void add_curve(panel *p, const char *legend, const double *y, size_t points, iscc_plot_style style,
                      int colour) {
  p->curve[p->curves++] = (iscc_plot_curve){
      .legend = legend, .points = points, .x = p->x, .y = y, .style = style, .colour = colour};
}

/* over_bits: over Q at p = 1, else over p unquantized. */
static void fill_panel(const iscc_study *study, const iscc_losses_results *r, int set, bool over_bits,
                       panel *p) {
  const int n = over_bits ? ISCC_LOSSES_WIDTHS : ISCC_LOSSES_RATIOS, layers = study->model->network.layers;
  memset(p, 0, sizeof *p);
  int drawn = 0;
  for (int i = 0; i < r->splits && drawn < DRAWN; i++) {
    const int l = r->split[i];
    if (over_bits ? l == layers : l == 0) continue;
    for (int k = 0; k < n; k++) {
      const double keep = over_bits ? 1 : r->keep_ratio[k];
      const int bits = over_bits ? widths[k] : 0;
      const int correct = over_bits ? r->set[set].quantized[k][l] : r->set[set].pruned[k][l];
      const iscc_proportion share = iscc_proportion_of(correct, (double)r->samples);
      const models m = model_at(study, r->power_w[set], l, keep, bits);
      p->x[k] = over_bits ? bits : keep;
      p->y[drawn][0][k] = share.share, p->low[drawn][k] = share.low, p->high[drawn][k] = share.high;
      p->y[drawn][1][k] = m.planned;
      p->y[drawn][2][k] = fmax(m.one_factor, 0);
      p->raw[k] = fmax(p->raw[k], m.raw); /* the best of the splits */
    }
    snprintf(p->legend[drawn], sizeof p->legend[drawn], "l = %d", l);
    add_curve(p, p->legend[drawn], p->y[drawn][0], (size_t)n, ISCC_PLOT_MARKS, i);
    p->curve[p->curves - 1].y_low = p->low[drawn], p->curve[p->curves - 1].y_high = p->high[drawn];
    add_curve(p, NULL, p->y[drawn][1], (size_t)n, ISCC_PLOT_LINE, i);
    add_curve(p, NULL, p->y[drawn][2], (size_t)n, ISCC_PLOT_DASHED, i);
    drawn++;
  }
  add_curve(p, "raw bound of the best split, cut at 0", p->raw, (size_t)n, ISCC_PLOT_LINE, 7);
  add_curve(p, "planned with", NULL, 0, ISCC_PLOT_LINE, 6);
  add_curve(p, "one factor of u(p), v(Q)", NULL, 0, ISCC_PLOT_DASHED, 6);
}

iscc_status iscc_losses_write(const iscc_study *study, const iscc_losses_results *r, iscc_error *error) {
  panel filled[ISCC_LOSSES_SETS * 2];
  iscc_plot_panel panels[ISCC_LOSSES_SETS * 2];
  char title[ISCC_LOSSES_SETS * 2][64];
  for (int i = 0; i < ISCC_LOSSES_SETS * 2; i++) {
    const int set = i / 2;
    const bool over_bits = i % 2;
    fill_panel(study, r, set, over_bits, &filled[i]);
    if (r->power_w[set] > 0)
      snprintf(title[i], sizeof title[i], "%s, sensing power %.0f mW", over_bits ? "Quantized" : "Pruned",
               1e3 * r->power_w[set]);
    else
      snprintf(title[i], sizeof title[i], "%s, noise-free", over_bits ? "Quantized" : "Pruned");
    panels[i] =
        (iscc_plot_panel){.title = title[i],
                          .x_label = over_bits ? "bits Q of a feature" : "share p of the weights kept",
                          .y_label = "share of right answers",
                          .x_low = NAN,
                          .x_high = NAN,
                          .y_low = 0,
                          .y_high = 1,
                          .curves = filled[i].curve,
                          .count = filled[i].curves};
  }
  const iscc_plot_sheet sheet = {.title = "Fig. 8: accuracy of the pruned and of the quantized network",
                                 .rows = ISCC_LOSSES_SETS,
                                 .columns = 2};
  const iscc_status status = write_csv(study, r, error);
  return status ? status : iscc_figure_draw(study, "fig8", &sheet, panels, ISCC_LOSSES_SETS * 2, error);
}
