/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-sweep.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-engine.h"
#include "iscc-prune.h"
#include "iscc-quantizer.h"
#include "iscc-split-network.h"

enum { BLOCK = 20 }; /* samples of one piece of work: one batch of the engines */

typedef struct { /* of one thread; features and bytes hold a block of the widest layer */
  iscc_engine *device, *server;
  float *input, *before, *after, *decoded, *scores, *pruned;
  uint8_t *bytes;
} worker;

typedef struct {
  const iscc_sweep *sweep;
  iscc_pruner *pruner[ISCC_LAYERS_MAX + 1];
  worker *workers;
  int threads;
  size_t widest, blocks;
  /* results by piece, so that their sum does not depend on which thread did what */
  int *correct;    /* pieces x (L+1) x widths */
  double *largest; /* blocks x (L+1), or NULL */
  size_t *beyond;  /* blocks x (L+1) x widths: features clipped at the first ratio */
} context;

static size_t block_count(const iscc_sweep *sweep) {
  return (sweep->samples + BLOCK - 1) / BLOCK;
}

size_t iscc_sweep_pieces(const iscc_sweep *sweep) {
  return block_count(sweep) * (size_t)sweep->ratios;
}

/* ---- set-up ---- */

static void free_worker(worker *w) {
  iscc_engine_destroy(w->device);
  iscc_engine_destroy(w->server);
  free(w->input), free(w->before), free(w->after), free(w->decoded), free(w->scores), free(w->pruned);
  free(w->bytes);
}

static iscc_status fill_worker(const context *c, worker *w, iscc_error *error) {
  const iscc_model *model = c->sweep->model;
  iscc_status status = iscc_engine_create(&model->network, BLOCK, false, &w->device, error);
  if (!status) status = iscc_engine_create(&model->network, BLOCK, false, &w->server, error);
  size_t most = 1;
  for (int l = 1; !status && l <= model->network.layers; l++) {
    if (!model->weight[l]) continue;
    if (model->network.layer[l].weights > most) most = model->network.layer[l].weights;
    status = iscc_engine_set_weights(w->device, l, model->weight[l], model->bias[l], error);
    if (!status) status = iscc_engine_set_weights(w->server, l, model->weight[l], model->bias[l], error);
  }
  if (status) return status;
  const size_t values = BLOCK * c->widest;
  w->input = calloc(BLOCK * model->network.inputs, sizeof *w->input);
  w->before = calloc(values, sizeof *w->before);
  w->after = calloc(values, sizeof *w->after);
  w->decoded = calloc(values, sizeof *w->decoded);
  w->scores = calloc(BLOCK * (size_t)model->network.classes, sizeof *w->scores);
  w->pruned = calloc(most, sizeof *w->pruned);
  w->bytes = calloc(values, ISCC_BITS_MAX / 8);
  if (w->input && w->before && w->after && w->decoded && w->scores && w->pruned && w->bytes) return ISCC_OK;
  return iscc_fail(error, ISCC_ENOMEM, "out of memory preparing a sweep");
}

static void tear_down(context *c) {
  for (int l = 1; l <= ISCC_LAYERS_MAX; l++) iscc_pruner_destroy(c->pruner[l]);
  for (int t = 0; c->workers && t < c->threads; t++) free_worker(&c->workers[t]);
  free(c->workers), free(c->correct), free(c->largest), free(c->beyond);
}

static iscc_status set_up(context *c, const iscc_sweep *sweep, iscc_error *error) {
  const iscc_network *network = &sweep->model->network;
  *c = (context){.sweep = sweep, .threads = sweep->threads, .blocks = block_count(sweep)};
  iscc_status status = ISCC_OK;
  for (int l = 0; l <= network->layers; l++)
    if (network->layer[l].features > c->widest) c->widest = network->layer[l].features;
  for (int l = 1; !status && l <= network->layers; l++)
    if (network->layer[l].weights)
      status = iscc_pruner_create(sweep->model->weight[l], network->layer[l].weights, &c->pruner[l], error);
  if (status) return status;
  const size_t splits = (size_t)network->layers + 1;
  c->workers = calloc((size_t)c->threads, sizeof *c->workers);
  c->largest = calloc(c->blocks * splits, sizeof *c->largest);
  c->beyond = calloc(c->blocks * splits * (size_t)sweep->widths, sizeof *c->beyond);
  c->correct = calloc(iscc_sweep_pieces(sweep) * splits * (size_t)sweep->widths + 1, sizeof *c->correct);
  if (!c->workers || !c->largest || !c->beyond || !c->correct)
    return iscc_fail(error, ISCC_ENOMEM, "out of memory preparing a sweep");
  for (int t = 0; !status && t < c->threads; t++) status = fill_worker(c, &c->workers[t], error);
  return status;
}

