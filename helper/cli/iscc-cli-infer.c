/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc infer - runs a trained network, whole or split, pruned and quantized, on one input. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-cli.h"
#include "iscc-default-model.h"
#include "iscc-motion.h"
#include "iscc-npy.h"
#include "iscc-options.h"
#include "iscc-split-network.h"

enum { OPTION_MODEL = 256, OPTION_SPLIT, OPTION_KEEP, OPTION_BITS, OPTION_SEED, OPTION_JSON };

static const struct argp_option options[] = {
    {"model", OPTION_MODEL, "FILE", 0, "trained network (default: the one that comes with the project)", 0},
    {"split", OPTION_SPLIT, "L", 0, "layers 1..L run on the device (default: all)", 0},
    {"keep", OPTION_KEEP, "P", 0, "pruning ratio p, share of the device's weights kept, (0, 1] (default 1)",
     0},
    {"bits", OPTION_BITS, "Q", 0,
     "quantize the features to Q bits, 2..16 (default: not quantized); needs --split", 0},
    {"seed", OPTION_SEED, "N", 0, "seed of the stochastic rounding (default 1)", 0},
    {"json", OPTION_JSON, NULL, 0, "print JSON", 0},
    {0}};

typedef struct {
  const char *model, *input;
  int split, bits, json; /* split -1: not given; bits 0: not quantized */
  double keep;
  uint64_t seed;
} arguments;

static error_t parse(int key, char *arg, struct argp_state *state) {
  arguments *a = state->input;
  switch (key) {
  case OPTION_MODEL:
    a->model = arg;
    break;
  case OPTION_SPLIT:
    a->split = (int)iscc_option_integer(state, "split", arg, 0, ISCC_LAYERS_MAX);
    break;
  case OPTION_KEEP:
    a->keep = iscc_option_real(state, "keep", arg, 1e-9, 1);
    break;
  case OPTION_BITS:
    a->bits = (int)iscc_option_integer(state, "bits", arg, ISCC_BITS_MIN, ISCC_BITS_MAX);
    break;
  case OPTION_SEED:
    a->seed = (uint64_t)iscc_option_integer(state, "seed", arg, 0, INT64_MAX);
    break;
  case OPTION_JSON:
    a->json = 1;
    break;
  case ARGP_KEY_ARG:
    if (a->input) iscc_option_refuse(state, "'%s': one input at a time", arg);
    a->input = arg;
    break;
  case ARGP_KEY_END:
    if (!a->input)
      iscc_option_refuse(state, "no input: name an NPY file, as 'iscc sense --stage input -o x.npy' writes");
    if (a->bits && a->split < 0)
      iscc_option_refuse(state, "--bits: needs --split, features are quantized where they are sent");
    break;
  default:
    return ARGP_ERR_UNKNOWN;
  }
  return 0;
}

typedef struct {
  float *input, *features, *scores;
  uint8_t *packed;
  double payload_bits;
} buffers;

static void release(buffers *b) {
  free(b->input);
  free(b->features);
  free(b->scores);
  free(b->packed);
}

static iscc_status reserve(const iscc_network *net, buffers *b, iscc_error *error) {
  size_t most = net->inputs;
  for (int l = 1; l <= net->layers; l++)
    if (net->layer[l].features > most) most = net->layer[l].features;
  b->input = malloc(sizeof(float) * most);
  b->features = malloc(sizeof(float) * most);
  b->scores = malloc(sizeof(float) * most);
  b->packed = malloc(2 * most + 1);
  if (b->input && b->features && b->scores && b->packed) return ISCC_OK;
  return iscc_fail(error, ISCC_ENOMEM, "out of memory");
}

/* The file's values, which must be as many as the network's inputs, real and finite. */
static iscc_status read_input(const char *path, const iscc_network *net, float *input, iscc_error *error) {
  iscc_npy array;
  iscc_status status = iscc_npy_read(path, &array, error);
  if (status) return status;
  if (array.type != ISCC_NPY_F32 && array.type != ISCC_NPY_F64)
    status = iscc_fail(error, ISCC_EFORMAT, "%s: holds complex numbers, real ones are needed", path);
  else if (iscc_npy_count(&array) != net->inputs)
    status = iscc_fail(error, ISCC_EFORMAT, "%s: holds %zu values, the network takes %d x %d x %d = %zu",
                       path, iscc_npy_count(&array), net->channels, net->rows, net->columns, net->inputs);
  for (size_t i = 0; i < net->inputs && !status; i++) {
    input[i] = array.type == ISCC_NPY_F32 ? ((float *)array.data)[i] : (float)((double *)array.data)[i];
    if (!isfinite(input[i])) status = iscc_fail(error, ISCC_EFORMAT, "%s: value %zu is not finite", path, i);
  }
  iscc_npy_release(&array);
  return status;
}

