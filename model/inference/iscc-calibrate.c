/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-calibrate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-bound.h"
#include "iscc-curve-fit.h"
#include "iscc-loss-fit.h"
#include "iscc-observations.h"
#include "iscc-parallel.h"
#include "iscc-split-network.h"
#include "iscc-sweep.h"

/* Losses are measured on noise-free samples and on sets with receiver noise, at the powers where the curve
 * lies these parts of the clean accuracy below it: where plans for targets from .80 to .96 operate. */
enum { SETS = 4 };
static const double set_drop[SETS] = {0, 0.02, 0.07, 0.15};

static const double keep_ratios[] = {1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.45, 0.4, 0.35, 0.3, 0.25, 0.2};
static const int widths[] = {ISCC_SWEEP_UNQUANTIZED, 2, 3, 4, 5, 6, 7, 8};
enum { RATIOS = sizeof keep_ratios / sizeof *keep_ratios, WIDTHS = sizeof widths / sizeof *widths };

/* Candidates for f_max as parts of the largest feature, judged by the accuracy at each width. */
enum { RANGES = 9, RANGE_SAMPLES = 500 };
#define RANGE_STEP 0.8
static const int *const range_widths = widths + 1;
enum { RANGE_WIDTHS = WIDTHS - 1 };

/* s_low of eq. (14): this quantile of the score over the samples classified right. */
#define SCORE_QUANTILE 0.01

/* The arctan is fitted from this power on (doc/accuracy-model.rst tells why not below). */
#define ARCTAN_POWER_MIN_W 0.01

/* Relative costs of a noisy sample, of a block of a sweep, of a block of a range trial; for the progress
 * only. */
enum { SAMPLE_COST = 1, SWEEP_COST = 12, RANGE_COST = 4 };

typedef struct {
  float *inputs;
  uint8_t *labels;
  double base; /* accuracy of the whole network on them */
} sample_set;

typedef struct {
  const iscc_calibrate_settings *settings;
  const iscc_model *model;
  int threads;
  int ratios; /* keep ratios tried; 1: the device's weights are not pruned */
  iscc_calibration result;
  sample_set set[SETS];
  double pca_accuracy[ISCC_PCA_MAX][ISCC_CURVE_POINTS_MAX]; /* measured */
  uint64_t done, total, cost; /* progress: finished steps, all steps, cost of a piece now */
} calibration;

void iscc_calibrate_defaults(iscc_calibrate_settings *settings) {
  *settings = (iscc_calibrate_settings){.seed = 1,
                                        .curve_points = 14,
                                        .power_min_w = 0.005,
                                        .power_max_w = 1,
                                        .curve_samples = 3000,
                                        .split_samples = 1500};
}

static iscc_status check(const iscc_calibrate_settings *s, const iscc_model *model, iscc_error *error) {
  enum { SAMPLES_MIN = 20, SAMPLES_MAX = 1000000 };
  if (s->curve_points < 4 || s->curve_points > ISCC_CURVE_POINTS_MAX)
    return iscc_fail(error, ISCC_EINVAL, "curve_points: %d is outside 4..%d", s->curve_points,
                     ISCC_CURVE_POINTS_MAX);
  if (!(s->power_min_w > 0 && s->power_max_w > s->power_min_w && isfinite(s->power_max_w)))
    return iscc_fail(error, ISCC_EINVAL, "power_min_w, power_max_w: %g, %g are not positive and rising",
                     s->power_min_w, s->power_max_w);
  if (s->curve_samples < SAMPLES_MIN || s->curve_samples > SAMPLES_MAX)
    return iscc_fail(error, ISCC_EINVAL, "curve_samples: %d is outside %d..%d", s->curve_samples, SAMPLES_MIN,
                     SAMPLES_MAX);
  if (s->split_samples < SAMPLES_MIN || s->split_samples > SAMPLES_MAX)
    return iscc_fail(error, ISCC_EINVAL, "split_samples: %d is outside %d..%d", s->split_samples, SAMPLES_MIN,
                     SAMPLES_MAX);
  if (model->network.inputs != ISCC_INPUT_SIZE || model->network.classes != ISCC_MOTION_COUNT)
    return iscc_fail(error, ISCC_EINVAL,
                     "network: %zu inputs and %d classes do not fit the sensing chain's %d and %d",
                     model->network.inputs, model->network.classes, ISCC_INPUT_SIZE, ISCC_MOTION_COUNT);
  return ISCC_OK;
}

