/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-sensing-figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-discriminant.h"
#include "iscc-figure-files.h"
#include "iscc-mean-interval.h"
#include "iscc-observations.h"
#include "iscc-parallel.h"
#include "iscc-pca.h"
#include "iscc-proportion.h"
#include "iscc-splits.h"
#include "iscc-ssim.h"
#include "iscc-sweep.h"

/* Principal components that the gain is summed over, at most; a share of the samples in a small study. */
enum { COMPONENTS_MAX = 32 };

static const double powers_w[] = {0.002, 0.003, 0.005, 0.007, 0.01, 0.014, 0.02, 0.03,
                                  0.05,  0.07,  0.1,   0.2,   0.3,  0.5,   1};
static const double quick_powers_w[] = {0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.3, 1};

typedef struct { /* of one sensing power; reference and pca are the noise-free samples' */
  iscc_study *study;
  size_t samples;
  float *input, *reference;
  uint8_t *label;
  double *ssim; /* of each sample */
  iscc_pca *pca;
} bench;

static void release(bench *b) {
  free(b->input), free(b->reference), free(b->label), free(b->ssim);
  iscc_pca_destroy(b->pca);
}

static iscc_status observe(const bench *b, double power_w, float *input, iscc_error *error) {
  const iscc_study *s = b->study;
  const iscc_observations o = {.sensing = &s->model->sensing,
                               .seed = s->settings.seed,
                               .series = ISCC_SERIES_SENSING,
                               .power_w = power_w,
                               .samples = b->samples,
                               .threads = s->settings.threads,
                               .progress = iscc_study_show,
                               .progress_ctx = b->study};
  return iscc_observations_fill(&o, input, b->label, error);
}

/* Memory, the noise-free inputs and their components: not before something has to be measured. */
static iscc_status prepare(bench *b, iscc_error *error) {
  if (b->reference) return ISCC_OK;
  b->input = malloc(b->samples * ISCC_INPUT_SIZE * sizeof *b->input);
  b->reference = malloc(b->samples * ISCC_INPUT_SIZE * sizeof *b->reference);
  b->label = malloc(b->samples);
  b->ssim = malloc(b->samples * sizeof *b->ssim);
  if (!b->input || !b->reference || !b->label || !b->ssim)
    return iscc_fail(error, ISCC_ENOMEM, "out of memory for %zu observations", b->samples);
  const size_t fitted = b->samples < 1500 ? b->samples : 1500;
  const int components = fitted / 4 < COMPONENTS_MAX ? (int)(fitted / 4) : COMPONENTS_MAX;
  iscc_status status = observe(b, ISCC_OBSERVATIONS_NOISE_FREE, b->reference, error);
  if (!status) status = iscc_pca_fit(b->reference, fitted, ISCC_INPUT_SIZE, components, &b->pca, error);
  return status;
}

static iscc_status count_correct(const bench *b, const float *input, uint64_t *correct, iscc_error *error) {
  static const double whole[] = {1};
  static const int width[] = {ISCC_SWEEP_UNQUANTIZED}, split[] = {0};
  int counts[ISCC_LAYERS_MAX + 1];
  const iscc_sweep sweep = {.model = b->study->model,
                            .inputs = input,
                            .labels = b->label,
                            .samples = b->samples,
                            .keep_ratio = whole,
                            .ratios = 1,
                            .bits = width,
                            .widths = 1,
                            .split = split,
                            .splits = 1,
                            .threads = b->study->settings.threads};
  const iscc_status status = iscc_sweep_run(&sweep, counts, NULL, error);
  if (!status) *correct = (uint64_t)counts[0];
  return status;
}

static iscc_status compare_one(void *ctx, int thread, size_t i, iscc_error *error) {
  const bench *b = ctx;
  (void)thread;
  return iscc_ssim_input(b->input + i * ISCC_INPUT_SIZE, b->reference + i * ISCC_INPUT_SIZE, &b->ssim[i],
                         error);
}

static iscc_status compare(bench *b, iscc_sensing_quality *q, iscc_error *error) {
  const iscc_status status =
      iscc_parallel_for(b->study->settings.threads, b->samples, compare_one, NULL, b, error);
  if (status) return status;
  const iscc_mean_interval mean = iscc_mean_interval_of(b->ssim, b->samples);
  q->ssim = mean.value, q->ssim_half_width = mean.half_width;
  return ISCC_OK;
}

typedef struct {
  float *projected; /* samples x components */
  uint8_t *label;
} features;

/* Gain of all samples but those of a group; -1: of all. Motions take turns, so that a group of neighbours has
 * all of them alike. */
