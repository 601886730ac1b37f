/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "iscc-engine.h"
#include "iscc-optimizer.h"
#include "iscc-random.h"
#include "iscc-trainer.h"
#include "reference-network.h"

enum { SIDE = 8, INPUTS = SIDE * SIDE, CLASSES = 3, SAMPLES = 150, WEIGHTS_MAX = 4096 };

static iscc_network net;
static float input[2 * SAMPLES * INPUTS];
static uint8_t label[2 * SAMPLES];
static const iscc_samples training = {input, label, SAMPLES};
static const iscc_samples validation = {input + SAMPLES * INPUTS, label + SAMPLES, SAMPLES};
static const iscc_samples nothing = {NULL, NULL, 0};

/* A bright bar whose direction is the class: upright, level, or none; noise on top. */
static void make_samples(void) {
  iscc_random r;
  iscc_random_seed(&r, 3, 0, 0, ISCC_STREAM_TEST);
  for (size_t i = 0; i < 2 * SAMPLES; i++) {
    label[i] = (uint8_t)(i % CLASSES);
    const size_t place = (size_t)iscc_random_below(&r, SIDE);
    for (size_t y = 0; y < SIDE; y++)
      for (size_t x = 0; x < SIDE; x++) {
        const bool bright = (label[i] == 0 && x == place) || (label[i] == 1 && y == place);
        input[i * INPUTS + y * SIDE + x] =
            (float)(0.05 * ((bright ? 1.0 : 0.0) + 0.1 * iscc_random_normal(&r)));
      }
  }
}

static void make_problem(void) {
  make_samples();
  net = (iscc_network){.channels = 1,
                       .rows = SIDE,
                       .columns = SIDE,
                       .layers = 5,
                       .layer = {[1] = {.kind = ISCC_LAYER_CONV, .name = "conv", .kernel = 3, .units = 6},
                                 [2] = {.kind = ISCC_LAYER_RELU, .name = "relu"},
                                 [3] = {.kind = ISCC_LAYER_MAXPOOL, .name = "pool", .kernel = 2},
                                 [4] = {.kind = ISCC_LAYER_DENSE, .name = "fc", .units = 6},
                                 [5] = {.kind = ISCC_LAYER_DENSE, .name = "out", .units = CLASSES}}};
  ck_assert_int_eq(iscc_network_shape(&net, NULL), ISCC_OK);
}

static iscc_trainer_settings settings_of(int threads) {
  iscc_trainer_settings s = {.seed = 5, .epochs = 30, .batch = 22, .threads = threads, .input_gain = 20.0};
  iscc_adamw_defaults(&s.optimizer);
  s.optimizer.learning_rate = 0.02;
  return s;
}

static iscc_trainer *make_trainer(const iscc_trainer_settings *settings) {
  iscc_trainer *t = NULL;
  iscc_error error = {.text = ""};
  ck_assert_msg(iscc_trainer_create(&net, settings, &training, &validation, &t, &error) == ISCC_OK, "%s",
                error.text);
  return t;
}

static void run_epochs(iscc_trainer *t, int until) {
  iscc_error error = {.text = ""};
  while (iscc_trainer_epochs_done(t) < until)
    ck_assert_msg(iscc_trainer_epoch(t, &error) == ISCC_OK, "%s", error.text);
}

/* All weights and biases one after another; returns how many. */
static size_t weights_of(const iscc_trainer *t, float *out) {
  size_t n = 0;
  for (int l = 1; l <= net.layers; l++) {
    if (net.layer[l].weights == 0) continue;
    iscc_trainer_weights(t, l, out + n, out + n + net.layer[l].weights);
    n += net.layer[l].weights + (size_t)net.layer[l].units;
  }
  ck_assert_uint_le(n, WEIGHTS_MAX);
  return n;
}