/* ---- progress ---- */

static bool show(void *ctx, size_t done) {
  const calibration *c = ctx;
  return c->settings->progress(c->settings->progress_ctx, c->done + done * c->cost, c->total);
}

static iscc_parallel_progress *begin_step(calibration *c, uint64_t cost) {
  c->cost = cost;
  return c->settings->progress ? show : NULL;
}

static void end_step(calibration *c, size_t pieces) {
  c->done += pieces * c->cost;
}

static void plan_steps(calibration *c) {
  const uint64_t samples = (uint64_t)c->settings->split_samples, blocks = (samples + 19) / 20;
  c->total = (uint64_t)c->settings->curve_points * (uint64_t)c->settings->curve_samples * SAMPLE_COST +
             SETS * samples * SAMPLE_COST +
             SETS * blocks * (uint64_t)(RATIOS + c->model->pca_count) * SWEEP_COST;
}

/* ---- accuracy over sensing power ---- */

static double power_at(const iscc_calibrate_settings *s, int k) {
  return s->power_min_w * pow(s->power_max_w / s->power_min_w, k / (s->curve_points - 1.0));
}

static iscc_observations observations(calibration *c, double power_w, int samples) {
  return (iscc_observations){.sensing = &c->model->sensing,
                             .seed = c->settings->seed,
                             .power_w = power_w,
                             .samples = (size_t)samples,
                             .threads = c->threads,
                             .progress_ctx = c};
}

static iscc_status measure_curve(calibration *c, iscc_error *error) {
  const iscc_calibrate_settings *s = c->settings;
  iscc_calibration *r = &c->result;
  const int pca = c->model->pca_count;
  const iscc_model *models[1 + ISCC_PCA_MAX] = {c->model};
  for (int i = 0; i < pca; i++) models[1 + i] = c->model->pca[i];
  r->curve_points = s->curve_points;
  r->curve_samples = s->curve_samples;
  for (int k = 0; k < s->curve_points; k++) {
    iscc_observations o = observations(c, power_at(s, k), s->curve_samples);
    o.progress = begin_step(c, SAMPLE_COST);
    r->power_w[k] = o.power_w;
    double accuracy[1 + ISCC_PCA_MAX];
    const iscc_status status = iscc_observations_accuracy(&o, models, 1 + pca, accuracy, error);
    if (status) return status;
    r->measured_accuracy[k] = accuracy[0];
    for (int i = 0; i < pca; i++) c->pca_accuracy[i][k] = accuracy[1 + i];
    end_step(c, o.samples);
  }
  return ISCC_OK;
}

/* Smallest rise of the concave table from point to point that is more than rounding. */
#define CURVE_STEP_MIN 1e-9

static iscc_status fit_curve(calibration *c, iscc_error *error) {
  iscc_calibration *r = &c->result;
  int first = 0;
  while (first + 4 < r->curve_points && r->power_w[first] < ARCTAN_POWER_MIN_W * (1 - 1e-9)) first++;
  iscc_status status =
      iscc_arctan_fit(r->power_w + first, r->measured_accuracy + first, r->curve_points - first, &r->arctan_a,
                      &r->arctan_b_per_w, &r->arctan_rmse, error);
  if (r->arctan_a > M_2_PI) r->arctan_a = M_2_PI; /* no accuracy above 1, at any power */
  r->concave_points = r->curve_points;
  memcpy(r->concave_power_w, r->power_w, sizeof r->power_w);
  if (!status)
    status = iscc_concave_fit(r->power_w, r->measured_accuracy, r->curve_points, r->concave_accuracy, error);
  /* the table must increase; where it no longer does, it ends, and stays constant from there on */
  while (r->concave_points > 2 && r->concave_accuracy[r->concave_points - 1] <=
                                      r->concave_accuracy[r->concave_points - 2] + CURVE_STEP_MIN)
    r->concave_points--;
  return status;
}

/* ---- samples of the sweeps ---- */