/* Quantizes the features, packs them, and unpacks what the server would receive. */
static iscc_status send(const arguments *a, const iscc_model *model, buffers *b, iscc_error *error) {
  const int split = a->split;
  const size_t n = split ? model->network.layer[split].features : model->network.inputs;
  iscc_random rounding;
  if (!model->calibrated)
    return iscc_fail(error, ISCC_EFORMAT,
                     "the model is not calibrated: it has no quantizer range; train it with 'iscc train'");
  const iscc_quantizer q = {.bits = a->bits,
                            .feature_max = model->calibration.split[split].feature_max[a->bits]};
  iscc_random_seed(&rounding, a->seed, 0, 0, ISCC_STREAM_QUANTIZATION);
  iscc_status status = iscc_quantizer_encode(&q, b->features, n, &rounding, b->packed, NULL, error);
  if (!status)
    status = iscc_quantizer_decode(&q, b->packed, iscc_quantizer_bytes(&q, n), b->features, n, error);
  b->payload_bits = (double)n * a->bits;
  return status;
}

static iscc_status run(const arguments *a, const iscc_model *model, buffers *b, iscc_error *error) {
  const int layers = model->network.layers, split = a->split < 0 ? layers : a->split;
  iscc_split_network *net = NULL;
  if (split > layers)
    return iscc_fail(error, ISCC_EINVAL, "--split: %d is outside 0..%d, the model's layers", split, layers);
  iscc_status status = reserve(&model->network, b, error);
  if (!status) status = read_input(a->input, &model->network, b->input, error);
  if (!status) status = iscc_split_network_create(model, &net, error);
  if (!status) status = iscc_split_network_device(net, split, a->keep, b->input, b->features, error);
  if (!status && a->bits && split < layers) status = send(a, model, b, error);
  if (!status) status = iscc_split_network_server(net, split, b->features, b->scores, error);
  iscc_split_network_destroy(net);
  return status;
}

static void print_result(const arguments *a, const iscc_model *model, const buffers *b) {
  const int classes = model->network.classes, winner = iscc_scores_class(b->scores, classes);
  const char *name = iscc_motion_name((iscc_motion)winner);
  if (a->json) {
    printf("{\"scores\": [");
    for (int i = 0; i < classes; i++) printf("%s%.9g", i ? ", " : "", (double)b->scores[i]);
    printf("], \"class\": \"%s\", \"payload_bits\": %.0f}\n", name ? name : "", b->payload_bits);
    return;
  }
  for (int i = 0; i < classes; i++) {
    const char *label = iscc_motion_name((iscc_motion)i);
    printf("%-12s %12.5f%s\n", label ? label : "", (double)b->scores[i], i == winner ? "  <- class" : "");
  }
  printf("%-12s %12.0f bits\n", "payload", b->payload_bits);
}

int iscc_cli_infer(int argc, char **argv) {
  static const struct argp argp = {
      .options = options,
      .parser = parse,
      .args_doc = "FILE.npy",
      .doc = "Runs a trained network on one input; with --split, --keep and --bits as the "
             "edge node and the server would share it."};
  arguments a = {.split = -1, .keep = 1, .seed = 1};
  char path[4096];
  iscc_error error = {""};
  iscc_model *model = NULL;
  buffers b = {0};
  iscc_status status = ISCC_OK;
  iscc_options_parse(&argp, argc, argv, 0, &a);
  if (a.model)
    snprintf(path, sizeof path, "%s", a.model);
  else
    status = iscc_default_model_path(path, sizeof path, &error);
  if (!status) status = iscc_model_read(path, &model, &error);
  if (!status) status = run(&a, model, &b, &error);
  if (!status) print_result(&a, model, &b);
  release(&b);
  iscc_model_destroy(model);
  return status ? iscc_report_failure(argv[0], status, &error) : 0;
}