static void assert_same_state(const iscc_trainer *a, const iscc_trainer *b) {
  float wa[WEIGHTS_MAX], wb[WEIGHTS_MAX];
  const size_t n = weights_of(a, wa);
  ck_assert_uint_eq(weights_of(b, wb), n);
  ck_assert_mem_eq(wa, wb, n * sizeof *wa);
  ck_assert_int_eq(iscc_trainer_epochs_done(a), iscc_trainer_epochs_done(b));
  ck_assert_mem_eq(iscc_trainer_history(a), iscc_trainer_history(b),
                   (size_t)iscc_trainer_epochs_done(a) * sizeof(iscc_epoch));
}

/* --- optimizer --- */

START_TEST(adamw_steps_are_those_of_the_definition) {
  const iscc_adamw o = {
      .learning_rate = 0.1, .weight_decay = 0.03, .beta1 = 0.9, .beta2 = 0.99, .epsilon = 1e-3};
  const float gradients[3] = {0.5F, -0.25F, 1e-3F};
  float m[2] = {0, 0}, v[2] = {0, 0}, w[2] = {2.0F, 2.0F};
  double rm = 0, rv = 0, decayed = 2.0, plain = 2.0;
  for (uint64_t t = 1; t <= 3; t++) {
    const double g = (double)gradients[t - 1];
    rm = o.beta1 * rm + (1 - o.beta1) * g;
    rv = o.beta2 * rv + (1 - o.beta2) * g * g;
    const double move =
        rm / (1 - pow(o.beta1, (double)t)) / (sqrt(rv / (1 - pow(o.beta2, (double)t))) + o.epsilon);
    decayed -= 0.1 * (move + o.weight_decay * decayed);
    plain -= 0.1 * move;
    iscc_adamw_step(&o, 0.1, t, 1, &gradients[t - 1], &m[0], &v[0], &w[0], 1);
    iscc_adamw_step(&o, 0.1, t, 0, &gradients[t - 1], &m[1], &v[1], &w[1], 1);
    ck_assert_double_eq_tol((double)w[0], decayed, 1e-6);
    ck_assert_double_eq_tol((double)w[1], plain, 1e-6);
  }
  /* By hand, first step: m/(1-beta1) = g, v/(1-beta2) = g^2, so w = 2 - 0.1 (0.5/0.501 + 0.06) = 1.8942. */
  float first = 2.0F, fm = 0, fv = 0;
  iscc_adamw_step(&o, 0.1, 1, 1, gradients, &fm, &fv, &first, 1);
  ck_assert_double_eq_tol((double)first, 1.894199601798, 1e-6);
}
END_TEST

START_TEST(one_cycle_rises_then_falls) {
  const uint64_t steps = 1001;
  ck_assert_double_eq_tol(iscc_one_cycle(2e-3, 1, steps), 2e-3 / 25, 1e-15);
  ck_assert_double_eq_tol(iscc_one_cycle(2e-3, 301, steps), 2e-3, 1e-15);
  ck_assert_double_eq_tol(iscc_one_cycle(2e-3, 151, steps), 0.5 * (2e-3 + 2e-3 / 25), 1e-12);
  ck_assert_double_eq_tol(iscc_one_cycle(2e-3, 651, steps), 0.5 * (2e-3 + 8e-9), 1e-12);
  ck_assert_double_eq_tol(iscc_one_cycle(2e-3, steps, steps), 2e-3 / 250000, 1e-15);
  for (uint64_t step = 2; step <= steps; step++)
    ck_assert((iscc_one_cycle(1.0, step, steps) > iscc_one_cycle(1.0, step - 1, steps)) == (step <= 301));
}
END_TEST

/* --- trainer --- */

/* One batch of all samples with a large epsilon, where AdamW's first step is g/(|g| + epsilon): the trainer's
 * whole way from samples to weights beside difference quotients of the reference's loss. */