static iscc_status gain_without(const bench *b, const features *all, features *kept, int group, double *gain,
                                iscc_error *error) {
  const size_t d = (size_t)b->pca->components;
  size_t n = 0;
  for (size_t i = 0; i < b->samples; i++) {
    if ((int)(i * ISCC_SENSING_GROUPS / b->samples) == group) continue;
    memcpy(kept->projected + n * d, all->projected + i * d, d * sizeof *kept->projected);
    kept->label[n++] = all->label[i];
  }
  return iscc_discriminant_gain(kept->projected, kept->label, n, (int)d, ISCC_MOTION_COUNT, gain, error);
}

static iscc_status find_gain(const bench *b, const float *input, iscc_sensing_quality *q, iscc_error *error) {
  const size_t d = (size_t)b->pca->components;
  features all = {malloc(b->samples * d * sizeof *all.projected), b->label};
  features kept = {malloc(b->samples * d * sizeof *kept.projected), malloc(b->samples)};
  iscc_status status = ISCC_OK;
  if (!all.projected || !kept.projected || !kept.label)
    status = iscc_fail(error, ISCC_ENOMEM, "out of memory for principal components");
  for (size_t i = 0; i < b->samples && !status; i++)
    iscc_pca_project(b->pca, (int)d, input + i * ISCC_INPUT_SIZE, all.projected + i * d);
  double whole = 0, without[ISCC_SENSING_GROUPS];
  if (!status) status = gain_without(b, &all, &kept, -1, &whole, error);
  for (int g = 0; g < ISCC_SENSING_GROUPS && !status; g++)
    status = gain_without(b, &all, &kept, g, &without[g], error);
  if (!status) {
    const iscc_mean_interval gain = iscc_jackknife_interval(whole, without, ISCC_SENSING_GROUPS);
    q->gain = gain.value, q->gain_half_width = gain.half_width;
  }
  free(all.projected);
  free(kept.projected);
  free(kept.label);
  return status;
}

/* power_w: ISCC_OBSERVATIONS_NOISE_FREE for the reference itself. */
static iscc_status measure(bench *b, double power_w, iscc_sensing_quality *q, iscc_error *error) {
  iscc_status status = prepare(b, error);
  const float *input = power_w > 0 ? b->input : b->reference;
  if (!status && power_w > 0) status = observe(b, power_w, b->input, error);
  if (!status) status = count_correct(b, input, &q->correct, error);
  if (!status) status = find_gain(b, input, q, error);
  q->ssim = 1;
  if (!status && power_w > 0) status = compare(b, q, error);
  return status;
}

static iscc_status recall_or_measure(bench *b, double power_w, iscc_sensing_quality *q, iscc_error *error) {
  char key[ISCC_DIGEST_TEXT];
  iscc_digest d = iscc_study_key(b->study, "quality of sensing");
  iscc_digest_real(&d, power_w);
  iscc_digest_integer(&d, (int64_t)b->samples);
  iscc_digest_end(&d, key);
  iscc_status status = ISCC_OK;
  if (!iscc_study_recall(b->study, key, q, sizeof *q)) {
    memset(q, 0, sizeof *q);
    status = measure(b, power_w, q, error);
    if (!status) status = iscc_study_keep(b->study, key, q, sizeof *q, error);
  }
  return status ? status : iscc_study_advance(b->study, b->samples, error);
}

iscc_status iscc_sensing_measure(iscc_study *study, iscc_sensing_results *r, iscc_error *error) {
  const bool quick = study->settings.quick;
  memset(r, 0, sizeof *r);
  r->samples = study->settings.effort.curve;
  r->powers = quick ? sizeof quick_powers_w / sizeof *quick_powers_w : sizeof powers_w / sizeof *powers_w;
  bench b = {.study = study, .samples = r->samples};
  iscc_study_begin(study, "fig4", (uint64_t)r->samples * (uint64_t)(r->powers + 1));
  iscc_status status = recall_or_measure(&b, ISCC_OBSERVATIONS_NOISE_FREE, &r->clean, error);
  for (int k = 0; k < r->powers && !status; k++) {
    r->power_w[k] = quick ? quick_powers_w[k] : powers_w[k];
    status = recall_or_measure(&b, r->power_w[k], &r->point[k], error);
  }
  iscc_study_end(study);
  release(&b);
  return status;
}

/* ---- files ---- */

typedef struct { /* as drawn */
  double power_mw[ISCC_SENSING_POWERS_MAX], accuracy[ISCC_SENSING_POWERS_MAX], low[ISCC_SENSING_POWERS_MAX],
      high[ISCC_SENSING_POWERS_MAX], arctan[ISCC_SENSING_POWERS_MAX], table[ISCC_SENSING_POWERS_MAX],
      ssim[ISCC_SENSING_POWERS_MAX], ssim_low[ISCC_SENSING_POWERS_MAX], ssim_high[ISCC_SENSING_POWERS_MAX],
      gain[ISCC_SENSING_POWERS_MAX], gain_low[ISCC_SENSING_POWERS_MAX], gain_high[ISCC_SENSING_POWERS_MAX];
} columns;