/* ---- one piece ---- */

static size_t samples_in(const iscc_sweep *sweep, size_t block) {
  const size_t left = sweep->samples - block * BLOCK;
  return left < BLOCK ? left : BLOCK;
}

/* The block's inputs; a short last block keeps zeros, or leftovers, behind its samples, which nobody counts.
 */
static void take_block(const context *c, worker *w, size_t block) {
  const size_t inputs = c->sweep->model->network.inputs;
  memcpy(w->input, c->sweep->inputs + block * BLOCK * inputs,
         samples_in(c->sweep, block) * inputs * sizeof *w->input);
}

static iscc_status prune_device(const context *c, worker *w, double keep_ratio, iscc_error *error) {
  iscc_status status = ISCC_OK;
  for (int l = 1; !status && l <= c->sweep->model->network.layers; l++) {
    if (!c->pruner[l]) continue;
    iscc_pruner_apply(c->pruner[l], iscc_prune_kept(c->sweep->model->network.layer[l].weights, keep_ratio),
                      w->pruned);
    status = iscc_engine_set_weights(w->device, l, w->pruned, NULL, error);
  }
  return status;
}

/* Features through the wire and back, each piece, split and width with a stream of its own. */
static iscc_status transmit(const context *c, worker *w, size_t piece, int split, int bits, size_t values,
                            size_t *beyond, iscc_error *error) {
  const iscc_quantizer q = {.bits = bits, .feature_max = c->sweep->feature_max[split][bits]};
  iscc_random rounding;
  iscc_random_seed_at(&rounding, c->sweep->seed, piece, (uint64_t)split, ISCC_STREAM_QUANTIZATION,
                      (uint64_t)bits);
  const iscc_status status = iscc_quantizer_encode(&q, w->before, values, &rounding, w->bytes, beyond, error);
  if (status) return status;
  return iscc_quantizer_decode(&q, w->bytes, iscc_quantizer_bytes(&q, values), w->decoded, values, error);
}

/* Finishes the network on w->before, the features of a split, at every width. */
static iscc_status finish(const context *c, worker *w, size_t piece, int split, iscc_error *error) {
  const iscc_sweep *sweep = c->sweep;
  const iscc_network *network = &sweep->model->network;
  const size_t block = piece % c->blocks, n = samples_in(sweep, block);
  const size_t splits = (size_t)network->layers + 1;
  int *correct = &c->correct[(piece * splits + (size_t)split) * (size_t)sweep->widths];
  size_t *beyond = &c->beyond[(block * splits + (size_t)split) * (size_t)sweep->widths];
  for (int k = 0; k < sweep->widths; k++) {
    const float *features = w->before, *scores = w->before;
    iscc_status status = ISCC_OK;
    if (sweep->bits[k] != ISCC_SWEEP_UNQUANTIZED && split < network->layers) {
      status = transmit(c, w, piece, split, sweep->bits[k], n * network->layer[split].features,
                        piece < c->blocks ? &beyond[k] : NULL, error);
      features = w->decoded;
    }
    if (!status && split < network->layers) {
      status = iscc_engine_forward(w->server, split + 1, network->layers, features, w->scores, error);
      scores = w->scores;
    }
    if (status) return status;
    for (size_t i = 0; i < n; i++)
      correct[k] += iscc_scores_class(scores + i * (size_t)network->classes, network->classes) ==
                    sweep->labels[block * BLOCK + i];
  }
  return ISCC_OK;
}

/* Advances w->before from the features of layer l-1 to those of layer l. */
static iscc_status advance(worker *w, int l, iscc_error *error) {
  const iscc_status status = iscc_engine_forward(w->device, l, l, w->before, w->after, error);
  float *const swap = w->before;
  w->before = w->after, w->after = swap;
  return status;
}

static bool is_wanted(const iscc_sweep *sweep, int split) {
  if (!sweep->split) return true;
  for (int i = 0; i < sweep->splits; i++)
    if (sweep->split[i] == split) return true;
  return false;
}

static iscc_status count_piece(void *ctx, int thread, size_t piece, iscc_error *error) {
  const context *c = ctx;
  worker *w = &c->workers[thread];
  const iscc_network *network = &c->sweep->model->network;
  take_block(c, w, piece % c->blocks);
  memcpy(w->before, w->input, BLOCK * network->inputs * sizeof *w->before);
  iscc_status status = prune_device(c, w, c->sweep->keep_ratio[piece / c->blocks], error);
  for (int l = 0; !status && l <= network->layers; l++) {
    if (l) status = advance(w, l, error);
    if (!status && is_wanted(c->sweep, l)) status = finish(c, w, piece, l, error);
  }
  return status;
}