START_TEST(one_step_is_adamw_on_the_gradient_of_the_mean_loss) {
  make_problem();
  iscc_trainer_settings s = settings_of(1);
  s.epochs = 1, s.batch = SAMPLES, s.input_gain = 1.0;
  s.optimizer =
      (iscc_adamw){.learning_rate = 0.5, .weight_decay = 0.1, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1.0};
  iscc_trainer *t = make_trainer(&s);
  float before[WEIGHTS_MAX], after[WEIGHTS_MAX];
  const size_t n = weights_of(t, before);
  run_epochs(t, 1);
  weights_of(t, after);
  static double w[WEIGHTS_MAX], x[SAMPLES * INPUTS];
  reference_weights weights = {.weight = {NULL}};
  bool decays[WEIGHTS_MAX];
  for (size_t i = 0; i < n; i++) w[i] = (double)before[i];
  for (size_t i = 0; i < SAMPLES * INPUTS; i++) x[i] = (double)input[i];
  for (size_t l = 1, at = 0; l <= (size_t)net.layers; l++) {
    const size_t m = net.layer[l].weights, units = (size_t)net.layer[l].units;
    if (m == 0) continue;
    weights.weight[l] = w + at, weights.bias[l] = w + at + m;
    for (size_t i = 0; i < m + units; i++) decays[at + i] = i < m;
    at += m + units;
  }
  ck_assert_double_eq_tol(iscc_trainer_history(t)[0].loss, reference_loss(&net, &weights, x, label, SAMPLES),
                          1e-6);
  for (size_t i = 0; i < n; i += 7) {
    const double kept = w[i], h = 1e-5;
    w[i] = kept + h;
    const double above = reference_loss(&net, &weights, x, label, SAMPLES);
    w[i] = kept - h;
    const double g = (above - reference_loss(&net, &weights, x, label, SAMPLES)) / (2 * h);
    w[i] = kept;
    const double want = kept - 0.5 * (g / (fabs(g) + 1.0) + (decays[i] ? 0.1 * kept : 0.0));
    ck_assert_msg(fabs((double)after[i] - want) < 1e-6, "parameter %zu: %.9g, want %.9g", i, (double)after[i],
                  want);
  }
  iscc_trainer_destroy(t);
}
END_TEST

START_TEST(training_separates_bars_it_has_not_seen) {
  make_problem();
  const iscc_trainer_settings s = settings_of(1);
  iscc_trainer *t = make_trainer(&s);
  run_epochs(t, s.epochs);
  const iscc_epoch *h = iscc_trainer_history(t);
  ck_assert_double_ge(h[s.epochs - 1].validation_accuracy, 0.95);
  ck_assert_double_lt(h[s.epochs - 1].loss, 0.2 * h[0].loss);
  int confusion[CLASSES * CLASSES];
  double accuracy;
  ck_assert_int_eq(iscc_trainer_test(t, &validation, confusion, &accuracy, NULL), ISCC_OK);
  ck_assert_double_eq(accuracy, h[s.epochs - 1].validation_accuracy);
  int all = 0, right = 0;
  for (int i = 0; i < CLASSES * CLASSES; i++)
    all += confusion[i], right += i % (CLASSES + 1) ? 0 : confusion[i];
  ck_assert_int_eq(all, SAMPLES);
  ck_assert_double_eq_tol(accuracy, (double)right / all, 1e-12);
  ck_assert_int_eq(iscc_trainer_epoch(t, NULL), ISCC_ESTATE);
  iscc_trainer_destroy(t);
}
END_TEST

START_TEST(weights_are_the_same_bits_at_any_thread_count) {
  make_problem();
  const iscc_trainer_settings one = settings_of(1), more = settings_of(_i);
  iscc_trainer *a = make_trainer(&one), *b = make_trainer(&more);
  run_epochs(a, one.epochs);
  run_epochs(b, more.epochs);
  assert_same_state(a, b);
  iscc_trainer_destroy(a);
  iscc_trainer_destroy(b);
}
END_TEST

START_TEST(seeds_differ) {
  make_problem();
  const iscc_trainer_settings s = settings_of(1);
  iscc_trainer_settings other = s;
  other.seed++;
  iscc_trainer *a = make_trainer(&s), *b = make_trainer(&other);
  float wa[WEIGHTS_MAX], wb[WEIGHTS_MAX];
  const size_t n = weights_of(a, wa);
  weights_of(b, wb);
  size_t same = 0;
  for (size_t i = 0; i < n; i++) same += memcmp(&wa[i], &wb[i], sizeof *wa) == 0;
  ck_assert_uint_le(same, n / 100);
  iscc_trainer_destroy(a);
  iscc_trainer_destroy(b);
}
END_TEST

