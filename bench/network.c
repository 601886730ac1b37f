/* SPDX-License-Identifier: GPL-2.0-only */
/* Time of the default network in one thread: forward at batch 1 and 16, forward and backward, setting
 * weights. Median and 10th to 90th percentile of repeated runs. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "iscc-engine.h"
#include "iscc-random.h"

enum { RUNS = 301, BATCH_MAX = 16 };

static iscc_network net;
static iscc_engine *engine;
static float *weight, *input, *output;

static double now_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return 1e6 * (double)t.tv_sec + 1e-3 * (double)t.tv_nsec;
}

static int compare(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void set_all_weights(void) {
  for (int l = 1; l <= net.layers; l++)
    if (net.layer[l].weights) iscc_engine_set_weights(engine, l, weight, weight, NULL);
}

static void forward(void) {
  iscc_engine_forward(engine, 1, net.layers, input, output, NULL);
}

static void forward_and_backward(void) {
  forward();
  iscc_engine_backward(engine, 1, net.layers, output, NULL, NULL);
}

static void device_half(void) {
  iscc_engine_forward(engine, 1, 6, input, output, NULL);
}

static void measure(const char *what, int batch, bool training, void (*work)(void)) {
  iscc_error error = {.text = ""};
  if (iscc_engine_create(&net, batch, training, &engine, &error)) {
    fprintf(stderr, "%s\n", error.text);
    exit(EXIT_FAILURE);
  }
  set_all_weights();
  double us[RUNS];
  work();
  for (int i = 0; i < RUNS; i++) {
    const double start = now_us();
    work();
    us[i] = (now_us() - start) / batch;
  }
  qsort(us, RUNS, sizeof *us, compare);
  printf("%-32s batch %2d  %8.1f us per sample  (%.1f .. %.1f)\n", what, batch, us[RUNS / 2], us[RUNS / 10],
         us[RUNS * 9 / 10]);
  iscc_engine_destroy(engine);
}

int main(void) {
  iscc_network_default(&net);
  iscc_random r;
  iscc_random_seed(&r, 1, 0, 0, ISCC_STREAM_TEST);
  weight = malloc(94080 * sizeof *weight);
  input = malloc(BATCH_MAX * net.inputs * sizeof *input);
  output = malloc(BATCH_MAX * net.layer[1].features * sizeof *output);
  if (!weight || !input || !output) return EXIT_FAILURE;
  iscc_random_fill_normal(&r, 0.05F, weight, 94080);
  iscc_random_fill_normal(&r, 1.0F, input, BATCH_MAX * net.inputs);
  measure("whole network", 1, false, forward);
  measure("layers 1 to 6", 1, false, device_half);
  measure("whole network", BATCH_MAX, false, forward);
  measure("forward and backward", BATCH_MAX, true, forward_and_backward);
  measure("setting all weights", 1, false, set_all_weights);
  free(weight);
  free(input);
  free(output);
  return EXIT_SUCCESS;
}