static iscc_status range_piece(void *ctx, int thread, size_t block, iscc_error *error) {
  const context *c = ctx;
  worker *w = &c->workers[thread];
  const iscc_network *network = &c->sweep->model->network;
  take_block(c, w, block);
  memcpy(w->before, w->input, BLOCK * network->inputs * sizeof *w->before);
  iscc_status status = ISCC_OK;
  for (int l = 0; !status && l <= network->layers; l++) {
    if (l) status = advance(w, l, error);
    double *largest = &c->largest[block * ((size_t)network->layers + 1) + (size_t)l];
    const size_t values = samples_in(c->sweep, block) * network->layer[l].features;
    for (size_t i = 0; i < values; i++) *largest = fmax(*largest, fabs((double)w->before[i]));
  }
  return status;
}

/* ---- the calls ---- */

static bool pass_progress(void *ctx, size_t done) {
  const context *c = ctx;
  return c->sweep->progress(c->sweep->progress_ctx, done);
}

static iscc_status check(const iscc_sweep *sweep, iscc_error *error) {
  if (sweep->samples < 1 || sweep->ratios < 1 || sweep->widths < 1)
    return iscc_fail(error, ISCC_EINVAL, "sweep: samples, ratios and widths must be at least 1");
  if (sweep->threads < 1 || sweep->threads > ISCC_THREADS_MAX)
    return iscc_fail(error, ISCC_EINVAL, "sweep threads: %d is outside 1..%d", sweep->threads,
                     ISCC_THREADS_MAX);
  for (int r = 0; r < sweep->ratios; r++)
    if (!(sweep->keep_ratio[r] > 0 && sweep->keep_ratio[r] <= 1))
      return iscc_fail(error, ISCC_EINVAL, "keep ratio: %g is outside (0, 1]", sweep->keep_ratio[r]);
  return ISCC_OK;
}

iscc_status iscc_sweep_run(const iscc_sweep *sweep, int *correct, double *clipped, iscc_error *error) {
  context c;
  iscc_status status = check(sweep, error);
  if (status) return status;
  status = set_up(&c, sweep, error);
  if (!status)
    status = iscc_parallel_for(c.threads, iscc_sweep_pieces(sweep), count_piece,
                               sweep->progress ? pass_progress : NULL, &c, error);
  if (!status) {
    const size_t splits = (size_t)sweep->model->network.layers + 1, row = splits * (size_t)sweep->widths;
    memset(correct, 0, (size_t)sweep->ratios * row * sizeof *correct);
    for (size_t piece = 0; piece < iscc_sweep_pieces(sweep); piece++)
      for (size_t k = 0; k < row; k++) correct[piece / c.blocks * row + k] += c.correct[piece * row + k];
    for (size_t k = 0; clipped && k < row; k++) {
      const size_t features = sweep->model->network.layer[k / (size_t)sweep->widths].features;
      double beyond = 0;
      for (size_t block = 0; block < c.blocks; block++) beyond += (double)c.beyond[block * row + k];
      clipped[k] = beyond / ((double)sweep->samples * (double)features);
    }
  }
  tear_down(&c);
  return status;
}

iscc_status iscc_sweep_ranges(const iscc_sweep *sweep, double *largest, iscc_error *error) {
  static const double whole[] = {1};
  static const int width[] = {ISCC_SWEEP_UNQUANTIZED};
  const iscc_sweep plain = {.model = sweep->model,
                            .inputs = sweep->inputs,
                            .labels = sweep->labels,
                            .samples = sweep->samples,
                            .keep_ratio = whole,
                            .ratios = 1,
                            .bits = width,
                            .widths = 1,
                            .threads = sweep->threads};
  context c;
  iscc_status status = check(&plain, error);
  if (status) return status;
  status = set_up(&c, &plain, error);
  if (!status) status = iscc_parallel_for(c.threads, c.blocks, range_piece, NULL, &c, error);
  const size_t splits = (size_t)sweep->model->network.layers + 1;
  for (size_t l = 0; !status && l < splits; l++) {
    largest[l] = 0;
    for (size_t block = 0; block < c.blocks; block++)
      largest[l] = fmax(largest[l], c.largest[block * splits + l]);
  }
  tear_down(&c);
  return status;
}