/* The measured power whose accuracy lies nearest to the clean one less the drop. */
static double power_of_drop(const iscc_calibration *r, double drop) {
  int best = 0;
  for (int k = 1; k < r->curve_points; k++)
    if (fabs(r->measured_accuracy[k] - r->clean_accuracy * (1 - drop)) <
        fabs(r->measured_accuracy[best] - r->clean_accuracy * (1 - drop)))
      best = k;
  return r->power_w[best];
}

static iscc_status make_set(calibration *c, int k, iscc_error *error) {
  sample_set *set = &c->set[k];
  const double power_w = k ? power_of_drop(&c->result, set_drop[k]) : ISCC_OBSERVATIONS_NOISE_FREE;
  iscc_observations o = observations(c, power_w, c->settings->split_samples);
  o.progress = begin_step(c, SAMPLE_COST);
  set->inputs = malloc(o.samples * ISCC_INPUT_SIZE * sizeof *set->inputs);
  set->labels = malloc(o.samples);
  if (!set->inputs || !set->labels)
    return iscc_fail(error, ISCC_ENOMEM, "out of memory for %zu calibration samples", o.samples);
  const iscc_status status = iscc_observations_fill(&o, set->inputs, set->labels, error);
  if (!status) end_step(c, o.samples);
  return status;
}

static int rising(const void *left, const void *right) {
  const double a = *(const double *)left, b = *(const double *)right;
  return a < b ? -1 : a > b;
}

/* The clean set through the whole network: its accuracy, and s_low. */
static iscc_status score_clean(calibration *c, double *score_low, iscc_error *error) {
  const size_t n = (size_t)c->settings->split_samples;
  iscc_split_network *net;
  iscc_status status = iscc_split_network_create(c->model, &net, error);
  if (status) return status;
  double *right = malloc(n * sizeof *right);
  if (!right) status = iscc_fail(error, ISCC_ENOMEM, "out of memory for the scores of %zu samples", n);
  size_t count = 0;
  for (size_t i = 0; !status && i < n; i++) {
    float scores[ISCC_MOTION_COUNT];
    status = iscc_split_network_server(net, 0, c->set[0].inputs + i * ISCC_INPUT_SIZE, scores, error);
    const double score = iscc_margin_score(scores, ISCC_MOTION_COUNT, c->set[0].labels[i]);
    if (score > 0) right[count++] = score;
  }
  if (!status && count == 0) status = iscc_fail(error, ISCC_EINVAL, "the network classifies no sample right");
  if (!status) {
    qsort(right, count, sizeof *right, rising);
    *score_low = right[(size_t)(SCORE_QUANTILE * (double)(count - 1))];
    c->result.clean_accuracy = (double)count / (double)n;
    c->result.split_samples = (int)n;
  }
  free(right);
  iscc_split_network_destroy(net);
  return status;
}

/* ---- quantizer ranges ---- */

static iscc_sweep sweep_over(const calibration *c, int set) {
  return (iscc_sweep){.model = c->model,
                      .inputs = c->set[set].inputs,
                      .labels = c->set[set].labels,
                      .samples = (size_t)c->settings->split_samples,
                      .keep_ratio = keep_ratios,
                      .ratios = 1,
                      .bits = range_widths,
                      .widths = RANGE_WIDTHS,
                      .seed = c->settings->seed + (uint64_t)set,
                      .threads = c->threads,
                      .progress_ctx = (void *)(uintptr_t)c};
}

/* Right answers of each split and width over all sets, the quantizers reaching up to range[l]. */
static iscc_status try_ranges(calibration *c, const double *range, int *sum, iscc_error *error) {
  const int splits = c->model->network.layers + 1;
  int correct[(ISCC_LAYERS_MAX + 1) * RANGE_WIDTHS];
  double table[ISCC_LAYERS_MAX + 1][ISCC_BITS_MAX + 1];
  for (int l = 0; l < splits; l++)
    for (int bits = 0; bits <= ISCC_BITS_MAX; bits++) table[l][bits] = range[l];
  memset(sum, 0, (size_t)splits * RANGE_WIDTHS * sizeof *sum);
  iscc_status status = ISCC_OK;
  for (int set = 0; !status && set < SETS; set++) {
    iscc_sweep sweep = sweep_over(c, set);
    sweep.feature_max = (const double(*)[ISCC_BITS_MAX + 1]) table;
    if (sweep.samples > RANGE_SAMPLES) sweep.samples = RANGE_SAMPLES;
    status = iscc_sweep_run(&sweep, correct, NULL, error);
    for (int i = 0; !status && i < splits * RANGE_WIDTHS; i++) sum[i] += correct[i];
  }
  return status;
}