static bool stop_at(void *ctx, uint64_t done, uint64_t total) {
  ck_assert_uint_le(done, total);
  return done < *(const uint64_t *)ctx;
}

static char state_path[64];

static void make_state_path(void) {
  strcpy(state_path, "/tmp/iscc-test-state-XXXXXX");
  const int descriptor = mkstemp(state_path);
  ck_assert_int_ge(descriptor, 0);
  close(descriptor);
}

START_TEST(an_interrupted_training_ends_in_the_same_bits) {
  make_problem();
  make_state_path();
  iscc_trainer_settings s = settings_of(2);
  iscc_trainer *whole = make_trainer(&s);
  run_epochs(whole, s.epochs);
  uint64_t last_step = 3 * ((SAMPLES + 21) / 22) + 2; /* in the fourth epoch */
  s.progress = stop_at, s.progress_ctx = &last_step;
  iscc_trainer *cut = make_trainer(&s);
  for (int e = 0; e < 3; e++) {
    ck_assert_int_eq(iscc_trainer_epoch(cut, NULL), ISCC_OK);
    ck_assert_int_eq(iscc_trainer_save(cut, state_path, "key", NULL), ISCC_OK);
  }
  ck_assert_int_eq(iscc_trainer_epoch(cut, NULL), ISCC_EINTR);
  iscc_trainer_destroy(cut);
  s.progress = NULL;
  iscc_trainer *resumed = make_trainer(&s);
  ck_assert(!iscc_trainer_load(resumed, state_path, "another key"));
  ck_assert_int_eq(iscc_trainer_epochs_done(resumed), 0);
  ck_assert(iscc_trainer_load(resumed, state_path, "key"));
  ck_assert_int_eq(iscc_trainer_epochs_done(resumed), 3);
  run_epochs(resumed, s.epochs);
  assert_same_state(whole, resumed);
  iscc_trainer_destroy(whole);
  iscc_trainer_destroy(resumed);
  unlink(state_path);
}
END_TEST

START_TEST(a_damaged_state_is_not_taken) {
  make_problem();
  make_state_path();
  const iscc_trainer_settings s = settings_of(1);
  iscc_trainer *t = make_trainer(&s), *fresh = make_trainer(&s);
  run_epochs(t, 1);
  ck_assert_int_eq(iscc_trainer_save(t, state_path, "key", NULL), ISCC_OK);
  FILE *file = fopen(state_path, "r+b");
  fseek(file, 700, SEEK_SET);
  const int byte = fgetc(file);
  fseek(file, 700, SEEK_SET);
  fputc(byte ^ 1, file);
  fclose(file);
  iscc_trainer *spoilt = make_trainer(&s);
  ck_assert(!iscc_trainer_load(spoilt, state_path, "key"));
  assert_same_state(spoilt, fresh);
  ck_assert_int_eq(iscc_trainer_save(t, state_path, "key", NULL), ISCC_OK);
  ck_assert_int_eq(truncate(state_path, 900), 0);
  ck_assert(!iscc_trainer_load(spoilt, state_path, "key"));
  ck_assert(!iscc_trainer_load(spoilt, "/nonexistent/state", "key"));
  ck_assert_int_eq(iscc_trainer_save(t, "/nonexistent/state", "key", NULL), ISCC_EIO);
  assert_same_state(spoilt, fresh);
  iscc_trainer_destroy(t);
  iscc_trainer_destroy(fresh);
  iscc_trainer_destroy(spoilt);
  unlink(state_path);
}
END_TEST