static void fill_columns(const iscc_study *study, const iscc_sensing_results *r, columns *c) {
  const iscc_calibration *a = &study->model->calibration;
  iscc_accuracy_curve table;
  iscc_curve_from_model(study->model, true, &table);
  for (int k = 0; k < r->powers; k++) {
    const iscc_proportion p = iscc_proportion_of((double)r->point[k].correct, (double)r->samples);
    c->power_mw[k] = 1e3 * r->power_w[k];
    c->accuracy[k] = p.share, c->low[k] = p.low, c->high[k] = p.high;
    c->arctan[k] = a->arctan_a * atan(a->arctan_b_per_w * r->power_w[k]);
    c->table[k] =
        r->power_w[k] < table.power_w[0] ? (double)NAN : iscc_accuracy_curve_at(&table, r->power_w[k]);
    c->ssim[k] = r->point[k].ssim;
    c->ssim_low[k] = r->point[k].ssim - r->point[k].ssim_half_width;
    c->ssim_high[k] = r->point[k].ssim + r->point[k].ssim_half_width;
    c->gain[k] = r->point[k].gain;
    c->gain_low[k] = r->point[k].gain - r->point[k].gain_half_width;
    c->gain_high[k] = r->point[k].gain + r->point[k].gain_half_width;
  }
}

static iscc_status write_csv(const iscc_study *study, const iscc_sensing_results *r, const columns *c,
                             iscc_error *error) {
  iscc_output_file output;
  FILE *csv = iscc_figure_csv(study, "fig4", &output, error);
  if (!csv) return ISCC_EIO;
  fputs("sensing_power_w,samples,correct,accuracy,accuracy_low,accuracy_high,arctan,table,ssim,ssim_low,"
        "ssim_high,discriminant_gain,gain_low,gain_high\n",
        csv);
  for (int k = 0; k < r->powers; k++) {
    fprintf(csv, "%.9g,%zu,%llu,%.6f,%.6f,%.6f,%.6f,", r->power_w[k], r->samples,
            (unsigned long long)r->point[k].correct, c->accuracy[k], c->low[k], c->high[k], c->arctan[k]);
    if (isfinite(c->table[k])) fprintf(csv, "%.6f", c->table[k]);
    fprintf(csv, ",%.6f,%.6f,%.6f,%.6f,%.6f,%.6f\n", c->ssim[k], c->ssim_low[k], c->ssim_high[k], c->gain[k],
            c->gain_low[k], c->gain_high[k]);
  }
  const iscc_proportion clean = iscc_proportion_of((double)r->clean.correct, (double)r->samples);
  fprintf(csv, "noise-free,%zu,%llu,%.6f,%.6f,%.6f,,,1,1,1,%.6f,%.6f,%.6f\n", r->samples,
          (unsigned long long)r->clean.correct, clean.share, clean.low, clean.high, r->clean.gain,
          r->clean.gain - r->clean.gain_half_width, r->clean.gain + r->clean.gain_half_width);
  return iscc_output_end(&output, error);
}

iscc_status iscc_sensing_write(const iscc_study *study, const iscc_sensing_results *r, iscc_error *error) {
  columns c;
  fill_columns(study, r, &c);
  const size_t n = (size_t)r->powers;
  const iscc_plot_curve accuracy[] = {
      {"measured, 95 % interval", n, c.power_mw, c.accuracy, c.low, c.high, ISCC_PLOT_MARKS, 6, NULL, 0},
      {"arctan fit", n, c.power_mw, c.arctan, NULL, NULL, ISCC_PLOT_DASHED, 1, NULL, 0},
      {"table that is planned with", n, c.power_mw, c.table, NULL, NULL, ISCC_PLOT_LINE, 0, NULL, 0}};
  const iscc_plot_curve ssim = {NULL, n,    c.power_mw, c.ssim, c.ssim_low, c.ssim_high, ISCC_PLOT_LINE_MARKS,
                                2,    NULL, 0};
  const iscc_plot_curve gain = {NULL, n,    c.power_mw, c.gain, c.gain_low, c.gain_high, ISCC_PLOT_LINE_MARKS,
                                3,    NULL, 0};
  const iscc_plot_panel panels[] = {{"Accuracy", "sensing power in mW", "share of right answers", true, false,
                                     NAN, NAN, NAN, 1, accuracy, 3, NULL, 0},
                                    {"Similarity (SSIM)", "sensing power in mW",
                                     "mean SSIM with the noise-free input", true, false, NAN, NAN, 0, 1,
                                     &ssim, 1, NULL, 0},
                                    {"Discriminant gain", "sensing power in mW", "mean gain of class pairs",
                                     true, false, NAN, NAN, 0, NAN, &gain, 1, NULL, 0}};
  const iscc_plot_sheet sheet = {.title = "Fig. 4: what sensing power is worth", .rows = 1, .columns = 3};
  const iscc_status status = write_csv(study, r, &c, error);
  return status ? status : iscc_figure_draw(study, "fig4", &sheet, panels, 3, error);
}