/* f_max of each split and width: the part of the largest feature with the most right answers over all sets;
 * the larger of equal ones. Few bits want a small step, many bits want little clipped. */
static iscc_status choose_ranges(calibration *c, iscc_error *error) {
  const int layers = c->model->network.layers;
  int sum[(ISCC_LAYERS_MAX + 1) * RANGE_WIDTHS], best[(ISCC_LAYERS_MAX + 1) * RANGE_WIDTHS];
  double largest[ISCC_LAYERS_MAX + 1], range[ISCC_LAYERS_MAX + 1];
  iscc_sweep sweep = sweep_over(c, 0);
  iscc_status status = iscc_sweep_ranges(&sweep, largest, error);
  for (int k = 0; !status && k < RANGES; k++) {
    for (int l = 0; l <= layers; l++) range[l] = fmax(largest[l], 1e-30) * pow(RANGE_STEP, k);
    status = try_ranges(c, range, sum, error);
    for (int i = 0; !status && i < (layers + 1) * RANGE_WIDTHS; i++) {
      if (k && sum[i] <= best[i]) continue;
      best[i] = sum[i];
      c->result.split[i / RANGE_WIDTHS].feature_max[range_widths[i % RANGE_WIDTHS]] = range[i / RANGE_WIDTHS];
    }
  }
  for (int l = 0; !status && l <= layers; l++) /* widths not tried: as the widest that was */
    for (int bits = widths[WIDTHS - 1] + 1; bits <= ISCC_BITS_MAX; bits++)
      c->result.split[l].feature_max[bits] = c->result.split[l].feature_max[bits - 1];
  return status;
}

/* ---- losses ---- */

static iscc_status run_sweeps(calibration *c, int *correct, size_t row, iscc_error *error) {
  double range[ISCC_LAYERS_MAX + 1][ISCC_BITS_MAX + 1], clipped[(ISCC_LAYERS_MAX + 1) * WIDTHS] = {0};
  for (int l = 0; l <= c->model->network.layers; l++)
    memcpy(range[l], c->result.split[l].feature_max, sizeof range[l]);
  for (int set = 0; set < SETS; set++) {
    iscc_sweep sweep = sweep_over(c, set);
    sweep.feature_max = (const double(*)[ISCC_BITS_MAX + 1]) range;
    sweep.ratios = c->ratios;
    sweep.bits = widths, sweep.widths = WIDTHS;
    sweep.progress = begin_step(c, SWEEP_COST);
    int *counts = correct + (size_t)set * RATIOS * row; /* room for all ratios */
    const iscc_status status = iscc_sweep_run(&sweep, counts, set ? NULL : clipped, error);
    if (status) return status;
    end_step(c, iscc_sweep_pieces(&sweep));
    /* p = 1, nothing quantized, nothing at the server: the whole network */
    c->set[set].base = (double)counts[(size_t)c->model->network.layers * WIDTHS] / c->settings->split_samples;
  }
  for (int l = 0; l <= c->model->network.layers; l++)
    for (int bits = ISCC_BITS_MIN, k = 1; bits <= ISCC_BITS_MAX; bits++, k += k + 1 < WIDTHS)
      c->result.split[l].clipped_share[bits] = clipped[l * WIDTHS + k];
  return ISCC_OK;
}

/* The runs of one split. Without device layers pruning means nothing; with all of them there nothing is sent.
 */
static size_t collect_points(const calibration *c, const int *correct, size_t row, int split,
                             iscc_loss_point *points) {
  size_t n = 0;
  for (int set = 0; set < SETS; set++)
    for (int r = 0; r < (split ? c->ratios : 1); r++)
      for (int w = 0; w < (split < c->model->network.layers ? WIDTHS : 1); w++) {
        const int count =
            correct[((size_t)set * RATIOS + (size_t)r) * row + (size_t)split * WIDTHS + (size_t)w];
        if (c->set[set].base > 0)
          points[n++] = (iscc_loss_point){.keep_ratio = keep_ratios[r],
                                          .bits = widths[w],
                                          .base = c->set[set].base,
                                          .accuracy = (double)count / c->settings->split_samples};
      }
  return n;
}