/* The weights handed out must work on inputs without the gain. */
START_TEST(the_input_gain_is_folded_into_the_first_layer) {
  make_problem();
  const iscc_trainer_settings s = settings_of(1);
  iscc_trainer *t = make_trainer(&s);
  run_epochs(t, s.epochs); /* far from one class for all */
  iscc_engine *engine;
  ck_assert_int_eq(iscc_engine_create(&net, SAMPLES, false, &engine, NULL), ISCC_OK);
  for (int l = 1; l <= net.layers; l++) {
    float weight[WEIGHTS_MAX], bias[WEIGHTS_MAX];
    if (net.layer[l].weights == 0) continue;
    iscc_trainer_weights(t, l, weight, bias);
    ck_assert_int_eq(iscc_engine_set_weights(engine, l, weight, bias, NULL), ISCC_OK);
  }
  float scores[SAMPLES * CLASSES];
  ck_assert_int_eq(iscc_engine_forward(engine, 1, net.layers, validation.input, scores, NULL), ISCC_OK);
  int confusion[CLASSES * CLASSES] = {0}, counted[CLASSES * CLASSES] = {0};
  double accuracy;
  ck_assert_int_eq(iscc_trainer_test(t, &validation, confusion, &accuracy, NULL), ISCC_OK);
  for (size_t i = 0; i < SAMPLES; i++) {
    const float *score = scores + i * CLASSES;
    int best = 0;
    for (int j = 1; j < CLASSES; j++)
      if (score[j] > score[best]) best = j;
    counted[validation.label[i] * CLASSES + best]++;
  }
  ck_assert_mem_eq(confusion, counted, sizeof counted);
  iscc_engine_destroy(engine);
  iscc_trainer_destroy(t);
}
END_TEST

static const char *const refused[] = {"epochs",        "batch",        "threads", "gain",
                                      "learning rate", "weight decay", "betas"};

static void spoil(iscc_trainer_settings *s, int row) {
  if (row == 0) s->epochs = 0;
  if (row == 1) s->batch = ISCC_TRAINER_BATCH_MAX + 1;
  if (row == 2) s->threads = 0;
  if (row == 3) s->input_gain = (double)NAN;
  if (row == 4) s->optimizer.learning_rate = (double)NAN;
  if (row == 5) s->optimizer.weight_decay = -1.0;
  if (row == 6) s->optimizer.beta1 = 1.0;
}

START_TEST(settings_out_of_range_are_refused_by_name) {
  make_problem();
  iscc_trainer_settings s = settings_of(1);
  spoil(&s, _i);
  iscc_trainer *t = (iscc_trainer *)&net;
  iscc_error error = {.text = ""};
  ck_assert_int_eq(iscc_trainer_create(&net, &s, &training, &nothing, &t, &error), ISCC_EINVAL);
  ck_assert_ptr_null(t);
  ck_assert_msg(strstr(error.text, refused[_i]) != NULL, "text: %s", error.text);
}
END_TEST

START_TEST(a_class_that_is_none_is_refused) {
  make_problem();
  label[17] = CLASSES;
  iscc_trainer *t;
  const iscc_trainer_settings s = settings_of(1);
  iscc_error error;
  ck_assert_int_eq(iscc_trainer_create(&net, &s, &training, &nothing, &t, &error), ISCC_EINVAL);
  ck_assert_ptr_nonnull(strstr(error.text, "sample 17"));
}
END_TEST

Suite *iscc_suite_train(void);
Suite *iscc_suite_train(void) {
  Suite *s = suite_create("inference: train");
  TCase *t = tcase_create("train");
  tcase_set_timeout(t, 60);
  tcase_add_test(t, adamw_steps_are_those_of_the_definition);
  tcase_add_test(t, one_cycle_rises_then_falls);
  tcase_add_test(t, one_step_is_adamw_on_the_gradient_of_the_mean_loss);
  tcase_add_test(t, training_separates_bars_it_has_not_seen);
  tcase_add_loop_test(t, weights_are_the_same_bits_at_any_thread_count, 1, 6);
  tcase_add_test(t, seeds_differ);
  tcase_add_test(t, an_interrupted_training_ends_in_the_same_bits);
  tcase_add_test(t, a_damaged_state_is_not_taken);
  tcase_add_test(t, the_input_gain_is_folded_into_the_first_layer);
  tcase_add_loop_test(t, settings_out_of_range_are_refused_by_name, 0,
                      (int)(sizeof refused / sizeof *refused));
  tcase_add_test(t, a_class_that_is_none_is_refused);
  suite_add_tcase(s, t);
  return s;
}
