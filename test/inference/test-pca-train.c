/* SPDX-License-Identifier: GPL-2.0-only */
/* Classifiers on principal components: trained on blobs that a few components tell apart, assembled behind
 * their projection. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-pca-train.h"
#include "iscc-random.h"
#include "iscc-split-network.h"

enum { CHANNELS = 2, ROWS = 6, SIZE = CHANNELS * ROWS * ROWS, CLASSES = 3, SAMPLES = 240 };

static float inputs[SAMPLES * SIZE];
static uint8_t labels[SAMPLES];
static iscc_error error;

/* A centre for each class, in three directions, and noise in all. */
static void draw(void) {
  iscc_random r;
  iscc_random_seed(&r, 31, 0, 0, ISCC_STREAM_TEST);
  double centre[CLASSES][SIZE];
  for (int c = 0; c < CLASSES; c++)
    for (int j = 0; j < SIZE; j++) centre[c][j] = 0.05 * iscc_random_normal(&r);
  for (int i = 0; i < SAMPLES; i++) {
    labels[i] = (uint8_t)(i % CLASSES);
    for (int j = 0; j < SIZE; j++)
      inputs[i * SIZE + j] = (float)(0.1 + centre[labels[i]][j] + 0.01 * iscc_random_normal(&r));
  }
}

static iscc_model *create(void) {
  iscc_network net = {.channels = CHANNELS, .rows = ROWS, .columns = ROWS, .layers = 1};
  net.layer[1] = (iscc_layer){.kind = ISCC_LAYER_DENSE, .name = "fc1", .units = CLASSES};
  iscc_model *model;
  ck_assert_int_eq(iscc_network_shape(&net, &error), ISCC_OK);
  ck_assert_int_eq(iscc_model_create(&net, &model, &error), ISCC_OK);
  return model;
}

static iscc_status train(const int *components, int count, int threads, iscc_model *model) {
  iscc_trainer_settings settings = {.seed = 1, .epochs = 8, .batch = 16, .threads = threads, .input_gain = 1};
  iscc_adamw_defaults(&settings.optimizer);
  const iscc_samples training = {inputs, labels, 180}, validation = {inputs + 180 * SIZE, labels + 180, 0},
                     test = {inputs + 180 * SIZE, labels + 180, 60};
  return iscc_pca_train(components, count, &settings, &training, &validation, &test, model, &error);
}

START_TEST(a_few_components_tell_the_classes_apart) {
  static const int components[] = {1, 4};
  draw();
  iscc_model *model = create();
  ck_assert_msg(train(components, 2, 1, model) == ISCC_OK, "%s", error.text);
  ck_assert_int_eq(model->pca_count, 2);
  ck_assert_double_ge(model->pca[1]->provenance.test_accuracy, 0.98);
  for (int m = 0; m < 2; m++) {
    ck_assert_uint_eq(model->pca[m]->network.layer[1].features, (size_t)components[m]);
    ck_assert_uint_eq(model->pca[m]->network.inputs, SIZE);
    /* the assembled network on the raw inputs is as good as the classifier on its components was */
    iscc_split_network *net;
    ck_assert_int_eq(iscc_split_network_create(model->pca[m], &net, &error), ISCC_OK);
    int right = 0;
    for (int i = 180; i < SAMPLES; i++) {
      float scores[CLASSES];
      ck_assert_int_eq(iscc_split_network_server(net, 0, inputs + i * SIZE, scores, &error), ISCC_OK);
      right += iscc_scores_class(scores, CLASSES) == labels[i];
    }
    ck_assert_double_eq_tol(right / 60.0, model->pca[m]->provenance.test_accuracy, 1e-12);
    iscc_split_network_destroy(net);
  }
  iscc_model_destroy(model);
}
END_TEST

START_TEST(threads_change_no_bit) {
  static const int components[] = {3};
  draw();
  iscc_model *one = create(), *three = create();
  ck_assert_int_eq(train(components, 1, 1, one), ISCC_OK);
  ck_assert_int_eq(train(components, 1, 3, three), ISCC_OK);
  for (int l = 1; l <= one->pca[0]->network.layers; l++) {
    const size_t weights = one->pca[0]->network.layer[l].weights;
    if (weights) ck_assert_mem_eq(one->pca[0]->weight[l], three->pca[0]->weight[l], weights * sizeof(float));
  }
  iscc_model_destroy(one);
  iscc_model_destroy(three);
}
END_TEST

START_TEST(wrong_numbers_of_components_are_refused) {
  static const int wrong[][2] = {{0, 4}, {4, 4}, {4, 180}, {4, 73}};
  draw();
  for (int i = 0; i < 4; i++) {
    iscc_model *model = create();
    ck_assert_int_eq(train(wrong[i], 2, 1, model), ISCC_EINVAL);
    ck_assert_ptr_nonnull(strstr(error.text, "principal components"));
    ck_assert_int_eq(model->pca_count, 0);
    iscc_model_destroy(model);
  }
}
END_TEST

Suite *iscc_suite_pca_train(void);
Suite *iscc_suite_pca_train(void) {
  Suite *s = suite_create("inference: pca train");
  TCase *t = tcase_create("pca train");
  tcase_add_test(t, a_few_components_tell_the_classes_apart);
  tcase_add_test(t, threads_change_no_bit);
  tcase_add_test(t, wrong_numbers_of_components_are_refused);
  suite_add_tcase(s, t);
  return s;
}