static iscc_status measure_losses(calibration *c, iscc_error *error) {
  const int layers = c->model->network.layers;
  const size_t row = ((size_t)layers + 1) * WIDTHS;
  int *correct = malloc(SETS * RATIOS * row * sizeof *correct);
  if (!correct) return iscc_fail(error, ISCC_ENOMEM, "out of memory for the sweeps' counts");
  iscc_loss_settings fit;
  iscc_loss_defaults(&fit);
  iscc_status status = run_sweeps(c, correct, row, error);
  for (int l = 0; !status && l <= layers; l++) {
    iscc_loss_point points[SETS * RATIOS * WIDTHS];
    const size_t n = collect_points(c, correct, row, l, points);
    status = iscc_loss_fit(&fit, points, n, &c->result.split[l], error);
  }
  free(correct);
  return status;
}

/* ---- classifiers on principal components ---- */

/* One of them, on the samples and curve powers of the whole: its projection is split 1, and is not pruned. */
static iscc_status measure_pca(calibration *whole, int i, iscc_error *error) {
  calibration *c = calloc(1, sizeof *c);
  if (!c) return iscc_fail(error, ISCC_ENOMEM, "out of memory calibrating");
  *c = *whole;
  c->model = whole->model->pca[i];
  c->ratios = 1;
  memcpy(c->result.measured_accuracy, whole->pca_accuracy[i], sizeof whole->pca_accuracy[i]);
  iscc_status status = fit_curve(c, error);
  if (!status) status = choose_ranges(c, error);
  if (!status) status = measure_losses(c, error);
  whole->done = c->done;
  const iscc_split_calibration *split = &c->result.split[1];
  double slope, constant;
  iscc_network_device_flops(&c->model->network, 1, &slope, &constant);
  iscc_pca_calibration *out = &whole->result.pca[i];
  *out = (iscc_pca_calibration){.components = (int)c->model->network.layer[1].features,
                                .device_flops = slope + constant,
                                .server_flops = iscc_network_server_flops(&c->model->network, 1),
                                .test_accuracy = c->model->provenance.test_accuracy,
                                .arctan_a = c->result.arctan_a,
                                .arctan_b_per_w = c->result.arctan_b_per_w,
                                .arctan_rmse = c->result.arctan_rmse,
                                .concave_points = c->result.concave_points};
  memcpy(out->concave_accuracy, c->result.concave_accuracy, sizeof out->concave_accuracy);
  memcpy(out->feature_max, split->feature_max, sizeof out->feature_max);
  memcpy(out->quantization_loss, split->quantization_loss, sizeof out->quantization_loss);
  free(c);
  return status;
}

/* ---- all of it ---- */

static iscc_status measure(calibration *c, iscc_error *error) {
  double score_low = 0;
  iscc_status status = make_set(c, 0, error);
  if (!status) status = score_clean(c, &score_low, error);
  if (!status) status = measure_curve(c, error);
  if (!status) status = fit_curve(c, error);
  for (int k = 1; !status && k < SETS; k++) status = make_set(c, k, error);
  if (!status) status = choose_ranges(c, error);
  if (!status) status = measure_losses(c, error);
  if (!status) status = iscc_bound_fill(c->model, score_low, &c->result, error);
  for (int i = 0; !status && i < c->model->pca_count; i++) status = measure_pca(c, i, error);
  if (!status) c->result.pca_count = c->model->pca_count;
  return status;
}

iscc_status iscc_calibrate(const iscc_calibrate_settings *settings, iscc_model *model, iscc_error *error) {
  iscc_status status = check(settings, model, error);
  if (status) return status;
  calibration *c = calloc(1, sizeof *c);
  if (!c) return iscc_fail(error, ISCC_ENOMEM, "out of memory calibrating");
  c->settings = settings;
  c->model = model;
  c->threads = iscc_parallel_threads(settings->threads);
  c->ratios = RATIOS;
  plan_steps(c);
  status = measure(c, error);
  if (!status) {
    model->calibration = c->result;
    model->calibrated = true;
  }
  for (int k = 0; k < SETS; k++) free(c->set[k].inputs), free(c->set[k].labels);
  free(c);
  return status;
}
